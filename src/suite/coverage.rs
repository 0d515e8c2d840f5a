//! How much of the rules the tests and the scenarios went through, by file and rule, with what they never reached.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::Ran;
use crate::coverage::branches::{Part, RuleCoverage, branches};
use crate::coverage::{Row, rows};
use crate::diagnostic::{Diagnostic, Place};
use crate::load::CORE;
use crate::session::Session;
use crate::world::Id;

/// How much of the rules was gone through. Rules built into the binary are not counted.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Coverage {
    /// Of all rules.
    pub all: Count,
    /// By file.
    pub files: Vec<FileCoverage>,
    /// The dated rows of the shared world.
    pub facts: FactCount,
    /// Rules with too many worlds to know what can be reached in them: not counted.
    pub too_large: Vec<String>,
    /// Rules that never spoke: neither in a test of rules nor, surely, in a scenario.
    pub never_spoke: Vec<String>,
    /// Rules that spoke and were never silent.
    pub never_silent: Vec<String>,
}

/// Parts of rules: answers of a guard, answers at a place in the rule, places where something is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Count {
    /// Parts that some world reaches.
    pub parts: usize,
    /// Those that tests of rules went through.
    pub tested: usize,
    /// Those that anything went through: tests of rules, or evaluating the scenarios.
    pub exercised: usize,
    /// The exercised ones in percent, to one decimal; 100 where there are none.
    pub percent: f64,
}

/// Dated rows of the shared world that an answer could stand on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FactCount {
    /// All of them.
    pub rows: usize,
    /// Those behind an answer: asked for by a rule, or by a step of the ladder.
    pub behind: usize,
    /// These in percent, to one decimal; 100 where there are none.
    pub percent: f64,
    /// The others: table and id, file and line.
    pub unread: Vec<String>,
}

/// One file of rules.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FileCoverage {
    /// Its path.
    pub file: String,
    /// Of all its rules.
    pub all: Count,
    /// By rule.
    pub rules: Vec<RuleReport>,
}

/// One rule.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RuleReport {
    /// The rule.
    pub rule: String,
    /// Of its parts.
    pub all: Count,
    /// What was never reached.
    pub missing: Vec<Missing>,
}

/// A part of a rule that nothing went through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Missing {
    /// The line in its file.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
    /// What never happened there.
    pub text: String,
}

impl Count {
    fn add(&mut self, other: &Count) {
        *self = Count::of(self.parts + other.parts, self.tested + other.tested, self.exercised + other.exercised);
    }

    fn of(parts: usize, tested: usize, exercised: usize) -> Self {
        Count { parts, tested, exercised, percent: percent(exercised, parts) }
    }
}

/// A share in percent, cut to one decimal; 100 of nothing.
fn percent(part: usize, all: usize) -> f64 {
    if all == 0 { 100.0 } else { (part as f64 * 1000.0 / all as f64).floor() / 10.0 }
}

fn facts(session: &Session, ran: &Ran) -> FactCount {
    let world = &session.pack.world;
    let unread = ran.facts.unread(world);
    let (all, behind) = (rows(world).len(), rows(world).len() - unread.len());
    let shown = |row: &Row| format!("{} {} ({}:{})", row.table, row.id, row.place.file, row.place.line);
    FactCount { rows: all, behind, percent: percent(behind, all), unread: unread.iter().map(shown).collect() }
}

/// What running tests with coverage found.
pub fn coverage(session: &Session, ran: &Ran) -> Coverage {
    let mut files: BTreeMap<String, FileCoverage> = BTreeMap::new();
    let mut all = Count::of(0, 0, 0);
    let mut too_large = Vec::new();
    for own in counted(session, ran) {
        let Some(reach) = &own.reach else {
            too_large.push(own.rule.clone());
            continue;
        };
        let count = Count::of(reach.len(), own.tested.len(), own.exercised.len());
        all.add(&count);
        let new = || FileCoverage { file: own.file.clone(), all: Count::of(0, 0, 0), rules: Vec::new() };
        let file = files.entry(own.file.clone()).or_insert_with(new);
        file.all.add(&count);
        let missing = missing(session, &own).into_iter();
        let missing = missing.map(|(place, text)| Missing { line: place.line, column: place.column, text }).collect();
        file.rules.push(RuleReport { rule: own.rule.clone(), all: count, missing });
    }
    let counted = |own: Vec<Id>| {
        let of = |id: &Id| session.rules.rules.get(id).is_some_and(|rule| rule.source != CORE);
        own.into_iter().filter(of).collect()
    };
    Coverage {
        all,
        files: files.into_values().collect(),
        facts: facts(session, ran),
        too_large,
        never_spoke: counted(ran.spoke.never_spoke(&session.rules)),
        never_silent: counted(ran.spoke.never_silent(&session.rules)),
    }
}

