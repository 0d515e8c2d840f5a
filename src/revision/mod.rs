//! Two versions of a pack side by side, over the whole space: whose mandate became wider or narrower, with a case that
//! shows it, and which rules speak otherwise.
//!
//! A mandate is the set of cells (threat, affected state, function, day) in which a line passes on paper, as an atlas
//! finds them. It is decided in three values: a line surely passes, may pass, or does not. The words for what became of it
//! are those of Cedar's `analyze compare`. Nothing is judged here that an evaluation would not judge.

mod lines;
mod mandates;
mod rules;
mod witness;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

pub use rules::{RuleChange, RuleKind, Speech};
pub use witness::{Stand, Witness, scenario, witness};

use crate::atlas::{Space, affected, threats};
use crate::date::{Day, PartialDate};
use crate::diagnostic::Diagnostic;
use crate::session::Session;
use crate::world::{Id, World};
use lines::Lines;

/// The version of this shape.
pub const SCHEMA: &str = "mandatum/diff/1";

/// What the second version does to the first. As an order: both surely and possibly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The same cells.
    Equal,
    /// Every cell, and more.
    Wider,
    /// Fewer cells, and none new.
    Narrower,
    /// Some cells gained, others lost.
    Incomparable,
}

impl Relation {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Relation::Equal => "equal",
            Relation::Wider => "wider",
            Relation::Narrower => "narrower",
            Relation::Incomparable => "incomparable",
        }
    }

    /// From whether anything was gained, and whether anything was lost.
    fn of(gained: bool, lost: bool) -> Self {
        match (gained, lost) {
            (false, false) => Relation::Equal,
            (true, false) => Relation::Wider,
            (false, true) => Relation::Narrower,
            (true, true) => Relation::Incomparable,
        }
    }
}

/// Whether a line passes on paper in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Passes {
    /// It does not, or nothing is asked of it there.
    No,
    /// Open facts or arguments leave it undecided.
    Perhaps,
    /// In every world.
    Yes,
}

impl Passes {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Passes::No => "does not pass",
            Passes::Perhaps => "may pass",
            Passes::Yes => "passes",
        }
    }
}

/// One version.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Side {
    /// The pack.
    pub pack: String,
    /// Its version, where it has one.
    pub version: Option<String>,
    /// The day up to which its record was checked.
    pub known_until: Option<String>,
    /// How many evaluations it took.
    pub evaluations: usize,
    /// How many cells were judged in them; the others are read from what else was the same.
    pub judged: usize,
    /// Whether every rule could be used.
    pub complete: bool,
}

/// Cells that changed alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Region {
    /// Affected states.
    pub states: Vec<String>,
    /// Functions.
    pub functions: Vec<String>,
    /// The first day; silent: from the beginning.
    pub from: Option<String>,
    /// The day after the last; silent: without end, or to the end of what was looked at.
    pub until: Option<String>,
    /// Whether the line passes in the first version.
    pub was: Passes,
    /// Whether it passes in the second.
    pub now: Passes,
}

/// The mandate of a line, changed in the same way against these threats.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MandateChange {
    /// The line, named after its youngest organisation.
    pub line: String,
    /// Its printed name.
    pub name: String,
    /// Threats.
    pub threats: Vec<String>,
    /// What became of the mandate, by what is sure and by what is possible.
    pub relation: Relation,
    /// What became of the cells in which it surely passes.
    pub surely: Relation,
    /// What became of the cells in which it passes or may pass.
    pub possibly: Relation,
    /// The cells.
    pub changes: Vec<Region>,
    /// The smallest case of each direction: one that was gained, one that was lost.
    pub witnesses: Vec<Witness>,
}

/// Ids of one kind that only one version has.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Only {
    /// `threat`, `function`, `state`, `body`, `instrument`, `source` or `mandate`.
    pub kind: &'static str,
    /// In the first version only.
    pub first: Vec<String>,
    /// In the second version only.
    pub second: Vec<String>,
}

/// What two versions of a pack do not share.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Diff {
    /// The version of this shape.
    pub schema: &'static str,
    /// The first version and the second.
    pub sides: [Side; 2],
    /// Papers taken at their word.
    pub lenses: Vec<String>,
    /// Threats that were looked at: those of both.
    pub threats: Vec<String>,
    /// Affected states, one at a time.
    pub states: Vec<String>,
    /// Functions.
    pub functions: Vec<String>,
    /// The first day; silent: from the beginning.
    pub from: Option<String>,
    /// The last day, included; silent: without end.
    pub until: Option<String>,
    /// Days on which either world is not, for what was read, what it was the day before; the first day is one.
    pub dates: usize,
    /// Pairs of a threat and a line that passes, or may pass, somewhere in either version.
    pub mandates: usize,
    /// Those that are equal.
    pub equal: usize,
    /// Those that are equal and undecided in some cell in both: equal as far as is known.
    pub equal_undecided: usize,
    /// Those that are not equal, with witnesses.
    pub changes: Vec<MandateChange>,
    /// What only one version declares.
    pub only: Vec<Only>,
    /// Rules that are not the same.
    pub rules: Vec<RuleChange>,
    /// Rules that are the same.
    pub same_rules: usize,
}

