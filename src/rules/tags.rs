//! What a rule file says about its rules in comments: head, doc comments, tags, and where functions stand.
//!
//! Read from the text, because the script engine keeps no positions for comments.

use std::ops::Range;
use std::sync::Arc;

use super::habits::FUNCTIONS;
use crate::diagnostic::{Allow, Diagnostic, Place, Problems};

/// A tag with its value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) place: Place,
    /// The place of its value; of the whole tag where it has none.
    pub(super) value_place: Place,
}

/// A function of the file with its comments.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) private: bool,
    /// Line of the function, counted from 1.
    pub(super) line: usize,
    pub(super) place: Place,
    /// Whether its line is indented, as inside another function.
    pub(super) indented: bool,
    /// The doc comment without its tags.
    pub(super) doc: String,
    pub(super) tags: Vec<Tag>,
}

/// What a file says of itself and its functions.
#[derive(Clone, Debug, Default)]
pub(super) struct Heads {
    pub(super) file_tags: Vec<Tag>,
    pub(super) functions: Vec<Head>,
    /// Tags that stand where nobody reads them, with why.
    pub(super) misplaced: Vec<(Tag, Stray)>,
}

/// Why a tag is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stray {
    /// It stands in a comment of two slashes.
    Plain,
    /// No function follows it.
    NoFunction,
    /// It lacks its `@`.
    NoAt,
}

/// The tag of a file's head that says whose argument its rules are.
pub(super) const SOURCE: &str = "source";

/// Scans a rule file.
pub(super) fn scan(file: &Arc<str>, text: &str) -> Heads {
    let mut heads = Heads::default();
    let mut doc: Vec<String> = Vec::new();
    let mut tags: Vec<Tag> = Vec::new();
    let mut offset = 0;
    for (index, raw) in text.split('\n').enumerate() {
        let line = raw.trim();
        let indent = raw.len() - raw.trim_start().len();
        let range = offset + indent..offset + indent + line.len();
        offset += raw.len() + 1;
        if let Some(comment) = line.strip_prefix("//!") {
            let bare = comment.trim_start().strip_prefix(SOURCE).is_some_and(|rest| rest.starts_with([' ', ':', '=']));
            if bare {
                let written = format!("@{}", comment.trim_start());
                heads.misplaced.extend(tag(file, text, &written, range.clone()).map(|tag| (tag, Stray::NoAt)));
            }
            heads.file_tags.extend(tag(file, text, comment, range));
        } else if let Some(comment) = line.strip_prefix("///") {
            match tag(file, text, comment, range) {
                Some(tag) => tags.push(tag),
                None => doc.push(comment.trim().to_owned()),
            }
        } else if let Some((private, name)) = function(line) {
            let start = range.start + line.find(name).unwrap_or(0);
            heads.functions.push(Head {
                name: name.to_owned(),
                private,
                line: index + 1,
                indented: indent > 0,
                place: Place::new(file, text, start..start + name.len()),
                doc: doc.join(" ").trim().to_owned(),
                tags: std::mem::take(&mut tags),
            });
            doc.clear();
        } else if let Some(comment) = line.strip_prefix("//") {
            heads.misplaced.extend(tag(file, text, comment, range).map(|tag| (tag, Stray::Plain)));
        } else if !line.is_empty() {
            doc.clear();
            // A function that is begun in another language's way is reported as that.
            let begun = line.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
            let meant = begun == "fn" || FUNCTIONS.contains(&begun);
            heads.misplaced.extend(tags.drain(..).filter(|_| !meant).map(|tag| (tag, Stray::NoFunction)));
        }
    }
    heads.misplaced.extend(tags.into_iter().map(|tag| (tag, Stray::NoFunction)));
    heads
}

/// What is let be in a file: in all of it by its head, in a function by the comment over it.
pub(super) fn allows(heads: &Heads, name: &str) -> Vec<Allow> {
    let of = |tag: &Tag, lines: Range<usize>| Allow::parse(&tag.value, Some(lines), tag.place.clone());
    let mut found: Vec<Allow> =
        heads.file_tags.iter().filter(|tag| tag.name == name).map(|tag| of(tag, 1..usize::MAX)).collect();
    for (index, head) in heads.functions.iter().enumerate() {
        let end = heads.functions.get(index + 1).map_or(usize::MAX, |next| next.line);
        found.extend(head.tags.iter().filter(|tag| tag.name == name).map(|tag| of(tag, head.line..end)));
    }
    found
}

