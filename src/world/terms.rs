//! The closed lists of words that packs use: kinds, roles, forces, steps.
//!
//! A word here is part of the file format; which bodies, threats and functions exist is content, and not known here.

/// Declares an enum whose values are words of the file format.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl $crate::world::Word for $name {
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub(super) use words;

/// A closed list of words.
pub trait Word: Sized {
    /// Every legal word.
    const WORDS: &'static [&'static str];

    /// The value that a word stands for.
    fn parse(word: &str) -> Option<Self>;
}

words! {
    /// What kind of document a source is.
    SourceKind {
        /// A treaty or another binding text.
        Treaty = "treaty",
        /// A document of a government or an organisation.
        Official = "official",
        /// Journalism.
        Press = "press",
        /// A scholarly paper.
        Paper = "paper",
        /// The engine's own generic verdicts.
        Core = "core",
    }
}

words! {
    /// What kind of body an organisation is.
    BodyKind {
        /// An international organisation.
        Organisation = "organisation",
        /// An organ of one.
        Organ = "organ",
        /// A treaty whose parties act under it without an organisation.
        Treaty = "treaty",
        /// A treaty between two states.
        BilateralTreaty = "bilateral-treaty",
        /// A negotiating format.
        Format = "format",
        /// A coalition of states.
        Coalition = "coalition",
    }
}

words! {
    /// What an organ does.
    OrganKind {
        /// Decides.
        Council = "council",
        /// Prepares and executes.
        Secretariat = "secretariat",
        /// Works on a matter.
        Centre = "centre",
        /// Forces.
        Force = "force",
        /// A list or data bank.
        Register = "register",
        /// Meets.
        Meeting = "meeting",
        /// A working or contact group.
        Group = "group",
    }
}

words! {
    /// How wide a body reaches.
    Level {
        /// A state on its own soil.
        National = "national",
        /// Two states by treaty.
        Bilateral = "bilateral",
        /// A region's states.
        Regional = "regional",
        /// Every state.
        Universal = "universal",
    }
}

words! {
    /// Whether a thing is there, or only spoken of.
    Status {
        /// In being (within its dates).
        Live = "live",
        /// One source says so.
        Claimed = "claimed",
        /// Decided or proposed, not in being.
        Planned = "planned",
        /// Signed and never in force.
        SignedOnly = "signed-only",
        /// Named as missing.
        Absent = "absent",
        /// Gone.
        Past = "past",
    }
}

words! {
    /// What kind of text an instrument is.
    InstrumentKind {
        /// Binding between states.
        Treaty = "treaty",
        /// Amends or adds to a treaty.
        Protocol = "protocol",
        /// Founds an organisation.
        Charter = "charter",
        /// Binding between states, narrower.
        Agreement = "agreement",
        /// Of an organ; holds from its adoption.
        Decision = "decision",
        /// Political; holds from its adoption.
        Declaration = "declaration",
        /// A plan of work; holds from its adoption.
        Programme = "programme",
        /// A state's own law.
        NationalLaw = "national-law",
    }
}

words! {
    /// A state's role in a body.
    Role {
        /// Full member.
        Member = "member",
        /// Associate.
        Associate = "associate",
        /// Observer.
        Observer = "observer",
        /// Partner.
        Partner = "partner",
    }
}

words! {
    /// How far a member takes part.
    Standing {
        /// Fully.
        Full = "full",
        /// Suspended, with the body's knowledge.
        Suspended = "suspended",
        /// Frozen by its own declaration: still bound in law.
        Frozen = "frozen",
        /// Stays away without saying more.
        NotTakingPart = "not-taking-part",
    }
}

words! {
    /// What a text does to its holder.
    Force {
        /// Each party has to act.
        Duty = "duty",
        /// The holder may act.
        Power = "power",
        /// A purpose, without a power of its own.
        Aim = "aim",
    }
}

words! {
    /// Whose hands act.
    Execution {
        /// The holder's own staff.
        OwnStaff = "own-staff",
        /// Forces lent by the parties.
        LentForces = "lent-forces",
        /// National authorities, which the holder only coordinates.
        National = "national",
    }
}

words! {
    /// Who carried out the attack.
    AttackerKind {
        /// A state.
        State = "state",
        /// Several states.
        GroupOfStates = "group-of-states",
        /// A non-state armed group.
        ArmedGroup = "armed-group",
        /// The affected state's own citizens.
        OwnCitizens = "own-citizens",
        /// Nobody attacked.
        Nobody = "nobody",
    }
}

words! {
    /// Where a threat comes from.
    Origin {
        /// From another state's soil.
        Outside = "outside",
        /// From within.
        Inside = "inside",
    }
}

words! {
    /// Who is in danger.
    AtRisk {
        /// The state itself.
        State = "state",
        /// Its government.
        Government = "government",
        /// People.
        Population = "population",
    }
}

