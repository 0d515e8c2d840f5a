//! The world tables: one function per table of the file format, from TOML to the world's rows.

use super::fact::{Pending, Row, declare, fact};
use super::mandates::{capability, link, mandate, practice};
use super::table::Kind;
use crate::date::{Bound, Interval};
use crate::diagnostic::Diagnostic;
use crate::world::{
    Actor, Attribute, Body, BodyKind, Fact, Hedge, Id, Instrument, InstrumentKind, JudgedValue, Judgement, Level,
    Membership, OrganRule, Party, Proposition, Remark, Role, Source, SourceKind, Standing, State, Status, Whom, World,
};

/// Reads one row of a world table; `false` if there is no such table.
pub(super) fn read(name: &str, row: Row<'_, '_>, world: &mut World, pending: &mut Pending) -> bool {
    match name {
        "source" => source(row, world, pending),
        "state" => state(row, world, pending),
        "attribute" => attribute(row, world),
        "organisation" => organisation(row, world, pending),
        "organ" => organ(row, world, pending),
        "actor" => actor(row, world, pending),
        "decision-rule" => decision_rule(row, world),
        "instrument" => instrument(row, world, pending),
        "party" => party(row, world),
        "membership" => membership(row, world),
        "mandate" => mandate(row, world, pending),
        "capability" => capability(row, world),
        "practice" => practice(row, world),
        "link" => link(row, world),
        "threat" => threat(row, world, pending),
        "function" => function(row, world, pending),
        "judgement" => judgement(row, world, pending),
        "proposition" => proposition(row, world, pending),
        "question" => question(row, world, pending),
        _ => return false,
    }
    true
}

/// The names of the world tables.
pub(super) const TABLES: &[&str] = &[
    "source",
    "state",
    "attribute",
    "organisation",
    "organ",
    "actor",
    "decision-rule",
    "instrument",
    "party",
    "membership",
    "mandate",
    "capability",
    "practice",
    "link",
    "threat",
    "function",
    "judgement",
    "proposition",
    "question",
];

fn source(mut row: Row<'_, '_>, world: &mut World, pending: &mut Pending) {
    let key = row.declared("key");
    let key = declare("source", key, &mut row, "key", pending);
    let title = row.required_text("title");
    if !row.has("kind") {
        row.missing("kind");
    }
    let kind: Option<SourceKind> = row.word("kind");
    let read = Source {
        key: key.clone().unwrap_or_default(),
        title: title.clone().unwrap_or_default(),
        authors: row.text("authors"),
        year: row.integer("year"),
        kind: kind.unwrap_or(SourceKind::Paper),
        rank: row.integer("rank").unwrap_or(match kind {
            Some(SourceKind::Treaty) => 40,
            Some(SourceKind::Official) => 30,
            Some(SourceKind::Press) => 20,
            _ => 10,
        }),
        lens: row.boolean("lens").unwrap_or(false),
        supersedes: row.ids("supersedes", Kind::Source),
        account: row.text("account"),
        note: row.text("note"),
    };
    row.finish();
    if let Some(key) = key {
        world.sources.insert(key, read);
    }
}

fn state(mut row: Row<'_, '_>, world: &mut World, pending: &mut Pending) {
    let id = row.declared("id");
    let id = declare("state", id, &mut row, "id", pending);
    let name = row.required_text("name");
    let neighbours = row.ids("neighbours", Kind::State);
    let _ = row.text("note");
    row.finish();
    if let (Some(id), Some(name)) = (id, name) {
        world.states.insert(id.clone(), State { id, name, neighbours });
    }
}

fn attribute(mut row: Row<'_, '_>, world: &mut World) {
    let state = row.required_id("state", Kind::State);
    let attribute = row.required_text("attribute");
    let _ = row.text("text");
    let default = format!("{}-{}", state.clone().unwrap_or_default(), attribute.clone().unwrap_or_default());
    let fact = fact(&mut row, || default);
    row.finish();
    if let (Some(state), Some(attribute)) = (state, attribute) {
        world.attributes.push(Attribute { fact, state, attribute });
    }
}

