//! The words that rules may use: what each takes, where it is legal, what it means.
//!
//! One table drives the script host, the check at load time and the reference. It is what the claims of the shipped
//! papers and the treaty texts need (see `docs/rules.md`), no more.

use crate::date::PartialDate;
use crate::world::{
    AtRisk, AttackerKind, CapabilityLevel, Origin, Role, Standing, Status, Step, Word as ClosedWord, World,
};

/// Which conclusions a rule may read, and when its own are drawn. Strata: each reads only those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Derived facts.
    Question,
    /// What a case calls for.
    Need,
    /// Who could do it.
    Coverage,
    /// Verdicts on responses and overlaps.
    Finding,
    /// What papers conclude.
    Assessment,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Stage; 5] = [Stage::Question, Stage::Need, Stage::Coverage, Stage::Finding, Stage::Assessment];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Question => "question",
            Stage::Need => "need",
            Stage::Coverage => "coverage",
            Stage::Finding => "finding",
            Stage::Assessment => "assessment",
        }
    }
}

/// What a rule runs for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Each {
    /// Each affected state of each case.
    State,
    /// Each case.
    Case,
    /// Each response.
    Response,
    /// Each overlap.
    Overlap,
    /// Each organisation.
    Organisation,
    /// Each pair of organisations.
    Pair,
}

impl Each {
    /// Every value with its word.
    pub const ALL: [(&'static str, Each); 6] = [
        ("state", Each::State),
        ("case", Each::Case),
        ("response", Each::Response),
        ("overlap", Each::Overlap),
        ("organisation", Each::Organisation),
        ("pair", Each::Pair),
    ];
}

/// What an argument has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named after what it takes")]
pub enum Takes {
    Threat,
    Function,
    Holder,
    Body,
    State,
    Instrument,
    Attribute,
    Place,
    Attacker,
    Origin,
    AtRisk,
    Role,
    Standing,
    Status,
    Level,
    Step,
    Authority,
    Judgement,
    Question,
    Answer,
    Verdict,
    Date,
    Count,
    Number,
    Proposition,
    WhatIf,
    Rule,
    Why,
}

/// One word.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Its name.
    pub name: &'static str,
    /// Its arguments.
    pub takes: &'static [Takes],
    /// For a question: legal for rules that run for one of these. For an emission: the same.
    pub each: &'static [Each],
    /// For a question: the first stage that may ask it. For an emission: its stage (`None`: that of its target).
    pub stage: Option<Stage>,
    /// Whether it says something rather than asks.
    pub emits: bool,
    /// When it is true, or what it says.
    pub meaning: &'static str,
}

const STATE: &[Each] = &[Each::State, Each::Overlap];
const CASE: &[Each] = &[Each::State, Each::Case, Each::Response, Each::Overlap];
const ANY: &[Each] = &[Each::State, Each::Case, Each::Response, Each::Overlap, Each::Organisation, Each::Pair];
const RESPONSE: &[Each] = &[Each::Response];
const OVERLAP: &[Each] = &[Each::Overlap];
const PAIR: &[Each] = &[Each::Pair];

const fn asks(name: &'static str, takes: &'static [Takes], each: &'static [Each], meaning: &'static str) -> Word {
    Word { name, takes, each, stage: Some(Stage::Question), emits: false, meaning }
}

const fn after(
    stage: Stage,
    name: &'static str,
    takes: &'static [Takes],
    each: &'static [Each],
    meaning: &'static str,
) -> Word {
    Word { name, takes, each, stage: Some(stage), emits: false, meaning }
}

const fn says(
    name: &'static str,
    takes: &'static [Takes],
    each: &'static [Each],
    stage: Option<Stage>,
    meaning: &'static str,
) -> Word {
    Word { name, takes, each, stage, emits: true, meaning }
}

