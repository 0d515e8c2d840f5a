//! Which threats, states, functions and days a command looks at: as it is typed, and as what is looked at.

use mandatum::atlas::Space;
use mandatum::date::{Day, PartialDate};
use mandatum::diagnostic::suggestion;

use super::evaluate::date;
use super::output;

/// A part of the space.
#[derive(Debug, clap::Args)]
pub(crate) struct Part {
    /// These threats only.
    #[arg(long, value_name = "THREATS", value_delimiter = ',')]
    threat: Vec<String>,
    /// These affected states only, one at a time. Without it: those that some scenario is about.
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
    pub(crate) lens: Vec<String>,
}

/// What there is to choose from.
pub(crate) struct Whole {
    /// Whose it is, for a sentence that goes on with "has no ..".
    pub(crate) whose: &'static str,
    /// Every threat.
    pub(crate) threats: Vec<String>,
    /// Every state, and those that are looked at where none is asked for.
    pub(crate) states: [Vec<String>; 2],
    /// Every function.
    pub(crate) functions: Vec<String>,
    /// The days that are looked at where none is asked for.
    pub(crate) days: [Option<Day>; 2],
    /// The day on which a range without an end ends.
    pub(crate) known_until: Option<Day>,
}

impl Part {
    /// The part of the whole that was asked for; `None`: what is wrong has been printed.
    pub(crate) fn of(&self, whole: &Whole) -> Option<Space> {
        let [states, usual] = &whole.states;
        let threats = chosen(whole.whose, "threat", &self.threat, &whole.threats, &whole.threats);
        let states = chosen(whole.whose, "state", &self.state, states, usual);
        let functions = chosen(whole.whose, "function", &self.function, &whole.functions, &whole.functions);
        let [from, until] = match (self.as_of, self.from, self.until) {
            (Some(day), ..) => [Some(day.first()); 2],
            (None, None, None) => whole.days,
            (None, from, until) => [from.map(PartialDate::first), until.map(PartialDate::last).or(whole.known_until)],
        };
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            output::complain(&format!("error: the range ends on {until}, before it begins on {from}\n"));
            return None;
        }
        let lenses = self.lens.iter().cloned().collect();
        Some(Space { threats: threats?, states: states?, functions: functions?, from, until, lenses })
    }
}

/// The wanted ids, or `usual` where none is wanted; `None` where one is not among `known`, which is then printed.
fn chosen(whose: &str, what: &str, wanted: &[String], known: &[String], usual: &[String]) -> Option<Vec<String>> {
    if wanted.is_empty() {
        if usual.is_empty() {
            output::complain(&format!("error: {whose} has no {what} to look at; give one with --{what}\n"));
            return None;
        }
        return Some(usual.to_vec());
    }
    let mut clean = true;
    for own in wanted.iter().filter(|own| !known.contains(own)) {
        let help = suggestion(own, known.iter().map(String::as_str));
        let help = help.unwrap_or_else(|| format!("there are: {}", known.join(", ")));
        output::complain(&format!("error: {whose} has no {what} `{own}`; {help}\n"));
        clean = false;
    }
    clean.then(|| known.iter().filter(|own| wanted.contains(own)).cloned().collect())
}
