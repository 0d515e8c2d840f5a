//! The world: actors, instruments, mandates, dated facts and the sources that state them.
//!
//! Plain data. Nothing here reads files, runs rules or decides anything.

mod coverage;
mod kind;
pub mod register;
pub mod scenario;
mod shared;
mod taxonomy;
mod terms;
pub mod trial;
pub mod variants;

use std::collections::BTreeMap;

pub use coverage::{Ascribed, Grade, MatrixColumn, MatrixRow};
pub use kind::kind_of;
pub use register::{
    AttackKind, ClaimAttack, ClaimKind, ClaimUse, Code, CodeList, Disagreement, Discrepancy, Register, Sentence, Shown,
};
pub use scenario::{Account, Case, Circumstances, Decision, Expectation, Need, Request, Response, Scenario, WhatIf};
pub use shared::Shared;
pub(crate) use taxonomy::term;
pub use taxonomy::{Remark, Taxonomy, Term};
pub use terms::{
    ActorKind, AtRisk, AttackerKind, Authority, Basis, BodyKind, CapabilityLevel, DecisionOutcome, DecisionRule,
    ExclusionWhen, Execution, Force, Hedge, InstrumentKind, Level, LinkKind, Matter, OrganKind, Origin, Recorded,
    RequestAnswer, RequestBy, ResponseKind, Role, SourceKind, Standing, Status, Step, Word,
};

pub use variants::Variants;

use crate::date::{Bound, Interval, PartialDate};
use crate::diagnostic::Place;

/// A key that content gives to a thing.
pub type Id = String;

/// A pack with all its shared facts, and the scenario's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct World {
    /// What the pack says of itself.
    pub pack: Pack,
    /// Sources by key.
    pub sources: Shared<BTreeMap<Id, Source>>,
    /// States by ISO 3166-1 alpha-3 code.
    pub states: Shared<BTreeMap<Id, State>>,
    /// Organisations, organs, treaties, formats and coalitions.
    pub bodies: Shared<BTreeMap<Id, Body>>,
    /// Other actors.
    pub actors: Shared<BTreeMap<Id, Actor>>,
    /// Instruments.
    pub instruments: Shared<BTreeMap<Id, Instrument>>,
    /// Who is bound by what.
    pub parties: Shared<Vec<Party>>,
    /// Who belongs to what.
    pub memberships: Shared<Vec<Membership>>,
    /// Dated properties of states.
    pub attributes: Shared<Vec<Attribute>>,
    /// What texts allow or oblige.
    pub mandates: Shared<Vec<Mandate>>,
    /// What holders can bring.
    pub capabilities: Shared<Vec<Capability>>,
    /// Precedents.
    pub practices: Shared<Vec<Practice>>,
    /// Ties between holders.
    pub links: Shared<Vec<Link>>,
    /// How organs decide.
    pub decision_rules: Shared<Vec<OrganRule>>,
    /// Threats.
    pub threats: Shared<Taxonomy>,
    /// Functions.
    pub functions: Shared<Taxonomy>,
    /// Values that no text settles.
    pub judgements: Shared<BTreeMap<Id, Judgement>>,
    /// What papers conclude.
    pub propositions: Shared<BTreeMap<Id, Proposition>>,
    /// What-ifs that papers recommend.
    pub what_ifs: Shared<BTreeMap<Id, WhatIf>>,
    /// Derived facts that a rule may establish.
    pub questions: Shared<BTreeMap<Id, String>>,
    /// What hangs on levers; empty but where many worlds are looked at as one.
    pub variants: Variants,
    /// The line of every body, filled in by [`World::draw_lines`].
    lines: Shared<BTreeMap<Id, Id>>,
}

/// What a pack says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pack {
    /// Its id, also the name of its folder of rules.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: Option<String>,
    /// The day up to which the record was checked.
    pub known_until: Option<PartialDate>,
    /// The scenario that is evaluated when none is named.
    pub featured: Option<Id>,
    /// The forms of change that a repair may use; empty: every form of a proposal that can open something.
    pub levers: Vec<Sentence>,
}

