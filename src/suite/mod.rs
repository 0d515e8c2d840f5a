//! Every test of a pack: tests of its rules, expectations of its scenarios and of their what-ifs; listed, chosen and run.

pub mod coverage;
pub mod report;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::coverage::branches::{Exercised, Reach};
use crate::coverage::{Coverage, Facts};
use crate::diagnostic::{Diagnostic, Place};
use crate::expect::{self, Check, Sides};
use crate::session::Session;
use crate::trial::{self, RuleTest};
use crate::world::Id;
use crate::world::scenario::Expected;

/// What a test is a test of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Of a rule, under given answers.
    Rule,
    /// Of a scenario: an expectation.
    Scenario,
    /// Of a what-if: an expectation, or that it changes anything.
    WhatIf,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 3] = [Kind::Rule, Kind::Scenario, Kind::WhatIf];

    /// What several of them are called.
    pub fn plural(self) -> &'static str {
        match self {
            Kind::Rule => "of rules",
            Kind::Scenario => "of scenarios",
            Kind::WhatIf => "of what-ifs",
        }
    }
}

/// One test.
#[derive(Clone, Debug)]
pub struct Test<'s> {
    /// Stable, and without a counter unless two tests say the same of themselves.
    pub id: String,
    /// What it is a test of.
    pub kind: Kind,
    /// The scenario.
    pub scenario: Option<&'s str>,
    /// Rules that it names: the one under test, those required as reasons.
    pub rules: BTreeSet<&'s str>,
    /// What its author says of it.
    pub note: Option<&'s str>,
    /// Where it stands in the files.
    pub place: &'s Place,
    what: What<'s>,
}

#[derive(Clone, Copy, Debug)]
enum What<'s> {
    Rule(&'s RuleTest),
    Check(Check<'s>),
}

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// What is expected came out, for the reasons required.
    Passed,
    /// Something else came out, or for other reasons.
    Failed,
    /// It could not be run.
    NotRun,
}

impl Verdict {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Failed => "failed",
            Verdict::NotRun => "could not run",
        }
    }
}

/// What came of a test.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended.
    pub verdict: Verdict,
    /// Why it did not pass.
    pub problems: Vec<Diagnostic>,
}

/// Every test of some scenarios and of the rules, tests of rules first.
///
/// `beside` says of a test of a rule, by its place, whether it is asked for.
pub fn list<'s>(session: &'s Session, scenarios: &[Id], beside: &dyn Fn(&Place) -> bool) -> Vec<Test<'s>> {
    let mut tests: Vec<Test<'s>> = Vec::new();
    for own in session.trials.tests.iter().filter(|own| beside(&own.place)) {
        tests.push(Test {
            id: own.id.clone(),
            kind: Kind::Rule,
            scenario: None,
            rules: std::iter::once(own.rule.as_str()).collect(),
            note: own.note.as_deref().or(own.about.as_deref()),
            place: &own.place,
            what: What::Rule(own),
        });
    }
    for loaded in scenarios.iter().filter_map(|id| session.scenario(id)) {
        for named in expect::list(loaded) {
            tests.push(Test {
                kind: if matches!(named.check, Check::Holds(_)) { Kind::Scenario } else { Kind::WhatIf },
                scenario: Some(&loaded.scenario.id),
                rules: named_rules(named.check),
                note: named.note(),
                place: named.place(),
                what: What::Check(named.check),
                id: named.id,
            });
        }
    }
    tests
}

fn named_rules(check: Check<'_>) -> BTreeSet<&str> {
    let (Check::Holds(own) | Check::After(_, own)) = check else { return BTreeSet::new() };
    match &own.about {
        Expected::Cell { because, .. }
        | Expected::Proposition { because, .. }
        | Expected::Response { because, .. }
        | Expected::Overlap { because, .. } => because.iter().map(String::as_str).collect(),
        Expected::Argument { argument, .. } => argument.split('@').next().into_iter().collect(),
    }
}

