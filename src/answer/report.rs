//! The result as data: what every renderer, the tests and the JSON interface read. Ids hold no counter.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::claims::Decider;
use crate::argument::Label;
use crate::world::{AtRisk, AttackerKind, Execution, Force, Hedge, Level, Origin, Step};

/// The version of this shape.
pub const SCHEMA: &str = "mandatum/evaluation/1";

/// The five answers, never collapsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    /// No line passes, and none is undecided.
    Gap,
    /// Sources, readings or accounts disagree.
    Contested,
    /// A missing fact decides.
    Open,
    /// More than one line passes.
    Overlap,
    /// One line passes.
    OneHolder,
}

impl AnswerKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            AnswerKind::Gap => "gap",
            AnswerKind::Contested => "contested",
            AnswerKind::Open => "open",
            AnswerKind::Overlap => "overlap",
            AnswerKind::OneHolder => "one-holder",
        }
    }
}

/// Several evaluations, as `evaluate --format json` prints them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Evaluations {
    /// The version of this shape.
    pub schema: &'static str,
    /// One per scenario.
    pub evaluations: Vec<Evaluation>,
}

/// One scenario on one day.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Evaluation {
    /// The scenario's id.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// The question put to the class.
    pub question: Option<String>,
    /// The pack.
    pub pack: String,
    /// The pack's version.
    pub pack_version: Option<String>,
    /// The day, month or year the world is read on.
    pub as_of: String,
    /// The days that stand for it: more than one if something changes within it.
    pub days: Vec<String>,
    /// The day up to which the record was checked.
    pub known_until: Option<String>,
    /// Printed names of the states and bodies that the cases speak of.
    pub names: BTreeMap<String, String>,
    /// Papers taken at their word.
    pub lenses: Vec<String>,
    /// Whether every rule could be used.
    pub complete: bool,
    /// Rules that failed, with the reason.
    pub failed_rules: BTreeMap<String, String>,
    /// What a reader should know: past the record, assumptions.
    pub warnings: Vec<String>,
    /// The cases, once per account.
    pub cases: Vec<CaseResult>,
    /// Gaps, overlaps, contested and open points, responses against the law, what papers flag.
    pub findings: Vec<Finding>,
    /// Overlaps with their verdicts.
    pub overlaps: Vec<OverlapResult>,
    /// Arguments of rules, each with its standing.
    pub arguments: Vec<ArgumentResult>,
    /// Theses of papers.
    pub assessments: Vec<Assessment>,
    /// Which of the arguments that nothing decides can be held together; only if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rivalries: Option<Vec<Rivalry>>,
    /// Judgements that nobody made, with the rules that they silence.
    pub needs_judgement: BTreeMap<String, Vec<String>>,
    /// Uncertain facts: shown, not drawn.
    pub uncertain: Vec<UncertainResult>,
    /// Named lists of changes: shown, not carried out.
    pub what_ifs: Vec<WhatIfResult>,
    /// The sources used, by kind.
    pub sources: BTreeMap<String, Vec<SourceResult>>,
    /// What the class may know.
    pub known: Option<String>,
    /// What happened.
    pub what_happened: Option<String>,
    /// Papers that tell of it: key, place, and what for.
    pub told: Vec<[String; 3]>,
}

/// A case under one account.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CaseResult {
    /// The case's id.
    pub id: String,
    /// The account, where there are several.
    pub account: Option<String>,
    /// Whose account it is.
    pub account_name: Option<String>,
    /// Whether the account says that there is no case.
    pub no_case: bool,
    /// The case in one line.
    pub text: Option<String>,
    /// The threat.
    pub threat: String,
    /// Whether it is a standing condition.
    pub standing: bool,
    /// Whether the event itself is contested.
    pub contested: bool,
    /// Who attacked, where it is known.
    pub attacker: Option<AttackerKind>,
    /// Where it came from, where it is known.
    pub origin: Option<Origin>,
    /// Who is in danger, where it is known.
    pub at_risk: Option<Vec<AtRisk>>,
    /// Who reports it, or tells this account.
    pub source: Option<String>,
    /// The affected states.
    pub affected: Vec<String>,
    /// The parties to a dispute.
    pub parties: Vec<String>,
    /// What it calls for.
    pub needs: Vec<NeedResult>,
    /// What was done or is proposed.
    pub responses: Vec<ResponseResult>,
}

