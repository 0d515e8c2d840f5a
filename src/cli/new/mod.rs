//! `mandatum new`: a pack, a scenario, a rule or a test to edit. Nothing that exists is ever overwritten.

mod ask;
mod pack;
mod rule;
mod scenario;
mod sketch;
mod target;
mod test;

use super::{Exit, output};

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    pack: Option<pack::Arguments>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// A pack: shared facts, a scenario, a rule. `mandatum new NAME` does the same.
    Pack(pack::Arguments),
    /// A scenario of a pack, with what comes out as its expectations.
    Scenario(scenario::Arguments),
    /// A rule of a pack, which speaks at once; and its source, if that is new.
    Rule(rule::Arguments),
    /// A test of a rule, with a case for each path through it.
    Test(test::Arguments),
}

/// What went wrong: a message, and what to do.
#[derive(Debug)]
pub(super) struct Refusal {
    message: String,
    help: Option<String>,
}

impl Refusal {
    fn new(message: impl Into<String>) -> Self {
        Refusal { message: message.into(), help: None }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Refusal { help: Some(help.into()), ..self }
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Refusal::new(error.to_string().to_lowercase())
    }
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let done = match (&arguments.what, &arguments.pack) {
        (Some(What::Pack(own)), _) | (None, Some(own)) => pack::run(own),
        (Some(What::Scenario(own)), _) => scenario::run(own),
        (Some(What::Rule(own)), _) => rule::run(own),
        (Some(What::Test(own)), _) => test::run(own),
        (None, None) => Err(Refusal::new("name what to make").help("mandatum new NAME makes a pack")),
    };
    match done {
        Ok(said) => {
            output::out(&said);
            Exit::Clean
        }
        Err(refusal) => {
            let help = refusal.help.map(|help| format!("  help: {help}\n")).unwrap_or_default();
            output::complain(&format!("error: {}\n{help}", refusal.message));
            Exit::BadInput
        }
    }
}
