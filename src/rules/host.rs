//! The script host: one sandboxed engine, the vocabulary registered in it, and one run of one rule.
//!
//! What a rule may use is decided before it runs, on its syntax tree (see `check`): only what is listed there. The engine
//! knows no other functions either. Every limit is set, the same in every build profile. The operation counter decides and is the same everywhere; the
//! clock and the count of live bytes are backstops that a binary may pass in.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rhai::packages::{BasicIteratorPackage, LogicPackage, Package};
use rhai::{
    AST, CallFnOptions, Dynamic, Engine, EvalAltResult, FLOAT, INT, ImmutableString, NativeCallContext,
    OptimizationLevel, Position, Scope,
};

use super::{Emission, Says};
use crate::ask::vocabulary::{HANDLES, Takes, WORDS, Word};
use crate::ask::{FreeFact, Known, Question, Read, Reply};
use crate::world::World;

/// Operations that one run of a rule may use.
pub const MAX_OPERATIONS: u64 = 20_000;
/// Bytes that a rule file may have.
pub const MAX_SOURCE: usize = 64 << 10;
/// What an expression outside any rule calls the situation.
pub(super) const SITUATION: &str = "situation";
const MAX_CALL_LEVELS: usize = 8;
const MAX_EXPRESSION_DEPTH: usize = 32;
const MAX_STRING: usize = 4096;
const MAX_ARRAY: usize = 256;
const MAX_VARIABLES: usize = 64;
const MAX_FUNCTIONS: usize = 256;

/// A reason from outside to stop a run: too slow, too much memory. Told how many steps the run has taken so far.
pub type Backstop = Rc<dyn Fn(u64) -> Option<&'static str>>;

/// Answers the questions of one run.
pub trait Answers {
    /// The answer, or the free fact that it hangs on.
    fn reply(&self, question: &Question) -> Known<Reply>;
}

/// Why a run came to no conclusion.
pub(super) enum Halt {
    /// It met a free fact.
    Free(std::sync::Arc<FreeFact>),
    /// It met a judgement that nobody made.
    NotJudged(String),
    /// It failed: message and position in the script.
    Failed(String, (usize, usize)),
}

/// The state of one run.
struct Session {
    answers: Rc<dyn Answers>,
    world: std::sync::Arc<World>,
    rules: Rc<dyn Fn(&str) -> bool>,
    reads: RefCell<Vec<Read>>,
    says: RefCell<Vec<Emission>>,
    halt: RefCell<Option<Halt>>,
}

/// The `situation` that a script sees.
#[derive(Clone)]
struct Handle(Rc<Session>);

