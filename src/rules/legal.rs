//! The stage of a rule, and whether what it asks and says has a place in it.

use super::check::Seen;
use crate::ask::vocabulary::{Each, OVERLAP_VERDICTS, RESPONSE_VERDICTS, Stage, word};
use crate::diagnostic::{Diagnostic, Place, Problems, suggestion};

/// The stage of a rule, from what it says; several stages in one rule are a problem.
pub(super) fn stage(seen: &Seen, problems: &mut Problems) -> Option<Stage> {
    let said = seen.says.iter().filter_map(|(name, place)| Some((place, *name, word(name)?.stage?)));
    let mut said: Vec<(&Place, &str, Stage)> = said.collect();
    said.sort();
    let (first, name, stage) = *said.first()?;
    for (place, other, another) in said.iter().filter(|(.., another)| *another != stage) {
        let message =
            format!("one rule speaks in two stages: `{name}` in {}, `{other}` in {}", stage.as_str(), another.as_str());
        let problem = Diagnostic::error("two-stages", message, (*place).clone(), "another stage")
            .label(first.clone(), "the first")
            .help("split the rule: each rule speaks in one stage");
        problems.push(problem);
    }
    said.last().map(|(.., stage)| *stage)
}

/// Questions and emissions that are not legal for what the rule runs for, or come before their stage.
pub(super) fn legal(seen: &Seen, each: Each, stage: Option<Stage>, problems: &mut Problems) {
    let name_of = |each: Each| Each::ALL.iter().find(|(_, value)| *value == each).map_or("", |(name, _)| name);
    for (name, place) in seen.asks.iter().chain(&seen.says) {
        let Some(found) = word(name) else { continue };
        if !found.each.contains(&each) {
            let wanted: Vec<String> = found.each.iter().map(|each| format!("`@each {}`", name_of(*each))).collect();
            let verb = if found.emits { "said" } else { "asked" };
            let message = format!("`{name}` cannot be {verb} by a rule that runs for each {}", name_of(each));
            let problem = Diagnostic::error("wrong-scope", message, place.clone(), "not here")
                .help(format!("it needs the tag {}", wanted.join(" or ")));
            problems.push(problem);
            continue;
        }
        if let (false, Some(earliest), Some(stage)) = (found.emits, found.stage, stage)
            && stage < earliest
        {
            let message = format!("`{name}` asks for what is concluded only after this rule has spoken");
            let problem = Diagnostic::error("too-early", message, place.clone(), "not known yet").help(format!(
                "this rule speaks in the stage {}; only rules of the stage {} or later may ask it",
                stage.as_str(),
                earliest.as_str()
            ));
            problems.push(problem);
        }
    }
    let verdicts = if each == Each::Overlap { OVERLAP_VERDICTS } else { RESPONSE_VERDICTS };
    for (verdict, place) in &seen.verdicts {
        if !verdicts.contains(&verdict.as_str()) {
            let message = format!("`{verdict}` is no verdict for each {}", name_of(each));
            let mut problem = Diagnostic::error("unknown-word", message, place.clone(), "not here");
            problem.help = suggestion(verdict, verdicts.iter().copied());
            problems.push(problem);
        }
    }
}
