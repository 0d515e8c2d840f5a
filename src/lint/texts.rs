//! Texts that claim more than the rule asked: a date, a number or a name that no question on the path, no argument and no
//! guard stands for. A reader would take it for a finding of the rule.

use std::collections::BTreeSet;

use super::paths::{Abstract, about};
use super::{Found, Matter, UNASKED_TEXT};
use crate::rules::{Run, Says};
use crate::world::World;

/// Emissions whose text states what was not asked.
pub(super) fn unasked(matter: &Matter<'_>) -> Vec<Found> {
    let names = names(&matter.world);
    let mut found = Vec::new();
    for own in &matter.rules {
        let mut told = BTreeSet::new();
        for (run, emission) in own.says(&matter.world) {
            let Some(why) = why(&emission.says) else { continue };
            let Some(stated) = beyond(&matter.world, own, run, &emission.says, why, &names) else { continue };
            if !told.insert((emission.position, stated.clone())) {
                continue;
            }
            let message = format!("the text of `{}` states `{stated}`, which the rule did not ask for", own.rule.id);
            let mut problem = about(matter, own.rule, Some(emission.position), UNASKED_TEXT, message, "this text");
            problem.problem = problem.problem.help("ask for it, or leave it to the doc comment");
            found.push(problem);
        }
    }
    found
}

fn why(says: &Says) -> Option<&str> {
    match says {
        Says::Stops { why, .. }
        | Says::Finds { why, .. }
        | Says::FlagGap { why, .. }
        | Says::FlagOverlap { why, .. } => Some(why),
        _ => None,
    }
}

/// An id, and what it is called in print.
type Named<'w> = (&'w str, &'w str);

/// States, bodies and texts, the longest names first. A name that is an ordinary word names nothing.
fn names(world: &World) -> Vec<Named<'_>> {
    let proper =
        |name: &str| name.chars().any(|letter| letter.is_uppercase() || letter.is_ascii_digit() || letter == '-');
    let states = world.states.values().flat_map(|own| [(own.id.as_str(), own.name.as_str()), (&own.id, &own.id)]);
    let bodies = world.bodies.values().flat_map(|own| [(own.id.as_str(), own.name.as_str()), (&own.id, &own.id)]);
    let texts = world.instruments.values().flat_map(|own| [(own.id.as_str(), own.title.as_str()), (&own.id, &own.id)]);
    let mut names: Vec<Named<'_>> = states.chain(bodies).chain(texts).filter(|(_, name)| proper(name)).collect();
    names.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
    names
}

/// The first thing that a text states and that its path does not stand for.
fn beyond(world: &World, own: &Abstract<'_>, run: &Run, says: &Says, why: &str, names: &[Named<'_>]) -> Option<String> {
    let rule = own.rule;
    let mut known: BTreeSet<&str> =
        run.reads.iter().flat_map(|read| &read.question.arguments).map(String::as_str).collect();
    known.extend(rule.threats.iter().chain(&rule.functions).map(String::as_str));
    known.extend(arguments(says));
    // Whose text it is may be named, and so may what stands above a body that was asked about.
    let texts =
        world.instruments.values().filter(|text| text.source == rule.source || known.contains(text.id.as_str()));
    let texts: Vec<_> = texts.collect();
    known.extend(texts.iter().flat_map(|text| [Some(text.id.as_str()), text.organisation.as_deref()]).flatten());
    let above: Vec<&str> = known.iter().flat_map(|body| world.upwards(body)).collect();
    known.extend(above.iter().map(|body| world.line(body)));
    known.extend(above);
    // What a derived fact or a judgement is about was asked with it, and a closed word stands for what it is called in print.
    let asked = known.iter().flat_map(|id| {
        let judged = world.judgements.get(*id).map(|own| own.text.as_str());
        [world.questions.get(*id).map(String::as_str), judged].into_iter().flatten()
    });
    let asked: Vec<&str> = asked.collect();
    let stands = |(id, name): &&Named<'_>| {
        known.contains(id)
            || known.contains(name.to_lowercase().replace(' ', "-").as_str())
            || asked.iter().any(|text| find(text, name).is_some())
    };
    let mut rest = why.to_owned();
    for (_, name) in names.iter().filter(stands) {
        while let Some(at) = find(&rest, name) {
            rest.replace_range(at..at + name.len(), &" ".repeat(name.len()));
        }
    }
    if let Some((_, name)) = names.iter().find(|(_, name)| find(&rest, name).is_some()) {
        return Some((*name).to_owned());
    }
    let source = world.sources.get(&rule.source);
    let mut stood: Vec<String> = known.iter().map(|id| (*id).to_owned()).collect();
    stood.extend(names.iter().filter(|(id, _)| known.contains(id)).map(|(_, name)| (*name).to_owned()));
    stood.extend(texts.iter().map(|text| text.title.clone()));
    stood.extend(asked.iter().map(|text| (*text).to_owned()));
    stood.extend(rule.at.clone());
    stood.extend(source.iter().map(|source| source.title.clone()));
    stood.extend(source.and_then(|source| source.year).map(|year| year.to_string()));
    let stood: BTreeSet<&str> = stood.iter().flat_map(|text| numbers(text)).collect();
    numbers(&rest).find(|number| !stood.contains(number)).map(str::to_owned)
}

/// Runs of digits.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_digit()).filter(|run| !run.is_empty())
}

/// Where a name stands in a text as a word of its own.
fn find(text: &str, name: &str) -> Option<usize> {
    let inside = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric());
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
        !inside(before) && !inside(after)
    })
}

/// The ids in what is said.
fn arguments(says: &Says) -> Vec<&str> {
    match says {
        Says::Stops { holder, function, .. } => vec![holder, function],
        Says::FlagGap { function, .. } => vec![function],
        Says::FlagOverlap { function, holders: [one, other], .. } => vec![function, one, other],
        _ => Vec::new(),
    }
}
