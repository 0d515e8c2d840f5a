//! A rule file cut into words, numbers, texts and signs, whatever is wrong with it.
//!
//! The script engine stops at the first thing that it cannot read; what a message needs to say more is read here.
//! Knows neither the vocabulary nor the grammar.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, digits and underscores, beginning with a letter.
    Word,
    /// Digits.
    Number,
    /// A text with its quotes, closed on its line.
    Text,
    /// A text that its line does not close.
    Open,
    /// Something between quotes that are not straight double ones.
    OddText,
    /// A comment in another language's way, to the end of its line.
    OddComment,
    /// A letter that is blank or invisible and no plain space.
    Invisible,
    /// A comment between signs that is never closed.
    OpenComment,
    /// Anything else.
    Sign,
}

/// A piece of the text. Comments and blanks are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    /// First byte.
    pub(super) start: usize,
    /// Whether it is the first on its line.
    pub(super) first: bool,
}

impl Token<'_> {
    /// Its bytes.
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text && !matches!(self.kind, Kind::Text | Kind::Open | Kind::OddText | Kind::OddComment)
    }
}

/// Signs of more than one letter, longest first.
const SIGNS: &[&str] = &[
    "<<<<<<<", ">>>>>>>", "=======", "<!--", "===", "!==", "..=", "==", "!=", "<=", ">=", "<>", ":=", "=>", "=<", "&&",
    "||", "->", "::", "++", "--", "**", "+=", "-=", "*=", "/=", "..", "#{", "??", "?.", "<<", ">>",
];

/// Typographic quotes with what may close them.
const QUOTES: &[(char, &str)] = &[
    ('“', "”“\""),
    ('”', "”“\""),
    ('„', "“”‟\""),
    ('‟', "”\""),
    ('«', "»\""),
    ('»', "«\""),
    ('‘', "’‘'"),
    ('’', "’‘'"),
    ('‚', "‘’'"),
    ('‹', "›"),
    ('\'', "'’"),
];

/// Cuts a text into tokens.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut at, mut first) = (0, true);
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        if letter == '\n' || letter == '\r' {
            (at, first) = (at + 1, true);
            continue;
        }
        if letter == ' ' || letter == '\t' {
            at += 1;
            continue;
        }
        if rest.starts_with("//") {
            at += line(rest).len();
            continue;
        }
        if rest.starts_with("/*")
            && let Some(length) = comment(rest)
        {
            at += length;
            continue;
        }
        let (kind, length) = token(rest, letter, first);
        let token = Token { kind, text: rest.get(..length).unwrap_or(rest), start: at, first };
        at += token.text.len();
        first = false;
        found.push(token);
    }
    found
}

/// Kind and length of the token that a text begins with.
fn token(rest: &str, letter: char, first: bool) -> (Kind, usize) {
    if rest.starts_with("/*") {
        return (Kind::OpenComment, 2);
    }
    if (letter == '#' && !rest.starts_with("#{")) || (first && (rest.starts_with("--") || rest.starts_with("<!--"))) {
        return (Kind::OddComment, line(rest).len());
    }
    if letter == '"' {
        let line = line(rest);
        return closed(line, '"').map_or((Kind::Open, line.len()), |length| (Kind::Text, length));
    }
    if letter == '`' {
        let end = rest.get(1..).and_then(|inner| inner.find('`'));
        return end.map_or_else(|| (Kind::Open, line(rest).len()), |end| (Kind::Text, end + 2));
    }
    if let Some((_, closing)) = QUOTES.iter().find(|(open, _)| *open == letter) {
        let inner = line(rest).get(letter.len_utf8()..).unwrap_or_default();
        let end = inner.find(|letter: char| closing.contains(letter));
        let length = end.map_or(letter.len_utf8(), |end| {
            letter.len_utf8() + end + inner.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
        });
        return (Kind::OddText, length);
    }
    if letter.is_alphabetic() || letter == '_' {
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        return (Kind::Word, end.unwrap_or(rest.len()));
    }
    if letter.is_ascii_digit() {
        let digits = |text: &str| text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        let whole = digits(rest);
        let fraction = rest.get(whole..).and_then(|rest| rest.strip_prefix('.')).map_or(0, digits);
        return (Kind::Number, whole + if fraction > 0 { fraction + 1 } else { 0 });
    }
    if letter.is_whitespace() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}') {
        return (Kind::Invisible, letter.len_utf8());
    }
    let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
    (Kind::Sign, sign.map_or(letter.len_utf8(), |sign| sign.len()))
}

/// The first line of a text, without its end.
fn line(text: &str) -> &str {
    text.split(['\n', '\r']).next().unwrap_or_default()
}

/// The length of the quoted text that a line begins with.
fn closed(line: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in line.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The length of the comment that a text begins with, comments inside it counted; `None` if it never ends.
fn comment(text: &str) -> Option<usize> {
    let (mut depth, mut at) = (0usize, 0);
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest.chars().next()?.len_utf8();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_cut_into_tokens_that_stand_where_they_say() {
        let text = "fn a(s) { /* x /* y */ */ s.b(“c d”); } // no\n# odd\nlet x = 'é; \"open\n4_m 1.5 0..3 \u{a0}\u{1f600} /* /*";
        let kinds: Vec<(Kind, &str)> = tokens(text).iter().map(|token| (token.kind, token.text)).collect();
        for wanted in [
            (Kind::OddText, "“c d”"),
            (Kind::OddComment, "# odd"),
            (Kind::OddText, "'"),
            (Kind::Open, "\"open"),
            (Kind::Number, "1.5"),
            (Kind::Number, "0"),
            (Kind::Invisible, "\u{a0}"),
            (Kind::OpenComment, "/*"),
        ] {
            assert!(kinds.contains(&wanted), "{wanted:?} in {kinds:?}");
        }
        assert!(!kinds.iter().any(|(_, text)| *text == "no" || *text == "y"), "{kinds:?}");
        assert!(tokens(text).iter().all(|token| text.get(token.range()) == Some(token.text)));
    }
}
