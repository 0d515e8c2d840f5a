//! What waits for a decision, as a change of conclusions: causes, each with what it moved, and the taking over of single
//! conclusions into what is stored. How it is shown and where it is stored is not known here.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::cause::Causes;
use super::extract::Extract;
use super::file::Snapshot;
use super::moved::{Moved, Weight, moved, sentence};
use super::turned::Cause;
use super::{Conclusion, Conclusions, Fact, Kind, Name};
use crate::session::Session;

/// The version of the shape in which a review is printed.
pub const SCHEMA: &str = "mandatum/review/1";

/// Why a scenario waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It concludes something else than what is stored.
    Differs,
    /// Nothing is stored of it.
    New,
    /// It is stored, and gone.
    Gone,
}

/// One scenario that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Waiting {
    /// The scenario.
    pub scenario: String,
    /// Why it waits.
    pub state: State,
    /// How many of its conclusions say something else, are new or are gone.
    pub moved: usize,
    /// How many stand as they did, on other grounds.
    pub on_other_grounds: usize,
    /// Whether the pack has changed since what waits was written.
    pub stale: bool,
    /// What a new scenario concludes, cell by cell.
    pub cells: Vec<String>,
}

/// One conclusion that moved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Consequence {
    /// How much it weighs.
    pub weight: Weight,
    /// The scenario.
    pub scenario: String,
    /// Which conclusion: as `--conclusion` takes it.
    pub conclusion: String,
    /// What became of it, in a sentence.
    pub text: String,
    /// On the way from the cause to it.
    pub because: Vec<String>,
}

/// One cause, or several that moved the same conclusions together, with what they moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Caused {
    /// The causes.
    pub causes: Vec<Cause>,
    /// What moved, the weightiest first.
    pub moved: Vec<Consequence>,
}

/// Everything that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Review {
    /// The version of this shape.
    pub schema: &'static str,
    /// What was opened.
    pub pack: String,
    /// The scenarios that wait.
    pub scenarios: Vec<Waiting>,
    /// What moved, by cause.
    pub causes: Vec<Caused>,
    /// Scenarios that conclude something else than what is stored and were not compared yet.
    pub not_compared: Vec<String>,
}

/// Where each rule stands: the name of its file, and file and line.
pub fn rules(session: &Session) -> BTreeMap<String, (String, String)> {
    let told = session.rules.rules.values().map(|rule| {
        let file = rule.place.file.rsplit('/').next().unwrap_or_default().trim_end_matches(".rhai");
        (rule.id.clone(), (file.to_owned(), format!("{}:{}", rule.place.file, rule.place.line)))
    });
    told.collect()
}

/// What moved between a stored snapshot and what waits, with causes. `now` is what the pack concludes today: where it is
/// not what waits, causes are sought in it all the same.
pub fn consequences(
    old: &Snapshot,
    new: &Snapshot,
    now: &Extract,
    rules: &BTreeMap<String, (String, String)>,
    names: &BTreeMap<String, String>,
) -> Vec<(BTreeSet<Cause>, Consequence)> {
    let found = moved(&old.conclusions, &new.conclusions);
    let mut causes = Causes::new(old, now, rules, &found);
    let mut told = Vec::new();
    for one in &found {
        let why = causes.why(one);
        let spelled = spelled(one, &old.conclusions, &new.conclusions);
        let consequence = Consequence {
            weight: one.weight,
            scenario: new.conclusions.scenario.clone(),
            conclusion: one.name.to_string(),
            text: sentence(&spelled, names),
            because: why.because,
        };
        told.push((why.causes, consequence));
    }
    told
}

/// The scenarios' moves, those with the same causes together: the weightiest causes first.
pub fn grouped(told: Vec<(BTreeSet<Cause>, Consequence)>) -> Vec<Caused> {
    let known: BTreeSet<Cause> =
        told.iter().flat_map(|(causes, _)| causes).filter(|own| own.was.is_some()).cloned().collect();
    // What a fact was is told by the scenario that read it before.
    let fuller = |own: Cause| {
        let same = |known: &&Cause| own.now.is_some() && **known == Cause { was: known.was.clone(), ..own.clone() };
        if own.was.is_none() { known.iter().find(same).cloned().unwrap_or(own) } else { own }
    };
    let mut groups: BTreeMap<Vec<Cause>, Vec<Consequence>> = BTreeMap::new();
    for (causes, consequence) in told {
        let causes: BTreeSet<Cause> = causes.into_iter().map(fuller).collect();
        groups.entry(causes.into_iter().collect()).or_default().push(consequence);
    }
    let mut found: Vec<Caused> = groups
        .into_iter()
        .map(|(causes, mut moved)| {
            moved.sort();
            Caused { causes, moved }
        })
        .collect();
    found.sort_by_key(|one| (one.moved.first().map(|own| own.weight), std::cmp::Reverse(one.moved.len())));
    found
}

/// What a new scenario concludes, cell by cell.
pub fn cells(new: &Conclusions, names: &BTreeMap<String, String>) -> Vec<String> {
    let cells = new.said.iter().filter(|(name, _)| name.kind == Kind::Cell);
    cells
        .map(|(name, own)| {
            let one = Moved { name: name.clone(), weight: Weight::Answer, was: None, now: Some(own.clone()) };
            let text = sentence(&one, names);
            text.strip_prefix("a new cell, ").unwrap_or(&text).to_owned()
        })
        .collect()
}

/// The same with keys of reasons spelled out.
fn spelled(one: &Moved, old: &Conclusions, new: &Conclusions) -> Moved {
    let spell = |side: &Option<Conclusion>, facts: &BTreeMap<String, Fact>| {
        side.as_ref().map(|own| {
            let says = own.says.iter().map(|(word, value)| {
                let text = value.split(' ').map(|key| {
                    let fact = key.strip_prefix('#').and_then(|key| facts.get(key));
                    fact.map_or(key, |fact| fact.text.as_str()).to_owned()
                });
                let keyed = value.starts_with('#');
                let value = if keyed { text.collect::<Vec<String>>().join("; ") } else { value.clone() };
                (word.clone(), value)
            });
            Conclusion { says: says.collect(), grounds: own.grounds.clone() }
        })
    };
    Moved { was: spell(&one.was, &old.facts), now: spell(&one.now, &new.facts), ..one.clone() }
}

/// Takes single conclusions over into what is stored. What rules read is taken over with the last of them: until then
/// causes are told from what was stored.
pub fn take(old: &Snapshot, new: &Snapshot, chosen: &BTreeSet<String>) -> Snapshot {
    let mut taken = old.clone();
    let own = &mut taken.conclusions;
    let names: BTreeSet<&Name> = old.conclusions.said.keys().chain(new.conclusions.said.keys()).collect();
    for name in names.into_iter().filter(|name| chosen.contains(&name.to_string())) {
        match new.conclusions.said.get(name) {
            Some(conclusion) => own.said.insert(name.clone(), conclusion.clone()),
            None => own.said.remove(name),
        };
    }
    if own.said == new.conclusions.said {
        return new.clone();
    }
    own.facts.extend(new.conclusions.facts.clone());
    let named: BTreeSet<String> = own
        .reads
        .values()
        .flat_map(|own| own.facts.iter().cloned())
        .chain(own.said.values().flat_map(|own| &own.grounds).flat_map(|own| own.facts.iter().cloned()))
        .chain(
            own.said
                .values()
                .flat_map(|own| &own.says)
                .flat_map(|(_, value)| value.split(' '))
                .filter_map(|word| word.strip_prefix('#').map(str::to_owned)),
        )
        .collect();
    own.facts.retain(|key, _| named.contains(key));
    taken
}
