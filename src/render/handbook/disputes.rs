//! Where papers part, and where a paper is at odds with the record.

use super::{codes, ids};
use crate::render::document::{Document, Line, Style, plain, span};
use crate::session::Session;
use crate::world::ClaimAttack;

pub(super) fn page(session: &Session) -> Document {
    let register = &session.pack.register;
    let mut document = Document::default();
    document.heading(1, "Disagreements");
    if register.disagreements.is_empty() && register.discrepancies.is_empty() {
        return document;
    }
    document.paragraph(vec![plain(
        "A rebuttal says the opposite; an undercut says that the premises do not carry the conclusion; an undermining attack denies a premise. \
         The papers do not cite one another: who attacks whom was worked out by the authors of this pack.",
    )]);
    document.heading(2, "Between claims");
    for disagreement in register.disagreements.values() {
        document.heading(3, &disagreement.id);
        document.paragraph(vec![span(Style::Strong, &disagreement.question), plain(format!(" {}", disagreement.text))]);
        document.list(disagreement.attacks.iter().map(attack).collect());
    }
    document.heading(2, "Facts in two versions");
    for discrepancy in register.discrepancies.values() {
        document.heading(3, &discrepancy.id);
        document.paragraph(vec![plain(&discrepancy.text)]);
        let rows = |rows: &[String]| codes(rows.iter().map(String::as_str));
        let mut points = Vec::new();
        for (what, line) in [
            ("The paper's rows", rows(&discrepancy.claimed)),
            ("The record's rows", rows(&discrepancy.record)),
            ("Claims that rest on it", ids("claims.md", discrepancy.claims.iter().map(String::as_str))),
            ("What is to be said of its rows", discrepancy.reason.iter().map(plain).collect()),
        ] {
            if !line.is_empty() {
                points.push([vec![span(Style::Strong, what), plain(": ")], line].concat());
            }
        }
        document.list(points);
    }
    document
}

fn attack(attack: &ClaimAttack) -> Line {
    let mut line = ids("claims.md", attack.from.iter().map(String::as_str));
    if let Some(discrepancy) = &attack.discrepancy {
        let comma = if line.is_empty() { "" } else { ", " };
        line.push(plain(comma));
        line.extend(ids("", [discrepancy.as_str()]));
    }
    let several = attack.from.len() + usize::from(attack.discrepancy.is_some()) > 1;
    line.push(plain(format!(" {}{} ", attack.kind.as_str(), if several { "" } else { "s" })));
    line.extend(ids("claims.md", attack.on.iter().map(String::as_str)));
    match (&attack.scenario, &attack.reason) {
        (Some(scenario), _) => line.extend([plain(" in "), span(Style::Code, scenario)]),
        (None, Some(reason)) => line.push(plain(format!(" (to be seen in no scenario: {reason})"))),
        (None, None) => {}
    }
    line
}
