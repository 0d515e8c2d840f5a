//! What may be written: every kind of file, its tables and their keys, and the words of rules.
//!
//! One description, from which the schemas for editors and the pages of the reference come. It reads no file and decides
//! nothing: what is legal is decided by `load` and `rules`, and a test holds this to them, key by key.

mod ids;
mod register;
mod scenario;
mod schema;
mod tests;
mod words;
mod world;

pub use ids::{Ids, ids};
pub use schema::schema;
pub(crate) use words::{arguments, capital, standing};
pub use words::{definitions, example, signature, suits};

use crate::load::Kind;

/// A closed list of words.
pub type Words = &'static [&'static str];

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Takes {
    /// A text.
    Text,
    /// An id that this row declares.
    NewId,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// A number, or "unknown".
    NumberOrUnknown,
    /// Two numbers, the lowest first.
    Range,
    /// True or false.
    Boolean,
    /// A day, month or year.
    Date,
    /// A date, "unknown" or "never".
    Bound,
    /// One of these words.
    Word(Words),
    /// One of these words, or "unknown".
    WordOrUnknown(Words),
    /// Several of these words.
    Words(Words),
    /// An id declared elsewhere.
    Id(Kind),
    /// An id declared elsewhere, or one of these words.
    IdOr(Kind, Words),
    /// Ids declared elsewhere.
    Ids(Kind),
    /// Ids declared elsewhere, or one of these words.
    IdsOr(Kind, Words),
    /// The id of a rule.
    Rule,
    /// Texts.
    Texts,
    /// Texts, among them these words.
    TextsOr(Words),
    /// A table of that name.
    Table(&'static str),
    /// Tables of that name.
    Tables(&'static str),
    /// Ids, or tables of that name.
    IdsOrTables(Kind, &'static str),
}

impl Takes {
    /// What to write, in a few words.
    pub fn says(self) -> String {
        let several = |kind: Kind| format!("ids, each of {}", article(kind.name()));
        match self {
            Takes::Text => "text".to_owned(),
            Takes::NewId => "id of its own".to_owned(),
            Takes::Whole => "whole number".to_owned(),
            Takes::Number => "number".to_owned(),
            Takes::NumberOrUnknown => "number, or `\"unknown\"`".to_owned(),
            Takes::Range => "two numbers, the lowest first".to_owned(),
            Takes::Boolean => "`true` or `false`".to_owned(),
            Takes::Date => "date".to_owned(),
            Takes::Bound => "date, `\"unknown\"` or `\"never\"`".to_owned(),
            Takes::Word(words) => one_of(words),
            Takes::WordOrUnknown(words) => format!("{}; or `unknown`", one_of(words)),
            Takes::Words(words) => format!("list; each {}", one_of(words)),
            Takes::Id(kind) => format!("id of {}", article(kind.name())),
            Takes::IdOr(kind, words) => format!("id of {}; or {}", article(kind.name()), one_of(words)),
            Takes::Ids(kind) => several(kind),
            Takes::IdsOr(kind, words) => format!("{}; or {}", several(kind), one_of(words)),
            Takes::Rule => "id of a rule".to_owned(),
            Takes::Texts => "texts".to_owned(),
            Takes::TextsOr(words) => format!("texts; or {}", one_of(words)),
            Takes::Table(_) => "table".to_owned(),
            Takes::Tables(_) => "tables".to_owned(),
            Takes::IdsOrTables(kind, _) => format!("{}; or tables", several(kind)),
        }
    }

    /// The table that it leads to.
    pub fn table(self) -> Option<&'static Table> {
        match self {
            Takes::Table(name) | Takes::Tables(name) | Takes::IdsOrTables(_, name) => table(name),
            _ => None,
        }
    }
}

/// A name with its article.
pub fn article(name: &str) -> String {
    format!("{} {name}", if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" })
}

fn one_of(words: &[&str]) -> String {
    let listed: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    listed.join(", ")
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Whether it has to be there.
    pub required: bool,
    /// What holds if it is not there, where that is a value.
    pub default: Option<&'static str>,
    /// What it means, in a sentence without a full stop.
    pub meaning: &'static str,
}

const fn must(name: &'static str, takes: Takes, meaning: &'static str) -> Key {
    Key { name, takes, required: true, default: None, meaning }
}

const fn may(name: &'static str, takes: Takes, meaning: &'static str) -> Key {
    Key { name, takes, required: false, default: None, meaning }
}

const fn usual(name: &'static str, takes: Takes, default: &'static str, meaning: &'static str) -> Key {
    Key { name, takes, required: false, default: Some(default), meaning }
}

const fn rows(name: &'static str, meaning: &'static str) -> Key {
    Key { name, takes: Takes::Tables(name), required: false, default: None, meaning }
}

/// What a table may be about: the key that says so, and what goes with it.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// The key that makes it this form.
    pub key: &'static str,
    /// Keys that only this form (and others that name them) may have.
    pub may: &'static [&'static str],
    /// Those of them that have to be there.
    pub must: &'static [&'static str],
}

