//! Changes of states and institutions: attributes, mandates, means, bodies, ties.

use std::collections::BTreeSet;

use super::apply::Done;
use crate::change::{Change, Form};
use crate::date::{Bound, Day, Held, Interval, PartialDate};
use crate::diagnostic::Place;
use crate::world::{
    Attribute, Authority, BodyKind, Capability, CapabilityLevel, Execution, Fact, Force, Id, Instrument,
    InstrumentKind, Link, LinkKind, Mandate, Membership, Occasion, Remark, Shared, Source, SourceKind, Status, Where,
    Whom, World,
};

/// The source of rows that only a change states.
pub(super) const PUT_FORWARD: &str = "put-forward";

pub(super) fn carry_out(change: &Change, world: &mut World, day: Day) -> Done {
    let (first, second) = (change.id(0), change.id(1));
    match change.form {
        Form::Becomes => becomes(world, day, first, second),
        Form::NoLonger => no_longer(world, day, first, second),
        Form::Gains => gains(world, day, first, second, change.id(2)),
        Form::Loses => loses(world, day, first, second, change.given(2)),
        Form::GainsMeans => means(world, day, first, second, CapabilityLevel::Used),
        Form::LosesMeans => means(world, day, first, second, CapabilityLevel::None),
        Form::Merges => merges(world, day, first, second),
        Form::Splits => splits(world, day, first, second),
        Form::Founded => founded(world, day, first),
        Form::Dissolved => dissolved(world, day, first),
        Form::Links => ties(world, day, first, second, change.given(2), LinkKind::Liaison),
        Form::Divides => ties(world, day, first, second, change.given(2), LinkKind::Zone),
        Form::Unlinks => unlinks(world, day, first, second),
        _ => {
            let rows = drop_rows(world, |fact| fact.id == first);
            if rows == 0 { Err(format!("no row `{first}` is left")) } else { Ok(Vec::new()) }
        }
    }
}

/// Takes away every dated row that `gone` picks, and counts them.
pub(super) fn drop_rows(world: &mut World, gone: impl Fn(&Fact) -> bool) -> usize {
    fn sift<T: Clone>(rows: &mut Shared<Vec<T>>, fact: impl Fn(&T) -> &Fact, gone: &impl Fn(&Fact) -> bool) -> usize {
        let before = rows.len();
        if !rows.iter().any(|row| gone(fact(row))) {
            return 0;
        }
        rows.retain(|row| !gone(fact(row)));
        before - rows.len()
    }
    // The last row of an attribute is ended before it began: rules may still ask for the attribute.
    let named =
        |attribute: &Id, world: &World| world.attributes.iter().filter(|row| row.attribute == *attribute).count();
    let last: Vec<Id> = world
        .attributes
        .iter()
        .filter(|row| gone(&row.fact) && named(&row.attribute, world) == 1)
        .map(|row| row.fact.id.clone())
        .collect();
    for row in world.attributes.iter_mut().filter(|row| last.contains(&row.fact.id)) {
        row.fact.held = Interval { from: Bound::Never, until: Bound::Silent };
    }
    let gone = |fact: &Fact| gone(fact) && !last.contains(&fact.id);
    last.len()
        + sift(&mut world.parties, |row| &row.fact, &gone)
        + sift(&mut world.memberships, |row| &row.fact, &gone)
        + sift(&mut world.attributes, |row| &row.fact, &gone)
        + sift(&mut world.mandates, |row| &row.fact, &gone)
        + sift(&mut world.capabilities, |row| &row.fact, &gone)
        + sift(&mut world.practices, |row| &row.fact, &gone)
        + sift(&mut world.links, |row| &row.fact, &gone)
        + sift(&mut world.decision_rules, |row| &row.fact, &gone)
}

/// A row from the day on, stated by nobody but the change.
pub(super) fn fact(world: &mut World, id: String, day: Day) -> Fact {
    world.sources.entry(PUT_FORWARD.to_owned()).or_insert_with(|| Source {
        key: PUT_FORWARD.to_owned(),
        title: "the change put forward".to_owned(),
        authors: None,
        year: None,
        kind: SourceKind::Official,
        rank: 30,
        lens: false,
        supersedes: Vec::new(),
        account: None,
        note: None,
    });
    Fact {
        id,
        source: PUT_FORWARD.to_owned(),
        locator: None,
        held: Interval { from: Bound::On(PartialDate::Day(day)), until: Bound::Silent },
        version_of: None,
        note: None,
        place: Place::whole("a change"),
    }
}

/// Whether a row may hold on the day: surely, or for all that is known.
pub(super) fn holds(fact: &Fact, day: Day) -> bool {
    matches!(fact.held.held(day), Held::Yes | Held::Unknown)
}

