//! The description of the files and words is what the loader reads: key by key, kind by kind, both ways.

#![expect(clippy::panic, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use mandatum::diagnostic::{Diagnostic, Severity};
use mandatum::load::PackFiles;
use mandatum::reference::{FILES, File, Form, Key, Table, Takes, file, ids, schema};
use mandatum::session::Session;
use mandatum::shipped;
use serde_json::Value;
use toml::de::{DeTable, DeValue};

/// A key that is like no other.
const STRANGE: &str = "xxxxxxxxxxxxxxxxxxxxxxxx";

/// Loads a pack in which a file of that kind holds that text.
fn problems(kind: &str, text: &str) -> Vec<Diagnostic> {
    let mut files = PackFiles::default();
    let pack = if kind == "pack" { text } else { "id = \"x\"\ntitle = \"X\"\n" };
    files.world.insert("pack.toml".to_owned(), pack.as_bytes().to_vec());
    match kind {
        "world" => {
            files.world.insert("world/a.toml".to_owned(), text.as_bytes().to_vec());
        }
        "scenario" => {
            files.scenarios.insert("a.toml".to_owned(), text.as_bytes().to_vec());
        }
        "tests" => {
            files.tests.insert("rules/a.test.toml".to_owned(), text.as_bytes().to_vec());
        }
        "predictions" => {
            return mandatum::load::predictions("a.toml", text.as_bytes()).err().unwrap_or_default();
        }
        _ => {}
    }
    Session::new(&files, None).problems
}

/// The kinds of files that this loader reads.
fn read_files() -> impl Iterator<Item = &'static File> {
    FILES.iter().filter(|file| !problems(file.name, &format!("{STRANGE} = 1\n")).is_empty())
}

/// The text of a file with one row of a table in it, with these keys.
fn with_row(file: &File, name: &str, keys: &str) -> String {
    let leads = |key: &&Key| key.takes.table().is_some_and(|own| own.name == name);
    if let Some(key) = file.keys().find(leads) {
        return format!("[[{}]]\n{keys}\n", key.name);
    }
    // A table that stands in another is written into a row of that one.
    let tables = file.tables();
    let (above, key) = tables
        .iter()
        .find_map(|above| Some((above, above.keys().find(leads)?)))
        .unwrap_or_else(|| panic!("{}: nothing leads to {name}", file.name));
    let inline = format!("{{ {} }}", keys.trim().replace('\n', ", "));
    let own = match key.takes {
        Takes::Table(_) => format!("{} = {inline}", key.name),
        _ => format!("{} = [{inline}]", key.name),
    };
    with_row(file, above.name, &own)
}

/// What the loader says of a key that is none: the keys that it asked for.
fn asked(problems: &[Diagnostic]) -> BTreeSet<String> {
    let strange = problems.iter().find(|problem| problem.code == "unknown-key" && problem.message.contains(STRANGE));
    let help = strange.and_then(|problem| problem.help.clone()).unwrap_or_default();
    let listed = help.strip_prefix("it may have: ").unwrap_or_else(|| panic!("{help:?} in {problems:#?}"));
    listed.split(", ").map(str::to_owned).collect()
}

/// What the loader misses.
fn missed(problems: &[Diagnostic], heading: &str) -> BTreeSet<String> {
    let start = format!("{heading} needs `");
    let missing = problems.iter().filter(|problem| problem.code == "missing-key");
    missing.filter_map(|problem| problem.message.strip_prefix(&start)?.split('`').next()).map(str::to_owned).collect()
}

/// What the loader calls a table.
fn heading(name: &str) -> String {
    match name {
        "mandate.occasion" => "`occasion`".to_owned(),
        "mandate.exclusions" => "`exclusions`".to_owned(),
        "case.needs" => "a need".to_owned(),
        _ => format!("[[{name}]]"),
    }
}

/// The keys that a row needs so that the loader asks for those of one form.
fn forms(table: &Table) -> Vec<Option<&'static Form>> {
    if table.forms.is_empty() { vec![None] } else { table.forms.iter().map(Some).collect() }
}

fn names<'k>(keys: impl Iterator<Item = &'k Key>) -> BTreeSet<String> {
    keys.map(|key| key.name.to_owned()).collect()
}

