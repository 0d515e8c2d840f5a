//! A document for a terminal: wrapped by display columns, with ANSI styles that the caller may strip.
//!
//! The words alone carry the meaning: stripped of styles, the text says the same.

use std::fmt::Write;

use anstyle::{AnsiColor, Effects};
use unicode_width::UnicodeWidthStr;

use super::document::{Align, Block, Cell, Document, Line, Span, Style, Table};
use super::wrap::{measure, wrap};

/// Narrower than this nothing is laid out; the text is wrapped here and may be cut by the window.
const NARROWEST: usize = 24;

/// Tables of so many columns keep wide gaps and wrap their cells instead.
const ROOMY: usize = 6;

/// The widest key of a card.
const KEY: usize = 14;

/// A document as text for a terminal of `width` columns.
pub fn terminal(document: &Document, width: usize) -> String {
    let width = width.max(NARROWEST);
    let mut out = Out::default();
    for block in &document.blocks {
        match block {
            Block::Heading(level, text) => heading(&mut out, *level, text, width),
            Block::Paragraph(line) => paragraph(&mut out, line, width),
            Block::List(points) => points.iter().for_each(|point| hang(&mut out, point, "  - ", "    ", width)),
            Block::Table(table) => lay_out(&mut out, table, width),
            Block::Card(rows) => card(&mut out, rows, width),
            Block::Picture(_) => {}
            Block::Blank => out.blank(),
        }
    }
    out.text
}

/// Text so far; empty lines never double.
#[derive(Default)]
struct Out {
    text: String,
}

impl Out {
    fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn line(&mut self, indent: &str, line: &Line) {
        self.text.push_str(indent);
        self.text.push_str(&paint(line));
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    fn lines(&mut self, lines: &[Line]) {
        for line in lines {
            self.line("", line);
        }
    }
}

/// A paragraph; blanks before its first word (a branch of a tree) indent all of it.
fn paragraph(out: &mut Out, line: &Line, width: usize) {
    let text = line.first().map(|span| span.text.as_str()).unwrap_or_default();
    let blanks = (text.len() - text.trim_start_matches(' ').len()).min(width / 2);
    let branch = if text.trim_start().starts_with('└') { 2 } else { 0 };
    hang(out, line, &" ".repeat(blanks), &" ".repeat(blanks + branch), width);
}

/// A first line, and the rest below it.
fn hang(out: &mut Out, line: &Line, first: &str, rest: &str, width: usize) {
    for (index, line) in wrap(line, width.saturating_sub(rest.len().max(first.len()))).iter().enumerate() {
        out.line(if index == 0 { first } else { rest }, line);
    }
}

fn heading(out: &mut Out, level: u8, text: &str, width: usize) {
    out.blank();
    let strong = |text: String| vec![Span { text, style: Style::Strong, ..Span::default() }];
    match level {
        1 => out.lines(&wrap(&strong(text.to_owned()), width)),
        2 => {
            let rule = width.min(100).saturating_sub(text.width() + 4);
            let mut line = strong(format!("── {text} "));
            line.push(Span { text: "─".repeat(rule), style: Style::Dim, ..Span::default() });
            out.line("", &line);
        }
        _ => out.lines(&wrap(&strong(format!("▸ {text}")), width)),
    }
}

fn card(out: &mut Out, rows: &[(String, Line)], width: usize) {
    let keys = rows.iter().map(|(key, _)| key.width()).max().unwrap_or(0).min(KEY);
    for (key, value) in rows {
        let wrapped = wrap(value, width.saturating_sub(keys + 4));
        for (index, line) in wrapped.iter().enumerate() {
            let key = if index == 0 { key.as_str() } else { "" };
            let mut full = vec![Span {
                text: format!("  {}  ", pad(key, keys, Align::Left)),
                style: Style::Dim,
                ..Span::default()
            }];
            full.extend(line.iter().cloned());
            out.line("", &full);
        }
    }
}

/// Columns as wide as their widest line; the widest give way until the table fits.
fn lay_out(out: &mut Out, table: &Table, width: usize) {
    let every: Vec<&Vec<Cell>> = std::iter::once(&table.header).chain(&table.rows).collect();
    let columns = every.iter().map(|row| row.len()).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = every.iter().filter_map(|row| row.get(column));
            cells.flatten().map(|line| measure(line)).max().unwrap_or(0)
        })
        .collect();
    let fits = |widths: &[usize], gap: usize| widths.iter().sum::<usize>() + gap * columns.saturating_sub(1) <= width;
    // Many columns need the room more than the eye needs the gap.
    let gap = if fits(&widths, 2) || columns <= ROOMY { 2 } else { 1 };
    while !fits(&widths, gap) {
        let Some(widest) = widths.iter_mut().max().filter(|widest| **widest > 4) else {
            break;
        };
        *widest -= 1;
    }
    if table.header.iter().flatten().any(|line| measure(line) > 0) {
        row(out, &table.header, &widths, &table.align, gap);
        let rule = "─".repeat(widths.iter().sum::<usize>() + gap * columns.saturating_sub(1));
        out.line("", &vec![Span { text: rule, style: Style::Dim, ..Span::default() }]);
    }
    for cells in &table.rows {
        row(out, cells, &widths, &table.align, gap);
    }
}

