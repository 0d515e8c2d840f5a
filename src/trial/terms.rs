//! The values under the terms of a rule: each place where it asked, with what was answered.

use std::collections::BTreeMap;

use crate::ask::Question;
use crate::diagnostic::Place;
use crate::rules::{Rule, RuleSet};

/// Lines of a rule that are shown, at most: the last ones before it spoke or ended.
const LINES: usize = 6;

/// A question of a run, as it is told under its term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The question.
    pub question: Question,
    /// Line and column in the script; zero where the guard asked.
    pub position: (usize, usize),
    /// The answer in words.
    pub answer: String,
}

/// Each term that was asked, with its answers, in the order of the script; the guard's at the head of the rule.
pub fn under(rules: &RuleSet, rule: &Rule, told: &[Told]) -> Vec<(Place, String)> {
    let mut at: BTreeMap<(usize, usize), Vec<&Told>> = BTreeMap::new();
    for own in told {
        let here = at.entry(own.position).or_default();
        if !here.contains(&own) {
            here.push(own);
        }
    }
    // A guard that let the rule speak is no news.
    if at.keys().any(|(line, _)| *line > 0) {
        at.remove(&(0, 0));
    }
    let lines: Vec<usize> = at.keys().map(|(line, _)| *line).filter(|line| *line > 0).collect();
    let mut kept = lines.clone();
    kept.dedup();
    let first = kept.len().checked_sub(LINES).and_then(|from| kept.get(from)).copied().unwrap_or(0);
    at.into_iter()
        .filter(|(position, _)| position.0 == 0 || position.0 >= first)
        .map(|(position, asked)| {
            let place = rules.term(rule, position).unwrap_or_else(|| rule.place.clone());
            let alone = asked.len() == 1 && position.0 > 0;
            let answers = asked
                .iter()
                .map(|own| if alone { own.answer.clone() } else { format!("{} {}", own.question, own.answer) });
            let answers: Vec<String> = answers.collect();
            let guard = if position.0 == 0 { "its guard: " } else { "" };
            (place, format!("{guard}{}", answers.join("; ")))
        })
        .collect()
}
