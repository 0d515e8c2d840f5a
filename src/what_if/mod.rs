//! What if: changes carried out on a scenario's world, who would have to agree, and what the same road then says.
//!
//! Changes edit the world, never the rules. A change that edits nothing says why.

mod apply;
mod bonds;
mod circumstances;
mod consent;
mod difference;
mod institutions;
mod many;

use std::sync::Arc;

pub use consent::Consent;
pub(crate) use many::combinations;
pub use many::{Many, NotRows, many};

use crate::answer::{Evaluated, Options};
use crate::change::{Change, ChangeError, Form};
use crate::diagnostic::{Diagnostic, Place};
use crate::load::Loaded;
use crate::session::Session;
use crate::world::Sentence;

/// A scenario after changes.
pub struct Altered {
    /// The scenario with its changed world.
    pub loaded: Loaded,
    /// How it is asked.
    pub options: Options,
    /// What each change did, in the order given.
    pub effects: Vec<Effect>,
}

/// What one change did.
#[derive(Clone, Debug)]
pub struct Effect {
    /// The change.
    pub change: Change,
    /// Why nothing had to be changed, if nothing had.
    pub nothing: Option<String>,
    /// What a reader should know about what it does and does not do.
    pub notes: Vec<String>,
    /// Who would have to agree.
    pub consent: Vec<Consent>,
}

/// Carries out changes, in their order but for the day, which is settled first.
pub fn apply(loaded: &Loaded, options: &Options, changes: &[Change]) -> Altered {
    apply::apply(loaded, options, changes)
}

/// Reads the sentences of a command line or of a file; every one that is no change is a problem at its place.
///
/// Errors: all problems at once.
pub fn read(session: &Session, loaded: &Loaded, sentences: &[Sentence]) -> Result<Vec<Change>, Vec<Diagnostic>> {
    let lexicon = session.lexicon(Some(loaded));
    let mut changes = Vec::new();
    let mut problems = Vec::new();
    for sentence in sentences {
        match Change::parse(&sentence.text, &lexicon) {
            Ok(change) => match off_scale(&change, loaded) {
                None => changes.push(change),
                Some(message) => {
                    let whole = 0..sentence.text.len();
                    let help = "give a number on the scale, or `unknown`".to_owned();
                    problems.push(problem(sentence, &ChangeError { message, span: whole, help }));
                }
            },
            Err(error) => problems.push(problem(sentence, &error)),
        }
    }
    if problems.is_empty() { Ok(changes) } else { Err(problems) }
}

/// Why a judgement's value cannot be: it lies outside the scale.
fn off_scale(change: &Change, loaded: &Loaded) -> Option<String> {
    let own = loaded.world.judgements.get(change.id(0)).filter(|_| change.form == Form::Judge)?;
    let value: f64 = change.id(1).parse().ok()?;
    let [low, high] = own.scale;
    (!(low..=high).contains(&value)).then(|| format!("`{value}` lies off the scale of `{}`, {low} to {high}", own.id))
}

/// A sentence that stands in no file: the place is in the words themselves.
pub fn typed(text: &str) -> Sentence {
    let place = Place { file: text.into(), start: 0, end: text.len(), line: 1, column: 1 };
    Sentence { text: text.to_owned(), place }
}

/// A change that cannot be read, as a problem at its place.
pub(crate) fn problem(sentence: &Sentence, error: &ChangeError) -> Diagnostic {
    let place = &sentence.place;
    // In a file the sentence stands in quotes; on the command line it is the whole text.
    let quote = place.end.saturating_sub(place.start).saturating_sub(sentence.text.len()) / 2;
    let start = place.start + quote + error.span.start;
    let shown = Place {
        start,
        end: start + error.span.len(),
        column: place.column + quote + sentence.text.get(..error.span.start).map_or(0, |text| text.chars().count()),
        ..place.clone()
    };
    Diagnostic::error("no-change", error.message.clone(), shown, "here").help(error.help.clone())
}

/// Evaluates a scenario after changes.
///
/// Errors: an unknown lens or account.
pub fn evaluate(session: &Session, altered: &Altered) -> Result<Evaluated, Vec<Diagnostic>> {
    session.evaluate(&altered.loaded, &altered.options)
}

/// The world of a scenario, to be changed.
pub(crate) fn opened(loaded: &Loaded) -> (crate::world::World, crate::world::Scenario) {
    (Arc::unwrap_or_clone(loaded.world.clone()), loaded.scenario.clone())
}
