//! The page of an atlas: how much of the space has which answer, and the boxes.

use super::cells::{look, mark, word};
use super::document::{Cell, Document, Line, Style, Table, cell, count, listed, plain, span};
use super::timeline::{checked, quoted};
use crate::answer::AnswerKind;
use crate::atlas::{Atlas, AtlasBox};

/// Boxes of one answer that are shown before the rest is counted.
const SHOWN: usize = 20;

/// The page, with its picture.
pub fn atlas(found: &Atlas, picture: String) -> Document {
    let mut document = Document::default();
    document.heading(1, format!("Atlas of {}", found.pack));
    document.card(card(found));
    document.paragraph(vec![span(
        Style::Dim,
        "Nothing is said of the case but its threat and the one state that it hits: attacker, origin and who is at risk \
         are unknown, and what hangs on them is open. Judged on paper, from competence to exclusion; nobody was asked \
         and nobody decided. What texts allow, not what would work.",
    )]);
    document.picture(picture, super::chart::atlas::caption(found));
    for answer in [AnswerKind::Gap, AnswerKind::Overlap, AnswerKind::Contested, AnswerKind::Open, AnswerKind::OneHolder]
    {
        section(&mut document, found, Some(answer));
    }
    section(&mut document, found, None);
    document
}

fn card(found: &Atlas) -> Vec<(String, Line)> {
    let when = match (&found.from, &found.until) {
        (Some(from), Some(until)) if from == until => from.clone(),
        (from, until) => {
            let from = from.as_deref().unwrap_or("the beginning");
            let until = until.as_deref().unwrap_or("the last date that is read");
            format!("from {from} to {until}, {} distinct dates", found.dates)
        }
    };
    let version = found.pack_version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let known = found.known_until.as_deref().map(|known| checked(known, found.until.as_deref())).unwrap_or_default();
    let lens = if found.lenses.is_empty() { "none: the record".to_owned() } else { found.lenses.join(", ") };
    let counts: Vec<String> = found.last_day.iter().map(|(answer, count)| format!("{count} {answer}")).collect();
    [
        ("Pack", format!("{}{version}{known}", found.pack)),
        ("Day", when),
        ("Lens", lens),
        ("States", found.states.join(", ")),
        (
            "Cells",
            format!(
                "{}: {} × {} × {} × {}, known from {} that judged {}",
                found.cells,
                count(found.threats.len(), "threat"),
                count(found.states.len(), "state"),
                count(found.functions.len(), "function"),
                count(found.dates, "date"),
                count(found.evaluations, "evaluation"),
                count(found.judged, "cell")
            ),
        ),
        ("Last day", counts.join(", ")),
    ]
    .map(|(key, value)| (key.to_owned(), vec![plain(value)]))
    .into()
}

fn section(document: &mut Document, found: &Atlas, answer: Option<AnswerKind>) {
    let boxes: Vec<&AtlasBox> = found.boxes.iter().filter(|own| own.answer == answer).collect();
    if boxes.is_empty() {
        return;
    }
    let title = match answer {
        Some(answer) => format!("{} {}", look(answer).0, word(answer)),
        None => "Not needed, a rule says".to_owned(),
    };
    document.heading(2, format!("{title}: {}", count(boxes.len(), "box")));
    let timed = found.from != found.until || found.from.is_none();
    let held = boxes.iter().any(|own| !own.lines.is_empty() || !own.lines_in_part.is_empty());
    let hangs = answer == Some(AnswerKind::Open) || answer == Some(AnswerKind::Contested);
    let mut header = vec!["cells", "threats", "states", "functions"];
    header.extend(timed.then_some("when"));
    header.extend(hangs.then_some("may be"));
    header.extend(held.then_some("lines"));
    let rows = boxes.iter().take(SHOWN).map(|own| {
        let mut row = vec![
            cell(Style::Dim, own.size().to_string()),
            some(&own.threats, &found.threats, "all threats"),
            some(&own.states, &found.states, "all states"),
            some(&own.functions, &found.functions, "all functions"),
        ];
        if timed {
            row.push(cell(Style::Plain, when(own)));
        }
        if hangs {
            row.push(own.possible.iter().map(|answer| vec![mark(*answer)]).collect());
        }
        if held {
            row.push(cell(Style::Plain, lines(own)));
        }
        row
    });
    let header = header.into_iter().map(|title| cell(Style::Strong, title)).collect();
    document.table(Table { header, align: Vec::new(), rows: rows.collect() });
    if boxes.len() > SHOWN {
        let more = format!("… and {} more boxes (all in --format json and csv)", boxes.len() - SHOWN);
        document.paragraph(vec![span(Style::Dim, more)]);
    }
}

/// What a box holds of a dimension; all but a few are told by what is missing.
fn some(own: &[String], all: &[String], every: &str) -> Cell {
    if own.len() == all.len() {
        return cell(Style::Plain, if all.len() == 1 { own.join(", ") } else { every.to_owned() });
    }
    let missing: Vec<&String> = all.iter().filter(|id| !own.contains(id)).collect();
    if own.len() > 6 && missing.len() <= 4 {
        return cell(Style::Plain, format!("{every} but {}", listed(&missing, 4)));
    }
    cell(Style::Plain, listed(own, 6))
}

fn when(own: &AtlasBox) -> String {
    match (&own.from, &own.until) {
        (Some(from), Some(until)) => format!("from {from} until {until}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("until {until}"),
        (None, None) => "throughout".to_owned(),
    }
}

fn lines(own: &AtlasBox) -> String {
    match (own.lines.is_empty(), own.lines_in_part.is_empty()) {
        (_, true) => listed(&own.lines, 5),
        (true, false) => format!("in part {}", listed(&own.lines_in_part, 5)),
        (false, false) => format!("{}; in part {}", listed(&own.lines, 4), listed(&own.lines_in_part, 4)),
    }
}

/// One line per box.
pub fn csv(found: &Atlas) -> String {
    let mut text = "answer,possible,cells,threats,states,functions,from,until,lines,lines_in_part\n".to_owned();
    for own in &found.boxes {
        let possible: Vec<&str> = own.possible.iter().map(|answer| answer.as_str()).collect();
        let fields = [
            own.answer.map_or("not-needed", AnswerKind::as_str),
            &possible.join(" "),
            &own.size().to_string(),
            &own.threats.join(" "),
            &own.states.join(" "),
            &own.functions.join(" "),
            own.from.as_deref().unwrap_or_default(),
            own.until.as_deref().unwrap_or_default(),
            &own.lines.join(" "),
            &own.lines_in_part.join(" "),
        ];
        text.push_str(&fields.map(quoted).join(","));
        text.push('\n');
    }
    text
}
