//! Rules: read from files, checked before they run, run through the one door, explored.
//!
//! This folder alone names `rhai`. A rule that cannot be used is reported, and kept as failed: what it speaks to is open.

mod arguments;
mod broken;
mod check;
mod expression;
mod extent;
mod file;
mod habits;
mod host;
mod kinds;
mod legal;
mod lex;
mod resolve;
mod rule;
mod run;
mod suppose;
mod syntax;
mod tags;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

pub use expression::{Asked, Expression};
pub use extent::open_braces;
pub use host::{Answers, Backstop, MAX_OPERATIONS, MAX_SOURCE};
pub use rule::{Emission, Rule, Run, Says};
pub use run::CONCERNS;
pub use suppose::{Supposed, implied, implies, key_of, nearest, question_of};

use crate::ask::vocabulary::{Each, Stage};
use crate::diagnostic::{Allow, Diagnostic, Place, Problems, suggestion};
use crate::load::{CORE, Files, checked_text};
use crate::world::{Hedge, Id, SourceKind, Word, World};
use check::{Places, Seen};
use file::{Merged, merge, misread, shadowed, unended, unreachable};
use host::Host;
use tags::{Head, Tags};

/// Where a rule comes from.
struct Origin {
    source: Id,
    /// Index of its file.
    file: usize,
    /// Whether it was said in other words that it gives no place in its source, or does not matter.
    told: bool,
}

struct RuleFile {
    path: Arc<str>,
    text: String,
    ast: Option<rhai::AST>,
}

/// Every rule of a pack, compiled, with the ones that failed.
pub struct RuleSet {
    /// Rules by id.
    pub rules: BTreeMap<Id, Rule>,
    host: Host,
    files: Vec<RuleFile>,
    /// Why a rule failed: at load, or in its first run.
    failed: RefCell<BTreeMap<Id, Diagnostic>>,
    /// Files that could not be parsed: their rules are unknown, so everything they might speak to is open.
    unreadable: Vec<Id>,
    /// What their authors let be.
    pub allows: Vec<Allow>,
    /// Where each declared preference stands: the rule, and the one that it goes before.
    preferred: BTreeMap<(Id, Id), Place>,
    /// Whether a rule of that id exists, for names that a script makes up as it runs.
    known: Rc<dyn Fn(&str) -> bool>,
}

const RULE_TAGS: &[&str] = &[
    "id",
    "at",
    "threats",
    "functions",
    "each",
    "strict",
    "defeasible",
    "overrides",
    "claim",
    "hedge",
    "stage",
    "force",
    "note",
    ALLOW,
];

/// The tag of a finding that is let be.
const ALLOW: &str = "allow";

/// Tags of a file's head.
const FILE_TAGS: &[&str] = &[tags::SOURCE, "title", "note", ALLOW];

impl RuleSet {
    /// Compiles and checks every file against a world. Rules with problems are kept as failed.
    pub fn new(files: &Files, world: &World, backstop: Option<Backstop>) -> (Self, Problems) {
        let mut set = RuleSet {
            rules: BTreeMap::new(),
            host: Host::new(backstop),
            files: Vec::new(),
            failed: RefCell::default(),
            unreadable: Vec::new(),
            allows: Vec::new(),
            preferred: BTreeMap::new(),
            known: Rc::new(|_| false),
        };
        let mut problems = Problems::default();
        let mut targets = Vec::new();
        for (path, bytes) in files {
            set.add_file(path, bytes, world, &mut problems, &mut targets);
        }
        let ids: BTreeSet<Id> = set.rules.keys().cloned().collect();
        set.known = Rc::new(move |rule: &str| ids.contains(rule));
        set.resolve(targets, &mut problems);
        set.preferences(&mut problems);
        (set, problems)
    }

