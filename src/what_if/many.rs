//! A scenario under every combination of changes, as one: rows that come and go with levers.
//!
//! Each change is carried out alone and its difference taken, row by row; changes that get in one another's way share a
//! lever, whose choices are their combinations. What is not a matter of rows (bodies that merge, another day, another
//! reader) cannot be looked at in this way, and is named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::apply;
use super::difference::{Difference, between};
use crate::answer::Options;
use crate::ask::Chosen;
use crate::change::{Change, Form};
use crate::load::{Loaded, facts};
use crate::world::variants::{CaseRow, row};
use crate::world::{Fact, Id, Variants, World};

/// Changes that get in one another's way and can still be looked at together.
const MOST_TOGETHER: usize = 4;

/// A scenario with changes that can each be made or left.
pub struct Many {
    /// The scenario with everything that any of the changes brings.
    pub loaded: Loaded,
    /// What can be chosen.
    levers: Vec<Lever>,
}

/// Changes that are chosen together.
struct Lever {
    id: Id,
    /// The changes that each choice makes, by number; the first is none.
    choices: Vec<BTreeSet<usize>>,
}

/// Changes that cannot be looked at as rows, by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRows(pub BTreeSet<usize>);

impl Many {
    /// The changes that a choice of a lever makes, by number; none for any other fact.
    pub fn changes(&self, fact: &str, choice: usize) -> BTreeSet<usize> {
        let lever = fact.strip_prefix("lever:").and_then(|id| self.levers.iter().find(|lever| lever.id == id));
        lever.and_then(|lever| lever.choices.get(choice)).cloned().unwrap_or_default()
    }

    /// The choices under which exactly these changes are made.
    pub fn chosen(&self, changes: &BTreeSet<usize>) -> Chosen {
        let choice = |lever: &Lever| {
            let all: BTreeSet<usize> = lever.choices.iter().flatten().copied().collect();
            let own: BTreeSet<usize> = changes.intersection(&all).copied().collect();
            lever.choices.iter().position(|choice| *choice == own).unwrap_or_default()
        };
        self.levers.iter().map(|lever| (format!("lever:{}", lever.id), choice(lever))).collect()
    }
}

/// The scenario under every combination of changes; a change that changes nothing is never chosen.
///
/// Errors: changes that are no matter of rows.
pub fn many(loaded: &Loaded, options: &Options, changes: &[Change]) -> Result<Many, NotRows> {
    let base = spelled_out(loaded);
    let made = |numbers: &[usize]| {
        let own: Vec<Change> = numbers.iter().filter_map(|number| changes.get(*number).cloned()).collect();
        let altered = apply(&base, options, &own);
        if altered.options == *options { between(&base, &altered.loaded) } else { None }
    };
    let levers = levers(changes, &base, &made)?;
    let words = |choice: &BTreeSet<usize>| {
        let own: Vec<String> = choice.iter().filter_map(|number| changes.get(*number)).map(Change::to_string).collect();
        if own.is_empty() { "none".to_owned() } else { own.join("; ") }
    };
    let mut loaded = base;
    let world = Arc::make_mut(&mut loaded.world);
    let mut variants = Variants::default();
    for (lever, _) in &levers {
        variants.levers.insert(lever.id.clone(), lever.choices.iter().map(words).collect());
    }
    for (lever, differences) in &levers {
        for (choice, own) in differences.iter().enumerate() {
            world.sources.extend(own.sources.clone());
            for text in &own.new_instruments {
                world.instruments.entry(text.id.clone()).or_insert_with(|| text.clone());
            }
            for id in own.removed() {
                let all = || (lever.id.clone(), (0..lever.choices.len()).collect::<BTreeSet<usize>>());
                variants.rows.entry(id).or_insert_with(all).1.remove(&choice);
            }
            vary(&mut variants.bodies, lever, choice, &own.bodies, &world.bodies);
            vary(&mut variants.instruments, lever, choice, &own.instruments, &world.instruments);
        }
        add_rows(world, lever, differences, &mut variants);
    }
    let all: Vec<(&Lever, &[Difference])> = levers.iter().map(|(lever, own)| (lever, own.as_slice())).collect();
    for case in &mut loaded.scenario.cases {
        let of = |own: &Difference| own.cases.get(&case.id).cloned().unwrap_or_default();
        let id = &case.id;
        case.requests = merged(id, CaseRow::Request, &case.requests, &all, |own| of(own).requests, &mut variants);
        case.decisions = merged(id, CaseRow::Decision, &case.decisions, &all, |own| of(own).decisions, &mut variants);
        let leave = |own: &Difference| of(own).authorisations;
        case.authorisations = merged(id, CaseRow::Authorisation, &case.authorisations, &all, leave, &mut variants);
    }
    world.variants = variants;
    Ok(Many { loaded, levers: levers.into_iter().map(|(lever, _)| lever).collect() })
}

