//! Changes of a case: requests, decisions, leave, circumstances, needs, responses.

use super::apply::{Bench, Done};
use super::institutions::PUT_FORWARD;
use crate::change::{Change, Form};
use crate::world::scenario::Authorisation;
use crate::world::{
    AtRisk, AttackerKind, Authority, Case, Circumstances, Decision, DecisionOutcome, Id, Need, Origin, Request,
    RequestAnswer, Response, ResponseKind, Word, World,
};

/// What is said of a request by a state that the case does not touch.
const NOT_CONCERNED: &str = "is no affected state or party here";

/// Carries a change out in the case it names, or in every case.
pub(super) fn carry_out(change: &Change, bench: &mut Bench) -> Done {
    if bench.scenario.cases.is_empty() {
        return Err("the scenario has no case".to_owned());
    }
    let wanted = |case: &Case| change.case().is_none_or(|id| !names_case(change.form) || case.id == id);
    let mut why_not = Vec::new();
    let mut notes: Option<Vec<String>> = None;
    let mut plainly = false;
    let ids: Vec<Id> = bench.scenario.cases.iter().filter(|case| wanted(case)).map(|case| case.id.clone()).collect();
    for id in ids {
        let done = match change.form {
            Form::Does | Form::Did | Form::DoesNot => respond(change, bench, &id),
            _ => match bench.scenario.cases.iter_mut().find(|case| case.id == id) {
                Some(case) => in_case(change, case, &bench.world),
                None => continue,
            },
        };
        match done {
            Ok(more) if more.is_empty() => {
                plainly = true;
                notes.get_or_insert_default();
            }
            Ok(more) => notes.get_or_insert_default().extend(more),
            Err(why) => why_not.push(why),
        }
    }
    if let Some(notes) = &mut notes {
        // What one case takes without a remark is meant for that case.
        notes.retain(|note| !(plainly && note.ends_with(NOT_CONCERNED)));
        notes.sort();
        notes.dedup();
    }
    why_not.sort();
    why_not.dedup();
    notes.ok_or_else(|| why_not.join("; "))
}

/// Whether the last place of a form is the case.
fn names_case(form: Form) -> bool {
    form.pattern().ends_with("[in CASE]")
}

fn in_case(change: &Change, case: &mut Case, world: &World) -> Done {
    let (first, second) = (change.id(0), change.id(1));
    match change.form {
        Form::Asks => request(case, world, first, second, change.given(2), true),
        Form::AsksNot => request(case, world, first, second, change.given(2), false),
        Form::Grants => reply(case, world, first, second, change.id(2), RequestAnswer::Granted),
        Form::Refuses => reply(case, world, first, second, change.id(2), RequestAnswer::Refused),
        Form::Adopts => decide(case, first, second, DecisionOutcome::Adopted, None),
        Form::Rejects => decide(case, first, second, DecisionOutcome::Refused, change.given(2)),
        Form::NotPut => decide(case, first, second, DecisionOutcome::NotPut, None),
        Form::CouncilAuthorises => leave(case, Authority::SecurityCouncil, true),
        Form::CouncilRefuses => leave(case, Authority::SecurityCouncil, false),
        Form::HostConsents => leave(case, Authority::HostConsent, true),
        Form::HostRefuses => leave(case, Authority::HostConsent, false),
        _ => circumstances(change, case, world),
    }
}

/// Spells out the short form: everybody was asked, or nobody.
fn spell_out(case: &mut Case, world: &World) {
    match case.requested.take() {
        None => {}
        Some(false) => case.all_requests = true,
        Some(true) => {
            let everybody: Vec<Id> = world.bodies.keys().chain(world.states.keys()).cloned().collect();
            let mut askers: Vec<Id> =
                case.circumstances.affected.iter().chain(&case.circumstances.parties).cloned().collect();
            askers.sort();
            askers.dedup();
            for by in askers {
                let to = everybody.clone();
                case.requests.push(asked(case, by, to, Vec::new(), true));
            }
        }
    }
}

fn asked(case: &Case, by: Id, to: Vec<Id>, functions: Vec<Id>, made: bool) -> Request {
    Request { by, to, functions, answer: RequestAnswer::Open, made, source: None, place: case.place.clone() }
}

