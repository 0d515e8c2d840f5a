//! The matrix of what papers claim, as a table and with the statements behind each cell.

use super::document::{Align, Document, Line, Style, Table, cell, plain, span};
use crate::matrix::{Cell, Matrix, Row, Statement};
use crate::world::Grade;

/// What the marks mean: they are the papers' words, counted.
const LEGEND: &str = "What papers say, not what a text allows in a case: ● a task is named, P one is planned or proposed, \
                      ○ body and threat are named together, – no paper speaks of it.";

/// The whole matrix.
pub fn table(matrix: &Matrix) -> Document {
    let mut document = Document::default();
    document.heading(1, "Threats and organisations, as the papers claim");
    if matrix.rows.is_empty() {
        return document;
    }
    document.paragraph(vec![plain(LEGEND)]);
    let heads = std::iter::once("threat").chain(matrix.columns.iter().map(|[_, text]| text.as_str()));
    let mut align = vec![Align::Left];
    align.resize(matrix.columns.len() + 1, Align::Centre);
    let rows = matrix
        .rows
        .iter()
        .map(|row| {
            let marks = row.cells.iter().map(|own| cell(style(own), mark(own)));
            std::iter::once(cell(Style::Plain, &row.text)).chain(marks).collect()
        })
        .collect();
    document.table(Table { header: heads.map(|head| cell(Style::Strong, head)).collect(), align, rows });
    document
}

/// The statements behind each cell of one row.
pub fn row(matrix: &Matrix, row: &Row) -> Document {
    let mut document = Document::default();
    document.heading(1, &row.text);
    document.paragraph(vec![plain(LEGEND)]);
    say(&mut document, matrix, row);
    document
}

/// The matrix, and behind it every statement.
pub(super) fn page(matrix: &Matrix) -> Document {
    let mut document = table(matrix);
    for row in &matrix.rows {
        document.heading(2, &row.text);
        say(&mut document, matrix, row);
    }
    document.section("Counted in no cell", matrix.uncounted.iter().map(statement).collect());
    document
}

fn say(document: &mut Document, matrix: &Matrix, row: &Row) {
    let mut silent = Vec::new();
    for ([_, column], own) in matrix.columns.iter().zip(&row.cells) {
        if own.statements.is_empty() {
            silent.push(column.as_str());
            continue;
        }
        document.paragraph(vec![span(Style::Strong, format!("{} {column}", mark(own)))]);
        document.list(own.statements.iter().map(statement).collect());
    }
    if !silent.is_empty() {
        document.paragraph(vec![plain(format!("No paper speaks of: {}.", silent.join(", ")))]);
    }
}

fn statement(said: &Statement) -> Line {
    let mut line = vec![
        span(Style::Code, said.body.as_deref().unwrap_or("states")),
        plain(format!(", {}: {}", word(said.grade), said.text)),
        span(Style::Source, format!(" [{}, {}]", said.source, said.locator)),
    ];
    if !said.mandates.is_empty() {
        line.push(span(Style::Dim, format!(" held in {}", said.mandates.join(", "))));
    }
    line
}

fn word(grade: Grade) -> &'static str {
    match grade {
        Grade::Explicit => "task named",
        Grade::Passing => "in passing",
        Grade::Planned => "planned",
    }
}

fn mark(cell: &Cell) -> &'static str {
    match cell.grade {
        Some(Grade::Explicit) => "●",
        Some(Grade::Passing) => "○",
        Some(Grade::Planned) => "P",
        None => "–",
    }
}

fn style(cell: &Cell) -> Style {
    match cell.grade {
        Some(Grade::Explicit) => Style::Good,
        Some(Grade::Passing) => Style::Plain,
        Some(Grade::Planned) => Style::Open,
        None => Style::Dim,
    }
}
