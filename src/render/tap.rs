//! Tests as lines of the Test Anything Protocol, version 14, with the reasons as YAML.

use std::fmt::Write as _;

use super::document::clean;
use crate::suite::Verdict;
use crate::suite::report::Report;

/// The report, a line for each test and a block of YAML under each that did not pass.
pub fn tap(report: &Report) -> String {
    let mut text = format!("TAP version 14\n1..{}\n", report.tests.len());
    for (index, test) in report.tests.iter().enumerate() {
        let passed = test.result == Some(Verdict::Passed);
        // A hash would begin a directive.
        let id = clean(&test.id).replace('\\', "\\\\").replace('#', "\\#");
        let _ = writeln!(text, "{}ok {} - {id}", if passed { "" } else { "not " }, index + 1);
        if passed {
            continue;
        }
        let _ = writeln!(text, "  ---");
        let _ = writeln!(text, "  result: {}", quoted(test.result.map_or("not run", Verdict::as_str)));
        let _ = writeln!(text, "  at: {}", quoted(&test.at.to_string()));
        if let Some(note) = &test.note {
            let _ = writeln!(text, "  note: {}", quoted(note));
        }
        let _ = writeln!(text, "  problems:{}", if test.problems.is_empty() { " []" } else { "" });
        for problem in &test.problems {
            let _ = writeln!(text, "    - code: {}", quoted(&problem.code));
            let _ = writeln!(text, "      message: {}", quoted(&problem.message));
            let _ = writeln!(text, "      labels:{}", if problem.labels.is_empty() { " []" } else { "" });
            for label in &problem.labels {
                let _ = writeln!(text, "        - {}", quoted(&format!("{}: {}", label.at, label.text)));
            }
            if let Some(help) = &problem.help {
                let _ = writeln!(text, "      help: {}", quoted(help));
            }
        }
        let _ = writeln!(text, "  ...");
    }
    text
}

/// A text in double quotes, as JSON and YAML both read it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(clean(text)).to_string()
}
