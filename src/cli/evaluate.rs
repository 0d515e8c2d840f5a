//! `mandatum evaluate`: the main job.

use clap::ValueEnum;
use mandatum::answer::report::{Evaluation, Evaluations, FindingKind, SCHEMA};
use mandatum::answer::{Options, Semantics};
use mandatum::date::PartialDate;
use mandatum::render::page::{Column, PageOptions, page};

use super::Exit;
use super::files::{Input, open};
use super::output::{self, Format};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) how: How,
    /// End with exit code 1 if there is any of these.
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    fail_on: Vec<FailOn>,
    /// What to say of arguments that nothing decides: that they are undecided, or also which can be held together.
    #[arg(long, value_enum, default_value_t = Reasoning::Grounded)]
    semantics: Reasoning,
    /// Show one column only, for a class that predicts first.
    #[arg(long)]
    reveal: Option<Reveal>,
    /// Also tell what happened.
    #[arg(long)]
    what_happened: bool,
    /// How to write the page.
    #[arg(long, value_parser = output::formats(output::PAGE), default_value = "terminal")]
    format: Format,
}

impl Arguments {
    /// What of the page is shown, as it is typed.
    fn shown(&self) -> String {
        let column = self.reveal.and_then(|reveal| reveal.to_possible_value());
        let column = column.map(|value| format!(" --reveal {}", value.get_name())).unwrap_or_default();
        let semantics = if self.semantics == Reasoning::Preferred { " --semantics preferred" } else { "" };
        format!("{semantics}{column}{}", if self.what_happened { " --what-happened" } else { "" })
    }
}

/// How a scenario is asked: shared by the commands that evaluate.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct How {
    /// Read the world on this year, month or day instead of the scenario's own.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<PartialDate>,
    /// Take these papers at their word, and no others.
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    pub(crate) lens: Vec<String>,
    /// Under this account of contested events only.
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,
}

impl How {
    pub(crate) fn options(&self) -> Options {
        Options {
            as_of: self.as_of,
            lenses: self.lens.iter().cloned().collect(),
            account: self.account.clone(),
            ..Options::default()
        }
    }

    /// The same choices as they are typed.
    pub(crate) fn typed(&self) -> String {
        let mut typed = String::new();
        if let Some(date) = self.as_of {
            typed.push_str(&format!(" --as-of {date}"));
        }
        if !self.lens.is_empty() {
            typed.push_str(&format!(" --lens {}", self.lens.join(",")));
        }
        if let Some(account) = &self.account {
            typed.push_str(&format!(" --account {account}"));
        }
        typed
    }
}

pub(crate) fn date(text: &str) -> Result<PartialDate, String> {
    PartialDate::parse(text).ok_or_else(|| "write 1999, 1999-08 or 1999-08-22".to_owned())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Gap,
    Overlap,
    Contested,
    Open,
    UltraVires,
    Breach,
}

impl FailOn {
    fn kind(self) -> FindingKind {
        match self {
            FailOn::Gap => FindingKind::Gap,
            FailOn::Overlap => FindingKind::Overlap,
            FailOn::Contested => FindingKind::Contested,
            FailOn::Open => FindingKind::Open,
            FailOn::UltraVires => FindingKind::UltraVires,
            FailOn::Breach => FindingKind::Breach,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Reasoning {
    Grounded,
    Preferred,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Reveal {
    Paper,
    Available,
    Used,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Some(opened) = open(&arguments.input) else {
        return Exit::BadInput;
    };
    let semantics = match arguments.semantics {
        Reasoning::Grounded => Semantics::Grounded,
        Reasoning::Preferred => Semantics::Preferred,
    };
    let options = Options { semantics, ..arguments.how.options() };
    let mut exit = Exit::Clean;
    let mut evaluations: Vec<Evaluation> = Vec::new();
    for id in &opened.chosen {
        let Some(loaded) = opened.session.scenario(id) else {
            continue;
        };
        match opened.session.evaluate(loaded, &options) {
            Ok(evaluated) => evaluations.push(evaluated.evaluation),
            Err(problems) => {
                output::problems(&problems, &opened.session.texts);
                exit = Exit::BadInput;
            }
        }
    }
    output::problems(&opened.session.late_problems(), &opened.session.texts);
    if evaluations.iter().any(|evaluation| !evaluation.complete) || opened.session.problems.iter().any(is_error) {
        exit = Exit::BadInput;
    }
    let asked: Vec<FindingKind> = arguments.fail_on.iter().map(|kind| kind.kind()).collect();
    if evaluations.iter().flat_map(|evaluation| &evaluation.findings).any(|finding| asked.contains(&finding.finding)) {
        exit = exit.max(Exit::Findings);
    }
    if arguments.format == Format::Json {
        output::json(&Evaluations { schema: SCHEMA, evaluations });
        return exit;
    }
    let view = PageOptions {
        command: Some(format!("mandatum evaluate {}{}{}", opened.named, arguments.how.typed(), arguments.shown())),
        reveal: arguments.reveal.map(|reveal| match reveal {
            Reveal::Paper => Column::Paper,
            Reveal::Available => Column::Available,
            Reveal::Used => Column::Used,
        }),
        reveal_what_happened: arguments.what_happened,
    };
    output::documents(evaluations.iter().map(|evaluation| page(evaluation, &view)).collect(), arguments.format);
    exit
}

fn is_error(problem: &mandatum::diagnostic::Diagnostic) -> bool {
    problem.severity == mandatum::diagnostic::Severity::Error
}
