//! Who would have to agree to a change: read from how organs decide, never guessed.

use serde::Serialize;

use crate::change::{Change, Form, Nature};
use crate::date::{Day, Held};
use crate::world::{DecisionRule, Id, Matter, OrganRule, Role, Standing, World};

/// Up to so many states are named in words; of more, only the first few. Their ids stand in [`Consent::ids`] all the same.
const MOST_NAMES: usize = 12;
const FEW_NAMES: usize = 6;

/// Somebody who would have to agree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Consent {
    /// Who, in words.
    pub who: String,
    /// The states or bodies meant.
    pub ids: Vec<String>,
    /// How they decide, in words.
    pub how: String,
    /// The source of the rule of decision; `None`: not recorded.
    pub source: Option<String>,
    /// Where in the source.
    pub locator: Option<String>,
    /// Whether a state's own law or status stands in the way, rather than somebody who agrees or not.
    pub bar: bool,
}

/// Everybody who would have to agree to one change on a day. Nobody has to agree to an assumption.
pub(super) fn consent(change: &Change, world: &World, day: Day) -> Vec<Consent> {
    let (first, second) = (change.id(0), change.id(1));
    if change.form.nature() != Nature::Proposal {
        return Vec::new();
    }
    match change.form {
        Form::Joins => {
            let mut who = vec![itself(world, first, "joins by its own will")];
            who.extend(bars(world, first, day));
            who.push(by_matter(world, second, Matter::Admission, day));
            who
        }
        Form::Leaves | Form::Freezes | Form::Withdraws | Form::NoLonger => {
            vec![itself(world, first, "acts by its own declaration; periods of notice are not modelled")]
        }
        Form::Suspended => vec![itself(world, first, "asks for it"), by_matter(world, second, Matter::Other, day)],
        Form::Accedes => {
            let mut who = vec![itself(world, first, "accedes and ratifies")];
            who.extend(bars(world, first, day));
            let body = world.instruments.get(second).and_then(|text| text.organisation.clone());
            who.push(match body {
                Some(body) => by_matter(world, &body, Matter::Admission, day),
                None => unrecorded("the parties", "who admits a new party is not recorded"),
            });
            who
        }
        Form::InForce => {
            vec![unrecorded("the states that signed it", "each ratifies; how many it takes is in the text")]
        }
        Form::Founded => {
            let alone = world.bodies.get(first).is_some_and(|body| body.parent.is_none());
            if alone {
                // Who joins a body that is not there does not decide whether it comes to be.
                vec![unrecorded("the states that would found it", "a body that is not there has no rule of its own")]
            } else {
                vec![by_matter(world, first, Matter::Other, day)]
            }
        }
        Form::Gains | Form::Loses => vec![by_matter(world, first, Matter::Amendment, day)],
        // Means need no other text: whoever decides on everything else decides on them.
        Form::GainsMeans => vec![by_matter(world, first, Matter::Other, day)],
        Form::Merges => {
            vec![by_matter(world, first, Matter::Amendment, day), by_matter(world, second, Matter::Amendment, day)]
        }
        Form::Splits => vec![by_matter(world, second, Matter::Amendment, day)],
        Form::Dissolved => vec![by_matter(world, first, Matter::Amendment, day)],
        Form::Links | Form::Divides | Form::Unlinks => {
            vec![by_matter(world, first, Matter::Other, day), by_matter(world, second, Matter::Other, day)]
        }
        Form::Asks | Form::Acknowledges => vec![itself(world, first, "decides for itself")],
        Form::Grants | Form::Refuses | Form::Does => vec![by_matter(world, first, Matter::UseOfForces, day)],
        Form::Adopts | Form::Rejects => vec![by_matter(world, first, Matter::UseOfForces, day)],
        Form::CouncilAuthorises => {
            vec![unrecorded("the Security Council", "nine votes and no veto (Charter, art. 27)")]
        }
        Form::HostConsents => vec![unrecorded("the state on whose soil it happens", "decides for itself")],
        _ => Vec::new(),
    }
}

fn itself(world: &World, state: &str, how: &str) -> Consent {
    Consent {
        who: world.name(state).to_owned(),
        ids: vec![state.to_owned()],
        how: how.to_owned(),
        source: None,
        locator: None,
        bar: false,
    }
}

fn unrecorded(who: &str, how: &str) -> Consent {
    Consent { who: who.to_owned(), ids: Vec::new(), how: how.to_owned(), source: None, locator: None, bar: false }
}

