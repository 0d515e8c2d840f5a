//! A cell's answer: which lines climb the range, counted in every world, and what decides it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::candidate::{Candidate, Outcome, TOO_MANY};
use super::report::AnswerKind;
use crate::ask::{Free, FreeFact, Tree};
use crate::diagram::{Diagram, TooManyNodes};
use crate::world::{Id, Step};

/// A cell's answer over one range of steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) answer: AnswerKind,
    /// What it may come out as: one answer where it stands.
    pub(super) possible: BTreeSet<AnswerKind>,
    /// The facts that decide.
    pub(super) depends_on: Vec<Arc<FreeFact>>,
    /// Lines that pass in every world.
    pub(super) sure: BTreeSet<Id>,
    /// Lines that pass in some world, or are undecided.
    pub(super) perhaps: BTreeSet<Id>,
    /// The answer for each way of using the levers.
    pub(super) answers: Diagram<AnswerKind>,
    /// The answer in every world, whatever is not settled.
    pub(super) worlds: Diagram<AnswerKind>,
}

/// Lines that pass and lines that are undecided, each counted up to two: more changes no answer.
type Count = (u8, u8);

fn sum(one: &Count, other: &Count) -> Count {
    ((one.0 + other.0).min(2), (one.1 + other.1).min(2))
}

fn answer(count: &Count) -> AnswerKind {
    match count {
        (0, 0) => AnswerKind::Gap,
        (0, _) => AnswerKind::Contested,
        (1, _) => AnswerKind::OneHolder,
        _ => AnswerKind::Overlap,
    }
}

/// How far each line climbs a range of steps: as far as the body and text in it that climb farthest.
pub(super) type Lines = BTreeMap<Id, Result<Diagram<Outcome>, TooManyNodes>>;

/// Adds what one body in a line comes to by one text.
pub(super) fn add(lines: &mut Lines, line: &str, candidate: &Candidate, range: &[Step]) {
    let best = lines.entry(line.to_owned()).or_insert(Ok(Diagram::leaf(Outcome::Stops)));
    let joined = match best {
        Ok(best) => climb(candidate, range).and_then(|own| best.join(&own, |one, other| *one.max(other))),
        Err(TooManyNodes) => Err(TooManyNodes),
    };
    *best = joined;
}

/// Judges the lines of a cell.
pub(super) fn judge(lines: Lines) -> Judged {
    let mut sure = BTreeSet::new();
    let mut perhaps = BTreeSet::new();
    let mut counts = Ok(Diagram::leaf((0, 0)));
    for (line, climbs) in lines {
        if let Ok(climbs) = &climbs {
            let outcomes = climbs.leaves();
            if outcomes.iter().all(|outcome| **outcome == Outcome::Passes) {
                sure.insert(line.clone());
            } else if outcomes.iter().any(|outcome| **outcome != Outcome::Stops) {
                perhaps.insert(line.clone());
            }
        } else {
            perhaps.insert(line.clone());
        }
        counts = counts.and_then(|counts: Diagram<Count>| counts.join(&climbs?.map(|outcome| count(*outcome)), sum));
    }
    let settled = counts.and_then(|counts| {
        let answers = counts.map(answer);
        Ok((settle(&answers)?, answers))
    });
    match settled {
        Ok((each, answers)) => {
            let possible: BTreeSet<AnswerKind> = answers.leaves().into_iter().copied().collect();
            let mut depends_on: Vec<Arc<FreeFact>> = answers.deciding().into_values().cloned().collect();
            depends_on.sort_by(|a, b| (b.kind, &a.key).cmp(&(a.kind, &b.key)));
            let own: Vec<AnswerKind> = each.leaves().into_iter().copied().collect();
            let answer = if let [only] = own.as_slice() { *only } else { AnswerKind::Open };
            Judged { answer, possible, depends_on, sure, perhaps, answers: each, worlds: answers }
        }
        // Past the cap the cell is open, never guessed.
        Err(TooManyNodes) => Judged {
            answer: AnswerKind::Open,
            possible: BTreeSet::from([AnswerKind::Gap, AnswerKind::OneHolder, AnswerKind::Overlap]),
            depends_on: vec![FreeFact::unknown(TOO_MANY, "more open facts than can be tried")],
            sure,
            perhaps,
            answers: Diagram::leaf(AnswerKind::Open),
            worlds: Diagram::leaf(AnswerKind::Open),
        },
    }
}

