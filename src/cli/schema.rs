//! `mandatum schema`: the shape of what is printed as JSON.

use clap::ValueEnum;
use mandatum::answer::report::Evaluations;
use mandatum::atlas::Atlas;
use mandatum::conclusions::review::Review;
use mandatum::explain::Node;
use mandatum::graph::Graph;
use mandatum::matrix::Matrix;
use mandatum::overlap::Overlap;
use mandatum::timeline::Timeline;

use super::{Exit, claims, compare, output, pivots, repair, research, test, what_if};

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
    /// Of `repair --format json`.
    Repair,
    /// Of `pivots --format json`.
    Pivots,
    /// Of `research --format json`.
    Research,
    /// Of `claims --format json`.
    Claims,
    /// Of `matrix --format json`.
    Matrix,
    /// Of `graph --format json`.
    Graph,
    /// Of `overlap --format json`.
    Overlap,
    /// Of `timeline --format json`.
    Timeline,
    /// Of `atlas --format json`.
    Atlas,
    /// Of `review --format json`.
    Review,
    /// Of `test --snapshots --format json`.
    Snapshots,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    match arguments.kind {
        Kind::Evaluation => output::json(&schemars::schema_for!(Evaluations)),
        Kind::Explanation => output::json(&schemars::schema_for!(Vec<Node>)),
        Kind::Comparison => output::json(&schemars::schema_for!(compare::Printed<'_>)),
        Kind::WhatIf => output::json(&schemars::schema_for!(what_if::Printed)),
        Kind::Repair => output::json(&schemars::schema_for!(repair::Printed)),
        Kind::Pivots => output::json(&schemars::schema_for!(pivots::Printed)),
        Kind::Research => output::json(&schemars::schema_for!(research::Printed)),
        Kind::Claims => output::json(&schemars::schema_for!(Vec<claims::Printed<'_>>)),
        Kind::Graph => output::json(&schemars::schema_for!(Graph)),
        Kind::Matrix => output::json(&schemars::schema_for!(Matrix)),
        Kind::Overlap => output::json(&schemars::schema_for!(Overlap)),
        Kind::Atlas => output::json(&schemars::schema_for!(Atlas)),
        Kind::Review => output::json(&schemars::schema_for!(Review)),
        Kind::Snapshots => output::json(&schemars::schema_for!(test::Printed)),
        Kind::Timeline => output::json(&schemars::schema_for!(Timeline)),
    }
    Exit::Clean
}
