//! A kind of file as JSON Schema, for editors. Draft 7, which the TOML editors understand.
//!
//! A date of TOML reaches a validator as a text.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{File, Form, Ids, Key, Table, Takes};
use crate::load::Kind;
use crate::world::Id;

/// The schema of a kind of file. With the ids of a pack, ids of other things are refused.
pub fn schema(file: &File, ids: Option<&Ids>) -> Value {
    let mut writer = Writer { ids, kinds: BTreeSet::new(), definitions: Map::new() };
    let mut whole = object(&mut writer, file.keys());
    for table in file.tables() {
        let own = table_schema(&mut writer, table);
        writer.definitions.insert(format!("table.{}", table.name), own);
    }
    for kind in std::mem::take(&mut writer.kinds) {
        let own = id(kind, ids);
        writer.definitions.insert(id_name(kind), own);
    }
    let mut definitions = writer.definitions;
    definitions.insert("date".to_owned(), date());
    definitions.insert("bound".to_owned(), bound());
    whole.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    whole.insert("title".to_owned(), json!(format!("mandatum: {}", file.path)));
    whole.insert("description".to_owned(), json!(file.meaning));
    whole.insert("definitions".to_owned(), Value::Object(definitions));
    Value::Object(whole)
}

struct Writer<'i> {
    ids: Option<&'i Ids>,
    /// Kinds of ids that are referred to.
    kinds: BTreeSet<Kind>,
    definitions: Map<String, Value>,
}

fn object<'k>(writer: &mut Writer<'_>, keys: impl Iterator<Item = &'k Key>) -> Map<String, Value> {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for key in keys {
        properties.insert(key.name.to_owned(), property(writer, key));
        if key.required {
            required.push(key.name);
        }
    }
    let mut object = Map::new();
    object.insert("type".to_owned(), json!("object"));
    object.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        object.insert("required".to_owned(), json!(required));
    }
    object.insert("additionalProperties".to_owned(), json!(false));
    object
}

fn table_schema(writer: &mut Writer<'_>, table: &Table) -> Value {
    let mut own = object(writer, table.keys());
    own.insert("description".to_owned(), json!(table.meaning));
    let mut all: Vec<Value> = table
        .one_of
        .iter()
        .map(|group| json!({ "anyOf": group.iter().map(|key| json!({ "required": [key] })).collect::<Vec<_>>() }))
        .collect();
    if !table.forms.is_empty() {
        all.push(json!({ "anyOf": table.forms.iter().map(|form| form_schema(table, form)).collect::<Vec<_>>() }));
    }
    if !all.is_empty() {
        own.insert("allOf".to_owned(), Value::Array(all));
    }
    Value::Object(own)
}

/// What stands beside the key that says what a row is about.
fn form_schema(table: &Table, form: &Form) -> Value {
    let of_others: BTreeSet<&str> =
        table.forms.iter().flat_map(|other| other.may.iter().chain(std::iter::once(&other.key))).copied().collect();
    let own: Vec<&str> = table
        .keys()
        .map(|key| key.name)
        .filter(|key| *key == form.key || form.may.contains(key) || !of_others.contains(key))
        .collect();
    let required: Vec<&str> = std::iter::once(form.key).chain(form.must.iter().copied()).collect();
    json!({ "required": required, "propertyNames": { "enum": own } })
}

fn property(writer: &mut Writer<'_>, key: &Key) -> Value {
    let mut meaning = format!("{}.", key.meaning);
    if key.required {
        meaning.push_str(" Required.");
    }
    if let Some(default) = key.default {
        meaning.push_str(&format!(" If silent: {default}."));
    }
    let mut value = value(writer, key.takes);
    if let Some(object) = value.as_object_mut() {
        if object.contains_key("$ref") {
            // Beside a reference nothing else counts.
            return json!({ "description": meaning, "allOf": [value] });
        }
        object.insert("description".to_owned(), json!(meaning));
    }
    value
}

