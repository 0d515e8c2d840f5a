//! Rival positions that can be held together: what the preferred semantics adds where the grounded one is undecided.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::Claim;
use super::report::{RivalArgument, Rivalry};
use super::verdicts::{Gathered, merged};
use crate::argument::{Attacks, Label};
use crate::world::Id;

/// Choices tried for one rivalry.
const MOST: usize = 50_000;

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
    let mut attacks: BTreeSet<(usize, usize)> = BTreeSet::new();
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
    let mut rivalries: Vec<Rivalry> = components(arguments.len(), &attacks)
        .into_iter()
        .map(|members| rivalry(&members, &arguments, &attacks))
        .collect();
    rivalries.sort_by(|a, b| a.arguments.cmp(&b.arguments));
    rivalries
}

fn argument(claim: &Claim) -> RivalArgument {
    RivalArgument { id: claim.id(), position: claim.says.position(), source: claim.source.clone() }
}

/// Arguments that attacks tie together, directly or through others.
fn components(count: usize, attacks: &BTreeSet<(usize, usize)>) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..count).collect();
    for (attacker, target) in attacks {
        let (Some(one), Some(other)) = (group.get(*attacker).copied(), group.get(*target).copied()) else { continue };
        for own in group.iter_mut().filter(|own| **own == other) {
            *own = one;
        }
    }
    let mut components: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (argument, group) in group.into_iter().enumerate() {
        components.entry(group).or_default().push(argument);
    }
    components.into_values().collect()
}

fn rivalry(members: &[usize], arguments: &[RivalArgument], attacks: &BTreeSet<(usize, usize)>) -> Rivalry {
    let place = |argument: &usize| members.iter().position(|own| own == argument);
    let mut graph = Attacks::new(members.len());
    for (attacker, target) in attacks {
        if let (Some(attacker), Some(target)) = (place(attacker), place(target)) {
            graph.add(attacker, target);
        }
    }
    let found = graph.preferred(MOST);
    let named = |set: &[usize]| -> Vec<RivalArgument> {
        let mut named: Vec<RivalArgument> = set
            .iter()
            .filter_map(|at| members.get(*at))
            .filter_map(|argument| arguments.get(*argument))
            .cloned()
            .collect();
        named.sort();
        named
    };
    let everywhere = (0..members.len()).filter(|at| found.extensions.iter().all(|set| set.contains(at)));
    Rivalry {
        account: None,
        arguments: named(&(0..members.len()).collect::<Vec<usize>>()),
        shared: named(&everywhere.collect::<Vec<usize>>()),
        positions: found.extensions.iter().map(|set| named(set)).collect(),
        complete: found.complete,
    }
}
