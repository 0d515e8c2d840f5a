//! `mandatum timeline`: when each gap and overlap opened and closed, and what opened it.

use mandatum::answer::Options;
use mandatum::date::PartialDate;
use mandatum::diagnostic::suggestion;
use mandatum::render::chart;
use mandatum::render::timeline::{Shown, csv, timeline as page};
use mandatum::timeline::{Range, Row, Timeline, timeline};

use super::Exit;
use super::evaluate::date;
use super::files::{Input, open};
use super::output::{self, Format};

const FORMATS: &[Format] = &[Format::Terminal, Format::Json, Format::Markdown, Format::Html, Format::Svg, Format::Csv];

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Begin with this year, month or day. Without it: before the first date that is read.
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<PartialDate>,
    /// End with it. Without it: the day up to which the record was checked.
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: Option<PartialDate>,
    /// These needs only.
    #[arg(long, value_name = "FUNCTIONS", value_delimiter = ',')]
    need: Vec<String>,
    /// For these affected states only.
    #[arg(long, value_name = "STATES", value_delimiter = ',')]
    state: Vec<String>,
    /// Take these papers at their word, and no others.
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    lens: Vec<String>,
    /// Under this account of contested events only.
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// Also list steps that move while the answer stays.
    #[arg(long)]
    steps: bool,
    /// How to write it.
    #[arg(long, value_parser = output::formats(FORMATS), default_value = "terminal")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let range = Range { from: arguments.from.map(PartialDate::first), until: arguments.until.map(PartialDate::last) };
    if let (Some(from), Some(until)) = (range.from, range.until)
        && until < from
    {
        output::complain(&format!("error: `--until` {until} lies before `--from` {from}\n"));
        return Exit::BadInput;
    }
    let Some(opened) = open(&arguments.input) else { return Exit::BadInput };
    let Some(loaded) = opened.chosen.first().and_then(|id| opened.session.scenario(id)) else {
        return Exit::BadInput;
    };
    if opened.chosen.len() > 1 {
        output::complain(&format!(
            "error: a timeline follows one scenario; name one of: {}\n",
            opened.chosen.join(", ")
        ));
        return Exit::BadInput;
    }
    let options = Options {
        lenses: arguments.lens.iter().cloned().collect(),
        account: arguments.account.clone(),
        ..Options::default()
    };
    let mut found = match timeline(&opened.session, loaded, &options, range) {
        Ok(found) => found,
        Err(problems) => {
            output::problems(&problems, &opened.session.texts);
            return Exit::BadInput;
        }
    };
    output::problems(&opened.session.late_problems(), &opened.session.texts);
    if !known(&found, "need", &arguments.need, |row| &row.function) {
        return Exit::BadInput;
    }
    if !known(&found, "state", &arguments.state, |row| &row.state) {
        return Exit::BadInput;
    }
    found.narrow(&arguments.need, &arguments.state);
    match arguments.format {
        Format::Json => output::json(&found),
        Format::Svg => output::out(&chart::timeline::timeline(&found)),
        Format::Csv => output::out(&csv(&found)),
        format => output::document(&page(&found, &Shown { steps: arguments.steps }), format),
    }
    if found.complete { Exit::Clean } else { Exit::BadInput }
}

/// Whether every wanted word is one of the rows'; what is not is printed.
fn known(found: &Timeline, what: &str, wanted: &[String], of: impl Fn(&Row) -> &String) -> bool {
    let mut there: Vec<&str> = found.rows.iter().map(|row| of(row).as_str()).collect();
    there.sort_unstable();
    there.dedup();
    let unknown = wanted.iter().filter(|own| !there.contains(&own.as_str()));
    let mut clean = true;
    for own in unknown {
        let help = suggestion(own, there.iter().copied());
        let help = help.unwrap_or_else(|| format!("there are: {}", there.join(", ")));
        output::complain(&format!("error: the scenario has no {what} `{own}`; {help}\n"));
        clean = false;
    }
    clean
}
