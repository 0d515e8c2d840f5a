//! `mandatum atlas`: every threat, state and function of a pack, on one day or through time.

use clap::ValueEnum;
use mandatum::answer::AnswerKind;
use mandatum::atlas::{affected, atlas, threats};
use mandatum::date::{Day, PartialDate};
use mandatum::render::atlas::{atlas as page, csv};
use mandatum::render::chart;

use super::Exit;
use super::files::open_pack;
use super::output::{self, Format};
use super::space::{Part, Whole};

const FORMATS: &[Format] = &[Format::Terminal, Format::Json, Format::Markdown, Format::Html, Format::Svg, Format::Csv];

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The pack: a folder, or a shipped one.
    #[arg(default_value = "central-asia")]
    pack: String,
    #[command(flatten)]
    part: Part,
    /// List only boxes with these answers.
    #[arg(long, value_name = "ANSWERS", value_delimiter = ',')]
    only: Vec<Only>,
    /// How to write it.
    #[arg(long, value_parser = output::formats(FORMATS), default_value = "terminal")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Only {
    Gap,
    Overlap,
    Contested,
    Open,
    OneHolder,
}

impl Only {
    fn answer(self) -> AnswerKind {
        match self {
            Only::Gap => AnswerKind::Gap,
            Only::Overlap => AnswerKind::Overlap,
            Only::Contested => AnswerKind::Contested,
            Only::Open => AnswerKind::Open,
            Only::OneHolder => AnswerKind::OneHolder,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Some(opened) = open_pack(&arguments.pack) else { return Exit::BadInput };
    let world = &opened.session.pack.world;
    let states: Vec<String> = world.states.keys().cloned().collect();
    let functions: Vec<String> = world.functions.terms.keys().cloned().collect();
    let known_until = world.pack.known_until.map(PartialDate::last);
    // A pack that does not say how far it was checked is read after its last date.
    let day = Some(known_until.unwrap_or(Day::LAST));
    let whole = Whole {
        whose: "the pack",
        threats: threats(world),
        states: [states, affected(&opened.session)],
        functions,
        days: [day; 2],
        known_until,
    };
    let Some(space) = arguments.part.of(&whole) else { return Exit::BadInput };
    let mut found = match atlas(&opened.session, &space, &mut output::progress("threats and states")) {
        Ok(found) => found,
        Err(problems) => {
            output::problems(&problems, &opened.session.texts);
            return Exit::BadInput;
        }
    };
    output::problems(&opened.session.late_problems(), &opened.session.texts);
    let picture = chart::atlas::atlas(&found);
    if !arguments.only.is_empty() {
        let wanted: Vec<AnswerKind> = arguments.only.iter().map(|only| only.answer()).collect();
        found.boxes.retain(|own| own.answer.is_some_and(|answer| wanted.contains(&answer)));
    }
    match arguments.format {
        Format::Json => output::json(&found),
        Format::Svg => output::out(&picture),
        Format::Csv => output::out(&csv(&found)),
        format => output::document(&page(&found, picture), format),
    }
    if found.complete { Exit::Clean } else { Exit::BadInput }
}