/// One table.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name, with the name of the table that it stands in: `case.request`.
    pub name: &'static str,
    /// What a row of it is.
    pub meaning: &'static str,
    /// Its keys.
    pub keys: &'static [&'static [Key]],
    /// Of each of these groups, one key at least has to be there.
    pub one_of: &'static [&'static [&'static str]],
    /// What it may be about; one of them has to hold.
    pub forms: &'static [Form],
}

impl Table {
    const fn new(name: &'static str, meaning: &'static str, keys: &'static [&'static [Key]]) -> Self {
        Table { name, meaning, keys, one_of: &[], forms: &[] }
    }

    const fn one_of(self, one_of: &'static [&'static [&'static str]]) -> Self {
        Table { one_of, ..self }
    }

    /// Every key, in the order of the reference.
    pub fn keys(&self) -> impl Iterator<Item = &'static Key> {
        self.keys.iter().copied().flatten()
    }
}

/// One kind of file.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// What to call it.
    pub name: &'static str,
    /// Where it stands.
    pub path: &'static str,
    /// What it holds.
    pub meaning: &'static str,
    /// Its keys.
    pub keys: &'static [&'static [Key]],
}

impl File {
    /// Every key, in the order of the reference.
    pub fn keys(&self) -> impl Iterator<Item = &'static Key> {
        self.keys.iter().copied().flatten()
    }

    /// Every table that may stand in it, each once, in the order in which they are met.
    pub fn tables(&self) -> Vec<&'static Table> {
        let mut found: Vec<&'static Table> = Vec::new();
        let mut open: Vec<&'static Table> = self.keys().filter_map(|key| key.takes.table()).collect();
        open.reverse();
        while let Some(table) = open.pop() {
            if found.iter().any(|known| known.name == table.name) {
                continue;
            }
            found.push(table);
            let mut inner: Vec<&'static Table> = table.keys().filter_map(|key| key.takes.table()).collect();
            inner.reverse();
            open.extend(inner);
        }
        found
    }
}

/// Every kind of file.
pub const FILES: &[File] = &[
    File {
        name: "pack",
        path: "PACK/pack.toml",
        meaning: "The pack itself: its name, and what holds for all of it. World tables may stand here too.",
        keys: &[world::PACK, world::SHARED_TABLES, world::OWN_TABLES, register::TABLES],
    },
    File {
        name: "world",
        path: "PACK/world/*.toml",
        meaning: "Shared facts of the pack, split into files as you like, and the register of its papers.",
        keys: &[world::SHARED_TABLES, world::OWN_TABLES, register::TABLES],
    },
    File {
        name: "scenario",
        path: "PACK/NAME.toml",
        meaning: "One scenario: what happened, to whom, when. Facts that only it needs may stand here too.",
        keys: &[scenario::SCENARIO, world::SHARED_TABLES],
    },
    File {
        name: "tests",
        path: "PACK/rules/NAME.test.toml",
        meaning: "Tests of rules: what each answer to its questions makes a rule say.",
        keys: &[tests::TESTS],
    },
    File {
        name: "predictions",
        path: "any name",
        meaning: "What each team of a class expects, for `mandatum evaluate --predictions`.",
        keys: &[scenario::PREDICTIONS],
    },
];

/// The kind of file of that name.
pub fn file(name: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.name == name)
}

/// The table of that name.
pub fn table(name: &str) -> Option<&'static Table> {
    [world::ALL, register::ALL, scenario::ALL, tests::ALL].into_iter().flatten().find(|table| table.name == name)
}
