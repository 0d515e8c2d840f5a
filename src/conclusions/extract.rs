//! From an evaluation to its conclusions: nothing is decided here, everything is named and sorted.

use std::collections::{BTreeMap, BTreeSet};

use super::{Conclusion, Conclusions, Fact, Ground, Kind, Name, Origin, Reading, fingerprint};
use crate::answer::report::{HolderResult, Judgement, StateResult, StepKind, Verdict};
use crate::answer::{By, Claim, Evaluated, StepTrace, Trace};
use crate::argument::Label;
use crate::ask::{FactRef, Question};
use crate::date::Bound;
use crate::diagnostic::Place;
use crate::rules::Says;
use crate::session::Session;
use crate::world::{Fact as WorldFact, Instrument, World};

/// Questions that the name of the place answers: nothing in the world can change what comes back.
const NAMED_BY_PLACE: [&str; 8] =
    ["first_is", "second_is", "between", "state_is", "organisation_is", "response_by", "response_does", "overlap_in"];

/// Letters of a fact's fingerprint that make its key; more where two would share one.
const KEY: usize = 7;

/// The conclusions of an evaluation, with what a snapshot does not hold: where it comes from, and where facts stand today.
#[derive(Clone, Debug, Default)]
pub struct Extract {
    /// What is concluded.
    pub conclusions: Conclusions,
    /// From what.
    pub origin: Origin,
    /// What each run of a rule asked, whether it spoke or not: `rule@case/STATE` to questions, in the order of the asking.
    pub runs: BTreeMap<String, Vec<String>>,
    /// File and line of each fact, by its key.
    pub places: BTreeMap<String, String>,
    /// Dated rows of the world as they stand today, whether they were read or not, with file and line: what became of a
    /// fact that no answer stands on any more is looked up here.
    pub rows: Vec<(Fact, String)>,
    /// The fact of an instrument's dates, by the ids of the mandates that rest on it and by its own: when a text is in force
    /// is part of every answer that it gives, and stands behind none of them by name.
    pub texts: BTreeMap<String, String>,
}

/// Everything that an evaluation concludes.
pub fn extract(session: &Session, evaluated: &Evaluated) -> Extract {
    let mut taking = Taking { home: Home::of(session, evaluated), found: Extract::default(), keys: BTreeMap::new() };
    let evaluation = &evaluated.evaluation;
    taking.found.conclusions.scenario = evaluation.scenario.clone();
    taking.found.conclusions.day = match evaluation.days.as_slice() {
        [only] if *only == evaluation.as_of => evaluation.as_of.clone(),
        days => format!("{}: {}", evaluation.as_of, days.join(" ")),
    };
    let several = evaluated.traces.len() > 1;
    for trace in &evaluated.traces {
        let under = under(trace.account.as_deref().filter(|_| several));
        taking.runs(trace, &under);
    }
    taking.fold();
    taking.cases(evaluated, several);
    taking.rest(evaluated);
    taking.rows(evaluated);
    taking.texts(&evaluated.world);
    taking.found.origin = origin(session, evaluated, &taking.home);
    taking.found
}

/// The case (1) or the state in it (2) that a place lies in, if it lies that deep. A place without a case has none: a pair
/// of organisations is no part of the next pair.
fn outer(at: &str, depth: usize) -> Option<String> {
    let (path, account) = super::moved::account(at);
    let parts: Vec<&str> = path.split('/').collect();
    (parts.len() > depth).then(|| format!("{}{}", parts.get(..depth).unwrap_or_default().join("/"), under(account)))
}

fn under(account: Option<&str>) -> String {
    account.map(|account| format!(" under {account}")).unwrap_or_default()
}

/// How paths look from the pack.
struct Home {
    /// The folder of the pack, with the slash at its end.
    pack: String,
    /// The scenario's file.
    scenario: String,
}

impl Home {
    fn of(session: &Session, evaluated: &Evaluated) -> Self {
        let scenario = evaluated.scenario.place.file.to_string();
        let manifest = session.texts.keys().find(|path| path.rsplit('/').next() == Some("pack.toml"));
        let pack = manifest.and_then(|path| path.strip_suffix("pack.toml")).unwrap_or_default().to_owned();
        Home { pack, scenario }
    }

