//! What stands between the brackets of a word, and calculations that are none: ids, dates and names without quotes.

use rhai::{FnCallExpr, Position};

use super::check::Walker;
use super::kinds::wanted;
use super::syntax::instead;
use crate::ask::vocabulary::{Takes, Word, word};
use crate::diagnostic::{Diagnostic, Place, suggestion};
use crate::world::kind_of;

impl Walker<'_, '_> {
    /// Signs that calculate: mostly a hyphen or a date that wants quotes.
    pub(super) fn operator(&mut self, call: &FnCallExpr, position: Position) {
        let name = call.name.as_str();
        if name == "-" && call.args.len() == 2 {
            let place = self.places.of(position);
            let text = self.places.text;
            let part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '–' | '—' | '‑');
            let start = text.get(..place.start).unwrap_or_default().trim_end_matches(part).len();
            let rest = text.get(place.start..).unwrap_or_default();
            let end = place.start + rest.find(|letter| !part(letter)).unwrap_or(rest.len());
            let whole = text.get(start..end).unwrap_or_default();
            let whole_place = self.places.range(start..end);
            if start < place.start && end > place.end {
                // Its parts are no names of their own.
                for column in 0..whole.chars().count() {
                    self.reported.insert(self.places.at(whole_place.line, whole_place.column + column));
                }
                let problem = if whole.starts_with(|letter: char| letter.is_ascii_digit()) {
                    Diagnostic::error("bad-date", "a date stands in quotes", whole_place, "read as a subtraction")
                        .help(format!("write \"{whole}\""))
                } else if word(&whole.replace('-', "_")).is_some() {
                    let message = format!("`{whole}` is no question");
                    Diagnostic::error("unknown-function", message, whole_place, "read as a subtraction")
                        .help(format!("did you mean `{}`?", whole.replace('-', "_")))
                } else {
                    Diagnostic::error(
                        "quotes",
                        format!("`{whole}` stands without quotes"),
                        whole_place,
                        "read as a subtraction",
                    )
                    .help(format!("write \"{}\"", whole.replace(['–', '—', '‑'], "-")))
                };
                if self.reported.insert(self.places.range(start..end)) {
                    self.problems.push(problem);
                }
                return;
            }
        }
        // Already told as part of a larger one.
        self.beyond(&format!("`{name}`"), position, &instead(name));
    }

    pub(super) fn argument(&mut self, name: &str, takes: Takes, text: &str, position: Position) {
        if takes.accepts(self.world, text) {
            return;
        }
        if text.trim().is_empty() {
            let (message, help) = match takes {
                Takes::Why => {
                    (format!("`{name}` has to say why"), "write the reason in a few words: results show it".to_owned())
                }
                _ => (format!("`{name}` names no {}", takes.name()), "write its id between the quotes".to_owned()),
            };
            self.refuse("empty", message, position, Some(help));
            return;
        }
        match takes {
            Takes::Date => {
                let help = "write a full day, the year first: \"2016-10-14\"".to_owned();
                self.refuse("bad-date", format!("`{text}` is no day of the calendar"), position, Some(help));
            }
            Takes::Count | Takes::Number => {
                let place = self.places.of(position);
                let written = self.places.text.get(place.start..place.end).unwrap_or(text);
                let shown: String = if written == "-" { text } else { written }.chars().take(20).collect();
                let message = format!("`{name}` takes {} here, not {shown}", wanted(takes));
                self.refuse("wrong-type", message, position, Some("count in whole numbers: 0, 1, 2, ..".to_owned()));
            }
            _ => {
                let legal = takes.legal(self.world);
                let help = legal.and_then(|legal| match legal.is_empty() {
                    true => Some(format!("this pack declares no {}: add one to its facts first", takes.name())),
                    false => suggestion(text, legal),
                });
                let place = self.places.of(position);
                let other = kind_of(self.world, text);
                self.refuse("unknown-id", format!("there is no {} `{text}`", takes.name()), position, None);
                self.explain(&place, other, help);
            }
        }
    }

    /// Says of an id just refused what it is instead.
    fn explain(&mut self, place: &Place, other: Option<(&'static str, &str)>, help: Option<String>) {
        self.problems.amend(place, |problem| {
            problem.help = help;
            if let Some((kind, id)) = other {
                let label = problem.labels.first_mut().map(|(_, label)| label);
                let written = problem.message.rsplit('`').nth(1).unwrap_or_default() == id;
                if let Some(label) = label {
                    *label = if written { format!("this is {kind}") } else { format!("the name of {kind}") };
                }
                if !written {
                    problem.help = Some(format!("write its id: `{id}`"));
                }
            }
        });
    }
}

/// `one argument`, `3 arguments`.
pub(super) fn arguments(count: usize) -> String {
    match count {
        0 => "no argument".to_owned(),
        1 => "one argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}

/// The words that share a part with one that nobody knows.
pub(super) fn like(name: &str, known: &[&str]) -> String {
    if matches!(name, "print" | "debug" | "echo" | "log") {
        return "a rule prints nothing: mandatum explain shows what it asked and said".to_owned();
    }
    let parts: Vec<&str> = name.split('_').filter(|part| part.len() > 3).collect();
    let shares = |word: &&&str| {
        parts
            .iter()
            .any(|part| word.split('_').any(|own| own.starts_with(*part) || part.starts_with(own) && own.len() > 3))
    };
    let near: Vec<String> = known.iter().filter(shares).take(6).map(|word| format!("`{word}`")).collect();
    if near.is_empty() {
        return "docs/rules.md lists every word that there is".to_owned();
    }
    format!("words like it: {}; docs/rules.md lists every word", near.join(", "))
}

/// How a word is written, with what stands between its brackets.
pub(super) fn pattern(word: &Word) -> String {
    let argument = |takes: &Takes| match takes {
        Takes::Count => "2".to_owned(),
        Takes::Number => "0.5".to_owned(),
        Takes::Date => "\"2016-10-14\"".to_owned(),
        Takes::Why => "\"why\"".to_owned(),
        Takes::Holder => "\"HOLDER\"".to_owned(),
        Takes::Body => "\"BODY\"".to_owned(),
        Takes::AtRisk | Takes::Attacker => "\"KIND\"".to_owned(),
        Takes::Level => "\"LEVEL\"".to_owned(),
        other => format!("\"{}\"", other.name().to_uppercase().replace(' ', "-")),
    };
    let listed: Vec<String> = word.takes.iter().map(argument).collect();
    format!("{}{}({})", if word.emits { "" } else { "situation." }, word.name, listed.join(", "))
}

/// What stands at the underlined place.
pub(super) fn label(code: &str) -> &'static str {
    match code {
        "unknown-id" => "unknown id",
        "unknown-function" => "unknown word",
        "unknown-variable" => "unknown name",
        "unknown-property" => "no such property",
        "beyond-subset" => "not known here",
        "no-brackets" => "( ) belong behind this",
        "quotes" => "read as a name",
        "not-said" => "no `situation.` before it",
        "not-a-question" => "gives no answer",
        "not-asked" => "no situation",
        "not-a-condition" => "no condition",
        "never-equal" => "always different",
        "no-effect" => "nothing comes of it",
        "no-value" => "empty",
        "returns-value" => "goes nowhere",
        "bare-property" => "not compared",
        "wrong-arguments" => "what stands in its brackets is too little or too much",
        "empty" => "nothing here",
        "bad-date" => "no day",
        "wrong-type" => "not of this kind",
        "not-literal" => "not written out",
        _ => "here",
    }
}
