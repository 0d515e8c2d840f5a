//! The space of a pack: every threat, for every affected state, every function, on every day, judged on paper.
//!
//! Nothing is said of the case but its threat and whom it hits: attacker, origin, who is at risk are all unknown, so what
//! hangs on them is open. The days are found from the reads, as for a timeline. Cells that come to the same are put
//! together into boxes.

mod boxes;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use schemars::JsonSchema;
use serde::Serialize;

pub use boxes::AtlasBox;

use crate::answer::report::{AnswerKind, Evaluation, Judgement};
use crate::answer::{Depth, Memory, Options};
use crate::date::{Day, PartialDate};
use crate::diagnostic::{Diagnostic, Place};
use crate::load::Loaded;
use crate::session::Session;
use crate::world::{Case, Circumstances, Id, Need, Scenario, World};

/// The version of the shape of an atlas.
pub const SCHEMA: &str = "mandatum/atlas/1";

/// What part of the space is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Space {
    /// Threats, in order.
    pub threats: Vec<Id>,
    /// Affected states, one at a time.
    pub states: Vec<Id>,
    /// Functions.
    pub functions: Vec<Id>,
    /// The first day; silent: from the beginning.
    pub from: Option<Day>,
    /// The last day, included; silent: without end.
    pub until: Option<Day>,
    /// Papers taken at their word.
    pub lenses: BTreeSet<Id>,
}

/// The space with what it comes to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Atlas {
    /// The version of this shape.
    pub schema: &'static str,
    /// The pack.
    pub pack: String,
    /// The pack's version.
    pub pack_version: Option<String>,
    /// The day up to which the record was checked.
    pub known_until: Option<String>,
    /// Papers taken at their word.
    pub lenses: Vec<String>,
    /// Threats, in order.
    pub threats: Vec<String>,
    /// Affected states.
    pub states: Vec<String>,
    /// Functions.
    pub functions: Vec<String>,
    /// The first day; silent: from the beginning.
    pub from: Option<String>,
    /// The last day, included; silent: without end.
    pub until: Option<String>,
    /// Days on which the world is not, for what was read, what it was the day before; the first day shown is one.
    pub dates: usize,
    /// Threats × states × functions × dates: each has one answer.
    pub cells: usize,
    /// How many evaluations it took to know them.
    pub evaluations: usize,
    /// How many cells were judged in them; the others are read from what else was the same.
    pub judged: usize,
    /// Whether every rule could be used.
    pub complete: bool,
    /// How many cells of the last day have each answer; `not-needed` where a rule says that the function is not needed.
    pub last_day: BTreeMap<String, usize>,
    /// Boxes: every cell lies in exactly one. The widest come first within each answer.
    pub boxes: Vec<AtlasBox>,
    /// Printed names of the states.
    pub names: BTreeMap<String, String>,
}

/// What one cell comes to on some days.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Value {
    /// `None`: not needed, a rule says.
    pub(crate) answer: Option<AnswerKind>,
    /// What it may come out as.
    pub(crate) possible: Vec<AnswerKind>,
}

/// One threat, state and function from one day until another.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) threat: usize,
    pub(crate) state: usize,
    pub(crate) function: usize,
    pub(crate) from: Option<Day>,
    pub(crate) until: Option<Day>,
    pub(crate) value: Value,
    /// Lines that pass.
    pub(crate) lines: BTreeSet<Id>,
}

/// Looks at every cell of a space. `progress` is told how many threats and states are done, and of how many.
///
/// Errors: unknown lenses.
pub fn atlas(
    session: &Session,
    space: &Space,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Atlas, Vec<Diagnostic>> {
    let world = &session.pack.world;
    let mut pieces: Vec<Piece> = Vec::new();
    let memory = Rc::new(Memory::new(world));
    let mut dates: BTreeSet<Option<Day>> = BTreeSet::from([space.from]);
    let (mut evaluations, mut complete, mut done) = (0, true, 0);
    let all = space.threats.len() * space.states.len();
    for (threat, threat_id) in space.threats.iter().enumerate() {
        for (state, state_id) in space.states.iter().enumerate() {
            progress(done, all);
            done += 1;
            follow(session, &memory, space, [threat_id, state_id], &mut |[from, until], found| {
                evaluations += 1;
                complete &= found.complete;
                dates.insert(from);
                for (function, id) in space.functions.iter().enumerate() {
                    let judged = judged(found, id);
                    let lines = judged.into_iter().flat_map(|judged| judged.lines.iter().cloned()).collect();
                    add(&mut pieces, Piece { threat, state, function, from, until, value: value(judged), lines });
                }
            })?;
        }
    }
    progress(all, all);
    let last_day = last_day(&pieces);
    let boxes = boxes::boxes(space, pieces);
    let cells = all * space.functions.len() * dates.len();
    Ok(Atlas {
        schema: SCHEMA,
        pack: world.pack.id.clone(),
        pack_version: world.pack.version.clone(),
        known_until: world.pack.known_until.map(|date| date.to_string()),
        lenses: space.lenses.iter().cloned().collect(),
        threats: space.threats.clone(),
        states: space.states.clone(),
        functions: space.functions.clone(),
        from: space.from.map(|day| day.to_string()),
        until: space.until.map(|day| day.to_string()),
        dates: dates.len(),
        cells,
        evaluations,
        judged: memory.judged(),
        complete,
        last_day,
        boxes,
        names: space.states.iter().map(|id| (id.clone(), world.name(id).to_owned())).collect(),
    })
}

/// What comes out for one threat and one affected state of a space, over each stretch of days on which nothing read
/// changes; `None` stands for the beginning, and for no end.
///
/// Errors: unknown lenses.
pub(crate) fn follow(
    session: &Session,
    memory: &Rc<Memory>,
    space: &Space,
    [threat, state]: [&str; 2],
    each: &mut dyn FnMut([Option<Day>; 2], &Evaluation),
) -> Result<(), Vec<Diagnostic>> {
    let world = &session.pack.world;
    let scenario = scenario(&world.pack.id, threat, state, &space.functions);
    let loaded = Loaded { scenario, world: world.clone() };
    let mut edge = Some(space.from.unwrap_or(Day::FIRST));
    while let Some(day) = edge.filter(|day| space.until.is_none_or(|last| *day <= last)) {
        let options = Options {
            as_of: Some(PartialDate::Day(day)),
            lenses: space.lenses.clone(),
            depth: Depth::Paper,
            ..Options::default()
        };
        let found = session.evaluate_again(&loaded, &options, memory)?;
        let from = if Some(day) == space.from || day == Day::FIRST { space.from } else { Some(day) };
        edge = found.horizon.until;
        let until = edge.filter(|until| space.until.is_none_or(|last| *until <= last));
        each([from, until], &found.evaluation);
    }
    Ok(())
}

/// What a function comes to on paper in a scenario of one case and one state; `None` where it is not called for.
pub(crate) fn judged<'e>(found: &'e Evaluation, function: &str) -> Option<&'e Judgement> {
    let need = found.cases.first()?.needs.iter().find(|need| need.function == function)?;
    need.states.first().map(|state| &state.on_paper)
}

