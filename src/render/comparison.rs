//! The page of a comparison: the proposal and who would have to agree, then what opened, closed and moved, with reasons.

use super::cells::look;
use super::document::{Document, Line, Style, clip, listed, plain, span, together};
use crate::answer::report::{AnswerKind, Evaluation, Judged};
use crate::argument::Label;
use crate::change::Nature;
use crate::compare::{Comparison, Move, MoveKind, StepMove};
use crate::premises::Premise;
use crate::register::Quarrel;
use crate::what_if::Effect;

/// Points of a list that are shown before the rest is counted.
const SHOWN: usize = 24;

/// The proposal: each change in words, what it does, and who would have to agree.
pub fn proposal(document: &mut Document, title: &str, effects: &[Effect]) {
    if effects.is_empty() {
        return;
    }
    document.heading(2, title);
    for effect in effects {
        document.paragraph(vec![
            span(Style::Strong, effect.change.to_string()),
            plain(format!(": {}", effect.change.form.meaning())),
        ]);
        let mut points: Vec<Line> = Vec::new();
        if let Some(why) = &effect.nothing {
            points.push(vec![span(Style::Gap, "changes nothing: "), plain(why)]);
        }
        points.extend(effect.notes.iter().map(|note| vec![plain(note)]));
        match effect.change.form.nature() {
            Nature::Proposal => points.extend(effect.consent.iter().map(|own| {
                let mut line = vec![span(Style::Strong, &own.who)];
                let verb = if own.bar { "stands in the way" } else { "would have to agree" };
                line.push(plain(format!(" {verb}: {}", own.how)));
                if let Some(source) = &own.source {
                    let at = own.locator.as_deref().map(|at| format!(", {at}")).unwrap_or_default();
                    line.push(span(Style::Source, format!(" ({source}{at})")));
                }
                line
            })),
            Nature::Assumption => {
                points.push(vec![span(Style::Dim, "an assumption about the world: nobody has to agree")])
            }
            Nature::Reading => points.push(vec![span(Style::Dim, "a way of reading: nothing in the world changes")]),
        }
        document.list(points);
    }
}

/// What the second side says that the first does not.
pub fn comparison(document: &mut Document, found: &Comparison, sides: [&str; 2]) {
    if found.is_empty() {
        document.paragraph(vec![
            span(Style::Strong, "Nothing changed: "),
            plain("every cell, thesis and verdict is the same."),
        ]);
        return;
    }
    let count = |kind: MoveKind| found.moves.iter().filter(|one| one.kind == kind).count();
    let counted: Vec<String> =
        [MoveKind::Opened, MoveKind::Closed, MoveKind::Contested, MoveKind::Unsettled, MoveKind::Moved]
            .into_iter()
            .filter(|kind| count(*kind) > 0)
            .map(|kind| format!("{} {}", count(kind), kind.as_str()))
            .collect();
    let same = if counted.is_empty() {
        format!("No answer changed in the {} cells that both have; what changed stands below.", found.cells)
    } else {
        format!("Of {} cells, each judged on paper and available: {}.", found.cells, counted.join(", "))
    };
    document.paragraph(vec![plain(same)]);
    for (kind, title) in [
        (MoveKind::Opened, "Gaps that open"),
        (MoveKind::Closed, "Gaps that close"),
        (MoveKind::Contested, "What becomes contested"),
        (MoveKind::Unsettled, "What becomes open"),
        (MoveKind::Moved, "What moves"),
    ] {
        let own: Vec<&Move> = found.moves.iter().filter(|one| one.kind == kind).collect();
        if own.is_empty() {
            continue;
        }
        document.heading(2, title);
        for (index, one) in own.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| own.get(index));
            let told = before.is_some_and(|before| before.cell == one.cell && before.because == one.because);
            move_(document, one, told);
        }
    }
    within(document, found);
    only(document, found, sides);
    rest(document, found, sides);
}

fn style(answer: AnswerKind) -> Style {
    look(answer).1
}

pub(super) fn judged(judged: Judged) -> &'static str {
    match judged {
        Judged::OnPaper => "on paper",
        Judged::Available => "available",
    }
}

