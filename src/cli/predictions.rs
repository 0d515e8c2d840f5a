//! A class's predictions, read from a file and shown beside what the rules say: a difference is a disagreement, no mistake.

use std::path::Path;

use mandatum::answer::report::{AnswerKind, Evaluation, StateResult};
use mandatum::diagnostic::{Diagnostic, Place, suggestion};
use mandatum::load::{Prediction, predictions};
use mandatum::render::document::{Document, Style, Table, cell, plain};

/// Reads a file of predictions; its text is for underlining what is wrong with it.
pub(crate) fn read(path: &Path) -> Result<Vec<Prediction>, (Vec<Diagnostic>, String)> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        let message = format!("`{name}` cannot be read: {error}");
        (vec![Diagnostic::error("unreadable", message, Place::whole(&name), "this file")], String::new())
    })?;
    predictions(&name, &bytes).map_err(|problems| (problems, String::from_utf8_lossy(&bytes).into_owned()))
}

/// Every prediction is about a cell that there is.
pub(crate) fn known(predictions: &[Prediction], result: &Evaluation) -> Result<(), Vec<Diagnostic>> {
    let cells: Vec<String> = cells(result).map(|(id, _)| id).collect();
    let unknown = predictions.iter().filter(|own| !cells.contains(&own.cell)).map(|own| {
        let message = format!("there is no cell `{}`", own.cell);
        let mut problem = Diagnostic::error("unknown-id", message, own.place.clone(), "predicted here");
        problem.help = suggestion(&own.cell, cells.iter().map(String::as_str));
        problem
    });
    let unknown: Vec<Diagnostic> = unknown.collect();
    if unknown.is_empty() { Ok(()) } else { Err(unknown) }
}

/// Adds the predictions beside the results.
pub(crate) fn beside(document: &mut Document, predictions: &[Prediction], result: &Evaluation) {
    let heads = ["who", "cell", "judged", "predicted", "by the rules", ""];
    let mut table = Table { header: heads.iter().map(|head| cell(Style::Strong, head)).collect(), ..Table::default() };
    for own in predictions {
        let found = find(result, &own.cell);
        for (judged, predicted) in [("on paper", &own.on_paper), ("available", &own.available)] {
            let Some(predicted) = predicted else { continue };
            let answers: Vec<AnswerKind> = found
                .iter()
                .map(|cell| if judged == "on paper" { cell.on_paper.answer } else { cell.available.answer })
                .collect();
            let words: Vec<&str> = answers.iter().map(|answer| answer.as_str()).collect();
            let verdict = match words.as_slice() {
                _ if words.iter().all(|word| word == predicted) => "agrees",
                _ if words.iter().any(|word| word == predicted) => "agrees under one account",
                _ => "disagrees: whose reason is better?",
            };
            table.rows.push(vec![
                cell(Style::Plain, own.by.as_deref().unwrap_or("the class")),
                cell(Style::Plain, &own.cell),
                cell(Style::Plain, judged),
                cell(Style::Strong, predicted),
                cell(Style::Strong, words.join(" / ")),
                cell(Style::Plain, verdict),
            ]);
        }
    }
    document.heading(2, "Predicted and computed");
    document.table(table);
    let reasons = predictions.iter().filter_map(|own| {
        let because = own.because.as_ref()?;
        let by = own.by.as_deref().unwrap_or("the class");
        Some(vec![plain(format!("{by}, {}: {because}", own.cell))])
    });
    document.section("Reasons given", reasons.collect());
}

fn find<'e>(result: &'e Evaluation, wanted: &str) -> Vec<&'e StateResult> {
    cells(result).filter(|(id, _)| id == wanted).map(|(_, cell)| cell).collect()
}

/// Every cell with its id, once per account.
fn cells(result: &Evaluation) -> impl Iterator<Item = (String, &StateResult)> {
    result.cases.iter().flat_map(|case| {
        case.needs.iter().flat_map(move |need| {
            need.states.iter().map(move |cell| (format!("{}/{}/{}", case.id, cell.state, need.function), cell))
        })
    })
}
