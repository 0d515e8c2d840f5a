//! Rules that contradict themselves: on one path they pass and stop one step, need a function and do not, assert a
//! thesis and deny it, or assert two rivals. Nobody is preferred between the two, so the rule undoes itself.

use super::paths::{about, possible};
use super::{CONTRADICTS_ITSELF, Found, Matter};
use crate::rules::{Emission, Says};
use crate::world::World;

/// Rules with a path on which two things that they say are contrary.
pub(super) fn contradicting(matter: &Matter<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for own in &matter.rules {
        let runs = own.tree.leaves().into_iter().filter(|run| possible(&matter.world, &run.reads));
        let pair = runs.filter_map(|run| contrary_pair(&matter.world, &run.says)).next();
        let Some((one, other)) = pair else { continue };
        let message =
            format!("the rule `{}` says both: {}, and {}", own.rule.id, one.says.position(), other.says.position());
        let mut problem = about(matter, own.rule, Some(other.position), CONTRADICTS_ITSELF, message, "contrary to");
        if let Some(place) = matter.session.rules.place(own.rule, one.position) {
            problem.problem = problem.problem.label(place, "what it says here");
        }
        problem.problem = problem.problem.help("let a condition, or an early `return`, keep the two apart");
        found.push(problem);
    }
    found
}

fn contrary_pair<'a>(world: &World, says: &'a [Emission]) -> Option<(&'a Emission, &'a Emission)> {
    says.iter().enumerate().find_map(|(index, one)| {
        let other = says
            .iter()
            .skip(index + 1)
            .find(|other| contrary(world, &one.says, &other.says) || contrary(world, &other.says, &one.says))?;
        Some((one, other))
    })
}

fn contrary(world: &World, one: &Says, other: &Says) -> bool {
    match (one, other) {
        (Says::Passes { holder, function, step }, Says::Stops { holder: above, function: wide, step: at, .. }) => {
            step == at
                && world.upwards(holder).contains(&above.as_str())
                && world
                    .functions
                    .terms
                    .keys()
                    .any(|own| world.functions.is_a(own, function) && world.functions.is_a(own, wide))
        }
        (Says::Needs { function }, Says::NotNeeded { function: other }) => function == other,
        (Says::Asserts { proposition }, Says::Denies { proposition: other }) => proposition == other,
        (Says::Asserts { proposition }, Says::Asserts { proposition: other }) => {
            world.propositions.get(proposition).is_some_and(|own| own.rivals.contains(other))
        }
        _ => false,
    }
}
