//! What came of tests, for people: what failed, how many passed, how much of the rules they went through.

use super::document::{Align, Document, Line, Style, Table, cell, count, plain, span};
use crate::suite::coverage::{Count, Coverage};
use crate::suite::report::{Report, TestResult};
use crate::suite::{Kind, Verdict};

/// The tests by name, without running them.
pub fn listed(report: &Report) -> Document {
    let mut document = Document::default();
    document.list(report.tests.iter().map(named).collect());
    document.paragraph(vec![plain(format!("{}: {}", report.pack, count(report.tests.len(), "test")))]);
    document
}

/// The end of a run: with `all` each test, then those that did not pass, then how many did.
pub fn ended(report: &Report, all: bool) -> Document {
    let mut document = Document::default();
    let verdict = |test: &TestResult| {
        let style = match test.result {
            Some(Verdict::Passed) => Style::Good,
            Some(Verdict::Failed) => Style::Gap,
            Some(Verdict::NotRun) | None => Style::Open,
        };
        let mut line = vec![span(style, test.result.map_or("not run", Verdict::as_str)), plain("  ")];
        line.extend(named(test));
        line
    };
    if all {
        document.list(report.tests.iter().map(verdict).collect());
    }
    let not_passed = report.tests.iter().filter(|test| test.result != Some(Verdict::Passed));
    let not_passed: Vec<Line> = not_passed.map(verdict).collect();
    document.section("What did not pass", not_passed);
    document.paragraph(summary(report));
    document
}

fn named(test: &TestResult) -> Line {
    let mut line = vec![span(Style::Code, &test.id)];
    // A note that names the test stands in its id already.
    if let Some(note) = test.note.as_ref().filter(|note| !test.id.ends_with(note.as_str())) {
        line.push(span(Style::Dim, format!(": {note}")));
    }
    line
}

/// `primer: 12 tests (10 of rules, 2 of scenarios): 11 passed, 1 failed`.
fn summary(report: &Report) -> Line {
    let own = &report.summary;
    let kinds = Kind::ALL.iter().filter_map(|kind| {
        let number = report.tests.iter().filter(|test| test.kind == *kind).count();
        (number > 0).then(|| format!("{number} {}", kind.plural()))
    });
    let kinds: Vec<String> = kinds.collect();
    let kinds = if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
    let mut ends = vec![format!("{} passed", own.passed)];
    for (number, word) in [(own.failed, "failed"), (own.not_run, "could not run")] {
        if number > 0 {
            ends.push(format!("{number} {word}"));
        }
    }
    let good = own.failed + own.not_run == 0 && own.tests > 0;
    vec![
        plain(format!("{}: {}{kinds}: ", report.pack, count(own.tests, "test"))),
        span(if good { Style::Good } else { Style::Gap }, ends.join(", ")),
    ]
}

/// How much of the rules was gone through, by file; what was not stands apart, underlined in its file.
pub fn coverage(coverage: &Coverage) -> Document {
    let mut document = Document::default();
    document.heading(2, "Parts of rules that were exercised");
    let header = ["file of rules", "parts", "by tests of rules", "by anything", "in percent"];
    let mut table = Table {
        header: header.into_iter().map(|head| cell(Style::Plain, head)).collect(),
        align: vec![Align::Left, Align::Right, Align::Right, Align::Right, Align::Right],
        rows: Vec::new(),
    };
    for file in &coverage.files {
        table.rows.push(row(&file.file, &file.all));
    }
    table.rows.push(row("all", &coverage.all));
    document.table(table);
    let facts = &coverage.facts;
    let behind =
        format!("Facts behind an answer: {} of {} dated rows, {:.1} %", facts.behind, facts.rows, facts.percent);
    document.paragraph(vec![plain(behind)]);
    for (what, rules) in [
        ("Behind no answer: ", &facts.unread),
        ("Not counted, for there are too many worlds to explore: ", &coverage.too_large),
        ("Never spoke: ", &coverage.never_spoke),
        ("Never silent: ", &coverage.never_silent),
    ] {
        if !rules.is_empty() {
            document.paragraph(vec![span(Style::Open, what), plain(rules.join(", "))]);
        }
    }
    document
}

fn row(name: &str, own: &Count) -> Vec<super::document::Cell> {
    let number = |own: usize| cell(Style::Plain, own.to_string());
    vec![
        cell(Style::Code, name),
        number(own.parts),
        number(own.tested),
        number(own.exercised),
        cell(Style::Plain, format!("{:.1}", own.percent)),
    ]
}
