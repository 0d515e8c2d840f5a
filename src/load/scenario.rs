//! A scenario file: cases, requests, decisions, accounts, responses, what-ifs, expectations.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::table::{Kind, Reading, Table};
use crate::diagnostic::{Diagnostic, Place};
use crate::world::scenario::{Authorisation, Expected, Judged, Told, Uncertain};
use crate::world::{
    Account, Case, Circumstances, Decision, DecisionOutcome, Expectation, Id, JudgedValue, Need, Recorded, Request,
    RequestAnswer, Response, ResponseKind, Scenario, WhatIf,
};

/// The keys of a scenario file that are no world tables.
pub(super) fn read(id: &str, root: &mut Table<'_, '_>) -> Option<(Scenario, Option<Id>)> {
    let title = root.required_text("title");
    if !root.has("date") {
        root.missing("date");
    }
    let date = root.date("date");
    let pack = root.text("pack");
    let question = root.text("question");
    let known = root.text("known");
    let what_happened = root.text("what_happened");
    let note = root.text("note");
    let told = each(root, "told", told);
    let cases: Vec<Case> = each(root, "case", case);
    for (index, case) in cases.iter().enumerate() {
        if cases.iter().take(index).any(|earlier| earlier.id == case.id) {
            let message = format!("the case id `{}` is used twice", case.id);
            let problem = Diagnostic::error("duplicate-id", message, case.place.clone(), "again here");
            root.reading.problems.push(problem.help("give one of the two another id"));
        }
    }
    if title.is_some() && cases.is_empty() && !root.has("case") {
        let place = root.place.clone();
        let problem = Diagnostic::error("no-case", "the scenario has no case", place, "nothing is asked").as_warning();
        root.reading.problems.push(problem.help("add a [[case]] with id, threat and affected"));
    }
    let responses = each(root, "response", |row| response(row, &cases));
    let judged = each(root, "judged", judged);
    let what_ifs = each(root, "what-if", what_if);
    let uncertain = each(root, "uncertain", uncertain);
    let expectations = each(root, "expect", expectation);
    let (title, date) = (title?, date?);
    let scenario = Scenario {
        id: id.to_owned(),
        title,
        date,
        question,
        known,
        what_happened,
        note,
        told,
        cases,
        responses,
        judged,
        what_ifs,
        uncertain,
        expectations,
        place: root.place.clone(),
    };
    Some((scenario, pack))
}

fn each<T>(root: &mut Table<'_, '_>, key: &'static str, mut read: impl FnMut(Table<'_, '_>) -> Option<T>) -> Vec<T> {
    let mut rows = Vec::new();
    for (table, span) in root.tables(key) {
        rows.extend(read(named(key, table, span, root.reading)));
    }
    rows
}

fn named<'t, 'r>(
    key: &'static str,
    table: &'t DeTable<'t>,
    span: Range<usize>,
    reading: &'r mut Reading,
) -> Table<'t, 'r> {
    let what = match key {
        "told" => "[[told]]",
        "case" => "[[case]]",
        "response" => "[[response]]",
        "judged" => "[[judged]]",
        "what-if" => "[[what-if]]",
        "uncertain" => "[[uncertain]]",
        "expect" => "[[expect]]",
        "request" => "[[case.request]]",
        "decision" => "[[case.decision]]",
        "authorisation" => "[[case.authorisation]]",
        _ => "[[case.account]]",
    };
    Table::of(what, table, span, reading)
}

fn told(mut row: Table<'_, '_>) -> Option<Told> {
    let source = row.required_id("source", Kind::Source);
    let (locator, text) = (row.required_text("locator"), row.required_text("text"));
    row.finish();
    Some(Told { source: source?, locator: locator?, text: text? })
}

