//! What is wrong with what came out, against what is expected of it.

use std::collections::BTreeSet;

use crate::answer::Evaluated;
use crate::answer::report::{ArgumentResult, CaseResult, Evaluation, HolderResult, StateResult, Verdict};
use crate::argument::Label;
use crate::diagnostic::Diagnostic;
use crate::world::scenario::Expected;
use crate::world::{Expectation, Step};

/// Why an expectation does not hold; nothing: it does.
pub(super) fn failure(expectation: &Expectation, evaluated: &Evaluated) -> Option<Diagnostic> {
    let evaluation = &evaluated.evaluation;
    let wrong = match &expectation.about {
        Expected::Cell { cell, .. } => cell_wrong(expectation, cell, evaluation),
        Expected::Proposition { proposition, label, because } => {
            let found = evaluation.assessments.iter().find(|assessment| assessment.id == *proposition);
            let own = found.map_or("absent", |assessment| assessment.label.as_str());
            let mut wrong = differs(proposition, label, own);
            let reasons: Vec<&String> = found.iter().flat_map(|assessment| &assessment.supported_by).collect();
            wrong.extend(missing(because, &reasons));
            wrong
        }
        Expected::Response { response, verdict, because } => {
            let all = || evaluation.cases.iter().flat_map(|case| &case.responses);
            match all().find(|own| own.id == *response) {
                None => vec![unknown("response", response, all().map(|own| own.id.as_str()))],
                Some(found) => verdict_wrong(response, verdict, because, &found.verdicts),
            }
        }
        Expected::Overlap { overlap, verdict, because } => {
            match evaluation.overlaps.iter().find(|own| own.id == *overlap) {
                None => vec![unknown("overlap", overlap, evaluation.overlaps.iter().map(|own| own.id.as_str()))],
                Some(found) => verdict_wrong(overlap, verdict, because, &found.verdicts),
            }
        }
        Expected::Argument { argument, label, position, decided_by } => {
            let found: Vec<_> = evaluation
                .arguments
                .iter()
                .filter(|own| {
                    own.id == *argument
                        && position.as_ref().is_none_or(|position| own.position.contains(position.as_str()))
                })
                .collect();
            match (found.is_empty(), label.as_str()) {
                (true, "absent") => Vec::new(),
                (true, _) => vec![format!("there is no argument `{argument}`")],
                // What is expected is expected under every account; an argument may say several things.
                (false, _) => {
                    let accounts: BTreeSet<Option<&String>> = found.iter().map(|own| own.account.as_ref()).collect();
                    let told = |own: &&ArgumentResult| {
                        let mut wrong = differs(argument, label, own.label.as_str());
                        let by = own.decided_by.map_or("nothing", |decider| decider.as_str());
                        if let Some(wanted) = decided_by.as_ref().filter(|wanted| *wanted != by) {
                            wrong.push(format!("decided by {by}, not {wanted}"));
                        }
                        wrong
                    };
                    let of = |account: Option<&String>| {
                        let own = found.iter().filter(move |own| own.account.as_ref() == account);
                        own.map(told).min_by_key(Vec::len).unwrap_or_default()
                    };
                    accounts.into_iter().flat_map(of).collect()
                }
            }
        }
    };
    if wrong.is_empty() {
        return None;
    }
    let mut problem = Diagnostic::error(
        "expectation",
        "an expectation does not hold".to_owned(),
        expectation.place.clone(),
        wrong.join("; "),
    );
    problem.help = expectation.note.clone().map(|note| format!("expected because: {note}"));
    Some(problem)
}

fn differs(what: &str, wanted: &str, found: &str) -> Vec<String> {
    if wanted == found { Vec::new() } else { vec![format!("{what} is {found}, not {wanted}")] }
}

fn missing(because: &[String], reasons: &[&String]) -> Vec<String> {
    because
        .iter()
        .filter(|wanted| !reasons.contains(wanted))
        .map(|wanted| {
            let listed: BTreeSet<&str> = reasons.iter().map(|reason| reason.as_str()).collect();
            let listed: Vec<&str> = listed.into_iter().collect();
            match listed.is_empty() {
                true => format!("`{wanted}` is not among the reasons, and nothing else is"),
                false => format!("`{wanted}` is not among the reasons ({})", listed.join(", ")),
            }
        })
        .collect()
}

/// There is nothing of that name; what there is.
fn unknown<'a>(what: &str, wanted: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    match known.is_empty() {
        true => format!("there is no {what} `{wanted}`, and no other"),
        false => format!("there is no {what} `{wanted}`; there are {}", known.join(", ")),
    }
}

