//! What a change does to a world, row by row; or that it does more than that.

use std::collections::BTreeMap;

use crate::load::Loaded;
use crate::world::scenario::Authorisation;
use crate::world::{
    Attribute, Body, Capability, Case, Decision, Id, Instrument, Link, Mandate, Membership, OrganRule, Party, Practice,
    Request, Scenario, Source, Status, World,
};

/// Rows of one kind that are there on one side only.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rows<T> {
    pub(super) removed: Vec<T>,
    pub(super) added: Vec<T>,
}

impl<T: PartialEq> Rows<T> {
    fn same(&self, other: &Self) -> bool {
        alike_rows(&self.removed, &other.removed) && alike_rows(&self.added, &other.added)
    }
}

fn alike_rows<T: PartialEq>(one: &[T], two: &[T]) -> bool {
    one.len() == two.len() && one.iter().all(|row| two.contains(row))
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Rows { removed: Vec::new(), added: Vec::new() }
    }
}

/// What changed in a case.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct CaseRows {
    pub(super) requests: Rows<Request>,
    pub(super) decisions: Rows<Decision>,
    pub(super) authorisations: Rows<Authorisation>,
}

/// What changed in a world and its scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Difference {
    pub(super) parties: Rows<Party>,
    pub(super) memberships: Rows<Membership>,
    pub(super) attributes: Rows<Attribute>,
    pub(super) mandates: Rows<Mandate>,
    pub(super) capabilities: Rows<Capability>,
    pub(super) practices: Rows<Practice>,
    pub(super) links: Rows<Link>,
    pub(super) decision_rules: Rows<OrganRule>,
    pub(super) cases: BTreeMap<Id, CaseRows>,
    /// Bodies with other dates or another status.
    pub(super) bodies: BTreeMap<Id, Body>,
    /// Instruments with other dates or another status.
    pub(super) instruments: BTreeMap<Id, Instrument>,
    pub(super) new_instruments: Vec<Instrument>,
    pub(super) sources: BTreeMap<Id, Source>,
}

macro_rules! tables {
    ($each:ident) => {
        $each!(parties memberships attributes mandates capabilities practices links decision_rules)
    };
}

impl Difference {
    /// The ids of the dated rows that are gone, or stand otherwise.
    pub(super) fn removed(&self) -> Vec<Id> {
        let mut ids = Vec::new();
        macro_rules! each {
            ($($table:ident)+) => {$( ids.extend(self.$table.removed.iter().map(|row| row.fact.id.clone())); )+};
        }
        tables!(each);
        ids
    }

    /// Whether a row that is gone is there in another form.
    pub(super) fn altered(&self, id: &str) -> bool {
        let mut found = false;
        macro_rules! each {
            ($($table:ident)+) => {$( found |= self.$table.added.iter().any(|row| row.fact.id == id); )+};
        }
        tables!(each);
        found
    }

    /// Whether both say the same, in whatever order.
    pub(super) fn same(&self, other: &Self) -> bool {
        let mut same = self.bodies == other.bodies
            && self.instruments == other.instruments
            && self.cases.len() == other.cases.len()
            && alike_rows(&self.new_instruments, &other.new_instruments);
        macro_rules! each {
            ($($table:ident)+) => {$( same = same && self.$table.same(&other.$table); )+};
        }
        tables!(each);
        same && self.cases.iter().zip(&other.cases).all(|((one, own), (two, theirs))| {
            one == two
                && own.requests.same(&theirs.requests)
                && own.decisions.same(&theirs.decisions)
                && own.authorisations.same(&theirs.authorisations)
        })
    }

    /// Whether it brings a new row that is a version of another one: what stands then hangs on both.
    pub(super) fn adds_versions(&self) -> bool {
        let gone = self.removed();
        let mut found = false;
        macro_rules! each {
            ($($table:ident)+) => {$(
                found |= self.$table.added.iter().any(|row| row.fact.version_of.is_some() && !gone.contains(&row.fact.id));
            )+};
        }
        tables!(each);
        found
    }

    /// Whether the two say different things of one request or one organ: which is said last then counts.
    pub(super) fn disputes(&self, other: &Self, world: &World) -> bool {
        let line = |a: &str, b: &str| world.line(a) == world.line(b);
        self.cases.iter().filter_map(|(case, own)| Some((own, other.cases.get(case)?))).any(|(own, theirs)| {
            let decisions = own
                .decisions
                .added
                .iter()
                .any(|a| theirs.decisions.added.iter().any(|b| line(&a.organ, &b.organ) && a.outcome != b.outcome));
            let requests = own.requests.added.iter().any(|a| {
                let same = |b: &&Request| a.by == b.by && a.to.iter().any(|one| b.to.iter().any(|two| line(one, two)));
                theirs.requests.added.iter().filter(same).any(|b| a.made != b.made)
            });
            let shared = |one: &[Decision], two: &[Decision]| one.iter().any(|row| two.contains(row));
            decisions
                || requests
                || shared(&own.decisions.removed, &theirs.decisions.removed)
                || own.requests.removed.iter().any(|row| theirs.requests.removed.contains(row))
                || own.authorisations.removed.iter().any(|row| theirs.authorisations.removed.contains(row))
        })
    }

