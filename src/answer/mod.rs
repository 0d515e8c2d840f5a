//! The answer: stages run in order, cells judged three times, findings drawn, all of it as data.
//!
//! A scenario is evaluated on each day that its date may mean, under each account of its cases, through a set of lenses.

mod cell;
mod claims;
mod positions;
pub mod report;
mod verdicts;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

pub use cell::AnswerKind;
pub use claims::{By, Claim, Decider};
pub(crate) use positions::Outcome;
use positions::{Board, Candidate, CellSummary, Explored, HolderSummary, Position, Stages};
use report::{
    CaseResult, Evaluation, HolderResult, Judgement, NeedResult, ResponseResult, StateResult, StepKind, StepResult, UncertainResult,
    Used, WhatIfResult,
};
use verdicts::Gathered;

use crate::argument::Label;
use crate::ask::vocabulary::{Each, Stage};
use crate::ask::{Chosen, Free, FreeFact, Scope, Situation, Standing, Tree, Versions, View};
use crate::date::{Day, PartialDate};
use crate::ladder;
use crate::load::{Loaded, facts};
use crate::rules::{RuleSet, Run};
use crate::world::{
    Basis, Case, Circumstances, Id, JudgedValue, Level, Need, ResponseKind, Scenario, SourceKind, Step, World,
};

/// How a scenario is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The day, month or year on which the world is read; the scenario's own if silent.
    pub as_of: Option<PartialDate>,
    /// Papers taken at their word.
    pub lenses: BTreeSet<Id>,
    /// One account only.
    pub account: Option<Id>,
}

/// An evaluation with everything that an explanation needs.
pub struct Evaluated {
    /// The result as data.
    pub evaluation: Evaluation,
    pub(crate) traces: Vec<Trace>,
    pub(crate) world: Arc<World>,
    pub(crate) scenario: Arc<Scenario>,
}

/// What was decided under one account, on the first day.
pub(crate) struct Trace {
    pub(crate) account: Option<Id>,
    pub(crate) situations: BTreeMap<(Id, Id), Situation>,
    pub(crate) cells: BTreeMap<(Id, Id, Id), CellTrace>,
    /// Rules by situation id.
    pub(crate) runs: Vec<RuleRun>,
    pub(crate) gathered: Gathered,
}

/// A rule explored in a situation.
pub(crate) struct RuleRun {
    pub(crate) rule: Id,
    pub(crate) at: String,
    pub(crate) tree: Rc<Tree<Run>>,
}

/// Everybody who might answer in a cell, step by step.
pub(crate) struct CellTrace {
    pub(crate) rows: Vec<RowTrace>,
}

/// One holder with one text.
pub(crate) struct RowTrace {
    pub(crate) holder: Id,
    pub(crate) mandate: Option<Id>,
    pub(crate) steps: Vec<StepTrace>,
}

/// One step with the arguments in every world.
pub(crate) struct StepTrace {
    pub(crate) step: Step,
    pub(crate) result: StepKind,
    pub(crate) worlds: Vec<(Chosen, Outcome, Rc<Vec<Claim>>)>,
    pub(crate) free: Vec<Arc<FreeFact>>,
}

