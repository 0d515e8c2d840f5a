//! The little of SVG that the pictures of overlap need: text, lines, boxes, a frame with a title and a description.
//!
//! Nothing in it comes from outside, and no meaning hangs on colour.

use super::super::chart::escaped;

/// Fonts that are there on most machines; the last one always is.
const FONTS: &str = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/// Where a text keeps to its point.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A picture being drawn; lengths are in pixels, the origin is the upper left corner.
pub(super) struct Picture {
    width: f64,
    height: f64,
    body: String,
}

impl Picture {
    /// An empty white picture.
    pub(super) fn new(width: f64, height: f64) -> Self {
        Picture { width, height, body: String::new() }
    }

    /// A text in black, or in a given colour; `size` is the height of its letters.
    pub(super) fn text(&mut self, (x, y): (f64, f64), size: f64, anchor: Anchor, colour: &str, bold: bool, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if bold { " font-weight=\"bold\"" } else { "" };
        let (x, y, text) = (px(x), px(y), escaped(text));
        self.body.push_str(&format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" text-anchor=\"{anchor}\" fill=\"{colour}\"{weight}>{text}</text>\n",
            px(size)
        ));
    }

    /// A straight line.
    pub(super) fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), colour: &str, width: f64) {
        let (x1, y1, x2, y2, width) = (px(x1), px(y1), px(x2), px(y2), px(width));
        self.body.push_str(&format!(
            "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>\n"
        ));
    }

    /// A path, as SVG writes one, drawn and filled with the given attributes.
    pub(super) fn path(&mut self, points: &str, attributes: &str) {
        self.body.push_str(&format!("<path d=\"{points}\" {attributes}/>\n"));
    }

    /// A box with what a pointer that rests on it is told.
    pub(super) fn rectangle(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), attributes: &str, told: &str) {
        let (x, y, width, height, told) = (px(x), px(y), px(width), px(height), escaped(told));
        let told = if told.is_empty() { String::new() } else { format!("<title>{told}</title>") };
        self.body.push_str(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {attributes}>{told}</rect>\n"
        ));
    }

    /// The whole, with a title and a description for those who do not see it.
    pub(super) fn finish(self, title: &str, description: &str) -> String {
        let (width, height) = (px(self.width), px(self.height));
        let (title, description, body) = (escaped(title), escaped(description), self.body);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" font-family=\"{FONTS}\">\n<title>{title}</title>\n\
             <desc>{description}</desc>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{body}</svg>\n"
        )
    }
}

/// A length with one decimal at most.
pub(super) fn px(length: f64) -> String {
    let text = format!("{length:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}
