//! The matrix of a case: what it needs, in whose territory, and which of the five answers comes out.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Align, Cell, Document, Line, Span, Style, Table, cell, clip, listed, plain, span};
use super::page::Column;
use crate::answer::AnswerKind;
use crate::answer::report::{CaseResult, HolderResult, Judgement, NeedResult, StateResult, StepKind, Used};
use crate::world::{Level, Step};

/// Rows and columns that fit a projector without scrolling.
const MOST: usize = 8;

/// One case under every account: one matrix where the accounts agree or can stand side by side, else one each.
pub(super) fn matrix(document: &mut Document, accounts: &[&CaseResult], reveal: Option<Column>) {
    let Some(first) = accounts.first() else { return };
    if accounts.iter().all(|case| same(first, case)) {
        if accounts.len() > 1 {
            document.paragraph(vec![
                span(Style::Strong, "All accounts"),
                plain(": what comes out is the same."),
            ]);
        }
        return one(document, first, reveal);
    }
    document.paragraph(agreement(accounts, reveal));
    document.blank();
    let columns: Vec<Place<'_>> = accounts.iter().flat_map(|case| places(case, true)).collect();
    if columns.len() <= MOST {
        return side_by_side(document, accounts, &columns, reveal);
    }
    for case in accounts {
        document.heading(3, account(case));
        one(document, case, reveal);
    }
}

/// How an account is called.
pub(super) fn account(case: &CaseResult) -> String {
    case.account_name
        .clone()
        .or_else(|| case.account.clone())
        .unwrap_or_else(|| "all accounts".to_owned())
}

/// The symbol and the word for an answer; the word alone says it.
pub(super) fn mark(answer: AnswerKind) -> Span {
    let (symbol, style) = look(answer);
    span(
        style,
        format!("{symbol}\u{a0}{}", word(answer).replace(' ', "\u{a0}")),
    )
}

/// The word for an answer.
pub(super) fn word(answer: AnswerKind) -> &'static str {
    match answer {
        AnswerKind::OneHolder => "one holder",
        other => other.as_str(),
    }
}

/// The symbol and the style of an answer.
pub(super) fn look(answer: AnswerKind) -> (char, Style) {
    match answer {
        AnswerKind::OneHolder => ('●', Style::Good),
        AnswerKind::Overlap => ('◎', Style::Overlap),
        AnswerKind::Gap => ('○', Style::Gap),
        AnswerKind::Contested => ('◐', Style::Contested),
        AnswerKind::Open => ('?', Style::Open),
    }
}

/// A column of the matrix: a state under one account; no state where the account has no case.
struct Place<'a> {
    case: &'a CaseResult,
    state: Option<&'a str>,
    account: bool,
}

fn places(case: &CaseResult, account: bool) -> Vec<Place<'_>> {
    if case.affected.is_empty() {
        return vec![Place {
            case,
            state: None,
            account,
        }];
    }
    case.affected
        .iter()
        .map(|state| Place {
            case,
            state: Some(state),
            account,
        })
        .collect()
}

fn one(document: &mut Document, case: &CaseResult, reveal: Option<Column>) {
    if case.no_case {
        document.paragraph(vec![plain(
            "There is no case in this account: nothing is needed.",
        )]);
    } else if case.needs.is_empty() {
        document.paragraph(vec![plain(
            "Nothing is needed: neither the case nor its threat calls for a function.",
        )]);
    } else if let [state] = case.affected.as_slice() {
        single(document, case, state, reveal);
    } else {
        side_by_side(document, &[case], &places(case, false), reveal);
    }
}