/// Evaluates one scenario.
///
/// Errors: an account that no case has.
pub fn evaluate(loaded: &Loaded, rules: &RuleSet, options: &Options) -> Result<Evaluated, UnknownAccount> {
    let scenario = Arc::new(loaded.scenario.clone());
    let accounts = accounts(&scenario, &loaded.world, options)?;
    let date = options.as_of.unwrap_or(scenario.date);
    let days = stretches(&loaded.world, date);
    let mut cases: Vec<CaseResult> = Vec::new();
    let mut traces = Vec::new();
    let mut silent: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for account in &accounts {
        let mut first: Option<Vec<CaseResult>> = None;
        for day in &days {
            let once = Once::new(loaded, &scenario, rules, options, *day, account.clone());
            let (results, trace) = once.run();
            for (judgement, waiting) in once.stages.silent.take() {
                silent.entry(judgement).or_default().extend(waiting);
            }
            match &mut first {
                None => {
                    first = Some(results);
                    traces.push(trace);
                }
                Some(merged) => merge_days(merged, &results, *day),
            }
        }
        // A case that has no accounts comes out the same under each: it is listed once.
        for result in first.into_iter().flatten() {
            if !cases.contains(&result) {
                cases.push(result);
            }
        }
    }
    cases.sort_by_key(|case| {
        let order = scenario.cases.iter().position(|own| own.id == case.id);
        (order, case.account.clone())
    });
    open_where_rules_failed(&mut cases, rules, &loaded.world);
    let gathered: Vec<(&Option<Id>, &Gathered)> = traces.iter().map(|trace| (&trace.account, &trace.gathered)).collect();
    let evaluation = Evaluation {
        scenario: scenario.id.clone(),
        title: scenario.title.clone(),
        question: scenario.question.clone(),
        pack: loaded.world.pack.id.clone(),
        pack_version: loaded.world.pack.version.clone(),
        as_of: date.to_string(),
        days: days.iter().map(Day::to_string).collect(),
        known_until: loaded.world.pack.known_until.map(|date| date.to_string()),
        lenses: options.lenses.iter().cloned().collect(),
        complete: rules.failed().is_empty() && rules.unreadable().is_empty(),
        failed_rules: rules.failed().into_iter().map(|(id, problem)| (id, problem.message)).collect(),
        warnings: warnings(&loaded.world, date),
        findings: verdicts::findings(&cases, &gathered, &loaded.world),
        overlaps: verdicts::merged(&gathered, |gathered| &gathered.overlaps, |result, account| result.account = account),
        arguments: verdicts::merged(&gathered, |gathered| &gathered.arguments, |result, account| result.account = account),
        assessments: verdicts::merged(&gathered, |gathered| &gathered.assessments, |result, account| result.account = account),
        needs_judgement: silent.into_iter().map(|(id, rules)| (id, rules.into_iter().collect())).collect(),
        uncertain: scenario
            .uncertain
            .iter()
            .map(|fact| UncertainResult {
                fact: fact.fact.clone(),
                probability: fact.probability,
                distribution: fact.distribution.clone(),
                author: fact.author.clone(),
            })
            .collect(),
        what_ifs: scenario
            .what_ifs
            .iter()
            .map(|what_if| WhatIfResult { id: what_if.id.clone(), text: what_if.text.clone(), changes: what_if.changes.clone() })
            .collect(),
        sources: verdicts::sources(&cases, &gathered, &loaded.world, rules),
        known: scenario.known.clone(),
        what_happened: scenario.what_happened.clone(),
        cases,
    };
    Ok(Evaluated { evaluation, traces, world: loaded.world.clone(), scenario })
}

/// An account that no case of the scenario has; with those that there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAccount {
    /// What was asked for.
    pub account: Id,
    /// What there is.
    pub known: Vec<Id>,
}

/// The accounts to evaluate under: the one asked for, the one that a lens takes, or all.
fn accounts(scenario: &Scenario, world: &World, options: &Options) -> Result<Vec<Option<Id>>, UnknownAccount> {
    let known: BTreeSet<&Id> = scenario.cases.iter().flat_map(|case| &case.accounts).map(|account| &account.id).collect();
    if let Some(account) = &options.account {
        if known.contains(account) {
            return Ok(vec![Some(account.clone())]);
        }
        return Err(UnknownAccount { account: account.clone(), known: known.into_iter().cloned().collect() });
    }
    let taken: BTreeSet<&Id> = options
        .lenses
        .iter()
        .filter_map(|lens| world.sources.get(lens)?.account.as_ref())
        .filter(|account| known.contains(account))
        .collect();
    let chosen = if taken.is_empty() { known } else { taken };
    Ok(if chosen.is_empty() { vec![None] } else { chosen.into_iter().cloned().map(Some).collect() })
}

/// The first day of each stretch that a date may mean, cut wherever a dated fact changes.
fn stretches(world: &World, date: PartialDate) -> Vec<Day> {
    let (first, last) = (date.first(), date.last());
    let mut days = BTreeSet::from([first]);
    if first != last {
        let rows = facts(world).flat_map(|(_, fact)| fact.held.dates());
        let texts = world.instruments.values().flat_map(|text| text.held.dates());
        let bodies = world.bodies.values().flat_map(|body| body.held.dates());
        for changed in rows.chain(texts).chain(bodies) {
            if let PartialDate::Day(day) = changed
                && day > first
                && day <= last
            {
                days.insert(day);
            }
        }
    }
    days.into_iter().collect()
}

