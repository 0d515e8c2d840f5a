//! One scenario on one day under one account: the stages in order, over every case.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::board::{Board, DecidedNeed};
use super::candidate::{Outcome, Position};
use super::cell::Judged;
use super::claims::By;
use super::memory::Memory;
use super::positions::{Explored, Stages};
use super::report::{CaseResult, NeedResult, ResponseResult};
use super::verdicts;
use super::verdicts::Gathered;
use super::{Depth, Options, RuleRun, Trace};
use crate::ask::vocabulary::{Each, Stage};
use crate::ask::{Scope, Situation, Today, Tree, View};
use crate::date::Day;
use crate::diagram::Diagram;
use crate::load::Loaded;
use crate::rules::RuleSet;
use crate::world::{Case, Circumstances, Id, JudgedValue, Need, ResponseKind, Scenario, World};

/// A case as an account tells it: the account's id and name, and the circumstances, unless it knows no case.
type Told = (Option<Id>, Option<String>, Option<Arc<Circumstances>>);

/// Takes a cell: its case, threat, state and function, whether it is called for, and what it comes to on paper and available.
pub(super) type EachCell<'e> = dyn FnMut(&Case, [&str; 3], Diagram<bool>, [Judged; 2]) + 'e;

/// What the stages before the cells come to.
struct Needed {
    told: Vec<Told>,
    board: Rc<Board>,
    /// What is called for, by case and affected state.
    needs: BTreeMap<(usize, Id), Vec<DecidedNeed>>,
    trace: Trace,
}

/// One scenario, one day, one account.
pub(super) struct Once<'r> {
    pub(super) world: Arc<World>,
    pub(super) scenario: Arc<Scenario>,
    pub(super) stages: Stages<'r>,
    pub(super) view: View,
    account: Option<Id>,
    pub(super) options: Options,
    judged: Arc<BTreeMap<Id, (Option<f64>, String)>>,
}

impl<'r> Once<'r> {
    pub(super) fn new(
        loaded: &Loaded,
        scenario: &Arc<Scenario>,
        rules: &'r RuleSet,
        options: &Options,
        day: Day,
        account: Option<Id>,
        memory: &Rc<Memory>,
    ) -> Self {
        let lenses = Arc::new(options.lenses.clone());
        let view = View {
            world: loaded.world.clone(),
            today: Today::new(day),
            versions: memory.weighed.versions(&lenses, None),
            chosen: Arc::default(),
        };
        let number = |value: JudgedValue| match value {
            JudgedValue::Number(number) => Some(number),
            JudgedValue::Unknown => None,
        };
        let mut judged: BTreeMap<Id, (Option<f64>, String)> = BTreeMap::new();
        for judgement in loaded.world.judgements.values() {
            if let Some(value) = judgement.value {
                judged.insert(judgement.id.clone(), (number(value), judgement.author.clone().unwrap_or_default()));
            }
        }
        for own in &scenario.judged {
            judged.insert(own.judgement.clone(), (number(own.value), own.author.clone()));
        }
        Once {
            world: loaded.world.clone(),
            scenario: scenario.clone(),
            stages: Stages::new(&loaded.world, rules, &lenses, options, memory),
            view,
            account,
            options: options.clone(),
            judged: Arc::new(judged),
        }
    }

    /// The case as the account tells it; `None`: the account knows no case.
    fn told(&self, case: &Case) -> (Option<Id>, Option<String>, Option<Circumstances>) {
        let account = self.account.as_ref().and_then(|id| case.accounts.iter().find(|account| account.id == *id));
        match account {
            Some(account) => (Some(account.id.clone()), Some(account.name.clone()), account.circumstances.clone()),
            None => (None, None, Some(case.circumstances.clone())),
        }
    }

    fn situation(&self, case: Option<usize>, told: Option<&Arc<Circumstances>>, scope: Scope) -> Situation {
        Situation {
            view: self.view.clone(),
            scenario: self.scenario.clone(),
            case,
            told: told.cloned(),
            scope,
            judged: self.judged.clone(),
        }
    }

    /// Every stage.
    pub(super) fn run(&self) -> (Vec<CaseResult>, Trace) {
        let Needed { told, board, needs, mut trace } = self.needed();
        let (board, mut results) = self.cells(&told, &board, &needs, &mut trace);
        if self.options.depth == Depth::Full {
            self.later_stages(&told, &board, &mut results, &mut trace);
        }
        (results, trace)
    }

