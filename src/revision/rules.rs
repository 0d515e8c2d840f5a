//! Rules of two versions: added, gone, and changed, by what they say under every answer to their questions.
//!
//! Two rules are run side by side with every question free (see `RuleSet::paths`), so that both meet the same answers. A
//! rule whose text changed and that says the same on every path says the same in every world.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::vocabulary::Each;
use crate::ask::{Read, Tree, explore};
use crate::rules::{Rule, RuleSet, Run, Supposed};
use crate::session::Session;
use crate::world::{Id, World};

/// Paths that are tried for one pair of rules.
const MOST_PATHS: usize = 4096;

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RuleKind {
    /// Only the second version has it.
    Added,
    /// Only the first version has it.
    Gone,
    /// Both have it, and it is not the same.
    Changed,
}

/// What a changed rule says, against what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Speech {
    /// The same in every world: only its text or its tags changed.
    Equal,
    /// All that it said, and more: it speaks in more worlds.
    Looser,
    /// Less, and nothing new: it speaks in fewer worlds.
    Stricter,
    /// Something else.
    Incomparable,
    /// Not known: one of the two cannot be used, or has more paths than are tried.
    Unknown,
}

impl Speech {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Speech::Equal => "the same in every world",
            Speech::Looser => "looser",
            Speech::Stricter => "stricter",
            Speech::Incomparable => "incomparable",
            Speech::Unknown => "not compared",
        }
    }
}

/// A rule that is not the same in both versions.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RuleChange {
    /// The rule.
    pub rule: String,
    /// What became of it.
    pub kind: RuleKind,
    /// For a changed rule: what it says, against what it said.
    pub speech: Option<Speech>,
    /// What else of it changed: its text, its tags.
    pub changed: Vec<String>,
    /// Answers under which the two do not say the same; the fewest that were found.
    pub given: Vec<String>,
    /// What the first says then.
    pub was: Vec<String>,
    /// What the second says then.
    pub now: Vec<String>,
    /// Whose argument it is.
    pub source: String,
    /// File and line: in the second version, else in the first.
    pub place: String,
}

/// Rules that changed, in order, and how many are the same.
pub(super) fn rules([first, second]: [&Session; 2]) -> (Vec<RuleChange>, usize) {
    let worlds = [Arc::new(first.widest()), Arc::new(second.widest())];
    let ids: BTreeSet<&Id> = first.rules.rules.keys().chain(second.rules.rules.keys()).collect();
    let mut found = Vec::new();
    let mut same = 0;
    for id in ids {
        match (first.rules.rules.get(id), second.rules.rules.get(id)) {
            (Some(was), Some(now)) => match changed([&first.rules, &second.rules], [was, now], &worlds) {
                Some(change) => found.push(change),
                None => same += 1,
            },
            (Some(was), None) => found.push(RuleChange::new(was, RuleKind::Gone)),
            (None, Some(now)) => found.push(RuleChange::new(now, RuleKind::Added)),
            (None, None) => {}
        }
    }
    (found, same)
}

impl RuleChange {
    fn new(rule: &Rule, kind: RuleKind) -> Self {
        RuleChange {
            rule: rule.id.clone(),
            kind,
            speech: None,
            changed: Vec::new(),
            given: Vec::new(),
            was: Vec::new(),
            now: Vec::new(),
            source: rule.source.clone(),
            place: format!("{}:{}", rule.place.file, rule.place.line),
        }
    }
}

/// What two rules of one id say on one path.
struct Pair {
    reads: Vec<Read>,
    was: BTreeSet<String>,
    now: BTreeSet<String>,
}

