//! The ladder: what each step of a mandate comes to, read off its data alone.
//!
//! These are defaults: each is an argument of the mandate's instrument, and rules may refine or dispute it. How arguments
//! are weighed is not known here.

use crate::ask::{Answer, Asked, BodyState, Decided, FactRef, Free, FreeFact, InForce, Known, Situation, pick};
use crate::date::{Bound, Interval};
use crate::diagnostic::Place;
use crate::world::{
    AtRisk, AttackerKind, Authority, Basis, CapabilityLevel, Circumstances, DecidedBy, Exclusion, ExclusionWhen,
    Execution, Fact, Force, Id, Mandate, Membership, Occasion, Origin, RequestBy, Role, Standing, Status, Step, Where,
    Whom, World, variants::CaseRow,
};

/// What one step comes to by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Default {
    /// Whether it passes.
    pub passes: bool,
    /// Why, in a few words.
    pub why: String,
    /// The facts it stands on.
    pub facts: Vec<FactRef>,
    /// Whose argument it is, where it is not the mandate's own source.
    pub source: Option<Id>,
}

fn passes(why: impl Into<String>) -> Known<Default> {
    Ok(Default { passes: true, why: why.into(), facts: Vec::new(), source: None })
}

fn stops(why: impl Into<String>) -> Known<Default> {
    Ok(Default { passes: false, why: why.into(), facts: Vec::new(), source: None })
}

fn with(facts: Vec<FactRef>, default: Known<Default>) -> Known<Default> {
    default.map(|default| Default { facts, ..default })
}

/// Whether a mandate is about the case's threat and a function: X answers for every kind of X.
pub fn answers_for(situation: &Situation, mandate: &Mandate, threat: &str, function: &str) -> bool {
    let world = &situation.view.world;
    mandate.functions.iter().any(|wide| world.functions.is_a(function, wide))
        && situation.view.threatens(threat, &mandate.threats)
}

/// Whether a mandate is about a kind of the threat or of the function only: it is shown, and closes nothing.
pub fn partial(situation: &Situation, mandate: &Mandate, threat: &str, function: &str) -> bool {
    let world = &situation.view.world;
    let touches = |narrow: &str, wide: &str, taxonomy: &crate::world::Taxonomy| {
        taxonomy.is_a(narrow, wide) || taxonomy.is_a(wide, narrow)
    };
    !answers_for(situation, mandate, threat, function)
        && mandate.threats.iter().any(|own| touches(own, threat, &world.threats))
        && mandate.functions.iter().any(|own| touches(own, function, &world.functions))
}

/// A mandate that no text states, with every default: for its members, on request, decided by the top organ.
pub fn usual(holder: &str, threat: &str, function: &str) -> Mandate {
    let fact = Fact {
        id: format!("no-text-{holder}"),
        source: Id::new(),
        locator: None,
        held: Interval::default(),
        version_of: None,
        note: None,
        place: Place::whole(""),
    };
    Mandate {
        fact,
        holder: holder.to_owned(),
        threats: vec![threat.to_owned()],
        functions: vec![function.to_owned()],
        instrument: Id::new(),
        force: Force::Power,
        execution: Execution::National,
        whom: Whom::Members,
        place: Where::Inside,
        occasion: Occasion::default(),
        request: None,
        decision: None,
        authority: Authority::None,
        exclusions: Vec::new(),
        refrain_from: Vec::new(),
        status: Status::Live,
        shared: None,
    }
}

/// The default of one step of a mandate, for a situation that has an affected state.
pub fn step(situation: &Situation, mandate: &Mandate, function: &str, step: Step) -> Known<Default> {
    let (Some(told), Some(state)) = (situation.told.as_deref(), situation.state()) else {
        return stops("there is no case");
    };
    match step {
        Step::Competence => competence(situation, mandate),
        Step::Reach => reach(situation, mandate, told, state),
        Step::Occasion => occasion(situation, mandate, told),
        Step::Exclusion => exclusion(situation, mandate, told),
        Step::Request => request(situation, mandate, told, state, function),
        Step::Decision => decision(situation, mandate, state, function),
        Step::Authority => authority(situation, mandate),
        Step::Means => means(situation, mandate, function),
    }
}