    fn add_file(
        &mut self,
        path: &str,
        bytes: &[u8],
        world: &World,
        problems: &mut Problems,
        targets: &mut Vec<(Id, String, Place)>,
    ) {
        let name: Arc<str> = path.into();
        let stem = path.rsplit(['/', '\\']).next().unwrap_or(path).trim_end_matches(".rhai").to_owned();
        let text = if bytes.len() > MAX_SOURCE {
            let message = format!("the file has {} bytes; a rule file has at most {MAX_SOURCE}", bytes.len());
            Err(Diagnostic::error("too-large", message, Place::whole(path), "too large").help("split it by topic"))
        } else {
            checked_text(path, bytes)
        };
        let text = match text {
            Ok(text) => text,
            Err(problem) => {
                problems.push(problem);
                self.unreadable.push(stem);
                return;
            }
        };
        if let Some((what, help)) = habits::other_file(&text) {
            let place = Place::new(&name, &text, 0..text.lines().next().map_or(0, str::len));
            let problem =
                Diagnostic::error("wrong-file", format!("this is {what}, not a file of rules"), place, "begins so");
            problems.push(problem.help(help));
            self.unreadable.push(stem);
            self.files.push(RuleFile { path: name, text, ast: None });
            return;
        }
        let mut heads = tags::scan(&name, &text);
        let places = Places { file: &name, text: &text };
        let mut own = Problems::default();
        let ast = match self.host.compile(&text) {
            Ok(ast) => Some(ast),
            Err(error) => {
                let read = broken::read(&heads.functions, &places, error, &mut own);
                for ast in read {
                    let _ = check::walk(&ast, &heads.functions, &places, world, &mut own);
                }
                None
            }
        };
        if let Some(ast) = &ast {
            // What the script engine does not see is commented out.
            heads.functions.retain(|head| ast.iter_functions().any(|function| function.name == head.name));
        }
        let file = self.files.len();
        let before = problems.len();
        let mut file_tags = Tags::new(&heads.file_tags, problems);
        let source = file_tags.one(tags::SOURCE).map(|tag| (tag.value.clone(), tag.value_place.clone()));
        let _ = (file_tags.all("title"), file_tags.all("note"), file_tags.all(ALLOW));
        file_tags.finish(FILE_TAGS, RULE_TAGS);
        tags::misplaced(&heads, RULE_TAGS, problems);
        self.allows.extend(tags::allows(&heads, ALLOW));
        let odd_head = problems.len() > before;
        let over_rules: Vec<tags::Tag> = heads.functions.iter().flat_map(|head| &head.tags).cloned().collect();
        let told = heads.nearly(tags::SOURCE, &[heads.file_tags.clone(), over_rules].concat());
        let source = self.source(source, told, &name, &text, world, problems);
        let seen = match &ast {
            Some(ast) => check::walk(ast, &heads.functions, &places, world, &mut own),
            None => vec![Seen { holders: None, ..Seen::default() }; heads.functions.len()],
        };
        let unended = ast.is_some() && unended(&places, problems);
        if ast.is_some() {
            unreachable(&places, problems);
        }
        let misread = ast.as_ref().is_some_and(|ast| misread(ast, &heads.functions, &places, problems));
        let shadowed = shadowed(&heads.functions, problems);
        let first_line = heads.functions.first().map_or(usize::MAX, |head| head.line);
        let own = own.sorted();
        // What stands before the first rule, and a word of the vocabulary taken by a helper, spoil the whole file.
        let astray = own.iter().any(|problem| problem.place().is_some_and(|place| place.line < first_line));
        let broken_file = ast.is_none() || source.is_none() || odd_head || misread || shadowed || astray || unended;
        if broken_file && (misread || heads.functions.iter().all(|head| head.private)) {
            self.unreadable.push(stem);
        }
        for (index, head) in heads.functions.iter().enumerate() {
            if head.private {
                continue;
            }
            let merged = merge(index, &heads.functions, &seen);
            let mut found = Problems::default();
            let parameters = ast.iter().flat_map(|ast| ast.iter_functions()).find(|own| own.name == head.name);
            if let Some(count) = parameters.map(|own| own.params.len()).filter(|count| *count != 1) {
                let message = format!("`{}` takes {count} parameters, and a rule takes one", head.name);
                let problem = Diagnostic::error("wrong-parameters", message, head.place.clone(), "this rule");
                found.push(problem.help(format!("write fn {}(situation)", head.name)));
            }
            let next = heads.functions.get(index + 1).map_or(usize::MAX, |next| next.line);
            // Problems of helpers count against the rules that call them.
            let mine: Vec<&Diagnostic> = own
                .iter()
                .filter(|problem| {
                    problem.place().is_some_and(|place| {
                        (place.line >= head.line && place.line < next)
                            || merged.lines.iter().any(|range| range.contains(&place.line))
                    })
                })
                .collect();
            if merged.recursive {
                let message = format!("`{}` calls itself", head.name);
                found.push(
                    Diagnostic::error("recursion", message, head.place.clone(), "never ends")
                        .help("a rule looks once: take out the call"),
                );
            }
            let key = source.clone().unwrap_or_else(|| CORE.to_owned());
            // Where another mistake explains it, the lack of a place is no news.
            let helper = head.tags.is_empty() && merged.seen.says.is_empty() && merged.complete;
            let misplaced_at = heads.nearly("at", &heads.file_tags) || helper || (ast.is_none() && head.indented);
            let origin = Origin { source: key, file, told: misplaced_at };
            let rule = self.rule(head, &merged, origin, world, &mut found);
            for tag in head.tags.iter().filter(|tag| tag.name == "overrides") {
                let target = tag.value.split(':').next().unwrap_or_default().trim();
                let start = tag.value_place.start;
                let place = places.range(start..start + target.len());
                self.preferred.insert((rule.id.clone(), target.to_owned()), place);
            }
            for target in &merged.seen.targets {
                targets.push((rule.id.clone(), target.0.clone(), target.1.clone()));
            }
            let first =
                mine.first().map(|problem| (*problem).clone()).or_else(|| found.clone().sorted().into_iter().next());
            let unusable = mine.iter().any(|problem| problem.severity == crate::diagnostic::Severity::Error)
                || found.has_errors()
                || broken_file;
            if unusable {
                let reason = first.unwrap_or_else(|| {
                    Diagnostic::error("unusable", "its file cannot be used", head.place.clone(), "not run")
                });
                self.failed.borrow_mut().insert(rule.id.clone(), reason);
            }
            problems.append(found);
            if let Some(earlier) = self.rules.get_mut(&rule.id) {
                // Which of the two is meant is not known: neither runs, and everything either might speak to is open.
                earlier.threats.clear();
                earlier.functions.clear();
                let message = format!("there are two rules `{}`", rule.id);
                problems.push(
                    Diagnostic::error("duplicate-id", message, rule.place.clone(), "again here")
                        .label(earlier.place.clone(), "first here")
                        .help("neither runs until one of them has another name"),
                );
                let reason =
                    Diagnostic::error("unusable", "there are two rules of this id", rule.place.clone(), "not run");
                self.failed.borrow_mut().entry(rule.id).or_insert(reason);
                continue;
            }
            self.rules.insert(rule.id.clone(), rule);
        }
        let helpers_only = heads.functions.iter().all(|head| head.private);
        if helpers_only && own.is_empty() && !broken_file {
            let place = Place::new(&name, &text, 0..text.lines().next().map_or(0, str::len));
            let message = if heads.functions.is_empty() {
                "the file holds no rule"
            } else {
                "the file holds helpers and no rule"
            };
            let problem = Diagnostic::error("no-rules", message, place, "nothing in it speaks").as_warning();
            problems.push(problem.help("a rule is a function with its place in the source over it: /// @at art. 4, then fn name(situation) { .. }"));
        }
        for problem in own {
            problems.push(problem);
        }
        self.files.push(RuleFile { path: name, text, ast });
    }