fn case(mut row: Table<'_, '_>) -> Option<Case> {
    let id = row.declared("id");
    let threat = row.required_id("threat", Kind::Threat);
    let affected = row.required_ids("affected", Kind::State);
    let circumstances = circumstances(&mut row, None, threat.clone(), affected.clone());
    let requested = row.boolean("requested");
    let all_requests = row.word::<Recorded>("requests_recorded").is_some();
    let all_decisions = row.word::<Recorded>("decisions_recorded").is_some();
    let standing = row.boolean("standing").unwrap_or(false);
    let contested = row.boolean("contested").unwrap_or(false);
    let source = row.id("source", Kind::Source);
    let locator = row.text("locator");
    let _ = row.text("note");
    let requests = each(&mut row, "request", request);
    let decisions = each(&mut row, "decision", decision);
    let authorisations = each(&mut row, "authorisation", authorisation);
    let mut accounts = Vec::new();
    for (table, span) in row.tables("account") {
        let place = row.reading.place(span.clone());
        let Some(told) = account(named("account", table, span, row.reading), &circumstances) else { continue };
        if accounts.iter().any(|earlier: &Account| earlier.id == told.id) {
            let message = format!("the account id `{}` is used twice in this case", told.id);
            let problem = Diagnostic::error("duplicate-id", message, place, "again here");
            row.reading.problems.push(problem.help("give one of the two another id"));
        }
        accounts.push(told);
    }
    contradictions(&requests, &decisions, &authorisations, row.reading);
    if requested.is_some() && (!requests.is_empty() || all_requests) {
        let place = row.place_of("requested");
        let problem = Diagnostic::error(
            "two-ways",
            "`requested` and listed requests say the same thing twice",
            place,
            "drop this",
        )
        .help("`requested` is short for one request to everybody, or to nobody");
        row.reading.problems.push(problem);
    }
    let place = row.place.clone();
    row.finish();
    let (id, _, _) = (id?, threat?, affected?);
    Some(Case {
        id,
        standing,
        circumstances,
        contested,
        requested,
        all_requests,
        all_decisions,
        requests,
        decisions,
        authorisations,
        accounts,
        source,
        locator,
        place,
    })
}

/// Two rows that say opposite things of one matter.
fn contradictions(requests: &[Request], decisions: &[Decision], leave: &[Authorisation], reading: &mut Reading) {
    let mut clash = |what: &str, first: &Place, second: &Place| {
        let problem = Diagnostic::error(
            "contradiction",
            format!("two rows say opposite things of one {what}"),
            second.clone(),
            "this one",
        )
        .label(first.clone(), "and this one")
        .help("where sources differ, tell it as two accounts of the case");
        reading.problems.push(problem);
    };
    for (index, one) in requests.iter().enumerate() {
        let same = |other: &&Request| {
            other.by == one.by && other.functions == one.functions && other.to.iter().any(|to| one.to.contains(to))
        };
        for other in requests.iter().skip(index + 1).filter(same).filter(|other| other.made != one.made) {
            clash("request", &one.place, &other.place);
        }
    }
    for (index, one) in decisions.iter().enumerate() {
        let same = |other: &&Decision| other.organ == one.organ && other.functions == one.functions;
        for other in decisions.iter().skip(index + 1).filter(same).filter(|other| other.outcome != one.outcome) {
            clash("decision", &one.place, &other.place);
        }
    }
    for (index, one) in leave.iter().enumerate() {
        for other in leave.iter().skip(index + 1).filter(|other| other.by == one.by && other.given != one.given) {
            clash("authorisation", &one.place, &other.place);
        }
    }
}

