//! A page about a kind of problem on a terminal: its headings strong, its examples indented.
//!
//! Reads only the Markdown that these pages are written in: headings, paragraphs, fenced examples, `code`.

use anstyle::{AnsiColor, Style};

use super::document::{Line, Span};
use super::wrap::wrap;

/// A page as text with ANSI styles, wrapped to a width; no word of it is lost.
pub fn problem_page(markdown: &str, width: usize) -> String {
    let (strong, code) = (Style::new().bold(), AnsiColor::Cyan.on_default());
    let mut out = String::new();
    let mut fenced = false;
    for line in markdown.lines() {
        if let Some(info) = line.strip_prefix("```") {
            fenced = !fenced;
            // The example that is wrong and the one that is right are told apart by the headings over them.
            let verdict = info.split_whitespace().last().filter(|last| *last == "bad").map_or("", |_| "not so:");
            if fenced && !verdict.is_empty() {
                out.push_str(&format!("  {verdict}\n"));
            }
        } else if fenced {
            out.push_str(&format!("    {code}{line}{code:#}\n"));
        } else if line.starts_with('#') {
            out.push_str(&format!("{strong}{}{strong:#}\n", line.trim_start_matches(['#', ' '])));
        } else if line.is_empty() {
            out.push('\n');
        } else {
            let text: Line = vec![Span { text: line.to_owned(), ..Span::default() }];
            for line in wrap(&text, width) {
                let line: String = line.into_iter().map(|span| span.text).collect();
                out.push_str(line.trim_end());
                out.push('\n');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_a_page_is_lost_and_examples_are_indented() {
        let page = "# some-code\n\nAn error: a thing.\n\n```toml scenario bad\nkey = 1\n```\n";
        let shown = anstream::adapter::strip_str(&problem_page(page, 40)).to_string();
        assert_eq!(shown, "some-code\n\nAn error: a thing.\n\n  not so:\n    key = 1\n");
    }
}
