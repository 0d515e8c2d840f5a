//! A document: what is said and what it means, never how it looks.
//!
//! Styles name meanings; each format decides how to show them. A meaning never hangs on a style alone: the words carry it.

/// What a stretch of text means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// Nothing special.
    #[default]
    Plain,
    /// What the eye should find first.
    Strong,
    /// What may be skipped.
    Dim,
    /// One holder answers, or a rule's thesis is accepted.
    Good,
    /// Nobody answers.
    Gap,
    /// Sources disagree.
    Contested,
    /// A missing fact decides.
    Open,
    /// Several answer.
    Overlap,
    /// An id, a command.
    Code,
    /// Where something comes from.
    Source,
}

/// A stretch of text with one meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The text, without control characters.
    pub text: String,
    /// What it means.
    pub style: Style,
    /// Where it leads, in formats that can follow.
    pub to: Option<String>,
}

/// A line of spans; formats wrap it where they need to.
pub type Line = Vec<Span>;

/// A cell of a table: one line or several, kept apart.
pub type Cell = Vec<Line>;

/// Which side of its column a cell keeps to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Left.
    #[default]
    Left,
    /// Right: numbers.
    Right,
    /// In the middle.
    Centre,
}

/// A table. Rows may be shorter than the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Heads of the columns.
    pub header: Vec<Cell>,
    /// Alignments; missing ones are left.
    pub align: Vec<Align>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading of level 1 to 3.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(Line),
    /// Points of a list.
    List(Vec<Line>),
    /// A table.
    Table(Table),
    /// Keys and values.
    Card(Vec<(String, Line)>),
    /// A picture, in formats that can show one; what it says also stands in words beside it.
    Picture(Picture),
    /// An empty line, where lines count.
    Blank,
}

/// A drawing with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// One `svg` element, with nothing in it that comes from outside.
    pub svg: String,
    /// What is to be seen, in a sentence.
    pub caption: String,
}

/// Blocks in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The blocks.
    pub blocks: Vec<Block>,
}

impl Document {
    /// Adds a heading; levels beyond 1 to 3 are brought within.
    pub fn heading(&mut self, level: u8, text: impl AsRef<str>) {
        self.blocks.push(Block::Heading(level.clamp(1, 3), clean(text.as_ref())));
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, line: Line) {
        self.blocks.push(Block::Paragraph(line));
    }

    /// Adds a list, unless it is empty.
    pub fn list(&mut self, points: Vec<Line>) {
        if !points.is_empty() {
            self.blocks.push(Block::List(points));
        }
    }

    /// Adds a table.
    pub fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(table));
    }

    /// Adds a card.
    pub fn card(&mut self, rows: Vec<(String, Line)>) {
        self.blocks.push(Block::Card(rows));
    }

    /// Adds a picture.
    pub fn picture(&mut self, svg: String, caption: impl AsRef<str>) {
        self.blocks.push(Block::Picture(Picture { svg, caption: clean(caption.as_ref()) }));
    }

    /// Adds an empty line.
    pub fn blank(&mut self) {
        self.blocks.push(Block::Blank);
    }

    /// A section: its heading and its points; left out when there are none.
    pub fn section(&mut self, title: impl AsRef<str>, points: Vec<Line>) {
        if !points.is_empty() {
            self.heading(2, title);
            self.list(points);
        }
    }
}

/// A span.
pub fn span(style: Style, text: impl AsRef<str>) -> Span {
    Span { text: clean(text.as_ref()), style, to: None }
}

/// A span that leads somewhere.
pub fn link(style: Style, text: impl AsRef<str>, to: String) -> Span {
    Span { to: Some(to), ..span(style, text) }
}

/// A span without a special meaning.
pub fn plain(text: impl AsRef<str>) -> Span {
    span(Style::Plain, text)
}

/// A cell of one line with one span.
pub fn cell(style: Style, text: impl AsRef<str>) -> Cell {
    vec![vec![span(style, text)]]
}

/// At most `limit` characters of a text, cut after a word.
pub fn clip(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let cut: String = text.chars().take(limit.saturating_sub(1)).collect();
    let end = cut.rfind(' ').filter(|end| *end > cut.len() / 2).unwrap_or(cut.len());
    format!("{}…", cut.get(..end).unwrap_or(&cut).trim_end_matches([' ', ',', ';', ':']))
}

/// A number of things: `1 change`, `2 changes`. The word is given for one of them.
pub fn count(number: usize, one: &str) -> String {
    let several = match one.strip_suffix('x') {
        Some(_) => format!("{one}es"),
        None => format!("{one}s"),
    };
    format!("{number} {}", if number == 1 { one } else { &several })
}

/// The first `limit` words of a list, and how many are left out.
pub fn listed<T: AsRef<str>>(words: &[T], limit: usize) -> String {
    let mut text = words.iter().take(limit).map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
    if words.len() > limit {
        text.push_str(&format!(" and {} more", words.len() - limit));
    }
    text
}

/// Values of which the same is said, together, each in the order in which it first comes.
pub(super) fn together<K: PartialEq, V: PartialEq>(said: impl IntoIterator<Item = (K, V)>) -> Vec<(K, Vec<V>)> {
    let mut groups: Vec<(K, Vec<V>)> = Vec::new();
    for (key, value) in said {
        match groups.iter_mut().find(|(own, _)| *own == key) {
            Some((_, values)) if values.contains(&value) => {}
            Some((_, values)) => values.push(value),
            None => groups.push((key, vec![value])),
        }
    }
    groups
}

/// Packs are written by others: what could steer a terminal, or turn text around, becomes a space.
pub(super) fn clean(text: &str) -> String {
    let steers = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if steers(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_packs_cannot_steer_a_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\nc\u{202e}d").text, "a [31mb c d");
    }

    #[test]
    fn what_is_said_alike_is_said_together() {
        let groups = together([("a", 2), ("b", 1), ("a", 1), ("a", 2)]);
        assert_eq!(groups, [("a", vec![2, 1]), ("b", vec![1])]);
    }

    #[test]
    fn clipping_keeps_words_and_lists_say_what_is_left_out() {
        assert_eq!(clip("one two three", 9), "one two…");
        assert_eq!(clip("žluťoučký", 4), "žlu…");
        assert_eq!(clip("short", 9), "short");
        assert_eq!(listed(&["a", "b", "c"], 2), "a, b and 1 more");
        assert_eq!([count(1, "box"), count(2, "box"), count(0, "change")], ["1 box", "2 boxes", "0 changes"]);
    }
}
