//! The texts that speak to each need, described and numbered for a handout.
//!
//! They come in the order of their holders, not of how far they climb: the order gives nothing away.

use std::collections::{BTreeMap, BTreeSet};

use super::brief::{named, needs};
use super::clause;
use super::document::{Document, Style, plain, span};
use crate::answer::report::CaseResult;
use crate::date::{Bound, Day, Held};
use crate::world::{Id, Mandate, Whom, World};

/// Mandates by case and function.
pub(super) type Clauses<'w> = BTreeMap<(Id, Id), Vec<&'w Mandate>>;

/// The texts of that day that speak to each need, whatever becomes of them: by need, in the order of holder and id.
///
/// Left out is only what no reader of that day could hold up: signed later, over by then, or written for other states.
pub(super) fn clauses<'w>(cases: &[Vec<&CaseResult>], day: Day, world: &'w World) -> Clauses<'w> {
    let mut found = Clauses::new();
    for case in cases.iter().flatten() {
        let concerned = |state: &Id| case.affected.contains(state) || case.parties.contains(state);
        for need in &case.needs {
            let holders: BTreeSet<&str> =
                need.states.iter().flat_map(|state| &state.holders).map(|holder| holder.holder.as_str()).collect();
            let speaks = |mandate: &&Mandate| {
                at_hand(mandate, day, world)
                    && !matches!(&mandate.whom, Whom::States(states) if !states.iter().any(concerned))
                    && mandate.fact.version_of.is_none()
                    && holders.contains(mandate.holder.as_str())
                    && mandate.functions.iter().any(|own| world.functions.is_a(&need.function, own))
                    && mandate.threats.iter().any(|own| world.threats.is_a(&case.threat, own))
            };
            let own = found.entry((case.id.clone(), need.function.clone())).or_default();
            own.extend(world.mandates.iter().filter(speaks));
            own.sort_by_key(|mandate| (&mandate.holder, &mandate.fact.id));
            // Accounts of one case share its clauses.
            own.dedup_by_key(|mandate| &mandate.fact.id);
        }
    }
    found
}

/// Whether a text was there to be read that day: signed, and not over.
fn at_hand(mandate: &Mandate, day: Day, world: &World) -> bool {
    let over = |held: Held| matches!(held, Held::Lapsed);
    let text = world.instruments.get(&mandate.instrument);
    let unsigned = text.is_some_and(|text| match (text.signed, text.held.from) {
        (Bound::On(signed), _) => day < signed.first(),
        (_, Bound::On(from)) => day < from.first(),
        _ => false,
    });
    !unsigned && !over(mandate.fact.held.held(day)) && !text.is_some_and(|text| over(text.held.held(day)))
}

/// Each clause once, numbered; a later need refers to the number.
pub(super) fn say_clauses(document: &mut Document, cases: &[Vec<&CaseResult>], clauses: &Clauses<'_>, world: &World) {
    document.heading(2, "What the texts say");
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for (case, function) in needs(cases) {
        let title = if cases.len() > 1 { format!("{case}: {function}") } else { function.to_owned() };
        let means = world.functions.terms.get(function).and_then(|term| term.definition.as_deref());
        document.heading(3, title);
        if let Some(means) = means {
            document.paragraph(vec![span(Style::Dim, means.trim())]);
        }
        let mandates = clauses.get(&(case.to_owned(), function.to_owned())).map(Vec::as_slice).unwrap_or_default();
        if mandates.is_empty() {
            document.paragraph(vec![plain("The pack has no text of that day that speaks to this.")]);
        }
        let mut points = Vec::new();
        let mut again: Vec<String> = Vec::new();
        for mandate in mandates {
            if let Some(number) = numbers.get(mandate.fact.id.as_str()) {
                again.push(format!("{number} ({})", mandate.holder));
                continue;
            }
            let number = numbers.len() + 1;
            numbers.insert(&mandate.fact.id, number);
            let mut line = vec![span(Style::Strong, format!("{number}. {}", named(world, &mandate.holder)))];
            let text = world
                .instruments
                .get(&mandate.instrument)
                .map_or(mandate.instrument.as_str(), |text| text.title.as_str());
            let locator = mandate.fact.locator.as_deref().map(|at| format!(", {at}")).unwrap_or_default();
            line.push(span(Style::Source, format!(" {text}{locator}. ")));
            line.push(plain(clause::describe(mandate, world)));
            points.push(line);
        }
        if !again.is_empty() {
            points.push(vec![plain(format!("Also, from above: {}", again.join(", ")))]);
        }
        document.list(points);
    }
}
