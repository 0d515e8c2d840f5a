//! Problems for machines: as JSON, and as other programs want them. Where each stands is told in lines and columns.

mod lines;
mod sarif;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

pub use lines::{github, short};
pub use sarif::sarif;

use crate::diagnostic::{Diagnostic, Place, Severity, line_starts};
use crate::lint::Allowed;

/// The texts of files by the path that places name.
pub type Texts = BTreeMap<String, String>;

/// A problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// Its code; `mandatum explain CODE` prints its page.
    pub code: String,
    /// `error` or `warning`.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where, the place to look at first.
    pub places: Vec<Spot>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Spot {
    /// The path as it was named.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// Line of the end.
    pub end_line: usize,
    /// Column after the end.
    pub end_column: usize,
    /// What is there.
    pub label: String,
}

/// A problem that its author lets be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Meant {
    /// What would have been found.
    pub problem: Problem,
    /// Why it is meant.
    pub reason: String,
    /// Where that is said.
    pub place: Spot,
}

/// A problem with its places in lines and columns.
pub fn problem(problem: &Diagnostic, texts: &Texts) -> Problem {
    Problem {
        code: problem.code.to_owned(),
        severity: problem.severity,
        message: problem.message.clone(),
        help: problem.help.clone(),
        places: problem.labels.iter().map(|(place, label)| spot(place, label, texts)).collect(),
    }
}

/// The same for one that is let be.
pub fn meant(allowed: &Allowed, texts: &Texts) -> Meant {
    Meant {
        problem: problem(&allowed.problem, texts),
        reason: allowed.reason.clone(),
        place: spot(&allowed.place, "allowed here", texts),
    }
}

fn spot(place: &Place, label: &str, texts: &Texts) -> Spot {
    let Region { line, column, end_line, end_column } = region(place, texts, &|text| text.chars().count());
    Spot { file: place.file.to_string(), line, column, end_line, end_column, label: label.to_owned() }
}

/// Where a place begins and ends, in lines and columns counted from 1; the end is the column after it.
struct Region {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

/// `width`: the columns that a text takes.
fn region(place: &Place, texts: &Texts, width: &dyn Fn(&str) -> usize) -> Region {
    let at = |byte: usize| {
        let text = texts.get(place.file.as_ref())?;
        let starts = line_starts(text);
        let line = starts.partition_point(|start| *start <= byte);
        let start = starts.get(line.checked_sub(1)?)?;
        Some((line, width(text.get(*start..byte)?) + 1))
    };
    let own = (place.line, place.column);
    let ((line, column), (end_line, end_column)) = if place.start == 0 && place.end == 0 {
        (own, own)
    } else {
        (at(place.start).unwrap_or(own), at(place.end).unwrap_or(own))
    };
    Region { line, column, end_line, end_column }
}
