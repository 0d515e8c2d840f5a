//! The page of pivots: what hangs on single facts, what levers hold up, and what is still open.

use super::comparison::judged as how;
use super::document::{Align, Cell, Document, Line, Style, Table, cell, clip, listed, plain, span};
use super::repair::{warnings, word};
use crate::answer::report::{Evaluation, Judged};
use crate::ask::Free;
use crate::pivots::{LeverShare, PivotMove, Pivots};
use crate::research::{Decides, OpenFact, Research};

/// Rows that are shown before the rest is counted.
const SHOWN: usize = 16;

fn account(own: Option<&String>) -> String {
    own.map(|account| format!(" (account {account})")).unwrap_or_default()
}

/// The facts on which most answers hang.
pub fn pivots(document: &mut Document, evaluation: &Evaluation, found: &Pivots, all: bool) {
    document.heading(1, format!("What hangs on single facts? {}", evaluation.title));
    document.paragraph(vec![plain(format!(
        "{}, {}. Of {} answers (each cell on paper and available), so many move when one fact alone is taken away. {} \
         facts that arguments stand on move none alone: others stand in for them.",
        evaluation.scenario, evaluation.as_of, found.answers, found.others
    ))]);
    warnings(document, evaluation);
    if found.facts.is_empty() {
        document.paragraph(vec![plain("No answer hangs on one fact alone.")]);
        return;
    }
    let mut table = Table {
        header: ["moves", "fact", "what moves"].iter().map(|name| cell(Style::Strong, name)).collect(),
        align: vec![Align::Right],
        ..Table::default()
    };
    let shown = if all { found.facts.len() } else { found.facts.len().min(SHOWN) };
    for fact in found.facts.iter().take(shown) {
        let at = fact.locator.as_deref().map(|at| format!(", {at}")).unwrap_or_default();
        let source = fact.source.as_deref().map(|source| format!("[{source}{at}]")).unwrap_or_default();
        let mut said: Cell = vec![vec![plain(&fact.text)]];
        said.push(vec![span(Style::Code, &fact.fact), span(Style::Source, format!(" {source}"))]);
        table.rows.push(vec![cell(Style::Strong, fact.moves.len().to_string()), said, moves(&fact.moves, all)]);
    }
    document.table(table);
    more(document, found.facts.len() - shown);
}

fn more(document: &mut Document, hidden: usize) {
    if hidden > 0 {
        document.paragraph(vec![span(Style::Dim, format!("… and {hidden} more: --all"))]);
    }
}

/// Moves of one kind together: `gap → one-holder: cells`.
fn moves(moves: &[PivotMove], all: bool) -> Cell {
    let mut lines: Cell = Vec::new();
    let together = super::document::together(moves.iter().map(|own| {
        let turn = format!("{}: {} → {}", how(own.judged), word(own.was), word(own.now));
        (turn, format!("{}{}", own.cell, account(own.account.as_ref())))
    }));
    for (turn, cells) in together {
        let most = if all { cells.len() } else { 2 };
        lines.push(vec![span(Style::Strong, turn), plain(format!(": {}", listed(&cells, most)))]);
    }
    lines
}