/// Every word, in the order of the reference.
pub const WORDS: &[Word] = &[
    asks("threat_is", &[Takes::Threat], CASE, "the case's threat is it or a kind of it"),
    asks("threat_feeds", &[Takes::Threat], CASE, "the case's threat is said to feed it"),
    asks(
        "accompanied_by",
        &[Takes::Threat],
        STATE,
        "another case of the scenario puts such a threat on the same state",
    ),
    asks("state_is", &[Takes::State], STATE, "the affected state is this one"),
    asks("has_attribute", &[Takes::Attribute], STATE, "the affected state has it that day"),
    asks("place_is", &[Takes::Place], CASE, "the case happens there (its `place`)"),
    asks("attacker_is", &[Takes::Attacker], CASE, "the attacker is of this kind"),
    asks("origin_is", &[Takes::Origin], CASE, "the threat comes from there"),
    asks("comes_from", &[Takes::State], CASE, "the threat came from that state's soil (`from_state`)"),
    asks("at_risk", &[Takes::AtRisk], CASE, "the state, the government or the population is in danger"),
    asks("standing_condition", &[], CASE, "the case is a standing condition (`standing = true`), not an event"),
    asks("acknowledged", &[], CASE, "the affected state says that the threat exists"),
    asks("is_dispute", &[], CASE, "the case has two or more parties"),
    asks("party_to_dispute", &[], STATE, "the affected state is a party to the dispute"),
    asks("transborder", &[], CASE, "more than one state is affected, or it came from another state"),
    asks("affected_at_least", &[Takes::Count], CASE, "so many states, or more, are affected"),
    asks("bound_by", &[Takes::Instrument], STATE, "the affected state is bound that day"),
    asks("all_bound_by", &[Takes::Instrument], CASE, "every affected state and party is bound that day"),
    asks("signed_only", &[Takes::Instrument], STATE, "the affected state signed it and is not bound that day"),
    asks("in_force", &[Takes::Instrument], ANY, "the instrument is in force on the day, whoever is bound"),
    asks("member_of", &[Takes::Body], STATE, "the affected state is a full member, whatever its standing"),
    asks("all_members_of", &[Takes::Body], CASE, "every affected state and party is a member"),
    asks("any_member_of", &[Takes::Body], CASE, "some affected state or party is a member"),
    asks("has_member", &[Takes::Body, Takes::State], ANY, "that state is a member of the body"),
    asks("has_role", &[Takes::Body, Takes::Role], STATE, "the affected state has this role in the body"),
    asks("has_standing", &[Takes::Body, Takes::Standing], STATE, "the affected state has this standing in the body"),
    asks("exists", &[Takes::Body], ANY, "the body is in being that day (not planned, claimed or absent)"),
    asks("status_is", &[Takes::Body, Takes::Status], ANY, "the body's status is this one"),
    asks("capable", &[Takes::Holder, Takes::Function, Takes::Level], ANY, "it has a capability of at least this level"),
    asks("mandated", &[Takes::Holder, Takes::Function], CASE, "it has a mandate in force for this threat and function"),
    asks("asked", &[Takes::Holder, Takes::Function], CASE, "an affected state or a party asked it"),
    asks("asked_anyone", &[Takes::Function], CASE, "an affected state or a party asked somebody, as far as recorded"),
    asks("every_party_asked", &[Takes::Holder, Takes::Function], CASE, "every party to the dispute asked it"),
    asks("decided", &[Takes::Body, Takes::Function], CASE, "the body adopted a decision"),
    asks("blocked", &[Takes::Body], CASE, "a member blocked a decision of the body"),
    asks("authorised_by", &[Takes::Authority], CASE, "that leave from outside was given"),
    asks(
        "responded",
        &[Takes::Holder, Takes::Function],
        CASE,
        "an act of it, or of a body in its line, is recorded; proposals and refusals do not count",
    ),
    asks("acted", &[Takes::Holder], CASE, "any act of it, or of a body in its line, is recorded"),
    asks("state_acted", &[], STATE, "an act of the affected state itself is recorded"),
    asks(
        "state_capable",
        &[Takes::Function, Takes::Level],
        STATE,
        "the affected state has a capability of at least this level",
    ),
    asks("anyone_responded", &[Takes::Function], CASE, "an act of anybody with this function is recorded"),
    asks(
        "responders_at_least",
        &[Takes::Count],
        CASE,
        "so many lines or states, or more, acted; proposals do not count",
    ),
    asks(
        "linked",
        &[Takes::Holder, Takes::Holder],
        ANY,
        "a memorandum, liaison, observer seat or joint body ties them",
    ),
    asks("zoned", &[Takes::Holder, Takes::Holder], ANY, "a division of tasks between them is agreed"),
    asks("on_or_after", &[Takes::Date], ANY, "the day is that day or later"),
    asks(
        "judged_at_least",
        &[Takes::Judgement, Takes::Number],
        ANY,
        "somebody judged it to be so much or more; if nobody judged, the rule is silent, and listed",
    ),
    after(Stage::Need, "established", &[Takes::Question], CASE, "a question rule established it"),
    after(Stage::Coverage, "needed", &[Takes::Function], STATE, "the case calls for this function"),
    after(
        Stage::Finding,
        "stopped",
        &[Takes::Holder, Takes::Function, Takes::Step],
        STATE,
        "this body stops at this step",
    ),
    after(
        Stage::Finding,
        "on_paper",
        &[Takes::Holder, Takes::Function],
        STATE,
        "this body passes every step that counts on paper",
    ),
    after(Stage::Finding, "available", &[Takes::Holder, Takes::Function], STATE, "this body passes every step"),
    after(Stage::Finding, "answer_on_paper", &[Takes::Function, Takes::Answer], STATE, "this is the answer on paper"),
    after(Stage::Finding, "answer_available", &[Takes::Function, Takes::Answer], STATE, "this is the answer available"),
    after(
        Stage::Finding,
        "lines_on_paper_at_least",
        &[Takes::Function, Takes::Count],
        STATE,
        "so many lines, or more, pass on paper",
    ),
    after(
        Stage::Finding,
        "between",
        &[Takes::Body, Takes::Body],
        OVERLAP,
        "the overlap is between these lines, in either order",
    ),
    after(Stage::Finding, "overlap_in", &[Takes::Function], OVERLAP, "the overlap is in this function or a kind of it"),
    after(Stage::Finding, "overlap_linked", &[], OVERLAP, "the two lines are linked"),
    after(Stage::Finding, "overlap_zoned", &[], OVERLAP, "the two lines have an agreed division of tasks"),
    after(Stage::Finding, "response_by", &[Takes::Holder], RESPONSE, "the institution is this one, or in its line"),
    after(
        Stage::Finding,
        "response_does",
        &[Takes::Function],
        RESPONSE,
        "the response is this function or a kind of it",
    ),
    after(
        Stage::Finding,
        "response_on_paper",
        &[],
        RESPONSE,
        "the institution passes on paper for some affected state",
    ),
    after(
        Stage::Finding,
        "response_stops_at",
        &[Takes::Step],
        RESPONSE,
        "the institution stops there for every affected state",
    ),
    after(Stage::Finding, "response_excluded_by_text", &[], RESPONSE, "a text rules the institution's act out"),
    after(
        Stage::Finding,
        "response_fits_purposes",
        &[],
        RESPONSE,
        "the institution has any mandate or aim in force against this threat, or is a state",
    ),
    after(Stage::Finding, "response_declined", &[], RESPONSE, "the institution declined to act"),
    after(
        Stage::Finding,
        "duty_neglected",
        &[],
        RESPONSE,
        "it declined although a duty of its own was available in full",
    ),
    after(Stage::Finding, "restraint_broken", &[], RESPONSE, "it did to a state what a duty to refrain forbids it"),
    after(Stage::Finding, "response_proposed", &[], RESPONSE, "the response is somebody's proposal"),
    after(
        Stage::Finding,
        "response_invokes",
        &[Takes::Instrument],
        RESPONSE,
        "the institution invoked this instrument",
    ),
    asks("first_is", &[Takes::Body], PAIR, "the first of the pair (they stand in order of their ids)"),
    asks("second_is", &[Takes::Body], PAIR, "the second of the pair"),
    asks("organisation_is", &[Takes::Body], &[Each::Organisation], "the organisation is this one"),
    asks("shares_members_at_least", &[Takes::Count], PAIR, "so many states, or more, are members of both"),
    asks("shares_function", &[Takes::Function], PAIR, "both have a mandate in force for it"),
    says("establishes", &[Takes::Question], CASE, Some(Stage::Question), "this derived fact holds"),
    says("needs", &[Takes::Function], STATE, Some(Stage::Need), "the case calls for this function"),
    says("not_needed", &[Takes::Function], STATE, Some(Stage::Need), "the case does not call for this function"),
    says(
        "passes",
        &[Takes::Holder, Takes::Function, Takes::Step],
        STATE,
        Some(Stage::Coverage),
        "the holder passes this step",
    ),
    says(
        "stops",
        &[Takes::Holder, Takes::Function, Takes::Step, Takes::Why],
        STATE,
        Some(Stage::Coverage),
        "the holder, and every body below it, stops at this step",
    ),
    says(
        "finds",
        &[Takes::Verdict, Takes::Why],
        &[Each::Response, Each::Overlap],
        Some(Stage::Finding),
        "this verdict on the response, or on the overlap",
    ),
    says("flag_gap", &[Takes::Function, Takes::Why], STATE, Some(Stage::Finding), "this source sees a gap"),
    says(
        "flag_overlap",
        &[Takes::Function, Takes::Holder, Takes::Holder, Takes::Why],
        STATE,
        Some(Stage::Finding),
        "this source sees an overlap",
    ),
    says("asserts", &[Takes::Proposition], ANY, Some(Stage::Assessment), "the thesis holds"),
    says("denies", &[Takes::Proposition], ANY, Some(Stage::Assessment), "the thesis does not hold"),
    says("recommends", &[Takes::WhatIf], ANY, Some(Stage::Assessment), "somebody should do this"),
    says("undercut", &[Takes::Rule], ANY, None, "that rule's inference does not carry here"),
    says("contests", &[Takes::Rule], ANY, None, "that rule misreads its text: both undecided"),
];

