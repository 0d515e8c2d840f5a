//! What a scenario concludes, as data that can be stored, read back and laid beside what it concludes later.
//!
//! Everything is named by what it is about, never by a number: two snapshots differ where the conclusions do. How an
//! evaluation comes about is not known here, nor where files stand.

pub mod cause;
pub mod extract;
pub mod file;
pub mod moved;
pub mod review;
pub mod text;
pub mod turned;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// What kind of thing is concluded, in the order in which a snapshot lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A case as a whole: whether there is one under an account.
    Case,
    /// The answers of a cell: on paper, available, used.
    Cell,
    /// A holder in a cell: what each step comes to.
    Holder,
    /// A verdict on a response.
    Response,
    /// A verdict on an overlap.
    Overlap,
    /// A finding.
    Finding,
    /// A thesis or a recommendation.
    Thesis,
    /// An argument of a rule.
    Argument,
    /// A judgement that nobody made.
    Judgement,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 9] = [
        Kind::Case,
        Kind::Cell,
        Kind::Holder,
        Kind::Response,
        Kind::Overlap,
        Kind::Finding,
        Kind::Thesis,
        Kind::Argument,
        Kind::Judgement,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Case => "case",
            Kind::Cell => "cell",
            Kind::Holder => "holder",
            Kind::Response => "response",
            Kind::Overlap => "overlap",
            Kind::Finding => "finding",
            Kind::Thesis => "thesis",
            Kind::Argument => "argument",
            Kind::Judgement => "judgement",
        }
    }
}

/// What a conclusion is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct Name {
    /// Of which kind.
    pub kind: Kind,
    /// `case/STATE/function`, `rule@case/STATE: what it says`, ...; ` under ACCOUNT` at its end where several are told.
    pub id: String,
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind.as_str(), self.id)
    }
}

/// One conclusion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conclusion {
    /// What it says: a word and its value, in a fixed order; a word may come several times.
    pub says: Vec<(String, String)>,
    /// What each step of a holder rests on; empty for other kinds, whose rules are named in what they say.
    pub grounds: Vec<Ground>,
}

impl Conclusion {
    /// The first value of a word.
    pub fn word(&self, word: &str) -> Option<&str> {
        self.says.iter().find(|(own, _)| own == word).map(|(_, value)| value.as_str())
    }

    /// Every value of a word.
    pub fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        self.says.iter().filter(move |(own, _)| own == word).map(|(_, value)| value.as_str())
    }
}

/// What one step of a holder rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ground {
    /// The step.
    pub step: String,
    /// The rule or the mandate behind it.
    pub by: String,
    /// Keys of the facts that the mandate stands on; those of a rule stand under what it read.
    pub facts: Vec<String>,
}

/// What was answered to a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// `yes`, `no`, or `open` where both come up.
    pub answer: String,
    /// Keys of the facts that it stood on.
    pub facts: Vec<String>,
}

/// A fact as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// In a few words, with its dates.
    pub text: String,
    /// Who states it.
    pub source: Option<String>,
    /// Where in the source.
    pub locator: Option<String>,
    /// Whether the scenario itself tells it; where else it stands is not kept, so that rows may move from file to file.
    pub here: bool,
    /// Whether only a paper states it.
    pub claimed: bool,
}

impl Fact {
    /// The fact without the dates at its end: what it is about.
    pub fn stem(&self) -> &str {
        match self.text.rfind(" (") {
            Some(at) if self.text.ends_with(')') => self.text.get(..at).unwrap_or(&self.text),
            _ => &self.text,
        }
    }

    /// The dates at its end, without the brackets.
    pub fn dates(&self) -> Option<&str> {
        self.text.get(self.stem().len()..)?.trim().strip_prefix('(')?.strip_suffix(')')
    }
}

/// What conclusions were drawn from: fingerprints that tell what changed at all, and no part of the conclusions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The scenario's file, as seen from the pack.
    pub file: String,
    /// The version of the engine.
    pub engine: String,
    /// The fingerprint of the scenario's file.
    pub scenario: String,
    /// The fingerprint of every file of shared facts together.
    pub facts: String,
    /// The fingerprint of each file of rules that was asked, by its name.
    pub rules: BTreeMap<String, String>,
}

/// Everything that a scenario concludes, with the reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conclusions {
    /// The scenario.
    pub scenario: String,
    /// The day, month or year, with the days that stand for it.
    pub day: String,
    /// What is concluded.
    pub said: BTreeMap<Name, Conclusion>,
    /// What the rules that spoke asked anywhere, sorted.
    pub asked: BTreeMap<String, Vec<String>>,
    /// What was answered, by place and question; where all places of a case, or of a state in it, answer alike, it stands
    /// once, at the case or the state. Silent rules asked too.
    pub reads: BTreeMap<(String, String), Reading>,
    /// Every fact that is named above, by its key.
    pub facts: BTreeMap<String, Fact>,
}

impl Conclusions {
    /// What is answered at a place: there, else what holds for its whole state or case. What is concluded alike under
    /// every account names none: then the first account that answers does.
    pub fn answered(&self, at: &str, question: &str) -> Option<&Reading> {
        let (path, account) = moved::account(at);
        let here = |at: &str| {
            let plain = self.reads.get(&(at.to_owned(), question.to_owned()));
            let told = format!("{at} under ");
            let under_any = || {
                let from = self.reads.range((told.clone(), String::new())..);
                let mut own = from.take_while(|((place, _), _)| place.starts_with(&told));
                own.find(|((_, asked), _)| asked == question).map(|(_, reading)| reading)
            };
            if account.is_some() { plain } else { plain.or_else(under_any) }
        };
        let under = account.map(|account| format!(" under {account}")).unwrap_or_default();
        let mut found = here(at);
        let mut path = path;
        while let (None, Some((outer, _))) = (found, path.rsplit_once('/')) {
            path = outer;
            found = here(&format!("{path}{under}"));
        }
        found
    }
}

/// A fingerprint of a text: FNV-1a with 64 bits (Fowler, Noll and Vo, <http://www.isthe.com/chongo/tech/comp/fnv/>).
/// It tells apart what differs by accident; it is no seal.
pub fn fingerprint(text: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    format!("{hash:016x}")
}
