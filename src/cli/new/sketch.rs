//! A first body for a rule: one question and one thing said, legal in the pack, and changing nothing else that it concludes.

use std::collections::BTreeMap;

use mandatum::answer::report::{AnswerKind, StateResult};
use mandatum::answer::{Evaluated, Options};
use mandatum::ask::vocabulary::{Each, OVERLAP_VERDICTS, RESPONSE_VERDICTS, Stage};
use mandatum::session::Session;
use mandatum::world::{Id, Step};

use super::target::{Target, quoted};

/// What a rule is to be.
pub(super) struct Wanted {
    /// Its id.
    pub(super) id: Id,
    /// What it says.
    pub(super) stage: Stage,
    /// What it runs for.
    pub(super) each: Each,
    /// Its guard.
    pub(super) threats: Vec<Id>,
    /// Its guard.
    pub(super) functions: Vec<Id>,
    /// The thesis or the derived fact that it speaks of.
    pub(super) thesis: Option<Id>,
}

/// What stands in the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body {
    /// What it asks.
    pub(super) asks: String,
    /// What it says.
    pub(super) says: String,
}

/// Bodies to try, the likeliest first; the last speaks nowhere perhaps, and is legal.
pub(super) fn bodies(target: &Target, wanted: &Wanted, seen: &[(Id, Evaluated)]) -> Vec<Body> {
    let mut found = Vec::new();
    for (asks, says) in pairs(target, wanted, seen) {
        let body = Body { asks, says };
        if !found.contains(&body) {
            found.push(body);
        }
    }
    found.truncate(MOST);
    found
}

/// At most so many bodies are tried.
const MOST: usize = 12;

fn why() -> String {
    quoted("TODO: the reason, as the page shall print it")
}

fn pairs(target: &Target, wanted: &Wanted, seen: &[(Id, Evaluated)]) -> Vec<(String, String)> {
    let world = &target.session.pack.world;
    let function = wanted.functions.first().or_else(|| world.functions.terms.keys().next());
    let mut pairs = Vec::new();
    let cases = || seen.iter().flat_map(|(_, evaluated)| &evaluated.evaluation.cases);
    let threat = wanted.threats.first().map(|threat| format!("situation.threat_is({})", quoted(threat)));
    let event = || threat.clone().unwrap_or_else(|| "!situation.standing_condition()".to_owned());
    match (wanted.stage, wanted.each) {
        (Stage::Finding, Each::Response) => {
            for response in cases().flat_map(|case| &case.responses) {
                let stands = response.verdicts.iter().map(|own| own.verdict.as_str());
                for verdict in stands.chain(RESPONSE_VERDICTS.iter().copied()) {
                    let asks = format!("situation.response_by({})", quoted(&response.institution));
                    pairs.push((asks, format!("finds({}, {})", quoted(verdict), why())));
                }
            }
            pairs.push(("!situation.response_declined()".to_owned(), format!("finds(\"within-mandate\", {})", why())));
        }
        (Stage::Finding, Each::Overlap) => {
            for overlap in seen.iter().flat_map(|(_, evaluated)| &evaluated.evaluation.overlaps) {
                let stands = overlap.verdicts.iter().map(|own| own.verdict.as_str());
                for verdict in stands.chain(OVERLAP_VERDICTS.iter().copied()) {
                    let asks = format!("situation.overlap_in({})", quoted(&overlap.function));
                    pairs.push((asks, format!("finds({}, {})", quoted(verdict), why())));
                }
            }
            pairs.push(("situation.overlap_linked()".to_owned(), format!("finds(\"redundancy\", {})", why())));
        }
        (Stage::Coverage, _) => {
            let asks = |state: &str| of_state(target, state).unwrap_or_else(&event);
            for (state, cell, own) in cells(seen) {
                if !wanted.functions.is_empty() && !wanted.functions.contains(cell) {
                    continue;
                }
                for holder in &own.holders {
                    let (holder_id, step) = (quoted(&holder.holder), holder.stops_at.first());
                    let says = match step {
                        Some(step) => format!("stops({holder_id}, {}, \"{step}\", {})", quoted(cell), why()),
                        None => format!("passes({holder_id}, {}, \"{}\")", quoted(cell), Step::Occasion),
                    };
                    pairs.push((asks(state), says));
                }
            }
            let holder = world.bodies.keys().chain(world.states.keys()).next();
            if let (Some(holder), Some(function)) = (holder, function) {
                let says = format!("stops({}, {}, \"occasion\", {})", quoted(holder), quoted(function), why());
                pairs.push((event(), says));
            }
        }
        (Stage::Need, _) => {
            for (state, cell, _) in cells(seen) {
                if wanted.functions.is_empty() || wanted.functions.contains(cell) {
                    let asks = of_state(target, state).unwrap_or_else(&event);
                    pairs.push((asks, format!("needs({})", quoted(cell))));
                }
            }
            pairs.extend(function.map(|function| (event(), format!("needs({})", quoted(function)))));
        }
        (Stage::Finding, _) => {
            // Where nobody answers, a source may well see a gap.
            let (gaps, others): (Vec<_>, Vec<_>) =
                cells(seen).partition(|(_, _, own)| own.available.answer == AnswerKind::Gap);
            for (_, cell, _) in gaps.into_iter().chain(others) {
                if wanted.functions.is_empty() || wanted.functions.contains(cell) {
                    let asks = format!("situation.needed({})", quoted(cell));
                    pairs.push((asks, format!("flag_gap({}, {})", quoted(cell), why())));
                }
            }
            pairs.extend(function.map(|function| {
                (
                    format!("situation.needed({})", quoted(function)),
                    format!("flag_gap({}, {})", quoted(function), why()),
                )
            }));
        }
        (Stage::Question | Stage::Assessment, each) => {
            let thesis = quoted(wanted.thesis.as_deref().unwrap_or_default());
            let word = if wanted.stage == Stage::Question { "establishes" } else { "asserts" };
            let asks: Vec<String> = match each {
                Each::State => {
                    cells(seen).filter_map(|(state, _, _)| of_state(target, state)).chain([event()]).collect()
                }
                Each::Organisation => {
                    world.bodies.keys().map(|body| format!("situation.organisation_is({})", quoted(body))).collect()
                }
                Each::Pair => world.bodies.keys().map(|body| format!("situation.first_is({})", quoted(body))).collect(),
                _ => vec!["!situation.standing_condition()".to_owned(), event()],
            };
            pairs.extend(asks.into_iter().map(|asks| (asks, format!("{word}({thesis})"))));
        }
    }
    pairs
}

