//! The tables of a scenario: cases, responses, judgements, what-ifs, expectations; and a class's predictions.

use super::world::{LOCATOR, NOTE, REMARK, SAID};
use super::{Form, Key, Table, Takes, may, must, rows, usual};
use crate::ask::vocabulary::ANSWERS;
use crate::load::{Kind, LABELS, USED};
use crate::world::{
    AtRisk, AttackerKind, Authority, DecisionOutcome, Origin, Recorded, RequestAnswer, ResponseKind, Step, Word,
};

/// The keys of a scenario that are no tables of facts.
pub(super) const SCENARIO: &[Key] = &[
    must("title", Takes::Text, "what the scenario is called"),
    must("date", Takes::Date, "the day on which it is asked; a month or year: over each stretch of it between changes"),
    may("pack", Takes::Text, "the shipped pack that it runs on, where no `pack.toml` stands beside it"),
    may("question", Takes::Text, "the question put to the class"),
    may("known", Takes::Text, "what the class may be told"),
    may("what_happened", Takes::Text, "how it went on; shown by `--what-happened`"),
    NOTE,
    rows("told", "which papers tell of it"),
    rows("case", "what happened, to whom"),
    rows("response", "what was done or proposed"),
    rows("judged", "numbers that somebody judged for this scenario"),
    rows("what-if", "changes to try"),
    rows("uncertain", "facts with a probability; shown, and change nothing"),
    rows("expect", "what must come out"),
];

/// The keys of a file of predictions.
pub(super) const PREDICTIONS: &[Key] =
    &[Key { required: true, ..rows("prediction", "what somebody expects of a cell") }];

/// What an account of a case may tell otherwise.
const TOLD: &[Key] = &[
    may("text", Takes::Text, "what happened, in one line"),
    may("parties", Takes::Ids(Kind::State), "the states that are party to a dispute"),
    may("place", Takes::Text, "where: a state or a place; without it, the soil of the affected state"),
    may("at_risk", Takes::Words(AtRisk::WORDS), "who is in danger; a list is complete, silence is unknown"),
    may("attacker", Takes::WordOrUnknown(AttackerKind::WORDS), "who attacked; silence is unknown"),
    may("attackers", Takes::Ids(Kind::AnyActor), "who that was, for the page only"),
    may("origin", Takes::WordOrUnknown(Origin::WORDS), "where the threat comes from; silence is unknown"),
    may("from_state", Takes::Id(Kind::State), "the state from whose soil it came"),
    may("acknowledged", Takes::Boolean, "whether the affected state says that the threat exists; silence is unknown"),
    may(
        "needs",
        Takes::IdsOrTables(Kind::Function, "case.needs"),
        "what a response has to do; without it, what the threat calls for",
    ),
];

/// What a row about a case may add for the reader.
const ON_RECORD: &[Key] = &[
    may("source", Takes::Id(Kind::Source), "who says so"),
    LOCATOR,
    may("text", Takes::Text, "in words"),
    may("date", Takes::Date, "when, for the reader"),
];