/// Where days differ, the cell is open on the day.
fn merge_days(merged: &mut [CaseResult], later: &[CaseResult], day: Day) {
    for (case, other) in merged.iter_mut().zip(later) {
        for (need, other) in case.needs.iter_mut().zip(&other.needs) {
            for (state, other) in need.states.iter_mut().zip(&other.states) {
                for (own, theirs) in [(&mut state.on_paper, &other.on_paper), (&mut state.available, &other.available)] {
                    if own.answer == theirs.answer && own.possible == theirs.possible {
                        continue;
                    }
                    let mut possible: BTreeSet<AnswerKind> = own.possible.iter().copied().collect();
                    possible.extend(&theirs.possible);
                    own.depends_on.push(format!("the day: from {day} it is {}", theirs.answer.as_str()));
                    if possible.len() > 1 {
                        own.answer = AnswerKind::Open;
                    }
                    own.possible = possible.into_iter().collect();
                }
            }
        }
    }
}

/// A cell that a failed rule's guard speaks to is open, never a gap.
fn open_where_rules_failed(cases: &mut [CaseResult], rules: &RuleSet, world: &World) {
    let failed = rules.failed();
    let every = [AnswerKind::Gap, AnswerKind::Contested, AnswerKind::Overlap, AnswerKind::OneHolder];
    for case in cases {
        for need in &mut case.needs {
            let mut reasons: Vec<String> = rules.unreadable().iter().map(|file| format!("rule file {file} cannot be read")).collect();
            for rule in failed.keys().filter_map(|id| rules.rules.get(id)) {
                let threat = rule.threats.is_empty() || rule.threats.iter().any(|wide| world.threats.is_a(&case.threat, wide));
                let function = rule.functions.is_empty()
                    || rule.functions.iter().any(|own| {
                        world.functions.is_a(&need.function, own) || world.functions.is_a(own, &need.function)
                    });
                if threat && function {
                    reasons.push(format!("rule {} failed", rule.id));
                }
            }
            if reasons.is_empty() {
                continue;
            }
            for judgement in need.states.iter_mut().flat_map(|state| [&mut state.on_paper, &mut state.available]) {
                judgement.answer = AnswerKind::Open;
                judgement.possible = every.to_vec();
                judgement.depends_on.extend(reasons.iter().cloned());
            }
        }
    }
}

fn warnings(world: &World, date: PartialDate) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(known) = world.pack.known_until
        && date.last() > known.last()
    {
        warnings.push(format!("{date} lies after {known}, the day up to which the record was checked"));
    }
    warnings
}

/// One scenario, one day, one account.
struct Once<'r> {
    world: Arc<World>,
    scenario: Arc<Scenario>,
    stages: Stages<'r>,
    view: View,
    account: Option<Id>,
    judged: Arc<BTreeMap<Id, (Option<f64>, String)>>,
}

impl<'r> Once<'r> {
    fn new(
        loaded: &Loaded,
        scenario: &Arc<Scenario>,
        rules: &'r RuleSet,
        options: &Options,
        day: Day,
        account: Option<Id>,
    ) -> Self {
        let lenses = Arc::new(options.lenses.clone());
        let view = View {
            world: loaded.world.clone(),
            day,
            versions: Arc::new(Versions::new(&loaded.world, &lenses, None)),
            chosen: Arc::default(),
        };
        let number = |value: JudgedValue| match value {
            JudgedValue::Number(number) => Some(number),
            JudgedValue::Unknown => None,
        };
        let mut judged: BTreeMap<Id, (Option<f64>, String)> = BTreeMap::new();
        for judgement in loaded.world.judgements.values() {
            if let Some(value) = judgement.value {
                judged.insert(judgement.id.clone(), (number(value), judgement.author.clone().unwrap_or_default()));
            }
        }
        for own in &scenario.judged {
            judged.insert(own.judgement.clone(), (number(own.value), own.author.clone()));
        }
        Once {
            world: loaded.world.clone(),
            scenario: scenario.clone(),
            stages: Stages::new(&loaded.world, rules, &lenses),
            view,
            account,
            judged: Arc::new(judged),
        }
    }

    /// The case as the account tells it; `None`: the account knows no case.
    fn told(&self, case: &Case) -> (Option<Id>, Option<String>, Option<Circumstances>) {
        let account = self.account.as_ref().and_then(|id| case.accounts.iter().find(|account| account.id == *id));
        match account {
            Some(account) => (Some(account.id.clone()), Some(account.name.clone()), account.circumstances.clone()),
            None => (None, None, Some(case.circumstances.clone())),
        }
    }

