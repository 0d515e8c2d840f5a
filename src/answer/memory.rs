//! What is known of one world from evaluations before: versions weighed, and cells judged on paper.
//!
//! A cell is remembered with everything that it was read from: the days around its own on which the same dates hold, the
//! answers to what was asked about the threat, and what the rules said. Where all of these are the same, so is the cell.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::Options;
use super::positions::Explored;
use super::report::Judgement;
use crate::ask::{Horizon, Scope, Situation, Tree, Weighed};
use crate::rules::{Emission, Run, Says};
use crate::world::{Circumstances, Id, World};

/// What is known of one world.
pub struct Memory {
    pub(super) weighed: Weighed,
    frame: RefCell<Option<Frame>>,
    cells: RefCell<BTreeMap<(Id, Id), Vec<Remembered>>>,
    judged: Cell<usize>,
}

/// How the cells that are remembered were asked; asked otherwise, they are forgotten.
#[derive(PartialEq)]
struct Frame {
    lenses: BTreeSet<Id>,
    without: BTreeSet<Id>,
    /// Everything told of the case but its threat and whom it hits.
    told: Circumstances,
}

/// A cell with what it was read from.
struct Remembered {
    horizon: Horizon,
    voices: Vec<Voice>,
    on_paper: Judgement,
}

/// What a rule says, in every world, to one function.
#[derive(Clone, PartialEq)]
pub(super) struct Voice {
    rule: Id,
    scope: Scope,
    says: Rc<Tree<Vec<Emission>>>,
    at_its_word: Option<Rc<Tree<Vec<Emission>>>>,
}

impl Memory {
    /// Nothing of the world is known yet.
    pub fn new(world: &Arc<World>) -> Self {
        Memory {
            weighed: Weighed::new(world),
            frame: RefCell::default(),
            cells: RefCell::default(),
            judged: Cell::default(),
        }
    }

    /// How many cells had to be judged; the others were remembered.
    pub fn judged(&self) -> usize {
        self.judged.get()
    }

    /// A cell on paper: remembered, or judged now.
    pub(super) fn on_paper(
        &self,
        options: &Options,
        situation: &Situation,
        function: &str,
        explored: &[&Explored<'_>],
        judge: impl FnOnce() -> Judgement,
    ) -> Judgement {
        let (Some(told), Some(state)) = (situation.told.as_deref(), situation.state()) else {
            return judge();
        };
        self.keep_to(options, told);
        let today = &situation.view.today;
        let world = &situation.view.world;
        let voices = voices(world, function, explored);
        let key = (state.to_owned(), function.to_owned());
        let same_threat = |own: &Horizon| {
            own.threats
                .iter()
                .all(|(wide, holds)| wide.iter().any(|wide| world.threats.is_a(&told.threat, wide)) == *holds)
        };
        if let Some(own) = self
            .cells
            .borrow()
            .get(&key)
            .into_iter()
            .flatten()
            .find(|own| own.horizon.contains(today.named()) && same_threat(&own.horizon) && own.voices == voices)
        {
            today.narrow(&own.horizon);
            return own.on_paper.clone();
        }
        let (on_paper, horizon) = today.apart(judge);
        self.judged.set(self.judged.get() + 1);
        let remembered = Remembered { horizon, voices, on_paper: on_paper.clone() };
        self.cells.borrow_mut().entry(key).or_default().push(remembered);
        on_paper
    }

    /// Forgets what was asked in another way.
    fn keep_to(&self, options: &Options, told: &Circumstances) {
        let frame = Frame {
            lenses: options.lenses.clone(),
            without: options.without.clone(),
            told: Circumstances { threat: Id::new(), affected: Vec::new(), needs: None, text: None, ..told.clone() },
        };
        let mut own = self.frame.borrow_mut();
        if own.as_ref() != Some(&frame) {
            self.cells.borrow_mut().clear();
            *own = Some(frame);
        }
    }
}

/// What rules say of the holders of a function, and what attacks those rules, to the end of the chain.
fn voices(world: &World, function: &str, explored: &[&Explored<'_>]) -> Vec<Voice> {
    let direct = |says: &Says| match says {
        Says::Passes { function: wide, .. } | Says::Stops { function: wide, .. } => {
            world.functions.is_a(function, wide)
        }
        _ => false,
    };
    let speaking: Vec<(&&Explored<'_>, BTreeSet<&Says>)> =
        explored.iter().filter(|one| one.speaks).map(|one| (one, one.says())).collect();
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    loop {
        let about = |says: &&Says| match says {
            Says::Undercut { rule } | Says::Contests { rule } => reached.contains(rule.as_str()),
            other => direct(other),
        };
        let next: BTreeSet<&str> = speaking
            .iter()
            .filter(|(_, says)| says.iter().copied().any(|says| about(&says)))
            .map(|(one, _)| one.rule.id.as_str())
            .collect();
        if next == reached {
            break;
        }
        reached = next;
    }
    let heard = |says: &Says| {
        direct(says)
            || matches!(says, Says::Undercut { rule } | Says::Contests { rule } if reached.contains(rule.as_str()))
    };
    let told = |tree: &Tree<Run>| Rc::new(said(tree, &heard));
    speaking
        .iter()
        .filter(|(one, _)| reached.contains(one.rule.id.as_str()))
        .map(|(one, _)| Voice {
            rule: one.rule.id.clone(),
            scope: one.scope.clone(),
            says: told(&one.tree),
            at_its_word: one.at_its_word.as_deref().map(told),
        })
        .collect()
}

/// What is heard of a tree of runs, with every question that was asked on the way: those are tried, whatever they change.
fn said(tree: &Tree<Run>, heard: &dyn Fn(&Says) -> bool) -> Tree<Vec<Emission>> {
    match tree {
        Tree::Leaf(run) => Tree::Leaf(run.says.iter().filter(|own| heard(&own.says)).cloned().collect()),
        Tree::Ask(fact, branches) => {
            Tree::Ask(fact.clone(), branches.iter().map(|branch| said(branch, heard)).collect())
        }
    }
}