/// One affected state: a row per need, and the line that comes nearest.
fn single(document: &mut Document, case: &CaseResult, state: &str, reveal: Option<Column>) {
    let shows = |column: Column| reveal.is_none_or(|only| only == column);
    let mut header = vec![cell(Style::Strong, "need")];
    for (column, title) in [
        (Column::Paper, "on paper"),
        (Column::Available, "available"),
        (Column::Used, "used"),
    ] {
        if shows(column) {
            header.push(cell(Style::Strong, title));
        }
    }
    let nearest_shown = reveal != Some(Column::Used);
    if nearest_shown {
        header.push(cell(Style::Strong, "nearest line"));
    }
    let mut rows = Vec::new();
    for need in case.needs.iter().take(MOST) {
        let result = need.states.iter().find(|own| own.state == state);
        let mut row = vec![vec![name(need)]];
        let answer = |judgement: Option<&Judgement>| -> Cell {
            vec![vec![judgement.map_or_else(
                || span(Style::Dim, "–"),
                |judgement| mark(judgement.answer),
            )]]
        };
        if shows(Column::Paper) {
            row.push(answer(result.map(|result| &result.on_paper)));
        }
        if shows(Column::Available) {
            row.push(answer(result.map(|result| &result.available)));
        }
        if shows(Column::Used) {
            row.push(cell(Style::Plain, result.map_or("–", |result| used(result.used))));
        }
        if nearest_shown {
            let text = result.map(|result| nearest(result, reveal)).unwrap_or_default();
            row.push(cell(Style::Plain, clip(&text, 60)));
        }
        rows.push(row);
    }
    document.table(Table {
        header,
        align: Vec::new(),
        rows,
    });
    left_out(document, case.needs.len(), 0);
}

/// Several states or accounts: a column each; on paper stands above available.
fn side_by_side(
    document: &mut Document,
    accounts: &[&CaseResult],
    columns: &[Place<'_>],
    reveal: Option<Column>,
) {
    let shown: Vec<&Place<'_>> = columns.iter().take(MOST).collect();
    // Beyond five columns the words need the room: what each line of a cell is, is then said once above.
    let tight = shown.len() > 5;
    let functions = functions(accounts);
    let needed = functions.len();
    let judged: Vec<&str> = match reveal {
        None => vec!["on paper", "available"],
        Some(Column::Paper) => vec!["on paper"],
        Some(Column::Available) => vec!["available"],
        Some(Column::Used) => Vec::new(),
    };
    if tight && judged.len() > 1 {
        document.paragraph(vec![span(
            Style::Dim,
            "In each cell: on paper above, available below.",
        )]);
    }
    let with_used = reveal.is_none() && !tight || reveal == Some(Column::Used);
    let mut header: Vec<Cell> = vec![cell(Style::Strong, "need")];
    if !tight && !judged.is_empty() {
        header.push(cell(Style::Strong, "judged"));
    }
    if !judged.is_empty() {
        header.extend(shown.iter().map(|place| head(place)));
    }
    if with_used {
        header.push(cell(Style::Strong, "used"));
    }
    let mut rows = Vec::new();
    for function in functions.iter().take(MOST) {
        let needs: Vec<&NeedResult> = accounts
            .iter()
            .flat_map(|case| &case.needs)
            .filter(|need| need.function == *function)
            .collect();
        let mut row: Vec<Cell> = vec![two_lines(function, &needs)];
        if !tight && !judged.is_empty() {
            row.push(
                judged
                    .iter()
                    .map(|judged| vec![span(Style::Dim, judged)])
                    .collect(),
            );
        }
        if !judged.is_empty() {
            row.extend(shown.iter().map(|place| answers(place, function, &judged, tight)));
        }
        if with_used {
            row.push(vec![vec![plain(used_by(&needs))]]);
        }
        rows.push(row);
    }
    document.table(Table {
        header,
        align: vec![Align::Left],
        rows,
    });
    if tight && reveal.is_none() {
        let mut by_word: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for function in &functions {
            let needs: Vec<&NeedResult> = accounts
                .iter()
                .flat_map(|case| &case.needs)
                .filter(|need| need.function == *function)
                .collect();
            by_word.entry(used_by(&needs)).or_default().push(function);
        }
        let said = by_word
            .into_iter()
            .map(|(word, functions)| match functions.len() {
                count if count == needed => format!("{word}, for any of them"),
                _ => format!("{word} for {}", functions.join(", ")),
            });
        let said: Vec<String> = said.collect();
        document.paragraph(vec![span(Style::Strong, "Used: "), plain(said.join("; "))]);
    }
    left_out(document, functions.len(), columns.len());
}

/// What any of the accounts needs, in order.
fn functions<'a>(accounts: &[&'a CaseResult]) -> Vec<&'a str> {
    let mut functions: Vec<&str> = Vec::new();
    for need in accounts.iter().flat_map(|case| &case.needs) {
        if !functions.contains(&need.function.as_str()) {
            functions.push(&need.function);
        }
    }
    functions
}

