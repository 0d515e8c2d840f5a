//! Reading one TOML table key by key, noting every problem with its place and going on.
//!
//! This folder alone names `toml`.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::hints::{bare, called, example, plain};
use crate::date::{Bound, Interval, PartialDate};
use crate::diagnostic::{Diagnostic, Place, Problems, suggestion};
use crate::world::{Sentence, Word};

/// What an id may refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named after what it refers to")]
pub enum Kind {
    Source,
    State,
    Body,
    /// A body or a state.
    Holder,
    /// A body, a state or another actor.
    AnyActor,
    Instrument,
    Threat,
    Function,
    Judgement,
    Proposition,
    /// A proposition, or a what-if that rules may recommend.
    Thesis,
    Case,
    Scenario,
    Claim,
    Discrepancy,
    /// A dated row with an id of its own.
    Row,
    /// One that is a mandate.
    Mandate,
}

impl Kind {
    /// What to call it in a message.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Source => "source",
            Kind::State => "state",
            Kind::Body => "organisation or organ",
            Kind::Holder => "organisation, organ or state",
            Kind::AnyActor => "actor",
            Kind::Instrument => "instrument",
            Kind::Threat => "threat",
            Kind::Function => "function",
            Kind::Judgement => "judgement",
            Kind::Proposition => "proposition",
            Kind::Thesis => "proposition or what-if",
            Kind::Case => "case",
            Kind::Scenario => "scenario",
            Kind::Claim => "claim",
            Kind::Discrepancy => "discrepancy",
            Kind::Row => "row with this id",
            Kind::Mandate => "mandate",
        }
    }
}

/// An id that something else has to declare.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub(super) kind: Kind,
    pub(super) id: String,
    pub(super) place: Place,
}

/// What reading a file gathers beside its rows.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) file: Arc<str>,
    pub(super) text: Arc<str>,
    /// Where its lines start.
    pub(super) lines: Vec<usize>,
    pub(super) problems: Problems,
    pub(super) references: Vec<Reference>,
    /// Ids that rows give themselves.
    pub(super) row_ids: Vec<(String, Place)>,
}

impl Reading {
    pub(super) fn place(&self, span: Range<usize>) -> Place {
        Place::with_lines(&self.file, &self.text, &self.lines, span)
    }
}

/// One table, being read.
pub(super) struct Table<'t, 'r> {
    keys: &'t DeTable<'t>,
    pub(super) seen: BTreeSet<&'static str>,
    /// What the table is called in messages: `[[mandate]]`.
    pub(super) what: &'static str,
    /// The place of its head (or of its first key).
    pub(super) place: Place,
    pub(super) reading: &'r mut Reading,
}

impl<'t, 'r> Table<'t, 'r> {
    pub(super) fn new(what: &'static str, keys: &'t Spanned<DeTable<'t>>, reading: &'r mut Reading) -> Self {
        Self::of(what, keys.get_ref(), keys.span(), reading)
    }

    pub(super) fn of(what: &'static str, keys: &'t DeTable<'t>, span: Range<usize>, reading: &'r mut Reading) -> Self {
        // A table's span is its header line; an inline table's its braces.
        let place = reading.place(span);
        Table { keys, seen: BTreeSet::new(), what, place, reading }
    }

    fn value(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.seen.insert(key);
        self.keys.get(key)
    }

    /// Whether a key is there; asking for it makes it a legal one.
    pub(super) fn has(&mut self, key: &'static str) -> bool {
        self.seen.insert(key);
        self.keys.contains_key(key)
    }

    pub(super) fn is_text(&self, key: &str) -> bool {
        self.keys.get(key).is_some_and(|value| value.get_ref().is_str())
    }

    pub(super) fn place_of(&mut self, key: &'static str) -> Place {
        match self.value(key) {
            Some(value) => self.reading.place(value.span()),
            None => self.place.clone(),
        }
    }