    /// The source that a file names. `told`: that it names none has been said in other words.
    fn source(
        &self,
        tag: Option<(String, Place)>,
        told: bool,
        file: &Arc<str>,
        text: &str,
        world: &World,
        problems: &mut Problems,
    ) -> Option<Id> {
        let known = || world.sources.keys().map(String::as_str).filter(|key| *key != CORE);
        let Some((key, place)) = tag else {
            if !told {
                let place = Place::new(file, text, 0..text.lines().next().map_or(0, str::len));
                let near = known().next().unwrap_or("KEY");
                let help = format!("a rule is somebody's argument: begin the file with //! @source {near}");
                let problem =
                    Diagnostic::error("no-source", "the file names no source", place, "no //! @source before this");
                problems.push(problem.help(help));
            }
            return None;
        };
        if world.sources.contains_key(&key) {
            return Some(key);
        }
        let mut problem = Diagnostic::error("unknown-id", format!("there is no source `{key}`"), place, "unknown id");
        problem.help = bare(&key).or_else(|| suggestion(&key, known()));
        problems.push(problem);
        None
    }

    fn rule(&self, head: &Head, merged: &Merged, origin: Origin, world: &World, problems: &mut Problems) -> Rule {
        let Origin { source, file, told } = origin;
        let id = head.name.replace('_', "-");
        let stage = legal::stage(&merged.seen, problems);
        let mut tags = Tags::new(&head.tags, problems);
        if let Some(tag) = tags.one("id")
            && tag.value != id
        {
            let message = format!("the id follows from the name: `{id}`, not `{}`", tag.value);
            let problem = Diagnostic::error("disagrees", message, tag.value_place.clone(), "does not agree");
            tags.problems.push(problem.help("leave the tag out, or rename the function"));
        }
        if let (Some(tag), Some(stage)) = (tags.one("stage"), stage)
            && tag.value != stage.as_str()
        {
            let message = format!("the rule speaks in the stage {}, not {}", stage.as_str(), tag.value);
            let problem = Diagnostic::error("disagrees", message, tag.value_place.clone(), "does not agree");
            tags.problems.push(problem.help("leave the tag out: it follows from the rest"));
        }
        let has_at = head.tags.iter().any(|tag| tag.name.trim_end_matches([':', '=']).eq_ignore_ascii_case("at"));
        let at = tags.one("at").map(|tag| tag.value.clone());
        let kind = world.sources.get(&source).map(|source| source.kind);
        if !has_at && !told && kind != Some(SourceKind::Core) {
            let problem = Diagnostic::error(
                "no-locator",
                format!("`{id}` gives no place in its source"),
                head.place.clone(),
                "no `@at`",
            )
            .help("add `/// @at art. 4` or `/// @at para 17`");
            tags.problems.push(problem);
        }
        let threats = known(&mut tags, "threats", "threat", world.threats.terms.keys());
        let functions = known(&mut tags, "functions", "function", world.functions.terms.keys());
        let each = match tags.one("each") {
            None => Each::State,
            Some(tag) => Each::ALL.iter().find(|(name, _)| *name == tag.value).map_or_else(
                || {
                    let mut problem = Diagnostic::error(
                        "unknown-word",
                        format!("`{}` is nothing that a rule runs for", tag.value),
                        tag.value_place.clone(),
                        "unknown word",
                    );
                    problem.help = suggestion(&tag.value, Each::ALL.iter().map(|(name, _)| *name));
                    tags.problems.push(problem);
                    Each::State
                },
                |(_, each)| *each,
            ),
        };
        let strict = tags.bare("strict");
        let force = tags.one("force");
        if let Some(tag) = force
            && !(tag.value == "defeasible" && strict.is_none() || tag.value == "strict" && strict.is_some())
        {
            let message =
                format!("the rule is {}, not {}", if strict.is_some() { "strict" } else { "defeasible" }, tag.value);
            let problem = Diagnostic::error("disagrees", message, tag.value_place.clone(), "does not agree");
            tags.problems.push(problem.help("leave the tag out: it follows from the rest"));
        }
        let defeasible = tags.bare("defeasible").is_some();
        if let Some(tag) = strict
            && (!matches!(kind, Some(SourceKind::Treaty | SourceKind::Official)) || defeasible)
        {
            let problem = Diagnostic::error(
                "not-strict",
                "only treaty and official sources may be strict",
                tag.place.clone(),
                "not here",
            )
            .help("drop the tag: rules are defeasible by default");
            tags.problems.push(problem);
        }
        let mut overrides = BTreeMap::new();
        for tag in tags.all("overrides") {
            match tag.value.split_once(':') {
                Some((rule, reason)) if !reason.trim().is_empty() => {
                    overrides.insert(rule.trim().to_owned(), reason.trim().to_owned());
                }
                _ => {
                    let problem =
                        Diagnostic::error("no-reason", "a preference needs its reason", tag.place.clone(), "no reason")
                            .help(format!("write @overrides {}: why it goes before", tag.value));
                    tags.problems.push(problem);
                }
            }
        }
        let claims = tags.list("claim").into_iter().map(|(claim, _)| claim).collect();
        let hedge = match tags.one("hedge") {
            None => Hedge::Flat,
            Some(tag) => Hedge::parse(&tag.value).unwrap_or_else(|| {
                let mut problem = Diagnostic::error(
                    "unknown-word",
                    format!("`{}` is no hedge", tag.value),
                    tag.value_place.clone(),
                    "unknown word",
                );
                problem.help = suggestion(&tag.value, Hedge::WORDS.iter().copied());
                tags.problems.push(problem);
                Hedge::Flat
            }),
        };
        let notes = tags.all("note").into_iter().map(|tag| tag.value.clone()).collect();
        let _ = tags.all(ALLOW);
        tags.finish(RULE_TAGS, FILE_TAGS);
        let strict = strict.is_some();
        if merged.seen.says.is_empty() && merged.complete {
            let problem =
                Diagnostic::error("says-nothing", format!("the rule `{id}` says nothing"), head.place.clone(), "this rule")
                    .help(format!("say something with passes, stops, needs, finds, asserts, ...; a helper is private: private fn {}(situation)", head.name));
            problems.push(problem);
        }
        legal::legal(&merged.seen, each, stage, problems);
        Rule {
            id,
            function: head.name.clone(),
            doc: head.doc.clone(),
            notes,
            source,
            at,
            threats,
            functions,
            each,
            strict,
            overrides,
            claims,
            hedge,
            stage: stage.unwrap_or(Stage::Coverage),
            only_attacks: stage.is_none() && !merged.seen.targets.is_empty(),
            holders: merged.seen.holders.clone(),
            targets: merged.seen.targets.iter().map(|(target, _)| target.clone()).collect(),
            place: head.place.clone(),
            file,
        }
    }

