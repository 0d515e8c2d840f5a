//! Still open: which of the facts that are not settled could change an answer. A list of research for the class.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::report::{AnswerKind, Judged};
use crate::answer::{Evaluated, Options, UnknownAccount, everywhere};
use crate::ask::Free;
use crate::diagram::influence;
use crate::load::Loaded;
use crate::rules::RuleSet;

/// A fact that is not settled, and what it could change.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OpenFact {
    /// What is not settled.
    pub says: String,
    /// Why.
    pub kind: Free,
    /// The values it may have.
    pub values: Vec<String>,
    /// The answers that it could change, the most first.
    pub decides: Vec<Decides>,
    /// Arguments of rules that are made under some of its values only.
    pub arguments: Vec<String>,
}

/// An answer that hangs on a fact.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Decides {
    /// `case/STATE/function`.
    pub cell: String,
    /// The account.
    pub account: Option<String>,
    /// How it is judged.
    pub judged: Judged,
    /// For each value of the fact, what the answer may still come out as.
    pub by_value: Vec<Vec<AnswerKind>>,
    /// In which part of the worlds of the other open facts this one alone changes the answer: a count of worlds, no
    /// probability.
    pub influence: f64,
}

/// What is still open.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Research {
    /// Facts that could change something, those that decide most first.
    pub facts: Vec<OpenFact>,
    /// Facts that were asked for, are not settled, and change no answer and no argument.
    pub idle: Vec<String>,
}

/// The facts of a scenario that are not settled, ranked by what hangs on them.
///
/// Errors: an account that no case has.
pub fn research(
    loaded: &Loaded,
    rules: &RuleSet,
    options: &Options,
    evaluated: &Evaluated,
) -> Result<Research, UnknownAccount> {
    let mut found: BTreeMap<String, OpenFact> = BTreeMap::new();
    for cell in everywhere(loaded, rules, options)? {
        for (judged, worlds) in [Judged::OnPaper, Judged::Available].into_iter().zip(&cell.worlds) {
            for fact in worlds.in_order() {
                let by_value = (0..fact.values.len())
                    .map(|value| worlds.restricted(&fact.key, value).leaves().into_iter().copied().collect())
                    .collect();
                let own = found.entry(fact.key.clone()).or_insert_with(|| OpenFact {
                    says: fact.says.clone(),
                    kind: fact.kind,
                    values: fact.values.clone(),
                    decides: Vec::new(),
                    arguments: Vec::new(),
                });
                own.decides.push(Decides {
                    cell: cell.id(),
                    account: cell.account.clone(),
                    judged,
                    by_value,
                    influence: influence(worlds, fact),
                });
            }
        }
    }
    let mut idle = Vec::new();
    for fact in met(evaluated) {
        let arguments = evaluated.evaluation.arguments.iter().filter(|own| own.only_if.contains(&fact.says));
        let mut arguments: Vec<String> = arguments.map(|own| own.id.clone()).collect();
        arguments.sort();
        arguments.dedup();
        match found.get_mut(&fact.key) {
            Some(own) => own.arguments = arguments,
            None if arguments.is_empty() => idle.push(fact.says.clone()),
            None => {
                let (says, kind, values) = (fact.says.clone(), fact.kind, fact.values.clone());
                found.insert(fact.key.clone(), OpenFact { says, kind, values, decides: Vec::new(), arguments });
            }
        }
    }
    idle.sort();
    idle.dedup();
    let mut facts: Vec<OpenFact> = found.into_values().collect();
    for fact in &mut facts {
        fact.decides.sort_by(|a, b| {
            b.influence
                .total_cmp(&a.influence)
                .then_with(|| (&a.cell, &a.account, a.judged).cmp(&(&b.cell, &b.account, b.judged)))
        });
    }
    let weight = |fact: &OpenFact| fact.decides.iter().map(|own| own.influence).sum::<f64>();
    facts.sort_by(|a, b| {
        (b.decides.len(), b.arguments.len())
            .cmp(&(a.decides.len(), a.arguments.len()))
            .then_with(|| weight(b).total_cmp(&weight(a)))
            .then_with(|| a.says.cmp(&b.says))
    });
    Ok(Research { facts, idle })
}

/// Every fact that is not settled and that a step or a rule met.
fn met(evaluated: &Evaluated) -> Vec<std::sync::Arc<crate::ask::FreeFact>> {
    let mut found = BTreeMap::new();
    for trace in &evaluated.traces {
        let steps = trace.cells.values().flat_map(|cell| &cell.rows).flat_map(|row| &row.steps);
        let runs = trace.runs.iter().flat_map(|run| run.tree.facts().into_values());
        for fact in steps.flat_map(|step| step.free.iter().cloned()).chain(runs) {
            if fact.kind != Free::Undecided {
                found.insert(fact.key.clone(), fact);
            }
        }
    }
    found.into_values().collect()
}
