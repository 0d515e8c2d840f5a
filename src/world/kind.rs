//! What kind of thing an id or a name stands for: for messages about one that stands in the wrong place.

use super::World;

/// The kind of thing, with its article, and its id; by its id first, then by its name. `None` if nothing is called that.
///
/// A word may stand for several things: then the first in the order of the tables of the file format.
pub fn kind_of<'w>(world: &'w World, written: &str) -> Option<(&'static str, &'w str)> {
    named(world, |id, _| id == written).or_else(|| named(world, |_, name| name.eq_ignore_ascii_case(written)))
}

fn named(world: &World, is: impl Fn(&str, &str) -> bool) -> Option<(&'static str, &str)> {
    let states = world.states.values().map(|own| ("a state", &own.id, own.name.as_str()));
    let bodies = world.bodies.values().map(|own| ("an organisation or organ", &own.id, own.name.as_str()));
    let actors = world.actors.values().map(|own| ("an actor", &own.id, own.name.as_str()));
    let instruments = world.instruments.values().map(|own| ("an instrument", &own.id, own.title.as_str()));
    let threats = world.threats.terms.iter().map(|(id, own)| ("a threat", id, own.name.as_str()));
    let functions = world.functions.terms.iter().map(|(id, own)| ("a function", id, own.name.as_str()));
    let sources = world.sources.values().map(|own| ("a source", &own.key, own.title.as_str()));
    let judgements = world.judgements.keys().map(|id| ("a judgement", id, id.as_str()));
    let questions = world.questions.keys().map(|id| ("a question", id, id.as_str()));
    let propositions = world.propositions.keys().map(|id| ("a proposition", id, id.as_str()));
    let what_ifs = world.what_ifs.keys().map(|id| ("a what-if", id, id.as_str()));
    let mandates = world.mandates.iter().map(|own| ("a mandate", &own.fact.id, own.fact.id.as_str()));
    let mut all = states
        .chain(bodies)
        .chain(actors)
        .chain(instruments)
        .chain(threats)
        .chain(functions)
        .chain(sources)
        .chain(judgements)
        .chain(questions)
        .chain(propositions)
        .chain(what_ifs)
        .chain(mandates);
    all.find(|(_, id, name)| is(id, name)).map(|(kind, id, _)| (kind, id.as_str()))
}
