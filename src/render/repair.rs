//! The page of repairs: what stands in every set, a few that differ, and who would have to agree.

use super::cells;
use super::comparison::judged as how;
use super::document::{Align, Document, Line, Style, Table, cell, count, listed, plain, span, together};
use crate::answer::report::{AnswerKind, Evaluation};
use crate::repair::{Lever, RepairSet, Repairs, Standing};
use crate::what_if::Consent;

/// Sets that are listed before the rest is counted.
const SHOWN: usize = 12;

/// The repairs of one need, or of each gap of a scenario.
pub fn repairs(document: &mut Document, evaluation: &Evaluation, found: &[Repairs], all: bool) {
    document.heading(1, format!("What would have to change? {}", evaluation.title));
    document.paragraph(vec![
        plain(format!("{}, {}. ", evaluation.scenario, evaluation.as_of)),
        span(Style::Dim, "Legal openings, not advice: a set of changes makes a need answerable, not likely or wise."),
    ]);
    warnings(document, evaluation);
    match found {
        [] => document.paragraph(vec![plain("No need of this scenario is a gap, available; name one with --need.")]),
        [one] => {
            stands(document, one);
            sets(document, one, all);
        }
        several => {
            overview(document, several);
            document.paragraph(vec![
                plain("One need in full: "),
                span(Style::Code, "--need case/STATE/function"),
                plain("."),
            ]);
        }
    }
}

/// What a reader should know: that the day lies past the record, and the like.
pub(super) fn warnings(document: &mut Document, evaluation: &Evaluation) {
    document.list(evaluation.warnings.iter().map(|warning| vec![span(Style::Contested, warning)]).collect());
}

/// What to type to get the same again.
pub fn reproduce(document: &mut Document, command: &str) {
    document.paragraph(vec![span(Style::Dim, "To get the same again: "), span(Style::Code, command)]);
}

fn style(answer: Option<AnswerKind>) -> Style {
    answer.map_or(Style::Dim, |answer| cells::look(answer).1)
}

/// The word for an answer, or that there is none.
pub(super) fn word(answer: Option<AnswerKind>) -> &'static str {
    answer.map_or("not called for", cells::word)
}

fn standing(own: &Standing) -> Line {
    let account = own.account.as_ref().map(|account| format!(" (account {account})")).unwrap_or_default();
    vec![span(Style::Strong, &own.cell), plain(format!("{account}: ")), span(style(own.answer), word(own.answer))]
}

fn overview(document: &mut Document, found: &[Repairs]) {
    let header = ["need", "smallest set", "sets", "opens elsewhere"];
    let mut table = Table {
        header: header.iter().map(|name| cell(Style::Strong, name)).collect(),
        align: vec![Align::Left, Align::Left, Align::Right, Align::Left],
        ..Table::default()
    };
    for one in found {
        let names: Vec<&str> = one.needs.iter().map(|own| own.cell.as_str()).collect();
        let mut names = names;
        names.dedup();
        let first = one.sets.first();
        let smallest = match first {
            None => cell(Style::Gap, format!("none with at most {}", count(one.most, "change"))),
            Some(set) => set.changes.iter().map(|change| vec![plain(change)]).collect(),
        };
        let opens = first.map(|set| listed(&set.opens, 2)).unwrap_or_default();
        table.rows.push(vec![
            cell(Style::Plain, names.join(", ")),
            smallest,
            cell(Style::Plain, one.sets.len().to_string()),
            cell(Style::Gap, opens),
        ]);
    }
    document.table(table);
}

fn stands(document: &mut Document, one: &Repairs) {
    let mut points: Vec<Line> = one.needs.iter().map(standing).collect();
    for point in &mut points {
        point.push(plain(format!(", {}, as things stand", how(one.judged))));
    }
    document.list(points);
}

