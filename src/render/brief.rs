//! The handout for a class: what is known, what the texts say, and empty boxes.
//!
//! It gives no verdict away. So it reads no answer, step or finding; clauses come in the order of their holders, not
//! of how far they climb; and of a request it says that it was made, not what came of it.

use std::collections::BTreeSet;

use super::accounts::account;
use super::clauses::{Clauses, clauses, say_clauses};
use super::document::{Cell, Document, Line, Style, Table, cell, plain, span};
use super::page::by_case;
use crate::answer::report::{CaseResult, Evaluation};
use crate::date::{Day, Held, Interval, PartialDate};
use crate::world::{Case, DecisionOutcome, Id, InstrumentKind, Role, Scenario, Standing, World};

/// States that fit beside each other in the empty matrix.
const MOST: usize = 8;

/// The handout of an evaluation; `scenario` and `world` are those that it was made from.
pub fn brief(evaluation: &Evaluation, scenario: &Scenario, world: &World) -> Document {
    let mut document = Document::default();
    document.heading(1, &evaluation.title);
    document.paragraph(vec![span(
        Style::Dim,
        format!("Handout for {}. Predict first; nothing here gives the answer.", evaluation.as_of),
    )]);
    if let Some(question) = &evaluation.question {
        document.blank();
        document.paragraph(vec![plain(question.trim())]);
    }
    let cases = by_case(&evaluation.cases);
    for accounts in &cases {
        case_card(&mut document, accounts, scenario, world);
    }
    if let Some(known) = &evaluation.known {
        document.heading(2, "What is known");
        document.paragraph(vec![plain(known.trim())]);
    }
    // The scenario's own date stands in where an evaluation has no day, which it always has.
    let day = evaluation.days.first().and_then(|day| PartialDate::parse(day)).unwrap_or(scenario.date).first();
    let clauses = clauses(&cases, day, world);
    who_is_in_what(&mut document, &evaluation.cases, &clauses, day, world);
    say_clauses(&mut document, &cases, &clauses, world);
    empty_matrix(&mut document, &cases);
    prediction(&mut document, &cases);
    document
}

fn case_card(document: &mut Document, accounts: &[&CaseResult], scenario: &Scenario, world: &World) {
    let Some(first) = accounts.first() else { return };
    document.heading(2, format!("Case {}", first.id));
    let names = |ids: &[Id]| ids.iter().map(|id| named(world, id)).collect::<Vec<_>>().join(", ");
    let mut rows: Vec<(String, Line)> = Vec::new();
    for case in accounts {
        let mut row = |key: &str, text: String| rows.push((key.to_owned(), vec![plain(text)]));
        if accounts.len() > 1 {
            row("Account", account(case));
        }
        if case.no_case {
            row("Says", "there is no case".to_owned());
            continue;
        }
        if let Some(text) = &case.text {
            row("What", text.trim().to_owned());
        }
        let threat = world.threats.terms.get(&case.threat).and_then(|term| term.definition.as_deref());
        row("Threat", threat.map_or_else(|| case.threat.clone(), |means| format!("{}: {}", case.threat, means.trim())));
        row("Affected", names(&case.affected));
        row("Attacker", case.attacker.map_or("not known", |kind| kind.as_str()).to_owned());
        row("Origin", case.origin.map_or("not known", |origin| origin.as_str()).to_owned());
        let at_risk =
            case.at_risk.as_ref().map(|listed| listed.iter().map(|who| who.as_str()).collect::<Vec<_>>().join(", "));
        row("At risk", at_risk.unwrap_or_else(|| "not known".to_owned()));
        if !case.parties.is_empty() {
            row("Parties", names(&case.parties));
        }
    }
    if let Some(case) = scenario.cases.iter().find(|case| case.id == first.id) {
        for line in on_record(case, world) {
            rows.push(("On record".to_owned(), vec![plain(line)]));
        }
    }
    document.card(rows);
}

