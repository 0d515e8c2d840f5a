//! The world as it stands on one day, through a set of lenses, with some free facts chosen.
//!
//! Every lookup answers with the facts it stood on, or stops at the free fact that decides it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::versions::Version;
use super::{Answer, Chosen, Dated, FactRef, Free, FreeFact, Known, Today, Versions, pick};
use crate::date::{Bound, Held, Interval, PartialDate};
use crate::world::{
    Body, Capability, Case, Fact, Id, Instrument, LinkKind, Mandate, Membership, Party, Role, Status, World,
    variants::{CaseRow, row},
};

/// The world on one day, read through its versions.
#[derive(Clone, Debug)]
pub struct View {
    /// The world.
    pub world: Arc<World>,
    /// The day.
    pub today: Today,
    /// Which statements stand.
    pub versions: Arc<Versions>,
    /// Free facts chosen so far.
    pub chosen: Arc<Chosen>,
}

/// How a body stands on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyState {
    /// In being.
    Exists,
    /// Founded later.
    NotYet,
    /// Gone.
    Gone,
    /// Planned, absent or only claimed.
    NotInBeing(Status),
}

/// How an instrument or a mandate stands on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InForce {
    /// In force.
    Yes,
    /// In force later.
    NotYet,
    /// Ended.
    Lapsed,
    /// Signed and not in force.
    SignedOnly,
    /// Planned or absent.
    NotInBeing(Status),
    /// Another version of it stands.
    Overruled,
}

/// Whether somebody was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Yes.
    Yes(FactRef),
    /// It is known that nobody asked.
    No,
    /// Others were asked.
    Others(Vec<Id>),
}

/// What an organ did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It adopted.
    Adopted(FactRef),
    /// It refused, or was blocked by these.
    Refused(FactRef, Vec<Id>),
    /// It was never put to it.
    NotPut,
}

impl View {
    pub(super) fn free(&self, key: &str, fact: impl FnOnce() -> Arc<FreeFact>) -> Known<usize> {
        pick(&self.chosen, fact, key)
    }

    pub(super) fn unknown(&self, key: String, says: String) -> Known<bool> {
        self.free(&key, || FreeFact::unknown(key.clone(), says)).map(|value| value == 1)
    }

    /// The choice of a lever.
    fn lever(&self, lever: &str) -> Known<usize> {
        let key = format!("lever:{lever}");
        let fact = || {
            let values = self.world.variants.levers.get(lever).cloned().unwrap_or_default();
            Arc::new(FreeFact { key: key.clone(), kind: Free::Lever, says: lever.to_owned(), values })
        };
        self.free(&key, fact)
    }

    /// Whether a row is there under the levers chosen.
    pub fn there(&self, row: &str) -> Known<bool> {
        match self.world.variants.rows.get(row) {
            None => Ok(true),
            Some((lever, choices)) => Ok(choices.contains(&self.lever(lever)?)),
        }
    }

    /// Whether a case's row is there under the levers chosen.
    pub fn there_in(&self, case: &Case, kind: CaseRow, index: usize) -> Known<bool> {
        if self.world.variants.rows.is_empty() { Ok(true) } else { self.there(&row(kind, &case.id, index)) }
    }

    /// A body, as the levers chosen have it.
    pub fn body_row(&self, id: &str) -> Known<Option<&Body>> {
        match self.world.variants.bodies.get(id) {
            None => Ok(self.world.bodies.get(id)),
            Some((lever, choices)) => Ok(choices.get(self.lever(lever)?)),
        }
    }

    /// An instrument, as the levers chosen have it.
    fn text(&self, id: &str) -> Known<Option<&Instrument>> {
        match self.world.variants.instruments.get(id) {
            None => Ok(self.world.instruments.get(id)),
            Some((lever, choices)) => Ok(choices.get(self.lever(lever)?)),
        }
    }

    /// Whether one of two rival versions stands, and when the row holds.
    fn held(&self, fact: &Fact, interval: Interval) -> Known<Option<Held>> {
        if !self.there(&fact.id)? {
            return Ok(None);
        }
        match self.versions.of(&fact.id) {
            Version::Silent => return Ok(None),
            Version::Stands => {}
            Version::OneOf(free, value) => {
                if self.free(&free.key, || free.clone())? != *value {
                    return Ok(None);
                }
            }
        }
        let held = self.today.held(interval, || Dated::Row(fact.id.clone()));
        self.dated(held, &fact.id, interval, || format!("the dates of {} do not tell", fact.id)).map(Some)
    }