/// What carrying out the changes of these numbers does; `None`: more than rows.
type Made<'m> = &'m dyn Fn(&[usize]) -> Option<Difference>;

/// Changes that get in one another's way share a lever; with each lever, what each of its choices does.
///
/// Errors: changes that are no matter of rows.
fn levers(changes: &[Change], base: &Loaded, made: Made<'_>) -> Result<Vec<(Lever, Vec<Difference>)>, NotRows> {
    let single: Vec<Option<Difference>> = (0..changes.len()).map(|number| made(&[number])).collect();
    let (rivals, shared) = rivals(base);
    // A row in another form keeps its place among its rivals; one that is gone leaves it to them.
    let rows = |own: &Difference| {
        !own.adds_versions()
            && own.removed().iter().all(|id| !shared.contains(id) && (!rivals.contains(id) || own.altered(id)))
    };
    let mut apart: BTreeSet<usize> = single
        .iter()
        .enumerate()
        .filter(|(_, own)| !own.as_ref().is_some_and(rows))
        .map(|(number, _)| number)
        .collect();
    let subjects: Vec<BTreeSet<&str>> = changes.iter().map(|change| subjects(change, &base.world)).collect();
    let mut together: Vec<BTreeSet<usize>> = Vec::new();
    for number in (0..changes.len()).filter(|number| !apart.contains(number)) {
        let near = |other: &usize| match (subjects.get(*other), subjects.get(number)) {
            (Some(one), Some(two)) => !one.is_disjoint(two),
            _ => true,
        };
        let clashes = |other: &usize| match (single.get(*other), single.get(number)) {
            (Some(Some(one)), Some(Some(two))) => {
                let apart = || made(&[*other, number]).is_none_or(|both| !both.same(&one.clone().and(two.clone())));
                one.touches(two) || one.disputes(two, &base.world) || (near(other) && apart())
            }
            _ => true,
        };
        let (near, mut far): (Vec<_>, Vec<_>) = together.into_iter().partition(|own| own.iter().any(clashes));
        let joined = near.into_iter().flatten().chain([number]).collect();
        far.push(joined);
        together = far;
    }
    apart.extend(together.iter().filter(|own| own.len() > MOST_TOGETHER).flatten());
    let mut levers = Vec::new();
    for own in &together {
        let choices = combinations(own);
        let differences: Option<Vec<Difference>> =
            choices.iter().map(|choice| made(&choice.iter().copied().collect::<Vec<usize>>())).collect();
        match differences.filter(|all| all.iter().all(rows)) {
            Some(differences) => {
                let numbers: Vec<String> = own.iter().map(usize::to_string).collect();
                levers.push((Lever { id: numbers.join("+"), choices }, differences));
            }
            None => apart.extend(own),
        }
    }
    if !apart.is_empty() {
        return Err(NotRows(apart));
    }
    Ok(levers)
}

/// "Nobody was asked" is the same as a full list without requests; a list can be added to.
fn spelled_out(loaded: &Loaded) -> Loaded {
    let mut loaded = loaded.clone();
    for case in loaded.scenario.cases.iter_mut().filter(|case| case.requested == Some(false)) {
        case.requested = None;
        case.all_requests = true;
    }
    loaded
}

/// What a change may touch: the lines and texts of the bodies it names, and whatever else it names but states and
/// functions, of which no row is another's. Two changes with nothing in common cannot get in one another's way.
fn subjects<'w>(change: &'w Change, world: &'w World) -> BTreeSet<&'w str> {
    let mut found = BTreeSet::new();
    match change.form {
        Form::CouncilAuthorises | Form::CouncilRefuses => found.insert("leave of the council"),
        Form::HostConsents | Form::HostRefuses => found.insert("leave of the host"),
        _ => false,
    };
    for id in change.ids() {
        if world.bodies.contains_key(id) {
            found.insert(world.line(id));
        } else if let Some(text) = world.instruments.get(id) {
            found.insert(id);
            found.extend(text.organisation.as_deref().map(|body| world.line(body)));
        } else if !world.states.contains_key(id) && !world.functions.terms.contains_key(id) {
            found.insert(id);
        }
    }
    if found.is_empty() {
        // A state that asks, decides or has an attribute; leave from outside.
        found.extend(change.ids());
        found.insert(change.form.pattern());
    }
    found
}

/// Rows that are versions of one fact, and ids that several rows share.
fn rivals(loaded: &Loaded) -> (BTreeSet<Id>, BTreeSet<Id>) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for (_, fact) in facts(&loaded.world) {
        *counts.entry(&fact.id).or_default() += 1;
        if let Some(other) = &fact.version_of {
            found.extend([other.clone(), fact.id.clone()]);
        }
    }
    let shared = counts.into_iter().filter(|(_, count)| *count > 1).map(|(id, _)| id.to_owned()).collect();
    (found, shared)
}

