//! Changes as sentences: the forms a change may take, read from words and printed back as the same words.
//!
//! A form is a pattern; grammar, printing, error messages and documentation are all drawn from the one list of patterns.
//! Nothing here knows what a change does to a world.

mod read;

use std::fmt;

pub use read::{ChangeError, Lexicon};

use crate::world::Id;

/// What may stand at a place of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// A state.
    State,
    /// An organisation or organ.
    Body,
    /// A body or a state.
    Holder,
    /// An instrument.
    Instrument,
    /// A function.
    Function,
    /// A threat.
    Threat,
    /// A property that a state may have.
    Attribute,
    /// member, associate, observer, partner.
    Role,
    /// Kinds of attacker, or unknown.
    Attacker,
    /// outside, inside or unknown.
    Origin,
    /// state, government, population.
    Risk,
    /// A state, or a place that a case of the pack names.
    Place,
    /// A case of the scenario.
    Case,
    /// A judgement.
    Judgement,
    /// A number, or unknown.
    Number,
    /// An account of a case.
    Account,
    /// A paper that can be taken at its word.
    Lens,
    /// A source.
    Source,
    /// A rule.
    Rule,
    /// A dated row.
    Fact,
    /// A year, month or day.
    Date,
}

impl Slot {
    fn parse(word: &str) -> Option<Slot> {
        Some(match word {
            "STATE" => Slot::State,
            "BODY" | "ORGAN" | "OTHER" => Slot::Body,
            "HOLDER" => Slot::Holder,
            "INSTRUMENT" => Slot::Instrument,
            "FUNCTION" => Slot::Function,
            "THREAT" => Slot::Threat,
            "ATTRIBUTE" => Slot::Attribute,
            "ROLE" => Slot::Role,
            "ATTACKER" => Slot::Attacker,
            "ORIGIN" => Slot::Origin,
            "TARGET" => Slot::Risk,
            "PLACE" => Slot::Place,
            "CASE" => Slot::Case,
            "JUDGEMENT" => Slot::Judgement,
            "NUMBER" => Slot::Number,
            "ACCOUNT" => Slot::Account,
            "PAPER" => Slot::Lens,
            "SOURCE" => Slot::Source,
            "RULE" => Slot::Rule,
            "FACT" => Slot::Fact,
            "DATE" => Slot::Date,
            _ => return None,
        })
    }

    /// What it is called in messages.
    pub fn name(self) -> &'static str {
        match self {
            Slot::State => "state",
            Slot::Body => "organisation or organ",
            Slot::Holder => "organisation, organ or state",
            Slot::Instrument => "instrument",
            Slot::Function => "function",
            Slot::Threat => "threat",
            Slot::Attribute => "attribute of a state",
            Slot::Role => "role",
            Slot::Attacker => "kind of attacker",
            Slot::Origin => "origin",
            Slot::Risk => "kind of target",
            Slot::Place => "state or place",
            Slot::Case => "case of this scenario",
            Slot::Judgement => "judgement",
            Slot::Number => "number (or `unknown`)",
            Slot::Account => "account of this scenario",
            Slot::Lens => "paper",
            Slot::Source => "source",
            Slot::Rule => "rule",
            Slot::Fact => "dated row",
            Slot::Date => "date (1999, 1999-08 or 1999-08-22)",
        }
    }
}

/// Who would have to move for a change to come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nature {
    /// States and institutions: a proposal.
    Proposal,
    /// Nobody: what is assumed of the world or of the case.
    Assumption,
    /// The reader: what is looked at, and through whose eyes.
    Reading,
}

macro_rules! forms {
    ($($form:ident $nature:ident $pattern:literal $what:literal),+ $(,)?) => {
        /// The forms a change may take.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Form { $(#[doc = $what] $form),+ }

        impl Form {
            /// Every form, in the order of the documentation.
            pub const ALL: &'static [Form] = &[$(Form::$form),+];

            /// Its words; capitals stand for ids, brackets for what may be left out.
            pub fn pattern(self) -> &'static str {
                match self { $(Form::$form => $pattern),+ }
            }

            /// What it means, in one line.
            pub fn meaning(self) -> &'static str {
                match self { $(Form::$form => $what),+ }
            }

            /// Who would have to move.
            pub fn nature(self) -> Nature {
                match self { $(Form::$form => Nature::$nature),+ }
            }
        }
    };
}

