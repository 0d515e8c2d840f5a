//! Two evaluations side by side: what opened, what closed, what moved, and which step of which holder moved it.
//!
//! Works on results alone: a changed world, another lens, another day and another scenario are all compared alike.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::report::{
    AnswerKind, Assessment, Evaluation, HolderResult, Judged, Judgement, StateResult, StepKind, Verdict,
};
use crate::argument::Label;
use crate::world::Step;

/// What two evaluations do not share.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Comparison {
    /// Cells that both have.
    pub cells: usize,
    /// Cells whose answer, or whose lines, are not the same.
    pub moves: Vec<Move>,
    /// Steps that come out differently without moving their cell's answer.
    pub within: Vec<Within>,
    /// Cells that only one of the two has.
    pub only: Vec<OnlyIn>,
    /// Theses and recommendations that do not stand alike.
    pub theses: Vec<ThesisMove>,
    /// Responses and overlaps that are not judged alike.
    pub verdicts: Vec<VerdictMove>,
    /// Arguments that only one of the two has, or that stand differently.
    pub arguments: Vec<ArgumentMove>,
}

impl Comparison {
    /// Whether the two say the same.
    pub fn is_empty(&self) -> bool {
        self.moves.is_empty()
            && self.within.is_empty()
            && self.only.is_empty()
            && self.theses.is_empty()
            && self.verdicts.is_empty()
            && self.arguments.is_empty()
    }
}

/// What became of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MoveKind {
    /// A gap opened.
    Opened,
    /// A gap closed: somebody answers.
    Closed,
    /// It became contested.
    Contested,
    /// A missing fact came to decide.
    Unsettled,
    /// Another number of lines answers, or other lines.
    Moved,
}

impl MoveKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            MoveKind::Opened => "opened",
            MoveKind::Closed => "closed",
            MoveKind::Contested => "became contested",
            MoveKind::Unsettled => "became open",
            MoveKind::Moved => "moved",
        }
    }
}

/// A cell that is not what it was.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Move {
    /// `case/STATE/function`.
    pub cell: String,
    /// The account, where both sides tell several.
    pub account: Option<String>,
    /// How it is judged.
    pub judged: Judged,
    /// What became of it.
    pub kind: MoveKind,
    /// The answer on the first side.
    pub was: AnswerKind,
    /// The answer on the second.
    pub now: AnswerKind,
    /// Lines that answer on the second side only.
    pub gained: Vec<String>,
    /// Lines that answer on the first side only.
    pub lost: Vec<String>,
    /// The facts on which the second side hangs.
    pub depends_on: Vec<String>,
    /// The steps that moved it.
    pub because: Vec<StepMove>,
}

/// A step of a holder that comes out differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct StepMove {
    /// The holder.
    pub holder: String,
    /// Its printed name.
    pub name: String,
    /// The step; `None`: the holder stands on one side only.
    pub step: Option<Step>,
    /// The step on the first side, with its reason.
    pub was: Option<(StepKind, String)>,
    /// The step on the second side, with its reason.
    pub now: Option<(StepKind, String)>,
    /// The rules or mandates behind it on either side.
    pub rules: Vec<String>,
}

/// Steps that moved inside a cell whose answer did not.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Within {
    /// `case/STATE/function`.
    pub cell: String,
    /// The account, where both sides tell several.
    pub account: Option<String>,
    /// The steps.
    pub steps: Vec<StepMove>,
}

/// A cell of one side.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OnlyIn {
    /// `case/STATE/function`.
    pub cell: String,
    /// The account.
    pub account: Option<String>,
    /// Whether it is the second side that has it.
    pub second: bool,
    /// The answers there, on paper and available.
    pub answers: [AnswerKind; 2],
}

/// A thesis that stands differently.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ThesisMove {
    /// Its id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Whose.
    pub source: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// How it stood; `None`: nobody spoke of it.
    pub was: Option<Label>,
    /// How it stands.
    pub now: Option<Label>,
    /// Rules that speak for or against it on one side only.
    pub rules: Vec<String>,
}

/// A response or an overlap that is judged differently.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct VerdictMove {
    /// The response or overlap.
    pub id: String,
    /// The account.
    pub account: Option<String>,
    /// Verdicts that stand on the first side only, with the rule.
    pub was: Vec<String>,
    /// Verdicts that stand on the second side only, with the rule.
    pub now: Vec<String>,
}

/// An argument that stands differently.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ArgumentMove {
    /// `rule@case/STATE`.
    pub id: String,
    /// What it says.
    pub position: String,
    /// Its source.
    pub source: String,
    /// The account.
    pub account: Option<String>,
    /// How it stood; `None`: it was not made.
    pub was: Option<Label>,
    /// How it stands.
    pub now: Option<Label>,
}

type Key = (Option<String>, String);

