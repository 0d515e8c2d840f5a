//! The handbook of a pack: everything it holds, written from its data, a page for each kind of thing.

mod actors;
mod cases;
mod claims;
mod codebook;
mod disputes;
mod mandates;
mod rules;
mod sources;
mod threats;

use super::ascribed;
use super::document::{Cell, Document, Line, Style, Table, cell, link, plain, span};
use crate::matrix::matrix;
use crate::session::Session;
use crate::world::{Id, Remark, World};

/// A page of the handbook.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its file, below the folder that the handbook is written to.
    pub file: &'static str,
    /// What stands on it.
    pub document: Document,
}

/// The table of contents.
pub const CONTENTS: &str = "handbook/README.md";

/// The files of all pages that there may be beside the table of contents.
pub const FILES: &[&str] = &[
    "handbook/actors.md",
    "handbook/threats.md",
    "handbook/mandates.md",
    "handbook/claims.md",
    "handbook/rules.md",
    "handbook/disagreements.md",
    "handbook/cases.md",
    "handbook/matrix.md",
    "handbook/bibliography.md",
    "codebook.md",
];

/// The words of the table of contents by which a handbook is known to be of a pack.
pub fn written_from(pack: &str) -> String {
    format!("Written from the data of the pack `{pack}`")
}

/// Every page, in reading order, the table of contents first.
pub fn handbook(session: &Session) -> Vec<Page> {
    let mut pages = vec![
        ("handbook/actors.md", "States, organisations, other actors", actors::page(session)),
        ("handbook/threats.md", "Threats", threats::page(session)),
        ("handbook/mandates.md", "Mandates and instruments", mandates::page(session)),
        ("handbook/claims.md", "What the papers claim", claims::page(session)),
        ("handbook/rules.md", "Rules", rules::page(session)),
        (
            "handbook/disagreements.md",
            "Where papers part, and where they are at odds with the record",
            disputes::page(session),
        ),
        ("handbook/cases.md", "Cases and what-ifs", cases::page(session)),
        ("handbook/matrix.md", "Threats and organisations, as the papers claim", ascribed::page(&matrix(session))),
        ("handbook/bibliography.md", "Bibliography", sources::page(session)),
        ("codebook.md", "The codebook", codebook::page(session)),
    ];
    // A pack without papers, say, has nothing to put on their pages.
    pages.retain(|(_, _, document)| document.blocks.len() > 1);
    let contents = contents(session, &pages);
    let rest = pages.into_iter().map(|(file, _, document)| Page { file, document });
    std::iter::once(Page { file: CONTENTS, document: contents }).chain(rest).collect()
}

fn contents(session: &Session, pages: &[(&'static str, &'static str, Document)]) -> Document {
    let (world, register) = (&session.pack.world, &session.pack.register);
    let mut document = Document::default();
    document.heading(1, format!("Handbook: {}", world.pack.title));
    let version = world.pack.version.as_ref().map(|version| format!(", version {version}")).unwrap_or_default();
    let known = world.pack.known_until.map(|date| format!("; its record was checked until {date}")).unwrap_or_default();
    document.paragraph(vec![
        plain("Written from the data of the pack "),
        span(Style::Code, &world.pack.id),
        plain(format!("{version}{known}. Do not edit it: change the pack and run ")),
        span(Style::Code, format!("mandatum docs {}", world.pack.id)),
        plain("."),
    ]);
    document.list(
        pages
            .iter()
            .map(|(file, title, _)| {
                let to = file.strip_prefix("handbook/").map_or_else(|| format!("../{file}"), str::to_owned);
                vec![link(Style::Plain, title, to)]
            })
            .collect(),
    );
    let counts = [
        ("states", world.states.len()),
        ("organisations, organs and formats", world.bodies.len()),
        ("instruments", world.instruments.len()),
        ("memberships", world.memberships.len()),
        ("mandates of bodies and treaties", mandates::own(world).count()),
        ("threats", world.threats.terms.len()),
        ("functions", world.functions.terms.len()),
        ("claims", register.claims.len()),
        ("disagreements", register.disagreements.len()),
        ("facts in two versions", register.discrepancies.len()),
        ("rules", session.rules.rules.len()),
        ("scenarios", session.pack.scenarios.len()),
        ("sources", world.sources.len()),
    ];
    document.card(counts.iter().map(|(what, count)| ((*what).to_owned(), vec![plain(count.to_string())])).collect());
    document
}

/// A table whose heads are these words.
fn table(heads: &[&str]) -> Table {
    Table { header: heads.iter().map(|head| cell(Style::Strong, head)).collect(), ..Table::default() }
}

/// Source and place, as they stand behind a sentence.
fn cited(world: &World, source: Option<&Id>, locator: Option<&String>) -> String {
    let source = source.map(|key| world.cite(key));
    [source, locator.cloned()].into_iter().flatten().collect::<Vec<String>>().join(", ")
}

/// What a remark adds: source, place and note, in one bracket.
fn said(world: &World, remark: &Remark) -> Line {
    let cited = cited(world, remark.source.as_ref(), remark.locator.as_ref());
    let mut line = Line::new();
    if !cited.is_empty() {
        line.push(span(Style::Source, format!(" [{cited}]")));
    }
    line.extend(remark.note.as_ref().map(|note| plain(format!(" {note}"))));
    line
}

/// Ids behind one another, each leading to its entry on a page.
fn ids<'a>(page: &str, ids: impl IntoIterator<Item = &'a str>) -> Line {
    let mut line = Line::new();
    for id in ids {
        if !line.is_empty() {
            line.push(plain(", "));
        }
        line.push(link(Style::Code, id, format!("{page}#{id}")));
    }
    line
}

/// Ids behind one another that lead nowhere.
fn codes<'a>(ids: impl IntoIterator<Item = &'a str>) -> Line {
    let mut line = Line::new();
    for id in ids {
        let comma = if line.is_empty() { "" } else { ", " };
        line.extend([plain(comma), span(Style::Code, id)]);
    }
    line
}

fn lines(line: Line) -> Cell {
    vec![line]
}
