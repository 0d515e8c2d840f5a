//! Overlap as a page: a matrix, the pairs with their components, a ranking; or a table of stretches.

mod course;
mod csv;
mod grid;
mod pair;
mod svg;
mod venn;

pub use csv::csv;

use super::document::{Align, Cell, Document, Line, Style, Table, cell, clip, plain, span, together};
use crate::overlap::{Counted, Course, Dyad, Figures, Monad, Overlap, Overlaps, Range, Series, Snapshot, descending};

/// Lines that a matrix on a page holds.
const MATRIX: usize = 12;
/// Pairs that a page lists.
const PAIRS: usize = 12;
/// Stretches of one pair that a page lists.
const SPANS: usize = 40;
/// Pairs over time that a page lists.
const COURSES: usize = 6;

/// What every picture says of itself.
const REMARK: &str =
    "Only states that the pack records. What texts provide, not what would work or who works together.";

/// What is measured, as a page.
pub fn page(overlap: &Overlap) -> Document {
    let mut document = Document::default();
    document.heading(1, title(overlap));
    document.card(card(overlap));
    document.paragraph(vec![span(
        Style::Strong,
        "Shared members and shared functions of mandates, as texts have them: not what would work, nor who works together.",
    )]);
    document.picture(picture(overlap), title(overlap));
    document.list(overlap.warnings.iter().map(|warning| vec![span(Style::Open, warning)]).collect());
    match (&overlap.on, &overlap.over) {
        (Some(snapshot), _) => on(&mut document, overlap, snapshot),
        (None, Some(series)) => over(&mut document, series),
        (None, None) => {}
    }
    document.heading(2, "How to read it");
    document.list(legend(overlap));
    document
}

/// What is measured, as one `svg` element: a heat map of a day, boxes for a pair on a day, or steps over time.
pub fn picture(overlap: &Overlap) -> String {
    match (&overlap.on, &overlap.over) {
        (None, Some(series)) => course::steps(overlap, series),
        (Some(snapshot), _) => match (&snapshot.between, snapshot.dyads.first()) {
            (Some(_), Some(pair)) => venn::boxes(overlap, snapshot, pair),
            _ => grid::heat_map(overlap, snapshot),
        },
        (None, None) => String::new(),
    }
}

/// The title of a page and of a picture.
pub(super) fn title(overlap: &Overlap) -> String {
    let between = |pair: &Option<[String; 2]>| match pair {
        Some([a, b]) => format!("Overlap of {a} and {b}"),
        None => "Overlap of organisations".to_owned(),
    };
    match (&overlap.on, &overlap.over) {
        (Some(snapshot), _) => format!("{}, {}", between(&snapshot.between), snapshot.day),
        (_, Some(series)) => format!("{}, {} until {}", between(&series.between), series.from, series.until),
        _ => between(&None),
    }
}

fn card(overlap: &Overlap) -> Vec<(String, Line)> {
    let mut rows = Vec::new();
    let mut add = |key: &str, value: String| rows.push((key.to_owned(), vec![plain(value)]));
    add("Counted", counted(overlap));
    if let Some(threat) = &overlap.threat {
        add("Threat", format!("mandates against {threat} alone"));
    }
    if !overlap.lenses.is_empty() {
        add("Lens", overlap.lenses.join(", "));
    }
    let known = overlap.known_until.as_ref().map(|date| format!(", record checked until {date}"));
    add("Pack", format!("{}{}", overlap.pack, known.unwrap_or_default()));
    if let Some(scenario) = &overlap.scenario {
        add("Scenario", scenario.clone());
    }
    rows
}

fn on(document: &mut Document, overlap: &Overlap, snapshot: &Snapshot) {
    if snapshot.between.is_some() {
        pair::pair(document, overlap, snapshot);
    } else {
        matrix(document, snapshot);
        pairs(document, snapshot);
        ranking(document, snapshot);
    }
    let unsure =
        snapshot.lines.iter().flat_map(|line| line.unsure.iter().map(move |own| ((line, &own.because), &own.id)));
    let unsure = together(unsure).into_iter().map(|((line, because), ids)| {
        let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        vec![
            span(Style::Strong, &line.id),
            plain(format!(": {}", ids.join(", "))),
            span(Style::Open, format!(" ({})", because.join("; "))),
        ]
    });
    document.section("Unsure", unsure.collect());
    let other = snapshot.lines.iter().filter(|line| line.id != line.body);
    let other = other.map(|line| vec![plain(format!("{} stands for the line that is now {}", line.body, line.id))]);
    document.section("Named after a later organisation", other.collect());
    let left_out = snapshot.left_out.iter().map(|own| vec![plain(format!("{}: {}", own.id, own.because))]);
    document.section("Left out", left_out.collect());
}

/// The lines that a matrix shows, those with the most overlap first.
fn foremost(snapshot: &Snapshot, most: usize) -> Vec<&str> {
    snapshot.monads.iter().filter(|own| own.sum.highest > 0.0).take(most).map(|own| own.line.as_str()).collect()
}

