//! `mandatum watch`: on every save, load, check, test and evaluate again, and show what moved.
//!
//! A save that does not load keeps the last good result. On a terminal each round takes the whole screen; in a pipe it is
//! one block after the other.

mod checks;
mod events;
mod round;

use std::io::IsTerminal as _;

use clap::ValueEnum;
use mandatum::load::PackFiles;

use super::Exit;
use super::evaluate::How;
use super::files::{Input, Unopened, folders, gather};
use super::output;
use events::{Events, Woken};
use round::{Rounds, Tried};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    how: How,
    /// What to do on each save.
    #[arg(long, value_name = "PARTS", value_delimiter = ',', default_value = "check,test,evaluate")]
    run: Vec<Part>,
    /// Show whole pages, not only their first table.
    #[arg(long)]
    page: bool,
    /// One round, and end: 0 if all is well, 1 if a test fails, 2 if it does not load.
    #[arg(long)]
    once: bool,
}

/// A part of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Part {
    /// Look for what loads and is still wrong.
    Check,
    /// Test what is expected.
    Test,
    /// Evaluate, and compare with the last good result.
    Evaluate,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let mut rounds = Rounds::new(arguments.run.clone(), arguments.how.options(), arguments.page);
    let screen = std::io::stdout().is_terminal() && !arguments.once;
    if arguments.once {
        let tried = rounds.round(gather(&arguments.input));
        output::out(&tried.text);
        return tried.exit;
    }
    let folders = folders(&arguments.input);
    if folders.is_empty() {
        // A name that is neither a file nor shipped is told as such.
        if let Err(problems) = gather(&arguments.input) {
            output::problems(&problems, &Default::default());
        } else {
            output::complain("error: a shipped pack does not change; copy it with mandatum new NAME --from PACK\n");
        }
        return Exit::BadInput;
    }
    let events = match Events::new(&folders) {
        Ok(events) => events,
        Err(problem) => {
            output::complain(&format!("error: {problem}\n"));
            return Exit::BadInput;
        }
    };
    let mut seen: Option<Result<PackFiles, Vec<String>>> = None;
    loop {
        let gathered = gather(&arguments.input);
        let now = match &gathered {
            Ok(gathered) => Ok(gathered.files.clone()),
            Err(problems) => Err(problems.iter().map(|problem| problem.message.clone()).collect()),
        };
        if seen.as_ref().is_none_or(|seen| !same(seen, &now)) {
            let Tried { text, .. } = rounds.round(gathered);
            if screen {
                output::out("\u{1b}[2J\u{1b}[H");
            }
            output::out(&text);
            if screen {
                output::out(&format!("\n{}; Ctrl-C ends\n", events.how()));
            }
            seen = Some(now);
        }
        if events.wait() == Woken::Stop {
            return Exit::Clean;
        }
    }
}

/// Whether nothing that is read has changed: editors touch files that they do not change.
fn same(one: &Result<PackFiles, Vec<String>>, other: &Result<PackFiles, Vec<String>>) -> bool {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            one.world == other.world
                && one.scenarios == other.scenarios
                && one.unopened == other.unopened
                && one.rules == other.rules
                && one.tests == other.tests
        }
        (Err(one), Err(other)) => one == other,
        _ => false,
    }
}

/// Problems of files that cannot be read have no texts.
fn unread(problems: Vec<mandatum::diagnostic::Diagnostic>) -> Unopened {
    Unopened { problems, texts: Default::default() }
}
