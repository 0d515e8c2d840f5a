//! The heat map of an atlas: for each state threats against functions, on the last day shown.

use std::collections::BTreeMap;

use super::ink::{EMPTY, Ink, TEXT, Type, fill, width, word};
use crate::answer::AnswerKind;
use crate::atlas::{Atlas, AtlasBox};

const DIM: &str = "#5b5b55";
/// Panels beside one another.
const ACROSS: usize = 3;

/// The map in a sentence.
pub fn caption(found: &Atlas) -> String {
    let day = found.until.as_deref().map(|day| format!(" on {day}")).unwrap_or_default();
    format!(
        "{}: what texts allow{day}, on paper: {} threats against {} functions for {}.",
        found.pack,
        found.threats.len(),
        found.functions.len(),
        found.states.join(", ")
    )
}

/// The map as one `svg` element.
#[expect(clippy::cast_precision_loss, reason = "numbers of threats and functions are small")]
pub fn atlas(found: &Atlas) -> String {
    let cells = last_day(found);
    let (rows, columns) = (found.threats.len() as f64, found.functions.len() as f64);
    let across = found.states.len().clamp(1, ACROSS) as f64;
    let size = if across < 2.0 || columns < 16.0 { 14.0 } else { 12.0 };
    let longest = |ids: &[String]| ids.iter().map(|id| width(id, size)).fold(40.0, f64::max);
    let (left, above) = (longest(&found.threats) + 34.0, longest(&found.functions) * 0.9 + 44.0);
    // As large as a projector has room for, and never too small to tell the patterns apart.
    let cell = (((1240.0 - left) / across - 28.0) / columns).clamp(15.0, 24.0);
    let panel = (columns * cell + 28.0, rows * cell + above + 14.0);
    let down = found.states.len().div_ceil(ACROSS) as f64;
    let full = (left + across * panel.0 + 20.0).max(760.0);
    let mut ink = Ink::new();
    ink.text(24.0, 38.0, &format!("Atlas of {}", found.pack), Type { size: 24.0, bold: true, ..TEXT });
    let day = found.until.as_deref().unwrap_or("after the last date");
    let remark = format!("On paper, {day}. One state is hit; attacker, origin and who is at risk are unknown.");
    ink.text(24.0, 60.0, &remark, Type { colour: DIM, ..TEXT });
    ink.legend(24.0, 88.0, cells.values().any(|own| own.answer.is_none()));
    for (index, state) in found.states.iter().enumerate() {
        let x = left + (index % ACROSS) as f64 * panel.0;
        let top = 100.0 + (index / ACROSS) as f64 * panel.1;
        let name = found.names.get(state).map_or(state.as_str(), String::as_str);
        ink.text(x, top + 20.0, name, Type { size: 17.0, bold: true, ..TEXT });
        for (column, function) in found.functions.iter().enumerate() {
            let at = x + column as f64 * cell + cell * 0.72;
            ink.text(at, top + above - 5.0, function, Type { size, turn: -60.0, ..TEXT });
        }
        for (row, threat) in found.threats.iter().enumerate() {
            let y = top + above + row as f64 * cell;
            if index % ACROSS == 0 {
                ink.text(left - 8.0, y + cell * 0.78, threat, Type { size, anchor: "end", ..TEXT });
            }
            for (column, function) in found.functions.iter().enumerate() {
                let own = cells.get(&(threat.as_str(), state.as_str(), function.as_str())).copied();
                let answer = own.and_then(|own| own.answer);
                let says = tooltip(threat, function, name, own);
                let box_ = [x + column as f64 * cell, y, cell, cell];
                ink.rect(box_, answer.map_or(EMPTY, fill), "#ffffff", &says);
            }
        }
    }
    let mut counts: Vec<String> = Vec::new();
    for (answer, count) in &found.last_day {
        counts.push(format!("{count} cells: {answer}"));
    }
    ink.finish(full, 100.0 + down * panel.1 + 16.0, &caption(found), &counts.join("; "))
}

type Place<'a> = (&'a str, &'a str, &'a str);

/// The box of every cell on the last day.
fn last_day(found: &Atlas) -> BTreeMap<Place<'_>, &AtlasBox> {
    let mut cells = BTreeMap::new();
    for own in found.boxes.iter().filter(|own| own.until.is_none()) {
        for (threat, state) in own.threats.iter().flat_map(|threat| own.states.iter().map(move |state| (threat, state)))
        {
            for function in &own.functions {
                cells.insert((threat.as_str(), state.as_str(), function.as_str()), own);
            }
        }
    }
    cells
}

fn tooltip(threat: &str, function: &str, state: &str, own: Option<&AtlasBox>) -> String {
    let Some(own) = own else { return format!("{function} against {threat} for {state}: not looked at") };
    let Some(answer) = own.answer else { return format!("{function} against {threat} for {state}: not needed") };
    let may = match answer {
        AnswerKind::Open | AnswerKind::Contested => {
            let possible: Vec<&str> = own.possible.iter().map(|answer| word(*answer)).collect();
            format!(" ({})", possible.join(" or "))
        }
        _ => String::new(),
    };
    format!("{function} against {threat} for {state}: {}{may}", word(answer))
}
