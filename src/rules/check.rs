//! Reading a rule's syntax tree before it ever runs: only our subset, only known words and ids, one stage.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use rhai::{AST, ASTNode, Expr, FnCallExpr, Position, Stmt};

use super::arguments::{arguments, label, like, pattern};
use super::host::SITUATION;
use super::kinds::{Names, Value, last, wanted};
use super::syntax::HAS;
use super::tags::Head;
use crate::ask::vocabulary::{HANDLES, Takes, WORDS, Word, word};
use crate::diagnostic::{Diagnostic, Place, Problems, suggestion};
use crate::world::World;

/// What the tree of one function shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Words asked, with their first place.
    pub(super) asks: BTreeMap<&'static str, Place>,
    /// Words said, with their first place.
    pub(super) says: BTreeMap<&'static str, Place>,
    /// Helpers called, with their first place.
    pub(super) calls: BTreeMap<String, Place>,
    /// Holders named in `passes` and `stops`; `None` if one is not a literal.
    pub(super) holders: Option<BTreeSet<String>>,
    /// Rules named in `undercut` and `contests`.
    pub(super) targets: Vec<(String, Place)>,
    /// Verdicts named in `finds`.
    pub(super) verdicts: Vec<(String, Place)>,
}

/// Turns script positions into places.
pub(super) struct Places<'t> {
    pub(super) file: &'t Arc<str>,
    pub(super) text: &'t str,
}

impl Places<'_> {
    /// The token at a position given in lines and characters.
    pub(super) fn at(&self, line: usize, column: usize) -> Place {
        let mut start = 0;
        for (index, text) in self.text.split('\n').enumerate() {
            if index + 1 == line {
                start += text.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(byte, _)| byte);
                break;
            }
            start += text.len() + 1;
        }
        let rest = self.text.get(start..).unwrap_or_default();
        let length = match rest.chars().next() {
            Some('"') => rest.get(1..).and_then(|rest| rest.find('"')).map_or(1, |end| end + 2),
            Some(first) if first.is_ascii_digit() => {
                rest.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(rest.len())
            }
            Some(first) if first.is_alphanumeric() || first == '_' => {
                rest.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(rest.len())
            }
            Some(first) => first.len_utf8(),
            None => 0,
        };
        Place::new(self.file, self.text, start..start + length)
    }

    /// The term around a position: a call with what it is called on and its brackets, a comparison with both its sides.
    pub(super) fn term(&self, line: usize, column: usize) -> Place {
        let token = self.at(line, column);
        let (before, after) = (self.text.get(..token.start), self.text.get(token.end..));
        let (Some(before), Some(after)) = (before, after) else { return token };
        let word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
        if self.text.get(token.start..token.end).is_some_and(|own| own.starts_with(['=', '!'])) {
            let operator = after.chars().take_while(|letter| *letter == '=').count();
            let right = after.get(operator..).unwrap_or_default();
            let blank = right.len() - right.trim_start().len();
            let right = right.trim_start();
            let end = match right.strip_prefix('"') {
                Some(text) => text.find('"').map_or(0, |end| end + 2),
                None => right.find(|letter| !word(letter)).unwrap_or(right.len()),
            };
            let left = before.trim_end();
            let start = match left.strip_suffix('"') {
                Some(text) => text.rfind('"').unwrap_or(token.start),
                None => left.trim_end_matches(word).len(),
            };
            return Place::new(self.file, self.text, start..token.end + operator + blank + end);
        }
        let mut depth = 0usize;
        let mut quoted = false;
        let end = after.char_indices().find_map(|(at, letter)| {
            match letter {
                '"' => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted => depth = depth.saturating_sub(1),
                '\n' => return Some(0),
                _ => {}
            }
            (depth == 0).then_some(if letter == ')' { at + 1 } else { 0 })
        });
        let start = before.trim_end_matches(word).len();
        Place::new(self.file, self.text, start..token.end + end.unwrap_or(0))
    }

    /// A stretch of bytes.
    pub(super) fn range(&self, range: Range<usize>) -> Place {
        Place::new(self.file, self.text, range)
    }

    pub(super) fn of(&self, position: Position) -> Place {
        self.at(position.line().unwrap_or(1), position.position().unwrap_or(1))
    }
}

