//! The register of a pack: what its papers claim, where they part, where they are wrong on a fact, what its words mean.
//!
//! Nothing here decides a case. The register says what each rule stands for, and is held against what rules do.

use std::collections::BTreeMap;

use super::terms::words;
use super::{Ascribed, AttackerKind, Execution, Force, Hedge, Id, MatrixColumn, MatrixRow, Standing, Step, Word};
use crate::date::PartialDate;
use crate::diagnostic::Place;

/// Everything a pack keeps about its papers beside the facts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Register {
    /// What papers claim.
    pub claims: BTreeMap<Id, Claim>,
    /// Where they part.
    pub disagreements: BTreeMap<Id, Disagreement>,
    /// Facts in two versions.
    pub discrepancies: BTreeMap<Id, Discrepancy>,
    /// What papers say that bodies are there for.
    pub ascribed: BTreeMap<Id, Ascribed>,
    /// Rows of the matrix, in the order of the files.
    pub matrix_rows: Vec<MatrixRow>,
    /// Columns of the matrix, in the order of the files.
    pub matrix_columns: Vec<MatrixColumn>,
    /// Definitions of the words of the closed lists, by list and value.
    pub codes: BTreeMap<(CodeList, String), Code>,
}

/// An argument of a paper.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Its id, which rules name with `@claim`.
    pub id: Id,
    /// The paper.
    pub source: Id,
    /// Where in the paper.
    pub locator: String,
    /// What kind of argument it is.
    pub kind: ClaimKind,
    /// How firmly the author speaks.
    pub hedge: Hedge,
    /// The gist, in words of the register's own.
    pub text: String,
    /// What can be done with it.
    pub usage: ClaimUse,
    /// Why no rule realises it.
    pub reason: Option<String>,
    /// Where it shows.
    pub shown: Vec<Shown>,
    /// Where it stands in the files.
    pub place: Place,
}

/// A place where an argument of a claim's rules stands, and what takes it away.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The scenario.
    pub scenario: Id,
    /// A proposition, a what-if, a situation, or a situation and a function.
    pub at: String,
    /// Under this account.
    pub account: Option<Id>,
    /// Through these lenses.
    pub lens: Vec<Id>,
    /// On this day.
    pub as_of: Option<PartialDate>,
    /// Changes after which it no longer stands there.
    pub gone: Vec<Sentence>,
    /// A remark.
    pub note: Option<String>,
    /// Where it stands in the files.
    pub place: Place,
}

/// A sentence of a file with its place: a change in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The words.
    pub text: String,
    /// Where they stand.
    pub place: Place,
}

/// A question on which papers part.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// Its id.
    pub id: Id,
    /// The question.
    pub question: String,
    /// How they part.
    pub text: String,
    /// Who attacks whom.
    pub attacks: Vec<ClaimAttack>,
    /// Where it stands in the files.
    pub place: Place,
}

/// One claim against another.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimAttack {
    /// The claims that attack.
    pub from: Vec<Id>,
    /// The claims attacked.
    pub on: Vec<Id>,
    /// How.
    pub kind: AttackKind,
    /// The scenario in which it can be seen.
    pub scenario: Option<Id>,
    /// Through these lenses.
    pub lens: Vec<Id>,
    /// Under this account.
    pub account: Option<Id>,
    /// On this day.
    pub as_of: Option<PartialDate>,
    /// The fact in two versions that it rests on.
    pub discrepancy: Option<Id>,
    /// Why it cannot be seen in a scenario.
    pub reason: Option<String>,
    /// Where it stands in the files.
    pub place: Place,
}

/// A fact that a paper states otherwise than the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Discrepancy {
    /// Its id.
    pub id: Id,
    /// What collides.
    pub text: String,
    /// Rows that state the paper's version.
    pub claimed: Vec<Id>,
    /// Rows of the record.
    pub record: Vec<Id>,
    /// Claims that rest on it.
    pub claims: Vec<Id>,
    /// Why no dated row stands behind it.
    pub reason: Option<String>,
    /// Where it stands in the files.
    pub place: Place,
}

/// What a word of a closed list means.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// The definition.
    pub definition: String,
    /// When to use it.
    pub inclusion: String,
    /// What looks like it and is not.
    pub near_miss: String,
    /// A clause that it fits.
    pub example: String,
}

words! {
    /// What kind of argument a claim is.
    ClaimKind {
        /// Who may do what.
        Mandate = "mandate",
        /// What nobody does.
        Gap = "gap",
        /// What several do.
        Overlap = "overlap",
        /// Who relies on whom.
        Dependency = "dependency",
        /// What works.
        Effectiveness = "effectiveness",
        /// What does not.
        Limitation = "limitation",
        /// Who acts with whom.
        Coordination = "coordination",
        /// What ought to be done.
        Prescription = "prescription",
        /// What will come.
        Forecast = "forecast",
        /// What brings about what.
        Causal = "causal",
        /// What a legal or a general concept says.
        Norm = "norm",
    }
}

words! {
    /// What can be done with a claim.
    ClaimUse {
        /// A rule follows from facts alone.
        Rule = "rule",
        /// A rule needs a value that somebody judges.
        Judgement = "judgement",
        /// No rule: background.
        Context = "context",
    }
}

words! {
    /// How one claim attacks another.
    AttackKind {
        /// The opposite conclusion.
        Rebut = "rebut",
        /// The premises do not carry the conclusion.
        Undercut = "undercut",
        /// A premise is denied.
        Undermine = "undermine",
    }
}

words! {
    /// The closed lists whose words a codebook defines, beside a pack's own functions.
    CodeList {
        /// What a text does to its holder.
        Force = "force",
        /// Whose hands act.
        Execution = "execution",
        /// The ladder.
        Step = "step",
        /// How far a member takes part.
        Standing = "standing",
        /// Who carried out the attack.
        Attacker = "attacker",
    }
}

impl CodeList {
    /// The words of the list.
    pub fn values(self) -> &'static [&'static str] {
        match self {
            CodeList::Force => Force::WORDS,
            CodeList::Execution => Execution::WORDS,
            CodeList::Step => Step::WORDS,
            CodeList::Standing => Standing::WORDS,
            CodeList::Attacker => AttackerKind::WORDS,
        }
    }
}
