//! Why, and why not: a view of what was recorded while evaluating, as a tree of sentences.
//!
//! Nothing is decided here. A rule that did not fire is asked in the abstract for the nearest answers under which it would.

mod why_not;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::report::{HolderResult, StepKind};
use crate::answer::{By, Claim, Evaluated, Outcome};
use crate::argument::Label;
use crate::ask::{Chosen, FactRef, Read};
use crate::diagnostic::{Diagnostic, Place, suggestion};
use crate::rules::{Rule, RuleSet, Says};
use crate::world::{Hedge, Level, Step, World};
use why_not::{silent, why_not};

/// One sentence and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Node {
    /// The sentence.
    pub text: String,
    /// The source, with its locator.
    pub source: Option<String>,
    /// File and line.
    pub place: Option<String>,
    /// What it rests on, the most telling first.
    pub because: Vec<Node>,
}

impl Node {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Node { text: text.into(), source: None, place: None, because: Vec::new() }
    }

    pub(crate) fn at(mut self, place: Option<&Place>) -> Self {
        self.place = place.map(|place| format!("{}:{}", place.file, place.line));
        self
    }

    pub(crate) fn by(mut self, source: Option<String>) -> Self {
        self.source = source;
        self
    }

    pub(crate) fn on(mut self, because: Vec<Node>) -> Self {
        self.because = because;
        self
    }
}

/// What to explain.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// An id from a result: a cell, a cell's holder, an argument, a finding, a proposition, a response.
    Id(String),
    /// Why a holder does not do something.
    WhyNot {
        /// The holder; its whole line is looked at.
        holder: String,
        /// The function.
        function: String,
        /// One affected state only.
        state: Option<String>,
    },
}

/// Explains something of an evaluation. Errors: there is nothing of that id; the closest is suggested.
pub fn explain(evaluated: &Evaluated, rules: &RuleSet, wanted: &Wanted) -> Result<Vec<Node>, Diagnostic> {
    let nodes = match wanted {
        Wanted::Id(id) => by_id(evaluated, rules, id),
        Wanted::WhyNot { holder, function, state } => {
            let world = &evaluated.world;
            known(holder, "organisation, organ or state", world.bodies.keys().chain(world.states.keys()))?;
            known(function, "function", world.functions.terms.keys())?;
            if let Some(state) = state {
                known(state, "state", world.states.keys())?;
            }
            why_not(evaluated, rules, holder, function, state.as_deref())
        }
    };
    if nodes.is_empty() {
        let ids = ids(evaluated);
        let what = match wanted {
            Wanted::Id(id) => id.clone(),
            Wanted::WhyNot { function, .. } => function.clone(),
        };
        let place = Place::whole(&evaluated.scenario.place.file);
        let mut problem = Diagnostic::error(
            "nothing-to-explain",
            format!("this evaluation has nothing called `{what}`"),
            place,
            "asked for",
        );
        let close =
            ids.iter().filter(|id| id.starts_with(&what) || id.ends_with(&what)).take(5).cloned().collect::<Vec<_>>();
        problem.help = if close.is_empty() {
            suggestion(&what, ids.iter().map(String::as_str))
                .or_else(|| ids.first().map(|id| format!("for example `{id}`")))
        } else {
            Some(format!("perhaps {}", close.join(", ")))
        };
        return Err(problem);
    }
    Ok(nodes)
}

fn known<'a>(id: &str, what: &str, legal: impl Iterator<Item = &'a String> + Clone) -> Result<(), Diagnostic> {
    if legal.clone().any(|known| known == id) {
        return Ok(());
    }
    let mut problem = Diagnostic::error(
        "unknown-id",
        format!("there is no {what} `{id}`"),
        Place::whole("command line"),
        "asked for",
    );
    problem.help = suggestion(id, legal.map(String::as_str));
    Err(problem)
}

/// Every id that can be explained, cells first.
pub fn ids(evaluated: &Evaluated) -> Vec<String> {
    let evaluation = &evaluated.evaluation;
    let traced = evaluated.traces.iter().flat_map(|trace| trace.cells.keys());
    let cells = traced.map(|(case, state, function)| format!("{case}/{state}/{function}"));
    let findings = evaluation.findings.iter().map(|finding| finding.id.clone());
    let theses = evaluation.assessments.iter().map(|assessment| assessment.id.clone());
    let arguments = evaluation.arguments.iter().map(|argument| argument.id.clone());
    let mut seen = BTreeSet::new();
    cells.chain(findings).chain(theses).chain(arguments).filter(|id| seen.insert(id.clone())).collect()
}

