//! The page of a review: what waits, and what moved it: one cause after the other, each with what it moved. Nothing is
//! compared here.

use super::document::{Document, Line, Style, clip, count, listed, plain, span, together};
use crate::conclusions::moved::Weight;
use crate::conclusions::review::{Caused, Consequence, Review, State, Waiting};
use crate::conclusions::turned::{Cause, Mover};

/// Consequences of one cause and one weight that are listed before the rest is counted.
const SHOWN: usize = 6;

/// Cells of a new scenario that are listed before the rest is counted.
const CELLS: usize = 8;

/// The whole review.
pub fn review(document: &mut Document, review: &Review) {
    document.heading(1, format!("What moved in {}", review.pack));
    if review.scenarios.is_empty() {
        document.paragraph(vec![plain("Nothing waits for a decision.")]);
    } else {
        document.paragraph(vec![plain(summary(review))]);
    }
    for one in &review.causes {
        caused(document, one, several(&review.causes));
    }
    scenarios(document, &review.scenarios);
    if !review.not_compared.is_empty() {
        let verb = if review.not_compared.len() == 1 { "concludes" } else { "conclude" };
        document.paragraph(vec![plain(format!(
            "Not compared yet, though what is stored differs from what {verb}: {}. Run `mandatum test {} --snapshots`.",
            listed(&review.not_compared, 6),
            review.pack
        ))]);
    }
}

fn summary(review: &Review) -> String {
    let of = |state: State| review.scenarios.iter().filter(|one| one.state == state).count();
    let mut told: Vec<String> = Vec::new();
    let differ = if of(State::Differs) == 1 { "differs" } else { "differ" };
    for (state, what) in [(State::Differs, differ), (State::New, "new"), (State::Gone, "gone")] {
        if of(state) > 0 {
            told.push(format!("{} {what}", of(state)));
        }
    }
    let moved: usize = review.scenarios.iter().map(|one| one.moved).sum();
    let mut text = format!("{}: {}.", count(review.scenarios.len(), "scenario"), told.join(", "));
    if of(State::Differs) > 0 {
        let verb = if moved == 1 { "says" } else { "say" };
        text.push_str(&format!(
            " {} {verb} something else, by {}.",
            count(moved, "conclusion"),
            count(review.causes.len(), "cause")
        ));
    }
    text
}

fn several(causes: &[Caused]) -> bool {
    let all = causes.iter().flat_map(|one| &one.moved).map(|one| one.scenario.as_str());
    let mut all: Vec<&str> = all.collect();
    all.sort_unstable();
    all.dedup();
    all.len() > 1
}

/// One cause with what it moved; `named`: each line says of which scenario it is.
pub fn caused(document: &mut Document, one: &Caused, named: bool) {
    document.heading(2, title(&one.causes));
    for own in &one.causes {
        let line = cause(own, one.causes.len() > 1);
        if !line.is_empty() {
            document.paragraph(line);
        }
    }
    let (grounds, told): (Vec<&Consequence>, Vec<&Consequence>) =
        one.moved.iter().partition(|own| own.weight == Weight::Grounds);
    let mut points: Vec<Line> = Vec::new();
    for (weight, own) in together(told.iter().map(|own| (own.weight, *own))) {
        let mut before = None;
        for (index, one) in own.iter().take(SHOWN).enumerate() {
            let mut line: Line = Vec::new();
            if index == 0 {
                line.push(span(Style::Strong, format!("{}: ", weight.title())));
            }
            if named {
                line.push(span(Style::Code, &one.scenario));
                line.push(plain(": "));
            }
            line.push(plain(clip(&one.text, 360)));
            if let Some(first) = one.because.first().filter(|first| before != Some(*first)) {
                line.push(span(Style::Dim, format!(", because {}", clip(first, 260))));
                before = Some(first);
            }
            points.push(line);
        }
        if own.len() > SHOWN {
            let more = own.len() - SHOWN;
            let text = format!("… and {more} more under {} (all in --format json)", weight.title().to_lowercase());
            points.push(vec![span(Style::Dim, text)]);
        }
    }
    if !grounds.is_empty() {
        let verb = if grounds.len() == 1 { "stands as it did" } else { "stand as they did" };
        points.push(vec![span(Style::Dim, format!("{} {verb}, on other grounds", count(grounds.len(), "conclusion")))]);
    }
    document.list(points);
}

fn title(causes: &[Cause]) -> String {
    let of = |mover: Mover| match mover {
        Mover::Fact => "A fact",
        Mover::Rule => "A rule",
        Mover::Scenario => "The scenario",
        Mover::Engine => "The engine",
        Mover::Untold => "Not told",
    };
    match causes {
        [only] => format!("{}: {}", of(only.mover), clip(&only.what, 100)),
        several => {
            let mut movers: Vec<&str> = several.iter().map(|one| one.mover.as_str()).collect();
            movers.dedup();
            format!("{} causes together: {}", several.len(), movers.join(", "))
        }
    }
}

/// What it was and is; `named`: what it is about too, where no head says it.
fn cause(one: &Cause, named: bool) -> Line {
    let mut line: Line = Vec::new();
    if named {
        line.push(span(Style::Strong, &one.what));
        line.push(plain(": "));
    }
    match (&one.was, &one.now) {
        (Some(was), Some(now)) => line.push(plain(format!("{was} → {now}"))),
        (Some(_), None) if one.mover == Mover::Rule => line.push(plain("it is gone")),
        (Some(was), None) => line.push(plain(format!("{was} → no longer there"))),
        (None, Some(now)) if one.mover == Mover::Rule => line.push(plain(now)),
        (None, Some(now)) if *now == one.what => line.push(plain("not read before")),
        (None, Some(now)) => line.push(plain(format!("not read before → {now}"))),
        (None, None) => {}
    }
    if let Some(source) = &one.source {
        line.push(span(Style::Source, format!(" [{source}]")));
    }
    if let Some(place) = &one.place {
        line.push(span(Style::Dim, format!(" {place}")));
    }
    line
}

/// Scenarios that are new or gone, that the pack has left behind, or of which no conclusion moved.
fn scenarios(document: &mut Document, all: &[Waiting]) {
    for one in all.iter().filter(|one| one.state == State::New) {
        document.heading(2, format!("A new scenario: {}", one.scenario));
        let mut points: Vec<Line> = one.cells.iter().take(CELLS).map(|cell| vec![plain(cell)]).collect();
        if one.cells.len() > CELLS {
            points.push(vec![span(Style::Dim, format!("… and {} more", count(one.cells.len() - CELLS, "cell")))]);
        }
        document.list(points);
    }
    let mut points: Vec<Line> = Vec::new();
    for one in all {
        let name = span(Style::Code, &one.scenario);
        match one.state {
            State::Gone => {
                points.push(vec![name, plain(": the scenario is gone; accepting removes what is stored of it")])
            }
            State::Differs if one.moved == 0 && one.on_other_grounds == 0 => {
                points.push(vec![name, plain(": no conclusion moved; only what rules read on the way did")]);
            }
            _ => {}
        }
        if one.stale {
            let text = ": the pack has changed since this was compared; compare again before accepting";
            points.push(vec![span(Style::Code, &one.scenario), span(Style::Gap, text)]);
        }
    }
    document.section("Also", points);
}
