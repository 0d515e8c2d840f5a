//! A mandate in words, built from its data: what its text allows or obliges, and on what conditions.

use super::document::clip;
use crate::date::Bound;
use crate::world::{
    Authority, Basis, DecidedBy, ExclusionWhen, Execution, Force, Mandate, Origin, RequestBy, Status, Where, Whom,
    World,
};

/// Words of a description, at most.
const WORDS: usize = 120;

/// What a mandate says, in at most 120 words. It says nothing of how the case at hand meets it.
pub(super) fn describe(mandate: &Mandate, world: &World) -> String {
    let mut parts: Vec<String> = vec![competence(mandate)];
    parts.push(match mandate.execution {
        Execution::OwnStaff => "Its own staff acts".to_owned(),
        Execution::LentForces => "Forces lent by the parties act".to_owned(),
        Execution::National => "National authorities act".to_owned(),
    });
    parts.push(reach(mandate));
    parts.extend(occasion(mandate));
    for exclusion in &mandate.exclusions {
        let when = match exclusion.when {
            ExclusionWhen::Always => "",
            ExclusionWhen::DisputeBetweenParties => " in a dispute between parties",
            ExclusionWhen::Internal => " where the threat comes from within",
        };
        let basis = if exclusion.basis == Basis::Practice { " by practice" } else { "" };
        parts.push(format!("Ruled out{basis}{when}: {}", clip(exclusion.text.trim(), 160)));
    }
    if (mandate.request, &mandate.decision) == (Some(RequestBy::None), &Some(DecidedBy::Nobody)) {
        parts.push("Nobody has to ask or to decide".to_owned());
    } else {
        parts.extend(mandate.request.map(asked));
        parts.extend(mandate.decision.as_ref().map(|by| decided(by, world)));
    }
    parts.extend(match mandate.authority {
        Authority::None => None,
        Authority::SecurityCouncil => Some("The Security Council's leave is needed".to_owned()),
        Authority::HostConsent => Some("The host's consent is needed".to_owned()),
        Authority::Either => Some("The Security Council's leave or the host's consent is needed".to_owned()),
    });
    parts.extend(dates(mandate, world));
    if mandate.status != Status::Live {
        parts.push(format!("Status: {}, says {}", mandate.status, world.cite(&mandate.fact.source)));
    }
    at_most(&parts)
}

fn asked(by: RequestBy) -> String {
    match by {
        RequestBy::AffectedState => "The affected state has to ask",
        RequestBy::AnyParty => "One party to the dispute has to ask",
        RequestBy::AllParties => "All parties to the dispute have to ask",
        RequestBy::None => "Nobody has to ask",
    }
    .to_owned()
}

fn decided(by: &DecidedBy, world: &World) -> String {
    match by {
        DecidedBy::Nobody => "No decision is needed".to_owned(),
        DecidedBy::EachParty => "Each party decides for itself".to_owned(),
        DecidedBy::TopOrgan => "The top organ decides".to_owned(),
        DecidedBy::Body(body) => format!("{} decides", world.name(body)),
    }
}

fn competence(mandate: &Mandate) -> String {
    let force = match mandate.force {
        Force::Duty => "Duty",
        Force::Power => "Power",
        Force::Aim => "Aim",
    };
    let mut text = format!("{force}: {} against {}", mandate.functions.join(", "), mandate.threats.join(", "));
    if !mandate.refrain_from.is_empty() {
        text.push_str(&format!("; to refrain from {}", mandate.refrain_from.join(", ")));
    }
    text
}

fn reach(mandate: &Mandate) -> String {
    let whom = match &mandate.whom {
        Whom::Parties => "the parties of the text".to_owned(),
        Whom::Members => "the members of the organisation".to_owned(),
        Whom::Anyone => "every state".to_owned(),
        Whom::States(states) => states.join(", "),
    };
    let place = match &mandate.place {
        Where::Inside => ", on their soil".to_owned(),
        Where::Anywhere => ", wherever it is".to_owned(),
        Where::Places(places) => format!(", in {}", places.join(", ")),
    };
    format!("Reaches {whom}{place}")
}

fn occasion(mandate: &Mandate) -> Option<String> {
    let occasion = &mandate.occasion;
    let mut conditions = Vec::new();
    let words = |words: Vec<&str>| words.join(" or ").replace('-', " ");
    if !occasion.attacker.is_empty() {
        conditions
            .push(format!("the attacker is {}", words(occasion.attacker.iter().map(|kind| kind.as_str()).collect())));
    }
    match occasion.origin {
        Some(Origin::Outside) => conditions.push("it comes from another state's soil".to_owned()),
        Some(Origin::Inside) => conditions.push("it comes from within".to_owned()),
        None => {}
    }
    if !occasion.at_risk.is_empty() {
        conditions.push(format!("in danger: {}", words(occasion.at_risk.iter().map(|who| who.as_str()).collect())));
    }
    let text = occasion.text.as_deref().map(str::trim);
    match (conditions.is_empty(), text) {
        (true, None) => None,
        (true, Some(text)) => Some(format!("Occasion: {}", clip(text, 200))),
        (false, None) => Some(format!("Occasion: {}", conditions.join(", "))),
        (false, Some(text)) => Some(format!("Occasion: {} ({})", conditions.join(", "), clip(text, 200))),
    }
}

/// The dates of the text, and of the clause where it has its own.
fn dates(mandate: &Mandate, world: &World) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(text) = world.instruments.get(&mandate.instrument) {
        if let Bound::On(date) = text.signed
            && text.signed != text.held.from
        {
            parts.push(format!("Signed {date}"));
        }
        if (text.held.from, text.held.until) != (Bound::Silent, Bound::Silent) {
            parts.push(format!("In force: {}", text.held));
        }
    }
    if (mandate.fact.held.from, mandate.fact.held.until) != (Bound::Silent, Bound::Silent) {
        parts.push(format!("The clause holds: {}", mandate.fact.held));
    }
    parts
}

/// Whole sentences as long as they fit, the last one cut.
fn at_most(parts: &[String]) -> String {
    let mut text = parts
        .iter()
        .map(|part| part.trim_end_matches('.'))
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(". ");
    text.push('.');
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() <= WORDS {
        return text;
    }
    format!("{}…", words.iter().take(WORDS).copied().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_end_after_so_many_words() {
        let parts = vec!["one two three.".to_owned(), "word ".repeat(200)];
        let text = at_most(&parts);
        assert_eq!(text.split_whitespace().count(), WORDS);
        assert!(text.starts_with("one two three. word") && text.ends_with("word…"));
    }
}
