//! What charts are drawn with: texts, lines and the five fills. Each answer has a colour, a pattern and a word of its own.

use std::fmt::Write as _;

use crate::answer::AnswerKind;
use crate::date::{Day, PartialDate};

/// Every answer, in the order of the legend.
pub(super) const ANSWERS: [AnswerKind; 5] =
    [AnswerKind::Gap, AnswerKind::OneHolder, AnswerKind::Overlap, AnswerKind::Contested, AnswerKind::Open];

/// What is not judged, or not needed.
pub(super) const EMPTY: &str = "#f1f1ee";

/// Patterns, readable without colour: stripes, plain, lines, a net, dots.
const PATTERNS: &str = concat!(
    "<defs>",
    "<pattern id=\"ink-gap\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">",
    "<rect width=\"9\" height=\"9\" fill=\"#fdece7\"/><rect width=\"4\" height=\"9\" fill=\"#d1452c\"/></pattern>",
    "<pattern id=\"ink-overlap\" width=\"8\" height=\"6\" patternUnits=\"userSpaceOnUse\">",
    "<rect width=\"8\" height=\"6\" fill=\"#d9b8e4\"/><rect width=\"8\" height=\"3\" fill=\"#7a3d90\"/></pattern>",
    "<pattern id=\"ink-contested\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">",
    "<rect width=\"8\" height=\"8\" fill=\"#fbf0d6\"/><path d=\"M0 4H8M4 0V8\" stroke=\"#8a5c00\" stroke-width=\"1.8\"/></pattern>",
    "<pattern id=\"ink-open\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">",
    "<rect width=\"8\" height=\"8\" fill=\"#e3f1f7\"/><circle cx=\"4\" cy=\"4\" r=\"1.6\" fill=\"#0b4f6e\"/></pattern>",
    "</defs>",
);

/// The fill of an answer.
pub(super) fn fill(answer: AnswerKind) -> &'static str {
    match answer {
        AnswerKind::Gap => "url(#ink-gap)",
        AnswerKind::OneHolder => "#4fb08c",
        AnswerKind::Overlap => "url(#ink-overlap)",
        AnswerKind::Contested => "url(#ink-contested)",
        AnswerKind::Open => "url(#ink-open)",
    }
}

/// A picture being drawn.
pub(super) struct Ink {
    body: String,
}

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) colour: &'static str,
    /// `start`, `middle` or `end`.
    pub(super) anchor: &'static str,
    /// Degrees, clockwise.
    pub(super) turn: f64,
    /// Whether a white rim keeps it readable on a pattern.
    pub(super) rim: bool,
}

/// Dark text that starts where it is put.
pub(super) const TEXT: Type =
    Type { size: 14.0, bold: false, colour: "#1d1d1b", anchor: "start", turn: 0.0, rim: false };

impl Ink {
    pub(super) fn new() -> Self {
        Ink { body: String::new() }
    }

    /// A rectangle; what it says shows when it is pointed at.
    pub(super) fn rect(&mut self, [x, y, width, height]: [f64; 4], fill: &str, edge: &str, says: &str) {
        let _ = write!(
            self.body,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{fill}\" stroke=\"{edge}\""
        );
        if says.is_empty() {
            self.body.push_str("/>\n");
        } else {
            let _ = writeln!(self.body, "><title>{}</title></rect>", escaped(says));
        }
    }

