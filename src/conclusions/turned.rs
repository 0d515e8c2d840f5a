//! What is not what it was: causes, and which fact that conclusions stood on became which. What that moved is not known
//! here.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::extract::Extract;
use super::{Conclusions, Fact};

/// What moved something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mover {
    /// A fact of the pack.
    Fact,
    /// A rule.
    Rule,
    /// The scenario: its circumstances, its day.
    Scenario,
    /// Another version of the engine.
    Engine,
    /// What was read does not tell.
    Untold,
}

impl Mover {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Mover::Fact => "a fact",
            Mover::Rule => "a rule",
            Mover::Scenario => "the scenario",
            Mover::Engine => "the engine",
            Mover::Untold => "not told",
        }
    }
}

/// A cause: one thing that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct Cause {
    /// What kind of thing.
    pub mover: Mover,
    /// What it is about.
    pub what: String,
    /// What it was; `None`: it was not there, or that cannot be told.
    pub was: Option<String>,
    /// What it is; `None`: it is gone, or that cannot be told.
    pub now: Option<String>,
    /// The source, with its locator.
    pub source: Option<String>,
    /// File and line today.
    pub place: Option<String>,
}

impl Cause {
    pub(super) fn new(mover: Mover, what: impl Into<String>) -> Self {
        Cause { mover, what: what.into(), was: None, now: None, source: None, place: None }
    }
}

/// Pairs what facts were with what they are: first what is said of the same thing by the same source, then what
/// answers the same question.
pub(super) fn turned<'a>(old: &'a Conclusions, live: &'a Extract) -> BTreeMap<&'a str, Cause> {
    let new = &live.conclusions;
    let mut turned: BTreeMap<&'a str, Cause> = BTreeMap::new();
    // A row that stands as it stood is only no longer read: it moved nothing.
    let stood = |was: &Fact| live.rows.iter().any(|(row, _)| row == was);
    let lost: Vec<(&'a String, &'a Fact)> =
        old.facts.iter().filter(|(key, was)| !new.facts.contains_key(*key) && !stood(was)).collect();
    let gained: Vec<(&'a String, &'a Fact)> =
        new.facts.iter().filter(|(key, _)| !old.facts.contains_key(*key)).collect();
    let mut pairs: Vec<(&'a String, &'a Fact, &'a String, &'a Fact)> = Vec::new();
    let mut used: BTreeSet<&String> = BTreeSet::new();
    let same_source = |a: &Fact, b: &Fact| a.source == b.source && a.stem() == b.stem();
    let same_text = |a: &Fact, b: &Fact| a.text == b.text;
    for alike in [&same_source as &dyn Fn(&Fact, &Fact) -> bool, &same_text] {
        for (old, was) in &lost {
            let near = |(key, now): &&(&'a String, &'a Fact)| !used.contains(*key) && alike(was, now);
            if let (Some((new, now)), false) = (gained.iter().find(near), used.contains(*old)) {
                used.extend([*old, *new]);
                pairs.push((old, was, new, now));
            }
        }
    }
    // On another day other rows answer, and none of them has changed.
    let same_day = old.day == new.day;
    for (place, was) in old.reads.iter().filter(|_| same_day) {
        let Some(now) = new.answered(&place.0, &place.1) else { continue };
        let open = |(key, _): &&(&'a String, &'a Fact), own: &Vec<String>, used: &BTreeSet<&String>| {
            own.contains(key) && !used.contains(*key)
        };
        let before: Vec<_> = lost.iter().filter(|own| open(own, &was.facts, &used)).copied().collect();
        let after: Vec<_> = gained.iter().filter(|own| open(own, &now.facts, &used)).copied().collect();
        if let ([(one, was)], [(two, now)]) = (before.as_slice(), after.as_slice()) {
            used.extend([*one, *two]);
            pairs.push((one, was, two, now));
        }
    }
    for (old, was, new, now) in pairs {
        let cause = changed(was, Some(now), live.places.get(new).cloned());
        turned.insert(old, cause.clone());
        turned.insert(new, cause);
    }
    for (key, was) in lost.iter().filter(|(key, _)| !used.contains(*key)) {
        let cause = match live.rows.iter().find(|(row, _)| same_source(row, was)) {
            Some((row, place)) => changed(was, Some(row), Some(place.clone())),
            None if !same_day => continue,
            None => changed(was, None, None),
        };
        turned.insert(key, cause);
    }
    for (key, now) in gained.iter().filter(|(key, _)| same_day && !used.contains(*key)) {
        let mover = mover(now);
        let cause = Cause {
            now: Some(now.dates().unwrap_or(&now.text).to_owned()),
            source: cited(now),
            place: live.places.get(*key).cloned(),
            ..Cause::new(mover, now.stem())
        };
        turned.insert(key, cause);
    }
    turned
}

fn mover(fact: &Fact) -> Mover {
    if fact.here { Mover::Scenario } else { Mover::Fact }
}

fn changed(was: &Fact, now: Option<&Fact>, place: Option<String>) -> Cause {
    let mover = mover(now.unwrap_or(was));
    let dates = |fact: &Fact| fact.dates().map(str::to_owned);
    let (what, old, new) = match now {
        Some(now) if now.stem() == was.stem() && dates(was) != dates(now) => (was.stem(), dates(was), dates(now)),
        Some(now) if now.text == was.text => (was.text.as_str(), cited(was), cited(now)),
        Some(now) => (was.stem(), Some(was.text.clone()), Some(now.text.clone())),
        None => (was.stem(), Some(dates(was).unwrap_or_else(|| was.text.clone())), None),
    };
    let source = now.and_then(cited).or_else(|| cited(was));
    Cause { was: old, now: new, source, place, ..Cause::new(mover, what) }
}

/// The source of a fact, with its locator.
fn cited(fact: &Fact) -> Option<String> {
    let source = fact.source.as_ref()?;
    Some(match &fact.locator {
        Some(locator) => format!("{source}, {locator}"),
        None => source.clone(),
    })
}