/// What the second evaluation says that the first does not, and the other way round.
pub fn compare(first: &Evaluation, second: &Evaluation) -> Comparison {
    let plain = [first, second].iter().all(|one| accounts(one).len() <= 1);
    let (before, after) = (cells(first, plain), cells(second, plain));
    let mut moves = Vec::new();
    let mut within = Vec::new();
    let mut only = Vec::new();
    let mut shared = 0;
    for (key, was) in &before {
        match after.get(key) {
            Some(now) => {
                shared += 1;
                let own = moved(key, was, now);
                let steps = if own.is_empty() { step_moves(was, now, |_| true, |_| true) } else { Vec::new() };
                if !steps.is_empty() {
                    within.push(Within { cell: key.1.clone(), account: key.0.clone(), steps });
                }
                moves.extend(own);
            }
            None => only.push(alone(key, was, false)),
        }
    }
    only.extend(after.iter().filter(|(key, _)| !before.contains_key(*key)).map(|(key, now)| alone(key, now, true)));
    moves.sort_by(|a, b| (a.kind, &a.cell, &a.account, a.judged).cmp(&(b.kind, &b.cell, &b.account, b.judged)));
    Comparison {
        cells: shared,
        moves,
        within,
        only,
        theses: theses(first, second, plain),
        verdicts: verdicts(first, second, plain),
        arguments: arguments(first, second, plain),
    }
}

fn accounts(evaluation: &Evaluation) -> BTreeSet<&str> {
    evaluation.cases.iter().filter_map(|case| case.account.as_deref()).collect()
}

/// An account is part of a key only where a side tells several.
fn account(own: Option<&String>, plain: bool) -> Option<String> {
    own.filter(|_| !plain).cloned()
}

fn cells(evaluation: &Evaluation, plain: bool) -> BTreeMap<Key, &StateResult> {
    let mut cells = BTreeMap::new();
    for case in &evaluation.cases {
        for need in &case.needs {
            for state in &need.states {
                let cell = format!("{}/{}/{}", case.id, state.state, need.function);
                cells.insert((account(case.account.as_ref(), plain), cell), state);
            }
        }
    }
    cells
}

fn alone(key: &Key, cell: &StateResult, second: bool) -> OnlyIn {
    let answers = [cell.on_paper.answer, cell.available.answer];
    OnlyIn { cell: key.1.clone(), account: key.0.clone(), second, answers }
}

fn moved(key: &Key, was: &StateResult, now: &StateResult) -> Vec<Move> {
    let ranges: [(Judged, &Judgement, &Judgement); 2] =
        [(Judged::OnPaper, &was.on_paper, &now.on_paper), (Judged::Available, &was.available, &now.available)];
    let mut moves = Vec::new();
    for (judged, before, after) in ranges {
        let lines = |one: &Judgement| -> BTreeSet<String> { one.lines.iter().cloned().collect() };
        let (old, new) = (lines(before), lines(after));
        if before.answer == after.answer && old == new {
            continue;
        }
        moves.push(Move {
            cell: key.1.clone(),
            account: key.0.clone(),
            judged,
            kind: kind(before.answer, after.answer),
            was: before.answer,
            now: after.answer,
            gained: new.difference(&old).cloned().collect(),
            lost: old.difference(&new).cloned().collect(),
            depends_on: after.depends_on.clone(),
            because: because(judged, was, now),
        });
    }
    moves
}

fn kind(was: AnswerKind, now: AnswerKind) -> MoveKind {
    match (was, now) {
        (same, other) if same == other => MoveKind::Moved,
        (_, AnswerKind::Gap) => MoveKind::Opened,
        (_, AnswerKind::Contested) => MoveKind::Contested,
        (_, AnswerKind::Open) => MoveKind::Unsettled,
        (AnswerKind::Gap, _) => MoveKind::Closed,
        _ => MoveKind::Moved,
    }
}

/// The steps that differ, of holders whose range comes out differently.
fn because(judged: Judged, was: &StateResult, now: &StateResult) -> Vec<StepMove> {
    let range = |holder: &HolderResult| match judged {
        Judged::OnPaper => holder.on_paper,
        Judged::Available => holder.available,
    };
    let of = |cell: &StateResult, id: &str| cell.holders.iter().find(|holder| holder.holder == id).map(range);
    let turned = |id: &str| of(was, id) != of(now, id);
    step_moves(was, now, turned, |step| judged == Judged::Available || Step::ON_PAPER.contains(&step))
}

