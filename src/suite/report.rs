//! What came of tests, as data.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use super::coverage::Coverage;
use super::{Kind, Outcome, Test, Verdict};
use crate::diagnostic::{Diagnostic, Place};

/// The version of this shape.
pub const SCHEMA: &str = "mandatum/test/1";

/// The tests of a pack and what came of them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// The version of this shape.
    pub schema: &'static str,
    /// The pack.
    pub pack: String,
    /// How many ended how.
    pub summary: Summary,
    /// Each test, tests of rules first.
    pub tests: Vec<TestResult>,
    /// How much of the rules they went through; only if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
}

/// How many tests ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// All of them.
    pub tests: usize,
    /// Those that passed.
    pub passed: usize,
    /// Those that failed.
    pub failed: usize,
    /// Those that could not run.
    pub not_run: usize,
}

/// One test.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TestResult {
    /// Its id.
    pub id: String,
    /// What it is a test of.
    pub kind: Kind,
    /// The scenario, for expectations.
    pub scenario: Option<String>,
    /// Rules that it names.
    pub rules: Vec<String>,
    /// What its author says of it.
    pub note: Option<String>,
    /// Where it stands.
    pub at: At,
    /// How it ended; `null` where it was only listed.
    pub result: Option<Verdict>,
    /// Why it did not pass.
    pub problems: Vec<Problem>,
    /// How long it took; only if asked for. The first test of a scenario bears its evaluation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<u64>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct At {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

/// Why a test did not pass.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// Its code; `mandatum explain CODE` prints a page about it.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// The places that show it, first that of the expectation; then the terms of the rule with their answers.
    pub labels: Vec<Label>,
    /// What to do, or what the author had in mind.
    pub help: Option<String>,
}

/// A place with what is to be said of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Label {
    /// The place.
    pub at: At,
    /// What is said of it.
    pub text: String,
}

impl From<&Place> for At {
    fn from(place: &Place) -> Self {
        At { file: place.file.to_string(), line: place.line, column: place.column }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl From<&Diagnostic> for Problem {
    fn from(problem: &Diagnostic) -> Self {
        let label = |(place, text): &(Place, String)| Label { at: place.into(), text: text.clone() };
        Problem {
            code: problem.code.to_owned(),
            message: problem.message.clone(),
            labels: problem.labels.iter().map(label).collect(),
            help: problem.help.clone(),
        }
    }
}

/// The report on tests; without outcomes, a list of them.
pub fn report(pack: &str, tests: &[Test<'_>], outcomes: &[Outcome], coverage: Option<Coverage>) -> Report {
    let result = |(index, test): (usize, &Test<'_>)| {
        let outcome = outcomes.get(index);
        TestResult {
            id: test.id.clone(),
            kind: test.kind,
            scenario: test.scenario.map(str::to_owned),
            rules: test.rules.iter().map(|rule| (*rule).to_owned()).collect(),
            note: test.note.map(str::to_owned),
            at: test.place.into(),
            result: outcome.map(|outcome| outcome.verdict),
            problems: outcome.iter().flat_map(|outcome| &outcome.problems).map(Problem::from).collect(),
            milliseconds: None,
        }
    };
    let count = |verdict: Verdict| outcomes.iter().filter(|outcome| outcome.verdict == verdict).count();
    Report {
        schema: SCHEMA,
        pack: pack.to_owned(),
        summary: Summary {
            tests: tests.len(),
            passed: count(Verdict::Passed),
            failed: count(Verdict::Failed),
            not_run: count(Verdict::NotRun),
        },
        tests: tests.iter().enumerate().map(result).collect(),
        coverage,
    }
}
