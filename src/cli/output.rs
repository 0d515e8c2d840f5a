//! Writing: plain in a pipe, in colour on a terminal, problems to standard error.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use mandatum::diagnostic::Diagnostic;
use mandatum::render;
use mandatum::render::document::Document;
use mandatum::shipped;

/// Widest page, in columns: beyond it lines are hard to read from a projector.
const WIDEST: usize = 100;

/// What a page is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people at a terminal.
    Terminal,
    /// For machines.
    Json,
    /// For documents.
    Markdown,
    /// One self-contained page, to project and to print.
    Html,
    /// A picture.
    Svg,
    /// For tables.
    Csv,
    /// A graph for Graphviz.
    Dot,
    /// A graph for Mermaid.
    Mermaid,
    /// For build servers.
    Junit,
    /// The Test Anything Protocol.
    Tap,
    /// SARIF 2.1.0, for code review.
    Sarif,
    /// Commands of a workflow, which mark a pull request.
    Github,
    /// One line each, for editors and shells.
    Short,
}

/// What most pages can be written as.
pub(crate) const PAGE: &[Format] = &[Format::Terminal, Format::Json, Format::Markdown, Format::Html];

/// A parser that takes only the formats that a command knows.
pub(crate) fn formats(known: &'static [Format]) -> impl TypedValueParser<Value = Format> {
    let of =
        |name: &str| known.iter().find(|format| format.to_possible_value().is_some_and(|own| own.matches(name, false)));
    let values = known.iter().filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(values).try_map(move |name| of(&name).copied().ok_or("an unknown format"))
}

/// Columns of the terminal, 100 at most; 100 in a pipe, whatever the environment says.
pub(crate) fn width() -> usize {
    if !std::io::stdout().is_terminal() {
        return WIDEST;
    }
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.unwrap_or(WIDEST).clamp(40, WIDEST)
}

/// Whether somebody reads standard output at a terminal.
pub(crate) fn looking() -> bool {
    std::io::stdout().is_terminal()
}

/// Writes to standard output. A reader that went away is no problem of ours; a full disk ends the command, for what is cut
/// off would pass for a result.
pub(crate) fn out(text: &str) {
    let mut stdout = anstream::stdout();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    if let Err(error) = written
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        complain(&format!("error: the output cannot be written: {}\n", error.to_string().to_lowercase()));
        std::process::exit(2);
    }
}

/// Writes a document in a format other than JSON.
pub(crate) fn document(document: &Document, format: Format) {
    match format {
        Format::Markdown => out(&render::markdown::markdown(document)),
        Format::Html => out(&render::html::html(document)),
        // INVARIANT: a command that takes any other format writes it itself.
        _ => out(&render::terminal::terminal(document, width())),
    }
}

/// Writes documents one after the other, with an empty line between; as HTML they are one page.
pub(crate) fn documents(documents: Vec<Document>, format: Format) {
    if format == Format::Html && !documents.is_empty() {
        let blocks = documents.into_iter().flat_map(|document| document.blocks).collect();
        return document(&Document { blocks }, format);
    }
    for (index, one) in documents.iter().enumerate() {
        if index > 0 {
            out("\n");
        }
        document(one, format);
    }
}

/// Writes a value as JSON.
pub(crate) fn json<T: serde::Serialize>(value: &T) {
    match serde_json::to_string_pretty(value) {
        Ok(text) => out(&format!("{text}\n")),
        Err(error) => complain(&format!("error: {error}\n")),
    }
}

/// Writes to standard error.
pub(crate) fn complain(text: &str) {
    let mut stderr = anstream::stderr();
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}

/// Writes problems to standard error, each underlined in its file.
pub(crate) fn problems(problems: &[Diagnostic], texts: &BTreeMap<String, String>) {
    if problems.is_empty() {
        return;
    }
    complain(&render::diagnostics::diagnostics(problems, texts));
    // Each kind once in a run: a command may print problems several times.
    static TOLD: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let paged: BTreeSet<&'static str> = shipped::problem_codes().collect();
    let fresh: Vec<&str> =
        problems.iter().map(|problem| problem.code).filter(|code| paged.contains(code) && told.insert(code)).collect();
    if let Some(line) = render::diagnostics::more_about(&fresh) {
        complain(&line);
    }
}

/// A line on standard error that counts, once a second has passed and if somebody is looking.
pub(crate) fn progress(what: &'static str) -> impl FnMut(usize, usize) {
    let (begun, looking) = (Instant::now(), std::io::stderr().is_terminal());
    let mut shown = false;
    move |done, all| {
        if !looking || (!shown && begun.elapsed() < Duration::from_secs(1)) {
            return;
        }
        shown = true;
        if done == all {
            complain("\r\u{1b}[K");
        } else {
            complain(&format!("\r{done} of {all} {what}"));
        }
    }
}
