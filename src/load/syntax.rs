//! What is no TOML, said for people who have never heard of it; and which other problems only follow from that.

use std::collections::BTreeSet;
use std::ops::Range;

use super::table::Reading;
use crate::date::PartialDate;
use crate::diagnostic::{Diagnostic, Problems};

/// Lines that could not be read, counted from 1.
pub(super) type Broken = BTreeSet<usize>;

/// Typographic quotes.
const QUOTES: &[char] = &['“', '”', '„', '‟', '«', '»', '‘', '’', '‚'];

/// How a line is written.
const LINE: &str = "a line is key = value: a text in \"quotes\", a list in [ ], a date as 2010-04-01";

/// A file of rules among the facts, if it is one.
pub(super) fn other_file(reading: &Reading) -> Option<Diagnostic> {
    let text = &*reading.text;
    let start = text.len() - text.trim_start().len();
    let rest = text.get(start..).unwrap_or_default();
    let rules = rest.starts_with("//!") || rest.starts_with("///") || rest.starts_with("fn ");
    let page = rest.get(..9).is_some_and(|head| head.eq_ignore_ascii_case("<!doctype"));
    let (what, help) = match (rules, page || rest.starts_with("<html") || rest.starts_with("{\\rtf")) {
        (true, _) => ("a file of rules", "rules stand in the folder rules/, in files that end in .rhai"),
        (_, true) => ("a page or a document", "save it as plain text: UTF-8, with the ending .toml"),
        _ => return None,
    };
    let line = rest.lines().next().map_or(0, str::len);
    let place = reading.place(start..start + line);
    Some(Diagnostic::error("wrong-file", format!("this is {what}, not a file of facts"), place, "begins so").help(help))
}

/// Reports what the parser could not read: once for each line, and once for a list that never ends.
pub(super) fn report(errors: &[(String, Range<usize>)], reading: &mut Reading) -> Broken {
    let mut broken = Broken::new();
    for (message, span) in errors {
        let place = reading.place(span.clone());
        if broken.contains(&place.line) {
            continue;
        }
        if let Some(open) = open_list(reading, place.line).filter(|_| message.contains("array")) {
            let line = reading.place(open..open).line;
            let head = |line: &str| {
                line.trim_start().starts_with('[') && line.trim_end().ends_with(']') && !line.contains('=')
            };
            let lines = reading.text.lines().enumerate().skip(line);
            let end = lines.into_iter().find(|(_, text)| head(text)).map_or(usize::MAX, |(index, _)| index);
            let end = end.min(reading.lines.len());
            broken.extend(line..=end);
            let place = reading.place(open..open + 1);
            let problem = Diagnostic::error("brackets", "this list is never closed", place, "it begins here");
            reading.problems.push(problem.help("end it with ]"));
            continue;
        }
        broken.insert(place.line);
        let line_start = reading.lines.get(place.line - 1).copied().unwrap_or(0);
        let line = reading.text.get(line_start..).unwrap_or_default().lines().next().unwrap_or_default().to_owned();
        if line.trim_start().starts_with('[') && !line.contains('=') {
            broken.extend(until_next_head(&reading.text, place.line));
        }
        let problem = meant(message, span.clone(), line_start, &line, reading);
        reading.problems.push(problem);
    }
    broken
}

/// The lines from one to the next heading.
fn until_next_head(text: &str, line: usize) -> Range<usize> {
    let next = text.lines().enumerate().skip(line).find(|(_, text)| text.trim_start().starts_with('['));
    line..next.map_or(usize::MAX, |(index, _)| index + 1).min(text.lines().count() + 1)
}

/// Where the list begins that is open at the head of a line, if one is.
fn open_list(reading: &Reading, line: usize) -> Option<usize> {
    let end = reading.lines.get(line - 1).copied().unwrap_or(0);
    let (mut open, mut quoted, mut comment) = (Vec::new(), false, false);
    for (at, letter) in reading.text.get(..end)?.char_indices() {
        match letter {
            '\n' => (quoted, comment) = (false, false),
            '"' if !comment => quoted = !quoted,
            '#' if !quoted => comment = true,
            '[' if !quoted && !comment => open.push(at),
            ']' if !quoted && !comment => {
                open.pop();
            }
            _ => {}
        }
    }
    open.last().copied()
}