fn head(place: &Place<'_>) -> Cell {
    let mut lines = Vec::new();
    if place.account {
        lines.push(vec![span(
            Style::Strong,
            place.case.account.as_deref().unwrap_or("all accounts"),
        )]);
    }
    lines.push(vec![span(Style::Strong, place.state.unwrap_or("no case"))]);
    lines
}

fn answers(place: &Place<'_>, function: &str, judged: &[&str], tight: bool) -> Cell {
    let need = place.case.needs.iter().find(|need| need.function == function);
    let result = need.and_then(|need| {
        need.states
            .iter()
            .find(|result| Some(result.state.as_str()) == place.state)
    });
    let Some(result) = result else {
        return cell(
            Style::Dim,
            if place.state.is_none() {
                "–"
            } else {
                "not\u{a0}needed"
            },
        );
    };
    judged
        .iter()
        .map(|judged| {
            let judgement = if *judged == "on paper" {
                &result.on_paper
            } else {
                &result.available
            };
            let mut mark = mark(judgement.answer);
            if tight {
                mark.text = mark.text.replace("one\u{a0}holder", "one").replace('\u{a0}', "");
            }
            vec![mark]
        })
        .collect()
}

fn more(count: usize, what: &str) -> String {
    format!("{count} more {what}{}", if count == 1 { "" } else { "s" })
}

fn left_out(document: &mut Document, needs: usize, columns: usize) {
    let mut parts = Vec::new();
    if needs > MOST {
        parts.push(more(needs - MOST, "need"));
    }
    if columns > MOST {
        parts.push(more(columns - MOST, "column"));
    }
    if !parts.is_empty() {
        let text = format!("… and {}, left out here: see --format json", parts.join(" and "));
        document.paragraph(vec![span(Style::Dim, text)]);
    }
}

fn name(need: &NeedResult) -> Line {
    let mut line = vec![span(Style::Strong, &need.function)];
    if need.assumed {
        line.push(plain(" (assumed)"));
    }
    if need.contested {
        line.push(span(Style::Contested, " (contested)"));
    }
    line
}

/// The need, and below it what is said of it in every account, or in some.
fn two_lines(function: &str, needs: &[&NeedResult]) -> Cell {
    let mut lines = vec![vec![span(Style::Strong, function)]];
    let mut remarks = Vec::new();
    for (word, of) in [
        (
            "assumed",
            &(|need: &NeedResult| need.assumed) as &dyn Fn(&NeedResult) -> bool,
        ),
        ("contested", &|need| need.contested),
    ] {
        if needs.iter().any(|need| of(need)) {
            remarks.push(word);
        }
    }
    if !remarks.is_empty() {
        lines.push(vec![plain(format!("({})", remarks.join(", ")))]);
    }
    lines
}

/// The word for whether something was used.
pub(super) fn used(used: Used) -> &'static str {
    match used {
        Used::Yes => "yes",
        Used::No => "no",
        Used::NotRecorded => "not\u{a0}recorded",
    }
}

fn used_by(needs: &[&NeedResult]) -> String {
    let values: BTreeSet<Used> = needs
        .iter()
        .flat_map(|need| &need.states)
        .map(|state| state.used)
        .collect();
    match values.into_iter().collect::<Vec<_>>().as_slice() {
        [] => "–".to_owned(),
        [only] => used(*only).to_owned(),
        _ => {
            let each: BTreeSet<String> = needs
                .iter()
                .flat_map(|need| &need.states)
                .map(|state| format!("{} {}", state.state, used(state.used)))
                .collect();
            each.into_iter().collect::<Vec<_>>().join(", ")
        }
    }
}

/// Whether two accounts come to the same: threat, needs and answers.
fn same(one: &CaseResult, other: &CaseResult) -> bool {
    let shape =
        |case: &CaseResult| -> Vec<(String, bool, bool, Vec<(String, AnswerKind, AnswerKind, Used)>)> {
            let states = |need: &NeedResult| {
                need.states
                    .iter()
                    .map(|state| {
                        (
                            state.state.clone(),
                            state.on_paper.answer,
                            state.available.answer,
                            state.used,
                        )
                    })
                    .collect()
            };
            case.needs
                .iter()
                .map(|need| (need.function.clone(), need.assumed, need.contested, states(need)))
                .collect()
        };
    one.no_case == other.no_case
        && one.threat == other.threat
        && one.affected == other.affected
        && shape(one) == shape(other)
}

