//! Rival accounts of a case: what holds in all of them comes before what does not.

use super::cells::Column;
use super::document::{Line, Style, plain, span};
use crate::answer::report::{CaseResult, NeedResult, StateResult};

/// How an account is called.
pub(super) fn account(case: &CaseResult) -> String {
    case.account_name.clone().or_else(|| case.account.clone()).unwrap_or_else(|| "all accounts".to_owned())
}

/// What any of the accounts needs, in order.
pub(super) fn functions<'a>(accounts: &[&'a CaseResult]) -> Vec<&'a str> {
    let mut functions: Vec<&str> = Vec::new();
    for need in accounts.iter().flat_map(|case| &case.needs) {
        if !functions.contains(&need.function.as_str()) {
            functions.push(&need.function);
        }
    }
    functions
}

/// Whether two accounts come to the same: threat, needs and answers.
pub(super) fn same(one: &CaseResult, other: &CaseResult) -> bool {
    one.no_case == other.no_case
        && one.threat == other.threat
        && one.affected == other.affected
        && one.needs.len() == other.needs.len()
        && one.needs.iter().zip(&other.needs).all(|(one, other)| same_need(one, other, None))
}

/// Whether a need comes to the same, in the columns that are shown.
fn same_need(one: &NeedResult, other: &NeedResult, reveal: Option<Column>) -> bool {
    let shows = |column: Column| reveal.is_none_or(|only| only == column);
    let same_state = |one: &StateResult, other: &StateResult| {
        one.state == other.state
            && (!shows(Column::Paper) || one.on_paper.answer == other.on_paper.answer)
            && (!shows(Column::Available) || one.available.answer == other.available.answer)
            && (!shows(Column::Used) || one.used == other.used)
    };
    (&one.function, one.assumed, one.contested) == (&other.function, other.assumed, other.contested)
        && one.states.len() == other.states.len()
        && one.states.iter().zip(&other.states).all(|(one, other)| same_state(one, other))
}

/// What holds in all accounts, before they stand side by side.
pub(super) fn agreement(accounts: &[&CaseResult], reveal: Option<Column>) -> Line {
    let (alike, apart): (Vec<&str>, Vec<&str>) = functions(accounts).into_iter().partition(|function| {
        let needs: Vec<_> =
            accounts.iter().map(|case| case.needs.iter().find(|need| need.function == *function)).collect();
        let first = needs.first().copied().flatten();
        needs.iter().all(|need| match (first, need) {
            (Some(first), Some(need)) => same_need(first, need, reveal),
            _ => false,
        })
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