/// The keys that an account may change; what it does not name is as in `base`.
fn circumstances(
    row: &mut Table<'_, '_>,
    base: Option<&Circumstances>,
    threat: Option<Id>,
    affected: Option<Vec<Id>>,
) -> Circumstances {
    let keep = |has: bool| base.filter(|_| !has);
    let old = keep(row.has("text"));
    let text = row.text("text").or_else(|| old?.text.clone());
    let old = keep(row.has("parties"));
    let listed = row.ids("parties", Kind::State);
    let parties = old.map_or(listed, |base| base.parties.clone());
    let old = keep(row.has("place"));
    let location = row.text("place").or_else(|| old?.location.clone());
    let old = keep(row.has("at_risk"));
    let at_risk =
        if row.has("at_risk") { Some(row.words("at_risk")) } else { old.and_then(|base| base.at_risk.clone()) };
    let old = keep(row.has("attacker"));
    let attacker = row.word_or_unknown("attacker").or_else(|| old?.attacker);
    let old = keep(row.has("attackers"));
    let listed = row.ids("attackers", Kind::AnyActor);
    let attackers = old.map_or(listed, |base| base.attackers.clone());
    let old = keep(row.has("origin"));
    let origin = row.word_or_unknown("origin").or_else(|| old?.origin);
    let old = keep(row.has("from_state"));
    let from_state = row.id("from_state", Kind::State).or_else(|| old?.from_state.clone());
    let old = keep(row.has("acknowledged"));
    let acknowledged = row.boolean("acknowledged").or_else(|| old?.acknowledged);
    let needs = if row.has("needs") { Some(needs(row)) } else { base.and_then(|base| base.needs.clone()) };
    Circumstances {
        text,
        threat: threat.unwrap_or_default(),
        affected: affected.unwrap_or_default(),
        parties,
        location,
        at_risk,
        attacker,
        attackers,
        origin,
        from_state,
        acknowledged,
        needs,
    }
}

fn needs(row: &mut Table<'_, '_>) -> Vec<Need> {
    let mut read: Vec<Need> = Vec::new();
    for item in row.items("needs") {
        let place = row.reading.place(item.span());
        let need = match item.get_ref() {
            DeValue::String(function) => {
                row.reading.references.push(super::table::Reference {
                    kind: Kind::Function,
                    id: function.to_string(),
                    place: place.clone(),
                });
                Some(Need {
                    function: function.to_string(),
                    source: None,
                    locator: None,
                    author: None,
                    place: place.clone(),
                })
            }
            DeValue::Table(table) => {
                let mut need = Table::of("a need", table, item.span(), row.reading);
                let function = need.required_id("function", Kind::Function);
                let source = need.id("source", Kind::Source);
                let (locator, author) = (need.text("locator"), need.text("author"));
                need.finish();
                function.map(|function| Need { function, source, locator, author, place: place.clone() })
            }
            _ => {
                let message = "a need is a function id, or a table with `function`".to_owned();
                let problem = Diagnostic::error("wrong-type", message, place.clone(), "neither");
                row.reading.problems.push(problem.help("write needs = [\"FUNCTION\"]"));
                None
            }
        };
        if let Some(need) = need {
            if read.iter().any(|earlier| earlier.function == need.function) {
                let message = format!("the need `{}` stands twice", need.function);
                let problem = Diagnostic::error("repeated", message, place, "again here");
                row.reading.problems.push(problem.help("keep one of the two"));
            } else {
                read.push(need);
            }
        }
    }
    read
}

fn request(mut row: Table<'_, '_>) -> Option<Request> {
    let by = row.required_id("by", Kind::State);
    let to = row.required_ids("to", Kind::Holder);
    let read = Request {
        by: by.clone().unwrap_or_default(),
        to: to.clone().unwrap_or_default(),
        functions: row.ids("functions", Kind::Function),
        answer: row.word("answer").unwrap_or(RequestAnswer::Open),
        made: row.boolean("made").unwrap_or(true),
        source: row.id("source", Kind::Source),
        place: row.place.clone(),
    };
    for key in ["locator", "text", "date"] {
        remark(&mut row, key);
    }
    row.finish();
    by.and(to).map(|_| read)
}

fn remark(row: &mut Table<'_, '_>, key: &'static str) {
    if key == "date" {
        let _ = row.date("date");
    } else {
        let _ = row.text(key);
    }
}

fn decision(mut row: Table<'_, '_>) -> Option<Decision> {
    let organ = row.required_id("organ", Kind::Holder);
    if !row.has("outcome") {
        row.missing("outcome");
    }
    let outcome = row.word("outcome");
    let functions = row.ids("functions", Kind::Function);
    let blocked_by = row.ids("blocked_by", Kind::State);
    let source = row.id("source", Kind::Source);
    for key in ["locator", "text", "date"] {
        remark(&mut row, key);
    }
    let place = row.place.clone();
    if outcome == Some(DecisionOutcome::Adopted) && !blocked_by.is_empty() {
        let problem = Diagnostic::error(
            "contradiction",
            "a decision that was adopted was blocked by nobody",
            place.clone(),
            "both here",
        )
        .help("a blocked decision has `outcome = \"refused\"`");
        row.reading.problems.push(problem);
    }
    row.finish();
    Some(Decision { organ: organ?, functions, outcome: outcome?, blocked_by, source, place })
}