    fn seen(&self, file: &str) -> String {
        if file == self.scenario {
            return file.rsplit('/').next().unwrap_or(file).to_owned();
        }
        match file.strip_prefix(&self.pack) {
            Some(inside) => inside.to_owned(),
            None => file.rsplit('/').next().unwrap_or(file).to_owned(),
        }
    }
}

fn origin(session: &Session, evaluated: &Evaluated, home: &Home) -> Origin {
    let text = |file: &str| session.texts.get(file).map(String::as_str).unwrap_or_default();
    let scenarios: BTreeSet<&str> = session.pack.scenarios.iter().map(|own| own.scenario.place.file.as_ref()).collect();
    let mut shared = String::new();
    for (path, text) in &session.texts {
        if path.ends_with(".toml") && !scenarios.contains(path.as_str()) && !path.ends_with(".test.toml") {
            shared.push_str(text);
        }
    }
    let files: BTreeSet<&str> = session.rules.rules.values().map(|rule| rule.place.file.as_ref()).collect();
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).trim_end_matches(".rhai").to_owned();
    Origin {
        file: home.seen(&evaluated.scenario.place.file),
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: fingerprint(text(&evaluated.scenario.place.file)),
        facts: fingerprint(&shared),
        rules: files.into_iter().map(|path| (name(path), fingerprint(text(path)))).collect(),
    }
}

/// Which answers a question got over every world.
#[derive(Clone, Copy, Default)]
struct Answers {
    yes: bool,
    no: bool,
}

impl Answers {
    fn note(&mut self, holds: bool) {
        self.yes |= holds;
        self.no |= !holds;
    }

    /// Together with what another rule was answered at the same place.
    fn with(self, known: &str) -> &'static str {
        match (self.yes || matches!(known, "yes" | "open"), self.no || matches!(known, "no" | "open")) {
            (true, true) => "open",
            (true, false) => "yes",
            (false, _) => "no",
        }
    }
}

struct Taking {
    home: Home,
    found: Extract,
    keys: BTreeMap<FactRef, String>,
}

impl Taking {
    fn say(&mut self, kind: Kind, id: String, says: Vec<(&str, String)>) -> &mut Conclusion {
        let conclusion = self.found.conclusions.said.entry(Name { kind, id }).or_default();
        let filled = says.into_iter().filter(|(_, value)| !value.is_empty());
        conclusion.says.extend(filled.map(|(word, value)| (word.to_owned(), value)));
        conclusion
    }

    /// The key of a fact, which is noted.
    fn fact(&mut self, fact: &FactRef) -> String {
        if let Some(key) = self.keys.get(fact) {
            return key.clone();
        }
        let key = self.key(self.seen(fact), fact.place.as_ref());
        self.keys.insert(fact.clone(), key.clone());
        key
    }

    /// The keys of what an answer hangs on, or of a reason: texts that no source states.
    fn open(&mut self, says: &[String]) -> String {
        let keys = says.iter().map(|text| self.key(Fact { text: text.clone(), ..Fact::default() }, None));
        keys.map(|key| format!("#{key}")).collect::<Vec<String>>().join(" ")
    }

    fn key(&mut self, own: Fact, place: Option<&Place>) -> String {
        let told = [
            own.text.as_str(),
            own.source.as_deref().unwrap_or_default(),
            own.locator.as_deref().unwrap_or_default(),
            if own.here { "here" } else { "" },
            if own.claimed { "claimed" } else { "" },
        ];
        let print = fingerprint(&told.join("\u{0}"));
        let mut length = KEY;
        loop {
            let key = print.get(..length).unwrap_or(&print);
            match self.found.conclusions.facts.get(key) {
                Some(known) if *known != own && length < print.len() => length += 1,
                Some(_) => return key.to_owned(),
                None => {
                    let key = key.to_owned();
                    if let Some(place) = place {
                        self.found.places.insert(key.clone(), shown(place));
                    }
                    self.found.conclusions.facts.insert(key.clone(), own);
                    return key;
                }
            }
        }
    }