fn competence(situation: &Situation, mandate: &Mandate) -> Known<Default> {
    let view = &situation.view;
    let name = view.world.name(&mandate.holder);
    match view.body(&mandate.holder)? {
        BodyState::Exists => {}
        BodyState::NotYet => return stops(format!("not yet: {name} was founded later")),
        BodyState::Gone => return stops(format!("lapsed: {name} is gone")),
        BodyState::NotInBeing(Status::Claimed) => return stops(format!("{name} is only claimed to exist")),
        BodyState::NotInBeing(status) => return stops(format!("{name} is {status}, not in being")),
    }
    let text =
        view.world.instruments.get(&mandate.instrument).map_or(mandate.instrument.as_str(), |text| text.title.as_str());
    let fact = view.cite(&mandate.fact, format!("{name}: {} under {text}", mandate.functions.join(", ")));
    with(
        vec![fact],
        match view.mandate(mandate)? {
            InForce::Yes if mandate.force == Force::Aim => stops("an aim, without a power of its own"),
            InForce::Yes => passes(format!("{} under {text}", mandate.force)),
            InForce::NotYet => stops(format!("not yet: {text}")),
            InForce::Lapsed => stops(format!("lapsed: {text}")),
            InForce::SignedOnly => stops(format!("signed only: {text} is not in force")),
            InForce::NotInBeing(status) => stops(format!("{status} only: {text}")),
            InForce::Overruled => stops("another version of this mandate stands"),
        },
    )
}

/// The membership that counts for a holder: in its own body, or in the organisation that heads its line.
fn membership<'a>(situation: &'a Situation, holder: &str, state: &str) -> Known<Option<&'a Membership>> {
    match situation.view.membership(state, holder)? {
        Some(row) => Ok(Some(row)),
        None => situation.view.membership(state, situation.view.world.line(holder)),
    }
}

fn reached(situation: &Situation, mandate: &Mandate, state: &str) -> Known<Default> {
    let view = &situation.view;
    let name = view.world.name(state);
    let suspended = match &mandate.whom {
        Whom::Parties | Whom::Members => {
            membership(situation, &mandate.holder, state)?.filter(|row| row.standing == Standing::Suspended)
        }
        Whom::Anyone | Whom::States(_) => None,
    };
    if let Some(row) = suspended {
        return with(vec![view.membership_ref(row)], stops(format!("the participation of {name} is suspended")));
    }
    match &mandate.whom {
        Whom::Anyone => passes("reaches every state"),
        Whom::States(states) if states.iter().any(|reached| reached == state) => passes(format!("reaches {name}")),
        Whom::States(_) => stops(format!("does not reach {name}")),
        Whom::Members => match membership(situation, &mandate.holder, state)?.filter(|row| row.role == Role::Member) {
            Some(row) => with(vec![view.membership_ref(row)], passes(format!("{name} is a member"))),
            None => stops(format!("{name} is not a member")),
        },
        Whom::Parties => {
            let Answer { holds, stands_on } = view.bound(state, &mandate.instrument)?;
            if holds {
                with(stands_on, passes(format!("{name} is a party")))
            } else if view.signed_only(state, &mandate.instrument)?
                && view.world.parties.iter().any(|row| row.state == state && row.instrument == mandate.instrument)
                && !matches!(view.instrument(&mandate.instrument)?, InForce::Yes)
            {
                stops(format!("{name} has signed and is not bound"))
            } else {
                stops(format!("{name} is not a party"))
            }
        }
    }
}

