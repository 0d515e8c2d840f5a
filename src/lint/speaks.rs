//! Rules that never speak: because no world lets them, or because no scenario of the pack is about what they are about.

use super::paths::about;
use super::{CANNOT_SPEAK, Found, Matter, NEVER_SPEAKS};
use crate::world::SourceKind;

/// Rules that say nothing on any path.
pub(super) fn cannot(matter: &Matter<'_>) -> Vec<Found> {
    let silent = matter.rules.iter().filter(|own| own.positions.is_empty());
    silent
        .map(|own| {
            let message = format!("the rule `{}` says nothing, however its questions are answered", own.rule.id);
            let mut found = about(matter, own.rule, None, CANNOT_SPEAK, message, "never speaks");
            found.problem =
                found.problem.help("look for conditions that exclude one another, and for a `return` too early");
            found
        })
        .collect()
}

/// Rules that can speak, and surely speak in no scenario. The engine's own verdicts serve every pack, and are let be.
pub(super) fn never(matter: &Matter<'_>) -> Vec<Found> {
    let never = matter.seen.coverage.never_spoke(&matter.session.rules);
    let core = |source: &str| matter.world.sources.get(source).is_some_and(|own| own.kind == SourceKind::Core);
    let can = |id: &String| matter.rules.iter().find(|own| own.rule.id == *id && !own.positions.is_empty());
    let silent = never.iter().filter_map(can).filter(|own| !core(&own.rule.source));
    silent
        .map(|own| {
            let message = format!("the rule `{}` speaks in no scenario of the pack", own.rule.id);
            let mut found = about(matter, own.rule, None, NEVER_SPEAKS, message, "nothing shows what it does");
            let why = "add a scenario in which it speaks; `mandatum try SCENARIO` answers its questions one by one";
            found.problem = found.problem.help(why);
            found
        })
        .collect()
}