    fn seen(&self, fact: &FactRef) -> Fact {
        Fact {
            text: fact.text.clone(),
            source: fact.source.clone(),
            locator: fact.locator.clone(),
            here: fact.place.as_ref().is_some_and(|place| *place.file == *self.home.scenario),
            claimed: fact.claimed,
        }
    }

    fn facts(&mut self, facts: &[FactRef]) -> Vec<String> {
        let keys: BTreeSet<String> = facts.iter().filter(|fact| told(fact)).map(|fact| self.fact(fact)).collect();
        keys.into_iter().collect()
    }

    /// What every rule asked, whether it spoke or not: a rule that speaks later was silent for a reason.
    fn runs(&mut self, trace: &Trace, under: &str) {
        for run in &trace.runs {
            let at = format!("{}{under}", run.at);
            let mut asked: Vec<(&Question, Answers, BTreeSet<&FactRef>)> = Vec::new();
            let mut known: BTreeMap<&Question, usize> = BTreeMap::new();
            let leaves = run.tree.leaves();
            for read in leaves.iter().flat_map(|leaf| leaf.reads.iter()) {
                if NAMED_BY_PLACE.contains(&read.question.word) {
                    continue;
                }
                let place = *known.entry(&read.question).or_insert_with(|| {
                    asked.push((&read.question, Answers::default(), BTreeSet::new()));
                    asked.len() - 1
                });
                let Some((_, answers, facts)) = asked.get_mut(place) else { continue };
                answers.note(read.answer.holds);
                facts.extend(&read.answer.stands_on);
            }
            let mut questions: Vec<String> = Vec::new();
            for (question, answers, facts) in asked {
                let question = question.to_string();
                let told = facts.into_iter().filter(|fact| told(fact));
                let mut keys: Vec<String> = told.map(|fact| self.fact(fact)).collect();
                let known = self.found.conclusions.reads.entry((at.clone(), question.clone())).or_default();
                known.answer = answers.with(&known.answer).to_owned();
                known.facts.append(&mut keys);
                known.facts.sort();
                known.facts.dedup();
                questions.push(question);
            }
            if leaves.iter().any(|leaf| !leaf.says.is_empty()) {
                let own = self.found.conclusions.asked.entry(run.rule.clone()).or_default();
                // The guard stands at the head of the rule.
                let asked =
                    questions.iter().filter(|own| !own.starts_with("threat_is(") && !own.starts_with("concerns("));
                own.extend(asked.cloned());
                own.sort();
                own.dedup();
            }
            let own = self.found.runs.entry(format!("{}@{at}", run.rule)).or_default();
            questions.retain(|question| !own.contains(question));
            own.extend(questions);
        }
    }

    /// What all places of a case answer alike stands once, at the case; and so for each state in it.
    fn fold(&mut self) {
        for depth in [1, 2] {
            let mut groups: BTreeMap<(String, String), Option<Reading>> = BTreeMap::new();
            for ((at, question), reading) in &self.found.conclusions.reads {
                let Some(outer) = outer(at, depth) else { continue };
                let group = groups.entry((outer, question.clone())).or_insert_with(|| Some(reading.clone()));
                if group.as_ref().is_some_and(|own| own != reading) {
                    *group = None;
                }
            }
            let reads = std::mem::take(&mut self.found.conclusions.reads);
            for ((at, question), reading) in reads {
                let key = outer(&at, depth).map(|outer| (outer, question.clone()));
                match key.filter(|key| matches!(groups.get(key), Some(Some(_)))) {
                    Some(key) => self.found.conclusions.reads.insert(key, reading),
                    None => self.found.conclusions.reads.insert((at, question), reading),
                };
            }
        }
    }

