//! What hangs on single facts: how many answers move when one is taken away, and what each lever holds up.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::report::{AnswerKind, Judged};
use crate::answer::{CellAnswers, Evaluated, Options, UnknownAccount, everywhere};
use crate::change::{Change, Lexicon};
use crate::diagnostic::Place;
use crate::diagram::{Diagram, shares};
use crate::levers::Cell;
use crate::load::{Loaded, facts};
use crate::repair::target;
use crate::rules::RuleSet;
use crate::timeline::told;
use crate::what_if::{Consent, apply, many};
use crate::world::{Fact, Id};

/// A dated fact and the answers that hang on it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Pivot {
    /// The row's id.
    pub fact: String,
    /// What it says, in a few words.
    pub text: String,
    /// Its source.
    pub source: Option<String>,
    /// Where in the source.
    pub locator: Option<String>,
    /// Answers that are not what they were once it is gone.
    pub moves: Vec<PivotMove>,
}

/// An answer that moves when a fact is taken away.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct PivotMove {
    /// `case/STATE/function`.
    pub cell: String,
    /// The account.
    pub account: Option<String>,
    /// How it is judged.
    pub judged: Judged,
    /// The answer with the fact; `None`: not called for.
    pub was: Option<AnswerKind>,
    /// The answer without it.
    pub now: Option<AnswerKind>,
}

/// The facts that were met, those on which most answers hang first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Pivots {
    /// Answers, each cell counted on paper and available.
    pub answers: usize,
    /// Facts that an answer hangs on alone.
    pub facts: Vec<Pivot>,
    /// Facts that were met and on which no answer hangs alone.
    pub others: usize,
}

/// A lever and its share in making a need available.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LeverShare {
    /// The sentence.
    pub change: String,
    /// The value of Shapley (1953).
    pub shapley: f64,
    /// The value of Banzhaf (1965), not normalised.
    pub banzhaf: f64,
    /// Who would have to agree.
    pub consent: Vec<Consent>,
}

/// The dated rows that the arguments of an evaluation stand on.
fn met(evaluated: &Evaluated, loaded: &Loaded) -> Vec<Fact> {
    let mut places: BTreeSet<Place> = BTreeSet::new();
    let mut mandates: BTreeSet<&Id> = BTreeSet::new();
    for trace in &evaluated.traces {
        for cell in trace.cells.values() {
            for row in &cell.rows {
                mandates.extend(&row.mandate);
                for claim in row.steps.iter().flat_map(|step| &step.worlds).flat_map(|(_, _, claims)| claims.iter()) {
                    let reads = claim.reads.iter().flat_map(|read| &read.answer.stands_on);
                    places.extend(claim.facts.iter().chain(reads).filter_map(|fact| fact.place.clone()));
                }
            }
        }
    }
    let own = |fact: &Fact| mandates.contains(&fact.id) || (places.contains(&fact.place) && fact.place.end > 0);
    let found: BTreeMap<&Id, &Fact> =
        facts(&loaded.world).map(|(_, fact)| fact).filter(|fact| own(fact)).map(|fact| (&fact.id, fact)).collect();
    found.into_values().cloned().collect()
}

type Answers = BTreeMap<(Option<Id>, String, Judged), Option<AnswerKind>>;

fn answers(cells: &[CellAnswers], of: &dyn Fn(&Diagram<Option<AnswerKind>>) -> Option<AnswerKind>) -> Answers {
    let mut all = Answers::new();
    for cell in cells {
        all.insert((cell.account.clone(), cell.id(), Judged::OnPaper), of(&cell.on_paper));
        all.insert((cell.account.clone(), cell.id(), Judged::Available), of(&cell.available));
    }
    all
}

/// Takes each fact away in turn that an argument stands on; `progress` is told how many of how many are done.
///
/// Errors: an account that no case has.
pub fn pivots(
    loaded: &Loaded,
    rules: &RuleSet,
    options: &Options,
    lexicon: &Lexicon,
    evaluated: &Evaluated,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Pivots, UnknownAccount> {
    let settled = |diagram: &Diagram<Option<AnswerKind>>| {
        diagram.walk(&BTreeMap::new()).map_or(Some(AnswerKind::Open), |answer| *answer)
    };
    let before = answers(&everywhere(loaded, rules, options)?, &settled);
    let met = met(evaluated, loaded);
    let count = met.len();
    let mut found = Vec::new();
    for (done, fact) in met.into_iter().enumerate() {
        progress(done, count);
        let Ok(gone) = Change::parse(&format!("drop fact {}", fact.id), lexicon) else { continue };
        let without = apply(loaded, options, &[gone]);
        let after = answers(&everywhere(&without.loaded, rules, &without.options)?, &settled);
        let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
        let moves: Vec<PivotMove> = keys
            .into_iter()
            .filter_map(|key| {
                let (was, now) = (before.get(key).copied().flatten(), after.get(key).copied().flatten());
                let (account, cell, judged) = key.clone();
                (was != now).then_some(PivotMove { cell, account, judged, was, now })
            })
            .collect();
        if !moves.is_empty() {
            found.push(Pivot {
                text: format!("{} ({})", told(&loaded.world, &fact.id), fact.held),
                source: Some(fact.source.clone()).filter(|source| !source.is_empty()),
                locator: fact.locator.clone(),
                fact: fact.id,
                moves,
            });
        }
    }
    progress(count, count);
    let others = count - found.len();
    found.sort_by(|a, b| (b.moves.len(), &a.fact).cmp(&(a.moves.len(), &b.fact)));
    Ok(Pivots { answers: before.len(), facts: found, others })
}

/// What each lever holds up of a need, over every combination of the levers that can turn it; the largest share first.
///
/// `None`: some of the changes are no matter of rows, or the diagram has too many nodes.
/// Errors: an account that no case has.
pub fn lever_shares(
    loaded: &Loaded,
    rules: &RuleSet,
    options: &Options,
    needs: &BTreeSet<Cell>,
    judged: Judged,
    changes: &[Change],
) -> Result<Option<Vec<LeverShare>>, UnknownAccount> {
    let Ok(many) = many(loaded, options, changes) else { return Ok(None) };
    let all = everywhere(&many.loaded, rules, options)?;
    let Ok(target) = target(&all, needs, judged) else { return Ok(None) };
    let mut shares: Vec<LeverShare> = shares(&target, &|fact, choice| many.changes(fact, choice))
        .into_iter()
        .filter_map(|(number, share)| {
            let change = changes.get(number)?;
            let effects = apply(loaded, options, std::slice::from_ref(change)).effects;
            Some(LeverShare {
                change: change.to_string(),
                shapley: share.shapley,
                banzhaf: share.banzhaf,
                consent: effects.into_iter().flat_map(|effect| effect.consent).collect(),
            })
        })
        .filter(|share| share.shapley.abs() + share.banzhaf.abs() > 0.0)
        .collect();
    shares.sort_by(|a, b| b.shapley.total_cmp(&a.shapley).then_with(|| a.change.cmp(&b.change)));
    Ok(Some(shares))
}
