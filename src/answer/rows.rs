//! One cell's rows: every holder with its best text, the answers over the lines, and what later rules may know of it.

use std::collections::{BTreeMap, BTreeSet};

use super::board::{CellSummary, HolderSummary};
use super::candidate::{Candidate, Outcome, Position};
use super::cell::{self, Lines};
use super::once::Once;
use super::positions::Explored;
use super::report::{AnswerKind, HolderResult, Judgement, StateResult, StepKind, StepResult, Used};
use super::{CellTrace, Depth, RowTrace, StepTrace};
use crate::argument::Label;
use crate::ask::{BodyState, Free, Situation, Standing, Tree};
use crate::ladder;
use crate::world::{Basis, Case, Id, Level, Mandate, ResponseKind, SourceKind, Step};

impl Once<'_> {
    /// What a cell comes to on paper, without its holders.
    pub(super) fn paper(
        &self,
        situation: &Situation,
        function: &str,
        explored: &[&Explored<'_>],
    ) -> (StateResult, CellSummary, CellTrace) {
        let judge = || {
            let [on_paper, _] = self.judged(situation, function, explored);
            self.judgement(&on_paper)
        };
        let on_paper = self.stages.memory.on_paper(&self.options, situation, function, explored, judge);
        let result = StateResult {
            state: situation.state().unwrap_or_default().to_owned(),
            available: on_paper.clone(),
            on_paper,
            used: Used::NotRecorded,
            holders: Vec::new(),
            partial: Vec::new(),
        };
        (result, CellSummary::default(), CellTrace { rows: Vec::new() })
    }

    pub(super) fn cell(
        &self,
        case: &Case,
        situation: &Situation,
        function: &str,
        explored: &[&Explored<'_>],
    ) -> (StateResult, CellSummary, CellTrace) {
        let state = situation.state().unwrap_or_default().to_owned();
        let mut candidates: Vec<Candidate> = Vec::new();
        self.stages.candidates(situation, function, explored, &mut |candidate| candidates.push(candidate));
        let mut lines = [Lines::default(), Lines::default()];
        candidates.iter().for_each(|candidate| self.count(candidate, &mut lines));
        let [on_paper, available] = lines.map(cell::judge);
        let mut holders: BTreeMap<Id, HolderResult> = BTreeMap::new();
        let mut summary = CellSummary {
            on_paper: (on_paper.answer.as_str().to_owned(), words(&on_paper.possible)),
            available: (available.answer.as_str().to_owned(), words(&available.possible)),
            lines: (on_paper.sure.len(), on_paper.sure.len() + on_paper.perhaps.len()),
            ..CellSummary::default()
        };
        for candidate in &candidates {
            let row = self.row(candidate);
            let better = holders.get(&candidate.holder).is_none_or(|old| height(&row) > height(old));
            self.summarise(situation, candidate, &row, better, &mut summary);
            if better {
                holders.insert(candidate.holder.clone(), row);
            }
        }
        let mut holders: Vec<HolderResult> = holders.into_values().collect();
        holders.sort_by(|a, b| {
            (std::cmp::Reverse(a.level), std::cmp::Reverse(height(a)), &a.holder).cmp(&(
                std::cmp::Reverse(b.level),
                std::cmp::Reverse(height(b)),
                &b.holder,
            ))
        });
        let told = situation.told.as_deref();
        let threat = told.map_or("", |told| told.threat.as_str());
        let partial = self
            .world
            .mandates
            .iter()
            .filter(|mandate| self.world.bodies.contains_key(&mandate.holder))
            .filter(|mandate| {
                ladder::partial(situation, mandate, threat, function)
                    && ladder::nearness(situation, mandate) == Ok(ladder::IN_FORCE)
            })
            .map(|mandate| {
                format!("{}: {} against {}", mandate.holder, mandate.functions.join(", "), mandate.threats.join(", "))
            })
            .collect::<BTreeSet<String>>();
        let result = StateResult {
            state,
            on_paper: self.judgement(&on_paper),
            available: self.judgement(&available),
            used: self.used(case, function),
            holders,
            partial: partial.into_iter().collect(),
        };
        let trace = CellTrace { rows: candidates.iter().map(row_trace).collect() };
        (result, summary, trace)
    }

    /// What a cell comes to on paper and available; no more than one candidate is kept at a time.
    pub(super) fn judged(
        &self,
        situation: &Situation,
        function: &str,
        explored: &[&Explored<'_>],
    ) -> [cell::Judged; 2] {
        let mut lines = [Lines::default(), Lines::default()];
        self.stages.candidates(situation, function, explored, &mut |candidate| self.count(&candidate, &mut lines));
        lines.map(cell::judge)
    }

    /// Adds a candidate to its line, on paper and available; states and bilateral holders have no line.
    fn count(&self, candidate: &Candidate, lines: &mut [Lines; 2]) {
        if matches!(self.world.level(&candidate.holder), Level::Regional | Level::Universal) {
            let line = self.world.line(&candidate.holder);
            let [on_paper, available] = lines;
            cell::add(on_paper, line, candidate, Step::ON_PAPER);
            if self.options.depth != Depth::Paper {
                cell::add(available, line, candidate, Step::ALL);
            }
        }
    }

    fn judgement(&self, judged: &cell::Judged) -> Judgement {
        let shown = |lines: &BTreeSet<Id>| lines.iter().map(|line| self.shown(line).to_owned()).collect();
        Judgement {
            answer: judged.answer,
            possible: judged.possible.iter().copied().collect(),
            depends_on: judged.depends_on.iter().map(|fact| fact.says.clone()).collect(),
            lines: shown(&judged.sure),
            undecided: shown(&judged.perhaps),
        }
    }

    fn stated_by(&self, mandate: &Mandate) -> Option<Id> {
        let own = Some(mandate.fact.source.clone()).filter(|source| !source.is_empty());
        own.or_else(|| self.world.instruments.get(&mandate.instrument).map(|text| text.source.clone()))
    }

    /// What a line is called on the day: its youngest body that is already there.
    fn shown<'a>(&'a self, line: &'a str) -> &'a str {
        let mut shown = line;
        while let Some(body) = self.world.bodies.get(shown)
            && self.view.body(shown) == Ok(BodyState::NotYet)
            && let Some(earlier) = body.predecessor.as_deref().or(body.founded_by.as_deref())
        {
            shown = earlier;
        }
        shown
    }

    /// Whether anybody is recorded to have done it.
    fn used(&self, case: &Case, function: &str) -> Used {
        let functions = &self.world.functions;
        let about = self.scenario.responses.iter().filter(|act| {
            act.case == case.id
                && act.proposed_by.is_none()
                && (functions.is_a(&act.function, function) || functions.is_a(function, &act.function))
        });
        let mut used = Used::NotRecorded;
        for act in about {
            match act.kind {
                ResponseKind::Acted => return Used::Yes,
                ResponseKind::Declined => used = Used::No,
            }
        }
        used
    }

    fn row(&self, candidate: &Candidate) -> HolderResult {
        let steps: Vec<StepResult> = candidate
            .steps
            .iter()
            .map(|(step, tree)| {
                let result = kind(tree, &|position| position.outcome);
                let leaves = tree.leaves();
                let decisive = leaves.iter().filter_map(|position| position.decisive());
                let why = match result {
                    StepKind::Open => {
                        let facts = deciding(tree);
                        format!("open: {}", facts.join("; "))
                    }
                    StepKind::Contested if !deciding(tree).is_empty() => {
                        let facts = deciding(tree);
                        format!("contested: {}", facts.join("; "))
                    }
                    _ => decisive.clone().next().map(|claim| claim.why.clone()).unwrap_or_default(),
                };
                let rules: BTreeSet<String> = leaves
                    .iter()
                    .flat_map(|position| position.claims.iter().map(move |claim| (position.outcome, claim)))
                    .filter(|(outcome, claim)| {
                        claim.label == Label::Accepted
                            || (*outcome == Outcome::Undecided && claim.label == Label::Undecided)
                    })
                    .filter_map(|(_, claim)| claim.author().map(str::to_owned))
                    .collect();
                StepResult { step: *step, result, why, rules: rules.into_iter().collect() }
            })
            .collect();
        let range =
            |range: &[Step]| candidate.range(range).map_or(StepKind::Open, |tree| kind(&tree, &|outcome| *outcome));
        let mandate = candidate.mandate.as_ref();
        let practice = self
            .world
            .practices
            .iter()
            .filter(|practice| match (&practice.mandate, mandate) {
                (Some(beside), Some(mandate)) => *beside == mandate.fact.id,
                _ => false,
            })
            .map(|practice| {
                let reason = practice.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
                format!("{}: {}{reason}", practice.asked, practice.answered)
            })
            .collect();
        HolderResult {
            holder: candidate.holder.clone(),
            name: self.world.name(&candidate.holder).to_owned(),
            line: self.shown(self.world.line(&candidate.holder)).to_owned(),
            level: self.world.level(&candidate.holder),
            mandate: mandate.map(|mandate| mandate.fact.id.clone()),
            instrument: mandate.map(|mandate| mandate.instrument.clone()),
            source: mandate.and_then(|mandate| self.stated_by(mandate)),
            locator: mandate.and_then(|mandate| mandate.fact.locator.clone()),
            force: mandate.map(|mandate| mandate.force),
            execution: mandate.map(|mandate| mandate.execution),
            claimed: mandate.is_none_or(|mandate| {
                self.world.sources.get(&mandate.fact.source).is_some_and(|source| source.kind == SourceKind::Paper)
            }),
            on_paper: range(Step::ON_PAPER),
            available: range(Step::ALL),
            stops_at: steps.iter().filter(|step| step.result == StepKind::Stops).map(|step| step.step).collect(),
            steps,
            practice,
        }
    }

    /// What later rules may know of a holder: its best text decides; any duty, any exclusion by text counts.
    fn summarise(
        &self,
        situation: &Situation,
        candidate: &Candidate,
        row: &HolderResult,
        better: bool,
        summary: &mut CellSummary,
    ) {
        let standing = |kind: StepKind| match kind {
            StepKind::Passes => Standing::Yes,
            StepKind::Stops => Standing::No,
            StepKind::Contested | StepKind::Open => Standing::Undecided,
        };
        let mandate = candidate.mandate.as_ref();
        let duty = mandate.is_some_and(|mandate| mandate.force == crate::world::Force::Duty);
        let duty_available = if duty { standing(row.available) } else { Standing::No };
        let excluded = match (mandate, situation.told.as_deref()) {
            (Some(mandate), Some(told)) => {
                let by_text = mandate.exclusions.iter().filter(|exclusion| exclusion.basis == Basis::Text);
                let bites = by_text.map(|exclusion| ladder::bites(situation, mandate, exclusion, told));
                let stopped =
                    row.steps.iter().any(|step| step.step == Step::Exclusion && step.result == StepKind::Stops);
                let mut found = Standing::No;
                for bite in bites {
                    match bite {
                        Ok(true) if stopped => found = Standing::Yes,
                        Ok(true) | Err(_) if found == Standing::No => found = Standing::Undecided,
                        _ => {}
                    }
                }
                found
            }
            _ => Standing::No,
        };
        let entry = summary.holders.entry(candidate.holder.clone()).or_insert_with(|| HolderSummary {
            on_paper: Standing::No,
            available: Standing::No,
            stopped: BTreeMap::new(),
            excluded_by_text: Standing::No,
            duty_available: Standing::No,
        });
        if better {
            entry.on_paper = standing(row.on_paper);
            entry.available = standing(row.available);
            entry.stopped = row
                .steps
                .iter()
                .map(|step| {
                    let stopped = match step.result {
                        StepKind::Stops => Standing::Yes,
                        StepKind::Passes => Standing::No,
                        StepKind::Contested | StepKind::Open => Standing::Undecided,
                    };
                    (step.step, stopped)
                })
                .collect();
        }
        entry.excluded_by_text = entry.excluded_by_text.min(excluded);
        entry.duty_available = entry.duty_available.min(duty_available);
    }
}

fn words(answers: &BTreeSet<AnswerKind>) -> Vec<String> {
    answers.iter().map(|answer| answer.as_str().to_owned()).collect()
}

/// The free facts that make a difference to a position, in words.
fn deciding(tree: &Tree<Position>) -> Vec<String> {
    let facts = tree.reduced(&|position| position.outcome).facts();
    facts.into_values().map(|fact| fact.says.clone()).collect()
}

/// How far a row climbs: what is shown first, and what stands for a holder with several texts.
fn height(row: &HolderResult) -> (u8, u8, usize) {
    let rank = |kind: StepKind| match kind {
        StepKind::Passes => 3,
        StepKind::Open => 2,
        StepKind::Contested => 1,
        StepKind::Stops => 0,
    };
    let passing = row.steps.iter().filter(|step| step.result == StepKind::Passes).count();
    (rank(row.available), rank(row.on_paper), passing)
}

/// What a tree of outcomes comes to: one thing in every world, or open on unknown facts, or contested between versions.
fn kind<T>(tree: &Tree<T>, outcome: &dyn Fn(&T) -> Outcome) -> StepKind {
    let tree = tree.reduced(outcome);
    let outcomes: BTreeSet<Outcome> = tree.leaves().into_iter().copied().collect();
    match outcomes.into_iter().collect::<Vec<_>>().as_slice() {
        [Outcome::Passes] => StepKind::Passes,
        [Outcome::Stops] => StepKind::Stops,
        [Outcome::Undecided] => StepKind::Contested,
        _ if tree.facts().values().any(|fact| fact.kind == Free::Unknown) => StepKind::Open,
        _ => StepKind::Contested,
    }
}

fn row_trace(candidate: &Candidate) -> RowTrace {
    RowTrace {
        holder: candidate.holder.clone(),
        mandate: candidate.mandate.as_ref().map(|mandate| mandate.fact.id.clone()),
        steps: candidate
            .steps
            .iter()
            .map(|(step, tree)| StepTrace {
                step: *step,
                result: kind(tree, &|position| position.outcome),
                worlds: tree
                    .paths()
                    .into_iter()
                    .map(|(chosen, position)| (chosen, position.outcome, position.claims.clone()))
                    .collect(),
                free: tree.facts().into_values().collect(),
            })
            .collect(),
    }
}