fn verdict_wrong(what: &str, wanted: &str, because: &[String], found: &[Verdict]) -> Vec<String> {
    let standing: Vec<&Verdict> =
        found.iter().filter(|own| own.verdict == wanted && own.label != Label::Rejected).collect();
    if !standing.is_empty() {
        let reasons: Vec<&String> = standing.iter().map(|own| &own.rule).collect();
        return missing(because, &reasons);
    }
    let listed: Vec<String> = found.iter().map(|own| format!("{} ({})", own.verdict, own.label.as_str())).collect();
    vec![format!(
        "{what} is not judged {wanted}, but {}",
        if listed.is_empty() { "not at all".to_owned() } else { listed.join(", ") }
    )]
}

fn cell_wrong(expectation: &Expectation, cell: &str, evaluation: &Evaluation) -> Vec<String> {
    let mut parts = cell.split('/');
    let (Some(case_id), Some(state_id), Some(function), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return vec![format!("`{cell}` is no cell: write case/STATE/function")];
    };
    let cases: Vec<&CaseResult> = evaluation.cases.iter().filter(|case| case.id == case_id).collect();
    if cases.is_empty() {
        return vec![format!("there is no case `{case_id}`")];
    }
    let mut wrong = Vec::new();
    for case in cases {
        let found = case
            .needs
            .iter()
            .find(|need| need.function == function)
            .and_then(|need| need.states.iter().find(|state| state.state == state_id));
        match found {
            Some(found) => wrong.extend(state_wrong(expectation, found)),
            None => {
                let needs: Vec<&str> = case.needs.iter().map(|need| need.function.as_str()).collect();
                wrong.push(format!("there is no cell `{cell}`; the case calls for {}", needs.join(", ")));
            }
        }
    }
    wrong.dedup();
    wrong
}

fn state_wrong(expectation: &Expectation, found: &StateResult) -> Vec<String> {
    let Expected::Cell { on_paper, available, used, holder, stops_at, because, depends_on, .. } = &expectation.about
    else {
        return Vec::new();
    };
    let mut wrong = Vec::new();
    for (name, wanted, own) in [("on paper", on_paper, &found.on_paper), ("available", available, &found.available)] {
        if let Some(wanted) = wanted
            && wanted != own.answer.as_str()
        {
            let why = if own.depends_on.is_empty() { own.lines.join(", ") } else { own.depends_on.join("; ") };
            wrong.push(format!("{name} it is {} ({why}), not {wanted}", own.answer.as_str()));
        }
    }
    if let Some(wanted) = used
        && wanted != found.used.as_str()
    {
        wrong.push(format!("used is {}, not {wanted}", found.used.as_str()));
    }
    let facts: Vec<&String> = found.on_paper.depends_on.iter().chain(&found.available.depends_on).collect();
    for wanted in depends_on {
        if !facts.iter().any(|fact| fact.contains(wanted.as_str())) {
            wrong.push(format!("it does not hang on `{wanted}`"));
        }
    }
    let rows: Vec<&HolderResult> = match holder {
        None => found.holders.iter().collect(),
        Some(holder) => found.holders.iter().filter(|row| row.holder == *holder).collect(),
    };
    if let (Some(holder), true) = (holder, rows.is_empty()) {
        let known: Vec<&str> = found.holders.iter().map(|row| row.holder.as_str()).collect();
        wrong.push(format!("{holder} is not among the holders ({})", known.join(", ")));
        return wrong;
    }
    if let (Some(wanted), Some(row)) = (stops_at, rows.first())
        && holder.is_some()
    {
        let own: Vec<&str> = row.stops_at.iter().copied().map(Step::as_str).collect();
        let lacking =
            wanted.iter().any(|step| !row.stops_at.contains(step)) || (wanted.is_empty() && !row.stops_at.is_empty());
        if lacking {
            let steps: Vec<String> = row
                .steps
                .iter()
                .filter(|step| step.result != crate::answer::report::StepKind::Passes)
                .map(|step| format!("{}: {}", step.step, step.why))
                .collect();
            wrong.push(format!("{} stops at [{}]; {}", row.holder, own.join(", "), steps.join("; ")));
        }
    }
    let reasons: Vec<&String> =
        rows.iter().flat_map(|row| row.steps.iter().flat_map(|step| &step.rules).chain(&row.mandate)).collect();
    wrong.extend(missing(because, &reasons));
    wrong
}
