//! Levers: which changes could open a cell, of the forms that a pack allows.
//!
//! Found from where holders stop and from what rules about them ask. A change that nothing in the cell asks about is none
//! of its levers. Whether a lever helps is not known here.

use std::collections::BTreeSet;

use crate::answer::report::StepKind;
use crate::answer::{Evaluated, RowTrace};
use crate::ask::Question;
use crate::ask::vocabulary::Stage;
use crate::change::{Change, Form, Lexicon, Nature};
use crate::date::Held;
use crate::ladder;
use crate::load::Loaded;
use crate::rules::{RuleSet, Says};
use crate::world::{Body, BodyKind, DecidedBy, Id, Level, Mandate, Step, World};

/// Forms of proposals that can open something, in the order in which they are tried.
pub const OPENING: &[Form] = &[
    Form::Asks,
    Form::Adopts,
    Form::CouncilAuthorises,
    Form::HostConsents,
    Form::Acknowledges,
    Form::Accedes,
    Form::Joins,
    Form::InForce,
    Form::Founded,
    Form::Links,
    Form::Divides,
    Form::GainsMeans,
    Form::Gains,
];

/// Paths of a rule that are looked at for what it asks.
const MOST_PATHS: usize = 512;

/// A cell: case, affected state, function.
pub type Cell = (Id, Id, Id);

/// The forms that a pack allows, those that are no form left out.
pub fn allowed(world: &World) -> Vec<Form> {
    let named: BTreeSet<Form> = world.pack.levers.iter().filter_map(|form| Form::named(&form.text)).collect();
    if named.is_empty() {
        return OPENING.to_vec();
    }
    let others = named.iter().filter(|form| !OPENING.contains(form));
    OPENING.iter().filter(|form| named.contains(form)).chain(others).copied().collect()
}

/// The changes of these forms that could matter to cells, sorted by form and words.
pub fn levers(
    loaded: &Loaded,
    rules: &RuleSet,
    lexicon: &Lexicon,
    evaluated: &Evaluated,
    cells: &BTreeSet<Cell>,
    forms: &[Form],
) -> Vec<Change> {
    let mut sentences = Sentences { loaded, found: BTreeSet::new() };
    for cell in cells {
        let heard = heard(loaded, rules, cell);
        for trace in &evaluated.traces {
            let rows = trace.cells.get(cell).map_or(&[][..], |own| own.rows.as_slice());
            for row in rows.iter().filter(|row| loaded.world.bodies.contains_key(&row.holder)) {
                sentences.about(row, cell, &heard);
            }
        }
        for question in &heard.questions {
            sentences.answer(question, cell);
        }
        if forms.contains(&Form::Gains) {
            sentences.new_powers(cell);
        }
    }
    let mut changes: Vec<Change> = sentences
        .found
        .iter()
        .filter_map(|sentence| Change::parse(sentence, lexicon).ok())
        .filter(|change| forms.contains(&change.form) && change.form.nature() == Nature::Proposal)
        .collect();
    let place = |change: &Change| forms.iter().position(|form| *form == change.form);
    changes.sort_by_cached_key(|change| (place(change), change.to_string()));
    changes.dedup();
    changes
}

/// What rules about the steps of holders ask and speak of, in some world, where their guards let them speak.
#[derive(Default)]
struct Heard {
    questions: BTreeSet<Question>,
    /// Holders and steps that some rule speaks of.
    steps: BTreeSet<(Id, Step)>,
    /// Whether some rule attacks others, and so may lift any stop.
    attacks: bool,
}

fn heard(loaded: &Loaded, rules: &RuleSet, (case, _, function): &Cell) -> Heard {
    let world = &loaded.world;
    let told = loaded.scenario.cases.iter().filter(|own| own.id == *case);
    let threats: BTreeSet<&str> = told
        .flat_map(|case| {
            let accounts = case.accounts.iter().filter_map(|account| account.circumstances.as_ref());
            std::iter::once(&case.circumstances).chain(accounts).map(|told| told.threat.as_str())
        })
        .collect();
    let mut heard = Heard::default();
    for rule in rules.rules.values().filter(|rule| rule.stage == Stage::Coverage) {
        let threat = rule.threats.is_empty()
            || threats.iter().any(|own| rule.threats.iter().any(|wide| world.threats.is_a(own, wide)));
        let here = rule.functions.is_empty()
            || rule
                .functions
                .iter()
                .any(|own| world.functions.is_a(function, own) || world.functions.is_a(own, function));
        let paths = (threat && here).then(|| rules.paths(rule, world, MOST_PATHS).ok()).flatten();
        for run in paths.iter().flat_map(|tree| tree.leaves()) {
            let mut about = false;
            for emission in &run.says {
                match &emission.says {
                    Says::Passes { holder, function: own, step } | Says::Stops { holder, function: own, step, .. } => {
                        if world.functions.is_a(function, own) {
                            about = true;
                            heard.steps.insert((holder.clone(), *step));
                        }
                    }
                    _ => {
                        about = true;
                        heard.attacks = true;
                    }
                }
            }
            if about {
                heard.questions.extend(run.reads.iter().map(|read| read.question.clone()));
            }
        }
    }
    heard
}