/// Walks every function of a file.
pub(super) fn walk(
    ast: &AST,
    heads: &[Head],
    places: &Places<'_>,
    world: &World,
    problems: &mut Problems,
) -> Vec<Seen> {
    if let Some(stray) = ast.statements().iter().find(|statement| !matches!(statement, Stmt::Noop(_))) {
        let place = places.of(stray.position());
        let problem = Diagnostic::error("outside", "a statement stands outside every function", place, "never runs")
            .help("move it into a rule");
        problems.push(problem);
    }
    walk_nodes(ast, heads, places, world, problems)
}

/// The same, wherever the statements stand.
pub(super) fn walk_nodes(
    ast: &AST,
    heads: &[Head],
    places: &Places<'_>,
    world: &World,
    problems: &mut Problems,
) -> Vec<Seen> {
    let mut seen = vec![Seen { holders: Some(BTreeSet::new()), ..Seen::default() }; heads.len()];
    let helpers: Vec<&str> = heads.iter().map(|head| head.name.as_str()).collect();
    let mut reported: BTreeSet<Place> = BTreeSet::new();
    let mut parameters: BTreeMap<&str, Vec<String>> = ast
        .iter_functions()
        .map(|function| (function.name, function.params.iter().map(|name| (*name).to_owned()).collect()))
        .collect();
    if let ([head], true) = (heads, parameters.is_empty()) {
        // What stands outside every function is an expression, asked of the situation.
        parameters.insert(&head.name, vec![SITUATION.to_owned()]);
    }
    let mut names: BTreeMap<usize, Names> = BTreeMap::new();
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        let Some(node) = path.last() else { return true };
        // What stands in a text is reported with the text.
        if path.iter().rev().skip(1).any(|above| matches!(above, ASTNode::Expr(Expr::InterpolatedString(..)))) {
            return true;
        }
        let position = match node {
            ASTNode::Stmt(statement) => statement.position(),
            ASTNode::Expr(expression) => expression.position(),
            _ => Position::NONE,
        };
        let line = position.line().unwrap_or(0);
        let owner = heads.iter().rposition(|head| head.line <= line).unwrap_or(0);
        let Some(seen) = seen.get_mut(owner) else {
            return true;
        };
        let head = heads.get(owner);
        let names = names.entry(owner).or_insert_with(|| Names {
            parameters: head.and_then(|head| parameters.get(head.name.as_str())).cloned().unwrap_or_default(),
            ..Names::default()
        });
        let mut walker = Walker {
            places,
            world,
            helpers: &helpers,
            parameters: &parameters,
            names,
            // A function with no tags at all is a helper that lacks its `private`.
            private: head.is_none_or(|head| head.private || head.tags.is_empty()),
            seen,
            problems,
            reported: &mut reported,
        };
        match node {
            ASTNode::Stmt(statement) => walker.statement(statement),
            ASTNode::Expr(Expr::Variable(name, ..)) if walker.unknown(name.1.as_str()) => {
                walker.unknown_name(name.1.as_str(), position, path, head);
            }
            ASTNode::Expr(expression) => walker.expression(expression, path),
            _ => {}
        }
        true
    });
    seen
}

/// One node of the tree with what is known where it stands.
pub(super) struct Walker<'w, 't> {
    pub(super) places: &'w Places<'t>,
    pub(super) world: &'w World,
    helpers: &'w [&'w str],
    /// The parameters of each function of the file, as far as they are known.
    parameters: &'w BTreeMap<&'w str, Vec<String>>,
    pub(super) names: &'w mut Names,
    /// Whether the function is a helper.
    pub(super) private: bool,
    seen: &'w mut Seen,
    pub(super) problems: &'w mut Problems,
    pub(super) reported: &'w mut BTreeSet<Place>,
}

impl Walker<'_, '_> {
    fn unknown(&self, name: &str) -> bool {
        !self.names.variables.contains_key(name) && !self.names.parameters.iter().any(|own| own == name)
    }

    pub(super) fn refuse(&mut self, code: &'static str, message: String, position: Position, help: Option<String>) {
        self.refuse_at(code, message, self.places.of(position), help);
    }

    pub(super) fn refuse_at(&mut self, code: &'static str, message: String, place: Place, help: Option<String>) {
        if !self.reported.insert(place.clone()) {
            return;
        }
        let mut problem = Diagnostic::error(code, message, place, label(code));
        problem.help = help;
        self.problems.push(problem);
    }

