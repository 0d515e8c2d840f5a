//! Abstract argumentation: a graph of attacks and its grounded labelling (Dung 1995; labels after Caminada 2006).
//!
//! Arguments are numbers here. What they say, and who said it, is not known in this file.

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
}
