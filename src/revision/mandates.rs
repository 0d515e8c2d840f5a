//! The cells in which a line passes, in two versions: what was gained, what was lost, put together where it is alike.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::lines::Lines;
use super::witness::witness;
use super::{MandateChange, Passes, Region, Relation};
use crate::answer::Memory;
use crate::answer::report::Evaluation;
use crate::atlas::{Space, follow, judged};
use crate::date::Day;
use crate::diagnostic::Diagnostic;
use crate::session::Session;
use crate::world::Id;

/// What it took to look at one version.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) evaluations: usize,
    pub(super) judged: usize,
    pub(super) complete: bool,
}

/// What came of all mandates.
#[derive(Default)]
pub(super) struct Found {
    pub(super) first: Tally,
    pub(super) second: Tally,
    pub(super) dates: BTreeSet<Option<Day>>,
    pub(super) mandates: usize,
    pub(super) equal: usize,
    pub(super) equal_undecided: usize,
    pub(super) changes: Vec<MandateChange>,
}

/// Which lines pass, function by function; those that do not are left out.
type Standing = BTreeMap<Id, BTreeMap<Id, Passes>>;

/// The days from one, until another, on which a version stands as it does.
type Stretch = (Option<Day>, Option<Day>, Standing);

/// One cell over some days in which the versions differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    state: Id,
    function: Id,
    from: Option<Day>,
    until: Option<Day>,
    was: Passes,
    now: Passes,
}

/// Threats against which a line's mandate changed in one way, and how.
type Alike = (Vec<Id>, Vec<Change>);

/// What became of one line against one threat.
#[derive(Default)]
struct Course {
    changes: Vec<Change>,
    /// Whether it may pass, and may not, somewhere in both versions.
    undecided: bool,
}

