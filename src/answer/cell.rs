//! One cell: from what each line comes to in every world to one of five answers, with what decides it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::candidate::{Candidate, MAX_WORLDS, Outcome};
use super::report::AnswerKind;
use crate::ask::{Chosen, Free, FreeFact, Tree, explore};
use crate::world::{Id, Step};

/// A cell's answer over one range of steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) answer: AnswerKind,
    /// What it may come out as: one answer where it stands.
    pub(super) possible: BTreeSet<AnswerKind>,
    /// The facts that decide.
    pub(super) depends_on: Vec<Arc<FreeFact>>,
    /// Lines that pass in every world.
    pub(super) sure: BTreeSet<Id>,
    /// Lines that pass in some world, or are undecided.
    pub(super) perhaps: BTreeSet<Id>,
}

/// Lines that pass and lines that are undecided, each counted up to two: more changes no answer.
type Count = (u8, u8);

fn add(one: Count, other: Count) -> Count {
    ((one.0 + other.0).min(2), (one.1 + other.1).min(2))
}

fn answer(count: Count) -> AnswerKind {
    match count {
        (0, 0) => AnswerKind::Gap,
        (0, _) => AnswerKind::Contested,
        (1, _) => AnswerKind::OneHolder,
        _ => AnswerKind::Overlap,
    }
}

/// Lines that share free facts, with their joint count in every world.
struct Component {
    tree: Tree<Count>,
}

/// Judges the lines of a cell over a range of steps.
pub(super) fn judge(lines: &BTreeMap<Id, Vec<&Candidate>>, range: &[Step]) -> Judged {
    let trees: Vec<(&Id, Tree<Outcome>)> =
        lines.iter().map(|(line, candidates)| (line, line_tree(candidates, range))).collect();
    let mut sure = BTreeSet::new();
    let mut perhaps = BTreeSet::new();
    for (line, tree) in &trees {
        let leaves = tree.leaves();
        if leaves.iter().all(|outcome| **outcome == Outcome::Passes) {
            sure.insert((*line).clone());
        } else if leaves.iter().any(|outcome| **outcome != Outcome::Stops) {
            perhaps.insert((*line).clone());
        }
    }
    let components = components(&trees);
    let groups: Vec<BTreeSet<BTreeSet<Count>>> = components.iter().map(Component::by_version).collect();
    let all = combine(&groups);
    let answers: BTreeSet<BTreeSet<AnswerKind>> =
        all.iter().map(|group| group.iter().map(|count| answer(*count)).collect()).collect();
    let possible: BTreeSet<AnswerKind> = answers.iter().flatten().copied().collect();
    let kind = match (answers.iter().any(|group| group.len() > 1), answers.len(), possible.first()) {
        (true, ..) => AnswerKind::Open,
        (false, 2.., _) => AnswerKind::Contested,
        (false, _, Some(only)) => *only,
        (false, _, None) => AnswerKind::Gap,
    };
    let depends_on = if possible.len() > 1 { deciding(&components, &groups) } else { Vec::new() };
    Judged { answer: kind, possible, depends_on, sure, perhaps }
}

/// A line answers if one body in it climbs the whole range by one text.
fn line_tree(candidates: &[&Candidate], range: &[Step]) -> Tree<Outcome> {
    let tree = explore(MAX_WORLDS, &mut |chosen: &Chosen| {
        let mut best = Outcome::Stops;
        for candidate in candidates {
            best = best.max(candidate.climbs(range, chosen)?);
            if best == Outcome::Passes {
                break;
            }
        }
        Ok(best)
    });
    tree.map(|tree| tree.reduced(&|outcome| *outcome)).unwrap_or_else(|_| {
        let fact = FreeFact::unknown("too-many-worlds", "more open facts than can be tried");
        Tree::Ask(fact, vec![Tree::Leaf(Outcome::Stops), Tree::Leaf(Outcome::Passes)])
    })
}

