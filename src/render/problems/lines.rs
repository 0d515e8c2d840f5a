//! Problems one a line: for editors and shells, and as the commands of a workflow that mark a pull request.

use super::{Texts, region};
use crate::diagnostic::{Diagnostic, Place, Severity};

/// `file:line:column: severity[code]: message`, a line each.
pub fn short(problems: &[Diagnostic]) -> String {
    let mut out = String::new();
    for problem in problems {
        let place = problem.place().map(Place::to_string).unwrap_or_default();
        let message = problem.message.split_whitespace().collect::<Vec<_>>().join(" ");
        out.push_str(&format!("{place}: {}[{}]: {message}\n", word(problem.severity), problem.code));
    }
    out
}

/// Workflow commands, a line each. Characters that would end a value or a command are escaped.
///
/// Source: the syntax of workflow commands of GitHub Actions, and `toCommandValue`, `escapeData` and `escapeProperty` of its
/// toolkit.
pub fn github(problems: &[Diagnostic], texts: &Texts) -> String {
    let mut out = String::new();
    for problem in problems {
        let mut command = format!("::{} ", word(problem.severity));
        if let Some(place) = problem.place() {
            let own = region(place, texts, &|text| text.chars().count());
            command.push_str(&format!("file={},line={},col={}", property(&place.file), own.line, own.column));
            if own.end_line == own.line && own.end_column > own.column {
                command.push_str(&format!(",endColumn={}", own.end_column));
            }
            command.push(',');
        }
        command.push_str(&format!("title={}", property(problem.code)));
        let help = problem.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        out.push_str(&format!("{command}::{}\n", data(&format!("{}{help}", problem.message))));
    }
    out
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
