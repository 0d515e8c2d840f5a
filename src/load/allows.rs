//! What the authors of a pack let be: comments `# allow CODE: reason` over a row or behind a line, and `[[allow]]` in `pack.toml`.

use std::ops::Range;
use std::sync::Arc;

use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::table::Table;
use crate::diagnostic::{Allow, Place, line_starts};

/// The comments of a file that let something be.
///
/// One that stands alone is for the next line that is no comment, and for the whole row where that line is its head; one
/// behind something is for that line.
pub(super) fn comments(path: &str, text: &str) -> Vec<Allow> {
    // Nearly every file has none, and lexing costs more than looking.
    if !text.contains("allow ") {
        return Vec::new();
    }
    let (file, starts): (Arc<str>, Vec<usize>) = (path.into(), line_starts(text));
    let mut found = Vec::new();
    for token in Source::new(text).lex().filter(|token| token.kind() == TokenKind::Comment) {
        let span = token.span().start()..token.span().end();
        let comment = text.get(span.clone()).unwrap_or_default();
        let Some(written) = comment.trim_start_matches('#').trim().strip_prefix("allow ") else { continue };
        // A sentence that begins with the word lets nothing be: a code is one word.
        if written.split(':').next().unwrap_or_default().trim().contains(char::is_whitespace) {
            continue;
        }
        let place = Place::with_lines(&file, text, &starts, span.clone());
        let before = text.get(..span.start).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
        let alone = before.trim().is_empty();
        let lines = if alone { below(text, place.line) } else { place.line..place.line + 1 };
        found.push(Allow::parse(written, Some(lines), place));
    }
    found
}

/// The lines of what stands under a line, counted from 1: a row with all its keys, or one line.
fn below(text: &str, line: usize) -> Range<usize> {
    let is_head = |own: &str| own.trim_start().starts_with('[');
    let mut following = text.lines().enumerate().skip(line).filter(|(_, own)| {
        let own = own.trim();
        !own.is_empty() && !own.starts_with('#')
    });
    match following.next() {
        Some((at, first)) if is_head(first) => {
            let end = following.find(|(_, own)| is_head(own)).map_or(usize::MAX, |(next, _)| next + 1);
            at + 1..end
        }
        Some((at, _)) => at + 1..at + 2,
        None => line..line + 1,
    }
}

/// The rows of `pack.toml` that let something be in the whole pack.
pub(super) fn rows(root: &mut Table<'_, '_>) -> Vec<Allow> {
    let mut found = Vec::new();
    for (table, span) in root.tables("allow") {
        let mut row = Table::of("[[allow]]", table, span, root.reading);
        let code = row.required_text("code");
        let reason = row.text("reason");
        let place = row.place.clone();
        row.finish();
        found.extend(code.map(|code| Allow { code, reason, lines: None, place }));
    }
    found
}