/// What running tests left behind.
#[derive(Debug, Default)]
pub struct Ran {
    /// What came of each test, in the order of the tests.
    pub outcomes: Vec<Outcome>,
    /// What the rules went through.
    pub exercised: Exercised,
    /// Which rules spoke and were silent.
    pub spoke: Coverage,
    /// Which facts stood behind an answer.
    pub facts: Facts,
    /// What can be reached in each rule that was looked at; `None` where there are too many worlds.
    pub reach: BTreeMap<Id, Option<Reach>>,
}

/// Runs tests. `done` is told of each, by its number and what came of it, in the order in which they end.
///
/// With `scenarios`, these are evaluated even where nothing is expected of them, and every rule is explored: for coverage.
pub fn run(
    session: &Session,
    tests: &[Test<'_>],
    scenarios: Option<&[Id]>,
    done: &mut dyn FnMut(usize, Verdict),
) -> Ran {
    let mut ran = Ran::default();
    let mut outcomes: BTreeMap<usize, Outcome> = BTreeMap::new();
    let mut ids: BTreeSet<&str> = tests.iter().filter_map(|test| test.scenario).collect();
    ids.extend(scenarios.iter().flat_map(|own| own.iter()).map(String::as_str));
    // Scenarios go first: a rule that fails under made-up answers must not fall out of their evaluations.
    for loaded in ids.into_iter().filter_map(|id| session.scenario(id)) {
        let mut sides = Sides::new(session, loaded);
        if scenarios.is_some() {
            // What is wrong with asking the plain way shows in the tests that do.
            let _ = sides.plain();
        }
        for (index, test) in tests.iter().enumerate().filter(|(_, test)| test.scenario == Some(&loaded.scenario.id)) {
            let What::Check(check) = test.what else { continue };
            let outcome = match sides.outcome(check) {
                Ok(problems) if problems.is_empty() => Outcome { verdict: Verdict::Passed, problems },
                Ok(problems) => Outcome { verdict: Verdict::Failed, problems },
                Err(problems) => Outcome { verdict: Verdict::NotRun, problems },
            };
            done(index, outcome.verdict);
            outcomes.insert(index, outcome);
        }
        if scenarios.is_some() {
            for evaluated in sides.all() {
                ran.exercised.add(evaluated);
                ran.spoke.add(evaluated);
                ran.facts.add(evaluated);
            }
        }
    }
    if scenarios.is_some() {
        for rule in session.rules.rules.values() {
            ran.reach.insert(rule.id.clone(), Reach::of(&session.rules, rule, &session.trials.world));
        }
    }
    for (index, test) in tests.iter().enumerate() {
        let What::Rule(own) = test.what else { continue };
        let outcome = rule_test(session, own, &mut ran);
        done(index, outcome.verdict);
        outcomes.insert(index, outcome);
    }
    ran.outcomes = outcomes.into_values().collect();
    ran
}

fn rule_test(session: &Session, test: &RuleTest, ran: &mut Ran) -> Outcome {
    let rules = &session.rules;
    if let Some(rule) = rules.rules.get(&test.rule).filter(|rule| !rules.failed().contains_key(&rule.id)) {
        let reach = || Reach::of(rules, rule, &session.trials.world);
        ran.reach.entry(rule.id.clone()).or_insert_with(reach);
    }
    let asks = ran.reach.get(&test.rule).and_then(Option::as_ref).map(|reach| &reach.asks);
    match trial::run(test, rules, &session.trials, asks) {
        Ok(tried) => {
            ran.exercised.add_run(&test.rule, &tried.run);
            ran.spoke.add_run(&test.rule, &test.id, &tried.run);
            let verdict = if tried.wrong.is_empty() { Verdict::Passed } else { Verdict::Failed };
            Outcome { verdict, problems: tried.wrong }
        }
        Err(problems) => Outcome { verdict: Verdict::NotRun, problems },
    }
}
