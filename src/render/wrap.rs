//! Lines broken by display columns, keeping what each stretch means.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::document::{Line, Span, Style, span};

/// The display columns of a line.
pub(super) fn measure(line: &[Span]) -> usize {
    line.iter().map(|span| span.text.width()).sum()
}

/// Breaks a line at spaces, so that nothing is wider than `width`; a longer word is cut, after a hyphen if it has one.
pub(super) fn wrap(line: &[Span], width: usize) -> Vec<Line> {
    let width = width.max(1);
    let mut lines: Vec<Line> = Vec::new();
    let mut current: Line = Vec::new();
    let mut used = 0;
    for word in words(line) {
        for (index, word) in pieces(word, width).into_iter().enumerate() {
            let wide = measure(&word);
            // A piece of a cut word starts a line of its own.
            if used > 0 && (index > 0 || used + 1 + wide > width) {
                lines.push(std::mem::take(&mut current));
                used = 0;
            }
            if used > 0 {
                used += 1;
                append(&mut current, span(word.first().map_or(Style::Plain, |first| first.style), " "));
            }
            used += wide;
            for part in word {
                append(&mut current, part);
            }
        }
    }
    if !current.is_empty() || lines.is_empty() {
        lines.push(current);
    }
    lines
}

fn append(line: &mut Line, part: Span) {
    match line.last_mut() {
        Some(last) if last.style == part.style => last.text.push_str(&part.text),
        _ => line.push(part),
    }
}

/// Words with their styles; spans that touch without a space stay one word.
fn words(line: &[Span]) -> Vec<Line> {
    let mut words = vec![Line::new()];
    for span in line {
        for (index, piece) in span.text.split(' ').enumerate() {
            if index > 0 {
                words.push(Line::new());
            }
            if let (false, Some(word)) = (piece.is_empty(), words.last_mut()) {
                append(word, Span { text: piece.to_owned(), ..span.clone() });
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A word in pieces that fit.
fn pieces(word: Line, width: usize) -> Vec<Line> {
    if measure(&word) <= width {
        return vec![word];
    }
    let letters: Vec<(char, Style)> = word.iter().flat_map(|part| part.text.chars().map(|c| (c, part.style))).collect();
    let mut pieces: Vec<Line> = Vec::new();
    let mut rest = letters.as_slice();
    while !rest.is_empty() {
        let mut used = 0;
        let fitting = rest
            .iter()
            .take_while(|(letter, _)| {
                used += letter.width().unwrap_or(0);
                used <= width
            })
            .count()
            .max(1);
        let head = rest.get(..fitting).unwrap_or(rest);
        let hyphen = head.iter().rposition(|(letter, _)| matches!(letter, '-' | '/' | ',')).map(|at| at + 1);
        let end = if fitting == rest.len() { fitting } else { hyphen.unwrap_or(fitting) };
        let (head, tail) = rest.split_at(end);
        let mut piece = Line::new();
        for (letter, style) in head {
            append(&mut piece, Span { text: letter.to_string(), style: *style, ..Span::default() });
        }
        pieces.push(piece);
        rest = tail;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::super::document::{plain, span};
    use super::*;

    #[test]
    fn lines_wrap_by_display_columns_and_styles_touch() {
        let line = vec![plain("see ("), span(Style::Code, "cst-1992"), plain(") 漢字漢字漢字 end")];
        let texts: Vec<String> =
            wrap(&line, 14).iter().map(|line| line.iter().map(|span| span.text.as_str()).collect()).collect();
        assert_eq!(texts, ["see (cst-1992)", "漢字漢字漢字", "end"]);
    }

    #[test]
    fn words_that_are_too_long_are_cut_after_hyphens() {
        let texts: Vec<String> = wrap(&[plain("control-finance")], 9)
            .iter()
            .map(|line| line.iter().map(|span| span.text.as_str()).collect())
            .collect();
        assert_eq!(texts, ["control-", "finance"]);
    }
}