/// What holds in all accounts, before they stand side by side.
fn agreement(accounts: &[&CaseResult], reveal: Option<Column>) -> Line {
    let functions = functions(accounts);
    let outcome = |case: &CaseResult,
                   function: &str|
     -> Option<Vec<(String, Option<AnswerKind>, Option<AnswerKind>, Option<Used>)>> {
        let need = case.needs.iter().find(|need| need.function == function)?;
        let shows = |column: Column| reveal.is_none_or(|only| only == column);
        Some(
            need.states
                .iter()
                .map(|state| {
                    let paper = shows(Column::Paper).then_some(state.on_paper.answer);
                    let available = shows(Column::Available).then_some(state.available.answer);
                    (
                        state.state.clone(),
                        paper,
                        available,
                        shows(Column::Used).then_some(state.used),
                    )
                })
                .collect(),
        )
    };
    let (alike, apart): (Vec<&str>, Vec<&str>) = functions.into_iter().partition(|function| {
        let outcomes: Vec<_> = accounts.iter().map(|case| outcome(case, function)).collect();
        outcomes
            .iter()
            .all(|one| one.is_some() && Some(one) == outcomes.first())
    });
    let mut line = vec![span(Style::Strong, "In all accounts")];
    if alike.is_empty() {
        line.push(plain(": nothing comes out the same."));
    } else {
        line.push(plain(format!(": the same for {}.", alike.join(", "))));
    }
    if !apart.is_empty() {
        line.push(plain(format!(" They differ on {}.", apart.join(", "))));
    }
    line
}

/// Who answers, or who comes nearest and where it stops.
fn nearest(result: &StateResult, reveal: Option<Column>) -> String {
    let paper = reveal == Some(Column::Paper);
    let (judgement, range) = if paper {
        (&result.on_paper, Step::ON_PAPER)
    } else {
        (&result.available, Step::ALL)
    };
    match judgement.answer {
        AnswerKind::OneHolder | AnswerKind::Overlap => {
            let mut text = listed(&judgement.lines, 5);
            if judgement.answer == AnswerKind::OneHolder && !judgement.undecided.is_empty() {
                text.push_str(&format!(
                    "; second undecided: {}",
                    listed(&judgement.undecided, 2)
                ));
            }
            text
        }
        AnswerKind::Gap => {
            let stopped = result
                .holders
                .iter()
                .filter(|holder| answers_as_line(holder))
                .filter_map(|holder| Some((holder, step_where(holder, range, StepKind::Stops)?)))
                .max_by_key(|(holder, step)| (*step, std::cmp::Reverse(&holder.holder)));
            stopped.map_or_else(
                || "no text".to_owned(),
                |(holder, step)| format!("{} stops at {step}", holder.holder),
            )
        }
        AnswerKind::Contested | AnswerKind::Open => {
            let mut parts: Vec<String> = Vec::new();
            for line in &judgement.undecided {
                let found = result
                    .holders
                    .iter()
                    .filter(|holder| holder.line == *line)
                    .find_map(|holder| {
                        let open = step_where(holder, range, StepKind::Open).map(|step| ("open", step));
                        let (word, step) = open.or_else(|| {
                            Some(("contested", step_where(holder, range, StepKind::Contested)?))
                        })?;
                        Some(format!("{} {word} at {step}", holder.holder))
                    });
                parts.push(found.unwrap_or_else(|| line.clone()));
            }
            if !judgement.lines.is_empty() {
                parts = vec![format!(
                    "{} passes, {}",
                    listed(&judgement.lines, 2),
                    listed(&parts, 1)
                )];
            }
            listed(&parts, 1)
        }
    }
}

/// Whether a holder counts for the five answers.
pub(super) fn answers_as_line(holder: &HolderResult) -> bool {
    matches!(holder.level, Level::Regional | Level::Universal)
}

/// The first step of a range that comes to this.
pub(super) fn step_where(holder: &HolderResult, range: &[Step], kind: StepKind) -> Option<Step> {
    holder
        .steps
        .iter()
        .find(|step| range.contains(&step.step) && step.result == kind)
        .map(|step| step.step)
}
