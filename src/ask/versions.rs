//! Which of several rival statements of one fact stands: the record's, a paper's, or none for sure.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Free, FreeFact};
use crate::load::facts;
use crate::world::{Fact, Id, SourceKind, World};

/// How a row fares against its rivals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// It stands.
    Stands,
    /// Another one does, or its paper is not listened to.
    Silent,
    /// Sources of equal weight differ; this row is the given value of the free fact.
    OneOf(Arc<FreeFact>, usize),
}

/// The standing of every row, for one set of lenses.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    rows: BTreeMap<Id, Version>,
    /// Papers that state rival versions which do not stand: their rules may rest on facts that the record denies.
    pub overruled: BTreeSet<Id>,
    /// Sources taken at their word.
    lenses: BTreeSet<Id>,
    /// Rows that stand for another one under some choices of levers.
    stand_for: BTreeMap<Id, Id>,
}

/// The lenses, and the paper taken at its word.
type Weighing = (BTreeSet<Id>, Option<Id>);

/// The versions of one world, weighed once for every set of lenses and every paper taken at its word.
#[derive(Debug)]
pub struct Weighed {
    world: Arc<World>,
    known: RefCell<BTreeMap<Weighing, Arc<Versions>>>,
}

impl Weighed {
    /// Nothing of the world has been weighed yet.
    pub fn new(world: &Arc<World>) -> Self {
        Weighed { world: world.clone(), known: RefCell::default() }
    }

    /// Whether it is this very world that was weighed.
    pub fn is_of(&self, world: &Arc<World>) -> bool {
        Arc::ptr_eq(&self.world, world)
    }

    /// The versions under these lenses; see [`Versions::new`].
    pub fn versions(&self, lenses: &BTreeSet<Id>, at_its_word: Option<&str>) -> Arc<Versions> {
        let mut known = self.known.borrow_mut();
        let key = (lenses.clone(), at_its_word.map(str::to_owned));
        known.entry(key).or_insert_with(|| Arc::new(Versions::new(&self.world, lenses, at_its_word))).clone()
    }
}

impl Versions {
    /// Weighs rival rows: under a lens its papers prevail, else the higher rank; equals leave it disputed.
    ///
    /// `at_its_word` takes one paper's versions as given while the rest stays as without a lens.
    pub fn new(world: &World, lenses: &BTreeSet<Id>, at_its_word: Option<&str>) -> Self {
        let mut versions = Versions { lenses: lenses.clone(), ..Versions::default() };
        versions.lenses.extend(at_its_word.map(str::to_owned));
        versions.stand_for = world.variants.stand_for.clone();
        let mut groups: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
        let all: BTreeMap<&str, &Fact> = facts(world)
            .map(|(_, fact)| (fact.id.as_str(), fact))
            .filter(|(id, _)| !versions.stand_for.contains_key(*id))
            .collect();
        for fact in all.values() {
            let mut root = *fact;
            // A version of a version belongs to the same group; a cycle of them ends where it began.
            for _ in 0..all.len() {
                match root.version_of.as_deref().and_then(|original| all.get(original)) {
                    Some(original) => root = original,
                    None => break,
                }
            }
            groups.entry(&root.id).or_default().push(fact);
        }
        for (group, mut rows) in groups {
            rows.sort_by(|a, b| a.id.cmp(&b.id));
            versions.settle(world, group, &rows, lenses, at_its_word);
        }
        versions
    }

    fn settle(&mut self, world: &World, group: &str, rows: &[&Fact], lenses: &BTreeSet<Id>, at_its_word: Option<&str>) {
        let is_lens = |fact: &Fact| world.sources.get(&fact.source).is_some_and(|source| source.lens);
        let rank = |fact: &Fact| world.sources.get(&fact.source).map_or(0, |source| source.rank);
        let chosen = |fact: &Fact| lenses.contains(&fact.source) || at_its_word == Some(fact.source.as_str());
        let audible: Vec<&&Fact> =
            rows.iter().filter(|fact| lenses.is_empty() || !is_lens(fact) || chosen(fact)).collect();
        let taken: Vec<&&Fact> = audible.iter().copied().filter(|fact| is_lens(fact) && chosen(fact)).collect();
        let best = if rows.len() > 1 && !taken.is_empty() {
            taken
        } else {
            let highest = audible.iter().map(|fact| rank(fact)).max();
            audible.iter().copied().filter(|fact| Some(rank(fact)) == highest).collect()
        };
        for fact in rows {
            self.rows.insert(fact.id.clone(), Version::Silent);
            if is_lens(fact) && !best.iter().any(|standing| standing.id == fact.id) && rows.len() > 1 {
                self.overruled.insert(fact.source.clone());
            }
        }
        match best.as_slice() {
            [] => {}
            // Rows of one source complete each other; only different sources can differ.
            [first, rest @ ..] if rest.iter().all(|fact| fact.source == first.source) => {
                for fact in &best {
                    self.rows.insert(fact.id.clone(), Version::Stands);
                }
            }
            several => {
                let values = several.iter().map(|fact| format!("as {} has it", world.cite(&fact.source))).collect();
                let free = Arc::new(FreeFact {
                    key: format!("version:{group}"),
                    kind: Free::Disputed,
                    says: format!("sources differ on {group}"),
                    values,
                });
                for (value, fact) in several.iter().enumerate() {
                    self.rows.insert(fact.id.clone(), Version::OneOf(free.clone(), value));
                }
            }
        }
    }

    pub(super) fn of(&self, row: &str) -> &Version {
        let row = self.stand_for.get(row).map_or(row, String::as_str);
        self.rows.get(row).unwrap_or(&Version::Stands)
    }

    /// Whether a source is taken at its word.
    pub fn trusts(&self, source: &str) -> bool {
        self.lenses.contains(source)
    }

    /// Whether only a paper states a row.
    pub(super) fn claimed(world: &World, fact: &Fact) -> bool {
        world.sources.get(&fact.source).is_some_and(|source| source.lens || source.kind == SourceKind::Paper)
    }
}