#[test]
fn every_key_that_the_loader_reads_is_described_and_every_key_described_is_read() {
    let mut seen = 0;
    for file in read_files() {
        let whole = problems(file.name, &format!("{STRANGE} = 1\n"));
        // Files that have rows only say what stands in them another way; a pack reads the tables of a file of facts.
        if !["world", "tests", "predictions"].contains(&file.name) {
            assert_eq!(asked(&whole), names(file.keys()), "{}", file.name);
        }
        let required = names(file.keys().filter(|key| key.required));
        let root = if file.name == "pack" { "pack.toml" } else { "the file" };
        assert_eq!(missed(&whole, root), required, "{}", file.name);
        for table in file.tables() {
            let mut read = BTreeSet::new();
            for form in forms(table) {
                let about = form.map(|form| format!("{} = \"x/y/z\"\n", form.key)).unwrap_or_default();
                let text = with_row(file, table.name, &format!("{about}{STRANGE} = 1"));
                let found = problems(file.name, &text);
                let own = asked(&found);
                let missed = missed(&found, &heading(table.name));
                let mut required = names(table.keys().filter(|key| key.required));
                // Of a group, the loader names the first.
                required.extend(table.one_of.iter().filter_map(|group| group.first()).map(|key| (*key).to_owned()));
                if let Some(form) = form {
                    required.extend(form.must.iter().map(|key| (*key).to_owned()));
                    for key in form.may {
                        assert!(own.contains(*key), "{}: {key} is not read with {}", table.name, form.key);
                    }
                    for other in table.forms.iter().filter(|other| other.key != form.key) {
                        for key in other.may.iter().filter(|key| !form.may.contains(key)) {
                            assert!(!own.contains(*key), "{}: {key} is read with {}", table.name, form.key);
                        }
                    }
                }
                // Which case a response belongs to is asked where there is not one alone.
                let missed: BTreeSet<String> =
                    missed.into_iter().filter(|key| (table.name, key.as_str()) != ("response", "case")).collect();
                assert_eq!(missed, required, "{} of {}", table.name, file.name);
                read.extend(own);
                seen += 1;
            }
            assert_eq!(read, names(table.keys()), "{} of {}", table.name, file.name);
        }
    }
    assert!(seen > 60, "too few tables were tried: {seen}");
}

/// What the loader says when a key holds what no key takes.
fn refusals(file: &File, table: Option<&Table>, form: Option<&Form>, key: &Key, value: &str) -> Vec<Diagnostic> {
    let about =
        form.map(|form| format!("{} = \"x/y/z\"\n", form.key)).filter(|_| form.is_some_and(|own| own.key != key.name));
    let text = match table {
        None => format!("{} = {value}\n", key.name),
        Some(table) => with_row(file, table.name, &format!("{}{} = {value}", about.unwrap_or_default(), key.name)),
    };
    problems(file.name, &text)
}

/// What the loader says that a key has to be, where it is a table and should not be, or is true and should not be.
fn wanted(takes: Takes) -> &'static str {
    match takes {
        Takes::Text | Takes::NewId | Takes::Word(_) | Takes::WordOrUnknown(_) | Takes::Id(_) | Takes::Rule => {
            "has to be a text in quotes"
        }
        Takes::IdOr(..) => "has to be a text in quotes",
        Takes::Words(_) | Takes::Ids(_) | Takes::IdsOr(..) | Takes::Texts | Takes::TextsOr(_) => {
            "has to be a list of texts in quotes"
        }
        Takes::IdsOrTables(..) => "has to be a list",
        Takes::Whole => "has to be a whole number",
        Takes::Number => "has to be a number",
        Takes::NumberOrUnknown => "has to be a number or \"unknown\"",
        Takes::Range => "has to be a list of two numbers",
        Takes::Boolean => "has to be true or false",
        Takes::Date | Takes::Bound => "is no date",
        Takes::Table(_) => "has to be a table",
        Takes::Tables(_) => "has to be a list of tables",
    }
}

