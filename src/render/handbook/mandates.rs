//! Mandates by holder, with the clause in words; instruments with their dates and parties.

use std::collections::{BTreeMap, BTreeSet};

use super::{cited, lines, said, table};
use crate::date::Bound;
use crate::render::clause::describe;
use crate::render::document::{Document, Style, cell, plain, span};
use crate::session::Session;
use crate::world::{Mandate, Status, World};

pub(super) fn page(session: &Session) -> Document {
    let world = &session.pack.world;
    let mut document = Document::default();
    document.heading(1, "Mandates and instruments");
    document.paragraph(vec![plain(
        "What texts allow or oblige. What only a paper states carries that paper as its source. What every state may do on its own soil is listed once, under one state.",
    )]);
    let mut holders: BTreeMap<(&str, &str), Vec<&Mandate>> = BTreeMap::new();
    for mandate in own(world) {
        holders.entry((world.line(&mandate.holder), &mandate.holder)).or_default().push(mandate);
    }
    document.heading(2, "Mandates");
    for ((_, holder), mandates) in holders {
        document.heading(3, format!("{holder}: {}", world.name(holder)));
        let mut rows = table(&["mandate", "what it says", "text", "source"]);
        for mandate in mandates {
            let text =
                world.instruments.get(&mandate.instrument).map_or(mandate.instrument.as_str(), |text| &text.title);
            let note = mandate.fact.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            let against = mandate.fact.version_of.as_ref().map(|row| format!(" Against {row}.")).unwrap_or_default();
            rows.rows.push(vec![
                cell(Style::Code, &mandate.fact.id),
                cell(Style::Plain, format!("{}{against}{note}", describe(mandate, world))),
                cell(Style::Plain, text),
                cell(Style::Source, cited(world, Some(&mandate.fact.source), mandate.fact.locator.as_ref())),
            ]);
        }
        document.table(rows);
    }
    instruments(&mut document, world);
    document
}

/// Mandates as the files hold them: of those that every state has, the first state's alone.
pub(super) fn own(world: &World) -> impl Iterator<Item = &Mandate> {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    world.mandates.iter().filter(move |mandate| mandate.shared.as_deref().is_none_or(|shared| told.insert(shared)))
}

fn instruments(document: &mut Document, world: &World) {
    document.heading(2, "Instruments");
    for text in world.instruments.values() {
        document.heading(3, &text.id);
        let mut parts = vec![text.kind.as_str().replace('-', " ")];
        if let Bound::On(date) = text.signed {
            parts.push(format!("signed {date}"));
        }
        if let Bound::On(date) = text.provisional {
            parts.push(format!("applied provisionally from {date}"));
        }
        parts.push(match text.held.from {
            Bound::Never => "never in force".to_owned(),
            _ => format!("in force: {}", text.held),
        });
        parts.extend((text.status != Status::Live).then(|| text.status.as_str().replace('-', " ")));
        for (what, ids) in [("amends", &text.amends), ("supersedes", &text.supersedes)] {
            if !ids.is_empty() {
                parts.push(format!("{what} {}", ids.join(", ")));
            }
        }
        let mut line = vec![span(Style::Strong, &text.title), plain(format!(": {}", parts.join("; ")))];
        line.push(span(
            Style::Source,
            format!(" [{}]", cited(world, Some(&text.source), text.remark.locator.as_ref())),
        ));
        let note = crate::world::Remark { source: None, locator: None, note: text.remark.note.clone() };
        line.extend(said(world, &note));
        document.paragraph(line);
        parties(document, world, &text.id);
    }
}

fn parties(document: &mut Document, world: &World, instrument: &str) {
    let mut rows = table(&["party", "bound", "reservation", "source"]);
    for party in world.parties.iter().filter(|party| party.instrument == instrument) {
        rows.rows.push(vec![
            cell(Style::Plain, world.name(&party.state)),
            cell(Style::Plain, party.fact.held.to_string()),
            cell(Style::Plain, party.reservation.as_deref().unwrap_or_default()),
            lines(vec![span(Style::Source, cited(world, Some(&party.fact.source), party.fact.locator.as_ref()))]),
        ]);
    }
    if !rows.rows.is_empty() {
        document.table(rows);
    }
}