/// A property of a situation, to be compared with an id.
#[derive(Clone)]
struct Property(Rc<Session>, &'static Word);

/// The sandboxed engine.
pub(super) struct Host {
    engine: Engine,
    operations: Rc<Cell<u64>>,
}

impl Host {
    pub(super) fn new(backstop: Option<Backstop>) -> Self {
        let mut engine = Engine::new_raw();
        LogicPackage::new().register_into_engine(&mut engine);
        BasicIteratorPackage::new().register_into_engine(&mut engine);
        engine.register_iterator::<rhai::Array>();
        limit(&mut engine);
        // The engine's own count restarts in callbacks; this one does not.
        let operations = Rc::new(Cell::new(0u64));
        let count = operations.clone();
        engine.on_progress(move |_| {
            count.set(count.get() + 1);
            if count.get() > MAX_OPERATIONS {
                return Some(Dynamic::from("it takes too many steps"));
            }
            if count.get().is_multiple_of(64)
                && let Some(reason) = backstop.as_ref().and_then(|stop| stop(count.get()))
            {
                return Some(Dynamic::from(reason));
            }
            None
        });
        register(&mut engine);
        Host { engine, operations }
    }

    /// An engine that reads what a broken file still holds, and names that nobody set; nothing of it is ever run.
    pub(super) fn reader() -> Engine {
        let mut engine = Engine::new_raw();
        limit(&mut engine);
        engine.set_strict_variables(false);
        engine
    }

    pub(super) fn compile(&self, text: &str) -> Result<AST, rhai::ParseError> {
        self.engine.compile(text)
    }

    /// Compiles one expression about a `situation`.
    pub(super) fn compile_expression(&self, text: &str) -> Result<AST, rhai::ParseError> {
        let mut scope = Scope::new();
        scope.push_constant(SITUATION, Dynamic::UNIT);
        self.engine.compile_expression_with_scope(&scope, text)
    }

    /// Runs one function of a compiled file on a situation.
    pub(super) fn run(
        &self,
        ast: &AST,
        function: &str,
        world: &std::sync::Arc<World>,
        rules: &Rc<dyn Fn(&str) -> bool>,
        answers: &Rc<dyn Answers>,
    ) -> Result<(Vec<Read>, Vec<Emission>), Halt> {
        let session = Session::new(world, rules, answers);
        let options =
            CallFnOptions::new().eval_ast(false).rewind_scope(true).with_tag(Dynamic::from(Handle(session.clone())));
        self.operations.set(0);
        let outcome: Result<Dynamic, _> =
            self.engine.call_fn_with_options(options, &mut Scope::new(), ast, function, (Handle(session.clone()),));
        finish(&session, outcome).map(|_| (session.reads.take(), session.says.take()))
    }

    /// Asks one compiled expression of a situation: what it read, and whether it is yes or no, if it is either.
    pub(super) fn ask(
        &self,
        ast: &AST,
        world: &std::sync::Arc<World>,
        rules: &Rc<dyn Fn(&str) -> bool>,
        answers: &Rc<dyn Answers>,
    ) -> Result<(Vec<Read>, Option<bool>), Halt> {
        let session = Session::new(world, rules, answers);
        let mut scope = Scope::new();
        scope.push_constant(SITUATION, Dynamic::from(Handle(session.clone())));
        self.operations.set(0);
        let outcome: Result<Dynamic, _> = self.engine.eval_ast_with_scope(&mut scope, ast);
        let value = finish(&session, outcome)?;
        Ok((session.reads.take(), value.as_bool().ok()))
    }
}

/// What a run came to, or why it came to no conclusion.
fn finish(session: &Session, outcome: Fallible<Dynamic>) -> Result<Dynamic, Halt> {
    match (outcome, session.halt.borrow_mut().take()) {
        (_, Some(halt)) => Err(halt),
        (Ok(value), None) => Ok(value),
        (Err(error), None) => {
            let (message, position) = explain(*error);
            Err(Halt::Failed(message, position))
        }
    }
}

/// Every limit, the same in every build profile.
fn limit(engine: &mut Engine) {
    engine
        .set_max_operations(MAX_OPERATIONS)
        .set_max_call_levels(MAX_CALL_LEVELS)
        .set_max_expr_depths(MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_DEPTH)
        .set_max_string_size(MAX_STRING)
        .set_max_array_size(MAX_ARRAY)
        .set_max_map_size(1)
        .set_max_variables(MAX_VARIABLES)
        .set_max_functions(MAX_FUNCTIONS)
        .set_optimization_level(OptimizationLevel::None)
        .set_strict_variables(true)
        .set_allow_anonymous_fn(false)
        .set_allow_switch_expression(false)
        .set_allow_loop_expressions(false)
        .set_fast_operators(true);
}

/// The innermost error of a chain, in our words.
fn explain(error: EvalAltResult) -> (String, (usize, usize)) {
    let position = at(error.position());
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => {
            let (message, deeper) = explain(*inner);
            (message, if deeper == (0, 0) { position } else { deeper })
        }
        EvalAltResult::ErrorTerminated(reason, _) => (reason.to_string(), position),
        EvalAltResult::ErrorTooManyOperations(_) => ("it takes too many steps".to_owned(), position),
        EvalAltResult::ErrorStackOverflow(_) => {
            (format!("its functions call each other more than {MAX_CALL_LEVELS} deep"), position)
        }
        EvalAltResult::ErrorDataTooLarge(what, _) => {
            (format!("it builds something too large ({what})").to_lowercase(), position)
        }
        EvalAltResult::ErrorTooManyVariables(_) => (format!("it has more than {MAX_VARIABLES} variables"), position),
        EvalAltResult::ErrorFunctionNotFound(name, _) => {
            // The engine adds the types of the arguments, in its own words.
            let name = name.split(" (").next().unwrap_or_default();
            (format!("`{name}` does not take what stands in its brackets or before it"), position)
        }
        EvalAltResult::ErrorMismatchDataType(wanted, found, _) => {
            (format!("{} stands where {} is wanted", plain(&found), plain(&wanted)), position)
        }
        EvalAltResult::ErrorVariableNotFound(name, _) => (format!("there is no variable `{name}` here"), position),
        other => {
            let text = other.to_string();
            let text = text.split(" (line ").next().unwrap_or_default().to_owned();
            (text, position)
        }
    }
}

