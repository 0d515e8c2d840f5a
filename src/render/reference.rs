//! The pages of the reference: every table and key, every word of rules. Markdown, written from the description alone.

use std::fmt::Write as _;

use crate::ask::vocabulary::{Each, HANDLES, Stage, WORDS, Word, word};
use crate::reference::{FILES, Key, Table, Takes, arguments, capital, example, signature, standing};

/// Every page: its file below the folder that it is written to, and its text.
pub fn reference() -> Vec<(&'static str, String)> {
    vec![("tables.md", tables()), ("words.md", words())]
}

fn tables() -> String {
    let mut text = String::from(
        "# Tables and keys\n\nEvery table and key that is read, by kind of file. Written by `mandatum docs --reference`; [Writing \
         scenarios and packs](../scenarios.md) says how they work together.\n\nWherever a list is taken, one value may stand \
         for a list of one. A date is `1999`, `\"1999-08\"` (in quotes) or `1999-08-22`. Unknown keys, unknown ids and wrong \
         types are errors.\n",
    );
    for file in FILES {
        let _ = write!(text, "\n## {}: `{}`\n\n{}\n", capital(file.name), file.path, file.meaning);
        let own: Vec<&Key> = file.keys().filter(|key| key.takes.table().is_none()).collect();
        if !own.is_empty() {
            text.push('\n');
            keys(&mut text, own.into_iter());
        }
        let tables: Vec<String> = file
            .keys()
            .filter(|key| key.takes.table().is_some())
            .map(|key| format!("[`[[{}]]`](#{}) {}", key.name, anchor(key.name), key.meaning))
            .collect();
        if !tables.is_empty() {
            let _ = write!(text, "\nTables:\n\n- {}\n", tables.join("\n- "));
        }
    }
    text.push_str("\n## Every table\n");
    let mut told: Vec<&str> = Vec::new();
    for own in FILES.iter().flat_map(|file| file.tables()) {
        if !told.contains(&own.name) {
            told.push(own.name);
            table(&mut text, own);
        }
    }
    text
}

/// Where a heading of that name is found.
fn anchor(name: &str) -> String {
    name.replace('.', "")
}

fn table(text: &mut String, own: &Table) {
    let _ = write!(text, "\n### {}\n\n{}\n\n", own.name, own.meaning);
    keys(text, own.keys());
    for group in own.one_of {
        let named: Vec<String> = group.iter().map(|key| format!("`{key}`")).collect();
        let _ = write!(text, "\nAt least one of {} has to be there.\n", named.join(", "));
    }
    if !own.forms.is_empty() {
        text.push_str("\nOne of these says what the row is about:\n\n");
        for form in own.forms {
            let others: Vec<String> = form
                .may
                .iter()
                .map(|key| if form.must.contains(key) { format!("`{key}` (**required**)") } else { format!("`{key}`") })
                .collect();
            let _ = writeln!(text, "- `{}`, with {}", form.key, others.join(", "));
        }
    }
}

fn keys<'k>(text: &mut String, keys: impl Iterator<Item = &'k Key>) {
    text.push_str("| key | takes | if silent | meaning |\n| --- | --- | --- | --- |\n");
    for key in keys {
        let takes = match key.takes {
            Takes::Table(name) | Takes::Tables(name) | Takes::IdsOrTables(_, name) => {
                format!("{} ([{name}](#{}))", key.takes.says(), anchor(name))
            }
            other => other.says(),
        };
        let silent = match (key.required, key.default) {
            (true, _) => "**required**",
            (false, Some(default)) => default,
            (false, None) => "",
        };
        let _ = writeln!(text, "| `{}` | {takes} | {silent} | {} |", key.name, key.meaning);
    }
}

/// The parts of the page about words: a title, a sentence, and which words stand there.
type Part = (&'static str, &'static str, fn(&Word) -> bool);

const PARTS: &[Part] = &[
    (
        "Questions about the case",
        "Methods of `situation`; each answers true or false. A question that nobody can answer is answered both ways.",
        |word| !word.emits && word.stage == Some(Stage::Question) && shared(word),
    ),
    (
        "Questions about earlier conclusions",
        "They read what earlier stages concluded, so they may only be asked from a stage on.",
        |word| !word.emits && word.stage != Some(Stage::Question) && shared(word),
    ),
    ("Questions about a response", "For rules with `@each response`.", |word| {
        !word.emits && only(word, Each::Response)
    }),
    ("Questions about an overlap", "For rules with `@each overlap`.", |word| !word.emits && only(word, Each::Overlap)),
    (
        "Questions about organisations",
        "For rules with `@each organisation` or `@each pair`, which run once per scenario and have no case.",
        |word| !word.emits && (only(word, Each::Pair) || only(word, Each::Organisation)),
    ),
    (
        "What a rule says",
        "Functions, written without `situation.`. What a rule says decides its stage; a rule stays in one stage.",
        |word| word.emits,
    ),
];

fn only(word: &Word, each: Each) -> bool {
    word.each == [each]
}

fn shared(word: &Word) -> bool {
    ![Each::Response, Each::Overlap, Each::Pair, Each::Organisation].into_iter().any(|each| only(word, each))
}

fn words() -> String {
    let mut text = String::from(
        "# Words of rules\n\nEverything that a rule may ask and say. Written by `mandatum docs --reference`; [Writing \
         rules](../rules.md) says how rules work. The examples use the ids of the pack that `mandatum new` writes, and a few \
         more of the same kind.\n\nUnder each word: what each argument takes; what a rule that uses it may run for (`@each`), \
         and in which stage.\n",
    );
    for (title, sentence, belongs) in PARTS {
        let _ = write!(text, "\n## {title}\n\n{sentence}\n");
        for own in WORDS.iter().filter(|own| belongs(own)) {
            entry(&mut text, own);
        }
    }
    text.push_str(
        "\n## Comparisons\n\nFive things may also be compared, with `==` and `!=` and in no other way.\n\n\
         | comparison | asks |\n| --- | --- |\n",
    );
    for (handle, asks) in HANDLES {
        let Some(own) = word(asks) else { continue };
        let argument = example(own);
        let argument = argument.split('(').nth(1).and_then(|rest| rest.split(')').next()).unwrap_or_default();
        let _ = writeln!(text, "| `situation.{handle} == {argument}` | [`{asks}`](#{asks}) |");
    }
    text
}

fn entry(text: &mut String, own: &Word) {
    let call = signature(own);
    let (call, verb) = if own.emits { (call, "says:") } else { (format!("situation.{call}"), "true when") };
    let _ = write!(text, "\n### {}\n\n`{call}`: {verb} {}.\n\n", own.name, own.meaning);
    for (name, what) in arguments(own) {
        let _ = writeln!(text, "- `{name}`: {what}");
    }
    let _ = writeln!(text, "- {}", standing(own));
    let _ = writeln!(text, "- example: `{}`", example(own));
}