    fn situation(&self, case: Option<usize>, told: Option<&Arc<Circumstances>>, scope: Scope) -> Situation {
        Situation {
            view: self.view.clone(),
            scenario: self.scenario.clone(),
            case,
            told: told.cloned(),
            scope,
            judged: self.judged.clone(),
        }
    }

    fn run(&self) -> (Vec<CaseResult>, Trace) {
        let mut board = Rc::new(Board::default());
        let told: Vec<(Option<Id>, Option<String>, Option<Arc<Circumstances>>)> = self
            .scenario
            .cases
            .iter()
            .map(|case| {
                let (account, name, told) = self.told(case);
                (account, name, told.map(Arc::new))
            })
            .collect();
        let mut trace = Trace {
            account: self.account.clone(),
            situations: BTreeMap::new(),
            cells: BTreeMap::new(),
            runs: Vec::new(),
            gathered: Gathered::default(),
        };
        // Strata: each stage sees only what the stages before it concluded, over every case.
        let mut next = Board::clone(&board);
        for (index, (_, _, told)) in told.iter().enumerate() {
            let Some(told) = told else { continue };
            let explored = self.explore_case(Stage::Question, index, told, &board, &mut trace);
            self.stages.questions(index, &explored, &mut next);
            trace.gathered.add_explored(&explored, &self.stages);
        }
        board = Rc::new(next);
        let mut next = Board::clone(&board);
        let mut needs: BTreeMap<(usize, Id), Vec<(Id, Option<Need>, Rc<Tree<Position>>)>> = BTreeMap::new();
        for (index, (_, _, told)) in told.iter().enumerate() {
            let Some(told) = told else { continue };
            let explored = self.explore_case(Stage::Need, index, told, &board, &mut trace);
            for state in &told.affected {
                let situation = self.situation(Some(index), Some(told), Scope::State(state.clone()));
                let here = of_state(&explored, state);
                let own = self.stages.needs(&situation, &here);
                for (_, _, tree) in &own {
                    trace.gathered.add_positions(tree, None);
                }
                next.needs.insert((index, state.clone()), own.iter().map(|(id, _, tree)| (id.clone(), tree.clone())).collect());
                needs.insert((index, state.clone()), own);
            }
        }
        board = Rc::new(next);
        let mut next = Board::clone(&board);
        let mut results = Vec::new();
        for (index, (account, name, told)) in told.iter().enumerate() {
            let Some(case) = self.scenario.cases.get(index) else { continue };
            let Some(told) = told else {
                results.push(no_case(case, account.clone(), name.clone()));
                continue;
            };
            let explored = self.explore_case(Stage::Coverage, index, told, &board, &mut trace);
            let mut needed: BTreeMap<Id, NeedResult> = BTreeMap::new();
            for state in &told.affected {
                let situation = self.situation(Some(index), Some(told), Scope::State(state.clone()));
                trace.situations.insert((case.id.clone(), state.clone()), situation.clone());
                let here = of_state(&explored, state);
                for (function, need, tree) in needs.get(&(index, state.clone())).into_iter().flatten() {
                    let outcomes: BTreeSet<Outcome> = tree.leaves().iter().map(|position| position.outcome).collect();
                    if outcomes == BTreeSet::from([Outcome::Stops]) {
                        continue;
                    }
                    let (result, summary, cell) = self.cell(case, &situation, function, &here);
                    for row in &cell.rows {
                        for step in &row.steps {
                            for (_, _, claims) in &step.worlds {
                                trace.gathered.add_claims(claims, Some(&row.holder), &step.free);
                            }
                        }
                    }
                    next.cells.insert((index, state.clone(), function.clone()), summary);
                    trace.cells.insert((case.id.clone(), state.clone(), function.clone()), cell);
                    let entry = needed.entry(function.clone()).or_insert_with(|| need_result(function, need.as_ref(), tree));
                    entry.contested |= outcomes.contains(&Outcome::Undecided);
                    entry.states.push(result);
                }
            }
            results.push(CaseResult {
                id: case.id.clone(),
                account: account.clone(),
                account_name: name.clone(),
                no_case: false,
                text: told.text.clone(),
                threat: told.threat.clone(),
                standing: case.standing,
                contested: case.contested,
                affected: told.affected.clone(),
                parties: told.parties.clone(),
                needs: in_order(needed, told),
                responses: Vec::new(),
            });
        }
        board = Rc::new(next);
        self.later_stages(&told, &board, &mut results, &mut trace);
        (results, trace)
    }