/// A document.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its key.
    pub key: Id,
    /// Title.
    pub title: String,
    /// Authors, as printed.
    pub authors: Option<String>,
    /// Year of publication.
    pub year: Option<i64>,
    /// Kind.
    pub kind: SourceKind,
    /// Rank: the higher one prevails between rival statements.
    pub rank: i64,
    /// Whether it is a lens: a paper whose arguments can be switched on or off.
    pub lens: bool,
    /// Sources that it supersedes.
    pub supersedes: Vec<Id>,
    /// The account of contested events that it takes.
    pub account: Option<Id>,
    /// A remark: how places in it are named, what of it was not seen.
    pub note: Option<String>,
}

impl Source {
    /// Author and year, or the title: what stands after a sentence.
    pub fn short(&self) -> String {
        match (&self.authors, self.year) {
            (Some(authors), Some(year)) => format!("{authors} {year}"),
            (Some(authors), None) => authors.clone(),
            _ => self.title.clone(),
        }
    }
}

/// What every dated row carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its id; made from its content where the file gives none.
    pub id: Id,
    /// Who states it.
    pub source: Id,
    /// Where in the source.
    pub locator: Option<String>,
    /// When it holds.
    pub held: Interval,
    /// The row that this one contradicts.
    pub version_of: Option<Id>,
    /// A remark.
    pub note: Option<String>,
    /// Where it stands in the files.
    pub place: Place,
}

/// A state.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// ISO 3166-1 alpha-3 code.
    pub id: Id,
    /// Name.
    pub name: String,
    /// States it borders on.
    pub neighbours: Vec<Id>,
}

/// An organisation, an organ, a treaty as a holder, a format or a coalition.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: BodyKind,
    /// Kind of organ.
    pub organ: Option<OrganKind>,
    /// How wide it reaches.
    pub level: Level,
    /// The body that it is an organ of.
    pub parent: Option<Id>,
    /// The body that it came from.
    pub predecessor: Option<Id>,
    /// The treaty body that founded it.
    pub founded_by: Option<Id>,
    /// The organ that decides when a mandate names none.
    pub top_organ: Option<Id>,
    /// Seat.
    pub seat: Option<String>,
    /// Whether it is there.
    pub status: Status,
    /// When it existed.
    pub held: Interval,
    /// Who says so.
    pub remark: Remark,
    /// Where it stands in the files.
    pub place: Place,
}

/// An armed group, an outside power, a movement.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: ActorKind,
    /// When it existed.
    pub held: Interval,
    /// Who speaks of it.
    pub remark: Remark,
}

/// How an organ decides a matter.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganRule {
    /// Dates and source.
    pub fact: Fact,
    /// The organ.
    pub organ: Id,
    /// The matter.
    pub matter: Matter,
    /// The rule.
    pub rule: DecisionRule,
}

/// A treaty, protocol, decision or programme.
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// Id.
    pub id: Id,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: InstrumentKind,
    /// Source.
    pub source: Id,
    /// When it was signed or adopted.
    pub signed: Bound,
    /// When it began to be applied provisionally.
    pub provisional: Bound,
    /// In force from, and until it ended.
    pub held: Interval,
    /// The body whose members it binds when it has no party rows.
    pub organisation: Option<Id>,
    /// The instruments that it amends.
    pub amends: Vec<Id>,
    /// The instruments that it supersedes.
    pub supersedes: Vec<Id>,
    /// Whether it is there.
    pub status: Status,
    /// Where in the source, and what else is said of it.
    pub remark: Remark,
    /// Where it stands in the files.
    pub place: Place,
}

/// A state bound by an instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// Dates and source.
    pub fact: Fact,
    /// The state.
    pub state: Id,
    /// The instrument.
    pub instrument: Id,
    /// Its reservation.
    pub reservation: Option<String>,
    /// When it signed.
    pub signed: Bound,
}

/// A state's place in a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    /// Dates and source.
    pub fact: Fact,
    /// The state.
    pub state: Id,
    /// The body.
    pub organisation: Id,
    /// Its role.
    pub role: Role,
    /// How far it takes part.
    pub standing: Standing,
}