    /// The rules that failed so far, with the reason.
    pub fn failed(&self) -> BTreeMap<Id, Diagnostic> {
        self.failed.borrow().clone()
    }

    /// Marks a rule as failed: it hangs on more free facts than can be tried.
    pub fn give_up(&self, rule: &Rule) {
        let message = format!("the rule `{}` hangs on more open facts than can be tried", rule.id);
        let problem = Diagnostic::error("too-many-worlds", message, rule.place.clone(), "this rule")
            .help("ask less of what is unknown, or state more of it in the scenario");
        self.failed.borrow_mut().entry(rule.id.clone()).or_insert(problem);
    }

    /// Files whose rules are unknown.
    pub fn unreadable(&self) -> &[Id] {
        &self.unreadable
    }

    /// The texts of the files, for underlining.
    pub fn texts(&self) -> BTreeMap<String, String> {
        self.files.iter().map(|file| (file.path.to_string(), file.text.clone())).collect()
    }

    /// The text of a rule: its function, without comments before it.
    pub fn text(&self, rule: &Rule) -> &str {
        let text = self.files.get(rule.file).map(|file| file.text.as_str()).unwrap_or_default();
        let text = text.get(rule.place.start..).unwrap_or_default();
        text.get(..extent::block(text)).unwrap_or(text)
    }