fn function(line: &str) -> Option<(bool, &str)> {
    let (private, rest) = match line.strip_prefix("private") {
        Some(rest) if rest.starts_with(char::is_whitespace) => (true, rest.trim_start()),
        _ => (false, line),
    };
    let rest = rest.strip_prefix("fn").filter(|rest| rest.starts_with(char::is_whitespace))?.trim_start();
    let end = rest.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(rest.len());
    rest.get(..end).filter(|name| !name.is_empty()).map(|name| (private, name))
}

fn tag(file: &Arc<str>, text: &str, comment: &str, range: Range<usize>) -> Option<Tag> {
    let comment = comment.trim();
    let tag = comment.strip_prefix('@')?;
    let (name, value) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let value = value.trim();
    let place = Place::new(file, text, range.clone());
    let value_place = match value {
        "" => place.clone(),
        _ => Place::new(file, text, range.end - value.len()..range.end),
    };
    Some(Tag { name: name.to_owned(), value: value.to_owned(), place, value_place })
}

/// The items of a value separated by commas, each with its place.
fn items(tag: &Tag) -> impl Iterator<Item = (&str, Place)> {
    let mut at = 0;
    tag.value.split(',').map(move |item| {
        let blank = item.len() - item.trim_start().len();
        let own = item.trim();
        let letters = |end: usize| tag.value.get(..end).unwrap_or_default().chars().count();
        let place = Place {
            start: tag.value_place.start + at + blank,
            end: tag.value_place.start + at + blank + own.len(),
            column: tag.value_place.column + letters(at + blank),
            ..tag.value_place.clone()
        };
        at += item.len() + 1;
        (own, place)
    })
}

/// What a tag's value looks like, for a message about one without.
fn example(name: &str) -> &'static str {
    match name {
        "source" => "charter",
        "at" => "art. 4",
        "threats" => "flood, fire",
        "functions" => "consult, relieve",
        "each" => "state",
        "overrides" => "OTHER-RULE: why",
        "claim" => "CLAIM-ID",
        "hedge" => "hedged",
        _ => "..",
    }
}

/// The tags of one kind of place, taken out one by one; what is left is unknown.
pub(super) struct Tags<'a> {
    left: Vec<&'a Tag>,
    pub(super) problems: &'a mut Problems,
}

impl<'a> Tags<'a> {
    pub(super) fn new(tags: &'a [Tag], problems: &'a mut Problems) -> Self {
        Tags { left: tags.iter().collect(), problems }
    }