    /// Findings and assessments: rules that read the cells.
    fn later_stages(
        &self,
        told: &[(Option<Id>, Option<String>, Option<Arc<Circumstances>>)],
        board: &Rc<Board>,
        results: &mut [CaseResult],
        trace: &mut Trace,
    ) {
        let mut assessing = Vec::new();
        for (index, (_, _, told)) in told.iter().enumerate() {
            let (Some(told), Some(case)) = (told, self.scenario.cases.get(index)) else { continue };
            let mut finding = self.explore_case(Stage::Finding, index, told, board, trace);
            assessing.extend(self.explore_case(Stage::Assessment, index, told, board, trace));
            for (at, response) in self.scenario.responses.iter().enumerate().filter(|(_, response)| response.case == case.id) {
                let situation = self.situation(Some(index), Some(told), Scope::Response(at));
                for (stage, into) in [(Stage::Finding, &mut finding), (Stage::Assessment, &mut assessing)] {
                    let explored = self.stages.explore(stage, Each::Response, &situation, board);
                    remember(&explored, trace);
                    into.extend(explored);
                }
                let verdicts = verdicts::verdicts(&self.stages, &finding, &situation.id(), &mut trace.gathered);
                if let Some(result) = results.iter_mut().find(|result| result.id == case.id && !result.no_case) {
                    result.responses.push(ResponseResult {
                        id: format!("{}/{}", response.institution, response.function),
                        institution: response.institution.clone(),
                        function: response.function.clone(),
                        text: response.text.clone(),
                        declined: response.kind == ResponseKind::Declined,
                        proposed_by: response.proposed_by.clone(),
                        verdicts,
                    });
                }
            }
            let mut overlaps = Vec::new();
            if let Some(result) = results.iter().find(|result| result.id == case.id && !result.no_case) {
                for (state, function, first, second) in verdicts::pairs(result) {
                    let scope = Scope::Overlap(state, function, first, second);
                    let situation = self.situation(Some(index), Some(told), scope);
                    for (stage, into) in [(Stage::Finding, &mut finding), (Stage::Assessment, &mut assessing)] {
                        let explored = self.stages.explore(stage, Each::Overlap, &situation, board);
                        remember(&explored, trace);
                        into.extend(explored);
                    }
                    overlaps.push(situation);
                }
            }
            for situation in overlaps {
                let found = verdicts::overlap(&self.stages, &finding, &situation, board, &mut trace.gathered);
                trace.gathered.overlaps.extend(found);
            }
            verdicts::flags(&self.stages, &finding, &case.id, &mut trace.gathered);
            trace.gathered.add_explored(&finding, &self.stages);
        }
        let bodies: Vec<&Id> = self
            .world
            .bodies
            .values()
            .filter(|body| body.parent.is_none() && body.kind == crate::world::BodyKind::Organisation)
            .map(|body| &body.id)
            .collect();
        for (index, body) in bodies.iter().enumerate() {
            let alone = self.situation(None, None, Scope::Organisation((*body).clone()));
            assessing.extend(self.stages.explore(Stage::Assessment, Each::Organisation, &alone, board));
            for other in bodies.iter().skip(index + 1) {
                let pair = self.situation(None, None, Scope::Pair((*body).clone(), (*other).clone()));
                assessing.extend(self.stages.explore(Stage::Assessment, Each::Pair, &pair, board));
            }
        }
        remember(&assessing, trace);
        trace.gathered.assessments = verdicts::assessments(&self.stages, &assessing, &mut trace.gathered);
    }

