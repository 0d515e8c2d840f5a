//! Answers as a test gives them: what it lists, what follows from that, and what it says of everything else.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::RuleTest;
use crate::ask::{Answer, Chosen, Known, Question, Reply};
use crate::rules::{Answers, Rule, implied, key_of};
use crate::world::World;

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The test lists it.
    Listed,
    /// It follows from what is listed.
    Implied,
    /// The guard is taken as satisfied.
    Assumed,
    /// `otherwise` says so.
    Otherwise,
    /// Nothing says so: it may not be asked.
    Unlisted,
}

/// The answers of one test.
pub(super) struct Listed {
    world: Arc<World>,
    otherwise: Option<bool>,
    listed: BTreeSet<Question>,
    assumed: BTreeSet<Question>,
    /// Everything answered so far: later answers have to agree with it.
    chosen: RefCell<Chosen>,
    beyond: RefCell<BTreeSet<Question>>,
}

impl Listed {
    /// The answers of a test. Where it says nothing of the rule's guard, the guard is taken as satisfied.
    pub(super) fn new(test: &RuleTest, rule: &Rule, world: &Arc<World>) -> Rc<Self> {
        let answer = |own: &super::Given| (key_of(&own.question), usize::from(own.holds));
        let mut chosen: Chosen = test.given.iter().map(answer).collect();
        let mut assumed = BTreeSet::new();
        for (word, ids) in rule.guards() {
            let questions: Vec<Question> =
                ids.iter().map(|id| Question { word, arguments: vec![id.clone()] }).collect();
            let known: Vec<Option<bool>> = questions.iter().map(|own| implied(world, &chosen, own)).collect();
            let mut open = !known.contains(&Some(true));
            for (question, _) in questions.into_iter().zip(known).filter(|(_, known)| known.is_none()) {
                chosen.insert(key_of(&question), usize::from(open));
                assumed.insert(question);
                open = false;
            }
        }
        Rc::new(Listed {
            world: world.clone(),
            otherwise: test.otherwise,
            listed: test.given.iter().map(|own| own.question.clone()).collect(),
            assumed,
            chosen: RefCell::new(chosen),
            beyond: RefCell::default(),
        })
    }

    /// Where the answer to a question came from.
    pub(super) fn origin(&self, question: &Question) -> Origin {
        if self.listed.contains(question) {
            Origin::Listed
        } else if self.assumed.contains(question) {
            Origin::Assumed
        } else if self.beyond.borrow().contains(question) {
            if self.otherwise.is_some() { Origin::Otherwise } else { Origin::Unlisted }
        } else {
            Origin::Implied
        }
    }
}

impl Answers for Listed {
    fn reply(&self, question: &Question) -> Known<Reply> {
        let settled = implied(&self.world, &self.chosen.borrow(), question);
        let holds = settled.unwrap_or_else(|| {
            // What may not be asked is answered no, so that everything that is missing is found in one run.
            let holds = self.otherwise.unwrap_or(false);
            self.chosen.borrow_mut().insert(key_of(question), usize::from(holds));
            self.beyond.borrow_mut().insert(question.clone());
            holds
        });
        Ok(Reply::Answer(Answer { holds, stands_on: Vec::new() }))
    }
}