/// Whether the record says that a row holds on the day: what only a paper states settles nothing.
pub(super) fn on_record(world: &World, fact: &Fact, day: Day) -> bool {
    let papers = world.sources.get(&fact.source).is_some_and(|source| source.lens);
    !papers && fact.held.held(day) == Held::Yes
}

/// Ends a row on the day.
pub(super) fn end(fact: &mut Fact, day: Day) {
    fact.held.until = Bound::On(PartialDate::Day(day));
}

pub(super) fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

pub(super) fn since(fact: &Fact) -> String {
    match fact.held.from {
        Bound::On(date) => format!(", since {date}"),
        _ => String::new(),
    }
}

fn becomes(world: &mut World, day: Day, state: &str, attribute: &str) -> Done {
    let same = |row: &Attribute| row.state == state && row.attribute == attribute;
    if world.attributes.iter().any(|row| same(row) && on_record(world, &row.fact, day)) {
        return Err(format!("{} is {attribute} already", world.name(state)));
    }
    let fact = fact(world, format!("{state}-{attribute}-put-forward"), day);
    world.attributes.push(Attribute { fact, state: state.to_owned(), attribute: attribute.to_owned() });
    Ok(Vec::new())
}

fn no_longer(world: &mut World, day: Day, state: &str, attribute: &str) -> Done {
    let mut ended = false;
    for row in world.attributes.iter_mut().filter(|row| row.state == state && row.attribute == attribute) {
        if holds(&row.fact, day) {
            end(&mut row.fact, day);
            ended = true;
        }
    }
    if ended { Ok(Vec::new()) } else { Err(format!("{} is not {attribute} on {day}", world.name(state))) }
}

/// A text from the day on, whose parties are the members of the body.
fn text(world: &mut World, day: Day, body: &str) -> Id {
    let id = format!("put-forward-{body}");
    let fact = fact(world, id.clone(), day);
    world.instruments.entry(id.clone()).or_insert_with(|| Instrument {
        id: id.clone(),
        title: "a decision as put forward".to_owned(),
        kind: InstrumentKind::Decision,
        source: fact.source,
        signed: fact.held.from,
        provisional: Bound::Silent,
        held: fact.held,
        organisation: Some(body.to_owned()),
        amends: Vec::new(),
        supersedes: Vec::new(),
        status: Status::Live,
        remark: Remark::default(),
        place: fact.place,
    });
    id
}

fn gains(world: &mut World, day: Day, body: &str, function: &str, threat: &str) -> Done {
    let has = |row: &&Mandate| {
        row.holder == body
            && row.status == Status::Live
            && on_record(world, &row.fact, day)
            && world.instruments.get(&row.instrument).is_some_and(|text| text.held.held(day) == Held::Yes)
            && row.functions.iter().any(|own| world.functions.is_a(function, own))
            && row.threats.iter().any(|own| world.threats.is_a(threat, own))
            && row.force != Force::Aim
            && row.occasion == Occasion::default()
            && row.exclusions.is_empty()
    };
    if let Some(row) = world.mandates.iter().find(has) {
        return Err(format!("{} has it already, by {}", world.name(body), row.instrument));
    }
    let instrument = text(world, day, body);
    let fact = fact(world, format!("{body}-{function}-{threat}-put-forward"), day);
    world.mandates.push(Mandate {
        fact,
        holder: body.to_owned(),
        threats: vec![threat.to_owned()],
        functions: vec![function.to_owned()],
        instrument,
        force: Force::Power,
        execution: Execution::LentForces,
        whom: Whom::Members,
        place: Where::Inside,
        occasion: Occasion::default(),
        request: None,
        decision: None,
        authority: Authority::None,
        exclusions: Vec::new(),
        refrain_from: Vec::new(),
        status: Status::Live,
        shared: None,
    });
    let means = world.capabilities.iter().any(|row| row.holder == body && holds(&row.fact, day));
    let note = "a power by a text of its own, over its members, on request; a power is not means";
    let lacking = if means { "" } else { ", and none are on record" };
    Ok(vec![format!("{note}{lacking}")])
}

