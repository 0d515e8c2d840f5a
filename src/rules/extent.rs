//! Where a function's text ends, and whether a text is whole: braces counted outside texts and comments.
//!
//! Knows the lexical rules of scripts and nothing of what they say.

/// Braces of a script, outside texts and comments, with their bytes.
fn braces(text: &str) -> Vec<(usize, char)> {
    let mut found = Vec::new();
    let mut comments = 0usize;
    let mut quote: Option<char> = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        if let Some(open) = quote {
            if character == '\\' && open != '`' {
                characters.next();
            } else if character == open {
                quote = None;
            }
            continue;
        }
        match (character, next) {
            ('*', Some('/')) if comments > 0 => {
                characters.next();
                comments -= 1;
            }
            ('/', Some('*')) => {
                characters.next();
                comments += 1;
            }
            _ if comments > 0 => {}
            ('/', Some('/')) => while characters.next_if(|(_, next)| *next != '\n').is_some() {},
            ('"' | '`' | '\'', _) => quote = Some(character),
            ('{' | '}', _) => found.push((at, character)),
            _ => {}
        }
    }
    found
}

/// How many braces are open at the end of a text; negative where more close than open.
pub fn open_braces(text: &str) -> isize {
    braces(text).into_iter().map(|(_, brace)| if brace == '{' { 1 } else { -1 }).sum()
}

/// One past the last byte of the first block in a text; its end, if none closes.
pub(super) fn block(text: &str) -> usize {
    let mut depth = 0isize;
    for (at, brace) in braces(text) {
        depth += if brace == '{' { 1 } else { -1 };
        if depth == 0 && brace == '}' {
            return at + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_in_texts_and_comments_do_not_count() {
        assert_eq!(open_braces("fn a(s) { if x { }"), 1);
        assert_eq!(open_braces("fn a(s) { b(\"}\\\"}\"); // }\n /* } /* } */ } */"), 1);
        assert_eq!(open_braces("}"), -1);
        let text = "fn a(s) { if x { \"}\" } } fn b(s) {}";
        assert_eq!(text.get(..block(text)), Some("fn a(s) { if x { \"}\" } }"));
        assert_eq!(block("fn a(s) {"), 9);
    }
}
