//! Reading a rule's syntax tree before it ever runs: only our subset, only known words and ids, one stage.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rhai::{AST, ASTNode, Expr, FnCallExpr, Position, Stmt};

use super::tags::Head;
use crate::ask::vocabulary::{Each, HANDLES, OVERLAP_VERDICTS, RESPONSE_VERDICTS, Stage, Takes, WORDS, Word, word};
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

    fn of(&self, position: Position) -> Place {
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
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        let Some(node) = path.last() else { return true };
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
        let mut walker = Walker { places, world, helpers: &helpers, seen, problems, reported: &mut reported };
        match node {
            ASTNode::Stmt(statement) => walker.statement(statement),
            ASTNode::Expr(expression) => walker.expression(expression, path),
            _ => {}
        }
        true
    });
    seen
}

struct Walker<'w, 't> {
    places: &'w Places<'t>,
    world: &'w World,
    helpers: &'w [&'w str],
    seen: &'w mut Seen,
    problems: &'w mut Problems,
    reported: &'w mut BTreeSet<Place>,
}

impl Walker<'_, '_> {
    fn refuse(&mut self, code: &'static str, message: String, position: Position, help: Option<String>) {
        let place = self.places.of(position);
        if !self.reported.insert(place.clone()) {
            return;
        }
        let mut problem = Diagnostic::error(code, message, place, "here");
        problem.help = help;
        self.problems.push(problem);
    }

    fn beyond(&mut self, what: &str, position: Position) {
        let help = "rules use if, for over a list, let, return, ! && ||, comparisons and the words of the reference"
            .to_owned();
        self.refuse("beyond-subset", format!("{what} is not part of the rule language"), position, Some(help));
    }

    fn statement(&mut self, statement: &Stmt) {
        let position = statement.position();
        match statement {
            Stmt::Noop(_) | Stmt::If(..) | Stmt::Var(..) | Stmt::Block(_) | Stmt::Expr(_) | Stmt::BreakLoop(..) => {}
            Stmt::Return(_, flags, _) => {
                if !flags.is_empty() {
                    self.beyond("`throw`", position);
                }
            }
            Stmt::Assignment(assignment) => {
                if assignment.0.get_op_assignment_info().is_some() {
                    self.beyond("changing a variable in place", position);
                }
            }
            Stmt::FnCall(call, position) => self.call(call, *position, false),
            Stmt::For(parts, position) => {
                if !matches!(parts.2.expr, Expr::Array(..) | Expr::DynamicConstant(..)) {
                    let help = "write the ids out: for body in [\"ONE\", \"TWO\"] { .. }".to_owned();
                    self.refuse(
                        "beyond-subset",
                        "`for` runs over a written list only".to_owned(),
                        *position,
                        Some(help),
                    );
                }
            }
            Stmt::Switch(..) => self.beyond("`switch`", position),
            Stmt::While(..) => self.beyond("`while` or `loop`", position),
            Stmt::Do(..) => self.beyond("`do`", position),
            Stmt::TryCatch(..) => self.beyond("`try`", position),
            _ => self.beyond("this statement", position),
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
            | Expr::Dot(..)
            | Expr::And(..)
            | Expr::Or(..)
            | Expr::Unit(_) => {}
            Expr::Property(property, _) => {
                let name = property.2.as_str();
                if !HANDLES.iter().any(|(handle, _)| *handle == name) {
                    let help = suggestion(name, HANDLES.iter().map(|(handle, _)| *handle));
                    self.refuse("unknown-property", format!("the situation has no property `{name}`"), position, help);
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
            Expr::FnCall(call, position) => self.call(call, *position, false),
            Expr::InterpolatedString(..) => self.beyond("a text with values in it", position),
            Expr::Map(..) => self.beyond("a map", position),
            Expr::Index(..) => self.beyond("indexing", position),
            Expr::ThisPtr(_) => self.beyond("`this`", position),
            Expr::Coalesce(..) => self.beyond("`??`", position),
            Expr::CharConstant(..) => self.beyond("a single character", position),
            _ => self.beyond("this expression", position),
        }
    }

    fn call(&mut self, call: &FnCallExpr, position: Position, method: bool) {
        let name = call.name.as_str();
        if matches!(name, "==" | "!=" | "<" | "<=" | ">" | ">=" | "!") {
            self.comparison(call);
            return;
        }
        if call.op_token.is_some() {
            self.beyond(&format!("`{name}`"), position);
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
            None if !method && self.helpers.contains(&name) => {
                let place = self.places.of(position);
                self.seen.calls.entry(name.to_owned()).or_insert(place);
            }
            None => {
                let known: Vec<&str> = WORDS
                    .iter()
                    .filter(|word| word.emits != method)
                    .map(|word| word.name)
                    .chain(self.helpers.iter().copied())
                    .collect();
                let help =
                    suggestion(name, known).or_else(|| Some("see the reference of words in docs/rules.md".to_owned()));
                let what = if method { "question" } else { "function" };
                self.refuse("unknown-function", format!("there is no {what} `{name}`"), position, help);
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
                self.argument(*takes, text, position);
            }
        }
    }

    fn word(&mut self, found: &'static Word, call: &FnCallExpr, position: Position) {
        let place = self.places.of(position);
        if call.args.len() != found.takes.len() {
            let wanted: Vec<&str> = found.takes.iter().map(|takes| takes.name()).collect();
            let message = format!("`{}` takes {} arguments, not {}", found.name, wanted.len(), call.args.len());
            let help = if wanted.is_empty() { "nothing between the brackets".to_owned() } else { wanted.join(", ") };
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
                    let wanted = if takes.is_number() { "a number, without quotes" } else { "a text in quotes" };
                    self.refuse("wrong-type", format!("`{}` takes {wanted} here", found.name), position, None);
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
                    self.argument(*takes, &text, position);
                }
            } else if *takes == Takes::Rule {
                self.refuse(
                    "not-literal",
                    "name the rule itself here, in quotes".to_owned(),
                    argument.position(),
                    None,
                );
            }
        }
    }

