//! Asking for what is missing, where somebody sits at a terminal.

use std::io::{BufRead, IsTerminal as _};

use mandatum::diagnostic::suggestion;

use super::super::output;

/// Whether there is somebody to ask.
pub(super) fn somebody() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks at the terminal. `None`: the input ended.
pub(super) fn ask(what: &str, choices: &[&str], usual: Option<&str>) -> Option<String> {
    answer(&mut std::io::stdin().lock(), &mut output::complain, what, choices, usual)
}

/// At most so many choices are listed.
const LISTED: usize = 24;

/// Asks until the answer is one of the choices; without choices, until it is not empty. An empty answer takes the usual.
fn answer(
    input: &mut dyn BufRead,
    say: &mut dyn FnMut(&str),
    what: &str,
    choices: &[&str],
    usual: Option<&str>,
) -> Option<String> {
    if (1..=LISTED).contains(&choices.len()) {
        say(&format!("  one of: {}\n", choices.join(", ")));
    }
    loop {
        let offered = usual.map(|usual| format!(" [{usual}]")).unwrap_or_default();
        say(&format!("{what}{offered}: "));
        let mut line = String::new();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match (line.trim(), usual) {
            ("", Some(usual)) => return Some(usual.to_owned()),
            ("", None) => {}
            (text, _) if choices.is_empty() || choices.contains(&text) => return Some(text.to_owned()),
            (text, _) => {
                let help = suggestion(text, choices.iter().copied()).map(|help| format!("; {help}"));
                say(&format!("  `{text}` is none of them{}\n", help.unwrap_or_default()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(input: &str, choices: &[&str], usual: Option<&str>) -> (Option<String>, String) {
        let mut said = String::new();
        let found = answer(&mut input.as_bytes(), &mut |text| said.push_str(text), "source", choices, usual);
        (found, said)
    }

    #[test]
    fn an_answer_is_one_of_the_choices_or_asked_again() {
        let (found, said) = told("chartre\n\ncharter\n", &["charter", "paper"], None);
        assert_eq!(found.as_deref(), Some("charter"));
        assert!(said.contains("one of: charter, paper"), "{said}");
        assert!(said.contains("did you mean `charter`?"), "{said}");
        assert_eq!(said.matches("source: ").count(), 3, "{said}");
    }

    #[test]
    fn an_empty_answer_takes_the_usual_and_the_end_of_input_ends_the_asking() {
        assert_eq!(told("\n", &["a"], Some("a")).0.as_deref(), Some("a"));
        assert_eq!(told("", &["a"], Some("a")).0, None);
        assert_eq!(told("p. 12\n", &[], None).0.as_deref(), Some("p. 12"));
    }
}
