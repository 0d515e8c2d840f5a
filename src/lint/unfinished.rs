//! Files in which something is still left to be written. What a sketch says is not yet what a source says, and the page
//! prints it all the same.

use super::{Found, Matter, UNFINISHED};
use crate::diagnostic::{Diagnostic, Place};

/// What marks a place that is to be written.
const MARK: &str = "TODO";

/// Files of the pack with marked places, each once.
pub(super) fn files(matter: &Matter<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (path, text) in &matter.session.texts {
        let mut marks = text.match_indices(MARK).map(|(at, _)| at);
        let Some(first) = marks.next() else { continue };
        let places = match marks.count() {
            0 => "in one place".to_owned(),
            others => format!("in {} places", others + 1),
        };
        let place = Place::new(&path.as_str().into(), text, first..first + MARK.len());
        let message = format!("something is still to be written here, {places}");
        let help = "write what the source says, and take the word TODO out";
        found.push(Diagnostic::error(UNFINISHED, message, place, "the first of them").help(help).into());
    }
    found
}
