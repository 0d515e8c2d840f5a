//! Expectations written beside a scenario: what must come out, and for which reasons. Each is a test with a name.

mod terms;
mod wrong;

use std::collections::BTreeMap;

use crate::answer::report::Evaluation;
use crate::answer::{Evaluated, Options};
use crate::change::Change;
use crate::compare::{MoveKind, compare};
use crate::diagnostic::{Diagnostic, Place};
use crate::load::Loaded;
use crate::session::{Readings, Session};
use crate::trial::unique;
use crate::what_if::{self, Effect};
use crate::world::scenario::Expected;
use crate::world::{Expectation, Id, Sentence, WhatIf};
use wrong::failure;

/// What is checked.
#[derive(Clone, Copy, Debug)]
pub enum Check<'s> {
    /// Something comes out of the scenario.
    Holds(&'s Expectation),
    /// The changes of a what-if edit something.
    Changes(&'s WhatIf),
    /// Something comes out after changes, and not before them.
    After(&'s WhatIf, &'s Expectation),
    /// A gap opens, or closes, in a cell; without a cell: in none.
    Moves(&'s WhatIf, MoveKind, Option<&'s Sentence>),
}

/// A check with its name.
#[derive(Clone, Debug)]
pub struct Named<'s> {
    /// `SCENARIO/what it is about`.
    pub id: String,
    /// The check.
    pub check: Check<'s>,
}

impl<'s> Named<'s> {
    /// Why it is expected.
    pub fn note(&self) -> Option<&'s str> {
        match self.check {
            Check::Holds(own) | Check::After(_, own) => own.note.as_deref(),
            Check::Changes(what_if) | Check::Moves(what_if, ..) => what_if.expected.as_deref(),
        }
    }

    /// Where it stands in the files.
    pub fn place(&self) -> &'s Place {
        match self.check {
            Check::Holds(own) | Check::After(_, own) => &own.place,
            Check::Changes(what_if) | Check::Moves(what_if, _, None) => &what_if.place,
            Check::Moves(_, _, Some(cell)) => &cell.place,
        }
    }
}

/// Everything that is expected of a scenario and of its what-ifs, in the order of the file.
pub fn list(loaded: &Loaded) -> Vec<Named<'_>> {
    let scenario = &loaded.scenario;
    let mut checks: Vec<(String, Check<'_>)> = Vec::new();
    for own in &scenario.expectations {
        checks.push((format!("{}/{}", scenario.id, about(own)), Check::Holds(own)));
    }
    let carried_out = |named: &&WhatIf| !named.changes.is_empty() || !named.assuming.is_empty();
    for what_if in scenario.what_ifs.iter().filter(carried_out) {
        let head = format!("{}/what-if/{}", scenario.id, what_if.id);
        checks.push((head.clone(), Check::Changes(what_if)));
        for own in &what_if.expectations {
            checks.push((format!("{head}/{}", about(own)), Check::After(what_if, own)));
        }
        let both = [(MoveKind::Opened, "opens", &what_if.opens), (MoveKind::Closed, "closes", &what_if.closes)];
        for (kind, word, cells) in both {
            let Some(cells) = cells else { continue };
            if cells.is_empty() {
                checks.push((format!("{head}/{word} nothing"), Check::Moves(what_if, kind, None)));
            }
            for cell in cells {
                checks.push((format!("{head}/{word} {}", cell.text), Check::Moves(what_if, kind, Some(cell))));
            }
        }
    }
    let ids = unique(checks.iter().map(|(id, _)| id.as_str()));
    ids.into_iter().zip(&checks).map(|(id, (_, check))| Named { id, check: *check }).collect()
}

/// What an expectation is about, and how it is asked.
fn about(expectation: &Expectation) -> String {
    let mut text = match &expectation.about {
        Expected::Cell { cell, holder: Some(holder), .. } => format!("{cell}/{holder}"),
        Expected::Cell { cell, .. } => cell.clone(),
        Expected::Proposition { proposition, .. } => proposition.clone(),
        Expected::Response { response, .. } => response.clone(),
        Expected::Overlap { overlap, .. } => overlap.clone(),
        Expected::Argument { argument, position: Some(position), .. } => format!("{argument} {position}"),
        Expected::Argument { argument, .. } => argument.clone(),
    };
    if let Some(account) = &expectation.account {
        text.push_str(&format!(", account {account}"));
    }
    if !expectation.lens.is_empty() {
        text.push_str(&format!(", through {}", expectation.lens.join("+")));
    }
    if let Some(date) = expectation.as_of {
        text.push_str(&format!(", as of {date}"));
    }
    text
}

/// A scenario as it is and as its what-ifs make it, evaluated once for each way of asking.
pub struct Sides<'s> {
    session: &'s Session,
    loaded: &'s Loaded,
    before: Readings<'s>,
    after: BTreeMap<Id, After<'s>>,
}

/// A scenario after the changes of one what-if.
struct After<'s> {
    changes: Vec<Change>,
    effects: Vec<Effect>,
    sides: Readings<'s>,
}

/// What is wrong, if anything is; `Err`: the check cannot be carried out, and why.
pub type Outcome = Result<Vec<Diagnostic>, Vec<Diagnostic>>;

impl<'s> Sides<'s> {
    /// Nothing is evaluated yet.
    pub fn new(session: &'s Session, loaded: &'s Loaded) -> Self {
        Sides { session, loaded, before: Readings::new(session), after: BTreeMap::new() }
    }

