//! Verdicts on responses and overlaps, what papers flag and conclude, and the findings that a page lists.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::claims::{By, Claim};
use super::positions::{Board, Explored, Outcome, Position, Stages};
use super::report::{
    ArgumentResult, Assessment, CaseResult, Finding, FindingKind, Judged, OverlapResult, SourceResult, StepKind, Verdict,
};
use super::{AnswerKind, Id, Situation};
use crate::argument::Label;
use crate::ask::{Chosen, FreeFact, Positions, Scope, Standing, Tree};
use crate::rules::{Rule, RuleSet, Says};
use crate::world::{Level, LinkKind, Role, World};

/// What rules said under one account.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(super) overlaps: Vec<OverlapResult>,
    pub(super) arguments: Vec<ArgumentResult>,
    pub(super) assessments: Vec<Assessment>,
    /// Where in `arguments` an id and a position stand.
    known: BTreeMap<(String, String), usize>,
    flags: Vec<(String, Verdict, Says)>,
    /// Every argument with its neighbours, for explanations.
    pub(crate) claims: Vec<Rc<Vec<Claim>>>,
}

impl Gathered {
    /// Notes the arguments of every world of a tree.
    pub(super) fn add_positions(&mut self, tree: &Tree<Position>, holder: Option<&str>) {
        let free: Vec<Arc<FreeFact>> = tree.facts().into_values().collect();
        for position in tree.leaves() {
            self.add_claims(&position.claims, holder, &free);
        }
    }

    /// Notes arguments of rules; one about a holder counts before its reach to bodies below.
    pub(super) fn add_claims(&mut self, claims: &Rc<Vec<Claim>>, holder: Option<&str>, free: &[Arc<FreeFact>]) {
        if !claims.iter().any(|claim| matches!(claim.by, By::Rule(_))) {
            return;
        }
        self.claims.push(claims.clone());
        for claim in claims.iter() {
            let By::Rule(rule) = &claim.by else { continue };
            let own = match (&claim.says, holder) {
                (Says::Stops { holder: named, .. } | Says::Passes { holder: named, .. }, Some(holder)) => named == holder,
                _ => true,
            };
            let id = claim.id();
            let position = claim.says.position();
            let known = self.known.get(&(id.clone(), position.clone())).copied();
            let old = known.and_then(|index| self.arguments.get(index));
            if old.is_some_and(|old| !(own && old.attackers.is_empty() && !claim.attackers.is_empty())) {
                continue;
            }
            let result = ArgumentResult {
                id: id.clone(),
                account: None,
                rule: rule.clone(),
                position: position.clone(),
                source: claim.source.clone().unwrap_or_default(),
                locator: claim.locator.clone(),
                label: claim.label,
                decided_by: claim.decided_by,
                attackers: claim
                    .attackers
                    .iter()
                    .filter_map(|index| claims.get(*index))
                    .map(Claim::id)
                    .collect::<BTreeSet<String>>()
                    .into_iter()
                    .collect(),
                only_if: free.iter().map(|fact| fact.says.clone()).collect(),
            };
            match known.and_then(|index| self.arguments.get_mut(index)) {
                Some(old) => *old = result,
                None => {
                    self.known.insert((id, position), self.arguments.len());
                    self.arguments.push(result);
                }
            }
        }
    }

