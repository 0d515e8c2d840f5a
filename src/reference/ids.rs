//! The ids that a pack declares, by kind: what its schemas offer.

use std::collections::BTreeMap;

use crate::load::{Kind, LoadedPack};
use crate::rules::RuleSet;
use crate::world::{Id, World};

/// Ids of one pack, each with its name where it has one.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    /// By what they are.
    pub kinds: BTreeMap<Kind, BTreeMap<Id, String>>,
    /// Rules.
    pub rules: BTreeMap<Id, String>,
}

/// The ids that a pack's shared facts, its scenarios and its register declare.
pub fn ids(pack: &LoadedPack, rules: &RuleSet) -> Ids {
    let mut found = Ids::default();
    world(&pack.world, &mut found.kinds);
    for loaded in &pack.scenarios {
        world(&loaded.world, &mut found.kinds);
        add(&mut found.kinds, Kind::Scenario, [(&loaded.scenario.id, loaded.scenario.title.as_str())]);
    }
    let register = &pack.register;
    add(&mut found.kinds, Kind::Claim, register.claims.iter().map(|(id, own)| (id, own.text.as_str())));
    add(&mut found.kinds, Kind::Discrepancy, register.discrepancies.iter().map(|(id, own)| (id, own.text.as_str())));
    found.rules = rules.rules.iter().map(|(id, rule)| (id.clone(), first_line(&rule.doc))).collect();
    found
}

fn world(world: &World, kinds: &mut BTreeMap<Kind, BTreeMap<Id, String>>) {
    let states = || world.states.iter().map(|(id, own)| (id, own.name.as_str()));
    let bodies = || world.bodies.iter().map(|(id, own)| (id, own.name.as_str()));
    let what_ifs = || world.what_ifs.iter().map(|(id, own)| (id, own.text.as_str()));
    let propositions = || world.propositions.iter().map(|(id, own)| (id, own.text.as_str()));
    add(kinds, Kind::Source, world.sources.iter().map(|(id, own)| (id, own.title.as_str())));
    add(kinds, Kind::State, states());
    add(kinds, Kind::Body, bodies());
    add(kinds, Kind::Holder, bodies().chain(states()));
    let actors = world.actors.iter().map(|(id, own)| (id, own.name.as_str()));
    add(kinds, Kind::AnyActor, bodies().chain(states()).chain(actors));
    add(kinds, Kind::Instrument, world.instruments.iter().map(|(id, own)| (id, own.title.as_str())));
    add(kinds, Kind::Threat, world.threats.terms.iter().map(|(id, own)| (id, own.name.as_str())));
    add(kinds, Kind::Function, world.functions.terms.iter().map(|(id, own)| (id, own.name.as_str())));
    add(kinds, Kind::Judgement, world.judgements.iter().map(|(id, own)| (id, own.text.as_str())));
    add(kinds, Kind::Proposition, propositions());
    add(kinds, Kind::Thesis, propositions().chain(what_ifs()));
    add(kinds, Kind::Mandate, world.mandates.iter().map(|own| (&own.fact.id, own.holder.as_str())));
    add(kinds, Kind::Row, crate::load::facts(world).map(|(table, fact)| (&fact.id, table)));
}

fn add<'w>(
    kinds: &mut BTreeMap<Kind, BTreeMap<Id, String>>,
    kind: Kind,
    ids: impl IntoIterator<Item = (&'w Id, &'w str)>,
) {
    let known = kinds.entry(kind).or_default();
    for (id, name) in ids {
        known.entry(id.clone()).or_insert_with(|| first_line(name));
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}
