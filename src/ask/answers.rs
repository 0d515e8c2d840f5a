//! What each question's answer is: from words to lookups in the view.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::positions::{Positions, Reply, Standing};
use super::view::{Asked, BodyState, Decided, InForce};
use super::{Answer, Dated, FactRef, Free, FreeFact, Known, Question, View, pick};
use crate::date::PartialDate;
use crate::world::{
    AtRisk, AttackerKind, Authority, CapabilityLevel, Case, Circumstances, DecisionOutcome, Force, Id, LinkKind,
    Origin, Request, Response, ResponseKind, Role, Scenario, Word, variants::CaseRow,
};

/// What a rule runs for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// One affected state.
    State(Id),
    /// The case as a whole.
    Case,
    /// One response, by its index in the scenario.
    Response(usize),
    /// An overlap of two lines, for one affected state and function.
    Overlap(Id, Id, Id, Id),
    /// One organisation.
    Organisation(Id),
    /// Two organisations, in order of their ids.
    Pair(Id, Id),
}

/// One case, seen for one affected state (or whatever else the rule runs for), on one day, under one account.
#[derive(Clone, Debug)]
pub struct Situation {
    /// The world that day.
    pub view: View,
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// The index of the case in the scenario, where there is one.
    pub case: Option<usize>,
    /// The case as told.
    pub told: Option<Arc<Circumstances>>,
    /// What the rule runs for.
    pub scope: Scope,
    /// Judged values: number (or unknown) and author.
    pub judged: Arc<BTreeMap<Id, (Option<f64>, String)>>,
}

fn plain(holds: bool) -> Known<Reply> {
    Ok(Reply::Answer(Answer { holds, stands_on: Vec::new() }))
}

impl Situation {
    /// The case, where there is one.
    pub fn case(&self) -> Option<&Case> {
        self.case.and_then(|index| self.scenario.cases.get(index))
    }

    /// The affected state that the rule runs for.
    pub fn state(&self) -> Option<&str> {
        match &self.scope {
            Scope::State(state) | Scope::Overlap(state, ..) => Some(state),
            _ => None,
        }
    }

    /// The response that the rule runs for.
    pub fn response(&self) -> Option<&Response> {
        match self.scope {
            Scope::Response(index) => self.scenario.responses.get(index),
            _ => None,
        }
    }

    /// The same situation with free facts chosen.
    pub fn under(&self, chosen: &super::Chosen) -> Situation {
        let mut under = self.clone();
        under.view.chosen = Arc::new(chosen.clone());
        under
    }

    /// The id of the situation in results: `case/STATE`, `case`, ...
    pub fn id(&self) -> String {
        let case = self.case().map_or("", |case| case.id.as_str());
        match &self.scope {
            Scope::State(state) => format!("{case}/{state}"),
            Scope::Case => case.to_owned(),
            Scope::Response(_) => self
                .response()
                .map(|response| format!("{case}/{}/{}", response.institution, response.function))
                .unwrap_or_default(),
            Scope::Overlap(state, function, first, second) => {
                format!("{case}/{state}/{function}/{first}+{second}")
            }
            Scope::Organisation(body) => body.clone(),
            Scope::Pair(first, second) => format!("{first}+{second}"),
        }
    }

    /// The states that the case touches: affected ones and parties.
    pub fn touched(&self) -> BTreeSet<&str> {
        let told = self.told.as_deref();
        told.into_iter().flat_map(|told| told.affected.iter().chain(&told.parties)).map(String::as_str).collect()
    }

    fn case_fact(&self, text: String) -> Vec<FactRef> {
        let case = self.case();
        vec![FactRef {
            text,
            source: case.and_then(|case| case.source.clone()),
            locator: case.and_then(|case| case.locator.clone()),
            place: case.map(|case| case.place.clone()),
            claimed: false,
        }]
    }