/// The keys that organisations and organs share.
fn body(row: &mut Row<'_, '_>, kind: BodyKind, pending: &mut Pending) -> (Option<Id>, Body) {
    let id = row.declared("id");
    let id = declare("organisation", id, row, "id", pending);
    let name = row.required_text("name");
    let body = Body {
        id: id.clone().unwrap_or_default(),
        name: name.clone().unwrap_or_default(),
        kind,
        organ: None,
        level: Level::Regional,
        parent: None,
        predecessor: row.id("predecessor", Kind::Body),
        founded_by: None,
        top_organ: None,
        seat: row.text("seat"),
        status: row.word("status").unwrap_or(Status::Live),
        held: row.interval(),
        remark: said_by(row),
        place: row.place.clone(),
    };
    (id.filter(|_| name.is_some()), body)
}

fn organisation(mut row: Row<'_, '_>, world: &mut World, pending: &mut Pending) {
    let kind = row.word("kind").unwrap_or(BodyKind::Organisation);
    let (id, mut body) = body(&mut row, kind, pending);
    let usual = if kind == BodyKind::BilateralTreaty { Level::Bilateral } else { Level::Regional };
    body.level = row.word("level").unwrap_or(usual);
    body.founded_by = row.id("founded_by", Kind::Body);
    body.top_organ = row.id("top_organ", Kind::Body);
    row.finish();
    if let Some(id) = id {
        world.bodies.insert(id, body);
    }
}

/// Who states a row that bears no dates of its own.
fn said_by(row: &mut Row<'_, '_>) -> Remark {
    Remark { source: row.id("source", Kind::Source), ..remark(row) }
}

/// Keys that are for the reader alone.
fn remark(row: &mut Row<'_, '_>) -> Remark {
    Remark { source: None, locator: row.text("locator"), note: row.text("note") }
}

fn organ(mut row: Row<'_, '_>, world: &mut World, pending: &mut Pending) {
    let (id, mut body) = body(&mut row, BodyKind::Organ, pending);
    body.parent = row.required_id("parent", Kind::Body);
    body.organ = row.word("kind");
    row.finish();
    if let Some(id) = id {
        world.bodies.insert(id, body);
    }
}

fn actor(mut row: Row<'_, '_>, world: &mut World, pending: &mut Pending) {
    let id = row.declared("id");
    let id = declare("actor", id, &mut row, "id", pending);
    let name = row.required_text("name");
    let kind = row.word("kind");
    if !row.has("kind") {
        row.missing("kind");
    }
    let held = row.interval();
    let remark = said_by(&mut row);
    row.finish();
    if let (Some(id), Some(name), Some(kind)) = (id, name, kind) {
        world.actors.insert(id.clone(), Actor { id, name, kind, held, remark });
    }
}

fn decision_rule(mut row: Row<'_, '_>, world: &mut World) {
    let organ = row.required_id("organ", Kind::Body);
    let matter = row.word("matter");
    let rule = row.word("rule");
    for (key, missing) in [("matter", !row.has("matter")), ("rule", !row.has("rule"))] {
        if missing {
            row.missing(key);
        }
    }
    let default = format!("rule-{}", organ.clone().unwrap_or_default());
    let fact = fact(&mut row, || default);
    row.finish();
    if let (Some(organ), Some(matter), Some(rule)) = (organ, matter, rule) {
        world.decision_rules.push(OrganRule { fact, organ, matter, rule });
    }
}

fn instrument(mut row: Row<'_, '_>, world: &mut World, pending: &mut Pending) {
    let id = row.declared("id");
    let id = declare("instrument", id, &mut row, "id", pending);
    let title = row.required_text("title");
    let kind = row.word("kind").unwrap_or(InstrumentKind::Treaty);
    let source = row.required_id("source", Kind::Source);
    let signed = row.bound("signed");
    let provisional = row.bound("provisional");
    let stated = row.interval_of("in_force", "ended");
    let from_adoption = matches!(
        kind,
        InstrumentKind::Decision
            | InstrumentKind::Declaration
            | InstrumentKind::Programme
            | InstrumentKind::NationalLaw
    );
    let from = match (row.has("in_force"), from_adoption) {
        (true, _) => stated.from,
        (false, true) => signed,
        // INVARIANT: a signing date is never taken for entry into force.
        (false, false) => Bound::Never,
    };
    let place = row.place.clone();
    let read = Instrument {
        id: id.clone().unwrap_or_default(),
        title: title.clone().unwrap_or_default(),
        kind,
        source: source.unwrap_or_default(),
        signed,
        provisional,
        held: Interval { from, until: stated.until },
        organisation: row.id("organisation", Kind::Body),
        amends: row.ids("amends", Kind::Instrument),
        supersedes: row.ids("supersedes", Kind::Instrument),
        status: row.word("status").unwrap_or(Status::Live),
        remark: remark(&mut row),
        place,
    };
    row.finish();
    if let (Some(id), Some(_)) = (id, title) {
        world.instruments.insert(id, read);
    }
}

