//! One affected state of one case, after every cell was judged: where a question is asked outside any rule.

use std::rc::Rc;
use std::sync::Arc;

use super::board::{Board, asked};
use super::once::Once;
use super::{Memory, Options, UnknownAccount, accounts};
use crate::ask::{Chosen, Scope, Situation};
use crate::date::Day;
use crate::load::Loaded;
use crate::rules::{Answers, RuleSet};
use crate::world::{Id, World};

/// A situation with everything that a rule of the last stage may read.
pub struct Standpoint {
    situation: Situation,
    board: Rc<Board>,
    /// The account under which the case is told, where it has several.
    pub account: Option<Id>,
    /// The day: the first of those that the date may mean.
    pub day: Day,
}

impl Standpoint {
    /// Runs every stage up to the cells, and stands at one affected state of one case; `None`: there is no such case or
    /// state under that account.
    ///
    /// Errors: an account that no case has.
    pub fn new(
        loaded: &Loaded,
        rules: &RuleSet,
        options: &Options,
        case: &str,
        state: &str,
    ) -> Result<Option<Self>, UnknownAccount> {
        let scenario = Arc::new(loaded.scenario.clone());
        let account = accounts(&scenario, &loaded.world, options)?.into_iter().next().flatten();
        let day = options.as_of.unwrap_or(scenario.date).first();
        let memory = Rc::new(Memory::new(&loaded.world));
        let once = Once::new(loaded, &scenario, rules, options, day, account.clone(), &memory);
        let found = once.standing(case, &Scope::State(state.to_owned()));
        Ok(found.map(|(situation, board)| Standpoint { situation, board, account, day }))
    }

    /// The situation's id, as results print it: `case/STATE`.
    pub fn id(&self) -> String {
        self.situation.id()
    }

    /// The world.
    pub fn world(&self) -> &Arc<World> {
        &self.situation.view.world
    }

    /// Answers to questions, with some free facts chosen.
    pub fn answers(&self, chosen: &Chosen) -> Rc<dyn Answers> {
        asked(self.situation.under(chosen), &self.board)
    }
}
