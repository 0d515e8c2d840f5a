//! The findings that a page lists: one sentence each, with the rules and sources behind it.

use std::collections::{BTreeMap, BTreeSet};

use super::AnswerKind;
use super::report::{
    CaseResult, Finding, FindingKind, Judged, NeedResult, SourceResult, StateResult, StepKind, Verdict,
};
use super::verdicts::Gathered;
use crate::argument::Label;
use crate::rules::Says;
use crate::world::{Id, Level, Step, World};

/// The findings of a page, one per need and account: a case shows its worst state.
pub(super) fn findings(cases: &[CaseResult], gathered: &[(&Option<Id>, &Gathered)], world: &World) -> Vec<Finding> {
    let authors: BTreeMap<&str, &str> = gathered
        .iter()
        .flat_map(|(_, own)| &own.arguments)
        .map(|argument| (argument.rule.as_str(), argument.source.as_str()))
        .collect();
    let mut findings = Vec::new();
    for case in cases {
        for need in &case.needs {
            for judged in [Judged::OnPaper, Judged::Available] {
                for kind in [AnswerKind::Gap, AnswerKind::Overlap, AnswerKind::Contested, AnswerKind::Open] {
                    findings.extend(cell_findings(case, need, judged, kind, world, &authors));
                }
            }
        }
        for response in &case.responses {
            for verdict in response.verdicts.iter().filter(|verdict| verdict.label == Label::Accepted) {
                let kind = match verdict.verdict.as_str() {
                    "ultra-vires" => FindingKind::UltraVires,
                    "breach" => FindingKind::Breach,
                    _ => continue,
                };
                findings.push(Finding {
                    id: format!("{}/{}/{}", case.id, response.id, verdict.verdict),
                    finding: kind,
                    judged: None,
                    case: case.id.clone(),
                    account: case.account.clone(),
                    states: case.affected.clone(),
                    function: response.function.clone(),
                    holders: vec![response.institution.clone()],
                    text: format!("{}: {}", world.name(&response.institution), verdict.why),
                    borne_out: None,
                    label: Some(verdict.label),
                    rules: vec![verdict.rule.clone()],
                    sources: vec![verdict.source.clone()],
                });
            }
        }
    }
    for (account, own) in gathered {
        for (at, verdict, says) in &own.flags {
            findings.extend(flag_finding(at, verdict, says, account, cases));
        }
    }
    let mut seen = BTreeSet::new();
    findings.retain(|finding| {
        seen.insert((
            finding.id.clone(),
            finding.finding,
            finding.judged,
            finding.account.clone(),
            finding.states.clone(),
            finding.rules.clone(),
        ))
    });
    findings
}

fn flag_finding(
    at: &str,
    verdict: &Verdict,
    says: &Says,
    account: &Option<Id>,
    cases: &[CaseResult],
) -> Option<Finding> {
    let (case_id, state) = at.split_once('/').unwrap_or((at, ""));
    let case = cases.iter().find(|case| case.id == case_id && (case.account.is_none() || case.account == *account))?;
    let (kind, function, holders) = match says {
        Says::FlagGap { function, .. } => (FindingKind::FlaggedGap, function, Vec::new()),
        Says::FlagOverlap { function, holders, .. } => (FindingKind::FlaggedOverlap, function, holders.to_vec()),
        _ => return None,
    };
    let cell = case
        .needs
        .iter()
        .find(|need| need.function == *function)
        .and_then(|need| need.states.iter().find(|cell| cell.state == state));
    let borne_out = cell.map(|cell| match kind {
        FindingKind::FlaggedGap => cell.on_paper.answer == AnswerKind::Gap || cell.available.answer == AnswerKind::Gap,
        _ => cell.on_paper.answer == AnswerKind::Overlap,
    });
    Some(Finding {
        id: format!("{at}/{function}/{}", verdict.rule),
        finding: kind,
        judged: None,
        case: case_id.to_owned(),
        account: case.account.clone(),
        states: vec![state.to_owned()],
        function: function.clone(),
        holders,
        text: verdict.why.clone(),
        borne_out,
        label: Some(verdict.label),
        rules: vec![verdict.rule.clone()],
        sources: vec![verdict.source.clone()],
    })
}