/// A dated property of a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Dates and source.
    pub fact: Fact,
    /// The state.
    pub state: Id,
    /// The property.
    pub attribute: Id,
}

/// Whom a mandate reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The parties of its instrument.
    Parties,
    /// The members of its holder's organisation.
    Members,
    /// Every state.
    Anyone,
    /// These states.
    States(Vec<Id>),
}

/// Where a mandate reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// The soil of those whom it reaches.
    Inside,
    /// Everywhere.
    Anywhere,
    /// These states and places.
    Places(Vec<Id>),
}

/// The casus foederis: what has to have happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Occasion {
    /// The attacker is one of these; empty: any.
    pub attacker: Vec<AttackerKind>,
    /// The threat comes from here.
    pub origin: Option<Origin>,
    /// One of these is in danger; empty: any.
    pub at_risk: Vec<AtRisk>,
    /// The clause in a few words.
    pub text: Option<String>,
}

/// Who decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// No decision is needed.
    Nobody,
    /// Each party for itself.
    EachParty,
    /// The top organ of the holder's organisation.
    TopOrgan,
    /// This body.
    Body(Id),
}

/// What rules a mandate out.
#[derive(Clone, Debug, PartialEq)]
pub struct Exclusion {
    /// In a few words.
    pub text: String,
    /// Text or practice.
    pub basis: Basis,
    /// When it bites.
    pub when: ExclusionWhen,
    /// For these threats and their kinds; empty: all.
    pub threats: Vec<Id>,
    /// Who says so.
    pub source: Option<Id>,
    /// Where.
    pub locator: Option<String>,
}

/// What a text allows or obliges.
#[derive(Clone, Debug, PartialEq)]
pub struct Mandate {
    /// Dates and source.
    pub fact: Fact,
    /// Who holds it: a body or a state.
    pub holder: Id,
    /// Against these threats and their kinds.
    pub threats: Vec<Id>,
    /// To do these things and their kinds.
    pub functions: Vec<Id>,
    /// By this text.
    pub instrument: Id,
    /// Duty, power or aim.
    pub force: Force,
    /// Whose hands act.
    pub execution: Execution,
    /// Whom it reaches.
    pub whom: Whom,
    /// Where it reaches.
    pub place: Where,
    /// The casus foederis.
    pub occasion: Occasion,
    /// Who has to ask; `None`: the default of the function.
    pub request: Option<RequestBy>,
    /// Who decides; `None`: the default of the function.
    pub decision: Option<DecidedBy>,
    /// Whose leave is needed.
    pub authority: Authority,
    /// What rules it out.
    pub exclusions: Vec<Exclusion>,
    /// For a duty to refrain: from what.
    pub refrain_from: Vec<Id>,
    /// Whether it is there.
    pub status: Status,
    /// The row that gives the same to every state, where it comes from one.
    pub shared: Option<Id>,
}

/// What a holder can bring.
#[derive(Clone, Debug, PartialEq)]
pub struct Capability {
    /// Dates and source.
    pub fact: Fact,
    /// The holder.
    pub holder: Id,
    /// For these functions and their kinds.
    pub functions: Vec<Id>,
    /// How real.
    pub level: CapabilityLevel,
    /// In a few words.
    pub text: Option<String>,
}

/// A precedent.
#[derive(Clone, Debug, PartialEq)]
pub struct Practice {
    /// Dates and source.
    pub fact: Fact,
    /// Who acted or declined.
    pub holder: Id,
    /// What it was about.
    pub function: Id,
    /// Against which threat.
    pub threat: Option<Id>,
    /// What was asked.
    pub asked: String,
    /// What was answered.
    pub answered: String,
    /// The reason given.
    pub reason: Option<String>,
    /// The mandate it is shown beside.
    pub mandate: Option<Id>,
}

/// A tie between two holders.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Dates and source.
    pub fact: Fact,
    /// The two holders, in order of their ids.
    pub between: [Id; 2],
    /// Kind.
    pub kind: LinkKind,
    /// About these functions; empty: all.
    pub functions: Vec<Id>,
}

