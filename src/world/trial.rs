//! Tests of rules as they are written: texts with their places, whose meaning nobody has looked at yet.

use super::{Id, Sentence};
use crate::diagnostic::Place;

/// A rule and the cases in which it is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenTest {
    /// The rule.
    pub rule: Sentence,
    /// What the cases are about.
    pub note: Option<String>,
    /// The cases.
    pub cases: Vec<TestCase>,
    /// Where it stands in the files.
    pub place: Place,
}

/// Answers given to a rule, and what it has to say to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestCase {
    /// What the case is, in a few words.
    pub note: Option<String>,
    /// Questions answered yes.
    pub yes: Vec<Sentence>,
    /// Questions answered no.
    pub no: Vec<Sentence>,
    /// What every other question is answered; `None`: it may not be asked.
    pub otherwise: Option<bool>,
    /// Everything that is said; empty: nothing.
    pub says: Vec<Sentence>,
    /// Questions that have to be asked on the way.
    pub because: Vec<Sentence>,
    /// Whether everything in it could be read.
    pub whole: bool,
    /// Where it stands in the files.
    pub place: Place,
}

impl WrittenTest {
    /// The rule's id.
    pub fn rule(&self) -> &Id {
        &self.rule.text
    }
}
