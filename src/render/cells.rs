//! A cell in words: its answer with a symbol, whether it was used, and who comes nearest.

use std::collections::BTreeSet;

use super::document::{Span, Style, listed, span};
use crate::answer::AnswerKind;
use crate::answer::report::{HolderResult, NeedResult, StateResult, StepKind, Used};
use crate::world::{Level, Step};

/// One of the three judgements of a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// From competence to exclusion.
    Paper,
    /// Every step.
    Available,
    /// Whether a response is recorded.
    Used,
}

/// The symbol and the word for an answer; the word alone says it.
pub(super) fn mark(answer: AnswerKind) -> Span {
    let (symbol, style) = look(answer);
    span(style, format!("{symbol}\u{a0}{}", word(answer).replace(' ', "\u{a0}")))
}

/// The word for an answer.
pub(super) fn word(answer: AnswerKind) -> &'static str {
    match answer {
        AnswerKind::OneHolder => "one holder",
        other => other.as_str(),
    }
}

/// The symbol and the style of an answer.
pub(super) fn look(answer: AnswerKind) -> (char, Style) {
    match answer {
        AnswerKind::OneHolder => ('●', Style::Good),
        AnswerKind::Overlap => ('◎', Style::Overlap),
        AnswerKind::Gap => ('○', Style::Gap),
        AnswerKind::Contested => ('◐', Style::Contested),
        AnswerKind::Open => ('?', Style::Open),
    }
}

/// The word for whether something was used.
pub(super) fn used(used: Used) -> &'static str {
    match used {
        Used::Yes => "yes",
        Used::No => "no",
        Used::NotRecorded => "not\u{a0}recorded",
    }
}

pub(super) fn used_by(needs: &[&NeedResult]) -> String {
    let values: BTreeSet<Used> = needs.iter().flat_map(|need| &need.states).map(|state| state.used).collect();
    match values.into_iter().collect::<Vec<_>>().as_slice() {
        [] => "–".to_owned(),
        [only] => used(*only).to_owned(),
        _ => {
            let each: BTreeSet<String> = needs
                .iter()
                .flat_map(|need| &need.states)
                .map(|state| format!("{} {}", state.state, used(state.used)))
                .collect();
            each.into_iter().collect::<Vec<_>>().join(", ")
        }
    }
}

/// Who answers, or who comes nearest and where it stops.
pub(super) fn nearest(result: &StateResult, reveal: Option<Column>) -> String {
    let paper = reveal == Some(Column::Paper);
    let (judgement, range) = if paper { (&result.on_paper, Step::ON_PAPER) } else { (&result.available, Step::ALL) };
    match judgement.answer {
        AnswerKind::OneHolder | AnswerKind::Overlap => {
            let mut text = listed(&judgement.lines, 5);
            if judgement.answer == AnswerKind::OneHolder && !judgement.undecided.is_empty() {
                text.push_str(&format!("; second undecided: {}", listed(&judgement.undecided, 2)));
            }
            text
        }
        AnswerKind::Gap => {
            let stopped = result
                .holders
                .iter()
                .filter(|holder| answers_as_line(holder))
                .filter_map(|holder| Some((holder, step_where(holder, range, StepKind::Stops)?)))
                .max_by_key(|(holder, step)| (*step, std::cmp::Reverse(&holder.holder)));
            stopped.map_or_else(|| "no text".to_owned(), |(holder, step)| format!("{} stops at {step}", holder.holder))
        }
        AnswerKind::Contested | AnswerKind::Open => {
            let mut parts: Vec<String> = Vec::new();
            for line in &judgement.undecided {
                let found = result.holders.iter().filter(|holder| holder.line == *line).find_map(|holder| {
                    let open = step_where(holder, range, StepKind::Open).map(|step| ("open", step));
                    let (word, step) =
                        open.or_else(|| Some(("contested", step_where(holder, range, StepKind::Contested)?)))?;
                    Some(format!("{} {word} at {step}", holder.holder))
                });
                parts.push(found.unwrap_or_else(|| line.clone()));
            }
            if !judgement.lines.is_empty() {
                parts = vec![format!("{} passes, {}", listed(&judgement.lines, 2), listed(&parts, 1))];
            }
            listed(&parts, 1)
        }
    }
}

/// Whether a holder counts for the five answers.
pub(super) fn answers_as_line(holder: &HolderResult) -> bool {
    matches!(holder.level, Level::Regional | Level::Universal)
}

/// The first step of a range that comes to this.
pub(super) fn step_where(holder: &HolderResult, range: &[Step], kind: StepKind) -> Option<Step> {
    holder.steps.iter().find(|step| range.contains(&step.step) && step.result == kind).map(|step| step.step)
}