fn loses(world: &mut World, day: Day, body: &str, function: &str, threat: Option<&str>) -> Done {
    let below: Vec<Id> =
        world.bodies.keys().filter(|own| own.as_str() == body || world.upwards(own).contains(&body)).cloned().collect();
    let (functions, threats) = (world.functions.clone(), world.threats.clone());
    let mut ended = 0;
    let mut wider = Vec::new();
    let mut split = Vec::new();
    for row in world.mandates.iter_mut().filter(|row| below.contains(&row.holder) && holds(&row.fact, day)) {
        let about = row.threats.iter().all(|own| threat.is_none_or(|threat| threats.is_a(own, threat)));
        let (lost, kept): (Vec<Id>, Vec<Id>) =
            row.functions.iter().cloned().partition(|own| functions.is_a(own, function));
        let touches = row.functions.iter().any(|own| functions.is_a(function, own)) || !lost.is_empty();
        let near = threat.is_none_or(|threat| row.threats.iter().any(|own| threats.is_a(threat, own)));
        if lost.is_empty() || !about {
            if touches && near {
                wider.push(format!("{} ({}; {})", row.fact.id, row.functions.join(", "), row.threats.join(", ")));
            }
            continue;
        }
        ended += 1;
        if !kept.is_empty() {
            let mut rest = row.clone();
            rest.functions = kept;
            rest.fact.id = format!("{}-rest", row.fact.id);
            rest.fact.held.from = Bound::On(PartialDate::Day(day));
            split.push(rest);
        }
        end(&mut row.fact, day);
    }
    world.mandates.extend(split);
    match (ended, wider.is_empty()) {
        (0, true) => Err(format!("no text gives {} {function} on {day}", world.name(body))),
        (0, false) => Err(format!("only wider texts speak of it; name what they name: {}", wider.join("; "))),
        (_, true) => Ok(Vec::new()),
        (_, false) => Ok(vec![format!("wider texts stand: {}", wider.join("; "))]),
    }
}

fn means(world: &mut World, day: Day, holder: &str, function: &str, level: CapabilityLevel) -> Done {
    let functions = world.functions.clone();
    let own = |row: &&mut Capability| {
        row.holder == holder && row.functions.iter().any(|own| functions.is_a(function, own)) && holds(&row.fact, day)
    };
    let mut same = false;
    for row in world.capabilities.iter_mut().filter(own) {
        same |= row.level == level;
        end(&mut row.fact, day);
    }
    if same {
        return Err(format!("it is on record already: {level}"));
    }
    let fact = fact(world, format!("{holder}-{function}-means-put-forward"), day);
    let (holder, functions) = (holder.to_owned(), vec![function.to_owned()]);
    world.capabilities.push(Capability { fact, holder, functions, level, text: Some("as put forward".to_owned()) });
    Ok(Vec::new())
}

fn merges(world: &mut World, day: Day, body: &str, other: &str) -> Done {
    if body == other {
        return Err("a body cannot merge into itself".to_owned());
    }
    if world.upwards(other).contains(&body) {
        return Err(format!("{} is an organ of {}", world.name(other), world.name(body)));
    }
    close(world, day, body)?;
    let mut passed = Vec::new();
    for row in world.mandates.iter_mut().filter(|row| row.holder == body && holds(&row.fact, day)) {
        let mut heir = row.clone();
        end(&mut row.fact, day);
        heir.fact.id = format!("{}-{other}", row.fact.id);
        heir.fact.held.from = Bound::On(PartialDate::Day(day));
        heir.holder = other.to_owned();
        heir.whom = Whom::Members;
        passed.push(heir);
    }
    let count = passed.len();
    for heir in &mut passed {
        heir.instrument = text(world, day, other);
    }
    world.mandates.extend(passed);
    for row in world.capabilities.iter_mut().filter(|row| row.holder == body && holds(&row.fact, day)) {
        row.holder = other.to_owned();
    }
    for row in &mut world.links {
        if row.between.iter().any(|end| end == body) && row.between.iter().all(|end| end != other) {
            for end in row.between.iter_mut().filter(|end| *end == body) {
                *end = other.to_owned();
            }
            row.between.sort();
        }
    }
    for organ in world.bodies.values_mut().filter(|own| own.parent.as_deref() == Some(body)) {
        organ.parent = Some(other.to_owned());
    }
    // Texts without parties of their own bound the members of the body; now they bind those of the other.
    for text in world.instruments.values_mut().filter(|text| text.organisation.as_deref() == Some(body)) {
        text.organisation = Some(other.to_owned());
    }
    Ok(vec![format!("{} pass to {}, and reach its members only", plural(count, "mandate"), world.name(other))])
}

/// Ends a body on the day, with the memberships in it.
fn close(world: &mut World, day: Day, body: &str) -> Result<(), String> {
    let name = world.name(body).to_owned();
    let Some(own) = world.bodies.get_mut(body) else { return Err("it is no body".to_owned()) };
    if !matches!(own.held.held(day), Held::Yes | Held::Unknown) || own.status == Status::Absent {
        return Err(format!("{name} does not exist on {day}"));
    }
    own.held.until = Bound::On(PartialDate::Day(day));
    for row in world.memberships.iter_mut().filter(|row| row.organisation == body && holds(&row.fact, day)) {
        end(&mut row.fact, day);
    }
    Ok(())
}

