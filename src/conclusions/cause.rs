//! Why conclusions moved: a fact, a rule, the scenario, or the engine. What moved is known; how it is shown is not.
//!
//! A rule reads facts only through questions, and says the same where they are answered alike. So where one of its
//! questions is answered otherwise, the fact behind the answer moved it; where all are answered alike, its text did. What
//! builds on earlier conclusions is followed down to those.

use std::collections::{BTreeMap, BTreeSet};

use super::extract::{Extract, named};
use super::file::Snapshot;
use super::moved::{Moved, account};
use super::turned::{Cause, Mover, turned};
use super::{Conclusion, Conclusions, Ground, Kind, Name, Origin, Reading};
use crate::ask::vocabulary::{Stage, word};

/// Conclusions that are followed one into the other.
const DEEPEST: usize = 6;

/// Why one conclusion moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// Its causes.
    pub causes: BTreeSet<Cause>,
    /// On the way from the cause to it: what rules read otherwise, in words.
    pub because: Vec<String>,
}

/// Finds causes between a stored snapshot and what is concluded now.
pub struct Causes<'a> {
    old: &'a Conclusions,
    before: &'a Origin,
    new: &'a Conclusions,
    now: &'a Extract,
    /// Where each rule stands today: its file's name, and file and line.
    rules: &'a BTreeMap<String, (String, String)>,
    moved: BTreeMap<&'a Name, &'a Moved>,
    /// What became of facts, by the key of either side.
    turned: BTreeMap<&'a str, Cause>,
    known: BTreeMap<Name, Why>,
    /// What is being followed.
    open: BTreeSet<Name>,
    /// Whether following was cut short since this was last looked at.
    cut: bool,
}

impl<'a> Causes<'a> {
    /// Between the two; `moved` is what differs.
    pub fn new(
        old: &'a Snapshot,
        now: &'a Extract,
        rules: &'a BTreeMap<String, (String, String)>,
        moved: &'a [Moved],
    ) -> Self {
        Causes {
            old: &old.conclusions,
            before: &old.origin,
            new: &now.conclusions,
            now,
            rules,
            moved: moved.iter().map(|one| (&one.name, one)).collect(),
            turned: turned(&old.conclusions, now),
            known: BTreeMap::new(),
            open: BTreeSet::new(),
            cut: false,
        }
    }

    /// Why a conclusion moved.
    pub fn why(&mut self, one: &Moved) -> Why {
        let mut why = self.of(&one.name);
        if why.causes.is_empty() {
            why.causes.insert(self.untold());
        }
        why
    }

    fn of(&mut self, name: &Name) -> Why {
        if let Some(why) = self.known.get(name) {
            return why.clone();
        }
        let Some(one) = self.moved.get(name).copied() else { return Why::default() };
        // What builds on itself in a circle is followed once, and nothing is followed for ever.
        if self.open.len() >= DEEPEST || !self.open.insert(name.clone()) {
            self.cut = true;
            return Why::default();
        }
        let outer = std::mem::take(&mut self.cut);
        let why = match name.kind {
            Kind::Holder => self.of_holder(one),
            Kind::Cell => self.of_cell(one),
            Kind::Argument => self.of_argument(one),
            Kind::Response | Kind::Overlap => self.of_verdict(one),
            Kind::Thesis | Kind::Finding | Kind::Judgement | Kind::Case => self.of_rules(one),
        };
        self.open.remove(name);
        // What was cut short may be told more fully from elsewhere.
        if !self.cut || !why.causes.is_empty() {
            self.known.insert(name.clone(), why.clone());
        }
        self.cut |= outer;
        why
    }

