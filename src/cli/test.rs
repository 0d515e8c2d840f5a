//! `mandatum test`: everything that is expected beside the content comes out, and for the reasons given.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use mandatum::diagnostic::{Diagnostic, Place, Severity, suggestion};
use mandatum::render::{diagnostics, junit, tap, testing};
use mandatum::suite::report::{Report, report};
use mandatum::suite::{self, Ran, Test, Verdict, coverage};

use super::files::{Input, Opened, Unopened, load};
use super::output::{self, Format};
use super::{Exit, snapshots};

#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 all passed, 1 some failed or none ran, 2 bad input or usage.\n\
                  A pack is tested with its rules; a scenario alone with what it expects. Without a name: the shipped pack.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Instead of testing, compare every conclusion with the stored ones; what differs waits for `mandatum review`.
    #[arg(long, conflicts_with_all = ["only", "rule", "list", "all", "allow_empty", "durations", "coverage"])]
    snapshots: bool,
    /// Only tests whose id holds this text. May be given several times: any of them.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Only tests of this rule, and expectations that name it. May be given several times: any of them.
    #[arg(long, value_name = "ID")]
    rule: Vec<String>,
    /// List the tests and run none.
    #[arg(long)]
    list: bool,
    /// Show every test, not only those that did not pass.
    #[arg(long)]
    all: bool,
    /// Pass although there is nothing to run.
    #[arg(long)]
    allow_empty: bool,
    /// Say how long each test took (json, junit).
    #[arg(long)]
    durations: bool,
    /// Say how much of the rules was exercised, and underline what was not.
    #[arg(long)]
    coverage: bool,
    /// Fail below this share of the rules' parts, in percent.
    #[arg(long, value_name = "PERCENT", requires = "coverage", value_parser = percent)]
    threshold: Option<f64>,
    /// Write what was exercised to this file, as an LCOV trace that editors show beside the lines.
    #[arg(long, value_name = "FILE", requires = "coverage")]
    coverage_output: Option<PathBuf>,
    /// How to write it.
    #[arg(long, value_parser = output::formats(&[Format::Terminal, Format::Json, Format::Junit, Format::Tap]), default_value = "terminal")]
    format: Format,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').parse::<f64>().ok();
    number.filter(|number| (0.0..=100.0).contains(number)).ok_or_else(|| "write a number from 0 to 100".to_owned())
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    if arguments.snapshots {
        return snapshots::run(&arguments.input, arguments.format);
    }
    let name = arguments.input.scenario.clone().unwrap_or_else(|| mandatum::shipped::DEFAULT_PACK.to_owned());
    let opened = match load(&Input { scenario: Some(name), rules: arguments.input.rules.clone() }) {
        Ok(opened) => opened,
        Err(Unopened { problems, texts }) => {
            output::problems(&problems, &texts);
            return Exit::BadInput;
        }
    };
    let (session, whole) = (&opened.session, opened.whole);
    output::problems(&session.problems, &session.texts);
    if let Some(problem) = unknown_rule(arguments, &opened) {
        output::problems(&[problem], &session.texts);
        return Exit::BadInput;
    }
    // The tests of a pack's rules go with the pack, those of a folder of rules with the folder.
    let beside = |place: &Place| {
        let folder = |folder: &PathBuf| std::path::Path::new(place.file.as_ref()).starts_with(folder);
        whole || !arguments.rule.is_empty() || arguments.input.rules.iter().any(folder)
    };
    let mut tests = suite::list(session, &opened.chosen, &beside);
    let named =
        |test: &Test<'_>| arguments.rule.is_empty() || arguments.rule.iter().any(|id| test.rules.contains(id.as_str()));
    let wanted =
        |test: &Test<'_>| arguments.only.is_empty() || arguments.only.iter().any(|text| test.id.contains(text));
    tests.retain(|test| named(test) && wanted(test));
    let pack = session.pack.world.pack.id.clone();
    if arguments.list {
        let report = report(&pack, &tests, &[], None);
        match arguments.format {
            Format::Json => output::json(&report),
            _ => output::document(&testing::listed(&report), Format::Terminal),
        }
        return if tests.is_empty() { empty(arguments) } else { Exit::Clean };
    }
    let mut progress = output::progress("tests");
    let (mut ended, mut last) = (0, Instant::now());
    let mut times = vec![0u64; tests.len()];
    let scenarios = arguments.coverage.then_some(opened.chosen.as_slice());
    let ran = suite::run(session, &tests, scenarios, &mut |index, _| {
        ended += 1;
        progress(ended, tests.len());
        if let Some(own) = times.get_mut(index) {
            *own = u64::try_from(last.elapsed().as_millis()).unwrap_or(u64::MAX);
        }
        last = Instant::now();
    });
    let measured = arguments.coverage.then(|| coverage::coverage(session, &ran));
    let percent = measured.as_ref().map_or(100.0, |own| own.all.percent);
    let mut report = report(&pack, &tests, &ran.outcomes, measured);
    if arguments.durations {
        for (test, time) in report.tests.iter_mut().zip(times) {
            test.milliseconds = Some(time);
        }
    }
    if let Err(message) = write(arguments, &opened, &ran, &report, &tests) {
        output::complain(&message);
        return Exit::BadInput;
    }
    output::problems(&session.late_problems(), &session.texts);
    exit(arguments, &opened, &report, percent)
}