/// Every combination, none first, the smaller before the larger.
pub(crate) fn combinations(of: &BTreeSet<usize>) -> Vec<BTreeSet<usize>> {
    let all: Vec<usize> = of.iter().copied().collect();
    let pick = |mask: usize| {
        all.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, number)| *number).collect()
    };
    let mut sets: Vec<BTreeSet<usize>> = (0..1_usize << all.len()).map(pick).collect();
    sets.sort_by_key(BTreeSet::len);
    sets
}

/// Each row once, with the choices that bring it.
fn by_row<T: PartialEq>(brought: impl Iterator<Item = (usize, T)>) -> Vec<(T, BTreeSet<usize>)> {
    let mut rows: Vec<(T, BTreeSet<usize>)> = Vec::new();
    for (choice, row) in brought {
        match rows.iter_mut().find(|(known, _)| *known == row) {
            Some((_, choices)) => {
                choices.insert(choice);
            }
            None => rows.push((row, BTreeSet::from([choice]))),
        }
    }
    rows
}

/// Notes what one choice of a lever makes of bodies or instruments; under its other choices they are as they were.
fn vary<T: Clone>(
    varied: &mut BTreeMap<Id, (Id, Vec<T>)>,
    lever: &Lever,
    choice: usize,
    altered: &BTreeMap<Id, T>,
    were: &BTreeMap<Id, T>,
) {
    for (id, own) in altered {
        let was = were.get(id).unwrap_or(own);
        let (_, choices) =
            varied.entry(id.clone()).or_insert_with(|| (lever.id.clone(), vec![was.clone(); lever.choices.len()]));
        choices.get_mut(choice).into_iter().for_each(|slot| *slot = own.clone());
    }
}

/// Adds the rows that a lever's choices bring, each once, under the choices that bring it.
fn add_rows(world: &mut World, lever: &Lever, differences: &[Difference], variants: &mut Variants) {
    fn into<T: Clone + PartialEq>(
        rows: &mut Vec<T>,
        brought: impl Iterator<Item = (usize, T)>,
        fact: impl Fn(&mut T) -> &mut Fact,
        lever: &str,
        variants: &mut Variants,
    ) {
        for (number, (mut row, choices)) in by_row(brought).into_iter().enumerate() {
            let own = fact(&mut row);
            let id = format!("{} ({lever}/{number})", own.id);
            // In another form it stands where it stood.
            if variants.rows.contains_key(&own.id) {
                variants.stand_for.insert(id.clone(), own.id.clone());
            }
            own.id = id;
            variants.rows.insert(own.id.clone(), (lever.to_owned(), choices));
            rows.push(row);
        }
    }
    macro_rules! tables {
        ($($table:ident),+) => {$(
            let brought = differences.iter().enumerate().flat_map(|(choice, own)| {
                own.$table.added.iter().map(move |row| (choice, row.clone()))
            });
            into(&mut world.$table, brought, |row| &mut row.fact, &lever.id, variants);
        )+};
    }
    tables!(parties, memberships, attributes, mandates, capabilities, practices, links, decision_rules);
}

/// A case's rows with those that levers bring before them: what is said last counts first.
fn merged<T: Clone + PartialEq>(
    case: &str,
    kind: CaseRow,
    rows: &[T],
    levers: &[(&Lever, &[Difference])],
    of: impl Fn(&Difference) -> super::difference::Rows<T>,
    variants: &mut Variants,
) -> Vec<T> {
    type Only = Option<(Id, BTreeSet<usize>)>;
    let mut all: Vec<(T, Only)> = rows.iter().map(|row| (row.clone(), None)).collect();
    for (lever, differences) in levers {
        for (choice, own) in differences.iter().map(&of).enumerate() {
            for gone in &own.removed {
                for (_, only) in all
                    .iter_mut()
                    .filter(|(row, only)| row == gone && only.as_ref().is_none_or(|own| own.0 == lever.id))
                {
                    let every = || (lever.id.clone(), (0..lever.choices.len()).collect());
                    only.get_or_insert_with(every).1.remove(&choice);
                }
            }
        }
        let brought = differences.iter().map(&of).enumerate();
        let brought = brought.flat_map(|(choice, own)| own.added.into_iter().map(move |row| (choice, row)));
        for (row, choices) in by_row(brought).into_iter().rev() {
            all.insert(0, (row, Some((lever.id.clone(), choices))));
        }
    }
    for (index, (_, only)) in all.iter().enumerate() {
        if let Some(only) = only {
            variants.rows.insert(row(kind, case, index), only.clone());
        }
    }
    all.into_iter().map(|(row, _)| row).collect()
}
