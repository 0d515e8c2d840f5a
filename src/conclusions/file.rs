//! The file of a snapshot: the format of insta, so that its tools work on ours. A head in YAML between two rules, then
//! the text. Where files stand is not known here.
//!
//! The head is written as insta's emitter writes it. It is read here and not through insta, which reads from a path only
//! and panics on some numbers.

use std::fmt::Write as _;

use super::text::{self, Unreadable};
use super::{Conclusions, Origin};

/// What the file of a snapshot holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The conclusions.
    pub conclusions: Conclusions,
    /// What they were drawn from.
    pub origin: Origin,
}

/// The text of a snapshot's file.
pub fn write(conclusions: &Conclusions, origin: &Origin) -> String {
    let mut out = String::from("---\n");
    let _ = writeln!(out, "source: {}", scalar(&origin.file));
    let _ = writeln!(out, "description: {}", scalar(&format!("What {} concludes", conclusions.scenario)));
    out.push_str("info:\n");
    let _ = writeln!(out, "  engine: {}", scalar(&format!("mandatum {}", origin.engine)));
    let _ = writeln!(out, "  scenario: {}", print(&origin.scenario));
    let _ = writeln!(out, "  facts: {}", print(&origin.facts));
    if !origin.rules.is_empty() {
        out.push_str("  rules:\n");
    }
    for (file, own) in &origin.rules {
        let _ = writeln!(out, "    {}: {}", scalar(file), print(own));
    }
    out.push_str("---\n");
    out.push_str(&text::write(conclusions));
    out
}

/// Digits alone would be read as a number.
fn print(own: &str) -> String {
    format!("fnv-{own}")
}

/// A word of YAML: in quotes unless it is plain beyond doubt.
fn scalar(value: &str) -> String {
    let letter = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/');
    let number = value.starts_with("0x") || value.parse::<f64>().is_ok();
    let begins = value.starts_with(char::is_alphanumeric) && !value.ends_with(' ') && !number;
    let word = ["true", "false", "null", "yes", "no", "on", "off"];
    if begins && value.chars().all(letter) && !word.contains(&value.to_lowercase().as_str()) {
        return value.to_owned();
    }
    serde_json::to_string(value).unwrap_or_default()
}

fn unscalar(value: &str) -> String {
    let value = value.trim();
    if value.starts_with('"') {
        return serde_json::from_str(value).unwrap_or_else(|_| value.trim_matches('"').to_owned());
    }
    match value.strip_prefix('\'').and_then(|own| own.strip_suffix('\'')) {
        Some(own) => own.replace("''", "'"),
        None => value.to_owned(),
    }
}

/// Reads the text of a snapshot's file. Of the head only what [`write`] writes is looked at.
///
/// Errors: no head, or text that is no conclusions; lines are counted from the top of the file.
pub fn read(text: &str) -> Result<Snapshot, Unreadable> {
    let wrong = |line: usize, message: &str| Unreadable { line, message: message.to_owned() };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.split_inclusive('\n');
    if lines.next().map(str::trim_end) != Some("---") {
        return Err(wrong(1, "a snapshot begins with a line `---`"));
    }
    let mut origin = Origin::default();
    let (mut count, mut read, mut part) = (1, 4, String::new());
    let mut ended = false;
    for line in lines {
        count += 1;
        read += line.len();
        if line.trim_end() == "---" {
            ended = true;
            break;
        }
        let depth = line.len() - line.trim_start_matches(' ').len();
        let Some((key, value)) = pair(line.trim()) else { continue };
        let bare = value.trim_start_matches("fnv-").to_owned();
        match (depth, key.as_str()) {
            (0, "source") => origin.file = value,
            (2, "engine") => origin.engine = value.trim_start_matches("mandatum ").to_owned(),
            (2, "scenario") => origin.scenario = bare,
            (2, "facts") => origin.facts = bare,
            (0 | 2, _) => part = key,
            (4, _) if part == "rules" => {
                origin.rules.insert(key, bare);
            }
            _ => {}
        }
    }
    if !ended {
        return Err(wrong(count, "the head of a snapshot ends with a line `---`"));
    }
    // A first line with a carriage return is one longer.
    let start = if text.starts_with("---\r\n") { read + 1 } else { read };
    let body = text.get(start..).unwrap_or_default();
    let conclusions =
        text::read(body).map_err(|problem| Unreadable { line: problem.line + count, message: problem.message })?;
    Ok(Snapshot { conclusions, origin })
}

/// A key and its value; a key may stand in quotes.
fn pair(line: &str) -> Option<(String, String)> {
    let at = match line.strip_prefix('"') {
        Some(rest) => rest.find("\":")? + 2,
        None => line.find(':')?,
    };
    Some((unscalar(line.get(..at)?), unscalar(line.get(at + 1..)?)))
}
