//! Problems as SARIF 2.1.0, which code review shows beside the lines. Columns count units of UTF-16, and it says so.
//!
//! Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.

use serde_json::{Map, Value, json};

use super::{Texts, region};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::lint::{Allowed, LINTS};
use crate::shipped;

/// One run with its rules: every lint, and every other kind of problem that came up. What is let be is there, suppressed.
pub fn sarif(problems: &[Diagnostic], allowed: &[Allowed], texts: &Texts) -> Value {
    let mut codes: Vec<(&str, Severity)> = LINTS.iter().map(|lint| (lint.code, lint.severity)).collect();
    for problem in problems {
        if !codes.iter().any(|(code, _)| *code == problem.code) {
            codes.push((problem.code, problem.severity));
        }
    }
    let index = |problem: &Diagnostic| codes.iter().position(|(code, _)| *code == problem.code);
    let mut results: Vec<Value> = problems.iter().map(|own| Value::Object(result(own, index(own), texts))).collect();
    for own in allowed {
        let mut suppressed = result(&own.problem, index(&own.problem), texts);
        let suppression =
            json!({ "kind": "inSource", "justification": own.reason, "location": location(&own.place, None, texts) });
        suppressed.insert("suppressions".to_owned(), json!([suppression]));
        results.push(Value::Object(suppressed));
    }
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|(code, severity)| rule(code, *severity)).collect::<Vec<_>>(),
            }},
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn rule(code: &str, severity: Severity) -> Value {
    let page = shipped::problem_page(code);
    let lint = LINTS.iter().find(|lint| lint.code == code).map(|lint| lint.says.to_owned());
    // The first line under the title says what it is.
    let first = || page.and_then(|page| page.lines().skip(1).find(|line| !line.trim().is_empty())).map(str::to_owned);
    let mut rule = json!({ "id": code, "defaultConfiguration": { "level": level(severity) } });
    if let (Some(fields), Some(text)) = (rule.as_object_mut(), lint.or_else(first)) {
        fields.insert("shortDescription".to_owned(), json!({ "text": text }));
    }
    if let (Some(fields), Some(page)) = (rule.as_object_mut(), page) {
        fields.insert("help".to_owned(), json!({ "text": page, "markdown": page }));
    }
    rule
}

fn result(problem: &Diagnostic, index: Option<usize>, texts: &Texts) -> Map<String, Value> {
    let help = problem.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), json!(problem.code));
    result.extend(index.map(|index| ("ruleIndex".to_owned(), json!(index))));
    result.insert("level".to_owned(), json!(level(problem.severity)));
    result.insert("message".to_owned(), json!({ "text": format!("{}{help}", problem.message) }));
    let mut places = problem.labels.iter().map(|(place, label)| location(place, Some(label), texts));
    let first: Vec<Value> = places.by_ref().take(1).collect();
    let others: Vec<Value> = places.collect();
    result.insert("locations".to_owned(), json!(first));
    if !others.is_empty() {
        result.insert("relatedLocations".to_owned(), json!(others));
    }
    result
}

fn location(place: &Place, label: Option<&String>, texts: &Texts) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&place.file) } });
    let own = region(place, texts, &|text| text.encode_utf16().count());
    let known = texts.contains_key(place.file.as_ref()) && (place.start, place.end) != (0, 0);
    if let (Some(fields), true) = (physical.as_object_mut(), known) {
        let region = json!({
            "startLine": own.line,
            "startColumn": own.column,
            "endLine": own.end_line,
            "endColumn": own.end_column,
        });
        fields.insert("region".to_owned(), region);
    }
    let mut location = json!({ "physicalLocation": physical });
    if let (Some(fields), Some(label)) = (location.as_object_mut(), label.filter(|label| !label.is_empty())) {
        fields.insert("message".to_owned(), json!({ "text": label }));
    }
    location
}

/// A path as a reference of RFC 3986: what is no part of one is escaped byte by byte.
fn uri(path: &str) -> String {
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/+@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
