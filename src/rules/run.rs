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
    let mut speaks_to = |word: &'static str, ids: &[Id]| -> Known<bool> {
        for id in ids {
            let question = Question { word, arguments: vec![id.clone()] };
            if let Reply::Answer(answer) = answers.reply(&question)? {
                let holds = answer.holds;
                asked.push(Read { question, answer, position: (0, 0) });
                if holds {
                    return Ok(true);
                }
            }
        }
        Ok(ids.is_empty())
    };
    if matches!(rule.each, Each::Organisation | Each::Pair) {
        return Ok(true);
    }
    if !speaks_to("threat_is", &rule.threats)? {
        return Ok(false);
    }
    match (rule.stage, rule.each) {
        (_, Each::Response) => speaks_to("response_does", &rule.functions),
        (_, Each::Overlap) => speaks_to("overlap_in", &rule.functions),
        // Which functions are needed is known from the coverage stage on; there each cell applies the guard itself.
        (Stage::Question | Stage::Need | Stage::Coverage, _) => Ok(true),
        _ => speaks_to("concerns", &rule.functions),
    }
}
