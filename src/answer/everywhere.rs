//! The answers of every cell in every variant of a world, without what is concluded from them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::candidate::TOO_MANY;
use super::once::Once;
use super::report::AnswerKind;
use super::{Memory, Options, UnknownAccount, accounts, failing};
use crate::diagram::{Diagram, TooManyNodes};
use crate::load::Loaded;
use crate::rules::RuleSet;
use crate::world::Id;

/// A cell's answers, one for each way of using the levers; `None` where it is not called for.
#[derive(Clone, Debug)]
pub struct CellAnswers {
    /// The account, where there are several.
    pub account: Option<Id>,
    /// The case.
    pub case: Id,
    /// The affected state.
    pub state: Id,
    /// The function.
    pub function: Id,
    /// On paper.
    pub on_paper: Diagram<Option<AnswerKind>>,
    /// Available.
    pub available: Diagram<Option<AnswerKind>>,
    /// The answers on paper and available in every world, on the first day, whatever is not settled.
    pub worlds: [Diagram<AnswerKind>; 2],
    /// Whether it hangs on more than can be tried, and is open in some world for that reason alone.
    pub capped: bool,
}

impl CellAnswers {
    /// `case/STATE/function`.
    pub fn id(&self) -> String {
        format!("{}/{}/{}", self.case, self.state, self.function)
    }
}

/// Every cell, by account and id. Where the days that a date may mean differ, a cell is open.
///
/// Errors: an account that no case has. Past the cap of nodes a cell is open in every world.
pub fn everywhere(loaded: &Loaded, rules: &RuleSet, options: &Options) -> Result<Vec<CellAnswers>, UnknownAccount> {
    let scenario = Arc::new(loaded.scenario.clone());
    let date = options.as_of.unwrap_or(scenario.date);
    let several: BTreeSet<&Id> =
        scenario.cases.iter().filter(|case| !case.accounts.is_empty()).map(|case| &case.id).collect();
    let memory = Rc::new(Memory::new(&loaded.world));
    let mut cells: BTreeMap<(Option<Id>, [Id; 3]), (CellAnswers, Id)> = BTreeMap::new();
    let mut gave_up: BTreeSet<Id> = BTreeSet::new();
    for account in accounts(&scenario, &loaded.world, options)? {
        let mut day = date.first();
        loop {
            let once = Once::new(loaded, &scenario, rules, options, day, account.clone(), &memory);
            let mut today = BTreeMap::new();
            once.answers(&mut |case, [threat, state, function], needed, judged| {
                let worlds = judged.each_ref().map(|judged| judged.worlds.clone());
                // A case that nobody tells otherwise comes out the same under each account: it is listed once.
                let told_by = account.clone().filter(|_| several.contains(&case.id));
                let mut capped = worlds.iter().any(|own| own.deciding().contains_key(TOO_MANY));
                let [on_paper, available] = judged.map(|judged| {
                    called_for(&needed, &judged.answers).unwrap_or_else(|_| {
                        capped = true;
                        Diagram::leaf(Some(AnswerKind::Open))
                    })
                });
                // No world of its own is open: such a leaf stands for a diagram that would have been too large.
                capped |= worlds.iter().any(|own| own.leaves().contains(&AnswerKind::Open));
                let own = [&case.id, state, function].map(str::to_owned);
                let [case, state, function] = own.clone();
                let cell = CellAnswers {
                    account: told_by.clone(),
                    case,
                    state,
                    function,
                    on_paper,
                    available,
                    worlds,
                    capped,
                };
                today.insert((told_by, own), (cell, threat.to_owned()));
            });
            gave_up.append(&mut once.stages.gave_up.borrow_mut());
            for (key, (cell, _)) in &mut cells {
                if let Some((other, _)) = today.get(key) {
                    cell.on_paper = either_day(&cell.on_paper, &other.on_paper);
                    cell.available = either_day(&cell.available, &other.available);
                }
            }
            if day == date.first() {
                for (key, cell) in today {
                    cells.entry(key).or_insert(cell);
                }
            }
            match once.view.today.horizon().until.filter(|next| *next <= date.last()) {
                Some(next) => day = next,
                None => break,
            }
        }
    }
    // What a rule that cannot be used might speak to is open, in every world.
    let mut found: Vec<CellAnswers> = Vec::new();
    for (mut cell, threat) in cells.into_values() {
        let given_up = gave_up.iter().any(|rule| speaks_to(rules, rule, loaded, &threat));
        cell.capped |= given_up;
        if given_up || !failing(rules, &loaded.world, &threat, &cell.function).is_empty() {
            cell.on_paper = Diagram::leaf(Some(AnswerKind::Open));
            cell.available = Diagram::leaf(Some(AnswerKind::Open));
        }
        found.push(cell);
    }
    Ok(found)
}

type Answers = Diagram<Option<AnswerKind>>;

/// Open where two days differ; where a later day does not call for it, the first day's answer stands.
fn either_day(first: &Answers, later: &Answers) -> Answers {
    let joined = first.join(later, |a, b| match (a, b) {
        (Some(one), Some(two)) if one != two => Some(AnswerKind::Open),
        _ => *a,
    });
    joined.unwrap_or_else(|_| Diagram::leaf(Some(AnswerKind::Open)))
}

/// Whether a rule may speak to a threat.
fn speaks_to(rules: &RuleSet, rule: &str, loaded: &Loaded, threat: &str) -> bool {
    let Some(rule) = rules.rules.get(rule) else { return false };
    rule.threats.is_empty() || rule.threats.iter().any(|wide| loaded.world.threats.is_a(threat, wide))
}

/// The answers where the cell is called for in some world that the levers leave, `None` elsewhere.
fn called_for(
    needed: &Diagram<bool>,
    answers: &Diagram<AnswerKind>,
) -> Result<Diagram<Option<AnswerKind>>, TooManyNodes> {
    use crate::ask::Free;
    let needed = needed.possible(&[Free::Disputed, Free::Unknown, Free::Undecided])?;
    let wanted = needed.map(|outcomes| outcomes.contains(&true).then_some(AnswerKind::Gap));
    wanted.join(&answers.map(|answer| Some(*answer)), |wanted, answer| wanted.and(*answer))
}