    /// Explores the rules of a stage that run for a case and for its affected states.
    fn explore_case(
        &self,
        stage: Stage,
        index: usize,
        told: &Arc<Circumstances>,
        board: &Rc<Board>,
        trace: &mut Trace,
    ) -> Vec<Explored<'r>> {
        let whole = self.situation(Some(index), Some(told), Scope::Case);
        let mut explored = self.stages.explore(stage, Each::Case, &whole, board);
        for state in &told.affected {
            let situation = self.situation(Some(index), Some(told), Scope::State(state.clone()));
            explored.extend(self.stages.explore(stage, Each::State, &situation, board));
        }
        remember(&explored, trace);
        explored
    }

    fn cell(
        &self,
        case: &Case,
        situation: &Situation,
        function: &str,
        explored: &[&Explored<'_>],
    ) -> (StateResult, CellSummary, CellTrace) {
        let state = situation.state().unwrap_or_default().to_owned();
        let candidates = self.stages.candidates(situation, function, explored);
        let mut lines: BTreeMap<Id, Vec<&Candidate>> = BTreeMap::new();
        for candidate in &candidates {
            if matches!(self.world.level(&candidate.holder), Level::Regional | Level::Universal) {
                lines.entry(self.world.line(&candidate.holder).to_owned()).or_default().push(candidate);
            }
        }
        let on_paper = cell::judge(&lines, Step::ON_PAPER);
        let available = cell::judge(&lines, Step::ALL);
        let mut holders: BTreeMap<Id, HolderResult> = BTreeMap::new();
        let mut summary = CellSummary {
            on_paper: (on_paper.answer.as_str().to_owned(), words(&on_paper.possible)),
            available: (available.answer.as_str().to_owned(), words(&available.possible)),
            lines: (on_paper.sure.len(), on_paper.sure.len() + on_paper.perhaps.len()),
            ..CellSummary::default()
        };
        for candidate in &candidates {
            let row = self.row(situation, candidate);
            let better = holders.get(&candidate.holder).is_none_or(|old| height(&row) > height(old));
            self.summarise(situation, candidate, &row, better, &mut summary);
            if better {
                holders.insert(candidate.holder.clone(), row);
            }
        }
        let mut holders: Vec<HolderResult> = holders.into_values().collect();
        holders.sort_by(|a, b| {
            (std::cmp::Reverse(a.level), std::cmp::Reverse(height(a)), &a.holder)
                .cmp(&(std::cmp::Reverse(b.level), std::cmp::Reverse(height(b)), &b.holder))
        });
        let told = situation.told.as_deref();
        let threat = told.map_or("", |told| told.threat.as_str());
        let partial = self
            .world
            .mandates
            .iter()
            .filter(|mandate| self.world.bodies.contains_key(&mandate.holder))
            .filter(|mandate| ladder::partial(situation, mandate, threat, function) && ladder::nearness(situation, mandate) == 4)
            .map(|mandate| format!("{}: {} against {}", mandate.holder, mandate.functions.join(", "), mandate.threats.join(", ")))
            .collect::<BTreeSet<String>>();
        let result = StateResult {
            state,
            on_paper: judgement(&on_paper),
            available: judgement(&available),
            used: self.used(case, function),
            holders,
            partial: partial.into_iter().collect(),
        };
        let trace = CellTrace {
            rows: candidates.iter().map(row_trace).collect(),
        };
        (result, summary, trace)
    }

    /// Whether anybody is recorded to have done it.
    fn used(&self, case: &Case, function: &str) -> Used {
        let functions = &self.world.functions;
        let about = self.scenario.responses.iter().filter(|act| {
            act.case == case.id
                && act.proposed_by.is_none()
                && (functions.is_a(&act.function, function) || functions.is_a(function, &act.function))
        });
        let mut used = Used::NotRecorded;
        for act in about {
            match act.kind {
                ResponseKind::Acted => return Used::Yes,
                ResponseKind::Declined => used = Used::No,
            }
        }
        used
    }

    fn row(&self, situation: &Situation, candidate: &Candidate) -> HolderResult {
        let steps: Vec<StepResult> = candidate
            .steps
            .iter()
            .map(|(step, tree)| {
                let result = kind(tree, &|position| position.outcome);
                let leaves = tree.leaves();
                let decisive = leaves.iter().filter_map(|position| position.decisive());
                let why = match result {
                    StepKind::Open => {
                        let facts: Vec<String> = tree.facts().into_values().map(|fact| fact.says.clone()).collect();
                        format!("open: {}", facts.join("; "))
                    }
                    StepKind::Contested if !tree.facts().is_empty() => {
                        let facts: Vec<String> = tree.facts().into_values().map(|fact| fact.says.clone()).collect();
                        format!("contested: {}", facts.join("; "))
                    }
                    _ => decisive.clone().next().map(|claim| claim.why.clone()).unwrap_or_default(),
                };
                let rules: BTreeSet<String> = leaves
                    .iter()
                    .flat_map(|position| position.claims.iter().map(move |claim| (position.outcome, claim)))
                    .filter(|(outcome, claim)| {
                        claim.label == Label::Accepted || (*outcome == Outcome::Undecided && claim.label == Label::Undecided)
                    })
                    .filter_map(|(_, claim)| claim.author().map(str::to_owned))
                    .collect();
                StepResult { step: *step, result, why, rules: rules.into_iter().collect() }
            })
            .collect();
        let range = |range: &[Step]| candidate.range(range).map_or(StepKind::Open, |tree| kind(&tree, &|outcome| *outcome));
        let mandate = candidate.mandate.as_ref();
        let practice = self
            .world
            .practices
            .iter()
            .filter(|practice| match (&practice.mandate, mandate) {
                (Some(beside), Some(mandate)) => *beside == mandate.fact.id,
                _ => false,
            })
            .map(|practice| {
                let reason = practice.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
                format!("{}: {}{reason}", practice.asked, practice.answered)
            })
            .collect();
        let _ = situation;
        HolderResult {
            holder: candidate.holder.clone(),
            name: self.world.name(&candidate.holder).to_owned(),
            line: self.world.line(&candidate.holder).to_owned(),
            level: self.world.level(&candidate.holder),
            mandate: mandate.map(|mandate| mandate.fact.id.clone()),
            instrument: mandate.map(|mandate| mandate.instrument.clone()),
            locator: mandate.and_then(|mandate| mandate.fact.locator.clone()),
            force: mandate.map(|mandate| mandate.force),
            execution: mandate.map(|mandate| mandate.execution),
            claimed: mandate.is_some_and(|mandate| {
                self.world.sources.get(&mandate.fact.source).is_some_and(|source| source.kind == SourceKind::Paper)
            }),
            on_paper: range(Step::ON_PAPER),
            available: range(Step::ALL),
            stops_at: steps.iter().filter(|step| step.result == StepKind::Stops).map(|step| step.step).collect(),
            steps,
            practice,
        }
    }

    /// What later rules may know of a holder: its best text decides; any duty, any exclusion by text counts.
    fn summarise(&self, situation: &Situation, candidate: &Candidate, row: &HolderResult, better: bool, summary: &mut CellSummary) {
        let standing = |kind: StepKind| match kind {
            StepKind::Passes => Standing::Yes,
            StepKind::Stops => Standing::No,
            StepKind::Contested | StepKind::Open => Standing::Undecided,
        };
        let mandate = candidate.mandate.as_ref();
        let duty = mandate.is_some_and(|mandate| mandate.force == crate::world::Force::Duty);
        let duty_available = if duty { standing(row.available) } else { Standing::No };
        let excluded = match (mandate, situation.told.as_deref()) {
            (Some(mandate), Some(told)) => {
                let by_text = mandate.exclusions.iter().filter(|exclusion| exclusion.basis == Basis::Text);
                let bites = by_text.map(|exclusion| ladder::bites(situation, mandate, exclusion, told));
                let stopped = row.steps.iter().any(|step| step.step == Step::Exclusion && step.result == StepKind::Stops);
                let mut found = Standing::No;
                for bite in bites {
                    match bite {
                        Ok(true) if stopped => found = Standing::Yes,
                        Ok(true) | Err(_) if found == Standing::No => found = Standing::Undecided,
                        _ => {}
                    }
                }
                found
            }
            _ => Standing::No,
        };
        let entry = summary.holders.entry(candidate.holder.clone()).or_insert_with(|| HolderSummary {
            on_paper: Standing::No,
            available: Standing::No,
            stopped: BTreeMap::new(),
            excluded_by_text: Standing::No,
            duty_available: Standing::No,
        });
        if better {
            entry.on_paper = standing(row.on_paper);
            entry.available = standing(row.available);
            entry.stopped = row
                .steps
                .iter()
                .map(|step| {
                    let stopped = match step.result {
                        StepKind::Stops => Standing::Yes,
                        StepKind::Passes => Standing::No,
                        StepKind::Contested | StepKind::Open => Standing::Undecided,
                    };
                    (step.step, stopped)
                })
                .collect();
        }
        entry.excluded_by_text = entry.excluded_by_text.min(excluded);
        entry.duty_available = entry.duty_available.min(duty_available);
    }
}

