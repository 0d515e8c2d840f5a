//! A scenario: cases, what was asked and decided, responses, what-ifs, and what must come out.

use super::register::Sentence;
use super::{
    AtRisk, AttackerKind, Authority, DecisionOutcome, Id, JudgedValue, Origin, RequestAnswer, ResponseKind, Step,
};
use crate::date::PartialDate;
use crate::diagnostic::Place;

/// One scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The name of its file.
    pub id: Id,
    /// Title.
    pub title: String,
    /// The day, month or year it is asked on.
    pub date: PartialDate,
    /// The question put to the class.
    pub question: Option<String>,
    /// What the class may know.
    pub known: Option<String>,
    /// What happened, kept apart.
    pub what_happened: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// Papers that tell of it, and what for.
    pub told: Vec<Told>,
    /// The cases.
    pub cases: Vec<Case>,
    /// The responses.
    pub responses: Vec<Response>,
    /// Values judged for this scenario.
    pub judged: Vec<Judged>,
    /// Named lists of changes.
    pub what_ifs: Vec<WhatIf>,
    /// Facts with a distribution.
    pub uncertain: Vec<Uncertain>,
    /// What must come out.
    pub expectations: Vec<Expectation>,
    /// Where it stands in the files.
    pub place: Place,
}

/// A place where a paper tells of what a scenario is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The paper.
    pub source: Id,
    /// Where in the paper.
    pub locator: String,
    /// What the paper uses it for, in a few words.
    pub text: String,
}

/// What a case is like, under one account of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Circumstances {
    /// The case in one line.
    pub text: Option<String>,
    /// The threat.
    pub threat: Id,
    /// The affected states.
    pub affected: Vec<Id>,
    /// States party to a dispute.
    pub parties: Vec<Id>,
    /// A state or a place; silent: the affected state's soil.
    pub location: Option<Id>,
    /// Who is in danger; `None`: unknown.
    pub at_risk: Option<Vec<AtRisk>>,
    /// Who attacked; `None`: unknown.
    pub attacker: Option<AttackerKind>,
    /// Which actors attacked.
    pub attackers: Vec<Id>,
    /// Where it came from; `None`: unknown.
    pub origin: Option<Origin>,
    /// The state it came from.
    pub from_state: Option<Id>,
    /// Whether the affected state says that the threat exists; `None`: unknown.
    pub acknowledged: Option<bool>,
    /// What is needed; `None`: the threat's defaults, marked assumed.
    pub needs: Option<Vec<Need>>,
}

/// An event or a standing condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Id.
    pub id: Id,
    /// Whether it is a standing condition.
    pub standing: bool,
    /// What it is like, where accounts do not differ.
    pub circumstances: Circumstances,
    /// Whether the event itself is contested.
    pub contested: bool,
    /// Short for: the affected state asked every holder (true), or nobody (false).
    pub requested: Option<bool>,
    /// Whether the listed requests are all.
    pub all_requests: bool,
    /// Whether the listed decisions are all.
    pub all_decisions: bool,
    /// Requests.
    pub requests: Vec<Request>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// Leave given or refused from outside.
    pub authorisations: Vec<Authorisation>,
    /// Rival accounts.
    pub accounts: Vec<Account>,
    /// Who reports the case.
    pub source: Option<Id>,
    /// Where.
    pub locator: Option<String>,
    /// Where it stands in the files.
    pub place: Place,
}

/// One side's version of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Id.
    pub id: Id,
    /// Whose account it is.
    pub name: String,
    /// Who tells it.
    pub source: Option<Id>,
    /// The case as told; `None`: there is no case.
    pub circumstances: Option<Circumstances>,
}

/// "This case calls for this function."
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// The function.
    pub function: Id,
    /// Who says so; `None`: the scenario's author.
    pub source: Option<Id>,
    /// Where.
    pub locator: Option<String>,
    /// The author, where it is no source.
    pub author: Option<String>,
    /// Where it stands in the files.
    pub place: Place,
}

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Who asked.
    pub by: Id,
    /// Whom.
    pub to: Vec<Id>,
    /// For what; empty: for everything.
    pub functions: Vec<Id>,
    /// What was said.
    pub answer: RequestAnswer,
    /// Whether it was made at all.
    pub made: bool,
    /// Who says so.
    pub source: Option<Id>,
    /// Where it stands in the files.
    pub place: Place,
}

/// A decision of an organ, or its absence.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The organ, body or state.
    pub organ: Id,
    /// About what; empty: everything.
    pub functions: Vec<Id>,
    /// What came of it.
    pub outcome: DecisionOutcome,
    /// Who blocked it.
    pub blocked_by: Vec<Id>,
    /// Who says so.
    pub source: Option<Id>,
    /// Where it stands in the files.
    pub place: Place,
}

