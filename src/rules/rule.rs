//! A rule, what it may say, and what one run of it left behind.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::ask::Read;
use crate::ask::vocabulary::{Each, Stage};
use crate::diagnostic::Place;
use crate::world::{Hedge, Id, Step, Word};

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the word of the vocabulary with its arguments")]
pub enum Says {
    Establishes { question: Id },
    Needs { function: Id },
    NotNeeded { function: Id },
    Passes { holder: Id, function: Id, step: Step },
    Stops { holder: Id, function: Id, step: Step, why: String },
    Finds { verdict: Id, why: String },
    FlagGap { function: Id, why: String },
    FlagOverlap { function: Id, holders: [Id; 2], why: String },
    Asserts { proposition: Id },
    Denies { proposition: Id },
    Recommends { what_if: Id },
    Undercut { rule: Id },
    Contests { rule: Id },
}

impl Says {
    /// The saying of that word; `None` if it says nothing, or takes other arguments.
    pub fn new(word: &str, arguments: &[String]) -> Option<Self> {
        let at = |index: usize| arguments.get(index).cloned();
        Some(match word {
            "establishes" => Says::Establishes { question: at(0)? },
            "needs" => Says::Needs { function: at(0)? },
            "not_needed" => Says::NotNeeded { function: at(0)? },
            "passes" => Says::Passes { holder: at(0)?, function: at(1)?, step: Step::parse(arguments.get(2)?)? },
            "stops" => {
                Says::Stops { holder: at(0)?, function: at(1)?, step: Step::parse(arguments.get(2)?)?, why: at(3)? }
            }
            "finds" => Says::Finds { verdict: at(0)?, why: at(1)? },
            "flag_gap" => Says::FlagGap { function: at(0)?, why: at(1)? },
            "flag_overlap" => {
                let mut holders = [at(1)?, at(2)?];
                holders.sort();
                Says::FlagOverlap { function: at(0)?, holders, why: at(3)? }
            }
            "asserts" => Says::Asserts { proposition: at(0)? },
            "denies" => Says::Denies { proposition: at(0)? },
            "recommends" => Says::Recommends { what_if: at(0)? },
            "undercut" => Says::Undercut { rule: at(0)? },
            "contests" => Says::Contests { rule: at(0)? },
            _ => return None,
        })
    }

    /// The word and its arguments, in its order, as a rule writes them; a reason that is not asked for is left out.
    pub fn written(&self, with_reason: bool) -> String {
        let (word, mut arguments, why) = match self {
            Says::Establishes { question } => ("establishes", vec![question], None),
            Says::Needs { function } => ("needs", vec![function], None),
            Says::NotNeeded { function } => ("not_needed", vec![function], None),
            Says::Passes { holder, function, step } => {
                return format!("passes({holder}, {function}, {step})");
            }
            Says::Stops { holder, function, step, why } => {
                let why = if with_reason { format!(", {why:?}") } else { String::new() };
                return format!("stops({holder}, {function}, {step}{why})");
            }
            Says::Finds { verdict, why } => ("finds", vec![verdict], Some(why)),
            Says::FlagGap { function, why } => ("flag_gap", vec![function], Some(why)),
            Says::FlagOverlap { function, holders: [a, b], why } => ("flag_overlap", vec![function, a, b], Some(why)),
            Says::Asserts { proposition } => ("asserts", vec![proposition], None),
            Says::Denies { proposition } => ("denies", vec![proposition], None),
            Says::Recommends { what_if } => ("recommends", vec![what_if], None),
            Says::Undercut { rule } => ("undercut", vec![rule], None),
            Says::Contests { rule } => ("contests", vec![rule], None),
        };
        let why = why.filter(|_| with_reason).map(|why| format!("{why:?}"));
        arguments.extend(&why);
        let arguments: Vec<&str> = arguments.into_iter().map(String::as_str).collect();
        format!("{word}({})", arguments.join(", "))
    }

    /// The position, as results print it.
    pub fn position(&self) -> String {
        match self {
            Says::Establishes { question } => format!("establishes {question}"),
            Says::Needs { function } => format!("needs {function}"),
            Says::NotNeeded { function } => format!("does not need {function}"),
            Says::Passes { holder, function, step } => format!("{holder} passes {step} for {function}"),
            Says::Stops { holder, function, step, .. } => format!("{holder} stops at {step} for {function}"),
            Says::Finds { verdict, .. } => format!("finds {verdict}"),
            Says::FlagGap { function, .. } => format!("sees a gap in {function}"),
            Says::FlagOverlap { function, holders, .. } => {
                format!("sees an overlap of {} and {} in {function}", holders[0], holders[1])
            }
            Says::Asserts { proposition } => format!("asserts {proposition}"),
            Says::Denies { proposition } => format!("denies {proposition}"),
            Says::Recommends { what_if } => format!("recommends {what_if}"),
            Says::Undercut { rule } => format!("undercuts {rule}"),
            Says::Contests { rule } => format!("contests {rule}"),
        }
    }
}

/// One emission of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emission {
    /// What is said.
    pub says: Says,
    /// Line and column in the script.
    pub position: (usize, usize),
    /// Whether the path to it met something undecided: then its argument attacks itself.
    pub tainted: bool,
}

/// One run of a rule: what it asked, what it said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The read log, guard first; shared by every argument of the run.
    pub reads: Rc<Vec<Read>>,
    /// What was said.
    pub says: Vec<Emission>,
    /// Judgements that nobody made and that silenced it.
    pub not_judged: BTreeSet<Id>,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id: the function's name with hyphens.
    pub id: Id,
    /// The function's name.
    pub function: String,
    /// Its doc comment, without tags.
    pub doc: String,
    /// What else its author tells the reader.
    pub notes: Vec<String>,
    /// Whose argument it is.
    pub source: Id,
    /// Where in the source.
    pub at: Option<String>,
    /// Speaks only to these threats and their kinds; empty: any.
    pub threats: Vec<Id>,
    /// Speaks only where one of these functions is at stake; empty: any.
    pub functions: Vec<Id>,
    /// What it runs for.
    pub each: Each,
    /// Strict or defeasible.
    pub strict: bool,
    /// Rules that it is declared to prevail over, with the reason.
    pub overrides: BTreeMap<Id, String>,
    /// The claims that it realises.
    pub claims: Vec<Id>,
    /// How firmly its author speaks.
    pub hedge: Hedge,
    /// The stage of what it says; for a rule that only attacks others, that of its first target.
    pub stage: Stage,
    /// Whether it says nothing of its own and only attacks other rules.
    pub only_attacks: bool,
    /// Holders it names in `passes` and `stops`; `None`: it may name any.
    pub holders: Option<BTreeSet<Id>>,
    /// Rules that it may undercut or contest.
    pub targets: BTreeSet<Id>,
    /// Where the function stands.
    pub place: Place,
    /// Index of its file.
    pub(super) file: usize,
}
