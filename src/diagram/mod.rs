//! Decision diagrams over free facts: trees in which equal parts are one, so that many worlds cost little more than one.
//!
//! Every diagram asks its facts in one order: levers, then what sources dispute, then what nobody knows, each by key. So
//! diagrams from anywhere can be combined, two that say the same are the same, and a fact stands in one only if its value
//! can change the leaf (Bryant 1986). What the leaves mean is not known here.

mod minimal;
mod share;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use minimal::minimal;
pub use share::{Share, influence, shares};

use crate::ask::{Chosen, Free, FreeFact, Known, Tree};

/// Nodes that one diagram may have.
const MOST_NODES: usize = 1 << 17;

/// A diagram would have more nodes than the cap allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyNodes;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node<T> {
    Leaf(T),
    /// A fact, and the node that each of its values leads to; at least two of them differ.
    Ask(Arc<FreeFact>, Vec<usize>),
}

/// A function from the values of free facts to leaves.
///
/// INVARIANT: nodes stand after those that they lead to, and the root is the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagram<T> {
    nodes: Vec<Node<T>>,
}

/// Where a fact stands in the order.
fn place(fact: &FreeFact) -> (u8, &str) {
    let kind = match fact.kind {
        Free::Lever => 0,
        Free::Disputed => 1,
        Free::Unknown | Free::Undecided => 2,
    };
    (kind, &fact.key)
}

/// Nodes so far, each kept once.
struct Builder<T> {
    nodes: Vec<Node<T>>,
    leaves: BTreeMap<T, usize>,
    asks: BTreeMap<(String, Vec<usize>), usize>,
}

impl<T: Ord + Clone> Builder<T> {
    fn new() -> Self {
        Builder { nodes: Vec::new(), leaves: BTreeMap::new(), asks: BTreeMap::new() }
    }

    fn leaf(&mut self, value: T) -> usize {
        if let Some(known) = self.leaves.get(&value) {
            return *known;
        }
        self.leaves.insert(value.clone(), self.nodes.len());
        self.nodes.push(Node::Leaf(value));
        self.nodes.len() - 1
    }

    fn ask(&mut self, fact: &Arc<FreeFact>, branches: Vec<usize>) -> Result<usize, TooManyNodes> {
        if let [first, rest @ ..] = branches.as_slice()
            && rest.iter().all(|branch| branch == first)
        {
            return Ok(*first);
        }
        let shape = (fact.key.clone(), branches);
        if let Some(known) = self.asks.get(&shape) {
            return Ok(*known);
        }
        if self.nodes.len() >= MOST_NODES {
            return Err(TooManyNodes);
        }
        self.nodes.push(Node::Ask(fact.clone(), shape.1.clone()));
        self.asks.insert(shape, self.nodes.len() - 1);
        Ok(self.nodes.len() - 1)
    }

    /// The diagram of one node: what the root does not lead to is left out.
    fn finish(self, root: usize) -> Diagram<T> {
        let mut wanted = BTreeSet::from([root]);
        for index in (0..=root).rev() {
            if wanted.contains(&index)
                && let Some(Node::Ask(_, branches)) = self.nodes.get(index)
            {
                wanted.extend(branches);
            }
        }
        let places: BTreeMap<usize, usize> = wanted.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let moved = |old: &usize| places.get(old).copied().unwrap_or_default();
        let nodes = self
            .nodes
            .into_iter()
            .enumerate()
            .filter(|(index, _)| wanted.contains(index))
            .map(|(_, node)| match node {
                Node::Leaf(value) => Node::Leaf(value),
                Node::Ask(fact, branches) => Node::Ask(fact, branches.iter().map(moved).collect()),
            })
            .collect();
        Diagram { nodes }
    }
}

impl<T: Ord + Clone> Diagram<T> {
    /// The same leaf in every world.
    pub fn leaf(value: T) -> Self {
        Diagram { nodes: vec![Node::Leaf(value)] }
    }

    /// What a tree says, whatever the order in which it asks.
    ///
    /// Errors: more nodes than the cap allows.
    pub fn from_tree(tree: &Tree<T>) -> Result<Self, TooManyNodes> {
        match tree {
            Tree::Leaf(value) => Ok(Diagram::leaf(value.clone())),
            Tree::Ask(fact, branches) => {
                let branches: Vec<Self> = branches.iter().map(Self::from_tree).collect::<Result<_, _>>()?;
                Self::choice(fact, &branches)
            }
        }
    }