fn by_id(evaluated: &Evaluated, rules: &RuleSet, id: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    for case in &evaluated.evaluation.cases {
        for need in &case.needs {
            for state in &need.states {
                let cell = format!("{}/{}/{}", case.id, state.state, need.function);
                let finding = format!("{}/{}", case.id, need.function);
                let holder = id.strip_prefix(&format!("{cell}/"));
                let one = holder.and_then(|holder| state.holders.iter().find(|row| row.holder == holder));
                if id != cell && id != finding && one.is_none() {
                    continue;
                }
                let under =
                    case.account.as_ref().map(|account| format!(" under the account {account}")).unwrap_or_default();
                let mut because = Vec::new();
                for row in state.holders.iter().filter(|row| one.is_none_or(|one| one.holder == row.holder)) {
                    if one.is_some() || matches!(row.level, Level::Regional | Level::Universal) {
                        because.push(holder_node(
                            evaluated,
                            rules,
                            &case.id,
                            case.account.as_deref(),
                            &state.state,
                            &need.function,
                            row,
                        ));
                    }
                }
                because.extend(judgement_nodes(&state.on_paper.depends_on, &state.available.depends_on));
                let text = match one {
                    Some(row) => {
                        let (on_paper, available) = (row.on_paper.as_str(), row.available.as_str());
                        format!("{cell}{under}, {}: {on_paper} on paper, {available} available", row.name)
                    }
                    None => {
                        let (on_paper, available) = (state.on_paper.answer.as_str(), state.available.answer.as_str());
                        format!("{cell}{under}: {on_paper} on paper, {available} available")
                    }
                };
                nodes.push(Node::new(text).on(because));
            }
        }
    }
    if !nodes.is_empty() {
        return nodes;
    }
    let mut told: BTreeMap<(Option<&str>, String, String), usize> = BTreeMap::new();
    let weighed = evaluated.traces.iter().flat_map(|trace| trace.gathered.claims.iter().map(move |own| (trace, own)));
    let several = evaluated.traces.len() > 1;
    for (trace, claims) in weighed {
        for claim in claims.iter() {
            let of_thesis = match &claim.says {
                Says::Asserts { proposition } | Says::Denies { proposition } => proposition == id,
                Says::Recommends { what_if } => what_if == id,
                _ => false,
            };
            let of_rule = matches!(&claim.by, By::Rule(rule) if rule == id);
            if claim.id() == id || of_thesis || of_rule {
                let mut node = claim_node(evaluated, rules, claims, claim, 0);
                let account = trace.account.as_deref().filter(|_| several);
                if let Some(account) = account {
                    node.text = format!("under the account {account}: {}", node.text);
                }
                // One argument may have been weighed in several places: the fullest telling is enough.
                let key = (account, claim.id(), claim.says.position());
                match told.get(&key).copied().and_then(|at| nodes.get_mut(at)) {
                    Some(old) if old.because.len() >= node.because.len() => {}
                    Some(old) => *old = node,
                    None => {
                        told.insert(key, nodes.len());
                        nodes.push(node);
                    }
                }
            }
        }
    }
    // A rule that said nothing anywhere: say what kept it silent.
    if nodes.is_empty() {
        let (rule, at) = id.split_once('@').map_or((id, None), |(rule, at)| (rule, Some(at)));
        if let Some(rule) = rules.rules.get(rule) {
            nodes.extend(silent(evaluated, rules, rule, at));
        }
    }
    let named = evaluated.evaluation.findings.iter().find(|finding| finding.id == id);
    if let (Some(finding), true) = (named, nodes.is_empty()) {
        let because = finding.rules.iter().flat_map(|rule| by_id(evaluated, rules, rule)).collect();
        nodes.push(Node::new(finding.text.clone()).on(because));
    }
    nodes
}