fn move_(document: &mut Document, one: &Move, told: bool) {
    let mut line = vec![span(Style::Strong, &one.cell)];
    if let Some(account) = &one.account {
        line.push(plain(format!(" (account {account})")));
    }
    line.push(plain(format!(", {}: ", judged(one.judged))));
    line.push(span(style(one.was), one.was.as_str()));
    line.push(plain(" → "));
    line.push(span(style(one.now), one.now.as_str()));
    if !one.gained.is_empty() {
        line.push(plain(format!("; gains {}", one.gained.join(", "))));
    }
    if !one.lost.is_empty() {
        line.push(plain(format!("; loses {}", one.lost.join(", "))));
    }
    if !one.depends_on.is_empty() {
        line.push(plain(format!("; hangs on {}", clip(&listed(&one.depends_on, 2), 200))));
    }
    document.paragraph(line);
    if told {
        document.list(vec![vec![span(Style::Dim, "by the same steps")]]);
        return;
    }
    let mut points: Vec<Line> = one.because.iter().map(step).collect();
    cut(&mut points);
    document.list(points);
}

pub(super) fn step(one: &StepMove) -> Line {
    let mut line = vec![plain(&one.name)];
    if let Some(step) = one.step {
        line.push(plain(format!(", {step}: ")));
    }
    let told = |side: &Option<(crate::answer::report::StepKind, String)>| match side {
        Some((result, why)) => format!("{}, {}", result.as_str(), clip(why, 120)),
        None => "no text spoke of it".to_owned(),
    };
    line.push(span(Style::Dim, told(&one.was)));
    line.push(plain(" → "));
    line.push(plain(told(&one.now)));
    if !one.rules.is_empty() {
        line.push(span(Style::Source, format!(" [{}]", listed(&one.rules, 3))));
    }
    line
}

/// The answer is the same, the road to it is not: what moved, first step by step.
fn within(document: &mut Document, found: &Comparison) {
    let mut points: Vec<Line> = Vec::new();
    for one in &found.within {
        let told = one.account.as_deref().map(|id| format!(" (account {id})")).unwrap_or_default();
        for own in &one.steps {
            points.push([vec![span(Style::Strong, &one.cell), plain(format!("{told}: "))], step(own)].concat());
        }
    }
    cut(&mut points);
    document.section("Steps that move while the answer stays", points);
}

fn only(document: &mut Document, found: &Comparison, sides: [&str; 2]) {
    for (second, name) in [(false, sides[0]), (true, sides[1])] {
        let mut points: Vec<Line> = found
            .only
            .iter()
            .filter(|one| one.second == second)
            .map(|one| {
                let told = one.account.as_deref().map(|id| format!(" (account {id})")).unwrap_or_default();
                vec![
                    span(Style::Strong, &one.cell),
                    plain(format!("{told}: on paper ")),
                    span(style(one.answers[0]), one.answers[0].as_str()),
                    plain(", available "),
                    span(style(one.answers[1]), one.answers[1].as_str()),
                ]
            })
            .collect();
        cut(&mut points);
        document.section(format!("Cells of {name} only"), points);
    }
}

fn label(side: Option<Label>) -> &'static str {
    side.map_or("not spoken of", Label::as_str)
}

fn rest(document: &mut Document, found: &Comparison, sides: [&str; 2]) {
    let mut theses: Vec<Line> = found
        .theses
        .iter()
        .map(|one| {
            let mut line = vec![span(Style::Code, &one.id)];
            line.extend(one.account.as_deref().map(|id| plain(format!(" (account {id})"))));
            line.push(plain(format!(": {} → {}: {}", label(one.was), label(one.now), clip(&one.text, 120))));
            line.extend(one.source.as_deref().map(|source| span(Style::Source, format!(" [{source}]"))));
            if !one.rules.is_empty() {
                line.push(span(Style::Dim, format!(", through {}", listed(&one.rules, 3))));
            }
            line
        })
        .collect();
    cut(&mut theses);
    document.section("Theses that stand differently", theses);
    let mut verdicts: Vec<Line> = found
        .verdicts
        .iter()
        .map(|one| {
            let list = |own: &[String]| if own.is_empty() { "nothing".to_owned() } else { listed(own, 3) };
            let told = one.account.as_deref().map(|id| format!(" (account {id})")).unwrap_or_default();
            vec![span(Style::Strong, &one.id), plain(format!("{told}: {} → {}", list(&one.was), list(&one.now)))]
        })
        .collect();
    cut(&mut verdicts);
    document.section("Responses and overlaps judged differently", verdicts);
    let (made, gone) = (
        found.arguments.iter().filter(|one| one.was.is_none()).count(),
        found.arguments.iter().filter(|one| one.now.is_none()).count(),
    );
    let turned = found.arguments.len() - made - gone;
    if !found.arguments.is_empty() {
        document.paragraph(vec![span(
            Style::Dim,
            format!(
                "Arguments: {made} in {} only, {gone} in {} only, {turned} that stand differently (all in --format json).",
                sides[1], sides[0]
            ),
        )]);
    }
}

