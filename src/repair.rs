//! The smallest sets of changes that make a need available: legal openings, not advice.
//!
//! Every combination of the levers is looked at as one; a set is found where the diagram of the need says so, and it is
//! smallest where no part of it would do. Exact for the levers given, up to the number of changes asked for.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::report::{AnswerKind, Judged};
use crate::answer::{CellAnswers, Options, UnknownAccount, everywhere};
use crate::change::Change;
use crate::diagram::{Diagram, TooManyNodes, minimal};
use crate::levers::Cell;
use crate::load::Loaded;
use crate::rules::RuleSet;
use crate::what_if::{Consent, Many, NotRows, apply, combinations, many};

/// Levers that are no matter of rows and are tried one combination at a time.
const MOST_APART: usize = 4;

/// Sets that are put first, because they differ most.
const VARIED: usize = 3;

/// What to repair, and how.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The cells that have to be answered, all of them, under every account.
    pub cells: BTreeSet<Cell>,
    /// Whether on paper is enough.
    pub judged: Judged,
    /// Changes that a set may have.
    pub most: usize,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Repairs {
    /// The cells, each with its account and its answer as things stand.
    pub needs: Vec<Standing>,
    /// How they are judged.
    pub judged: Judged,
    /// Changes that a set may have.
    pub most: usize,
    /// The levers that were looked at.
    pub levers: Vec<Lever>,
    /// Levers that change nothing, each with the reason.
    pub idle: Vec<[String; 2]>,
    /// Levers that could not be looked at together with the others.
    pub left_out: Vec<String>,
    /// Whether a need hangs on more combinations of these levers than can be tried, and counts as open where it does.
    pub capped: bool,
    /// Changes that stand in every set.
    pub essential: Vec<String>,
    /// The sets, those that open no other gap first, then the smaller, then by who must agree.
    pub sets: Vec<RepairSet>,
    /// The numbers, from 0, of a few sets that differ most.
    pub varied: Vec<usize>,
}

/// How a cell stands.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Standing {
    /// `case/STATE/function`.
    pub cell: String,
    /// The account.
    pub account: Option<String>,
    /// The answer; `None`: not called for.
    pub answer: Option<AnswerKind>,
}

/// A change that may be made or left.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Lever {
    /// The sentence.
    pub change: String,
    /// Who would have to agree.
    pub consent: Vec<Consent>,
    /// Sets that hold it.
    pub sets: usize,
}

/// Changes that together make the need available, and of which none can be left out.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RepairSet {
    /// The sentences.
    pub changes: Vec<String>,
    /// How many states and bodies would have to agree, as far as recorded.
    pub agree: usize,
    /// Laws and statuses that stand in the way.
    pub bars: usize,
    /// The needs after them.
    pub needs: Vec<Standing>,
    /// Gaps that they open elsewhere, `case/STATE/function` with how it is judged.
    pub opens: Vec<String>,
    /// Other gaps that they close.
    pub closes: Vec<String>,
}

/// One world from which the levers are looked at: some changes made beforehand.
struct View {
    made: BTreeSet<usize>,
    /// The numbers of the levers that can still be chosen.
    rest: Vec<usize>,
    many: Many,
    cells: Vec<CellAnswers>,
}

