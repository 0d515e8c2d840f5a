//! The tables of the register: claims, disagreements, discrepancies, codes.

use super::fact::{Pending, declare};
use super::table::{Kind, Table};
use crate::world::register::Claim;
use crate::world::{
    Ascribed, ClaimAttack, Code, CodeList, Disagreement, Discrepancy, Hedge, MatrixColumn, MatrixRow, Register, Shown,
};

/// Reads what a file of the pack adds to its register.
pub(super) fn read(root: &mut Table<'_, '_>, register: &mut Register, pending: &mut Pending) {
    for (table, span) in root.tables("claim") {
        claim(Table::of("[[claim]]", table, span, root.reading), register, pending);
    }
    for (table, span) in root.tables("disagreement") {
        disagreement(Table::of("[[disagreement]]", table, span, root.reading), register, pending);
    }
    for (table, span) in root.tables("discrepancy") {
        discrepancy(Table::of("[[discrepancy]]", table, span, root.reading), register, pending);
    }
    for (table, span) in root.tables("coverage") {
        ascribed(Table::of("[[coverage]]", table, span, root.reading), register, pending);
    }
    for (table, span) in root.tables("matrix-row") {
        let row = matrix_row(Table::of("[[matrix-row]]", table, span, root.reading), pending);
        register.matrix_rows.extend(row);
    }
    for (table, span) in root.tables("matrix-column") {
        let column = matrix_column(Table::of("[[matrix-column]]", table, span, root.reading), pending);
        register.matrix_columns.extend(column);
    }
    for (table, span) in root.tables("code") {
        code(Table::of("[[code]]", table, span, root.reading), register);
    }
}

fn claim(mut row: Table<'_, '_>, register: &mut Register, pending: &mut Pending) {
    let id = row.declared("id");
    let id = declare("claim", id, &mut row, "id", pending);
    let source = row.required_id("source", Kind::Source);
    let locator = row.required_text("locator");
    let text = row.required_text("text");
    let kind = row.required_word("kind");
    let usage = row.required_word("use");
    let hedge = row.word("hedge").unwrap_or(Hedge::Flat);
    let reason = row.text("reason");
    let mut shown = Vec::new();
    for (table, span) in row.tables("shown") {
        shown.extend(read_shown(Table::of("[[claim.shown]]", table, span, row.reading)));
    }
    let _ = row.text("note");
    let place = row.place.clone();
    row.finish();
    if let (Some(id), Some(source), Some(locator), Some(text), Some(kind), Some(usage)) =
        (id, source, locator, text, kind, usage)
    {
        let claim = Claim { id: id.clone(), source, locator, kind, hedge, text, usage, reason, shown, place };
        register.claims.insert(id, claim);
    }
}

fn read_shown(mut row: Table<'_, '_>) -> Option<Shown> {
    let scenario = row.required_id("scenario", Kind::Scenario);
    let at = row.required_text("at");
    let read = Shown {
        scenario: scenario.clone().unwrap_or_default(),
        at: at.clone().unwrap_or_default(),
        account: row.text("account"),
        lens: row.ids("lens", Kind::Source),
        as_of: row.date("as_of"),
        gone: row.sentences("gone"),
        note: row.text("note"),
        place: row.place.clone(),
    };
    row.finish();
    scenario.and(at).map(|_| read)
}

fn disagreement(mut row: Table<'_, '_>, register: &mut Register, pending: &mut Pending) {
    let id = row.declared("id");
    let id = declare("disagreement", id, &mut row, "id", pending);
    let question = row.required_text("question");
    let text = row.required_text("text");
    let mut attacks = Vec::new();
    for (table, span) in row.tables("attack") {
        attacks.extend(attack(Table::of("[[disagreement.attack]]", table, span, row.reading)));
    }
    let _ = row.text("note");
    let place = row.place.clone();
    row.finish();
    if let (Some(id), Some(question), Some(text)) = (id, question, text) {
        register.disagreements.insert(id.clone(), Disagreement { id, question, text, attacks, place });
    }
}

fn attack(mut row: Table<'_, '_>) -> Option<ClaimAttack> {
    let from = row.ids("from", Kind::Claim);
    let on = row.required_ids("on", Kind::Claim);
    let kind = row.required_word("kind");
    let discrepancy = row.id("discrepancy", Kind::Discrepancy);
    let scenario = row.id("scenario", Kind::Scenario);
    let reason = row.text("reason");
    if from.is_empty() && discrepancy.is_none() {
        row.missing("from` (or `discrepancy`, for a fact that attacks");
    }
    if scenario.is_none() && reason.is_none() {
        row.missing("scenario` (or `reason`, if it can be seen in none");
    }
    let lens = row.ids("lens", Kind::Source);
    let (account, as_of) = (row.text("account"), row.date("as_of"));
    let _ = row.text("note");
    let place = row.place.clone();
    row.finish();
    Some(ClaimAttack { from, on: on?, kind: kind?, scenario, lens, account, as_of, discrepancy, reason, place })
}