    /// One diagram for each value of a fact.
    ///
    /// Errors: more nodes than the cap allows.
    pub fn choice(fact: &Arc<FreeFact>, branches: &[Self]) -> Result<Self, TooManyNodes> {
        let mut builder = Builder::new();
        let roots: Vec<usize> = branches.iter().map(Diagram::root).collect();
        let mut merge = Merge { of: branches, asked: Some(fact), builder: &mut builder, known: BTreeMap::new() };
        let root =
            merge.node(&roots, &|values: &[&T], at| values.get(at.unwrap_or(0)).map(|value| (*value).clone()))?;
        Ok(builder.finish(root))
    }

    /// Two diagrams joined, leaf by leaf.
    ///
    /// Errors: more nodes than the cap allows.
    pub fn join(&self, other: &Self, with: impl Fn(&T, &T) -> T) -> Result<Self, TooManyNodes> {
        if let ([Node::Leaf(one)], [Node::Leaf(two)]) = (self.nodes.as_slice(), other.nodes.as_slice()) {
            return Ok(Diagram::leaf(with(one, two)));
        }
        let of = [self.clone(), other.clone()];
        let mut builder = Builder::new();
        let mut merge = Merge { of: &of, asked: None, builder: &mut builder, known: BTreeMap::new() };
        let root = merge.node(&[self.root(), other.root()], &|values: &[&T], _| match values {
            [one, two] => Some(with(one, two)),
            _ => None,
        })?;
        Ok(builder.finish(root))
    }

    /// The same questions with other leaves; what they no longer decide is no longer asked.
    pub fn map<U: Ord + Clone>(&self, to: impl Fn(&T) -> U) -> Diagram<U> {
        let mut builder = Builder::new();
        let mut places: Vec<usize> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            places.push(match node {
                Node::Leaf(value) => builder.leaf(to(value)),
                Node::Ask(fact, branches) => {
                    let branches = branches.iter().filter_map(|branch| places.get(*branch).copied()).collect();
                    // INVARIANT: there are never more nodes than in the diagram that is mapped, which kept the cap.
                    builder.ask(fact, branches).unwrap_or_default()
                }
            });
        }
        let root = places.last().copied().unwrap_or_default();
        builder.finish(root)
    }

    /// Everything that facts of these kinds leave possible; they have to come last in the order.
    ///
    /// Errors: more nodes than the cap allows.
    pub fn possible(&self, kinds: &[Free]) -> Result<Diagram<BTreeSet<T>>, TooManyNodes> {
        let mut below: Vec<BTreeSet<T>> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let set = match node {
                Node::Leaf(value) => BTreeSet::from([value.clone()]),
                Node::Ask(_, branches) => branches.iter().filter_map(|at| below.get(*at)).flatten().cloned().collect(),
            };
            below.push(set);
        }
        let mut builder = Builder::new();
        let mut places: Vec<usize> = Vec::with_capacity(self.nodes.len());
        for (index, node) in self.nodes.iter().enumerate() {
            places.push(match node {
                Node::Ask(fact, branches) if !kinds.contains(&fact.kind) => {
                    let branches = branches.iter().filter_map(|branch| places.get(*branch).copied()).collect();
                    builder.ask(fact, branches)?
                }
                _ => builder.leaf(below.get(index).cloned().unwrap_or_default()),
            });
        }
        let root = places.last().copied().unwrap_or_default();
        Ok(builder.finish(root))
    }

    fn root(&self) -> usize {
        self.nodes.len().saturating_sub(1)
    }

    /// The leaf in one world, or the free fact that is missing.
    pub fn walk(&self, chosen: &Chosen) -> Known<&T> {
        let mut at = self.root();
        loop {
            match self.nodes.get(at) {
                Some(Node::Leaf(value)) => return Ok(value),
                Some(Node::Ask(fact, branches)) => {
                    let value = chosen.get(&fact.key).and_then(|value| branches.get(*value));
                    at = *value.ok_or_else(|| fact.clone())?;
                }
                // INVARIANT: branches lead to nodes before their own, so the walk ends at a leaf.
                None => return Err(FreeFact::unknown("nowhere", "a diagram without nodes")),
            }
        }
    }

    /// Every leaf that some world leads to.
    pub fn leaves(&self) -> BTreeSet<&T> {
        self.nodes
            .iter()
            .filter_map(|node| match node {
                Node::Leaf(value) => Some(value),
                Node::Ask(..) => None,
            })
            .collect()
    }

    /// The facts whose value alone can change the leaf in some world, in order of their keys.
    pub fn deciding(&self) -> BTreeMap<&str, &Arc<FreeFact>> {
        self.nodes
            .iter()
            .filter_map(|node| match node {
                Node::Ask(fact, _) => Some((fact.key.as_str(), fact)),
                Node::Leaf(_) => None,
            })
            .collect()
    }

    /// The same facts, in the order in which they are asked.
    pub fn in_order(&self) -> Vec<&Arc<FreeFact>> {
        let mut facts: Vec<&Arc<FreeFact>> = self.deciding().into_values().collect();
        facts.sort_by(|a, b| place(a).cmp(&place(b)));
        facts
    }

    /// The diagram where a fact has this value.
    pub fn restricted(&self, key: &str, value: usize) -> Self {
        let mut builder = Builder::new();
        let mut places: Vec<usize> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            places.push(match node {
                Node::Leaf(value) => builder.leaf(value.clone()),
                Node::Ask(fact, branches) => {
                    let branches: Vec<usize> =
                        branches.iter().filter_map(|branch| places.get(*branch).copied()).collect();
                    match branches.get(value).filter(|_| fact.key == key) {
                        Some(branch) => *branch,
                        // INVARIANT: there are never more nodes than in the diagram itself, which kept the cap.
                        None => builder.ask(fact, branches).unwrap_or_default(),
                    }
                }
            });
        }
        let root = places.last().copied().unwrap_or_default();
        builder.finish(root)
    }

    /// The part of all worlds, every value of every fact counted alike, that lead to such a leaf.
    pub fn part(&self, of: &dyn Fn(&T) -> bool) -> f64 {
        let mut parts: Vec<f64> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            parts.push(match node {
                Node::Leaf(value) => f64::from(u8::from(of(value))),
                Node::Ask(_, branches) => {
                    let below: f64 = branches.iter().filter_map(|at| parts.get(*at)).sum();
                    below / branches.len().max(1) as f64
                }
            });
        }
        parts.last().copied().unwrap_or_default()
    }

    /// How many nodes it has.
    #[cfg(test)]
    fn size(&self) -> usize {
        self.nodes.len()
    }
}

