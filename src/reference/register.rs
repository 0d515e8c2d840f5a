//! The tables of a pack's register: claims, disagreements, discrepancies, the matrix, definitions of words.

use super::world::NOTE;
use super::{Key, Table, Takes, may, must, rows, usual};
use crate::load::Kind;
use crate::world::register::{AttackKind, ClaimKind, ClaimUse};
use crate::world::{CodeList, Grade, Hedge, Word};

/// The tables of the register.
pub(super) const TABLES: &[Key] = &[
    rows("claim", "what papers claim"),
    rows("disagreement", "questions on which papers part"),
    rows("discrepancy", "facts on which a paper is at odds with the record"),
    rows("coverage", "what papers say that bodies are there for"),
    rows("matrix-row", "rows of the matrix of what papers say"),
    rows("matrix-column", "columns of that matrix"),
    rows("code", "definitions of the words of the closed lists"),
];

/// Under which reading of a scenario something shows.
const READING: &[Key] = &[
    may("account", Takes::Text, "under this account of the case"),
    may("lens", Takes::Ids(Kind::Source), "through these lenses"),
    may("as_of", Takes::Date, "on this day"),
];

/// Every table of the register.
pub(super) const ALL: &[Table] = &[
    Table::new(
        "claim",
        "An argument of a paper. Rules name it with `@claim`; `mandatum check` says which have none.",
        &[&[
            must("id", Takes::NewId, "its short name"),
            must("source", Takes::Id(Kind::Source), "the paper"),
            must("locator", Takes::Text, "where in the paper"),
            must("text", Takes::Text, "the gist, in your own words"),
            must("kind", Takes::Word(ClaimKind::WORDS), "what kind of argument it is"),
            must(
                "use",
                Takes::Word(ClaimUse::WORDS),
                "what can be done with it: a rule, a number to judge, or something to know",
            ),
            usual("hedge", Takes::Word(Hedge::WORDS), "flat", "how firmly the author speaks"),
            may("reason", Takes::Text, "why no rule realises it"),
            may("shown", Takes::Tables("claim.shown"), "where it shows"),
            NOTE,
        ]],
    ),
    Table::new(
        "claim.shown",
        "A place where an argument of the claim's rules stands.",
        &[
            &[
                must("scenario", Takes::Id(Kind::Scenario), "the scenario"),
                must("at", Takes::Text, "a proposition, a what-if, `case/STATE`, or `case/STATE/function`"),
                may("gone", Takes::Texts, "changes after which it no longer stands there"),
                NOTE,
            ],
            READING,
        ],
    ),
    Table::new(
        "disagreement",
        "A question on which papers part.",
        &[&[
            must("id", Takes::NewId, "its short name"),
            must("question", Takes::Text, "the question"),
            must("text", Takes::Text, "how they part"),
            may("attack", Takes::Tables("disagreement.attack"), "which claim attacks which"),
            NOTE,
        ]],
    ),
    Table::new(
        "disagreement.attack",
        "One claim against another.",
        &[
            &[
                may("from", Takes::Ids(Kind::Claim), "the claims that attack"),
                must("on", Takes::Ids(Kind::Claim), "the claims attacked"),
                must("kind", Takes::Word(AttackKind::WORDS), "how"),
                may("discrepancy", Takes::Id(Kind::Discrepancy), "the fact in two versions that it rests on"),
                may("scenario", Takes::Id(Kind::Scenario), "where it can be seen"),
                may("reason", Takes::Text, "why it can be seen nowhere"),
                NOTE,
            ],
            READING,
        ],
    )
    .one_of(&[&["from", "discrepancy"], &["scenario", "reason"]]),
    Table::new(
        "discrepancy",
        "A fact on which a paper is at odds with the record.",
        &[&[
            must("id", Takes::NewId, "its short name"),
            must("text", Takes::Text, "what the paper says and what the record says"),
            may("claimed", Takes::Ids(Kind::Row), "the paper's rows"),
            may("record", Takes::Ids(Kind::Row), "the record's rows"),
            may("claims", Takes::Ids(Kind::Claim), "claims that rest on it"),
            may("reason", Takes::Text, "why nothing dated stands behind it"),
            NOTE,
        ]],
    )
    .one_of(&[&["claimed", "record", "reason"]]),
    Table::new(
        "coverage",
        "What a paper says that a body is there for.",
        &[&[
            must("id", Takes::NewId, "its short name"),
            must("grade", Takes::Word(Grade::WORDS), "how far"),
            must("source", Takes::Id(Kind::Source), "the paper"),
            must("locator", Takes::Text, "where in the paper"),
            must("text", Takes::Text, "what it says, in your own words"),
            may("body", Takes::Id(Kind::Holder), "the body; without it, nobody"),
            may("threats", Takes::Ids(Kind::Threat), "against what"),
            may("functions", Takes::Ids(Kind::Function), "to do what"),
            may("state", Takes::Id(Kind::State), "for this state only"),
            may("claims", Takes::Ids(Kind::Claim), "the claims that say so"),
            may("mandates", Takes::Ids(Kind::Mandate), "the mandates that it reads"),
            NOTE,
        ]],
    )
    .one_of(&[&["threats", "functions"]]),
    Table::new(
        "matrix-row",
        "A row of the matrix of what papers say that bodies are there for.",
        &[&[
            must("id", Takes::NewId, "its short name"),
            must("text", Takes::Text, "its head"),
            may("threats", Takes::Ids(Kind::Threat), "rows of `[[coverage]]` against these belong to it"),
            may("functions", Takes::Ids(Kind::Function), "rows of `[[coverage]]` for these belong to it"),
            may("state", Takes::Id(Kind::State), "for this state only"),
            may("without", Takes::Ids(Kind::Function), "but not for these functions"),
        ]],
    )
    .one_of(&[&["threats", "functions"]]),
    Table::new(
        "matrix-column",
        "A column of that matrix.",
        &[&[
            must("id", Takes::NewId, "its short name"),
            must("text", Takes::Text, "its head"),
            may("bodies", Takes::Ids(Kind::Body), "the bodies in it"),
            usual("states", Takes::Boolean, "false", "whether states stand in it"),
        ]],
    )
    .one_of(&[&["bodies", "states"]]),
    Table::new(
        "code",
        "What a word of a closed list means, for the codebook.",
        &[&[
            must("list", Takes::Word(CodeList::WORDS), "the list"),
            must("value", Takes::Text, "the word, one of that list"),
            must("definition", Takes::Text, "what it means"),
            must("inclusion", Takes::Text, "when to use it"),
            must("near_miss", Takes::Text, "what looks like it and is not"),
            must("example", Takes::Text, "a plain case of it"),
        ]],
    ),
];
