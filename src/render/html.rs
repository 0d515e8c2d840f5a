//! A document as one HTML page that stands alone: its styles are inside, it loads nothing and runs no script.
//!
//! Text of packs is escaped. Colours only repeat what words and signs say; how it looks is in `page.css`.

use std::collections::BTreeSet;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::document::{Align, Block, Cell, Document, Line, Picture, Span, Style, Table};

/// How a page looks, on a screen, from a projector and on paper.
const STYLES: &str = include_str!("page.css");

/// Pages with more sections than this open with a list of them.
const FEW: usize = 4;

/// The deepest heading that HTML knows.
const DEEPEST: usize = 6;

/// What stands before the first word of a branch, in documents that draw trees.
const BRANCH: char = '└';

/// A document as an HTML page, with a line end at its end.
///
/// A document with several headings of level 1 (several scenarios) becomes one page with a chapter for each.
pub fn html(document: &Document) -> String {
    let mut ids = Ids::default();
    let root = outline(document, &mut ids);
    // Below the page's own title.
    let sections: &[Part<'_>] = root.parts.first().map_or(&[], |top| &top.parts);
    let title = root.parts.first().map_or("mandatum", |top| top.title.as_str());
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLES)) }
            }
            body {
                a class="skip" href="#content" { "Skip to the content" }
                @if sections.len() > FEW {
                    nav aria-label="On this page" {
                        p { "On this page" }
                        ol {
                            @for section in sections {
                                li { a href={ "#" (section.id) } { (section.title) } }
                            }
                        }
                    }
                }
                main id="content" class=[ids.chapters.then_some("chapters")] tabindex="-1" { (part(&root, &mut ids)) }
            }
        }
    };
    format!("{}\n", page.into_string())
}

/// A heading with what stands under it.
#[derive(Default)]
struct Part<'d> {
    /// The heading; empty for what stands before the first.
    title: String,
    /// Its id on the page.
    id: String,
    /// How deep it stands, from 1.
    depth: usize,
    blocks: Vec<&'d Block>,
    parts: Vec<Part<'d>>,
}

/// The ids of a page: none twice.
struct Ids {
    taken: BTreeSet<String>,
    /// Whether the page has chapters.
    chapters: bool,
    /// The chapter being written.
    chapter: Option<String>,
}

impl Default for Ids {
    fn default() -> Self {
        Ids { taken: BTreeSet::from(["content".to_owned()]), chapters: false, chapter: None }
    }
}

impl Ids {
    /// An id that tells what it names.
    fn of(&mut self, text: &str) -> String {
        let words: Vec<String> = text
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let joined = words.join("-");
        let plain = if joined.starts_with(char::is_alphabetic) { joined } else { format!("part-{joined}") };
        let mut id = plain.clone();
        let mut count = 1;
        while !self.taken.insert(id.clone()) {
            count += 1;
            id = format!("{plain}-{count}");
        }
        id
    }
}

/// The headings as a tree without jumps: a heading of level 3 right under one of level 1 stands one below it.
fn outline<'d>(document: &'d Document, ids: &mut Ids) -> Part<'d> {
    let titles: Vec<&str> = document
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Heading(1, text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let mut blocks = document.blocks.as_slice();
    // The headings above the current place: their levels.
    let mut levels: Vec<u8> = Vec::new();
    let mut open: Vec<Part<'d>> = vec![Part::default()];
    match titles.as_slice() {
        [_] => {}
        // A document without a title (an explanation) goes by its first sentence.
        [] => {
            if let Some((Block::Paragraph(line), rest)) = blocks.split_first() {
                let title: String = line.iter().map(|span| span.text.as_str()).collect();
                enter(&mut open, &mut levels, 1, title.trim(), ids);
                blocks = rest;
            }
        }
        several => {
            ids.chapters = true;
            enter(&mut open, &mut levels, 0, &format!("{} pages", several.len()), ids);
        }
    }
    for block in blocks {
        match (block, open.last_mut()) {
            (Block::Heading(level, text), _) => enter(&mut open, &mut levels, *level, text, ids),
            (Block::Blank, _) | (_, None) => {}
            (other, Some(part)) => part.blocks.push(other),
        }
    }
    close(&mut open, 1);
    open.pop().unwrap_or_default()
}

/// Opens a heading's part, after those that it ends.
fn enter(open: &mut Vec<Part<'_>>, levels: &mut Vec<u8>, level: u8, text: &str, ids: &mut Ids) {
    levels.retain(|own| *own < level);
    close(open, levels.len() + 1);
    levels.push(level);
    open.push(Part { title: text.to_owned(), id: ids.of(text), depth: levels.len(), ..Part::default() });
}

