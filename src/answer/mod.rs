//! The answer: stages run in order, cells judged three times, findings drawn, all of it as data.
//!
//! A scenario is evaluated on each day that its date may mean, under each account of its cases, through a set of lenses.

mod board;
mod cell;
mod claims;
mod findings;
mod once;
mod positions;
pub mod report;
mod rows;
mod verdicts;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

pub use cell::AnswerKind;
pub use claims::{By, Claim, Decider};
use once::Once;
pub(crate) use positions::Outcome;
use report::{CaseResult, Evaluation, StepKind, UncertainResult, WhatIfResult};
use verdicts::Gathered;

use crate::ask::{Chosen, FreeFact, Situation, Tree};
use crate::date::{Day, PartialDate};
use crate::load::{Loaded, facts};
use crate::rules::{RuleSet, Run};
use crate::world::{Id, Scenario, Step, World};

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
    let gathered: Vec<(&Option<Id>, &Gathered)> =
        traces.iter().map(|trace| (&trace.account, &trace.gathered)).collect();
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
        findings: findings::findings(&cases, &gathered, &loaded.world),
        overlaps: verdicts::merged(
            &gathered,
            |gathered| &gathered.overlaps,
            |result, account| result.account = account,
        ),
        arguments: verdicts::merged(
            &gathered,
            |gathered| &gathered.arguments,
            |result, account| result.account = account,
        ),
        assessments: verdicts::merged(
            &gathered,
            |gathered| &gathered.assessments,
            |result, account| result.account = account,
        ),
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
            .map(|what_if| WhatIfResult {
                id: what_if.id.clone(),
                text: what_if.text.clone(),
                changes: what_if.changes.clone(),
            })
            .collect(),
        sources: findings::sources(&cases, &gathered, &loaded.world),
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
    let known: BTreeSet<&Id> =
        scenario.cases.iter().flat_map(|case| &case.accounts).map(|account| &account.id).collect();
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
                for (own, theirs) in [(&mut state.on_paper, &other.on_paper), (&mut state.available, &other.available)]
                {
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
            let mut reasons: Vec<String> =
                rules.unreadable().iter().map(|file| format!("rule file {file} cannot be read")).collect();
            for rule in failed.keys().filter_map(|id| rules.rules.get(id)) {
                let threat =
                    rule.threats.is_empty() || rule.threats.iter().any(|wide| world.threats.is_a(&case.threat, wide));
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
