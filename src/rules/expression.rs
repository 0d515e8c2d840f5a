//! One expression, asked of a situation outside any rule: checked as a rule is, run within the same limits.

use std::rc::Rc;
use std::sync::Arc;

use super::check::{self, Places};
use super::host::{Answers, Halt};
use super::tags::Head;
use super::{MAX_SOURCE, RuleSet};
use crate::ask::vocabulary::Each;
use crate::ask::{Known, Read};
use crate::diagnostic::{Diagnostic, Place, Problems, Severity};
use crate::world::{Id, World};

/// The name under which an expression stands in messages.
const FILE: &str = "expression";

/// An expression that passed every check.
pub struct Expression {
    ast: rhai::AST,
    file: Arc<str>,
    text: String,
}

/// What an expression came to in one world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What it asked, in order.
    pub reads: Vec<Read>,
    /// Yes or no, or the judgement that nobody made, without which it stays silent.
    pub value: Result<bool, Id>,
}

impl RuleSet {
    /// Compiles an expression and checks it as part of a rule that runs for `each`.
    ///
    /// Errors: everything wrong with it.
    pub fn expression(&self, text: &str, world: &World, each: Each) -> Result<Expression, Vec<Diagnostic>> {
        let file: Arc<str> = FILE.into();
        let places = Places { file: &file, text };
        if text.len() > MAX_SOURCE {
            let message = format!("the expression has {} bytes; at most {MAX_SOURCE} are read", text.len());
            return Err(vec![Diagnostic::error("too-large", message, Place::whole(FILE), "too large")]);
        }
        let ast = self.host.compile_expression(text).map_err(|refused| super::broken::expression(&places, &refused))?;
        let whole = Head {
            name: FILE.to_owned(),
            private: false,
            line: 0,
            indented: false,
            place: Place::new(&file, text, 0..text.len()),
            doc: String::new(),
            tags: Vec::new(),
        };
        let mut problems = Problems::default();
        let seen = check::walk_nodes(&ast, std::slice::from_ref(&whole), &places, world, &mut problems);
        for own in &seen {
            super::legal::legal(own, each, None, &mut problems);
            if let Some((word, place)) = own.says.first_key_value() {
                let message = format!("`{word}` is said, and an expression only asks");
                let problem = Diagnostic::error("not-a-question", message, place.clone(), "said here");
                problems.push(problem.help("write a rule: fn name(situation) { .. }"));
            }
        }
        let problems = problems.sorted();
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(problems);
        }
        Ok(Expression { ast, file, text: text.to_owned() })
    }

    /// Asks an expression in one world. The outer error is the free fact that it stopped at.
    ///
    /// Errors: it failed as it ran.
    pub fn ask(
        &self,
        expression: &Expression,
        world: &Arc<World>,
        answers: &Rc<dyn Answers>,
    ) -> Known<Result<Asked, Diagnostic>> {
        let failed = |message: String, (line, column): (usize, usize)| {
            let places = Places { file: &expression.file, text: &expression.text };
            let place = places.at(line.max(1), column.max(1));
            Diagnostic::error("rule-failed", format!("the expression failed: {message}"), place, "here")
        };
        match self.host.ask(&expression.ast, world, &self.known, answers) {
            Ok((reads, Some(value))) => Ok(Ok(Asked { reads, value: Ok(value) })),
            Ok((_, None)) => Ok(Err(failed("it comes to neither yes nor no".to_owned(), (0, 0)))),
            Err(Halt::Free(fact)) => Err(fact),
            Err(Halt::NotJudged(judgement)) => Ok(Ok(Asked { reads: Vec::new(), value: Err(judgement) })),
            Err(Halt::Failed(message, position)) => Ok(Err(failed(message, position))),
        }
    }
}
