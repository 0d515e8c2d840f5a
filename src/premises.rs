//! Over which premises two readings part: a question that a rule asks on one side, and what the other side answers to it.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{Evaluated, Trace};
use crate::ask::vocabulary::{Stage, word};
use crate::ask::{FactRef, Positions, Question, Read, Reply, Scope, Situation};
use crate::rules::Run;

/// A question of fact to which two readings of one scenario give different answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Premise {
    /// As a rule asks it.
    pub question: String,
    /// Where: `case/STATE`, or the case.
    pub at: String,
    /// The account.
    pub account: Option<String>,
    /// The answer on each side; `None`: open there.
    pub answers: [Option<bool>; 2],
    /// The facts behind each answer, with their source.
    pub facts: [Vec<String>; 2],
    /// Rules that ask it and speak on one side.
    pub rules: Vec<String>,
}

/// Questions that rules which speak on either side ask about a case or a state, and that the sides answer differently. Only
/// facts: what earlier rules concluded is no premise but a consequence. Rules that run for a response, an overlap or a pair
/// of bodies are not asked again.
pub fn premises(first: &Evaluated, second: &Evaluated) -> Vec<Premise> {
    let mut found: BTreeMap<(String, String, Option<String>), Premise> = BTreeMap::new();
    for (side, own, other) in [(0, first, second), (1, second, first)] {
        for trace in &own.traces {
            // Two accounts of one event are two readings too.
            let alone = own.traces.len() == 1 && other.traces.len() == 1;
            let theirs = other.traces.iter().find(|other| alone || other.account == trace.account);
            let Some(theirs) = theirs else { continue };
            for run in &trace.runs {
                for leaf in run.tree.leaves().into_iter().filter(|leaf| !leaf.says.is_empty()) {
                    asked(side, trace, theirs, &run.rule, &run.at, leaf, &mut found);
                }
            }
        }
    }
    found.into_values().collect()
}

fn asked(
    side: usize,
    own: &Trace,
    theirs: &Trace,
    rule: &str,
    at: &str,
    run: &Run,
    found: &mut BTreeMap<(String, String, Option<String>), Premise>,
) {
    let (Some(here), Some(there)) = (situation(own, at), situation(theirs, at)) else { return };
    let of_fact = |read: &&Read| word(read.question.word).is_some_and(|own| own.stage == Some(Stage::Question));
    for read in run.reads.iter().filter(of_fact) {
        let (Some((mine, told)), Some((answer, facts))) =
            (answered(&here, &read.question), answered(&there, &read.question))
        else {
            continue;
        };
        if mine == answer {
            continue;
        }
        let key = (read.question.to_string(), at.to_owned(), own.account.clone());
        let premise = found.entry(key).or_insert_with(|| {
            let turned = side == 1;
            Premise {
                question: read.question.to_string(),
                at: at.to_owned(),
                account: own.account.clone(),
                answers: if turned { [answer, mine] } else { [mine, answer] },
                facts: if turned { [facts, told] } else { [told, facts] },
                rules: Vec::new(),
            }
        });
        if !premise.rules.iter().any(|known| known == rule) {
            premise.rules.push(rule.to_owned());
            premise.rules.sort();
        }
    }
}

/// What a situation answers to a question of fact, `None` where that is open, with what it rests on.
fn answered(situation: &Situation, question: &Question) -> Option<(Option<bool>, Vec<String>)> {
    match situation.answer(question, &Nothing) {
        Ok(Reply::Answer(answer)) => Some((Some(answer.holds), said(situation, &answer.stands_on))),
        Ok(Reply::NotJudged(_)) => None,
        Err(free) => Some((None, vec![free.says.clone()])),
    }
}

fn said(situation: &Situation, facts: &[FactRef]) -> Vec<String> {
    let texts: BTreeSet<String> = facts.iter().map(|fact| fact.cited(&situation.view.world)).collect();
    texts.into_iter().collect()
}

/// The situation of that id on a side: an affected state's, or the case's as a whole.
fn situation(trace: &Trace, at: &str) -> Option<Situation> {
    let (case, state) = at.split_once('/').unwrap_or((at, ""));
    let own =
        trace.situations.iter().find(|((own, affected), _)| own == case && (state.is_empty() || affected == state));
    let (_, situation) = own?;
    let scope = if state.is_empty() { Scope::Case } else { situation.scope.clone() };
    Some(Situation { scope, ..situation.clone() })
}

/// No earlier conclusions: questions of fact do not ask for them.
struct Nothing;

impl Positions for Nothing {}