/// Finds every smallest set of at most [`Wish::most`] of the changes.
///
/// Errors: an account that no case has.
pub fn repair(
    loaded: &Loaded,
    rules: &RuleSet,
    options: &Options,
    wish: &Wish,
    changes: &[Change],
) -> Result<Repairs, UnknownAccount> {
    let mut idle = Vec::new();
    let mut levers: Vec<(Change, Vec<Consent>)> = Vec::new();
    for change in changes {
        for effect in apply(loaded, options, std::slice::from_ref(change)).effects {
            match effect.nothing {
                Some(why) => idle.push([change.to_string(), why]),
                None => levers.push((change.clone(), effect.consent)),
            }
        }
    }
    let numbers: Vec<usize> = (0..levers.len()).collect();
    let changes: Vec<Change> = levers.iter().map(|(change, _)| change.clone()).collect();
    let (views, left_out) = views(loaded, rules, options, &changes, &numbers, wish.most)?;
    let mut sets: BTreeSet<(usize, BTreeSet<usize>)> = BTreeSet::new();
    for view in &views {
        let own = |fact: &str, choice: usize| -> BTreeSet<usize> {
            view.many.changes(fact, choice).iter().filter_map(|at| view.rest.get(*at).copied()).collect()
        };
        let target = target(&view.cells, &wish.cells, wish.judged).unwrap_or_else(|_| Diagram::leaf(false));
        for set in minimal(&target, &|done| *done, &own, wish.most.saturating_sub(view.made.len())) {
            let whole: BTreeSet<usize> = set.union(&view.made).copied().collect();
            sets.insert((whole.len(), whole));
        }
    }
    let mut smallest: Vec<BTreeSet<usize>> = Vec::new();
    for (_, set) in sets {
        if !smallest.iter().any(|smaller| smaller.is_subset(&set)) {
            smallest.push(set);
        }
    }
    let before = answers(&views, &BTreeSet::new());
    let mut found: Vec<(RepairSet, BTreeSet<usize>)> =
        smallest.into_iter().map(|set| (repair_set(&set, &levers, &views, &before, wish), set)).collect();
    found.sort_by(|(a, _), (b, _)| {
        let key =
            |own: &RepairSet| (!own.opens.is_empty(), own.changes.len(), own.bars, own.agree, own.changes.clone());
        key(a).cmp(&key(b))
    });
    let words = |number: &usize| changes.get(*number).map(Change::to_string).unwrap_or_default();
    let everywhere = |number: &usize| !found.is_empty() && found.iter().all(|(_, set)| set.contains(number));
    Ok(Repairs {
        needs: standing(&before, wish),
        judged: wish.judged,
        most: wish.most,
        essential: numbers.iter().filter(|number| everywhere(number)).map(words).collect(),
        levers: levers
            .iter()
            .enumerate()
            .map(|(number, (change, consent))| Lever {
                change: change.to_string(),
                consent: consent.clone(),
                sets: found.iter().filter(|(_, set)| set.contains(&number)).count(),
            })
            .collect(),
        idle,
        capped: views.iter().flat_map(|view| &view.cells).any(|cell| cell.capped && wanted(cell, &wish.cells)),
        left_out: left_out.iter().map(words).collect(),
        varied: varied(&found.iter().map(|(_, set)| set).collect::<Vec<_>>()),
        sets: found.into_iter().map(|(set, _)| set).collect(),
    })
}

/// Every world from which rows can be looked at together: one, unless some levers are more than rows.
fn views(
    loaded: &Loaded,
    rules: &RuleSet,
    options: &Options,
    changes: &[Change],
    numbers: &[usize],
    most: usize,
) -> Result<(Vec<View>, BTreeSet<usize>), UnknownAccount> {
    let of = |numbers: &[usize]| -> Vec<Change> { numbers.iter().filter_map(|at| changes.get(*at).cloned()).collect() };
    let mut apart: BTreeSet<usize> = BTreeSet::new();
    let mut left_out: BTreeSet<usize> = BTreeSet::new();
    loop {
        let rest: Vec<usize> =
            numbers.iter().copied().filter(|at| !apart.contains(at) && !left_out.contains(at)).collect();
        let mut views = Vec::new();
        let mut more = BTreeSet::new();
        for made in combinations(&apart).into_iter().filter(|set| set.len() <= most) {
            let beforehand = apply(loaded, options, &of(&made.iter().copied().collect::<Vec<usize>>()));
            match many(&beforehand.loaded, &beforehand.options, &of(&rest)) {
                Ok(many) => {
                    let cells = everywhere(&many.loaded, rules, &beforehand.options)?;
                    views.push(View { made, rest: rest.clone(), many, cells });
                }
                Err(NotRows(found)) => {
                    more.extend(found.iter().filter_map(|at| rest.get(*at).copied()));
                    break;
                }
            }
        }
        if more.is_empty() {
            return Ok((views, left_out));
        }
        for number in more {
            if apart.len() < MOST_APART {
                apart.insert(number)
            } else {
                left_out.insert(number)
            };
        }
    }
}

fn answered(answer: Option<AnswerKind>) -> bool {
    matches!(answer, Some(AnswerKind::OneHolder | AnswerKind::Overlap))
}

fn judged(cell: &CellAnswers, judged: Judged) -> &Diagram<Option<AnswerKind>> {
    match judged {
        Judged::OnPaper => &cell.on_paper,
        Judged::Available => &cell.available,
    }
}

fn wanted(cell: &CellAnswers, cells: &BTreeSet<Cell>) -> bool {
    cells.contains(&(cell.case.clone(), cell.state.clone(), cell.function.clone()))
}

