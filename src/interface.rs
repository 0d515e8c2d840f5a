//! One function from JSON to JSON: the whole library for callers that share no memory with it, a browser for one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::answer::report::{Evaluation, SCHEMA};
use crate::answer::{Options, Semantics};
use crate::date::PartialDate;
use crate::diagnostic::{Diagnostic, Severity};
use crate::load::PackFiles;
use crate::session::Session;
use crate::shipped;

/// What may be asked.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Request {
    /// A shipped pack to start from.
    pack: Option<String>,
    /// `pack.toml` and shared facts, by path.
    world: BTreeMap<String, String>,
    /// Scenarios, by path.
    scenarios: BTreeMap<String, String>,
    /// Rules, by path.
    rules: BTreeMap<String, String>,
    /// One scenario; all if silent.
    scenario: Option<String>,
    /// Year, month or day.
    as_of: Option<String>,
    /// Papers taken at their word.
    lenses: BTreeSet<String>,
    /// One account only.
    account: Option<String>,
    /// `grounded` (if silent) or `preferred`.
    semantics: Semantics,
}

/// What comes back.
#[derive(Debug, Serialize)]
struct Reply {
    schema: &'static str,
    problems: Vec<Problem>,
    evaluations: Option<Vec<Evaluation>>,
}

#[derive(Debug, Serialize)]
struct Problem {
    code: String,
    severity: Severity,
    message: String,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    help: Option<String>,
}

impl From<&Diagnostic> for Problem {
    fn from(problem: &Diagnostic) -> Self {
        Problem {
            code: problem.code.to_owned(),
            severity: problem.severity,
            message: problem.message.clone(),
            file: problem.place().map(|place| place.file.to_string()),
            line: problem.place().map(|place| place.line),
            column: problem.place().map(|place| place.column),
            help: problem.help.clone(),
        }
    }
}

/// Evaluates what a request asks for. Never fails: what is wrong comes back under `problems`.
///
/// Request: `{pack?, world?, scenarios?, rules?, scenario?, as_of?, lenses?, account?, semantics?}`, files as texts by path.
/// Reply: `{schema, problems, evaluations?}`.
pub fn run(request: &str) -> String {
    // A struct would also be read from a list, silently: only an object is a request.
    let object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(request);
    let reply = match object.and_then(|object| serde_json::from_value::<Request>(object.into())) {
        Ok(request) => answer(request),
        Err(error) => refused("bad-request", error.to_string()),
    };
    serde_json::to_string(&reply).unwrap_or_else(|error| format!("{{\"problems\":[{:?}]}}", error.to_string()))
}

fn refused(code: &str, message: String) -> Reply {
    let problem = Problem {
        code: code.to_owned(),
        severity: Severity::Error,
        message,
        file: None,
        line: None,
        column: None,
        help: None,
    };
    Reply { schema: SCHEMA, problems: vec![problem], evaluations: None }
}

fn answer(request: Request) -> Reply {
    let as_of = match request.as_of.as_deref().map(|text| (text, PartialDate::parse(text))) {
        Some((text, None)) => return refused("bad-date", format!("`{text}` is no date")),
        Some((_, date)) => date,
        None => None,
    };
    let mut files = match &request.pack {
        Some(pack) => shipped::pack(pack),
        None => PackFiles { rules: shipped::core_rules().collect(), ..PackFiles::default() },
    };
    let bytes = |own: BTreeMap<String, String>| own.into_iter().map(|(path, text)| (path, text.into_bytes()));
    files.world.extend(bytes(request.world));
    files.scenarios.extend(bytes(request.scenarios));
    files.rules.extend(bytes(request.rules));
    let session = Session::new(&files, None);
    let mut problems: Vec<Problem> = session.problems.iter().map(Problem::from).collect();
    if !session.usable() {
        return Reply { schema: SCHEMA, problems, evaluations: None };
    }
    let options = Options {
        as_of,
        lenses: request.lenses,
        account: request.account,
        semantics: request.semantics,
        ..Options::default()
    };
    let mut evaluations = Vec::new();
    for loaded in &session.pack.scenarios {
        if request.scenario.as_ref().is_some_and(|id| *id != loaded.scenario.id) {
            continue;
        }
        match session.evaluate(loaded, &options) {
            Ok(evaluated) => evaluations.push(evaluated.evaluation),
            Err(found) => problems.extend(found.iter().map(Problem::from)),
        }
    }
    problems.extend(session.late_problems().iter().map(Problem::from));
    Reply { schema: SCHEMA, problems, evaluations: Some(evaluations) }
}