/// A type of the engine in our words.
fn plain(kind: &str) -> &str {
    match kind {
        "()" | "" => "nothing",
        "bool" => "true or false",
        "i64" | "f64" | "integer" | "decimal" => "a number",
        "array" => "a list",
        "situation" => "the situation",
        "property of the situation" => "a property of the situation",
        other if other.contains("tring") || other.contains("str") => "a text",
        _ => "something else",
    }
}

fn at(position: Position) -> (usize, usize) {
    (position.line().unwrap_or(0), position.position().unwrap_or(0))
}

type Fallible<T> = Result<T, Box<EvalAltResult>>;

fn stop<T>(position: Position) -> Fallible<T> {
    Err(Box::new(EvalAltResult::ErrorTerminated(Dynamic::UNIT, position)))
}

impl Session {
    fn new(world: &std::sync::Arc<World>, rules: &Rc<dyn Fn(&str) -> bool>, answers: &Rc<dyn Answers>) -> Rc<Self> {
        Rc::new(Session {
            answers: answers.clone(),
            world: world.clone(),
            rules: rules.clone(),
            reads: RefCell::default(),
            says: RefCell::default(),
            halt: RefCell::default(),
        })
    }

    fn fail<T>(&self, message: String, position: Position) -> Fallible<T> {
        *self.halt.borrow_mut() = Some(Halt::Failed(message, at(position)));
        stop(position)
    }

    fn check(&self, word: &Word, arguments: &[String], position: Position) -> Fallible<()> {
        for (takes, value) in word.takes.iter().zip(arguments) {
            let known = match takes {
                Takes::Rule => (self.rules)(value),
                _ => takes.accepts(&self.world, value),
            };
            if !known {
                return self.fail(format!("`{value}` is no {}", takes.name()), position);
            }
        }
        Ok(())
    }

    fn ask(&self, word: &'static Word, arguments: Vec<String>, position: Position) -> Fallible<bool> {
        if self.halt.borrow().is_some() {
            return stop(position);
        }
        self.check(word, &arguments, position)?;
        let question = Question { word: word.name, arguments };
        let halt = match self.answers.reply(&question) {
            Ok(Reply::Answer(answer)) => {
                let holds = answer.holds;
                self.reads.borrow_mut().push(Read { question, answer, position: at(position) });
                return Ok(holds);
            }
            Ok(Reply::NotJudged(judgement)) => Halt::NotJudged(judgement),
            Err(free) => Halt::Free(free),
        };
        *self.halt.borrow_mut() = Some(halt);
        stop(position)
    }

    fn say(&self, word: &'static Word, arguments: Vec<String>, position: Position) -> Fallible<()> {
        if self.halt.borrow().is_some() {
            return stop(position);
        }
        self.check(word, &arguments, position)?;
        match Says::new(word.name, &arguments) {
            Some(says) => {
                self.says.borrow_mut().push(Emission { says, position: at(position), tainted: false });
                Ok(())
            }
            None => self.fail(format!("`{}` does not take these arguments", word.name), position),
        }
    }
}

