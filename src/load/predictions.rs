//! A class's predictions: which answer each team expects of a cell.

use super::scenario::{ANSWERS, one_of};
use super::table::Table;
use super::{Pending, read_file};
use crate::diagnostic::{Diagnostic, Place, Problems};

/// What somebody expects of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// `case/STATE/function`.
    pub cell: String,
    /// The answer expected on paper.
    pub on_paper: Option<String>,
    /// The answer expected to be available.
    pub available: Option<String>,
    /// Who expects it.
    pub by: Option<String>,
    /// Why.
    pub because: Option<String>,
    /// Where it stands in the file.
    pub place: Place,
}

/// Reads a file of `[[prediction]]` tables.
///
/// Errors: everything that is wrong with the file.
pub fn predictions(path: &str, bytes: &[u8]) -> Result<Vec<Prediction>, Vec<Diagnostic>> {
    let text = super::checked_text(path, bytes).map_err(|problem| vec![problem])?;
    let mut problems = Problems::default();
    let mut found = Vec::new();
    let mut pending = Pending::default();
    read_file(path, &text, &mut problems, &mut Vec::new(), &mut pending, |root, _| {
        if !root.has("prediction") {
            root.missing("prediction");
        }
        for (table, span) in root.tables("prediction") {
            found.extend(prediction(Table::of("[[prediction]]", table, span, root.reading)));
        }
    });
    if problems.has_errors() { Err(problems.sorted()) } else { Ok(found) }
}

fn prediction(mut row: Table<'_, '_>) -> Option<Prediction> {
    let cell = row.required_text("cell");
    let on_paper = one_of(&mut row, "on_paper", ANSWERS);
    let available = one_of(&mut row, "available", ANSWERS);
    if !row.has("on_paper") && !row.has("available") {
        row.missing("on_paper` (or `available");
    }
    let (by, because) = (row.text("by"), row.text("because"));
    let place = row.place.clone();
    row.finish();
    cell.map(|cell| Prediction { cell, on_paper, available, by, because, place })
}
