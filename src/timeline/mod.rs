//! A scenario through time: which days it has to be evaluated on, what it comes to between them, and what turned on them.
//!
//! No list of dates is guessed. An evaluation says on how many days around its own everything that it read comes out
//! alike ([`Horizon`]); the next day to look at is the first one after that. So every change is found, and only those
//! days are looked at on which something that was read changes.

mod facts;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use schemars::JsonSchema;
use serde::Serialize;

pub use facts::{FactTurn, told};

use crate::answer::report::{AnswerKind, Evaluation, Judgement, StateResult};
use crate::answer::{Depth, Memory, Options};
use crate::ask::{Horizon, Turn};
use crate::compare::{Comparison, Move, OnlyIn, Within, compare};
use crate::date::{Day, PartialDate};
use crate::diagnostic::Diagnostic;
use crate::load::Loaded;
use crate::session::Session;

/// The version of the shape of a timeline.
pub const SCHEMA: &str = "mandatum/timeline/1";

/// From which day and until which, both included; where one is silent, the reads decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first day; silent: from before the earliest date that is read.
    pub from: Option<Day>,
    /// The last day; silent: the day up to which the record was checked, else until after the last date that is read.
    pub until: Option<Day>,
}

/// A scenario through time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Timeline {
    /// The version of this shape.
    pub schema: &'static str,
    /// The scenario.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// The pack.
    pub pack: String,
    /// The pack's version.
    pub pack_version: Option<String>,
    /// The scenario's own date.
    pub date: String,
    /// The day up to which the record was checked.
    pub known_until: Option<String>,
    /// Papers taken at their word.
    pub lenses: Vec<String>,
    /// The first day shown; silent: from the beginning, nothing that is read changes earlier.
    pub from: Option<String>,
    /// The last day shown; silent: without end, nothing that is read changes later.
    pub until: Option<String>,
    /// How often the scenario was evaluated.
    pub evaluations: usize,
    /// Dates on which something that is read changes, and no step of a cell that is shown moves.
    pub quiet: usize,
    /// Whether every rule could be used.
    pub complete: bool,
    /// One per cell, in the order of the scenario's cases and needs.
    pub rows: Vec<Row>,
    /// The dates on which something moves, in order.
    pub changes: Vec<Change>,
    /// Printed names of states and bodies.
    pub names: BTreeMap<String, String>,
}

/// One cell through time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Row {
    /// The case.
    pub case: String,
    /// The account, where there are several.
    pub account: Option<String>,
    /// The affected state.
    pub state: String,
    /// The function.
    pub function: String,
    /// What it comes to on paper, in order of time. A stretch that is missing: the function is not needed then.
    pub on_paper: Vec<Stretch>,
    /// The same, available.
    pub available: Vec<Stretch>,
}

/// Days on which a cell comes to the same.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Stretch {
    /// The first of them; silent: from the first day shown.
    pub from: Option<String>,
    /// The first day after them; silent: to the last day shown.
    pub until: Option<String>,
    /// The answer.
    pub answer: AnswerKind,
    /// What it may come out as.
    pub possible: Vec<AnswerKind>,
    /// Lines that pass.
    pub lines: Vec<String>,
    /// Lines that may pass.
    pub undecided: Vec<String>,
}

/// A date on which something moves.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Change {
    /// The day.
    pub date: String,
    /// The dated facts that turn on it and were read, those first that speak of what moved.
    pub facts: Vec<FactTurn>,
    /// Cells whose answer, or whose lines, move.
    pub moves: Vec<Move>,
    /// Steps that move inside a cell whose answer stays.
    pub within: Vec<Within>,
    /// Cells that are there before the date only, or from the date on only.
    pub only: Vec<OnlyIn>,
}

impl Change {
    /// Whether an answer moves, not only a step on the way to it.
    pub fn shows(&self) -> bool {
        !self.moves.is_empty() || !self.only.is_empty()
    }
}

/// What came out on one stretch of days.
struct Piece {
    horizon: Horizon,
    evaluation: Evaluation,
}

/// The timeline of a scenario. The case goes with the day: its circumstances, requests and decisions are those of the
/// scenario on every day.
///
/// `options.as_of` is not looked at. Errors: unknown lenses and accounts.
pub fn timeline(
    session: &Session,
    loaded: &Loaded,
    options: &Options,
    range: Range,
) -> Result<Timeline, Vec<Diagnostic>> {
    let own = loaded.scenario.date.first();
    let checked = loaded.world.pack.known_until.map(|date| date.last().max(own));
    let last = range.until.or(checked);
    // Before the first date that is read nothing changes, so the first of all days stands for all of that time.
    let mut edge = Some(range.from.unwrap_or(Day::FIRST));
    let mut pieces: Vec<Piece> = Vec::new();
    let memory = Rc::new(Memory::new(&loaded.world));
    while let Some(day) = edge.filter(|day| last.is_none_or(|last| *day <= last)) {
        let options = Options { as_of: Some(PartialDate::Day(day)), depth: Depth::Cells, ..options.clone() };
        let evaluated = session.evaluate_again(loaded, &options, &memory)?;
        edge = evaluated.horizon.until;
        pieces.push(Piece { horizon: evaluated.horizon, evaluation: evaluated.evaluation });
    }
    let at = pieces.iter().position(|piece| piece.horizon.contains(own)).unwrap_or_default();
    let (changes, quiet) = changes(loaded, &pieces);
    Ok(Timeline {
        schema: SCHEMA,
        scenario: loaded.scenario.id.clone(),
        title: loaded.scenario.title.clone(),
        pack: loaded.world.pack.id.clone(),
        pack_version: loaded.world.pack.version.clone(),
        date: loaded.scenario.date.to_string(),
        known_until: loaded.world.pack.known_until.map(|date| date.to_string()),
        lenses: options.lenses.iter().cloned().collect(),
        from: range.from.map(|day| day.to_string()),
        until: last.map(|day| day.to_string()),
        evaluations: pieces.len(),
        quiet,
        complete: pieces.iter().all(|piece| piece.evaluation.complete),
        rows: rows(&pieces, at),
        changes,
        names: pieces.iter().flat_map(|piece| piece.evaluation.names.clone()).collect(),
    })
}