/// Rules with parts that nothing went through, each as a problem that underlines them.
pub fn unexercised(session: &Session, ran: &Ran) -> Vec<Diagnostic> {
    let problems = counted(session, ran).filter_map(|own| {
        let missing = missing(session, &own);
        let parts = own.reach.as_ref().map_or(0, |reach| reach.len());
        let count = own.missing().count();
        let mut labels = missing.into_iter();
        let (place, text) = labels.next()?;
        let message = format!("`{}`: {count} of {parts} parts are never exercised", own.rule);
        let problem = Diagnostic::error("not-exercised", message, place, text).as_warning();
        Some(labels.fold(problem, |problem, (place, text)| problem.label(place, text)))
    });
    problems.collect()
}

/// The same as a trace file of the LCOV tools: for each line how many of its parts were gone through, and each branch.
pub fn lcov(session: &Session, ran: &Ran) -> String {
    let mut files: BTreeMap<String, Vec<RuleCoverage>> = BTreeMap::new();
    for own in counted(session, ran).filter(|own| own.reach.is_some()) {
        files.entry(own.file.clone()).or_default().push(own);
    }
    let mut text = String::new();
    for (file, rules) in files {
        let _ = writeln!(text, "TN:\nSF:{file}");
        let (mut lines, mut branches): (BTreeMap<usize, usize>, Vec<(usize, bool)>) = (BTreeMap::new(), Vec::new());
        for own in &rules {
            let head = session.rules.rules.get(&own.rule).map_or(1, |rule| rule.place.line);
            for part in own.reach.iter().flatten() {
                let line = part.position().map_or(head, |(line, _)| line);
                let taken = own.exercised.contains(part);
                *lines.entry(line).or_default() += usize::from(taken);
                if !matches!(part, Part::Said(_)) {
                    branches.push((line, taken));
                }
            }
        }
        branches.sort_by_key(|(line, _)| *line);
        for (number, (line, taken)) in branches.iter().enumerate() {
            let _ = writeln!(text, "BRDA:{line},0,{number},{}", usize::from(*taken));
        }
        let _ = writeln!(text, "BRF:{}", branches.len());
        let _ = writeln!(text, "BRH:{}", branches.iter().filter(|(_, taken)| *taken).count());
        for (line, hits) in &lines {
            let _ = writeln!(text, "DA:{line},{hits}");
        }
        let _ = writeln!(text, "LF:{}", lines.len());
        let _ = writeln!(text, "LH:{}", lines.values().filter(|hits| **hits > 0).count());
        text.push_str("end_of_record\n");
    }
    text
}

fn counted<'r>(session: &'r Session, ran: &'r Ran) -> impl Iterator<Item = RuleCoverage> + 'r {
    let own = branches(&session.rules, &ran.reach, &ran.exercised).into_iter();
    own.filter(|own| session.rules.rules.get(&own.rule).is_some_and(|rule| rule.source != CORE))
}

/// What of a rule was never reached, place by place.
fn missing(session: &Session, own: &RuleCoverage) -> Vec<(Place, String)> {
    let Some(rule) = session.rules.rules.get(&own.rule) else { return Vec::new() };
    let mut at: BTreeMap<Place, Vec<String>> = BTreeMap::new();
    for part in own.missing() {
        let word = |holds: &bool| if *holds { "yes" } else { "no" };
        let (position, text) = match part {
            Part::Guard(question, holds) => (None, format!("its guard never answered {question} {}", word(holds))),
            Part::Branch(position, question, holds) => {
                (Some(*position), format!("never answered {} here: {question}", word(holds)))
            }
            Part::Said(position) => (Some(*position), "never said".to_owned()),
        };
        let place = position.and_then(|position| session.rules.term(rule, position));
        at.entry(place.unwrap_or_else(|| rule.place.clone())).or_default().push(text);
    }
    at.into_iter().map(|(place, texts)| (place, texts.join("; "))).collect()
}
