//! What was exercised: which rules spoke somewhere and were silent somewhere, and which parts of them were gone through.

pub mod branches;

mod facts;

use std::collections::{BTreeMap, BTreeSet};

pub use facts::{Facts, Row, rows};

use crate::answer::Evaluated;
use crate::rules::{RuleSet, Run};
use crate::world::Id;

/// What a body of evaluations showed of each rule.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    spoke: BTreeMap<Id, BTreeSet<String>>,
    silent: BTreeMap<Id, BTreeSet<String>>,
}

impl Coverage {
    /// Adds one evaluation: a rule speaks or is silent in a situation if it surely does.
    pub fn add(&mut self, evaluated: &Evaluated) {
        for run in evaluated.traces.iter().flat_map(|trace| &trace.runs) {
            let at = format!("{}:{}", evaluated.scenario.id, run.at);
            let leaves = run.tree.leaves();
            if leaves.iter().all(|leaf| !leaf.says.is_empty()) {
                self.spoke.entry(run.rule.clone()).or_default().insert(at);
            } else if leaves.iter().all(|leaf| leaf.says.is_empty()) {
                self.silent.entry(run.rule.clone()).or_default().insert(at);
            }
        }
    }

    /// Adds one run of a rule under made-up answers.
    pub fn add_run(&mut self, rule: &str, at: &str, run: &Run) {
        let into = if run.says.is_empty() { &mut self.silent } else { &mut self.spoke };
        into.entry(rule.to_owned()).or_default().insert(at.to_owned());
    }

    /// Adds what another body of evaluations showed.
    pub fn merge(&mut self, other: &Coverage) {
        for (into, own) in [(&mut self.spoke, &other.spoke), (&mut self.silent, &other.silent)] {
            for (rule, at) in own {
                into.entry(rule.clone()).or_default().extend(at.iter().cloned());
            }
        }
    }

    /// Rules that never spoke.
    pub fn never_spoke(&self, rules: &RuleSet) -> Vec<Id> {
        rules.rules.keys().filter(|rule| !self.spoke.contains_key(*rule)).cloned().collect()
    }

    /// Rules that spoke and were never silent.
    pub fn never_silent(&self, rules: &RuleSet) -> Vec<Id> {
        let always = |rule: &&Id| self.spoke.contains_key(*rule) && !self.silent.contains_key(*rule);
        rules.rules.keys().filter(always).cloned().collect()
    }
}
