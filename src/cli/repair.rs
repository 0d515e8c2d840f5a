//! `mandatum repair`: the smallest sets of changes that make a need available.

use mandatum::render::document::Document;
use mandatum::render::repair::{repairs, reproduce};
use mandatum::repair::{Repairs, Wish, repair};
use schemars::JsonSchema;
use serde::Serialize;

use super::Exit;
use super::levers::Pull;
use super::output::{self, Format};

/// Changes that a set has at most, unless told otherwise.
const MOST: u8 = 3;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pull: Pull,
    /// At most so many changes.
    #[arg(long, value_name = "K", default_value_t = MOST, value_parser = clap::value_parser!(u8).range(1..=6))]
    most: u8,
    /// List every set, not only the first.
    #[arg(long)]
    all: bool,
    /// How to write it.
    #[arg(long, value_parser = output::formats(output::PAGE), default_value = "terminal")]
    format: Format,
}

/// What is printed as JSON.
#[derive(Serialize, JsonSchema)]
pub(super) struct Printed {
    /// The version of this shape.
    schema: &'static str,
    /// The scenario.
    scenario: String,
    /// The day, month or year.
    as_of: String,
    /// One entry for each need.
    repairs: Vec<Repairs>,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Some(pulled) = arguments.pull.open() else { return Exit::BadInput };
    let (session, options, now) = (pulled.session(), &pulled.options, &pulled.now);
    let Some(loaded) = pulled.loaded() else { return Exit::BadInput };
    let needs = match arguments.pull.needs(&now.evaluation) {
        Ok(needs) => needs,
        Err(problem) => {
            arguments.pull.complain(&[problem], session);
            return Exit::BadInput;
        }
    };
    let judged = arguments.pull.judged();
    let mut found = Vec::new();
    let mut progress = output::progress("needs");
    let all = needs.len();
    for (done, (_, cells)) in needs.into_iter().enumerate() {
        progress(done, all);
        let changes = match arguments.pull.changes(session, loaded, now, &cells) {
            Ok(changes) => changes,
            Err(problems) => {
                arguments.pull.complain(&problems, session);
                return Exit::BadInput;
            }
        };
        let wish = Wish { cells, judged, most: arguments.most.into() };
        match repair(loaded, &session.rules, options, &wish, &changes) {
            Ok(repairs) => found.push(repairs),
            // INVARIANT: the scenario was evaluated under the same account.
            Err(_) => return Exit::BadInput,
        }
    }
    progress(all, all);
    output::problems(&session.late_problems(), &session.texts);
    if arguments.format == Format::Json {
        let (scenario, as_of) = (now.evaluation.scenario.clone(), now.evaluation.as_of.clone());
        output::json(&Printed { schema: "mandatum/repair/1", scenario, as_of, repairs: found });
        return Exit::Clean;
    }
    let mut document = Document::default();
    repairs(&mut document, &now.evaluation, &found, arguments.all);
    let most = if arguments.most == MOST { String::new() } else { format!(" --most {}", arguments.most) };
    reproduce(&mut document, &format!("mandatum repair {}{most}", arguments.pull.typed(&pulled)));
    output::document(&document, arguments.format);
    Exit::Clean
}