fn request(case: &mut Case, world: &World, by: &str, to: &str, function: Option<&str>, made: bool) -> Done {
    let covers = |row: &Request| {
        row.by == by
            && row.to.iter().any(|own| world.line(own) == world.line(to))
            && (row.functions.is_empty()
                || function.is_some_and(|function| row.functions.iter().any(|own| world.functions.is_a(function, own))))
    };
    match case.requested {
        Some(true) if made => return Err("everybody was asked already".to_owned()),
        Some(false) if !made => return Err("nobody was asked anyway".to_owned()),
        _ => {}
    }
    match case.requests.iter().find(|row| covers(row)) {
        Some(row) if row.made == made => {
            return Err(if made { "it asked already" } else { "it did not ask anyway" }.to_owned());
        }
        None if !made && case.all_requests => return Err("it did not ask anyway".to_owned()),
        _ => {}
    }
    spell_out(case, world);
    let row = asked(case, by.to_owned(), vec![to.to_owned()], function.map(str::to_owned).into_iter().collect(), made);
    case.requests.insert(0, row);
    let concerned = case.circumstances.affected.iter().chain(&case.circumstances.parties).any(|state| state == by);
    Ok(if concerned { Vec::new() } else { vec![format!("{} {NOT_CONCERNED}", world.name(by))] })
}

fn reply(case: &mut Case, world: &World, from: &str, function: &str, to: &str, answer: RequestAnswer) -> Done {
    spell_out(case, world);
    let row = case.requests.iter_mut().find(|row| {
        row.by == to
            && row.made
            && row.to.iter().any(|own| world.line(own) == world.line(from))
            && (row.functions.is_empty() || row.functions.iter().any(|own| world.functions.is_a(function, own)))
    });
    match row {
        None => Err(format!("{} made no such request; say first that it asks", world.name(to))),
        Some(row) if row.answer == answer => Err(format!("the answer is {answer} already")),
        Some(row) => {
            row.answer = answer;
            Ok(vec!["an answer to a request is no decision of an organ".to_owned()])
        }
    }
}

fn decide(case: &mut Case, organ: &str, function: &str, outcome: DecisionOutcome, blocker: Option<&str>) -> Done {
    let same = |row: &Decision| row.organ == organ && (row.functions.is_empty() || row.functions == [function]);
    let blocked_by: Vec<Id> = blocker.map(str::to_owned).into_iter().collect();
    if case.decisions.iter().any(|row| same(row) && row.outcome == outcome && row.blocked_by == blocked_by) {
        return Err(format!("it is on record already: {outcome}"));
    }
    let functions = vec![function.to_owned()];
    let organ = organ.to_owned();
    case.decisions.retain(|row| !(row.organ == organ && row.functions == functions));
    case.decisions
        .insert(0, Decision { organ, functions, outcome, blocked_by, source: None, place: case.place.clone() });
    Ok(Vec::new())
}

fn leave(case: &mut Case, by: Authority, given: bool) -> Done {
    if case.authorisations.iter().any(|row| row.by == by && row.given == given) {
        return Err("it is on record already".to_owned());
    }
    case.authorisations.retain(|row| row.by != by);
    case.authorisations.push(Authorisation { by, given, source: None, place: case.place.clone() });
    Ok(Vec::new())
}

/// Changes the case as everybody tells it: the common version and every account that knows a case.
fn circumstances(change: &Change, case: &mut Case, world: &World) -> Done {
    let id = change.id(0);
    let accounts = case.accounts.iter_mut().filter_map(|account| account.circumstances.as_mut());
    let mut notes: Option<Vec<String>> = None;
    let mut why_not = String::new();
    for told in std::iter::once(&mut case.circumstances).chain(accounts) {
        match tell(change.form, id, told, world, &case.place) {
            Ok(more) => notes.get_or_insert_default().extend(more),
            Err(why) => why_not = why,
        }
    }
    notes
        .map(|mut notes| {
            notes.dedup();
            notes
        })
        .ok_or(why_not)
}