/// Folds open parts into those around them, until so many are left.
fn close(open: &mut Vec<Part<'_>>, left: usize) {
    while open.len() > left {
        let Some(part) = open.pop() else { return };
        if let Some(around) = open.last_mut() {
            around.parts.push(part);
        }
    }
}

fn part(own: &Part<'_>, ids: &mut Ids) -> Markup {
    if ids.chapters && own.depth == 2 {
        ids.chapter = Some(own.title.clone());
    }
    html! {
        @if own.depth == 1 {
            h1 id=(own.id) { (own.title) }
        } @else if own.depth > 1 {
            (heading(own.depth, &own.id, &own.title))
        }
        (blocks(own, ids))
        @for inner in &own.parts {
            @if inner.depth == 1 {
                (part(inner, ids))
            } @else {
                // Only the sections of the page are landmarks; names of deeper ones may repeat.
                section aria-labelledby=[(inner.depth == 2).then_some(&inner.id)] { (part(inner, ids)) }
            }
        }
    }
}

fn heading(depth: usize, id: &str, title: &str) -> Markup {
    let depth = depth.min(DEEPEST);
    html! {
        (PreEscaped(format!("<h{depth} id=\""))) (id) (PreEscaped("\">"))
        (title)
        (PreEscaped(format!("</h{depth}>")))
    }
}

fn blocks(own: &Part<'_>, ids: &mut Ids) -> Markup {
    let mut tables = 0;
    let mut rest = own.blocks.as_slice();
    let mut markup = Vec::new();
    while let Some((block, after)) = rest.split_first() {
        rest = after;
        markup.push(match block {
            Block::Paragraph(line) if depth(line).is_some() => {
                let mut branches = vec![line];
                while let Some((Block::Paragraph(next), after)) = rest.split_first()
                    && depth(next).is_some()
                {
                    branches.push(next);
                    rest = after;
                }
                tree(&branches)
            }
            Block::Paragraph(line) => html! { p { (inline(line)) } },
            Block::List(points) => html! {
                ul { @for point in points { li { (inline(point)) } } }
            },
            Block::Card(rows) => html! {
                dl {
                    @for (key, value) in rows {
                        div { dt { (key) } dd { (inline(value)) } }
                    }
                }
            },
            Block::Table(rows) => {
                tables += 1;
                let number = if tables > 1 { format!(" {tables}") } else { String::new() };
                // What is told of several scenarios has the same titles: the scenario tells them apart.
                let whose = ids.chapter.as_deref().map(|chapter| format!(" ({chapter})")).unwrap_or_default();
                table(rows, &format!("Table{number}: {}{whose}", own.title), ids)
            }
            Block::Picture(drawing) => picture(drawing, ids),
            Block::Heading(..) | Block::Blank => html! {},
        });
    }
    html! { @for own in &markup { (own) } }
}

/// How deep a branch of a tree hangs, from 0; `None` for what is no branch.
fn depth(line: &Line) -> Option<usize> {
    let text = line.first().map(|span| span.text.as_str())?;
    let branch = text.trim_start_matches(' ');
    branch.starts_with(BRANCH).then(|| (text.len() - branch.len()) / 2)
}

/// Branches as lists within lists.
fn tree(branches: &[&Line]) -> Markup {
    let Some(top) = branches.iter().filter_map(|line| depth(line)).min() else { return html! {} };
    let mut items: Vec<(&Line, &[&Line])> = Vec::new();
    let mut rest = branches;
    while let Some((line, after)) = rest.split_first() {
        let own = after.iter().take_while(|next| depth(next).is_some_and(|deep| deep > top)).count();
        let (inner, after) = after.split_at(own);
        items.push((line, inner));
        rest = after;
    }
    html! {
        ul class="tree" {
            @for (line, inner) in items {
                li {
                    (inline(&bare(line)))
                    @if !inner.is_empty() { (tree(inner)) }
                }
            }
        }
    }
}

/// A branch without its sign.
fn bare(line: &Line) -> Line {
    let mut bare = line.clone();
    if let Some(first) = bare.first_mut() {
        first.text = first.text.trim_start_matches([' ', BRANCH]).to_owned();
    }
    bare.retain(|span| !span.text.is_empty());
    bare
}