    /// Notes what fired without being part of any cell: derived facts, and attacks that found no target.
    pub(super) fn add_explored(&mut self, explored: &[Explored<'_>], stages: &Stages<'_>) {
        let all: Vec<&Explored<'_>> = explored.iter().collect();
        for one in explored {
            let says: BTreeSet<Says> =
                one.tree.leaves().into_iter().flat_map(|run| run.says.iter().map(|emission| emission.says.clone())).collect();
            for wanted in says {
                let position = wanted.position();
                let id = format!("{}@{}", one.rule.id, one.at);
                if self.known.contains_key(&(id, position)) {
                    continue;
                }
                let of_this = |rule: &Rule, _: &Scope, says: &Says| rule.id == one.rule.id && *says == wanted;
                let compute = |chosen: &Chosen| stages.gather(&all, chosen, &of_this, &|_| true);
                let tree = stages.decide(&compute, &|_, _| false, &|_| Some(true));
                self.add_positions(&tree, None);
            }
        }
    }
}

/// The verdicts of rules that ran for one situation.
pub(super) fn verdicts(stages: &Stages<'_>, explored: &[Explored<'_>], at: &str, gathered: &mut Gathered) -> Vec<Verdict> {
    let all: Vec<&Explored<'_>> = explored.iter().collect();
    let here: BTreeSet<&str> = explored.iter().filter(|one| one.at == at).map(|one| one.rule.id.as_str()).collect();
    let mut found = Vec::new();
    for rule in here {
        let of_this = |own: &Rule, scope: &Scope, says: &Says| {
            own.id == rule && matches!(says, Says::Finds { .. }) && matches!(scope, Scope::Response(_) | Scope::Overlap(..))
        };
        let near: Vec<&Explored<'_>> =
            all.iter().copied().filter(|one| one.at == at || !matches!(one.scope, Scope::Response(_) | Scope::Overlap(..))).collect();
        let compute = |chosen: &Chosen| stages.gather(&near, chosen, &of_this, &|_| true);
        let tree = stages.decide(&compute, &|_, _| false, &|says| matches!(says, Says::Finds { .. }).then_some(true));
        gathered.add_positions(&tree, None);
        for (says, label) in standings(&tree, &|says| matches!(says, Says::Finds { .. })) {
            let Says::Finds { verdict, why } = says else { continue };
            let source = stages.rules.rules.get(rule).map(|rule| rule.source.clone()).unwrap_or_default();
            found.push(Verdict { verdict, label, why, rule: rule.to_owned(), source });
        }
    }
    found.sort_by(|a, b| (a.label, &a.verdict, &a.rule).cmp(&(b.label, &b.verdict, &b.rule)));
    found
}

/// How each thing said stands over every world: as it does in all of them, else undecided.
fn standings(tree: &Tree<Position>, about: &dyn Fn(&Says) -> bool) -> BTreeMap<Says, Label> {
    let worlds = tree.leaves();
    let mut labels: BTreeMap<Says, Vec<Label>> = BTreeMap::new();
    for position in &worlds {
        for claim in position.claims.iter().filter(|claim| about(&claim.says)) {
            labels.entry(claim.says.clone()).or_default().push(claim.label);
        }
    }
    let settled = |own: &[Label]| match own.first() {
        Some(first) if own.len() == worlds.len() && own.iter().all(|label| label == first) => *first,
        _ => Label::Undecided,
    };
    labels.into_iter().map(|(says, own)| (says, settled(&own))).collect()
}

/// Every two lines that pass on paper in one cell.
pub(super) fn pairs(case: &CaseResult) -> Vec<(Id, Id, Id, Id)> {
    let mut pairs = Vec::new();
    for need in &case.needs {
        for state in &need.states {
            for (index, first) in state.on_paper.lines.iter().enumerate() {
                for second in state.on_paper.lines.iter().skip(index + 1) {
                    pairs.push((state.state.clone(), need.function.clone(), first.clone(), second.clone()));
                }
            }
        }
    }
    pairs
}

/// One overlap with its verdicts, its forums, and the states that sit in both.
pub(super) fn overlap(
    stages: &Stages<'_>,
    explored: &[Explored<'_>],
    situation: &Situation,
    board: &Rc<Board>,
    gathered: &mut Gathered,
) -> Option<OverlapResult> {
    let Scope::Overlap(state, function, first, second) = &situation.scope else { return None };
    let view = &situation.view;
    let kinds = [LinkKind::Memorandum, LinkKind::Liaison, LinkKind::ObserverSeat, LinkKind::JointBody];
    let members = |body: &str| -> BTreeSet<Id> {
        let rows = view.members(body).unwrap_or_default();
        rows.into_iter().filter(|row| row.role == Role::Member).map(|row| row.state.clone()).collect()
    };
    let forums = [first, second]
        .into_iter()
        .filter(|line| {
            board.cells.get(&(situation.case.unwrap_or(usize::MAX), state.clone(), function.clone())).is_some_and(|cell| {
                cell.holders.keys().any(|holder| {
                    view.world.line(holder) == *line && board.climbs(situation, state, holder, function, true) == Standing::Yes
                })
            })
        })
        .cloned()
        .collect();
    Some(OverlapResult {
        id: situation.id(),
        case: situation.case().map(|case| case.id.clone()).unwrap_or_default(),
        account: None,
        state: state.clone(),
        function: function.clone(),
        lines: [first.clone(), second.clone()],
        linked: view.linked(first, second, &kinds).is_ok_and(|answer| answer.holds),
        zoned: view.linked(first, second, &[LinkKind::Zone]).is_ok_and(|answer| answer.holds),
        forums,
        shared_members: members(first).intersection(&members(second)).cloned().collect(),
        verdicts: verdicts(stages, explored, &situation.id(), gathered),
    })
}

/// Gaps and overlaps that sources see.
pub(super) fn flags(stages: &Stages<'_>, explored: &[Explored<'_>], _case: &str, gathered: &mut Gathered) {
    let all: Vec<&Explored<'_>> = explored.iter().collect();
    for one in explored {
        let says: BTreeSet<Says> =
            one.tree.leaves().into_iter().flat_map(|run| run.says.iter().map(|emission| emission.says.clone())).collect();
        for flag in says.into_iter().filter(|says| matches!(says, Says::FlagGap { .. } | Says::FlagOverlap { .. })) {
            let of_this = |rule: &Rule, scope: &Scope, says: &Says| rule.id == one.rule.id && *scope == one.scope && *says == flag;
            let compute = |chosen: &Chosen| stages.gather(&all, chosen, &of_this, &|_| true);
            let tree = stages.decide(&compute, &|_, _| false, &|_| Some(true));
            gathered.add_positions(&tree, None);
            let Some(label) = standings(&tree, &|says| *says == flag).remove(&flag) else { continue };
            let why = match &flag {
                Says::FlagGap { why, .. } | Says::FlagOverlap { why, .. } => why.clone(),
                _ => String::new(),
            };
            let verdict =
                Verdict { verdict: flag.position(), label, why, rule: one.rule.id.clone(), source: one.rule.source.clone() };
            gathered.flags.push((one.at.clone(), verdict, flag));
        }
    }
}

