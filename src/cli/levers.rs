//! What the commands that pull levers share: which need is meant, and which changes may be made.

use std::collections::BTreeSet;

use mandatum::answer::report::{AnswerKind, Evaluation, Judged};
use mandatum::answer::{Evaluated, Options};
use mandatum::change::{Change, Form};
use mandatum::diagnostic::{Diagnostic, Place, suggestion};
use mandatum::levers::{Cell, allowed, levers};
use mandatum::load::Loaded;
use mandatum::session::Session;
use mandatum::what_if;

use super::evaluate::How;
use super::files::{Input, Opened, open, place};
use super::output;

/// Which need of which scenario, and which changes.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Pull {
    /// A scenario file or a shipped scenario.
    scenario: String,
    /// A need: case/STATE/function, case/function for all its states, or a function. Without it, each need that nobody answers.
    #[arg(long, value_name = "ID")]
    pub(crate) need: Option<String>,
    /// A change that may not be made: a sentence, a form such as "STATE joins BODY", or an id that no change may name.
    #[arg(long, value_name = "WHAT")]
    forbid: Vec<String>,
    /// One more change that may be made.
    #[arg(long, value_name = "CHANGE")]
    lever: Vec<String>,
    /// Only the changes named with --lever.
    #[arg(long, requires = "lever")]
    only: bool,
    /// An answer on paper is enough.
    #[arg(long)]
    on_paper: bool,
    #[command(flatten)]
    how: How,
    /// More rules.
    #[arg(long, value_name = "DIR")]
    rules: Vec<std::path::PathBuf>,
}

/// A scenario opened and evaluated, to pull its levers.
pub(crate) struct Pulled {
    opened: Opened,
    id: String,
    pub(crate) options: Options,
    pub(crate) now: Evaluated,
}

impl Pulled {
    pub(crate) fn session(&self) -> &Session {
        &self.opened.session
    }

    /// The scenario. INVARIANT: it was found when it was opened.
    pub(crate) fn loaded(&self) -> Option<&Loaded> {
        self.opened.session.scenario(&self.id)
    }
}

impl Pull {
    /// Opens and evaluates the scenario. `None`: everything wrong has been printed.
    pub(crate) fn open(&self) -> Option<Pulled> {
        let opened = open(&Input { scenario: Some(self.scenario.clone()), rules: self.rules.clone() })?;
        let [id] = opened.chosen.as_slice() else {
            output::complain("error: name one scenario, not a whole pack\n");
            return None;
        };
        let (id, options) = (id.clone(), self.how.options());
        let now = evaluated(&opened.session, opened.session.scenario(&id)?, &options)?;
        Some(Pulled { opened, id, options, now })
    }

    /// How needs are judged.
    pub(crate) fn judged(&self) -> Judged {
        if self.on_paper { Judged::OnPaper } else { Judged::Available }
    }

    /// Prints problems; sentences of the command line are files of their own.
    pub(crate) fn complain(&self, problems: &[Diagnostic], session: &Session) {
        let mut texts = session.texts.clone();
        texts.extend(self.lever.iter().map(|text| (text.clone(), text.clone())));
        output::problems(problems, &texts);
    }

    /// The scenario and the same choices as they are typed.
    pub(crate) fn typed(&self, pulled: &Pulled) -> String {
        let mut typed = place(&pulled.opened, &pulled.id);
        typed.extend(self.need.iter().map(|id| format!(" --need {id}")));
        typed.extend(self.forbid.iter().map(|what| format!(" --forbid \"{what}\"")));
        typed.extend(self.lever.iter().map(|change| format!(" --lever \"{change}\"")));
        typed.push_str(if self.only { " --only" } else { "" });
        typed.push_str(if self.on_paper { " --on-paper" } else { "" });
        typed.push_str(&self.how.typed());
        typed.extend(self.rules.iter().map(|folder| format!(" --rules {}", folder.display())));
        typed
    }