/// One finding for all states that come out alike and for the same reasons.
fn cell_findings(
    case: &CaseResult,
    need: &NeedResult,
    judged: Judged,
    kind: AnswerKind,
    world: &World,
    authors: &BTreeMap<&str, &str>,
) -> Vec<Finding> {
    let of = |state: &StateResult| match judged {
        Judged::OnPaper => state.on_paper.clone(),
        Judged::Available => state.available.clone(),
    };
    let mut groups: Vec<Vec<&StateResult>> = Vec::new();
    for state in need.states.iter().filter(|state| of(state).answer == kind) {
        let alike = |other: &StateResult| {
            let (own, other) = (of(state), of(other));
            own.depends_on == other.depends_on && own.lines == other.lines && own.undecided == other.undecided
        };
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| alike(first))) {
            Some(group) => group.push(state),
            None => groups.push(vec![state]),
        }
    }
    groups.iter().filter_map(|states| cell_finding(case, need, judged, kind, world, authors, states)).collect()
}

fn cell_finding(
    case: &CaseResult,
    need: &NeedResult,
    judged: Judged,
    kind: AnswerKind,
    world: &World,
    authors: &BTreeMap<&str, &str>,
    states: &[&StateResult],
) -> Option<Finding> {
    let first = *states.first()?;
    // What is a gap on paper is a gap whatever happens: it is said once.
    if judged == Judged::Available
        && states.iter().all(|state| state.on_paper.answer == kind)
        && kind == AnswerKind::Gap
    {
        return None;
    }
    let judgement = match judged {
        Judged::OnPaper => first.on_paper.clone(),
        Judged::Available => first.available.clone(),
    };
    let names: Vec<&str> = states.iter().map(|state| world.name(&state.state)).collect();
    let range = match judged {
        Judged::OnPaper => "on paper",
        Judged::Available => "available",
    };
    let lines = |ids: &[String]| ids.iter().map(|id| world.name(id)).collect::<Vec<_>>().join(", ");
    // Only what is said of the lines in dispute is a reason for it.
    let disputed = |line: &String| kind != AnswerKind::Contested || judgement.undecided.contains(line);
    let range_steps: &[Step] = if judged == Judged::OnPaper { Step::ON_PAPER } else { Step::ALL };
    let rules: BTreeSet<String> = first
        .holders
        .iter()
        .filter(|holder| matches!(holder.level, Level::Regional | Level::Universal) && disputed(&holder.line))
        .flat_map(|holder| &holder.steps)
        .filter(|step| range_steps.contains(&step.step))
        .filter(|step| match kind {
            AnswerKind::Contested => step.result == StepKind::Contested,
            _ => step.result != StepKind::Passes,
        })
        .flat_map(|step| step.rules.iter().cloned())
        .collect();
    let body = match kind {
        AnswerKind::Gap => match nearest(first, judged) {
            Some(near) => format!("nobody among the organisations is {}; nearest: {near}", competent(judged)),
            None => format!("nobody among the organisations is {}", competent(judged)),
        },
        AnswerKind::Overlap => format!("several are {}: {}", competent(judged), lines(&judgement.lines)),
        AnswerKind::Contested => {
            let sides: Vec<&str> = rules.iter().map(String::as_str).filter(|rule| authors.contains_key(rule)).collect();
            let mut why = judgement.depends_on.clone();
            if !sides.is_empty() {
                why.push(sides.join(" against "));
            }
            let is = competent(judged);
            let who = match (judgement.lines.as_slice(), judgement.undecided.as_slice()) {
                ([], []) => format!("it is disputed whether anybody is {is}"),
                ([], undecided) => format!("it is disputed whether anybody is {is} ({})", lines(undecided)),
                (sure, undecided) => format!("{} {is}; disputed whether {} too", lines(sure), lines(undecided)),
            };
            format!("{who}: {}", why.join("; "))
        }
        AnswerKind::Open => {
            let facts = if judgement.depends_on.is_empty() {
                "missing facts".to_owned()
            } else {
                judgement.depends_on.join("; ")
            };
            format!("it hangs on {facts}")
        }
        AnswerKind::OneHolder => return None,
    };
    let holders: BTreeSet<String> = judgement.lines.iter().chain(&judgement.undecided).cloned().collect();
    // The texts in question, then whoever argues about them.
    let mut sources: BTreeSet<String> = first
        .holders
        .iter()
        .filter(|holder| matches!(holder.level, Level::Regional | Level::Universal) && disputed(&holder.line))
        .filter_map(|holder| world.instruments.get(holder.instrument.as_ref()?).map(|text| text.source.clone()))
        .collect();
    sources.extend(rules.iter().filter_map(|rule| authors.get(rule.as_str())).map(|source| (*source).to_owned()));
    Some(Finding {
        id: format!("{}/{}", case.id, need.function),
        finding: match kind {
            AnswerKind::Gap => FindingKind::Gap,
            AnswerKind::Overlap => FindingKind::Overlap,
            AnswerKind::Contested => FindingKind::Contested,
            _ => FindingKind::Open,
        },
        judged: Some(judged),
        case: case.id.clone(),
        account: case.account.clone(),
        states: states.iter().map(|state| state.state.clone()).collect(),
        function: need.function.clone(),
        holders: holders.into_iter().collect(),
        text: format!("{} for {}, {range}: {body}", need.function, names.join(", ")),
        borne_out: None,
        label: None,
        rules: rules.into_iter().collect(),
        sources: sources.into_iter().collect(),
    })
}