struct Sentences<'l> {
    loaded: &'l Loaded,
    found: BTreeSet<String>,
}

impl Sentences<'_> {
    fn say(&mut self, sentence: String) {
        self.found.insert(sentence);
    }

    /// The case, where there are several.
    fn in_case(&self, case: &str) -> String {
        if self.loaded.scenario.cases.len() > 1 { format!(" in {case}") } else { String::new() }
    }

    /// Those who may have to ask: the affected state, and the parties to a dispute.
    fn askers(&self, (case, state, _): &Cell) -> BTreeSet<Id> {
        let told = self.loaded.scenario.cases.iter().filter(|own| own.id == *case);
        told.flat_map(|case| case.circumstances.parties.iter().cloned()).chain([state.clone()]).collect()
    }

    /// A request to one body of a line is a request to the line.
    fn asks(&mut self, holder: &str, cell: &Cell) {
        let case = self.in_case(&cell.0);
        let world = self.loaded.world.clone();
        let line = world.line(holder);
        let day = self.loaded.scenario.date.first();
        let root = |body: &Body| body.parent.is_none() && world.line(&body.id) == line;
        let there = |body: &&Body| body.held.held(day) == Held::Yes;
        let own = world.upwards(holder).last().copied().unwrap_or(holder);
        // The youngest body of the line if it is there, else whichever was there.
        let youngest = world.bodies.get(line).filter(|body| root(body) && there(body));
        let root = youngest.or_else(|| world.bodies.values().filter(|body| root(body)).find(there));
        let root = root.map_or(own, |body| &body.id);
        for state in self.askers(cell) {
            self.say(format!("{state} asks {root} for {}{case}", cell.2));
        }
    }

    /// What each step at which a holder stops could be moved by; nothing where a step stops that no lever moves.
    fn about(&mut self, row: &RowTrace, cell: &Cell, heard: &Heard) {
        let world = self.loaded.world.clone();
        let text = world.mandates.iter().find(|mandate| Some(&mandate.fact.id) == row.mandate.as_ref());
        let stops: Vec<Step> =
            row.steps.iter().filter(|step| step.result != StepKind::Passes).map(|step| step.step).collect();
        let above = world.upwards(&row.holder);
        let spoken = |step: Step| above.iter().any(|body| heard.steps.contains(&((*body).to_owned(), step)));
        let fixed = |step: &Step| matches!(step, Step::Occasion | Step::Exclusion) && !spoken(*step) && !heard.attacks;
        if stops.iter().any(fixed) {
            return;
        }
        let competent = !stops.contains(&Step::Competence);
        if !competent && text.is_none() && !spoken(Step::Competence) {
            return;
        }
        for step in Step::ALL {
            // Where there is no competence yet, no later step was looked at.
            if stops.contains(step) || (!competent && !row.steps.iter().any(|own| own.step == *step)) {
                self.moves(*step, &row.holder, text, cell);
            }
        }
    }

    /// The changes that a step of a holder's text may be moved by.
    fn moves(&mut self, step: Step, holder: &str, text: Option<&Mandate>, cell: &Cell) {
        let (case, state, function) = cell;
        let world = self.loaded.world.clone();
        let in_case = self.in_case(case);
        match step {
            Step::Competence => {
                for body in world.upwards(holder) {
                    self.say(format!("{body} is founded"));
                }
                text.into_iter().for_each(|text| self.say(format!("{} enters into force", text.instrument)));
            }
            Step::Reach => {
                let root = world.upwards(holder).last().copied().unwrap_or(holder);
                self.say(format!("{state} joins {root}"));
                text.into_iter().for_each(|text| self.say(format!("{state} accedes to {}", text.instrument)));
            }
            Step::Request => self.asks(holder, cell),
            Step::Decision => self.decides(holder, text, cell),
            Step::Authority => {
                self.say(format!("security-council authorises{in_case}"));
                self.say(format!("host consents{in_case}"));
            }
            Step::Means => self.say(format!("{holder} gains means for {function}")),
            Step::Occasion | Step::Exclusion => {}
        }
    }

    fn decides(&mut self, holder: &str, text: Option<&Mandate>, (case, state, function): &Cell) {
        let world = self.loaded.world.clone();
        let in_case = self.in_case(case);
        match text.and_then(|text| text.decision.as_ref()) {
            Some(DecidedBy::Body(organ)) => self.say(format!("{organ} adopts {function}{in_case}")),
            Some(DecidedBy::EachParty) => {
                let bound =
                    world.parties.iter().filter(|row| text.is_some_and(|text| row.instrument == text.instrument));
                let others: BTreeSet<&Id> = bound.map(|row| &row.state).filter(|own| *own != state).collect();
                for party in others {
                    self.say(format!("{party} adopts {function}{in_case}"));
                }
            }
            _ => {
                if let Some(organ) = ladder::top_organ(&world, holder) {
                    self.say(format!("{organ} adopts {function}{in_case}"));
                }
            }
        }
    }

    fn gains(&mut self, holder: &str, (case, _, function): &Cell) {
        for case in self.loaded.scenario.cases.iter().filter(|own| own.id == *case) {
            self.say(format!("{holder} gains {function} against {}", case.circumstances.threat));
        }
    }

    /// Organisations that are there against the threat could be given the power: with all that a new text asks for.
    fn new_powers(&mut self, cell: &Cell) {
        let world = self.loaded.world.clone();
        let told: Vec<&str> = self
            .loaded
            .scenario
            .cases
            .iter()
            .filter(|own| own.id == cell.0)
            .map(|case| case.circumstances.threat.as_str())
            .collect();
        let purpose = |body: &Body| {
            world.mandates.iter().any(|row| {
                row.holder == body.id
                    && told.iter().any(|threat| row.threats.iter().any(|wide| world.threats.is_a(threat, wide)))
            })
        };
        let roots = world.bodies.values().filter(|body| {
            body.parent.is_none() && body.kind == BodyKind::Organisation && body.level == Level::Regional
        });
        for body in roots.filter(|body| purpose(body)) {
            self.gains(&body.id, cell);
            for step in [Step::Reach, Step::Request, Step::Decision] {
                self.moves(step, &body.id, None, cell);
            }
        }
    }

    /// The change that turns a rule's question into yes.
    fn answer(&mut self, question: &Question, cell: &Cell) {
        let (case, state, _) = cell;
        let in_case = self.in_case(case);
        let argument = |index: usize| question.arguments.get(index).cloned().unwrap_or_default();
        let (first, second) = (argument(0), argument(1));
        match question.word {
            "bound_by" => self.say(format!("{state} accedes to {first}")),
            "all_bound_by" => {
                for state in self.askers(cell) {
                    self.say(format!("{state} accedes to {first}"));
                }
            }
            "member_of" | "any_member_of" => self.say(format!("{state} joins {first}")),
            "all_members_of" => {
                for state in self.askers(cell) {
                    self.say(format!("{state} joins {first}"));
                }
            }
            "has_member" => self.say(format!("{second} joins {first}")),
            "has_role" => self.say(format!("{state} joins {first} as {second}")),
            "in_force" => self.say(format!("{first} enters into force")),
            "exists" => self.say(format!("{first} is founded")),
            "linked" => self.say(format!("{first} links with {second}")),
            "zoned" => self.say(format!("{first} divides tasks with {second}")),
            "capable" => self.say(format!("{first} gains means for {second}")),
            "mandated" => self.gains(&first, &(case.clone(), state.clone(), second)),
            "asked" | "every_party_asked" => {
                self.asks(&first, &(case.clone(), state.clone(), second));
            }
            "decided" => self.say(format!("{first} adopts {second}{in_case}")),
            "authorised_by" if first == "security-council" => self.say(format!("security-council authorises{in_case}")),
            "authorised_by" => self.say(format!("host consents{in_case}")),
            "acknowledged" => self.say(format!("{state} acknowledges the threat{in_case}")),
            _ => {}
        }
    }
}