    /// Answers a question. The vocabulary has checked the arguments.
    pub fn answer(&self, question: &Question, positions: &dyn Positions) -> Known<Reply> {
        let argument = |index: usize| question.arguments.get(index).map_or("", String::as_str);
        let (first, second) = (argument(0), argument(1));
        match &self.scope {
            Scope::Organisation(body) if question.word == "organisation_is" => return plain(body == first),
            Scope::Pair(one, other) => match question.word {
                "first_is" => return plain(one == first),
                "second_is" => return plain(other == first),
                "shares_members_at_least" => {
                    let shared = self.shared_members(one, other)?;
                    return plain(first.parse().is_ok_and(|least: usize| shared >= least));
                }
                "shares_function" => {
                    return plain(self.has_function(one, first)? && self.has_function(other, first)?);
                }
                _ => {}
            },
            _ => {}
        }
        if let Some(reply) = self.about_the_world(question.word, first, second, argument(2))? {
            return Ok(reply);
        }
        let (Some(case), Some(told)) = (self.case(), self.told.as_deref()) else {
            return plain(false);
        };
        if let Some(reply) = self.about_the_case(question.word, first, second, case, told)? {
            return Ok(reply);
        }
        if let Some(reply) = self.about_positions(question, positions)? {
            return Ok(reply);
        }
        if let Some(response) = self.response() {
            return self.about_the_response(question, positions, response);
        }
        match self.state() {
            Some(state) => self.about_the_state(question.word, first, second, state),
            None => plain(false),
        }
    }

    fn about_the_world(&self, word: &str, first: &str, second: &str, third: &str) -> Known<Option<Reply>> {
        let view = &self.view;
        let holds = match word {
            "in_force" => view.instrument(first)? == InForce::Yes,
            "exists" => {
                let there = view.body(first)? == BodyState::Exists;
                let body = view.body_row(first)?.filter(|_| there);
                return Ok(Some(with_fact(body.map(|body| FactRef {
                    text: format!("{} ({})", body.name, body.held),
                    source: body.remark.source.clone(),
                    locator: body.remark.locator.clone(),
                    place: Some(body.place.clone()),
                    claimed: false,
                }))));
            }
            "status_is" => view.body_row(first)?.is_some_and(|body| body.status.as_str() == second),
            "has_member" => {
                let member = view.membership(second, first)?.filter(|row| row.role == Role::Member);
                return Ok(Some(with_fact(member.map(|row| view.membership_ref(row)))));
            }
            "capable" => return self.capable(first, second, third).map(Some),
            "linked" => {
                let kinds = [LinkKind::Memorandum, LinkKind::Liaison, LinkKind::ObserverSeat, LinkKind::JointBody];
                return Ok(Some(Reply::Answer(view.linked(first, second, &kinds)?)));
            }
            "zoned" => {
                return Ok(Some(Reply::Answer(view.linked(first, second, &[LinkKind::Zone])?)));
            }
            "on_or_after" => {
                let holds = matches!(PartialDate::parse(first), Some(PartialDate::Day(day)) if view.today.reached(day, || Dated::Rule(day)));
                let fact = FactRef {
                    text: format!("the day is {}", view.today.named()),
                    source: None,
                    locator: None,
                    place: Some(self.scenario.place.clone()),
                    claimed: false,
                };
                return Ok(Some(Reply::Answer(Answer { holds, stands_on: vec![fact] })));
            }
            "judged_at_least" => {
                let least = second.parse().unwrap_or(f64::MAX);
                return Ok(Some(match view.judged(&self.judged, first, least)? {
                    Some(answer) => Reply::Answer(answer),
                    None => Reply::NotJudged(first.to_owned()),
                }));
            }
            _ => return Ok(None),
        };
        plain(holds).map(Some)
    }

    fn capable(&self, holder: &str, function: &str, level: &str) -> Known<Reply> {
        let wanted = CapabilityLevel::parse(level).unwrap_or(CapabilityLevel::Used);
        let best = self.view.capability(holder, function)?;
        let holds = best.is_some_and(|row| row.level >= wanted);
        let stands_on = best.map(|row| self.view.capability_ref(row)).into_iter().collect();
        Ok(Reply::Answer(Answer { holds, stands_on }))
    }