#[test]
fn every_key_takes_what_is_said_that_it_takes() {
    let mut seen = 0;
    for file in read_files() {
        let own: Vec<(Option<&Table>, &Key)> = file.keys().map(|key| (None, key)).collect();
        let tables = file.tables();
        let inner = tables.iter().flat_map(|table| table.keys().map(|key| (Some(*table), key)));
        for (table, key) in own.into_iter().chain(inner) {
            let at = format!("{} of {} in {}", key.name, table.map_or("the file", |table| table.name), file.name);
            let form = table.and_then(|table| {
                let of = |form: &&Form| form.key == key.name || form.may.contains(&key.name);
                table.forms.iter().find(of)
            });
            let strange = if matches!(key.takes, Takes::Table(_) | Takes::Boolean) { "3" } else { "{ q = true }" };
            let found = refusals(file, table, form, key, strange);
            let said = format!("`{}`", key.name);
            let told: Vec<&str> = found
                .iter()
                .filter(|problem| problem.code == "wrong-type" || problem.code == "bad-date")
                .map(|problem| problem.message.as_str())
                .filter(|message| message.contains(&said))
                .collect();
            assert!(told.iter().any(|message| message.contains(wanted(key.takes))), "{at}: {told:?} {found:#?}");
            let word = refusals(file, table, form, key, &format!("\"{STRANGE}\""));
            let (kind, words): (Option<&str>, &[&str]) = match key.takes {
                Takes::Word(words) | Takes::WordOrUnknown(words) | Takes::Words(words) => (None, words),
                Takes::Id(kind) | Takes::IdOr(kind, _) | Takes::Ids(kind) | Takes::IdsOr(kind, _) => {
                    (Some(kind.name()), &[])
                }
                Takes::IdsOrTables(kind, _) => (Some(kind.name()), &[]),
                _ => (None, &[]),
            };
            if let Some(kind) = kind {
                let said = format!("there is no {kind} `{STRANGE}`");
                assert!(word.iter().any(|problem| problem.message == said), "{at}: {word:#?}");
            }
            if let Takes::IdOr(_, words) | Takes::IdsOr(_, words) = key.takes {
                for legal in words {
                    let found = refusals(file, table, form, key, &format!("\"{legal}\""));
                    let unknown = found.iter().any(|problem| problem.message.contains(&format!("`{legal}`")));
                    assert!(!unknown, "{at}: {legal} {found:#?}");
                }
            }
            if !words.is_empty() {
                let help = word
                    .iter()
                    .find(|problem| problem.code == "unknown-word" && problem.message.contains(STRANGE))
                    .unwrap_or_else(|| panic!("{at}: {word:#?}"));
                let listed: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                let all = if let [only] = listed.as_slice() {
                    format!("the only one is {only}")
                } else {
                    format!("one of {}", listed.join(", "))
                };
                assert_eq!(help.help, Some(all), "{at}");
            } else {
                let refused = word.iter().any(|problem| problem.code == "unknown-word");
                // A code's value is one of the list that stands beside it.
                assert!(!refused, "{at}: {word:#?}");
            }
            seen += 1;
        }
    }
    assert!(seen > 400, "too few keys were tried: {seen}");
}

// --- Schemas ------------------------------------------------------------------------------------------------------------

/// A TOML value as the editors' validators see it: dates are texts.
fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(number) => {
            Value::from(i64::from_str_radix(number.as_str(), number.radix()).expect("a number"))
        }
        DeValue::Float(number) => Value::from(number.as_str().parse::<f64>().expect("a number")),
        DeValue::Boolean(truth) => Value::from(*truth),
        DeValue::Datetime(date) => Value::from(date.to_string()),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => object(table),
    }
}

fn object(table: &DeTable<'_>) -> Value {
    Value::Object(table.iter().map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref()))).collect())
}

pub fn parsed(text: &str) -> Value {
    object(DeTable::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}")).get_ref())
}

fn validator(schema: &Value) -> jsonschema::Validator {
    assert!(jsonschema::meta::is_valid(schema), "the schema is none");
    jsonschema::draft7::new(schema).expect("a schema of draft 7")
}

/// What a file is, from its place.
fn kind_of(path: &str) -> Option<&'static str> {
    if path.ends_with(".test.toml") {
        return Some("tests");
    }
    let inside = path.strip_prefix("scenarios/").filter(|_| path.ends_with(".toml"))?;
    match inside.split('/').collect::<Vec<_>>().as_slice() {
        [_, "pack.toml"] => Some("pack"),
        [_, "world", ..] => Some("world"),
        [_, _] => Some("scenario"),
        _ => None,
    }
}

#[test]
fn every_shipped_file_is_what_its_schema_says_with_the_ids_of_its_pack_and_without() {
    let bare: BTreeMap<&str, jsonschema::Validator> =
        FILES.iter().map(|file| (file.name, validator(&schema(file, None)))).collect();
    let mut seen = 0;
    for pack in shipped::packs() {
        let session = Session::new(&shipped::pack(pack), None);
        let known = ids(&session.pack, &session.rules);
        let own: BTreeMap<&str, jsonschema::Validator> =
            FILES.iter().map(|file| (file.name, validator(&schema(file, Some(&known))))).collect();
        for (path, bytes) in shipped::FILES {
            let Some(kind) = kind_of(path).filter(|_| path.contains(&format!("/{pack}/"))) else { continue };
            let value = parsed(std::str::from_utf8(bytes).expect("UTF-8"));
            for (validators, which) in [(&bare, "without ids"), (&own, "with ids")] {
                let found: Vec<String> = validators[kind]
                    .iter_errors(&value)
                    .map(|error| format!("{}: {error:.200}", error.instance_path()))
                    .collect();
                assert!(found.is_empty(), "{path} {which}: {found:#?}");
            }
            seen += 1;
        }
    }
    assert!(seen > 60, "too few files were tried: {seen}");
}

