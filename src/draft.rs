//! Work in progress: an expression asked of one situation, and the rules of a draft as one evaluation heard them.
//!
//! Everything is checked and run exactly as rules of a pack are. What comes out is a tree of sentences, as for explanations.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::answer::{Evaluated, Standpoint, Trace};
use crate::ask::vocabulary::Each;
use crate::ask::{Chosen, Free, FreeFact, Read, Tree, explore};
use crate::diagnostic::{Diagnostic, Place};
use crate::explain::{Node, read_node};
use crate::rules::{Asked, Rule, RuleSet, Run};
use crate::session::Session;
use crate::world::World;

/// Worlds that are tried for an expression.
const MOST_WORLDS: usize = 64;

/// Paths of a rule that are tried.
const MOST_PATHS: usize = 4096;

/// Asks an expression in a situation: yes, no, or what it hangs on, with every question that it asked and the facts
/// behind the answers.
///
/// Errors: everything wrong with the expression; that it failed, or hangs on too much.
pub fn ask(session: &Session, at: &Standpoint, text: &str) -> Result<Node, Vec<Diagnostic>> {
    let rules = &session.rules;
    let world = at.world();
    let expression = rules.expression(text, world, Each::State)?;
    let tree = explore(MOST_WORLDS, &mut |chosen| rules.ask(&expression, world, &at.answers(chosen)));
    let tree = tree.map_err(|_| {
        let place = Place::new(&"expression".into(), text, 0..text.len());
        let problem =
            Diagnostic::error("too-many-worlds", "it hangs on more open facts than can be tried", place, "here");
        vec![problem.help("ask less of what is unknown")]
    })?;
    let failed = |own: &&Result<Asked, Diagnostic>| own.is_err();
    if let Some(Err(problem)) = tree.leaves().into_iter().find(failed) {
        return Err(vec![problem.clone()]);
    }
    let branches = branches(&tree);
    let value = |own: &Result<Asked, Diagnostic>| own.as_ref().map(|own| own.value.clone()).ok();
    let told = |own: &Result<Asked, Diagnostic>| match value(own) {
        Some(Ok(true)) => "yes".to_owned(),
        Some(Ok(false)) => "no".to_owned(),
        Some(Err(judgement)) => format!("silent: nobody made the judgement {judgement}"),
        None => String::new(),
    };
    let reads = |own: &Result<Asked, Diagnostic>| {
        own.iter().flat_map(|own| read_nodes(world, rules, None, &own.reads)).collect::<Vec<Node>>()
    };
    if let [(_, only)] = branches.as_slice() {
        return Ok(Node::new(told(only)).on(reads(only)));
    }
    let values: BTreeSet<String> = branches.iter().map(|(_, own)| told(own)).collect();
    let head = match values.iter().next() {
        Some(only) if values.len() == 1 => format!("{only}, whatever is not settled"),
        _ => hangs(&tree.reduced(&|own| value(own))),
    };
    let because = branches.iter().map(|(given, own)| Node::new(format!("{given}: {}", told(own))).on(reads(own)));
    Ok(Node::new(head).on(because.collect()))
}

/// What the rules of one file said in an evaluation of the case and state: what, from which answers, and how it stands.
pub fn heard(session: &Session, evaluated: &Evaluated, file: &str, at: &Standpoint) -> Vec<Node> {
    let here = at.id();
    let case = here.split('/').next().unwrap_or_default();
    let mut nodes = Vec::new();
    for rule in session.rules.rules.values().filter(|rule| *rule.place.file == *file) {
        if let Some(problem) = session.rules.failed().get(&rule.id) {
            nodes.push(Node::new(format!("{} cannot be used: {}", rule.id, problem.message)).at(problem.place()));
            continue;
        }
        let before = nodes.len();
        for trace in evaluated.traces.iter().filter(|trace| trace.account == at.account) {
            for run in trace.runs.iter().filter(|run| run.rule == rule.id) {
                let speaks = run.tree.leaves().iter().any(|own| !own.says.is_empty());
                let wanted = match rule.each {
                    Each::State => run.at == here,
                    Each::Organisation | Each::Pair => speaks,
                    _ => run.at == case || run.at.starts_with(&format!("{case}/")),
                };
                if wanted {
                    nodes.push(run_node(session, evaluated, trace, rule, &run.at, &run.tree));
                }
            }
        }
        if nodes.len() == before {
            nodes.push(Node::new(format!(
                "{} is not asked here: no such situation, or it is silent everywhere",
                rule.id
            )));
        }
    }
    nodes
}

