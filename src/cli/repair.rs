//! `mandatum repair`: the smallest sets of changes that make a need available.

use mandatum::answer::report::Judged;
use mandatum::render::document::Document;
use mandatum::render::repair::{repairs, reproduce};
use mandatum::repair::{Repairs, Wish, repair};
use schemars::JsonSchema;
use serde::Serialize;

use super::Exit;
use super::evaluate::How;
use super::files::{Input, open, place};
use super::levers::{Pull, evaluated};
use super::output::{self, Format};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A scenario file or a shipped scenario.
    scenario: String,
    #[command(flatten)]
    pull: Pull,
    /// At most so many changes.
    #[arg(long, value_name = "K", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=6))]
    most: u8,
    /// An answer on paper is enough.
    #[arg(long)]
    on_paper: bool,
    /// List every set, not only the first.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    how: How,
    /// More rules.
    #[arg(long, value_name = "DIR")]
    rules: Vec<std::path::PathBuf>,
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
    let input = Input { scenario: Some(arguments.scenario.clone()), rules: arguments.rules.clone() };
    let Some(opened) = open(&input) else { return Exit::BadInput };
    let [id] = opened.chosen.as_slice() else {
        output::complain("error: name one scenario, not a whole pack\n");
        return Exit::BadInput;
    };
    let session = &opened.session;
    let Some(loaded) = session.scenario(id) else { return Exit::BadInput };
    let options = arguments.how.options();
    let Some(now) = evaluated(session, loaded, &options) else { return Exit::BadInput };
    let needs = match arguments.pull.needs(&now.evaluation) {
        Ok(needs) => needs,
        Err(problem) => {
            output::problems(&[problem], &session.texts);
            return Exit::BadInput;
        }
    };
    let judged = if arguments.on_paper { Judged::OnPaper } else { Judged::Available };
    let mut found = Vec::new();
    let mut progress = output::progress("needs");
    let all = needs.len();
    for (done, (_, cells)) in needs.into_iter().enumerate() {
        progress(done, all);
        let changes = match arguments.pull.changes(session, loaded, &now, &cells) {
            Ok(changes) => changes,
            Err(problems) => {
                let mut texts = session.texts.clone();
                texts.extend(arguments.pull.lever.iter().map(|text| (text.clone(), text.clone())));
                output::problems(&problems, &texts);
                return Exit::BadInput;
            }
        };
        let wish = Wish { cells, judged, most: arguments.most.into() };
        match repair(loaded, &session.rules, &options, &wish, &changes) {
            Ok(repairs) => found.push(repairs),
            // INVARIANT: the scenario was evaluated under the same account.
            Err(_) => return Exit::BadInput,
        }
    }
    progress(all, all);
    output::problems(&session.late_problems(), &session.texts);
    if arguments.format == Format::Json {
        let (scenario, as_of) = (now.evaluation.scenario, now.evaluation.as_of);
        output::json(&Printed { schema: "mandatum/repair/1", scenario, as_of, repairs: found });
        return Exit::Clean;
    }
    let mut document = Document::default();
    repairs(&mut document, &now.evaluation, &found, arguments.all);
    let mut typed = arguments.pull.typed();
    if arguments.most != 3 {
        typed.push_str(&format!(" --most {}", arguments.most));
    }
    typed.push_str(if arguments.on_paper { " --on-paper" } else { "" });
    typed.push_str(&arguments.how.typed());
    typed.extend(arguments.rules.iter().map(|folder| format!(" --rules {}", folder.display())));
    reproduce(&mut document, &format!("mandatum repair {}{typed}", place(&opened, id)));
    output::document(&document, arguments.format);
    Exit::Clean
}