    /// A line through points.
    pub(super) fn line(&mut self, points: &[(f64, f64)], colour: &str, width: f64, dashes: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let dashes = if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dashes}\"") };
        let _ = writeln!(
            self.body,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"{dashes}/>",
            points.join(" ")
        );
    }

    /// A filled shape.
    pub(super) fn shape(&mut self, points: &[(f64, f64)], fill: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(self.body, "<polygon points=\"{}\" fill=\"{fill}\"/>", points.join(" "));
    }

    /// A text at a point of its base line.
    pub(super) fn text(&mut self, x: f64, y: f64, text: &str, how: Type) {
        let bold = if how.bold { " font-weight=\"700\"" } else { "" };
        let turn =
            if how.turn == 0.0 { String::new() } else { format!(" transform=\"rotate({} {x:.1} {y:.1})\"", how.turn) };
        let rim = if how.rim {
            " stroke=\"#ffffff\" stroke-width=\"3.5\" stroke-linejoin=\"round\" paint-order=\"stroke\""
        } else {
            ""
        };
        let _ = writeln!(
            self.body,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{}\" fill=\"{}\" text-anchor=\"{}\"{bold}{turn}{rim}>{}</text>",
            how.size,
            how.colour,
            how.anchor,
            escaped(text)
        );
    }

    /// The five answers with their patterns, from a point to the right, and what is not needed where there is any; where
    /// it ends.
    pub(super) fn legend(&mut self, x: f64, y: f64, empty: bool) -> f64 {
        let mut at = x;
        let answers = ANSWERS.into_iter().map(|answer| (fill(answer), word(answer)));
        for (fill, word) in answers.chain(empty.then_some((EMPTY, "not needed"))) {
            self.rect([at, y - 13.0, 30.0, 16.0], fill, "#55554f", "");
            self.text(at + 36.0, y, word, TEXT);
            at += 36.0 + width(word, 14.0) + 22.0;
        }
        at
    }

    /// The whole picture, with what it shows in a sentence and at length.
    pub(super) fn finish(self, width: f64, height: f64, title: &str, says: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             width=\"{width:.0}\" height=\"{height:.0}\" font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\">\n\
             <title>{}</title>\n<desc>{}</desc>\n{PATTERNS}\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{}</svg>\n",
            escaped(title),
            escaped(says),
            self.body
        )
    }
}

/// The word for an answer.
pub(super) fn word(answer: AnswerKind) -> &'static str {
    super::super::cells::word(answer)
}

/// About how wide a text is, in pixels: fonts differ, so this errs to the wide side.
#[expect(clippy::cast_precision_loss, reason = "texts of a chart are short")]
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.6
}

/// A date as a point on a line of years.
pub(super) fn years(date: &str) -> Option<f64> {
    PartialDate::parse(date).map(PartialDate::first).map(Day::years)
}

/// Positions near the wished ones, in order, none nearer to the next than `apart`, within the bounds where there is room.
pub(super) fn spread(wished: &[f64], apart: f64, least: f64, most: f64) -> Vec<f64> {
    let mut placed: Vec<f64> = Vec::with_capacity(wished.len());
    for wish in wished {
        placed.push(placed.last().map_or(wish.max(least), |before| wish.max(before + apart)));
    }
    // What was pushed beyond the end comes back, and pushes what stands before it.
    let mut limit = most;
    for place in placed.iter_mut().rev() {
        *place = place.min(limit);
        limit = *place - apart;
    }
    placed
}

/// Text that cannot mark itself up, without control characters.
pub(in crate::render) fn escaped(text: &str) -> String {
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_pushed_apart_and_stay_in_order_and_in_the_picture() {
        assert_eq!(spread(&[10.0, 11.0, 50.0], 5.0, 0.0, 100.0), [10.0, 15.0, 50.0]);
        assert_eq!(spread(&[97.0, 98.0, 99.0], 5.0, 0.0, 100.0), [90.0, 95.0, 100.0]);
    }

    #[test]
    fn what_a_pack_writes_is_text_and_no_markup() {
        let mut ink = Ink::new();
        ink.text(0.0, 0.0, "<script>&\"", TEXT);
        let svg = ink.finish(10.0, 10.0, "a < b", "");
        assert!(
            svg.contains("&lt;script&gt;&amp;&quot;")
                && svg.contains("<title>a &lt; b</title>")
                && !svg.contains("<script")
        );
    }
}
