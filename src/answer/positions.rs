//! Positions stage by stage: which rules run where, what they say, and how it is decided in every world.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::board::{Board, DecidedNeed, asked};
use super::candidate::{Candidate, MAX_WORLDS, Outcome, Position, TOO_MANY};
use super::claims::{By, Claim, label};
use super::memory::Memory;
use super::{Depth, Options};
use crate::ask::vocabulary::{Each, Stage};
use crate::ask::{BodyState, Chosen, FreeFact, Known, Scope, Situation, Tree, Versions, explore};
use crate::ladder;
use crate::rules::{Emission, Rule, RuleSet, Run, Says};
use crate::world::{Force, Id, Level, Mandate, Need, Step, World};

/// Worlds tried for a position that many situations speak to.
const FEW_WORLDS: usize = 16;

/// One rule, explored in one situation.
pub(super) struct Explored<'r> {
    pub(super) rule: &'r Rule,
    pub(super) at: String,
    pub(super) scope: Scope,
    situation: Situation,
    pub(super) tree: Rc<Tree<Run>>,
    /// The same under its paper's own versions of facts, where the record overrules some.
    pub(super) at_its_word: Option<Rc<Tree<Run>>>,
    /// Whether it says anything in any world: most rules are silent about most situations.
    pub(super) speaks: bool,
}

impl Explored<'_> {
    /// Everything it says in some world, its paper's own versions of facts included.
    pub(super) fn says(&self) -> BTreeSet<&Says> {
        let trees = std::iter::once(&self.tree).chain(&self.at_its_word);
        trees.flat_map(|tree| tree.leaves()).flat_map(|run| &run.says).map(|emission| &emission.says).collect()
    }
}

/// The stages, run over one scenario on one day under one account.
pub(super) struct Stages<'r> {
    pub(super) world: Arc<World>,
    pub(super) rules: &'r RuleSet,
    pub(super) memory: Rc<Memory>,
    lenses: Arc<BTreeSet<Id>>,
    without: BTreeSet<Id>,
    /// Whether only what counts on paper is worked out.
    paper: bool,
    pub(super) silent: RefCell<BTreeMap<Id, BTreeSet<Id>>>,
    /// Rules that hang on more levers than can be tried: they are given up here, not for the whole session.
    pub(super) gave_up: RefCell<BTreeSet<Id>>,
}

impl<'r> Stages<'r> {
    pub(super) fn new(
        world: &Arc<World>,
        rules: &'r RuleSet,
        lenses: &Arc<BTreeSet<Id>>,
        options: &Options,
        memory: &Rc<Memory>,
    ) -> Self {
        Stages {
            world: world.clone(),
            rules,
            memory: memory.clone(),
            lenses: lenses.clone(),
            without: options.without.clone(),
            paper: options.depth == Depth::Paper,
            silent: RefCell::default(),
            gave_up: RefCell::default(),
        }
    }