fn remember(explored: &[Explored<'_>], trace: &mut Trace) {
    for one in explored {
        trace.runs.push(RuleRun { rule: one.rule.id.clone(), at: one.at.clone(), tree: one.tree.clone() });
    }
}

fn of_state<'a, 'r>(explored: &'a [Explored<'r>], state: &str) -> Vec<&'a Explored<'r>> {
    explored
        .iter()
        .filter(|one| match &one.scope {
            Scope::State(own) => own == state,
            _ => true,
        })
        .collect()
}

fn no_case(case: &Case, account: Option<Id>, account_name: Option<String>) -> CaseResult {
    CaseResult {
        id: case.id.clone(),
        account,
        account_name,
        no_case: true,
        text: None,
        threat: case.circumstances.threat.clone(),
        standing: case.standing,
        contested: case.contested,
        affected: Vec::new(),
        parties: Vec::new(),
        needs: Vec::new(),
        responses: Vec::new(),
    }
}

fn need_result(function: &str, need: Option<&Need>, tree: &Tree<Position>) -> NeedResult {
    // A need that only a rule states carries the rule's source.
    let by_rule = tree
        .leaves()
        .into_iter()
        .filter_map(Position::decisive)
        .find(|claim| matches!(claim.by, By::Rule(_)))
        .map(|claim| (claim.source.clone(), claim.locator.clone()));
    let (source, locator) = match need {
        Some(need) => (need.source.clone().or_else(|| need.author.clone()), need.locator.clone()),
        None => by_rule.clone().unwrap_or_default(),
    };
    NeedResult {
        function: function.to_owned(),
        source,
        locator,
        assumed: need.is_none() && by_rule.is_none(),
        contested: false,
        states: Vec::new(),
    }
}

