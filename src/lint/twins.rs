//! Rules that repeat another: identical ones, and ones that conclude nothing that another one does not conclude already.
//!
//! Compared is what they ask and say on every path, not how they are written. A reason's wording makes no difference.

use std::collections::BTreeSet;

use super::paths::{Abstract, about, possible};
use super::{Found, IDENTICAL_RULE, Matter, SHADOWED_RULE};
use crate::rules::{Run, Says, implies};
use crate::world::World;

/// Rules of one source that ask and say the same. Two authors who argue alike are two arguments.
pub(super) fn identical(matter: &Matter<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for later in &matter.rules {
        let earlier = matter.rules.iter().filter(|own| own.rule.place < later.rule.place);
        let Some(first) = earlier.into_iter().find(|own| twins(&matter.world, own, later)) else { continue };
        let message = format!("the rule `{}` asks and says what `{}` does", later.rule.id, first.rule.id);
        let mut problem = about(matter, later.rule, None, IDENTICAL_RULE, message, "this one");
        let help = "keep one of them; it may carry the claims and places of both";
        problem.problem = problem.problem.label(first.rule.place.clone(), "and this one").help(help);
        found.push(problem);
    }
    found
}

/// Rules that another one of their source makes superfluous. Never one that realises a claim, or prevails, where the other
/// does not.
pub(super) fn shadowed(matter: &Matter<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for own in &matter.rules {
        let by = matter.rules.iter().find(|other| {
            other.rule.id != own.rule.id && !twins(&matter.world, own, other) && stands_in(matter, own, other)
        });
        let Some(by) = by else { continue };
        let message = format!("whatever `{}` concludes, `{}` concludes already", own.rule.id, by.rule.id);
        let mut problem = about(matter, own.rule, None, SHADOWED_RULE, message, "adds nothing");
        let help = "drop it, or say what it knows better than the other";
        problem.problem = problem.problem.label(by.rule.place.clone(), "concludes it already").help(help);
        found.push(problem);
    }
    found
}

fn twins(world: &World, one: &Abstract<'_>, other: &Abstract<'_>) -> bool {
    let (a, b) = (one.rule, other.rule);
    a.source == b.source
        && (&a.threats, &a.functions, a.each, a.strict) == (&b.threats, &b.functions, b.each, b.strict)
        && a.overrides == b.overrides
        && one.positions == other.positions
        && within(world, one, other)
        && within(world, other, one)
}

/// Whether the other rule says all that one says, wherever that one says it, and stands wherever it stands.
fn stands_in(matter: &Matter<'_>, one: &Abstract<'_>, other: &Abstract<'_>) -> bool {
    let (a, b) = (one.rule, other.rule);
    a.source == b.source
        && (a.each, a.stage) == (b.each, b.stage)
        && (b.functions.is_empty()
            || !a.functions.is_empty() && a.functions.iter().all(|own| b.functions.contains(own)))
        && (b.strict || !a.strict)
        && a.overrides.keys().all(|target| b.overrides.contains_key(target))
        && a.claims.iter().all(|claim| b.claims.contains(claim))
        && !one.positions.is_empty()
        && one.positions.is_subset(&other.positions)
        // Whoever speaks against the other and not against this one would leave this one standing.
        && matter.session.rules.rules.values().all(|rule| {
            let targets = |id: &String| rule.targets.contains(id) || rule.overrides.contains_key(id);
            !targets(&b.id) || targets(&a.id)
        })
        && within(&matter.world, one, other)
}

/// Whether, wherever one speaks, the other says all of it.
fn within(world: &World, one: &Abstract<'_>, other: &Abstract<'_>) -> bool {
    let spoken = |run: &&Run| !run.says.is_empty() && possible(world, &run.reads);
    let theirs: Vec<(&Run, BTreeSet<String>)> =
        other.tree.leaves().into_iter().map(|run| (run, positions(run))).collect();
    one.tree.leaves().into_iter().filter(spoken).all(|run| {
        let own = positions(run);
        theirs.iter().all(|(their_run, said)| own.is_subset(said) || !together(world, run, their_run))
    })
}

fn positions(run: &Run) -> BTreeSet<String> {
    run.says.iter().map(|emission| said(&emission.says)).collect()
}

fn said(says: &Says) -> String {
    says.position()
}

/// Whether some world may take both paths.
fn together(world: &World, one: &Run, other: &Run) -> bool {
    let agree = |a: &Run, b: &Run| {
        a.reads.iter().all(|known| {
            b.reads
                .iter()
                .all(|read| implies(world, known, &read.question).is_none_or(|holds| holds == read.answer.holds))
        })
    };
    if !agree(one, other) || !agree(other, one) {
        return false;
    }
    let both: Vec<_> = one.reads.iter().chain(other.reads.iter()).cloned().collect();
    possible(world, &both)
}