    /// The stages before the cells: derived facts, and what each case calls for.
    fn needed(&self) -> Needed {
        let mut board = Rc::new(Board::default());
        let told: Vec<Told> = self
            .scenario
            .cases
            .iter()
            .map(|case| {
                let (account, name, told) = self.told(case);
                (account, name, told.map(Arc::new))
            })
            .collect();
        let mut trace = Trace {
            account: self.account.clone(),
            situations: BTreeMap::new(),
            cells: BTreeMap::new(),
            runs: Vec::new(),
            gathered: Gathered::default(),
        };
        // Strata: each stage sees only what the stages before it concluded, over every case.
        let mut next = Board::clone(&board);
        for (index, (_, _, told)) in told.iter().enumerate() {
            let Some(told) = told else { continue };
            let explored = self.explore_case(Stage::Question, index, told, &board, &mut trace);
            self.stages.questions(index, &explored, &mut next);
            if self.options.depth == Depth::Full {
                trace.gathered.add_explored(&explored, &self.stages);
            }
        }
        board = Rc::new(next);
        let mut next = Board::clone(&board);
        let mut needs: BTreeMap<(usize, Id), Vec<DecidedNeed>> = BTreeMap::new();
        for (index, (_, _, told)) in told.iter().enumerate() {
            let Some(told) = told else { continue };
            let explored = self.explore_case(Stage::Need, index, told, &board, &mut trace);
            for state in &told.affected {
                let situation = self.situation(Some(index), Some(told), Scope::State(state.clone()));
                let here = of_state(&explored, state);
                let own = self.stages.needs(&situation, &here);
                for (_, _, tree) in &own {
                    trace.gathered.add_positions(tree, None);
                }
                next.needs.insert(
                    (index, state.clone()),
                    own.iter().map(|(id, _, tree)| (id.clone(), tree.clone())).collect(),
                );
                needs.insert((index, state.clone()), own);
            }
        }
        Needed { told, board: Rc::new(next), needs, trace }
    }

    /// A situation of a case, and what may be read in it once every cell is judged; `None`: the account tells no such case
    /// or state.
    pub(super) fn standing(&self, case: &str, scope: &Scope) -> Option<(Situation, Rc<Board>)> {
        let Needed { told, board, needs, mut trace } = self.needed();
        let index = self.scenario.cases.iter().position(|own| own.id == case)?;
        let own = told.get(index).and_then(|(_, _, told)| told.as_ref())?;
        if matches!(scope, Scope::State(state) if !own.affected.contains(state)) {
            return None;
        }
        let (board, _) = self.cells(&told, &board, &needs, &mut trace);
        Some((self.situation(Some(index), Some(own), scope.clone()), board))
    }

    /// The answers of every cell, one at a time, without what is concluded from them.
    pub(super) fn answers(&self, each: &mut EachCell<'_>) {
        let Needed { told, board, needs, mut trace } = self.needed();
        for (index, (_, _, told)) in told.iter().enumerate() {
            let (Some(case), Some(told)) = (self.scenario.cases.get(index), told) else { continue };
            let explored = self.explore_case(Stage::Coverage, index, told, &board, &mut trace);
            for state in &told.affected {
                let situation = self.situation(Some(index), Some(told), Scope::State(state.clone()));
                let here = of_state(&explored, state);
                for (function, _, tree) in needs.get(&(index, state.clone())).into_iter().flatten() {
                    each(
                        case,
                        [&told.threat, state, function],
                        called_for(tree),
                        self.judged(&situation, function, &here),
                    );
                }
            }
        }
    }

