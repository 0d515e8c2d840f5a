//! A world in several variants at once: rows that are there under some choices of levers only.
//!
//! A lever is a set of changes of which each combination is one choice; the first is none of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Body, Id, Instrument};

/// What hangs on levers. Empty: one world.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variants {
    /// The choices of each lever, in words.
    pub levers: BTreeMap<Id, Vec<String>>,
    /// Rows that are not always there, by [`row`] key: the lever, and the choices under which they are.
    pub rows: BTreeMap<String, (Id, BTreeSet<usize>)>,
    /// Rows that stand for another row under some choices, by id: that row's id.
    pub stand_for: BTreeMap<Id, Id>,
    /// Bodies whose dates or status hang on a lever: one version for each choice.
    pub bodies: BTreeMap<Id, (Id, Vec<Body>)>,
    /// Instruments whose dates or status do.
    pub instruments: BTreeMap<Id, (Id, Vec<Instrument>)>,
}

/// The kinds of rows of a case that have no id of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseRow {
    /// A request.
    Request,
    /// A decision.
    Decision,
    /// Leave from outside.
    Authorisation,
}

/// The key of a case's row: its place in the case's list.
pub fn row(kind: CaseRow, case: &str, index: usize) -> String {
    let kind = match kind {
        CaseRow::Request => "request",
        CaseRow::Decision => "decision",
        CaseRow::Authorisation => "authorisation",
    };
    format!("{kind} {index} of {case}")
}