    fn about_the_case(
        &self,
        word: &str,
        first: &str,
        second: &str,
        case: &Case,
        told: &Circumstances,
    ) -> Known<Option<Reply>> {
        let view = &self.view;
        let threats = &view.world.threats;
        let holds = match word {
            "threat_is" => {
                let stands_on = self.case_fact(format!("the threat is {}", told.threat));
                return Ok(Some(Reply::Answer(Answer { holds: threats.is_a(&told.threat, first), stands_on })));
            }
            "threat_feeds" => threats.feeds(&told.threat, first),
            "place_is" => told.location.as_deref() == Some(first),
            "attacker_is" => {
                let holds = view.word(case, "attacker", told.attacker, AttackerKind::ALL)?.as_str() == first;
                let stands_on = self.case_fact(match told.attacker {
                    Some(kind) => format!("the attacker is {kind}"),
                    None => "the attacker, supposed".to_owned(),
                });
                return Ok(Some(Reply::Answer(Answer { holds, stands_on })));
            }
            "origin_is" => view.word(case, "origin", told.origin, Origin::ALL)?.as_str() == first,
            "comes_from" => told.from_state.as_deref() == Some(first),
            "at_risk" => match AtRisk::parse(first) {
                Some(who) => view.at_risk(case, told, who)?,
                None => false,
            },
            "standing_condition" => case.standing,
            "acknowledged" => {
                let holds = view.acknowledged(case, told)?;
                let text = if holds { "the threat is acknowledged" } else { "the threat is denied" };
                return Ok(Some(Reply::Answer(Answer { holds, stands_on: self.case_fact(text.to_owned()) })));
            }
            "is_dispute" => told.parties.len() > 1,
            "transborder" => {
                told.affected.len() > 1 || told.from_state.as_ref().is_some_and(|from| !told.affected.contains(from))
            }
            "affected_at_least" => first.parse().is_ok_and(|least: usize| told.affected.len() >= least),
            "all_bound_by" => {
                let mut facts = Vec::new();
                for state in self.touched() {
                    let answer = view.bound(state, first)?;
                    if !answer.holds {
                        return Ok(Some(with_fact(None)));
                    }
                    facts.extend(answer.stands_on);
                }
                return Ok(Some(Reply::Answer(Answer { holds: true, stands_on: facts })));
            }
            "all_members_of" | "any_member_of" => {
                let mut facts = Vec::new();
                let touched = self.touched();
                for state in &touched {
                    if let Some(row) = view.membership(state, first)?.filter(|row| row.role == Role::Member) {
                        facts.push(view.membership_ref(row));
                    }
                }
                let holds = if word == "all_members_of" { facts.len() == touched.len() } else { !facts.is_empty() };
                return Ok(Some(Reply::Answer(Answer { holds, stands_on: facts })));
            }
            "mandated" => self.mandated(first, second, &told.threat)?,
            "asked" | "every_party_asked" => {
                let every = word == "every_party_asked";
                let askers: Vec<&str> = if every {
                    told.parties.iter().map(String::as_str).collect()
                } else {
                    self.touched().into_iter().collect()
                };
                let mut facts = Vec::new();
                for state in &askers {
                    if let Asked::Yes(fact) = view.asked(case, state, first, second)? {
                        facts.push(fact);
                        if !every {
                            break;
                        }
                    }
                }
                let holds = if every { !askers.is_empty() && facts.len() == askers.len() } else { !facts.is_empty() };
                return Ok(Some(Reply::Answer(Answer { holds, stands_on: facts })));
            }
            "asked_anyone" => {
                let about = |request: &Request| {
                    request.functions.is_empty()
                        || request.functions.iter().any(|wide| view.world.functions.is_a(first, wide))
                };
                let mut asked = case.requested == Some(true);
                for (index, request) in case.requests.iter().enumerate() {
                    asked =
                        asked || (request.made && about(request) && view.there_in(case, CaseRow::Request, index)?);
                }
                asked
            }
            "decided" => matches!(view.decided(case, first, second)?, Decided::Adopted(_)),
            "blocked" => {
                let mut blocked = false;
                for (index, decision) in case.decisions.iter().enumerate() {
                    let own = view.world.line(&decision.organ) == view.world.line(first)
                        && decision.outcome == DecisionOutcome::Refused
                        && !decision.blocked_by.is_empty();
                    blocked = blocked || (own && view.there_in(case, CaseRow::Decision, index)?);
                }
                blocked
            }
            "authorised_by" => match Authority::parse(first) {
                Some(by) => return Ok(Some(Reply::Answer(view.authorised(case, by)?))),
                None => false,
            },
            "responded" => {
                let own = |act: &&Response| view.world.line(&act.institution) == view.world.line(first);
                let mut acts = self.acts(case).filter(own);
                return Ok(Some(self.act(acts.find(|act| view.world.functions.is_a(&act.function, second)))));
            }
            "acted" => {
                let own = |act: &&Response| view.world.line(&act.institution) == view.world.line(first);
                return Ok(Some(self.act(self.acts(case).find(own))));
            }
            "anyone_responded" => {
                let does = |act: &&Response| view.world.functions.is_a(&act.function, first);
                return Ok(Some(self.act(self.acts(case).find(does))));
            }
            "responders_at_least" => {
                let lines: BTreeSet<&str> = self.acts(case).map(|act| view.world.line(&act.institution)).collect();
                first.parse().is_ok_and(|least: usize| lines.len() >= least)
            }
            _ => return Ok(None),
        };
        plain(holds).map(Some)
    }