    fn of_holder(&mut self, one: &Moved) -> Why {
        let (path, told) = account(&one.name.id);
        let under = told.map(|account| format!(" under {account}")).unwrap_or_default();
        let parts: Vec<&str> = path.split('/').collect();
        let at = format!("{}{under}", parts.get(..2).unwrap_or_default().join("/"));
        let side = |side: Option<&Conclusion>| side.map(|own| own.grounds.clone()).unwrap_or_default();
        let (was, now) = (side(one.was.as_ref()), side(one.now.as_ref()));
        let mut why = Why::default();
        let rule = |own: &&Ground| self.rules.contains_key(&own.by) || self.before_rule(&own.by);
        let differ: Vec<&Ground> =
            was.iter().filter(|own| !now.contains(own)).chain(now.iter().filter(|own| !was.contains(own))).collect();
        let rules: BTreeSet<String> = differ.iter().filter(|own| rule(own)).map(|own| own.by.clone()).collect();
        for rule in &rules {
            join(&mut why, self.of_run(rule, &at));
        }
        if why.causes.is_empty() {
            for ground in differ {
                for key in &ground.facts {
                    if let Some(cause) = self.turned.get(key.as_str()) {
                        why.causes.insert(cause.clone());
                    }
                }
            }
        }
        // When a text is in force stands behind every answer that it gives.
        if why.causes.is_empty() {
            let by = [&one.was, &one.now].into_iter().flatten().filter_map(|own| own.word("by"));
            why.causes.extend(by.filter_map(|mandate| self.text(mandate)).collect::<Vec<_>>());
        }
        // A rule may speak on both sides and now say something else.
        if why.causes.is_empty() {
            let shared: BTreeSet<String> = was
                .iter()
                .chain(&now)
                .filter(|own| self.rules.contains_key(&own.by))
                .map(|own| own.by.clone())
                .collect();
            for rule in &shared {
                join(&mut why, self.of_run(rule, &at));
            }
        }
        why
    }

    fn of_cell(&mut self, one: &Moved) -> Why {
        let (path, told) = account(&one.name.id);
        let under = told.map(|account| format!(" under {account}")).unwrap_or_default();
        let inside = format!("{path}/");
        let mut why = Why::default();
        let moved: Vec<Name> = self.moved.keys().map(|name| (*name).clone()).collect();
        let (at, function) = path.rsplit_once('/').unwrap_or((path, ""));
        let need = [format!("@{at}: needs {function}{under}"), format!("@{at}: does not need {function}{under}")];
        for name in moved {
            let row = name.kind == Kind::Holder && name.id.starts_with(&inside) && name.id.ends_with(&under);
            let needed = name.kind == Kind::Argument && need.iter().any(|need| name.id.ends_with(need));
            if row || needed {
                let own = self.of(&name);
                let said = self.moved.get(&name).and_then(|one| Some((one.was.as_ref()?, one.now.as_ref()?)));
                if let (true, Some((was, now)), false) = (row, said, own.causes.is_empty())
                    && was.says != now.says
                {
                    let holder = name.id.get(inside.len()..).unwrap_or_default();
                    why.because.push(format!("{}: {}", account(holder).0, super::moved::steps(was, now)));
                }
                join(&mut why, own);
            }
        }
        if why.causes.is_empty() {
            for key in hanging(one) {
                why.causes.extend(self.turned.get(key.as_str()).cloned());
            }
        }
        // A cell comes and goes with what the scenario says that there is to do, unless a rule says so.
        if why.causes.is_empty() && (one.was.is_none() || one.now.is_none()) {
            why.causes.insert(self.scenario("what it calls for, or whom it affects"));
        }
        why
    }

