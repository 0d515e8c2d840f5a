//! Changes of who belongs to what and who is bound by what: membership, parties, texts.

use super::apply::Done;
use super::institutions::{end, fact, holds, on_record, plural, since};
use crate::change::{Change, Form};
use crate::date::{Bound, Day, Held, Interval, PartialDate};
use crate::world::{
    BodyKind, Fact, Id, Instrument, InstrumentKind, Membership, Party, Role, Standing, Status, Word, World,
};

pub(super) fn carry_out(change: &Change, world: &mut World, day: Day) -> Done {
    let (first, second) = (change.id(0), change.id(1));
    match change.form {
        Form::Joins => joins(world, day, first, second, change.given(2)),
        Form::Leaves => leaves(world, day, first, second),
        Form::Suspended => standing(world, day, first, second, Standing::Suspended),
        Form::Freezes => standing(world, day, first, second, Standing::Frozen),
        Form::Accedes => accedes(world, day, first, second),
        Form::Withdraws => withdraws(world, day, first, second),
        _ => enters_into_force(world, day, first),
    }
}

fn joins(world: &mut World, day: Day, state: &str, body: &str, role: Option<&str>) -> Done {
    let role = role.and_then(Role::parse).unwrap_or(Role::Member);
    let same = |row: &&mut Membership| row.state == state && row.organisation == body;
    let already =
        |row: &&Membership| row.role == role && row.standing == Standing::Full && on_record(world, &row.fact, day);
    if let Some(row) =
        world.memberships.iter().filter(|row| row.state == state && row.organisation == body).find(already)
    {
        let since = since(&row.fact);
        return Err(format!("{} is a {role} of {} already{since}", world.name(state), world.name(body)));
    }
    for row in world.memberships.iter_mut().filter(same) {
        if holds(&row.fact, day) {
            end(&mut row.fact, day);
        }
    }
    let fact = fact(world, format!("{state}-{body}-put-forward"), day);
    world.memberships.push(Membership {
        fact,
        state: state.to_owned(),
        organisation: body.to_owned(),
        role,
        standing: Standing::Full,
    });
    let mut notes = Vec::new();
    if world.bodies.get(body).is_some_and(|own| own.held.held(day) != Held::Yes || own.status != Status::Live) {
        notes.push(format!(
            "{} is not there on {day}: a membership in it opens nothing until it is founded",
            world.name(body)
        ));
    }
    if role == Role::Member {
        let (charters, others) = instruments_of(world, body, day);
        for charter in charters {
            if bind(world, day, state, &charter) {
                notes.push(format!("bound by {charter}, the body's charter"));
            }
        }
        let bound = |text: &String| {
            let own = world.parties.iter().filter(|row| row.state == state && row.instrument == *text);
            own.into_iter().any(|row| on_record(world, &row.fact, day))
        };
        let apart: Vec<String> = others.into_iter().filter(|text| has_parties(world, text) && !bound(text)).collect();
        if !apart.is_empty() {
            notes.push(format!("{} to be acceded to apart: {}", plural(apart.len(), "instrument"), apart.join(", ")));
        }
    }
    Ok(notes)
}

/// The founding texts of a body that are in force that day, and the other instruments of its line.
fn instruments_of(world: &World, body: &str, day: Day) -> (Vec<Id>, Vec<Id>) {
    let own = |text: &&Instrument| text.organisation.as_deref().is_some_and(|own| world.line(own) == world.line(body));
    let (charters, others): (Vec<&Instrument>, Vec<&Instrument>) = world
        .instruments
        .values()
        .filter(own)
        .filter(|text| text.held.held(day) == Held::Yes)
        .partition(|text| founds(world, text, body));
    let ids = |texts: Vec<&Instrument>| texts.into_iter().map(|text| text.id.clone()).collect();
    (ids(charters), ids(others))
}

/// A body's charter, or the treaty that a treaty body is.
fn founds(world: &World, text: &Instrument, body: &str) -> bool {
    let treaty =
        world.bodies.get(body).is_some_and(|own| matches!(own.kind, BodyKind::Treaty | BodyKind::BilateralTreaty));
    let kind = if treaty { InstrumentKind::Treaty } else { InstrumentKind::Charter };
    text.kind == kind && text.organisation.as_deref() == Some(body)
}

fn has_parties(world: &World, instrument: &str) -> bool {
    world.parties.iter().any(|row| row.instrument == instrument)
}

/// Binds a state from the day on; `false` if its text binds the members, or the state is bound.
fn bind(world: &mut World, day: Day, state: &str, instrument: &str) -> bool {
    if !has_parties(world, instrument) {
        return false;
    }
    let own = |row: &&Party| row.state == state && row.instrument == instrument;
    if world.parties.iter().filter(own).any(|row| on_record(world, &row.fact, day)) {
        return false;
    }
    for row in world.parties.iter_mut().filter(|row| row.state == state && row.instrument == instrument) {
        if holds(&row.fact, day) {
            end(&mut row.fact, day);
        }
    }
    let fact = fact(world, format!("{state}-{instrument}-put-forward"), day);
    let (state, instrument) = (state.to_owned(), instrument.to_owned());
    world.parties.push(Party { fact, state, instrument, reservation: None, signed: Bound::Silent });
    true
}

