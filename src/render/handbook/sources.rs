//! The bibliography: every source of a pack by kind.

use crate::render::document::{Document, Style, plain, span};
use crate::session::Session;
use crate::world::{Source, SourceKind};

pub(super) fn page(session: &Session) -> Document {
    let world = &session.pack.world;
    let mut document = Document::default();
    document.heading(1, "Bibliography");
    document.paragraph(vec![plain(
        "Of two statements the one whose source has the higher rank goes first. A lens is a paper that can be taken at its word.",
    )]);
    for kind in SourceKind::ALL {
        let listed: Vec<&Source> = world.sources.values().filter(|source| source.kind == *kind).collect();
        let points = listed.into_iter().map(|source| {
            let mut text = String::new();
            if let Some(authors) = &source.authors {
                text.push_str(&format!(" {authors}"));
            }
            if let Some(year) = source.year {
                text.push_str(&format!(" ({year})"));
            }
            text.push_str(&format!(": {}", source.title));
            text.extend(source.note.iter().map(|note| format!(". {note}")));
            let lens = if source.lens { "; a lens" } else { "" };
            vec![
                span(Style::Code, &source.key),
                plain(text),
                span(Style::Dim, format!(" (rank {}{lens})", source.rank)),
            ]
        });
        document.section(heading(*kind), points.collect());
    }
    document
}

fn heading(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Treaty => "Treaties and other binding texts",
        SourceKind::Official => "Official documents",
        SourceKind::Press => "Press",
        SourceKind::Paper => "Papers",
        SourceKind::Core => "Of the tool itself",
    }
}
