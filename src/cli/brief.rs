//! `mandatum brief`: the handout for a class, without any verdict.

use mandatum::render::brief::brief;

use super::Exit;
use super::evaluate::How;
use super::files::{Input, open};
use super::output::{self, Format};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    how: How,
    /// How to write it.
    #[arg(long, value_parser = output::formats(output::PAGE), default_value = "terminal")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    if arguments.format == Format::Json {
        output::complain("error: a brief is for people: --format terminal, markdown or html\n");
        return Exit::BadInput;
    }
    let Some(opened) = open(&arguments.input) else {
        return Exit::BadInput;
    };
    let mut briefs = Vec::new();
    for id in &opened.chosen {
        let Some(loaded) = opened.session.scenario(id) else {
            continue;
        };
        match opened.session.evaluate(loaded, &arguments.how.options()) {
            Ok(evaluated) => briefs.push(brief(&evaluated.evaluation, &loaded.scenario, &loaded.world)),
            Err(problems) => {
                output::problems(&problems, &opened.session.texts);
                return Exit::BadInput;
            }
        }
    }
    output::documents(briefs, arguments.format);
    Exit::Clean
}
