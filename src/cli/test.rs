//! `mandatum test --snapshots`: every conclusion as it is stored.

use schemars::JsonSchema;
use serde::Serialize;

use super::Exit;
use super::files::{Input, open};
use super::output::{self, Format};
use super::snapshots::{self, Compared, State};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Compare every conclusion with the stored ones; what differs waits for `mandatum review`.
    #[arg(long, required = true)]
    snapshots: bool,
    /// How to write it.
    #[arg(long, value_parser = output::formats(&[Format::Terminal, Format::Json]), default_value = "terminal")]
    format: Format,
}

/// What is printed as JSON.
#[derive(Serialize, JsonSchema)]
pub(super) struct Printed {
    /// The version of this shape.
    schema: &'static str,
    /// Every scenario beside its stored conclusions.
    snapshots: Vec<Compared>,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Some(opened) = open(&arguments.input) else { return Exit::BadInput };
    let Some(found) = snapshots::compare(&opened) else { return Exit::BadInput };
    let moved = found.iter().any(|one| one.state != State::Equal);
    if arguments.format == Format::Json {
        output::json(&Printed { schema: "mandatum/snapshots/1", snapshots: found });
    } else {
        output::out(&snapshots::told(&found, &opened.named));
    }
    if moved { Exit::Findings } else { Exit::Clean }
}