    fn cases(&mut self, evaluated: &Evaluated, several: bool) {
        for case in &evaluated.evaluation.cases {
            let under = under(case.account.as_deref());
            if case.no_case {
                self.say(Kind::Case, format!("{}{under}", case.id), vec![("answer", "no case".to_owned())]);
            }
            let told = |trace: &&Trace| !several || case.account.is_none() || trace.account == case.account;
            let trace = evaluated.traces.iter().find(told);
            for need in &case.needs {
                for cell in &need.states {
                    let id = format!("{}/{}/{}", case.id, cell.state, need.function);
                    let hangs = [&cell.on_paper, &cell.available].map(|own| self.open(&own.depends_on));
                    let mut says = answers(cell, hangs);
                    if need.contested {
                        says.push(("need", "contested".to_owned()));
                    }
                    self.say(Kind::Cell, format!("{id}{under}"), says);
                    let key = (case.id.clone(), cell.state.clone(), need.function.clone());
                    let traced = trace.and_then(|trace| trace.cells.get(&key));
                    for row in &cell.holders {
                        let own = traced
                            .and_then(|cell| {
                                cell.rows.iter().find(|own| own.holder == row.holder && own.mandate == row.mandate)
                            })
                            .map_or(&[][..], |own| &own.steps);
                        let grounds = self.grounds(own, row.mandate.as_deref().unwrap_or_default());
                        self.say(Kind::Holder, format!("{id}/{}{under}", row.holder), steps(row)).grounds = grounds;
                    }
                }
            }
            for response in &case.responses {
                for verdict in &response.verdicts {
                    let id = format!("{}/{} by {}{under}", case.id, response.id, verdict.rule);
                    let says = self.judged(verdict);
                    self.say(Kind::Response, id, says);
                }
            }
        }
    }

    /// What each step rests on: the arguments that are not rejected, in whatever world.
    fn grounds(&mut self, steps: &[StepTrace], usual: &str) -> Vec<Ground> {
        let mut grounds: Vec<Ground> = Vec::new();
        for step in steps {
            let standing = step.worlds.iter().flat_map(|(_, _, claims)| claims.iter()).filter(|own| stands(own));
            for claim in standing {
                let by = author(claim);
                let facts = self.facts(&claim.facts);
                let known = grounds.iter_mut().find(|own| own.step == step.step.as_str() && own.by == by);
                match known {
                    Some(own) => {
                        own.facts.extend(facts);
                        own.facts.sort();
                        own.facts.dedup();
                    }
                    None => grounds.push(Ground { step: step.step.as_str().to_owned(), by, facts }),
                }
            }
        }
        // What passes by the row's own text and stands on nothing is told by the row.
        grounds.retain(|own| own.by != usual || !own.facts.is_empty());
        grounds
    }