/// How every thesis stands that a rule asserts, denies or recommends.
pub(super) fn assessments(stages: &Stages<'_>, explored: &[Explored<'_>], gathered: &mut Gathered) -> Vec<Assessment> {
    let world = &stages.world;
    let all: Vec<&Explored<'_>> = explored.iter().collect();
    let mut theses: BTreeSet<(bool, Id)> = BTreeSet::new();
    for says in explored.iter().flat_map(|one| one.tree.leaves()).flat_map(|run| &run.says) {
        match &says.says {
            Says::Asserts { proposition } | Says::Denies { proposition } => theses.insert((false, proposition.clone())),
            Says::Recommends { what_if } => theses.insert((true, what_if.clone())),
            _ => false,
        };
    }
    let rivals = |one: &str, other: &str| -> bool {
        let listed = |id: &str, rival: &str| {
            world.propositions.get(id).is_some_and(|thesis| thesis.rivals.iter().any(|own| own == rival))
                || world.what_ifs.get(id).is_some_and(|what_if| what_if.rivals.iter().any(|own| own == rival))
        };
        listed(one, other) || listed(other, one)
    };
    let contrary = |one: &Says, other: &Says| match (one, other) {
        (Says::Asserts { proposition: a }, Says::Denies { proposition: b })
        | (Says::Denies { proposition: a }, Says::Asserts { proposition: b }) => a == b,
        (Says::Asserts { proposition: a }, Says::Asserts { proposition: b }) => rivals(a, b),
        (Says::Recommends { what_if: a }, Says::Recommends { what_if: b }) => rivals(a, b),
        _ => false,
    };
    let thesis_of = |says: &Says| match says {
        Says::Asserts { proposition } | Says::Denies { proposition } => Some((false, proposition.clone())),
        Says::Recommends { what_if } => Some((true, what_if.clone())),
        _ => None,
    };
    let mut results = Vec::new();
    for (recommendation, id) in &theses {
        // A thesis is decided together with its rivals, and theirs.
        let mut family = BTreeSet::from([(*recommendation, id.clone())]);
        loop {
            let more: Vec<(bool, Id)> = theses
                .iter()
                .filter(|other| !family.contains(*other) && family.iter().any(|own| own.0 == other.0 && rivals(&own.1, &other.1)))
                .cloned()
                .collect();
            if more.is_empty() {
                break;
            }
            family.extend(more);
        }
        let of_family = |_: &Rule, _: &Scope, says: &Says| thesis_of(says).is_some_and(|thesis| family.contains(&thesis));
        let compute = |chosen: &Chosen| stages.gather(&all, chosen, &of_family, &|_| true);
        let supports = |says: &Says| match says {
            Says::Asserts { proposition } if !recommendation && proposition == id => Some(true),
            Says::Recommends { what_if } if *recommendation && what_if == id => Some(true),
            Says::Denies { proposition } if !recommendation && proposition == id => Some(false),
            _ => None,
        };
        let tree = stages.decide(&compute, &contrary, &supports);
        gathered.add_positions(&tree, None);
        let outcomes: BTreeSet<Outcome> = tree.leaves().iter().map(|position| position.outcome).collect();
        let label = match outcomes.into_iter().collect::<Vec<_>>().as_slice() {
            [Outcome::Passes] => Label::Accepted,
            [Outcome::Stops] => Label::Rejected,
            _ => Label::Undecided,
        };
        let (mut for_it, mut against) = (BTreeSet::new(), BTreeSet::new());
        for claim in tree.leaves().iter().flat_map(|position| position.claims.iter()) {
            let own = supports(&claim.says) == Some(true);
            let Some(rule) = claim.author() else { continue };
            if own {
                for_it.insert(rule.to_owned());
            } else if supports(&claim.says) == Some(false)
                || thesis_of(&claim.says).is_some_and(|(kind, other)| kind == *recommendation && rivals(&other, id))
            {
                against.insert(rule.to_owned());
            }
        }
        let thesis = world.propositions.get(id);
        let what_if = world.what_ifs.get(id);
        results.push(Assessment {
            id: id.clone(),
            recommendation: *recommendation,
            text: match (recommendation, thesis, what_if) {
                (false, Some(thesis), _) => thesis.text.clone(),
                (true, _, Some(what_if)) => what_if.text.clone(),
                _ => id.clone(),
            },
            hedge: thesis.filter(|_| !recommendation).map(|thesis| thesis.hedge),
            source: thesis.filter(|_| !recommendation).map(|thesis| thesis.source.clone()),
            label,
            account: None,
            supported_by: for_it.into_iter().collect(),
            opposed_by: against.into_iter().collect(),
        });
    }
    results
}

