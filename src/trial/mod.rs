//! Rules tried: given answers, what a rule has to say to them, and what it says.
//!
//! No scenario and no fact is known here. What a test names is looked up once, when the pack is loaded; a test that names
//! something unknown is a problem of its file and is not run.

mod given;
mod notation;
mod run;
mod terms;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ask::Question;
use crate::ask::vocabulary::Each;
use crate::diagnostic::{Diagnostic, Place, Problems, suggestion};
use crate::rules::{Rule, RuleSet, Says, implied, key_of};
use crate::world::trial::{TestCase, WrittenTest};
use crate::world::{Id, Sentence, World};
use notation::{said, single};
pub use run::{Tried, run};
pub use terms::{Told, under};

/// One case in which a rule is tried.
#[derive(Clone, Debug)]
pub struct RuleTest {
    /// `rule/RULE/what the case is`.
    pub id: String,
    /// The rule.
    pub rule: Id,
    /// What the cases of the test are about.
    pub about: Option<String>,
    /// What the case is.
    pub note: Option<String>,
    /// The answers given.
    pub given: Vec<Given>,
    /// What every other question is answered; `None`: it may not be asked.
    pub otherwise: Option<bool>,
    /// Everything that has to be said.
    pub says: Vec<Wanted>,
    /// Questions that have to be asked on the way.
    pub because: Vec<(Question, Place)>,
    /// Where the case stands.
    pub place: Place,
}

/// An answer given to a rule.
#[derive(Clone, Debug)]
pub struct Given {
    /// The question.
    pub question: Question,
    /// Yes or no.
    pub holds: bool,
    /// Where it stands.
    pub place: Place,
}

/// Something that has to be said.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What.
    pub says: Says,
    /// Whether its reason counts too.
    pub with_reason: bool,
    /// Where it stands.
    pub place: Place,
}

impl Wanted {
    /// As it is written, with its reason if that counts.
    pub fn written(&self) -> String {
        self.says.written(self.with_reason)
    }

    /// Whether this is what was said.
    pub fn is(&self, said: &Says) -> bool {
        self.says.written(self.with_reason) == said.written(self.with_reason)
    }
}

/// The tests of a pack, looked up, with the world in which their words mean something.
#[derive(Clone, Debug, Default)]
pub struct Trials {
    /// The tests that can be run, by id.
    pub tests: Vec<RuleTest>,
    /// The shared facts, with every scenario's own.
    pub world: Arc<World>,
}

/// Looks up what the tests name. A case with a problem is left out.
pub fn resolve(written: &[WrittenTest], rules: &RuleSet, world: &Arc<World>) -> (Trials, Problems) {
    let mut problems = Problems::default();
    let mut tests = Vec::new();
    for test in written {
        let Some(rule) = rules.rules.get(test.rule()) else {
            let Sentence { text, place } = &test.rule;
            let message = format!("there is no rule `{text}` to test");
            let mut problem = Diagnostic::error("unknown-id", message, place.clone(), "unknown id");
            problem.help = suggestion(text, rules.rules.keys().map(String::as_str));
            problems.push(problem);
            continue;
        };
        for case in &test.cases {
            let mut own = Problems::default();
            let read = resolve_case(test, case, rule, rules, world, &mut own);
            if case.whole && !own.has_errors() {
                tests.push(read);
            }
            problems.append(own);
        }
    }
    let ids = unique(tests.iter().map(|test| test.id.as_str()));
    for (test, id) in tests.iter_mut().zip(ids) {
        test.id = id;
    }
    tests.sort_by(|a, b| a.id.cmp(&b.id));
    (Trials { tests, world: world.clone() }, problems)
}

/// The same ids, the second and later of one kind with a number behind them.
pub fn unique<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let numbered = |id: &'a str| {
        let count = seen.entry(id).or_default();
        *count += 1;
        if *count == 1 { id.to_owned() } else { format!("{id} ({count})") }
    };
    ids.map(numbered).collect()
}

fn resolve_case(
    test: &WrittenTest,
    case: &TestCase,
    rule: &Rule,
    rules: &RuleSet,
    world: &World,
    problems: &mut Problems,
) -> RuleTest {
    let ids = notation::Ids { rules, world };
    let mut given: Vec<Given> = Vec::new();
    for (holds, sentence) in case.yes.iter().map(|own| (true, own)).chain(case.no.iter().map(|own| (false, own))) {
        let Some(question) = single(&notation::question(sentence, rule, &ids), problems) else { continue };
        let place = sentence.place.clone();
        if let Some(earlier) = given.iter().find(|earlier| earlier.question == question) {
            let (code, message) = if earlier.holds == holds {
                ("repeated", format!("`{question}` is answered twice"))
            } else {
                ("contradiction", format!("`{question}` is answered yes and no"))
            };
            problems
                .push(Diagnostic::error(code, message, place, "again here").label(earlier.place.clone(), "first here"));
            continue;
        }
        given.push(Given { question, holds, place });
    }
    contradictions(&given, world, problems);
    let says = case.says.iter().filter_map(|sentence| {
        let (says, with_reason) = single(&said(sentence, rule, &ids), problems)?;
        Some(Wanted { says, with_reason, place: sentence.place.clone() })
    });
    let says: Vec<Wanted> = says.collect();
    let because = case.because.iter().filter_map(|sentence| {
        let question = single(&notation::question(sentence, rule, &ids), problems)?;
        Some((question, sentence.place.clone()))
    });
    let because = because.collect();
    let shown = case.note.clone().unwrap_or_else(|| {
        let answer = |own: &Given| format!("{}{}", if own.holds { "" } else { "not " }, own.question);
        let listed: Vec<String> = given.iter().map(answer).collect();
        if listed.is_empty() { "nothing given".to_owned() } else { listed.join(", ") }
    });
    RuleTest {
        id: format!("rule/{}/{shown}", rule.id),
        rule: rule.id.clone(),
        about: test.note.clone(),
        note: case.note.clone(),
        given,
        otherwise: case.otherwise,
        says,
        because,
        place: case.place.clone(),
    }
}

/// Answers that no world gives together.
fn contradictions(given: &[Given], world: &World, problems: &mut Problems) {
    for (index, earlier) in given.iter().enumerate() {
        let alone = std::iter::once((key_of(&earlier.question), usize::from(earlier.holds))).collect();
        for later in given.iter().skip(index + 1) {
            let back = std::iter::once((key_of(&later.question), usize::from(later.holds))).collect();
            let clash = implied(world, &alone, &later.question).is_some_and(|holds| holds != later.holds)
                || implied(world, &back, &earlier.question).is_some_and(|holds| holds != earlier.holds);
            if clash {
                let word = |holds: bool| if holds { "yes" } else { "no" };
                let message = format!(
                    "no world answers `{}` with {} and `{}` with {}",
                    earlier.question,
                    word(earlier.holds),
                    later.question,
                    word(later.holds)
                );
                let problem = Diagnostic::error("contradiction", message, later.place.clone(), "this one");
                problems.push(problem.label(earlier.place.clone(), "and this one").help("drop or turn one of them"));
            }
        }
    }
}

/// The word for what a rule runs for.
fn each_name(each: Each) -> &'static str {
    Each::ALL.iter().find(|(_, value)| *value == each).map_or("", |(name, _)| name)
}