fn table(table: &Table, name: &str, ids: &mut Ids) -> Markup {
    let id = ids.of(name);
    let headed = table.header.iter().flatten().flatten().any(|span| !span.text.trim().is_empty());
    let side = |column: usize| match table.align.get(column).copied().unwrap_or_default() {
        Align::Left => None,
        Align::Right => Some("right"),
        Align::Centre => Some("centre"),
    };
    let columns = table.rows.iter().map(Vec::len).chain([table.header.len()]).max().unwrap_or(0);
    let nothing = Cell::new();
    html! {
        // What scrolls must be reached with the keyboard.
        div class="scroll" role="region" aria-labelledby=(id) tabindex="0" {
            table {
                caption id=(id) { (name) }
                @if headed {
                    thead {
                        tr {
                            @for column in 0..columns {
                                @let head = table.header.get(column).unwrap_or(&nothing);
                                @if empty(head) {
                                    td {}
                                } @else {
                                    th scope="col" class=[side(column)] { (lines(head)) }
                                }
                            }
                        }
                    }
                }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for column in 0..columns {
                                @let own = row.get(column).unwrap_or(&nothing);
                                @if column == 0 && headed && !empty(own) {
                                    th scope="row" class=[side(column)] { (lines(own)) }
                                } @else {
                                    td class=[side(column)] { (lines(own)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn empty(cell: &Cell) -> bool {
    cell.iter().flatten().all(|span| span.text.trim().is_empty())
}

fn lines(cell: &Cell) -> Markup {
    html! {
        @for (index, line) in cell.iter().enumerate() {
            @if index > 0 { br; }
            (inline(line))
        }
    }
}

fn picture(picture: &Picture, ids: &mut Ids) -> Markup {
    let id = ids.of("caption");
    html! {
        figure {
            div class="scroll" role="region" aria-labelledby=(id) tabindex="0" {
                div class="picture" role="img" aria-labelledby=(id) { (PreEscaped(&picture.svg)) }
            }
            figcaption id=(id) { (picture.caption) }
        }
    }
}

fn inline(line: &[Span]) -> Markup {
    html! {
        @for span in line {
            @match span.to.as_deref().filter(|to| leads(to)) {
                Some(to) => a href=(to) { (styled(span)) },
                None => (styled(span)),
            }
        }
    }
}

fn styled(span: &Span) -> Markup {
    let text = span.text.as_str();
    let class = match span.style {
        Style::Plain => return html! { (text) },
        Style::Strong => return html! { strong { (text) } },
        Style::Code => return html! { code { (text) } },
        Style::Dim => "dim",
        Style::Good => "good",
        Style::Gap => "gap",
        Style::Contested => "contested",
        Style::Open => "open",
        Style::Overlap => "overlap",
        Style::Source => "source",
    };
    html! { span class=(class) { (text) } }
}

/// Whether a link may be followed from a page: to the web, within the page, or to a file beside it; never a script.
fn leads(to: &str) -> bool {
    let odd = to.is_empty() || to.starts_with("//") || to.contains(|c: char| c.is_control() || c == ' ' || c == '\\');
    let start = to.split(['/', '?', '#']).next().unwrap_or_default();
    let web = ["https://", "http://"].iter().any(|scheme| to.starts_with(scheme));
    !odd && (web || !start.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::super::document::{cell, link, plain, span};
    use super::*;

    const NASTY: &str = "<script>alert(\"x\")</script> & 'so' </style>";

    #[test]
    fn text_cannot_mark_itself_up() {
        let mut document = Document::default();
        document.heading(1, NASTY);
        document.heading(2, NASTY);
        document.paragraph(vec![plain(NASTY), span(Style::Gap, NASTY), span(Style::Code, NASTY)]);
        document.list(vec![vec![span(Style::Source, NASTY)]]);
        document.card(vec![(NASTY.to_owned(), vec![plain(NASTY)])]);
        document.table(Table {
            header: vec![cell(Style::Strong, NASTY)],
            align: Vec::new(),
            rows: vec![vec![cell(Style::Open, NASTY)]],
        });
        document.picture("<svg></svg>".to_owned(), NASTY);
        document.paragraph(vec![plain("└ a"), plain(NASTY)]);
        let page = html(&document);
        assert!(!page.contains("<script") && !page.contains("'so' </style>"), "{page}");
        assert_eq!(page.matches("&lt;script&gt;").count(), 14, "{page}");
        assert_eq!(page.matches("</style>").count(), 1, "{page}");
    }

    #[test]
    fn only_links_that_run_nothing_are_links() {
        for to in ["#gaps", "claims.md#a", "../a/b.html?c=d:e", "https://example.org/a:b", "http://example.org"] {
            assert!(leads(to), "{to}");
        }
        for to in ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "//example.org", " javascript:x", ""] {
            assert!(!leads(to), "{to}");
        }
        for to in ["java\nscript:x", "mailto:a@b", "\\\\host", "file:///etc/passwd"] {
            assert!(!leads(to), "{to}");
        }
        let mut document = Document::default();
        document.paragraph(vec![link(Style::Code, "a", "b.html\"onclick=\"x".to_owned())]);
        document.paragraph(vec![link(Style::Plain, "stays", "javascript:x".to_owned())]);
        document.paragraph(vec![link(Style::Code, "goes", "b.html#c\"d".to_owned())]);
        let page = html(&document);
        assert!(page.contains("<p>stays</p>"), "{page}");
        assert!(page.contains("<a href=\"b.html#c&quot;d\"><code>goes</code></a>"), "{page}");
    }

    #[test]
    fn headings_never_jump_and_sections_nest() {
        let mut document = Document::default();
        for (level, text) in [(1, "Top"), (3, "Case a"), (3, "Case b"), (2, "Gaps"), (3, "Near"), (2, "Gaps")] {
            document.heading(level, text);
        }
        let page = html(&document);
        for part in [
            "<title>Top</title>",
            "<h1 id=\"top\">Top</h1>",
            "<section aria-labelledby=\"case-a\"><h2 id=\"case-a\">Case a</h2></section>",
            "<h2 id=\"case-b\">Case b</h2></section>",
            "<h2 id=\"gaps\">Gaps</h2><section><h3 id=\"near\">Near</h3></section></section>",
            "<h2 id=\"gaps-2\">Gaps</h2>",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(!page.contains("<nav"), "four sections need no list of them");
        document.heading(2, "One more");
        assert!(html(&document).contains("<li><a href=\"#gaps-2\">Gaps</a></li>"));
    }

    #[test]
    fn several_pages_are_chapters_of_one() {
        let mut document = Document::default();
        document.heading(1, "One");
        document.heading(2, "Gaps");
        document.heading(1, "Two");
        let page = html(&document);
        assert_eq!(page.matches("<h1").count(), 1, "{page}");
        for part in ["<title>2 pages</title>", "<h2 id=\"one\">", "<h3 id=\"gaps\">", "<h2 id=\"two\">"] {
            assert!(page.contains(part), "{part} in {page}");
        }
    }

    #[test]
    fn a_tree_becomes_lists_within_lists() {
        let mut document = Document::default();
        document.paragraph(vec![span(Style::Strong, "why")]);
        for (branch, text) in [("└ ", "a"), ("  └ ", "b"), ("    └ ", "c"), ("  └ ", "d"), ("└ ", "e")] {
            document.paragraph(vec![span(Style::Dim, branch), plain(text)]);
        }
        let list = "<ul class=\"tree\">";
        let page = html(&document);
        assert!(page.contains("<h1 id=\"why\">why</h1>"), "{page}");
        let want = format!("{list}<li>a{list}<li>b{list}<li>c</li></ul></li><li>d</li></ul></li><li>e</li></ul>");
        assert!(page.contains(&want), "{page}");
    }

    #[test]
    fn tables_have_heads_for_columns_and_rows_and_fill_short_rows() {
        let mut document = Document::default();
        document.heading(1, "Needs");
        document.table(Table {
            header: vec![cell(Style::Strong, "need"), cell(Style::Strong, "count")],
            align: vec![Align::Left, Align::Right],
            rows: vec![vec![cell(Style::Plain, "inform")], vec![Cell::new(), vec![vec![plain("1")], vec![plain("2")]]]],
        });
        let page = html(&document);
        for part in [
            "<caption id=\"table-needs\">Table: Needs</caption>",
            "<th scope=\"col\" class=\"right\"><strong>count</strong></th>",
            "<tr><th scope=\"row\">inform</th><td class=\"right\"></td></tr>",
            "<tr><td></td><td class=\"right\">1<br>2</td></tr>",
            "role=\"region\" aria-labelledby=\"table-needs\" tabindex=\"0\"",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
    }

    #[test]
    fn a_picture_stands_with_its_words() {
        let mut document = Document::default();
        document.picture("<svg><path d=\"M0 0\"/></svg>".to_owned(), "Two lines meet");
        let page = html(&document);
        assert!(
            page.contains("role=\"img\" aria-labelledby=\"caption\"><svg><path d=\"M0 0\"/></svg></div>"),
            "{page}"
        );
        assert!(page.contains("<figcaption id=\"caption\">Two lines meet</figcaption>"), "{page}");
    }
}
