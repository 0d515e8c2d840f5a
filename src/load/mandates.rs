//! The tables of what holders may do and can bring: mandates, capabilities, precedents, links.

use super::fact::{Pending, Row, fact, fact_with};
use super::table::{Kind, Table};
use crate::diagnostic::Diagnostic;
use crate::world::{
    Authority, Basis, Capability, DecidedBy, Exclusion, ExclusionWhen, Execution, Fact, Force, Id, Link, Mandate,
    Occasion, Practice, Status, Where, Whom, World,
};

/// The holder that stands for each state on its own soil.
const EVERY_STATE: &str = "every-state";

pub(super) fn mandate(mut row: Row<'_, '_>, world: &mut World, pending: &mut Pending) {
    let id = row.declared("id");
    let every_state = matches!(row.text("holder").as_deref(), Some(EVERY_STATE));
    let holder = if every_state { Some(EVERY_STATE.to_owned()) } else { row.required_id("holder", Kind::Holder) };
    let threats = row.required_ids("threats", Kind::Threat);
    let functions = row.required_ids("functions", Kind::Function);
    let instrument = row.required_id("instrument", Kind::Instrument);
    let source = row.id("source", Kind::Source).unwrap_or_default();
    let fact = fact_with(&mut row, String::new, source);
    let force = row.word("force").unwrap_or(Force::Power);
    let execution = row.word("execution").unwrap_or(Execution::National);
    let whom = whom(&mut row);
    let place = location(&mut row);
    let occasion = occasion(&mut row);
    let request = row.word("request");
    let decision = row.text("decision").map(|text| match text.as_str() {
        "none" => DecidedBy::Nobody,
        "top-organ" => DecidedBy::TopOrgan,
        "each-party" => DecidedBy::EachParty,
        _ => DecidedBy::Body(text),
    });
    if let Some(DecidedBy::Body(_)) = decision {
        let _ = row.id("decision", Kind::Holder);
    }
    let authority = row.word("authority").unwrap_or(Authority::None);
    let exclusions = exclusions(&mut row);
    let refrain_from = row.ids("refrain_from", Kind::Function);
    let status = row.word("status").unwrap_or(Status::Live);
    let _ = row.text("text");
    row.finish();
    if let (Some(id), Some(holder), Some(threats), Some(functions), Some(instrument)) =
        (id, holder, threats, functions, instrument)
    {
        let fact = Fact { id, ..fact };
        let read = Mandate {
            fact,
            holder,
            threats,
            functions,
            instrument,
            force,
            execution,
            whom,
            place,
            occasion,
            request,
            decision,
            authority,
            exclusions,
            refrain_from,
            status,
            shared: None,
        };
        if every_state {
            pending.every_state.push(read);
        } else {
            world.mandates.push(read);
        }
    }
}

fn whom(row: &mut Row<'_, '_>) -> Whom {
    let listed = row.strings("whom");
    match listed.as_slice() {
        [] => Whom::Parties,
        [(word, _)] if word == "parties" => Whom::Parties,
        [(word, _)] if word == "members" => Whom::Members,
        [(word, _)] if word == "anyone" => Whom::Anyone,
        _ => Whom::States(row.ids("whom", Kind::State)),
    }
}

fn location(row: &mut Row<'_, '_>) -> Where {
    let listed = row.texts("where");
    match listed.as_slice() {
        [] => Where::Inside,
        [word] if word == "inside" => Where::Inside,
        [word] if word == "anywhere" => Where::Anywhere,
        _ => Where::Places(listed),
    }
}

fn occasion(row: &mut Row<'_, '_>) -> Occasion {
    let Some((table, span)) = row.table("occasion") else {
        return Occasion::default();
    };
    let mut table = Table::of("`occasion`", table, span, row.reading);
    let read = Occasion {
        attacker: table.words("attacker"),
        origin: table.word("origin"),
        at_risk: table.words("at_risk"),
        text: table.text("text"),
    };
    table.finish();
    read
}

fn exclusions(row: &mut Row<'_, '_>) -> Vec<Exclusion> {
    let mut read = Vec::new();
    for (table, span) in row.tables("exclusions") {
        let mut table = Table::of("`exclusions`", table, span, row.reading);
        let text = table.required_text("text");
        let exclusion = Exclusion {
            text: text.clone().unwrap_or_default(),
            basis: table.word("basis").unwrap_or(Basis::Text),
            when: table.word("when").unwrap_or(ExclusionWhen::Always),
            threats: table.ids("threats", Kind::Threat),
            source: table.id("source", Kind::Source),
            locator: table.text("locator"),
        };
        table.finish();
        if text.is_some() {
            read.push(exclusion);
        }
    }
    read
}

pub(super) fn capability(mut row: Row<'_, '_>, world: &mut World) {
    let holder = row.required_id("holder", Kind::Holder);
    let functions = row.required_ids("functions", Kind::Function);
    let level = row.word("level");
    if !row.has("level") {
        row.missing("level");
    }
    let text = row.text("text");
    let default = format!(
        "{}-{}",
        holder.clone().unwrap_or_default(),
        functions.as_deref().and_then(<[Id]>::first).cloned().unwrap_or_default()
    );
    let fact = fact(&mut row, || default);
    row.finish();
    if let (Some(holder), Some(functions), Some(level)) = (holder, functions, level) {
        world.capabilities.push(Capability { fact, holder, functions, level, text });
    }
}

pub(super) fn practice(mut row: Row<'_, '_>, world: &mut World) {
    let holder = row.required_id("holder", Kind::Holder);
    let function = row.required_id("function", Kind::Function);
    let threat = row.id("threat", Kind::Threat);
    let asked = row.required_text("asked");
    let answered = row.required_text("answered");
    let reason = row.text("reason");
    let mandate = row.text("mandate");
    let default = format!("practice-{}-{}", holder.clone().unwrap_or_default(), function.clone().unwrap_or_default());
    let fact = fact(&mut row, || default);
    row.finish();
    if let (Some(holder), Some(function), Some(asked), Some(answered)) = (holder, function, asked, answered) {
        world.practices.push(Practice { fact, holder, function, threat, asked, answered, reason, mandate });
    }
}

pub(super) fn link(mut row: Row<'_, '_>, world: &mut World) {
    let between = row.required_ids("between", Kind::Holder);
    let kind = row.word("kind");
    if !row.has("kind") {
        row.missing("kind");
    }
    let functions = row.ids("functions", Kind::Function);
    let mut pair = between.clone().unwrap_or_default();
    pair.sort();
    let default = format!("link-{}", pair.join("-"));
    let fact = fact(&mut row, || default);
    if between.is_some() && pair.len() != 2 {
        let place = row.place_of("between");
        let problem =
            Diagnostic::error("bad-link", "a link is between two holders", place, format!("{} here", pair.len()));
        row.reading.problems.push(problem.help("write between = [\"ONE\", \"OTHER\"]; three bodies have three links"));
    }
    row.finish();
    if let (Ok(between), Some(kind)) = (<[Id; 2]>::try_from(pair), kind) {
        world.links.push(Link { fact, between, kind, functions });
    }
}
