//! Does a claim show where the register says, and is it gone without its premise? Are the attacks carried out?

use std::collections::BTreeMap;

use super::realised;
use crate::answer::report::{ArgumentResult, Evaluation};
use crate::answer::{Decider, Options};
use crate::date::PartialDate;
use crate::diagnostic::Diagnostic;
use crate::load::Loaded;
use crate::session::Readings;
use crate::what_if;
use crate::world::register::Claim;
use crate::world::{AttackKind, ClaimAttack, Id, Shown};

/// Claims that do not show where they say in a scenario, or still show when their premise is gone; and attacks between
/// claims that no argument of theirs carries out there.
pub fn unseen(asked: &mut Readings<'_>, loaded: &Loaded) -> Vec<Diagnostic> {
    let session = asked.session();
    let realised = realised(session);
    let mut problems = Vec::new();
    for claim in session.pack.register.claims.values() {
        for shown in claim.shown.iter().filter(|shown| shown.scenario == loaded.scenario.id) {
            let rules = realised.get(claim.id.as_str()).cloned().unwrap_or_default();
            if let Err(found) = look(asked, loaded, claim, shown, &rules) {
                problems.extend(found);
            }
        }
    }
    for disagreement in session.pack.register.disagreements.values() {
        let here = |attack: &&ClaimAttack| attack.scenario.as_ref() == Some(&loaded.scenario.id);
        for attack in disagreement.attacks.iter().filter(here) {
            match asked.evaluated(loaded, &reading(attack.as_of, &attack.lens, attack.account.as_ref())) {
                Ok(evaluated) => problems.extend(unfought(&evaluated.evaluation, attack, &realised)),
                Err(found) => problems.extend(found),
            }
        }
    }
    problems
}

pub(super) fn reading(as_of: Option<PartialDate>, lenses: &[Id], account: Option<&Id>) -> Options {
    Options { as_of, lenses: lenses.iter().cloned().collect(), account: account.cloned(), ..Options::default() }
}

/// Attackers of which no argument attacks one of the attacked there.
fn unfought(evaluation: &Evaluation, attack: &ClaimAttack, realised: &BTreeMap<&str, Vec<&Id>>) -> Vec<Diagnostic> {
    let rules = |claim: &Id| realised.get(claim.as_str()).cloned().unwrap_or_default();
    let wrong =
        |message: String, label: String| Diagnostic::error("unseen-attack", message, attack.place.clone(), label);
    let mut problems = Vec::new();
    for on in &attack.on {
        let targets = rules(on);
        for from in &attack.from {
            if !fought(evaluation, attack.kind, &rules(from), &targets) {
                let message = format!("no argument of the claim `{from}` attacks one of `{on}` there");
                problems.push(wrong(message, format!("in {}", evaluation.scenario)));
            }
        }
        let mut own = evaluation.arguments.iter().filter(|argument| targets.contains(&&argument.rule));
        let undermined = own.any(undermined);
        if let Some(discrepancy) = attack.discrepancy.as_ref().filter(|_| attack.from.is_empty() && !undermined) {
            let message = format!("the record does not undermine the claim `{on}` there");
            problems.push(wrong(message, format!("by {discrepancy}")));
        }
    }
    problems
}

/// Whether the record denies a fact that an argument stands on.
fn undermined(argument: &ArgumentResult) -> bool {
    argument.decided_by == Some(Decider::Undermined)
}

/// Whether an argument of one of the first rules attacks one of the others in this way, or rebuts it over a thesis.
fn fought(evaluation: &Evaluation, kind: AttackKind, from: &[&Id], on: &[&Id]) -> bool {
    // Another reading of the same text rebuts it and denies the inference at once.
    let says = |attacker: &str, word: &str, rule: &Id| {
        let position = format!("{word} {rule}");
        evaluation.arguments.iter().any(|own| own.id == attacker && own.position == position)
    };
    let direct = evaluation.arguments.iter().filter(|argument| on.contains(&&argument.rule)).any(|argument| {
        argument.attackers.iter().any(|attacker| {
            let author = attacker.split('@').next().unwrap_or_default();
            let of_kind = match kind {
                AttackKind::Undercut => {
                    ["undercuts", "contests"].iter().any(|word| says(attacker, word, &argument.rule))
                }
                AttackKind::Rebut => !says(attacker, "undercuts", &argument.rule),
                // A premise is denied by whoever denies the inference from it, or by the record.
                AttackKind::Undermine => undermined(argument) || says(attacker, "undercuts", &argument.rule),
            };
            of_kind && from.iter().any(|rule| *rule == author)
        })
    });
    let speaks = |rules: &[&Id], listed: &[String]| listed.iter().any(|rule| rules.contains(&rule));
    direct
        || kind == AttackKind::Rebut
            && evaluation.assessments.iter().any(|thesis| {
                (speaks(from, &thesis.opposed_by) && speaks(on, &thesis.supported_by))
                    || (speaks(from, &thesis.supported_by) && speaks(on, &thesis.opposed_by))
            })
}

fn look(
    asked: &mut Readings<'_>,
    loaded: &Loaded,
    claim: &Claim,
    shown: &Shown,
    rules: &[&Id],
) -> Result<(), Vec<Diagnostic>> {
    let session = asked.session();
    let options = reading(shown.as_of, &shown.lens, shown.account.as_ref());
    let evaluation = &asked.evaluated(loaded, &options)?.evaluation;
    let wrong = |message: String| {
        Err(vec![Diagnostic::error("unseen-claim", message, shown.place.clone(), format!("at {}", shown.at))])
    };
    if made(evaluation, rules, &shown.at).is_empty() {
        return wrong(format!("no argument of the claim `{}` is made there", claim.id));
    }
    if shown.gone.is_empty() {
        return Ok(());
    }
    let changes = what_if::read(session, loaded, &shown.gone)?;
    let altered = what_if::apply(loaded, &options, &changes);
    let after = what_if::evaluate(session, &altered)?.evaluation;
    if !made(&after, rules, &shown.at).is_empty() {
        return wrong(format!("the claim `{}` still shows there when its premise is gone", claim.id));
    }
    Ok(())
}

/// Whether an argument is made in a situation, or there about a function.
fn made_at(argument: &ArgumentResult, at: &str) -> bool {
    let situation = argument.id.split_once('@').map_or("", |(_, situation)| situation);
    let function = at.strip_prefix(situation).and_then(|rest| rest.strip_prefix('/'));
    let words = || argument.position.split(|letter: char| letter.is_whitespace() || ",():".contains(letter));
    situation == at || function.is_some_and(|function| words().any(|word| word == function))
}

/// The arguments that some rules make for a proposition, in a situation, or in a situation about a function: accepted or not.
pub(super) fn made<'e>(evaluation: &'e Evaluation, rules: &[&Id], at: &str) -> Vec<&'e ArgumentResult> {
    let thesis = |argument: &&ArgumentResult| {
        let word = argument.position.split_whitespace().last();
        word == Some(at) && evaluation.assessments.iter().any(|thesis| thesis.id == at)
    };
    let own = evaluation.arguments.iter().filter(|argument| rules.contains(&&argument.rule));
    own.filter(|argument| made_at(argument, at) || thesis(argument)).collect()
}
