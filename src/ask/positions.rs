//! What a rule may know of conclusions drawn before it, and what comes back to its questions.

use super::{Answer, Known, Situation};
use crate::world::Id;

/// How a position of an earlier stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// Arguments leave it undecided, or facts leave it open.
    Undecided,
}

/// The conclusions of earlier stages. What is not answered otherwise was not concluded.
#[expect(unused_variables, reason = "where nothing was concluded, it does not matter what is asked")]
pub trait Positions {
    /// Whether a question rule established something.
    fn established(&self, situation: &Situation, question: &str) -> Known<Standing> {
        Ok(Standing::No)
    }
    /// Whether the case calls for a function.
    fn needed(&self, situation: &Situation, state: &str, function: &str) -> Known<Standing> {
        Ok(Standing::No)
    }
    /// Whether a function that a rule's guard names is at stake: needed, or a kind or a wider form of what is needed.
    fn concerns(&self, situation: &Situation, function: &str) -> Known<Standing> {
        Ok(Standing::No)
    }
    /// Whether a holder stops at a step.
    fn stopped(&self, situation: &Situation, state: &str, holder: &str, function: &str, step: &str) -> Standing {
        Standing::No
    }
    /// Whether a holder climbs the range.
    fn climbs(&self, situation: &Situation, state: &str, holder: &str, function: &str, on_paper: bool) -> Standing {
        Standing::No
    }
    /// Whether a cell has this answer.
    fn answered(&self, situation: &Situation, state: &str, function: &str, on_paper: bool, answer: &str) -> Standing {
        Standing::No
    }
    /// How many lines pass, and how many may.
    fn lines(&self, situation: &Situation, state: &str, function: &str) -> (usize, usize) {
        (0, 0)
    }
    /// Whether a text excludes a holder.
    fn excluded_by_text(&self, situation: &Situation, state: &str, holder: &str, function: &str) -> Standing {
        Standing::No
    }
    /// Whether a duty of the holder is available in full.
    fn duty_available(&self, situation: &Situation, state: &str, holder: &str, function: &str) -> Standing {
        Standing::No
    }
}

/// An answer, or the reason why a rule has to stay silent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Yes or no.
    Answer(Answer),
    /// Nobody judged this.
    NotJudged(Id),
}
