//! Problems as data: a code, a severity, a message, labelled places, notes and a help.
//!
//! Text comes later, one renderer per format. Nothing here knows TOML, Rhai or the terminal.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

/// A stretch of bytes in a file of the pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Path as the caller named it.
    pub file: Arc<str>,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
}

impl Place {
    /// The place of a byte range in `text`; the range is clamped to the text.
    pub fn new(file: &Arc<str>, text: &str, range: Range<usize>) -> Self {
        Place::with_lines(file, text, &line_starts(text), range)
    }

    /// The same, with the starts of the lines worked out beforehand (see [`line_starts`]): for many places in one file.
    pub fn with_lines(file: &Arc<str>, text: &str, lines: &[usize], range: Range<usize>) -> Self {
        let mut start = range.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = range.end.clamp(start, text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let line = lines.partition_point(|line| *line <= start).max(1);
        let begins = lines.get(line - 1).copied().unwrap_or(0);
        let column = text.get(begins..start).unwrap_or_default().chars().count() + 1;
        Place { file: file.clone(), start, end, line, column }
    }

    /// A whole file, for problems that have no better place.
    pub fn whole(file: &str) -> Self {
        Place { file: file.into(), start: 0, end: 0, line: 1, column: 1 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// The byte at which each line of a text starts.
pub fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0)
        .chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(index, _)| index + 1))
        .collect()
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The input cannot be used.
    Error,
    /// The input can be used, and something about it deserves a look.
    Warning,
}

/// One problem, with the places that show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, such as `unknown-id`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, user text in backticks.
    pub message: String,
    /// Where, first the place to underline; each with a short text.
    pub labels: Vec<(Place, String)>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at one place.
    pub fn error(code: &'static str, message: impl Into<String>, place: Place, label: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: vec![(place, label.into())],
            help: None,
        }
    }

    /// The same problem as a warning.
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a second place.
    pub fn label(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push((place, text.into()));
        self
    }

    /// The same problem as bad as it is said to be.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The place to underline first, if any.
    pub fn place(&self) -> Option<&Place> {
        self.labels.first().map(|(place, _)| place)
    }
}

/// A finding that an author lets be: `CODE: reason`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The code as written.
    pub code: String,
    /// Why; `None`: nothing is said.
    pub reason: Option<String>,
    /// The lines of the file that it stands for, counted from 1, half-open; `None`: the whole pack.
    pub lines: Option<Range<usize>>,
    /// Where it is written.
    pub place: Place,
}

impl Allow {
    /// Reads `CODE: reason`.
    pub fn parse(written: &str, lines: Option<Range<usize>>, place: Place) -> Self {
        let (code, reason) = written.split_once(':').unwrap_or((written, ""));
        let reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        Allow { code: code.trim().to_owned(), reason, lines, place }
    }

    /// Whether it stands for a place.
    pub fn reaches(&self, place: &Place) -> bool {
        self.lines.as_ref().is_none_or(|lines| self.place.file == place.file && lines.contains(&place.line))
    }
}

/// Everything found so far, in no particular order until [`Problems::sorted`].
#[derive(Clone, Debug, Default)]
pub struct Problems(Vec<Diagnostic>);

impl Problems {
    /// Adds one problem.
    pub fn push(&mut self, problem: Diagnostic) {
        self.0.push(problem);
    }

    /// Adds all problems of another collection.
    pub fn append(&mut self, other: Problems) {
        self.0.extend(other.0);
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Changes the last problem, if it is at that place.
    pub fn amend(&mut self, place: &Place, change: impl FnOnce(&mut Diagnostic)) {
        if let Some(last) = self.0.last_mut().filter(|last| last.place() == Some(place)) {
            change(last);
        }
    }

    /// Keeps only what `keep` accepts.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.0.retain(keep);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All problems by file and position, without repetitions.
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.0.sort_by(|a, b| (a.place(), a.code, &a.message).cmp(&(b.place(), b.code, &b.message)));
        self.0.dedup();
        self.0
    }
}

/// The candidate closest to `word`, if it is close enough to be worth suggesting.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = word.to_lowercase();
    let limit = (word.chars().count() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?", if something is close, else the choices when there are few.
pub fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    if let Some(close) = closest(word, candidates.iter().copied()) {
        return Some(format!("did you mean `{close}`?"));
    }
    if let [only] = candidates.as_slice() {
        return Some(format!("the only one is `{only}`"));
    }
    (2..=12).contains(&candidates.len()).then(|| {
        let listed: Vec<String> = candidates.iter().map(|candidate| format!("`{candidate}`")).collect();
        format!("one of {}", listed.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_characters_and_survives_any_range() {
        let file: Arc<str> = "f".into();
        let text = "ab\nžlutý kůň";
        let place = Place::new(&file, text, 4..9);
        assert_eq!((place.line, place.column), (2, 1), "a range inside a character starts at it");
        let far = Place::new(&file, text, 900..901);
        assert_eq!((far.start, far.end), (text.len(), text.len()));
    }

    #[test]
    fn suggestions_are_close_or_few() {
        assert_eq!(closest("CTSO", ["CSTO", "SCO"]), Some("CSTO"));
        assert_eq!(closest("nothing-like-it", ["CSTO", "SCO"]), None);
        assert_eq!(suggestion("zzz", ["power", "duty"]).as_deref(), Some("one of `power`, `duty`"));
    }
}
