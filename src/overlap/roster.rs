//! Whom each line of organisations counts on a day, and which functions its mandates give it.
//!
//! Reads the world through a [`View`] alone; what the record does not settle comes out as unsure, with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::share::Sure;
use super::{Counted, Options};
use crate::ask::{BodyState, InForce, Known, Today, Tree, Versions, View, explore};
use crate::date::Day;
use crate::world::{Force, Id, Level, Mandate, Membership, Role, World};

/// Ways in which the facts behind one membership or one function may turn out; beyond it that one is unsure.
const WORLDS: usize = 256;

/// What does not change from day to day: the lines of a world and the rows that speak of them.
pub(super) struct Roster {
    world: Arc<World>,
    versions: Arc<Versions>,
    counted: Counted,
    lines: BTreeMap<Id, Rows>,
    /// States that may be bound, by instrument.
    bound: BTreeMap<Id, BTreeSet<Id>>,
}

/// The rows that speak of one line.
#[derive(Default)]
struct Rows {
    /// The organisation that the line is named after, then those that it came from.
    bodies: Vec<Id>,
    /// Places in [`World::mandates`].
    mandates: Vec<usize>,
}

/// One line on one day.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Standing {
    /// The line.
    pub(super) line: Id,
    /// The organisation that stands for it on the day; `None`: it is not there.
    pub(super) body: Option<Id>,
    /// States that are in, or may be.
    pub(super) states: Counts,
    /// Functions that it has, or may have.
    pub(super) functions: Counts,
}

/// What is in, or may be, and for what may be: why that is unsure.
pub(super) type Counts = BTreeMap<Id, (Sure, Vec<String>)>;

impl Roster {
    /// The lines that reach a region or every state, and what speaks of each under these options.
    pub(super) fn new(world: &Arc<World>, options: &Options) -> Self {
        let mut lines: BTreeMap<Id, Rows> = BTreeMap::new();
        for body in world.bodies.keys() {
            let line = world.line(body);
            if matches!(world.level(line), Level::Regional | Level::Universal) {
                let rows = lines.entry(line.to_owned()).or_default();
                if rows.bodies.is_empty() {
                    rows.bodies = origins(world, line);
                }
            }
        }
        for (place, mandate) in world.mandates.iter().enumerate() {
            let about = match &options.threat {
                Some(threat) => mandate.threats.iter().any(|wide| world.threats.is_a(threat, wide)),
                None => true,
            };
            if about
                && (options.aims || mandate.force != Force::Aim)
                && let Some(rows) = lines.get_mut(world.line(&mandate.holder))
            {
                rows.mandates.push(place);
            }
        }
        let versions = Arc::new(Versions::new(world, &options.lenses, None));
        let bound = world.instruments.keys().map(|text| (text.clone(), bindable(world, text))).collect();
        Roster { world: world.clone(), versions, counted: options.counted, lines, bound }
    }

    /// Every line on a day.
    pub(super) fn on(&self, day: Day) -> Vec<Standing> {
        let view = View {
            world: self.world.clone(),
            today: Today::new(day),
            versions: self.versions.clone(),
            chosen: Default::default(),
        };
        self.lines.iter().map(|(line, rows)| self.standing(&view, line, rows)).collect()
    }

    fn standing(&self, view: &View, line: &str, rows: &Rows) -> Standing {
        let mandates: Vec<&Mandate> =
            rows.mandates.iter().filter_map(|place| self.world.mandates.get(*place)).collect();
        let there = |body: &&Id| settle(view, &|view| Ok(view.body(body)? == BodyState::Exists)).0 != Sure::No;
        let states = match self.counted {
            Counted::Members => self.members(view, &rows.bodies),
            Counted::Parties => self.parties(view, &mandates),
        };
        let wide: BTreeSet<&str> =
            mandates.iter().flat_map(|mandate| mandate.functions.iter().map(String::as_str)).collect();
        let functions = &self.world.functions;
        // A mandate for a function is one for every kind of it: the ladder answers so too.
        let kinds = functions.terms.keys().filter(|own| wide.iter().any(|wide| functions.is_a(own, wide)));
        let functions = gather(view, kinds, &|view, function| {
            any(mandates.iter().filter(|own| own.functions.iter().any(|wide| functions.is_a(function, wide))), |own| {
                in_force(view, own)
            })
        });
        Standing { line: line.to_owned(), body: rows.bodies.iter().find(there).cloned(), states, functions }
    }