    /// The place of a position in a rule's file.
    pub fn place(&self, rule: &Rule, position: (usize, usize)) -> Option<Place> {
        let file = self.files.get(rule.file)?;
        (position.0 > 0).then(|| Places { file: &file.path, text: &file.text }.at(position.0, position.1))
    }

    /// The whole term that asks or says something at a position: the call with its brackets, or the comparison.
    pub fn term(&self, rule: &Rule, position: (usize, usize)) -> Option<Place> {
        let file = self.files.get(rule.file)?;
        (position.0 > 0).then(|| Places { file: &file.path, text: &file.text }.term(position.0, position.1))
    }
}

fn known<'a>(tags: &mut Tags<'_>, name: &str, what: &str, legal: impl Iterator<Item = &'a Id> + Clone) -> Vec<Id> {
    let mut read = Vec::new();
    for (id, place) in tags.list(name) {
        if legal.clone().any(|known| *known == id) {
            read.push(id);
        } else {
            let mut problem =
                Diagnostic::error("unknown-id", format!("there is no {what} `{id}`"), place, "unknown id");
            problem.help = bare(&id)
                .or_else(|| {
                    let parts: Vec<&str> = id.split_whitespace().collect();
                    (parts.len() > 1 && parts.iter().all(|part| legal.clone().any(|known| known == part)))
                        .then(|| format!("put a comma between: @{name} {}", parts.join(", ")))
                })
                .or_else(|| suggestion(&id, legal.clone().map(String::as_str)));
            tags.problems.push(problem);
        }
    }
    read
}

/// What to write for an id that stands in quotes or brackets where it has to stand bare.
fn bare(written: &str) -> Option<String> {
    let own = written.trim_matches(|letter: char| !letter.is_alphanumeric());
    (own != written && !own.is_empty()).then(|| format!("in a tag, ids stand bare: write {own}"))
}
