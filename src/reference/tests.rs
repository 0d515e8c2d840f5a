//! The tables of tests of rules.

use super::{Key, Table, Takes, may, must, rows};

/// The keys of a file of tests.
pub(super) const TESTS: &[Key] = &[rows("test", "tests, each of one rule")];

/// Every table of a file of tests.
pub(super) const ALL: &[Table] = &[
    Table::new(
        "test",
        "A test of one rule.",
        &[&[
            must("rule", Takes::Rule, "the id of the rule"),
            may("note", Takes::Text, "printed when it fails"),
            must("case", Takes::Tables("test.case"), "answers to its questions, and what it then says"),
        ]],
    ),
    Table::new(
        "test.case",
        "Answers to the rule's questions, and what it then says.",
        &[&[
            may("note", Takes::Text, "what the case stands for"),
            may("yes", Takes::Texts, "questions that are true: `bound_by(charter)`"),
            may("no", Takes::Texts, "questions that are false"),
            may(
                "otherwise",
                Takes::Word(&["yes", "no"]),
                "the answer to every other question; without it, no other may be asked",
            ),
            may("says", Takes::Texts, "everything that it says: `passes(LEAGUE, consult, reach)`"),
            may("silent", Takes::Boolean, "`true`: it says nothing"),
            may("because", Takes::Texts, "questions that must have been asked on the way"),
        ]],
    )
    .one_of(&[&["says", "silent"]]),
];