fn reach(situation: &Situation, mandate: &Mandate, told: &Circumstances, state: &str) -> Known<Default> {
    let own = reached(situation, mandate, state)?;
    if !own.passes {
        return Ok(own);
    }
    let world = &situation.view.world;
    match (&mandate.place, told.location.as_deref()) {
        (Where::Inside, Some(place)) if place != state && world.states.contains_key(place) => {
            let there = reached(situation, mandate, place)?;
            if there.passes {
                Ok(own)
            } else {
                stops(format!("outside: {}, where it happens, is not reached", world.name(place)))
            }
        }
        (Where::Places(places), place) => {
            let place = place.unwrap_or(state);
            let inside = places.iter().any(|listed| listed == place || listed == state);
            if inside { Ok(own) } else { stops(format!("outside: reaches {} only", places.join(", "))) }
        }
        _ => Ok(own),
    }
}

fn occasion(situation: &Situation, mandate: &Mandate, told: &Circumstances) -> Known<Default> {
    let clause = &mandate.occasion;
    let Some(case) = situation.case() else {
        return stops("there is no case");
    };
    let because = |what: String| match &clause.text {
        Some(text) => format!("no casus foederis: {text}; {what}"),
        None => format!("no casus foederis: {what}"),
    };
    if !clause.attacker.is_empty() {
        let attacker = situation.view.word(case, "attacker", told.attacker, AttackerKind::ALL)?;
        if !clause.attacker.contains(&attacker) {
            return stops(because(format!("the attacker is {attacker}")));
        }
    }
    if let Some(wanted) = clause.origin {
        let origin = situation.view.word(case, "origin", told.origin, Origin::ALL)?;
        if origin != wanted {
            return stops(because(format!("the threat comes from {origin}")));
        }
    }
    if !clause.at_risk.is_empty() {
        let mut any = false;
        for who in &clause.at_risk {
            any |= situation.view.at_risk(case, told, *who)?;
        }
        if !any {
            let listed: Vec<&str> = clause.at_risk.iter().copied().map(AtRisk::as_str).collect();
            return stops(because(format!("not at risk: {}", listed.join(", "))));
        }
    }
    passes(clause.text.clone().unwrap_or_else(|| "no special occasion is asked for".to_owned()))
}

/// Whether an exclusion bites.
pub fn bites(situation: &Situation, mandate: &Mandate, exclusion: &Exclusion, told: &Circumstances) -> Known<bool> {
    let view = &situation.view;
    let about = exclusion.threats.is_empty() || view.threatens(&told.threat, &exclusion.threats);
    if !about {
        return Ok(false);
    }
    match exclusion.when {
        ExclusionWhen::Always => Ok(true),
        ExclusionWhen::Internal => {
            let Some(case) = situation.case() else {
                return Ok(false);
            };
            Ok(view.word(case, "origin", told.origin, Origin::ALL)? == Origin::Inside)
        }
        ExclusionWhen::DisputeBetweenParties => {
            for party in &told.parties {
                let member = membership(situation, &mandate.holder, party)?.is_some();
                if !member && !view.bound(party, &mandate.instrument)?.holds {
                    return Ok(false);
                }
            }
            Ok(told.parties.len() > 1)
        }
    }
}

fn exclusion(situation: &Situation, mandate: &Mandate, told: &Circumstances) -> Known<Default> {
    // A text is named before a practice: it weighs more.
    for basis in [Basis::Text, Basis::Practice] {
        for exclusion in mandate.exclusions.iter().filter(|exclusion| exclusion.basis == basis) {
            if bites(situation, mandate, exclusion, told)? {
                let default = stops(format!("by {basis}: {}", exclusion.text))?;
                return Ok(Default { source: exclusion.source.clone(), ..default });
            }
        }
    }
    passes("nothing rules it out")
}