    /// The cells, and what later rules may read of them.
    fn cells(
        &self,
        told: &[Told],
        board: &Rc<Board>,
        needs: &BTreeMap<(usize, Id), Vec<DecidedNeed>>,
        trace: &mut Trace,
    ) -> (Rc<Board>, Vec<CaseResult>) {
        let mut next = Board::clone(board);
        let mut results = Vec::new();
        for (index, (account, name, told)) in told.iter().enumerate() {
            let Some(case) = self.scenario.cases.get(index) else {
                continue;
            };
            let Some(told) = told else {
                results.push(no_case(case, account.clone(), name.clone()));
                continue;
            };
            let explored = self.explore_case(Stage::Coverage, index, told, board, trace);
            let mut needed: BTreeMap<Id, NeedResult> = BTreeMap::new();
            for state in &told.affected {
                let situation = self.situation(Some(index), Some(told), Scope::State(state.clone()));
                trace.situations.insert((case.id.clone(), state.clone()), situation.clone());
                let here = of_state(&explored, state);
                for (function, need, tree) in needs.get(&(index, state.clone())).into_iter().flatten() {
                    let outcomes: BTreeSet<Outcome> = tree.leaves().iter().map(|position| position.outcome).collect();
                    if outcomes == BTreeSet::from([Outcome::Stops]) {
                        continue;
                    }
                    let (result, summary, cell) = match self.options.depth {
                        Depth::Paper => self.paper(&situation, function, &here),
                        _ => self.cell(case, &situation, function, &here),
                    };
                    for row in &cell.rows {
                        for step in &row.steps {
                            for (_, _, claims) in &step.worlds {
                                trace.gathered.add_claims(claims, Some(&row.holder), &step.free);
                            }
                        }
                    }
                    next.cells.insert((index, state.clone(), function.clone()), summary);
                    trace.cells.insert((case.id.clone(), state.clone(), function.clone()), cell);
                    let entry =
                        needed.entry(function.clone()).or_insert_with(|| need_result(function, need.as_ref(), tree));
                    entry.contested |= outcomes.contains(&Outcome::Undecided);
                    entry.states.push(result);
                }
            }
            // What was done without being called for is judged by the texts all the same.
            for state in &told.affected {
                let situation = self.situation(Some(index), Some(told), Scope::State(state.clone()));
                let here = of_state(&explored, state);
                for response in self.scenario.responses.iter().filter(|response| response.case == case.id) {
                    let key = (index, state.clone(), response.function.clone());
                    next.cells.entry(key).or_insert_with(|| self.cell(case, &situation, &response.function, &here).1);
                }
            }
            results.push(CaseResult {
                id: case.id.clone(),
                account: account.clone(),
                account_name: name.clone(),
                no_case: false,
                text: told.text.clone(),
                threat: told.threat.clone(),
                standing: case.standing,
                contested: case.contested,
                attacker: told.attacker,
                origin: told.origin,
                at_risk: told.at_risk.clone(),
                source: reporter(case, account.as_deref()),
                affected: told.affected.clone(),
                parties: told.parties.clone(),
                needs: in_order(needed, told),
                responses: Vec::new(),
            });
        }
        (Rc::new(next), results)
    }

    /// Findings and assessments: rules that read the cells.
    fn later_stages(&self, told: &[Told], board: &Rc<Board>, results: &mut [CaseResult], trace: &mut Trace) {
        let mut assessing = Vec::new();
        for (index, (_, _, told)) in told.iter().enumerate() {
            let (Some(told), Some(case)) = (told, self.scenario.cases.get(index)) else {
                continue;
            };
            let mut finding = self.explore_case(Stage::Finding, index, told, board, trace);
            assessing.extend(self.explore_case(Stage::Assessment, index, told, board, trace));
            for (at, response) in
                self.scenario.responses.iter().enumerate().filter(|(_, response)| response.case == case.id)
            {
                let situation = self.situation(Some(index), Some(told), Scope::Response(at));
                for (stage, into) in [(Stage::Finding, &mut finding), (Stage::Assessment, &mut assessing)] {
                    let explored = self.stages.explore(stage, Each::Response, &situation, board);
                    remember(&explored, trace);
                    into.extend(explored);
                }
                let verdicts = verdicts::verdicts(&self.stages, &finding, &situation.id(), &mut trace.gathered);
                if let Some(result) = results.iter_mut().find(|result| result.id == case.id && !result.no_case) {
                    result.responses.push(ResponseResult {
                        id: format!("{}/{}", response.institution, response.function),
                        institution: response.institution.clone(),
                        function: response.function.clone(),
                        text: response.text.clone(),
                        date: response.date.map(|date| date.to_string()),
                        source: response.source.clone(),
                        declined: response.kind == ResponseKind::Declined,
                        proposed_by: response.proposed_by.clone(),
                        verdicts,
                    });
                }
            }
            let mut overlaps = Vec::new();
            if let Some(result) = results.iter().find(|result| result.id == case.id && !result.no_case) {
                for (state, function, first, second) in verdicts::pairs(result) {
                    let scope = Scope::Overlap(state, function, first, second);
                    let situation = self.situation(Some(index), Some(told), scope);
                    for (stage, into) in [(Stage::Finding, &mut finding), (Stage::Assessment, &mut assessing)] {
                        let explored = self.stages.explore(stage, Each::Overlap, &situation, board);
                        remember(&explored, trace);
                        into.extend(explored);
                    }
                    overlaps.push(situation);
                }
            }
            for situation in overlaps {
                let found = verdicts::overlap(&self.stages, &finding, &situation, board, &mut trace.gathered);
                trace.gathered.overlaps.extend(found);
            }
            verdicts::flags(&self.stages, &finding, &mut trace.gathered);
            trace.gathered.add_explored(&finding, &self.stages);
        }
        let bodies: Vec<&Id> = self
            .world
            .bodies
            .values()
            .filter(|body| body.parent.is_none() && body.kind == crate::world::BodyKind::Organisation)
            .map(|body| &body.id)
            .collect();
        for (index, body) in bodies.iter().enumerate() {
            let alone = self.situation(None, None, Scope::Organisation((*body).clone()));
            assessing.extend(self.stages.explore(Stage::Assessment, Each::Organisation, &alone, board));
            for other in bodies.iter().skip(index + 1) {
                let pair = self.situation(None, None, Scope::Pair((*body).clone(), (*other).clone()));
                assessing.extend(self.stages.explore(Stage::Assessment, Each::Pair, &pair, board));
            }
        }
        remember(&assessing, trace);
        trace.gathered.assessments = verdicts::assessments(&self.stages, &assessing, &mut trace.gathered);
    }