/// The pair's figures, whichever of the two stands first.
fn of<'s>(snapshot: &'s Snapshot, one: &str, two: &str) -> Option<&'s Dyad> {
    snapshot.dyads.iter().find(|own| (own.a == one && own.b == two) || (own.a == two && own.b == one))
}

fn matrix(document: &mut Document, snapshot: &Snapshot) {
    let shown = foremost(snapshot, MATRIX);
    document.heading(2, "Weighted overlap");
    if shown.is_empty() {
        document.paragraph(vec![plain("No two organisations share a member and a function on this day.")]);
        return;
    }
    let heads = (1..=shown.len()).map(|number| cell(Style::Strong, number.to_string()));
    let mut align = vec![Align::Left];
    align.resize(shown.len() + 1, Align::Right);
    let rows = shown.iter().enumerate().map(|(number, one)| {
        let cells = shown.iter().map(|two| match of(snapshot, one, two) {
            _ if one == two => cell(Style::Dim, "–"),
            Some(dyad) => short_of(&dyad.figures),
            None => Cell::default(),
        });
        std::iter::once(cell(Style::Strong, format!("{} {one}", number + 1))).chain(cells).collect()
    });
    document.table(Table {
        header: std::iter::once(cell(Style::Strong, "")).chain(heads).collect(),
        align,
        rows: rows.collect(),
    });
    let marks = "· no shared member or function; + at least so much; ? the record does not tell whether they overlap";
    document.paragraph(vec![span(Style::Dim, marks)]);
    let others = snapshot.monads.len().saturating_sub(shown.len());
    if others > 0 {
        let text = format!("… and {others} more with less overlap or none: see --format csv");
        document.paragraph(vec![span(Style::Dim, text)]);
    }
}

fn number_of(figures: &Figures) -> Cell {
    match figures.overlaps {
        Overlaps::No => cell(Style::Dim, "·"),
        Overlaps::Yes => cell(Style::Overlap, figure(figures.weighted)),
        Overlaps::Unsure => cell(Style::Open, figure(figures.weighted)),
    }
}

/// The same where there is little room: the lowest value, marked where the record allows more.
fn short_of(figures: &Figures) -> Cell {
    match (figures.overlaps, figures.weighted.known()) {
        (Overlaps::No, _) | (_, Some(_)) => number_of(figures),
        (Overlaps::Unsure, None) => cell(Style::Open, "?"),
        (Overlaps::Yes, None) => cell(Style::Overlap, format!("{}+", number(figures.weighted.lowest))),
    }
}

fn pairs(document: &mut Document, snapshot: &Snapshot) {
    let some: Vec<&Dyad> = snapshot.dyads.iter().filter(|own| own.figures.overlaps != Overlaps::No).collect();
    if some.is_empty() {
        return;
    }
    document.heading(2, format!("Pairs that overlap, {}", some.len()));
    let heads = ["a and b", "members", "functions", "weighted", "a to b", "b to a"];
    let rows = some.iter().take(PAIRS).map(|own| {
        let figures = &own.figures;
        vec![
            cell(Style::Strong, format!("{} and {}", own.a, own.b)),
            cell(Style::Plain, parts(figures.shared_members, figures.members_a, figures.members_b)),
            cell(Style::Plain, parts(figures.shared_functions, figures.functions_a, figures.functions_b)),
            number_of(figures),
            cell(Style::Plain, figure(figures.a_to_b)),
            cell(Style::Plain, figure(figures.b_to_a)),
        ]
    });
    document.table(Table {
        header: heads.map(|head| cell(Style::Strong, head)).into(),
        align: vec![Align::Left, Align::Right, Align::Right, Align::Right, Align::Right, Align::Right],
        rows: rows.collect(),
    });
    let mut text = "Members and functions: shared, of a, of b.".to_owned();
    if some.len() > PAIRS {
        text.push_str(&format!(" {} more pairs: see --format csv.", some.len() - PAIRS));
    }
    document.paragraph(vec![span(Style::Dim, text)]);
}

fn parts(shared: usize, a: usize, b: usize) -> String {
    format!("{shared} of {a}, {b}")
}

fn ranking(document: &mut Document, snapshot: &Snapshot) {
    let heads = ["organisation", "overlaps with", "sum", "mean"];
    let rows = snapshot.monads.iter().map(|own| {
        vec![
            cell(Style::Strong, &own.line),
            cell(Style::Plain, format!("{} of {}", with(own), own.others)),
            cell(Style::Plain, figure(own.sum)),
            cell(Style::Plain, figure(own.mean)),
        ]
    });
    document.heading(2, "Each organisation against all others");
    document.table(Table {
        header: heads.map(|head| cell(Style::Strong, head)).into(),
        align: vec![Align::Left, Align::Right, Align::Right, Align::Right],
        rows: rows.collect(),
    });
}

