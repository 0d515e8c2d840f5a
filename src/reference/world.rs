//! The tables of facts: sources, states, bodies, texts, mandates, words.

use super::{Key, Table, Takes, may, must, rows, usual};
use crate::load::Kind;
use crate::world::{
    ActorKind, AtRisk, AttackerKind, Authority, Basis, BodyKind, CapabilityLevel, DecisionRule, ExclusionWhen,
    Execution, Force, Hedge, InstrumentKind, Level, LinkKind, Matter, OrganKind, Origin, RequestBy, Role, SourceKind,
    Standing, Status, Word,
};

/// Who says so, of a row that holds for as long as something else does.
pub(super) const SAID: &[Key] = &[may("source", Takes::Id(Kind::Source), "who says so"), LOCATOR, NOTE];
/// For the reader alone.
pub(super) const REMARK: &[Key] = &[LOCATOR, NOTE];
pub(super) const LOCATOR: Key = may("locator", Takes::Text, "where in the source: \"art. 4\", \"para 17\"");
pub(super) const NOTE: Key = may("note", Takes::Text, "a remark for the reader");
const FROM: Key = may("from", Takes::Bound, "the first day on which it holds; without it, as long as what it rests on");
const UNTIL: Key = may("until", Takes::Bound, "the first day on which it no longer holds");
const VERSION: Key =
    may("version_of", Takes::Id(Kind::Row), "the id of the row that this one contradicts, where two sources differ");

/// What every dated fact carries.
const DATED: &[Key] = &[
    must("source", Takes::Id(Kind::Source), "who says so"),
    may("id", Takes::NewId, "only where something refers to this row"),
    FROM,
    UNTIL,
    VERSION,
    LOCATOR,
    NOTE,
];

/// The keys of a pack.
pub(super) const PACK: &[Key] = &[
    must("id", Takes::NewId, "the name of the pack"),
    must("title", Takes::Text, "what the pack is about"),
    may("version", Takes::Text, "the pack's own version"),
    may("known_until", Takes::Date, "the day up to which the record was checked; a later day brings a warning"),
    may("featured", Takes::Text, "the scenario that `mandatum evaluate` runs when told nothing"),
    may(
        "levers",
        Takes::Texts,
        "forms of change that a repair may use, as `mandatum what-if --forms` prints them; without it, every form",
    ),
    rows("allow", "what `mandatum check` finds in the pack, and what its authors mean so"),
];

/// Tables that stand in files of facts and in scenarios.
pub(super) const SHARED_TABLES: &[Key] = &[
    rows("source", "who says things: texts, papers, the press"),
    rows("state", "states"),
    rows("attribute", "what is true of a state on a day"),
    rows("organisation", "organisations, treaties that act through their parties, formats, coalitions"),
    rows("organ", "organs of organisations"),
    rows("actor", "others, for the page only"),
    rows("decision-rule", "how organs decide"),
    rows("instrument", "treaties, charters, decisions and other texts"),
    rows("party", "which states are bound by which text"),
    rows("membership", "which states are members of which body"),
    rows("mandate", "what a text lets or makes a holder do, against what, for whom"),
    rows("capability", "forces, staff and money that a holder has"),
    rows("practice", "precedents: what was asked and what was answered"),
    rows("link", "what ties two holders together"),
    rows("threat", "what threatens"),
    rows("function", "what a response has to do"),
    rows("judgement", "what somebody has to judge by number"),
    rows("proposition", "theses that rules assert or deny"),
];

/// Tables that stand in files of facts only.
pub(super) const OWN_TABLES: &[Key] = &[
    rows("question", "derived facts that rules establish"),
    rows("what-if", "changes to try, which rules may recommend"),
];

const STATE_OR_STATES: &[Key] = &[
    may("state", Takes::Id(Kind::State), "the state"),
    may("states", Takes::Ids(Kind::State), "or several, each with the same facts"),
];

const BODY: &[Key] = &[
    must("id", Takes::NewId, "its short name"),
    must("name", Takes::Text, "its full name"),
    may("predecessor", Takes::Id(Kind::Body), "the body that it continues: both are one line"),
    may("seat", Takes::Text, "where it sits"),
    FROM,
    UNTIL,
    usual("status", Takes::Word(Status::WORDS), "live", "whether it is there, or only spoken of"),
];

