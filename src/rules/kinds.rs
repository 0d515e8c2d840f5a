//! What an expression of a rule gives: true or false, a text, a number; and where it stands in a place for another kind.
//!
//! The script engine would find out only while the rule runs, or never: to it, an answer compared with a text is
//! simply not the same. Also which names a function knows.

use std::collections::BTreeMap;

use rhai::{ASTNode, Expr, FnCallExpr, Position, Stmt};

use super::arguments::pattern;
use super::check::Walker;
use super::host::SITUATION;
use super::tags::Head;
use crate::ask::vocabulary::{HANDLES, Takes, word};
use crate::diagnostic::{Place, closest, suggestion};

/// Texts that are written out, with their places.
type Written = Vec<(String, Position)>;

/// What an expression gives, as far as it can be seen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// True or false.
    Truth,
    /// A text: one of these.
    Text(Written),
    Number,
    /// A written list, with the texts in it.
    List(Written),
    Nothing,
    /// A property of the situation, of that name.
    Property(String),
    Situation,
    /// Not seen from the text alone.
    Open,
}

impl Value {
    fn name(&self) -> &'static str {
        match self {
            Value::Truth => "an answer (true or false)",
            Value::Text(_) => "a text",
            Value::Number => "a number",
            Value::List(_) => "a list",
            Value::Nothing => "nothing",
            Value::Property(_) => "a property of the situation",
            Value::Situation => "the situation itself",
            Value::Open => "something",
        }
    }
}

/// The names that one function knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// Its parameters.
    pub(super) parameters: Vec<String>,
    /// Its variables, as far as they have been read.
    pub(super) variables: BTreeMap<String, Value>,
    /// Whether the lack of a parameter was reported.
    pub(super) told: bool,
}

impl Walker<'_, '_> {
    /// What an expression gives.
    pub(super) fn value(&self, expression: &Expr) -> Value {
        match expression {
            Expr::BoolConstant(..) | Expr::And(..) | Expr::Or(..) => Value::Truth,
            Expr::IntegerConstant(..) | Expr::FloatConstant(..) => Value::Number,
            Expr::StringConstant(text, position) => Value::Text(vec![(text.to_string(), *position)]),
            Expr::InterpolatedString(..) => Value::Text(Vec::new()),
            Expr::Unit(_) => Value::Nothing,
            Expr::Array(items, _) => {
                let texts = items.iter().map(|item| match item {
                    Expr::StringConstant(text, position) => Some((text.to_string(), *position)),
                    _ => None,
                });
                Value::List(texts.collect::<Option<Written>>().unwrap_or_default())
            }
            Expr::Variable(name, _, _) => self.variable(name.1.as_str()),
            Expr::Dot(parts, ..) => match &parts.rhs {
                Expr::Property(property, _) => Value::Property(property.2.to_string()),
                Expr::MethodCall(call, _) if word(&call.name).is_some_and(|word| !word.emits) => Value::Truth,
                _ => Value::Open,
            },
            Expr::FnCall(call, _) => match call.name.as_str() {
                "==" | "!=" | "<" | "<=" | ">" | ">=" | "!" => Value::Truth,
                name if word(name).is_some_and(|word| word.emits) => Value::Nothing,
                _ => Value::Open,
            },
            _ => Value::Open,
        }
    }

    fn variable(&self, name: &str) -> Value {
        if let Some(value) = self.names.variables.get(name) {
            return value.clone();
        }
        if self.names.parameters.first().is_some_and(|first| first == name) { Value::Situation } else { Value::Open }
    }

    /// A name gets a value; where it has had another kind before, nothing is sure.
    pub(super) fn bind(&mut self, name: &str, value: Value) {
        let value = match (self.names.variables.get(name), value) {
            (Some(Value::Text(known)), Value::Text(new)) => Value::Text(known.iter().cloned().chain(new).collect()),
            (Some(known), new) if *known != new => Value::Open,
            (_, new) => new,
        };
        self.names.variables.insert(name.to_owned(), value);
    }

