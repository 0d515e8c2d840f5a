//! Problems for people: file, line, column, the line underlined, and what to do.
//!
//! This file alone names `annotate-snippets`, which panics on spans outside its text or inside a letter, and prints
//! lines whole. So it is only ever given a short excerpt of one line, with a span that was clamped to it.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::document::clip;
use crate::diagnostic::{Diagnostic, Place, Severity};

/// Letters of a line that are shown, at most.
const SHOWN: usize = 96;

/// Letters shown before the underlined place in a line that is cut.
const BEFORE: usize = 24;

/// Lines between two places that are shown in one picture, at most.
const NEAR: usize = 12;
/// Other kinds of problems that are named, at most.
const KINDS: usize = 5;

/// Letters of a message, label or help, at most.
const MESSAGE: usize = 600;

/// Problems as text with ANSI styles, and a last line that counts them; nothing for no problems.
///
/// `texts` holds the files by the path that places name; a place in a file without text is shown by its position alone.
pub fn diagnostics(problems: &[Diagnostic], texts: &BTreeMap<String, String>) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let mut out = each(problems, texts, &Renderer::styled());
    out.push_str(&count(problems));
    out.push('\n');
    out
}

/// The same without the line that counts them.
pub fn uncounted(problems: &[Diagnostic], texts: &BTreeMap<String, String>) -> String {
    each(problems, texts, &Renderer::styled())
}

/// The same without styles, for files.
pub fn plain(problems: &[Diagnostic], texts: &BTreeMap<String, String>) -> String {
    each(problems, texts, &Renderer::plain())
}

fn each(problems: &[Diagnostic], texts: &BTreeMap<String, String>, renderer: &Renderer) -> String {
    let mut out = String::new();
    for problem in problems {
        let level = match problem.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(tidy(&problem.message)).id(problem.code));
        let mut labels = problem.labels.iter().enumerate().peekable();
        while let Some((index, (place, label))) = labels.next() {
            let path = tidy(&place.file);
            let text = texts.get(place.file.as_ref()).map(String::as_str).unwrap_or_default();
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let Some(excerpt) = excerpt(text, place) else {
                group = group.element(Origin::path(path).line(place.line).char_column(place.column));
                group = group.element(Level::NOTE.message(tidy(label)));
                continue;
            };
            // The crate counts columns in what it is given: in a line cut at its head they have to be told.
            if excerpt.cut {
                group = group.element(Origin::path(path).line(place.line).char_column(place.column));
                let annotation = kind.span(excerpt.span).label(tidy(label));
                group = group.element(Snippet::source(excerpt.text).line_start(place.line).annotation(annotation));
                continue;
            }
            // What stands on the same line is shown in one picture of it, and so are the lines of a second place.
            let mut shown = BTreeMap::from([(place.line, excerpt.text)]);
            let mut marks = vec![(place.line, excerpt.span, tidy(label))];
            while let Some((_, (other, label))) = labels.next_if(|(_, (other, _))| {
                let near = other.line == place.line || (index > 0 && other.line.abs_diff(place.line) <= NEAR);
                let same = other.file == place.file && near;
                let own = same.then(|| self::excerpt(text, other)).flatten().filter(|own| !own.cut);
                own.is_some_and(|own| shown.get(&other.line).is_none_or(|known| *known == own.text))
            }) {
                if let Some(own) = self::excerpt(text, other) {
                    marks.push((other.line, own.span, tidy(label)));
                    shown.insert(other.line, own.text);
                }
            }
            group = group.element(picture(&path, text, &shown, marks, kind));
        }
        if let Some(help) = &problem.help {
            group = group.element(Level::HELP.message(tidy(help)));
        }
        out.push_str(&renderer.render(&[group]));
        out.push_str("\n\n");
    }
    out
}

/// One or several lines of a file with what is marked in them; `shown` is what is printed of the marked lines.
fn picture<'s>(
    path: &str,
    text: &str,
    shown: &BTreeMap<usize, String>,
    marks: Vec<(usize, Range<usize>, String)>,
    kind: AnnotationKind,
) -> Snippet<'s, Annotation<'s>> {
    let (first, last) = (shown.keys().next().copied().unwrap_or(1), shown.keys().next_back().copied().unwrap_or(1));
    let mut source = String::new();
    let mut starts = BTreeMap::new();
    let mut lines = text.lines().skip(first.saturating_sub(1));
    for number in first..=last {
        let between = lines.next().unwrap_or_default();
        starts.insert(number, source.len());
        match shown.get(&number) {
            Some(own) => source.push_str(own),
            None => source.extend(between.chars().take(SHOWN).map(visible)),
        }
        if number < last {
            source.push('\n');
        }
    }
    let annotations = marks.into_iter().map(|(line, span, label)| {
        let start = starts.get(&line).copied().unwrap_or(0);
        kind.span(start + span.start..start + span.end).label(label)
    });
    Snippet::source(source).line_start(first).path(path.to_owned()).annotations(annotations.collect::<Vec<_>>())
}

/// The command that tells more about a kind of problem, with the other kinds that it knows; nothing for none.
pub fn more_about(codes: &[&str]) -> Option<String> {
    let (first, others) = codes.split_first()?;
    let mut line = format!("for more about a kind of problem: mandatum explain {first}");
    let shown: Vec<&str> = others.iter().take(KINDS).copied().collect();
    if !shown.is_empty() {
        let more = if others.len() > shown.len() { ", .." } else { "" };
        line.push_str(&format!(" (or {}{more})", shown.join(", ")));
    }
    Some(line + "\n")
}