    fn of_argument(&mut self, one: &Moved) -> Why {
        let (path, told) = account(&one.name.id);
        let under = told.map(|account| format!(" under {account}")).unwrap_or_default();
        let (rule, rest) = path.split_once('@').unwrap_or((path, ""));
        let at = rest.split(": ").next().unwrap_or_default();
        // An argument that is made on both sides stands otherwise through those that attack it; what it reads comes second.
        let mut why = Why::default();
        if one.was.is_some() && one.now.is_some() {
            let attackers = |side: &Option<Conclusion>| {
                side.as_ref().and_then(|own| own.word("attackers")).unwrap_or_default().to_owned()
            };
            let all = format!("{} {}", attackers(&one.was), attackers(&one.now));
            why = self.of_authors(&all.split_whitespace().map(str::to_owned).collect(), Some(at));
        }
        if why.causes.is_empty() {
            join(&mut why, self.of_run(rule, &format!("{at}{under}")));
        }
        if why.causes.is_empty() {
            why = self.of_place(at, &under);
        }
        // What decided it may have been a rival that it prevailed over, or that came to stand beside it.
        if why.causes.is_empty() {
            let about = |id: &str| account(id).0.rsplit(' ').next().unwrap_or_default().to_owned();
            let rival = |name: &&&Name| {
                let here = name.kind == Kind::Argument && name.id.contains(&format!("@{at}: "));
                here && name.id != one.name.id && about(&name.id) == about(&one.name.id)
            };
            let rivals: Vec<Name> = self.moved.keys().filter(rival).map(|name| (*name).clone()).collect();
            for name in rivals {
                let own = self.of(&name);
                join(&mut why, own);
            }
        }
        if why.causes.is_empty() {
            for key in hanging(one) {
                why.causes.extend(self.turned.get(key.as_str()).cloned());
            }
        }
        why
    }

    fn of_verdict(&mut self, one: &Moved) -> Why {
        let (path, told) = account(&one.name.id);
        let under = told.map(|account| format!(" under {account}")).unwrap_or_default();
        let (at, rule) = path.split_once(" by ").unwrap_or((path, ""));
        let mut why = self.of_run(rule, &format!("{at}{under}"));
        if why.causes.is_empty() {
            why = self.of_place(at, &under);
        }
        why
    }

    /// What is said of an overlap hangs on the two lines, what is said of an act on the ladder of whoever acts.
    fn of_place(&mut self, at: &str, under: &str) -> Why {
        let parts: Vec<&str> = at.split('/').collect();
        let cell = parts.get(..3).map(|parts| format!("{}{under}", parts.join("/")));
        let near = |name: &&&Name| match (parts.len(), name.kind) {
            (4, Kind::Cell) => Some(&name.id) == cell.as_ref(),
            (3, Kind::Holder) => parts.get(1).is_some_and(|who| account(&name.id).0.ends_with(&format!("/{who}"))),
            _ => false,
        };
        let near: Vec<Name> = self.moved.keys().filter(near).map(|name| (*name).clone()).collect();
        let mut why = Why::default();
        for name in near {
            let own = self.of(&name);
            join(&mut why, own);
        }
        why
    }

    /// A thesis, a finding or a judgement: the rules that it names, and for a finding about a cell the cell.
    fn of_rules(&mut self, one: &Moved) -> Why {
        let mut rules: BTreeSet<String> = BTreeSet::new();
        for side in [&one.was, &one.now].into_iter().flatten() {
            for (word, value) in &side.says {
                if matches!(word.as_str(), "for" | "against" | "rules" | "silences") {
                    rules.extend(value.split_whitespace().map(|own| own.split('@').next().unwrap_or(own).to_owned()));
                }
            }
        }
        let mut why = self.of_authors(&rules, None);
        if why.causes.is_empty() && one.name.kind == Kind::Finding {
            let about = one.name.id.split(": ").next().unwrap_or_default();
            let (case, function) = about.split_once('/').unwrap_or((about, ""));
            let of_cell = |name: &&&Name| {
                let (path, _) = account(&name.id);
                let outer =
                    if name.kind == Kind::Holder { path.rsplit_once('/').map_or(path, |own| own.0) } else { path };
                matches!(name.kind, Kind::Cell | Kind::Holder)
                    && outer.starts_with(&format!("{case}/"))
                    && outer.ends_with(&format!("/{function}"))
            };
            let near: Vec<Name> = self.moved.keys().filter(of_cell).map(|name| (*name).clone()).collect();
            for name in near {
                let own = self.of(&name);
                join(&mut why, own);
            }
        }
        why
    }

