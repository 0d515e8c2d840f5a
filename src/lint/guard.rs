//! Guards that do not fit their rule: wider than what it speaks to, or so narrow that part of it can never run.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{Abstract, about, fits, possible};
use super::{DEAD_BRANCH, Found, Matter, WIDE_GUARD};
use crate::ask::Question;
use crate::ask::vocabulary::{Each, Stage};
use crate::rules::{Rule, Says};
use crate::world::World;

/// Guards that name a threat or a function about which the rule says nothing, or that are never asked.
pub(super) fn wide(matter: &Matter<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for own in &matter.rules {
        let rule = own.rule;
        let mut add = |message: String, help: &str| {
            let mut problem = about(matter, rule, None, WIDE_GUARD, message, "its guard says more");
            problem.problem = problem.problem.help(help);
            found.push(problem);
        };
        let (threats, functions) = asked(rule);
        for (idle, tag) in
            [(!threats && !rule.threats.is_empty(), "threats"), (!functions && !rule.functions.is_empty(), "functions")]
        {
            if idle {
                let message = format!("the guard `@{tag}` of `{}` is never asked: the rule runs all the same", rule.id);
                add(message, "drop the tag, or ask in the body");
            }
        }
        // A rule that says nothing at all under its guard is found by its dead branch.
        if own.says(&matter.world).next().is_none() {
            continue;
        }
        for threat in rule.threats.iter().filter(|_| threats) {
            let spoken = own
                .says(&matter.world)
                .any(|(run, _)| fits(&matter.world.threats, "threat_is", &run.reads, Some(threat)));
            if !spoken {
                add(format!("the guard of `{}` names `{threat}`, and the rule says nothing of it", rule.id), DROP);
            }
        }
        for function in rule.functions.iter().filter(|_| functions) {
            if !speaks_to(&matter.world, own, function) {
                add(format!("the guard of `{}` names `{function}`, and the rule says nothing of it", rule.id), DROP);
            }
        }
    }
    found
}

const DROP: &str = "drop it from the guard, or say something of it";

/// Whether a rule's guards of threats and of functions are asked at all.
fn asked(rule: &Rule) -> (bool, bool) {
    let case = !matches!(rule.each, Each::Organisation | Each::Pair);
    let acts = matches!(rule.each, Each::Response | Each::Overlap);
    (case, case && (acts || rule.stage >= Stage::Coverage))
}

fn speaks_to(world: &World, own: &Abstract<'_>, function: &str) -> bool {
    let rule = own.rule;
    let word = match rule.each {
        Each::Response => Some("response_does"),
        Each::Overlap => Some("overlap_in"),
        _ => None,
    };
    own.says(world).any(|(run, emission)| match (word, rule.stage) {
        (Some(word), _) => fits(&world.functions, word, &run.reads, Some(function)),
        (None, Stage::Coverage) => step_of(&emission.says).is_none_or(|wide| meet(world, function, wide)),
        // From the findings on, what the guard names has only to be called for.
        _ => run.reads.iter().all(|read| {
            read.question.word != "concerns"
                || read.answer.holds
                || !read.question.arguments.iter().any(|own| own == function)
        }),
    })
}

/// The function of which a rule passes or stops a step.
fn step_of(says: &Says) -> Option<&str> {
    match says {
        Says::Passes { function, .. } | Says::Stops { function, .. } => Some(function),
        _ => None,
    }
}

/// Whether a guard lets a rule speak in some cell that what it says of a function reaches.
fn meet(world: &World, guard: &str, wide: &str) -> bool {
    let functions = &world.functions;
    let cells = functions.terms.keys().filter(|cell| functions.is_a(cell, wide));
    cells.into_iter().any(|cell| functions.is_a(cell, guard) || functions.is_a(guard, cell))
}

/// Questions about a threat that the guard shuts out, and things said of a function that it shuts out.
pub(super) fn dead(matter: &Matter<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for own in &matter.rules {
        let (rule, world) = (own.rule, &matter.world);
        let mut told: BTreeSet<(usize, usize)> = BTreeSet::new();
        // Where the body asks: a branch is dead if its question is never answered with yes on a path that some case takes.
        let mut asks: BTreeMap<(usize, usize), (&Question, bool)> = BTreeMap::new();
        for run in own.tree.leaves() {
            for (index, read) in run.reads.iter().enumerate().filter(|(_, read)| read.position != (0, 0)) {
                let within = ["threat_is", "response_does", "overlap_in"].contains(&read.question.word);
                if !within || !read.answer.holds {
                    continue;
                }
                let guard = run.reads.iter().take(index).filter(|own| own.position == (0, 0));
                let with: Vec<_> = guard.chain([read]).cloned().collect();
                asks.entry(read.position).or_insert((&read.question, false)).1 |= possible(world, &with);
            }
        }
        for (position, (question, _)) in asks.into_iter().filter(|(_, (_, live))| !live) {
            let what = question.arguments.first().map(String::as_str).unwrap_or_default();
            let message = format!("`{}` asks for `{what}`, which its guard shuts out", rule.id);
            let mut problem = about(matter, rule, Some(position), DEAD_BRANCH, message, "never yes");
            problem.problem = problem.problem.help("widen the guard, or drop the branch");
            found.push(problem);
        }
        for run in own.tree.leaves() {
            for emission in &run.says {
                let Some(function) = step_of(&emission.says) else { continue };
                let shut = rule.stage == Stage::Coverage
                    && !rule.functions.is_empty()
                    && !rule.functions.iter().any(|guard| meet(world, guard, function));
                if shut && told.insert(emission.position) {
                    let message = format!("`{}` speaks of `{function}`, which its guard shuts out", rule.id);
                    let mut problem = about(matter, rule, Some(emission.position), DEAD_BRANCH, message, "never heard");
                    problem.problem =
                        problem.problem.help("add the function to `@functions`, or drop what is said of it");
                    found.push(problem);
                }
            }
        }
    }
    found
}
