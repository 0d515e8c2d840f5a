//! Rival accounts of a case: what holds in all of them comes before what does not.

use super::document::{Line, Style, plain, span};
use super::page::Column;
use crate::answer::AnswerKind;
use crate::answer::report::{CaseResult, NeedResult, Used};

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
    let shape = |case: &CaseResult| -> Vec<(String, bool, bool, Vec<(String, AnswerKind, AnswerKind, Used)>)> {
        let states = |need: &NeedResult| {
            need.states
                .iter()
                .map(|state| (state.state.clone(), state.on_paper.answer, state.available.answer, state.used))
                .collect()
        };
        case.needs.iter().map(|need| (need.function.clone(), need.assumed, need.contested, states(need))).collect()
    };
    one.no_case == other.no_case
        && one.threat == other.threat
        && one.affected == other.affected
        && shape(one) == shape(other)
}

/// What holds in all accounts, before they stand side by side.
pub(super) fn agreement(accounts: &[&CaseResult], reveal: Option<Column>) -> Line {
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
                    (state.state.clone(), paper, available, shows(Column::Used).then_some(state.used))
                })
                .collect(),
        )
    };
    let (alike, apart): (Vec<&str>, Vec<&str>) = functions.into_iter().partition(|function| {
        let outcomes: Vec<_> = accounts.iter().map(|case| outcome(case, function)).collect();
        outcomes.iter().all(|one| one.is_some() && Some(one) == outcomes.first())
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
