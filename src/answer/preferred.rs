//! Rival positions that can be held together: what the preferred semantics adds where the grounded one is undecided.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::Claim;
use super::report::{RivalArgument, Rivalry};
use super::verdicts::{Gathered, merged};
use crate::argument::{Attacks, Label, Preferred};
use crate::world::Id;

/// Choices tried for all rivalries of an account together.
const MOST: usize = 200_000;

/// Arguments of one rivalry that are searched: beyond it, positions are not told.
const LARGEST: usize = 200;

/// The rivalries of every account; those that are the same in all accounts once.
pub(super) fn rivalries(gathered: &[(&Option<Id>, &Gathered)]) -> Vec<Rivalry> {
    let own: Vec<Vec<Rivalry>> = gathered.iter().map(|(_, gathered)| of_account(gathered)).collect();
    let of_accounts = gathered.iter().zip(&own).map(|((account, _), own)| (*account, own.as_slice()));
    merged(of_accounts, |rivalry, account| rivalry.account = account)
}

fn of_account(gathered: &Gathered) -> Vec<Rivalry> {
    // One argument may stand in several positions: it is the same argument, and what attacks it anywhere attacks it.
    let mut arguments: Vec<RivalArgument> = Vec::new();
    let mut index: BTreeMap<RivalArgument, usize> = BTreeMap::new();
    let mut attacks: BTreeSet<Pair> = BTreeSet::new();
    for claims in &gathered.settled {
        let undecided = |claim: &&Claim| claim.label == Label::Undecided;
        let mut number = |claim: &Claim| {
            let argument = argument(claim);
            *index.entry(argument.clone()).or_insert_with(|| {
                arguments.push(argument);
                arguments.len() - 1
            })
        };
        for claim in claims.iter().filter(undecided) {
            let target = number(claim);
            for attacker in claim.attackers.iter().filter_map(|at| claims.get(*at)).filter(undecided) {
                attacks.insert((number(attacker), target));
            }
        }
    }
    let mut left = MOST;
    let mut rivalries: Vec<Rivalry> = components(arguments.len(), &attacks)
        .into_iter()
        .map(|(members, attacks)| rivalry(&members, &arguments, &attacks, &mut left))
        .collect();
    rivalries.sort_by(|a, b| a.arguments.cmp(&b.arguments));
    rivalries
}

fn argument(claim: &Claim) -> RivalArgument {
    RivalArgument { id: claim.id(), position: claim.says.position(), source: claim.source.clone() }
}

type Pair = (usize, usize);

/// Arguments that attacks tie together, directly or through others, with those attacks.
fn components(count: usize, attacks: &BTreeSet<Pair>) -> Vec<(Vec<usize>, Vec<Pair>)> {
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (attacker, target) in attacks {
        for (one, other) in [(attacker, target), (target, attacker)] {
            near.get_mut(*one).into_iter().for_each(|near| near.push(*other));
        }
    }
    let mut group: Vec<Option<usize>> = vec![None; count];
    let mut components: Vec<(Vec<usize>, Vec<Pair>)> = Vec::new();
    for start in 0..count {
        if group.get(start) != Some(&None) {
            continue;
        }
        let mut members = Vec::new();
        let mut open = vec![start];
        while let Some(own) = open.pop() {
            if let Some(slot) = group.get_mut(own).filter(|slot| slot.is_none()) {
                *slot = Some(components.len());
                members.push(own);
                open.extend(near.get(own).into_iter().flatten());
            }
        }
        members.sort_unstable();
        components.push((members, Vec::new()));
    }
    for attack in attacks {
        let of = group.get(attack.0).copied().flatten();
        if let Some((_, own)) = of.and_then(|of| components.get_mut(of)) {
            own.push(*attack);
        }
    }
    components
}

fn rivalry(members: &[usize], arguments: &[RivalArgument], attacks: &[Pair], left: &mut usize) -> Rivalry {
    let place: BTreeMap<usize, usize> = members.iter().enumerate().map(|(at, own)| (*own, at)).collect();
    let mut graph = Attacks::new(members.len());
    let found = if members.len() > LARGEST {
        Preferred { extensions: Vec::new(), complete: false, left: *left }
    } else {
        for (attacker, target) in attacks {
            if let (Some(attacker), Some(target)) = (place.get(attacker), place.get(target)) {
                graph.add(*attacker, *target);
            }
        }
        graph.preferred(*left)
    };
    *left = found.left;
    let named = |set: &[usize]| -> Vec<RivalArgument> {
        let own = set.iter().filter_map(|at| members.get(*at)).filter_map(|argument| arguments.get(*argument));
        let mut named: Vec<RivalArgument> = own.cloned().collect();
        named.sort();
        named
    };
    // What an unfinished search has not met yet may lack any of them.
    let everywhere = |at: &usize| found.complete && found.extensions.iter().all(|set| set.contains(at));
    Rivalry {
        account: None,
        arguments: named(&(0..members.len()).collect::<Vec<usize>>()),
        shared: named(&(0..members.len()).filter(everywhere).collect::<Vec<usize>>()),
        positions: found.extensions.iter().map(|set| named(set)).collect(),
        complete: found.complete,
    }
}
