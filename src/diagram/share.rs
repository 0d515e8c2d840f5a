//! How much each change holds up: the shares of Shapley and Banzhaf, over all coalitions at once.
//!
//! A coalition is a set of changes that are made; it wins where the diagram says so. The pass counts coalitions by their size
//! along the shared nodes, so that no coalition is looked at alone.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{Diagram, Node};
use crate::ask::FreeFact;

/// What a change holds up. Counts of coalitions are exact up to 2^53 of them, beyond that to the precision of a double.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The value of Shapley (1953): the part of all orders of coming in which the change's coming turns the outcome, turns
    /// to a loss counted against turns to a win. The shares add up to what all changes together turn.
    pub shapley: f64,
    /// The value of Banzhaf (1965), not normalised: the part of the coalitions of the others in which the change turns the
    /// outcome, counted in the same way.
    pub banzhaf: f64,
}

/// A fact with the changes that each of its values makes.
struct Player<'d> {
    key: &'d str,
    choices: Vec<BTreeSet<usize>>,
}

/// Signed counts of coalitions, by size.
type Counts = Rc<Vec<f64>>;

/// The share of every change that can turn the outcome in some coalition; the others' is nought.
///
/// `changes` says which changes a value of a fact makes; the values of one fact are all the combinations of its changes.
pub fn shares(diagram: &Diagram<bool>, changes: &dyn Fn(&str, usize) -> BTreeSet<usize>) -> BTreeMap<usize, Share> {
    let players: Vec<Player<'_>> = diagram
        .in_order()
        .into_iter()
        .map(|fact| Player {
            key: &fact.key,
            choices: (0..fact.values.len()).map(|value| changes(&fact.key, value)).collect(),
        })
        .collect();
    let all: BTreeSet<usize> = players.iter().flat_map(|player| &player.choices).flatten().copied().collect();
    let count = all.len();
    // The weight of a coalition of `size` others: size! (count - size - 1)! / count!.
    let mut weights = vec![1.0 / count.max(1) as f64];
    for size in 1..count {
        let last = weights.last().copied().unwrap_or_default();
        weights.push(last * size as f64 / (count - size) as f64);
    }
    let others = 2_f64.powi(i32::try_from(count.saturating_sub(1)).unwrap_or(i32::MAX));
    let share = |change: usize| {
        let mut pass = Pass { diagram, players: &players, change, known: BTreeMap::new() };
        let turned = pass.turned(0, diagram.root(), diagram.root());
        let shapley = turned.iter().zip(&weights).map(|(coalitions, weight)| coalitions * weight).sum();
        (change, Share { shapley, banzhaf: turned.iter().sum::<f64>() / others })
    };
    all.iter().copied().map(share).collect()
}

/// Two worlds walked at once: without a change, and with it.
struct Pass<'p, 'd> {
    diagram: &'d Diagram<bool>,
    players: &'p [Player<'d>],
    change: usize,
    known: BTreeMap<(usize, usize, usize), Counts>,
}

impl Pass<'_, '_> {
    /// Coalitions of the facts from the `from`-th on that the change turns, below a node for each of the two worlds.
    fn turned(&mut self, from: usize, without: usize, with: usize) -> Counts {
        let key = (from, without, with);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let mut counts = vec![0.0];
        if let Some(player) = self.players.get(from) {
            for (value, choice) in player.choices.iter().enumerate() {
                if choice.contains(&self.change) {
                    continue;
                }
                // A fact of other changes has no such value: both worlds go the same way.
                let larger: BTreeSet<usize> = choice.iter().copied().chain([self.change]).collect();
                let other = player.choices.iter().position(|choice| *choice == larger).unwrap_or(value);
                let next = (self.below(without, player.key, value), self.below(with, player.key, other));
                for (size, coalitions) in self.turned(from + 1, next.0, next.1).iter().enumerate() {
                    let size = size + choice.len();
                    if counts.len() <= size {
                        counts.resize(size + 1, 0.0);
                    }
                    counts.get_mut(size).into_iter().for_each(|count| *count += coalitions);
                }
            }
        } else {
            let wins = |node: usize| matches!(self.diagram.nodes.get(node), Some(Node::Leaf(true)));
            counts = vec![f64::from(u8::from(wins(with))) - f64::from(u8::from(wins(without)))];
        }
        let counts = Rc::new(counts);
        self.known.insert(key, counts.clone());
        counts
    }

