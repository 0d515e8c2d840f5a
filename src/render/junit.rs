//! Tests as JUnit's XML, for build servers: a suite for each rule and each scenario.
//!
//! This file alone names `quick-xml`.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::document::clean;
use crate::suite::Verdict;
use crate::suite::report::{Problem, Report, TestResult};

/// The report as XML. What a test ended with stands in `failure` or `error`, with its reasons as text.
///
/// Times stand in it where the report has them. Errors: none but those of memory.
pub fn junit(report: &Report) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut suites: Vec<(String, Vec<&TestResult>)> = Vec::new();
    for test in &report.tests {
        let name = suite(test);
        match suites.last_mut().filter(|(known, _)| *known == name) {
            Some((_, own)) => own.push(test),
            None => suites.push((name, vec![test])),
        }
    }
    let all: Vec<&TestResult> = report.tests.iter().collect();
    let mut head = vec![("name", report.pack.clone())];
    head.extend(counts(&all));
    writer.create_element("testsuites").with_attributes(attributes(&head)).write_inner_content(|writer| {
        for (name, tests) in &suites {
            let mut head = vec![("name", name.clone())];
            head.extend(counts(tests));
            writer
                .create_element("testsuite")
                .with_attributes(attributes(&head))
                .write_inner_content(|writer| tests.iter().try_for_each(|test| case(writer, name, test)))?;
        }
        Ok(())
    })?;
    let mut text = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    text.push('\n');
    Ok(text)
}

/// The suite that a test belongs to.
fn suite(test: &TestResult) -> String {
    match (&test.scenario, test.rules.first()) {
        (Some(scenario), _) => scenario.clone(),
        (None, Some(rule)) => format!("rule/{rule}"),
        (None, None) => test.id.clone(),
    }
}

fn counts(tests: &[&TestResult]) -> Vec<(&'static str, String)> {
    let of = |verdict: Verdict| tests.iter().filter(|test| test.result == Some(verdict)).count().to_string();
    let mut counts =
        vec![("tests", tests.len().to_string()), ("failures", of(Verdict::Failed)), ("errors", of(Verdict::NotRun))];
    let times: Option<Vec<u64>> = tests.iter().map(|test| test.milliseconds).collect();
    counts.extend(times.map(|times| ("time", seconds(times.iter().sum()))));
    counts
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}

fn attributes<'a>(own: &'a [(&'static str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    own.iter().map(|(name, value)| (*name, value.as_str()))
}

fn case(writer: &mut Writer<Vec<u8>>, suite: &str, test: &TestResult) -> io::Result<()> {
    let name = test.id.strip_prefix(suite).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&test.id);
    let mut head = vec![("name", clean(name)), ("classname", clean(suite))];
    head.extend(test.milliseconds.map(|own| ("time", seconds(own))));
    let element = writer.create_element("testcase").with_attributes(attributes(&head));
    let what = match test.result {
        Some(Verdict::Failed) => "failure",
        Some(Verdict::NotRun) => "error",
        Some(Verdict::Passed) | None => {
            element.write_empty()?;
            return Ok(());
        }
    };
    let first = test.problems.first();
    let head = [
        ("message", first.map_or_else(String::new, |problem| clean(&problem.message))),
        ("type", first.map_or_else(String::new, |problem| problem.code.clone())),
    ];
    element.write_inner_content(|writer| {
        let inner = writer.create_element(what).with_attributes(attributes(&head));
        inner.write_text_content(BytesText::new(&told(&test.problems)))?;
        Ok(())
    })?;
    Ok(())
}

/// Problems as lines: what is wrong, then each place with what is to be said of it.
pub(super) fn told(problems: &[Problem]) -> String {
    let mut lines = Vec::new();
    for problem in problems {
        lines.push(format!("{}: {}", problem.code, problem.message));
        lines.extend(problem.labels.iter().map(|label| format!("  {}: {}", label.at, label.text)));
        lines.extend(problem.help.iter().map(|help| format!("  {help}")));
    }
    lines.iter().map(|line| clean(line)).collect::<Vec<String>>().join("\n")
}
