//! `mandatum pivots`: which single facts hold up most answers, and what each lever holds up of a need.

use mandatum::answer::report::Judged;
use mandatum::change::Change;
use mandatum::pivots::{LeverShare, Pivots, lever_shares, pivots};
use mandatum::render::document::Document;
use mandatum::render::pivots as page;
use mandatum::render::repair::reproduce;
use mandatum::what_if;
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
    /// Judge the levers on paper.
    #[arg(long)]
    on_paper: bool,
    /// Show everything.
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
    /// The facts on which answers hang.
    pivots: Pivots,
    /// The need whose levers were counted, with their shares; `None`: none was named.
    levers: Option<Levers>,
}

/// The shares of a need's levers.
#[derive(Serialize, JsonSchema)]
struct Levers {
    /// The need.
    need: String,
    /// How it is judged.
    judged: Judged,
    /// How many changes were looked at.
    looked_at: usize,
    /// The shares; `None`: they could not be counted.
    shares: Option<Vec<LeverShare>>,
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
    let levers = match arguments.pull.need.is_some().then(|| levers(arguments, &opened.session, id, &now)).transpose() {
        Ok(levers) => levers.flatten(),
        Err(problems) => {
            let mut texts = session.texts.clone();
            texts.extend(arguments.pull.lever.iter().map(|text| (text.clone(), text.clone())));
            output::problems(&problems, &texts);
            return Exit::BadInput;
        }
    };
    // INVARIANT: the scenario was evaluated under the same account.
    let lexicon = session.lexicon(Some(loaded));
    let mut progress = output::progress("facts");
    let Ok(found) = pivots(loaded, &session.rules, &options, &lexicon, &now, &mut progress) else {
        return Exit::BadInput;
    };
    output::problems(&session.late_problems(), &session.texts);
    if arguments.format == Format::Json {
        let (scenario, as_of) = (now.evaluation.scenario, now.evaluation.as_of);
        output::json(&Printed { schema: "mandatum/pivots/1", scenario, as_of, pivots: found, levers });
        return Exit::Clean;
    }
    let mut document = Document::default();
    page::pivots(&mut document, &now.evaluation, &found, arguments.all);
    if let Some(levers) = &levers {
        page::shares(&mut document, &levers.need, levers.judged, levers.shares.as_deref(), levers.looked_at);
    }
    let mut typed = arguments.pull.typed();
    typed.push_str(if arguments.on_paper { " --on-paper" } else { "" });
    typed.push_str(&arguments.how.typed());
    typed.extend(arguments.rules.iter().map(|folder| format!(" --rules {}", folder.display())));
    reproduce(&mut document, &format!("mandatum pivots {}{typed}", place(&opened, id)));
    output::document(&document, arguments.format);
    Exit::Clean
}

fn levers(
    arguments: &Arguments,
    session: &mandatum::session::Session,
    id: &str,
    now: &mandatum::answer::Evaluated,
) -> Result<Option<Levers>, Vec<mandatum::diagnostic::Diagnostic>> {
    let Some(loaded) = session.scenario(id) else { return Ok(None) };
    let options = arguments.how.options();
    let judged = if arguments.on_paper { Judged::OnPaper } else { Judged::Available };
    let needs = arguments.pull.needs(&now.evaluation).map_err(|problem| vec![problem])?;
    let Some((need, cells)) = needs.into_iter().next() else { return Ok(None) };
    let mut changes = arguments.pull.changes(session, loaded, now, &cells)?;
    // What changes nothing is no lever.
    let moves = |change: &Change| {
        let effects = what_if::apply(loaded, &options, std::slice::from_ref(change)).effects;
        effects.iter().any(|effect| effect.nothing.is_none())
    };
    changes.retain(moves);
    let shares = lever_shares(loaded, &session.rules, &options, &cells, judged, &changes).ok().flatten();
    Ok(Some(Levers { need, judged, looked_at: changes.len(), shares }))
}
