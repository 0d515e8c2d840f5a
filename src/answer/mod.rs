//! The answer: stages run in order, cells judged three times, findings drawn, all of it as data.
//!
//! A scenario is evaluated on each day that its date may mean, under each account of its cases, through a set of lenses.

mod board;
mod candidate;
mod cell;
mod claims;
mod everywhere;
mod findings;
mod memory;
mod once;
mod positions;
mod preferred;
pub mod report;
mod rows;
mod standpoint;
mod verdicts;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

pub(crate) use candidate::Outcome;
pub use claims::{By, Claim, Decider};
pub use everywhere::{CellAnswers, everywhere};
pub use memory::Memory;
use once::Once;
pub use report::AnswerKind;
use report::{ArgumentResult, CaseResult, Evaluation, Judgement, StateResult, StepKind, UncertainResult, WhatIfResult};
pub use standpoint::Standpoint;
use verdicts::Gathered;

use crate::ask::{Chosen, FreeFact, Horizon, Situation, Tree};
use crate::date::{Day, PartialDate};
use crate::load::Loaded;
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
    /// Rules, and sources with all their rules, that are silent.
    pub without: BTreeSet<Id>,
    /// What is said of arguments that nothing decides.
    pub semantics: Semantics,
    /// How much of the answer is worked out.
    pub depth: Depth,
}

/// How much of an answer is worked out. What is left out is not read, so it does not narrow the horizon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// Everything.
    #[default]
    Full,
    /// The cells with their holders: no list of arguments, no verdicts, no theses.
    Cells,
    /// What the cells come to on paper, without their holders; what is available is not judged and repeats it.
    Paper,
}

/// What is said of arguments that nothing decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Semantics {
    /// They are undecided.
    #[default]
    Grounded,
    /// Also: which of them can be held together.
    Preferred,
}

/// An evaluation with everything that an explanation needs.
pub struct Evaluated {
    /// The result as data.
    pub evaluation: Evaluation,
    /// The days on which everything read comes out as on the (first) day, whatever the account: on all of them the same
    /// holds.
    pub horizon: Horizon,
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
    evaluate_again(loaded, rules, options, &Rc::new(Memory::new(&loaded.world)))
}

/// The same, with what is known of the world from evaluations before.
///
/// Errors: an account that no case has.
pub fn evaluate_again(
    loaded: &Loaded,
    rules: &RuleSet,
    options: &Options,
    memory: &Rc<Memory>,
) -> Result<Evaluated, UnknownAccount> {
    let own = (!memory.weighed.is_of(&loaded.world)).then(|| Rc::new(Memory::new(&loaded.world)));
    let memory = own.as_ref().unwrap_or(memory);
    let scenario = Arc::new(loaded.scenario.clone());
    let accounts = accounts(&scenario, &loaded.world, options)?;
    let date = options.as_of.unwrap_or(scenario.date);
    let mut days: BTreeSet<Day> = BTreeSet::new();
    let mut cases: Vec<CaseResult> = Vec::new();
    let mut traces = Vec::new();
    let mut horizon = Horizon::default();
    let mut silent: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for account in &accounts {
        let mut results_by_day: Vec<(Day, Vec<CaseResult>)> = Vec::new();
        // A date that may mean several days is asked over each stretch of them in which nothing that is read changes.
        let mut day = date.first();
        loop {
            let once = Once::new(loaded, &scenario, rules, options, day, account.clone(), memory);
            let (results, trace) = once.run();
            for (judgement, waiting) in once.stages.silent.take() {
                silent.entry(judgement).or_default().extend(waiting);
            }
            let reach = once.view.today.horizon();
            if results_by_day.is_empty() {
                horizon.narrow(&reach);
                traces.push(trace);
            }
            days.insert(day);
            results_by_day.push((day, results));
            match reach.until.filter(|next| *next <= date.last()) {
                Some(next) => day = next,
                None => break,
            }
        }
        // A case that has no accounts comes out the same under each: it is listed once.
        for result in merge_days(&results_by_day) {
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
        names: names(&cases, &loaded.world),
        lenses: options.lenses.iter().cloned().collect(),
        complete: rules.failed().is_empty() && rules.unreadable().is_empty(),
        failed_rules: rules.failed().into_iter().map(|(id, problem)| (id, problem.message)).collect(),
        warnings: Vec::new(),
        findings: findings::findings(&cases, &gathered, &loaded.world),
        overlaps: verdicts::merged(
            gathered.iter().map(|(account, own)| (*account, own.overlaps.as_slice())),
            |result, account| result.account = account,
        ),
        arguments: verdicts::merged(
            gathered.iter().map(|(account, own)| (*account, own.arguments.as_slice())),
            |result, account| result.account = account,
        ),
        assessments: verdicts::merged(
            gathered.iter().map(|(account, own)| (*account, own.assessments.as_slice())),
            |result, account| result.account = account,
        ),
        rivalries: match options.semantics {
            Semantics::Grounded => None,
            Semantics::Preferred => Some(preferred::rivalries(&gathered)),
        },
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
                changes: what_if.changes.iter().map(|change| change.text.clone()).collect(),
            })
            .collect(),
        sources: findings::sources(&cases, &gathered, &loaded.world),
        known: scenario.known.clone(),
        what_happened: scenario.what_happened.clone(),
        told: scenario.told.iter().map(|told| [told.source.clone(), told.locator.clone(), told.text.clone()]).collect(),
        cases,
    };
    let mut warnings = warnings(&loaded.world, date, &evaluation.arguments, rules);
    if scenario.cases.is_empty() {
        warnings.push("the scenario has no case: only rules about organisations can speak".to_owned());
    }
    let evaluation = Evaluation { warnings, ..evaluation };
    Ok(Evaluated { evaluation, horizon, traces, world: loaded.world.clone(), scenario })
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