fn count(outcome: Outcome) -> Count {
    match outcome {
        Outcome::Passes => (1, 0),
        Outcome::Undecided => (0, 1),
        Outcome::Stops => (0, 0),
    }
}

/// Lines that share a free fact are tried together, the others apart: their counts add up.
fn components(trees: &[(&Id, Tree<Outcome>)]) -> Vec<Component> {
    let keys: Vec<BTreeSet<String>> = trees.iter().map(|(_, tree)| tree.facts().into_keys().collect()).collect();
    let mut groups: Vec<(BTreeSet<String>, Vec<usize>)> = Vec::new();
    for (index, own) in keys.into_iter().enumerate() {
        let mut merged = (own, vec![index]);
        groups.retain(|(facts, lines)| {
            let apart = facts.is_disjoint(&merged.0);
            if !apart {
                merged.0.extend(facts.iter().cloned());
                merged.1.extend(lines);
            }
            apart
        });
        groups.push(merged);
    }
    let joint = |lines: &[usize]| {
        explore(MAX_WORLDS, &mut |chosen: &Chosen| {
            let mut sum = (0, 0);
            for (_, tree) in lines.iter().filter_map(|line| trees.get(*line)) {
                sum = add(sum, count(*tree.walk(chosen)?));
            }
            Ok(sum)
        })
    };
    groups
        .into_iter()
        .flat_map(|(_, lines)| match joint(&lines) {
            Ok(tree) => vec![Component { tree }],
            // Too many worlds for the lines together: taken apart, they may come out in more ways than they can.
            Err(_) => lines.iter().filter_map(|line| joint(&[*line]).ok()).map(|tree| Component { tree }).collect(),
        })
        .collect()
}

impl Component {
    /// For each version of the disputed facts: the counts that the unknown ones leave possible.
    fn by_version(&self) -> BTreeSet<BTreeSet<Count>> {
        let disputed: Vec<Arc<FreeFact>> =
            self.tree.facts().into_values().filter(|fact| fact.kind == Free::Disputed).collect();
        let mut versions = vec![Chosen::new()];
        for fact in disputed {
            if versions.len() > MAX_WORLDS {
                break;
            }
            versions = versions
                .into_iter()
                .flat_map(|version| {
                    (0..fact.values.len()).map({
                        let key = fact.key.clone();
                        move |value| {
                            let mut version = version.clone();
                            version.insert(key.clone(), value);
                            version
                        }
                    })
                })
                .collect();
        }
        let paths = self.tree.paths();
        versions
            .iter()
            .map(|version| {
                let agrees =
                    |path: &Chosen| version.iter().all(|(key, value)| path.get(key).is_none_or(|own| own == value));
                paths.iter().filter(|(path, _)| agrees(path)).map(|(_, count)| **count).collect()
            })
            .collect()
    }
}

fn combine(groups: &[BTreeSet<BTreeSet<Count>>]) -> BTreeSet<BTreeSet<Count>> {
    let mut all = BTreeSet::from([BTreeSet::from([(0, 0)])]);
    for group in groups {
        all = all
            .iter()
            .flat_map(|one| {
                group.iter().map(move |other| one.iter().flat_map(|a| other.iter().map(move |b| add(*a, *b))).collect())
            })
            .collect();
    }
    all
}

/// The free facts whose value can change the answer, all else equal in some world.
fn deciding(components: &[Component], groups: &[BTreeSet<BTreeSet<Count>>]) -> Vec<Arc<FreeFact>> {
    let mut found: BTreeMap<String, Arc<FreeFact>> = BTreeMap::new();
    for (index, component) in components.iter().enumerate() {
        let others: Vec<BTreeSet<BTreeSet<Count>>> =
            groups.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, group)| group.clone()).collect();
        let rest: BTreeSet<Count> = combine(&others).into_iter().flatten().collect();
        let changes =
            |one: Count, other: Count| rest.iter().any(|rest| answer(add(one, *rest)) != answer(add(other, *rest)));
        for (key, fact) in component.tree.facts() {
            if hangs_on(&component.tree, &key, &mut Chosen::new(), &changes) {
                found.insert(key, fact);
            }
        }
    }
    let mut found: Vec<Arc<FreeFact>> = found.into_values().collect();
    found.sort_by(|a, b| (b.kind, &a.key).cmp(&(a.kind, &b.key)));
    found
}