fn leaves(world: &mut World, day: Day, state: &str, body: &str) -> Done {
    let mut ended = 0;
    let held = |row: &&mut Membership| row.state == state && row.organisation == body && holds(&row.fact, day);
    for row in world.memberships.iter_mut().filter(held) {
        end(&mut row.fact, day);
        ended += 1;
    }
    if ended == 0 {
        return Err(format!("{} is no member of {} on {day}", world.name(state), world.name(body)));
    }
    let (charters, others) = instruments_of(world, body, day);
    let mut notes = Vec::new();
    for charter in charters {
        if unbind(world, day, state, &charter) {
            notes.push(format!("no longer bound by {charter}, the body's charter"));
        }
    }
    let bound = |text: &&String| {
        world
            .parties
            .iter()
            .any(|row| row.state == state && row.instrument == **text && row.fact.held.held(day) == Held::Yes)
    };
    let kept: Vec<&str> = others.iter().filter(bound).map(String::as_str).collect();
    if !kept.is_empty() {
        notes.push(format!(
            "still bound by {}, unless it withdraws: {}",
            plural(kept.len(), "instrument"),
            kept.join(", ")
        ));
    }
    Ok(notes)
}

fn unbind(world: &mut World, day: Day, state: &str, instrument: &str) -> bool {
    let mut ended = false;
    for row in world.parties.iter_mut().filter(|row| row.state == state && row.instrument == instrument) {
        if holds(&row.fact, day) {
            end(&mut row.fact, day);
            ended = true;
        }
    }
    ended
}

fn standing(world: &mut World, day: Day, state: &str, body: &str, standing: Standing) -> Done {
    let held = |row: &Membership| {
        row.state == state && row.organisation == body && row.role == Role::Member && holds(&row.fact, day)
    };
    let Some(own) = world.memberships.iter().find(|row| held(row)).cloned() else {
        return Err(format!("{} is no member of {} on {day}", world.name(state), world.name(body)));
    };
    if own.standing == standing {
        return Err(format!("it is {standing} already{}", since(&own.fact)));
    }
    for row in world.memberships.iter_mut().filter(|row| held(row)) {
        end(&mut row.fact, day);
    }
    let fact = fact(world, format!("{state}-{body}-put-forward"), day);
    world.memberships.push(Membership { fact, standing, ..own });
    Ok(Vec::new())
}

fn accedes(world: &mut World, day: Day, state: &str, instrument: &str) -> Done {
    let Some(text) = world.instruments.get(instrument).cloned() else { return Err("it is no instrument".to_owned()) };
    if !has_parties(world, instrument) {
        let Some(body) = text.organisation else {
            return Err(format!("{} has no parties on record", text.title));
        };
        // The text binds the members of its body: each is listed before one is added.
        // An organ has the members of the body that it belongs to.
        let full = |row: &&Membership| row.role == Role::Member && holds(&row.fact, day);
        let of = |own: &str| -> Vec<Membership> {
            world.memberships.iter().filter(|row| row.organisation == own).filter(full).cloned().collect()
        };
        let members = world.upwards(&body).into_iter().map(of).find(|found| !found.is_empty()).unwrap_or_default();
        if members.iter().any(|row| row.state == state) {
            return Err(format!(
                "it binds the members of {}, of which {} is one",
                world.name(&body),
                world.name(state)
            ));
        }
        for member in members {
            let id = format!("{}-{instrument}-as-{}", member.state, member.fact.id);
            let fact = Fact { id, version_of: None, ..member.fact };
            let instrument = instrument.to_owned();
            world.parties.push(Party {
                fact,
                state: member.state,
                instrument,
                reservation: None,
                signed: Bound::Silent,
            });
        }
        let fact = fact(world, format!("{state}-{instrument}-put-forward"), day);
        let (state, instrument) = (state.to_owned(), instrument.to_owned());
        world.parties.push(Party { fact, state, instrument, reservation: None, signed: Bound::Silent });
        return Ok(Vec::new());
    }
    if bind(world, day, state, instrument) {
        Ok(match text.held.held(day) {
            Held::Yes => Vec::new(),
            Held::Unknown => vec![format!("nobody says whether {} is in force on {day}", text.title)],
            _ => vec![format!("{} is not in force on {day}", text.title)],
        })
    } else {
        Err(format!("{} is bound by it already", world.name(state)))
    }
}

fn withdraws(world: &mut World, day: Day, state: &str, instrument: &str) -> Done {
    if unbind(world, day, state, instrument) {
        return Ok(Vec::new());
    }
    let why = if has_parties(world, instrument) {
        format!("{} is not bound by it on {day}", world.name(state))
    } else {
        "it binds the members of its body; the state would have to leave".to_owned()
    };
    Err(why)
}

/// A text binds from the day on: the members of its body, or those of its parties that had signed or ratified.
fn enters_into_force(world: &mut World, day: Day, instrument: &str) -> Done {
    let from = Interval { from: Bound::On(PartialDate::Day(day)), until: Bound::Silent };
    let Some(text) = world.instruments.get_mut(instrument) else { return Err("it is no instrument".to_owned()) };
    if text.held.held(day) == Held::Yes && text.status == Status::Live {
        return Err(format!("{} is in force already", text.title));
    }
    text.held = from;
    text.status = Status::Live;
    let mut bound = 0;
    for row in world.parties.iter_mut().filter(|row| row.instrument == instrument) {
        if matches!(row.fact.held.held(day), Held::Never | Held::Unknown | Held::NotYet) {
            row.fact.held = from;
            bound += 1;
        }
    }
    for mandate in world.mandates.iter_mut().filter(|row| row.instrument == instrument && row.status != Status::Live) {
        mandate.status = Status::Live;
        mandate.fact.held = from;
    }
    let own = world.parties.iter().any(|row| row.instrument == instrument && holds(&row.fact, day));
    Ok(match bound {
        0 if has_parties(world, instrument) && !own => vec!["nobody is left whom it would bind".to_owned()],
        0 => Vec::new(),
        _ => vec![format!("it binds {} that had not been", plural(bound, "state"))],
    })
}
