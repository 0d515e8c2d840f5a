//! A small pack in memory, and what came of it: the harness of every test.

use mandatum::answer::report::{CaseResult, Evaluation, HolderResult, StateResult};
use mandatum::answer::{Evaluated, Options};
use mandatum::diagnostic::Diagnostic;
use mandatum::load::PackFiles;
use mandatum::session::Session;

/// A world with two states, one organisation that answers, and one threat.
pub const WORLD: &str = r#"
[[source]]
key = "charter"
title = "Charter of the League"
kind = "treaty"

[[source]]
key = "paper"
title = "A Paper"
kind = "paper"
lens = true

[[state]]
id = "XAA"
name = "Aland"

[[state]]
id = "XBB"
name = "Beland"

[[organisation]]
id = "LEAGUE"
name = "The League"
source = "charter"

[[membership]]
states = ["XAA", "XBB"]
organisation = "LEAGUE"
source = "charter"
from = 2001-01-01

[[instrument]]
id = "charter"
title = "Charter of the League"
kind = "charter"
signed = 2000-01-01
in_force = 2001-01-01
organisation = "LEAGUE"
source = "charter"

[[threat]]
id = "flood"
name = "flood"
calls_for = ["consult", "relieve"]

[[function]]
id = "consult"
definition = "Talk."
example = "A meeting."
near_miss = "A letter."
standing = true

[[function]]
id = "relieve"
definition = "Help people."
example = "Tents."
near_miss = "Loans."

[[mandate]]
id = "league-consults"
holder = "LEAGUE"
threats = ["flood"]
functions = ["consult"]
instrument = "charter"
"#;

/// A case in that world.
pub const SCENARIO: &str = r#"
title = "A dam breaks"
date = 2010-04-01

[[case]]
id = "dam"
threat = "flood"
affected = ["XAA"]
"#;

/// A pack being put together.
#[derive(Clone, Default)]
pub struct Pack {
    files: PackFiles,
}

/// The small pack: [`WORLD`] and [`SCENARIO`].
pub fn small() -> Pack {
    Pack::default().world(WORLD).scenario(SCENARIO)
}

impl Pack {
    /// Adds shared facts. The pack's own file is added with the first.
    pub fn world(mut self, text: &str) -> Self {
        let number = self.files.world.len();
        self.files.world.entry("pack.toml".into()).or_insert_with(|| b"id = \"small\"\ntitle = \"Small\"\n".to_vec());
        self.files.world.insert(format!("world/{number}.toml"), text.as_bytes().to_vec());
        self
    }

    /// Sets the scenario, called `case`.
    pub fn scenario(mut self, text: &str) -> Self {
        self.files.scenarios.insert("case.toml".into(), text.as_bytes().to_vec());
        self
    }

    /// Adds to the scenario.
    pub fn more(mut self, text: &str) -> Self {
        let scenario = self.files.scenarios.entry("case.toml".into()).or_default();
        scenario.extend_from_slice(text.as_bytes());
        self
    }

    /// Adds a file of rules.
    pub fn rules(mut self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.files.rules.insert(format!("{name}.rhai"), text.as_ref().to_vec());
        self
    }

    /// Adds a file of tests of rules.
    pub fn tests(mut self, name: &str, text: &str) -> Self {
        self.files.tests.insert(format!("rules/{name}.test.toml"), text.as_bytes().to_vec());
        self
    }

    /// Its files.
    pub fn files(&self) -> &PackFiles {
        &self.files
    }

    /// Loads it, whatever is wrong with it.
    pub fn load(&self) -> Session {
        Session::new(&self.files, None)
    }

    /// Everything wrong with it.
    pub fn problems(&self) -> Vec<Diagnostic> {
        self.load().problems
    }

    /// Evaluates it. Fails the test if it cannot be used.
    pub fn evaluate(&self) -> Page {
        self.evaluate_with(&Options::default())
    }

    /// Evaluates it another way.
    pub fn evaluate_with(&self, options: &Options) -> Page {
        let session = self.load();
        assert!(session.usable(), "the pack cannot be used: {:#?}", session.problems);
        let loaded = session.scenario("case").expect("the pack has a scenario");
        match session.evaluate(loaded, options) {
            Ok(evaluated) => Page { evaluated },
            Err(problems) => panic!("cannot be evaluated: {problems:#?}"),
        }
    }
}

/// What came of a pack.
pub struct Page {
    evaluated: Evaluated,
}

impl Page {
    /// The result.
    pub fn result(&self) -> &Evaluation {
        &self.evaluated.evaluation
    }

    /// A case.
    pub fn case(&self, id: &str) -> &CaseResult {
        self.result().cases.iter().find(|case| case.id == id).unwrap_or_else(|| panic!("no case {id}"))
    }

    /// A cell: `dam/XAA/consult`.
    pub fn cell(&self, id: &str) -> &StateResult {
        let parts: Vec<&str> = id.split('/').collect();
        let [case, state, function] = parts.as_slice() else { panic!("no cell {id}") };
        let need = self.case(case).needs.iter().find(|need| need.function == *function);
        need.and_then(|need| need.states.iter().find(|own| own.state == *state))
            .unwrap_or_else(|| panic!("no cell {id}"))
    }

    /// The two answers of a cell: on paper and available.
    pub fn answers(&self, id: &str) -> (&'static str, &'static str) {
        let cell = self.cell(id);
        (cell.on_paper.answer.as_str(), cell.available.answer.as_str())
    }

    /// A holder in a cell.
    pub fn holder(&self, cell: &str, holder: &str) -> &HolderResult {
        let found = self.cell(cell).holders.iter().find(|row| row.holder == holder);
        found.unwrap_or_else(|| panic!("no {holder} in {cell}: {:#?}", self.cell(cell).holders))
    }

    /// Where a holder stops.
    pub fn stops(&self, cell: &str, holder: &str) -> Vec<&'static str> {
        self.holder(cell, holder).stops_at.iter().map(|step| step.as_str()).collect()
    }

    /// How an argument stands, and what decided it.
    pub fn argument(&self, id: &str) -> (&'static str, &'static str) {
        let found = self.result().arguments.iter().find(|argument| argument.id == id);
        let found = found.unwrap_or_else(|| panic!("no argument {id}: {:#?}", self.result().arguments));
        (found.label.as_str(), found.decided_by.map_or("", |decider| decider.as_str()))
    }

    /// How a thesis stands.
    pub fn thesis(&self, id: &str) -> &'static str {
        self.result().assessments.iter().find(|own| own.id == id).map_or("absent", |own| own.label.as_str())
    }
}