/// What a state's own law or declared status says: attributes that it holds that day.
fn bars(world: &World, state: &str, day: Day) -> Vec<Consent> {
    let held = world.attributes.iter().filter(|row| row.state == state && row.fact.held.held(day) == Held::Yes);
    let laws = world.mandates.iter().filter(|row| {
        row.holder == state && !row.refrain_from.is_empty() && matches!(row.fact.held.held(day), Held::Yes)
    });
    let laws: Vec<Consent> = laws
        .map(|row| Consent {
            who: format!("{}'s own law", world.name(state)),
            ids: vec![state.to_owned()],
            how: format!("{} has it refrain from {}", title(world, &row.instrument), row.refrain_from.join(", ")),
            source: Some(row.fact.source.clone()),
            locator: row.fact.locator.clone(),
            bar: true,
        })
        .collect();
    if !laws.is_empty() {
        return laws;
    }
    held.filter(|row| row.attribute.contains("neutral"))
        .map(|row| Consent {
            who: format!("{}'s own status", world.name(state)),
            ids: vec![state.to_owned()],
            how: format!("it is {}", row.attribute.replace('-', " ")),
            source: Some(row.fact.source.clone()),
            locator: row.fact.locator.clone(),
            bar: true,
        })
        .collect()
}

fn title(world: &World, instrument: &str) -> String {
    world.instruments.get(instrument).map_or_else(|| instrument.to_owned(), |text| text.title.clone())
}

/// How the organ that decides for a body decides a matter; its rule for everything else where none is for the matter.
fn by_matter(world: &World, body: &str, matter: Matter, day: Day) -> Consent {
    if world.states.contains_key(body) {
        return itself(world, body, "decides for itself");
    }
    let path = world.upwards(body);
    let organs: Vec<&str> = path
        .iter()
        .flat_map(|own| [world.bodies.get(*own).and_then(|body| body.top_organ.as_deref()), Some(*own)])
        .flatten()
        .filter(|organ| world.bodies.get(*organ).is_some_and(|own| own.held.held(day) != Held::NotYet))
        .collect();
    let rule = |wanted: Matter| -> Option<&OrganRule> {
        organs.iter().find_map(|organ| {
            world.decision_rules.iter().find(|row| {
                row.organ == **organ
                    && row.matter == wanted
                    && matches!(row.fact.held.held(day), Held::Yes | Held::Unknown)
            })
        })
    };
    let Some(row) = rule(matter).or_else(|| rule(Matter::Other)) else {
        return unrecorded(world.name(body), "how it decides is not recorded");
    };
    let root = path.last().copied().unwrap_or(body);
    // A council that not every member sits on decides by itself.
    let seated = members(world, &row.organ, day);
    let members = match (seated.is_empty(), world.bodies.get(root).and_then(|body| body.top_organ.as_ref())) {
        (false, _) => seated,
        (true, Some(top)) if *top != row.organ => Vec::new(),
        (true, _) => members(world, root, day),
    };
    let names: Vec<&str> = members.iter().map(|state| world.name(state)).collect();
    let listed = match names.len() {
        0..=MOST_NAMES => names.join(", "),
        count => format!("{} and {} more", names.get(..FEW_NAMES).unwrap_or_default().join(", "), count - FEW_NAMES),
    };
    let how = match row.rule {
        _ if names.is_empty() => format!("by {}, of those who sit on it", row.rule.as_str().replace('-', " ")),
        DecisionRule::Consensus => format!("by consensus: nobody objects of {listed}"),
        DecisionRule::ConsensusMinusOne => format!("by consensus but for the one concerned: {listed}"),
        DecisionRule::Unanimity => format!("all agree: {listed}"),
        DecisionRule::Majority => format!("most agree of {listed}"),
        DecisionRule::LeadState => "one state leads".to_owned(),
    };
    let matter = if row.matter == matter { String::new() } else { " (its general rule)".to_owned() };
    Consent {
        who: world.name(&row.organ).to_owned(),
        ids: std::iter::once(row.organ.clone()).chain(members).collect(),
        how: format!("{how}{matter}"),
        source: Some(row.fact.source.clone()),
        locator: row.fact.locator.clone(),
        bar: false,
    }
}

/// Full members that day.
fn members(world: &World, body: &str, day: Day) -> Vec<Id> {
    let mut members: Vec<Id> = world
        .memberships
        .iter()
        .filter(|row| {
            row.organisation == body
                && row.role == Role::Member
                && row.standing == Standing::Full
                && row.fact.version_of.is_none()
                && row.fact.held.held(day) == Held::Yes
        })
        .map(|row| row.state.clone())
        .collect();
    members.sort();
    members.dedup();
    members
}
