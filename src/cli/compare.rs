//! `mandatum compare`: two scenarios, or one scenario read in two ways.

use mandatum::answer::report::Evaluation;
use mandatum::answer::{Evaluated, Options};
use mandatum::compare::{Comparison, compare};
use mandatum::date::PartialDate;
use mandatum::premises::{Premise, premises};
use mandatum::register::{Quarrel, quarrels};
use mandatum::render::comparison::{comparison, parting};
use mandatum::render::document::{Document, plain};
use mandatum::session::Session;
use schemars::JsonSchema;
use serde::Serialize;

use super::Exit;
use super::evaluate::date;
use super::files::{Input, Opened, open};
use super::output::{self, Format};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A scenario.
    first: String,
    /// Another scenario; without it, the first is read in two ways.
    second: Option<String>,
    /// Papers taken at their word: given twice, one set for each side.
    #[arg(long, value_name = "KEYS")]
    lens: Vec<String>,
    /// The day: given twice, one for each side.
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Vec<PartialDate>,
    /// The account: given twice, one for each side.
    #[arg(long, value_name = "ID")]
    account: Vec<String>,
    /// More rules.
    #[arg(long, value_name = "DIR")]
    rules: Vec<std::path::PathBuf>,
    /// How to write it.
    #[arg(long, value_parser = output::formats(output::PAGE), default_value = "terminal")]
    format: Format,
}

/// What is printed as JSON.
#[derive(Serialize, JsonSchema)]
pub(super) struct Printed<'a> {
    /// The version of this shape.
    schema: &'static str,
    /// How each side was asked.
    sides: [Side<'a>; 2],
    /// What the second side says that the first does not, and the other way round.
    comparison: Comparison,
    /// The facts over which they part.
    premises: Vec<Premise>,
    /// Claims of the two sides that attack one another.
    quarrels: Vec<Quarrel>,
}

/// How one side was asked.
#[derive(Serialize, JsonSchema)]
struct Side<'a> {
    /// The scenario.
    scenario: &'a str,
    /// The day, month or year.
    as_of: &'a str,
    /// Papers taken at their word.
    lenses: &'a [String],
    /// The account.
    account: Option<&'a str>,
}

/// The version of the shape that comparisons are printed in.
pub(crate) const SCHEMA: &str = "mandatum/comparison/1";

pub(crate) fn run(arguments: &Arguments) -> Exit {
    if [arguments.lens.len(), arguments.as_of.len(), arguments.account.len()].iter().any(|count| *count > 2) {
        output::complain("error: there are two sides: --lens, --as-of and --account may be given twice at most\n");
        return Exit::BadInput;
    }
    let twice = [arguments.lens.len(), arguments.as_of.len(), arguments.account.len()].iter().any(|count| *count > 1);
    if arguments.second.is_none() && !twice {
        output::complain(
            "error: there is one side only: give a second scenario, or --lens, --as-of or --account twice\n",
        );
        return Exit::BadInput;
    }
    let input = |name: &str| Input { scenario: Some(name.to_owned()), rules: arguments.rules.clone() };
    let Some(first) = open(&input(&arguments.first)) else { return Exit::BadInput };
    let other = match &arguments.second {
        Some(name) => match open(&input(name)) {
            Some(opened) => Some(opened),
            None => return Exit::BadInput,
        },
        None => None,
    };
    let second = other.as_ref().unwrap_or(&first);
    let (Some(a), Some(b)) = (side(&first, arguments, 0), side(second, arguments, 1)) else { return Exit::BadInput };
    let premises = premises(&a, &b);
    let (a, b) = (a.evaluation, b.evaluation);
    let quarrels = quarrels(&first.session, &a, &b);
    let found = compare(&a, &b);
    let names = [name(&a, arguments, 0, "the first"), name(&b, arguments, 1, "the second")];
    if arguments.format == Format::Json {
        let sides = [printed(&a), printed(&b)];
        output::json(&Printed { schema: SCHEMA, sides, comparison: found, premises, quarrels });
        return Exit::Clean;
    }
    let mut document = Document::default();
    document.heading(1, format!("{} beside {}", names[0], names[1]));
    if a.title == b.title {
        document.paragraph(vec![plain(format!("{}, {}", a.title, a.as_of))]);
    } else {
        document.paragraph(vec![plain(format!("{}, {}; {}, {}", a.title, a.as_of, b.title, b.as_of))]);
    }
    comparison(&mut document, &found, [&names[0], &names[1]]);
    parting(&mut document, &premises, &quarrels, [&names[0], &names[1]]);
    output::document(&document, arguments.format);
    Exit::Clean
}

/// How one side was asked.
fn printed(side: &Evaluation) -> Side<'_> {
    let account = side.cases.iter().find_map(|case| case.account.as_deref());
    Side { scenario: &side.scenario, as_of: &side.as_of, lenses: &side.lenses, account }
}

fn side(opened: &Opened, arguments: &Arguments, index: usize) -> Option<Evaluated> {
    // Given once, an option holds for both sides.
    let lens = arguments.lens.get(index).or(arguments.lens.first());
    let options = Options {
        as_of: arguments.as_of.get(index).or(arguments.as_of.first()).copied(),
        lenses: lens.iter().flat_map(|keys| keys.split(',')).filter(|key| !key.is_empty()).map(str::to_owned).collect(),
        account: arguments.account.get(index).or(arguments.account.first()).cloned(),
        ..Default::default()
    };
    evaluated(&opened.session, opened.chosen.first()?, &options)
}

/// One scenario evaluated; what is wrong has been printed.
fn evaluated(session: &Session, id: &str, options: &Options) -> Option<Evaluated> {
    match session.evaluate(session.scenario(id)?, options) {
        Ok(evaluated) => Some(evaluated),
        Err(problems) => {
            output::problems(&problems, &session.texts);
            None
        }
    }
}

fn name(side: &Evaluation, arguments: &Arguments, index: usize, otherwise: &str) -> String {
    let mut parts = Vec::new();
    if arguments.second.is_some() {
        parts.push(side.scenario.clone());
    }
    if arguments.lens.len() > 1 {
        parts.extend(side.lenses.iter().cloned());
    }
    if arguments.as_of.len() > 1 {
        parts.push(side.as_of.clone());
    }
    if arguments.account.len() > 1 {
        parts.extend(arguments.account.get(index).cloned());
    }
    if parts.is_empty() { otherwise.to_owned() } else { parts.join(", ") }
}
