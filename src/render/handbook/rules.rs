//! The rules of a pack by source: what each says, where it is said, when it speaks.

use std::collections::BTreeMap;

use super::{ids, lines, table};
use crate::render::document::{Document, Style, cell, plain};
use crate::rules::Rule;
use crate::session::Session;

pub(super) fn page(session: &Session) -> Document {
    let world = &session.pack.world;
    let mut document = Document::default();
    document.heading(1, "Rules");
    document.paragraph(vec![plain(
        "What a rule speaks to is its guard: it is silent about other threats and functions. The stage says what it may conclude.",
    )]);
    let mut by_source: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in session.rules.rules.values() {
        by_source.entry(&rule.source).or_default().push(rule);
    }
    for (source, rules) in by_source {
        document.heading(2, format!("{source}: {}", world.cite(source)));
        let mut rows = table(&["rule", "at", "what it says", "speaks to", "stage", "claims"]);
        for rule in rules {
            let strict = if rule.strict { ", strict" } else { "" };
            rows.rows.push(vec![
                cell(Style::Code, &rule.id),
                cell(Style::Source, rule.at.as_deref().unwrap_or_default()),
                cell(Style::Plain, rule.doc.split_whitespace().collect::<Vec<_>>().join(" ")),
                cell(Style::Plain, guard(rule)),
                cell(Style::Plain, format!("{}{strict}", rule.stage.as_str())),
                lines(ids("claims.md", rule.claims.iter().map(String::as_str))),
            ]);
        }
        document.table(rows);
    }
    document
}

fn guard(rule: &Rule) -> String {
    let mut parts = Vec::new();
    parts.extend((!rule.threats.is_empty()).then(|| rule.threats.join(", ")));
    parts.extend((!rule.functions.is_empty()).then(|| format!("for {}", rule.functions.join(", "))));
    if parts.is_empty() { "anything".to_owned() } else { parts.join("; ") }
}