    /// The arguments of these rules that moved; at one place only, if one is given and some are made there.
    fn of_authors(&mut self, rules: &BTreeSet<String>, at: Option<&str>) -> Why {
        let all: Vec<Name> = self
            .moved
            .keys()
            .filter(|name| matches!(name.kind, Kind::Argument | Kind::Response | Kind::Overlap))
            .filter(|name| author(name).is_some_and(|rule| rules.contains(rule)))
            .map(|name| (*name).clone())
            .collect();
        let here = |name: &&Name| at.is_some_and(|at| name.id.contains(&format!("@{at}:")));
        let near: Vec<&Name> = all.iter().filter(here).collect();
        let chosen: Vec<&Name> = if near.is_empty() { all.iter().collect() } else { near };
        // What came or went tells more than what only stands otherwise.
        let turned = |name: &&&Name| self.moved.get(**name).is_some_and(|one| one.was.is_none() || one.now.is_none());
        let (turned, rest): (Vec<&Name>, Vec<&Name>) = chosen.into_iter().partition(|name| turned(&name));
        let mut why = Why::default();
        for names in [turned, rest] {
            if why.causes.is_empty() {
                for name in names {
                    let own = self.of(name);
                    join(&mut why, own);
                }
            }
        }
        why
    }

    /// Whether a rule spoke on the first side.
    fn before_rule(&self, id: &str) -> bool {
        self.old.asked.contains_key(id)
    }

    /// Why a run of a rule came out otherwise: a question that is answered otherwise, else the rule itself.
    fn of_run(&mut self, rule: &str, at: &str) -> Why {
        let mut why = Why::default();
        let file = self.rules.get(rule);
        let Some((name, place)) = file else {
            if self.before_rule(rule) {
                why.causes
                    .insert(Cause { was: Some("a rule of the pack".to_owned()), ..Cause::new(Mover::Rule, rule) });
            }
            return why;
        };
        let key = format!("{rule}@{at}");
        let told = format!("{key} under ");
        let under_any = || self.now.runs.range(told.clone()..).next().filter(|(own, _)| own.starts_with(&told));
        let run = self.now.runs.get(&key).or_else(|| under_any().map(|(_, run)| run)).cloned();
        let asked: BTreeSet<String> = match &run {
            Some(run) => run.iter().cloned().collect(),
            None => self.old.asked.get(rule).into_iter().flatten().cloned().collect(),
        };
        let known = self.inside(at);
        let (old, new) = (self.old, self.new);
        let mut fainter: BTreeSet<Cause> = BTreeSet::new();
        for question in asked.iter().filter(|_| known) {
            let (Some(was), Some(now)) = (old.answered(at, question), new.answered(at, question)) else { continue };
            if was == now {
                continue;
            }
            if was.answer == now.answer {
                fainter.extend(self.of_reading(was, now));
                continue;
            }
            let own =
                if earlier(question) { self.of_position(question, at) } else { self.of_fact(question, at, was, now) };
            if !own.is_empty() {
                let told = format!(
                    "rule {rule} now reads {question} for {at}: {} (it read: {})",
                    said(new, now),
                    said(old, was)
                );
                why.because.push(told);
            }
            why.causes.extend(own);
        }
        if why.causes.is_empty() {
            let print = (self.before.rules.get(name), self.now.origin.rules.get(name));
            if self.before.rules.get(name) != self.now.origin.rules.get(name) && self.spoke_otherwise(rule, at) {
                let what = if print.0.is_none() { "new" } else { "its text changed" };
                let cause =
                    Cause { now: Some(what.to_owned()), place: Some(place.clone()), ..Cause::new(Mover::Rule, rule) };
                why.causes.insert(cause);
            } else {
                why.causes = fainter;
            }
        }
        why
    }

