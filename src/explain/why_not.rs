//! Why not: what would have had to be otherwise, found by asking silent rules in the abstract.

use std::sync::Arc;

use super::{Node, cite, fact_node, holder_node};
use crate::answer::Evaluated;
use crate::answer::report::{HolderResult, StateResult, StepKind};
use crate::argument::Label;
use crate::ask::vocabulary::Stage;
use crate::ask::{Known, Positions, Question, Reply, Situation, Standing};
use crate::ladder;
use crate::rules::{Rule, RuleSet, Says, nearest};
use crate::world::{Force, Step, World};

/// Paths tried when a rule is asked in the abstract.
const MAX_PATHS: usize = 4096;

pub(super) fn why_not(
    evaluated: &Evaluated,
    rules: &RuleSet,
    holder: &str,
    function: &str,
    state: Option<&str>,
) -> Vec<Node> {
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
pub(super) fn silent(evaluated: &Evaluated, rules: &RuleSet, rule: &Rule, at: Option<&str>) -> Vec<Node> {
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
