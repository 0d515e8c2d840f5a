//! Why, and why not: a view of what was recorded while evaluating, as a tree of sentences.
//!
//! Nothing is decided here. A rule that did not fire is asked in the abstract for the nearest answers under which it would.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::report::{HolderResult, StateResult, StepKind};
use crate::answer::{By, Claim, Evaluated, Outcome};
use crate::argument::Label;
use crate::ask::vocabulary::Stage;
use crate::ask::{Chosen, FactRef, Known, Positions, Question, Read, Reply, Situation, Standing};
use crate::diagnostic::{Diagnostic, Place, suggestion};
use crate::ladder;
use crate::rules::{Rule, RuleSet, Says, nearest};
use crate::world::{Force, Level, Step, World};

/// Paths tried when a rule is asked in the abstract.
const MAX_PATHS: usize = 4096;

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
    fn new(text: impl Into<String>) -> Self {
        Node { text: text.into(), source: None, place: None, because: Vec::new() }
    }

    fn at(mut self, place: Option<&Place>) -> Self {
        self.place = place.map(|place| format!("{}:{}", place.file, place.line));
        self
    }

    fn by(mut self, source: Option<String>) -> Self {
        self.source = source;
        self
    }

    fn on(mut self, because: Vec<Node>) -> Self {
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
    for claims in evaluated.traces.iter().flat_map(|trace| &trace.gathered.claims) {
        for claim in claims.iter() {
            let of_thesis = match &claim.says {
                Says::Asserts { proposition } | Says::Denies { proposition } => proposition == id,
                Says::Recommends { what_if } => what_if == id,
                _ => false,
            };
            let of_rule = matches!(&claim.by, By::Rule(rule) if rule == id);
            if claim.id() == id || of_thesis || of_rule {
                let node = claim_node(evaluated, rules, claims, claim, 0);
                if !nodes.contains(&node) {
                    nodes.push(node);
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
        (By::Rule(id), _) => format!("rule {id}: {}", claim.says.position()),
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
    let mut because: Vec<Node> = claim.facts.iter().map(|fact| fact_node(world, fact)).collect();
    let reads = claim.reads.iter().filter(|read| read.question.word != "concerns");
    because.extend(reads.map(|read| read_node(world, rules, rule, read)));
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

fn read_node(world: &World, rules: &RuleSet, rule: Option<&Rule>, read: &Read) -> Node {
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

fn why_not(evaluated: &Evaluated, rules: &RuleSet, holder: &str, function: &str, state: Option<&str>) -> Vec<Node> {
    let world = &evaluated.world;
    let line = world.line(holder);
    let mut nodes = Vec::new();
    for trace in &evaluated.traces {
        for ((case, own), situation) in
            trace.situations.iter().filter(|((_, own), _)| state.is_none_or(|state| state == own))
        {
            let result = evaluated
                .evaluation
                .cases
                .iter()
                .find(|result| result.id == *case && (result.account.is_none() || result.account == trace.account));
            let cell = result
                .and_then(|result| result.needs.iter().find(|need| need.function == function))
                .and_then(|need| need.states.iter().find(|cell| cell.state == *own));
            let account = result.and_then(|result| result.account.clone());
            let under = account.as_ref().map(|account| format!(", account {account}")).unwrap_or_default();
            let rows: Vec<&HolderResult> =
                cell.into_iter().flat_map(|cell| &cell.holders).filter(|row| world.line(&row.holder) == line).collect();
            let mut because: Vec<Node> = rows
                .iter()
                .map(|row| holder_node(evaluated, rules, case, account.as_deref(), own, function, row))
                .collect();
            if rows.is_empty() {
                because.push(no_text(situation, holder, function));
            }
            if cell.is_none() {
                because.push(Node::new(format!("the case does not call for {function}, so nobody was asked")));
            }
            because.extend(would_speak(evaluated, rules, trace, situation, line, function));
            let passes = rows.iter().any(|row| row.available == StepKind::Passes);
            let open = rows.iter().any(|row| row.available != StepKind::Stops);
            let verb = if passes {
                "it does: every step passes"
            } else if open {
                "not settled"
            } else {
                "it does not"
            };
            let text = format!("{} and {function} for {} in {case}{under}: {verb}", world.name(line), world.name(own));
            nodes.push(Node::new(text).on(because));
        }
    }
    nodes.dedup();
    nodes
}

/// Nobody in the line has a text for it: say what comes nearest.
fn no_text(situation: &Situation, holder: &str, function: &str) -> Node {
    let world = &situation.view.world;
    let line = world.line(holder);
    let threat = situation.told.as_ref().map_or("", |told| told.threat.as_str());
    let near: Vec<Node> = world
        .mandates
        .iter()
        .filter(|mandate| world.line(&mandate.holder) == line && ladder::partial(situation, mandate, threat, function))
        .take(5)
        .map(|mandate| {
            let text = format!(
                "nearest: {} has {} against {}",
                mandate.holder,
                mandate.functions.join(", "),
                mandate.threats.join(", ")
            );
            Node::new(text)
                .by(Some(cite(world, &mandate.instrument, mandate.fact.locator.as_deref())))
                .at(Some(&mandate.fact.place))
        })
        .collect();
    Node::new(format!("no text gives any body of {} {function} against {threat}", world.name(line))).on(near)
}

/// Rules that could have spoken for the line and did not: the question that decided, its answer, its place.
fn would_speak(
    evaluated: &Evaluated,
    rules: &RuleSet,
    trace: &crate::answer::Trace,
    situation: &Situation,
    line: &str,
    function: &str,
) -> Vec<Node> {
    let world = &evaluated.world;
    let helps = |says: &Says| match says {
        Says::Passes { holder, function: wide, .. } => {
            world.line(holder) == line && world.functions.is_a(function, wide)
        }
        _ => false,
    };
    let mut nodes = Vec::new();
    for rule in rules.rules.values().filter(|rule| rule.stage == Stage::Coverage) {
        let fired = trace
            .runs
            .iter()
            .filter(|run| run.rule == rule.id && run.at == situation.id())
            .any(|run| run.tree.leaves().iter().any(|leaf| leaf.says.iter().any(|emission| helps(&emission.says))));
        if fired {
            continue;
        }
        nodes.extend(nearest_path(evaluated, rules, rule, situation, &helps));
    }
    nodes
}

fn nearest_path(
    evaluated: &Evaluated,
    rules: &RuleSet,
    rule: &Rule,
    situation: &Situation,
    wanted: &dyn Fn(&Says) -> bool,
) -> Option<Node> {
    let world: &Arc<World> = &evaluated.world;
    let concluded = Concluded(evaluated);
    let tree = rules.paths(rule, world, MAX_PATHS).ok()?;
    let really = |question: &Question| match situation.answer(question, &concluded) {
        Ok(Reply::Answer(answer)) => Some(answer.holds),
        _ => None,
    };
    let path = nearest(&tree, &really, &|run| run.says.iter().any(|emission| wanted(&emission.says)))?;
    let says = tree
        .leaves()
        .into_iter()
        .flat_map(|run| &run.says)
        .find(|emission| wanted(&emission.says))
        .map(|emission| emission.says.position())?;
    let because = path
        .iter()
        .map(|read| {
            let real = if read.answer.holds { "no" } else { "yes" };
            let wanted = if read.answer.holds { "yes" } else { "no" };
            let place = rules.place(rule, read.position);
            let facts = match situation.answer(&read.question, &concluded) {
                Ok(Reply::Answer(answer)) => answer.stands_on.iter().map(|fact| fact_node(world, fact)).collect(),
                _ => Vec::new(),
            };
            let guard = if read.position == (0, 0) { "its guard asks " } else { "" };
            Node::new(format!("{guard}{}: it is {real}, it would have to be {wanted}", read.question))
                .at(place.as_ref())
                .on(facts)
        })
        .collect();
    let text = format!("rule {} did not fire; it would say: {says}", rule.id);
    Some(Node::new(text).by(Some(cite(world, &rule.source, rule.at.as_deref()))).at(Some(&rule.place)).on(because))
}

/// Why a rule said nothing in the situations it ran for.
fn silent(evaluated: &Evaluated, rules: &RuleSet, rule: &Rule, at: Option<&str>) -> Vec<Node> {
    let mut nodes = Vec::new();
    for trace in &evaluated.traces {
        for situation in trace.situations.values().filter(|situation| at.is_none_or(|at| at == situation.id())) {
            if let Some(mut node) = nearest_path(evaluated, rules, rule, situation, &|_| true) {
                node.text = format!("{}: {}", situation.id(), node.text);
                nodes.push(node);
            }
        }
    }
    nodes
}

/// What was concluded, read back from the result.
struct Concluded<'e>(&'e Evaluated);

impl Concluded<'_> {
    fn cell(&self, situation: &Situation, state: &str, function: &str) -> Option<&StateResult> {
        let case =
            self.0.evaluation.cases.iter().find(|case| Some(&case.id) == situation.case().map(|case| &case.id))?;
        let need = case.needs.iter().find(|need| need.function == function)?;
        need.states.iter().find(|own| own.state == state)
    }

    fn row(&self, situation: &Situation, state: &str, holder: &str, function: &str) -> Option<&HolderResult> {
        self.cell(situation, state, function)?.holders.iter().find(|row| row.holder == holder)
    }
}

fn yes(holds: bool) -> Standing {
    if holds { Standing::Yes } else { Standing::No }
}

impl Positions for Concluded<'_> {
    fn established(&self, situation: &Situation, question: &str) -> Known<Standing> {
        let position = format!("establishes {question}");
        let at = format!("@{}", situation.id());
        let found = self.0.evaluation.arguments.iter().any(|argument| {
            argument.position == position && argument.id.ends_with(&at) && argument.label == Label::Accepted
        });
        Ok(yes(found))
    }
    fn needed(&self, situation: &Situation, state: &str, function: &str) -> Known<Standing> {
        Ok(yes(self.cell(situation, state, function).is_some()))
    }
    fn concerns(&self, situation: &Situation, function: &str) -> Known<Standing> {
        Ok(yes(situation.state().is_none_or(|state| self.cell(situation, state, function).is_some())))
    }
    fn stopped(&self, situation: &Situation, state: &str, holder: &str, function: &str, step: &str) -> Standing {
        let row = self.row(situation, state, holder, function);
        yes(row.is_some_and(|row| row.stops_at.iter().any(|own| own.as_str() == step)))
    }
    fn climbs(&self, situation: &Situation, state: &str, holder: &str, function: &str, on_paper: bool) -> Standing {
        let passes = |row: &HolderResult| if on_paper { row.on_paper } else { row.available } == StepKind::Passes;
        yes(self.row(situation, state, holder, function).is_some_and(passes))
    }
    fn answered(&self, situation: &Situation, state: &str, function: &str, on_paper: bool, answer: &str) -> Standing {
        let is =
            |cell: &StateResult| if on_paper { cell.on_paper.answer } else { cell.available.answer }.as_str() == answer;
        yes(self.cell(situation, state, function).is_some_and(is))
    }
    fn lines(&self, situation: &Situation, state: &str, function: &str) -> (usize, usize) {
        let count = self.cell(situation, state, function).map_or(0, |cell| cell.on_paper.lines.len());
        (count, count)
    }
    fn excluded_by_text(&self, situation: &Situation, state: &str, holder: &str, function: &str) -> Standing {
        self.stopped(situation, state, holder, function, Step::Exclusion.as_str())
    }
    fn duty_available(&self, situation: &Situation, state: &str, holder: &str, function: &str) -> Standing {
        let duty = |row: &HolderResult| row.force == Some(Force::Duty) && row.available == StepKind::Passes;
        yes(self.row(situation, state, holder, function).is_some_and(duty))
    }
}
