//! What a claim's arguments stand on where the register shows them: the questions asked, and the dated facts behind the answers.

use schemars::JsonSchema;
use serde::Serialize;

use super::realised;
use super::seen::{made, reading};
use crate::answer::Evaluated;
use crate::answer::report::ArgumentResult;
use crate::argument::Label;
use crate::diagnostic::Diagnostic;
use crate::explain::established;
use crate::session::Session;

/// An argument of a claim's rule in a scenario.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Ground {
    /// The scenario.
    pub scenario: String,
    /// Papers taken at their word there.
    pub lens: Vec<String>,
    /// The account.
    pub account: Option<String>,
    /// The day, where it is not the scenario's own.
    pub as_of: Option<String>,
    /// The argument: `rule@case/STATE`.
    pub argument: String,
    /// What it says.
    pub position: String,
    /// How it stands.
    pub label: Label,
    /// What it asked and was answered, each with the fact and its source.
    pub facts: Vec<String>,
    /// Arguments that attack it.
    pub attackers: Vec<String>,
}

/// The arguments of a claim where it shows.
///
/// Errors: a scenario that cannot be asked in that way.
pub fn grounds(session: &Session, claim: &str) -> Result<Vec<Ground>, Vec<Diagnostic>> {
    let Some(claim) = session.pack.register.claims.get(claim) else { return Ok(Vec::new()) };
    let rules = realised(session).remove(claim.id.as_str()).unwrap_or_default();
    let mut grounds = Vec::new();
    for shown in &claim.shown {
        let Some(loaded) = session.scenario(&shown.scenario) else { continue };
        let evaluated = session.evaluate(loaded, &reading(shown.as_of, &shown.lens, shown.account.as_ref()))?;
        for argument in made(&evaluated.evaluation, &rules, &shown.at) {
            grounds.push(Ground {
                scenario: shown.scenario.clone(),
                lens: shown.lens.clone(),
                account: shown.account.clone().or_else(|| argument.account.clone()),
                as_of: shown.as_of.map(|date| date.to_string()),
                argument: argument.id.clone(),
                position: argument.position.clone(),
                label: argument.label,
                facts: facts(&evaluated, argument),
                attackers: argument.attackers.clone(),
            });
        }
    }
    grounds.sort();
    grounds.dedup();
    Ok(grounds)
}

/// What an argument asked, wherever it was weighed.
fn facts(evaluated: &Evaluated, argument: &ArgumentResult) -> Vec<String> {
    let told = evaluated.traces.iter().filter(|trace| argument.account.is_none() || trace.account == argument.account);
    let weighed = told.flat_map(|trace| &trace.gathered.claims).flat_map(|claims| claims.iter());
    let own = weighed.filter(|claim| claim.id() == argument.id && claim.says.position() == argument.position);
    let mut facts: Vec<String> = Vec::new();
    let mut add = |text: String| {
        if !facts.contains(&text) {
            facts.push(text);
        }
    };
    for claim in own {
        for read in claim.reads.iter().filter(|read| read.question.word != "concerns") {
            let answer = if read.answer.holds { "yes" } else { "no" };
            let behind: Vec<String> = read.answer.stands_on.iter().map(|fact| fact.cited(&evaluated.world)).collect();
            add(match behind.as_slice() {
                [] => format!("{}: {answer}", read.question),
                _ => format!("{}: {answer}; {}", read.question, behind.join("; ")),
            });
            if let Some(derived) = established(evaluated, read, &claim.at) {
                for own in derived.reads.iter().filter(|own| own.answer.holds) {
                    let behind = own.answer.stands_on.iter().map(|fact| fact.cited(&evaluated.world));
                    add(format!("  since {}: yes; {}", own.question, behind.collect::<Vec<String>>().join("; ")));
                }
            }
        }
        if claim.undermined {
            add("holds only as its own paper states the facts; the record says otherwise".to_owned());
        }
    }
    facts
}