    fn rest(&mut self, evaluated: &Evaluated) {
        let evaluation = &evaluated.evaluation;
        for overlap in &evaluation.overlaps {
            let under = under(overlap.account.as_deref());
            for verdict in &overlap.verdicts {
                let says = self.judged(verdict);
                self.say(Kind::Overlap, format!("{} by {}{under}", overlap.id, verdict.rule), says);
            }
        }
        for finding in &evaluation.findings {
            let how = match finding.judged {
                Some(crate::answer::report::Judged::OnPaper) => " on paper",
                Some(crate::answer::report::Judged::Available) => " available",
                None => "",
            };
            let (kind, states) = (finding.finding.as_str(), finding.states.join("+"));
            let id = format!("{}: {kind}{how} for {states}{}", finding.id, under(finding.account.as_deref()));
            // Who stands behind what is computed is told with the cell.
            let said = finding.label.is_some() || finding.borne_out.is_some();
            let says = vec![
                ("holders", finding.holders.join(" ")),
                ("borne-out", finding.borne_out.map(|borne| yes(borne).to_owned()).unwrap_or_default()),
                ("label", finding.label.map(|label| label.as_str().to_owned()).unwrap_or_default()),
                ("rules", if said { finding.rules.join(" ") } else { String::new() }),
            ];
            self.say(Kind::Finding, id, says);
        }
        for thesis in &evaluation.assessments {
            let id = format!("{}{}", thesis.id, under(thesis.account.as_deref()));
            let says = vec![
                ("label", thesis.label.as_str().to_owned()),
                ("recommends", if thesis.recommendation { "yes".to_owned() } else { String::new() }),
                ("for", thesis.supported_by.join(" ")),
                ("against", thesis.opposed_by.join(" ")),
            ];
            self.say(Kind::Thesis, id, says);
        }
        for argument in &evaluation.arguments {
            let under = under(argument.account.as_deref());
            let at = argument.id.split_once('@').map_or("", |(_, at)| at);
            let decided = argument.decided_by.map(|own| own.as_str().to_owned()).unwrap_or_default();
            let rule = |own: &String| own.split('@').next().unwrap_or(own).to_owned();
            let attackers: BTreeSet<String> = argument.attackers.iter().map(rule).collect();
            let attackers: Vec<String> = attackers.into_iter().collect();
            let hangs = self.open(&argument.only_if);
            let rest = vec![("decided-by", decided), ("attackers", attackers.join(" ")), ("hangs-on", hangs)];
            // A verdict is told with its response or overlap already.
            let verdict = format!("{at} by {}{under}", argument.rule);
            let told = [Kind::Response, Kind::Overlap].map(|kind| Name { kind, id: verdict.clone() });
            match told.into_iter().find(|name| self.found.conclusions.said.contains_key(name)) {
                Some(name) if argument.position.starts_with("finds ") => {
                    self.say(name.kind, name.id, rest);
                }
                _ => {
                    let says = [vec![("label", argument.label.as_str().to_owned())], rest].concat();
                    self.say(Kind::Argument, format!("{}: {}{under}", argument.id, argument.position), says);
                }
            }
        }
        for (judgement, rules) in &evaluation.needs_judgement {
            self.say(Kind::Judgement, judgement.clone(), vec![("silences", rules.join(" "))]);
        }
    }

    /// A verdict; why is said once for all that are alike.
    fn judged(&mut self, verdict: &Verdict) -> Vec<(&'static str, String)> {
        vec![
            ("verdict", verdict.verdict.clone()),
            ("label", verdict.label.as_str().to_owned()),
            ("why", self.open(std::slice::from_ref(&verdict.why))),
        ]
    }

    /// Dated rows as answers cite them.
    /// When the texts that were climbed or asked for are in force.
    fn texts(&mut self, world: &World) {
        let said = self.found.conclusions.said.iter().filter(|(name, _)| name.kind == Kind::Holder);
        let climbed: BTreeSet<String> =
            said.filter_map(|(_, row)| row.word("by")).filter(|own| !own.is_empty()).map(str::to_owned).collect();
        let mut used: Vec<(String, &Instrument)> = Vec::new();
        for mandate in world.mandates.iter().filter(|own| climbed.contains(&own.fact.id)) {
            used.extend(world.instruments.get(&mandate.instrument).map(|own| (mandate.fact.id.clone(), own)));
        }
        let asked: BTreeSet<&str> = self.found.runs.values().flatten().flat_map(|own| named(own)).collect();
        let texts = world.instruments.values().filter(|own| asked.contains(own.id.as_str()));
        used.extend(texts.map(|own| (own.id.clone(), own)));
        for (id, text) in used {
            let fact = Fact {
                text: format!("{} ({})", text.title, dates(text)),
                source: Some(text.source.clone()).filter(|source| !source.is_empty()),
                locator: text.remark.locator.clone(),
                here: *text.place.file == *self.home.scenario,
                claimed: false,
            };
            let key = self.key(fact, Some(&text.place));
            self.found.texts.entry(text.id.clone()).or_insert_with(|| key.clone());
            self.found.texts.insert(id, key);
        }
    }