/// For each way of using the levers: open if an unknown fact can change the answer under some version of what is disputed,
/// else contested if versions change it, else the answer.
fn settle(answers: &Diagram<AnswerKind>) -> Result<Diagram<AnswerKind>, TooManyNodes> {
    let by_version = answers.possible(&[Free::Unknown, Free::Undecided])?;
    let all = by_version.possible(&[Free::Disputed, Free::Unknown, Free::Undecided])?;
    Ok(all.map(|versions| match (versions.iter().any(|one| one.len() > 1), versions.len()) {
        (true, _) => AnswerKind::Open,
        (false, 2..) => AnswerKind::Contested,
        (false, _) => versions.iter().flatten().next().copied().unwrap_or(AnswerKind::Gap),
    }))
}

/// A definite stop settles the range, else what is undecided, else it passes.
fn climb(candidate: &Candidate, range: &[Step]) -> Result<Diagram<Outcome>, TooManyNodes> {
    let mut worst = Outcome::Passes;
    let mut open = Vec::new();
    for (_, tree) in candidate.steps.iter().filter(|(step, _)| range.contains(step)) {
        match tree.as_ref() {
            Tree::Leaf(position) => worst = worst.min(position.outcome),
            tree => open.push(tree),
        }
    }
    let counts = candidate.counts.reduced(&|counts| if *counts { worst } else { Outcome::Stops });
    let mut climbs = Diagram::from_tree(&counts)?;
    if worst > Outcome::Stops {
        for tree in open {
            let step = Diagram::from_tree(&tree.reduced(&|position| position.outcome))?;
            climbs = climbs.join(&step, |one, other| *one.min(other))?;
        }
    }
    Ok(climbs)
}

fn count(outcome: Outcome) -> Count {
    match outcome {
        Outcome::Passes => (1, 0),
        Outcome::Undecided => (0, 1),
        Outcome::Stops => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_counts_lines_and_never_collapses() {
        assert_eq!(answer(&(0, 0)), AnswerKind::Gap);
        assert_eq!(answer(&(0, 2)), AnswerKind::Contested);
        assert_eq!(answer(&(1, 1)), AnswerKind::OneHolder, "an undecided line beside one holder is a contested second");
        assert_eq!(answer(&(2, 0)), AnswerKind::Overlap);
    }

    fn hangs(kind: Free, key: &str, counts: [Count; 2]) -> Diagram<Count> {
        let values = vec!["no".to_owned(), "yes".to_owned()];
        let fact = Arc::new(FreeFact { key: key.to_owned(), kind, says: key.to_owned(), values });
        Diagram::from_tree(&Tree::Ask(fact, counts.into_iter().map(Tree::Leaf).collect())).expect("small")
    }

    fn settled(counts: &Diagram<Count>) -> (Vec<AnswerKind>, usize) {
        let answers = counts.map(answer);
        let each = settle(&answers).expect("small");
        (each.leaves().into_iter().copied().collect(), answers.deciding().len())
    }

    #[test]
    fn unknowns_leave_open_what_disputes_make_contested() {
        assert_eq!(settled(&hangs(Free::Unknown, "u", [(0, 0), (1, 0)])), (vec![AnswerKind::Open], 1));
        assert_eq!(settled(&hangs(Free::Disputed, "d", [(0, 0), (1, 0)])), (vec![AnswerKind::Contested], 1));
        let each = settled(&hangs(Free::Lever, "l", [(0, 0), (1, 0)]));
        assert_eq!(each, (vec![AnswerKind::Gap, AnswerKind::OneHolder], 1), "a lever gives an answer for each way");
        let sure = Diagram::leaf((2, 0)).join(&hangs(Free::Unknown, "u", [(0, 0), (1, 0)]), sum).expect("small");
        assert_eq!(settled(&sure).1, 0, "with two lines sure, a third decides nothing");
    }
}
