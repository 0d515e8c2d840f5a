//! What a rule file says about its rules in comments: head, doc comments, tags, and where functions stand.
//!
//! Read from the text, because the script engine keeps no positions for comments.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Allow, Diagnostic, Place, Problems};

/// A tag with its value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) place: Place,
}

/// A function of the file with its comments.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) private: bool,
    /// Line of the function, counted from 1.
    pub(super) line: usize,
    pub(super) place: Place,
    /// The doc comment without its tags.
    pub(super) doc: String,
    pub(super) tags: Vec<Tag>,
}

/// What a file says of itself and its functions.
#[derive(Clone, Debug, Default)]
pub(super) struct Heads {
    pub(super) file_tags: Vec<Tag>,
    pub(super) functions: Vec<Head>,
}

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
                place: Place::new(file, text, start..start + name.len()),
                doc: doc.join(" ").trim().to_owned(),
                tags: std::mem::take(&mut tags),
            });
            doc.clear();
        } else if !line.is_empty() && !line.starts_with("//") {
            doc.clear();
            tags.clear();
        }
    }
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
    Some(Tag { name: name.to_owned(), value: value.trim().to_owned(), place: Place::new(file, text, range) })
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
        if let Some(again) = found.get(1) {
            let message = format!("the tag `@{name}` stands twice");
            self.problems.push(Diagnostic::error("repeated", message, again.place.clone(), "again here"));
        }
        found.first().copied()
    }

    /// A list of values separated by commas.
    pub(super) fn list(&mut self, name: &str) -> Vec<(String, Place)> {
        let tags = self.all(name);
        let items =
            tags.iter().flat_map(|tag| tag.value.split(',').map(|item| (item.trim().to_owned(), tag.place.clone())));
        items.filter(|(item, _)| !item.is_empty()).collect()
    }

    /// Reports what nobody took.
    pub(super) fn finish(self, legal: &[&str]) {
        for tag in self.left {
            let message = format!("there is no tag `@{}` here", tag.name);
            let mut problem = Diagnostic::error("unknown-tag", message, tag.place.clone(), "unknown tag");
            if let Some(help) = crate::diagnostic::suggestion(&tag.name, legal.iter().copied()) {
                problem = problem.help(help);
            }
            self.problems.push(problem);
        }
    }
}