/// Over which facts the sides part, and which of their claims attack one another.
pub fn parting(document: &mut Document, premises: &[Premise], quarrels: &[Quarrel], sides: [&str; 2]) {
    let answer = |given: Option<bool>, facts: &[String]| {
        let word = match given {
            Some(true) => "yes",
            Some(false) => "no",
            None => "open",
        };
        if facts.is_empty() { word.to_owned() } else { format!("{word} ({})", clip(&listed(facts, 2), 160)) }
    };
    let same = premises.iter().map(|one| {
        let told = (&one.question, one.answers, &one.facts, &one.rules);
        (told, one.at.as_str())
    });
    let mut points: Vec<Line> = together(same)
        .into_iter()
        .map(|((question, answers, facts, rules), at)| {
            vec![
                span(Style::Code, question),
                plain(format!(
                    " for {}: {}, {}; {}, {}",
                    listed(&at, 3),
                    sides[0],
                    answer(answers[0], &facts[0]),
                    sides[1],
                    answer(answers[1], &facts[1])
                )),
                span(Style::Source, format!(" [asked by {}]", listed(rules, 3))),
            ]
        })
        .collect();
    cut(&mut points);
    document.section("Over which facts they part", points);
    let mut points: Vec<Line> = quarrels
        .iter()
        .map(|one| {
            vec![
                span(Style::Code, &one.id),
                plain(format!(" {} ", one.question)),
                span(Style::Code, &one.from),
                plain(format!(" {}s ", one.kind)),
                span(Style::Code, &one.on),
            ]
        })
        .collect();
    cut(&mut points);
    document.section("Which claims attack one another", points);
}

pub(super) fn cut(points: &mut Vec<Line>) {
    if points.len() > SHOWN {
        let more = points.len() - SHOWN;
        points.truncate(SHOWN);
        points.push(vec![span(Style::Dim, format!("… and {more} more (all in --format json)"))]);
    }
}

/// The four-way table: neither, the assumption, the proposal, both; cells that differ anywhere.
pub fn four_ways(document: &mut Document, sides: [&Evaluation; 4]) {
    use super::document::{Table, cell};
    let names = ["as it is", "assuming", "proposal", "both"];
    let mut rows: std::collections::BTreeMap<(String, Judged), [Option<AnswerKind>; 4]> = Default::default();
    for (index, side) in sides.into_iter().enumerate() {
        for case in &side.cases {
            for need in &case.needs {
                for state in &need.states {
                    let told = case.account.as_deref().map(|id| format!(" ({id})")).unwrap_or_default();
                    let id = format!("{}/{}/{}{told}", case.id, state.state, need.function);
                    for (judged, answer) in
                        [(Judged::OnPaper, state.on_paper.answer), (Judged::Available, state.available.answer)]
                    {
                        if let Some(own) = rows.entry((id.clone(), judged)).or_default().get_mut(index) {
                            *own = Some(answer);
                        }
                    }
                }
            }
        }
    }
    let mut table = Table {
        header: std::iter::once("cell").chain(names).map(|name| cell(Style::Strong, name)).collect(),
        ..Table::default()
    };
    for ((id, how), answers) in rows {
        if answers.iter().all(|own| *own == answers[0]) {
            continue;
        }
        let mut row = vec![cell(Style::Plain, format!("{id}, {}", judged(how)))];
        row.extend(answers.into_iter().map(|answer| match answer {
            Some(answer) => cell(style(answer), answer.as_str()),
            None => cell(Style::Dim, "–"),
        }));
        table.rows.push(row);
    }
    document.heading(2, "Four ways: neither, the assumption, the proposal, both");
    if table.rows.is_empty() {
        document.paragraph(vec![plain("No answer differs in any of the four.")]);
    } else {
        document.table(table);
    }
}