forms! {
    Joins Proposal "STATE joins BODY [as ROLE]" "becomes a member (or observer, partner, associate) and a party to the body's charter",
    Leaves Proposal "STATE leaves BODY" "is no longer a member, nor bound by the body's charter",
    Suspended Proposal "STATE is suspended in BODY" "remains a member without taking part, with the body's knowledge",
    Freezes Proposal "STATE freezes BODY" "stays away by its own declaration, still bound in law",
    Accedes Proposal "STATE accedes to INSTRUMENT" "is bound by the instrument",
    Withdraws Proposal "STATE withdraws from INSTRUMENT" "is no longer bound by the instrument",
    InForce Proposal "INSTRUMENT enters into force" "binds those that signed it, or the members of its body",
    Becomes Assumption "STATE becomes ATTRIBUTE" "has the attribute",
    NoLonger Proposal "STATE is no longer ATTRIBUTE" "loses the attribute",
    Gains Proposal "BODY gains FUNCTION against THREAT" "a text gives the body the power, reaching its members",
    Loses Proposal "BODY loses FUNCTION [against THREAT]" "no text gives the body or its organs the power any more",
    GainsMeans Proposal "HOLDER gains means for FUNCTION" "has forces, staff or money that were used",
    LosesMeans Assumption "HOLDER loses means for FUNCTION" "has no forces, staff or money for it",
    Merges Proposal "BODY merges into OTHER" "ends; its mandates and means pass to the other, which reaches its own members only",
    Splits Proposal "ORGAN splits from BODY" "becomes an organisation of its own, with the members of the body it left",
    Founded Proposal "BODY is founded" "a body that was planned or only claimed is there, with the tasks that were planned for it",
    Dissolved Proposal "BODY is dissolved" "no longer exists",
    Links Proposal "HOLDER links with OTHER [for FUNCTION]" "working contacts between the two",
    Divides Proposal "HOLDER divides tasks with OTHER [for FUNCTION]" "an agreed division of tasks between the two",
    Unlinks Proposal "HOLDER unlinks from OTHER" "no memorandum, contact or division of tasks any more",
    Asks Proposal "STATE asks HOLDER [for FUNCTION] [in CASE]" "a request is made",
    AsksNot Assumption "STATE does not ask HOLDER [for FUNCTION] [in CASE]" "no request is made",
    Grants Proposal "HOLDER grants FUNCTION to STATE [in CASE]" "the answer to a request is yes",
    Refuses Proposal "HOLDER refuses FUNCTION to STATE [in CASE]" "the answer to a request is no",
    Adopts Proposal "HOLDER adopts FUNCTION [in CASE]" "the organ (or the state) decides to act",
    Rejects Proposal "HOLDER rejects FUNCTION [blocked by STATE] [in CASE]" "the matter is put to the organ, and refused",
    NotPut Assumption "HOLDER is not asked to decide FUNCTION [in CASE]" "the matter is never put to the organ",
    CouncilAuthorises Proposal "security-council authorises [in CASE]" "leave of the Security Council is given",
    CouncilRefuses Assumption "security-council refuses [in CASE]" "leave of the Security Council is refused",
    HostConsents Proposal "host consents [in CASE]" "the state on whose soil it happens consents",
    HostRefuses Assumption "host refuses [in CASE]" "the state on whose soil it happens refuses",
    ThreatIs Assumption "the threat is THREAT [in CASE]" "the case is of another kind",
    AttackerIs Assumption "the attacker is ATTACKER [in CASE]" "who carried it out",
    OriginIs Assumption "the origin is ORIGIN [in CASE]" "where it came from",
    RiskIs Assumption "the risk is to TARGET [in CASE]" "who is in danger",
    ComesFrom Assumption "it comes from STATE [in CASE]" "from the soil of this state",
    PlaceIs Assumption "the place is PLACE [in CASE]" "where it happens",
    Affected Assumption "STATE is affected [in CASE]" "the case reaches one more state",
    NotAffected Assumption "STATE is not affected [in CASE]" "the case does not reach the state",
    PartyTo Assumption "STATE is a party [in CASE]" "the state is a party to the dispute",
    NotPartyTo Assumption "STATE is not a party [in CASE]" "the state is no party to the dispute",
    Acknowledges Proposal "STATE acknowledges the threat [in CASE]" "the affected state says that the threat exists",
    Denies Assumption "STATE denies the threat [in CASE]" "the affected state says that there is no threat",
    Needed Assumption "FUNCTION is needed [in CASE]" "the case calls for it",
    NotNeeded Assumption "FUNCTION is not needed [in CASE]" "the case does not call for it",
    Does Proposal "HOLDER does FUNCTION [in CASE]" "a response, put forward to be judged",
    Did Assumption "HOLDER did FUNCTION [in CASE]" "an act is on record, and rules count it",
    DoesNot Assumption "HOLDER does not do FUNCTION [in CASE]" "the response is not made",
    Judge Reading "judge JUDGEMENT as NUMBER" "a value that no text settles",
    Account Reading "account ACCOUNT" "under this account of the event only",
    Lens Reading "lens PAPER" "with this paper taken at its word",
    DropRule Reading "drop rule RULE" "the rule is silent",
    DropPaper Reading "drop paper SOURCE" "its rules are silent and its facts are gone",
    DropFact Assumption "drop fact FACT" "the dated row is gone",
    AsOf Reading "as of DATE" "the world is read on this day",
}

