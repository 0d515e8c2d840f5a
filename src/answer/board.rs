//! What later rules may read of earlier conclusions: derived facts, needs, and what each cell came to.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::candidate::{Outcome, Position};
use crate::ask::{Chosen, Known, Positions, Question, Reply, Situation, Standing, Tree};
use crate::rules::Answers;
use crate::world::{Id, Need, Step};

/// A position decided in every world.
pub(super) type Decided = Rc<Tree<Position>>;

/// A need with whoever states it, decided in every world.
pub(super) type DecidedNeed = (Id, Option<Need>, Decided);

/// A derived fact of one affected state, or of the case as a whole.
pub(super) type Derived = (Option<Id>, Decided);

/// Conclusions of earlier stages, as later rules read them.
#[derive(Clone, Default)]
pub(super) struct Board {
    /// Derived facts by case and question, each for one affected state or for the case.
    pub(super) questions: BTreeMap<(usize, Id), Vec<Derived>>,
    /// Needs by case and affected state, each with its function.
    pub(super) needs: BTreeMap<(usize, Id), Vec<(Id, Decided)>>,
    pub(super) cells: BTreeMap<(usize, Id, Id), CellSummary>,
}

/// What later rules may know of a cell.
#[derive(Clone, Debug, Default)]
pub(super) struct CellSummary {
    pub(super) on_paper: (String, Vec<String>),
    pub(super) available: (String, Vec<String>),
    pub(super) holders: BTreeMap<Id, HolderSummary>,
    /// Lines that surely pass on paper, and lines that may.
    pub(super) lines: (usize, usize),
}

/// What later rules may know of a holder in a cell.
#[derive(Clone, Debug)]
pub(super) struct HolderSummary {
    pub(super) on_paper: Standing,
    pub(super) available: Standing,
    pub(super) stopped: BTreeMap<Step, Standing>,
    pub(super) excluded_by_text: Standing,
    pub(super) duty_available: Standing,
}

fn standing(tree: &Tree<Position>, chosen: &Chosen) -> Known<Standing> {
    Ok(match tree.walk(chosen)?.outcome {
        Outcome::Passes => Standing::Yes,
        Outcome::Stops => Standing::No,
        Outcome::Undecided => Standing::Undecided,
    })
}

/// Yes if any is, undecided if any may be.
fn any(standings: impl IntoIterator<Item = Known<Standing>>) -> Known<Standing> {
    let mut best = Standing::No;
    for standing in standings {
        match standing? {
            Standing::Yes => return Ok(Standing::Yes),
            Standing::Undecided => best = Standing::Undecided,
            Standing::No => {}
        }
    }
    Ok(best)
}

impl Board {
    fn cell(&self, situation: &Situation, state: &str, function: &str) -> Option<&CellSummary> {
        self.cells.get(&(situation.case?, state.to_owned(), function.to_owned()))
    }

    fn holder(&self, situation: &Situation, state: &str, holder: &str, function: &str) -> Option<&HolderSummary> {
        self.cell(situation, state, function)?.holders.get(holder)
    }
}

impl Positions for Board {
    fn established(&self, situation: &Situation, question: &str) -> Known<Standing> {
        let Some(case) = situation.case else {
            return Ok(Standing::No);
        };
        let found = self.questions.get(&(case, question.to_owned()));
        let here = |state: &Option<Id>| {
            state.is_none() || situation.state().is_none() || state.as_deref() == situation.state()
        };
        any(found
            .into_iter()
            .flatten()
            .filter(|(state, _)| here(state))
            .map(|(_, tree)| standing(tree, &situation.view.chosen)))
    }

    fn needed(&self, situation: &Situation, state: &str, function: &str) -> Known<Standing> {
        let Some(case) = situation.case else {
            return Ok(Standing::No);
        };
        let functions = &situation.view.world.functions;
        let needs = self.needs.get(&(case, state.to_owned())).into_iter().flatten();
        any(needs
            .filter(|(need, _)| functions.is_a(need, function))
            .map(|(_, tree)| standing(tree, &situation.view.chosen)))
    }

    fn concerns(&self, situation: &Situation, function: &str) -> Known<Standing> {
        let Some(case) = situation.case else {
            return Ok(Standing::No);
        };
        let functions = &situation.view.world.functions;
        let here = |state: &str| situation.state().is_none_or(|own| own == state);
        let needs =
            self.needs.iter().filter(|((of, state), _)| *of == case && here(state)).flat_map(|(_, needs)| needs);
        any(needs
            .filter(|(need, _)| functions.is_a(need, function) || functions.is_a(function, need))
            .map(|(_, tree)| standing(tree, &situation.view.chosen)))
    }

    fn stopped(&self, situation: &Situation, state: &str, holder: &str, function: &str, step: &str) -> Standing {
        match self.holder(situation, state, holder, function) {
            None if step == Step::Competence.as_str() => Standing::Yes,
            None => Standing::No,
            Some(summary) => summary
                .stopped
                .iter()
                .find(|(own, _)| own.as_str() == step)
                .map_or(Standing::No, |(_, standing)| *standing),
        }
    }

    fn climbs(&self, situation: &Situation, state: &str, holder: &str, function: &str, on_paper: bool) -> Standing {
        self.holder(situation, state, holder, function)
            .map_or(Standing::No, |summary| if on_paper { summary.on_paper } else { summary.available })
    }

    fn answered(&self, situation: &Situation, state: &str, function: &str, on_paper: bool, answer: &str) -> Standing {
        let Some(cell) = self.cell(situation, state, function) else {
            return Standing::No;
        };
        let (own, possible) = if on_paper { &cell.on_paper } else { &cell.available };
        if own == answer {
            Standing::Yes
        } else if possible.iter().any(|other| other == answer) {
            Standing::Undecided
        } else {
            Standing::No
        }
    }

    fn lines(&self, situation: &Situation, state: &str, function: &str) -> (usize, usize) {
        self.cell(situation, state, function).map_or((0, 0), |cell| cell.lines)
    }

    fn excluded_by_text(&self, situation: &Situation, state: &str, holder: &str, function: &str) -> Standing {
        self.holder(situation, state, holder, function).map_or(Standing::No, |summary| summary.excluded_by_text)
    }

    fn duty_available(&self, situation: &Situation, state: &str, holder: &str, function: &str) -> Standing {
        self.holder(situation, state, holder, function).map_or(Standing::No, |summary| summary.duty_available)
    }
}

struct Asked {
    situation: Situation,
    board: Rc<Board>,
}

impl Answers for Asked {
    fn reply(&self, question: &Question) -> Known<Reply> {
        self.situation.answer(question, self.board.as_ref())
    }
}

/// Answers in a situation, from what earlier stages concluded.
pub(super) fn asked(situation: Situation, board: &Rc<Board>) -> Rc<dyn Answers> {
    Rc::new(Asked { situation, board: board.clone() })
}