fn request(
    situation: &Situation,
    mandate: &Mandate,
    told: &Circumstances,
    state: &str,
    function: &str,
) -> Known<Default> {
    let view = &situation.view;
    let standing = view.world.functions.terms.get(function).is_some_and(|term| term.standing);
    let by = mandate.request.unwrap_or(if standing { RequestBy::None } else { RequestBy::AffectedState });
    if by == RequestBy::None {
        return passes("no request is needed");
    }
    if mandate.holder == state {
        return passes("a state needs no request on its own soil");
    }
    let Some(case) = situation.case() else {
        return stops("there is no case");
    };
    let askers: Vec<&str> = match by {
        RequestBy::AffectedState => vec![state],
        _ if told.parties.is_empty() => vec![state],
        _ => told.parties.iter().map(String::as_str).collect(),
    };
    let mut facts = Vec::new();
    let mut others = Vec::new();
    for asker in &askers {
        match view.asked(case, asker, &mandate.holder, function)? {
            Asked::Yes(fact) => facts.push(fact),
            Asked::No => {}
            Asked::Others(asked) => others.extend(asked),
        }
    }
    let wanted = if by == RequestBy::AllParties { askers.len() } else { 1 };
    if facts.len() >= wanted {
        return with(facts, passes("asked by whom it has to be"));
    }
    others.sort();
    others.dedup();
    if !facts.is_empty() {
        return with(facts, stops("not asked by all parties"));
    }
    if others.is_empty() {
        stops("nobody entitled asked")
    } else {
        stops(format!("another was asked: {}", others.join(", ")))
    }
}

fn decision(situation: &Situation, mandate: &Mandate, state: &str, function: &str) -> Known<Default> {
    let view = &situation.view;
    let world = &view.world;
    let standing = world.functions.terms.get(function).is_some_and(|term| term.standing);
    let default = if standing { DecidedBy::Nobody } else { DecidedBy::TopOrgan };
    let by = mandate.decision.as_ref().unwrap_or(&default);
    let Some(case) = situation.case() else {
        return stops("there is no case");
    };
    let organ = match by {
        DecidedBy::Nobody => return passes("no decision is needed"),
        _ if mandate.holder == state => return passes("a state decides for itself"),
        DecidedBy::EachParty => return each_party(situation, mandate, function),
        DecidedBy::TopOrgan => match top_organ(world, &mandate.holder) {
            Some(organ) => organ,
            None => return passes("it has no organ that would have to decide"),
        },
        DecidedBy::Body(body) => body.as_str(),
    };
    let name = world.name(organ);
    match view.decided(case, organ, function)? {
        Decided::Adopted(fact) => with(vec![fact], passes(format!("{name} decided"))),
        Decided::Refused(fact, blocked) if blocked.is_empty() => with(vec![fact], stops(format!("{name} refused"))),
        Decided::Refused(fact, blocked) => {
            let names: Vec<&str> = blocked.iter().map(|state| world.name(state)).collect();
            with(vec![fact], stops(format!("{name} was blocked by {}", names.join(", "))))
        }
        Decided::NotPut => stops(format!("not put to {name}, or not decided")),
    }
}

/// The organ that decides for a body when its text names none.
pub fn top_organ<'w>(world: &'w World, body: &'w str) -> Option<&'w str> {
    world.upwards(body).into_iter().find_map(|body| world.bodies.get(body)?.top_organ.as_deref())
}

/// Some other party has to have decided to act.
fn each_party(situation: &Situation, mandate: &Mandate, function: &str) -> Known<Default> {
    let (view, Some(case)) = (&situation.view, situation.case()) else {
        return stops("there is no case");
    };
    for (index, decision) in case.decisions.iter().enumerate() {
        let party =
            view.world.states.contains_key(&decision.organ) && view.bound(&decision.organ, &mandate.instrument)?.holds;
        if party
            && Some(decision.organ.as_str()) != situation.state()
            && view.there_in(case, CaseRow::Decision, index)?
        {
            return match view.decided(case, &decision.organ, function)? {
                Decided::Adopted(fact) => {
                    with(vec![fact], passes(format!("{} decided", view.world.name(&decision.organ))))
                }
                Decided::Refused(fact, _) => {
                    with(vec![fact], stops(format!("{} refused", view.world.name(&decision.organ))))
                }
                Decided::NotPut => stops("no party decided"),
            };
        }
    }
    if case.all_decisions {
        return stops("no party decided");
    }
    let key = format!("decision:{}:{}:{function}", case.id, mandate.instrument);
    let says = format!("whether a party to {} decided to act", mandate.instrument);
    let free = || {
        std::sync::Arc::new(FreeFact {
            key: key.clone(),
            kind: Free::Unknown,
            says,
            values: vec!["no".to_owned(), "yes".to_owned()],
        })
    };
    if pick(&view.chosen, free, &key)? == 1 { passes("a party decided, supposed") } else { stops("no party decided") }
}