/// What turned between each piece and the next.
fn changes(loaded: &Loaded, pieces: &[Piece]) -> (Vec<Change>, usize) {
    let (mut changes, mut quiet) = (Vec::new(), 0);
    for (before, after) in pieces.iter().zip(pieces.iter().skip(1)) {
        let Some(day) = before.horizon.until else { continue };
        let Comparison { moves, within, only, .. } = compare(&before.evaluation, &after.evaluation);
        if moves.is_empty() && within.is_empty() && only.is_empty() {
            quiet += 1;
            continue;
        }
        let opens = after.horizon.opens.iter().filter(|_| after.horizon.from == Some(day));
        let turns: BTreeSet<&Turn> = before.horizon.closes.iter().chain(opens).collect();
        let facts = facts::facts(&loaded.world, &turns, &moves, &within, &only);
        changes.push(Change { date: day.to_string(), facts, moves, within, only });
    }
    (changes, quiet)
}

type Key = (String, Option<String>, String, String);

/// The cells of every piece, those of the scenario's own day first within their case.
fn rows(pieces: &[Piece], own: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut at: BTreeMap<Key, usize> = BTreeMap::new();
    let order = pieces.get(own).into_iter().chain(pieces);
    for (key, _) in order.flat_map(|piece| cells(&piece.evaluation)) {
        if !at.contains_key(&key) {
            at.insert(key.clone(), rows.len());
            let (case, account, state, function) = key;
            rows.push(Row { case, account, state, function, on_paper: Vec::new(), available: Vec::new() });
        }
    }
    let last = pieces.len().saturating_sub(1);
    for (index, piece) in pieces.iter().enumerate() {
        let from = piece.horizon.from.filter(|_| index > 0).map(|day| day.to_string());
        let until = piece.horizon.until.filter(|_| index < last).map(|day| day.to_string());
        for (key, cell) in cells(&piece.evaluation) {
            let Some(row) = at.get(&key).and_then(|at| rows.get_mut(*at)) else { continue };
            add(&mut row.on_paper, &cell.on_paper, &from, &until);
            add(&mut row.available, &cell.available, &from, &until);
        }
    }
    let cases = pieces.first().map(|piece| piece.evaluation.cases.as_slice()).unwrap_or_default();
    let case = |row: &Row| cases.iter().position(|case| case.id == row.case && case.account == row.account);
    rows.sort_by_key(case);
    rows
}

/// The judgements of an evaluation's cells, in its order.
fn cells(evaluation: &Evaluation) -> Vec<(Key, &StateResult)> {
    let mut found: Vec<(Key, &StateResult)> = Vec::new();
    for case in &evaluation.cases {
        for (need, state) in case.needs.iter().flat_map(|need| need.states.iter().map(move |state| (need, state))) {
            let key = (case.id.clone(), case.account.clone(), state.state.clone(), need.function.clone());
            if !found.iter().any(|(own, _)| *own == key) {
                found.push((key, state));
            }
        }
    }
    found
}

/// Adds days to a row; where they come to the same as those before them, they lengthen that stretch.
fn add(stretches: &mut Vec<Stretch>, own: &Judgement, from: &Option<String>, until: &Option<String>) {
    if let Some(before) = stretches.last_mut()
        && before.until.is_some()
        && before.until == *from
        && before.answer == own.answer
        && before.possible == own.possible
        && before.lines == own.lines
        && before.undecided == own.undecided
    {
        before.until = until.clone();
        return;
    }
    stretches.push(Stretch {
        from: from.clone(),
        until: until.clone(),
        answer: own.answer,
        possible: own.possible.clone(),
        lines: own.lines.clone(),
        undecided: own.undecided.clone(),
    });
}

/// Stretches put together that differ only in what may be: what is left differs in the answer or in the lines that pass.
pub fn settled(stretches: &[Stretch]) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for own in stretches {
        match found.last_mut() {
            Some(before)
                if before.answer == own.answer
                    && before.lines == own.lines
                    && before.until.is_some()
                    && before.until == own.from =>
            {
                before.until = own.until.clone();
            }
            _ => found.push(own.clone()),
        }
    }
    found
}

impl Timeline {
    /// Keeps the rows of these functions and states, and what is said of them; an empty list keeps all. A date on which
    /// nothing that is kept moves becomes a quiet one.
    pub fn narrow(&mut self, functions: &[String], states: &[String]) {
        let one = |wanted: &[String], own: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == own);
        self.rows.retain(|row| one(functions, &row.function) && one(states, &row.state));
        let cell = |cell: &str| {
            let mut parts = cell.rsplit('/');
            let (function, state) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            one(functions, function) && one(states, state)
        };
        for change in &mut self.changes {
            change.moves.retain(|one| cell(&one.cell));
            change.within.retain(|one| cell(&one.cell));
            change.only.retain(|one| cell(&one.cell));
        }
        let before = self.changes.len();
        self.changes.retain(|change| change.shows() || !change.within.is_empty());
        self.quiet += before - self.changes.len();
    }
}
