//! Threats and functions to which no text speaks: no mandate names them, a kind of them, or what they are a kind of.

use std::collections::BTreeSet;

use super::{Found, Matter, UNMENTIONED_TERM};
use crate::diagnostic::Diagnostic;
use crate::world::{Id, Taxonomy, World};

/// Terms that stand beside every mandate.
pub(super) fn unmentioned(matter: &Matter<'_>) -> Vec<Found> {
    let own = matter.session.pack.scenarios.iter().map(|loaded| loaded.world.as_ref());
    let worlds: Vec<&World> = std::iter::once(matter.session.pack.world.as_ref()).chain(own).collect();
    let named = |of: fn(&crate::world::Mandate) -> &Vec<Id>| -> BTreeSet<&Id> {
        worlds.iter().flat_map(|world| world.mandates.iter()).flat_map(of).collect()
    };
    let mut functions = named(|mandate| &mandate.functions);
    functions.extend(named(|mandate| &mandate.refrain_from));
    let mut found = Vec::new();
    for (what, terms, named) in [
        ("threat", &matter.world.threats, named(|mandate| &mandate.threats)),
        ("function", &matter.world.functions, functions),
    ] {
        found.extend(beside(what, terms, &named));
    }
    found
}

fn beside(what: &str, terms: &Taxonomy, named: &BTreeSet<&Id>) -> Vec<Found> {
    let beside =
        terms.terms.iter().filter(|(id, _)| !named.iter().any(|own| terms.is_a(own, id) || terms.is_a(id, own)));
    beside
        .map(|(id, term)| {
            let message = format!("no mandate speaks to the {what} `{id}`, a kind of it or what it is a kind of");
            let help = "add the mandate, say what it is a kind of with `is_a`, or allow it where the gap is the point";
            Diagnostic::error(UNMENTIONED_TERM, message, term.place.clone(), "always a gap").help(help).into()
        })
        .collect()
}
