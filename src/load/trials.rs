//! Tests of rules, beside the rules: which rule, under which answers, what it has to say.
//!
//! What the questions and the sayings mean is not known here: they are texts with their places.

use super::table::Table;
use crate::diagnostic::Diagnostic;
use crate::world::Sentence;
use crate::world::trial::{TestCase, WrittenTest};

/// Every test of a file.
pub(super) fn read(root: &mut Table<'_, '_>, tests: &mut Vec<WrittenTest>) {
    for (table, span) in root.tables("test") {
        tests.extend(test(Table::of("[[test]]", table, span, root.reading)));
    }
}

fn test(mut row: Table<'_, '_>) -> Option<WrittenTest> {
    let rule = row.required_text("rule");
    let rule_place = row.place_of("rule");
    let note = row.text("note");
    let mut cases = Vec::new();
    if !row.has("case") {
        row.missing("case");
    }
    for (table, span) in row.tables("case") {
        let before = row.reading.problems.len();
        let read = case(Table::of("[[test.case]]", table, span, row.reading));
        // What could not be read whole says something else than its author meant.
        cases.push(TestCase { whole: row.reading.problems.len() == before, ..read });
    }
    let place = row.place.clone();
    row.finish();
    Some(WrittenTest { rule: Sentence { text: rule?, place: rule_place }, note, cases, place })
}

fn case(mut row: Table<'_, '_>) -> TestCase {
    let note = row.text("note");
    let (yes, no) = (row.sentences("yes"), row.sentences("no"));
    let otherwise = super::scenario::one_of(&mut row, "otherwise", &["yes", "no"]).map(|word| word == "yes");
    let listed = row.has("says");
    let says = row.sentences("says");
    let silent = row.boolean("silent");
    let because = row.sentences("because");
    let place = row.place.clone();
    match (listed, silent) {
        (false, Some(true)) => {}
        (false, _) => row.missing("says` (or `silent = true"),
        (true, Some(silent)) if silent != says.is_empty() => {
            let said = row.place_of("silent");
            let message = "`says` and `silent` say different things".to_owned();
            let problem = Diagnostic::error("contradiction", message, said, "drop one of the two");
            row.reading.problems.push(problem);
        }
        _ => {}
    }
    row.finish();
    TestCase { note, yes, no, otherwise, says, because, whole: true, place }
}
