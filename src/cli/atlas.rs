//! `mandatum atlas`: every threat, state and function of a pack, on one day or through time.

use clap::ValueEnum;
use mandatum::answer::AnswerKind;
use mandatum::atlas::{Space, affected, atlas, threats};
use mandatum::date::{Day, PartialDate};
use mandatum::diagnostic::suggestion;
use mandatum::render::atlas::{atlas as page, csv};
use mandatum::render::chart;

use super::Exit;
use super::evaluate::date;
use super::files::open_pack;
use super::output::{self, Format};

const FORMATS: &[Format] = &[Format::Terminal, Format::Json, Format::Markdown, Format::Html, Format::Svg, Format::Csv];

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The pack: a folder, or a shipped one.
    #[arg(default_value = "central-asia")]
    pack: String,
    /// These threats only.
    #[arg(long, value_name = "THREATS", value_delimiter = ',')]
    threat: Vec<String>,
    /// These affected states only, one at a time. Without it: those that some scenario of the pack is about.
    #[arg(long, value_name = "STATES", value_delimiter = ',')]
    state: Vec<String>,
    /// These functions only.
    #[arg(long, value_name = "FUNCTIONS", value_delimiter = ',')]
    function: Vec<String>,
    /// On this day. Without it, and without a range: the last day up to which the record was checked.
    #[arg(long, value_name = "DATE", value_parser = date, conflicts_with_all = ["from", "until"])]
    as_of: Option<PartialDate>,
    /// Through time, beginning with this year, month or day.
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<PartialDate>,
    /// Through time, ending with it.
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: Option<PartialDate>,
    /// Take these papers at their word, and no others.
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    lens: Vec<String>,
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
    let all = (threats(world), affected(&opened.session));
    let chosen = (
        chosen("threat", &arguments.threat, &all.0, &all.0),
        chosen("state", &arguments.state, &states, &all.1),
        chosen("function", &arguments.function, &functions, &functions),
    );
    let (Some(threats), Some(states), Some(functions)) = chosen else { return Exit::BadInput };
    let known = world.pack.known_until.map(PartialDate::last);
    let (from, until) = match (arguments.as_of, arguments.from, arguments.until) {
        (Some(day), ..) => (Some(day.first()), Some(day.first())),
        (None, None, None) => {
            // A pack that does not say how far it was checked is read after its last date.
            let day = known.unwrap_or(Day::LAST);
            (Some(day), Some(day))
        }
        (None, from, until) => (from.map(PartialDate::first), until.map(PartialDate::last).or(known)),
    };
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        output::complain(&format!("error: the range ends on {until}, before it begins on {from}\n"));
        return Exit::BadInput;
    }
    let space = Space { threats, states, functions, from, until, lenses: arguments.lens.iter().cloned().collect() };
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

/// The wanted ids, or `usual` where none is wanted; `None` where one is not among `known`, which is then printed.
fn chosen(what: &str, wanted: &[String], known: &[String], usual: &[String]) -> Option<Vec<String>> {
    if wanted.is_empty() {
        if usual.is_empty() {
            output::complain(&format!("error: the pack names no {what} to look at; give one with --{what}\n"));
            return None;
        }
        return Some(usual.to_vec());
    }
    let mut clean = true;
    for own in wanted.iter().filter(|own| !known.contains(own)) {
        let help = suggestion(own, known.iter().map(String::as_str));
        let help = help.unwrap_or_else(|| format!("there are: {}", known.join(", ")));
        output::complain(&format!("error: the pack has no {what} `{own}`; {help}\n"));
        clean = false;
    }
    let mut ordered: Vec<String> = known.iter().filter(|own| wanted.contains(own)).cloned().collect();
    ordered.dedup();
    clean.then_some(ordered)
}
