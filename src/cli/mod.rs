//! Commands, one file each. Everything that touches files, the clock, the environment or the terminal is in this folder.

mod atlas;
pub(crate) mod backstop;
mod brief;
mod check;
mod claims;
mod compare;
mod completions;
mod diff;
mod docs;
mod evaluate;
mod explain;
mod files;
mod graph;
mod levers;
mod man;
mod matrix;
mod new;
mod output;
mod overlap;
mod pivots;
mod predictions;
mod prompt;
mod repair;
mod research;
mod review;
mod schema;
mod snapshots;
mod space;
mod test;
mod timeline;
mod watch;
mod what_if;

use clap::{Parser, Subcommand};

/// How a command ends: part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing to complain about.
    Clean,
    /// Findings that the user asked to fail on, or failed tests.
    Findings,
    /// Bad input or usage.
    BadInput,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        std::process::ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::BadInput => 2,
        })
    }
}

/// Whose mandate is it? Gaps, overlaps and disagreements, each with its reasons.
#[derive(Debug, Parser)]
#[command(
    name = "mandatum",
    version,
    after_help = "Exit codes: 0 clean, 1 findings (with --fail-on) or failed tests, 2 bad input or usage.\n\
                  A SCENARIO is a file, a pack's folder or pack.toml (all its scenarios), or a shipped one such as \
                  batken-1999 or primer/ladder. Without one, the shipped pack's featured scenario."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge who is competent and available, need by need.
    Evaluate(evaluate::Arguments),
    /// Say why a conclusion holds, or why not.
    Explain(explain::Arguments),
    /// Carry out changes: who would have to agree, and what opens, closes and moves.
    WhatIf(what_if::Arguments),
    /// Find the smallest sets of changes that make a need available.
    Repair(repair::Arguments),
    /// Show which single facts hold up most answers, and what each lever of a need holds up.
    Pivots(pivots::Arguments),
    /// List the open facts that could still change a conclusion.
    Research(research::Arguments),
    /// Put two scenarios, or two readings of one, side by side.
    Compare(compare::Arguments),
    /// Try an expression or a draft of a rule on a scenario, at a prompt.
    Try(prompt::Arguments),
    /// Check, test and evaluate again on every save, and show what moved.
    Watch(watch::Arguments),
    /// Put two versions of a pack side by side: whose mandate became wider or narrower, and which rules speak otherwise.
    Diff(diff::Arguments),
    /// Follow a scenario through time: when each gap and overlap opened and closed, and what opened it.
    Timeline(timeline::Arguments),
    /// Look at every threat, affected state and function of a pack: where nobody is competent, and where several are.
    Atlas(atlas::Arguments),
    /// List the claims of a pack's papers, or follow one to its rules and scenarios.
    Claims(claims::Arguments),
    /// Draw who attacks whom: the arguments of a scenario as a graph.
    Graph(graph::Arguments),
    /// Count what a pack's papers claim: threats by organisations.
    Matrix(matrix::Arguments),
    /// Measure which organisations share members and functions, on a day or over time.
    Overlap(overlap::Arguments),
    /// Write a pack's handbook and codebook from its data.
    Docs(docs::Arguments),
    /// Print the handout for a class: the case, the clauses, an empty matrix, and no verdict.
    Brief(brief::Arguments),
    /// Find what is wrong with a pack, and what loads and cannot be meant.
    Check(check::Arguments),
    /// Test rules under given answers, and what scenarios and what-ifs are expected to come to.
    Test(test::Arguments),
    /// Look at what moved against the stored conclusions, and decide about it.
    Review(review::Arguments),
    /// Write a new pack, scenario, rule or test to edit.
    New(new::Arguments),
    /// Print the JSON Schema of an output, or of a kind of file for editors.
    Schema(schema::Arguments),
    /// Print completions for a shell.
    Completions(completions::Arguments),
    /// Print the manual page, or write one for each command.
    Man(man::Arguments),
}

/// The whole command line, for what is written about it.
fn command() -> clap::Command {
    <Arguments as clap::CommandFactory>::command()
}

/// Reads the command line and runs the command.
pub(crate) fn run() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let asked = !error.use_stderr();
            // Help that was asked for is no failure; nothing can be done if even printing fails.
            let _ = error.print();
            return if asked { Exit::Clean } else { Exit::BadInput };
        }
    };
    match arguments.command {
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::WhatIf(arguments) => what_if::run(&arguments),
        Command::Repair(arguments) => repair::run(&arguments),
        Command::Pivots(arguments) => pivots::run(&arguments),
        Command::Research(arguments) => research::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Try(arguments) => prompt::run(&arguments),
        Command::Watch(arguments) => watch::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Timeline(arguments) => timeline::run(&arguments),
        Command::Atlas(arguments) => atlas::run(&arguments),
        Command::Claims(arguments) => claims::run(&arguments),
        Command::Graph(arguments) => graph::run(&arguments),
        Command::Matrix(arguments) => matrix::run(&arguments),
        Command::Overlap(arguments) => overlap::run(&arguments),
        Command::Docs(arguments) => docs::run(&arguments),
        Command::Brief(arguments) => brief::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Review(arguments) => review::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    }
}