/// A value that no text settles.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Id.
    pub id: Id,
    /// What is judged.
    pub text: String,
    /// Lowest and highest value.
    pub scale: [f64; 2],
    /// Meaning of the lowest value.
    pub low: String,
    /// Meaning of the highest value.
    pub high: String,
    /// The pack's own value, if somebody gave one.
    pub value: Option<JudgedValue>,
    /// Who gave it.
    pub author: Option<String>,
}

/// A judgement's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum JudgedValue {
    /// A number on the scale.
    Number(f64),
    /// Declared unknown: what hangs on it is open.
    Unknown,
}

/// What a paper concludes.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposition {
    /// Id.
    pub id: Id,
    /// The thesis in a sentence.
    pub text: String,
    /// Whose.
    pub source: Id,
    /// Theses that cannot hold with it.
    pub rivals: Vec<Id>,
    /// How firmly the author speaks.
    pub hedge: Hedge,
}

impl World {
    /// The body and those above it: parent after parent, to the root organisation. Cycles end it.
    pub fn upwards<'a>(&'a self, body: &'a str) -> Vec<&'a str> {
        let mut path = vec![body];
        while let Some(parent) =
            path.last().and_then(|last| self.bodies.get(*last)).and_then(|body| body.parent.as_deref())
        {
            if path.contains(&parent) {
                break;
            }
            path.push(parent);
        }
        path
    }

    /// The body and those for which it acts: a council, a secretariat or a force acts for its parent, other organs for
    /// themselves.
    pub fn speaks_for<'a>(&'a self, body: &'a str) -> Vec<&'a str> {
        let acts_for_parent = |id: &str| {
            let organ = self.bodies.get(id).and_then(|body| body.organ);
            matches!(organ, Some(OrganKind::Council | OrganKind::Secretariat | OrganKind::Force))
        };
        let path = self.upwards(body);
        let end = path.iter().position(|id| !acts_for_parent(id)).map_or(path.len(), |at| at + 1);
        path.into_iter().take(end).collect()
    }

    /// The line of a holder: its root organisation, shared with organs, founding treaty, predecessors.
    ///
    /// A line is named after the youngest organisation in it. States are lines of their own.
    pub fn line<'a>(&'a self, holder: &'a str) -> &'a str {
        self.lines.get(holder).map_or(holder, String::as_str)
    }

    /// Works out the line of every body, once all of them are known.
    pub fn draw_lines(&mut self) {
        let lines: BTreeMap<Id, Id> =
            self.bodies.keys().map(|body| (body.clone(), self.trace_line(body).to_owned())).collect();
        if *self.lines != lines {
            *self.lines = lines;
        }
    }

    /// Whether every body of either belongs to the same line in both.
    pub fn same_lines(&self, other: &World) -> bool {
        self.lines == other.lines
    }

    fn trace_line<'a>(&'a self, holder: &'a str) -> &'a str {
        let mut line = holder;
        for _ in 0..self.bodies.len() {
            let root = self.upwards(line).last().copied().unwrap_or(line);
            let heir = self
                .bodies
                .values()
                .find(|body| body.predecessor.as_deref() == Some(root) || body.founded_by.as_deref() == Some(root));
            line = match heir {
                Some(heir) if heir.id != root => &heir.id,
                _ => return root,
            };
        }
        line
    }

    /// How wide a holder reaches.
    pub fn level(&self, holder: &str) -> Level {
        if self.states.contains_key(holder) {
            return Level::National;
        }
        let root = self.upwards(holder).last().copied().unwrap_or(holder);
        self.bodies.get(root).map_or(Level::Regional, |body| body.level)
    }

    /// The printed name of a state, body or actor; its id if it has none.
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        let body = self.bodies.get(id).map(|body| body.name.as_str());
        let state = || self.states.get(id).map(|state| state.name.as_str());
        let actor = || self.actors.get(id).map(|actor| actor.name.as_str());
        body.or_else(state).or_else(actor).unwrap_or(id)
    }

    /// Author and year of a source, or its key.
    pub fn cite<'a>(&'a self, source: &'a str) -> String {
        self.sources.get(source).map_or_else(|| source.to_owned(), Source::short)
    }
}