/// Requests made and decisions taken: the clauses ask for them.
fn on_record(case: &Case, world: &World) -> Vec<String> {
    let about = |functions: &[Id]| {
        if functions.is_empty() { String::new() } else { format!(" for {}", functions.join(", ")) }
    };
    let mut lines = Vec::new();
    match case.requested {
        Some(true) => lines.push("the affected state asked everybody who can be asked".to_owned()),
        Some(false) => lines.push("the affected state asked nobody".to_owned()),
        None => {}
    }
    for request in &case.requests {
        let to: Vec<&str> = request.to.iter().map(|id| world.name(id)).collect();
        let asked = if request.made { "asked" } else { "did not ask" };
        lines.push(format!("{} {asked} {}{}", world.name(&request.by), to.join(", "), about(&request.functions)));
    }
    if case.all_requests {
        lines.push("these are all the requests that were made".to_owned());
    }
    for decision in &case.decisions {
        let outcome = match decision.outcome {
            DecisionOutcome::Adopted => "a decision was adopted",
            DecisionOutcome::Refused => "a decision was refused",
            DecisionOutcome::NotPut => "the matter was not put to it",
        };
        let blocked: Vec<&str> = decision.blocked_by.iter().map(|state| world.name(state)).collect();
        let blocked = if blocked.is_empty() { String::new() } else { format!(", blocked by {}", blocked.join(", ")) };
        lines.push(format!("{}: {outcome}{}{blocked}", world.name(&decision.organ), about(&decision.functions)));
    }
    if case.all_decisions {
        lines.push("no other decision was put to anybody".to_owned());
    }
    for leave in &case.authorisations {
        lines.push(format!("{}: {}", leave.by, if leave.given { "given" } else { "refused" }));
    }
    lines
}

/// Memberships that hold that day, and the texts of the clauses that bind.
fn who_is_in_what(document: &mut Document, cases: &[CaseResult], clauses: &Clauses<'_>, day: Day, world: &World) {
    let mut states: Vec<&Id> = Vec::new();
    for state in cases.iter().flat_map(|case| case.affected.iter().chain(&case.parties)) {
        if !states.contains(&state) {
            states.push(state);
        }
    }
    let texts: BTreeSet<&Id> = clauses.values().flatten().map(|mandate| &mandate.instrument).collect();
    let mut points = Vec::new();
    for state in states {
        let mut parts: BTreeSet<String> = BTreeSet::new();
        for row in world.memberships.iter().filter(|row| row.state == *state && row.fact.version_of.is_none()) {
            // A row without a date of its own is as old as its body.
            let body = world.bodies.get(&row.organisation).map(|body| &body.held);
            let Some(sure) = held(&row.fact.held, body, day) else { continue };
            let role = if row.role == Role::Member { String::new() } else { format!(", {}", row.role) };
            let standing = if row.standing == Standing::Full { String::new() } else { format!(", {}", row.standing) };
            let more = format!("{role}{standing}{sure}");
            let more = more.strip_prefix(", ").map(|more| format!(" ({more})")).unwrap_or_default();
            parts.insert(format!("{}{more}", row.organisation));
        }
        let bound: BTreeSet<String> = world
            .parties
            .iter()
            .filter(|row| row.state == *state && row.fact.version_of.is_none() && texts.contains(&row.instrument))
            .filter_map(|row| {
                let text = world.instruments.get(&row.instrument)?;
                // Its own law is no treaty it is party to.
                let text = (text.kind != InstrumentKind::NationalLaw).then_some(Some(&text.held))?;
                let sure = held(&row.fact.held, text, day)?;
                Some(match sure.strip_prefix(", ") {
                    Some(sure) => format!("{} ({sure})", row.instrument),
                    None => row.instrument.clone(),
                })
            })
            .collect();
        let join = |parts: BTreeSet<String>| {
            if parts.is_empty() { "none recorded".to_owned() } else { parts.into_iter().collect::<Vec<_>>().join(", ") }
        };
        points.push(vec![
            span(Style::Strong, named(world, state)),
            plain(format!(": in {}", join(parts))),
            plain(if bound.is_empty() { String::new() } else { format!("; party to {}", join(bound)) }),
        ]);
    }
    document.section(format!("Who is in what on {day}"), points);
}