/// Whether every wanted cell is answered.
///
/// Errors: more nodes than the cap allows.
pub fn target(answers: &[CellAnswers], needs: &BTreeSet<Cell>, how: Judged) -> Result<Diagram<bool>, TooManyNodes> {
    let mut all = Diagram::leaf(answers.iter().any(|cell| wanted(cell, needs)));
    for cell in answers.iter().filter(|cell| wanted(cell, needs)) {
        all = all.join(&judged(cell, how).map(|answer| answered(*answer)), |one, other| *one && *other)?;
    }
    Ok(all)
}

type Answers = BTreeMap<(Option<String>, Cell, Judged), Option<AnswerKind>>;

/// Every answer after a set of changes.
fn answers(views: &[View], set: &BTreeSet<usize>) -> Answers {
    // The world in which as much as possible of the set is made beforehand: the rest of it can be chosen there.
    let fits = |view: &&View| view.made.is_subset(set) && set.difference(&view.made).all(|at| view.rest.contains(at));
    let Some(view) = views.iter().find(fits) else { return Answers::new() };
    let places: BTreeSet<usize> =
        view.rest.iter().enumerate().filter(|(_, number)| set.contains(number)).map(|(at, _)| at).collect();
    let chosen = view.many.chosen(&places);
    let mut answers = Answers::new();
    for cell in &view.cells {
        for how in [Judged::OnPaper, Judged::Available] {
            let id = (cell.case.clone(), cell.state.clone(), cell.function.clone());
            let answer = judged(cell, how).walk(&chosen).map_or(Some(AnswerKind::Open), |answer| *answer);
            answers.insert((cell.account.clone(), id, how), answer);
        }
    }
    answers
}

fn standing(answers: &Answers, wish: &Wish) -> Vec<Standing> {
    let own = answers.iter().filter(|((_, cell, how), _)| wish.cells.contains(cell) && *how == wish.judged);
    own.map(|((account, cell, _), answer)| Standing { cell: id(cell), account: account.clone(), answer: *answer })
        .collect()
}

fn id((case, state, function): &Cell) -> String {
    format!("{case}/{state}/{function}")
}

fn repair_set(
    set: &BTreeSet<usize>,
    levers: &[(Change, Vec<Consent>)],
    views: &[View],
    before: &Answers,
    wish: &Wish,
) -> RepairSet {
    let own: Vec<&(Change, Vec<Consent>)> = set.iter().filter_map(|at| levers.get(*at)).collect();
    let consents: Vec<&Consent> = own.iter().flat_map(|(_, consent)| consent).collect();
    let agreeing: BTreeSet<&String> = consents.iter().filter(|one| !one.bar).flat_map(|one| &one.ids).collect();
    let after = answers(views, set);
    let moved = |from: bool| -> Vec<String> {
        let gap = |answer: Option<&Option<AnswerKind>>| answer == Some(&Some(AnswerKind::Gap));
        let turned = after.iter().filter(|(key, answer)| {
            let own = !(wish.cells.contains(&key.1) && key.2 == wish.judged);
            own && gap(Some(answer)) != from && gap(before.get(*key)) == from
        });
        let words: BTreeSet<String> = turned
            .map(|((account, cell, how), _)| {
                let how = if *how == Judged::OnPaper { "on paper" } else { "available" };
                let account = account.as_ref().map(|account| format!(" (account {account})")).unwrap_or_default();
                format!("{}, {how}{account}", id(cell))
            })
            .collect();
        words.into_iter().collect()
    };
    RepairSet {
        changes: own.iter().map(|(change, _)| change.to_string()).collect(),
        agree: agreeing.len(),
        bars: consents.iter().filter(|one| one.bar).count(),
        needs: standing(&after, wish),
        opens: moved(false),
        closes: moved(true),
    }
}

/// A few sets, the first of them and then whichever differs most from those taken.
fn varied(sets: &[&BTreeSet<usize>]) -> Vec<usize> {
    let mut taken: Vec<usize> = Vec::new();
    while taken.len() < VARIED.min(sets.len()) {
        let apart = |set: &BTreeSet<usize>| {
            let other = taken.iter().filter_map(|at| sets.get(*at));
            other.map(|own| own.symmetric_difference(set).count()).min().unwrap_or(usize::MAX)
        };
        let next = sets
            .iter()
            .enumerate()
            .filter(|(at, _)| !taken.contains(at))
            .max_by_key(|(at, set)| (apart(set), std::cmp::Reverse(*at)));
        match next {
            Some((at, _)) => taken.push(at),
            None => break,
        }
    }
    taken
}
