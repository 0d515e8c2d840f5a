//! A scenario of a pack. What comes out of it now is written down as what must come out.

use std::fmt::Write as _;
use std::path::PathBuf;

use mandatum::answer::Options;
use mandatum::date::PartialDate;
use mandatum::session::Session;

use super::super::files::write;
use super::super::schema;
use super::Refusal;
use super::ask::{ask, somebody};
use super::target::{Target, free, known, quoted, refresh};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Its name: the file is NAME.toml.
    name: String,
    /// The folder of the pack; the current one if not given.
    #[arg(long = "in", value_name = "PACK")]
    pack: Option<PathBuf>,
    /// What threatens.
    #[arg(long)]
    threat: Option<String>,
    /// The states affected, separated by commas.
    #[arg(long, value_delimiter = ',')]
    affected: Vec<String>,
    /// The day, month or year on which it is asked.
    #[arg(long)]
    date: Option<String>,
}

/// What a case is about.
struct Case {
    threat: String,
    affected: Vec<String>,
    date: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<String, Refusal> {
    let target = Target::open(arguments.pack.as_deref())?;
    let name = arguments.name.trim_end_matches(".toml");
    let legal = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
    if name.is_empty() || name == "pack" || !name.chars().all(legal) {
        return Err(Refusal::new(format!("`{name}` cannot name a scenario"))
            .help("letters, digits and hyphens only, and not `pack`"));
    }
    let path = target.folder.join(format!("{name}.toml"));
    free(&path, "edit it, or name another")?;
    let case = case(arguments, &target)?;
    let mut text = sketch(name, &case);
    let expected = expected(&target, name, &text)?;
    text.push_str(&expected);
    write(&path, &text)?;
    refresh(&target.folder)?;
    let path = path.display();
    Ok(format!("wrote {path}\nnext: fill in what is marked TODO, then mandatum evaluate {path}\n"))
}

/// What was named; what was not is asked for, or taken from the pack's first scenario.
fn case(arguments: &Arguments, target: &Target) -> Result<Case, Refusal> {
    let world = &target.session.pack.world;
    let featured = world.pack.featured.as_ref().and_then(|id| target.session.scenario(id));
    let like = featured.or_else(|| target.session.pack.scenarios.first()).map(|loaded| &loaded.scenario);
    let like_case = like.and_then(|scenario| scenario.cases.first());
    let threats: Vec<&str> = world.threats.terms.keys().map(String::as_str).collect();
    let states: Vec<&str> = world.states.keys().map(String::as_str).collect();
    let (Some(first_threat), Some(first_state)) = (threats.first(), states.first()) else {
        return Err(Refusal::new("the pack declares no threat, or no state")
            .help("a case needs a [[threat]] and a [[state]]; see docs/reference/tables.md"));
    };
    let usual_threat = like_case.map(|case| case.circumstances.threat.as_str()).filter(|id| threats.contains(id));
    let threat = match &arguments.threat {
        Some(threat) => threat.clone(),
        None => or_ask("threat", &threats, usual_threat.unwrap_or(first_threat))?,
    };
    known("threat", &threat, threats.iter().copied())?;
    let mut affected = arguments.affected.clone();
    if affected.is_empty() {
        let usual = like_case.map(|case| case.circumstances.affected.clone()).unwrap_or_default();
        let usual = usual.into_iter().find(|id| states.contains(&id.as_str()));
        affected.push(or_ask("affected state", &states, usual.as_deref().unwrap_or(first_state))?);
    }
    for state in &affected {
        known("state", state, states.iter().copied())?;
    }
    let usual_date = like.map_or_else(|| "2000-01-01".to_owned(), |scenario| scenario.date.to_string());
    let date = match &arguments.date {
        Some(date) => date.clone(),
        None => or_ask("date", &[], &usual_date)?,
    };
    let Some(read) = PartialDate::parse(&date) else {
        return Err(Refusal::new(format!("`{date}` is no date")).help("write 1999, 1999-08 or 1999-08-22"));
    };
    let date = if matches!(read, PartialDate::Month(..)) { quoted(&date) } else { date };
    Ok(Case { threat, affected, date })
}

fn or_ask(what: &str, choices: &[&str], usual: &str) -> Result<String, Refusal> {
    if !somebody() {
        return Ok(usual.to_owned());
    }
    ask(what, choices, Some(usual)).ok_or_else(|| Refusal::new("nothing was written"))
}

fn sketch(name: &str, case: &Case) -> String {
    let affected: Vec<String> = case.affected.iter().map(|state| quoted(state)).collect();
    format!(
        "#:schema ./{}/scenario.json
title = \"TODO: what happened, in a line\"
date = {}   # TODO: the day on which it is asked
question = \"Who may help, and who has to be asked?\"
# known = \"\"                   # what a class may be told beforehand
# what_happened = \"\"           # how it went on

[[case]]
id = {}
threat = {}
affected = [{}]
# text = \"\"                    # the case in one line
# source = \"\"                  # who tells of it: the key of a [[source]]
# locator = \"\"                 # where in the source
# attacker = \"unknown\"         # silence is unknown; it leaves open what hangs on it
# needs = []                   # what a response has to do, if it is not what the threat calls for
# requests_recorded = \"all\"    # a request that is not listed below was not made
# decisions_recorded = \"all\"   # the same of decisions

# What was done: one table for each act.
# [[response]]
# institution = \"\"
# function = \"\"
# source = \"\"
",
        schema::FOLDER,
        case.date,
        quoted(name),
        quoted(&case.threat),
        affected.join(", "),
    )
}

/// What comes out now, as expectations.
fn expected(target: &Target, name: &str, text: &str) -> Result<String, Refusal> {
    let mut files = target.files.clone();
    files.scenarios.insert(format!("{name}.toml"), text.as_bytes().to_vec());
    let session = Session::new(&files, None);
    let found = target.new_problems(&session);
    let Some(loaded) = session.scenario(name).filter(|_| found.is_empty()) else {
        let first = found.first().map(|problem| problem.message.clone()).unwrap_or_default();
        return Err(Refusal::new(format!("such a scenario would not load: {first}")));
    };
    let evaluated = session.evaluate(loaded, &Options::default());
    let mut written = String::new();
    for case in evaluated.iter().flat_map(|evaluated| &evaluated.evaluation.cases) {
        for (need, own) in case.needs.iter().flat_map(|need| need.states.iter().map(move |own| (need, own))) {
            let _ = write!(
                written,
                "\n[[expect]]\ncell = \"{}/{}/{}\"\non_paper = \"{}\"\navailable = \"{}\"\n",
                case.id,
                own.state,
                need.function,
                own.on_paper.answer.as_str(),
                own.available.answer.as_str()
            );
        }
    }
    if written.is_empty() {
        return Ok("\n# The threat calls for nothing: name `needs` in the case, or `calls_for` in the [[threat]].\n"
            .to_owned());
    }
    Ok(format!(
        "\n# What must come out. This is what came out when the file was written: TODO check that it is right.\n{written}"
    ))
}