    /// The needs that are meant, each with its cells: one for each gap unless one is named.
    pub(crate) fn needs(&self, evaluation: &Evaluation) -> Result<Vec<(String, BTreeSet<Cell>)>, Diagnostic> {
        let all = cells(evaluation);
        let Some(wanted) = &self.need else {
            let mut gaps: Vec<(String, BTreeSet<Cell>)> = Vec::new();
            for (cell, answer) in &all {
                let id = name(cell);
                if *answer == AnswerKind::Gap && !gaps.iter().any(|(own, _)| *own == id) {
                    gaps.push((id, BTreeSet::from([cell.clone()])));
                }
            }
            return Ok(gaps);
        };
        let fits = |(case, state, function): &Cell| {
            *wanted == format!("{case}/{state}/{function}")
                || *wanted == format!("{case}/{function}")
                || wanted == function
        };
        let found: BTreeSet<Cell> = all.iter().map(|(cell, _)| cell).filter(|cell| fits(cell)).cloned().collect();
        if !found.is_empty() {
            return Ok(vec![(wanted.clone(), found)]);
        }
        let known: BTreeSet<String> = all.iter().flat_map(|(cell, _)| [name(cell), cell.2.clone()]).collect();
        let mut problem = Diagnostic::error(
            "unknown-need",
            format!("there is no need `{wanted}` in {}", evaluation.scenario),
            Place::whole("the command line"),
            "asked for with --need",
        );
        problem.help = suggestion(wanted, known.iter().map(String::as_str));
        Err(problem)
    }

    /// The changes that may be made for a need.
    pub(crate) fn changes(
        &self,
        session: &Session,
        loaded: &Loaded,
        evaluated: &Evaluated,
        cells: &BTreeSet<Cell>,
    ) -> Result<Vec<Change>, Vec<Diagnostic>> {
        let lexicon = session.lexicon(Some(loaded));
        let sentences: Vec<_> = self.lever.iter().map(|text| what_if::typed(text)).collect();
        let mut changes = what_if::read(session, loaded, &sentences)?;
        if !self.only {
            let forms = allowed(&loaded.world);
            for change in levers(loaded, &session.rules, &lexicon, evaluated, cells, &forms) {
                if !changes.contains(&change) {
                    changes.push(change);
                }
            }
        }
        let asked_for: Vec<Change> = changes.iter().take(sentences.len()).cloned().collect();
        let mut problems = Vec::new();
        for what in &self.forbid {
            if let Some(form) = Form::named(what) {
                changes.retain(|change| change.form != form);
            } else if let Ok(own) = Change::parse(what, &lexicon) {
                changes.retain(|change| *change != own);
            } else if known(loaded, what) {
                changes.retain(|change| !change.ids().any(|id| id == what));
            } else {
                let mut problem = Diagnostic::error(
                    "nothing-forbidden",
                    format!("`{what}` is no change, no form of one, and no id"),
                    Place::whole("the command line"),
                    "asked for with --forbid",
                );
                let world = &loaded.world;
                let ids = world.bodies.keys().chain(world.states.keys()).chain(world.instruments.keys());
                problem.help = suggestion(what, ids.map(String::as_str));
                problems.push(problem);
            }
        }
        for lever in asked_for.iter().filter(|lever| !changes.contains(lever)) {
            let message = format!("`{lever}` is asked for with --lever and forbidden with --forbid");
            problems.push(Diagnostic::error("forbidden-lever", message, Place::whole("the command line"), "both"));
        }
        if problems.is_empty() { Ok(changes) } else { Err(problems) }
    }
}

fn known(loaded: &Loaded, id: &str) -> bool {
    let world = &loaded.world;
    world.bodies.contains_key(id)
        || world.states.contains_key(id)
        || world.instruments.contains_key(id)
        || world.functions.terms.contains_key(id)
}

/// A cell's id.
pub(crate) fn name((case, state, function): &Cell) -> String {
    format!("{case}/{state}/{function}")
}

/// Every cell with its answer, available, in the order of the page.
fn cells(evaluation: &Evaluation) -> Vec<(Cell, AnswerKind)> {
    let mut cells = Vec::new();
    for case in &evaluation.cases {
        for need in &case.needs {
            for state in &need.states {
                cells.push(((case.id.clone(), state.state.clone(), need.function.clone()), state.available.answer));
            }
        }
    }
    cells
}

/// One scenario, evaluated; what is wrong has been printed.
pub(crate) fn evaluated(session: &Session, loaded: &Loaded, options: &Options) -> Option<Evaluated> {
    session.evaluate(loaded, options).map_err(|problems| output::problems(&problems, &session.texts)).ok()
}