/// Whether some world exists in which another value of one fact alone changes the leaf.
fn hangs_on(tree: &Tree<Count>, key: &str, chosen: &mut Chosen, changes: &dyn Fn(Count, Count) -> bool) -> bool {
    let Tree::Ask(fact, branches) = tree else { return false };
    if fact.key != key {
        return branches.iter().enumerate().any(|(value, branch)| {
            chosen.insert(fact.key.clone(), value);
            let found = hangs_on(branch, key, chosen, changes);
            chosen.remove(&fact.key);
            found
        });
    }
    branches.iter().enumerate().any(|(index, one)| {
        branches.iter().skip(index + 1).any(|other| differ(one, other, &mut Chosen::new(), changes))
    })
}

/// Whether two trees have different leaves in one world: both are walked together, each fact having one value in both.
fn differ(one: &Tree<Count>, other: &Tree<Count>, chosen: &mut Chosen, changes: &dyn Fn(Count, Count) -> bool) -> bool {
    let (fact, branches) = match (one, other) {
        (Tree::Leaf(one), Tree::Leaf(other)) => return changes(*one, *other),
        (Tree::Ask(fact, branches), _) => (fact, branches),
        (Tree::Leaf(_), Tree::Ask(..)) => return differ(other, one, chosen, changes),
    };
    if let Some(value) = chosen.get(&fact.key) {
        return branches.get(*value).is_some_and(|branch| differ(branch, other, chosen, changes));
    }
    branches.iter().enumerate().any(|(value, branch)| {
        chosen.insert(fact.key.clone(), value);
        // The other tree comes first in the next step, so that it follows the same value.
        let found = differ(other, branch, chosen, changes);
        chosen.remove(&fact.key);
        found
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_counts_lines_and_never_collapses() {
        assert_eq!(answer((0, 0)), AnswerKind::Gap);
        assert_eq!(answer((0, 2)), AnswerKind::Contested);
        assert_eq!(answer((1, 1)), AnswerKind::OneHolder, "an undecided line beside one holder is a contested second");
        assert_eq!(answer((2, 0)), AnswerKind::Overlap);
    }

    fn component(kind: Free, key: &str, counts: [Count; 2]) -> Component {
        let fact = Arc::new(FreeFact {
            key: key.to_owned(),
            kind,
            says: key.to_owned(),
            values: vec!["no".to_owned(), "yes".to_owned()],
        });
        Component { tree: Tree::Ask(fact, counts.into_iter().map(Tree::Leaf).collect()) }
    }

    fn kinds(components: &[Component]) -> (Vec<usize>, usize) {
        let groups: Vec<_> = components.iter().map(Component::by_version).collect();
        let all = combine(&groups);
        (all.iter().map(BTreeSet::len).collect(), deciding(components, &groups).len())
    }

    #[test]
    fn unknowns_widen_one_version_and_disputes_make_several() {
        assert_eq!(kinds(&[component(Free::Unknown, "u", [(0, 0), (1, 0)])]), (vec![2], 1));
        assert_eq!(kinds(&[component(Free::Disputed, "d", [(0, 0), (1, 0)])]), (vec![1, 1], 1));
        let sure = Component { tree: Tree::Leaf((2, 0)) };
        let (_, deciding) = kinds(&[sure, component(Free::Unknown, "u", [(0, 0), (1, 0)])]);
        assert_eq!(deciding, 0, "with two lines sure, a third decides nothing");
    }
}