/// A function that a case calls for.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct NeedResult {
    /// The function.
    pub function: String,
    /// Who says so.
    pub source: Option<String>,
    /// Where.
    pub locator: Option<String>,
    /// Whether it is the threat's default.
    pub assumed: bool,
    /// Whether it is contested that this is needed.
    pub contested: bool,
    /// One result per affected state.
    pub states: Vec<StateResult>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StateResult {
    /// The affected state.
    pub state: String,
    /// Judged from competence to exclusion.
    pub on_paper: Judgement,
    /// Judged over every step.
    pub available: Judgement,
    /// Whether a response is recorded.
    pub used: Used,
    /// Everybody who might answer.
    pub holders: Vec<HolderResult>,
    /// Texts about a kind of the threat or function only: they close nothing.
    pub partial: Vec<String>,
}

/// An answer with what may change it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Judgement {
    /// One of the five.
    pub answer: AnswerKind,
    /// What it may come out as.
    pub possible: Vec<AnswerKind>,
    /// The facts that decide, in words.
    pub depends_on: Vec<String>,
    /// Lines that pass.
    pub lines: Vec<String>,
    /// Lines that may pass.
    pub undecided: Vec<String>,
}

/// Whether a response is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Used {
    /// Somebody did it.
    Yes,
    /// It was declined, and nobody did it.
    No,
    /// Nothing is recorded.
    NotRecorded,
}

impl Used {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Used::Yes => "yes",
            Used::No => "no",
            Used::NotRecorded => "not-recorded",
        }
    }
}

/// What a step or a range comes to over every world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Passes.
    Passes,
    /// Stops.
    Stops,
    /// Contested.
    Contested,
    /// A missing fact decides.
    Open,
}

impl StepKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            StepKind::Passes => "passes",
            StepKind::Stops => "stops",
            StepKind::Contested => "contested",
            StepKind::Open => "open",
        }
    }
}

/// One holder with its best text.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct HolderResult {
    /// The holder.
    pub holder: String,
    /// Its name.
    pub name: String,
    /// Its line.
    pub line: String,
    /// How wide it reaches.
    pub level: Level,
    /// The mandate.
    pub mandate: Option<String>,
    /// The instrument.
    pub instrument: Option<String>,
    /// Who states the mandate: its own source, else its instrument's.
    pub source: Option<String>,
    /// The clause.
    pub locator: Option<String>,
    /// Duty, power or aim.
    pub force: Option<Force>,
    /// Whose hands act.
    pub execution: Option<Execution>,
    /// Whether only a paper states the mandate.
    pub claimed: bool,
    /// From competence to exclusion.
    pub on_paper: StepKind,
    /// Over every step.
    pub available: StepKind,
    /// Every step that stops it, the first as "stops at".
    pub stops_at: Vec<Step>,
    /// Every step.
    pub steps: Vec<StepResult>,
    /// Precedents shown beside it.
    pub practice: Vec<String>,
}

/// One step of one holder.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StepResult {
    /// The step.
    pub step: Step,
    /// What it comes to.
    pub result: StepKind,
    /// Why.
    pub why: String,
    /// The rules, or the mandate, behind it.
    pub rules: Vec<String>,
}

/// A response and its verdicts.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ResponseResult {
    /// `INSTITUTION/function`.
    pub id: String,
    /// Who.
    pub institution: String,
    /// What.
    pub function: String,
    /// In a few words.
    pub text: Option<String>,
    /// When.
    pub date: Option<String>,
    /// Who reports it.
    pub source: Option<String>,
    /// Whether it declined.
    pub declined: bool,
    /// Who proposes it.
    pub proposed_by: Option<String>,
    /// The verdicts that stand, each with its standing and reason.
    pub verdicts: Vec<Verdict>,
}

/// A verdict of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Verdict {
    /// The verdict.
    pub verdict: String,
    /// Its standing.
    pub label: Label,
    /// Why.
    pub why: String,
    /// The rule.
    pub rule: String,
    /// Its source.
    pub source: String,
}

/// Two lines in one cell.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OverlapResult {
    /// `case/STATE/function/A+B`.
    pub id: String,
    /// The case.
    pub case: String,
    /// The account.
    pub account: Option<String>,
    /// The state.
    pub state: String,
    /// The function.
    pub function: String,
    /// The two lines.
    pub lines: [String; 2],
    /// Whether they are linked.
    pub linked: bool,
    /// Whether they have an agreed division of tasks.
    pub zoned: bool,
    /// Those of the two that the state could validly address.
    pub forums: Vec<String>,
    /// States that are members of both.
    pub shared_members: Vec<String>,
    /// Verdicts.
    pub verdicts: Vec<Verdict>,
}