/// `3 errors, 1 warning`.
pub fn count(problems: &[Diagnostic]) -> String {
    let of = |severity: Severity, word: &str| {
        let count = problems.iter().filter(|problem| problem.severity == severity).count();
        (count > 0).then(|| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
    };
    let parts: Vec<String> =
        [of(Severity::Error, "error"), of(Severity::Warning, "warning")].into_iter().flatten().collect();
    if parts.is_empty() { "no problems".to_owned() } else { parts.join(", ") }
}

/// The part of a line that is shown.
struct Excerpt {
    text: String,
    /// The bytes of it to underline.
    span: Range<usize>,
    /// Whether it begins after the head of its line.
    cut: bool,
}

/// What of the place's line is shown; `None` where there is nothing to show.
///
/// A place that spans lines is underlined to the end of its first line.
fn excerpt(text: &str, place: &Place) -> Option<Excerpt> {
    if text.is_empty() || (place.start == 0 && place.end == 0) {
        return None;
    }
    let start = floor(text, place.start);
    let end = floor(text, place.end.max(start));
    let line_start = text.get(..start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text.get(start..)?.find('\n').map_or(text.len(), |newline| start + newline);
    // Letters of the line up to the place, counted backwards, so that a huge line is never walked whole.
    let before: Vec<char> = text.get(line_start..start)?.chars().rev().take(SHOWN).collect();
    let marked: Vec<char> = text.get(start..end.min(line_end))?.chars().take(SHOWN).collect();
    let after = text.get(end.min(line_end)..line_end)?.chars().take(SHOWN + 1);
    let after: Vec<char> = if marked.len() < SHOWN { after.collect() } else { Vec::new() };
    let whole =
        before.len() + marked.len() + after.len() <= SHOWN && place.start.saturating_sub(line_start) <= SHOWN * 4;
    let kept = if whole { before.len() } else { before.len().min(BEFORE) };
    let mut shown = String::new();
    let cut = line_start + before.iter().take(kept).map(|letter| letter.len_utf8()).sum::<usize>() < start;
    if cut {
        shown.push('…');
    }
    shown.extend(before.iter().take(kept).rev().map(|letter| visible(*letter)));
    let from = shown.len();
    shown.extend(marked.iter().map(|letter| visible(*letter)));
    // A place without length is shown as one column, which may lie just behind the line.
    let until = shown.len();
    let room = SHOWN.saturating_sub(kept + marked.len());
    shown.extend(after.iter().take(room).map(|letter| visible(*letter)));
    if after.len() > room || marked.len() == SHOWN {
        shown.push('…');
    }
    Some(Excerpt { text: shown, span: from..until, cut })
}

/// The last character boundary at or before a byte.
fn floor(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// Tabs and control characters would shift the underlining, or steer the terminal.
fn visible(letter: char) -> char {
    if letter.is_control() { ' ' } else { letter }
}

fn tidy(text: &str) -> String {
    clip(text, MESSAGE).chars().map(|letter| if letter == '\n' { letter } else { visible(letter) }).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn shown(problems: &[Diagnostic], file: &str, text: &str) -> String {
        let texts = BTreeMap::from([(file.to_owned(), text.to_owned())]);
        anstream::adapter::strip_str(&diagnostics(problems, &texts)).to_string()
    }

    #[test]
    fn a_problem_shows_its_line_and_its_help() {
        let file: Arc<str> = "world/sea.toml".into();
        let text = "title = \"x\"\n\tholder = \"CTSO\"\n";
        let place = Place::new(&file, text, 22..28);
        let problem =
            Diagnostic::error("unknown-id", "no such body: `CTSO`", place, "not declared").help("did you mean `CSTO`?");
        let out = shown(&[problem.clone(), problem.as_warning()], &file, text);
        for part in [
            "error[unknown-id]: no such body",
            "world/sea.toml:2:11",
            "holder = \"CTSO\"",
            "^^^^^^ not declared",
            "help: did you",
            "1 error, 1 warning",
        ] {
            assert!(out.contains(part), "{part} in\n{out}");
        }
    }

    #[test]
    fn a_huge_line_is_cut_around_the_place() {
        let file: Arc<str> = "f".into();
        let text = format!("{}BAD{}", "x".repeat(5_000_000), "y".repeat(5_000_000));
        let place = Place::new(&file, &text, 5_000_000..5_000_003);
        let out = shown(&[Diagnostic::error("syntax", "z".repeat(1_000_000), place, "here")], &file, &text);
        assert!(
            out.len() < 2_000 && out.contains("…xxx") && out.contains("BADyyy") && out.contains("f:1:5000001"),
            "{out}"
        );
    }

    #[test]
    fn odd_places_never_panic() {
        let file: Arc<str> = "f".into();
        for text in ["", "\n", "žluť\r\nkůň", "a\tb\n\n", "漢字"] {
            for start in 0..16 {
                for end in 0..16 {
                    let place = Place { file: file.clone(), start, end, line: start, column: end };
                    let out = shown(&[Diagnostic::error("x", "m", place, "l")], &file, text);
                    assert!(out.contains("1 error"));
                }
            }
        }
        let whole = Diagnostic::error("too-large", "too large", Place::whole("g"), "too large").help("split it");
        assert!(shown(&[whole], "f", "text").contains("g:1:1"));
        assert_eq!(shown(&[], "f", ""), "");
    }
}