impl Form {
    /// The form of that pattern, with or without what stands in its brackets.
    pub fn named(pattern: &str) -> Option<Form> {
        let wanted: Vec<&str> = pattern.split_whitespace().map(|word| word.trim_matches(['[', ']'])).collect();
        Form::ALL.iter().copied().find(|form| {
            let parts = form.pattern().split_inclusive(']').flat_map(|part| part.split('['));
            let groups: Vec<(bool, Vec<&str>)> = parts
                .map(|part| (part.ends_with(']'), part.trim_end_matches(']').split_whitespace().collect()))
                .collect();
            spells(&groups, &wanted)
        })
    }
}

/// Whether words spell a pattern, of which the groups that are optional may be left out.
fn spells(groups: &[(bool, Vec<&str>)], words: &[&str]) -> bool {
    match groups {
        [] => words.is_empty(),
        [(optional, own), rest @ ..] => {
            let with = words.strip_prefix(own.as_slice()).is_some_and(|after| spells(rest, after));
            with || (*optional && spells(rest, words))
        }
    }
}

/// A piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'p> {
    Word(&'p str),
    Slot(Slot),
}

/// The groups of a pattern: what has to stand, and each bracket that may be left out.
pub(super) fn groups(pattern: &str) -> Vec<(bool, Vec<Piece<'_>>)> {
    let mut groups = Vec::new();
    for part in pattern.split_inclusive(']').flat_map(|part| part.split('[')) {
        let optional = part.ends_with(']');
        let pieces: Vec<Piece<'_>> = part
            .trim_end_matches(']')
            .split_whitespace()
            .map(|word| Slot::parse(word).map_or(Piece::Word(word), Piece::Slot))
            .collect();
        if !pieces.is_empty() {
            groups.push((optional, pieces));
        }
    }
    groups
}

/// One change: a form and the ids at its places, in the order of the pattern; `None` where a bracket was left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The form.
    pub form: Form,
    ids: Vec<Option<Id>>,
}

impl Change {
    /// The id at the `index`-th place of the pattern; empty where nothing stands.
    pub fn id(&self, index: usize) -> &str {
        self.given(index).unwrap_or_default()
    }

    /// The id at the `index`-th place, if it was given.
    pub fn given(&self, index: usize) -> Option<&str> {
        self.ids.get(index).and_then(Option::as_deref)
    }

    /// Every id that stands in it.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().flatten().map(String::as_str)
    }

    /// The id of the last place, which many forms use for the case.
    pub fn case(&self) -> Option<&str> {
        self.ids.last().and_then(Option::as_deref)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut ids = self.ids.iter();
        let mut words: Vec<&str> = Vec::new();
        for (optional, pieces) in groups(self.form.pattern()) {
            let mut here = Vec::new();
            let mut left_out = false;
            for piece in pieces {
                match piece {
                    Piece::Word(word) => here.push(word),
                    Piece::Slot(_) => match ids.next() {
                        Some(Some(id)) => here.push(id.as_str()),
                        _ => left_out = true,
                    },
                }
            }
            if !(optional && left_out) {
                words.append(&mut here);
            }
        }
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_named_with_or_without_its_brackets() {
        for form in Form::ALL {
            assert_eq!(Form::named(form.pattern()), Some(*form));
        }
        assert_eq!(Form::named("STATE asks HOLDER for FUNCTION"), Some(Form::Asks));
        assert_eq!(Form::named("STATE asks HOLDER"), Some(Form::Asks));
        assert_eq!(Form::named("STATE asks"), None);
    }
}