fn sets(document: &mut Document, one: &Repairs, all: bool) {
    let helping = one.levers.iter().filter(|lever| lever.sets > 0).count();
    let looked =
        format!("Looked at: every combination of {}, up to {} at once.", count(one.levers.len(), "change"), one.most);
    match one.sets.as_slice() {
        [] => {
            document.paragraph(vec![plain(looked)]);
            document.paragraph(vec![span(
                Style::Gap,
                format!(
                    "None with at most {} of those looked at. That is no proof that it cannot be: more changes \
                     at once, or others, may do.",
                    count(one.most, "change")
                ),
            )]);
        }
        [set] if set.changes.is_empty() => {
            document.paragraph(vec![span(Style::Good, "Nothing has to change: it is answered as things stand.")]);
        }
        found => {
            let found_so_many = format!("{} smallest {}", found.len(), if found.len() == 1 { "set" } else { "sets" });
            document
                .paragraph(vec![plain(format!("{looked} {found_so_many}; {helping} of the changes stand in one."))]);
            essential(document, one);
            document.heading(2, if found.len() == 1 { "The set" } else { "Ways that differ most" });
            for number in &one.varied {
                if let Some(set) = found.get(*number) {
                    whole(document, set, &one.levers, *number);
                }
            }
            let rest: Vec<Line> = found
                .iter()
                .enumerate()
                .filter(|(number, _)| !one.varied.contains(number))
                .map(|(number, set)| brief(number, set))
                .collect();
            let shown = if all { rest.len() } else { rest.len().min(SHOWN) };
            let hidden = rest.len() - shown;
            document.section("The other sets", rest.into_iter().take(shown).collect());
            if hidden > 0 {
                document.paragraph(vec![span(Style::Dim, format!("… and {hidden} more: --all"))]);
            }
        }
    }
    unused(document, one);
}

fn essential(document: &mut Document, one: &Repairs) {
    if one.sets.len() < 2 {
        return;
    }
    let line = if one.essential.is_empty() {
        vec![plain("No one change stands in every set.")]
    } else {
        vec![span(Style::Strong, "In every set: "), plain(one.essential.join("; "))]
    };
    document.paragraph(line);
}

fn whole(document: &mut Document, set: &RepairSet, levers: &[Lever], number: usize) {
    document.heading(3, format!("{}. {}", number + 1, set.changes.join(" + ")));
    let mut points: Vec<Line> = Vec::new();
    // Who agrees to several changes in one way is named once.
    let consents = together(set.changes.iter().flat_map(|change| {
        let own = levers.iter().filter(|lever| lever.change == *change).flat_map(|lever| &lever.consent);
        own.map(move |consent| (consent, change.as_str()))
    }));
    for (consent, changes) in consents {
        let told = if set.changes.len() > 1 { changes } else { Vec::new() };
        points.push(agrees(&told, consent));
    }
    for own in &set.needs {
        let mut line = vec![plain("then ")];
        line.extend(standing(own));
        points.push(line);
    }
    if !set.opens.is_empty() {
        points.push(vec![span(Style::Gap, "opens a gap elsewhere: "), plain(set.opens.join("; "))]);
    }
    if !set.closes.is_empty() {
        points.push(vec![span(Style::Good, "also closes: "), plain(listed(&set.closes, 4))]);
    }
    document.list(points);
}

fn agrees(changes: &[&str], own: &Consent) -> Line {
    let mut line = Vec::new();
    if !changes.is_empty() {
        line.push(span(Style::Dim, format!("{}: ", changes.join("; "))));
    }
    line.push(span(Style::Strong, super::document::clip(&own.who, 160)));
    line.push(plain(format!(" {}: {}", if own.bar { "stands in the way" } else { "would have to agree" }, own.how)));
    if let Some(source) = &own.source {
        let at = own.locator.as_deref().map(|at| format!(", {at}")).unwrap_or_default();
        line.push(span(Style::Source, format!(" ({source}{at})")));
    }
    line
}

fn brief(number: usize, set: &RepairSet) -> Line {
    let mut line = vec![plain(format!("{}. {}", number + 1, set.changes.join(" + ")))];
    if set.bars > 0 {
        line.push(span(Style::Contested, "; a law or status stands in the way"));
    }
    if !set.opens.is_empty() {
        line.push(span(Style::Gap, format!("; opens {}", listed(&set.opens, 2))));
    }
    line
}

fn unused(document: &mut Document, one: &Repairs) {
    let idle: Vec<&str> =
        one.levers.iter().filter(|lever| lever.sets == 0).map(|lever| lever.change.as_str()).collect();
    let mut points = Vec::new();
    if !idle.is_empty() && !one.sets.is_empty() {
        points.push(vec![plain(format!("in no smallest set: {}", listed(&idle, 8)))]);
    } else if !idle.is_empty() {
        points.push(vec![plain(listed(&idle, 24))]);
    }
    let nothing: Vec<String> = one.idle.iter().map(|[change, why]| format!("{change} ({why})")).collect();
    if !nothing.is_empty() {
        points.push(vec![plain(format!("would change nothing: {}", listed(&nothing, 4)))]);
    }
    if one.capped {
        points.push(vec![span(
            Style::Gap,
            "the need hangs on more combinations of these changes than can be tried and counts as open there: forbid some",
        )]);
    }
    if !one.left_out.is_empty() {
        points.push(vec![
            span(Style::Gap, "not looked at, since they are more than rows that come and go: "),
            plain(one.left_out.join("; ")),
        ]);
    }
    document.section("The other changes", points);
}