/// Every table of facts.
pub(super) const ALL: &[Table] = &[
    Table::new(
        "allow",
        "Something that `mandatum check` finds, and that is meant so in the whole pack.",
        &[&[
            must("code", Takes::Text, "what it finds: the word in brackets of its message"),
            may("reason", Takes::Text, "why it is meant so; without one nothing is allowed"),
        ]],
    ),
    Table::new(
        "source",
        "Who says something: a text, a paper, an article. Every fact and every rule names one.",
        &[&[
            must("key", Takes::NewId, "what rows and rules call it"),
            must("title", Takes::Text, "its title"),
            must("kind", Takes::Word(SourceKind::WORDS), "what kind of document it is; its rank follows from it"),
            may("authors", Takes::Text, "who wrote it"),
            may("year", Takes::Whole, "when it appeared"),
            usual(
                "rank",
                Takes::Whole,
                "treaty 40, official 30, press 20, paper 10",
                "of two that contradict each other the higher stands",
            ),
            usual("lens", Takes::Boolean, "false", "whether `--lens` may take it at its word"),
            may("supersedes", Takes::Ids(Kind::Source), "earlier sources that it replaces"),
            may("account", Takes::Text, "the account of the case that this source gives"),
            NOTE,
        ]],
    ),
    Table::new(
        "state",
        "A state.",
        &[&[
            must("id", Takes::NewId, "three letters, by ISO 3166-1"),
            must("name", Takes::Text, "its name"),
            may("neighbours", Takes::Ids(Kind::State), "states with a common border"),
            NOTE,
        ]],
    ),
    Table::new(
        "attribute",
        "Something that is true of a state on a day; rules ask it with `has_attribute`.",
        &[
            &[
                must("state", Takes::Id(Kind::State), "the state"),
                must("attribute", Takes::Text, "what is true of it, as an id"),
                may("text", Takes::Text, "in words"),
            ],
            DATED,
        ],
    ),
    Table::new(
        "organisation",
        "An organisation, or a treaty, format or coalition that acts like one.",
        &[
            BODY,
            &[
                usual("kind", Takes::Word(BodyKind::WORDS), "organisation", "what kind of body it is"),
                usual(
                    "level",
                    Takes::Word(Level::WORDS),
                    "regional; bilateral for a bilateral treaty",
                    "how wide it reaches",
                ),
                may("founded_by", Takes::Id(Kind::Body), "the body of the treaty that founded it: both are one line"),
                may("top_organ", Takes::Id(Kind::Body), "the organ that decides for it"),
            ],
            SAID,
        ],
    ),
    Table::new(
        "organ",
        "An organ of an organisation; what the organisation may do, its organs are asked for too.",
        &[
            BODY,
            &[
                must("parent", Takes::Id(Kind::Body), "the body above it"),
                may("kind", Takes::Word(OrganKind::WORDS), "what it does"),
            ],
            SAID,
        ],
    ),
    Table::new(
        "actor",
        "Somebody who is neither state nor body. Named on the page; holds nothing.",
        &[
            &[
                must("id", Takes::NewId, "its short name"),
                must("name", Takes::Text, "its full name"),
                must("kind", Takes::Word(ActorKind::WORDS), "what it is"),
                FROM,
                UNTIL,
            ],
            SAID,
        ],
    ),
    Table::new(
        "decision-rule",
        "How an organ decides on a matter.",
        &[
            &[
                must("organ", Takes::Id(Kind::Body), "the organ"),
                must("matter", Takes::Word(Matter::WORDS), "what is decided"),
                must("rule", Takes::Word(DecisionRule::WORDS), "who has to agree"),
            ],
            DATED,
        ],
    ),
    Table::new(
        "instrument",
        "A text that binds or promises: it founds bodies, and mandates stand in it.",
        &[
            &[
                must("id", Takes::NewId, "its short name"),
                must("title", Takes::Text, "its title"),
                must("source", Takes::Id(Kind::Source), "where it can be read"),
                usual("kind", Takes::Word(InstrumentKind::WORDS), "treaty", "what kind of text it is"),
                may("signed", Takes::Bound, "when it was signed or adopted; never taken for entry into force"),
                may("provisional", Takes::Bound, "from when it is applied before it is in force"),
                may(
                    "in_force",
                    Takes::Bound,
                    "when it entered into force; without it, never (a decision, declaration, programme or national \
                     law: from `signed`)",
                ),
                may("ended", Takes::Bound, "the first day on which it was no longer in force"),
                may("organisation", Takes::Id(Kind::Body), "whose members it binds, where no parties are listed"),
                may("amends", Takes::Ids(Kind::Instrument), "texts that it changes"),
                may("supersedes", Takes::Ids(Kind::Instrument), "texts that it replaces"),
                usual("status", Takes::Word(Status::WORDS), "live", "whether it is there, or only spoken of"),
            ],
            REMARK,
        ],
    ),
    Table::new(
        "party",
        "A state bound by a text.",
        &[
            STATE_OR_STATES,
            &[
                must("instrument", Takes::Id(Kind::Instrument), "the text"),
                may("reservation", Takes::Text, "what it reserved"),
                may("signed", Takes::Bound, "when it signed; with `from = \"never\"`: signed, never bound"),
            ],
            DATED,
        ],
    )
    .one_of(&[&["state", "states"]]),
    Table::new(
        "membership",
        "A state in a body.",
        &[
            STATE_OR_STATES,
            &[
                must("organisation", Takes::Id(Kind::Body), "the body"),
                usual("role", Takes::Word(Role::WORDS), "member", "as what"),
                usual("standing", Takes::Word(Standing::WORDS), "full", "how far it takes part"),
            ],
            DATED,
        ],
    )
    .one_of(&[&["state", "states"]]),
    Table::new(
        "mandate",
        "A clause of a text: who may or must do what, against what, for whom, on what conditions.",
        &[&[
            must("id", Takes::NewId, "its short name; reasons name it"),
            must("holder", Takes::IdOr(Kind::Holder, &["every-state"]), "who; `every-state`: each on its own soil"),
            must("threats", Takes::Ids(Kind::Threat), "against what, with every kind of it"),
            must("functions", Takes::Ids(Kind::Function), "to do what, with every kind of it"),
            must("instrument", Takes::Id(Kind::Instrument), "the text that says so"),
            LOCATOR,
            usual(
                "force",
                Takes::Word(Force::WORDS),
                "power",
                "what the text does to its holder; an aim gives no power",
            ),
            usual(
                "execution",
                Takes::Word(Execution::WORDS),
                "national",
                "whose hands act; own staff and lent forces need a `[[capability]]`",
            ),
            usual("whom", Takes::IdsOr(Kind::State, &["parties", "members", "anyone"]), "parties", "for which states"),
            usual(
                "where",
                Takes::TextsOr(&["inside", "anywhere"]),
                "inside",
                "on whose soil: of those reached, anywhere, or states and places",
            ),
            may("occasion", Takes::Table("mandate.occasion"), "what has to be true of the case"),
            usual(
                "request",
                Takes::Word(RequestBy::WORDS),
                "affected-state; none for a standing function",
                "who has to ask",
            ),
            usual(
                "decision",
                Takes::IdOr(Kind::Holder, &["top-organ", "each-party", "none"]),
                "top-organ; none for a standing function, and for a holder without an organ",
                "who has to decide",
            ),
            usual("authority", Takes::Word(Authority::WORDS), "none", "whose leave is needed beside the decision"),
            may("exclusions", Takes::Tables("mandate.exclusions"), "what rules it out"),
            may("refrain_from", Takes::Ids(Kind::Function), "for a duty to refrain: from what"),
            usual("status", Takes::Word(Status::WORDS), "live", "whether it is there, or only spoken of"),
            usual("source", Takes::Id(Kind::Source), "the instrument's", "who says so"),
            FROM,
            UNTIL,
            VERSION,
            may("text", Takes::Text, "the clause, in words"),
            NOTE,
        ]],
    ),
    Table::new(
        "mandate.occasion",
        "What has to be true of a case for a mandate to reach it. What the case leaves unsaid leaves the step open.",
        &[&[
            may("attacker", Takes::Words(AttackerKind::WORDS), "one of these has attacked"),
            may("origin", Takes::Word(Origin::WORDS), "the threat comes from there"),
            may("at_risk", Takes::Words(AtRisk::WORDS), "one of these is in danger"),
            may("text", Takes::Text, "the condition, in words"),
        ]],
    ),
    Table::new(
        "mandate.exclusions",
        "What rules a mandate out.",
        &[&[
            must("text", Takes::Text, "the exclusion, in words"),
            usual("basis", Takes::Word(Basis::WORDS), "text", "where it comes from; one of practice can be overcome"),
            usual("when", Takes::Word(ExclusionWhen::WORDS), "always", "when it bites"),
            may("threats", Takes::Ids(Kind::Threat), "against these threats only"),
            may("source", Takes::Id(Kind::Source), "who says so"),
            LOCATOR,
        ]],
    ),
    Table::new(
        "capability",
        "Means that a holder has for a function.",
        &[
            &[
                must("holder", Takes::Id(Kind::Holder), "who has them"),
                must("functions", Takes::Ids(Kind::Function), "for what"),
                must(
                    "level",
                    Takes::Word(CapabilityLevel::WORDS),
                    "how real they are; `declared` does not pass the step *means*",
                ),
                may("text", Takes::Text, "in words"),
            ],
            DATED,
        ],
    ),
    Table::new(
        "practice",
        "A precedent: what was asked of a holder and what it answered. Shown beside the mandate; decides nothing.",
        &[
            &[
                must("holder", Takes::Id(Kind::Holder), "who was asked"),
                must("function", Takes::Id(Kind::Function), "for what"),
                must("asked", Takes::Text, "what was asked"),
                must("answered", Takes::Text, "what was answered"),
                may("threat", Takes::Id(Kind::Threat), "against what"),
                may("reason", Takes::Text, "the reason given"),
                may("mandate", Takes::Text, "the id of the mandate beside which it is shown"),
            ],
            DATED,
        ],
    ),
    Table::new(
        "link",
        "What ties two holders together.",
        &[
            &[
                must("between", Takes::Ids(Kind::Holder), "the two holders"),
                must("kind", Takes::Word(LinkKind::WORDS), "what ties them"),
                may("functions", Takes::Ids(Kind::Function), "for what"),
            ],
            DATED,
        ],
    ),
    Table::new(
        "threat",
        "What threatens. A mandate against a threat answers for every kind of it.",
        &[
            &[
                must("id", Takes::NewId, "its short name"),
                must("name", Takes::Text, "its name"),
                may("is_a", Takes::Ids(Kind::Threat), "wider threats of which it is a kind"),
                may("feeds", Takes::Ids(Kind::Threat), "threats that it makes likelier; extends no mandate"),
                may(
                    "calls_for",
                    Takes::Ids(Kind::Function),
                    "what a response to it has to do, where a case does not say",
                ),
                may("definition", Takes::Text, "what counts as one"),
            ],
            SAID,
        ],
    ),
    Table::new(
        "function",
        "What a response has to do.",
        &[
            &[
                must("id", Takes::NewId, "its short name"),
                must("definition", Takes::Text, "what counts as it"),
                must("example", Takes::Text, "a plain case of it"),
                must("near_miss", Takes::Text, "what looks like it and is not"),
                may("inclusion", Takes::Text, "when to use it"),
                usual("name", Takes::Text, "the id", "its name"),
                may("is_a", Takes::Ids(Kind::Function), "wider functions of which it is a kind"),
                usual("standing", Takes::Boolean, "false", "whether it needs no request and no decision by default"),
            ],
            SAID,
        ],
    ),
    Table::new(
        "judgement",
        "Something that somebody has to judge by number; rules ask it with `judged_at_least`.",
        &[
            &[
                must("id", Takes::NewId, "its short name"),
                must("text", Takes::Text, "what is judged"),
                must("scale", Takes::Range, "the ends of the scale"),
                must("low", Takes::Text, "what the lowest number means"),
                must("high", Takes::Text, "what the highest number means"),
                may("value", Takes::NumberOrUnknown, "the judgement for every scenario; needs an `author`"),
                may("author", Takes::Text, "who judged"),
            ],
            SAID,
        ],
    ),
    Table::new(
        "proposition",
        "A thesis that rules of the stage assessment assert or deny.",
        &[
            &[
                must("id", Takes::NewId, "its short name"),
                must("text", Takes::Text, "the thesis, in a sentence"),
                must("source", Takes::Id(Kind::Source), "whose thesis it is"),
                may("rivals", Takes::Ids(Kind::Proposition), "theses that cannot hold together with it"),
                usual("hedge", Takes::Word(Hedge::WORDS), "flat", "how firmly the author speaks"),
            ],
            REMARK,
        ],
    ),
    Table::new(
        "question",
        "A derived fact that a rule may establish, for later rules to ask with `established`.",
        &[&[must("id", Takes::NewId, "its short name"), must("text", Takes::Text, "the question, in words")], REMARK],
    ),
];