fn row(out: &mut Out, cells: &[Cell], widths: &[usize], align: &[Align], gap: usize) {
    let wrapped: Vec<Vec<Line>> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| cell.iter().flat_map(|line| wrap(line, *width)).collect())
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    for index in 0..height {
        let mut full: Line = Vec::new();
        for (column, (lines, width)) in wrapped.iter().zip(widths).enumerate() {
            let empty = Line::new();
            let line = lines.get(index).unwrap_or(&empty);
            let free = width.saturating_sub(measure(line));
            let before = match align.get(column).copied().unwrap_or_default() {
                Align::Left => 0,
                Align::Right => free,
                Align::Centre => free / 2,
            };
            let blanks = |count: usize| Span { text: " ".repeat(count), style: Style::Plain, ..Span::default() };
            full.push(blanks(before + if column == 0 { 0 } else { gap }));
            full.extend(line.iter().cloned());
            full.push(blanks(free - before));
        }
        out.line("", &full);
    }
}

fn pad(text: &str, width: usize, align: Align) -> String {
    let free = " ".repeat(width.saturating_sub(text.width()));
    if align == Align::Right { format!("{free}{text}") } else { format!("{text}{free}") }
}

fn paint(line: &[Span]) -> String {
    let mut text = String::new();
    for span in line {
        let shown = span.text.replace('\u{a0}', " ");
        let style = look(span.style);
        // Writing to a string cannot fail.
        let _ = write!(text, "{style}{shown}{style:#}");
    }
    text
}

fn look(style: Style) -> anstyle::Style {
    let base = anstyle::Style::new();
    let colour = |colour: AnsiColor| base.fg_color(Some(colour.into()));
    match style {
        Style::Plain => base,
        Style::Strong => base.bold(),
        Style::Dim => base.dimmed(),
        Style::Good => colour(AnsiColor::Green),
        Style::Gap => colour(AnsiColor::Red).bold(),
        Style::Contested => colour(AnsiColor::Yellow),
        Style::Open => colour(AnsiColor::Cyan),
        Style::Overlap => colour(AnsiColor::Magenta),
        Style::Code => base.bold(),
        Style::Source => base.effects(Effects::DIMMED | Effects::ITALIC),
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::{cell, plain};
    use super::*;

    fn bare(document: &Document, width: usize) -> String {
        anstream::adapter::strip_str(&terminal(document, width)).to_string()
    }

    #[test]
    fn nothing_is_wider_than_the_terminal() {
        let mut document = Document::default();
        document.heading(1, "A title that is somewhat long");
        document.paragraph(vec![plain("words ".repeat(40))]);
        document.card(vec![("Day".to_owned(), vec![plain("x".repeat(90))])]);
        let long = cell(Style::Gap, "a cell with many words in it");
        document.table(Table {
            header: vec![cell(Style::Strong, "need"), cell(Style::Strong, "answer")],
            align: vec![Align::Left, Align::Right],
            rows: vec![vec![long.clone(), long], vec![cell(Style::Plain, "short")]],
        });
        for width in [24, 40, 100] {
            let text = bare(&document, width);
            assert!(text.lines().all(|line| line.width() <= width), "{text}");
            assert!(text.lines().all(|line| !line.ends_with(' ')), "{text}");
        }
    }
}
