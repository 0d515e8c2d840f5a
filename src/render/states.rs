//! What states could do, alone or two by treaty: shown beside the five answers, which count organisations.

use std::collections::BTreeMap;

use super::cells::Column;
use super::cells::step_where;
use super::document::{Document, Line, Style, listed, plain, span, together};
use super::sections::where_said;
use crate::answer::report::{Evaluation, HolderResult, StepKind};
use crate::world::{Level, Step};

/// What states, and two states by treaty, could do: one line per need, needs of which the same is said together.
pub(super) fn states(document: &mut Document, evaluation: &Evaluation, reveal: Option<Column>) {
    let paper = reveal == Some(Column::Paper);
    let mut each = Vec::new();
    for case in &evaluation.cases {
        let account = case.account.as_deref().unwrap_or_default();
        let several = case.affected.len() > 1;
        for (need, state) in case.needs.iter().flat_map(|need| need.states.iter().map(move |state| (need, state))) {
            let text = rows(&state.holders, several.then_some(&state.state), paper);
            let state = if several { state.state.as_str() } else { "" };
            if !text.is_empty() {
                each.push(((case.id.as_str(), text, account, need.function.as_str()), state));
            }
        }
    }
    // One after the other, so that what is said of a group holds of everything in it.
    let by_state =
        together(each).into_iter().map(|((case, text, account, need), states)| ((case, text, account, states), need));
    let by_need = together(by_state)
        .into_iter()
        .map(|((case, text, account, states), needs)| ((case, text, states, needs), account));
    let points = together(by_need).into_iter().map(|((case, text, states, needs), accounts)| {
        let mut line = Line::new();
        line.extend(where_said(evaluation, case, &accounts.into_iter().collect()).map(plain));
        line.push(span(Style::Strong, needs.join(", ")));
        let states = states.join(", ");
        line.push(plain(if states.is_empty() { format!(": {text}") } else { format!(" for {states}: {text}") }));
        line
    });
    let title = if paper { "States and bilateral treaties, on paper" } else { "States and bilateral treaties" };
    document.section(title, points.collect());
}

/// `KGZ passes; RUS-KGZ-BASE, RUS-TJK-BASE stop at competence`: who passes first, those who stop at one step together.
///
/// Among several states each is "the state itself", so that the same can be said of all.
fn rows(holders: &[HolderResult], own: Option<&String>, paper: bool) -> String {
    let range = if paper { Step::ON_PAPER } else { Step::ALL };
    let mut groups: BTreeMap<(StepKind, Option<Step>), Vec<&str>> = BTreeMap::new();
    for holder in holders.iter().filter(|holder| matches!(holder.level, Level::National | Level::Bilateral)) {
        let result = if paper { holder.on_paper } else { holder.available };
        let step = step_where(holder, range, result).filter(|_| result != StepKind::Passes);
        groups.entry((result, step)).or_default().push(if own == Some(&holder.holder) {
            "the state itself"
        } else {
            &holder.holder
        });
    }
    // What hangs in the balance comes before what stops.
    let rank = |kind: StepKind| match kind {
        StepKind::Passes => 0,
        StepKind::Open => 1,
        StepKind::Contested => 2,
        StepKind::Stops => 3,
    };
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|((kind, step), _)| (rank(*kind), std::cmp::Reverse(*step)));
    let said = groups.into_iter().map(|((kind, step), holders)| {
        let one = holders.len() == 1;
        let verb = match (kind, one) {
            (StepKind::Passes, true) => "passes",
            (StepKind::Passes, false) => "pass",
            (StepKind::Stops, true) => "stops at",
            (StepKind::Stops, false) => "stop at",
            (StepKind::Contested, _) => "contested at",
            (StepKind::Open, _) => "open at",
        };
        let step = step.map(|step| format!(" {step}")).unwrap_or_default();
        format!("{} {verb}{step}", listed(&holders, 4))
    });
    said.collect::<Vec<_>>().join("; ")
}