    /// Members of the youngest organisation of the line that is there on the day and whose members are on record.
    fn members(&self, view: &View, bodies: &[Id]) -> Counts {
        let world = &self.world;
        let enrolled: Vec<Enrolled<'_>> = bodies
            .iter()
            .map(|body| Enrolled {
                body,
                rows: world.memberships.iter().filter(|row| row.organisation == *body).collect(),
                texts: world
                    .instruments
                    .values()
                    .filter(|text| text.organisation.as_ref() == Some(body))
                    .map(|text| text.id.as_str())
                    .collect(),
            })
            .filter(|own| !own.rows.is_empty() || !own.texts.is_empty())
            .collect();
        gather(view, world.states.keys(), &|view, state| {
            for own in &enrolled {
                if view.body(own.body)? == BodyState::Exists {
                    return own.has(view, state);
                }
            }
            Ok(false)
        })
    }

    /// States bound by an instrument under which the line has a mandate in force.
    fn parties(&self, view: &View, mandates: &[&Mandate]) -> Counts {
        let texts: BTreeSet<&str> = mandates.iter().map(|mandate| mandate.instrument.as_str()).collect();
        let may = |text: &str| self.bound.get(text);
        let states: BTreeSet<&Id> = texts.iter().filter_map(|text| may(text)).flatten().collect();
        gather(view, states.into_iter(), &|view, state| {
            let own = texts.iter().filter(|text| may(text).is_some_and(|states| states.contains(state)));
            any(own, |text| {
                Ok(view.bound(state, text)?.holds
                    && any(mandates.iter().filter(|own| own.instrument == **text), |own| in_force(view, own))?)
            })
        })
    }
}

/// States that an instrument may bind: those with a row as party, else those ever enrolled in its organisation.
fn bindable(world: &World, text: &str) -> BTreeSet<Id> {
    let parties: BTreeSet<Id> =
        world.parties.iter().filter(|row| row.instrument == text).map(|row| row.state.clone()).collect();
    let body = world.instruments.get(text).and_then(|text| text.organisation.as_deref());
    match body {
        Some(body) if parties.is_empty() => {
            let above = world.upwards(body);
            let rows = world.memberships.iter().filter(|row| above.contains(&row.organisation.as_str()));
            rows.map(|row| row.state.clone()).collect()
        }
        _ => parties,
    }
}

/// The organisation that a line is named after, then what it came from, the youngest first.
fn origins(world: &World, line: &str) -> Vec<Id> {
    let mut found = vec![line.to_owned()];
    let mut next = 0;
    while let Some(body) = found.get(next).and_then(|id| world.bodies.get(id)) {
        next += 1;
        for origin in [&body.predecessor, &body.founded_by].into_iter().flatten() {
            if !found.contains(origin) {
                found.push(origin.clone());
            }
        }
    }
    found
}

/// Who is enrolled in one body: by rows of membership, else by the texts that bind its members.
struct Enrolled<'w> {
    body: &'w str,
    rows: Vec<&'w Membership>,
    texts: Vec<&'w str>,
}

impl Enrolled<'_> {
    fn has(&self, view: &View, state: &str) -> Known<bool> {
        if self.rows.is_empty() {
            return any(self.texts.iter(), |text| Ok(view.bound(state, text)?.holds));
        }
        any(self.rows.iter().filter(|row| row.state == state && row.role == Role::Member), |row| view.stands(&row.fact))
    }
}

fn in_force(view: &View, mandate: &Mandate) -> Known<bool> {
    Ok(view.body(&mandate.holder)? == BodyState::Exists && view.mandate(mandate)? == InForce::Yes)
}

fn any<T>(all: impl Iterator<Item = T>, holds: impl Fn(T) -> Known<bool>) -> Known<bool> {
    for one in all {
        if holds(one)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn gather<'w>(view: &View, ids: impl Iterator<Item = &'w Id>, holds: &dyn Fn(&View, &str) -> Known<bool>) -> Counts {
    let settled = ids.map(|id| (id.clone(), settle(view, &|view| holds(view, id))));
    settled.filter(|(_, (sure, _))| *sure != Sure::No).collect()
}

/// Whether something holds however the facts behind it turn out; where that is unsure, the facts that decide.
fn settle(view: &View, holds: &dyn Fn(&View) -> Known<bool>) -> (Sure, Vec<String>) {
    let yes = |holds: bool| if holds { Sure::Yes } else { Sure::No };
    if let Ok(settled) = holds(view) {
        return (yes(settled), Vec::new());
    }
    let tree = explore(WORLDS, &mut |chosen| holds(&View { chosen: Arc::new(chosen.clone()), ..view.clone() }));
    match tree.map(|tree| tree.reduced(&|holds| *holds)) {
        Ok(Tree::Leaf(settled)) => (yes(settled), Vec::new()),
        Ok(tree) => (Sure::Unsure, tree.facts().values().map(|fact| fact.says.clone()).collect()),
        Err(_) => (Sure::Unsure, vec!["too many facts are not settled".to_owned()]),
    }
}
