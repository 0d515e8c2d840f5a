//! Facts that lead nowhere: rows that name no source, and rows that nothing asks for.
//!
//! A record is wider than the scenarios that read it, and may be. What is found is a row that neither stood behind an answer
//! nor could: no rule asks for it, and no step of the ladder would look at it, whoever is hit by whatever.

use std::collections::BTreeSet;

use super::{Found, Matter, UNREAD_FACT, UNSOURCED_FACT};
use crate::ask::Question;
use crate::date::Bound;
use crate::diagnostic::{Diagnostic, Place};
use crate::load::facts;
use crate::world::{Execution, Id, LinkKind, Whom, World};

/// Dated rows without a source. Most tables demand one as they load; bodies and actors do not.
pub(super) fn unsourced(matter: &Matter<'_>) -> Vec<Found> {
    let dated = |held: &crate::date::Interval| held.from != Bound::Silent || held.until != Bound::Silent;
    let bodies = matter.world.bodies.values().filter(|body| body.remark.source.is_none() && dated(&body.held));
    bodies
        .map(|body| {
            let message = format!("nobody says when `{}` existed", body.id);
            let help = "add `source`, and `locator` where in it";
            Diagnostic::error(UNSOURCED_FACT, message, body.place.clone(), "dates without a source").help(help).into()
        })
        .collect()
}

/// Rows that stood behind no answer and that nothing asks for.
pub(super) fn unread(matter: &Matter<'_>) -> Vec<Found> {
    let mut asked: BTreeSet<&Question> = BTreeSet::new();
    for own in &matter.rules {
        let reads = own.tree.leaves().into_iter().flat_map(|run| run.reads.iter());
        asked.extend(reads.map(|read| &read.question));
    }
    let discrepancies = matter.session.pack.register.discrepancies.values();
    let discrepant: BTreeSet<&Id> = discrepancies.flat_map(|own| own.claimed.iter().chain(&own.record)).collect();
    let mut found = Vec::new();
    let mut told: BTreeSet<Place> = BTreeSet::new();
    let own = matter.session.pack.scenarios.iter().map(|loaded| loaded.world.as_ref());
    for world in std::iter::once(matter.session.pack.world.as_ref()).chain(own) {
        let mut reached = reached(world, &asked);
        // What a paper says against the record is held against it by the register.
        let told_apart = facts(world).filter(|(_, fact)| discrepant.contains(&fact.id));
        reached.extend(told_apart.map(|(_, fact)| fact.place.clone()));
        for row in matter.seen.facts.unread(world) {
            if !reached.contains(&row.place) && told.insert(row.place.clone()) {
                let message = format!("no rule and no step of the ladder asks for the {} `{}`", row.table, row.id);
                let problem = Diagnostic::error(UNREAD_FACT, message, row.place, "read by nothing");
                let help = "write the rule that needs it, drop it, or allow it where it is kept for the reader";
                found.push(problem.help(help).into());
            }
        }
    }
    found
}

/// The rows that a rule asks for, or that a step of the ladder looks at in some case.
fn reached(world: &World, asked: &BTreeSet<&Question>) -> BTreeSet<Place> {
    let ask = |words: &[&str], holds: &dyn Fn(&[String]) -> bool| {
        asked.iter().any(|own| words.contains(&own.word) && holds(&own.arguments))
    };
    let at = |arguments: &[String], index: usize| arguments.get(index).cloned().unwrap_or_default();
    let mut reached = BTreeSet::new();
    // Whoever is bound by a text is asked whenever a change touches it.
    reached.extend(world.parties.iter().map(|row| row.fact.place.clone()));
    for row in world.memberships.iter() {
        let in_it = |body: &str| world.upwards(body).contains(&row.organisation.as_str());
        let by_rule = ask(&["member_of", "all_members_of", "any_member_of", "has_role", "has_standing"], &|own| {
            in_it(&at(own, 0))
        }) || ask(&["has_member"], &|own| in_it(&at(own, 0)) && at(own, 1) == row.state)
            || ask(&["shares_members_at_least"], &|_| true);
        let by_text = world.mandates.iter().any(|own| {
            // A party too may be suspended, and binds as a member where the text lists no parties.
            matches!(own.whom, Whom::Parties | Whom::Members)
                && (in_it(&own.holder)
                    || in_it(world.line(&own.holder))
                    || binds(world, &own.instrument).is_some_and(in_it))
        }) || ask(&["bound_by", "all_bound_by"], &|own| binds(world, &at(own, 0)).is_some_and(in_it));
        if by_rule || by_text {
            reached.insert(row.fact.place.clone());
        }
    }
    for row in world.attributes.iter() {
        if ask(&["has_attribute"], &|own| at(own, 0) == row.attribute) {
            reached.insert(row.fact.place.clone());
        }
    }
    for row in world.capabilities.iter() {
        let same = |holder: &str| world.line(holder) == world.line(&row.holder);
        let for_it = |function: &str| row.functions.iter().any(|wide| world.functions.is_a(function, wide));
        let by_rule = ask(&["capable"], &|own| same(&at(own, 0)) && for_it(&at(own, 1)))
            || world.states.contains_key(&row.holder) && ask(&["state_capable"], &|own| for_it(&at(own, 0)));
        let by_text = world.mandates.iter().any(|own| {
            let meets = |wide: &Id| {
                row.functions.iter().any(|mine| world.functions.is_a(mine, wide) || world.functions.is_a(wide, mine))
            };
            own.execution != Execution::National && same(&own.holder) && own.functions.iter().any(meets)
        });
        if by_rule || by_text {
            reached.insert(row.fact.place.clone());
        }
    }
    for row in world.links.iter() {
        let ends = || row.between.iter().map(|end| world.line(end)).collect::<BTreeSet<_>>();
        let joins = |own: &[String]| ends() == own.iter().take(2).map(|end| world.line(end)).collect();
        let zone = row.kind == LinkKind::Zone;
        let words = if zone { ["zoned", "overlap_zoned"] } else { ["linked", "overlap_linked"] };
        let hold = ends().iter().all(|line| world.mandates.iter().any(|own| world.line(&own.holder) == *line));
        if ask(&words[..1], &joins) || hold && ask(&words[1..], &|_| true) {
            reached.insert(row.fact.place.clone());
        }
    }
    reached.extend(world.mandates.iter().map(|row| row.fact.place.clone()));
    reached
}

/// The body whose members a text binds.
fn binds<'w>(world: &'w World, instrument: &str) -> Option<&'w str> {
    world.instruments.get(instrument).and_then(|text| text.organisation.as_deref())
}