/// Results of all accounts: equal ones once without an account, the others each with its own.
pub(super) fn merged<T: Clone + PartialEq>(
    gathered: &[(&Option<Id>, &Gathered)],
    of: impl Fn(&Gathered) -> &Vec<T>,
    set_account: impl Fn(&mut T, Option<Id>),
) -> Vec<T> {
    let mut results: Vec<T> = Vec::new();
    for (index, (account, own)) in gathered.iter().enumerate() {
        for result in of(own) {
            let everywhere = gathered.iter().all(|(_, other)| of(other).contains(result));
            if everywhere && index > 0 {
                continue;
            }
            let mut result = result.clone();
            set_account(&mut result, if everywhere { None } else { (*account).clone() });
            results.push(result);
        }
    }
    results
}

/// The findings of a page, one per need and account: a case shows its worst state.
pub(super) fn findings(cases: &[CaseResult], gathered: &[(&Option<Id>, &Gathered)], world: &World) -> Vec<Finding> {
    let mut findings = Vec::new();
    for case in cases {
        for need in &case.needs {
            for judged in [Judged::OnPaper, Judged::Available] {
                for kind in [AnswerKind::Gap, AnswerKind::Overlap, AnswerKind::Contested, AnswerKind::Open] {
                    findings.extend(cell_finding(case, need, judged, kind, world));
                }
            }
        }
        for response in &case.responses {
            for verdict in response.verdicts.iter().filter(|verdict| verdict.label != Label::Rejected) {
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
    findings.retain(|finding| seen.insert((finding.id.clone(), finding.judged, finding.account.clone(), finding.rules.clone())));
    findings
}

fn flag_finding(at: &str, verdict: &Verdict, says: &Says, account: &Option<Id>, cases: &[CaseResult]) -> Option<Finding> {
    let (case_id, state) = at.split_once('/').unwrap_or((at, ""));
    let case = cases.iter().find(|case| case.id == case_id && (case.account.is_none() || case.account == *account))?;
    let (kind, function, holders) = match says {
        Says::FlagGap { function, .. } => (FindingKind::FlaggedGap, function, Vec::new()),
        Says::FlagOverlap { function, holders, .. } => (FindingKind::FlaggedOverlap, function, holders.to_vec()),
        _ => return None,
    };
    let cell = case.needs.iter().find(|need| need.function == *function).and_then(|need| need.states.iter().find(|cell| cell.state == state));
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

fn cell_finding(
    case: &CaseResult,
    need: &super::report::NeedResult,
    judged: Judged,
    kind: AnswerKind,
    world: &World,
) -> Option<Finding> {
    let of = |state: &super::report::StateResult| match judged {
        Judged::OnPaper => state.on_paper.clone(),
        Judged::Available => state.available.clone(),
    };
    let states: Vec<&super::report::StateResult> = need.states.iter().filter(|state| of(state).answer == kind).collect();
    let first = states.first()?;
    // What is a gap on paper is a gap whatever happens: it is said once.
    if judged == Judged::Available && states.iter().all(|state| state.on_paper.answer == kind) && kind == AnswerKind::Gap {
        return None;
    }
    let judgement = of(first);
    let names: Vec<&str> = states.iter().map(|state| world.name(&state.state)).collect();
    let range = match judged {
        Judged::OnPaper => "on paper",
        Judged::Available => "available",
    };
    let lines = |ids: &[String]| ids.iter().map(|id| world.name(id)).collect::<Vec<_>>().join(", ");
    let rest = |ids: &[String]| if ids.is_empty() { String::new() } else { format!(" ({})", lines(ids)) };
    let body = match kind {
        AnswerKind::Gap => match nearest(first, judged) {
            Some(near) => format!("nobody among the organisations is {}; nearest: {near}", competent(judged)),
            None => format!("nobody among the organisations is {}", competent(judged)),
        },
        AnswerKind::Overlap => format!("several are {}: {}", competent(judged), lines(&judgement.lines)),
        AnswerKind::Contested => format!("contested{}", rest(&judgement.undecided)),
        AnswerKind::Open => {
            let facts = if judgement.depends_on.is_empty() { "missing facts".to_owned() } else { judgement.depends_on.join("; ") };
            format!("open: it hangs on {facts}")
        }
        AnswerKind::OneHolder => return None,
    };
    let holders: BTreeSet<String> = judgement.lines.iter().chain(&judgement.undecided).cloned().collect();
    let rules: BTreeSet<String> = first
        .holders
        .iter()
        .flat_map(|holder| &holder.steps)
        .filter(|step| step.result != StepKind::Passes)
        .flat_map(|step| step.rules.iter().cloned())
        .collect();
    let instruments: BTreeSet<String> = first
        .holders
        .iter()
        .filter(|holder| matches!(holder.level, Level::Regional | Level::Universal))
        .filter_map(|holder| holder.instrument.clone())
        .collect();
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
        sources: instruments.into_iter().collect(),
    })
}

fn competent(judged: Judged) -> &'static str {
    match judged {
        Judged::OnPaper => "competent",
        Judged::Available => "available",
    }
}

/// The organisation that climbs highest, and where it stops.
fn nearest(state: &super::report::StateResult, judged: Judged) -> Option<String> {
    let range: &[crate::world::Step] = match judged {
        Judged::OnPaper => crate::world::Step::ON_PAPER,
        Judged::Available => crate::world::Step::ALL,
    };
    state
        .holders
        .iter()
        .filter(|holder| matches!(holder.level, Level::Regional | Level::Universal))
        .filter_map(|holder| holder.steps.iter().find(|step| range.contains(&step.step) && step.result == StepKind::Stops).map(|step| (holder, step)))
        .max_by_key(|(holder, step)| (step.step, std::cmp::Reverse(&holder.holder)))
        .map(|(holder, step)| format!("{} stops at {} ({})", holder.name, step.step, step.why))
}

/// The sources that the results rest on, by kind.
pub(super) fn sources(
    cases: &[CaseResult],
    gathered: &[(&Option<Id>, &Gathered)],
    world: &World,
    rules: &RuleSet,
) -> BTreeMap<String, Vec<SourceResult>> {
    let mut keys: BTreeSet<Id> = BTreeSet::new();
    for holder in cases.iter().flat_map(|case| &case.needs).flat_map(|need| &need.states).flat_map(|state| &state.holders) {
        keys.extend(holder.instrument.as_ref().and_then(|id| world.instruments.get(id)).map(|text| text.source.clone()));
    }
    for (_, own) in gathered {
        keys.extend(own.arguments.iter().map(|argument| argument.source.clone()));
    }
    keys.extend(cases.iter().flat_map(|case| &case.needs).filter_map(|need| need.source.clone()));
    let _ = rules;
    let mut by_kind: BTreeMap<String, Vec<SourceResult>> = BTreeMap::new();
    for source in keys.iter().filter_map(|key| world.sources.get(key)) {
        let year = source.year.map(|year| format!(" ({year})")).unwrap_or_default();
        let authors = source.authors.as_ref().map(|authors| format!("{authors}{year}: ")).unwrap_or_default();
        let text = if authors.is_empty() { format!("{}{year}", source.title) } else { format!("{authors}{}", source.title) };
        by_kind.entry(source.kind.to_string()).or_default().push(SourceResult { key: source.key.clone(), text });
    }
    by_kind
}