    pub(super) fn beyond(&mut self, what: &str, position: Position, help: &str) {
        let message = format!("{what} is not part of the rule language");
        self.refuse("beyond-subset", message, position, Some(help.to_owned()));
    }

    fn statement(&mut self, statement: &Stmt) {
        let position = statement.position();
        match statement {
            Stmt::Noop(_) | Stmt::Block(_) | Stmt::BreakLoop(..) => {}
            Stmt::If(parts, _) => self.condition(&parts.expr),
            Stmt::Var(parts, _, _) => {
                let value = self.value(&parts.1);
                let name = parts.0.name.to_string();
                if matches!(parts.1, Expr::Unit(_)) {
                    let help = format!("give it one: let {name} = situation.transborder();");
                    self.refuse("no-value", format!("`{name}` gets no value"), parts.0.pos, Some(help));
                    self.bind(&name, Value::Open);
                    return;
                }
                self.bind(&name, value);
            }
            Stmt::Expr(expression) => {
                let value = self.value(expression);
                self.dropped(&value, self.stretch(expression.start_position(), last(expression)));
            }
            Stmt::Return(given, flags, _) => {
                if !flags.is_empty() {
                    self.beyond("`throw`", position, "to end the rule, write return;");
                } else if let Some(given) = given {
                    self.returned(given);
                }
            }
            Stmt::Assignment(assignment) => {
                if assignment.0.get_op_assignment_info().is_some() {
                    let help = "rules do not count: ask how many, affected_at_least(2)";
                    self.beyond("changing a variable in place", position, help);
                }
                if let Expr::Variable(name, ..) = &assignment.1.lhs
                    && self.names.variables.contains_key(name.1.as_str())
                {
                    let value = self.value(&assignment.1.rhs);
                    self.bind(name.1.as_str(), value);
                }
            }
            Stmt::FnCall(call, position) => {
                self.call(call, *position, false);
                if call.op_token.is_some() && word(&call.name).is_none() {
                    self.dropped(&Value::Truth, self.places.of(*position));
                }
            }
            Stmt::For(parts, position) => {
                let list = self.value(&parts.2.expr);
                let items = if let Value::List(items) = &list { items.clone() } else { Vec::new() };
                self.bind(&parts.0.name, if items.is_empty() { Value::Open } else { Value::Text(items) });
                if let Some(second) = &parts.1 {
                    self.bind(&second.name, Value::Open);
                }
                // A variable that holds a written list would do, but what it holds is not seen by whoever reads the line.
                if !matches!(parts.2.expr, Expr::Array(..) | Expr::DynamicConstant(..)) {
                    let list = self.places.of(parts.2.expr.position());
                    let help = "write the ids out: for body in [\"ONE\", \"TWO\"] { .. }";
                    let message = "`for` runs over a written list only".to_owned();
                    self.refuse("beyond-subset", message, *position, Some(help.to_owned()));
                    self.reported.insert(list);
                }
            }
            Stmt::Switch(..) => self.beyond("`switch`", position, "write if .. { } else if .. { }"),
            Stmt::While(..) => {
                self.beyond("`while` or `loop`", position, "a rule looks once: write if, or for over a written list");
            }
            Stmt::Do(..) => self.beyond("`do`", position, "a rule looks once: write if, or for over a written list"),
            Stmt::TryCatch(..) => {
                self.beyond("`try`", position, "nothing has to be caught: a rule that fails is named")
            }
            _ => self.beyond("this statement", position, HAS),
        }
    }

