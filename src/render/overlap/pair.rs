//! One pair on a day, in words: what the two share, what each has alone, and every measure with its counts.

use super::super::document::{Document, Line, Style, Table, cell, plain, span};
use super::{figure, states, with};
use crate::overlap::{Dyad, Overlap, Overlaps, Range, Snapshot};

/// One pair with everything that its figures are made of.
pub(super) fn pair(document: &mut Document, overlap: &Overlap, snapshot: &Snapshot) {
    let Some(own) = snapshot.dyads.first() else {
        document
            .paragraph(vec![plain("The two cannot be compared on this day: one of them is not there, or see below.")]);
        return;
    };
    document.heading(2, "What the two share");
    let rows = parts_of(overlap, snapshot, own).map(|(head, [a, both, b, unsure])| {
        let said = |ids: Vec<&str>| cell(Style::Plain, if ids.is_empty() { "none".to_owned() } else { ids.join(", ") });
        vec![cell(Style::Strong, head), said(both), said(a), said(b), said(unsure)]
    });
    let heads =
        ["".to_owned(), "both".to_owned(), format!("{} alone", own.a), format!("{} alone", own.b), "unsure".to_owned()];
    document.table(Table {
        header: heads.map(|head| cell(Style::Strong, head)).into(),
        align: Vec::new(),
        rows: rows.into(),
    });
    document.section("Measures", worked(overlap, own));
    let monads = snapshot.monads.iter().map(|own| {
        let (sum, mean) = (figure(own.sum), figure(own.mean));
        let said = format!(": overlaps with {} of {}, sum {sum}, mean {mean}", with(own), own.others);
        vec![span(Style::Strong, &own.line), plain(said)]
    });
    document.section("Each against all others", monads.collect());
}

/// States, then functions: names of those that the first has alone, both have, the second has alone, and those in doubt.
pub(super) fn parts_of<'o>(
    overlap: &'o Overlap,
    snapshot: &'o Snapshot,
    own: &'o Dyad,
) -> [(&'static str, [Vec<&'o str>; 4]); 2] {
    let name = |id: &'o String| overlap.names.get(id).unwrap_or(id).as_str();
    let sets = [
        (states(overlap), &own.shared_members, &own.unsure_members, false),
        ("functions", &own.shared_functions, &own.unsure_functions, true),
    ];
    sets.map(|(head, both, unsure, functions)| {
        let alone = |line: &str| {
            let line = snapshot.lines.iter().find(|own| own.id == line);
            let all = line.into_iter().flat_map(|own| if functions { &own.functions } else { &own.members });
            all.filter(|id| !both.contains(id) && !unsure.contains(id)).map(name).collect()
        };
        let named = |ids: &'o [String]| ids.iter().map(name).collect();
        (head, [alone(&own.a), named(both), alone(&own.b), named(unsure)])
    })
}

/// The measures of a pair, each with the counts that it comes from.
fn worked(overlap: &Overlap, own: &Dyad) -> Vec<Line> {
    let figures = &own.figures;
    let states = states(overlap);
    let said = match figures.overlaps {
        Overlaps::Yes => "they overlap",
        Overlaps::No => "they do not overlap",
        Overlaps::Unsure => "the record does not tell whether they overlap",
    };
    let dyadic = format!(
        "dyadic: {} shared {states}, {} shared functions: {said}",
        figures.shared_members, figures.shared_functions
    );
    let sure = figures.unsure == 0;
    let union = |a: usize, b: usize, shared: usize| a + b - shared;
    let (members, functions) = (figures.shared_members, figures.shared_functions);
    let product = |name: String, first: usize, second: usize, range: Range| {
        // Counts of what is sure do not make the bounds of what is not.
        let how = if sure { format!(" = {members}/{first} × {functions}/{second}") } else { String::new() };
        vec![plain(format!("{name}: {}{how}", figure(range)))]
    };
    vec![
        vec![plain(dyadic)],
        product(
            "weighted".to_owned(),
            union(figures.members_a, figures.members_b, members),
            union(figures.functions_a, figures.functions_b, functions),
            figures.weighted,
        ),
        product(format!("{} to {}", own.a, own.b), figures.members_a, figures.functions_a, figures.a_to_b),
        product(format!("{} to {}", own.b, own.a), figures.members_b, figures.functions_b, figures.b_to_a),
    ]
}
