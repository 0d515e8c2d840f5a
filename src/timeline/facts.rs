//! The dated facts behind a change, in words: what begins and what ends, who states it, and whether it speaks of what moved.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::{Dated, Turn};
use crate::compare::{Move, OnlyIn, Within};
use crate::date::Held;
use crate::world::{Fact, World};

/// A dated fact that turns on a day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct FactTurn {
    /// Whether it speaks of the holders and states of the cells that move; where none does, all count.
    pub behind: bool,
    /// The id of the row, body or instrument; of a rule's date, the date.
    pub id: String,
    /// In a sentence.
    pub text: String,
    /// Who states it.
    pub source: Option<String>,
    /// Where in the source.
    pub locator: Option<String>,
}

/// What a fact is about.
struct About {
    id: String,
    text: String,
    source: Option<String>,
    locator: Option<String>,
    /// The holders that it speaks of; none: any.
    holders: Vec<String>,
    /// The state that it speaks of.
    state: Option<String>,
}

/// The facts that turn, those behind what moved first.
pub(super) fn facts(
    world: &World,
    turns: &BTreeSet<&Turn>,
    moves: &[Move],
    within: &[Within],
    only: &[OnlyIn],
) -> Vec<FactTurn> {
    let cells = moves.iter().map(|one| &one.cell).chain(within.iter().map(|one| &one.cell));
    let states: BTreeSet<&str> =
        cells.chain(only.iter().map(|one| &one.cell)).filter_map(|cell| cell.rsplit('/').nth(1)).collect();
    let steps = moves.iter().flat_map(|one| &one.because).chain(within.iter().flat_map(|one| &one.steps));
    let lines: BTreeSet<&str> = steps.map(|step| world.line(&step.holder)).collect();
    let mut found: Vec<FactTurn> = turns
        .iter()
        .map(|turn| {
            let about = about(world, &turn.what);
            let held = about.holders.is_empty() || about.holders.iter().any(|own| lines.contains(world.line(own)));
            let here = about.state.as_deref().is_none_or(|state| states.contains(state));
            FactTurn {
                behind: held && here,
                id: about.id,
                text: format!("{} {}", about.text, verb(turn)),
                source: about.source,
                locator: about.locator,
            }
        })
        .collect();
    if !found.iter().any(|fact| fact.behind) {
        found.iter_mut().for_each(|fact| fact.behind = true);
    }
    found.sort_by(|a, b| (!a.behind, &a.text, &a.id).cmp(&(!b.behind, &b.text, &b.id)));
    found.dedup();
    found
}

fn verb(turn: &Turn) -> &'static str {
    match (&turn.what, turn.was, turn.now) {
        (Dated::Signed(_) | Dated::SignedBy(_), ..) => "is signed",
        (Dated::Provisional(_), ..) => "is applied provisionally",
        (Dated::Rule(_), ..) => "is reached",
        (_, Held::NotYet, Held::Yes) => "begins",
        (_, Held::Yes, Held::Lapsed) => "ends",
        (_, Held::NotYet, Held::Unknown) => "may begin: the day is not known",
        (_, Held::Unknown, Held::Yes) => "has begun by then: the day is not known",
        (_, Held::Yes, Held::Unknown) => "may end: the day is not known",
        (_, Held::Unknown, Held::Lapsed) => "has ended by then: the day is not known",
        (_, Held::NotYet, Held::Lapsed) => "begins and ends",
        _ => "changes",
    }
}

fn about(world: &World, what: &Dated) -> About {
    match what {
        Dated::Row(id) | Dated::SignedBy(id) => row(world, id),
        Dated::Body(id) => {
            let body = world.bodies.get(id);
            About {
                id: id.clone(),
                text: format!("{} (as a body)", world.name(id)),
                source: body.and_then(|body| body.remark.source.clone()),
                locator: body.and_then(|body| body.remark.locator.clone()),
                holders: vec![id.clone()],
                state: None,
            }
        }
        Dated::Instrument(id) | Dated::Signed(id) | Dated::Provisional(id) => {
            let text = world.instruments.get(id);
            let title = text.map_or(id.as_str(), |text| text.title.as_str());
            About {
                id: id.clone(),
                text: match what {
                    Dated::Instrument(_) => format!("{title} (in force)"),
                    _ => title.to_owned(),
                },
                source: text.map(|text| text.source.clone()),
                locator: text.and_then(|text| text.remark.locator.clone()),
                holders: under(world, id),
                state: None,
            }
        }
        Dated::Rule(day) => About {
            id: day.to_string(),
            text: format!("{day}, a date that a rule names,"),
            source: None,
            locator: None,
            holders: Vec::new(),
            state: None,
        },
    }
}

/// Who holds anything under an instrument.
fn under(world: &World, instrument: &str) -> Vec<String> {
    let body = world.instruments.get(instrument).and_then(|text| text.organisation.clone());
    let holders = world.mandates.iter().filter(|own| own.instrument == instrument).map(|own| own.holder.clone());
    body.into_iter().chain(holders).collect()
}

/// What a dated row says, in a few words; its id if it is no row that can be told.
pub fn told(world: &World, id: &str) -> String {
    row(world, id).text.trim_end_matches(':').to_owned()
}

fn row(world: &World, id: &str) -> About {
    let of = |fact: &Fact, text: String, holders: Vec<String>, state: Option<&String>| About {
        id: id.to_owned(),
        text,
        source: Some(fact.source.clone()).filter(|source| !source.is_empty()),
        locator: fact.locator.clone(),
        holders,
        state: state.cloned(),
    };
    let name = |id: &str| world.name(id).to_owned();
    let title = |id: &str| world.instruments.get(id).map_or_else(|| id.to_owned(), |text| text.title.clone());
    if let Some(own) = world.memberships.iter().find(|own| own.fact.id == id) {
        let standing = match own.standing {
            crate::world::Standing::Full => String::new(),
            other => format!(" ({other})"),
        };
        let text = format!("{} as {} of {}{standing}", name(&own.state), own.role, name(&own.organisation));
        return of(&own.fact, text, vec![own.organisation.clone()], Some(&own.state));
    }
    if let Some(own) = world.parties.iter().find(|own| own.fact.id == id) {
        let text = format!("{} as party to {}", name(&own.state), title(&own.instrument));
        return of(&own.fact, text, under(world, &own.instrument), Some(&own.state));
    }
    if let Some(own) = world.mandates.iter().find(|own| own.fact.id == id) {
        let what = own.functions.join(", ");
        let text = format!("mandate of {} under {} ({what})", name(&own.holder), title(&own.instrument));
        return of(&own.fact, text, vec![own.holder.clone()], None);
    }
    if let Some(own) = world.capabilities.iter().find(|own| own.fact.id == id) {
        let what = own.text.clone().unwrap_or_else(|| own.functions.join(", "));
        return of(&own.fact, format!("means of {}: {what}:", name(&own.holder)), vec![own.holder.clone()], None);
    }
    if let Some(own) = world.attributes.iter().find(|own| own.fact.id == id) {
        return of(&own.fact, format!("{}: {}", name(&own.state), own.attribute), Vec::new(), Some(&own.state));
    }
    if let Some(own) = world.links.iter().find(|own| own.fact.id == id) {
        let text = format!("{} between {} and {}", own.kind, own.between[0], own.between[1]);
        return of(&own.fact, text, own.between.to_vec(), None);
    }
    About { id: id.to_owned(), text: id.to_owned(), source: None, locator: None, holders: Vec::new(), state: None }
}