words! {
    /// Who has to ask.
    RequestBy {
        /// The affected state.
        AffectedState = "affected-state",
        /// One party to the dispute.
        AnyParty = "any-party",
        /// Every party to the dispute.
        AllParties = "all-parties",
        /// Nobody.
        None = "none",
    }
}

words! {
    /// Whose leave is needed beside the decision.
    Authority {
        /// Nobody's.
        None = "none",
        /// The Security Council's.
        SecurityCouncil = "security-council",
        /// The state's on whose soil the holder acts.
        HostConsent = "host-consent",
        /// One of the two.
        Either = "either",
    }
}

words! {
    /// Where an exclusion comes from.
    Basis {
        /// The text.
        Text = "text",
        /// Practice: defeasible.
        Practice = "practice",
    }
}

words! {
    /// When an exclusion bites.
    ExclusionWhen {
        /// For every case of its threats.
        Always = "always",
        /// Where parties of the instrument quarrel.
        DisputeBetweenParties = "dispute-between-parties",
        /// Where the threat comes from within.
        Internal = "internal",
    }
}

words! {
    /// How real a capability is.
    CapabilityLevel {
        /// Known to be missing.
        None = "none",
        /// On paper.
        Declared = "declared",
        /// Rehearsed.
        Exercised = "exercised",
        /// Used.
        Used = "used",
    }
}

words! {
    /// What ties two holders together.
    LinkKind {
        /// A memorandum.
        Memorandum = "memorandum",
        /// Working contacts.
        Liaison = "liaison",
        /// A seat as observer.
        ObserverSeat = "observer-seat",
        /// An agreed division of tasks.
        Zone = "zone",
        /// A body of both.
        JointBody = "joint-body",
    }
}

words! {
    /// What was said to a request.
    RequestAnswer {
        /// Yes.
        Granted = "granted",
        /// No.
        Refused = "refused",
        /// Nothing yet.
        Open = "open",
    }
}

words! {
    /// What an organ did with a matter.
    DecisionOutcome {
        /// Adopted.
        Adopted = "adopted",
        /// Refused.
        Refused = "refused",
        /// Never put to it.
        NotPut = "not-put",
    }
}

words! {
    /// What a response did.
    ResponseKind {
        /// Something.
        Acted = "acted",
        /// It declined to act.
        Declined = "declined",
    }
}

words! {
    /// How firmly an author speaks.
    Hedge {
        /// Exclusive or necessary.
        Only = "only",
        /// Plain.
        Flat = "flat",
        /// May, can, seems.
        Hedged = "hedged",
        /// Someone else's view.
        Attributed = "attributed",
        /// A wish.
        Hope = "hope",
    }
}

impl Hedge {
    /// How it was said, in words.
    pub fn phrase(self) -> &'static str {
        match self {
            Hedge::Only => "said as exclusive",
            Hedge::Flat => "said flatly",
            Hedge::Hedged => "said with caution",
            Hedge::Attributed => "attributed to others",
            Hedge::Hope => "voiced as a hope",
        }
    }
}

words! {
    /// The ladder, from the first step to the last.
    Step {
        /// Is there such a function for such a threat, in force that day?
        Competence = "competence",
        /// Is the state bound, the place within?
        Reach = "reach",
        /// Do the facts meet the clause?
        Occasion = "occasion",
        /// Is it ruled out?
        Exclusion = "exclusion",
        /// Did somebody entitled ask?
        Request = "request",
        /// Did the organ decide?
        Decision = "decision",
        /// Is the outside leave given?
        Authority = "authority",
        /// Are there forces, staff, money?
        Means = "means",
    }
}

impl Step {
    /// The steps that count on paper; the rest count only for what is available.
    pub const ON_PAPER: &'static [Step] = &[Step::Competence, Step::Reach, Step::Occasion, Step::Exclusion];
}

words! {
    /// What a list of things in a case covers.
    Recorded {
        /// All of them: what is not listed did not happen.
        All = "all",
    }
}

words! {
    /// What other actors are.
    ActorKind {
        /// An armed group.
        ArmedGroup = "armed-group",
        /// A power from outside the region.
        OutsidePower = "outside-power",
        /// A political or religious movement.
        Movement = "movement",
        /// A network.
        Network = "network",
        /// Persons with something in common.
        PersonGroup = "person-group",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What a decision rule is about.
    Matter {
        /// Taking in members.
        Admission = "admission",
        /// Changing the text.
        Amendment = "amendment",
        /// Using forces.
        UseOfForces = "use-of-forces",
        /// Everything else.
        Other = "other",
    }
}

words! {
    /// How an organ decides.
    DecisionRule {
        /// Nobody objects.
        Consensus = "consensus",
        /// Nobody but the one concerned objects.
        ConsensusMinusOne = "consensus-minus-one",
        /// Most agree.
        Majority = "majority",
        /// All agree.
        Unanimity = "unanimity",
        /// One state leads.
        LeadState = "lead-state",
    }
}
