//! The words of rules for editors and for the reference: signatures, definitions, examples.
//!
//! Examples are written from the kinds of arguments, in the ids of the pack that `mandatum new` writes.

use std::fmt::Write as _;

use crate::ask::vocabulary::{
    ANSWERS, Each, HANDLES, OVERLAP_VERDICTS, RESPONSE_VERDICTS, Stage, Takes, WORDS, Word, word,
};
use crate::world::{AtRisk, AttackerKind, CapabilityLevel, Origin, Role, Standing, Status, Step, Word as ClosedWord};

/// What a rule that asks or says this word runs for at the least, and its tag where it needs one.
pub fn suits(word: &Word) -> Option<&'static str> {
    let each = *word.each.first()?;
    let (name, _) = Each::ALL.iter().find(|(_, own)| *own == each)?;
    (each != Each::State).then_some(*name)
}

/// A word with the names of what it takes: `capable(holder, function, level)`.
pub fn signature(word: &Word) -> String {
    let takes: Vec<String> = word.takes.iter().map(|takes| parameter(*takes).to_owned()).collect();
    let takes = numbered(takes);
    format!("{}({})", word.name, takes.join(", "))
}

/// Repeated names get a number.
fn numbered(names: Vec<String>) -> Vec<String> {
    let several = |name: &String| names.iter().filter(|other| *other == name).count() > 1;
    let number = |index: usize, name: &String| names.iter().take(index + 1).filter(|other| *other == name).count();
    names
        .iter()
        .enumerate()
        .map(|(index, name)| if several(name) { format!("{name}{}", number(index, name)) } else { name.clone() })
        .collect()
}

/// One line that uses the word: a condition for a question, a statement for what is said.
pub fn example(word: &Word) -> String {
    let verdicts = if word.each.contains(&Each::Response) { RESPONSE_VERDICTS } else { OVERLAP_VERDICTS };
    let mut arguments = Vec::new();
    for (index, takes) in word.takes.iter().enumerate() {
        let nth = word.takes.iter().take(index).filter(|earlier| *earlier == takes).count();
        arguments.push(argument(*takes, nth, verdicts));
    }
    let call = format!("{}({})", word.name, arguments.join(", "));
    if word.emits { format!("{call};") } else { format!("if situation.{call} {{ .. }}") }
}

fn argument(takes: Takes, nth: usize, verdicts: &[&str]) -> String {
    let text = match takes {
        Takes::Threat => "flood",
        Takes::Function => "open-shelters",
        Takes::Holder | Takes::Body if nth > 0 => "UNION",
        Takes::Holder | Takes::Body => "LEAGUE",
        Takes::State => "XAA",
        Takes::Instrument => "charter",
        Takes::Attribute => "landlocked",
        Takes::Place => "river-valley",
        Takes::Judgement => "readiness",
        Takes::Question => "help-is-near",
        Takes::Proposition => "league-is-late",
        Takes::WhatIf => "league-relieves",
        Takes::Rule => "charter-3-consult",
        Takes::Date => "2010-04-01",
        Takes::Why => "the article speaks of members only",
        Takes::Count => return "2".to_owned(),
        Takes::Number => return "0.5".to_owned(),
        Takes::Verdict => verdicts.first().copied().unwrap_or_default(),
        Takes::Attacker => "armed-group",
        Takes::Origin => "outside",
        Takes::AtRisk => "population",
        Takes::Role => "observer",
        Takes::Standing => "suspended",
        Takes::Status => "planned",
        Takes::Level => "exercised",
        Takes::Step => "occasion",
        Takes::Authority => "host-consent",
        Takes::Answer => "gap",
    };
    format!("{text:?}")
}

/// The name of a parameter.
fn parameter(takes: Takes) -> &'static str {
    match takes {
        Takes::Threat => "threat",
        Takes::Function => "function",
        Takes::Holder => "holder",
        Takes::Body => "body",
        Takes::State => "state",
        Takes::Instrument => "instrument",
        Takes::Attribute => "attribute",
        Takes::Place => "place",
        Takes::Attacker => "attacker",
        Takes::Origin => "origin",
        Takes::AtRisk => "who",
        Takes::Role => "role",
        Takes::Standing => "standing",
        Takes::Status => "status",
        Takes::Level => "level",
        Takes::Step => "step",
        Takes::Authority => "authority",
        Takes::Judgement => "judgement",
        Takes::Question => "question",
        Takes::Answer => "answer",
        Takes::Verdict => "verdict",
        Takes::Date => "date",
        Takes::Count => "count",
        Takes::Number => "number",
        Takes::Proposition => "proposition",
        Takes::WhatIf => "what_if",
        Takes::Rule => "rule",
        Takes::Why => "why",
    }
}

