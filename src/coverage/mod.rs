//! Which rules spoke somewhere and were silent somewhere, over the evaluations looked at.

mod facts;

use std::collections::{BTreeMap, BTreeSet};

pub use facts::{Facts, Row, rows};

use crate::answer::Evaluated;
use crate::rules::RuleSet;
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