/// What a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// Nobody could.
    Gap,
    /// Several could.
    Overlap,
    /// Sources disagree.
    Contested,
    /// A missing fact decides.
    Open,
    /// A response against the text.
    UltraVires,
    /// A duty broken.
    Breach,
    /// A gap that a source sees.
    FlaggedGap,
    /// An overlap that a source sees.
    FlaggedOverlap,
}

impl FindingKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            FindingKind::Gap => "gap",
            FindingKind::Overlap => "overlap",
            FindingKind::Contested => "contested",
            FindingKind::Open => "open",
            FindingKind::UltraVires => "ultra-vires",
            FindingKind::Breach => "breach",
            FindingKind::FlaggedGap => "flagged-gap",
            FindingKind::FlaggedOverlap => "flagged-overlap",
        }
    }
}

/// On paper or available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Judged {
    /// Competence to exclusion.
    OnPaper,
    /// Every step.
    Available,
}

/// Something worth a sentence.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// `case/function`, `INSTITUTION/function`, ...
    pub id: String,
    /// What it is.
    pub finding: FindingKind,
    /// How it was judged.
    pub judged: Option<Judged>,
    /// The case.
    pub case: String,
    /// The account.
    pub account: Option<String>,
    /// The states.
    pub states: Vec<String>,
    /// The function.
    pub function: String,
    /// The holders it is about.
    pub holders: Vec<String>,
    /// In one sentence.
    pub text: String,
    /// Whether computation bears a flag out.
    pub borne_out: Option<bool>,
    /// Its standing, where a rule says it.
    pub label: Option<Label>,
    /// Rules behind it.
    pub rules: Vec<String>,
    /// Sources behind it.
    pub sources: Vec<String>,
}

/// An argument of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ArgumentResult {
    /// `rule@case/STATE`.
    pub id: String,
    /// The account.
    pub account: Option<String>,
    /// The rule.
    pub rule: String,
    /// What it says.
    pub position: String,
    /// Its source.
    pub source: String,
    /// Where in the source.
    pub locator: Option<String>,
    /// Its standing.
    pub label: Label,
    /// What decided it.
    pub decided_by: Option<Decider>,
    /// Arguments that attack it.
    pub attackers: Vec<String>,
    /// Whether this holds in some worlds only.
    pub only_if: Vec<String>,
}

/// Arguments that hang together in attacks that nothing decides, and the positions one may take between them.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Rivalry {
    /// The account.
    pub account: Option<String>,
    /// The arguments.
    pub arguments: Vec<RivalArgument>,
    /// Sets of arguments that can be held together (preferred extensions): their ids, with what each says.
    pub positions: Vec<Vec<RivalArgument>>,
    /// Arguments in every one of these sets; empty unless the search is complete.
    pub shared: Vec<RivalArgument>,
    /// Whether the search reached its end; if not, there may be more sets, or larger ones.
    pub complete: bool,
}

/// One argument of a rivalry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct RivalArgument {
    /// `rule@case/STATE`, or a mandate in the rule's place.
    pub id: String,
    /// What it says.
    pub position: String,
    /// Its source.
    pub source: Option<String>,
}

/// A thesis and how it stands.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Assessment {
    /// The proposition or what-if.
    pub id: String,
    /// Whether it is a recommendation.
    pub recommendation: bool,
    /// The thesis.
    pub text: String,
    /// How firmly its author speaks.
    pub hedge: Option<Hedge>,
    /// Whose.
    pub source: Option<String>,
    /// How it stands.
    pub label: Label,
    /// The account.
    pub account: Option<String>,
    /// Rules for it.
    pub supported_by: Vec<String>,
    /// Rules against it, rivals' included.
    pub opposed_by: Vec<String>,
}

/// An uncertain fact.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct UncertainResult {
    /// The fact.
    pub fact: String,
    /// Its probability, assumed.
    pub probability: Option<f64>,
    /// Its distribution, assumed.
    pub distribution: Option<String>,
    /// Whose number.
    pub author: String,
}

/// A named list of changes.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct WhatIfResult {
    /// Id.
    pub id: String,
    /// In a sentence.
    pub text: String,
    /// The changes.
    pub changes: Vec<String>,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SourceResult {
    /// Its key.
    pub key: String,
    /// Author, year, title.
    pub text: String,
}
