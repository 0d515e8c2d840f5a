//! Decision trees over free facts, and their exploration.

use std::sync::Arc;

use super::{Chosen, FreeFact, Known};

/// What a computation comes to under every value of the facts that are not settled.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree<T> {
    /// This, whatever else is the case.
    Leaf(T),
    /// It hangs on a fact: one branch per value, in the fact's order.
    Ask(Arc<FreeFact>, Vec<Tree<T>>),
}

/// A computation met more worlds than the cap allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyWorlds;

/// Runs `compute` under every combination of values of the free facts that it meets.
///
/// `compute` has to be pure: the same chosen values, the same result. It is run once per leaf and once per inner node.
/// At most `cap` leaves are built, else [`TooManyWorlds`].
pub fn explore<T>(cap: usize, compute: &mut dyn FnMut(&Chosen) -> Known<T>) -> Result<Tree<T>, TooManyWorlds> {
    let mut left = cap;
    grow(&mut Chosen::new(), &mut left, compute)
}

fn grow<T>(
    chosen: &mut Chosen,
    left: &mut usize,
    compute: &mut dyn FnMut(&Chosen) -> Known<T>,
) -> Result<Tree<T>, TooManyWorlds> {
    let fact = match compute(chosen) {
        Ok(leaf) => {
            *left = left.checked_sub(1).ok_or(TooManyWorlds)?;
            return Ok(Tree::Leaf(leaf));
        }
        Err(fact) => fact,
    };
    let mut branches = Vec::with_capacity(fact.values.len());
    for value in 0..fact.values.len() {
        // INVARIANT: a computation never stops at a fact that is chosen, so this cannot overwrite an outer choice.
        chosen.insert(fact.key.clone(), value);
        branches.push(grow(chosen, left, compute)?);
    }
    chosen.remove(&fact.key);
    Ok(Tree::Ask(fact, branches))
}

impl<T> Tree<T> {
    /// The leaf under the chosen values, or the free fact that is missing.
    pub fn walk(&self, chosen: &Chosen) -> Known<&T> {
        let mut tree = self;
        loop {
            match tree {
                Tree::Leaf(leaf) => return Ok(leaf),
                Tree::Ask(fact, branches) => {
                    let value = chosen.get(&fact.key).and_then(|value| branches.get(*value));
                    tree = value.ok_or_else(|| fact.clone())?;
                }
            }
        }
    }

    /// The tree of one aspect of the leaves, without the questions that make no difference to it.
    pub fn reduced<K: PartialEq>(&self, aspect: &dyn Fn(&T) -> K) -> Tree<K> {
        match self {
            Tree::Leaf(leaf) => Tree::Leaf(aspect(leaf)),
            Tree::Ask(fact, branches) => {
                let mut branches: Vec<Tree<K>> = branches.iter().map(|branch| branch.reduced(aspect)).collect();
                let same = branches.windows(2).all(|pair| pair.first() == pair.last());
                match (same, branches.pop()) {
                    (true, Some(branch)) => branch,
                    (_, last) => {
                        branches.extend(last);
                        Tree::Ask(fact.clone(), branches)
                    }
                }
            }
        }
    }

    /// Every leaf, from the first value to the last.
    pub fn leaves(&self) -> Vec<&T> {
        match self {
            Tree::Leaf(leaf) => vec![leaf],
            Tree::Ask(_, branches) => branches.iter().flat_map(Tree::leaves).collect(),
        }
    }

    /// Every leaf with the values that lead to it.
    pub fn paths(&self) -> Vec<(Chosen, &T)> {
        fn collect<'a, T>(tree: &'a Tree<T>, chosen: &mut Chosen, paths: &mut Vec<(Chosen, &'a T)>) {
            match tree {
                Tree::Leaf(leaf) => paths.push((chosen.clone(), leaf)),
                Tree::Ask(fact, branches) => {
                    for (value, branch) in branches.iter().enumerate() {
                        chosen.insert(fact.key.clone(), value);
                        collect(branch, chosen, paths);
                    }
                    chosen.remove(&fact.key);
                }
            }
        }
        let mut paths = Vec::new();
        collect(self, &mut Chosen::new(), &mut paths);
        paths
    }

    /// Every free fact in the tree, by key.
    pub fn facts(&self) -> std::collections::BTreeMap<String, Arc<FreeFact>> {
        let mut found = std::collections::BTreeMap::new();
        let mut open = vec![self];
        while let Some(tree) = open.pop() {
            if let Tree::Ask(fact, branches) = tree {
                found.insert(fact.key.clone(), fact.clone());
                open.extend(branches);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::pick;
    use super::*;

    fn ask(chosen: &Chosen, key: &str) -> Known<bool> {
        pick(chosen, || FreeFact::unknown(key, key), key).map(|value| value == 1)
    }

    #[test]
    fn exploration_finds_every_branch_and_asks_only_what_matters() {
        let tree = explore(16, &mut |chosen| Ok(ask(chosen, "a")? && ask(chosen, "b")?)).expect("four worlds at most");
        assert_eq!(tree.leaves(), [&false, &false, &true], "b is not asked where a is no");
        assert_eq!(tree.facts().len(), 2);
        let world = Chosen::from([("a".to_owned(), 1), ("b".to_owned(), 1)]);
        assert_eq!(tree.walk(&world), Ok(&true));
        assert_eq!(tree.reduced(&|_| 0), Tree::Leaf(0), "what makes no difference is not asked");
        assert_eq!(tree.reduced(&|leaf| *leaf), tree);
        assert!(tree.walk(&Chosen::new()).is_err());
    }

    #[test]
    fn the_cap_is_kept() {
        let many = |chosen: &Chosen| -> Known<usize> {
            let mut count = 0;
            for index in 0..10 {
                count += usize::from(ask(chosen, &index.to_string())?);
            }
            Ok(count)
        };
        assert_eq!(explore(100, &mut { many }), Err(TooManyWorlds));
        assert_eq!(explore(1024, &mut { many }).map(|tree| tree.leaves().len()), Ok(1024));
    }
}
