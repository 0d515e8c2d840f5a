//! Which claims of two sides attack one another.

use schemars::JsonSchema;
use serde::Serialize;

use super::realised;
use crate::answer::report::Evaluation;
use crate::session::Session;
use crate::world::{AttackKind, Id};

/// An attack between claims of two sides, both of which speak.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Quarrel {
    /// The disagreement.
    pub id: String,
    /// Its question.
    pub question: String,
    /// The claim that attacks.
    pub from: String,
    /// How.
    pub kind: AttackKind,
    /// The claim attacked.
    pub on: String,
}

/// The attacks between what one side says and what the other side says, as the register has them.
pub fn quarrels(session: &Session, first: &Evaluation, second: &Evaluation) -> Vec<Quarrel> {
    let rules = realised(session);
    let spoken = |side: &Evaluation, claim: &Id| {
        let own = rules.get(claim.as_str()).into_iter().flatten();
        own.into_iter().any(|rule| side.arguments.iter().any(|argument| argument.rule == **rule))
    };
    // What both sides say divides nobody.
    let only = |side: &Evaluation, other: &Evaluation, claim: &Id| spoken(side, claim) && !spoken(other, claim);
    let mut found = Vec::new();
    for disagreement in session.pack.register.disagreements.values() {
        for attack in &disagreement.attacks {
            for (from, on) in attack.from.iter().flat_map(|from| attack.on.iter().map(move |on| (from, on))) {
                let here = |one: &Evaluation, other: &Evaluation| only(one, other, from) && only(other, one, on);
                if here(first, second) || here(second, first) {
                    found.push(Quarrel {
                        id: disagreement.id.clone(),
                        question: disagreement.question.clone(),
                        from: from.clone(),
                        kind: attack.kind,
                        on: on.clone(),
                    });
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}
