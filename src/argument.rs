//! Abstract argumentation: a graph of attacks and its grounded labelling (Dung 1995; labels after Caminada 2006).
//!
//! Arguments are numbers here. What they say, and who said it, is not known in this file.

use std::collections::BTreeSet;

use serde::Serialize;

/// The standing of an argument, or of a position that arguments support.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Label {
    /// Every attacker is rejected.
    Accepted,
    /// Some attacker is accepted.
    Rejected,
    /// Neither: the argument stands in an attack that nothing decides.
    Undecided,
}

impl Label {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Label::Accepted => "accepted",
            Label::Rejected => "rejected",
            Label::Undecided => "undecided",
        }
    }
}

/// Who attacks whom; arguments are numbered from 0.
#[derive(Clone, Debug, Default)]
pub struct Attacks {
    attackers: Vec<Vec<usize>>,
}

impl Attacks {
    /// A graph of `count` arguments without attacks.
    pub fn new(count: usize) -> Self {
        Attacks { attackers: vec![Vec::new(); count] }
    }

    /// Adds an attack; one that names an argument outside the graph, or is there already, changes nothing.
    pub fn add(&mut self, attacker: usize, target: usize) {
        if attacker < self.attackers.len()
            && let Some(attackers) = self.attackers.get_mut(target)
            && !attackers.contains(&attacker)
        {
            attackers.push(attacker);
        }
    }

    /// The attackers of an argument, in the order in which they were added.
    pub fn attackers(&self, argument: usize) -> &[usize] {
        self.attackers.get(argument).map_or(&[], Vec::as_slice)
    }

    /// The grounded labelling: the least complete one, unique, in time linear in the attacks.
    ///
    /// Worklist form: an argument is accepted once all its attackers are rejected, rejected once one of them is
    /// accepted; what neither ever reaches stays undecided.
    pub fn grounded(&self) -> Vec<Label> {
        let count = self.attackers.len();
        let mut targets: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut alive: Vec<usize> = Vec::with_capacity(count);
        for (target, attackers) in self.attackers.iter().enumerate() {
            alive.push(attackers.len());
            for attacker in attackers {
                if let Some(list) = targets.get_mut(*attacker) {
                    list.push(target);
                }
            }
        }
        let mut labels = vec![Label::Undecided; count];
        let mut accepted: Vec<usize> = (0..count).filter(|argument| self.attackers(*argument).is_empty()).collect();
        while let Some(argument) = accepted.pop() {
            set(&mut labels, argument, Label::Accepted);
            for target in targets.get(argument).into_iter().flatten() {
                if labels.get(*target) != Some(&Label::Undecided) {
                    continue;
                }
                set(&mut labels, *target, Label::Rejected);
                for freed in targets.get(*target).into_iter().flatten() {
                    if let Some(left) = alive.get_mut(*freed) {
                        *left = left.saturating_sub(1);
                        if *left == 0 && labels.get(*freed) == Some(&Label::Undecided) {
                            accepted.push(*freed);
                        }
                    }
                }
            }
        }
        labels
    }

    /// The preferred extensions: sets of arguments that can be held together, each defending itself against every
    /// attack, none of them part of a larger one (Dung 1995, definition 7). Sorted; each is sorted.
    ///
    /// Exponential in general: the search goes over what the grounded labelling leaves undecided and stops after `most`
    /// choices. Then `complete` is false, and there may be others, or larger ones.
    pub fn preferred(&self, most: usize) -> Preferred {
        let grounded = self.grounded();
        let labelled = |argument: &usize, wanted: Label| grounded.get(*argument) == Some(&wanted);
        let all = 0..self.attackers.len();
        let held: BTreeSet<usize> = all.clone().filter(|own| labelled(own, Label::Accepted)).collect();
        let free = all.filter(|own| labelled(own, Label::Undecided) && !self.strikes(*own, *own)).collect();
        let mut search = Search { graph: self, found: Vec::new(), left: most };
        search.choose(&held, &free, &BTreeSet::new());
        let complete = search.left > 0;
        let mut extensions: Vec<Vec<usize>> = search.found.into_iter().map(|set| set.into_iter().collect()).collect();
        extensions.sort();
        Preferred { extensions, complete, left: search.left }
    }

    fn strikes(&self, attacker: usize, target: usize) -> bool {
        self.attackers(target).contains(&attacker)
    }

    fn clash(&self, one: usize, other: usize) -> bool {
        self.strikes(one, other) || self.strikes(other, one)
    }

    /// Whether a set strikes at an argument.
    fn struck(&self, held: &BTreeSet<usize>, argument: usize) -> bool {
        self.attackers(argument).iter().any(|attacker| held.contains(attacker))
    }

    /// A cycle of undecided arguments that keeps `start` undecided, in the order of attack; empty if `start` is decided.
    ///
    /// Follows undecided attackers backwards until one repeats: such an attacker always exists, or `start` would be labelled.
    pub fn cycle(&self, labels: &[Label], start: usize) -> Vec<usize> {
        let undecided = |argument: usize| labels.get(argument) == Some(&Label::Undecided);
        let mut path = Vec::new();
        let mut current = Some(start).filter(|argument| undecided(*argument));
        while let Some(argument) = current {
            if let Some(first) = path.iter().position(|seen| *seen == argument) {
                let mut cycle = path.split_off(first);
                cycle.reverse();
                return cycle;
            }
            path.push(argument);
            current = self.attackers(argument).iter().copied().find(|attacker| undecided(*attacker));
        }
        Vec::new()
    }
}