#[test]
fn what_the_loader_refuses_the_schema_refuses() {
    let session = Session::new(&shipped::pack("primer"), None);
    let known = ids(&session.pack, &session.rules);
    let case = "title = \"T\"\ndate = 2001-02-03\n[[case]]\nid = \"raid\"\nthreat = \"piracy\"\naffected = [\"XAA\"]\n";
    let world = "[[source]]\nkey = \"k\"\ntitle = \"T\"\nkind = \"paper\"\n";
    let rule = session.rules.rules.keys().next().expect("a rule");
    let test =
        "[[test]]\nrule = \"charter-3-consult\"\n[[test.case]]\nsilent = true\n".replace("charter-3-consult", rule);
    let test = test.as_str();
    let threat = session.pack.world.threats.terms.keys().next().expect("a threat");
    let state = session.pack.world.states.keys().next().expect("a state");
    let case = case.replace("piracy", threat).replace("XAA", state);
    for (kind, good, from, to) in [
        ("scenario", case.as_str(), "2001-02-03", "\"2001-02\""),
        ("scenario", &case, "2001-02-03", "2001"),
        ("world", world, "kind = \"paper\"", "kind = \"press\"\nyear = 1999\nlens = true"),
        ("tests", test, "silent = true", "says = []"),
    ] {
        for text in [good.to_owned(), good.replace(from, to)] {
            let validator = validator(&schema(file(kind).expect("a kind"), Some(&known)));
            assert!(validator.is_valid(&parsed(&text)), "{text}");
        }
    }
    for (kind, good, from, to) in [
        ("scenario", case.as_str(), threat.as_str(), "pyracy"),
        ("scenario", &case, state, "XZZ"),
        ("scenario", &case, "title = \"T\"", "titel = \"T\""),
        ("scenario", &case, "2001-02-03", "\"2001-13\""),
        ("scenario", &case, "2001-02-03", "\"spring\""),
        ("scenario", &case, "2001-02-03", "true"),
        ("scenario", &case, "threat = ", "treat = "),
        ("scenario", &case, "[[case]]\n", "[[case]]\nattacker = \"army\"\n"),
        ("scenario", &case, "[[case]]\n", "[[case]]\nstanding = \"yes\"\n"),
        ("scenario", &case, "[[case]]\n", "[[expect]]\nlabel = \"accepted\"\n[[case]]\n"),
        ("scenario", &case, "[[case]]\n", "[[expect]]\ncell = \"a/b/c\"\nlabel = \"accepted\"\n[[case]]\n"),
        ("scenario", &case, "[[case]]\n", "[[expect]]\nargument = \"a\"\n[[case]]\n"),
        ("world", world, "kind = \"paper\"", "kind = \"novel\""),
        ("world", world, "key = \"k\"", "key = \"k k\""),
        ("world", world, "title = \"T\"\n", ""),
        ("world", world, "title = \"T\"", "title = \" \""),
        ("world", world, "kind = \"paper\"", "kind = \"paper\"\nyear = \"1999\""),
        ("world", world, "kind = \"paper\"", "kind = \"paper\"\nsupersedes = [\"no-such\"]"),
        ("world", world, "[[source]]", "[[party]]\ninstrument = \"x\"\nsource = \"k\"\n[[source]]"),
        ("pack", "id = \"x\"\ntitle = \"X\"\n", "title", "tittle"),
        ("tests", test, "rule = ", "rulle = "),
        ("tests", test, rule.as_str(), "no-such-rule"),
        ("tests", test, "silent = true", "otherwise = \"maybe\"\nsilent = true"),
        ("tests", test, "silent = true", ""),
        ("predictions", "[[prediction]]\ncell = \"a/b/c\"\non_paper = \"gap\"\n", "gap", "hole"),
        ("predictions", "[[prediction]]\ncell = \"a/b/c\"\non_paper = \"gap\"\n", "on_paper = \"gap\"", ""),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good);
        let validator = validator(&schema(file(kind).expect("a kind"), Some(&known)));
        assert!(!validator.is_valid(&parsed(&bad)), "{kind} lets this pass:\n{bad}");
        if kind != "tests" {
            let found = problems(kind, &bad);
            assert!(found.iter().any(|problem| problem.severity == Severity::Error), "{kind} loads:\n{bad}");
        }
    }
}
