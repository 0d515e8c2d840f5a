//! `mandatum research`: which facts that nobody knows, or that sources dispute, could still change a conclusion.

use mandatum::render::document::Document;
use mandatum::render::pivots as page;
use mandatum::render::repair::reproduce;
use mandatum::research::{Research, research};
use schemars::JsonSchema;
use serde::Serialize;

use super::Exit;
use super::evaluate::How;
use super::files::{Input, open, place};
use super::levers::evaluated;
use super::output::{self, Format};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A scenario file, a shipped scenario, or a whole pack.
    #[command(flatten)]
    input: Input,
    /// Show everything.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    how: How,
    /// How to write it.
    #[arg(long, value_parser = output::formats(output::PAGE), default_value = "terminal")]
    format: Format,
}

/// What is printed as JSON.
#[derive(Serialize, JsonSchema)]
pub(super) struct Printed {
    /// The version of this shape.
    schema: &'static str,
    /// One entry for each scenario.
    scenarios: Vec<One>,
}

/// One scenario.
#[derive(Serialize, JsonSchema)]
struct One {
    /// The scenario.
    scenario: String,
    /// The day, month or year.
    as_of: String,
    /// What is still open.
    research: Research,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Some(opened) = open(&arguments.input) else { return Exit::BadInput };
    let session = &opened.session;
    let options = arguments.how.options();
    let mut scenarios = Vec::new();
    let mut documents = Vec::new();
    for id in &opened.chosen {
        let Some(loaded) = session.scenario(id) else { continue };
        let Some(now) = evaluated(session, loaded, &options) else { return Exit::BadInput };
        // INVARIANT: the scenario was evaluated under the same account.
        let Ok(found) = research(loaded, &session.rules, &options, &now) else { return Exit::BadInput };
        let mut document = Document::default();
        page::research(&mut document, &now.evaluation, &found, arguments.all);
        reproduce(&mut document, &format!("mandatum research {}{}", place(&opened, id), arguments.how.typed()));
        documents.push(document);
        scenarios.push(One { scenario: now.evaluation.scenario, as_of: now.evaluation.as_of, research: found });
    }
    output::problems(&session.late_problems(), &session.texts);
    if arguments.format == Format::Json {
        output::json(&Printed { schema: "mandatum/research/1", scenarios });
    } else {
        output::documents(documents, arguments.format);
    }
    Exit::Clean
}
