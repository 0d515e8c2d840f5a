//! What is known of a case on the day: requests, decisions, leave, and the words of its circumstances.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::view::{Asked, Decided, View};
use super::{Answer, FactRef, Free, FreeFact, Known};
use crate::world::variants::CaseRow;
use crate::world::{Authority, Case, Circumstances, DecisionOutcome, Id, Word};

impl View {
    /// Whether `by` asked `holder` (or a body in its line) for a function.
    pub fn asked(&self, case: &Case, by: &str, holder: &str, function: &str) -> Known<Asked> {
        let line = self.world.line(holder);
        let own = |text: String| FactRef {
            text,
            source: None,
            locator: None,
            place: Some(case.place.clone()),
            claimed: false,
        };
        match case.requested {
            Some(true) => {
                return Ok(Asked::Yes(own(format!("{} asked everybody that can be asked", self.world.name(by)))));
            }
            Some(false) => return Ok(Asked::No),
            None => {}
        }
        let mut others = Vec::new();
        for (index, request) in case.requests.iter().enumerate().filter(|(_, request)| request.by == by) {
            let about = request.functions.is_empty()
                || request.functions.iter().any(|wide| self.world.functions.is_a(function, wide));
            if !about {
                continue;
            }
            if request.to.iter().any(|to| self.world.line(to) == line) {
                if !self.there_in(case, CaseRow::Request, index)? {
                    continue;
                }
                if !request.made {
                    return Ok(Asked::No);
                }
                return Ok(Asked::Yes(FactRef {
                    text: format!(
                        "{} asked {} ({})",
                        self.world.name(by),
                        request.to.iter().map(|to| self.world.name(to)).collect::<Vec<_>>().join(", "),
                        request.answer
                    ),
                    source: request.source.clone(),
                    locator: None,
                    place: Some(request.place.clone()),
                    claimed: false,
                }));
            }
            if request.made {
                others.extend(request.to.iter().cloned());
            }
        }
        if case.all_requests {
            return Ok(if others.is_empty() { Asked::No } else { Asked::Others(others) });
        }
        let says = format!("whether {} asked {} for {function}", self.world.name(by), self.world.name(line));
        let key = format!("request:{}:{by}:{line}:{function}", case.id);
        if self.unknown(key, says)? { Ok(Asked::Yes(own("a request, supposed".to_owned()))) } else { Ok(Asked::No) }
    }

    /// What an organ, or the body it belongs to, decided about a function.
    pub fn decided(&self, case: &Case, organ: &str, function: &str) -> Known<Decided> {
        let root = self.world.upwards(organ).last().copied().unwrap_or(organ);
        for (index, decision) in case.decisions.iter().enumerate() {
            let about = decision.functions.is_empty()
                || decision.functions.iter().any(|wide| self.world.functions.is_a(function, wide));
            if !about
                || (decision.organ != organ && decision.organ != root)
                || !self.there_in(case, CaseRow::Decision, index)?
            {
                continue;
            }
            let fact = FactRef {
                text: format!("{}: {}", self.world.name(&decision.organ), decision.outcome),
                source: decision.source.clone(),
                locator: None,
                place: Some(decision.place.clone()),
                claimed: false,
            };
            return Ok(match decision.outcome {
                DecisionOutcome::Adopted => Decided::Adopted(fact),
                DecisionOutcome::Refused => Decided::Refused(fact, decision.blocked_by.clone()),
                DecisionOutcome::NotPut => Decided::NotPut,
            });
        }
        if case.all_decisions {
            return Ok(Decided::NotPut);
        }
        let says = format!("whether {} decided on {function}", self.world.name(organ));
        let key = format!("decision:{}:{organ}:{function}", case.id);
        Ok(if self.unknown(key, says)? {
            Decided::Adopted(FactRef {
                text: "a decision, supposed".to_owned(),
                source: None,
                locator: None,
                place: Some(case.place.clone()),
                claimed: false,
            })
        } else {
            Decided::NotPut
        })
    }

