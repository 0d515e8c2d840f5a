//! The matrix of a case: what it needs, in whose territory, and which of the five answers comes out.

use std::collections::BTreeMap;

use super::accounts::{account, agreement, functions, same};
use super::cells::Column;
use super::cells::{mark, nearest, used, used_by};
use super::document::{Align, Cell, Document, Line, Style, Table, cell, clip, plain, span};
use crate::answer::report::{CaseResult, Judgement, NeedResult};

/// Rows and columns that fit a projector without scrolling.
const MOST: usize = 8;

/// One case under every account: one matrix where the accounts agree or can stand side by side, else one each.
pub(super) fn matrix(document: &mut Document, accounts: &[&CaseResult], reveal: Option<Column>) {
    let Some(first) = accounts.first() else { return };
    if accounts.iter().all(|case| same(first, case)) {
        if accounts.len() > 1 {
            document.paragraph(vec![span(Style::Strong, "All accounts"), plain(": what comes out is the same.")]);
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

/// A column of the matrix: a state under one account; no state where the account has no case.
struct Place<'a> {
    case: &'a CaseResult,
    state: Option<&'a str>,
    account: bool,
}

fn places(case: &CaseResult, account: bool) -> Vec<Place<'_>> {
    if case.affected.is_empty() {
        return vec![Place { case, state: None, account }];
    }
    case.affected.iter().map(|state| Place { case, state: Some(state), account }).collect()
}

fn one(document: &mut Document, case: &CaseResult, reveal: Option<Column>) {
    if case.no_case {
        document.paragraph(vec![plain("There is no case in this account: nothing is needed.")]);
    } else if case.needs.is_empty() {
        document.paragraph(vec![plain("Nothing is needed: neither the case nor its threat calls for a function.")]);
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
    for (column, title) in [(Column::Paper, "on paper"), (Column::Available, "available"), (Column::Used, "used")] {
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
            vec![vec![judgement.map_or_else(|| span(Style::Dim, "–"), |judgement| mark(judgement.answer))]]
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
    document.table(Table { header, align: Vec::new(), rows });
    left_out(document, case.needs.len(), 0);
}

/// Several states or accounts: a column each; on paper stands above available.
fn side_by_side(document: &mut Document, accounts: &[&CaseResult], columns: &[Place<'_>], reveal: Option<Column>) {
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
        document.paragraph(vec![span(Style::Dim, "In each cell: on paper above, available below.")]);
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
        let needs: Vec<&NeedResult> =
            accounts.iter().flat_map(|case| &case.needs).filter(|need| need.function == *function).collect();
        let mut row: Vec<Cell> = vec![two_lines(function, &needs)];
        if !tight && !judged.is_empty() {
            row.push(judged.iter().map(|judged| vec![span(Style::Dim, judged)]).collect());
        }
        if !judged.is_empty() {
            row.extend(shown.iter().map(|place| answers(place, function, &judged, tight)));
        }
        if with_used {
            row.push(vec![vec![plain(used_by(&needs))]]);
        }
        rows.push(row);
    }
    document.table(Table { header, align: vec![Align::Left], rows });
    if tight && reveal.is_none() {
        let mut by_word: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for function in &functions {
            let needs: Vec<&NeedResult> =
                accounts.iter().flat_map(|case| &case.needs).filter(|need| need.function == *function).collect();
            by_word.entry(used_by(&needs)).or_default().push(function);
        }
        let said = by_word.into_iter().map(|(word, functions)| match functions.len() {
            count if count == needed => format!("{word}, for any of them"),
            _ => format!("{word} for {}", functions.join(", ")),
        });
        let said: Vec<String> = said.collect();
        document.paragraph(vec![span(Style::Strong, "Used: "), plain(said.join("; "))]);
    }
    left_out(document, functions.len(), columns.len());
}

fn head(place: &Place<'_>) -> Cell {
    let mut lines = Vec::new();
    if place.account {
        lines.push(vec![span(Style::Strong, place.case.account.as_deref().unwrap_or("all accounts"))]);
    }
    lines.push(vec![span(Style::Strong, place.state.unwrap_or("no case"))]);
    lines
}

fn answers(place: &Place<'_>, function: &str, judged: &[&str], tight: bool) -> Cell {
    let need = place.case.needs.iter().find(|need| need.function == function);
    let result = need.and_then(|need| need.states.iter().find(|result| Some(result.state.as_str()) == place.state));
    let Some(result) = result else {
        return cell(Style::Dim, if place.state.is_none() { "–" } else { "not\u{a0}needed" });
    };
    judged
        .iter()
        .map(|judged| {
            let judgement = if *judged == "on paper" { &result.on_paper } else { &result.available };
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
        ("assumed", &(|need: &NeedResult| need.assumed) as &dyn Fn(&NeedResult) -> bool),
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
