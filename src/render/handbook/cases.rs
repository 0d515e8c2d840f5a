//! The scenarios of a pack with the papers that tell of them, and the changes that can be tried.

use super::cited;
use crate::render::document::{Document, Line, Style, plain, span};
use crate::session::Session;
use crate::world::WhatIf;

pub(super) fn page(session: &Session) -> Document {
    let world = &session.pack.world;
    let mut document = Document::default();
    document.heading(1, "Cases and what-ifs");
    document.paragraph(vec![plain(
        "Each scenario can be evaluated on its own day or on any other. What came of it in the end is not told here, since a class predicts first.",
    )]);
    for loaded in &session.pack.scenarios {
        let scenario = &loaded.scenario;
        document.heading(2, &scenario.id);
        document.paragraph(vec![span(Style::Strong, &scenario.title), plain(format!(", {}", scenario.date))]);
        if let Some(question) = &scenario.question {
            document.paragraph(vec![plain(question.trim())]);
        }
        let told = scenario.told.iter().map(|told| {
            vec![
                plain(&told.text),
                span(Style::Source, format!(" [{}]", cited(world, Some(&told.source), Some(&told.locator)))),
            ]
        });
        titled(&mut document, "Told by", told.collect());
        titled(&mut document, "What if", scenario.what_ifs.iter().map(|named| what_if(session, named)).collect());
    }
    document
}

fn titled(document: &mut Document, title: &str, points: Vec<Line>) {
    if !points.is_empty() {
        document.paragraph(vec![span(Style::Strong, title)]);
        document.list(points);
    }
}

fn what_if(session: &Session, named: &WhatIf) -> Line {
    let mut line = vec![span(Style::Code, &named.id), plain(format!(" {}", named.text))];
    let changes: Vec<&str> = named.changes.iter().map(|change| change.text.as_str()).collect();
    if !changes.is_empty() {
        line.push(plain(format!(": {}", changes.join("; "))));
    }
    if let Some(source) = &named.source {
        let cited = cited(&session.pack.world, Some(source), named.locator.as_ref());
        line.push(span(Style::Source, format!(" [{cited}]")));
    }
    line
}