fn authority(situation: &Situation, mandate: &Mandate) -> Known<Default> {
    let Some(case) = situation.case() else {
        return stops("there is no case");
    };
    let wanted: &[Authority] = match mandate.authority {
        Authority::None => return passes("no leave from outside is needed"),
        Authority::SecurityCouncil => &[Authority::SecurityCouncil],
        Authority::HostConsent => &[Authority::HostConsent],
        Authority::Either => &[Authority::SecurityCouncil, Authority::HostConsent],
    };
    for by in wanted {
        // An invitation by the state on whose soil it happens is consent.
        if *by == Authority::HostConsent && !said(situation, *by)? && invited(situation, mandate)? {
            return passes("the request of the host is its consent");
        }
        let answer = situation.view.authorised(case, *by)?;
        if answer.holds {
            return with(answer.stands_on, passes(format!("leave given: {by}")));
        }
    }
    stops(match mandate.authority {
        Authority::SecurityCouncil => "not authorised by the Security Council",
        Authority::HostConsent => "no consent of the host",
        _ => "neither authorised by the Security Council nor consented to by the host",
    })
}

/// Whether leave was given or refused.
fn said(situation: &Situation, by: Authority) -> Known<bool> {
    let Some(case) = situation.case() else { return Ok(false) };
    for (index, _) in case.authorisations.iter().enumerate().filter(|(_, given)| given.by == by) {
        if situation.view.there_in(case, CaseRow::Authorisation, index)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the affected state is recorded to have asked the holder, or a body in its line.
fn invited(situation: &Situation, mandate: &Mandate) -> Known<bool> {
    let world = &situation.view.world;
    let line = world.line(&mandate.holder);
    let own_soil = |told: &Circumstances| told.location.is_none() || told.location.as_deref() == situation.state();
    let (Some(case), true) = (situation.case(), situation.told.as_deref().is_some_and(own_soil)) else {
        return Ok(false);
    };
    for (index, request) in case.requests.iter().enumerate() {
        let asked = request.made
            && Some(request.by.as_str()) == situation.state()
            && request.to.iter().any(|to| world.line(to) == line);
        if asked && situation.view.there_in(case, CaseRow::Request, index)? {
            return Ok(true);
        }
    }
    Ok(case.requested == Some(true))
}

fn means(situation: &Situation, mandate: &Mandate, function: &str) -> Known<Default> {
    if mandate.execution == Execution::National {
        return passes("national authorities act");
    }
    let view = &situation.view;
    match view.capability(&mandate.holder, function)? {
        None => stops("no forces, staff or money recorded"),
        Some(row) => with(
            vec![view.capability_ref(row)],
            match row.level {
                CapabilityLevel::None => stops("no forces, staff or money"),
                CapabilityLevel::Declared => stops("declared only"),
                CapabilityLevel::Exercised => passes("rehearsed"),
                CapabilityLevel::Used => passes("used before"),
            },
        ),
    }
}

/// The rank of a mandate that is in force, or may be.
pub const IN_FORCE: u8 = 4;

/// How a mandate that is not in force ranks when one has to be shown: the nearer to being in force, the higher. What is not
/// known of it counts for it; it stops only at a lever.
pub fn nearness(situation: &Situation, mandate: &Mandate) -> Known<u8> {
    Ok(match situation.view.mandate(mandate) {
        Err(fact) if fact.kind == Free::Lever => return Err(fact),
        Ok(InForce::Yes) | Err(_) => IN_FORCE,
        Ok(InForce::SignedOnly) => 3,
        Ok(InForce::Lapsed) => 2,
        Ok(InForce::NotYet) if mandate.fact.held.from != Bound::Never => 1,
        Ok(_) => 0,
    })
}