/// How surely a row and what it belongs to both hold that day; `None` if one of them does not.
fn held(row: &Interval, of: Option<&Interval>, day: Day) -> Option<&'static str> {
    match (row.held(day), of.map_or(Held::Yes, |of| of.held(day))) {
        (Held::Yes, Held::Yes) => Some(""),
        (Held::Yes | Held::Unknown, Held::Yes | Held::Unknown) => Some(", not sure that day"),
        _ => None,
    }
}

/// Cases with their needs, each once, in order.
pub(super) fn needs<'a>(cases: &[Vec<&'a CaseResult>]) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    for case in cases.iter().flatten() {
        for need in &case.needs {
            let pair = (case.id.as_str(), need.function.as_str());
            if !found.contains(&pair) {
                found.push(pair);
            }
        }
    }
    found
}

fn empty_matrix(document: &mut Document, cases: &[Vec<&CaseResult>]) {
    document.heading(2, "Your matrix");
    document.paragraph(vec![span(Style::Dim, "In each box: on paper / available.")]);
    for accounts in cases {
        let Some(first) = accounts.first() else { continue };
        let mut states: Vec<&str> = Vec::new();
        for state in accounts.iter().flat_map(|case| &case.affected) {
            if !states.contains(&state.as_str()) {
                states.push(state);
            }
        }
        if cases.len() > 1 {
            document.heading(3, &first.id);
        }
        let boxes: Cell = cell(Style::Plain, "[\u{a0}\u{a0}\u{a0}/\u{a0}\u{a0}\u{a0}]");
        let mut header = vec![cell(Style::Strong, "need")];
        header.extend(states.iter().take(MOST).map(|state| cell(Style::Strong, state)));
        let rows = needs(std::slice::from_ref(accounts)).into_iter().map(|(_, function)| {
            let mut row = vec![cell(Style::Plain, function)];
            row.extend(states.iter().take(MOST).map(|_| boxes.clone()));
            row
        });
        let rows = rows.collect();
        document.table(Table { header, align: Vec::new(), rows });
        document.blank();
    }
}

fn prediction(document: &mut Document, cases: &[Vec<&CaseResult>]) {
    document.heading(2, "Your prediction");
    document.paragraph(vec![span(Style::Dim, "Circle one on each line, and say which step of which text decides.")]);
    for (case, function) in needs(cases) {
        let title = if cases.len() > 1 { format!("{case}: {function}") } else { function.to_owned() };
        document.heading(3, title);
        let five = "one holder    overlap    gap    contested    open"
            .replace(' ', "\u{a0}")
            .replace("\u{a0}\u{a0}\u{a0}\u{a0}", "\u{a0}\u{a0}\u{a0} ");
        document.card(vec![
            ("on paper".to_owned(), vec![plain(&five)]),
            ("available".to_owned(), vec![plain(&five)]),
            ("why".to_owned(), vec![plain("_".repeat(56))]),
        ]);
    }
}

/// A name with its id.
pub(super) fn named(world: &World, id: &str) -> String {
    match world.name(id) {
        name if name == id => id.to_owned(),
        name => format!("{name} ({id})"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{bare, sample};
    use super::*;

    #[test]
    fn the_handout_has_clauses_and_boxes_and_no_verdict() {
        let case = r#"
[[case]]
id = "raid"
threat = "piracy"
affected = ["XAA", "XBB"]
[[case.request]]
by = "XAA"
to = "LEAGUE"
answer = "granted"
"#;
        let (loaded, evaluated) = sample(case);
        let text = bare(&brief(&evaluated.evaluation, &loaded.scenario, &loaded.world), 100);
        for part in [
            "Who may act?",
            "Aldermark asked Harbour League",
            "Aldermark (XAA): in LEAGUE",
            "1. Harbour League (LEAGUE) Treaty, art. 3.",
            "Power: inform against piracy",
            "The pack has no text of that day that speaks to this.",
            "inform     [   /   ]  [   /   ]",
            "available  one holder    overlap    gap    contested    open",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        for verdict in ["granted", "passes", "stops", "nobody among", "●", "○", "The crew paid"] {
            assert!(!text.contains(verdict), "{verdict} in\n{text}");
        }
    }
}