    /// What stands as a condition has to be true or false.
    pub(super) fn condition(&mut self, expression: &Expr) {
        let value = self.value(expression);
        let help = match &value {
            Value::Truth | Value::Open | Value::Property(_) => return,
            Value::Nothing if matches!(expression, Expr::FnCall(..)) => return,
            Value::Situation => "ask it something: situation.transborder()".to_owned(),
            Value::Nothing => "give it a value first: let name = situation.transborder();".to_owned(),
            _ => "a condition is a question or a comparison: if situation.transborder() { .. }".to_owned(),
        };
        let message = format!("a condition has to be true or false, and this is {}", value.name());
        self.refuse("not-a-condition", message, expression.position(), Some(help));
    }

    /// Two things that are compared have to be of one kind; else they are never the same, whatever the case.
    pub(super) fn compared(&mut self, call: &FnCallExpr) {
        let [one, other] = call.args.as_slice() else {
            if let [only] = call.args.as_slice() {
                self.condition(only);
            }
            return;
        };
        let (first, second) = (self.value(one), self.value(other));
        let help = match (&first, &second) {
            (Value::Open, _) | (_, Value::Open) => return,
            (Value::Property(_), Value::Text(_)) | (Value::Text(_), Value::Property(_)) => return,
            (Value::Property(name), _) | (_, Value::Property(name)) => {
                format!("compare it with an id in quotes: situation.{name} == \"..\"")
            }
            (Value::Truth, Value::Truth) | (Value::Text(_), Value::Text(_)) | (Value::Number, Value::Number) => return,
            (Value::Truth, _) | (_, Value::Truth) => {
                "a question is a condition by itself; for \"no\" put ! before it".to_owned()
            }
            _ => "compare two of a kind".to_owned(),
        };
        let message = format!("{} and {} are never the same", first.name(), second.name());
        let place = self.stretch(one.start_position(), last(other));
        self.refuse_at("never-equal", message, place, Some(help));
    }

    /// The place from one position to the end of the token at another.
    pub(super) fn stretch(&self, from: Position, to: Position) -> Place {
        self.places.range(self.places.of(from).start..self.places.of(to).end)
    }

    /// A statement that only asks, or only names a value, does nothing.
    pub(super) fn dropped(&mut self, value: &Value, place: Place) {
        if self.private || matches!(value, Value::Open | Value::Nothing) {
            return;
        }
        let (message, help) = match value {
            Value::Truth => (
                "the answer to this question is not used",
                "make it a condition: if .. { .. }, or keep it: let answer = ..;",
            ),
            _ => ("this does nothing", "a rule says something with passes, stops, needs, finds, asserts, ..."),
        };
        self.refuse_at("no-effect", message.to_owned(), place, Some(help.to_owned()));
    }

    /// What comes behind `return`.
    pub(super) fn returned(&mut self, value: &Expr) {
        let given = self.value(value);
        if matches!(value, Expr::FnCall(..)) && given == Value::Nothing {
            return;
        }
        if !self.private {
            let help = "end the rule with return; and say what it says with passes, stops, needs, finds, asserts, ...";
            self.refuse(
                "returns-value",
                "a rule gives nothing back".to_owned(),
                value.position(),
                Some(help.to_owned()),
            );
        } else if !matches!(given, Value::Truth | Value::Open) {
            let message = format!("a helper answers true or false, and this is {}", given.name());
            self.refuse(
                "returns-value",
                message,
                value.position(),
                Some("return a question or a comparison".to_owned()),
            );
        }
    }

