//! Questions, answers and the read log: the one door through which everything asks for a fact.
//!
//! A question that nothing settles is *free*. Whoever computes something from facts stops at the first free fact it
//! meets; [`explore`] then tries each of its values. What comes out is a decision tree over facts, exact, with whatever
//! the computation kept at each leaf. Scripts are not known here.

mod answers;
mod positions;
mod set_by;
mod today;
mod told;
mod tree;
mod versions;
mod view;
pub mod vocabulary;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use answers::{Scope, Situation};
pub use positions::{Positions, Reply, Standing};
pub use set_by::{SET_BY, SetBy};
pub use today::{Dated, Horizon, Today, Turn};
pub use tree::{TooManyWorlds, Tree, explore};
pub use versions::{Versions, Weighed};
pub use view::{Asked, BodyState, Decided, InForce, View};

use crate::diagnostic::Place;
use crate::world::{Id, World};

/// Why a fact is not settled. Later kinds outrank earlier ones when a result hangs on several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Free {
    /// Earlier arguments leave it undecided.
    Undecided,
    /// Sources of equal weight differ.
    Disputed,
    /// Nobody says.
    Unknown,
    /// Somebody may choose: a change that can be made or left.
    Lever,
}

/// A fact that may be one of several things.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FreeFact {
    /// Identifies it within one evaluation.
    pub key: String,
    /// Why it is free.
    pub kind: Free,
    /// What is not settled, as a sentence without a full stop.
    pub says: String,
    /// Its possible values, in words; at least two.
    pub values: Vec<String>,
}

impl FreeFact {
    /// A fact that nobody states: no or yes.
    pub fn unknown(key: impl Into<String>, says: impl Into<String>) -> Arc<Self> {
        Arc::new(FreeFact {
            key: key.into(),
            kind: Free::Unknown,
            says: says.into(),
            values: vec!["no".to_owned(), "yes".to_owned()],
        })
    }
}

/// Something computed from facts, or the free fact that it stopped at.
pub type Known<T> = Result<T, Arc<FreeFact>>;

/// The values chosen for free facts so far: key to index into [`FreeFact::values`].
pub type Chosen = BTreeMap<String, usize>;

/// Looks a free fact up among the chosen values, or stops at it.
pub fn pick(chosen: &Chosen, fact: impl FnOnce() -> Arc<FreeFact>, key: &str) -> Known<usize> {
    match chosen.get(key) {
        Some(value) => Ok(*value),
        None => Err(fact()),
    }
}

/// A fact that an answer stood on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactRef {
    /// In a few words, with its date.
    pub text: String,
    /// Who states it; `None`: the scenario's author, or nobody.
    pub source: Option<Id>,
    /// Where in the source.
    pub locator: Option<String>,
    /// Where in the files.
    pub place: Option<Place>,
    /// Whether only a paper states it.
    pub claimed: bool,
}

impl FactRef {
    /// The fact with author and year of its source.
    pub fn cited(&self, world: &World) -> String {
        match &self.source {
            Some(source) => format!("{} [{}]", self.text, world.cite(source)),
            None => self.text.clone(),
        }
    }
}

/// An answer and what it stood on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Yes or no.
    pub holds: bool,
    /// The facts behind it; empty where the absence of any decides.
    pub stands_on: Vec<FactRef>,
}

/// A question as a rule asks it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Question {
    /// The word.
    pub word: &'static str,
    /// Its arguments, in words.
    pub arguments: Vec<String>,
}

impl std::fmt::Display for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}({})", self.word, self.arguments.join(", "))
    }
}

/// One entry of the read log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// As asked.
    pub question: Question,
    /// What was answered, and the facts it stood on.
    pub answer: Answer,
    /// Line and column in the script, counted from 1; zero where the guard asked.
    pub position: (usize, usize),
}