    /// Explores the rules of a stage that run for a case and for its affected states.
    fn explore_case(
        &self,
        stage: Stage,
        index: usize,
        told: &Arc<Circumstances>,
        board: &Rc<Board>,
        trace: &mut Trace,
    ) -> Vec<Explored<'r>> {
        let whole = self.situation(Some(index), Some(told), Scope::Case);
        let mut explored = self.stages.explore(stage, Each::Case, &whole, board);
        for state in &told.affected {
            let situation = self.situation(Some(index), Some(told), Scope::State(state.clone()));
            explored.extend(self.stages.explore(stage, Each::State, &situation, board));
        }
        remember(&explored, trace);
        explored
    }
}

fn remember(explored: &[Explored<'_>], trace: &mut Trace) {
    for one in explored {
        trace.runs.push(RuleRun { rule: one.rule.id.clone(), at: one.at.clone(), tree: one.tree.clone() });
    }
}

fn of_state<'a, 'r>(explored: &'a [Explored<'r>], state: &str) -> Vec<&'a Explored<'r>> {
    explored
        .iter()
        .filter(|one| match &one.scope {
            Scope::State(own) => own == state,
            _ => true,
        })
        .collect()
}

/// Who tells the account, else who reports the case.
fn reporter(case: &Case, account: Option<&str>) -> Option<Id> {
    let told = case.accounts.iter().find(|own| Some(own.id.as_str()) == account);
    told.and_then(|own| own.source.clone()).or_else(|| case.source.clone())
}

/// Whether it is called for, in every world; past the cap of nodes it is taken to be.
fn called_for(tree: &Tree<Position>) -> Diagram<bool> {
    let needed = tree.reduced(&|position| position.outcome != Outcome::Stops);
    Diagram::from_tree(&needed).unwrap_or_else(|_| Diagram::leaf(true))
}

fn no_case(case: &Case, account: Option<Id>, account_name: Option<String>) -> CaseResult {
    CaseResult {
        id: case.id.clone(),
        account: account.clone(),
        account_name,
        no_case: true,
        text: None,
        threat: case.circumstances.threat.clone(),
        standing: case.standing,
        contested: case.contested,
        attacker: None,
        origin: None,
        at_risk: None,
        source: reporter(case, account.as_deref()),
        affected: Vec::new(),
        parties: Vec::new(),
        needs: Vec::new(),
        responses: Vec::new(),
    }
}

fn need_result(function: &str, need: Option<&Need>, tree: &Tree<Position>) -> NeedResult {
    // A need that only a rule states carries the rule's source.
    let by_rule = tree
        .leaves()
        .into_iter()
        .filter_map(Position::decisive)
        .find(|claim| matches!(claim.by, By::Rule(_)))
        .map(|claim| (claim.source.clone(), claim.locator.clone()));
    let (source, locator) = match need {
        Some(need) => (need.source.clone().or_else(|| need.author.clone()), need.locator.clone()),
        None => by_rule.clone().unwrap_or_default(),
    };
    NeedResult {
        function: function.to_owned(),
        source,
        locator,
        assumed: need.is_none() && by_rule.is_none(),
        contested: false,
        states: Vec::new(),
    }
}

/// Needs in the order in which the case lists them; the others after them.
fn in_order(mut needed: BTreeMap<Id, NeedResult>, told: &Circumstances) -> Vec<NeedResult> {
    let mut ordered: Vec<NeedResult> =
        told.needs.iter().flatten().filter_map(|need| needed.remove(&need.function)).collect();
    ordered.extend(needed.into_values());
    ordered
}