fn discrepancy(mut row: Table<'_, '_>, register: &mut Register, pending: &mut Pending) {
    let id = row.declared("id");
    let id = declare("discrepancy", id, &mut row, "id", pending);
    let text = row.required_text("text");
    let claimed = row.ids("claimed", Kind::Row);
    let record = row.ids("record", Kind::Row);
    let claims = row.ids("claims", Kind::Claim);
    let reason = row.text("reason");
    if claimed.is_empty() && record.is_empty() && reason.is_none() {
        row.missing("claimed` or `record` (or `reason`, if nothing dated stands behind it");
    }
    let _ = row.text("note");
    let place = row.place.clone();
    row.finish();
    if let (Some(id), Some(text)) = (id, text) {
        let read = Discrepancy { id: id.clone(), text, claimed, record, claims, reason, place };
        register.discrepancies.insert(id, read);
    }
}

fn ascribed(mut row: Table<'_, '_>, register: &mut Register, pending: &mut Pending) {
    let id = row.declared("id");
    let id = declare("coverage", id, &mut row, "id", pending);
    let body = row.id("body", Kind::Holder);
    let threats = row.ids("threats", Kind::Threat);
    let functions = row.ids("functions", Kind::Function);
    let state = row.id("state", Kind::State);
    let grade = row.required_word("grade");
    let source = row.required_id("source", Kind::Source);
    let locator = row.required_text("locator");
    let text = row.required_text("text");
    let claims = row.ids("claims", Kind::Claim);
    let mandates = row.ids("mandates", Kind::Mandate);
    if threats.is_empty() && functions.is_empty() {
        row.missing("threats` (or `functions`, where the paper names no threat");
    }
    let _ = row.text("note");
    let place = row.place.clone();
    row.finish();
    if let (Some(id), Some(grade), Some(source), Some(locator), Some(text)) = (id, grade, source, locator, text) {
        let key = id.clone();
        let read =
            Ascribed { id, body, threats, functions, state, grade, source, locator, text, claims, mandates, place };
        register.ascribed.insert(key, read);
    }
}

fn matrix_row(mut row: Table<'_, '_>, pending: &mut Pending) -> Option<MatrixRow> {
    let id = row.declared("id");
    let id = declare("matrix-row", id, &mut row, "id", pending);
    let text = row.required_text("text");
    let threats = row.ids("threats", Kind::Threat);
    let functions = row.ids("functions", Kind::Function);
    let state = row.id("state", Kind::State);
    let without = row.ids("without", Kind::Function);
    if threats.is_empty() && functions.is_empty() {
        row.missing("threats` (or `functions");
    }
    row.finish();
    Some(MatrixRow { id: id?, text: text?, threats, functions, state, without })
}

fn matrix_column(mut row: Table<'_, '_>, pending: &mut Pending) -> Option<MatrixColumn> {
    let id = row.declared("id");
    let id = declare("matrix-column", id, &mut row, "id", pending);
    let text = row.required_text("text");
    let bodies = row.ids("bodies", Kind::Body);
    let states = row.boolean("states").unwrap_or(false);
    if bodies.is_empty() && !states {
        row.missing("bodies` (or `states = true`");
    }
    row.finish();
    Some(MatrixColumn { id: id?, text: text?, bodies, states })
}

fn code(mut row: Table<'_, '_>, register: &mut Register) {
    let list: Option<CodeList> = row.required_word("list");
    let value = row.required_text("value");
    let definition = row.required_text("definition");
    let inclusion = row.required_text("inclusion");
    let near_miss = row.required_text("near_miss");
    let example = row.required_text("example");
    let place = row.place_of("value");
    if let (Some(list), Some(value)) = (list, &value) {
        if !list.values().contains(&value.as_str()) {
            row.unknown_word("value", value, place, list.values());
        } else if register.codes.contains_key(&(list, value.clone())) {
            let message = format!("`{value}` is defined twice");
            let problem = crate::diagnostic::Diagnostic::error("duplicate-id", message, place, "again here");
            row.reading.problems.push(problem.help("keep one of the two"));
        }
    }
    row.finish();
    if let (Some(list), Some(value), Some(definition), Some(inclusion), Some(near_miss), Some(example)) =
        (list, value, definition, inclusion, near_miss, example)
    {
        register.codes.insert((list, value), Code { definition, inclusion, near_miss, example });
    }
}
