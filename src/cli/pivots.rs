//! `mandatum pivots`: which single facts hold up most answers, and what each lever holds up of a need.

use mandatum::answer::report::Judged;
use mandatum::diagnostic::Diagnostic;
use mandatum::load::Loaded;
use mandatum::pivots::{LeverShare, Pivots, lever_shares, pivots};
use mandatum::render::document::Document;
use mandatum::render::pivots as page;
use mandatum::render::repair::reproduce;
use mandatum::what_if;
use schemars::JsonSchema;
use serde::Serialize;

use super::Exit;
use super::levers::{Pull, Pulled};
use super::output::{self, Format};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pull: Pull,
    /// Show everything.
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
    let Some(pulled) = arguments.pull.open() else { return Exit::BadInput };
    let (session, now) = (pulled.session(), &pulled.now);
    let Some(loaded) = pulled.loaded() else { return Exit::BadInput };
    let levers = match levers(&arguments.pull, &pulled, loaded) {
        Ok(levers) => levers,
        Err(problems) => {
            arguments.pull.complain(&problems, session);
            return Exit::BadInput;
        }
    };
    // INVARIANT: the scenario was evaluated under the same account.
    let lexicon = session.lexicon(Some(loaded));
    let mut progress = output::progress("facts");
    let Ok(found) = pivots(loaded, &session.rules, &pulled.options, &lexicon, now, &mut progress) else {
        return Exit::BadInput;
    };
    output::problems(&session.late_problems(), &session.texts);
    if arguments.format == Format::Json {
        let (scenario, as_of) = (now.evaluation.scenario.clone(), now.evaluation.as_of.clone());
        output::json(&Printed { schema: "mandatum/pivots/1", scenario, as_of, pivots: found, levers });
        return Exit::Clean;
    }
    let mut document = Document::default();
    page::pivots(&mut document, &now.evaluation, &found, arguments.all);
    if let Some(levers) = &levers {
        page::shares(&mut document, &levers.need, levers.judged, levers.shares.as_deref(), levers.looked_at);
    }
    reproduce(&mut document, &format!("mandatum pivots {}", arguments.pull.typed(&pulled)));
    output::document(&document, arguments.format);
    Exit::Clean
}

/// The shares of the levers of the need that is named, if one is.
fn levers(pull: &Pull, pulled: &Pulled, loaded: &Loaded) -> Result<Option<Levers>, Vec<Diagnostic>> {
    if pull.need.is_none() {
        return Ok(None);
    }
    let session = pulled.session();
    let needs = pull.needs(&pulled.now.evaluation).map_err(|problem| vec![problem])?;
    let Some((need, cells)) = needs.into_iter().next() else { return Ok(None) };
    let mut changes = pull.changes(session, loaded, &pulled.now, &cells)?;
    // What changes nothing is no lever.
    changes.retain(|change| {
        let effects = what_if::apply(loaded, &pulled.options, std::slice::from_ref(change)).effects;
        effects.iter().any(|effect| effect.nothing.is_none())
    });
    let judged = pull.judged();
    let shares = lever_shares(loaded, &session.rules, &pulled.options, &cells, judged, &changes).ok().flatten();
    Ok(Some(Levers { need, judged, looked_at: changes.len(), shares }))
}