    /// Whether what a rule says at a place, not how it stands, differs between the sides.
    fn spoke_otherwise(&self, rule: &str, at: &str) -> bool {
        let (path, _) = account(at);
        let here = |name: &&&Name| match name.kind {
            Kind::Argument => name.id.starts_with(&format!("{rule}@{path}: ")),
            Kind::Response | Kind::Overlap => name.id.starts_with(&format!("{path} by {rule}")),
            _ => false,
        };
        let own: Vec<&Moved> =
            self.moved.keys().filter(here).filter_map(|name| self.moved.get(*name).copied()).collect();
        // Rules of one file share helpers and declare who prevails: with nothing said otherwise that may still be it.
        own.iter().any(|one| one.was.is_none() || one.now.is_none()) || !own.is_empty()
    }

    /// Whether a place was there before.
    fn inside(&self, at: &str) -> bool {
        let (path, _) = account(at);
        let mut parts = path.split('/');
        let (Some(case), Some(state)) = (parts.next(), parts.next()) else { return true };
        let two = format!("{case}/{state}/");
        self.old.said.keys().any(|name| name.kind == Kind::Cell && name.id.starts_with(&two))
            || !self.new.said.keys().any(|name| name.kind == Kind::Cell && name.id.starts_with(&two))
    }

    /// The facts that differ between two answers.
    fn of_reading(&self, was: &Reading, now: &Reading) -> BTreeSet<Cause> {
        let differ = was.facts.iter().filter(|key| !now.facts.contains(key));
        let differ = differ.chain(now.facts.iter().filter(|key| !was.facts.contains(key)));
        differ.filter_map(|key| self.turned.get(key.as_str())).cloned().collect()
    }

    /// What became of the dates of a text, by its id or that of a mandate under it.
    fn text(&self, id: &str) -> Option<Cause> {
        self.turned.get(self.now.texts.get(id)?.as_str()).cloned()
    }

    fn of_fact(&self, question: &str, at: &str, was: &Reading, now: &Reading) -> BTreeSet<Cause> {
        let mut causes = self.of_reading(was, now);
        if causes.is_empty() {
            causes.extend(named(question).filter_map(|id| self.text(id)));
        }
        if causes.is_empty() {
            causes.extend(self.day());
        }
        if causes.is_empty() {
            let here = |side: &Conclusions, reading: &Reading| {
                reading.facts.iter().filter_map(|key| side.facts.get(key)).any(|fact| fact.here)
            };
            let scenario = self.before.scenario != self.now.origin.scenario;
            let facts = self.before.facts != self.now.origin.facts;
            let mover = match (scenario, facts) {
                (false, false) => return causes,
                (true, false) => Mover::Scenario,
                (true, true) if here(self.old, was) || here(self.new, now) => Mover::Scenario,
                _ => Mover::Fact,
            };
            let place = if mover == Mover::Scenario { format!("{question} for {at}") } else { question.to_owned() };
            causes.insert(Cause {
                was: Some(was.answer.clone()),
                now: Some(now.answer.clone()),
                ..Cause::new(mover, place)
            });
        }
        causes
    }

    /// What an earlier conclusion that is asked for rests on.
    fn of_position(&mut self, question: &str, at: &str) -> BTreeSet<Cause> {
        let (word, arguments) = question.split_once('(').unwrap_or((question, ""));
        let arguments: Vec<&str> = arguments.trim_end_matches(')').split(", ").filter(|own| !own.is_empty()).collect();
        let (path, _) = account(at);
        let parts: Vec<&str> = path.split('/').collect();
        let case = parts.first().copied().unwrap_or_default();
        let wanted = |name: &&&Name| {
            let (own, _) = account(&name.id);
            match (name.kind, word) {
                (Kind::Argument, "established") => {
                    own.contains(&format!("@{case}"))
                        && arguments.iter().any(|id| own.ends_with(&format!(": establishes {id}")))
                }
                (Kind::Argument, "needed" | "concerns") => {
                    own.contains(&format!("@{case}"))
                        && arguments
                            .iter()
                            .any(|id| own.ends_with(&format!(" needs {id}")) || own.ends_with(&format!(" need {id}")))
                }
                (_, "established") => false,
                (Kind::Cell | Kind::Holder, _) => {
                    let own: Vec<&str> = own.split('/').collect();
                    let of_case = own.first() == Some(&case);
                    let named = arguments.iter().any(|id| own.contains(id));
                    of_case
                        && (named
                            || (arguments.is_empty() || word.starts_with("response"))
                                && parts.get(1).is_some_and(|who| own.contains(who)))
                }
                _ => false,
            }
        };
        let near: Vec<Name> = self.moved.keys().filter(wanted).map(|name| (*name).clone()).collect();
        near.iter().flat_map(|name| self.of(name).causes).collect()
    }