    /// Whether both change the same row, body or instrument.
    pub(super) fn touches(&self, other: &Self) -> bool {
        let theirs = other.removed();
        self.removed().iter().any(|id| theirs.contains(id))
            || self.bodies.keys().any(|id| other.bodies.contains_key(id))
            || self.instruments.keys().any(|id| other.instruments.contains_key(id))
    }

    /// Both at once, if they do not get in one another's way.
    pub(super) fn and(mut self, other: Self) -> Self {
        macro_rules! each {
            ($($table:ident)+) => {$(
                self.$table.removed.extend(other.$table.removed);
                self.$table.added.extend(other.$table.added);
            )+};
        }
        tables!(each);
        for (case, rows) in other.cases {
            let own = self.cases.entry(case).or_default();
            // What is said last of a case stands first in its lists.
            own.requests.removed.extend(rows.requests.removed);
            own.requests.added.splice(0..0, rows.requests.added);
            own.decisions.removed.extend(rows.decisions.removed);
            own.decisions.added.splice(0..0, rows.decisions.added);
            own.authorisations.removed.extend(rows.authorisations.removed);
            own.authorisations.added.extend(rows.authorisations.added);
        }
        self.bodies.extend(other.bodies);
        self.instruments.extend(other.instruments);
        for text in other.new_instruments {
            if !self.new_instruments.contains(&text) {
                self.new_instruments.push(text);
            }
        }
        self.sources.extend(other.sources);
        self
    }
}

/// The difference between two worlds; `None`: they differ in more than rows and dates.
pub(super) fn between(old: &Loaded, new: &Loaded) -> Option<Difference> {
    let (world, now) = (&old.world, &new.world);
    if !alike(world, now) || !same_but_rows(&old.scenario, &new.scenario) {
        return None;
    }
    let mut found = Difference::default();
    macro_rules! each {
        ($($table:ident)+) => {$( found.$table = rows(&world.$table, &now.$table); )+};
    }
    tables!(each);
    for (was, case) in old.scenario.cases.iter().zip(&new.scenario.cases) {
        let own = CaseRows {
            requests: rows(&was.requests, &case.requests),
            decisions: rows(&was.decisions, &case.decisions),
            authorisations: rows(&was.authorisations, &case.authorisations),
        };
        if own != CaseRows::default() {
            found.cases.insert(case.id.clone(), own);
        }
    }
    let other = |body: &&Body| world.bodies.get(&body.id) != Some(*body);
    found.bodies = now.bodies.values().filter(other).map(|body| (body.id.clone(), body.clone())).collect();
    for text in now.instruments.values() {
        match world.instruments.get(&text.id) {
            Some(was) if was == text => {}
            Some(_) => {
                found.instruments.insert(text.id.clone(), text.clone());
            }
            None => found.new_instruments.push(text.clone()),
        }
    }
    let fresh = now.sources.iter().filter(|(key, _)| !world.sources.contains_key(*key));
    found.sources = fresh.map(|(key, source)| (key.clone(), source.clone())).collect();
    Some(found)
}

fn rows<T: PartialEq + Clone>(old: &[T], new: &[T]) -> Rows<T> {
    // Most rows stand where they stood: only the others are looked for.
    let missing = |from: &[T], other: &[T]| -> Vec<T> {
        let gone = from.iter().enumerate().filter(|(at, row)| other.get(*at) != Some(*row) && !other.contains(row));
        gone.map(|(_, row)| row.clone()).collect()
    };
    Rows { removed: missing(old, new), added: missing(new, old) }
}

/// Whether two worlds are alike in all that is no row, no date and no status.
fn alike(one: &World, two: &World) -> bool {
    let bodies = one.bodies == two.bodies
        || one.bodies.len() == two.bodies.len()
            && one.bodies.iter().zip(&two.bodies).all(|((_, a), (_, b))| a == b || undated(a) == undated(b));
    let texts = one
        .instruments
        .iter()
        .all(|(id, a)| two.instruments.get(id).is_some_and(|b| a == b || undated_text(a) == undated_text(b)));
    bodies
        && texts
        && one.same_lines(two)
        && one.states == two.states
        && one.actors == two.actors
        && one.threats == two.threats
        && one.functions == two.functions
        && one.judgements == two.judgements
        && one.propositions == two.propositions
        && one.what_ifs == two.what_ifs
        && one.questions == two.questions
        && one.pack == two.pack
}

fn undated(body: &Body) -> Body {
    Body { status: Status::Live, held: crate::date::Interval::default(), ..body.clone() }
}

fn undated_text(text: &Instrument) -> Instrument {
    Instrument {
        status: Status::Live,
        held: crate::date::Interval::default(),
        signed: crate::date::Bound::default(),
        provisional: crate::date::Bound::default(),
        ..text.clone()
    }
}

/// Whether two scenarios are alike in all that is no row of a case.
fn same_but_rows(one: &Scenario, two: &Scenario) -> bool {
    let same = |(a, b): (&Case, &Case)| {
        a.id == b.id
            && a.circumstances == b.circumstances
            && (a.requested, a.all_requests, a.all_decisions) == (b.requested, b.all_requests, b.all_decisions)
            && a.accounts == b.accounts
    };
    one.responses == two.responses
        && one.judged == two.judged
        && one.date == two.date
        && one.cases.len() == two.cases.len()
        && one.cases.iter().zip(&two.cases).all(same)
}