fn judgement_nodes(on_paper: &[String], available: &[String]) -> Vec<Node> {
    let facts: BTreeSet<&String> = on_paper.iter().chain(available).collect();
    facts.into_iter().map(|fact| Node::new(format!("it hangs on {fact}"))).collect()
}

/// One holder: where it stops, each step with its arguments.
fn holder_node(
    evaluated: &Evaluated,
    rules: &RuleSet,
    case: &str,
    account: Option<&str>,
    state: &str,
    function: &str,
    row: &HolderResult,
) -> Node {
    let text = match (row.available, row.steps.iter().find(|step| step.result == StepKind::Stops)) {
        (StepKind::Passes, _) => format!("{} passes every step", row.name),
        (_, Some(step)) => format!("{} stops at {}: {}", row.name, step.step, step.why),
        (kind, None) => {
            let unsettled = row.steps.iter().find(|step| step.result != StepKind::Passes);
            let detail = unsettled.map(|step| format!(" at {}: {}", step.step, step.why)).unwrap_or_default();
            format!("{} is {}{detail}", row.name, kind.as_str())
        }
    };
    let trace = evaluated
        .traces
        .iter()
        .find(|trace| account.is_none() || trace.account.as_deref() == account)
        .and_then(|trace| trace.cells.get(&(case.to_owned(), state.to_owned(), function.to_owned())));
    let mut because = Vec::new();
    let rows = trace
        .into_iter()
        .flat_map(|trace| &trace.rows)
        .filter(|own| own.holder == row.holder && own.mandate == row.mandate);
    for step in rows
        .flat_map(|own| &own.steps)
        .filter(|step| step.result != StepKind::Passes || row.available == StepKind::Passes)
    {
        because.extend(step_nodes(evaluated, rules, step.step, step.result, &step.worlds, row));
    }
    let source = row.source.as_ref().map(|source| cite(&evaluated.world, source, row.locator.as_deref()));
    Node::new(text).by(source).on(because)
}

fn step_nodes(
    evaluated: &Evaluated,
    rules: &RuleSet,
    step: Step,
    result: StepKind,
    worlds: &[(Chosen, Outcome, Rc<Vec<Claim>>)],
    row: &HolderResult,
) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    for (_, _, claims) in worlds {
        for claim in claims.iter() {
            let about = matches!(claim.says, Says::Passes { .. } | Says::Stops { .. });
            let telling = claim.label != Label::Rejected || !claim.attackers.is_empty();
            if about && telling {
                let node = claim_node(evaluated, rules, claims, claim, 0);
                if !nodes.contains(&node) {
                    nodes.push(node);
                }
            }
        }
    }
    // The side that stands first.
    nodes.sort_by_key(|node| node.text.contains("rejected"));
    let why = row.steps.iter().find(|own| own.step == step).map(|own| own.why.clone()).unwrap_or_default();
    match nodes.as_slice() {
        [only] if only.because.is_empty() => nodes,
        _ => vec![Node::new(format!("{step}: {} ({why})", result.as_str())).on(nodes)],
    }
}

