//! Which guards, branches and sayings of each rule were exercised, out of all that some world reaches.
//!
//! What can be reached is found by asking each rule in the abstract (see [`RuleSet::paths`]): every pair of a place in the
//! rule with a question and an answer that some world gives there, and every place where something is said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::answer::Evaluated;
use crate::ask::Question;
use crate::rules::{Rule, RuleSet, Run};
use crate::world::{Id, World};

/// Worlds in which a rule is asked in the abstract, at most; beyond, it is named and not counted.
pub const MAX_WORLDS: usize = 4096;

/// Line and column in a script, counted from 1; zero for the guard.
pub type Position = (usize, usize);

/// A part of a rule that is exercised or not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The guard's question comes out so.
    Guard(Question, bool),
    /// A question of the script comes out so at its place.
    Branch(Position, Question, bool),
    /// Something is said there.
    Said(Position),
}

impl Part {
    /// Where it stands in the script; `None` for the guard.
    pub fn position(&self) -> Option<Position> {
        match self {
            Part::Guard(..) => None,
            Part::Branch(position, ..) | Part::Said(position) => Some(*position),
        }
    }
}

/// The parts that a run went through.
fn parts(run: &Run) -> impl Iterator<Item = Part> + '_ {
    let asked = run.reads.iter().map(|read| {
        let (question, holds) = (read.question.clone(), read.answer.holds);
        if read.position.0 == 0 { Part::Guard(question, holds) } else { Part::Branch(read.position, question, holds) }
    });
    asked.chain(run.says.iter().map(|own| Part::Said(own.position)))
}

/// What the worlds reach of one rule.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// The parts.
    pub parts: BTreeSet<Part>,
    /// Every question that is asked somewhere, the guard's included.
    pub asks: BTreeSet<Question>,
}

impl Reach {
    /// Explores a rule in the abstract; `None`: there are too many worlds, or the rule failed.
    pub fn of(rules: &RuleSet, rule: &Rule, world: &Arc<World>) -> Option<Self> {
        let tree = rules.paths(rule, world, MAX_WORLDS).ok()?;
        if rules.failed().contains_key(&rule.id) {
            return None;
        }
        let leaves = tree.leaves();
        Some(Reach {
            parts: leaves.iter().flat_map(|run| parts(run)).collect(),
            asks: leaves.iter().flat_map(|run| run.reads.iter()).map(|read| read.question.clone()).collect(),
        })
    }
}

/// What was gone through, rule by rule.
#[derive(Clone, Debug, Default)]
pub struct Exercised {
    /// By tests of rules.
    pub tested: BTreeMap<Id, BTreeSet<Part>>,
    /// By evaluating scenarios, in any world that their facts leave open.
    pub evaluated: BTreeMap<Id, BTreeSet<Part>>,
}

impl Exercised {
    /// Adds a run of a rule's test.
    pub fn add_run(&mut self, rule: &str, run: &Run) {
        self.tested.entry(rule.to_owned()).or_default().extend(parts(run));
    }

    /// Adds everything that an evaluation ran.
    pub fn add(&mut self, evaluated: &Evaluated) {
        for ran in evaluated.traces.iter().flat_map(|trace| &trace.runs) {
            let own = self.evaluated.entry(ran.rule.clone()).or_default();
            own.extend(ran.tree.leaves().into_iter().flat_map(parts));
        }
    }
}

/// How much of one rule was exercised.
#[derive(Clone, Debug)]
pub struct RuleCoverage {
    /// The rule.
    pub rule: Id,
    /// Its file.
    pub file: String,
    /// What can be reached; `None`: too many worlds to know.
    pub reach: Option<BTreeSet<Part>>,
    /// What of it the tests of rules went through.
    pub tested: BTreeSet<Part>,
    /// What of it anything went through.
    pub exercised: BTreeSet<Part>,
}

impl RuleCoverage {
    /// What can be reached and was not.
    pub fn missing(&self) -> impl Iterator<Item = &Part> {
        self.reach.iter().flatten().filter(|part| !self.exercised.contains(part))
    }
}

/// How much of each rule was exercised, by id.
pub fn branches(rules: &RuleSet, reach: &BTreeMap<Id, Option<Reach>>, exercised: &Exercised) -> Vec<RuleCoverage> {
    let of = |rule: &Rule| {
        let reach = reach.get(&rule.id).and_then(Option::as_ref).map(|reach| reach.parts.clone());
        let within = |own: Option<&BTreeSet<Part>>| -> BTreeSet<Part> {
            let own = own.into_iter().flatten();
            own.filter(|part| reach.as_ref().is_none_or(|reach| reach.contains(part))).cloned().collect()
        };
        let tested = within(exercised.tested.get(&rule.id));
        let mut all = within(exercised.evaluated.get(&rule.id));
        all.extend(tested.iter().cloned());
        RuleCoverage { rule: rule.id.clone(), file: rule.place.file.to_string(), reach, tested, exercised: all }
    };
    rules.rules.values().map(of).collect()
}