/// Every path of the rules of a file, with what each says.
pub fn paths(session: &Session, file: &str) -> Vec<Node> {
    let world = Arc::new(session.widest());
    let own = session.rules.rules.values().filter(|rule| *rule.place.file == *file);
    own.map(|rule| {
        if let Some(problem) = session.rules.failed().get(&rule.id) {
            return Node::new(format!("{} cannot be used: {}", rule.id, problem.message)).at(problem.place());
        }
        let Ok(tree) = session.rules.paths(rule, &world, MOST_PATHS) else {
            return Node::new(format!("{} has more than {MOST_PATHS} paths", rule.id));
        };
        let leaves = tree.leaves();
        let paths = leaves.iter().map(|run| {
            let answers = run.reads.iter().map(|read| Node::new(answered(read)));
            Node::new(says(run)).on(answers.collect())
        });
        let count = leaves.len();
        Node::new(format!("{}: {count} path{}", rule.id, if count == 1 { "" } else { "s" })).on(paths.collect())
    })
    .collect()
}

fn run_node(session: &Session, evaluated: &Evaluated, trace: &Trace, rule: &Rule, at: &str, tree: &Tree<Run>) -> Node {
    let id = format!("{}@{at}", rule.id);
    let reads = |run: &Run| read_nodes(&evaluated.world, &session.rules, Some(rule), &run.reads);
    let branches = branches(tree);
    let mut node = match branches.as_slice() {
        [(_, only)] => Node::new(format!("{id} {}", says(only))).on(reads(only)),
        _ => {
            let own =
                branches.iter().map(|(given, run)| Node::new(format!("{given}: it {}", says(run))).on(reads(run)));
            Node::new(format!("{id}: {}", hangs(&tree.reduced(&|run| run.says.len())))).on(own.collect())
        }
    };
    let several = evaluated.traces.len() > 1;
    let own = |account: &Option<String>| !several || account.is_none() || *account == trace.account;
    let arguments =
        evaluated.evaluation.arguments.iter().filter(|argument| argument.id == id && own(&argument.account));
    let standing = arguments.map(|argument| {
        let decided = argument.decided_by.map(|decider| format!(": {}", decider.sentence())).unwrap_or_default();
        let attacked = match argument.attackers.as_slice() {
            [] => String::new(),
            some => format!("; attacked by {}", some.join(", ")),
        };
        let only = if argument.only_if.is_empty() { "" } else { " in some worlds" };
        Node::new(format!("{} is {}{only}{decided}{attacked}", argument.position, argument.label.as_str()))
    });
    node.because.splice(0..0, standing.collect::<Vec<Node>>());
    node.at(Some(&rule.place))
}

fn says(run: &Run) -> String {
    let said: Vec<String> = run.says.iter().map(|own| own.says.position()).collect();
    match (said.as_slice(), run.not_judged.first()) {
        ([], Some(judgement)) => format!("is silent: nobody made the judgement {judgement}"),
        ([], None) => match run.reads.last() {
            Some(last) => format!("is silent: {}", answered(last)),
            None => "is silent".to_owned(),
        },
        (said, _) => format!("says: {}", said.join("; ")),
    }
}

fn answered(read: &Read) -> String {
    let guard = if read.position == (0, 0) { "guard " } else { "" };
    format!("{guard}{}: {}", read.question, if read.answer.holds { "yes" } else { "no" })
}

fn read_nodes(world: &World, rules: &RuleSet, rule: Option<&Rule>, reads: &[Read]) -> Vec<Node> {
    let node = |read: &Read| {
        let node = read_node(world, rules, rule, read);
        let bare = !read.answer.holds && read.answer.stands_on.is_empty();
        if bare { node.on(vec![Node::new("no fact on record makes it so")]) } else { node }
    };
    reads.iter().filter(|read| read.question.word != "concerns").map(node).collect()
}

/// Every leaf with what leads to it, in words.
fn branches<T>(tree: &Tree<T>) -> Vec<(String, &T)> {
    let facts = tree.facts();
    let word = |(key, value): (&String, &usize)| {
        let fact = facts.get(key)?;
        Some(format!("{}: {}", fact.says, fact.values.get(*value)?))
    };
    let given = |chosen: &Chosen| {
        let words: Vec<String> = chosen.iter().filter_map(word).collect();
        format!("if {}", words.join(" and "))
    };
    tree.paths().into_iter().map(|(chosen, leaf)| (given(&chosen), leaf)).collect()
}

/// What a result hangs on, the weightiest reason first.
fn hangs<T>(tree: &Tree<T>) -> String {
    let facts = tree.facts();
    let mut own: Vec<&Arc<FreeFact>> = facts.values().collect();
    own.sort_by_key(|fact| (std::cmp::Reverse(fact.kind), &fact.key));
    let says: Vec<&str> = own.iter().map(|fact| fact.says.as_str()).collect();
    let listed = says.join("; ");
    match own.first().map(|fact| fact.kind) {
        Some(Free::Unknown) => format!("open: nobody says {listed}"),
        Some(Free::Disputed) => format!("contested: {listed}"),
        Some(Free::Lever) => format!("it hangs on {listed}"),
        Some(Free::Undecided) => format!("undecided: {listed}"),
        None => "settled".to_owned(),
    }
}