/// The states of a row that may name one or several.
fn states(row: &mut Row<'_, '_>) -> Vec<Id> {
    let mut states = row.ids("states", Kind::State);
    states.extend(row.id("state", Kind::State));
    if states.is_empty() && !row.has("state") && !row.has("states") {
        row.missing("state");
    }
    states
}

/// One fact per state; where the row gave an id and several states, the state is added to it.
fn each_state(fact: &Fact, given: bool, states: &[Id], state: &str, what: &str) -> Fact {
    let id = match (given, states.len()) {
        (true, 1) => fact.id.clone(),
        (true, _) => format!("{}-{state}", fact.id),
        (false, _) => {
            let from = match fact.held.from {
                Bound::On(date) => format!("-{date}"),
                _ => String::new(),
            };
            format!("{state}-{what}{from}")
        }
    };
    Fact { id, ..fact.clone() }
}

fn party(mut row: Row<'_, '_>, world: &mut World) {
    let states = states(&mut row);
    let instrument = row.required_id("instrument", Kind::Instrument);
    let reservation = row.text("reservation");
    let signed = row.bound("signed");
    let given = row.has("id");
    let fact = fact(&mut row, String::new);
    row.finish();
    let Some(instrument) = instrument else { return };
    for state in &states {
        world.parties.push(Party {
            fact: each_state(&fact, given, &states, state, &instrument),
            state: state.clone(),
            instrument: instrument.clone(),
            reservation: reservation.clone(),
            signed,
        });
    }
}

fn membership(mut row: Row<'_, '_>, world: &mut World) {
    let states = states(&mut row);
    let organisation = row.required_id("organisation", Kind::Body);
    let role = row.word("role").unwrap_or(Role::Member);
    let standing = row.word("standing").unwrap_or(Standing::Full);
    let given = row.has("id");
    let fact = fact(&mut row, String::new);
    row.finish();
    let Some(organisation) = organisation else { return };
    for state in &states {
        world.memberships.push(Membership {
            fact: each_state(&fact, given, &states, state, &organisation),
            state: state.clone(),
            organisation: organisation.clone(),
            role,
            standing,
        });
    }
}

/// What can only be filled in once all rows are read. Done again for a scenario's own rows, it adds only what is new.
pub(super) fn settle(world: &mut World, pending: &Pending) {
    expand_every_state(world, pending);
    fill_sources(world);
    tell_apart(world);
    world.draw_lines();
}

/// A mandate that names no source has its instrument's.
fn fill_sources(world: &mut World) {
    for mandate in world.mandates.iter_mut().filter(|mandate| mandate.fact.source.is_empty()) {
        if let Some(text) = world.instruments.get(&mandate.instrument) {
            mandate.fact.source.clone_from(&text.source);
        }
    }
}

/// Gives rows whose made-up ids collide ids of their own, in the order of the files.
fn tell_apart(world: &mut World) {
    let mut seen: std::collections::BTreeMap<Id, usize> = std::collections::BTreeMap::new();
    let mut tell = |fact: &mut Fact| {
        let count = seen.entry(fact.id.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            fact.id = format!("{}-{count}", fact.id);
        }
    };
    world.parties.iter_mut().for_each(|row| tell(&mut row.fact));
    world.memberships.iter_mut().for_each(|row| tell(&mut row.fact));
    world.attributes.iter_mut().for_each(|row| tell(&mut row.fact));
    world.mandates.iter_mut().for_each(|row| tell(&mut row.fact));
    world.capabilities.iter_mut().for_each(|row| tell(&mut row.fact));
    world.practices.iter_mut().for_each(|row| tell(&mut row.fact));
    world.links.iter_mut().for_each(|row| tell(&mut row.fact));
    world.decision_rules.iter_mut().for_each(|row| tell(&mut row.fact));
}

/// Gives each mandate of every state to each state, reaching its own soil.
fn expand_every_state(world: &mut World, pending: &Pending) {
    let known: std::collections::BTreeSet<Id> = world.mandates.iter().map(|row| row.fact.id.clone()).collect();
    for mandate in &pending.every_state {
        for state in world.states.keys() {
            let mut own = mandate.clone();
            own.fact.id = format!("{}-{state}", mandate.fact.id);
            own.holder.clone_from(state);
            own.shared = Some(mandate.fact.id.clone());
            own.whom = Whom::States(vec![state.clone()]);
            if !known.contains(&own.fact.id) {
                world.mandates.push(own);
            }
        }
    }
}