/// A body that was planned, or only claimed, is there from the day on, with what its text gives it.
fn founded(world: &mut World, day: Day, body: &str) -> Done {
    let Some(own) = world.bodies.get_mut(body) else { return Err("it is no body".to_owned()) };
    if own.status == Status::Live && matches!(own.held.held(day), Held::Yes) {
        return Err(format!("{} is there already", own.name));
    }
    own.status = Status::Live;
    own.held = Interval { from: Bound::On(PartialDate::Day(day)), until: Bound::Silent };
    let from = own.held;
    let (mut begun, mut waiting) = (0, BTreeSet::new());
    let held = |mandate: &&mut Mandate| mandate.holder == body && mandate.status != Status::Live;
    for mandate in world.mandates.iter_mut().filter(held) {
        mandate.status = Status::Live;
        mandate.fact.held = from;
        begun += 1;
        let text = world.instruments.get(&mandate.instrument);
        if text.is_some_and(|text| text.status != Status::Live || text.held.held(day) != Held::Yes) {
            waiting.insert(mandate.instrument.clone());
        }
    }
    let mut notes = vec![match begun {
        0 => "no text gives it a task yet: say with `gains` what it may do".to_owned(),
        _ => format!("with its founding, {} of its own", plural(begun, "mandate")),
    }];
    notes.extend(waiting.iter().map(|text| format!("{text} is not in force: say first that it enters into force")));
    Ok(notes)
}

fn dissolved(world: &mut World, day: Day, body: &str) -> Done {
    close(world, day, body)?;
    let organs: Vec<Id> =
        world.bodies.keys().filter(|own| own.as_str() != body && world.upwards(own).contains(&body)).cloned().collect();
    for organ in &organs {
        // An organ that was gone already stays so.
        let _ = close(world, day, organ);
    }
    Ok(if organs.is_empty() { Vec::new() } else { vec![format!("its organs end with it: {}", organs.join(", "))] })
}

fn splits(world: &mut World, day: Day, organ: &str, body: &str) -> Done {
    if organ == body || !world.upwards(organ).contains(&body) {
        return Err(format!("{} is no organ of {}", world.name(organ), world.name(body)));
    }
    let members: Vec<Membership> =
        world.memberships.iter().filter(|row| row.organisation == body && holds(&row.fact, day)).cloned().collect();
    for row in members {
        let fact = Fact { id: format!("{}-{organ}-put-forward", row.state), ..row.fact };
        world.memberships.push(Membership { fact, organisation: organ.to_owned(), ..row });
    }
    if let Some(own) = world.bodies.get_mut(organ) {
        own.parent = None;
        own.kind = BodyKind::Organisation;
    }
    Ok(vec!["it keeps the mandates that were its own".to_owned()])
}

fn ties(world: &mut World, day: Day, a: &str, b: &str, function: Option<&str>, kind: LinkKind) -> Done {
    let mut between = [a.to_owned(), b.to_owned()];
    between.sort();
    let functions: Vec<Id> = function.map(str::to_owned).into_iter().collect();
    let same = |row: &&Link| {
        row.between == between
            && row.kind == kind
            && on_record(world, &row.fact, day)
            && (row.functions.is_empty() || row.functions == functions)
    };
    if let Some(row) = world.links.iter().find(same) {
        return Err(format!("there is one already: {}", row.fact.id));
    }
    let fact = fact(world, format!("{a}-{b}-{kind}-put-forward"), day);
    world.links.push(Link { fact, between, kind, functions });
    Ok(Vec::new())
}

fn unlinks(world: &mut World, day: Day, a: &str, b: &str) -> Done {
    let lines = [world.line(a).to_owned(), world.line(b).to_owned()];
    let ends = |row: &Link| row.between.each_ref().map(|end| world.line(end).to_owned());
    let joins: Vec<bool> = world
        .links
        .iter()
        .map(|row| {
            let ends = ends(row);
            (ends == lines || (ends[0] == lines[1] && ends[1] == lines[0])) && holds(&row.fact, day)
        })
        .collect();
    let mut ended = 0;
    for (row, joins) in world.links.iter_mut().zip(joins) {
        if joins {
            end(&mut row.fact, day);
            ended += 1;
        }
    }
    if ended == 0 {
        Err("there is none on record".to_owned())
    } else {
        Ok(vec![format!("{} end", plural(ended, "tie"))])
    }
}
