//! A rule asked in the abstract: every question free, answered consistently. What "why not" and the checks rest on.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::{Answers, Rule, RuleSet, Run};
use crate::ask::vocabulary::{Takes, word};
use crate::ask::{Answer, Chosen, Free, FreeFact, Known, Question, Read, Reply, TooManyWorlds, Tree};
use crate::world::{Word, World};

/// Questions whose arguments exclude one another.
const EXCLUSIVE: &[&str] = &[
    "state_is",
    "attacker_is",
    "origin_is",
    "place_is",
    "comes_from",
    "first_is",
    "second_is",
    "organisation_is",
    "has_role",
    "has_standing",
    "status_is",
    "answer_on_paper",
    "answer_available",
];

/// Separates a word from its arguments in a key; cannot occur in either.
const MARK: char = '\u{1f}';

/// Every question answered as chosen; what earlier answers imply is not asked again.
pub struct Supposed {
    world: Arc<World>,
    chosen: Chosen,
}

impl Supposed {
    /// Answers under chosen values.
    pub fn under(world: &Arc<World>, chosen: &Chosen) -> Rc<dyn Answers> {
        Rc::new(Supposed { world: world.clone(), chosen: chosen.clone() })
    }
}

/// The key under which an answer to a question is chosen: 0 is no, 1 is yes.
pub fn key_of(question: &Question) -> String {
    let mut key = question.word.to_owned();
    for argument in &question.arguments {
        key.push(MARK);
        key.push_str(argument);
    }
    key
}

/// What chosen answers (see [`key_of`]) say of a question: that it was answered so, or cannot be answered otherwise.
pub fn implied(world: &World, chosen: &Chosen, question: &Question) -> Option<bool> {
    chosen.iter().find_map(|(key, value)| {
        let mut parts = key.split(MARK);
        if parts.next() != Some(question.word) {
            return None;
        }
        let earlier: Vec<&str> = parts.collect();
        imply(world, question, &earlier, *value == 1)
    })
}

/// What an answer implies for another question, if anything.
pub fn implies(world: &World, known: &Read, asked: &Question) -> Option<bool> {
    let earlier: Vec<&str> = known.question.arguments.iter().map(String::as_str).collect();
    (known.question.word == asked.word).then(|| imply(world, asked, &earlier, known.answer.holds)).flatten()
}

/// The question that a free fact of the abstract stands for.
pub fn question_of(fact: &FreeFact) -> Option<Question> {
    let mut parts = fact.key.split(MARK);
    let word = word(parts.next()?)?.name;
    Some(Question { word, arguments: parts.map(str::to_owned).collect() })
}

fn imply(world: &World, question: &Question, earlier: &[&str], held: bool) -> Option<bool> {
    let own: Vec<&str> = question.arguments.iter().map(String::as_str).collect();
    if own == earlier {
        return Some(held);
    }
    let (Some((own_last, own_first)), Some((last, first))) = (own.split_last(), earlier.split_last()) else {
        return None;
    };
    if own_first != first {
        return None;
    }
    match (question.word, held) {
        (name, true) if EXCLUSIVE.contains(&name) => Some(false),
        ("threat_is", true) if world.threats.is_a(last, own_last) => Some(true),
        ("threat_is", false) if world.threats.is_a(own_last, last) => Some(false),
        ("between", true) if world.line(own_last) != world.line(last) => Some(false),
        ("on_or_after", true) if own_last <= last => Some(true),
        ("on_or_after", false) if own_last >= last => Some(false),
        ("capable" | "state_capable", _) => {
            let level = |name: &str| crate::world::CapabilityLevel::parse(name);
            ordered(level(own_last)?, level(last)?, held)
        }
        (name, _) if word(name).is_some_and(|word| matches!(word.takes.last(), Some(Takes::Count | Takes::Number))) => {
            ordered(own_last.parse::<f64>().ok()?, last.parse::<f64>().ok()?, held)
        }
        _ => None,
    }
}

/// What "at least `known`" says of "at least `wanted`".
fn ordered<T: PartialOrd>(wanted: T, known: T, held: bool) -> Option<bool> {
    if held { (wanted <= known).then_some(true) } else { (wanted >= known).then_some(false) }
}

impl Answers for Supposed {
    fn reply(&self, question: &Question) -> Known<Reply> {
        if let Some(holds) = implied(&self.world, &self.chosen, question) {
            return Ok(Reply::Answer(Answer { holds, stands_on: Vec::new() }));
        }
        Err(Arc::new(FreeFact {
            key: key_of(question),
            kind: Free::Unknown,
            says: question.to_string(),
            values: vec!["no".to_owned(), "yes".to_owned()],
        }))
    }
}

impl RuleSet {
    /// Every path of a rule that some world can take, questions in the order in which they are asked.
    pub fn paths(&self, rule: &Rule, world: &Arc<World>, cap: usize) -> Result<Tree<Run>, TooManyWorlds> {
        self.explore(rule, world, cap, &|chosen| Supposed::under(world, chosen))
    }
}

/// The path of a tree that speaks and differs least from the answers really given: the questions to answer otherwise.
///
/// `None` if no path says what `wanted` accepts.
pub fn nearest(
    tree: &Tree<Run>,
    really: &dyn Fn(&Question) -> Option<bool>,
    wanted: &dyn Fn(&Run) -> bool,
) -> Option<Vec<Read>> {
    let mut best: Option<Vec<Read>> = None;
    for run in tree.leaves().into_iter().filter(|run| wanted(run)) {
        let mut differing: BTreeMap<Question, Read> = BTreeMap::new();
        let mut order = Vec::new();
        for read in run.reads.iter() {
            if really(&read.question).is_some_and(|holds| holds != read.answer.holds)
                && differing.insert(read.question.clone(), read.clone()).is_none()
            {
                order.push(read.clone());
            }
        }
        if best.as_ref().is_none_or(|best| order.len() < best.len()) {
            best = Some(order);
        }
    }
    best
}
