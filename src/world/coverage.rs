//! What papers say that bodies are there for, and the rows and columns of the matrix that counts it.
//!
//! Statements about texts, not texts: nothing here decides a case.

use super::Id;
use super::terms::words;
use crate::diagnostic::Place;

words! {
    /// How firmly a paper gives a body a part.
    Grade {
        /// It names the task.
        Explicit = "explicit",
        /// It speaks of a task to come, or proposes one.
        Planned = "planned",
        /// It names body and threat together, and no task.
        Passing = "passing",
    }
}

/// A paper says that a body has a part against a threat.
#[derive(Clone, Debug, PartialEq)]
pub struct Ascribed {
    /// Its id.
    pub id: Id,
    /// The body or state; `None`: states in general, each for itself or two by treaty.
    pub body: Option<Id>,
    /// Against these threats.
    pub threats: Vec<Id>,
    /// To do these things, where the paper says what.
    pub functions: Vec<Id>,
    /// For this affected state only.
    pub state: Option<Id>,
    /// How firmly.
    pub grade: Grade,
    /// The paper.
    pub source: Id,
    /// Where in the paper.
    pub locator: String,
    /// What it says, in words of the pack's own.
    pub text: String,
    /// Claims of the register that it rests on.
    pub claims: Vec<Id>,
    /// Mandates of the pack that hold the same.
    pub mandates: Vec<Id>,
    /// Where it stands in the files.
    pub place: Place,
}

/// A row of the matrix: a field of threats, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixRow {
    /// Its id.
    pub id: Id,
    /// Its printed head.
    pub text: String,
    /// Statements about one of these threats, as the paper names it: neither its kinds nor what it is a kind of.
    pub threats: Vec<Id>,
    /// Only statements that name one of these functions; empty: any.
    pub functions: Vec<Id>,
    /// Only statements about this affected state, and about states in general.
    pub state: Option<Id>,
    /// Leaving out statements that name these functions alone.
    pub without: Vec<Id>,
}

/// A column of the matrix: some bodies, or the states.
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixColumn {
    /// Its id.
    pub id: Id,
    /// Its printed head.
    pub text: String,
    /// These bodies and those below them that have no column of their own.
    pub bodies: Vec<Id>,
    /// Whether statements about states belong here.
    pub states: bool,
}
