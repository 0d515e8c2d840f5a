//! The page of a timeline: each cell with its stretches, then the dates with what moved and what turned.

use std::collections::BTreeSet;

use super::cells::mark;
use super::chart;
use super::comparison::{cut, judged as how, step};
use super::document::{Cell, Document, Line, Style, Table, cell, clip, count, listed, plain, span, together};
use crate::compare::{Move, StepMove};
use crate::date::PartialDate;
use crate::timeline::{Change, Row, Stretch, Timeline, settled};

/// Facts of one date that are named before the rest is counted.
const FACTS: usize = 6;

/// What of a timeline is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Also the steps that move while the answer stays.
    pub steps: bool,
}

/// The page.
pub fn timeline(found: &Timeline, shown: &Shown) -> Document {
    let mut document = Document::default();
    document.heading(1, format!("{}: through time", found.title));
    document.card(card(found));
    document.paragraph(vec![span(
        Style::Dim,
        "The case goes with the day: attacker, requests and decisions are those of the scenario on every date, and the \
         affected states are taken to be there; only the world changes. What texts allow, not what would work or what anyone would do.",
    )]);
    if found.rows.is_empty() {
        document.paragraph(vec![plain("Nothing is needed on any day: there is no cell to follow.")]);
        return document;
    }
    document.picture(chart::timeline::timeline(found), chart::timeline::caption(found));
    for (account, rows) in accounts(found) {
        let title = account.map_or_else(|| "What each cell comes to".to_owned(), |id| format!("Account {id}"));
        document.heading(2, title);
        document.table(table(found, &rows));
    }
    dates(&mut document, found, shown);
    document
}

/// How far the record was checked, and that what is shown reaches further.
pub(super) fn checked(known: &str, until: Option<&str>) -> String {
    let last = |text: &str| PartialDate::parse(text).map(PartialDate::last);
    let further = until.and_then(last).is_some_and(|until| last(known).is_some_and(|known| until > known));
    let warning = if further { "; what lies after that was not checked" } else { "" };
    format!(", record checked until {known}{warning}")
}

fn card(found: &Timeline) -> Vec<(String, Line)> {
    let mut rows: Vec<(String, Line)> =
        vec![("Day".to_owned(), vec![plain(format!("{}, the scenario's own", found.date))])];
    let from = found.from.as_deref().unwrap_or("the beginning");
    let until = found.until.as_deref().unwrap_or("the last date that is read");
    rows.push(("Shown".to_owned(), vec![plain(format!("from {from} to {until}"))]));
    let lens = if found.lenses.is_empty() { "none: the record".to_owned() } else { found.lenses.join(", ") };
    rows.push(("Lens".to_owned(), vec![plain(lens)]));
    let version = found.pack_version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let known = found.known_until.as_deref().map(|known| checked(known, found.until.as_deref())).unwrap_or_default();
    rows.push(("Pack".to_owned(), vec![plain(format!("{}{version}{known}", found.pack))]));
    rows.push((
        "Evaluated".to_owned(),
        vec![plain(format!(
            "on {}: one for each stretch in which nothing that is read changes",
            count(found.evaluations, "day")
        ))],
    ));
    rows
}

fn accounts(found: &Timeline) -> Vec<(Option<&str>, Vec<&Row>)> {
    together(found.rows.iter().enumerate().map(|(index, row)| (row.account.as_deref(), index)))
        .into_iter()
        .map(|(account, rows)| (account, rows.into_iter().filter_map(|at| found.rows.get(at)).collect()))
        .collect()
}

fn table(found: &Timeline, rows: &[&Row]) -> Table {
    let several = found.rows.iter().map(|row| &row.case).collect::<BTreeSet<_>>().len() > 1;
    let mut header = vec![cell(Style::Strong, "need"), cell(Style::Strong, "for")];
    header.extend(["on paper", "available"].map(|title| cell(Style::Strong, title)));
    let first = found.from.as_deref().unwrap_or("at first  ");
    let rows = rows.iter().map(|row| {
        let mut need = cell(Style::Strong, &row.function);
        if several {
            need.push(vec![span(Style::Dim, format!("({})", row.case))]);
        }
        vec![need, cell(Style::Plain, &row.state), stretches(&row.on_paper, first), stretches(&row.available, first)]
    });
    Table { header, align: Vec::new(), rows: rows.collect() }
}

/// One line per stretch: since when, the answer, and who passes.
fn stretches(stretches: &[Stretch], first: &str) -> Cell {
    let mut lines: Cell = Vec::new();
    let mut until: Option<String> = None;
    for own in settled(stretches) {
        if let Some(day) = until.filter(|day| Some(day) != own.from.as_ref()) {
            lines.push(vec![span(Style::Dim, format!("{day} ")), plain("not needed")]);
        }
        let mut line = vec![span(Style::Dim, format!("{} ", own.from.as_deref().unwrap_or(first))), mark(own.answer)];
        if !own.lines.is_empty() {
            line.push(plain(format!(" {}", listed(&own.lines, 3))));
        }
        lines.push(line);
        until = own.until;
    }
    if let Some(day) = until {
        lines.push(vec![span(Style::Dim, format!("{day} ")), plain("not needed")]);
    }
    if lines.is_empty() {
        return cell(Style::Dim, "not needed");
    }
    lines
}