/// The steps that differ. Where a holder has or loses its competence, nothing after it is told: there was no clause to test.
fn step_moves(
    was: &StateResult,
    now: &StateResult,
    wanted: impl Fn(&str) -> bool,
    counts: impl Fn(Step) -> bool,
) -> Vec<StepMove> {
    let of = |cell: &StateResult, id: &str| cell.holders.iter().find(|holder| holder.holder == id).cloned();
    let ids: BTreeSet<&str> = was.holders.iter().chain(&now.holders).map(|holder| holder.holder.as_str()).collect();
    let mut found = Vec::new();
    for id in ids {
        if !wanted(id) {
            continue;
        }
        let (before, after) = (of(was, id), of(now, id));
        let name = before.iter().chain(&after).map(|holder| holder.name.clone()).next().unwrap_or_default();
        let steps: BTreeSet<Step> =
            before.iter().chain(&after).flat_map(|holder| &holder.steps).map(|step| step.step).collect();
        for step in steps.into_iter().filter(|step| counts(*step)) {
            let at = |holder: &Option<HolderResult>| {
                holder.as_ref().and_then(|holder| holder.steps.iter().find(|own| own.step == step).cloned())
            };
            let (old, new) = (at(&before), at(&after));
            if old.as_ref().map(|step| step.result) == new.as_ref().map(|step| step.result) {
                continue;
            }
            let mut rules: Vec<String> = old.iter().chain(&new).flat_map(|step| step.rules.iter().cloned()).collect();
            rules.sort();
            rules.dedup();
            found.push(StepMove {
                holder: id.to_owned(),
                name: name.clone(),
                step: Some(step),
                was: old.map(|step| (step.result, step.why)),
                now: new.map(|step| (step.result, step.why)),
                rules,
            });
            if step == Step::Competence {
                break;
            }
        }
    }
    found
}

fn theses(first: &Evaluation, second: &Evaluation, plain: bool) -> Vec<ThesisMove> {
    let by_id = |one: &Evaluation| -> BTreeMap<Key, Assessment> {
        one.assessments
            .iter()
            .map(|own| ((account(own.account.as_ref(), plain), own.id.clone()), own.clone()))
            .collect()
    };
    let (before, after) = (by_id(first), by_id(second));
    let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
    let mut moves = Vec::new();
    for key in keys {
        let (was, now) = (before.get(key), after.get(key));
        if was.map(|one| one.label) == now.map(|one| one.label) {
            continue;
        }
        let Some(one) = now.or(was) else { continue };
        let rules = |side: Option<&Assessment>| -> BTreeSet<String> {
            side.into_iter().flat_map(|own| own.supported_by.iter().chain(&own.opposed_by)).cloned().collect()
        };
        moves.push(ThesisMove {
            id: one.id.clone(),
            text: one.text.clone(),
            source: one.source.clone(),
            account: key.0.clone(),
            was: was.map(|one| one.label),
            now: now.map(|one| one.label),
            rules: rules(was).symmetric_difference(&rules(now)).cloned().collect(),
        });
    }
    moves
}

fn verdicts(first: &Evaluation, second: &Evaluation, plain: bool) -> Vec<VerdictMove> {
    let standing = |verdicts: &[Verdict]| -> BTreeSet<String> {
        let stands = verdicts.iter().filter(|own| own.label != Label::Rejected);
        stands.map(|own| format!("{} ({}, {})", own.verdict, own.label.as_str(), own.rule)).collect()
    };
    let all = |one: &Evaluation| -> BTreeMap<Key, BTreeSet<String>> {
        let responses = one.cases.iter().flat_map(|case| {
            let told = account(case.account.as_ref(), plain);
            case.responses.iter().map(move |own| ((told.clone(), own.id.clone()), standing(&own.verdicts)))
        });
        let overlaps = one
            .overlaps
            .iter()
            .map(|own| ((account(own.account.as_ref(), plain), own.id.clone()), standing(&own.verdicts)));
        responses.chain(overlaps).collect()
    };
    let (before, after) = (all(first), all(second));
    let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
    let empty = BTreeSet::new();
    keys.into_iter()
        .filter_map(|key| {
            let (was, now) = (before.get(key).unwrap_or(&empty), after.get(key).unwrap_or(&empty));
            (was != now).then(|| VerdictMove {
                id: key.1.clone(),
                account: key.0.clone(),
                was: was.difference(now).cloned().collect(),
                now: now.difference(was).cloned().collect(),
            })
        })
        .collect()
}

fn arguments(first: &Evaluation, second: &Evaluation, plain: bool) -> Vec<ArgumentMove> {
    type Told = (Option<String>, String, String, String);
    let all = |one: &Evaluation| -> BTreeMap<Told, Label> {
        let own = one.arguments.iter().map(|own| {
            let told = account(own.account.as_ref(), plain);
            ((told, own.id.clone(), own.position.clone(), own.source.clone()), own.label)
        });
        own.collect()
    };
    let (before, after) = (all(first), all(second));
    let keys: BTreeSet<&Told> = before.keys().chain(after.keys()).collect();
    keys.into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| ArgumentMove {
            id: key.1.clone(),
            position: key.2.clone(),
            source: key.3.clone(),
            account: key.0.clone(),
            was: before.get(key).copied(),
            now: after.get(key).copied(),
        })
        .collect()
}