    fn wrong_type(&mut self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let place = self.reading.place(value.span());
        let found = plain(value.get_ref());
        let message = format!("`{key}` of {} has to be {wanted}, not {found}", self.what);
        let mut problem = Diagnostic::error("wrong-type", message, place, format!("this is {found}"));
        problem.help = match value.get_ref() {
            DeValue::String(text) if bare(text) && !wanted.contains("text") => {
                Some(format!("write {text}, without quotes"))
            }
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) if wanted.contains("text") => {
                let written = self.reading.text.get(value.span()).unwrap_or_default();
                Some(format!("write \"{written}\""))
            }
            DeValue::Table(_) if wanted.contains("text") => Some(format!("write {key} = \"..\"")),
            _ => None,
        };
        problem.help = problem.help.or_else(|| Some(format!("write {wanted}")));
        self.reading.problems.push(problem);
    }

    /// Reports that a required key is missing.
    pub(super) fn missing(&mut self, key: &str) {
        let message = format!("{} needs `{key}`", self.what);
        let place = self.place.clone();
        let mut problem = Diagnostic::error("missing-key", message, place, format!("no `{key}` here"));
        let unread = self.keys.keys().map(|key| key.get_ref().as_ref()).filter(|found| !self.seen.contains(found));
        problem = match crate::diagnostic::closest(key, unread) {
            Some(close) => problem.help(format!("is `{close}` a slip for `{key}`?")),
            None => problem.help(example(key)),
        };
        self.reading.problems.push(problem);
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                let place = self.reading.place(value.span());
                let message = format!("`{key}` of {} is empty", self.what);
                let problem = Diagnostic::error("empty", message, place, "nothing here");
                self.reading.problems.push(problem.help("write something between the quotes, or drop the line"));
                None
            }
            DeValue::String(text) => Some(text.trim().to_owned()),
            _ => {
                self.wrong_type(key, value, "a text in quotes");
                None
            }
        }
    }

    pub(super) fn required_text(&mut self, key: &'static str) -> Option<String> {
        if !self.has(key) {
            self.missing(key);
        }
        self.text(key)
    }

    /// An id that this table declares.
    pub(super) fn declared(&mut self, key: &'static str) -> Option<String> {
        let id = self.required_text(key)?;
        let legal = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
        if let Some(bad) = id.chars().find(|character| !legal(*character)) {
            let place = self.place_of(key);
            let shown = if bad == ' ' { "a space".to_owned() } else { format!("`{bad}`") };
            let message = format!("`{id}` is no id: {shown} cannot stand in one");
            let words: Vec<&str> = id.split(|letter| !legal(letter)).filter(|word| !word.is_empty()).collect();
            let problem = Diagnostic::error("bad-id", message, place, "letters, digits, hyphens and dots only");
            self.reading.problems.push(problem.help(format!("write \"{}\"", words.join("-"))));
            return None;
        }
        Some(id)
    }

    pub(super) fn boolean(&mut self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::Boolean(boolean) => Some(*boolean),
            _ => {
                self.wrong_type(key, value, "true or false");
                None
            }
        }
    }

    pub(super) fn integer(&mut self, key: &'static str) -> Option<i64> {
        let value = self.value(key)?;
        let read = match value.get_ref() {
            DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix()).ok(),
            _ => None,
        };
        if read.is_none() {
            self.wrong_type(key, value, "a whole number");
        }
        read
    }

    pub(super) fn number(&mut self, key: &'static str) -> Option<f64> {
        let value = self.value(key)?;
        let read = number(value.get_ref());
        if read.is_none() {
            self.wrong_type(key, value, "a number");
        }
        read
    }

    /// A number, or the word "unknown" (`Some(None)`).
    pub(super) fn number_or_unknown(&mut self, key: &'static str) -> Option<Option<f64>> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::String(word) if word == "unknown" => Some(None),
            other => match number(other) {
                Some(number) => Some(Some(number)),
                None => {
                    self.wrong_type(key, value, "a number or \"unknown\"");
                    None
                }
            },
        }
    }

    pub(super) fn numbers(&mut self, key: &'static str) -> Option<[f64; 2]> {
        let value = self.value(key)?;
        let read = value.get_ref().as_array().and_then(|list| {
            let read: Option<Vec<f64>> = list.iter().map(|item| number(item.get_ref())).collect();
            <[f64; 2]>::try_from(read?).ok()
        });
        if read.is_none() {
            self.wrong_type(key, value, "a list of two numbers");
        }
        read
    }

    pub(super) fn word<W: Word>(&mut self, key: &'static str) -> Option<W> {
        let word = self.text(key)?;
        let read = W::parse(&word);
        if read.is_none() {
            let place = self.place_of(key);
            self.unknown_word(key, &word, place, W::WORDS);
        }
        read
    }

    pub(super) fn required_word<W: Word>(&mut self, key: &'static str) -> Option<W> {
        if !self.has(key) {
            self.missing(key);
        }
        self.word(key)
    }

    /// A word, or "unknown" and silence alike (`None`).
    pub(super) fn word_or_unknown<W: Word>(&mut self, key: &'static str) -> Option<W> {
        match self.value(key).map(Spanned::get_ref) {
            Some(DeValue::String(word)) if word == "unknown" => None,
            _ => self.word(key),
        }
    }

    pub(super) fn words<W: Word>(&mut self, key: &'static str) -> Vec<W> {
        let mut read = Vec::new();
        for (word, place) in self.strings(key) {
            match W::parse(&word) {
                Some(value) => read.push(value),
                None => self.unknown_word(key, &word, place, W::WORDS),
            }
        }
        read
    }

    pub(super) fn unknown_word(&mut self, key: &str, word: &str, place: Place, legal: &[&str]) {
        let message = format!("`{word}` is no `{key}` of {}", self.what);
        let mut problem = Diagnostic::error("unknown-word", message, place, "unknown word");
        if let Some(help) = suggestion(word, legal.iter().copied()) {
            problem = problem.help(help);
        }
        self.reading.problems.push(problem);
    }

    /// A list of texts, or one text standing for a list of one.
    pub(super) fn strings(&mut self, key: &'static str) -> Vec<(String, Place)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        match value.get_ref() {
            DeValue::String(text) => vec![(text.trim().to_owned(), self.reading.place(value.span()))],
            DeValue::Array(list) => {
                let mut read = Vec::new();
                for item in list.iter() {
                    match item.get_ref() {
                        DeValue::String(text) => read.push((text.trim().to_owned(), self.reading.place(item.span()))),
                        _ => self.wrong_type(key, item, "a list of texts in quotes"),
                    }
                }
                read
            }
            _ => {
                self.wrong_type(key, value, "a list of texts in quotes");
                Vec::new()
            }
        }
    }

    pub(super) fn texts(&mut self, key: &'static str) -> Vec<String> {
        self.strings(key).into_iter().map(|(text, _)| text).collect()
    }

    /// A list of sentences with their places.
    pub(super) fn sentences(&mut self, key: &'static str) -> Vec<Sentence> {
        self.strings(key).into_iter().map(|(text, place)| Sentence { text, place }).collect()
    }

    fn refer(&mut self, kind: Kind, id: &str, place: Place) {
        self.reading.references.push(Reference { kind, id: id.to_owned(), place });
    }

    /// An id declared elsewhere.
    pub(super) fn id(&mut self, key: &'static str, kind: Kind) -> Option<String> {
        let id = self.text(key)?;
        let place = self.place_of(key);
        self.refer(kind, &id, place);
        Some(id)
    }

    pub(super) fn required_id(&mut self, key: &'static str, kind: Kind) -> Option<String> {
        if !self.has(key) {
            self.missing(key);
        }
        self.id(key, kind)
    }

    /// A list of ids declared elsewhere, each once.
    pub(super) fn ids(&mut self, key: &'static str, kind: Kind) -> Vec<String> {
        let mut read: Vec<String> = Vec::new();
        for (id, place) in self.strings(key) {
            if read.contains(&id) {
                let message = format!("`{id}` stands twice in `{key}`");
                let problem = Diagnostic::error("repeated", message, place, "again here");
                self.reading.problems.push(problem.help("keep one of the two"));
                continue;
            }
            self.refer(kind, &id, place);
            read.push(id);
        }
        read
    }

    pub(super) fn required_ids(&mut self, key: &'static str, kind: Kind) -> Option<Vec<String>> {
        if !self.has(key) {
            self.missing(key);
            return None;
        }
        let read = self.ids(key, kind);
        if read.is_empty()
            && self.keys.get(key).and_then(|value| value.get_ref().as_array()).is_some_and(|list| list.is_empty())
        {
            let place = self.place_of(key);
            let message = format!("`{key}` of {} is an empty list", self.what);
            let problem = Diagnostic::error("empty", message, place, "nothing here");
            self.reading.problems.push(problem.help("name at least one"));
        }
        (!read.is_empty()).then_some(read)
    }

    pub(super) fn date(&mut self, key: &'static str) -> Option<PartialDate> {
        let value = self.value(key)?;
        match date(value.get_ref()) {
            Some(date) => Some(date),
            None => {
                let place = self.reading.place(value.span());
                let message = format!("`{key}` of {} is no date", self.what);
                let problem =
                    Diagnostic::error("bad-date", message, place, "not a day, month or year").help(match key {
                        "until" | "ended" => "write 1999, \"1999-08\" or 1999-08-22; leave it out while it still holds",
                        _ => "write 1999, \"1999-08\" or 1999-08-22",
                    });
                self.reading.problems.push(problem);
                None
            }
        }
    }

    pub(super) fn bound(&mut self, key: &'static str) -> Bound {
        match self.value(key).map(Spanned::get_ref) {
            None => Bound::Silent,
            Some(DeValue::String(word)) if word == "unknown" => Bound::Unknown,
            Some(DeValue::String(word)) if word == "never" => Bound::Never,
            Some(_) => self.date(key).map_or(Bound::Unknown, Bound::On),
        }
    }

    pub(super) fn interval(&mut self) -> Interval {
        self.interval_of("from", "until")
    }

    pub(super) fn interval_of(&mut self, from_key: &'static str, until_key: &'static str) -> Interval {
        let (from, until) = (self.bound(from_key), self.bound(until_key));
        if let (Bound::On(start), Bound::On(end)) = (from, until)
            && end.last() <= start.first()
        {
            let place = self.place_of(until_key);
            let message = format!("`{until_key}` is not after `{from_key}`: {end} against {start}");
            let problem = Diagnostic::error("backwards", message, place, "ends here")
                .label(self.place_of(from_key), "begins here")
                .help(format!("`{until_key}` is the first day on which it no longer holds"));
            self.reading.problems.push(problem);
        }
        Interval { from, until }
    }

    /// Tables inside a list, each with its own span.
    pub(super) fn tables(&mut self, key: &'static str) -> Vec<(&'t DeTable<'t>, Range<usize>)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        match value.get_ref() {
            DeValue::Array(list) => {
                let mut read = Vec::new();
                for item in list.iter() {
                    match item.get_ref() {
                        DeValue::Table(table) => read.push((table, item.span())),
                        _ => self.wrong_type(key, item, "a list of tables"),
                    }
                }
                read
            }
            DeValue::Table(_) => {
                let place = self.reading.place(value.span());
                let message = format!("`{key}` has to be a list of tables");
                let problem = Diagnostic::error("wrong-type", message, place, "a single table")
                    .help(format!("write [[{key}]] with two brackets on each side"));
                self.reading.problems.push(problem);
                Vec::new()
            }
            _ => {
                self.wrong_type(key, value, "a list of tables");
                Vec::new()
            }
        }
    }

    /// One table as a value.
    pub(super) fn table(&mut self, key: &'static str) -> Option<(&'t DeTable<'t>, Range<usize>)> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some((table, value.span())),
            _ => {
                self.wrong_type(key, value, "a table");
                None
            }
        }
    }

    /// A list whose items are texts or tables.
    pub(super) fn items(&mut self, key: &'static str) -> Vec<&'t Spanned<DeValue<'t>>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        match value.get_ref() {
            DeValue::Array(list) => list.iter().collect(),
            DeValue::String(_) => vec![value],
            _ => {
                self.wrong_type(key, value, "a list");
                Vec::new()
            }
        }
    }

    /// Reports every key that nobody read.
    pub(super) fn finish(self) {
        for (key, value) in self.keys.iter() {
            let name = key.get_ref().as_ref();
            if self.seen.contains(name) {
                continue;
            }
            let place = self.reading.place(key.span());
            let message = format!("{} has no key `{name}`", self.what);
            let problem = Diagnostic::error("unknown-key", message, place, "unknown key");
            let help = match called(name, &self.seen) {
                Some(close) => format!("did you mean `{close}`?"),
                None => self.where_it_belongs(name, value.get_ref()).unwrap_or_else(|| {
                    let legal: Vec<&str> = self.seen.iter().copied().collect();
                    format!("it may have: {}", legal.join(", "))
                }),
            };
            self.reading.problems.push(problem.help(help));
        }
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    let read = match value {
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|read| read as f64)
        }
        DeValue::Float(float) => float.as_str().parse().ok(),
        _ => None,
    };
    read.filter(|number: &f64| number.is_finite())
}

fn date(value: &DeValue<'_>) -> Option<PartialDate> {
    match value {
        DeValue::String(text) => PartialDate::parse(text),
        DeValue::Integer(year) => PartialDate::parse(year.as_str()).filter(|date| matches!(date, PartialDate::Year(_))),
        DeValue::Datetime(stamp) if stamp.time.is_none() => PartialDate::parse(&stamp.to_string()),
        _ => None,
    }
}