    /// Whether leave from outside is given.
    pub fn authorised(&self, case: &Case, by: Authority) -> Known<Answer> {
        for (index, given) in case.authorisations.iter().enumerate().filter(|(_, given)| given.by == by) {
            if !self.there_in(case, CaseRow::Authorisation, index)? {
                continue;
            }
            let fact = FactRef {
                text: format!("{by}: {}", if given.given { "given" } else { "refused" }),
                source: given.source.clone(),
                locator: None,
                place: Some(given.place.clone()),
                claimed: false,
            };
            return Ok(Answer { holds: given.given, stands_on: vec![fact] });
        }
        let holds = self.unknown(format!("authority:{}:{by}", case.id), format!("whether leave was given ({by})"))?;
        Ok(Answer { holds, stands_on: Vec::new() })
    }

    /// The value of one of a case's words, where it may be unknown.
    pub fn word<W: Word + Copy>(&self, case: &Case, what: &str, value: Option<W>, all: &[W]) -> Known<W> {
        if let Some(value) = value {
            return Ok(value);
        }
        let key = format!("{what}:{}", case.id);
        let fact = || {
            Arc::new(FreeFact {
                key: key.clone(),
                kind: Free::Unknown,
                says: format!("the {what} of {}", case.id),
                values: W::WORDS.iter().map(|word| (*word).to_owned()).collect(),
            })
        };
        let index = self.free(&key, fact)?;
        // INVARIANT: the values of the free fact are the words of `all`, in order; an index outside falls back to the first.
        all.get(index).or_else(|| all.first()).copied().ok_or_else(fact)
    }

    /// Whether somebody is in danger.
    pub fn at_risk(&self, case: &Case, told: &Circumstances, who: crate::world::AtRisk) -> Known<bool> {
        match &told.at_risk {
            Some(listed) => Ok(listed.contains(&who)),
            None => self
                .unknown(format!("at-risk:{}:{who}", case.id), format!("whether the {who} is at risk in {}", case.id)),
        }
    }

    /// Whether the affected state says that the threat exists.
    pub fn acknowledged(&self, case: &Case, told: &Circumstances) -> Known<bool> {
        match told.acknowledged {
            Some(said) => Ok(said),
            None => {
                let says = format!("whether the affected state acknowledges the threat in {}", case.id);
                self.unknown(format!("acknowledged:{}", case.id), says)
            }
        }
    }

    /// A judgement's value; `None` where nobody judged.
    pub fn judged(
        &self,
        values: &BTreeMap<Id, (Option<f64>, String)>,
        judgement: &str,
        least: f64,
    ) -> Known<Option<Answer>> {
        match values.get(judgement) {
            None => Ok(None),
            Some((Some(value), author)) => {
                let fact = FactRef {
                    text: format!("{judgement} judged {value} by {author}"),
                    source: None,
                    locator: None,
                    place: None,
                    claimed: false,
                };
                Ok(Some(Answer { holds: *value >= least, stands_on: vec![fact] }))
            }
            // One unknown value answers every cut of it consistently: the free fact is where it lies among the cuts asked.
            Some((None, author)) => {
                let holds = self.cut(judgement, least)?;
                let fact = FactRef {
                    text: format!("{judgement} declared unknown by {author}; supposed here"),
                    source: None,
                    locator: None,
                    place: None,
                    claimed: false,
                };
                Ok(Some(Answer { holds, stands_on: vec![fact] }))
            }
        }
    }

    /// Whether an unknown judgement reaches a cut; cuts already chosen settle the ones they imply.
    fn cut(&self, judgement: &str, least: f64) -> Known<bool> {
        let prefix = format!("judgement:{judgement}>=");
        for (key, value) in self.chosen.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix)) {
            let Some(cut) = key.get(prefix.len()..).and_then(|text| text.parse::<f64>().ok()) else {
                continue;
            };
            if *value == 1 && cut >= least {
                return Ok(true);
            }
            if *value == 0 && cut <= least {
                return Ok(false);
            }
        }
        self.unknown(format!("{prefix}{least}"), format!("whether {judgement} is at least {least}"))
    }
}