    fn below(&self, node: usize, key: &str, value: usize) -> usize {
        match self.diagram.nodes.get(node) {
            Some(Node::Ask(fact, branches)) if fact.key == key => branches.get(value).copied().unwrap_or(node),
            _ => node,
        }
    }
}

/// How much one fact decides: the part of the worlds of the other facts, all values counted alike, in which its value
/// alone can change the leaf. It is a count of worlds, no probability.
pub fn influence<T: Ord + Clone>(diagram: &Diagram<T>, fact: &FreeFact) -> f64 {
    let restricted: Vec<Diagram<Option<T>>> = (0..fact.values.len())
        .map(|value| diagram.restricted(&fact.key, value).map(|leaf| Some(leaf.clone())))
        .collect();
    let Some((first, rest)) = restricted.split_first() else { return 0.0 };
    let mut same = first.clone();
    for other in rest {
        // `None`: two of the values lead to different leaves.
        match same.join(other, |one, two| if one == two { one.clone() } else { None }) {
            Ok(joined) => same = joined,
            Err(_) => return 1.0,
        }
    }
    same.part(&|leaf| leaf.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::{Free, FreeFact, explore, pick};
    use std::sync::Arc;

    fn game(players: usize, wins: impl Fn(u32) -> bool) -> Diagram<bool> {
        let fact = |key: &str| {
            let values = vec!["no".to_owned(), "yes".to_owned()];
            Arc::new(FreeFact { key: key.to_owned(), kind: Free::Lever, says: key.to_owned(), values })
        };
        let tree = explore(1 << players, &mut |chosen| {
            let mut coalition = 0;
            for player in 0..players {
                let key = format!("{player:02}");
                coalition |= u32::try_from(pick(chosen, || fact(&key), &key)?).unwrap_or(0) << player;
            }
            Ok(wins(coalition))
        })
        .expect("few players");
        Diagram::from_tree(&tree).expect("small")
    }

    fn alone(key: &str, value: usize) -> BTreeSet<usize> {
        (value == 1).then(|| key.parse().unwrap_or_default()).into_iter().collect()
    }

    #[test]
    fn shares_are_those_of_the_textbook() {
        // The weighted game [51; 50, 49, 1] (Banzhaf 1965): the first with either of the others.
        let found = shares(&game(3, |who| who & 1 == 1 && who & 6 != 0), &alone);
        let near = |value: f64, wanted: f64| (value - wanted).abs() < 1e-12;
        let expected = [(2.0 / 3.0, 0.75), (1.0 / 6.0, 0.25), (1.0 / 6.0, 0.25)];
        for (change, (shapley, banzhaf)) in expected.into_iter().enumerate() {
            let own = found.get(&change).expect("every player turns something");
            assert!(near(own.shapley, shapley) && near(own.banzhaf, banzhaf), "{found:?}");
        }
    }

    #[test]
    fn shares_are_what_every_coalition_says() {
        // Changes that hurt as well as help, and one that does nothing.
        let wins = |who: u32| (who & 3 == 3 || who & 12 == 4) && who & 32 == 0;
        let found = shares(&game(6, wins), &alone);
        let factorial = |number: u32| (1..=number).map(f64::from).product::<f64>();
        for player in 0..6_u32 {
            let (mut shapley, mut banzhaf) = (0.0, 0.0);
            for who in (0..64_u32).filter(|who| who >> player & 1 == 0) {
                let turned = f64::from(u8::from(wins(who | 1 << player))) - f64::from(u8::from(wins(who)));
                let size = who.count_ones();
                shapley += turned * factorial(size) * factorial(5 - size) / factorial(6);
                banzhaf += turned / 32.0;
            }
            let own = found.get(&(player as usize)).copied().unwrap_or(Share { shapley: 0.0, banzhaf: 0.0 });
            assert!((own.shapley - shapley).abs() < 1e-12 && (own.banzhaf - banzhaf).abs() < 1e-12, "{player}");
        }
        assert!(!found.contains_key(&4), "what turns nothing is no player");
    }

    #[test]
    fn a_fact_decides_in_the_worlds_in_which_its_value_changes_the_leaf() {
        let both = game(2, |who| who == 3);
        let facts = both.in_order();
        assert!(facts.iter().all(|fact| (influence(&both, fact) - 0.5).abs() < 1e-12));
    }
}