fn with(own: &Monad) -> String {
    let most = own.overlapping + own.perhaps;
    if own.perhaps > 0 { format!("{} to {most}", own.overlapping) } else { most.to_string() }
}

fn over(document: &mut Document, series: &Series) {
    if series.dyads.is_empty() {
        document.paragraph(vec![plain("No two organisations can be compared on any day of these.")]);
        return;
    }
    for course in foremost_courses(series) {
        document.heading(2, format!("{} and {}", course.a, course.b));
        let heads = [
            "from".to_owned(),
            "until".to_owned(),
            "members".to_owned(),
            "functions".to_owned(),
            "weighted".to_owned(),
            format!("{} to {}", course.a, course.b),
            format!("{} to {}", course.b, course.a),
        ];
        let rows = course.spans.iter().take(SPANS).map(|own| {
            let figures = &own.figures;
            vec![
                cell(Style::Plain, own.from.to_string()),
                cell(Style::Plain, own.until.to_string()),
                cell(Style::Plain, parts(figures.shared_members, figures.members_a, figures.members_b)),
                cell(Style::Plain, parts(figures.shared_functions, figures.functions_a, figures.functions_b)),
                number_of(figures),
                cell(Style::Plain, figure(figures.a_to_b)),
                cell(Style::Plain, figure(figures.b_to_a)),
            ]
        });
        let mut align = vec![Align::Left; 2];
        align.resize(heads.len(), Align::Right);
        document.table(Table {
            header: heads.map(|head| cell(Style::Strong, head)).into(),
            align,
            rows: rows.collect(),
        });
        if course.spans.len() > SPANS {
            let more = format!("… and {} more stretches: see --format csv", course.spans.len() - SPANS);
            document.paragraph(vec![span(Style::Dim, more)]);
        }
    }
    let others = series.dyads.iter().filter(|own| own.peak().highest > 0.0).count().saturating_sub(COURSES);
    if others > 0 {
        let text = format!("… and {others} more pairs whose weighted overlap never rose as high: see --format csv");
        document.paragraph(vec![span(Style::Dim, text)]);
    }
}

/// The pairs that a page or a picture shows: those whose weighted overlap rose highest.
fn foremost_courses(series: &Series) -> Vec<&Course> {
    let mut courses: Vec<&Course> =
        series.dyads.iter().filter(|own| own.peak().highest > 0.0 || series.between.is_some()).collect();
    courses
        .sort_by(|one, two| descending(one.peak(), two.peak()).then_with(|| (&one.a, &one.b).cmp(&(&two.a, &two.b))));
    courses.truncate(COURSES);
    courses
}

/// What the numbers mean.
fn legend(overlap: &Overlap) -> Vec<Line> {
    let states = states(overlap);
    let points = [
        format!(
            "weighted: shared {states} by {states} of either, times shared functions by functions of either; 0 to 1"
        ),
        format!("a to b: the share of a's {states} that b has too, times the share of a's functions that b has too"),
        "sum and mean: of the directed measure from one organisation to every other that can be measured".to_owned(),
        "an organisation bears the name of the youngest in its line, on the days of its predecessors too".to_owned(),
        "two numbers (.10–.25): the record leaves something open; no value that it allows lies outside them".to_owned(),
        format!(
            "only {states} that the pack records count; definitions and departures from the literature: docs/overlap.md"
        ),
    ];
    points.map(|point| vec![plain(point)]).into()
}

/// What the states that count are called.
pub(super) fn states(overlap: &Overlap) -> &'static str {
    match overlap.counted {
        Counted::Members => "members",
        Counted::Parties => "parties",
    }
}

fn counted(overlap: &Overlap) -> String {
    let states = match overlap.counted {
        Counted::Members => "members of the organisation",
        Counted::Parties => "states bound by the instruments of its mandates",
    };
    let forces = if overlap.aims { "powers, duties and aims" } else { "powers and duties" };
    format!("{states}; functions of {forces} in force")
}

/// A range with two decimals: one number where the record settles it.
pub fn figure(range: Range) -> String {
    match (number(range.lowest), number(range.highest)) {
        (lowest, highest) if lowest == highest => lowest,
        (lowest, highest) => format!("{lowest}–{highest}"),
    }
}

/// A number with two decimals; none where it is nothing or one exactly.
fn number(value: f64) -> String {
    if value == 0.0 || value == 1.0 {
        return format!("{value}");
    }
    let text = format!("{value:.2}");
    text.strip_prefix('0').map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_say_what_is_open() {
        let range = |lowest, highest| Range { lowest, highest };
        for (lowest, highest, text) in
            [(0.0, 0.0, "0"), (0.25, 0.25, ".25"), (1.0, 1.0, "1"), (0.1, 1.0, ".10–1"), (0.001, 2.5, ".00–2.50")]
        {
            assert_eq!(figure(range(lowest, highest)), text);
        }
    }
}
