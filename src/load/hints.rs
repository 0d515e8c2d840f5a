//! What to do about a key that is missing, unknown or of another kind: lines to add, other names, where it belongs.

use std::collections::BTreeSet;

use toml::de::DeValue;

use super::table::Table;
use crate::diagnostic::closest;

/// How the help begins for a key that stands under a heading and belongs above all of them.
pub(super) const HIGHER: &str = "it belongs to the whole file: put it above the first heading";

impl Table<'_, '_> {
    /// Where a key belongs that is not one of this table.
    pub(super) fn where_it_belongs(&self, key: &str, value: &DeValue<'_>) -> Option<String> {
        let root = !self.what.starts_with(['[', '`', 'a']);
        let table = matches!(value, DeValue::Table(_) | DeValue::Array(_));
        if !root {
            let whole = matches!(key, "title" | "date" | "question" | "pack" | "known" | "what_happened" | "featured");
            return whole.then(|| HIGHER.to_owned());
        }
        match key {
            "request" | "decision" | "authorisation" | "account" if table => {
                Some(format!("it belongs to a case: write [[case.{key}]] below its [[case]]"))
            }
            "rule" | "rules" => Some("rules stand in files of their own: rules/NAME.rhai".to_owned()),
            "pack" | "package" if table => {
                Some("pack.toml has no headings of its own: id and title stand at its top".to_owned())
            }
            // A file of shared facts has rows only, and so has a file of tests.
            _ if !table && self.seen.contains("test") && !self.seen.contains("state") => {
                Some("a key stands under a heading: [[test]] names the rule, [[test.case]] the answers".to_owned())
            }
            _ if !table && !self.seen.contains("title") => {
                Some("a key stands under a heading that says what it is of: [[state]], [[organisation]], ..".to_owned())
            }
            _ => None,
        }
    }
}

/// A line to add for a key that is missing.
pub(super) fn example(key: &str) -> String {
    let value = match key {
        "title" | "name" | "text" | "definition" | "example" | "near_miss" | "question" | "inclusion" => {
            "\"in a few words\""
        }
        "date" => "2010-04-01",
        "id" | "key" => "\"a-short-name\"",
        "source" => "\"KEY\", with the key of a [[source]]",
        "threat" | "function" | "instrument" | "organisation" | "holder" | "state" | "parent" | "organ" | "case" => {
            "\"ID\", with an id that is declared"
        }
        "affected" | "states" | "threats" | "functions" | "between" => "[\"ID\"], with ids that are declared",
        "locator" => "\"art. 4\"",
        "author" => "\"who judged\"",
        "scale" => "[0, 1]",
        _ => return "docs/scenarios.md lists what each table needs".to_owned(),
    };
    format!("add a line: {key} = {value}")
}

/// Whether a text in quotes is a number or a truth.
pub(super) fn bare(text: &str) -> bool {
    matches!(text, "true" | "false") || text.parse::<f64>().is_ok()
}

/// What a value is, in words.
pub(super) fn plain(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a decimal point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// What a key is called here that people call otherwise, if it is a legal one.
pub(super) fn called<'a>(written: &str, legal: &BTreeSet<&'a str>) -> Option<&'a str> {
    const OTHERWISE: &[(&str, &str)] = &[
        ("id", "key"),
        ("key", "id"),
        ("name", "title"),
        ("title", "name"),
        ("type", "kind"),
        ("description", "text"),
        ("description", "definition"),
        ("start", "from"),
        ("begin", "from"),
        ("since", "from"),
        ("end", "until"),
        ("to", "until"),
        ("country", "state"),
        ("countries", "states"),
        ("members", "states"),
        ("body", "organisation"),
        ("organisation", "holder"),
        ("organization", "organisation"),
        ("treaty", "instrument"),
        ("threat", "threats"),
        ("function", "functions"),
        ("author", "authors"),
        ("article", "locator"),
        ("at", "locator"),
        ("page", "locator"),
    ];
    let near = closest(written, legal.iter().copied());
    let other = OTHERWISE.iter().filter(|(own, _)| *own == written).find_map(|(_, key)| legal.get(key).copied());
    near.or(other)
}