    /// Whether a row is the version that stands, and holds on the day.
    pub fn stands(&self, fact: &Fact) -> Known<bool> {
        Ok(self.held(fact, fact.held)? == Some(Held::Yes))
    }

    fn dated(&self, held: Held, id: &str, interval: Interval, says: impl FnOnce() -> String) -> Known<Held> {
        match held {
            Held::Unknown => {
                let says = format!("whether it held on {}: {} ({interval})", self.today.named(), says());
                Ok(if self.unknown(format!("held:{id}"), says)? { Held::Yes } else { Held::NotYet })
            }
            known => Ok(known),
        }
    }

    /// Whether the case's threat is one of these, or a kind of one.
    pub fn threatens(&self, threat: &str, wide: &[Id]) -> bool {
        self.today.asked(wide, wide.iter().any(|wide| self.world.threats.is_a(threat, wide)))
    }

    /// The reference to a dated row.
    pub fn cite(&self, fact: &Fact, text: String) -> FactRef {
        FactRef {
            text: format!("{text} ({})", fact.held),
            source: Some(fact.source.clone()).filter(|source| !source.is_empty()),
            locator: fact.locator.clone(),
            place: Some(fact.place.clone()),
            claimed: Versions::claimed(&self.world, fact),
        }
    }

    /// How a body stands.
    pub fn body(&self, id: &str) -> Known<BodyState> {
        let Some(body) = self.body_row(id)? else {
            return Ok(BodyState::Exists);
        };
        match body.status {
            Status::Planned | Status::Absent | Status::SignedOnly => {
                return Ok(BodyState::NotInBeing(body.status));
            }
            Status::Claimed if !body.remark.source.as_deref().is_some_and(|source| self.versions.trusts(source)) => {
                return Ok(BodyState::NotInBeing(Status::Claimed));
            }
            Status::Live | Status::Claimed | Status::Past => {}
        }
        let held = self.body_held(body);
        Ok(match self.dated(held, &format!("body:{id}"), body.held, || format!("whether {} existed", body.name))? {
            Held::Yes | Held::Unknown => BodyState::Exists,
            Held::NotYet | Held::Never => BodyState::NotYet,
            Held::Lapsed => BodyState::Gone,
        })
    }

    fn body_held(&self, body: &Body) -> Held {
        self.today.held(body.held, || Dated::Body(body.id.clone()))
    }

    fn text_held(&self, text: &Instrument) -> Held {
        self.today.held(text.held, || Dated::Instrument(text.id.clone()))
    }

    fn text_signed(&self, text: &Instrument) -> Option<bool> {
        match text.signed {
            Bound::On(date) => Some(self.today.reached(date.first(), || Dated::Signed(text.id.clone()))),
            _ => None,
        }
    }

    fn provisional(&self, text: &Instrument) -> bool {
        let reached = |date: PartialDate| self.today.reached(date.last(), || Dated::Provisional(text.id.clone()));
        matches!(text.provisional, Bound::On(date) if reached(date))
    }

    /// How an instrument stands.
    pub fn instrument(&self, id: &str) -> Known<InForce> {
        let Some(instrument) = self.text(id)? else {
            return Ok(InForce::Yes);
        };
        self.instrument_row(instrument)
    }

    fn instrument_row(&self, instrument: &Instrument) -> Known<InForce> {
        match instrument.status {
            Status::Planned | Status::Absent => return Ok(InForce::NotInBeing(instrument.status)),
            Status::SignedOnly => return Ok(InForce::SignedOnly),
            _ => {}
        }
        let says = || format!("whether {} was in force", instrument.title);
        let key = format!("instrument:{}", instrument.id);
        Ok(match self.text_held(instrument) {
            Held::Lapsed => InForce::Lapsed,
            Held::Yes => InForce::Yes,
            _ if self.provisional(instrument) => InForce::Yes,
            _ if self.text_signed(instrument) == Some(false) => InForce::NotYet,
            held @ Held::Unknown => match self.dated(held, &key, instrument.held, says)? {
                Held::Yes => InForce::Yes,
                _ => InForce::SignedOnly,
            },
            Held::NotYet | Held::Never => InForce::SignedOnly,
        })
    }

