//! What each paper claims, and what becomes of it here.

use std::collections::BTreeMap;

use super::{codes, ids};
use crate::register::{attacks_on, realised};
use crate::render::document::{Document, Line, Style, plain, span};
use crate::session::Session;
use crate::world::register::Claim;

pub(super) fn page(session: &Session) -> Document {
    let (world, register) = (&session.pack.world, &session.pack.register);
    let mut document = Document::default();
    document.heading(1, "What the papers claim");
    if register.claims.is_empty() {
        return document;
    }
    document.paragraph(vec![plain(
        "A claim is its paper's. Where it shows, an argument of its rules is made, whether it is accepted or not; what attacks it is listed beside it. Said as: only (nothing else will do), \
         flat, hedged (may, can, seems), attributed (somebody else's view), hope.",
    )]);
    let mut by_source: BTreeMap<&str, Vec<&Claim>> = BTreeMap::new();
    for claim in register.claims.values() {
        by_source.entry(&claim.source).or_default().push(claim);
    }
    let rules = realised(session);
    for (source, claims) in by_source {
        let title = world.sources.get(source).map_or(source, |source| source.title.as_str());
        document.heading(2, format!("{}: {title}", world.cite(source)));
        for claim in claims {
            document.heading(3, &claim.id);
            document.paragraph(vec![plain(&claim.text), span(Style::Source, format!(" [{}]", claim.locator))]);
            let realising = rules.get(claim.id.as_str()).into_iter().flatten().map(|rule| rule.as_str());
            let shown = claim.shown.iter().map(|shown| format!("{} at {}", shown.scenario, shown.at));
            let mut points: Vec<Line> =
                vec![vec![plain(format!("{}, said as {}", claim.kind.as_str(), claim.hedge.as_str()))]];
            let mut add = |what: &str, line: Line| {
                if !line.is_empty() {
                    points.push([vec![span(Style::Strong, what), plain(": ")], line].concat());
                }
            };
            add("No rule", claim.reason.iter().map(plain).collect());
            add("Rules", codes(realising));
            add("Shows in", join(shown.collect()));
            add("Attacked by", ids("", attacks_on(session, &claim.id)));
            document.list(points);
        }
    }
    document
}

fn join(texts: Vec<String>) -> Line {
    if texts.is_empty() { Line::new() } else { vec![plain(texts.join("; "))] }
}
