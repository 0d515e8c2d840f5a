//! Boxes: cells that come to the same, put together over time, functions, threats and states until no two more fit.
//!
//! A box is a set of threats × a set of states × a set of functions × a stretch of days, as in tables of safety
//! analyses. Two boxes fit if they differ along one of the four only. The result depends on the order in which they are
//! tried; the order is fixed, so the same cells always give the same boxes.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Piece, Space, Value};
use crate::answer::AnswerKind;
use crate::date::Day;
use crate::world::Id;

/// Threats × states × functions × days that come to the same.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AtlasBox {
    /// The answer; silent: a rule says that the function is not needed.
    pub answer: Option<AnswerKind>,
    /// What it may come out as.
    pub possible: Vec<AnswerKind>,
    /// Threats, in the order of the atlas.
    pub threats: Vec<String>,
    /// Affected states.
    pub states: Vec<String>,
    /// Functions.
    pub functions: Vec<String>,
    /// The first day; silent: from the first day shown.
    pub from: Option<String>,
    /// The first day after it; silent: to the last day shown.
    pub until: Option<String>,
    /// Lines that pass in every cell of it.
    pub lines: Vec<String>,
    /// Lines that pass in some of its cells only.
    pub lines_in_part: Vec<String>,
}

impl AtlasBox {
    /// Threats × states × functions.
    pub fn size(&self) -> usize {
        self.threats.len() * self.states.len() * self.functions.len()
    }
}

/// What is open towards the past comes first, what is open towards the future last.
type Until = (bool, Option<Day>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Block {
    value: Value,
    threats: BTreeSet<usize>,
    states: BTreeSet<usize>,
    functions: BTreeSet<usize>,
    from: Option<Day>,
    until: Until,
    everywhere: BTreeSet<Id>,
    somewhere: BTreeSet<Id>,
}

impl Block {
    fn new(piece: Piece) -> Block {
        Block {
            value: piece.value,
            threats: [piece.threat].into(),
            states: [piece.state].into(),
            functions: [piece.function].into(),
            from: piece.from,
            until: (piece.until.is_none(), piece.until),
            everywhere: piece.lines.clone(),
            somewhere: piece.lines,
        }
    }

    /// Takes another one in that fits.
    fn take(&mut self, other: Block) {
        self.threats.extend(other.threats);
        self.states.extend(other.states);
        self.functions.extend(other.functions);
        self.from = self.from.min(other.from);
        self.until = self.until.max(other.until);
        self.everywhere.retain(|line| other.everywhere.contains(line));
        self.somewhere.extend(other.somewhere);
    }
}

/// Puts together what has the same key.
fn join<K: Ord>(blocks: Vec<Block>, key: impl Fn(&Block) -> K) -> Vec<Block> {
    let mut joined: BTreeMap<K, Block> = BTreeMap::new();
    for block in blocks {
        match joined.entry(key(&block)) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(block);
            }
            std::collections::btree_map::Entry::Occupied(mut own) => own.get_mut().take(block),
        }
    }
    joined.into_values().collect()
}

/// Puts together what follows in time.
fn follow(mut blocks: Vec<Block>) -> Vec<Block> {
    let place = |own: &Block| (own.value.clone(), own.threats.clone(), own.states.clone(), own.functions.clone());
    blocks.sort_by_cached_key(|own| (place(own), own.from));
    let mut joined: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match joined.last_mut() {
            Some(before) if !before.until.0 && before.until.1 == block.from && place(before) == place(&block) => {
                before.take(block);
            }
            _ => joined.push(block),
        }
    }
    joined
}

/// The boxes of all pieces, those with gaps first, the widest first within each answer.
pub(super) fn boxes(space: &Space, pieces: Vec<Piece>) -> Vec<AtlasBox> {
    let mut blocks: Vec<Block> = pieces.into_iter().map(Block::new).collect();
    loop {
        let before = blocks.len();
        blocks = follow(blocks);
        blocks = join(blocks, |own| (own.value.clone(), own.threats.clone(), own.states.clone(), own.from, own.until));
        blocks =
            join(blocks, |own| (own.value.clone(), own.functions.clone(), own.states.clone(), own.from, own.until));
        blocks =
            join(blocks, |own| (own.value.clone(), own.functions.clone(), own.threats.clone(), own.from, own.until));
        if blocks.len() == before {
            break;
        }
    }
    let mut boxes: Vec<AtlasBox> = blocks.into_iter().map(|block| shown(space, block)).collect();
    let place = |own: &AtlasBox| (own.answer.is_none(), own.answer.map(order), own.possible.clone());
    boxes.sort_by_cached_key(|own| {
        let what = (own.threats.clone(), own.states.clone(), own.functions.clone());
        (place(own), std::cmp::Reverse(own.size()), own.from.clone(), what)
    });
    boxes
}

/// Gaps and overlaps are what is looked for first.
fn order(answer: AnswerKind) -> u8 {
    match answer {
        AnswerKind::Gap => 0,
        AnswerKind::Overlap => 1,
        AnswerKind::Contested => 2,
        AnswerKind::Open => 3,
        AnswerKind::OneHolder => 4,
    }
}

fn shown(space: &Space, block: Block) -> AtlasBox {
    let of = |names: &[Id], own: &BTreeSet<usize>| own.iter().filter_map(|at| names.get(*at).cloned()).collect();
    AtlasBox {
        answer: block.value.answer,
        possible: block.value.possible,
        threats: of(&space.threats, &block.threats),
        states: of(&space.states, &block.states),
        functions: of(&space.functions, &block.functions),
        from: block.from.map(|day| day.to_string()),
        until: block.until.1.map(|day| day.to_string()),
        lines_in_part: block.somewhere.difference(&block.everywhere).cloned().collect(),
        lines: block.everywhere.into_iter().collect(),
    }
}