impl Diff {
    /// Whether every rule of both versions could be used.
    pub fn complete(&self) -> bool {
        self.sides.iter().all(|side| side.complete)
    }

    /// How many mandates became this.
    pub fn count(&self, relation: Relation) -> usize {
        self.changes.iter().filter(|own| own.relation == relation).map(|own| own.threats.len()).sum()
    }
}

/// The space that two versions share: their threats, the states that some scenario of either affects, their functions,
/// on the last day up to which both records were checked, or else on the last day of any scenario of either.
pub fn shared(sides: [&Session; 2]) -> Space {
    let [first, second] = sides.map(|side| side.pack.world.as_ref());
    let both: BTreeSet<Id> = sides.into_iter().flat_map(affected).collect();
    let known: Vec<Day> =
        [first, second].iter().filter_map(|world| world.pack.known_until.map(PartialDate::last)).collect();
    let told = sides.iter().flat_map(|side| &side.pack.scenarios).map(|own| own.scenario.date.last());
    let day = known.into_iter().min().or(told.max()).unwrap_or(Day::LAST);
    Space {
        threats: threats(second).into_iter().filter(|id| first.threats.terms.contains_key(id)).collect(),
        states: both.into_iter().filter(|id| first.states.contains_key(id) && second.states.contains_key(id)).collect(),
        functions: second
            .functions
            .terms
            .keys()
            .filter(|id| first.functions.terms.contains_key(*id))
            .cloned()
            .collect(),
        from: Some(day),
        until: Some(day),
        lenses: BTreeSet::new(),
    }
}

/// Puts two versions side by side over a space. `progress` is told how many threats are done, and of how many.
///
/// Errors: unknown lenses.
pub fn diff(
    sides: [&Session; 2],
    space: &Space,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Diff, Vec<Diagnostic>> {
    let lines = Lines::of(sides.map(|side| side.pack.world.as_ref()));
    let found = mandates::mandates(sides, space, &lines, progress)?;
    let [first, second] = sides;
    let told = [side(first, &found.first), side(second, &found.second)];
    let (rules, same_rules) = rules::rules(sides);
    Ok(Diff {
        schema: SCHEMA,
        sides: told,
        lenses: space.lenses.iter().cloned().collect(),
        threats: space.threats.clone(),
        states: space.states.clone(),
        functions: space.functions.clone(),
        from: space.from.map(|day| day.to_string()),
        until: space.until.map(|day| day.to_string()),
        dates: found.dates.len(),
        mandates: found.mandates,
        equal: found.equal,
        equal_undecided: found.equal_undecided,
        changes: found.changes,
        only: only(&first.pack.world, &second.pack.world),
        rules,
        same_rules,
    })
}

fn side(session: &Session, tally: &mandates::Tally) -> Side {
    let pack = &session.pack.world.pack;
    Side {
        pack: pack.id.clone(),
        version: pack.version.clone(),
        known_until: pack.known_until.map(|date| date.to_string()),
        evaluations: tally.evaluations,
        judged: tally.judged,
        complete: tally.complete && session.rules.failed().is_empty() && session.rules.unreadable().is_empty(),
    }
}

/// What only one of two worlds declares, kind by kind.
fn only(first: &World, second: &World) -> Vec<Only> {
    fn keys<T>(map: &std::collections::BTreeMap<Id, T>) -> BTreeSet<Id> {
        map.keys().cloned().collect()
    }
    let rows = |world: &World| world.mandates.iter().map(|row| row.fact.id.clone()).collect::<BTreeSet<Id>>();
    let kinds = [
        ("threat", keys(&first.threats.terms), keys(&second.threats.terms)),
        ("function", keys(&first.functions.terms), keys(&second.functions.terms)),
        ("state", keys(&first.states), keys(&second.states)),
        ("body", keys(&first.bodies), keys(&second.bodies)),
        ("instrument", keys(&first.instruments), keys(&second.instruments)),
        ("source", keys(&first.sources), keys(&second.sources)),
        ("mandate", rows(first), rows(second)),
    ];
    let alone = |own: &BTreeSet<Id>, other: &BTreeSet<Id>| own.difference(other).cloned().collect::<Vec<Id>>();
    kinds
        .into_iter()
        .map(|(kind, one, other)| Only { kind, first: alone(&one, &other), second: alone(&other, &one) })
        .filter(|own| !own.first.is_empty() || !own.second.is_empty())
        .collect()
}