fn value(judged: Option<&Judgement>) -> Value {
    Value {
        answer: judged.map(|judged| judged.answer),
        possible: judged.map(|judged| judged.possible.clone()).unwrap_or_default(),
    }
}

/// Adds a piece; where it follows one of the same cell that comes to the same, it lengthens that one.
fn add(pieces: &mut Vec<Piece>, piece: Piece) {
    let same = |own: &Piece| {
        (own.threat, own.state, own.function, own.until) == (piece.threat, piece.state, piece.function, piece.from)
            && own.until.is_some()
            && own.value == piece.value
            && own.lines == piece.lines
    };
    // The pieces of one threat and state stand together at the end.
    let here = |own: &&mut Piece| (own.threat, own.state) == (piece.threat, piece.state);
    match pieces.iter_mut().rev().take_while(here).find(|own| same(own)) {
        Some(own) => own.until = piece.until,
        None => pieces.push(piece),
    }
}

fn last_day(pieces: &[Piece]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for piece in pieces.iter().filter(|piece| piece.until.is_none()) {
        let word = piece.value.answer.map_or("not-needed", AnswerKind::as_str);
        *counts.entry(word.to_owned()).or_insert(0) += 1;
    }
    counts
}

/// The states that are affected in some scenario of a pack, in order.
pub fn affected(session: &Session) -> Vec<Id> {
    let cases = session.pack.scenarios.iter().flat_map(|loaded| &loaded.scenario.cases);
    let told = cases.flat_map(|case| {
        let accounts = case.accounts.iter().filter_map(|account| account.circumstances.as_ref());
        accounts.chain([&case.circumstances])
    });
    let known = |state: &&Id| session.pack.world.states.contains_key(*state);
    told.flat_map(|told| &told.affected).filter(known).cloned().collect::<BTreeSet<Id>>().into_iter().collect()
}

/// The threats of a pack: each after what it is a kind of, so that a reader can follow.
pub fn threats(world: &World) -> Vec<Id> {
    let mut order: Vec<Id> = Vec::new();
    let terms = &world.threats.terms;
    let mut open: Vec<&Id> = terms.iter().filter(|(_, term)| term.is_a.is_empty()).map(|(id, _)| id).rev().collect();
    while let Some(id) = open.pop() {
        if order.contains(id) {
            continue;
        }
        order.push(id.clone());
        open.extend(terms.iter().filter(|(_, term)| term.is_a.first() == Some(id)).map(|(id, _)| id).rev());
    }
    order.extend(terms.keys().filter(|id| !order.contains(id)).cloned().collect::<Vec<_>>());
    order
}

/// A scenario of one case that says nothing but the threat, whom it hits, and what is asked about.
pub(crate) fn scenario(pack: &str, threat: &str, state: &str, functions: &[Id]) -> Scenario {
    let place = Place::whole(pack);
    let need = |function: &Id| Need {
        function: function.clone(),
        source: None,
        locator: None,
        author: None,
        place: place.clone(),
    };
    let circumstances = Circumstances {
        text: None,
        threat: threat.to_owned(),
        affected: vec![state.to_owned()],
        parties: Vec::new(),
        location: None,
        at_risk: None,
        attacker: None,
        attackers: Vec::new(),
        origin: None,
        from_state: None,
        acknowledged: None,
        needs: Some(functions.iter().map(need).collect()),
    };
    let case = Case {
        id: "case".to_owned(),
        standing: false,
        circumstances,
        contested: false,
        requested: None,
        all_requests: false,
        all_decisions: false,
        requests: Vec::new(),
        decisions: Vec::new(),
        authorisations: Vec::new(),
        accounts: Vec::new(),
        source: None,
        locator: None,
        place: place.clone(),
    };
    Scenario {
        id: "atlas".to_owned(),
        title: String::new(),
        date: PartialDate::Day(Day::FIRST),
        question: None,
        known: None,
        what_happened: None,
        note: None,
        told: Vec::new(),
        cases: vec![case],
        responses: Vec::new(),
        judged: Vec::new(),
        what_ifs: Vec::new(),
        uncertain: Vec::new(),
        expectations: Vec::new(),
        place,
    }
}