/// Leave from outside, given or refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Authorisation {
    /// Whose.
    pub by: Authority,
    /// Given or refused.
    pub given: bool,
    /// Who says so.
    pub source: Option<Id>,
    /// Where it stands in the files.
    pub place: Place,
}

/// What an institution did, or a student proposes.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The institution: a body or a state.
    pub institution: Id,
    /// What it did.
    pub function: Id,
    /// About which case.
    pub case: Id,
    /// When.
    pub date: Option<PartialDate>,
    /// The instrument it invoked.
    pub invoked: Option<Id>,
    /// Whether it acted or declined.
    pub kind: ResponseKind,
    /// Against which states.
    pub against: Vec<Id>,
    /// In a few words.
    pub text: Option<String>,
    /// Who reports it.
    pub source: Option<Id>,
    /// Who proposes it.
    pub proposed_by: Option<String>,
    /// Where it stands in the files.
    pub place: Place,
}

/// A value judged for a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The judgement.
    pub judgement: Id,
    /// The value.
    pub value: JudgedValue,
    /// Who judged.
    pub author: String,
    /// Where it stands in the files.
    pub place: Place,
}

/// A named list of changes.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    /// Id.
    pub id: Id,
    /// In a sentence.
    pub text: String,
    /// What the proposal presupposes of the world, as sentences.
    pub assuming: Vec<Sentence>,
    /// The changes, as sentences.
    pub changes: Vec<Sentence>,
    /// What is expected of it, in words for the class.
    pub expected: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// What has to come out of it.
    pub expectations: Vec<Expectation>,
    /// Cells in which a gap opens; empty: none does; `None`: nobody says.
    pub opens: Option<Vec<Sentence>>,
    /// Cells in which a gap closes, likewise.
    pub closes: Option<Vec<Sentence>>,
    /// What-ifs that cannot be carried out with it.
    pub rivals: Vec<Id>,
    /// Who suggests it.
    pub source: Option<Id>,
    /// Where.
    pub locator: Option<String>,
    /// The scenario that it is tried on; `None`: the one it stands in, or none.
    pub scenario: Option<Id>,
    /// Where it stands in the files.
    pub place: Place,
}

/// A fact with a distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertain {
    /// The fact in a sentence.
    pub fact: String,
    /// Its probability.
    pub probability: Option<f64>,
    /// Its distribution, where it is no simple probability.
    pub distribution: Option<String>,
    /// Whose number it is.
    pub author: String,
}

/// Something that must come out.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// What is looked at.
    pub about: Expected,
    /// Under this account.
    pub account: Option<Id>,
    /// Through these lenses.
    pub lens: Vec<Id>,
    /// On this day.
    pub as_of: Option<PartialDate>,
    /// For a what-if: it has to hold before the changes as well as after them.
    pub unchanged: bool,
    /// Why it is expected.
    pub note: Option<String>,
    /// Where it stands in the files.
    pub place: Place,
}

/// What an expectation looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// A cell and its answers.
    Cell {
        /// `case/STATE/function`.
        cell: String,
        /// Answer on paper.
        on_paper: Option<String>,
        /// Answer available.
        available: Option<String>,
        /// Whether it was used.
        used: Option<String>,
        /// A holder in it.
        holder: Option<Id>,
        /// Where that holder stops.
        stops_at: Option<Vec<Step>>,
        /// Rules and mandates that must be among the reasons.
        because: Vec<Id>,
        /// Facts (words that must stand in one of them) that must decide.
        depends_on: Vec<String>,
    },
    /// A proposition and its label.
    Proposition {
        /// The proposition.
        proposition: Id,
        /// Its label, or `absent`.
        label: String,
        /// Rules that must support it.
        because: Vec<Id>,
    },
    /// A response and its verdict.
    Response {
        /// `INSTITUTION/function`.
        response: String,
        /// The verdict.
        verdict: String,
        /// Rules that have to find it.
        because: Vec<String>,
    },
    /// An overlap and its verdict.
    Overlap {
        /// `case/STATE/function/A+B`.
        overlap: String,
        /// The verdict.
        verdict: String,
        /// Rules that have to find it.
        because: Vec<String>,
    },
    /// An argument and its label.
    Argument {
        /// `rule@case/STATE`.
        argument: String,
        /// Its label.
        label: String,
        /// The position it is about, where it has several.
        position: Option<String>,
        /// How it was decided (`undermined`, `rank`, `strict`, `declared`, `narrower`, `supersedes`, `undercut`, `contested`, `cycle`).
        decided_by: Option<String>,
    },
}
