//! `mandatum schema`: the shape of what is printed as JSON, and of the files that are read.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use mandatum::answer::report::Evaluations;
use mandatum::atlas::Atlas;
use mandatum::conclusions::review::Review;
use mandatum::explain::Node;
use mandatum::graph::Graph;
use mandatum::matrix::Matrix;
use mandatum::overlap::Overlap;
use mandatum::reference::{self, FILES, Ids};
use mandatum::revision::Diff;
use mandatum::session::Session;
use mandatum::suite::report::Report;
use mandatum::timeline::Timeline;

use super::files::{pack_files, write};
use super::{Exit, check, claims, compare, output, pivots, repair, research, snapshots, what_if};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Of what.
    #[arg(value_enum, default_value_t = Kind::Evaluation)]
    kind: Kind,
    /// For a kind of file: the pack whose ids it may name. Ids of other things are then refused.
    #[arg(long, value_name = "PACK")]
    pack: Option<String>,
    /// For `all`: the folder to write to. Without it, `.schema` in the folder of the pack.
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Of `check --format json`.
    Check,
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
    /// Of `test --format json`.
    Test,
    /// Of `diff --format json`.
    Diff,
    /// Of `review --format json`.
    Review,
    /// Of `test --snapshots --format json`.
    Snapshots,
    /// Of `pack.toml`.
    Pack,
    /// Of a file of facts.
    World,
    /// Of a scenario.
    Scenario,
    /// Of tests of rules (`*.test.toml`).
    Tests,
    /// Of a file of predictions.
    Predictions,
    /// The words of rules, as definitions for editors (`.d.rhai`).
    Rules,
    /// All kinds of files, written to a folder.
    All,
}

impl Kind {
    /// Whether it is of something that is read.
    fn is_read(self) -> bool {
        matches!(
            self,
            Kind::Pack | Kind::World | Kind::Scenario | Kind::Tests | Kind::Predictions | Kind::Rules | Kind::All
        )
    }
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    if arguments.kind != Kind::All && arguments.output.is_some() {
        output::complain("error: `--output` goes with `mandatum schema all`\n  help: write > FILE after the command\n");
        return Exit::BadInput;
    }
    if !arguments.kind.is_read() && arguments.pack.is_some() {
        output::complain(
            "error: `--pack` goes with the kinds of files: pack, world, scenario, tests, predictions, all\n",
        );
        return Exit::BadInput;
    }
    match arguments.kind {
        Kind::Check => output::json(&schemars::schema_for!(check::Printed)),
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
        Kind::Test => output::json(&schemars::schema_for!(Report)),
        Kind::Diff => output::json(&schemars::schema_for!(Diff)),
        Kind::Review => output::json(&schemars::schema_for!(Review)),
        Kind::Snapshots => output::json(&schemars::schema_for!(snapshots::Printed)),
        Kind::Timeline => output::json(&schemars::schema_for!(Timeline)),
        Kind::Rules => output::out(&reference::definitions()),
        Kind::Pack => return file("pack", arguments),
        Kind::World => return file("world", arguments),
        Kind::Scenario => return file("scenario", arguments),
        Kind::Tests => return file("tests", arguments),
        Kind::Predictions => return file("predictions", arguments),
        Kind::All => return all(arguments),
    }
    Exit::Clean
}

fn file(name: &str, arguments: &Arguments) -> Exit {
    let Ok(ids) = ids(arguments.pack.as_deref()) else {
        return Exit::BadInput;
    };
    if let Some(file) = reference::file(name) {
        output::json(&reference::schema(file, ids.as_ref()));
    }
    Exit::Clean
}

fn all(arguments: &Arguments) -> Exit {
    let folder = match (&arguments.output, &arguments.pack) {
        (Some(folder), _) => folder.clone(),
        (None, Some(pack)) if Path::new(pack).is_dir() => Path::new(pack).join(FOLDER),
        _ => {
            output::complain(
                "error: say where to write, with --output DIR, or name the folder of a pack with --pack\n",
            );
            return Exit::BadInput;
        }
    };
    let Ok(ids) = ids(arguments.pack.as_deref()) else {
        return Exit::BadInput;
    };
    match write_all(&folder, ids.as_ref()) {
        Ok(files) => {
            output::out(&format!("wrote {files} files to {}\n", folder.display()));
            Exit::Clean
        }
        Err(error) => {
            output::complain(&format!("error: `{}` cannot be written: {error}\n", folder.display()));
            Exit::BadInput
        }
    }
}

/// The folder of a pack that holds its schemas.
pub(crate) const FOLDER: &str = ".schema";

/// Writes the schema of every kind of file, and the words of rules. Gives the number of files.
pub(crate) fn write_all(folder: &Path, ids: Option<&Ids>) -> std::io::Result<usize> {
    for file in FILES {
        let text = serde_json::to_string_pretty(&reference::schema(file, ids))?;
        write(&folder.join(format!("{}.json", file.name)), &format!("{text}\n"))?;
    }
    write(&folder.join("rules.d.rhai"), &reference::definitions())?;
    Ok(FILES.len() + 1)
}

/// The ids of a pack, as far as it can be read; what is wrong with it does not matter here and is not printed.
fn ids(pack: Option<&str>) -> Result<Option<Ids>, ()> {
    let Some(pack) = pack else { return Ok(None) };
    let session = Session::new(&pack_files(pack).ok_or(())?, None);
    Ok(Some(reference::ids(&session.pack, &session.rules)))
}
