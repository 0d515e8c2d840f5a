//! Running a rule in one world, and exploring it over all that its free facts allow.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use super::host::{Answers, Halt};
use super::{Emission, Rule, RuleSet, Run};
use crate::ask::vocabulary::{Each, Stage};
use crate::ask::{Chosen, Free, Known, Question, Read, Reply, TooManyWorlds, Tree, explore};
use crate::diagnostic::Diagnostic;
use crate::world::{Id, World};

/// What the guard of a rule asks of the function at stake; no rule asks it in words.
pub const CONCERNS: &str = "concerns";

impl RuleSet {
    /// Runs a rule once, its guard first. `Err` is the free fact that it stopped at; a rule that fails is marked, and silent.
    pub fn run(&self, rule: &Rule, world: &Arc<World>, answers: &Rc<dyn Answers>) -> Known<Run> {
        if self.failed.borrow().contains_key(&rule.id) {
            return Ok(Run::default());
        }
        let mut run = Run::default();
        let mut asked = Vec::new();
        let speaks = guard(rule, answers.as_ref(), &mut asked)?;
        let ast = self.files.get(rule.file).and_then(|file| file.ast.as_ref());
        let (true, Some(ast)) = (speaks, ast) else {
            run.reads = Rc::new(asked);
            return Ok(run);
        };
        match self.host.run(ast, &rule.function, world, &self.known, answers) {
            Ok((reads, says)) => {
                asked.extend(reads);
                run.reads = Rc::new(asked);
                run.says = says;
                Ok(run)
            }
            Err(Halt::Free(fact)) => Err(fact),
            Err(Halt::NotJudged(judgement)) => {
                run.not_judged.insert(judgement);
                Ok(run)
            }
            Err(Halt::Failed(message, position)) => {
                let place = self.place(rule, position).unwrap_or_else(|| rule.place.clone());
                let problem = Diagnostic::error(
                    "rule-failed",
                    format!("the rule `{}` failed: {message}", rule.id),
                    place,
                    "here",
                )
                .label(rule.place.clone(), "in this rule")
                .help("it is not called again in this run; what it speaks to is open");
                self.failed.borrow_mut().insert(rule.id.clone(), problem);
                Ok(run)
            }
        }
    }

    /// Runs a rule under every value of the free facts it meets. What is undecided is read both ways and taints what follows.
    ///
    /// `answers` builds the answers under chosen values.
    pub fn explore(
        &self,
        rule: &Rule,
        world: &Arc<World>,
        cap: usize,
        answers: &dyn Fn(&Chosen) -> Rc<dyn Answers>,
    ) -> Result<Tree<Run>, TooManyWorlds> {
        // One budget for everything: what is undecided doubles the runs just as a free fact does.
        let left = Cell::new(cap);
        let tree = explore(cap, &mut |chosen| self.run_through(rule, world, chosen, answers, &left));
        if left.get() == 0 { Err(TooManyWorlds) } else { tree }
    }

    fn run_through(
        &self,
        rule: &Rule,
        world: &Arc<World>,
        chosen: &Chosen,
        answers: &dyn Fn(&Chosen) -> Rc<dyn Answers>,
        left: &Cell<usize>,
    ) -> Known<Run> {
        if left.get() == 0 {
            return Ok(Run::default());
        }
        left.set(left.get() - 1);
        match self.run(rule, world, &answers(chosen)) {
            Err(fact) if fact.kind == Free::Undecided => {
                let mut merged = Run::default();
                for value in 0..fact.values.len() {
                    let mut chosen = chosen.clone();
                    chosen.insert(fact.key.clone(), value);
                    let run = self.run_through(rule, world, &chosen, answers, left)?;
                    merged.reads = run.reads;
                    merged.not_judged.extend(run.not_judged);
                    for emission in run.says {
                        let emission = Emission { tainted: true, ..emission };
                        if !merged.says.contains(&emission) {
                            merged.says.push(emission);
                        }
                    }
                }
                Ok(merged)
            }
            other => other,
        }
    }
}

/// The guard is part of the condition: its questions are asked and logged first, at no place in the script.
fn guard(rule: &Rule, answers: &dyn Answers, asked: &mut Vec<Read>) -> Known<bool> {
    for (word, ids) in rule.guards() {
        let mut speaks = false;
        for id in ids {
            let question = Question { word, arguments: vec![id.clone()] };
            if let Reply::Answer(answer) = answers.reply(&question)? {
                speaks = answer.holds;
                asked.push(Read { question, answer, position: (0, 0) });
                if speaks {
                    break;
                }
            }
        }
        if !speaks {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Rule {
    /// What its guard asks before it runs: a word, and the ids of which one has to hold.
    pub fn guards(&self) -> Vec<(&'static str, &[Id])> {
        if matches!(self.each, Each::Organisation | Each::Pair) {
            return Vec::new();
        }
        let second = match (self.stage, self.each) {
            (_, Each::Response) => Some("response_does"),
            (_, Each::Overlap) => Some("overlap_in"),
            // Which functions are needed is known from the coverage stage on; there each cell applies the guard itself.
            (Stage::Question | Stage::Need | Stage::Coverage, _) => None,
            _ => Some(CONCERNS),
        };
        let functions = second.map(|word| (word, self.functions.as_slice()));
        let both = std::iter::once(("threat_is", self.threats.as_slice())).chain(functions);
        both.filter(|(_, ids)| !ids.is_empty()).collect()
    }
}