/// Needs in the order in which the case lists them; the others after them.
fn in_order(mut needed: BTreeMap<Id, NeedResult>, told: &Circumstances) -> Vec<NeedResult> {
    let mut ordered: Vec<NeedResult> =
        told.needs.iter().flatten().filter_map(|need| needed.remove(&need.function)).collect();
    ordered.extend(needed.into_values());
    ordered
}

fn words(answers: &BTreeSet<AnswerKind>) -> Vec<String> {
    answers.iter().map(|answer| answer.as_str().to_owned()).collect()
}

fn judgement(judged: &cell::Judged) -> Judgement {
    Judgement {
        answer: judged.answer,
        possible: judged.possible.iter().copied().collect(),
        depends_on: judged.depends_on.iter().map(|fact| fact.says.clone()).collect(),
        lines: judged.sure.iter().cloned().collect(),
        undecided: judged.perhaps.iter().cloned().collect(),
    }
}

/// How far a row climbs: what is shown first, and what stands for a holder with several texts.
fn height(row: &HolderResult) -> (u8, u8, usize) {
    let rank = |kind: StepKind| match kind {
        StepKind::Passes => 3,
        StepKind::Open => 2,
        StepKind::Contested => 1,
        StepKind::Stops => 0,
    };
    let passing = row.steps.iter().filter(|step| step.result == StepKind::Passes).count();
    (rank(row.available), rank(row.on_paper), passing)
}

/// What a tree of outcomes comes to: one thing in every world, or open on unknown facts, or contested between versions.
fn kind<T>(tree: &Tree<T>, outcome: &dyn Fn(&T) -> Outcome) -> StepKind {
    let outcomes: BTreeSet<Outcome> = tree.leaves().into_iter().map(outcome).collect();
    match outcomes.into_iter().collect::<Vec<_>>().as_slice() {
        [Outcome::Passes] => StepKind::Passes,
        [Outcome::Stops] => StepKind::Stops,
        [Outcome::Undecided] => StepKind::Contested,
        _ if tree.facts().values().any(|fact| fact.kind == Free::Unknown) => StepKind::Open,
        _ => StepKind::Contested,
    }
}

fn row_trace(candidate: &Candidate) -> RowTrace {
    RowTrace {
        holder: candidate.holder.clone(),
        mandate: candidate.mandate.as_ref().map(|mandate| mandate.fact.id.clone()),
        steps: candidate
            .steps
            .iter()
            .map(|(step, tree)| StepTrace {
                step: *step,
                result: kind(tree, &|position| position.outcome),
                worlds: tree
                    .paths()
                    .into_iter()
                    .map(|(chosen, position)| (chosen, position.outcome, position.claims.clone()))
                    .collect(),
                free: tree.facts().into_values().collect(),
            })
            .collect(),
    }
}