    /// A question has to be asked of the situation.
    pub(super) fn asked_of(&mut self, of: &Expr, question: &Expr) {
        let call = match question {
            Expr::MethodCall(call, _) => call,
            // Questions in a row, `situation.a().b()`: the second is asked of an answer.
            Expr::Dot(parts, ..) => {
                if let (Expr::MethodCall(first, _), Expr::MethodCall(second, position)) = (&parts.lhs, &parts.rhs) {
                    let message = format!("`{}` is asked of the answer to `{}`", second.name, first.name);
                    let help = "ask each of the situation: situation.one(..) && situation.other(..)".to_owned();
                    self.refuse("not-asked", message, *position, Some(help));
                }
                return;
            }
            _ => return,
        };
        let value = self.value(of);
        if value == Value::Nothing {
            // `needs("x").` with the next line behind it.
            let position = call_position(question);
            let places = [self.places.of(position), self.places.of(of.position())];
            self.reported.extend(places);
            let message = "a full stop stands where a semicolon belongs".to_owned();
            let said = self.places.of(of.position());
            let line = self.places.text.get(said.start..).unwrap_or_default().lines().next().unwrap_or_default();
            let stop = line.rfind('.').map_or(said.start, |at| said.start + at);
            let place = self.places.range(stop..stop + 1);
            self.refuse_at("semicolon", message, place, Some("a statement ends with a semicolon".to_owned()));
            return;
        }
        if !matches!(value, Value::Situation | Value::Open) {
            let message = format!("`{}` is asked of {}", call.name, value.name());
            let help = format!("questions are asked of the situation: situation.{}(..)", call.name);
            self.refuse("not-asked", message, of.position(), Some(help));
        }
    }

    /// An argument that is no written id: what can be seen of it has to fit.
    pub(super) fn unwritten(&mut self, name: &str, takes: Takes, argument: &Expr) {
        let value = self.value(argument);
        match &value {
            Value::Open | Value::Property(_) | Value::Nothing => {}
            Value::Text(written) if !takes.is_number() => {
                for (text, position) in written.clone() {
                    self.argument(name, takes, &text, position);
                }
            }
            Value::Number if takes.is_number() => {}
            Value::List(_) => {
                let message = format!("`{name}` takes one {} at a time, not a list", takes.name());
                let help = "say it for each: for x in [\"one\", \"two\"] { .. }".to_owned();
                self.refuse("wrong-type", message, argument.position(), Some(help));
            }
            _ => {
                let message = format!("`{name}` takes {} here, not {}", wanted(takes), value.name());
                self.refuse("wrong-type", message, argument.position(), None);
            }
        }
    }