/// One error of the parser in other words.
fn meant(message: &str, span: Range<usize>, line_start: usize, line: &str, reading: &Reading) -> Diagnostic {
    let place = reading.place(span);
    let error = |code: &'static str, message: &str, label: &str, help: String| {
        Diagnostic::error(code, message, place.clone(), label).help(help)
    };
    let equals = line.find('=');
    let behind = equals.map_or("", |at| line.get(at + 1..).unwrap_or_default());
    let value = behind.split(" #").next().unwrap_or_default().trim();
    let whole = |text: &str| {
        let at = line.rfind(text).unwrap_or(0);
        reading.place(line_start + at..line_start + at + text.len())
    };
    let key = line.trim().split(['=', ':', ' ']).next().unwrap_or_default();
    if let Some(odd) = line.chars().find(|letter| QUOTES.contains(letter)) {
        let message = format!("`{odd}` is not the quote of these files");
        let help = "write straight quotes, \"like this\"; word processors put the others in".to_owned();
        return Diagnostic::error("quotes", message, place, "typographic quotes").help(help);
    }
    if line.trim_start().starts_with("//") || value.contains("//") && !value.starts_with('"') {
        return error(
            "comment",
            "a comment does not begin this way",
            "meant as a comment?",
            "a comment begins with #".to_owned(),
        );
    }
    let month = value.len() == 7 && value.as_bytes().get(4) == Some(&b'-') && PartialDate::parse(value).is_some();
    if month {
        let help = format!("write \"{value}\", with the quotes");
        return error("bad-date", "a month has to stand in quotes", "a bare month is no value", help);
    }
    let truth = ["yes", "no", "on", "off", "true", "false"];
    if truth.iter().any(|word| value.eq_ignore_ascii_case(word)) {
        let yes = ["yes", "on", "true"].iter().any(|word| value.eq_ignore_ascii_case(word));
        let help = format!("write {}", if yes { "true" } else { "false" });
        return Diagnostic::error(
            "wrong-type",
            format!("`{value}` is neither true nor false"),
            whole(value),
            "not a value",
        )
        .help(help);
    }
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let dated = digits >= 4
        && value.starts_with(|letter: char| letter.is_ascii_digit())
        && value.chars().all(|letter| letter.is_ascii_digit() || "-./ ".contains(letter))
        && value.contains(['-', '/', '.']);
    if dated {
        let help = "write 2010-04-01: the year first, then month and day with two digits each".to_owned();
        return Diagnostic::error(
            "bad-date",
            format!("`{value}` is no date"),
            whole(value),
            "not a day of the calendar",
        )
        .help(help);
    }
    if value.starts_with(char::is_alphabetic) && value.ends_with('"') && value.matches('"').count() == 1 {
        return Diagnostic::error(
            "quotes",
            "a quote is missing where this text begins",
            whole(value),
            "no quote before it",
        )
        .help(format!("write {key} = \"{value}"));
    }
    if message.starts_with("string values must be quoted") || value.starts_with(char::is_alphabetic) {
        let help = format!("write {key} = \"{}\"", clip(value));
        let value_place = if value.starts_with('[') { place } else { whole(value) };
        let help = if value.starts_with('[') { "put each item in \"quotes\"".to_owned() } else { help };
        return Diagnostic::error("quotes", "a text has to stand in quotes", value_place, "no quotes").help(help);
    }
    if message.contains("basic string") || message.contains("literal string") {
        let begins =
            line.rfind('"').map_or(place.clone(), |at| reading.place(line_start + at..line_start + line.len()));
        return Diagnostic::error("quotes", "a quote is missing: this text never ends", begins, "it begins here")
            .help("end the text with \" on the same line");
    }
    if message.contains("duplicate key") {
        let help = if line.trim_start().starts_with('[') {
            "a table that may stand several times has two brackets: [[case]]".to_owned()
        } else {
            "keep one of the two; a list takes several values: [\"one\", \"two\"]".to_owned()
        };
        let message = format!("`{}` stands twice in this table", key.trim_matches(['[', ']']));
        return Diagnostic::error("repeated", message, place, "again here").help(help);
    }
    if message.contains("comma") {
        return error(
            "comma",
            "a comma is missing",
            ", belongs before this",
            "put a comma between two items".to_owned(),
        );
    }
    if message.contains("unclosed") && line.trim_start().starts_with('[') && equals.is_none() {
        let name = line.trim().trim_matches(['[', ']']);
        let help = format!("write [[{name}]], with two brackets on each side");
        return error("brackets", "this heading is not closed", "] belongs here", help);
    }
    if message.contains("unclosed") || message.contains("expected `]`") || message.contains("expected `}`") {
        return error(
            "brackets",
            "a bracket is never closed",
            "it is missing here",
            "end a list with ] and a table with }".to_owned(),
        );
    }
    if equals.is_none() || message.contains("unquoted key") || message.contains("key with no value") {
        let listed = line.trim_start().starts_with("- ");
        let joined = line.find(':').is_some_and(|at| equals.is_none_or(|equals| at < equals));
        let bare = key.trim_matches(|letter: char| !letter.is_alphanumeric());
        let (message, help) = match (listed, joined) {
            (true, _) => (
                "this is written like YAML".to_owned(),
                "a row begins with a heading, [[state]], and has one key = value a line".to_owned(),
            ),
            (_, true) => {
                ("a key and its value are joined by =".to_owned(), format!("write {bare} = .., not {bare}: .."))
            }
            _ => ("this line has no key, or no =".to_owned(), LINE.to_owned()),
        };
        let range = line_start + (line.len() - line.trim_start().len())..line_start + line.trim_end().len();
        return Diagnostic::error("no-equals", message, reading.place(range), "not key = value").help(help);
    }
    error("syntax", "this cannot be read", "not expected here", LINE.to_owned())
}

