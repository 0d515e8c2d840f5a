//! `mandatum schema`: the shape of what is printed as JSON.

use clap::ValueEnum;
use mandatum::answer::report::Evaluations;
use mandatum::explain::Node;

use super::{Exit, output};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Of what.
    #[arg(value_enum, default_value_t = Kind::Evaluation)]
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Of `evaluate --format json`.
    Evaluation,
    /// Of `explain --format json`.
    Explanation,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    match arguments.kind {
        Kind::Evaluation => output::json(&schemars::schema_for!(Evaluations)),
        Kind::Explanation => output::json(&schemars::schema_for!(Vec<Node>)),
    }
    Exit::Clean
}