    /// Another day, if it is one.
    fn day(&self) -> Option<Cause> {
        (self.old.day != self.new.day).then(|| Cause {
            was: Some(self.old.day.clone()),
            now: Some(self.new.day.clone()),
            ..self.scenario("the day")
        })
    }

    fn scenario(&self, what: &str) -> Cause {
        Cause {
            place: Some(self.now.origin.file.clone()),
            ..Cause::new(Mover::Scenario, format!("{}: {what}", self.new.scenario))
        }
    }

    /// Nothing that was read tells: what changed at all does, if it is one thing.
    fn untold(&self) -> Cause {
        if let Some(day) = self.day() {
            return day;
        }
        let (before, now) = (self.before, &self.now.origin);
        let files: BTreeSet<&String> = before.rules.keys().chain(now.rules.keys()).collect();
        let rules: Vec<&str> = files
            .into_iter()
            .filter(|file| before.rules.get(*file) != now.rules.get(*file))
            .map(String::as_str)
            .collect();
        let changed = (before.scenario != now.scenario, before.facts != now.facts, !rules.is_empty());
        match changed {
            (false, false, false) if before.engine != now.engine => Cause {
                was: Some(before.engine.clone()),
                now: Some(now.engine.clone()),
                ..Cause::new(Mover::Engine, "another version of mandatum")
            },
            (false, false, false) => Cause::new(
                Mover::Engine,
                "neither the scenario, nor a fact, nor a rule changed: the engine did, or the file was edited by hand",
            ),
            (true, false, false) => self.scenario("its file changed"),
            (false, true, false) => {
                Cause::new(Mover::Fact, "shared facts changed; no answer that was kept tells which")
            }
            (false, false, true) => Cause::new(Mover::Rule, format!("in {}", rules.join(", "))),
            _ => Cause::new(
                Mover::Untold,
                "more than one of scenario, facts and rules changed, and no answer that was kept tells which",
            ),
        }
    }
}

fn join(why: &mut Why, own: Why) {
    why.causes.extend(own.causes);
    for told in own.because {
        if !why.because.contains(&told) {
            why.because.push(told);
        }
    }
}

/// The rule of an argument or a verdict.
fn author(name: &Name) -> Option<&str> {
    let (path, _) = account(&name.id);
    match name.kind {
        Kind::Argument => path.split('@').next(),
        _ => path.split_once(" by ").map(|(_, rule)| rule),
    }
}

/// Keys of what a conclusion hangs on, on either side.
fn hanging(one: &Moved) -> BTreeSet<String> {
    let sides = [&one.was, &one.now].into_iter().flatten();
    let says = sides.flat_map(|own| &own.says).filter(|(word, _)| word.ends_with("hangs-on"));
    says.flat_map(|(_, value)| value.split(' ')).filter_map(|own| own.strip_prefix('#')).map(str::to_owned).collect()
}

/// Whether a question asks for an earlier conclusion.
fn earlier(question: &str) -> bool {
    let own = question.split('(').next().unwrap_or(question);
    word(own).is_none_or(|own| own.stage != Some(Stage::Question))
}

/// An answer with its facts.
fn said(side: &Conclusions, reading: &Reading) -> String {
    let facts: Vec<&str> =
        reading.facts.iter().filter_map(|key| side.facts.get(key)).map(|fact| fact.text.as_str()).collect();
    if facts.is_empty() { reading.answer.clone() } else { format!("{}, {}", reading.answer, facts.join("; ")) }
}