/// Every cell: the state, the function, what came out.
fn cells(seen: &[(Id, Evaluated)]) -> impl Iterator<Item = (&str, &String, &StateResult)> {
    let cases = seen.iter().flat_map(|(_, evaluated)| &evaluated.evaluation.cases);
    let needs = cases.flat_map(|case| &case.needs);
    needs.flat_map(|need| need.states.iter().map(|own| (own.state.as_str(), &need.function, own)))
}

/// A question that is likely true of a state: that it is a member somewhere, or bound by something.
fn of_state(target: &Target, state: &str) -> Option<String> {
    let world = &target.session.pack.world;
    let member = world.memberships.iter().find(|row| row.state == state && row.role == mandatum::world::Role::Member);
    let party = world.parties.iter().find(|row| row.state == state);
    member
        .map(|row| format!("situation.member_of({})", quoted(&row.organisation)))
        .or_else(|| party.map(|row| format!("situation.bound_by({})", quoted(&row.instrument))))
}

/// The scenarios that a guard reaches, evaluated.
pub(super) fn evaluated(session: &Session, threats: &[Id]) -> Vec<(Id, Evaluated)> {
    let reaches =
        |loaded: &&mandatum::load::Loaded| {
            threats.is_empty()
                || loaded.scenario.cases.iter().any(|case| {
                    threats.iter().any(|threat| loaded.world.threats.is_a(&case.circumstances.threat, threat))
                })
        };
    let scenarios = session.pack.scenarios.iter().filter(reaches);
    let all = scenarios.filter_map(|loaded| {
        let evaluated = session.evaluate(loaded, &Options::default()).ok()?;
        Some((loaded.scenario.id.clone(), evaluated))
    });
    all.collect()
}

/// What a pack concludes, apart from one rule: the answers of cells and the standing of arguments.
pub(super) fn conclusions(seen: &[(Id, Evaluated)], without: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (scenario, evaluated) in seen {
        for case in &evaluated.evaluation.cases {
            let account = case.account.as_deref().unwrap_or_default();
            for (need, own) in case.needs.iter().flat_map(|need| need.states.iter().map(move |own| (need, own))) {
                let key = format!("{scenario}/{account}/{}/{}/{}", case.id, own.state, need.function);
                found.insert(key, format!("{:?} {:?}", own.on_paper.answer, own.available.answer));
            }
        }
        for own in evaluated.evaluation.arguments.iter().filter(|own| own.rule != without) {
            let key = format!("{scenario}/{:?}/{} {}", own.account, own.id, own.position);
            found.insert(key, format!("{:?}", own.label));
        }
    }
    found
}

/// Where a rule speaks: the ids of its arguments.
pub(super) fn speaks(seen: &[(Id, Evaluated)], rule: &str) -> Vec<String> {
    let all = seen.iter().flat_map(|(scenario, evaluated)| {
        let own = evaluated.evaluation.arguments.iter().filter(|own| own.rule == rule);
        own.map(move |own| format!("{scenario} {}", own.id))
    });
    all.collect()
}