/// One result for all days: the first day's, open on the day in each cell whose answer changes within the span.
fn merge_days(days: &[(Day, Vec<CaseResult>)]) -> Vec<CaseResult> {
    let Some((_, first)) = days.first() else { return Vec::new() };
    let mut merged = first.clone();
    for case in &mut merged {
        for need in &mut case.needs {
            for state in &mut need.states {
                let same: Vec<(Day, &StateResult)> = days
                    .iter()
                    .filter_map(|(day, results)| {
                        let other =
                            results.iter().find(|other| other.id == case.id && other.account == case.account)?;
                        let other = other.needs.iter().find(|other| other.function == need.function)?;
                        Some((*day, other.states.iter().find(|other| other.state == state.state)?))
                    })
                    .collect();
                merge_judgement(&mut state.on_paper, same.iter().map(|(day, other)| (*day, &other.on_paper)));
                merge_judgement(&mut state.available, same.iter().map(|(day, other)| (*day, &other.available)));
            }
        }
    }
    merged
}

fn merge_judgement<'a>(own: &mut Judgement, days: impl Iterator<Item = (Day, &'a Judgement)>) {
    let mut possible: BTreeSet<AnswerKind> = own.possible.iter().copied().collect();
    let mut last = own.answer;
    let mut changes = Vec::new();
    for (day, other) in days {
        possible.extend(&other.possible);
        if other.answer != last {
            last = other.answer;
            changes.push(format!("the day: from {day} it is {}", last.as_str()));
        }
    }
    if !changes.is_empty() {
        own.answer = AnswerKind::Open;
        own.depends_on.extend(changes);
    }
    own.possible = possible.into_iter().collect();
}

/// A cell that a failed rule's guard speaks to is open, never a gap.
fn open_where_rules_failed(cases: &mut [CaseResult], rules: &RuleSet, world: &World) {
    let every = [AnswerKind::Gap, AnswerKind::Contested, AnswerKind::Overlap, AnswerKind::OneHolder];
    for case in cases {
        for need in &mut case.needs {
            let reasons = failing(rules, world, &case.threat, &need.function);
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

/// Why nothing can be said of a function against a threat: rules that might speak to it cannot be used.
fn failing(rules: &RuleSet, world: &World, threat: &str, function: &str) -> Vec<String> {
    let mut reasons: Vec<String> =
        rules.unreadable().iter().map(|file| format!("rule file {file} cannot be read")).collect();
    for rule in rules.failed().keys().filter_map(|id| rules.rules.get(id)) {
        let about = rule.threats.is_empty() || rule.threats.iter().any(|wide| world.threats.is_a(threat, wide));
        let here = rule.functions.is_empty()
            || rule
                .functions
                .iter()
                .any(|own| world.functions.is_a(function, own) || world.functions.is_a(own, function));
        if about && here {
            reasons.push(format!("rule {} failed", rule.id));
        }
    }
    reasons
}

/// The printed names of the states, bodies and parties that the cases speak of.
fn names(cases: &[CaseResult], world: &World) -> BTreeMap<Id, String> {
    let states = cases.iter().flat_map(|case| case.affected.iter().chain(&case.parties));
    let cells = cases.iter().flat_map(|case| &case.needs).flat_map(|need| &need.states);
    let holders = cells.flat_map(|cell| &cell.holders).flat_map(|holder| [&holder.holder, &holder.line]);
    let acting = cases.iter().flat_map(|case| &case.responses).map(|response| &response.institution);
    states.chain(holders).chain(acting).map(|id| (id.clone(), world.name(id).to_owned())).collect()
}

fn warnings(world: &World, date: PartialDate, arguments: &[ArgumentResult], rules: &RuleSet) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(known) = world.pack.known_until
        && date.last() > known.last()
    {
        warnings.push(format!("{date} lies after {known}, the day up to which the record was checked"));
    }
    let strict = |rule: &str| rules.rules.get(rule).is_some_and(|rule| rule.strict);
    for argument in
        arguments.iter().filter(|argument| argument.decided_by == Some(Decider::Nobody) && strict(&argument.rule))
    {
        let attackers = argument.attackers.iter().filter_map(|id| id.split('@').next());
        let opposed: BTreeSet<&str> = attackers.filter(|rule| strict(rule) && *rule > argument.rule.as_str()).collect();
        warnings.extend(opposed.into_iter().map(|other| {
            format!("two strict rules contradict each other, so both are undecided: {} and {other}", argument.rule)
        }));
    }
    warnings.sort();
    warnings.dedup();
    warnings
}
