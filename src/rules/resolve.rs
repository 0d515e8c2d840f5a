//! Rules that name other rules: whom they attack, and over whom they are preferred.

use std::collections::{BTreeMap, BTreeSet};

use super::RuleSet;
use crate::ask::vocabulary::Stage;
use crate::diagnostic::{Diagnostic, Place, Problems, suggestion};
use crate::world::Id;

impl RuleSet {
    /// Names in `undercut`, `contests` and `@overrides` have to be rules; a rule that only attacks takes its target's stage.
    pub(super) fn resolve(&mut self, targets: Vec<(Id, String, Place)>, problems: &mut Problems) {
        for (rule, target, place) in targets {
            if target == rule {
                let message = format!("`{rule}` attacks itself");
                let problem = Diagnostic::error("attacks-itself", message, place, "its own id")
                    .help("name the rule that it speaks against");
                self.failed.borrow_mut().entry(rule).or_insert_with(|| problem.clone());
                problems.push(problem);
                continue;
            }
            if !self.rules.contains_key(&target) {
                let mut problem =
                    Diagnostic::error("unknown-id", format!("there is no rule `{target}`"), place, "unknown id");
                problem.help = suggestion(&target, self.rules.keys().map(String::as_str));
                self.failed.borrow_mut().entry(rule).or_insert_with(|| problem.clone());
                problems.push(problem);
            }
        }
        for rule in self.rules.values() {
            for target in rule.overrides.keys().filter(|target| !self.rules.contains_key(*target)) {
                let message = format!("there is no rule `{target}` to override");
                let place = self.preferred.get(&(rule.id.clone(), target.clone())).unwrap_or(&rule.place);
                let mut problem = Diagnostic::error("unknown-id", message, place.clone(), "unknown id");
                problem.help = suggestion(target, self.rules.keys().map(String::as_str));
                self.failed.borrow_mut().entry(rule.id.clone()).or_insert_with(|| problem.clone());
                problems.push(problem);
            }
        }
        // Chains of attackers settle in as many rounds as there are rules.
        for _ in 0..self.rules.len() {
            let stages: BTreeMap<Id, (Stage, bool)> =
                self.rules.iter().map(|(id, rule)| (id.clone(), (rule.stage, rule.only_attacks))).collect();
            let mut changed = false;
            for rule in self.rules.values_mut() {
                if stages.get(&rule.id).is_some_and(|(_, attacks)| *attacks)
                    && let Some((stage, _)) = rule.targets.iter().next().and_then(|target| stages.get(target))
                    && rule.stage != *stage
                {
                    rule.stage = *stage;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }

    /// A cycle of declared preferences is an error.
    pub(super) fn preferences(&self, problems: &mut Problems) {
        for rule in self.rules.values() {
            let mut seen = BTreeSet::new();
            let mut open: Vec<&Id> = rule.overrides.keys().collect();
            while let Some(next) = open.pop() {
                if *next == rule.id {
                    let message = format!("`{}` overrides itself, through others", rule.id);
                    let problem =
                        Diagnostic::error("cycle", message, rule.place.clone(), "in a circle of `@overrides`")
                            .help("drop one of the preferences");
                    self.failed.borrow_mut().entry(rule.id.clone()).or_insert_with(|| problem.clone());
                    problems.push(problem);
                    break;
                }
                if seen.insert(next) {
                    open.extend(self.rules.get(next).into_iter().flat_map(|rule| rule.overrides.keys()));
                }
            }
        }
    }
}