/// Sets of arguments that can be held together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preferred {
    /// The sets.
    pub extensions: Vec<Vec<usize>>,
    /// Whether the search reached its end.
    pub complete: bool,
    /// Choices that were left.
    pub left: usize,
}

/// A depth-first search for the largest admissible sets: larger ones are met first.
struct Search<'a> {
    graph: &'a Attacks,
    found: Vec<BTreeSet<usize>>,
    left: usize,
}

impl Search<'_> {
    /// Extends `held`, which nothing inside attacks, by arguments of `free`; those `left_out` on the way may not come back.
    fn choose(&mut self, held: &BTreeSet<usize>, free: &BTreeSet<usize>, left_out: &BTreeSet<usize>) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return;
        }
        let graph = self.graph;
        // Whoever was left out and could still be added for sure would make every set of this branch larger.
        let sure = |own: usize| {
            let mut with = held.clone();
            with.insert(own);
            graph.attackers(own).iter().all(|attacker| graph.struck(&with, *attacker))
                && !held.iter().chain(free).any(|other| graph.clash(own, *other))
        };
        if left_out.iter().any(|own| sure(*own)) {
            return;
        }
        let mut attackers = held.iter().flat_map(|own| graph.attackers(*own));
        if let Some(attacker) = attackers.find(|attacker| !graph.struck(held, **attacker)) {
            // Somebody has to strike back: one of these, or the branch is dead.
            let defenders: Vec<usize> = free.iter().copied().filter(|own| graph.strikes(*own, *attacker)).collect();
            self.branch(held, free, left_out, &defenders);
        } else if let Some(next) = free.iter().copied().max_by_key(|own| self.degree(*own, free)) {
            self.branch(held, free, left_out, &[next]);
            let mut free = free.clone();
            free.remove(&next);
            let mut left_out = left_out.clone();
            left_out.insert(next);
            self.choose(held, &free, &left_out);
        } else if !self.found.iter().any(|larger| held.is_subset(larger)) {
            self.found.retain(|smaller| !smaller.is_subset(held));
            self.found.push(held.clone());
        }
    }

    /// Takes each of these in turn, without those before it.
    fn branch(&mut self, held: &BTreeSet<usize>, free: &BTreeSet<usize>, left_out: &BTreeSet<usize>, of: &[usize]) {
        let (mut free, mut left_out) = (free.clone(), left_out.clone());
        for own in of {
            free.remove(own);
            let mut with = held.clone();
            with.insert(*own);
            let rest: BTreeSet<usize> = free.iter().copied().filter(|other| !self.graph.clash(*own, *other)).collect();
            self.choose(&with, &rest, &left_out);
            left_out.insert(*own);
        }
    }

    fn degree(&self, own: usize, free: &BTreeSet<usize>) -> usize {
        free.iter().filter(|other| self.graph.clash(own, **other)).count()
    }
}

fn set(labels: &mut [Label], argument: usize, label: Label) {
    if let Some(slot) = labels.get_mut(argument) {
        *slot = label;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(count: usize, attacks: &[(usize, usize)]) -> Attacks {
        let mut graph = Attacks::new(count);
        for (attacker, target) in attacks {
            graph.add(*attacker, *target);
        }
        graph
    }

    #[test]
    fn an_undercut_of_an_undercut_restores_its_target() {
        let labels = graph(3, &[(0, 1), (1, 2)]).grounded();
        assert_eq!(labels, [Label::Accepted, Label::Rejected, Label::Accepted]);
    }

    #[test]
    fn mutual_attacks_and_odd_cycles_stay_undecided_and_name_their_cycle() {
        let odd = graph(4, &[(0, 1), (1, 2), (2, 0), (2, 3)]);
        let labels = odd.grounded();
        assert_eq!(labels, [Label::Undecided; 4]);
        assert_eq!(odd.cycle(&labels, 3).len(), 3);
        let own = graph(2, &[(0, 0), (0, 1)]);
        let labels = own.grounded();
        assert_eq!(labels, [Label::Undecided; 2], "an argument that attacks itself is undecided, and passes it on");
        assert_eq!(own.cycle(&labels, 1), [0]);
    }

    #[test]
    fn rival_arguments_can_be_held_one_at_a_time_and_a_cap_says_that_it_was_hit() {
        // Two rivals, both of which reject a third argument: a fourth, which the third attacks, is in every set.
        let floating = graph(4, &[(0, 1), (1, 0), (0, 2), (1, 2), (2, 3)]);
        let found = floating.preferred(100);
        assert_eq!((found.extensions, found.complete), (vec![vec![0, 3], vec![1, 3]], true));
        assert!(!floating.preferred(3).complete);
        let odd = graph(3, &[(0, 1), (1, 2), (2, 0)]).preferred(100);
        assert_eq!((odd.extensions, odd.complete), (vec![vec![]], true));
    }
}