fn clip(value: &str) -> String {
    let short: String = value.trim_matches('\'').chars().take(40).collect();
    if short.chars().count() < value.chars().count() && !value.starts_with('\'') { format!("{short}..") } else { short }
}

/// Keeps of the other problems what does not only follow from a line that could not be read, or from another problem.
pub(super) fn without_consequences(problems: &mut Problems, broken: &Broken, text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    let head = |line: usize| lines.iter().take(line).rposition(|line| line.trim_start().starts_with('['));
    // Keys that stand under another name, or under the wrong heading: their lack was reported there.
    let mut elsewhere: BTreeSet<(Option<usize>, String)> = BTreeSet::new();
    problems.retain(|problem| {
        let (Some(place), Some(help)) = (problem.place(), &problem.help) else { return true };
        if problem.code == "unknown-key" {
            let own = if help.starts_with(super::hints::HIGHER) { None } else { head(place.line) };
            let named = if help.starts_with(super::hints::HIGHER) { &problem.message } else { help };
            if let Some(key) = named.rsplit('`').nth(1) {
                elsewhere.insert((own, key.to_owned()));
            }
        }
        true
    });
    problems.retain(|problem| {
        let Some(place) = problem.place() else { return true };
        if problem.code == "no-case" {
            return !elsewhere.contains(&(None, "case".to_owned()));
        }
        if problem.code == "missing-key" {
            let key = problem.message.rsplit('`').nth(1).unwrap_or_default();
            // A line that begins with the key was read as part of one that could not be.
            let starts = |line: &&str| {
                let rest = line.trim_start().strip_prefix(key);
                rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
            };
            let table = lines.iter().skip(place.line.saturating_sub(1));
            let heading = |line: &&&str| line.trim_start().starts_with('[');
            let first = lines.get(place.line - 1).filter(|line| heading(line)).map_or(0, |_| 1);
            let written = !broken.is_empty() && table.skip(first).take_while(|line| !heading(line)).any(starts);
            let own = if place.line == 1 && !lines.first().is_some_and(|line| line.starts_with("[[")) {
                None
            } else {
                head(place.line)
            };
            let root = !problem.message.starts_with("[[");
            return !written && !elsewhere.contains(&(if root { None } else { own }, key.to_owned()));
        }
        !broken.contains(&place.line)
    });
}
