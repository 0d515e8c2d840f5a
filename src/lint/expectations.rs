//! Expectations that cannot fail: they state nothing, they expect the absence of what cannot be, or another one says it already.

use super::{Found, IDLE_EXPECTATION, Matter};
use crate::diagnostic::Diagnostic;
use crate::load::Loaded;
use crate::rules::Says;
use crate::world::Expectation;
use crate::world::scenario::Expected;

/// Expectations of scenarios and of their what-ifs that no outcome violates.
pub(super) fn idle(matter: &Matter<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for loaded in &matter.session.pack.scenarios {
        let scenario = &loaded.scenario;
        let own = scenario.what_ifs.iter().map(|what_if| what_if.expectations.as_slice());
        for listed in std::iter::once(scenario.expectations.as_slice()).chain(own) {
            found.extend(among(matter, loaded, listed));
        }
    }
    found
}

fn among(matter: &Matter<'_>, loaded: &Loaded, listed: &[Expectation]) -> Vec<Found> {
    let mut found = Vec::new();
    for (index, expectation) in listed.iter().enumerate() {
        if let Some(why) = nothing(&expectation.about).or_else(|| impossible(matter, loaded, &expectation.about)) {
            found.push(problem(expectation, why).into());
            continue;
        }
        let before = listed.iter().take(index).map(|other| (other, true));
        let after = listed.iter().skip(index + 1).map(|other| (other, false));
        // Of two that say the same the later one is the repetition.
        let said = before.chain(after).find(|(other, earlier)| {
            asked_alike(expectation, other)
                && implied(&expectation.about, &other.about)
                && (*earlier || !implied(&other.about, &expectation.about))
        });
        if let Some((other, _)) = said {
            let problem = problem(expectation, "another expectation says it already".to_owned());
            found.push(problem.label(other.place.clone(), "said here").into());
        }
    }
    found
}

fn problem(expectation: &Expectation, why: String) -> Diagnostic {
    let message = format!("this expectation cannot fail: {why}");
    let problem = Diagnostic::error(IDLE_EXPECTATION, message, expectation.place.clone(), "tests nothing");
    problem.help("say what has to come out, or drop it")
}

/// What is left out, where nothing is stated.
fn nothing(about: &Expected) -> Option<String> {
    let Expected::Cell { on_paper, available, used, holder, stops_at, because, depends_on, .. } = about else {
        return None;
    };
    let states =
        on_paper.is_some() || available.is_some() || used.is_some() || !because.is_empty() || !depends_on.is_empty();
    if stops_at.is_some() && holder.is_none() {
        return (!states).then(|| "`stops_at` is read only beside a `holder`".to_owned());
    }
    (!states && holder.is_none()).then(|| "it names a cell and says nothing of it".to_owned())
}

/// Why something that is expected to be absent cannot be there.
fn impossible(matter: &Matter<'_>, loaded: &Loaded, about: &Expected) -> Option<String> {
    match about {
        Expected::Proposition { proposition, label, .. } if label == "absent" => {
            let speaks =
                matter.rules.iter().flat_map(|own| own.says(&matter.world)).any(|(_, emission)| match &emission.says {
                    Says::Asserts { proposition: own } | Says::Denies { proposition: own } => own == proposition,
                    Says::Recommends { what_if } => what_if == proposition,
                    _ => false,
                });
            (!speaks && readable(matter)).then(|| format!("no rule speaks of `{proposition}`"))
        }
        Expected::Argument { argument, label, position, .. } if label == "absent" => {
            let (rule, at) = argument.split_once('@')?;
            if !matter.session.rules.rules.contains_key(rule) {
                let mandate = loaded.world.mandates.iter().any(|row| row.fact.id == rule);
                return (!mandate && readable(matter)).then(|| format!("there is no rule `{rule}`"));
            }
            let case = at.split('/').next().unwrap_or(at);
            let known = loaded.scenario.cases.iter().any(|own| own.id == case);
            if at.contains('/') && !known {
                return Some(format!("the scenario has no case `{case}`"));
            }
            let own = matter.rules.iter().find(|own| own.rule.id == rule)?;
            let position = position.as_ref()?;
            let never = !own.positions.iter().any(|own| own.contains(position.as_str()));
            never.then(|| format!("the rule `{rule}` never says `{position}`"))
        }
        _ => None,
    }
}

/// Whether all that rules may say is known.
fn readable(matter: &Matter<'_>) -> bool {
    matter.rules.len() == matter.session.rules.rules.len() && matter.session.rules.unreadable().is_empty()
}

/// Whether two expectations look at the same evaluation.
fn asked_alike(one: &Expectation, other: &Expectation) -> bool {
    (&one.account, &one.lens, one.as_of, one.unchanged) == (&other.account, &other.lens, other.as_of, other.unchanged)
}

/// Whether the second says all that the first says.
fn implied(one: &Expected, other: &Expected) -> bool {
    let same = |own: &Option<String>, theirs: &Option<String>| own.is_none() || own == theirs;
    match (one, other) {
        (
            Expected::Cell { cell, on_paper, available, used, holder, stops_at, because, depends_on },
            Expected::Cell {
                cell: their_cell,
                on_paper: their_paper,
                available: their_available,
                used: their_used,
                holder: their_holder,
                stops_at: their_stops,
                because: their_because,
                depends_on: their_depends,
            },
        ) => {
            // Of a holder, all is said of that holder; of none, of the cell as a whole.
            cell == their_cell
                && holder.as_ref().is_none_or(|_| holder == their_holder)
                && (because.is_empty() || holder == their_holder || holder.is_none())
                && same(on_paper, their_paper)
                && same(available, their_available)
                && same(used, their_used)
                && (stops_at.is_none() || stops_at == their_stops)
                && because.iter().all(|own| their_because.contains(own))
                && depends_on.iter().all(|own| their_depends.contains(own))
        }
        _ => one == other,
    }
}