fn threat(mut row: Row<'_, '_>, world: &mut World, pending: &mut Pending) {
    let id = row.declared("id");
    let id = declare("threat", id, &mut row, "id", pending);
    let name = row.required_text("name");
    let place = row.place.clone();
    let mut term = crate::world::term(
        name.clone().unwrap_or_default(),
        row.ids("is_a", Kind::Threat),
        row.ids("feeds", Kind::Threat),
        row.ids("calls_for", Kind::Function),
        row.text("definition"),
        place,
    );
    term.remark = said_by(&mut row);
    row.finish();
    if let (Some(id), Some(_)) = (id, name) {
        world.threats.terms.insert(id, term);
    }
}

fn function(mut row: Row<'_, '_>, world: &mut World, pending: &mut Pending) {
    let id = row.declared("id");
    let id = declare("function", id, &mut row, "id", pending);
    let definition = row.required_text("definition");
    let example = row.required_text("example");
    let near_miss = row.required_text("near_miss");
    let place = row.place.clone();
    let mut term = crate::world::term(
        row.text("name").or_else(|| id.clone()).unwrap_or_default(),
        row.ids("is_a", Kind::Function),
        Vec::new(),
        Vec::new(),
        definition,
        place,
    );
    term.example = example;
    term.near_miss = near_miss;
    term.inclusion = row.text("inclusion");
    term.standing = row.boolean("standing").unwrap_or(false);
    term.remark = said_by(&mut row);
    row.finish();
    if let Some(id) = id {
        world.functions.terms.insert(id, term);
    }
}

fn judgement(mut row: Row<'_, '_>, world: &mut World, pending: &mut Pending) {
    let id = row.declared("id");
    let id = declare("judgement", id, &mut row, "id", pending);
    let text = row.required_text("text");
    if !row.has("scale") {
        row.missing("scale");
    }
    let scale = row.numbers("scale");
    let (low, high) = (row.required_text("low"), row.required_text("high"));
    let value = row.number_or_unknown("value").map(|value| value.map_or(JudgedValue::Unknown, JudgedValue::Number));
    let author = row.text("author");
    if value.is_some() && author.is_none() {
        row.missing("author");
    }
    if let Some([lowest, highest]) = scale
        && lowest >= highest
    {
        let place = row.place_of("scale");
        let message = format!("the scale does not rise from {lowest} to {highest}");
        let problem = Diagnostic::error("backwards", message, place, "lowest first");
        row.reading.problems.push(problem.help(format!("write [{highest}, {lowest}]")));
    }
    if let (Some(JudgedValue::Number(number)), Some([lowest, highest])) = (value, scale)
        && !(lowest..=highest).contains(&number)
    {
        let place = row.place_of("value");
        let message = format!("{number} is off the scale from {lowest} to {highest}");
        let problem = Diagnostic::error("off-scale", message, place, "off the scale");
        row.reading
            .problems
            .push(problem.help(format!("write a number from {lowest} to {highest}, or widen the scale")));
    }
    let _ = said_by(&mut row);
    row.finish();
    if let (Some(id), Some(text), Some(scale), Some(low), Some(high)) = (id, text, scale, low, high) {
        world.judgements.insert(id.clone(), Judgement { id, text, scale, low, high, value, author });
    }
}

fn proposition(mut row: Row<'_, '_>, world: &mut World, pending: &mut Pending) {
    let id = row.declared("id");
    let id = declare("proposition", id, &mut row, "id", pending);
    let text = row.required_text("text");
    let source = row.required_id("source", Kind::Source);
    let rivals = row.ids("rivals", Kind::Proposition);
    let hedge = row.word("hedge").unwrap_or(Hedge::Flat);
    let _ = remark(&mut row);
    row.finish();
    if let (Some(id), Some(text), Some(source)) = (id, text, source) {
        world.propositions.insert(id.clone(), Proposition { id, text, source, rivals, hedge });
    }
}

fn question(mut row: Row<'_, '_>, world: &mut World, pending: &mut Pending) {
    let id = row.declared("id");
    let id = declare("question", id, &mut row, "id", pending);
    let text = row.required_text("text");
    let _ = remark(&mut row);
    row.finish();
    if let (Some(id), Some(text)) = (id, text) {
        world.questions.insert(id, text);
    }
}