/// Several diagrams walked together.
struct Merge<'a, T> {
    of: &'a [Diagram<T>],
    /// A fact whose value says which of them counts.
    asked: Option<&'a Arc<FreeFact>>,
    builder: &'a mut Builder<T>,
    known: BTreeMap<(Vec<usize>, Option<usize>), usize>,
}

/// What a leaf is made of: the leaves of all diagrams, and the value of the asked fact if there is one.
type Make<'m, T> = &'m dyn Fn(&[&T], Option<usize>) -> Option<T>;

impl<T: Ord + Clone> Merge<'_, T> {
    fn node(&mut self, at: &[usize], make: Make<'_, T>) -> Result<usize, TooManyNodes> {
        self.below(at, None, make)
    }

    fn below(&mut self, at: &[usize], value: Option<usize>, make: Make<'_, T>) -> Result<usize, TooManyNodes> {
        let key = (at.to_vec(), value);
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let asked = self.asked.filter(|_| value.is_none());
        // Once the asked fact has its value, only that diagram counts.
        let counts = |index: usize| value.is_none_or(|value| value == index);
        let tops = at.iter().zip(self.of).enumerate().filter(|(index, _)| counts(*index)).filter_map(
            |(_, (at, own))| match own.nodes.get(*at) {
                Some(Node::Ask(fact, _)) => Some(fact.clone()),
                _ => None,
            },
        );
        let first = tops.chain(asked.cloned()).min_by(|a, b| place(a).cmp(&place(b)));
        let built = match first {
            None => {
                let leaves: Vec<&T> = at
                    .iter()
                    .zip(self.of)
                    .filter_map(|(at, own)| match own.nodes.get(*at) {
                        Some(Node::Leaf(leaf)) => Some(leaf),
                        // Not counted: anything does. INVARIANT: the first node is a leaf.
                        _ => match own.nodes.first() {
                            Some(Node::Leaf(leaf)) => Some(leaf),
                            _ => None,
                        },
                    })
                    .collect();
                match make(&leaves, value) {
                    Some(leaf) => self.builder.leaf(leaf),
                    None => return Err(TooManyNodes),
                }
            }
            Some(fact) => {
                let here = asked.is_some_and(|asked| asked.key == fact.key);
                let mut branches = Vec::with_capacity(fact.values.len());
                for choice in 0..fact.values.len() {
                    let next: Vec<usize> = at
                        .iter()
                        .zip(self.of)
                        .map(|(at, own)| match own.nodes.get(*at) {
                            Some(Node::Ask(own, branches)) if own.key == fact.key => {
                                branches.get(choice).copied().unwrap_or(*at)
                            }
                            _ => *at,
                        })
                        .collect();
                    let value = if here { Some(choice) } else { value };
                    // What no longer counts stays where it is all the same.
                    let kept = |(index, at): (usize, usize)| if value.is_none_or(|own| own == index) { at } else { 0 };
                    let next: Vec<usize> = next.into_iter().enumerate().map(kept).collect();
                    branches.push(self.below(&next, value, make)?);
                }
                self.builder.ask(&fact, branches)?
            }
        };
        self.known.insert(key, built);
        Ok(built)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::{explore, pick};

    fn fact(key: &str, kind: Free) -> Arc<FreeFact> {
        let values = vec!["no".to_owned(), "yes".to_owned()];
        Arc::new(FreeFact { key: key.to_owned(), kind, says: key.to_owned(), values })
    }

    type Ask<'a> = &'a dyn Fn(&str) -> Known<bool>;

    fn tree(of: &dyn Fn(Ask<'_>) -> Known<u8>) -> Tree<u8> {
        explore(64, &mut |chosen| of(&|key| pick(chosen, || fact(key, Free::Unknown), key).map(|value| value == 1)))
            .expect("few worlds")
    }

    #[test]
    fn equal_parts_are_one_and_the_order_of_asking_does_not_matter() {
        let one = tree(&|ask| Ok(u8::from(ask("b")? && ask("a")?)));
        let other = tree(&|ask| Ok(u8::from(ask("a")? && ask("b")?)));
        let (one, other) = (Diagram::from_tree(&one), Diagram::from_tree(&other));
        assert_eq!(one, other);
        let same = tree(&|ask| Ok(u8::from(ask("a")?) + u8::from(ask("b")?) + u8::from(ask("c")?)));
        let sum = Diagram::from_tree(&same).expect("small");
        assert_eq!(sum.size(), 4 + 3 + 2 + 1, "four sums, and one node for each count so far");
        assert_eq!(sum.map(|count| u8::from(*count > 9)), Diagram::leaf(0), "what decides nothing is not asked");
    }

    #[test]
    fn joining_says_in_every_world_what_the_two_say_there() {
        let one = tree(&|ask| Ok(if ask("c")? { 1 + u8::from(ask("a")?) } else { 0 }));
        let two = tree(&|ask| Ok(if ask("b")? { 2 * u8::from(ask("c")?) } else { u8::from(ask("d")?) }));
        let of = |tree: &Tree<u8>| Diagram::from_tree(tree).expect("small");
        let joined = of(&one).join(&of(&two), |a, b| 10 * a + b).expect("small");
        for world in 0..16usize {
            let chosen: Chosen = ["a", "b", "c", "d"]
                .iter()
                .enumerate()
                .map(|(bit, key)| ((*key).to_owned(), world >> bit & 1))
                .collect();
            let (a, b) = (one.walk(&chosen).expect("chosen"), two.walk(&chosen).expect("chosen"));
            assert_eq!(joined.walk(&chosen), Ok(&(10 * a + b)));
        }
    }

    #[test]
    fn what_nobody_knows_is_gathered_below_what_can_be_chosen() {
        let lever = fact("z", Free::Lever);
        let unknown = tree(&|ask| Ok(u8::from(ask("a")?)));
        let of = |tree: &Tree<u8>| Diagram::from_tree(tree).expect("small");
        let chosen = Diagram::choice(&lever, &[of(&unknown), Diagram::leaf(7)]).expect("small");
        let possible = chosen.possible(&[Free::Unknown, Free::Undecided]).expect("small");
        let at = |value| possible.walk(&Chosen::from([("z".to_owned(), value)])).cloned();
        assert_eq!((at(0), at(1)), (Ok(BTreeSet::from([0, 1])), Ok(BTreeSet::from([7]))));
    }
}