    fn rows(&mut self, evaluated: &Evaluated) {
        let view = evaluated.traces.iter().flat_map(|trace| trace.situations.values()).map(|own| &own.view).next();
        let Some(view) = view else { return };
        let world = &view.world;
        let mut cited: Vec<FactRef> = Vec::new();
        for row in &world.parties {
            let Some(text) = world.instruments.get(&row.instrument) else { continue };
            // A party without dates of its own is bound while the instrument is in force.
            let mut held = row.fact.held;
            for (own, of_text) in [(&mut held.from, text.held.from), (&mut held.until, text.held.until)] {
                if *own == Bound::Silent {
                    *own = of_text;
                }
            }
            let fact = WorldFact { held, ..row.fact.clone() };
            cited.push(view.cite(&fact, format!("{} bound by {}", world.name(&row.state), text.title)));
        }
        cited.extend(world.memberships.iter().map(|row| view.membership_ref(row)));
        cited.extend(world.capabilities.iter().map(|row| view.capability_ref(row)));
        for row in &world.mandates {
            let title = world.instruments.get(&row.instrument).map_or(row.instrument.as_str(), |text| &text.title);
            let text = format!("{}: {} under {title}", world.name(&row.holder), row.functions.join(", "));
            cited.push(view.cite(&row.fact, text));
        }
        for fact in cited {
            let place = fact.place.as_ref().map(shown).unwrap_or_default();
            let seen = self.seen(&fact);
            self.found.rows.push((seen, place));
        }
    }
}

fn shown(place: &Place) -> String {
    format!("{}:{}", place.file, place.line)
}

fn yes(holds: bool) -> &'static str {
    if holds { "yes" } else { "no" }
}

fn stands(claim: &Claim) -> bool {
    claim.label != Label::Rejected && matches!(claim.says, Says::Passes { .. } | Says::Stops { .. })
}

fn author(claim: &Claim) -> String {
    match &claim.by {
        By::Rule(id) | By::Mandate(id) => id.clone(),
        By::Nothing => "no-text".to_owned(),
        By::Statement => "stated".to_owned(),
    }
}

fn answers(cell: &StateResult, [paper_hangs, available_hangs]: [String; 2]) -> Vec<(&'static str, String)> {
    let perhaps = |one: &Judgement| one.undecided.join(" ");
    vec![
        ("paper", cell.on_paper.answer.as_str().to_owned()),
        ("paper-lines", cell.on_paper.lines.join(" ")),
        ("paper-perhaps", perhaps(&cell.on_paper)),
        ("paper-hangs-on", paper_hangs),
        ("available", cell.available.answer.as_str().to_owned()),
        ("available-lines", cell.available.lines.join(" ")),
        ("available-perhaps", perhaps(&cell.available)),
        ("available-hangs-on", available_hangs),
        ("used", cell.used.as_str().to_owned()),
    ]
}

/// A holder's steps: those that pass are only counted among the grounds.
fn steps(row: &HolderResult) -> Vec<(&'static str, String)> {
    let (paper, available) = (row.on_paper.as_str().to_owned(), row.available.as_str().to_owned());
    let mut says = vec![("by", row.mandate.clone().unwrap_or_default())];
    if paper == available {
        says.push(("stands", paper));
    } else {
        says.extend([("paper", paper), ("available", available)]);
    }
    for step in row.steps.iter().filter(|step| step.result != StepKind::Passes) {
        says.push((step.step.as_str(), format!("{}: {}", step.result.as_str(), step.why)));
    }
    says
}

/// Whether somebody tells a fact: what is only supposed, to see what would follow, is none.
fn told(fact: &FactRef) -> bool {
    !fact.text.ends_with(", supposed")
}

/// The ids that a question names.
pub(super) fn named(question: &str) -> impl Iterator<Item = &str> {
    let arguments = question.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
    arguments.split(", ").filter(|own| !own.is_empty())
}

/// When a text was signed, and is in force.
fn dates(text: &Instrument) -> String {
    let signed = match text.signed {
        Bound::On(date) => format!("signed {date}, "),
        Bound::Unknown => "signed on an unknown day, ".to_owned(),
        Bound::Silent | Bound::Never => String::new(),
    };
    let applied = match text.provisional {
        Bound::On(date) => format!("applied since {date}, "),
        _ => String::new(),
    };
    format!("{signed}{applied}in force {}", text.held).replace("in force never in force", "never in force")
}