    /// A name that the function does not know.
    pub(super) fn unknown_name(&mut self, name: &str, position: Position, path: &[ASTNode<'_>], head: Option<&Head>) {
        let parent = path.len().checked_sub(2).and_then(|above| path.get(above));
        let known: Vec<String> = self.names.parameters.iter().chain(self.names.variables.keys()).cloned().collect();
        let parameter = self.names.parameters.first().cloned();
        if name == SITUATION {
            if let (None, Some(head)) = (&parameter, head) {
                if !self.names.told {
                    self.names.told = true;
                    self.no_parameter(head);
                }
                return;
            }
            let help = parameter.map(|own| format!("here it is called `{own}`: write fn name(situation) instead"));
            self.refuse("unknown-variable", "there is no `situation` in this function".to_owned(), position, help);
            return;
        }
        if let Some(close) = closest(name, known.iter().map(String::as_str)) {
            let help = format!("did you mean `{close}`?");
            self.refuse("unknown-variable", format!("there is no variable `{name}`"), position, Some(help));
            return;
        }
        let outside = |kind: &str| self.places.text.lines().any(|line| line.starts_with(&format!("{kind} {name} ")));
        self.bind(name, Value::Open);
        if outside("let") || outside("const") {
            let help = "write it into the rule, or write the value itself".to_owned();
            let message = format!("`{name}` is set outside, and a rule sees only what is set inside it");
            self.refuse("unknown-variable", message, position, Some(help));
            return;
        }
        match parent {
            Some(ASTNode::Stmt(Stmt::Assignment(_))) => {
                let message = format!("there is no variable `{name}` yet");
                self.refuse("unknown-variable", message, position, Some(format!("write let {name} = ..")));
            }
            Some(ASTNode::Expr(Expr::Dot(parts, ..))) if matches!(&parts.lhs, Expr::Variable(..)) => {
                let help = match &parts.rhs {
                    Expr::MethodCall(call, _) => {
                        format!("questions are asked of the situation: situation.{}(..)", call.name)
                    }
                    _ => "questions are asked of the situation: situation.bound_by(..)".to_owned(),
                };
                self.refuse("unknown-variable", format!("there is no `{name}` to ask"), position, Some(help));
            }
            Some(
                ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _)),
            ) if number_wanted(call, position) => {
                let message = format!("`{name}` is no number");
                self.refuse("wrong-type", message, position, Some("write it in digits, such as 2".to_owned()));
            }
            Some(
                ASTNode::Expr(Expr::FnCall(..) | Expr::MethodCall(..) | Expr::Array(..))
                | ASTNode::Stmt(Stmt::FnCall(..)),
            ) if word(name).is_none() => {
                let help =
                    format!("if it is an id or a text, write \"{name}\"; a variable is made with let {name} = ..");
                self.refuse("quotes", format!("`{name}` stands without quotes"), position, Some(help));
            }
            _ if word(name).is_some_and(|word| !word.emits) => {
                let help = word(name).map(|word| format!("write {}", pattern(word))).unwrap_or_default();
                self.refuse("no-brackets", format!("`{name}` is a question of the situation"), position, Some(help));
            }
            _ => {
                let help =
                    format!("a variable is made with let {name} = ..; a text stands in quotes; a note begins with //");
                self.refuse("unknown-variable", format!("there is no variable `{name}`"), position, Some(help));
            }
        }
    }

    fn no_parameter(&mut self, head: &Head) {
        let place = head.place.clone();
        if self.reported.insert(place.clone()) {
            let message = format!("`{}` has no parameter, and asks the situation", head.name);
            let problem =
                crate::diagnostic::Diagnostic::error("wrong-parameters", message, place, "no `situation` here");
            self.problems.push(problem.help(format!("write fn {}(situation) {{", head.name)));
        }
    }

    /// A property that the situation lacks, or a question asked without its brackets.
    pub(super) fn unknown_property(&mut self, name: &str, position: Position) {
        if let Some(found) = word(name).filter(|word| !word.emits) {
            let help = format!("write {}", pattern(found));
            self.refuse("no-brackets", format!("`{name}` is asked without its brackets"), position, Some(help));
            return;
        }
        let help = INSTEAD.iter().find(|(own, _)| *own == name).map(|(_, help)| (*help).to_owned());
        let help = help.or_else(|| suggestion(name, HANDLES.iter().map(|(handle, _)| *handle)));
        self.refuse("unknown-property", format!("the situation has no property `{name}`"), position, help);
    }
}

/// Whether a word wants a number where a name stands.
fn number_wanted(call: &FnCallExpr, position: Position) -> bool {
    let index = call.args.iter().position(|argument| argument.position() == position);
    let takes = word(&call.name).zip(index).and_then(|(word, index)| word.takes.get(index));
    takes.is_some_and(|takes| takes.is_number())
}

/// What people look for as a property, and which question asks it.
const INSTEAD: &[(&str, &str)] = &[
    ("date", "ask situation.on_or_after(\"2016-10-14\")"),
    ("day", "ask situation.on_or_after(\"2016-10-14\")"),
    ("year", "ask situation.on_or_after(\"2016-10-14\")"),
    ("affected", "ask situation.state_is(..) or situation.affected_at_least(2)"),
    ("states", "ask situation.state_is(..) or situation.affected_at_least(2)"),
    ("members", "ask situation.member_of(..)"),
    ("country", "it is called state: situation.state == \"..\""),
    ("name", "compare the property itself with an id: situation.threat == \"..\""),
    ("id", "compare the property itself with an id: situation.threat == \"..\""),
];

/// The position of the last thing in an expression, as far as it is easily seen.
pub(super) fn last(expression: &Expr) -> Position {
    match expression {
        Expr::Dot(parts, ..) => last(&parts.rhs),
        Expr::FnCall(call, position) | Expr::MethodCall(call, position) => call.args.last().map_or(*position, last),
        other => other.position(),
    }
}

fn call_position(question: &Expr) -> Position {
    match question {
        Expr::MethodCall(_, position) => *position,
        other => other.position(),
    }
}

/// What an argument has to be, in words.
pub(super) fn wanted(takes: Takes) -> &'static str {
    match takes {
        Takes::Count => "a whole number",
        Takes::Number => "a number",
        Takes::Date => "a full day in quotes",
        _ => "a text in quotes",
    }
}