    /// The rules that speak at a stage, through the lenses: other papers are silent, and what was switched off.
    pub(super) fn speaking(&self, stage: Stage) -> Vec<&'r Rule> {
        let off = |rule: &Rule| self.without.contains(&rule.id) || self.without.contains(&rule.source);
        let heard = |rule: &&Rule| {
            if off(rule) {
                return false;
            }
            self.lenses.is_empty()
                || self.lenses.contains(&rule.source)
                || !self.world.sources.get(&rule.source).is_some_and(|source| source.lens)
        };
        self.rules.rules.values().filter(|rule| rule.stage == stage).filter(heard).collect()
    }

    /// Explores every rule of a stage that runs for what the situation is.
    pub(super) fn explore(
        &self,
        stage: Stage,
        each: Each,
        situation: &Situation,
        board: &Rc<Board>,
    ) -> Vec<Explored<'r>> {
        let mut explored = Vec::new();
        for rule in self.speaking(stage).into_iter().filter(|rule| rule.each == each) {
            let tree = self.tree(rule, situation, board);
            let at_its_word = self.overlay(&rule.source, &situation.view.versions).map(|versions| {
                let mut told = situation.clone();
                told.view.versions = versions;
                self.tree(rule, &told, board)
            });
            let says = |tree: &Tree<Run>| tree.leaves().iter().any(|run| !run.says.is_empty());
            explored.push(Explored {
                speaks: says(&tree) || at_its_word.as_deref().is_some_and(says),
                rule,
                at: situation.id(),
                scope: situation.scope.clone(),
                situation: situation.clone(),
                tree,
                at_its_word,
            });
        }
        explored
    }

    /// The versions under which a paper is taken at its word, where the record overrules some of its facts.
    fn overlay(&self, source: &str, versions: &Versions) -> Option<Arc<Versions>> {
        if !self.lenses.is_empty() || !versions.overruled.contains(source) {
            return None;
        }
        Some(self.memory.weighed.versions(&self.lenses, Some(source)))
    }

    fn tree(&self, rule: &Rule, situation: &Situation, board: &Rc<Board>) -> Rc<Tree<Run>> {
        let answers = |chosen: &Chosen| asked(situation.under(chosen), board);
        let tree = self.rules.explore(rule, &self.world, MAX_WORLDS, &answers).unwrap_or_else(|_| {
            if self.world.variants.levers.is_empty() {
                self.rules.give_up(rule);
            } else {
                self.gave_up.borrow_mut().insert(rule.id.clone());
            }
            Tree::Leaf(Run::default())
        });
        for run in tree.leaves() {
            for judgement in &run.not_judged {
                self.silent.borrow_mut().entry(judgement.clone()).or_default().insert(rule.id.clone());
            }
        }
        Rc::new(tree)
    }

    /// The arguments of one rule in one world that `wanted` picks; those that only the paper's own facts carry are undermined.
    fn claims(
        &self,
        explored: &Explored<'_>,
        chosen: Option<&Chosen>,
        wanted: &dyn Fn(&Says) -> bool,
    ) -> Known<Vec<Claim>> {
        let claim = |run: &Run, emission: &Emission, undermined: bool| {
            let why = match &emission.says {
                Says::Stops { why, .. }
                | Says::Finds { why, .. }
                | Says::FlagGap { why, .. }
                | Says::FlagOverlap { why, .. } => why.clone(),
                _ if explored.rule.doc.is_empty() => format!("argued by {}", self.world.cite(&explored.rule.source)),
                _ => explored.rule.doc.clone(),
            };
            let by = By::Rule(explored.rule.id.clone());
            Claim {
                source: Some(explored.rule.source.clone()),
                locator: explored.rule.at.clone(),
                reads: run.reads.clone(),
                position: emission.position,
                tainted: emission.tainted,
                undermined,
                ..Claim::new(by, explored.at.clone(), emission.says.clone(), why)
            }
        };
        // What a rule says of a body that is not there that day is kept as a rejected near miss.
        let there = |says: &Says| -> Known<bool> {
            match says {
                Says::Passes { holder, .. } => {
                    let here =
                        chosen.map_or_else(|| explored.situation.clone(), |chosen| explored.situation.under(chosen));
                    Ok(here.view.body(holder)? == BodyState::Exists)
                }
                _ => Ok(true),
            }
        };
        let mut claims: Vec<Claim> = Vec::new();
        for (run, emission) in picked(&explored.tree, chosen, wanted)? {
            claims.push(claim(run, &emission, !there(&emission.says)?));
        }
        if let Some(tree) = &explored.at_its_word {
            for (run, emission) in picked(tree, chosen, wanted)? {
                if !claims.iter().any(|old| old.says == emission.says) {
                    claims.push(claim(run, &emission, true));
                }
            }
        }
        Ok(claims)
    }

    /// The arguments that `wanted` picks, and everything that undercuts or contests them, to the end of the chain.
    pub(super) fn gather(
        &self,
        explored: &[&Explored<'_>],
        chosen: Option<&Chosen>,
        wanted: &dyn Fn(&Rule, &Scope, &Says) -> bool,
        may: &dyn Fn(&Rule) -> bool,
    ) -> Known<Vec<Claim>> {
        let mut claims = Vec::new();
        let mut reached: BTreeSet<Id> = BTreeSet::new();
        for one in explored.iter().filter(|one| one.speaks && may(one.rule)) {
            for claim in self.claims(one, chosen, &|says| wanted(one.rule, &one.scope, says))? {
                reached.insert(one.rule.id.clone());
                claims.push(claim);
            }
        }
        loop {
            let mut more = Vec::new();
            for one in explored.iter().filter(|one| one.speaks && !one.rule.targets.is_disjoint(&reached)) {
                let attacks = |says: &Says| matches!(says, Says::Undercut { rule } | Says::Contests { rule } if reached.contains(rule));
                for claim in self.claims(one, chosen, &attacks)? {
                    if !claims
                        .iter()
                        .any(|old: &Claim| old.by == claim.by && old.at == claim.at && old.says == claim.says)
                    {
                        more.push(claim);
                    }
                }
            }
            if more.is_empty() {
                return Ok(claims);
            }
            for claim in more {
                reached.extend(claim.author().map(str::to_owned));
                claims.push(claim);
            }
        }
    }

    /// Decides one position in every world.
    pub(super) fn decide(
        &self,
        compute: &dyn Fn(&Chosen) -> Known<Vec<Claim>>,
        contrary: &dyn Fn(&Says, &Says) -> bool,
        supports: &dyn Fn(&Says) -> Option<bool>,
    ) -> Rc<Tree<Position>> {
        let tree = explore(MAX_WORLDS, &mut |chosen| Ok(self.position(compute(chosen)?, contrary, supports)));
        // Past the cap the position is open, never guessed: one free fact stands for all that were too many.
        Rc::new(tree.unwrap_or_else(|_| {
            let leaf = |outcome| Tree::Leaf(Position { outcome, claims: Rc::default() });
            let fact = FreeFact::unknown(TOO_MANY, "more open facts than can be tried");
            Tree::Ask(fact, vec![leaf(Outcome::Stops), leaf(Outcome::Passes)])
        }))
    }

    /// Decides a position that many situations speak to. Where their free facts together are too many to try, it is
    /// decided once, and what is said in some worlds only is at most undecided.
    pub(super) fn decide_together(
        &self,
        explored: &[&Explored<'_>],
        wanted: &dyn Fn(&Rule, &Scope, &Says) -> bool,
        contrary: &dyn Fn(&Says, &Says) -> bool,
        supports: &dyn Fn(&Says) -> Option<bool>,
    ) -> Rc<Tree<Position>> {
        let everybody = |_: &Rule| true;
        let tree = explore(FEW_WORLDS, &mut |chosen| {
            Ok(self.position(self.gather(explored, Some(chosen), wanted, &everybody)?, contrary, supports))
        });
        Rc::new(tree.unwrap_or_else(|_| {
            let claims = self.gather(explored, None, wanted, &everybody).unwrap_or_default();
            Tree::Leaf(self.position(claims, contrary, supports))
        }))
    }

    /// Labels the arguments of one world and reads off which side stands.
    fn position(
        &self,
        mut claims: Vec<Claim>,
        contrary: &dyn Fn(&Says, &Says) -> bool,
        supports: &dyn Fn(&Says) -> Option<bool>,
    ) -> Position {
        label(&mut claims, &self.world, self.rules, contrary);
        Position { outcome: Outcome::of(&claims, supports), claims: Rc::new(claims) }
    }

    /// Derived facts of one case: one tree per question and situation.
    pub(super) fn questions(&self, case: usize, explored: &[Explored<'_>], board: &mut Board) {
        let all: Vec<&Explored<'_>> = explored.iter().collect();
        let mut found: BTreeSet<(Option<Id>, Id)> = BTreeSet::new();
        for one in explored {
            for says in one.says() {
                if let Says::Establishes { question } = says {
                    let state = match &one.scope {
                        Scope::State(state) => Some(state.clone()),
                        _ => None,
                    };
                    found.insert((state, question.clone()));
                }
            }
        }
        for (state, question) in found {
            let here = |scope: &Scope| match (scope, &state) {
                (Scope::State(own), Some(state)) => own == state,
                (Scope::Case, _) => true,
                _ => false,
            };
            let compute = |chosen: &Chosen| {
                let of_this = |_: &Rule, scope: &Scope, says: &Says| {
                    here(scope) && matches!(says, Says::Establishes { question: own } if *own == question)
                };
                let near: Vec<&Explored<'_>> = all.iter().copied().filter(|one| here(&one.scope)).collect();
                self.gather(&near, Some(chosen), &of_this, &|_| true)
            };
            let supports = |says: &Says| matches!(says, Says::Establishes { .. }).then_some(true);
            let tree = self.decide(&compute, &|_, _| false, &supports);
            board.questions.entry((case, question)).or_default().push((state, tree));
        }
    }

    /// What a case calls for in one affected state: the stated or assumed needs, and what need rules say.
    pub(super) fn needs(&self, situation: &Situation, explored: &[&Explored<'_>]) -> Vec<DecidedNeed> {
        let Some(told) = situation.told.as_deref() else {
            return Vec::new();
        };
        let stated: BTreeMap<Id, Option<Need>> = match &told.needs {
            Some(needs) => needs.iter().map(|need| (need.function.clone(), Some(need.clone()))).collect(),
            None => {
                self.world.threats.called_for(&told.threat).into_iter().map(|need| (need.to_owned(), None)).collect()
            }
        };
        let mut functions: BTreeMap<Id, Option<Need>> = stated.clone();
        for says in explored.iter().flat_map(|one| one.says()) {
            if let Says::Needs { function } = says {
                functions.entry(function.clone()).or_insert(None);
            }
        }
        let contrary = |one: &Says, other: &Says| {
            matches!(
                (one, other),
                (Says::Needs { .. }, Says::NotNeeded { .. }) | (Says::NotNeeded { .. }, Says::Needs { .. })
            )
        };
        let supports = |says: &Says| match says {
            Says::Needs { .. } => Some(true),
            Says::NotNeeded { .. } => Some(false),
            _ => None,
        };
        let mut read = Vec::new();
        for (function, need) in functions {
            let compute = |chosen: &Chosen| {
                let about = |_: &Rule, _: &Scope, says: &Says| matches!(says, Says::Needs { function: own } | Says::NotNeeded { function: own } if *own == function);
                let mut claims = self.gather(explored, Some(chosen), &about, &|_| true)?;
                if stated.contains_key(&function) {
                    claims.push(statement(situation, &function, need.as_ref()));
                }
                Ok(claims)
            };
            let tree = self.decide(&compute, &contrary, &supports);
            read.push((function.clone(), need.clone(), tree));
        }
        read
    }

    /// Everybody who might answer for a function, each with every step.
    pub(super) fn candidates(
        &self,
        situation: &Situation,
        function: &str,
        explored: &[&Explored<'_>],
        each: &mut dyn FnMut(Candidate),
    ) {
        let (Some(told), Some(state)) = (situation.told.as_deref(), situation.state()) else {
            return;
        };
        let mut texts: BTreeMap<&str, Vec<&Mandate>> = BTreeMap::new();
        for mandate in &self.world.mandates {
            let own_soil_only = self.world.states.contains_key(&mandate.holder)
                && mandate.holder != state
                && mandate.whom == crate::world::Whom::States(vec![mandate.holder.clone()]);
            if !own_soil_only && ladder::answers_for(situation, mandate, &told.threat, function) {
                texts.entry(&mandate.holder).or_default().push(mandate);
            }
        }
        for says in explored.iter().flat_map(|one| one.says()) {
            if let Says::Passes { holder, function: wide, .. } | Says::Stops { holder, function: wide, .. } = says
                && self.world.functions.is_a(function, wide)
                && let Some((holder, _)) = self.world.bodies.get_key_value(holder)
            {
                texts.entry(holder).or_default();
            }
        }
        // What states and bilateral treaties could do is shown beside the five answers, and changes none of them.
        let counts = |holder: &str| matches!(self.world.level(holder), Level::Regional | Level::Universal);
        for (holder, mandates) in texts.into_iter().filter(|(holder, _)| !self.paper || counts(holder)) {
            // Which texts count may hang on levers; without any it is settled.
            let counting = explore(MAX_WORLDS, &mut |chosen| counting(&situation.under(chosen), &mandates));
            let counting = counting.unwrap_or_else(|_| Tree::Leaf((0..mandates.len()).map(Some).collect()));
            let some: BTreeSet<Option<usize>> = counting.leaves().into_iter().flatten().copied().collect();
            for which in some {
                let mandate = which.and_then(|index| mandates.get(index).copied());
                let candidate = self.climb(situation, holder, mandate, function, explored);
                each(Candidate { counts: counting.reduced(&|own| own.contains(&which)), ..candidate });
            }
        }
    }

    /// One holder with one of its texts, on every step. Where no text is competent, later steps count only if a rule speaks of them.
    pub(super) fn climb(
        &self,
        situation: &Situation,
        holder: &str,
        mandate: Option<&Mandate>,
        function: &str,
        explored: &[&Explored<'_>],
    ) -> Candidate {
        let mut steps = Vec::new();
        let mut competent = true;
        for step in if self.paper { Step::ON_PAPER } else { Step::ALL } {
            let default = competent || *step == Step::Competence;
            let tree = self.step(situation, holder, mandate, function, *step, default, explored);
            if *step == Step::Competence {
                competent = tree.leaves().iter().any(|position| position.outcome != Outcome::Stops);
            }
            let spoken = tree.leaves().iter().any(|position| !position.claims.is_empty());
            if default || spoken {
                steps.push((*step, tree));
            }
        }
        Candidate { holder: holder.to_owned(), mandate: mandate.cloned(), counts: Tree::Leaf(true), steps }
    }

    #[expect(clippy::too_many_arguments, reason = "the coordinates of one position")]
    fn step(
        &self,
        situation: &Situation,
        holder: &str,
        mandate: Option<&Mandate>,
        function: &str,
        step: Step,
        default: bool,
        explored: &[&Explored<'_>],
    ) -> Rc<Tree<Position>> {
        let above = self.world.upwards(holder);
        let functions = &self.world.functions;
        let about = |rule: &Rule, _: &Scope, says: &Says| {
            let guarded = rule.functions.is_empty()
                || rule.functions.iter().any(|own| functions.is_a(function, own) || functions.is_a(own, function));
            guarded
                && match says {
                    Says::Passes { holder: own, function: wide, step: at } => {
                        *at == step && own == holder && functions.is_a(function, wide)
                    }
                    Says::Stops { holder: own, function: wide, step: at, .. } => {
                        *at == step && above.contains(&own.as_str()) && functions.is_a(function, wide)
                    }
                    _ => false,
                }
        };
        let may = |rule: &Rule| {
            rule.holders.as_ref().is_none_or(|named| named.iter().any(|own| above.contains(&own.as_str())))
        };
        let compute = |chosen: &Chosen| {
            let mut claims = self.gather(explored, Some(chosen), &about, &may)?;
            if default {
                claims.push(self.default(&situation.under(chosen), holder, mandate, function, step)?);
            }
            Ok(claims)
        };
        self.decide(&compute, &opposite, &side)
    }

    /// What the mandate's data says of a step, as an argument of its instrument.
    fn default(
        &self,
        situation: &Situation,
        holder: &str,
        mandate: Option<&Mandate>,
        function: &str,
        step: Step,
    ) -> Known<Claim> {
        let (default, by, source, locator) = match mandate {
            Some(mandate) => {
                let default = ladder::step(situation, mandate, function, step)?;
                let stated = Some(mandate.fact.source.clone()).filter(|source| !source.is_empty());
                let text = self.world.instruments.get(&mandate.instrument);
                let own = stated.or_else(|| text.map(|text| text.source.clone()));
                let source = default.source.clone().or(own);
                (default, By::Mandate(mandate.fact.id.clone()), source, mandate.fact.locator.clone())
            }
            None => {
                let told = situation.told.as_deref().map_or("", |told| told.threat.as_str());
                let default = match step {
                    Step::Competence => ladder::Default {
                        passes: false,
                        why: "never: no text gives it this function against this threat".to_owned(),
                        facts: Vec::new(),
                        source: None,
                    },
                    // Where a rule argues for competence without a text, the usual defaults of a mandate apply.
                    _ => ladder::step(situation, &ladder::usual(holder, told, function), function, step)?,
                };
                (default, By::Nothing, None, None)
            }
        };
        let (holder, function) = (holder.to_owned(), function.to_owned());
        let says = if default.passes {
            Says::Passes { holder, function, step }
        } else {
            Says::Stops { holder, function, step, why: default.why.clone() }
        };
        let claim = Claim::new(by, situation.id(), says, default.why);
        Ok(Claim { source, locator, facts: default.facts, ..claim })
    }
}

/// What `wanted` picks of a run in one world; or, without one, of all worlds, tainted where not all of them say it.
fn picked<'t>(
    tree: &'t Tree<Run>,
    chosen: Option<&Chosen>,
    wanted: &dyn Fn(&Says) -> bool,
) -> Known<Vec<(&'t Run, Emission)>> {
    let of = |run: &'t Run| {
        run.says.iter().filter(|emission| wanted(&emission.says)).map(move |emission| (run, emission.clone()))
    };
    if let Some(chosen) = chosen {
        return Ok(of(tree.walk(chosen)?).collect());
    }
    let runs = tree.leaves();
    let mut all: Vec<(&Run, Emission)> = Vec::new();
    for (run, emission) in runs.iter().copied().flat_map(of) {
        if !all.iter().any(|(_, old)| old.says == emission.says) {
            let everywhere =
                runs.iter().all(|run| run.says.iter().any(|own| own.says == emission.says && !own.tainted));
            all.push((run, Emission { tainted: !everywhere, ..emission }));
        }
    }
    Ok(all)
}

/// Which of a holder's texts count, by number: the nearest to being in force; `None` where it has no text at all.
fn counting(situation: &Situation, mandates: &[&Mandate]) -> Known<BTreeSet<Option<usize>>> {
    let mut there = Vec::new();
    for (index, mandate) in mandates.iter().enumerate() {
        if situation.view.there(&mandate.fact.id)? {
            there.push((index, ladder::nearness(situation, mandate)?, mandate.force));
        }
    }
    let best = there.iter().map(|(_, nearness, _)| *nearness).max().unwrap_or(0);
    there.retain(|(_, nearness, _)| *nearness == best);
    // Beside a power in force a mere aim adds nothing, and would only set its own stop against arguments about the power.
    if there.iter().any(|(_, _, force)| *force != Force::Aim) {
        there.retain(|(_, _, force)| *force != Force::Aim);
    }
    if best < ladder::IN_FORCE {
        there.truncate(1);
    }
    if there.is_empty() {
        return Ok(BTreeSet::from([None]));
    }
    Ok(there.into_iter().map(|(index, ..)| Some(index)).collect())
}

/// Stops and passes of one step exclude each other; which of them meet, the caller picks.
fn opposite(one: &Says, other: &Says) -> bool {
    matches!((one, other), (Says::Passes { .. }, Says::Stops { .. }) | (Says::Stops { .. }, Says::Passes { .. }))
}

fn side(says: &Says) -> Option<bool> {
    match says {
        Says::Passes { .. } => Some(true),
        Says::Stops { .. } => Some(false),
        _ => None,
    }
}

fn statement(situation: &Situation, function: &str, need: Option<&Need>) -> Claim {
    let author = need.and_then(|need| need.author.clone()).unwrap_or_else(|| "the scenario's author".to_owned());
    let (by, why) = match need {
        Some(_) => (By::Statement, format!("stated by {author}")),
        None => (By::Nothing, "assumed: the threat's default".to_owned()),
    };
    let claim = Claim::new(by, situation.id(), Says::Needs { function: function.to_owned() }, why);
    Claim {
        source: need.and_then(|need| need.source.clone()),
        locator: need.and_then(|need| need.locator.clone()),
        ..claim
    }
}