/// The words that an argument may be, where they belong to the language and not to a pack.
pub(crate) fn closed(takes: Takes, each: &[Each]) -> Vec<&'static str> {
    match takes {
        Takes::Attacker => AttackerKind::WORDS.to_vec(),
        Takes::Origin => Origin::WORDS.to_vec(),
        Takes::AtRisk => AtRisk::WORDS.to_vec(),
        Takes::Role => Role::WORDS.to_vec(),
        Takes::Standing => Standing::WORDS.to_vec(),
        Takes::Status => Status::WORDS.to_vec(),
        Takes::Level => CapabilityLevel::WORDS.to_vec(),
        Takes::Step => Step::WORDS.to_vec(),
        Takes::Authority => vec!["security-council", "host-consent"],
        Takes::Answer => ANSWERS.to_vec(),
        Takes::Verdict => {
            let responses = if each.contains(&Each::Response) { RESPONSE_VERDICTS } else { &[] };
            let overlaps = if each.contains(&Each::Overlap) { OVERLAP_VERDICTS } else { &[] };
            responses.iter().chain(overlaps).copied().collect()
        }
        _ => Vec::new(),
    }
}

/// What each argument takes, in a line for each that says more than its name.
pub(crate) fn arguments(word: &Word) -> Vec<(String, String)> {
    let names = numbered(word.takes.iter().map(|takes| parameter(*takes).to_owned()).collect());
    let mut lines = Vec::new();
    for (name, takes) in names.into_iter().zip(word.takes) {
        let closed = closed(*takes, word.each);
        let what = match takes {
            Takes::Date => "a full day: \"2016-10-14\"".to_owned(),
            Takes::Place => "a state, or any name of a place".to_owned(),
            Takes::Why => "the reason, in words, for the page".to_owned(),
            _ if closed.is_empty() => super::article(takes.name()),
            _ => closed.join(", "),
        };
        lines.push((name, what));
    }
    lines
}

/// Where a word may stand, in words: what it runs for, and from which stage on.
pub(crate) fn standing(word: &Word) -> String {
    let each: Vec<&str> =
        Each::ALL.iter().filter(|(_, each)| word.each.contains(each)).map(|(name, _)| *name).collect();
    let each = if each.len() == Each::ALL.len() { "any".to_owned() } else { each.join(", ") };
    let stage = match (word.stage, word.emits) {
        (Some(stage), true) => format!("stage {}", stage.as_str()),
        (None, _) => "the stage of the rule that it names".to_owned(),
        (Some(Stage::Question), false) => "every stage".to_owned(),
        (Some(stage), false) => format!("stage {} or later", stage.as_str()),
    };
    format!("each: {each}; {stage}")
}

/// Definitions of every word and handle, for the language server of the rule language (`.d.rhai`).
pub fn definitions() -> String {
    let mut text = String::from(
        "// The words of rules, for editors. Written by `mandatum schema rules`; see docs/reference/words.md.\n\nmodule static;\n",
    );
    for word in WORDS {
        let _ = write!(text, "\n/// {}.\n///\n", capital(word.meaning));
        for (name, what) in arguments(word) {
            let _ = writeln!(text, "/// - `{name}`: {what}");
        }
        let _ = writeln!(text, "/// - {}", standing(word));
        let _ = writeln!(text, "///\n/// ```rhai\n/// {}\n/// ```", example(word));
        let names = numbered(word.takes.iter().map(|takes| parameter(*takes).to_owned()).collect());
        let typed = names.iter().zip(word.takes).map(|(name, takes)| {
            let kind = match takes {
                Takes::Count => "int",
                Takes::Number => "float",
                _ => "String",
            };
            format!("{name}: {kind}")
        });
        let situation = (!word.emits).then(|| "situation: Situation".to_owned());
        let parameters: Vec<String> = situation.into_iter().chain(typed).collect();
        let gives = if word.emits { "()" } else { "bool" };
        let _ = writeln!(text, "fn {}({}) -> {gives};", word.name, parameters.join(", "));
    }
    for (handle, asks) in HANDLES {
        let Some(word) = word(asks) else { continue };
        let _ = write!(
            text,
            "\n/// Compared with `==` or `!=`, it asks `{asks}`: {}.\nfn get {handle}(situation: Situation) -> String;\n",
            word.meaning
        );
    }
    text
}

/// The sentence with a capital letter.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
