//! The rules behind a failed expectation, with the values under their terms.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::Evaluated;
use crate::answer::report::StepKind;
use crate::ask::{Question, Read};
use crate::diagnostic::Diagnostic;
use crate::rules::{RuleSet, Run};
use crate::trial::{Told, under};
use crate::world::scenario::Expected;
use crate::world::{Expectation, Id, World};

/// Rules that are shown, at most.
const RULES: usize = 2;

/// The problem with what each rule behind it asked, was answered, and on which fact that stood.
pub(super) fn shown(
    mut problem: Diagnostic,
    expectation: &Expectation,
    evaluated: &Evaluated,
    rules: &RuleSet,
) -> Diagnostic {
    for (rule, at) in behind(expectation, evaluated).into_iter().take(RULES) {
        let runs = evaluated.traces.iter().flat_map(|trace| &trace.runs);
        let Some(run) = runs.into_iter().find(|run| run.rule == rule && run.at == at) else { continue };
        if let Some(rule) = rules.rules.get(&rule) {
            problem.labels.extend(under(rules, rule, &told(&run.tree.leaves(), &evaluated.world)));
        }
    }
    problem
}

/// Rules with the situation in which they are looked at: those required first, then those of the steps that stop.
fn behind(expectation: &Expectation, evaluated: &Evaluated) -> Vec<(Id, String)> {
    let mut found: Vec<(Id, String)> = Vec::new();
    match &expectation.about {
        Expected::Argument { argument, .. } => {
            found.extend(argument.split_once('@').map(|(rule, at)| (rule.to_owned(), at.to_owned())));
        }
        Expected::Cell { cell, holder, because, .. } => {
            let Some((at, function)) = cell.rsplit_once('/') else { return found };
            let Some((case, state)) = at.split_once('/') else { return found };
            let needs = evaluated.evaluation.cases.iter().filter(|own| own.id == case).flat_map(|own| &own.needs);
            let cells = needs.filter(|need| need.function == function).flat_map(|need| &need.states);
            let rows = cells.filter(|own| own.state == state).flat_map(|own| &own.holders);
            let rows = rows.filter(|row| holder.as_ref().is_none_or(|holder| row.holder == *holder));
            let steps: Vec<_> = rows.flat_map(|row| &row.steps).collect();
            let given: BTreeSet<&Id> = steps.iter().flat_map(|step| &step.rules).collect();
            let missing = because.iter().filter(|rule| !given.contains(rule)).cloned();
            let stopping = steps.iter().filter(|step| step.result != StepKind::Passes && holder.is_some());
            let rules = missing.chain(stopping.flat_map(|step| step.rules.iter().cloned()));
            found.extend(rules.map(|rule| (rule, at.to_owned())));
        }
        _ => {}
    }
    found
}

/// What was answered in every world that the facts leave open.
fn told(runs: &[&Run], world: &World) -> Vec<Told> {
    let mut asked: BTreeMap<((usize, usize), &Question), Vec<&Read>> = BTreeMap::new();
    for read in runs.iter().flat_map(|run| run.reads.iter()) {
        asked.entry((read.position, &read.question)).or_default().push(read);
    }
    let tell = |((position, question), reads): (((usize, usize), &Question), Vec<&Read>)| {
        let answers: BTreeSet<bool> = reads.iter().map(|read| read.answer.holds).collect();
        let word = match (answers.contains(&true), answers.contains(&false)) {
            (true, true) => "yes or no: nothing settles it",
            (true, false) => "yes",
            _ => "no",
        };
        let fact = reads.iter().find_map(|read| read.answer.stands_on.first()).filter(|_| answers.len() == 1);
        let fact = fact.map(|fact| format!(": {}", fact.cited(world))).unwrap_or_default();
        Told { question: question.clone(), position, answer: format!("{word}{fact}") }
    };
    asked.into_iter().map(tell).collect()
}