/// Looks at every mandate of a space in both versions.
pub(super) fn mandates(
    sides: [&Session; 2],
    space: &Space,
    lines: &Lines,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Found, Vec<Diagnostic>> {
    let memories = sides.map(|side| Rc::new(Memory::new(&side.pack.world)));
    let [first, second] = sides;
    let mut found = Found::default();
    (found.first.complete, found.second.complete) = (true, true);
    found.dates.insert(space.from);
    let mut alike: BTreeMap<(Id, Relation, Vec<Region>), Alike> = BTreeMap::new();
    for (done, threat) in space.threats.iter().enumerate() {
        progress(done, space.threats.len());
        let mut courses: BTreeMap<Id, Course> = BTreeMap::new();
        for state in &space.states {
            let [one, other] = &memories;
            let cell = [threat.as_str(), state.as_str()];
            let before = stretches(first, one, space, cell, lines, &mut found.first)?;
            let after = stretches(second, other, space, cell, lines, &mut found.second)?;
            found.dates.extend(before.iter().chain(&after).map(|(from, ..)| *from));
            compare(state, &before, &after, &mut courses);
        }
        for (line, course) in courses {
            found.mandates += 1;
            if course.changes.is_empty() {
                found.equal += 1;
                found.equal_undecided += usize::from(course.undecided);
                continue;
            }
            let [surely, possibly] = relations(&course.changes);
            let relation = both(surely, possibly);
            let key = (line, relation, regions(&course.changes));
            alike.entry(key).or_insert_with(|| (Vec::new(), course.changes)).0.push(threat.clone());
        }
    }
    progress(space.threats.len(), space.threats.len());
    for ((line, relation, regions), (threats, changes)) in alike {
        let [surely, possibly] = relations(&changes);
        let mut witnesses = Vec::new();
        for gained in [true, false] {
            if let (Some(threat), Some(own)) = (threats.first(), clearest(&changes, gained)) {
                let cell = [line.as_str(), threat, &own.state, &own.function];
                witnesses.push(witness(sides, cell, day(own, space), &space.lenses)?);
            }
        }
        let name = |side: &Session| side.pack.world.bodies.get(&line).map(|body| body.name.clone());
        let name = name(second).or_else(|| name(first)).unwrap_or_else(|| line.clone());
        let change = MandateChange { name, line, threats, relation, surely, possibly, changes: regions, witnesses };
        found.changes.push(change);
    }
    let [one, other] = &memories;
    (found.first.judged, found.second.judged) = (one.judged(), other.judged());
    Ok(found)
}

/// How one version stands for one threat and state, over the days of a space.
fn stretches(
    session: &Session,
    memory: &Rc<Memory>,
    space: &Space,
    cell: [&str; 2],
    lines: &Lines,
    tally: &mut Tally,
) -> Result<Vec<Stretch>, Vec<Diagnostic>> {
    let mut stretches: Vec<Stretch> = Vec::new();
    follow(session, memory, space, cell, &mut |[from, until], found| {
        tally.evaluations += 1;
        tally.complete &= found.complete;
        stretches.push((from, until, standing(found, &space.functions, lines)));
    })?;
    Ok(stretches)
}

fn standing(found: &Evaluation, functions: &[Id], lines: &Lines) -> Standing {
    let mut standing = Standing::new();
    for function in functions {
        let Some(judged) = judged(found, function) else { continue };
        let own = standing.entry(function.clone()).or_default();
        let all = [(&judged.undecided, Passes::Perhaps), (&judged.lines, Passes::Yes)];
        for (line, passes) in all.into_iter().flat_map(|(lines, passes)| lines.iter().map(move |id| (id, passes))) {
            let best = own.entry(lines.line(line).to_owned()).or_insert(passes);
            *best = (*best).max(passes);
        }
    }
    standing
}

/// Holds the two versions against each other on every day on which either changes.
fn compare(state: &str, before: &[Stretch], after: &[Stretch], courses: &mut BTreeMap<Id, Course>) {
    let empty = BTreeMap::new();
    let edges: BTreeSet<Option<Day>> = before.iter().chain(after).map(|(from, ..)| *from).collect();
    for from in &edges {
        // `None`, the beginning, is the least.
        let at = |side: &[Stretch]| side.iter().rposition(|(own, ..)| own <= from);
        let (Some(was), Some(now)) =
            (at(before).and_then(|index| before.get(index)), at(after).and_then(|index| after.get(index)))
        else {
            continue;
        };
        let until = [was.1, now.1].into_iter().flatten().min();
        let functions: BTreeSet<&Id> = was.2.keys().chain(now.2.keys()).collect();
        for function in functions {
            let (was, now) = (was.2.get(function).unwrap_or(&empty), now.2.get(function).unwrap_or(&empty));
            let passing: BTreeSet<&Id> = was.keys().chain(now.keys()).collect();
            for line in passing {
                let of = |side: &BTreeMap<Id, Passes>| side.get(line).copied().unwrap_or(Passes::No);
                let course = courses.entry(line.clone()).or_default();
                let (was, now) = (of(was), of(now));
                if was == now {
                    course.undecided |= was == Passes::Perhaps;
                    continue;
                }
                let change =
                    Change { state: state.to_owned(), function: function.clone(), from: *from, until, was, now };
                course.add(change);
            }
        }
    }
}

impl Course {
    /// Adds a change; where it follows one of the same cell, it lengthens that one.
    fn add(&mut self, change: Change) {
        let follows = |own: &&mut Change| {
            own.until.is_some()
                && (&own.state, &own.function, own.until, own.was, own.now)
                    == (&change.state, &change.function, change.from, change.was, change.now)
        };
        match self.changes.iter_mut().find(follows) {
            Some(own) => own.until = change.until,
            None => self.changes.push(change),
        }
    }
}

/// What became of the cells in which the line surely passes, and of those in which it may.
fn relations(changes: &[Change]) -> [Relation; 2] {
    [Passes::Yes, Passes::Perhaps].map(|least| {
        let gained = changes.iter().any(|own| own.was < least && own.now >= least);
        let lost = changes.iter().any(|own| own.was >= least && own.now < least);
        Relation::of(gained, lost)
    })
}

fn both(one: Relation, other: Relation) -> Relation {
    let gains = |own: Relation| matches!(own, Relation::Wider | Relation::Incomparable);
    let loses = |own: Relation| matches!(own, Relation::Narrower | Relation::Incomparable);
    Relation::of(gains(one) || gains(other), loses(one) || loses(other))
}

/// Changes that are alike, together: first by function, then by state.
fn regions(changes: &[Change]) -> Vec<Region> {
    type Days = (Option<Day>, Option<Day>);
    let mut by_state: BTreeMap<(Passes, Passes, Days, &Id), BTreeSet<&Id>> = BTreeMap::new();
    for own in changes {
        let key = (own.was, own.now, (own.from, own.until), &own.state);
        by_state.entry(key).or_default().insert(&own.function);
    }
    let mut joined: BTreeMap<(Passes, Passes, Days, BTreeSet<&Id>), BTreeSet<&Id>> = BTreeMap::new();
    for ((was, now, days, state), functions) in by_state {
        joined.entry((was, now, days, functions)).or_default().insert(state);
    }
    let ids = |set: BTreeSet<&Id>| set.into_iter().cloned().collect();
    joined
        .into_iter()
        .map(|((was, now, (from, until), functions), states)| Region {
            states: ids(states),
            functions: ids(functions),
            from: from.map(|day| day.to_string()),
            until: until.map(|day| day.to_string()),
            was,
            now,
        })
        .collect()
}

/// The change of one direction that shows it best: what is sure on both sides before what is not, then the first.
fn clearest(changes: &[Change], gained: bool) -> Option<&Change> {
    let own = changes.iter().filter(|own| (own.now > own.was) == gained);
    own.min_by_key(|own| (own.was == Passes::Perhaps || own.now == Passes::Perhaps, *own))
}

/// A day of a change: its first, or the last of those that begin with the beginning.
fn day(change: &Change, space: &Space) -> Day {
    let last = change.until.map(Day::previous).or(space.until);
    change.from.or(last).unwrap_or(Day::LAST)
}
