//! The threats of a pack, each with what it is a kind of, what it feeds and what it calls for.

use super::{ids, said};
use crate::render::document::{Document, Line, Style, plain, span};
use crate::session::Session;
use crate::world::{Term, World};

pub(super) fn page(session: &Session) -> Document {
    let world = &session.pack.world;
    let mut document = Document::default();
    document.heading(1, "Threats");
    document.paragraph(vec![plain(
        "A mandate against a threat answers for every kind of it. That one threat feeds another extends no mandate.",
    )]);
    for (id, term) in &world.threats.terms {
        document.heading(2, id);
        let mut line = vec![span(Style::Strong, &term.name)];
        if let Some(definition) = &term.definition {
            line.push(plain(format!(": {definition}")));
        }
        line.extend(said(world, &term.remark));
        document.paragraph(line);
        document.list(points(world, id, term));
    }
    document
}

fn points(world: &World, id: &str, term: &Term) -> Vec<Line> {
    let kinds: Vec<&str> = world
        .threats
        .terms
        .iter()
        .filter(|(_, other)| other.is_a.iter().any(|wider| wider == id))
        .map(|(kind, _)| kind.as_str())
        .collect();
    let own = |list: &'_ [String]| list.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let mut points = Vec::new();
    for (what, line) in [
        ("A kind of", ids("", term.is_a.iter().map(String::as_str))),
        ("Its kinds", ids("", kinds)),
        ("Feeds", ids("", term.feeds.iter().map(String::as_str))),
    ] {
        if !line.is_empty() {
            points.push([vec![span(Style::Strong, what), plain(": ")], line].concat());
        }
    }
    if !term.calls_for.is_empty() {
        points.push(vec![span(Style::Strong, "Calls for"), plain(format!(": {}", own(&term.calls_for)))]);
    }
    points
}
