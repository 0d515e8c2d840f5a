//! A document as Markdown: tables in the common extension, everything else plain.
//!
//! Text of packs is escaped, so that it can neither mark itself up nor bring HTML.

use super::document::{Align, Block, Cell, Document, Line, Style, Table};

/// A document as Markdown.
pub fn markdown(document: &Document) -> String {
    let mut parts: Vec<String> = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Heading(level, text) => parts.push(format!("{} {}", "#".repeat((*level).into()), escape(text))),
            Block::Paragraph(line) => {
                // Blanks that indent would make a block of code.
                let text = inline(line);
                let blanks = text.len() - text.trim_start_matches(' ').len();
                parts.push(format!("{}{}", "\u{a0}".repeat(blanks), text.trim()));
            }
            Block::List(points) => parts.push(list(points.iter().map(inline))),
            Block::Card(rows) => {
                parts.push(list(rows.iter().map(|(key, value)| format!("**{}**: {}", escape(key), inline(value)))))
            }
            Block::Table(rows) => parts.push(table(rows)),
            Block::Picture(_) | Block::Blank => {}
        }
    }
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

fn list(points: impl Iterator<Item = String>) -> String {
    points.map(|point| format!("- {point}")).collect::<Vec<String>>().join("\n")
}

fn table(table: &Table) -> String {
    let columns = table.rows.iter().map(Vec::len).chain([table.header.len()]).max().unwrap_or(0);
    let row = |cells: &[Cell]| {
        let texts: Vec<String> =
            (0..columns).map(|column| cells.get(column).map(one_line).unwrap_or_default()).collect();
        format!("| {} |", texts.join(" | "))
    };
    let sides: Vec<&str> = (0..columns)
        .map(|column| match table.align.get(column).copied().unwrap_or_default() {
            Align::Left => "---",
            Align::Right => "---:",
            Align::Centre => ":---:",
        })
        .collect();
    let mut lines = vec![row(&table.header), format!("| {} |", sides.join(" | "))];
    lines.extend(table.rows.iter().map(|cells| row(cells)));
    lines.join("\n")
}

fn one_line(cell: &Cell) -> String {
    cell.iter().map(inline).collect::<Vec<String>>().join("<br>")
}

fn inline(line: &Line) -> String {
    let mut text = String::new();
    for span in line {
        // Markup must touch the words that it marks: blanks stay outside.
        let inner = span.text.trim();
        let lead = span.text.get(..span.text.len() - span.text.trim_start().len()).unwrap_or_default();
        let trail = span.text.get(span.text.trim_end().len()..).unwrap_or_default();
        if inner.is_empty() {
            text.push_str(&span.text);
            continue;
        }
        let marked = match span.style {
            Style::Strong => format!("**{}**", escape(inner)),
            Style::Code if !inner.contains(['`', '|']) => format!("`{inner}`"),
            Style::Source => format!("*{}*", escape(inner)),
            _ => escape(inner),
        };
        let marked = match &span.to {
            Some(to) => format!("[{marked}]({to})"),
            None => marked,
        };
        text.extend([lead, &marked, trail]);
    }
    text
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, letter) in text.chars().enumerate() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => escaped.extend(['\\', letter]),
            '#' | '+' | '-' if index == 0 => escaped.extend(['\\', letter]),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::document::{cell, plain, span};
    use super::*;

    #[test]
    fn text_cannot_mark_itself_up() {
        let mut document = Document::default();
        document.paragraph(vec![
            plain("<b>*a*</b> | [x](y) "),
            span(Style::Code, "cst-1992"),
            span(Style::Strong, " so "),
        ]);
        assert_eq!(markdown(&document), "&lt;b&gt;\\*a\\*&lt;/b&gt; \\| \\[x\\](y) `cst-1992` **so**\n");
    }

    #[test]
    fn tables_fill_short_rows() {
        let mut document = Document::default();
        document.table(Table {
            header: vec![cell(Style::Strong, "a"), cell(Style::Strong, "b")],
            align: vec![Align::Left, Align::Right],
            rows: vec![vec![vec![vec![plain("1")], vec![plain("2")]]]],
        });
        assert_eq!(markdown(&document), "| **a** | **b** |\n| --- | ---: |\n| 1<br>2 |  |\n");
    }
}
