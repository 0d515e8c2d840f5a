//! The world as it stands on one day, through a set of lenses, with some free facts chosen.
//!
//! Every lookup answers with the facts it stood on, or stops at the free fact that decides it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::versions::Version;
use super::{Answer, Chosen, Dated, FactRef, Free, FreeFact, Known, Today, Versions, pick};
use crate::date::{Bound, Held, Interval, PartialDate};
use crate::world::{
    Authority, Body, Capability, Case, Circumstances, DecisionOutcome, Fact, Id, Instrument, LinkKind, Mandate,
    Membership, Party, Role, Status, Word, World,
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
    fn free(&self, key: &str, fact: impl FnOnce() -> Arc<FreeFact>) -> Known<usize> {
        pick(&self.chosen, fact, key)
    }

    fn unknown(&self, key: String, says: String) -> Known<bool> {
        self.free(&key, || FreeFact::unknown(key.clone(), says)).map(|value| value == 1)
    }

    /// Whether one of two rival versions stands, and when the row holds.
    fn held(&self, fact: &Fact, interval: Interval) -> Known<Option<Held>> {
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
        let Some(body) = self.world.bodies.get(id) else {
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
        let Some(instrument) = self.world.instruments.get(id) else {
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
        let Some(text) = self.world.instruments.get(instrument) else {
            return Ok(Answer { holds: false, stands_on: Vec::new() });
        };
        let rows: Vec<_> = self.world.parties.iter().filter(|row| row.instrument == instrument).collect();
        if rows.is_empty() {
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
        let row = self.world.parties.iter().any(|row| {
            row.instrument == instrument && row.state == state && (row.fact.held.from != Bound::Silent || signed(row))
        });
        let text = || self.world.instruments.get(instrument).is_some_and(|text| self.text_signed(text) == Some(true));
        Ok((row || text()) && !self.bound(state, instrument)?.holds)
    }

    /// The membership that a state holds in a body, or in the nearest body above it that has members.
    pub fn membership(&self, state: &str, body: &str) -> Known<Option<&Membership>> {
        for body in self.world.upwards(body) {
            let own = self.world.bodies.get(body);
            // A membership without dates of its own lasts as long as the body: not before it, not after.
            if own.is_some_and(|own| matches!(self.body_held(own), Held::Lapsed | Held::NotYet)) {
                return Ok(None);
            }
            let mut any = false;
            for row in self.world.memberships.iter().filter(|row| row.organisation == body) {
                any = true;
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
        if self.world.bodies.get(body).is_some_and(|own| self.body_held(own) == Held::NotYet) {
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

    /// Whether `by` asked `holder` (or a body in its line) for a function.
    pub fn asked(&self, case: &Case, by: &str, holder: &str, function: &str) -> Known<Asked> {
        let line = self.world.line(holder);
        let own = |text: String| FactRef {
            text,
            source: None,
            locator: None,
            place: Some(case.place.clone()),
            claimed: false,
        };
        match case.requested {
            Some(true) => {
                return Ok(Asked::Yes(own(format!("{} asked everybody that can be asked", self.world.name(by)))));
            }
            Some(false) => return Ok(Asked::No),
            None => {}
        }
        let mut others = Vec::new();
        for request in case.requests.iter().filter(|request| request.by == by) {
            let about = request.functions.is_empty()
                || request.functions.iter().any(|wide| self.world.functions.is_a(function, wide));
            if !about {
                continue;
            }
            if request.to.iter().any(|to| self.world.line(to) == line) {
                if !request.made {
                    return Ok(Asked::No);
                }
                return Ok(Asked::Yes(FactRef {
                    text: format!(
                        "{} asked {} ({})",
                        self.world.name(by),
                        request.to.iter().map(|to| self.world.name(to)).collect::<Vec<_>>().join(", "),
                        request.answer
                    ),
                    source: request.source.clone(),
                    locator: None,
                    place: Some(request.place.clone()),
                    claimed: false,
                }));
            }
            if request.made {
                others.extend(request.to.iter().cloned());
            }
        }
        if case.all_requests {
            return Ok(if others.is_empty() { Asked::No } else { Asked::Others(others) });
        }
        let says = format!("whether {} asked {} for {function}", self.world.name(by), self.world.name(line));
        let key = format!("request:{}:{by}:{line}:{function}", case.id);
        if self.unknown(key, says)? { Ok(Asked::Yes(own("a request, supposed".to_owned()))) } else { Ok(Asked::No) }
    }

    /// What an organ, or the body it belongs to, decided about a function.
    pub fn decided(&self, case: &Case, organ: &str, function: &str) -> Known<Decided> {
        let root = self.world.upwards(organ).last().copied().unwrap_or(organ);
        for decision in &case.decisions {
            let about = decision.functions.is_empty()
                || decision.functions.iter().any(|wide| self.world.functions.is_a(function, wide));
            if !about || (decision.organ != organ && decision.organ != root) {
                continue;
            }
            let fact = FactRef {
                text: format!("{}: {}", self.world.name(&decision.organ), decision.outcome),
                source: decision.source.clone(),
                locator: None,
                place: Some(decision.place.clone()),
                claimed: false,
            };
            return Ok(match decision.outcome {
                DecisionOutcome::Adopted => Decided::Adopted(fact),
                DecisionOutcome::Refused => Decided::Refused(fact, decision.blocked_by.clone()),
                DecisionOutcome::NotPut => Decided::NotPut,
            });
        }
        if case.all_decisions {
            return Ok(Decided::NotPut);
        }
        let says = format!("whether {} decided on {function}", self.world.name(organ));
        let key = format!("decision:{}:{organ}:{function}", case.id);
        Ok(if self.unknown(key, says)? {
            Decided::Adopted(FactRef {
                text: "a decision, supposed".to_owned(),
                source: None,
                locator: None,
                place: Some(case.place.clone()),
                claimed: false,
            })
        } else {
            Decided::NotPut
        })
    }

    /// Whether leave from outside is given.
    pub fn authorised(&self, case: &Case, by: Authority) -> Known<Answer> {
        if let Some(given) = case.authorisations.iter().find(|given| given.by == by) {
            let fact = FactRef {
                text: format!("{by}: {}", if given.given { "given" } else { "refused" }),
                source: given.source.clone(),
                locator: None,
                place: Some(given.place.clone()),
                claimed: false,
            };
            return Ok(Answer { holds: given.given, stands_on: vec![fact] });
        }
        let holds = self.unknown(format!("authority:{}:{by}", case.id), format!("whether leave was given ({by})"))?;
        Ok(Answer { holds, stands_on: Vec::new() })
    }

    /// The value of one of a case's words, where it may be unknown.
    pub fn word<W: Word + Copy>(&self, case: &Case, what: &str, value: Option<W>, all: &[W]) -> Known<W> {
        if let Some(value) = value {
            return Ok(value);
        }
        let key = format!("{what}:{}", case.id);
        let fact = || {
            Arc::new(FreeFact {
                key: key.clone(),
                kind: Free::Unknown,
                says: format!("the {what} of {}", case.id),
                values: W::WORDS.iter().map(|word| (*word).to_owned()).collect(),
            })
        };
        let index = self.free(&key, fact)?;
        // INVARIANT: the values of the free fact are the words of `all`, in order; an index outside falls back to the first.
        all.get(index).or_else(|| all.first()).copied().ok_or_else(fact)
    }

    /// Whether somebody is in danger.
    pub fn at_risk(&self, case: &Case, told: &Circumstances, who: crate::world::AtRisk) -> Known<bool> {
        match &told.at_risk {
            Some(listed) => Ok(listed.contains(&who)),
            None => self
                .unknown(format!("at-risk:{}:{who}", case.id), format!("whether the {who} is at risk in {}", case.id)),
        }
    }

    /// Whether the affected state says that the threat exists.
    pub fn acknowledged(&self, case: &Case, told: &Circumstances) -> Known<bool> {
        match told.acknowledged {
            Some(said) => Ok(said),
            None => {
                let says = format!("whether the affected state acknowledges the threat in {}", case.id);
                self.unknown(format!("acknowledged:{}", case.id), says)
            }
        }
    }

    /// A judgement's value; `None` where nobody judged.
    pub fn judged(
        &self,
        values: &BTreeMap<Id, (Option<f64>, String)>,
        judgement: &str,
        least: f64,
    ) -> Known<Option<Answer>> {
        match values.get(judgement) {
            None => Ok(None),
            Some((Some(value), author)) => {
                let fact = FactRef {
                    text: format!("{judgement} judged {value} by {author}"),
                    source: None,
                    locator: None,
                    place: None,
                    claimed: false,
                };
                Ok(Some(Answer { holds: *value >= least, stands_on: vec![fact] }))
            }
            // One unknown value answers every cut of it consistently: the free fact is where it lies among the cuts asked.
            Some((None, author)) => {
                let holds = self.cut(judgement, least)?;
                let fact = FactRef {
                    text: format!("{judgement} declared unknown by {author}; supposed here"),
                    source: None,
                    locator: None,
                    place: None,
                    claimed: false,
                };
                Ok(Some(Answer { holds, stands_on: vec![fact] }))
            }
        }
    }

    /// Whether an unknown judgement reaches a cut; cuts already chosen settle the ones they imply.
    fn cut(&self, judgement: &str, least: f64) -> Known<bool> {
        let prefix = format!("judgement:{judgement}>=");
        for (key, value) in self.chosen.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix)) {
            let Some(cut) = key.get(prefix.len()..).and_then(|text| text.parse::<f64>().ok()) else {
                continue;
            };
            if *value == 1 && cut >= least {
                return Ok(true);
            }
            if *value == 0 && cut <= least {
                return Ok(false);
            }
        }
        self.unknown(format!("{prefix}{least}"), format!("whether {judgement} is at least {least}"))
    }
}

fn answer(fact: Option<FactRef>) -> Answer {
    Answer { holds: fact.is_some(), stands_on: fact.into_iter().collect() }
}
