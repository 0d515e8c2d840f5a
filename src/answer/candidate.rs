//! What a holder's text comes to: each step decided in every world, and what a range of them makes of it.

use std::rc::Rc;

use super::claims::{By, Claim};
use crate::argument::Label;
use crate::ask::{Chosen, Known, Tree, explore};
use crate::rules::Says;
use crate::world::{Id, Mandate, Step};

/// Worlds tried for one position; past it, what hangs on them is open.
pub(super) const MAX_WORLDS: usize = 4096;

/// The key of the fact that stands for more open facts than can be tried.
pub(super) const TOO_MANY: &str = "too-many-worlds";

/// What a step, or a range of them, comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// A definite stop.
    Stops,
    /// Arguments leave it undecided.
    Undecided,
    /// It passes.
    Passes,
}

impl Outcome {
    /// Which side of a position stands: what supports it, what speaks against it, or neither for sure.
    pub(super) fn of(claims: &[Claim], supports: &dyn Fn(&Says) -> Option<bool>) -> Self {
        let stands = |side: bool, wanted: Label| {
            claims.iter().any(|claim| claim.label == wanted && supports(&claim.says) == Some(side))
        };
        if stands(true, Label::Accepted) {
            Outcome::Passes
        } else if stands(false, Label::Accepted) {
            Outcome::Stops
        } else if stands(true, Label::Undecided) || stands(false, Label::Undecided) {
            Outcome::Undecided
        } else {
            Outcome::Stops
        }
    }
}

/// A decided position with the arguments behind it.
#[derive(Clone, Debug)]
pub(super) struct Position {
    pub(super) outcome: Outcome,
    /// Every argument about it, attackers included.
    pub(super) claims: Rc<Vec<Claim>>,
}

impl Position {
    /// The argument that says it best: the accepted one, a rule before a default; else the first undecided one.
    pub(super) fn decisive(&self) -> Option<&Claim> {
        let about = |claim: &&Claim| !matches!(claim.says, Says::Undercut { .. } | Says::Contests { .. });
        let wanted = if self.outcome == Outcome::Undecided { Label::Undecided } else { Label::Accepted };
        let of = |rule: bool| {
            self.claims
                .iter()
                .filter(about)
                .find(|claim| claim.label == wanted && matches!(claim.by, By::Rule(_)) == rule)
        };
        of(true).or_else(|| of(false)).or_else(|| self.claims.iter().find(about))
    }
}

/// What a holder's text comes to, step by step.
pub(super) struct Candidate {
    pub(super) holder: Id,
    pub(super) mandate: Option<Mandate>,
    /// Whether the text counts: it may come and go with levers.
    pub(super) counts: Tree<bool>,
    pub(super) steps: Vec<(Step, Rc<Tree<Position>>)>,
}

impl Candidate {
    /// What the range of steps comes to in one world: a definite stop settles it, else what is undecided, else it passes.
    pub(super) fn climbs(&self, range: &[Step], chosen: &Chosen) -> Known<Outcome> {
        if !*self.counts.walk(chosen)? {
            return Ok(Outcome::Stops);
        }
        let mut outcome = Outcome::Passes;
        // Steps that hang on nothing come first: a stop there spares asking for free facts.
        for settled in [true, false] {
            for (step, tree) in &self.steps {
                if !range.contains(step) || matches!(tree.as_ref(), Tree::Leaf(_)) != settled {
                    continue;
                }
                match tree.walk(chosen)?.outcome {
                    Outcome::Stops => return Ok(Outcome::Stops),
                    Outcome::Undecided => outcome = Outcome::Undecided,
                    Outcome::Passes => {}
                }
            }
        }
        Ok(outcome)
    }

    /// The range in every world.
    pub(super) fn range(&self, range: &[Step]) -> Option<Tree<Outcome>> {
        explore(MAX_WORLDS, &mut |chosen| self.climbs(range, chosen)).ok().map(|tree| tree.reduced(&|outcome| *outcome))
    }
}