/// The handles that a situation has, with the word that comparing them asks.
pub const HANDLES: &[(&str, &str)] = &[
    ("threat", "threat_is"),
    ("state", "state_is"),
    ("attacker", "attacker_is"),
    ("origin", "origin_is"),
    ("place", "place_is"),
];

/// The word of that name.
pub fn word(name: &str) -> Option<&'static Word> {
    WORDS.iter().find(|word| word.name == name)
}

/// The five answers.
pub const ANSWERS: &[&str] = &["one-holder", "overlap", "gap", "contested", "open"];

/// The verdicts on responses.
pub const RESPONSE_VERDICTS: &[&str] = &["within-mandate", "beyond-text", "ultra-vires", "breach"];

/// The verdicts on overlaps.
pub const OVERLAP_VERDICTS: &[&str] = &["duplication", "division-of-labour", "redundancy", "competition"];

impl Takes {
    /// What to call it in a message.
    pub fn name(self) -> &'static str {
        match self {
            Takes::Threat => "threat",
            Takes::Function => "function",
            Takes::Holder => "organisation, organ or state",
            Takes::Body => "organisation or organ",
            Takes::State => "state",
            Takes::Instrument => "instrument",
            Takes::Attribute => "attribute",
            Takes::Place => "place",
            Takes::Attacker => "kind of attacker",
            Takes::Origin => "origin",
            Takes::AtRisk => "word for who is at risk",
            Takes::Role => "role",
            Takes::Standing => "standing",
            Takes::Status => "status",
            Takes::Level => "level of capability",
            Takes::Step => "step",
            Takes::Authority => "authority",
            Takes::Judgement => "judgement",
            Takes::Question => "question",
            Takes::Answer => "answer",
            Takes::Verdict => "verdict",
            Takes::Date => "date",
            Takes::Count => "whole number",
            Takes::Number => "number",
            Takes::Proposition => "proposition",
            Takes::WhatIf => "what-if",
            Takes::Rule => "rule",
            Takes::Why => "text",
        }
    }

    /// The legal values, where they are listed somewhere; `None` for dates, numbers and free texts, and for rules.
    pub fn legal(self, world: &World) -> Option<Vec<&str>> {
        fn keys<T>(map: &std::collections::BTreeMap<String, T>) -> Option<Vec<&str>> {
            Some(map.keys().map(String::as_str).collect())
        }
        match self {
            Takes::Threat => keys(&world.threats.terms),
            Takes::Function => keys(&world.functions.terms),
            Takes::Holder => Some(world.bodies.keys().chain(world.states.keys()).map(String::as_str).collect()),
            Takes::Body => keys(&world.bodies),
            Takes::State => keys(&world.states),
            Takes::Instrument => keys(&world.instruments),
            Takes::Attribute => Some(world.attributes.iter().map(|row| row.attribute.as_str()).collect()),
            Takes::Attacker => Some(AttackerKind::WORDS.to_vec()),
            Takes::Origin => Some(Origin::WORDS.to_vec()),
            Takes::AtRisk => Some(AtRisk::WORDS.to_vec()),
            Takes::Role => Some(Role::WORDS.to_vec()),
            Takes::Standing => Some(Standing::WORDS.to_vec()),
            Takes::Status => Some(Status::WORDS.to_vec()),
            Takes::Level => Some(CapabilityLevel::WORDS.to_vec()),
            Takes::Step => Some(Step::WORDS.to_vec()),
            Takes::Authority => Some(vec!["security-council", "host-consent"]),
            Takes::Judgement => keys(&world.judgements),
            Takes::Question => keys(&world.questions),
            Takes::Answer => Some(ANSWERS.to_vec()),
            Takes::Verdict => Some(RESPONSE_VERDICTS.iter().chain(OVERLAP_VERDICTS).copied().collect()),
            Takes::Proposition => keys(&world.propositions),
            Takes::WhatIf => keys(&world.what_ifs),
            Takes::Place | Takes::Date | Takes::Count | Takes::Number | Takes::Rule | Takes::Why => None,
        }
    }

    /// Whether a value is legal; for ids, whether the world declares it.
    pub fn accepts(self, world: &World, value: &str) -> bool {
        match self {
            Takes::Date => matches!(PartialDate::parse(value), Some(PartialDate::Day(_))),
            Takes::Count => value.parse::<u32>().is_ok(),
            Takes::Number => value.parse::<f64>().is_ok_and(f64::is_finite),
            Takes::Place | Takes::Rule | Takes::Why => !value.trim().is_empty(),
            // Closed lists are short and ids are looked up in sorted maps, but a list keeps this to one place.
            _ => self.legal(world).is_some_and(|legal| legal.contains(&value)),
        }
    }

    /// The type of the script's value, for the reference.
    pub fn is_number(self) -> bool {
        matches!(self, Takes::Count | Takes::Number)
    }
}