/// Registers every word with the arity and the types that the vocabulary gives it.
fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Handle>("situation");
    engine.register_type_with_name::<Property>("property of the situation");
    for word in WORDS {
        if word.emits { register_emission(engine, word) } else { register_question(engine, word) }
    }
    for (name, asks) in HANDLES {
        let Some(word) = crate::ask::vocabulary::word(asks) else {
            continue;
        };
        engine.register_get(*name, move |handle: &mut Handle| Property(handle.0.clone(), word));
    }
    let compare =
        |property: &Property, id: &str, position: Position| property.0.ask(property.1, vec![id.to_owned()], position);
    engine.register_fn("==", move |context: NativeCallContext, property: Property, id: ImmutableString| {
        compare(&property, &id, context.call_position())
    });
    engine.register_fn("==", move |context: NativeCallContext, id: ImmutableString, property: Property| {
        compare(&property, &id, context.call_position())
    });
    engine.register_fn("!=", move |context: NativeCallContext, property: Property, id: ImmutableString| {
        compare(&property, &id, context.call_position()).map(|same| !same)
    });
    engine.register_fn("!=", move |context: NativeCallContext, id: ImmutableString, property: Property| {
        compare(&property, &id, context.call_position()).map(|same| !same)
    });
}

fn register_question(engine: &mut Engine, word: &'static Word) {
    let name = word.name;
    match word.takes {
        [] => {
            engine.register_fn(name, move |context: NativeCallContext, handle: Handle| {
                handle.0.ask(word, Vec::new(), context.call_position())
            });
        }
        [only] if only.is_number() => {
            engine.register_fn(name, move |context: NativeCallContext, handle: Handle, number: INT| {
                handle.0.ask(word, vec![number.to_string()], context.call_position())
            });
        }
        [_] => {
            engine.register_fn(name, move |context: NativeCallContext, handle: Handle, a: ImmutableString| {
                handle.0.ask(word, vec![a.to_string()], context.call_position())
            });
        }
        [_, second] if second.is_number() => {
            engine.register_fn(
                name,
                move |context: NativeCallContext, handle: Handle, a: ImmutableString, number: INT| {
                    handle.0.ask(word, vec![a.to_string(), number.to_string()], context.call_position())
                },
            );
            engine.register_fn(
                name,
                move |context: NativeCallContext, handle: Handle, a: ImmutableString, number: FLOAT| {
                    handle.0.ask(word, vec![a.to_string(), number.to_string()], context.call_position())
                },
            );
        }
        [_, _] => {
            engine.register_fn(
                name,
                move |context: NativeCallContext, handle: Handle, a: ImmutableString, b: ImmutableString| {
                    handle.0.ask(word, vec![a.to_string(), b.to_string()], context.call_position())
                },
            );
        }
        _ => {
            engine.register_fn(
                name,
                move |context: NativeCallContext,
                      handle: Handle,
                      a: ImmutableString,
                      b: ImmutableString,
                      c: ImmutableString| {
                    handle.0.ask(word, vec![a.to_string(), b.to_string(), c.to_string()], context.call_position())
                },
            );
        }
    }
}

fn register_emission(engine: &mut Engine, word: &'static Word) {
    fn say(context: &NativeCallContext<'_>, word: &'static Word, arguments: &[&ImmutableString]) -> Fallible<()> {
        let position = context.call_position();
        let Some(handle) = context.tag().and_then(|tag| tag.clone().try_cast::<Handle>()) else {
            return stop(position);
        };
        handle.0.say(word, arguments.iter().map(|argument| argument.to_string()).collect(), position)
    }
    let name = word.name;
    match word.takes.len() {
        1 => {
            engine.register_fn(name, move |context: NativeCallContext, a: ImmutableString| say(&context, word, &[&a]));
        }
        2 => {
            engine.register_fn(name, move |context: NativeCallContext, a: ImmutableString, b: ImmutableString| {
                say(&context, word, &[&a, &b])
            });
        }
        3 => {
            engine.register_fn(
                name,
                move |context: NativeCallContext, a: ImmutableString, b: ImmutableString, c: ImmutableString| {
                    say(&context, word, &[&a, &b, &c])
                },
            );
        }
        _ => {
            engine.register_fn(
                name,
                move |context: NativeCallContext,
                      a: ImmutableString,
                      b: ImmutableString,
                      c: ImmutableString,
                      d: ImmutableString| say(&context, word, &[&a, &b, &c, &d]),
            );
        }
    }
}