    fn argument(&mut self, takes: Takes, text: &str, position: Position) {
        if takes.accepts(self.world, text) {
            return;
        }
        let help = match takes {
            Takes::Date => Some("write a full day: \"2016-10-14\"".to_owned()),
            _ => takes.legal(self.world).and_then(|legal| suggestion(text, legal)),
        };
        self.refuse("unknown-id", format!("there is no {} `{text}`", takes.name()), position, help);
    }
}

/// The stage of a rule, from what it says; several stages in one rule are a problem.
pub(super) fn stage(seen: &Seen, problems: &mut Problems) -> Option<Stage> {
    let mut found: Option<(Stage, &str)> = None;
    for (name, place) in &seen.says {
        let Some(stage) = word(name).and_then(|word| word.stage) else {
            continue;
        };
        match found {
            Some((earlier, other)) if earlier != stage => {
                let message =
                    format!("`{name}` belongs to the stage {}, `{other}` to {}", stage.as_str(), earlier.as_str());
                let problem = Diagnostic::error("two-stages", message, place.clone(), "another stage")
                    .help("split the rule: each rule speaks in one stage");
                problems.push(problem);
            }
            _ => found = Some((stage, name)),
        }
    }
    found.map(|(stage, _)| stage)
}

/// Questions and emissions that are not legal for what the rule runs for, or come before their stage.
pub(super) fn legal(seen: &Seen, each: Each, stage: Option<Stage>, problems: &mut Problems) {
    let name_of = |each: Each| Each::ALL.iter().find(|(_, value)| *value == each).map_or("", |(name, _)| name);
    for (name, place) in seen.asks.iter().chain(&seen.says) {
        let Some(found) = word(name) else { continue };
        if !found.each.contains(&each) {
            let wanted: Vec<String> = found.each.iter().map(|each| format!("`@each {}`", name_of(*each))).collect();
            let message = format!("`{name}` says nothing for each {}", name_of(each));
            let problem = Diagnostic::error("wrong-scope", message, place.clone(), "not here")
                .help(format!("it needs {}", wanted.join(" or ")));
            problems.push(problem);
        }
        if let (false, Some(earliest), Some(stage)) = (found.emits, found.stage, stage)
            && stage < earliest
        {
            let message = format!(
                "`{name}` is only known after the stage {}, and this rule speaks in it or before",
                stage.as_str()
            );
            let problem = Diagnostic::error("too-early", message, place.clone(), "not known yet")
                .help(format!("only rules of the stage {} or later may ask it", earliest.as_str()));
            problems.push(problem);
        }
    }
    let verdicts = if each == Each::Overlap { OVERLAP_VERDICTS } else { RESPONSE_VERDICTS };
    for (verdict, place) in &seen.verdicts {
        if !verdicts.contains(&verdict.as_str()) {
            let message = format!("`{verdict}` is no verdict for each {}", name_of(each));
            let mut problem = Diagnostic::error("unknown-word", message, place.clone(), "not here");
            problem.help = suggestion(verdict, verdicts.iter().copied());
            problems.push(problem);
        }
    }
}