fn value(writer: &mut Writer<'_>, takes: Takes) -> Value {
    let table = |name: &str| json!({ "$ref": format!("#/definitions/table.{name}") });
    let word = |words: &[&str]| json!({ "type": "string", "enum": words });
    match takes {
        Takes::Text => text(),
        Takes::NewId => json!({ "type": "string", "pattern": "^[\\p{L}\\p{M}\\p{N}_.-]+$" }),
        Takes::Whole => json!({ "type": "integer" }),
        Takes::Number => json!({ "type": "number" }),
        Takes::NumberOrUnknown => json!({ "anyOf": [{ "type": "number" }, { "const": "unknown" }] }),
        Takes::Range => json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 }),
        Takes::Boolean => json!({ "type": "boolean" }),
        Takes::Date => json!({ "$ref": "#/definitions/date" }),
        Takes::Bound => json!({ "$ref": "#/definitions/bound" }),
        Takes::Word(words) => word(words),
        Takes::WordOrUnknown(words) => {
            let words: Vec<&str> = words.iter().copied().chain(["unknown"]).collect();
            word(&words)
        }
        Takes::Words(words) => several(&word(words), &word(words), false),
        Takes::Id(kind) => writer.id(kind),
        Takes::IdOr(kind, words) => writer.id_or(kind, words),
        Takes::Ids(kind) => {
            let id = writer.id(kind);
            several(&id, &id, true)
        }
        Takes::IdsOr(kind, words) => {
            let id = writer.id(kind);
            several(&id, &writer.id_or(kind, words), true)
        }
        Takes::Rule => match writer.ids {
            Some(ids) => listed(&ids.rules, "The id of a rule."),
            None => text(),
        },
        Takes::Texts => several(&text(), &text(), false),
        Takes::TextsOr(words) => {
            json!({ "anyOf": [word(words), text(), { "type": "array", "items": text() }] })
        }
        Takes::Table(name) => table(name),
        Takes::Tables(name) => json!({ "type": "array", "items": table(name) }),
        Takes::IdsOrTables(kind, name) => {
            let id = writer.id(kind);
            json!({ "anyOf": [id, { "type": "array", "items": { "anyOf": [id, table(name)] } }] })
        }
    }
}

impl Writer<'_> {
    fn id(&mut self, kind: Kind) -> Value {
        if kind == Kind::Case || (self.ids.is_some_and(|ids| !ids.kinds.contains_key(&kind))) {
            // Which cases there are is known in the file itself.
            return text();
        }
        self.kinds.insert(kind);
        json!({ "$ref": format!("#/definitions/{}", id_name(kind)) })
    }
}

impl Writer<'_> {
    /// An id, or one of these words.
    fn id_or(&mut self, kind: Kind, words: &[&str]) -> Value {
        match self.ids.and_then(|ids| ids.kinds.get(&kind)) {
            Some(known) => {
                let all: Vec<&str> = words.iter().copied().chain(known.keys().map(String::as_str)).collect();
                json!({ "type": "string", "enum": all })
            }
            None => text(),
        }
    }
}

fn id_name(kind: Kind) -> String {
    format!("id.{kind:?}").to_lowercase()
}

fn id(kind: Kind, ids: Option<&Ids>) -> Value {
    let what = format!("The id of {}.", super::article(kind.name()));
    match ids.and_then(|ids| ids.kinds.get(&kind)) {
        Some(known) => listed(known, &what),
        None => json!({ "description": what, "type": "string", "minLength": 1 }),
    }
}

/// One of the pack's own, with its name shown by editors that can.
fn listed(known: &BTreeMap<Id, String>, what: &str) -> Value {
    let (ids, names): (Vec<&Id>, Vec<&String>) = known.iter().unzip();
    json!({ "description": what, "type": "string", "enum": ids, "x-taplo": { "docs": { "enumValues": names } } })
}

fn text() -> Value {
    json!({ "type": "string", "pattern": "\\S" })
}

/// A list, or one value alone. A choice of two schemas would say less of what is wrong than this does.
fn several(item: &Value, alone: &Value, once: bool) -> Value {
    json!({
        "type": ["array", "string"],
        "items": item,
        "uniqueItems": once,
        "if": { "type": "string" },
        "then": alone,
    })
}

fn date() -> Value {
    json!({
        "description": "A day (1999-08-22), a month in quotes (\"1999-08\") or a year (1999).",
        "type": ["string", "integer"],
        "pattern": format!("^{DATE}$"),
        "minimum": 1000,
        "maximum": 9999,
    })
}

fn bound() -> Value {
    json!({
        "description": "A day (1999-08-22), a month in quotes (\"1999-08\"), a year (1999), \"unknown\" or \"never\".",
        "type": ["string", "integer"],
        "pattern": format!("^(unknown|never|{DATE})$"),
        "minimum": 1000,
        "maximum": 9999,
    })
}

const DATE: &str = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?";