fn tell(form: Form, id: &str, told: &mut Circumstances, world: &World, place: &crate::diagnostic::Place) -> Done {
    match form {
        Form::ThreatIs => set(&mut told.threat, id.to_owned(), "it is this threat already"),
        Form::AttackerIs => set(&mut told.attacker, AttackerKind::parse(id), "it is so already"),
        Form::OriginIs => set(&mut told.origin, Origin::parse(id), "it is so already"),
        Form::RiskIs => set(&mut told.at_risk, Some(AtRisk::parse(id).into_iter().collect()), "it is so already"),
        Form::ComesFrom => {
            let wanted = (Some(Origin::Outside), Some(id.to_owned()));
            let mut own = (told.origin, told.from_state.clone());
            set(&mut own, wanted, "it comes from there already")?;
            (told.origin, told.from_state) = own;
            Ok(Vec::new())
        }
        Form::PlaceIs => set(&mut told.location, Some(id.to_owned()), "it is there already"),
        Form::Acknowledges => set(&mut told.acknowledged, Some(true), "the threat is acknowledged already"),
        Form::Denies => set(&mut told.acknowledged, Some(false), "the threat is denied already"),
        Form::Affected => list(&mut told.affected, id, true, "the state is affected already"),
        Form::NotAffected => {
            if told.affected.as_slice() == [id] {
                return Err("a case without an affected state is no case".to_owned());
            }
            list(&mut told.affected, id, false, "the state is not affected anyway")
        }
        Form::PartyTo => list(&mut told.parties, id, true, "the state is a party already"),
        Form::NotPartyTo => list(&mut told.parties, id, false, "the state is no party anyway"),
        _ => need(form == Form::Needed, id, told, world, place),
    }
}

fn set<T: PartialEq>(own: &mut T, wanted: T, already: &str) -> Done {
    if *own == wanted {
        return Err(already.to_owned());
    }
    *own = wanted;
    Ok(Vec::new())
}

fn list(own: &mut Vec<Id>, id: &str, wanted: bool, already: &str) -> Done {
    if own.iter().any(|listed| listed == id) == wanted {
        return Err(already.to_owned());
    }
    if wanted {
        own.push(id.to_owned())
    } else {
        own.retain(|listed| listed != id)
    }
    Ok(Vec::new())
}

fn need(wanted: bool, id: &str, told: &mut Circumstances, world: &World, place: &crate::diagnostic::Place) -> Done {
    let usual = || -> Vec<Need> {
        let called_for = world.threats.called_for(&told.threat);
        called_for
            .into_iter()
            .map(|function| Need {
                function: function.to_owned(),
                source: None,
                locator: None,
                author: Some("assumed: what the threat usually calls for".to_owned()),
                place: place.clone(),
            })
            .collect()
    };
    let mut needs = told.needs.clone().unwrap_or_else(usual);
    if needs.iter().any(|need| need.function == id) == wanted {
        return Err(
            if wanted { "the case calls for it already" } else { "the case does not call for it anyway" }.to_owned()
        );
    }
    if wanted {
        needs.push(Need {
            function: id.to_owned(),
            source: None,
            locator: None,
            author: Some("whoever put the change forward".to_owned()),
            place: place.clone(),
        });
    } else {
        needs.retain(|need| need.function != id);
    }
    told.needs = Some(needs);
    Ok(Vec::new())
}

fn respond(change: &Change, bench: &mut Bench, case: &str) -> Done {
    let (institution, function) = (change.id(0), change.id(1));
    let same = |row: &Response| row.institution == institution && row.function == function && row.case == case;
    if change.form == Form::DoesNot {
        let before = bench.scenario.responses.len();
        bench.scenario.responses.retain(|row| !same(row));
        let gone = bench.scenario.responses.len() < before;
        return if gone { Ok(Vec::new()) } else { Err("no such response is recorded".to_owned()) };
    }
    let acted = |row: &&mut Response| same(row) && row.kind == ResponseKind::Acted;
    if let Some(row) = bench.scenario.responses.iter_mut().find(acted) {
        // What was only put forward can still come to pass.
        if change.form == Form::Did && row.proposed_by.take().is_some() {
            return Ok(Vec::new());
        }
        return Err("the response is recorded already".to_owned());
    }
    bench.scenario.responses.push(Response {
        institution: institution.to_owned(),
        function: function.to_owned(),
        case: case.to_owned(),
        date: None,
        invoked: None,
        kind: ResponseKind::Acted,
        against: Vec::new(),
        text: None,
        source: None,
        // Rules count what was done; what somebody puts forward is only judged.
        proposed_by: (change.form == Form::Does).then(|| PUT_FORWARD.to_owned()),
        place: bench.scenario.place.clone(),
    });
    Ok(Vec::new())
}