fn competent(judged: Judged) -> &'static str {
    match judged {
        Judged::OnPaper => "competent",
        Judged::Available => "available",
    }
}

/// The organisation that climbs highest, and where it stops.
fn nearest(state: &StateResult, judged: Judged) -> Option<String> {
    let range: &[crate::world::Step] = match judged {
        Judged::OnPaper => crate::world::Step::ON_PAPER,
        Judged::Available => crate::world::Step::ALL,
    };
    state
        .holders
        .iter()
        .filter(|holder| matches!(holder.level, Level::Regional | Level::Universal))
        .filter_map(|holder| {
            holder
                .steps
                .iter()
                .find(|step| range.contains(&step.step) && step.result == StepKind::Stops)
                .map(|step| (holder, step))
        })
        .max_by_key(|(holder, step)| (step.step, std::cmp::Reverse(&holder.holder)))
        .map(|(holder, step)| format!("{} stops at {} ({})", holder.name, step.step, step.why))
}

/// The sources that the results rest on, by kind.
pub(super) fn sources(
    cases: &[CaseResult],
    gathered: &[(&Option<Id>, &Gathered)],
    world: &World,
) -> BTreeMap<String, Vec<SourceResult>> {
    let mut keys: BTreeSet<Id> = BTreeSet::new();
    for holder in
        cases.iter().flat_map(|case| &case.needs).flat_map(|need| &need.states).flat_map(|state| &state.holders)
    {
        keys.extend(
            holder.instrument.as_ref().and_then(|id| world.instruments.get(id)).map(|text| text.source.clone()),
        );
    }
    for (_, own) in gathered {
        keys.extend(own.arguments.iter().map(|argument| argument.source.clone()));
    }
    keys.extend(cases.iter().flat_map(|case| &case.needs).filter_map(|need| need.source.clone()));
    keys.extend(cases.iter().flat_map(|case| &case.responses).filter_map(|response| response.source.clone()));
    keys.extend(cases.iter().filter_map(|case| case.source.clone()));
    let mut by_kind: BTreeMap<String, Vec<SourceResult>> = BTreeMap::new();
    for source in keys.iter().filter_map(|key| world.sources.get(key)) {
        let year = source.year.map(|year| format!(" ({year})")).unwrap_or_default();
        let authors = source.authors.as_ref().map(|authors| format!("{authors}{year}: ")).unwrap_or_default();
        let text =
            if authors.is_empty() { format!("{}{year}", source.title) } else { format!("{authors}{}", source.title) };
        by_kind.entry(source.kind.to_string()).or_default().push(SourceResult { key: source.key.clone(), text });
    }
    by_kind
}
