//! The smallest sets of choices that lead to a wanted leaf.

use std::collections::BTreeSet;

use super::{Diagram, Node};

/// The sets of choices of at most `most` in cost that lead to a wanted leaf, none of which contains another.
///
/// A choice is a fact's value other than the first; `cost` says how many changes it stands for and which. Sets come sorted by
/// size, then by their changes. Whatever a set does not name stays at its first value.
pub fn minimal<T: Ord + Clone>(
    diagram: &Diagram<T>,
    wanted: &dyn Fn(&T) -> bool,
    changes: &dyn Fn(&str, usize) -> BTreeSet<usize>,
    most: usize,
) -> Vec<BTreeSet<usize>> {
    // The least cost from each node to a wanted leaf: branches that cost too much are not walked.
    let mut least: Vec<Option<usize>> = Vec::with_capacity(diagram.nodes.len());
    for node in &diagram.nodes {
        least.push(match node {
            Node::Leaf(value) => wanted(value).then_some(0),
            Node::Ask(fact, branches) => branches
                .iter()
                .enumerate()
                .filter_map(|(value, at)| Some(least.get(*at).copied()?? + changes(&fact.key, value).len()))
                .min(),
        });
    }
    let mut found = BTreeSet::new();
    let mut open: Vec<(usize, BTreeSet<usize>)> = vec![(diagram.root(), BTreeSet::new())];
    while let Some((at, set)) = open.pop() {
        if least.get(at).copied().flatten().is_none_or(|least| set.len() + least > most) {
            continue;
        }
        match diagram.nodes.get(at) {
            Some(Node::Ask(fact, branches)) => {
                for (value, next) in branches.iter().enumerate() {
                    open.push((*next, set.union(&changes(&fact.key, value)).copied().collect()));
                }
            }
            _ => {
                found.insert((set.len(), set));
            }
        }
    }
    let mut smallest: Vec<BTreeSet<usize>> = Vec::new();
    for (_, set) in found {
        if !smallest.iter().any(|smaller| smaller.is_subset(&set)) {
            smallest.push(set);
        }
    }
    smallest
}
