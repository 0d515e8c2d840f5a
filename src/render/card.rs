//! The card at the head of a page: what was asked, of whom, when, and how far the record goes.

use super::accounts::account;
use super::document::{Line, listed, plain};
use crate::answer::report::{CaseResult, Evaluation};

/// The rows of the card.
pub(super) fn card(evaluation: &Evaluation, cases: &[Vec<&CaseResult>]) -> Vec<(String, Line)> {
    let mut rows: Vec<(String, Line)> = Vec::new();
    let mut row = |key: &str, text: String| rows.push((key.to_owned(), vec![plain(text)]));
    let stretches = match evaluation.days.len() {
        0 | 1 => String::new(),
        several => format!(" (asked over {several} stretches of it)"),
    };
    row("Day", format!("{}{stretches}", evaluation.as_of));
    match cases {
        [accounts] => {
            // An account's own text stands with the account.
            let text = accounts.first().and_then(|case| case.text.as_deref()).filter(|_| accounts.len() == 1);
            let id = accounts.first().map(|case| case.id.as_str()).unwrap_or_default();
            let contested = if accounts.iter().any(|case| case.contested) { " (the event is contested)" } else { "" };
            row("Case", format!("{}{contested}", text.unwrap_or(id).trim()));
        }
        [] => row("Case", "none".to_owned()),
        several => row("Cases", format!("{}, each below", several.len())),
    }
    let known: Vec<&CaseResult> = cases.iter().flatten().copied().filter(|case| !case.no_case).collect();
    let threats: Vec<&str> = in_order(known.iter().map(|case| case.threat.as_str()));
    if !threats.is_empty() {
        row("Threat", listed(&threats, 6));
    }
    let affected: Vec<&str> = in_order(known.iter().flat_map(|case| &case.affected).map(String::as_str));
    if !affected.is_empty() {
        row("Affected", affected.iter().map(|state| named(evaluation, state)).collect::<Vec<_>>().join(", "));
    }
    let parties: Vec<&str> = in_order(known.iter().flat_map(|case| &case.parties).map(String::as_str));
    if !parties.is_empty() {
        row("Parties", parties.join(", "));
    }
    for case in cases.iter().filter(|accounts| accounts.len() > 1).flatten() {
        let what = if case.no_case {
            "no case".to_owned()
        } else {
            format!("{}. {}", case.threat, case.text.as_deref().unwrap_or_default())
        };
        let id = case.account.as_deref().unwrap_or_default();
        row("Account", format!("{id}, {}: {}", account(case), what.trim()));
    }
    for accounts in cases.iter().filter(|accounts| accounts.len() == 1) {
        if let Some(name) = accounts.first().filter(|case| case.account.is_some()).map(|case| account(case)) {
            row("Account", format!("{name} only"));
        }
    }
    row(
        "Lens",
        if evaluation.lenses.is_empty() { "none: the record".to_owned() } else { evaluation.lenses.join(", ") },
    );
    let version = evaluation.pack_version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let checked = evaluation.known_until.as_deref().map_or_else(
        || "how far the record was checked is not said".to_owned(),
        |until| format!("record checked until {until}"),
    );
    row("Pack", format!("{}{version}, {checked}", evaluation.pack));
    for warning in &evaluation.warnings {
        row("Warning", warning.clone());
    }
    rows
}

/// A state's name and code; the code where no result names it.
fn named(evaluation: &Evaluation, id: &str) -> String {
    evaluation.names.get(id).map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"))
}

fn in_order<'a>(items: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for item in items {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    seen
}