/// What changed in a rule; `None` if nothing did.
fn changed(sets: [&RuleSet; 2], [was, now]: [&Rule; 2], worlds: &[Arc<World>; 2]) -> Option<RuleChange> {
    let mut change = RuleChange { changed: differences(sets, [was, now]), ..RuleChange::new(now, RuleKind::Changed) };
    let [first, second] = sets;
    let failed = |set: &RuleSet, rule: &Rule| set.failed().contains_key(&rule.id);
    if failed(first, was) || failed(second, now) {
        // Neither can be run: what is written is all there is to compare.
        change.speech = Some(Speech::Unknown);
        return (failed(first, was) != failed(second, now) || !change.changed.is_empty()).then_some(change);
    }
    let [before, after] = worlds;
    let tree = explore(MOST_PATHS, &mut |chosen| {
        // What one answer implies for another is read in the second version's world on both sides.
        let one = first.run(was, before, &Supposed::under(after, chosen))?;
        let other = second.run(now, after, &Supposed::under(after, chosen))?;
        let mut reads: BTreeMap<String, Read> = BTreeMap::new();
        for read in one.reads.iter().chain(other.reads.iter()) {
            reads.entry(read.question.to_string()).or_insert_with(|| read.clone());
        }
        Ok(Pair { reads: reads.into_values().collect(), was: said(&one), now: said(&other) })
    });
    // A rule may fail as it runs.
    let tree = tree.ok().filter(|_| !failed(first, was) && !failed(second, now));
    let Some(tree) = tree else {
        change.speech = Some(Speech::Unknown);
        return (!change.changed.is_empty()).then_some(change);
    };
    change.speech = Some(speech(&tree));
    if let Some(pair) = tree.leaves().into_iter().filter(|pair| pair.was != pair.now).min_by_key(|own| own.reads.len())
    {
        let answered = |read: &Read| format!("{}: {}", read.question, if read.answer.holds { "yes" } else { "no" });
        change.given = pair.reads.iter().map(answered).collect();
        change.was = pair.was.iter().cloned().collect();
        change.now = pair.now.iter().cloned().collect();
    }
    (change.speech != Some(Speech::Equal) || !change.changed.is_empty()).then_some(change)
}

fn said(run: &Run) -> BTreeSet<String> {
    run.says.iter().map(|own| own.says.position()).collect()
}

fn speech(tree: &Tree<Pair>) -> Speech {
    let leaves = tree.leaves();
    let more = leaves.iter().any(|pair| !pair.now.is_subset(&pair.was));
    let less = leaves.iter().any(|pair| !pair.was.is_subset(&pair.now));
    match (more, less) {
        (false, false) => Speech::Equal,
        (true, false) => Speech::Looser,
        (false, true) => Speech::Stricter,
        (true, true) => Speech::Incomparable,
    }
}

/// What of two rules is not written alike, spaces and comments aside.
fn differences([first, second]: [&RuleSet; 2], [was, now]: [&Rule; 2]) -> Vec<String> {
    let each = |rule: &Rule| Each::ALL.iter().find(|(_, own)| *own == rule.each).map_or("", |(name, _)| name);
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
    let listed = |ids: &[Id]| if ids.is_empty() { "any".to_owned() } else { ids.join(", ") };
    let over = |rule: &Rule| rule.overrides.iter().map(|(id, why)| format!("{id} ({why})")).collect::<Vec<_>>();
    let force = |rule: &Rule| if rule.strict { "strict" } else { "defeasible" }.to_owned();
    let at = |rule: &Rule| rule.at.clone().unwrap_or_else(|| "none".to_owned());
    let mut found = Vec::new();
    if words(first.text(was)) != words(second.text(now)) {
        found.push("its text".to_owned());
    }
    if was.doc != now.doc || was.notes != now.notes {
        found.push("its comment".to_owned());
    }
    let mut told = |what: &str, was: String, now: String| {
        if was != now {
            found.push(format!("{what}: {was} → {now}"));
        }
    };
    told("source", was.source.clone(), now.source.clone());
    told("place in its source", at(was), at(now));
    told("threats", listed(&was.threats), listed(&now.threats));
    told("functions", listed(&was.functions), listed(&now.functions));
    told("runs for each", each(was).to_owned(), each(now).to_owned());
    told("stage", was.stage.as_str().to_owned(), now.stage.as_str().to_owned());
    told("force", force(was), force(now));
    told("hedge", was.hedge.as_str().to_owned(), now.hedge.as_str().to_owned());
    told("overrides", listed(&over(was)), listed(&over(now)));
    found
}