/// Every table of a scenario.
pub(super) const ALL: &[Table] = &[
    Table::new(
        "told",
        "A paper that tells of the event. The handbook lists it.",
        &[&[
            must("source", Takes::Id(Kind::Source), "the paper"),
            must("locator", Takes::Text, "where in the paper"),
            must("text", Takes::Text, "what the paper uses the event for"),
        ]],
    ),
    Table::new(
        "case",
        "What happened: a threat to one state or several.",
        &[
            &[
                must("id", Takes::NewId, "its short name, the first part of `case/STATE/function`"),
                must("threat", Takes::Id(Kind::Threat), "what threatens"),
                must("affected", Takes::Ids(Kind::State), "the states affected"),
            ],
            TOLD,
            &[
                usual("standing", Takes::Boolean, "false", "whether it is a condition rather than an event"),
                may(
                    "requested",
                    Takes::Boolean,
                    "`true`: the affected states and parties asked everybody who can be asked; `false`: nobody",
                ),
                may("requests_recorded", Takes::Word(Recorded::WORDS), "a request that is not listed was not made"),
                may("decisions_recorded", Takes::Word(Recorded::WORDS), "a decision that is not listed was not taken"),
                usual("contested", Takes::Boolean, "false", "whether sources quarrel about the case itself"),
                may("request", Takes::Tables("case.request"), "who asked whom"),
                may("decision", Takes::Tables("case.decision"), "what organs decided"),
                may("authorisation", Takes::Tables("case.authorisation"), "leave from outside"),
                may("account", Takes::Tables("case.account"), "rival versions of the case"),
            ],
            SAID,
        ],
    ),
    Table::new(
        "case.needs",
        "Something that a response has to do, with its source.",
        &[&[
            must("function", Takes::Id(Kind::Function), "the function"),
            may("source", Takes::Id(Kind::Source), "who says that it is needed"),
            LOCATOR,
            may("author", Takes::Text, "or who in the room says so"),
        ]],
    ),
    Table::new(
        "case.request",
        "Somebody asked somebody for help.",
        &[
            &[
                must("by", Takes::Id(Kind::State), "who asked"),
                must("to", Takes::Ids(Kind::Holder), "who was asked"),
                usual("functions", Takes::Ids(Kind::Function), "all", "for what"),
                usual("answer", Takes::Word(RequestAnswer::WORDS), "open", "what was said to it; stops nothing"),
                usual("made", Takes::Boolean, "true", "`false`: it is known that nobody asked"),
            ],
            ON_RECORD,
        ],
    ),
    Table::new(
        "case.decision",
        "What an organ did with the matter.",
        &[
            &[
                must("organ", Takes::Id(Kind::Holder), "the organ, or a party that decides for itself"),
                must("outcome", Takes::Word(DecisionOutcome::WORDS), "what it did"),
                usual("functions", Takes::Ids(Kind::Function), "all", "on what"),
                may("blocked_by", Takes::Ids(Kind::State), "who blocked it"),
            ],
            ON_RECORD,
        ],
    ),
    Table::new(
        "case.authorisation",
        "Leave from outside.",
        &[
            &[
                must("by", Takes::Word(Authority::WORDS), "whose"),
                must("given", Takes::Boolean, "whether it was given"),
            ],
            ON_RECORD,
        ],
    ),
    Table::new(
        "case.account",
        "A version of the case. What it does not name is as in the case; each is evaluated, side by side.",
        &[
            &[
                must("id", Takes::NewId, "its short name, for `--account`"),
                usual("name", Takes::Text, "the id", "its name"),
                may("threat", Takes::Id(Kind::Threat), "what threatens"),
                may("affected", Takes::Ids(Kind::State), "the states affected"),
                usual("no_case", Takes::Boolean, "false", "whether it denies that anything happened"),
            ],
            TOLD,
            SAID,
        ],
    ),
    Table::new(
        "response",
        "What somebody did, declined to do, or proposes. Rules give it a verdict.",
        &[
            &[
                must("institution", Takes::Id(Kind::Holder), "who"),
                must("function", Takes::Id(Kind::Function), "what"),
                may("case", Takes::Id(Kind::Case), "the case; needed if there are several"),
                may("source", Takes::Id(Kind::Source), "who says so"),
                may("proposed_by", Takes::Text, "for a proposal: whose"),
                usual("kind", Takes::Word(ResponseKind::WORDS), "acted", "whether it acted or declined"),
                may("date", Takes::Date, "when, for the reader"),
                may("invoked", Takes::Id(Kind::Instrument), "the text that it named"),
                may("against", Takes::Ids(Kind::State), "the states that it was done to"),
                may("text", Takes::Text, "in words"),
            ],
            REMARK,
        ],
    )
    .one_of(&[&["source", "proposed_by"]]),
    Table::new(
        "judged",
        "A number that somebody judged for this scenario.",
        &[&[
            must("judgement", Takes::Id(Kind::Judgement), "what was judged"),
            must("value", Takes::NumberOrUnknown, "the number; with `unknown` both answers are tried"),
            must("author", Takes::Text, "who judged"),
            NOTE,
        ]],
    ),
    Table::new(
        "what-if",
        "Changes to try, as sentences. `mandatum what-if` carries them out; rules may recommend them.",
        &[
            &[
                must("id", Takes::NewId, "its short name"),
                usual("text", Takes::Text, "the id", "in one line"),
                may("changes", Takes::Texts, "the changes, as `mandatum what-if --forms` prints them"),
                may("assuming", Takes::Texts, "changes that are taken as made"),
                may("expected", Takes::Text, "what its author expects, in words"),
                may("expect", Takes::Tables("expect"), "what must come out"),
                may("opens", Takes::Texts, "the cells in which a gap opens, and no others: `dam/XAA/relieve`"),
                may("closes", Takes::Texts, "the cells in which a gap closes, and no others"),
                may("rivals", Takes::Texts, "what-ifs that cannot be carried out together with it"),
                may("scenario", Takes::Id(Kind::Scenario), "for one of the pack: the scenario in which it is tried"),
            ],
            SAID,
        ],
    ),
    Table::new(
        "uncertain",
        "A fact with a probability. Shown with its author; changes nothing.",
        &[&[
            must("fact", Takes::Text, "the fact, in words"),
            must("author", Takes::Text, "who says so"),
            may("probability", Takes::Number, "from 0 to 1"),
            may("distribution", Takes::Text, "or a distribution, in words"),
            NOTE,
        ]],
    ),
    Table {
        forms: &[
            Form {
                key: "cell",
                may: &["on_paper", "available", "used", "holder", "stops_at", "because", "depends_on"],
                must: &[],
            },
            Form { key: "proposition", may: &["label", "because"], must: &["label"] },
            Form { key: "response", may: &["verdict", "because"], must: &["verdict"] },
            Form { key: "overlap", may: &["verdict", "because"], must: &["verdict"] },
            Form { key: "argument", may: &["label", "position", "decided_by"], must: &["label"] },
        ],
        ..Table::new(
            "expect",
            "What must come out: of a cell, a thesis, a response, an overlap, or one argument.",
            &[&[
                may("cell", Takes::Text, "about a cell: `case/STATE/function`"),
                may("on_paper", Takes::Word(ANSWERS), "the answer on paper"),
                may("available", Takes::Word(ANSWERS), "the answer available"),
                may("used", Takes::Word(USED), "whether a response is on record"),
                may("holder", Takes::Id(Kind::Holder), "the holder that `stops_at` and `because` speak of"),
                may("stops_at", Takes::Words(Step::WORDS), "steps among those that stop the holder; empty: none does"),
                may("because", Takes::Texts, "ids of rules and mandates that must be among the reasons"),
                may("depends_on", Takes::Texts, "texts that must occur in facts that the cell hangs on"),
                may("proposition", Takes::Id(Kind::Thesis), "about a thesis, or a what-if that rules recommend"),
                may("response", Takes::Text, "about a response: `INSTITUTION/function`"),
                may("overlap", Takes::Text, "about an overlap: `case/STATE/function/ONE+TWO`"),
                may("argument", Takes::Text, "about one argument: `rule-id@case/STATE`"),
                may("label", Takes::Word(LABELS), "what becomes of the thesis or the argument"),
                may("verdict", Takes::Text, "the verdict"),
                may("position", Takes::Text, "a text that must occur in what the argument says"),
                may("decided_by", Takes::Text, "what tells it from its rival: rank, default, narrower, ..."),
                may("account", Takes::Text, "under this account of the case"),
                may("lens", Takes::Ids(Kind::Source), "through these lenses"),
                may("as_of", Takes::Date, "on this day"),
                usual("unchanged", Takes::Boolean, "false", "in a what-if: that the changes leave it as it was"),
                may("note", Takes::Text, "printed when it fails"),
            ]],
        )
    },
    Table::new(
        "prediction",
        "What somebody expects of a cell.",
        &[&[
            must("cell", Takes::Text, "the cell: `case/STATE/function`"),
            may("on_paper", Takes::Word(ANSWERS), "the answer expected on paper"),
            may("available", Takes::Word(ANSWERS), "the answer expected to be available"),
            may("by", Takes::Text, "who expects it"),
            may("because", Takes::Text, "why"),
        ]],
    )
    .one_of(&[&["on_paper", "available"]]),
];