fn dates(document: &mut Document, found: &Timeline, shown: &Shown) {
    let listed: Vec<&Change> = found.changes.iter().filter(|change| shown.steps || change.shows()).collect();
    document.heading(2, "What changed when, and what opened it");
    if listed.is_empty() {
        document.paragraph(vec![plain("No answer moves on any date.")]);
    }
    for change in &listed {
        document.heading(3, &change.date);
        document.list(facts(change));
        moves(document, found, change);
        for one in &change.only {
            let told = one.account.as_deref().map(|id| format!(" (account {id})")).unwrap_or_default();
            let word = if one.second { "is needed from here on" } else { "is needed no longer" };
            document.paragraph(vec![span(Style::Strong, &one.cell), plain(format!("{told} {word}"))]);
        }
        if shown.steps {
            let mut points: Vec<Line> = Vec::new();
            for one in &change.within {
                let told = one.account.as_deref().map(|id| format!(" (account {id})")).unwrap_or_default();
                points.extend(one.steps.iter().map(|own| {
                    [vec![span(Style::Strong, &one.cell), plain(format!("{told}, inside: "))], step(own)].concat()
                }));
            }
            cut(&mut points);
            document.list(points);
        }
    }
    let mut rest = Vec::new();
    let hidden = found.changes.len() - listed.len();
    if hidden > 0 {
        rest.push(format!("{hidden} more dates move a step and no answer (--steps lists them)"));
    }
    if found.quiet > 0 {
        rest.push(format!("on {} more something that is read changes and no step moves", found.quiet));
    }
    if !rest.is_empty() {
        document.paragraph(vec![span(Style::Dim, format!("{}.", rest.join("; ")))]);
    }
}

/// Moves of which the same is said are told together, and steps that were told are not told again.
fn moves(document: &mut Document, found: &Timeline, change: &Change) {
    let place = |one: &Move| {
        found.rows.iter().position(|row| {
            one.cell == format!("{}/{}/{}", row.case, row.state, row.function)
                && (one.account.is_none() || one.account == row.account)
        })
    };
    let mut sorted: Vec<&Move> = change.moves.iter().collect();
    sorted.sort_by_key(|one| (place(one), one.judged));
    let said = sorted.into_iter().map(|one| {
        let cell = (one.cell.as_str(), one.account.as_deref());
        ((one.was, one.now, &one.gained, &one.lost, &one.depends_on, &one.because), (cell, one.judged))
    });
    let mut told: Vec<&[StepMove]> = Vec::new();
    for ((was, now, gained, lost, depends_on, because), cells) in together(said) {
        let by_cell = together(cells).into_iter().map(|(cell, judged)| (judged, cell));
        let mut line: Line = Vec::new();
        for (judged, cells) in together(by_cell) {
            if !line.is_empty() {
                line.push(plain("; "));
            }
            let cells: Vec<String> = cells
                .iter()
                .map(|(cell, account)| {
                    account.map_or_else(|| (*cell).to_owned(), |id| format!("{cell} (account {id})"))
                })
                .collect();
            line.push(span(Style::Strong, cells.join(", ")));
            let judged: Vec<&str> = judged.into_iter().map(how).collect();
            line.push(plain(format!(", {}", judged.join(" and "))));
        }
        line.push(plain(": "));
        line.push(mark(was));
        line.push(plain(" → "));
        line.push(mark(now));
        if !gained.is_empty() {
            line.push(plain(format!("; gains {}", gained.join(", "))));
        }
        if !lost.is_empty() {
            line.push(plain(format!("; loses {}", lost.join(", "))));
        }
        if !depends_on.is_empty() {
            line.push(plain(format!("; hangs on {}", clip(&listed(depends_on, 2), 200))));
        }
        document.paragraph(line);
        if told.contains(&because.as_slice()) {
            document.list(vec![vec![span(Style::Dim, "by the same steps")]]);
            continue;
        }
        told.push(because);
        let mut points: Vec<Line> = because.iter().map(step).collect();
        cut(&mut points);
        document.list(points);
    }
}

fn facts(change: &Change) -> Vec<Line> {
    let behind: Vec<_> = change.facts.iter().filter(|fact| fact.behind).collect();
    let mut points: Vec<Line> = behind
        .iter()
        .take(FACTS)
        .map(|fact| {
            let mut line = vec![plain(clip(&fact.text, 160))];
            if let Some(source) = &fact.source {
                let at = fact.locator.as_deref().map(|at| format!(", {}", clip(at, 60))).unwrap_or_default();
                line.push(span(Style::Source, format!(" [{source}{at}]")));
            }
            line
        })
        .collect();
    let more = behind.len().saturating_sub(FACTS);
    let beside = change.facts.len() - behind.len();
    if more > 0 {
        points.push(vec![span(Style::Dim, format!("… and {more} more of the same (all in --format json)"))]);
    }
    if beside > 0 {
        points.push(vec![span(
            Style::Dim,
            format!("{beside} more facts that are read turn on this day and speak of others"),
        )]);
    }
    points
}

/// One line per stretch of each cell.
pub fn csv(found: &Timeline) -> String {
    let mut text = "scenario,case,account,state,function,judged,from,until,answer,lines,undecided\n".to_owned();
    for row in &found.rows {
        for (how, stretches) in [("on-paper", &row.on_paper), ("available", &row.available)] {
            for own in stretches {
                let fields = [
                    found.scenario.as_str(),
                    &row.case,
                    row.account.as_deref().unwrap_or_default(),
                    &row.state,
                    &row.function,
                    how,
                    own.from.as_deref().unwrap_or_default(),
                    own.until.as_deref().unwrap_or_default(),
                    own.answer.as_str(),
                    &own.lines.join(" "),
                    &own.undecided.join(" "),
                ];
                text.push_str(&fields.map(quoted).join(","));
                text.push('\n');
            }
        }
    }
    text
}

/// A field of a table, in quotes where it needs them.
pub(super) fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}
