//! `mandatum schema`: the shape of what is printed as JSON.

use clap::ValueEnum;
use mandatum::answer::report::Evaluations;
use mandatum::atlas::Atlas;
use mandatum::explain::Node;
use mandatum::matrix::Matrix;
use mandatum::timeline::Timeline;

use super::{Exit, claims, compare, output, what_if};

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
    /// Of `compare --format json`.
    Comparison,
    /// Of `what-if --format json`.
    WhatIf,
    /// Of `claims --format json`.
    Claims,
    /// Of `matrix --format json`.
    Matrix,
    /// Of `timeline --format json`.
    Timeline,
    /// Of `atlas --format json`.
    Atlas,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    match arguments.kind {
        Kind::Evaluation => output::json(&schemars::schema_for!(Evaluations)),
        Kind::Explanation => output::json(&schemars::schema_for!(Vec<Node>)),
        Kind::Comparison => output::json(&schemars::schema_for!(compare::Printed<'_>)),
        Kind::WhatIf => output::json(&schemars::schema_for!(what_if::Printed)),
        Kind::Claims => output::json(&schemars::schema_for!(Vec<claims::Printed<'_>>)),
        Kind::Matrix => output::json(&schemars::schema_for!(Matrix)),
        Kind::Atlas => output::json(&schemars::schema_for!(Atlas)),
        Kind::Timeline => output::json(&schemars::schema_for!(Timeline)),
    }
    Exit::Clean
}
