//! One pack, loaded with its rules: what every command starts from.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::answer::{Evaluated, Memory, Options, evaluate_again};
use crate::change::{Form, Lexicon};
use crate::diagnostic::{Diagnostic, Place, Problems, Severity, suggestion};
use crate::load::{Loaded, LoadedPack, PackFiles, load};
use crate::rules::{Backstop, RuleSet};
use crate::world::World;

/// A loaded pack with its rules.
pub struct Session {
    /// The pack.
    pub pack: LoadedPack,
    /// Its rules.
    pub rules: RuleSet,
    /// Everything found wrong while loading, by file and position.
    pub problems: Vec<Diagnostic>,
    /// The texts of every file, for underlining.
    pub texts: BTreeMap<String, String>,
}

impl Session {
    /// Loads a pack. Problems of the TOML make it unusable; problems of rules do not.
    pub fn new(files: &PackFiles, backstop: Option<Backstop>) -> Self {
        let mut pack = load(files);
        // Rules are checked against everything that any scenario adds to the shared world.
        let widest = widest(&pack);
        let (rules, found) = RuleSet::new(&files.rules, &widest, backstop);
        let mut texts = pack.texts.clone();
        texts.extend(rules.texts());
        let mut problems = Problems::default();
        problems.append(std::mem::take(&mut pack.problems));
        problems.append(found);
        for lever in &pack.world.pack.levers {
            if Form::named(&lever.text).is_none() {
                let message = format!("`{}` is no form of a change", lever.text);
                let mut problem = Diagnostic::error("unknown-lever", message, lever.place.clone(), "no such form");
                let help = suggestion(&lever.text, Form::ALL.iter().map(|form| form.pattern()));
                problem.help = help.or_else(|| Some("all forms: mandatum what-if --forms".to_owned()));
                problems.push(problem);
            }
        }
        let problems = problems.sorted();
        Session { pack, rules, problems, texts }
    }

    /// Whether the world and the scenarios can be used. Rules that cannot be used are failed, not fatal.
    pub fn usable(&self) -> bool {
        !self.problems.iter().any(|problem| {
            problem.severity == Severity::Error && problem.place().is_none_or(|place| !place.file.ends_with(".rhai"))
        })
    }

    /// Problems that rules met only while they ran.
    pub fn late_problems(&self) -> Vec<Diagnostic> {
        let late = |problem: &Diagnostic| matches!(problem.code, "rule-failed" | "too-many-worlds");
        self.rules.failed().into_values().filter(late).collect()
    }

    /// The shared world with every scenario's own rows: what ids a rule may name.
    pub fn widest(&self) -> World {
        widest(&self.pack)
    }

    /// The words that a change may use in a scenario, or in any.
    pub fn lexicon(&self, loaded: Option<&Loaded>) -> Lexicon {
        let world = loaded.map_or(&self.pack.world, |loaded| &loaded.world);
        Lexicon::new(world, loaded.map(|loaded| &loaded.scenario), self.rules.rules.keys())
    }

    /// The scenario of that id.
    pub fn scenario(&self, id: &str) -> Option<&Loaded> {
        self.pack.scenarios.iter().find(|loaded| loaded.scenario.id == id)
    }

    /// Evaluates a scenario; unknown lenses and accounts are problems.
    pub fn evaluate(&self, loaded: &Loaded, options: &Options) -> Result<Evaluated, Vec<Diagnostic>> {
        self.evaluate_again(loaded, options, &Rc::new(Memory::new(&loaded.world)))
    }

    /// The same, with what is known of the world from evaluations before: for those who evaluate one world many times.
    pub fn evaluate_again(
        &self,
        loaded: &Loaded,
        options: &Options,
        memory: &Rc<Memory>,
    ) -> Result<Evaluated, Vec<Diagnostic>> {
        let lenses: BTreeSet<&str> =
            loaded.world.sources.values().filter(|source| source.lens).map(|source| source.key.as_str()).collect();
        let mut problems = Vec::new();
        for lens in options.lenses.iter().filter(|lens| !lenses.contains(lens.as_str())) {
            let place = Place::whole(&loaded.scenario.place.file);
            let mut problem =
                Diagnostic::error("unknown-lens", format!("`{lens}` is no lens of this pack"), place, "asked for");
            problem.help = suggestion(lens, lenses.iter().copied());
            problems.push(problem);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        evaluate_again(loaded, &self.rules, options, memory).map_err(|unknown| {
            let place = Place::whole(&loaded.scenario.place.file);
            let message = format!("no case of this scenario has an account `{}`", unknown.account);
            let mut problem = Diagnostic::error("unknown-account", message, place, "asked for");
            problem.help = suggestion(&unknown.account, unknown.known.iter().map(String::as_str));
            vec![problem]
        })
    }
}

/// What came out of one scenario, or of one altered world: evaluated once for each way of asking.
pub struct Readings<'s> {
    session: &'s Session,
    known: Vec<(Options, Evaluated)>,
}

impl<'s> Readings<'s> {
    /// Nothing has been asked yet.
    pub fn new(session: &'s Session) -> Self {
        Readings { session, known: Vec::new() }
    }

    /// What is asked.
    pub fn session(&self) -> &'s Session {
        self.session
    }

    /// Everything that came out.
    pub fn all(&self) -> impl Iterator<Item = &Evaluated> {
        self.known.iter().map(|(_, evaluated)| evaluated)
    }

    /// A scenario asked in a way.
    ///
    /// Errors: unknown lenses and accounts.
    pub fn evaluated(&mut self, loaded: &Loaded, options: &Options) -> Result<&Evaluated, Vec<Diagnostic>> {
        let session = self.session;
        self.of(options, || session.evaluate(loaded, options))
    }

    /// The same for whatever `evaluate` makes of that way of asking.
    ///
    /// Errors: those of `evaluate`.
    pub fn of(
        &mut self,
        options: &Options,
        evaluate: impl FnOnce() -> Result<Evaluated, Vec<Diagnostic>>,
    ) -> Result<&Evaluated, Vec<Diagnostic>> {
        let at = match self.known.iter().position(|(own, _)| own == options) {
            Some(at) => at,
            None => {
                self.known.push((options.clone(), evaluate()?));
                self.known.len() - 1
            }
        };
        self.known.get(at).map(|(_, evaluated)| evaluated).ok_or_else(Vec::new)
    }
}

/// The shared world with every scenario's own rows: what ids a rule may name.
fn widest(pack: &LoadedPack) -> World {
    let mut widest = World::clone(&pack.world);
    for loaded in &pack.scenarios {
        let own = &loaded.world;
        let add = |into: &mut World| {
            into.sources.extend(BTreeMap::clone(&own.sources));
            into.states.extend(BTreeMap::clone(&own.states));
            into.bodies.extend(BTreeMap::clone(&own.bodies));
            into.instruments.extend(BTreeMap::clone(&own.instruments));
            into.threats.terms.extend(own.threats.terms.clone());
            into.functions.terms.extend(own.functions.terms.clone());
            into.judgements.extend(BTreeMap::clone(&own.judgements));
            into.propositions.extend(BTreeMap::clone(&own.propositions));
            into.what_ifs.extend(BTreeMap::clone(&own.what_ifs));
            into.questions.extend(BTreeMap::clone(&own.questions));
            into.attributes.extend(own.attributes.iter().cloned());
        };
        add(&mut widest);
    }
    widest
}