    /// Whether a state is bound by an instrument: by a party row, else as a member of the body that the instrument binds.
    pub fn bound(&self, state: &str, instrument: &str) -> Known<Answer> {
        let Some(text) = self.text(instrument)? else {
            return Ok(Answer { holds: false, stands_on: Vec::new() });
        };
        let rows: Vec<_> = self.world.parties.iter().filter(|row| row.instrument == instrument).collect();
        let mut listed = false;
        for row in &rows {
            listed = listed || self.there(&row.fact.id)?;
        }
        if !listed {
            return match (&text.organisation, self.instrument_row(text)?) {
                (Some(body), InForce::Yes) => {
                    let member = self.membership(state, body)?.filter(|row| row.role == Role::Member);
                    Ok(answer(member.map(|row| self.membership_ref(row))))
                }
                _ => Ok(Answer { holds: false, stands_on: Vec::new() }),
            };
        }
        if self.text_signed(text) == Some(false) || self.text_held(text) == Held::Lapsed {
            return Ok(Answer { holds: false, stands_on: Vec::new() });
        }
        for row in rows.iter().filter(|row| row.state == state) {
            let mut interval = row.fact.held;
            if interval.from == Bound::Silent {
                let in_force = self.text_held(text) == Held::Yes;
                interval.from = if !in_force && self.provisional(text) { text.provisional } else { text.held.from };
            }
            if interval.until == Bound::Silent {
                interval.until = text.held.until;
            }
            if self.held(&row.fact, interval)? == Some(Held::Yes) {
                let fact = Fact { held: interval, ..row.fact.clone() };
                let text = format!("{} bound by {}", self.world.name(state), text.title);
                return Ok(answer(Some(self.cite(&fact, text))));
            }
        }
        Ok(Answer { holds: false, stands_on: Vec::new() })
    }

    /// Whether a state signed an instrument that does not bind it on the day.
    pub fn signed_only(&self, state: &str, instrument: &str) -> Known<bool> {
        let signed = |row: &Party| {
            let reached = |date: PartialDate| self.today.reached(date.first(), || Dated::SignedBy(row.fact.id.clone()));
            matches!(row.signed, Bound::On(date) if reached(date))
        };
        let mut row = false;
        for own in self.world.parties.iter().filter(|row| row.instrument == instrument && row.state == state) {
            let signs = |own: &Party| own.fact.held.from != Bound::Silent || signed(own);
            row = row || (self.there(&own.fact.id)? && signs(own));
        }
        let signed = row || self.text(instrument)?.is_some_and(|text| self.text_signed(text) == Some(true));
        Ok(signed && !self.bound(state, instrument)?.holds)
    }