/// The shares of the levers of a need.
pub fn shares(document: &mut Document, need: &str, judged: Judged, found: Option<&[LeverShare]>, looked_at: usize) {
    document.heading(2, format!("Levers of {need}, {}", how(judged)));
    let Some(found) = found else {
        document.paragraph(vec![plain(
            "Not counted: some of the changes are more than rows that come and go, or there are too many combinations.",
        )]);
        return;
    };
    if found.is_empty() {
        document
            .paragraph(vec![plain(format!("No combination of the {looked_at} changes looked at turns the answer."))]);
        return;
    }
    document.paragraph(vec![plain(format!(
        "Exact, over every combination of the {} changes, of {looked_at} looked at, that can turn the answer. They count \
         combinations, all alike: they are consequences of texts and rules, not chances.",
        found.len()
    ))]);
    let mut table = Table {
        header: ["Shapley", "Banzhaf", "change", "who would have to agree"]
            .iter()
            .map(|name| cell(Style::Strong, name))
            .collect(),
        align: vec![Align::Right, Align::Right],
        ..Table::default()
    };
    for own in found.iter().take(SHOWN) {
        let who: Vec<String> = own
            .consent
            .iter()
            .map(|one| if one.bar { format!("in the way: {}", clip(&one.who, 60)) } else { clip(&one.who, 60) })
            .collect();
        table.rows.push(vec![
            cell(Style::Plain, format!("{:.4}", own.shapley)),
            cell(Style::Plain, format!("{:.4}", own.banzhaf)),
            cell(Style::Plain, &own.change),
            cell(Style::Dim, listed(&who, 3)),
        ]);
    }
    document.table(table);
    if found.len() > SHOWN {
        document.paragraph(vec![span(
            Style::Dim,
            format!("… and {} with smaller shares (all in JSON)", found.len() - SHOWN),
        )]);
    }
}

/// What is still open, and what it could change.
pub fn research(document: &mut Document, evaluation: &Evaluation, found: &Research, all: bool) {
    document.heading(1, format!("Still open? {}", evaluation.title));
    let deciding = found.facts.iter().filter(|fact| !fact.decides.is_empty()).count();
    document.paragraph(vec![plain(format!(
        "{}, {}. {deciding} facts that are not settled could change an answer; {} more were asked for and change none.",
        evaluation.scenario,
        evaluation.as_of,
        found.idle.len()
    ))]);
    warnings(document, evaluation);
    let shown = if all { found.facts.len() } else { found.facts.len().min(SHOWN) };
    for (number, fact) in found.facts.iter().take(shown).enumerate() {
        document.heading(3, format!("{}. {}", number + 1, fact.says));
        document.list(points(fact, all));
    }
    more(document, found.facts.len() - shown);
    let most = if all { found.idle.len() } else { 8 };
    let mut idle: Vec<Line> = found.idle.iter().take(most).map(|says| vec![plain(says)]).collect();
    if found.idle.len() > most {
        idle.push(vec![span(Style::Dim, format!("… and {} more: --all", found.idle.len() - most))]);
    }
    document.section("Not settled, and it changes nothing here", idle);
    document.paragraph(vec![span(
        Style::Dim,
        "How often a fact alone decides counts combinations of the other open facts, all alike: no probability.",
    )]);
}

fn points(fact: &OpenFact, all: bool) -> Vec<Line> {
    let kind = match fact.kind {
        Free::Disputed => "sources differ",
        Free::Unknown | Free::Undecided | Free::Lever => "nobody says",
    };
    let mut points: Vec<Line> = vec![vec![span(Style::Dim, format!("{kind}: {}", fact.values.join(" or ")))]];
    let most = if all { fact.decides.len() } else { 4 };
    points.extend(fact.decides.iter().take(most).map(|own| decides(fact, own)));
    if fact.decides.len() > most {
        points.push(vec![span(Style::Dim, format!("… and {} more answers", fact.decides.len() - most))]);
    }
    if !fact.arguments.is_empty() {
        let most = if all { fact.arguments.len() } else { 3 };
        points.push(vec![plain(format!("arguments made under some values only: {}", listed(&fact.arguments, most)))]);
    }
    points
}

fn decides(fact: &OpenFact, own: &Decides) -> Line {
    let mut line = vec![
        span(Style::Strong, &own.cell),
        plain(format!("{}, {}: ", account(own.account.as_ref()), how(own.judged))),
    ];
    let values: Vec<String> = fact
        .values
        .iter()
        .zip(&own.by_value)
        .map(|(value, answers)| {
            let answers: Vec<&str> = answers.iter().map(|answer| word(Some(*answer))).collect();
            format!("{value}: {}", answers.join(" or "))
        })
        .collect();
    line.push(plain(values.join("; ")));
    line.push(span(Style::Dim, format!(" (alone decides in {:.0} % of combinations)", own.influence * 100.0)));
    line
}
