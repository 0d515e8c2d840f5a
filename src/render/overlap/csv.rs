//! Overlap as a table for other programs: one row for each pair and stretch, in a fixed order of columns.

use crate::overlap::{Figures, Overlap, Range};

/// The columns. Counts are of what is sure; a measure is empty where the record does not settle it.
const COLUMNS: &[&str] = &[
    "from",
    "until",
    "a",
    "b",
    "shared_members",
    "members_a",
    "members_b",
    "shared_functions",
    "functions_a",
    "functions_b",
    "weighted",
    "a_to_b",
    "b_to_a",
    "unsure",
    "weighted_lowest",
    "weighted_highest",
    "a_to_b_lowest",
    "a_to_b_highest",
    "b_to_a_lowest",
    "b_to_a_highest",
];

/// A head and a row for each pair on the day, or for each pair and stretch; `until` is the first day after it.
pub fn csv(overlap: &Overlap) -> String {
    let mut text = format!("{}\n", COLUMNS.join(","));
    // INVARIANT: ids hold letters, digits, hyphens, underscores and dots alone, so no field needs quotes.
    if let Some(snapshot) = &overlap.on {
        let mut dyads: Vec<_> = snapshot.dyads.iter().collect();
        dyads.sort_by(|one, two| (&one.a, &one.b).cmp(&(&two.a, &two.b)));
        for own in dyads {
            text.push_str(&row(&snapshot.day, &snapshot.until, &own.a, &own.b, &own.figures));
        }
    }
    for course in overlap.over.iter().flat_map(|series| &series.dyads) {
        for span in &course.spans {
            text.push_str(&row(&span.from.to_string(), &span.until.to_string(), &course.a, &course.b, &span.figures));
        }
    }
    text
}

fn row(from: &str, until: &str, a: &str, b: &str, figures: &Figures) -> String {
    let counts = [
        figures.shared_members,
        figures.members_a,
        figures.members_b,
        figures.shared_functions,
        figures.functions_a,
        figures.functions_b,
    ];
    let measures = [figures.weighted, figures.a_to_b, figures.b_to_a];
    let mut fields = [from, until, a, b].map(str::to_owned).to_vec();
    fields.extend(counts.map(|count| count.to_string()));
    fields.extend(measures.map(|range: Range| range.known().map(number).unwrap_or_default()));
    fields.push(figures.unsure.to_string());
    fields.extend(measures.iter().flat_map(|range| [number(range.lowest), number(range.highest)]));
    format!("{}\n", fields.join(","))
}

fn number(value: f64) -> String {
    format!("{value:.6}")
}