fn authorisation(mut row: Table<'_, '_>) -> Option<Authorisation> {
    for key in ["by", "given"] {
        if !row.has(key) {
            row.missing(key);
        }
    }
    let by = row.word("by");
    let given = row.boolean("given");
    let source = row.id("source", Kind::Source);
    for key in ["locator", "text", "date"] {
        remark(&mut row, key);
    }
    let place = row.place.clone();
    row.finish();
    Some(Authorisation { by: by?, given: given?, source, place })
}

fn account(mut row: Table<'_, '_>, base: &Circumstances) -> Option<Account> {
    let id = row.declared("id");
    let name = row.text("name").or_else(|| id.clone());
    let source = row.id("source", Kind::Source);
    let no_case = row.boolean("no_case").unwrap_or(false);
    let threat = row.id("threat", Kind::Threat).or_else(|| Some(base.threat.clone()));
    let affected = Some(row.ids("affected", Kind::State)).filter(|listed| !listed.is_empty());
    let told = circumstances(&mut row, Some(base), threat, affected.or_else(|| Some(base.affected.clone())));
    let _ = row.text("locator");
    let _ = row.text("note");
    row.finish();
    Some(Account { id: id?, name: name?, source, circumstances: (!no_case).then_some(told) })
}

fn response(mut row: Table<'_, '_>, cases: &[Case]) -> Option<Response> {
    let institution = row.required_id("institution", Kind::Holder);
    let function = row.required_id("function", Kind::Function);
    // A scenario with one case need not repeat its id.
    let case = match (row.has("case"), cases) {
        (false, [only]) => Some(only.id.clone()),
        _ => row.required_id("case", Kind::Case),
    };
    let source = row.id("source", Kind::Source);
    let proposed_by = row.text("proposed_by");
    if source.is_none() && proposed_by.is_none() && !row.has("source") {
        row.missing("source");
    }
    let read = Response {
        institution: institution.clone().unwrap_or_default(),
        function: function.clone().unwrap_or_default(),
        case: case.clone().unwrap_or_default(),
        date: row.date("date"),
        invoked: row.id("invoked", Kind::Instrument),
        kind: row.word("kind").unwrap_or(ResponseKind::Acted),
        against: row.ids("against", Kind::State),
        text: row.text("text"),
        source,
        proposed_by,
        place: row.place.clone(),
    };
    remark(&mut row, "locator");
    remark(&mut row, "note");
    row.finish();
    institution.and(function).and(case).map(|_| read)
}

fn judged(mut row: Table<'_, '_>) -> Option<Judged> {
    let judgement = row.required_id("judgement", Kind::Judgement);
    if !row.has("value") {
        row.missing("value");
    }
    let value = row.number_or_unknown("value").map(|value| value.map_or(JudgedValue::Unknown, JudgedValue::Number));
    let author = row.required_text("author");
    remark(&mut row, "note");
    let place = row.place_of("value");
    row.finish();
    Some(Judged { place, judgement: judgement?, value: value?, author: author? })
}

pub(super) fn what_if(mut row: Table<'_, '_>) -> Option<WhatIf> {
    let id = row.declared("id");
    let text = row.text("text").or_else(|| id.clone());
    let assuming = row.sentences("assuming");
    let changes = row.sentences("changes");
    let expected = row.text("expected");
    let expectations = each(&mut row, "expect", expectation);
    let opens = row.has("opens").then(|| row.sentences("opens"));
    let closes = row.has("closes").then(|| row.sentences("closes"));
    let rivals = row.texts("rivals");
    let source = row.id("source", Kind::Source);
    let locator = row.text("locator");
    let scenario = row.id("scenario", Kind::Scenario);
    let note = row.text("note");
    let place = row.place.clone();
    row.finish();
    let (id, text) = (id?, text?);
    Some(WhatIf {
        id,
        text,
        assuming,
        changes,
        expected,
        note,
        expectations,
        opens,
        closes,
        rivals,
        source,
        locator,
        scenario,
        place,
    })
}

