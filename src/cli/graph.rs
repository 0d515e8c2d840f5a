//! `mandatum graph`: who attacks whom, to be drawn.

use mandatum::diagnostic::{Diagnostic, Place};
use mandatum::graph::graph;
use mandatum::render::graph::{dot, mermaid};

use super::Exit;
use super::evaluate::How;
use super::files::{Input, Opened, open};
use super::output::{self, Format};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A scenario file or a shipped scenario.
    scenario: String,
    /// What to draw around: a cell (incursion/UZB/deploy-force), an argument (rule@incursion/UZB) or a rule. Without
    /// it, every argument that takes part in an attack.
    about: Option<String>,
    #[command(flatten)]
    how: How,
    /// More rules.
    #[arg(long, value_name = "DIR")]
    rules: Vec<std::path::PathBuf>,
    /// How to write it: for Graphviz, for Mermaid, or for machines.
    #[arg(long, value_parser = output::formats(&[Format::Dot, Format::Mermaid, Format::Json]), default_value = "dot")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let input = Input { scenario: Some(arguments.scenario.clone()), rules: arguments.rules.clone() };
    let Some(opened) = open(&input) else { return Exit::BadInput };
    match answer(arguments, &opened) {
        Ok(()) => Exit::Clean,
        Err(problems) => {
            output::problems(&problems, &opened.session.texts);
            Exit::BadInput
        }
    }
}

fn answer(arguments: &Arguments, opened: &Opened) -> Result<(), Vec<Diagnostic>> {
    let session = &opened.session;
    let [id] = opened.chosen.as_slice() else {
        let message = format!("`{}` holds {} scenarios, and a graph shows one", opened.named, opened.chosen.len());
        let problem = Diagnostic::error("no-scenario", message, Place::whole("the command line"), "asked for");
        return Err(vec![problem.help(format!("name one of them: {}", opened.chosen.join(", ")))]);
    };
    let Some(loaded) = session.scenario(id) else { return Ok(()) };
    let evaluated = session.evaluate(loaded, &arguments.how.options())?;
    output::problems(&session.late_problems(), &session.texts);
    let graph = graph(&evaluated, arguments.about.as_deref()).map_err(|problem| vec![problem])?;
    match arguments.format {
        Format::Json => output::json(&graph),
        Format::Mermaid => output::out(&mermaid(&graph)),
        _ => output::out(&dot(&graph)),
    }
    Ok(())
}
