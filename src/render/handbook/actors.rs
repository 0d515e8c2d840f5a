//! States, organisations with their organs and members, other actors.

use super::{cited, said, table};
use crate::render::document::{Document, Line, Style, cell, plain, span};
use crate::session::Session;
use crate::world::{Body, BodyKind, Fact, Status, World};

pub(super) fn page(session: &Session) -> Document {
    let world = &session.pack.world;
    let mut document = Document::default();
    document.heading(1, "Actors");
    document.paragraph(vec![plain(
        "Dates are half-open: until is the first day on which a thing no longer holds. A row that contradicts another says which.",
    )]);
    states(&mut document, world);
    document.heading(2, "Organisations, formats and treaties that hold mandates");
    for body in world.bodies.values().filter(|body| body.parent.is_none()) {
        organisation(&mut document, world, body);
    }
    document.section(
        "Other actors",
        world
            .actors
            .values()
            .map(|actor| {
                let mut line = vec![
                    span(Style::Code, &actor.id),
                    plain(format!(" {}: {}, {}", actor.name, actor.kind.as_str().replace('-', " "), actor.held)),
                ];
                line.extend(said(world, &actor.remark));
                line
            })
            .collect(),
    );
    document
}

/// Dates, source, place and what the row contradicts.
fn dated(world: &World, fact: &Fact) -> Line {
    let mut line = vec![plain(format!(" {}", fact.held))];
    line.push(span(Style::Source, format!(" [{}]", cited(world, Some(&fact.source), fact.locator.as_ref()))));
    line.extend(fact.version_of.as_ref().map(|row| plain(format!(" against {row}"))));
    line.extend(fact.note.as_ref().map(|note| plain(format!(" {note}"))));
    line
}

fn states(document: &mut Document, world: &World) {
    document.heading(2, "States");
    for state in world.states.values() {
        document.heading(3, &state.id);
        let near = if state.neighbours.is_empty() {
            String::new()
        } else {
            format!(". Borders on {}", state.neighbours.join(", "))
        };
        document.paragraph(vec![span(Style::Strong, &state.name), plain(near)]);
        let attributes = world
            .attributes
            .iter()
            .filter(|row| row.state == state.id)
            .map(|row| [vec![plain(row.attribute.replace('-', " "))], dated(world, &row.fact)].concat());
        document.list(attributes.collect());
    }
}

fn organisation(document: &mut Document, world: &World, body: &Body) {
    document.heading(3, &body.id);
    document.paragraph(about(world, body));
    let mut members = table(&["state", "role", "held", "source"]);
    for row in world.memberships.iter().filter(|row| row.organisation == body.id) {
        let standing = match row.standing.as_str() {
            "full" => String::new(),
            other => format!(", {}", other.replace('-', " ")),
        };
        let against = row.fact.version_of.as_ref().map(|id| format!(" (against {id})")).unwrap_or_default();
        members.rows.push(vec![
            cell(Style::Plain, world.name(&row.state)),
            cell(Style::Plain, format!("{}{standing}", row.role.as_str())),
            cell(Style::Plain, format!("{}{against}", row.fact.held)),
            cell(Style::Source, cited(world, Some(&row.fact.source), row.fact.locator.as_ref())),
        ]);
    }
    let organs: Vec<Line> = below(world, &body.id).into_iter().map(|organ| about_with_id(world, organ)).collect();
    document.list(organs);
    if !members.rows.is_empty() {
        document.table(members);
    }
    let rules = world.decision_rules.iter().filter(|rule| world.upwards(&rule.organ).last() == Some(&body.id.as_str()));
    document.list(
        rules
            .map(|rule| {
                let text = format!(
                    "{} decides on {} by {}:",
                    world.name(&rule.organ),
                    rule.matter.as_str().replace('-', " "),
                    rule.rule.as_str().replace('-', " ")
                );
                [vec![plain(text)], dated(world, &rule.fact)].concat()
            })
            .collect(),
    );
}

/// Bodies below one, parents before their organs.
fn below<'w>(world: &'w World, root: &str) -> Vec<&'w Body> {
    let mut found = Vec::new();
    for organ in world.bodies.values().filter(|body| body.parent.as_deref() == Some(root)) {
        found.push(organ);
        found.extend(below(world, &organ.id));
    }
    found
}

fn about_with_id(world: &World, body: &Body) -> Line {
    let mut line = vec![span(Style::Code, &body.id), plain(" ")];
    line.extend(about(world, body));
    line
}

fn about(world: &World, body: &Body) -> Line {
    let mut parts = Vec::new();
    parts.push(match (body.kind, body.organ) {
        (_, Some(organ)) => organ.as_str().to_owned(),
        (BodyKind::Organ, None) => "organ".to_owned(),
        (kind, None) => kind.as_str().replace('-', " "),
    });
    parts.extend((body.status != Status::Live).then(|| body.status.as_str().replace('-', " ")));
    parts.extend(body.seat.clone());
    parts.push(body.held.to_string());
    parts.extend(body.founded_by.as_ref().map(|id| format!("founded by {}", world.name(id))));
    parts.extend(body.predecessor.as_ref().map(|id| format!("came from {}", world.name(id))));
    let mut line = vec![span(Style::Strong, &body.name), plain(format!(": {}", parts.join(", ")))];
    line.extend(said(world, &body.remark));
    line
}