fn uncertain(mut row: Table<'_, '_>) -> Option<Uncertain> {
    let fact = row.required_text("fact");
    let author = row.required_text("author");
    let probability = row.number("probability");
    let distribution = row.text("distribution");
    if let Some(number) = probability
        && !(0.0..=1.0).contains(&number)
    {
        let place = row.place_of("probability");
        let message = format!("{number} is no probability");
        let problem = Diagnostic::error("off-scale", message, place, "not between 0 and 1");
        row.reading.problems.push(problem.help("write a number from 0 to 1: 0.2 for 20 %"));
    }
    remark(&mut row, "note");
    row.finish();
    Some(Uncertain { fact: fact?, probability, distribution, author: author? })
}

/// The answers that an expectation may name.
pub(super) const ANSWERS: &[&str] = &["one-holder", "overlap", "gap", "contested", "open"];
/// What it may say of use.
pub(crate) const USED: &[&str] = &["yes", "no", "not-recorded"];
/// The labels that it may name.
pub(crate) const LABELS: &[&str] = &["accepted", "rejected", "undecided", "absent"];

pub(super) fn one_of(row: &mut Table<'_, '_>, key: &'static str, legal: &[&str]) -> Option<String> {
    let word = row.text(key)?;
    if legal.contains(&word.as_str()) {
        return Some(word);
    }
    let place: Place = row.place_of(key);
    let mut problem = Diagnostic::error("unknown-word", format!("`{word}` is no `{key}`"), place, "unknown word");
    if let Some(help) = crate::diagnostic::suggestion(&word, legal.iter().copied()) {
        problem = problem.help(help);
    }
    row.reading.problems.push(problem);
    None
}

fn required_one_of(row: &mut Table<'_, '_>, key: &'static str, legal: &[&str]) -> Option<String> {
    if !row.has(key) {
        row.missing(key);
    }
    one_of(row, key, legal)
}

fn expectation(mut row: Table<'_, '_>) -> Option<Expectation> {
    let account = row.text("account");
    let lens = row.ids("lens", Kind::Source);
    let as_of = row.date("as_of");
    let unchanged = row.boolean("unchanged").unwrap_or(false);
    let note = row.text("note");
    let place = row.place.clone();
    let about = if let Some(cell) = row.text("cell") {
        let holder = row.id("holder", Kind::Holder);
        let stops_at = if row.has("stops_at") { Some(row.words("stops_at")) } else { None };
        Some(Expected::Cell {
            cell,
            on_paper: one_of(&mut row, "on_paper", ANSWERS),
            available: one_of(&mut row, "available", ANSWERS),
            used: one_of(&mut row, "used", USED),
            holder,
            stops_at,
            because: row.texts("because"),
            depends_on: row.texts("depends_on"),
        })
    } else if let Some(proposition) = row.id("proposition", Kind::Thesis) {
        let label = required_one_of(&mut row, "label", LABELS);
        let because = row.texts("because");
        label.map(|label| Expected::Proposition { proposition, label, because })
    } else if let Some(response) = row.text("response") {
        let because = row.texts("because");
        row.required_text("verdict").map(|verdict| Expected::Response { response, verdict, because })
    } else if let Some(overlap) = row.text("overlap") {
        let because = row.texts("because");
        row.required_text("verdict").map(|verdict| Expected::Overlap { overlap, verdict, because })
    } else if let Some(argument) = row.text("argument") {
        let label = required_one_of(&mut row, "label", LABELS);
        let position = row.text("position");
        let decided_by = row.text("decided_by");
        label.map(|label| Expected::Argument { argument, label, position, decided_by })
    } else {
        row.missing("cell` (or `proposition`, `response`, `overlap`, `argument");
        None
    };
    row.finish();
    Some(Expectation { about: about?, account, lens, as_of, unchanged, note, place })
}