    pub(super) fn all(&mut self, name: &str) -> Vec<&'a Tag> {
        let (found, left) = self.left.drain(..).partition(|tag| tag.name == name);
        self.left = left;
        found
    }

    pub(super) fn one(&mut self, name: &str) -> Option<&'a Tag> {
        let found = self.all(name);
        if let [first, again, ..] = found.as_slice() {
            let message = format!("the tag `@{name}` stands twice");
            let problem = Diagnostic::error("repeated", message, again.place.clone(), "again here");
            self.problems.push(problem.label(first.place.clone(), "first here").help("keep one of the two"));
        }
        let first = found.first().copied()?;
        self.empty(first).then_some(first)
    }

    /// One that takes no value.
    pub(super) fn bare(&mut self, name: &str) -> Option<&'a Tag> {
        let found = self.all(name).first().copied()?;
        if !found.value.is_empty() {
            let message = format!("`@{name}` takes no value, and `{}` changes nothing about it", found.value);
            let help = format!("write @{name} alone, or leave the tag out");
            let place = found.value_place.clone();
            self.problems.push(Diagnostic::error("unknown-word", message, place, "not read").help(help));
        }
        Some(found)
    }

    /// Reports a tag without its value. Whether it has one.
    fn empty(&mut self, tag: &Tag) -> bool {
        if tag.value.is_empty() {
            let message = format!("the tag `@{}` says nothing", tag.name);
            let spare = if matches!(&*tag.name, SOURCE | "at") { "" } else { "; or leave the tag out" };
            let help = format!("write a value behind it: @{} {}{spare}", tag.name, example(&tag.name));
            self.problems.push(Diagnostic::error("empty", message, tag.place.clone(), "no value").help(help));
        }
        !tag.value.is_empty()
    }

    /// A list of values separated by commas.
    pub(super) fn list(&mut self, name: &str) -> Vec<(String, Place)> {
        let mut found = Vec::new();
        for tag in self.all(name) {
            if self.empty(tag) {
                found.extend(items(tag).map(|(item, place)| (item.to_owned(), place)));
            }
        }
        found.retain(|(item, _)| !item.is_empty());
        found
    }

    /// Reports what nobody took. `elsewhere` are the tags of the other place: a file's head, or over a rule.
    pub(super) fn finish(self, legal: &[&str], elsewhere: &[&str]) {
        for tag in self.left {
            let bare = tag.name.trim_end_matches([':', '=']).to_lowercase();
            let legal_here = legal.contains(&bare.as_str());
            if !legal_here && elsewhere.contains(&bare.as_str()) {
                let (here, help) = if bare == SOURCE {
                    (
                        "over a rule",
                        format!("the source stands in the head of the file, with //! : //! @{bare} {}", tag.value),
                    )
                } else {
                    (
                        "in the head of the file",
                        format!("it stands over its rule, with three slashes: /// @{bare} {}", tag.value),
                    )
                };
                let message = format!("the tag `@{bare}` is not read {here}");
                let problem = Diagnostic::error("misplaced-tag", message, tag.place.clone(), "not read here");
                self.problems.push(problem.help(help));
                continue;
            }
            let message = format!("there is no tag `@{}`", tag.name);
            let help = if legal_here {
                Some(format!("write it bare and in small letters: @{bare}"))
            } else {
                crate::diagnostic::closest(&bare, legal.iter().copied())
                    .map(|close| format!("did you mean `@{close}`?"))
                    .or_else(|| Some(format!("one of @{}", legal.join(", @"))))
            };
            let mut problem = Diagnostic::error("unknown-tag", message, tag.place.clone(), "unknown tag");
            problem.help = help;
            self.problems.push(problem);
        }
    }
}

/// Reports the tags that nobody reads where they stand; those in code that is commented out are let be.
pub(super) fn misplaced(heads: &Heads, legal: &[&str], problems: &mut Problems) {
    for (tag, why) in &heads.misplaced {
        let name = tag.name.trim_end_matches([':', '=']);
        if !legal.contains(&name) && name != SOURCE {
            continue;
        }
        let slashes = if name == SOURCE { "//!" } else { "///" };
        let (message, help) = match why {
            Stray::Plain => (
                format!("the tag `@{name}` stands in a plain comment, which nobody reads"),
                format!("write {slashes} @{name} {}", tag.value),
            ),
            Stray::NoFunction if name == SOURCE => (
                "the tag `@source` stands over no rule, and is not read there".to_owned(),
                format!("it stands in the head of the file: //! @source {}", tag.value),
            ),
            Stray::NoFunction => (
                format!("the tag `@{name}` stands over no rule"),
                "put it right above the line that begins with fn".to_owned(),
            ),
            Stray::NoAt => ("the source is named without its @".to_owned(), format!("write //! @{name} {}", tag.value)),
        };
        let problem = Diagnostic::error("misplaced-tag", message, tag.place.clone(), "not read");
        problems.push(problem.help(help));
    }
}

impl Heads {
    /// Whether a tag of that name, or nearly, stands somewhere it is not read: then its lack is no news.
    pub(super) fn nearly(&self, name: &str, among: &[Tag]) -> bool {
        let near = |tag: &Tag| {
            let written = tag.name.trim_end_matches([':', '=']).to_lowercase();
            written == name || crate::diagnostic::closest(&written, [name]).is_some_and(|_| name.len() > 3)
        };
        self.misplaced.iter().any(|(tag, _)| near(tag)) || among.iter().any(near)
    }
}
