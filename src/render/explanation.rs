//! An explanation as a tree of lines, cut to what fits.

use super::document::{Document, Line, Style, plain, span};
use crate::explain::Node;

/// A line of the tree: how deep it stands, and what it says.
struct Row<'n> {
    depth: usize,
    node: &'n Node,
}

/// Shows a tree. With a depth, every line down to it; without, at most `lines` lines for each root, the upper ones first.
pub fn explanation(nodes: &[Node], depth: Option<usize>, lines: usize) -> Document {
    let mut document = Document::default();
    for (index, node) in nodes.iter().enumerate() {
        if index > 0 {
            document.blank();
        }
        let all = rows(node);
        let deepest = all.iter().map(|row| row.depth).max().unwrap_or(0);
        let limit = depth.unwrap_or_else(|| {
            // The deepest level that still fits; the roots and their first reasons always do.
            (1..=deepest)
                .take_while(|level| all.iter().filter(|row| row.depth <= *level).count() <= lines)
                .last()
                .unwrap_or(1)
        });
        let fitting: Vec<&Row<'_>> = all.iter().filter(|row| row.depth <= limit).collect();
        let shown = if depth.is_some() { fitting.len() } else { fitting.len().min(lines) };
        for row in fitting.iter().take(shown) {
            document.paragraph(line(row));
        }
        let hidden = all.len() - shown;
        if hidden > 0 {
            let deeper = format!("… {hidden} more lines: --depth {}", (limit + 1).min(deepest.max(1)));
            document.paragraph(vec![span(Style::Dim, deeper)]);
        }
    }
    document
}

fn rows(node: &Node) -> Vec<Row<'_>> {
    fn walk<'n>(node: &'n Node, depth: usize, rows: &mut Vec<Row<'n>>) {
        rows.push(Row { depth, node });
        for reason in &node.because {
            walk(reason, depth + 1, rows);
        }
    }
    let mut rows = Vec::new();
    walk(node, 0, &mut rows);
    rows
}

fn line(row: &Row<'_>) -> Line {
    let mut line = Vec::new();
    if row.depth > 0 {
        line.push(span(Style::Dim, format!("{}└ ", "  ".repeat(row.depth - 1))));
    }
    line.push(if row.depth == 0 { span(Style::Strong, &row.node.text) } else { plain(&row.node.text) });
    if let Some(source) = &row.node.source {
        line.push(span(Style::Source, format!(" [{source}]")));
    }
    if let Some(place) = &row.node.place {
        line.push(span(Style::Dim, format!(" {place}")));
    }
    line
}