    fn expression(&mut self, expression: &Expr, path: &[ASTNode<'_>]) {
        let position = expression.position();
        match expression {
            Expr::BoolConstant(..)
            | Expr::IntegerConstant(..)
            | Expr::FloatConstant(..)
            | Expr::StringConstant(..)
            | Expr::Array(..)
            | Expr::DynamicConstant(..)
            | Expr::Variable(..)
            | Expr::Stmt(_)
            | Expr::Unit(_) => {}
            Expr::Dot(parts, ..) => {
                // The part of a chain behind its first question is looked at with the whole.
                let inside = path.iter().rev().nth(1).is_some_and(
                    |above| matches!(above, ASTNode::Expr(Expr::Dot(whole, ..)) if matches!(whole.rhs, Expr::Dot(..))),
                );
                if !inside {
                    self.asked_of(&parts.lhs, &parts.rhs);
                }
            }
            Expr::And(parts, _) | Expr::Or(parts, _) => parts.iter().for_each(|part| self.condition(part)),
            Expr::Property(property, _) => {
                let name = property.2.as_str();
                if !HANDLES.iter().any(|(handle, _)| *handle == name) {
                    self.unknown_property(name, position);
                }
                let compared = path.iter().rev().take(4).any(|node| {
                    matches!(node, ASTNode::Expr(Expr::FnCall(call, _)) if matches!(call.name.as_str(), "==" | "!="))
                });
                if !compared {
                    let message = format!("`{name}` can only be compared with an id");
                    self.refuse("bare-property", message, position, Some(format!("write situation.{name} == \"..\"")));
                }
            }
            Expr::MethodCall(call, position) => self.call(call, *position, true),
            Expr::FnCall(call, position) => {
                let stands_alone = matches!(path.iter().rev().nth(1), Some(ASTNode::Stmt(Stmt::Expr(_))));
                if let Some(found) = word(&call.name).filter(|word| word.emits && !stands_alone) {
                    let place = self.places.of(*position);
                    self.seen.says.entry(found.name).or_insert(place);
                    let help = "say it in a statement of its own; to ask for a conclusion, see on_paper, available and stopped";
                    let message = format!("`{}` says something and answers nothing", found.name);
                    self.refuse("not-a-question", message, *position, Some(help.to_owned()));
                }
                self.call(call, *position, false);
            }
            Expr::InterpolatedString(..) => {
                self.beyond(
                    "a text with values in it",
                    position,
                    "write the whole text out, in straight double quotes",
                );
            }
            Expr::Map(..) => self.beyond("a map", position, HAS),
            Expr::Index(parts, ..) => {
                let asked = matches!(&parts.lhs, Expr::Property(property, _) if word(&property.2).is_some())
                    || matches!(&parts.lhs, Expr::Dot(dot, ..) if matches!(&dot.rhs, Expr::Property(property, _) if word(&property.2).is_some()));
                if !asked {
                    self.beyond("indexing", position, "write the value itself; what a question takes stands in ( )");
                }
            }
            Expr::ThisPtr(_) => {
                self.beyond("`this`", position, "questions are asked of the situation: situation.bound_by(..)")
            }
            Expr::Coalesce(..) => self.beyond("`??`", position, HAS),
            Expr::CharConstant(letter, _) => {
                let help = format!("write \"{letter}\"");
                self.refuse("quotes", "a text stands in double quotes".to_owned(), position, Some(help));
            }
            _ => self.beyond("this expression", position, HAS),
        }
    }

    fn call(&mut self, call: &FnCallExpr, position: Position, method: bool) {
        let name = call.name.as_str();
        if matches!(name, "==" | "!=" | "<" | "<=" | ">" | ">=" | "!") {
            self.comparison(call);
            self.compared(call);
            return;
        }
        if call.op_token.is_some() {
            self.operator(call, position);
            return;
        }
        match word(name) {
            Some(found) if found.emits && method => {
                let help = format!("write {name}(..), without `situation.`");
                self.refuse("not-a-question", format!("`{name}` is said, not asked"), position, Some(help));
            }
            Some(found) if !found.emits && !method => {
                let help = format!("write situation.{name}(..)");
                self.refuse("not-said", format!("`{name}` is asked of the situation"), position, Some(help));
            }
            Some(found) => self.word(found, call, position),
            None if self.helpers.contains(&name) && method => {
                let help = format!("write {name}(situation)");
                let message = format!("`{name}` is a function of this file, not a question of the situation");
                self.refuse("unknown-function", message, position, Some(help));
            }
            None if self.helpers.contains(&name) => {
                let place = self.places.of(position);
                self.seen.calls.entry(name.to_owned()).or_insert(place);
                let takes = self.parameters.get(name).map_or(call.args.len(), Vec::len);
                if takes != call.args.len() {
                    let message = format!("`{name}` takes {}, not {}", arguments(takes), call.args.len());
                    self.refuse("wrong-arguments", message, position, Some(format!("write {name}(situation)")));
                }
            }
            None => {
                let known: Vec<&str> = WORDS
                    .iter()
                    .filter(|word| word.emits != method)
                    .map(|word| word.name)
                    .chain(self.helpers.iter().copied().filter(|_| !method))
                    .collect();
                let what = if method { "question" } else { "function" };
                let helper = !method && call.args.first().is_some_and(|first| self.value(first) == Value::Situation);
                let help = suggestion(name, known.iter().copied()).unwrap_or_else(|| {
                    if helper {
                        format!("write it first: private fn {name}(situation) {{ .. }}")
                    } else {
                        like(name, &known)
                    }
                });
                self.refuse("unknown-function", format!("there is no {what} `{name}`"), position, Some(help));
            }
        }
    }

    /// A property compared with a written id is a question whose argument is checked here.
    fn comparison(&mut self, call: &FnCallExpr) {
        let asked = call.args.iter().find_map(|argument| match argument {
            Expr::Dot(parts, ..) => match &parts.rhs {
                Expr::Property(property, _) => HANDLES.iter().find(|(handle, _)| *handle == property.2.as_str()),
                _ => None,
            },
            _ => None,
        });
        let Some(found) = asked.and_then(|(_, asks)| word(asks)) else {
            return;
        };
        let written = call.args.iter().find_map(|argument| match argument {
            Expr::StringConstant(text, position) => Some((text.as_str(), *position)),
            _ => None,
        });
        if let Some((text, position)) = written {
            self.seen.asks.entry(found.name).or_insert_with(|| self.places.of(position));
            if let Some(takes) = found.takes.first() {
                self.argument(found.name, *takes, text, position);
            }
        }
    }

    fn word(&mut self, found: &'static Word, call: &FnCallExpr, position: Position) {
        let place = self.places.of(position);
        if call.args.len() != found.takes.len() {
            let wanted = found.takes;
            let message = format!("`{}` takes {}, not {}", found.name, arguments(wanted.len()), call.args.len());
            let decimals = call.args.len() == wanted.len() + 1
                && call.args.iter().rev().take(2).all(|argument| matches!(argument, Expr::IntegerConstant(..)));
            let help =
                if decimals { "write a decimal point: 0.5".to_owned() } else { format!("write {}", pattern(found)) };
            self.refuse("wrong-arguments", message, position, Some(help));
            return;
        }
        let map = if found.emits { &mut self.seen.says } else { &mut self.seen.asks };
        map.entry(found.name).or_insert(place);
        for (index, (takes, argument)) in found.takes.iter().zip(&call.args).enumerate() {
            let literal = match argument {
                Expr::StringConstant(text, position) => Some((text.to_string(), *position)),
                Expr::IntegerConstant(number, position) => Some((number.to_string(), *position)),
                Expr::FloatConstant(number, position) => Some((number.to_string(), *position)),
                _ => None,
            };
            if matches!(found.name, "passes" | "stops") && index == 0 {
                match (&literal, &mut self.seen.holders) {
                    (Some((holder, _)), Some(holders)) => {
                        holders.insert(holder.clone());
                    }
                    _ => self.seen.holders = None,
                }
            }
            if let Some((text, position)) = literal {
                let written_as_number = !matches!(argument, Expr::StringConstant(..));
                if written_as_number != takes.is_number() {
                    let bare = text.parse::<f64>().is_ok();
                    let help = match (takes, bare) {
                        (Takes::Date, _) => "write a full day: \"2016-10-14\"".to_owned(),
                        (_, true) if takes.is_number() => format!("write {text}"),
                        _ if takes.is_number() => "write a number, such as 2".to_owned(),
                        _ => format!("write \"{text}\""),
                    };
                    let message = format!("`{}` takes {} here", found.name, wanted(*takes));
                    self.refuse("wrong-type", message, position, Some(help));
                    continue;
                }
                if *takes == Takes::Rule {
                    let place = self.places.of(position);
                    self.seen.targets.push((text, place));
                } else {
                    if *takes == Takes::Verdict {
                        let place = self.places.of(position);
                        self.seen.verdicts.push((text.clone(), place));
                    }
                    self.argument(found.name, *takes, &text, position);
                }
            } else if *takes == Takes::Rule {
                let message = format!("`{}` takes the rule itself, in quotes", found.name);
                let help = format!("write its id out: {}(\"charter-3-consult\")", found.name);
                self.refuse("not-literal", message, argument.position(), Some(help));
            } else {
                self.unwritten(found.name, *takes, argument);
            }
        }
    }
}