    /// Evaluates the plain way of asking.
    ///
    /// Errors: what is wrong with the scenario's ways of asking.
    pub fn plain(&mut self) -> Result<(), Vec<Diagnostic>> {
        self.before.evaluated(self.loaded, &Options::default()).map(|_| ())
    }

    /// Every evaluation so far, before changes and after them.
    pub fn all(&self) -> impl Iterator<Item = &Evaluated> {
        self.before.all().chain(self.after.values().flat_map(|after| after.sides.all()))
    }

    /// Every evaluation of the scenario as it is.
    pub fn unchanged(&self) -> impl Iterator<Item = &Evaluated> {
        self.before.all()
    }

    /// Carries a check out.
    pub fn outcome(&mut self, check: Check<'_>) -> Outcome {
        match check {
            Check::Holds(own) => {
                let evaluated = self.before.evaluated(self.loaded, &asked(own))?;
                Ok(failure(own, evaluated)
                    .map(|wrong| terms::shown(wrong, own, evaluated, &self.session.rules))
                    .into_iter()
                    .collect())
            }
            Check::Changes(what_if) => Ok(no_change(what_if, &self.after(what_if)?.effects).into_iter().collect()),
            Check::After(what_if, own) => {
                let (session, loaded) = (self.session, self.loaded);
                let options = asked(own);
                let after = self.after(what_if)?;
                let changes = after.changes.clone();
                let altered = || what_if::evaluate(session, &what_if::apply(loaded, &options, &changes));
                let evaluated = after.sides.of(&options, altered)?;
                let wrong = failure(own, evaluated);
                let mut failures: Vec<Diagnostic> =
                    wrong.map(|wrong| terms::shown(wrong, own, evaluated, &session.rules)).into_iter().collect();
                let held = failure(own, self.before.evaluated(loaded, &options)?).is_none();
                if held != own.unchanged {
                    let message = if held {
                        "it holds before the changes too: they do not move it"
                    } else {
                        "it is said to be unchanged, and does not hold before the changes"
                    };
                    let place = own.place.clone();
                    failures.push(Diagnostic::error("expectation", message, place, "expected of a what-if"));
                }
                Ok(failures)
            }
            Check::Moves(what_if, kind, cell) => {
                let (session, loaded) = (self.session, self.loaded);
                let options = Options::default();
                let after = self.after(what_if)?;
                let changes = after.changes.clone();
                let altered = || what_if::evaluate(session, &what_if::apply(loaded, &options, &changes));
                let now = after.sides.of(&options, altered)?.evaluation.clone();
                let was = &self.before.evaluated(loaded, &options)?.evaluation;
                Ok(moved(what_if, kind, cell, was, &now).into_iter().collect())
            }
        }
    }

    /// The scenario after the changes of a what-if.
    fn after(&mut self, what_if: &WhatIf) -> Result<&mut After<'s>, Vec<Diagnostic>> {
        if !self.after.contains_key(&what_if.id) {
            let sentences: Vec<_> = what_if.assuming.iter().chain(&what_if.changes).cloned().collect();
            let changes = what_if::read(self.session, self.loaded, &sentences)?;
            let effects = what_if::apply(self.loaded, &Options::default(), &changes).effects;
            let after = After { changes, effects, sides: Readings::new(self.session) };
            self.after.insert(what_if.id.clone(), after);
        }
        self.after.get_mut(&what_if.id).ok_or_else(Vec::new)
    }
}

fn no_change(what_if: &WhatIf, effects: &[Effect]) -> Option<Diagnostic> {
    // An assumption that edits something does not make up for a proposal that edits nothing.
    let (assumed, proposed) = effects.split_at(what_if.assuming.len().min(effects.len()));
    let void = |own: &[Effect]| !own.is_empty() && own.iter().all(|effect| effect.nothing.is_some());
    (void(assumed) || void(proposed)).then(|| {
        let why: Vec<String> = effects.iter().filter_map(|effect| effect.nothing.clone()).collect();
        let message = format!("the what-if `{}` changes nothing in the world", what_if.id);
        Diagnostic::error("no-change", message, what_if.place.clone(), why.join("; "))
    })
}

/// Why a gap did not open or close in a cell, or did in one where none was expected to.
fn moved(
    what_if: &WhatIf,
    kind: MoveKind,
    cell: Option<&Sentence>,
    was: &Evaluation,
    now: &Evaluation,
) -> Option<Diagnostic> {
    let comparison = compare(was, now);
    let mut cells: Vec<&str> =
        comparison.moves.iter().filter(|own| own.kind == kind).map(|own| own.cell.as_str()).collect();
    cells.dedup();
    let listed = if cells.is_empty() { "none".to_owned() } else { cells.join(", ") };
    let word = kind.as_str();
    match cell {
        Some(cell) if cells.contains(&cell.text.as_str()) => None,
        Some(cell) => {
            let message = format!("no gap {word} in `{}`", cell.text);
            Some(Diagnostic::error("expectation", message, cell.place.clone(), format!("gaps {word}: {listed}")))
        }
        None if cells.is_empty() => None,
        None => {
            let message = format!("a gap {word}, and none is expected to");
            Some(Diagnostic::error("expectation", message, what_if.place.clone(), format!("gaps {word}: {listed}")))
        }
    }
}

/// How an expectation asks its scenario.
pub fn asked(expectation: &Expectation) -> Options {
    Options {
        as_of: expectation.as_of,
        lenses: expectation.lens.iter().cloned().collect(),
        account: expectation.account.clone(),
        ..Options::default()
    }
}