/// How the command ends, with what has to be said of that.
fn exit(arguments: &Arguments, opened: &Opened, report: &Report, percent: f64) -> Exit {
    let session = &opened.session;
    let late = session.late_problems();
    if session.problems.iter().chain(&late).any(|problem| problem.severity == Severity::Error) {
        return Exit::BadInput;
    }
    if report.tests.is_empty() {
        return empty(arguments);
    }
    let below = arguments.threshold.filter(|threshold| percent < *threshold);
    if let Some(threshold) = below {
        output::complain(&format!(
            "error: {percent:.1} percent of the rules' parts are exercised, and {threshold} are asked for\n"
        ));
    }
    if report.summary.failed + report.summary.not_run > 0 || below.is_some() { Exit::Findings } else { Exit::Clean }
}

fn empty(arguments: &Arguments) -> Exit {
    if arguments.allow_empty {
        return Exit::Clean;
    }
    let filtered = !arguments.only.is_empty() || !arguments.rule.is_empty();
    let help =
        if filtered { "`--list` without filters shows every id" } else { "see docs/testing.md for how to write one" };
    output::complain(&format!("error: there is no test to run; {help}, `--allow-empty` lets this pass\n"));
    Exit::Findings
}

fn unknown_rule(arguments: &Arguments, opened: &Opened) -> Option<Diagnostic> {
    let known = &opened.session.rules.rules;
    let id = arguments.rule.iter().find(|id| !known.contains_key(*id))?;
    let place = Place::whole("the command line");
    let mut problem = Diagnostic::error("unknown-id", format!("there is no rule `{id}`"), place, "asked for");
    problem.help = suggestion(id, known.keys().map(String::as_str));
    Some(problem)
}

/// Writes what came of the tests. Errors: what cannot be written, in words.
fn write(arguments: &Arguments, opened: &Opened, ran: &Ran, report: &Report, tests: &[Test<'_>]) -> Result<(), String> {
    let texts = &opened.session.texts;
    match arguments.format {
        Format::Json => output::json(report),
        Format::Junit => output::out(&junit::junit(report).map_err(|error| format!("error: {error}\n"))?),
        Format::Tap => output::out(&tap::tap(report)),
        _ => {
            for (test, outcome) in tests.iter().zip(&ran.outcomes).filter(|(_, own)| own.verdict != Verdict::Passed) {
                output::out(&format!("{}: {}\n\n", outcome.verdict.as_str(), test.id));
                output::out(&diagnostics::uncounted(&outcome.problems, texts));
            }
            if let Some(measured) = &report.coverage {
                output::out(&diagnostics::uncounted(&coverage::unexercised(&opened.session, ran), texts));
                output::document(&testing::coverage(measured), Format::Terminal);
            }
            output::document(&testing::ended(report, arguments.all), Format::Terminal);
        }
    }
    let Some(path) = &arguments.coverage_output else { return Ok(()) };
    let text = coverage::lcov(&opened.session, ran);
    fs::write(path, text).map_err(|error| format!("error: `{}` cannot be written: {error}\n", path.display()))
}