/// One argument: what it says, how it stands, the facts it stood on, who attacks it.
fn claim_node(evaluated: &Evaluated, rules: &RuleSet, claims: &[Claim], claim: &Claim, depth: usize) -> Node {
    let world = &evaluated.world;
    let rule = match &claim.by {
        By::Rule(id) => rules.rules.get(id),
        _ => None,
    };
    let who = match (&claim.by, rule) {
        (By::Rule(_), _) => format!("rule {}: {}", claim.id(), claim.says.position()),
        (By::Mandate(id), _) => format!("{id}: {}", claim.says.position()),
        _ => claim.says.position(),
    };
    let decided = claim.decided_by.map(|decider| format!(", {}", decider.sentence())).unwrap_or_default();
    let standing = match (claim.label, claim.decided_by) {
        (Label::Accepted, None) => String::new(),
        (label, _) => format!(" — {}{decided}", label.as_str()),
    };
    let why = match &claim.says {
        Says::Stops { .. } | Says::Finds { .. } | Says::FlagGap { .. } | Says::FlagOverlap { .. } => {
            format!(" ({})", claim.why)
        }
        _ if rule.is_none() && !claim.why.is_empty() => format!(" ({})", claim.why),
        _ => String::new(),
    };
    let mut because: Vec<Node> = Vec::new();
    if let (Some(rule), 0) = (rule, depth) {
        let hedge = if rule.hedge == Hedge::Flat { String::new() } else { format!(" ({})", rule.hedge.phrase()) };
        because.extend((!rule.doc.is_empty()).then(|| Node::new(format!("it says{hedge}: {}", rule.doc))));
        because.extend(rule.notes.iter().map(|note| Node::new(format!("note: {note}"))));
        because
            .extend(rule.claims.iter().map(|id| Node::new(format!("realises the claim {id}: mandatum claims {id}"))));
    }
    because.extend(claim.facts.iter().map(|fact| fact_node(world, fact)));
    let reads = claim.reads.iter().filter(|read| read.question.word != "concerns");
    because.extend(reads.map(|read| {
        let node = read_node(world, rules, rule, read);
        match established(evaluated, read, &claim.at) {
            Some(derived) if depth < 2 => {
                let own = derived.reads.iter().filter(|read| read.question.word != "concerns");
                let by = rules.rules.get(derived.author().unwrap_or_default());
                node.on(own.map(|read| read_node(world, rules, by, read)).collect())
            }
            _ => node,
        }
    }));
    if claim.undermined {
        because.push(Node::new("holds only as its own paper states the facts; the record says otherwise"));
    }
    if depth < 2 {
        for attacker in claim.attackers.iter().filter_map(|index| claims.get(*index)) {
            let outcome = match attacker.label {
                Label::Accepted => "attacked, with success, by",
                Label::Rejected => "attacked, in vain, by",
                Label::Undecided => "attacked, undecided, by",
            };
            let mut node = claim_node(evaluated, rules, claims, attacker, depth + 1);
            node.text = format!("{outcome} {}", node.text);
            because.push(node);
        }
    }
    let locator = claim.locator.as_deref();
    let place = match rule {
        Some(rule) => rules.place(rule, claim.position).or_else(|| Some(rule.place.clone())),
        None => match &claim.by {
            By::Mandate(id) => {
                world.mandates.iter().find(|mandate| mandate.fact.id == *id).map(|mandate| mandate.fact.place.clone())
            }
            _ => None,
        },
    };
    Node::new(format!("{who}{why}{standing}"))
        .by(claim.source.as_ref().map(|source| cite(world, source, locator)))
        .at(place.as_ref())
        .on(because)
}

/// The argument that established a shared question in a situation.
pub(crate) fn established<'e>(evaluated: &'e Evaluated, read: &Read, at: &str) -> Option<&'e Claim> {
    if read.question.word != "established" || !read.answer.holds {
        return None;
    }
    let wanted = read.question.arguments.first()?;
    let weighed = evaluated.traces.iter().flat_map(|trace| &trace.gathered.claims).flat_map(|claims| claims.iter());
    let mut own = weighed.filter(|claim| matches!(&claim.says, Says::Establishes { question } if question == wanted));
    own.find(|claim| claim.at == at || at.starts_with(&format!("{}/", claim.at)))
}

pub(crate) fn read_node(world: &World, rules: &RuleSet, rule: Option<&Rule>, read: &Read) -> Node {
    let answer = if read.answer.holds { "yes" } else { "no" };
    let place = rule.and_then(|rule| rules.place(rule, read.position));
    let where_asked = if read.position == (0, 0) { "guard: " } else { "" };
    let facts = read.answer.stands_on.iter().map(|fact| fact_node(world, fact)).collect();
    Node::new(format!("{where_asked}{}: {answer}", read.question)).at(place.as_ref()).on(facts)
}

fn fact_node(world: &World, fact: &FactRef) -> Node {
    let claimed = if fact.claimed { ", claimed" } else { "" };
    let source = fact.source.as_ref().map(|source| cite(world, source, fact.locator.as_deref()));
    Node::new(format!("{}{claimed}", fact.text)).by(source).at(fact.place.as_ref())
}

fn cite(world: &World, source: &str, locator: Option<&str>) -> String {
    let title = match (world.sources.get(source), world.instruments.get(source)) {
        (Some(source), _) => source.short(),
        (None, Some(text)) => text.title.clone(),
        (None, None) => source.to_owned(),
    };
    match locator {
        Some(locator) => format!("{title}, {locator}"),
        None => title,
    }
}