    /// The membership that a state holds in a body, or in the nearest body above it that has members.
    pub fn membership(&self, state: &str, body: &str) -> Known<Option<&Membership>> {
        for body in self.world.upwards(body) {
            let own = self.body_row(body)?;
            // A membership without dates of its own lasts as long as the body: not before it, not after.
            if own.is_some_and(|own| matches!(self.body_held(own), Held::Lapsed | Held::NotYet)) {
                return Ok(None);
            }
            let mut any = false;
            for row in self.world.memberships.iter().filter(|row| row.organisation == body) {
                any = any || self.there(&row.fact.id)?;
                if row.state == state && self.held(&row.fact, row.fact.held)? == Some(Held::Yes) {
                    return Ok(Some(row));
                }
            }
            if any {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// The reference to a membership.
    pub fn membership_ref(&self, row: &Membership) -> FactRef {
        let standing = match row.standing {
            crate::world::Standing::Full => String::new(),
            other => format!(", {other}"),
        };
        let text =
            format!("{} {} of {}{standing}", self.world.name(&row.state), row.role, self.world.name(&row.organisation));
        self.cite(&row.fact, text)
    }

    /// Every state with a live membership in a body, whatever its role.
    pub fn members(&self, body: &str) -> Known<Vec<&Membership>> {
        let mut members = Vec::new();
        if self.body_row(body)?.is_some_and(|own| self.body_held(own) == Held::NotYet) {
            return Ok(members);
        }
        for row in self.world.memberships.iter().filter(|row| row.organisation == body) {
            if self.held(&row.fact, row.fact.held)? == Some(Held::Yes) {
                members.push(row);
            }
        }
        Ok(members)
    }

    /// States that surely are members of a body on the day; of a body without member rows, those bound by its texts.
    pub fn sure_members(&self, body: &str) -> BTreeSet<Id> {
        let mut rows = self.world.memberships.iter().filter(|row| row.organisation == body).peekable();
        if rows.peek().is_some() {
            return rows
                .filter(|row| row.role == Role::Member && self.held(&row.fact, row.fact.held) == Ok(Some(Held::Yes)))
                .map(|row| row.state.clone())
                .collect();
        }
        let texts = self.world.instruments.values().filter(|text| text.organisation.as_deref() == Some(body));
        let parties = texts.flat_map(|text| self.world.parties.iter().filter(|row| row.instrument == text.id));
        parties
            .filter(|row| self.bound(&row.state, &row.instrument).is_ok_and(|answer| answer.holds))
            .map(|row| row.state.clone())
            .collect()
    }

    /// Whether a state has an attribute.
    pub fn attribute(&self, state: &str, attribute: &str) -> Known<Answer> {
        for row in self.world.attributes.iter().filter(|row| row.state == state && row.attribute == attribute) {
            if self.held(&row.fact, row.fact.held)? == Some(Held::Yes) {
                let text = format!("{}: {attribute}", self.world.name(state));
                return Ok(answer(Some(self.cite(&row.fact, text))));
            }
        }
        Ok(Answer { holds: false, stands_on: Vec::new() })
    }

    /// How a mandate stands: its version, its own dates, its instrument, its status.
    pub fn mandate(&self, mandate: &Mandate) -> Known<InForce> {
        match self.held(&mandate.fact, mandate.fact.held)? {
            None => return Ok(InForce::Overruled),
            Some(Held::NotYet | Held::Never) => return Ok(InForce::NotYet),
            Some(Held::Lapsed) => return Ok(InForce::Lapsed),
            Some(Held::Yes | Held::Unknown) => {}
        }
        match mandate.status {
            Status::Planned | Status::Absent => return Ok(InForce::NotInBeing(mandate.status)),
            Status::SignedOnly => return Ok(InForce::SignedOnly),
            Status::Live | Status::Claimed | Status::Past => {}
        }
        self.instrument(&mandate.instrument)
    }

    /// The best capability of a holder for a function: its own, or that of a body above or below it, or of a body that
    /// it came from or that came from it. What one organ has, another organ beside it has not.
    pub fn capability(&self, holder: &str, function: &str) -> Known<Option<&Capability>> {
        let line = self.world.line(holder);
        let above = self.world.upwards(holder);
        let lends = |other: &str| {
            let theirs = self.world.upwards(other);
            above.contains(&other) || theirs.contains(&holder) || above.last() != theirs.last()
        };
        let mut best: Option<&Capability> = None;
        for row in &self.world.capabilities {
            let covers = row.functions.iter().any(|wide| self.world.functions.is_a(function, wide));
            if covers
                && self.world.line(&row.holder) == line
                && lends(&row.holder)
                && best.is_none_or(|best| best.level < row.level)
                && self.body(&row.holder)? == BodyState::Exists
                && self.held(&row.fact, row.fact.held)? == Some(Held::Yes)
            {
                best = Some(row);
            }
        }
        Ok(best)
    }

    /// The reference to a capability.
    pub fn capability_ref(&self, row: &Capability) -> FactRef {
        let what = row.text.clone().unwrap_or_else(|| row.functions.join(", "));
        self.cite(&row.fact, format!("{}: {what}, {}", self.world.name(&row.holder), row.level))
    }

    /// Whether two holders, or bodies in their lines, are tied by one of these kinds of link.
    pub fn linked(&self, a: &str, b: &str, kinds: &[LinkKind]) -> Known<Answer> {
        let lines = [self.world.line(a), self.world.line(b)];
        // A tie that surely holds goes before one whose dates nobody knows.
        let mut unsure = None;
        for row in self.world.links.iter().filter(|row| kinds.contains(&row.kind)) {
            let ends = row.between.each_ref().map(|end| self.world.line(end));
            let joins = ends == lines || [ends[1], ends[0]] == lines;
            match joins.then(|| self.held(&row.fact, row.fact.held)) {
                Some(Ok(Some(Held::Yes))) => {
                    let text = format!("{} between {} and {}", row.kind, row.between[0], row.between[1]);
                    return Ok(answer(Some(self.cite(&row.fact, text))));
                }
                Some(Err(free)) => unsure = unsure.or(Some(free)),
                _ => {}
            }
        }
        unsure.map_or(Ok(Answer { holds: false, stands_on: Vec::new() }), Err)
    }
}

fn answer(fact: Option<FactRef>) -> Answer {
    Answer { holds: fact.is_some(), stands_on: fact.into_iter().collect() }
}