    /// What was really done in a case: neither proposals nor refusals.
    fn acts<'a>(&'a self, case: &'a Case) -> impl Iterator<Item = &'a Response> + 'a {
        self.scenario
            .responses
            .iter()
            .filter(move |act| act.case == case.id && act.proposed_by.is_none() && act.kind == ResponseKind::Acted)
    }

    /// Yes by an act, which is then the fact behind it; no without one.
    fn act(&self, act: Option<&Response>) -> Reply {
        with_fact(act.map(|act| {
            let when = act.date.map(|date| format!(", {date}")).unwrap_or_default();
            FactRef {
                text: format!("{}: {}{when}", self.view.world.name(&act.institution), act.function),
                source: act.source.clone(),
                locator: None,
                place: Some(act.place.clone()),
                claimed: false,
            }
        }))
    }

    fn about_the_state(&self, word: &str, first: &str, second: &str, state: &str) -> Known<Reply> {
        let view = &self.view;
        match word {
            "state_is" => {
                let stands_on = self.case_fact(format!("the affected state is {}", view.world.name(state)));
                Ok(Reply::Answer(Answer { holds: state == first, stands_on }))
            }
            "has_attribute" => Ok(Reply::Answer(view.attribute(state, first)?)),
            "accompanied_by" => plain(self.scenario.cases.iter().enumerate().any(|(index, other)| {
                Some(index) != self.case
                    && other.circumstances.affected.iter().any(|affected| affected == state)
                    && view.world.threats.is_a(&other.circumstances.threat, first)
            })),
            "party_to_dispute" => {
                plain(self.told.as_deref().is_some_and(|told| told.parties.iter().any(|party| party == state)))
            }
            "bound_by" => Ok(Reply::Answer(view.bound(state, first)?)),
            "signed_only" => plain(view.signed_only(state, first)?),
            "member_of" => {
                let row = view.membership(state, first)?.filter(|row| row.role == Role::Member);
                Ok(with_fact(row.map(|row| view.membership_ref(row))))
            }
            "has_role" | "has_standing" => {
                let row = view.membership(state, first)?.filter(|row| {
                    if word == "has_role" { row.role.as_str() == second } else { row.standing.as_str() == second }
                });
                Ok(with_fact(row.map(|row| view.membership_ref(row))))
            }
            "state_acted" => plain(self.case().is_some_and(|case| self.acts(case).any(|act| act.institution == state))),
            "state_capable" => self.capable(state, first, second),
            _ => plain(false),
        }
    }

    fn about_positions(&self, question: &Question, positions: &dyn Positions) -> Known<Option<Reply>> {
        let argument = |index: usize| question.arguments.get(index).map_or("", String::as_str);
        let standing = match (question.word, self.state()) {
            ("established", _) => positions.established(self, argument(0))?,
            ("concerns", _) => positions.concerns(self, argument(0))?,
            ("needed", Some(state)) => positions.needed(self, state, argument(0))?,
            ("stopped", Some(state)) => positions.stopped(self, state, argument(0), argument(1), argument(2)),
            ("on_paper", Some(state)) => positions.climbs(self, state, argument(0), argument(1), true),
            ("available", Some(state)) => positions.climbs(self, state, argument(0), argument(1), false),
            ("answer_on_paper", Some(state)) => positions.answered(self, state, argument(0), true, argument(1)),
            ("answer_available", Some(state)) => positions.answered(self, state, argument(0), false, argument(1)),
            ("lines_on_paper_at_least", Some(state)) => {
                let least: usize = argument(1).parse().unwrap_or(usize::MAX);
                match positions.lines(self, state, argument(0)) {
                    (sure, _) if sure >= least => Standing::Yes,
                    (_, perhaps) if perhaps < least => Standing::No,
                    _ => Standing::Undecided,
                }
            }
            _ => match (&self.scope, question.word) {
                (Scope::Overlap(_, _, one, other), "between") => {
                    let lines = [self.view.world.line(argument(0)), self.view.world.line(argument(1))];
                    return plain(lines == [one, other] || lines == [other, one]).map(Some);
                }
                (Scope::Overlap(_, function, ..), "overlap_in") => {
                    return plain(self.view.world.functions.is_a(function, argument(0))).map(Some);
                }
                (Scope::Overlap(_, _, one, other), "overlap_linked") => {
                    return self.about_the_world("linked", one, other, "");
                }
                (Scope::Overlap(_, _, one, other), "overlap_zoned") => {
                    return self.about_the_world("zoned", one, other, "");
                }
                _ => return Ok(None),
            },
        };
        self.settle(question, standing).map(Some)
    }

    /// A position that is undecided may be read either way; what is concluded from it is at most undecided.
    fn settle(&self, question: &Question, standing: Standing) -> Known<Reply> {
        match standing {
            Standing::Yes => plain(true),
            Standing::No => plain(false),
            Standing::Undecided => {
                let key = format!("undecided:{}:{question}", self.id());
                let free = || {
                    Arc::new(FreeFact {
                        key: key.clone(),
                        kind: Free::Undecided,
                        says: format!("{question} is undecided"),
                        values: vec!["no".to_owned(), "yes".to_owned()],
                    })
                };
                plain(pick(&self.view.chosen, free, &key)? == 1)
            }
        }
    }

    fn about_the_response(&self, question: &Question, positions: &dyn Positions, act: &Response) -> Known<Reply> {
        let argument = |index: usize| question.arguments.get(index).map_or("", String::as_str);
        let world = &self.view.world;
        let affected: Vec<&str> = self.told.iter().flat_map(|told| &told.affected).map(String::as_str).collect();
        // For some affected state: yes if surely for one; for every one: yes if surely for all.
        let some = |of: &dyn Fn(&str) -> Standing| {
            affected.iter().map(|state| of(state)).min_by_key(|standing| match standing {
                Standing::Yes => 0,
                Standing::Undecided => 1,
                Standing::No => 2,
            })
        };
        // A council, a secretariat or a force acts for the body that it belongs to: what that body may do, it did.
        let own = world.speaks_for(&act.institution);
        let climbs = |body: &&&str| {
            affected.iter().any(|state| positions.climbs(self, state, body, &act.function, true) != Standing::No)
        };
        let actor = own.iter().find(climbs).copied().unwrap_or(&act.institution);
        let standing = match question.word {
            "response_by" => return plain(world.line(&act.institution) == world.line(argument(0))),
            "response_does" => return plain(world.functions.is_a(&act.function, argument(0))),
            "response_declined" => return plain(act.kind == ResponseKind::Declined),
            "response_proposed" => return plain(act.proposed_by.is_some()),
            "response_invokes" => return plain(act.invoked.as_deref() == Some(argument(0))),
            "response_fits_purposes" => {
                // What no text forbids a state, it needs no mandate for.
                if world.states.contains_key(&act.institution) {
                    return plain(true);
                }
                let threat = self.told.as_ref().map_or("", |told| told.threat.as_str());
                return plain(self.has_purpose(&act.institution, threat)?);
            }
            "restraint_broken" => return plain(self.restraint_broken(act)?),
            "response_on_paper" => some(&|state| positions.climbs(self, state, actor, &act.function, true)),
            "response_excluded_by_text" => {
                some(&|state| positions.excluded_by_text(self, state, &act.institution, &act.function))
            }
            "duty_neglected" => {
                if act.kind != ResponseKind::Declined {
                    return plain(false);
                }
                some(&|state| positions.duty_available(self, state, &act.institution, &act.function))
            }
            "response_stops_at" => {
                let all: Vec<Standing> = affected
                    .iter()
                    .map(|state| positions.stopped(self, state, actor, &act.function, argument(0)))
                    .collect();
                Some(if all.iter().all(|standing| *standing == Standing::Yes) {
                    Standing::Yes
                } else if all.contains(&Standing::No) {
                    Standing::No
                } else {
                    Standing::Undecided
                })
            }
            _ => return plain(false),
        };
        self.settle(question, standing.unwrap_or(Standing::No))
    }

    /// Whether a line has any mandate in force against a threat, aims included.
    fn has_purpose(&self, holder: &str, threat: &str) -> Known<bool> {
        let world = &self.view.world;
        for mandate in &world.mandates {
            let about = mandate.threats.iter().any(|wide| world.threats.is_a(threat, wide));
            if about && world.line(&mandate.holder) == world.line(holder) && self.view.mandate(mandate)? == InForce::Yes
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn has_function(&self, holder: &str, function: &str) -> Known<bool> {
        let world = &self.view.world;
        for mandate in &world.mandates {
            let about = mandate.functions.iter().any(|wide| world.functions.is_a(function, wide));
            if about && world.line(&mandate.holder) == world.line(holder) && self.view.mandate(mandate)? == InForce::Yes
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a body has a mandate in force for a threat and a function, and is in being.
    fn mandated(&self, holder: &str, function: &str, threat: &str) -> Known<bool> {
        let world = &self.view.world;
        for mandate in world.mandates.iter().filter(|mandate| mandate.holder == holder) {
            let about = mandate.functions.iter().any(|wide| world.functions.is_a(function, wide))
                && mandate.threats.iter().any(|wide| world.threats.is_a(threat, wide));
            if about && self.view.mandate(mandate)? == InForce::Yes && self.view.body(holder)? == BodyState::Exists {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A duty to refrain binds the acting state towards another party of the same instrument.
    fn restraint_broken(&self, act: &Response) -> Known<bool> {
        let world = &self.view.world;
        for mandate in
            world.mandates.iter().filter(|mandate| mandate.force == Force::Duty && !mandate.refrain_from.is_empty())
        {
            let forbids = mandate.refrain_from.iter().any(|wide| world.functions.is_a(&act.function, wide));
            if !forbids || act.kind == ResponseKind::Declined || self.view.mandate(mandate)? != InForce::Yes {
                continue;
            }
            if !self.view.bound(&act.institution, &mandate.instrument)?.holds {
                continue;
            }
            for target in act.against.iter().filter(|target| **target != act.institution) {
                if self.view.bound(target, &mandate.instrument)?.holds {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn shared_members(&self, one: &str, other: &str) -> Known<usize> {
        let members = |body: &str| -> Known<BTreeSet<Id>> {
            let rows = self.view.members(body)?;
            Ok(rows.into_iter().filter(|row| row.role == Role::Member).map(|row| row.state.clone()).collect())
        };
        Ok(members(one)?.intersection(&members(other)?).count())
    }
}

fn with_fact(fact: Option<FactRef>) -> Reply {
    Reply::Answer(Answer { holds: fact.is_some(), stands_on: fact.into_iter().collect() })
}
