//! What people bring along from other languages and from word processors: each habit with what to write instead.
//!
//! Asked only about a file that the script engine refused. Most habits can be put right letter for letter, so that
//! the rest of the file can be read on and every mistake in it be named at once; nothing that was put right is ever run.

use std::collections::BTreeSet;
use std::ops::Range;

use super::check::Places;
use super::lex::{Kind, Token, tokens};
use crate::ask::vocabulary::word;
use crate::diagnostic::{Diagnostic, Problems};

/// What was found, and the text to read on with.
pub(super) struct Found {
    pub(super) problems: Problems,
    /// The text with every habit put right, each line and column where it was; `None` where one could not be.
    /// Never run: it is read on for more mistakes.
    pub(super) text: Option<String>,
}

/// One habit: code, message, label, help, and what to put in its place (`None`: nothing can be).
struct Habit {
    code: &'static str,
    message: String,
    label: &'static str,
    help: String,
    instead: Option<String>,
}

/// Words of other languages: what they are, what to write, and what of the same length or less stands in for them.
const WORDS: &[(&[&str], &str, Option<&str>)] = &[
    (&["and", "AND", "And"], "for \"both\" write &&: if one && other { .. }", Some("&&")),
    (&["or", "OR", "Or"], "for \"one of them\" write ||: if one || other { .. }", Some("||")),
    (&["not", "NOT", "Not"], "for \"not\" write ! before the question: if !situation.transborder() { .. }", Some("!")),
    (&["is"], "to compare, write ==", Some("==")),
    (&["elif", "elsif", "elseif", "ElseIf"], "write else if", None),
    (&["then", "THEN", "Then"], "drop it: if condition { .. }", Some("")),
    (&["unless"], "write if and turn the condition round: if !condition { .. }", None),
    (&["endif", "end", "End", "fi", "done"], "a block ends with }", None),
    (&["begin"], "a block begins with {", None),
    (&["foreach"], "write for x in [\"one\", \"two\"] { .. }", None),
    (&["If", "IF"], "small letters: if", Some("if")),
    (&["Else", "ELSE"], "small letters: else", Some("else")),
    (&["For", "FOR"], "small letters: for", Some("for")),
    (&["Let", "LET"], "small letters: let", Some("let")),
    (&["Return", "RETURN"], "small letters: return", Some("return")),
    (&["True", "TRUE"], "small letters: true", Some("true")),
    (&["False", "FALSE"], "small letters: false", Some("false")),
    (&["var", "VAR", "Dim", "dim"], "write let", Some("let")),
    (&["pass"], "leave it out: an empty block is { }", None),
];

/// Words that begin a function elsewhere.
pub(super) const FUNCTIONS: &[&str] =
    &["function", "def", "Fn", "FN", "func", "fun", "rule", "Rule", "sub", "Sub", "Function", "void", "public", "pub"];

/// Habits that are reported in one file, at most: who brings so many reads the first.
const MOST: usize = 50;

/// Tokens that are looked back over for the head of a condition or of a function, at most.
const FAR: usize = 100;

/// What a merge of two versions leaves behind.
const CONFLICT: &[&str] = &["<<<<<<<", "=======", ">>>>>>>"];

/// Signs of other languages.
const SIGNS: &[(&str, &str, Option<&str>)] = &[
    ("===", "to compare, write two equals signs: ==", Some("==")),
    ("!==", "for \"differs from\" write !=", Some("!=")),
    ("<>", "for \"differs from\" write !=", Some("!=")),
    ("≠", "for \"differs from\" write !=", None),
    ("=<", "write <=", Some("<=")),
    (":=", "write =", Some("=")),
    ("->", "a question follows a full stop: situation.bound_by(..)", Some(".")),
    ("::", "a question follows a full stop: situation.bound_by(..)", Some(".")),
    ("–", "this is a dash: for the hyphen of an id write -", Some("-")),
    ("—", "this is a dash: for the hyphen of an id write -", Some("-")),
    ("‑", "this is a typographic hyphen: write -", Some("-")),
    ("…", "write what it stands for", None),
    ("?", "write if condition { .. } else { .. }", None),
];

/// What a file is that holds no rules at all, by how it begins.
pub(super) fn other_file(text: &str) -> Option<(&'static str, &'static str)> {
    let begins = text.trim_start().to_lowercase();
    let heading = begins.lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with(['/', '#']));
    if begins.starts_with("<!doctype") || begins.starts_with("<html") || begins.starts_with("<?xml") {
        return Some(("a page of the web", "save the text alone, without the page around it"));
    }
    if begins.starts_with("{\\rtf") {
        return Some(("a document of a word processor", "save it as plain text: UTF-8, with the ending .rhai"));
    }
    let table = |line: &str| line.trim().starts_with("[[") && line.trim().ends_with("]]");
    heading.filter(|line| table(line)).map(|_| {
        (
            "a file of facts in TOML",
            "facts stand in world/ or in a scenario, in files that end in .toml; a rule is a function",
        )
    })
}

/// Looks for habits in a text that the script engine refused.
pub(super) fn scan(places: &Places<'_>) -> Found {
    let tokens = tokens(places.text);
    let mut notes = Notes { places, problems: Problems::default(), edits: Some(Vec::new()) };
    let mut quotes: Vec<&Token<'_>> = Vec::new();
    let mut conflicts: Vec<&Token<'_>> = Vec::new();
    let mut skipped = 0;
    for (index, token) in tokens.iter().enumerate() {
        if token.start < skipped {
            continue;
        }
        if token.first && CONFLICT.contains(&token.text) {
            skipped = tokens.iter().skip(index + 1).find(|next| next.first).map_or(usize::MAX, |next| next.start);
            conflicts.push(token);
        } else if let Some(end) = prose(&tokens, index) {
            skipped = end;
            notes.note(token.start..end, sentence());
        } else if token.kind == Kind::OddText && !token.text.starts_with('\'') {
            quotes.push(token);
            notes.edit(token.range(), &straight(token.text));
        } else if let Some(mut habit) = odd(token).or_else(|| foreign(&tokens, index)) {
            // A text over two lines is one mistake: it ends where the quote on the next line stands.
            if token.kind == Kind::Open {
                let line = |token: &Token<'_>| places.range(token.range()).line;
                let next = tokens.iter().skip(index + 1).find(|next| next.kind == Kind::Open);
                if let Some(next) = next.filter(|next| line(next) == line(token) + 1) {
                    skipped = next.end();
                    habit.help = "write the whole text on one line".to_owned();
                }
            }
            notes.note(token.range(), habit);
        }
    }
    if let [first, others @ ..] = quotes.as_slice() {
        let message = format!("{} are not the quotes of the rule language", ends(first.text));
        let help = format!(
            "write straight quotes, \"like this\"; word processors put the others in{}",
            more(places, first, others)
        );
        notes.report("quotes", message, first.range(), "typographic quotes", help);
    }
    if let [first, others @ ..] = conflicts.as_slice() {
        let help = format!("keep one of the two and delete these marks{}", more(places, first, others));
        notes.report(
            "conflict",
            "two versions of the file meet here".to_owned(),
            first.range(),
            "left by a merge",
            help,
        );
        notes.edits = None;
    }
    Found { problems: notes.problems, text: notes.edits.map(|edits| edited(places.text, edits)) }
}

/// What is found on the way.
struct Notes<'n, 't> {
    places: &'n Places<'t>,
    problems: Problems,
    edits: Option<Vec<(Range<usize>, String)>>,
}

impl Notes<'_, '_> {
    fn note(&mut self, range: Range<usize>, habit: Habit) {
        match &habit.instead {
            Some(instead) => self.edit(range.clone(), instead),
            None => self.edits = None,
        }
        self.report(habit.code, habit.message, range, habit.label, habit.help);
    }

    fn report(&mut self, code: &'static str, message: String, range: Range<usize>, label: &str, help: String) {
        if self.problems.len() < MOST {
            self.problems.push(Diagnostic::error(code, message, self.places.range(range), label).help(help));
        }
    }

    /// Padded to as many letters as stood there, so that what follows keeps its column.
    fn edit(&mut self, range: Range<usize>, instead: &str) {
        let written = self.places.text.get(range.clone()).unwrap_or_default().chars().count();
        let missing = written.saturating_sub(instead.chars().count());
        if let Some(edits) = &mut self.edits {
            edits.push((range, format!("{instead}{}", " ".repeat(missing))));
        }
    }
}

/// The text with every edit made, the last first.
fn edited(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    let mut text = text.to_owned();
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    for (range, instead) in edits {
        text.replace_range(range, &instead);
    }
    text
}

/// `, also on lines 7, 9`: the other lines on which the same stands.
fn more(places: &Places<'_>, first: &Token<'_>, others: &[&Token<'_>]) -> String {
    let line = |token: &Token<'_>| places.range(token.range()).line;
    let lines: BTreeSet<usize> = others.iter().map(|token| line(token)).filter(|own| *own != line(first)).collect();
    let shown: Vec<String> = lines.iter().take(8).map(ToString::to_string).collect();
    match (lines.len(), shown.len()) {
        (0, _) => String::new(),
        (1, _) => format!("; also on line {}", shown.join("")),
        (all, some) if all > some => format!("; also on lines {} and {} more", shown.join(", "), all - some),
        _ => format!("; also on lines {}", shown.join(", ")),
    }
}

/// The first and the last letter of a quoted text.
fn ends(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.next_back()) {
        (Some(first), Some(last)) => format!("`{first}` and `{last}`"),
        (first, _) => format!("`{}` and its like", first.unwrap_or('“')),
    }
}

/// A text with other quotes, in straight ones; a lone quote is put right alone.
fn straight(text: &str) -> String {
    let length = text.chars().count();
    text.chars().enumerate().map(|(at, letter)| if at == 0 || at + 1 == length { '"' } else { letter }).collect()
}

/// Whether a line is a plain sentence: five words or more in a row at its head, and no sign of code on it. Its end.
fn prose(tokens: &[Token<'_>], index: usize) -> Option<usize> {
    let token = tokens.get(index).filter(|token| token.first)?;
    let rest = tokens.get(index..)?;
    let line: Vec<&Token<'_>> = rest.iter().take(1).chain(rest.iter().skip(1).take_while(|next| !next.first)).collect();
    let words = line.iter().filter(|token| token.kind == Kind::Word).count();
    let code = |token: &&Token<'_>| {
        matches!(token.kind, Kind::Text | Kind::Open)
            || matches!(
                token.text,
                "(" | "{" | "}" | "=" | "==" | "!=" | ";" | "&&" | "||" | "if" | "let" | "fn" | "for"
            )
            || word(token.text).is_some_and(|word| word.name.contains('_'))
    };
    let close = line.windows(2).filter(|pair| matches!(pair, [a, b] if a.kind == Kind::Word && b.kind == Kind::Word));
    let sentence = token.kind == Kind::Word && words >= 4 && close.count() >= 2 && !line.iter().any(code);
    sentence.then(|| line.last().map_or(token.end(), |last| last.end()))
}

fn sentence() -> Habit {
    Habit {
        code: "prose",
        message: "this line is a sentence and no rule".to_owned(),
        label: "read as if it were part of a rule",
        help: "if it is for the reader, begin the line with //; if it is a reason, put it in quotes".to_owned(),
        instead: Some(String::new()),
    }
}

/// A token that is odd in itself.
fn odd(token: &Token<'_>) -> Option<Habit> {
    let single = token.text.chars().count() <= 3 || token.text.contains('"');
    Some(match token.kind {
        Kind::OddComment => Habit {
            code: "comment",
            message: "a comment does not begin this way".to_owned(),
            label: "meant as a comment?",
            help: "a comment begins with two slashes: // like this".to_owned(),
            instead: Some(String::new()),
        },
        Kind::OpenComment => Habit {
            code: "comment",
            message: "the comment that begins here never ends".to_owned(),
            label: "everything behind it is lost",
            help: "end it with */, or begin each line of it with //".to_owned(),
            instead: None,
        },
        Kind::OddText if !single => Habit {
            code: "quotes",
            message: "a text stands in double quotes".to_owned(),
            label: "single quotes",
            help: format!("write {}", straight(token.text)),
            instead: Some(straight(token.text)),
        },
        Kind::Open => Habit {
            code: "quotes",
            message: "a quote is missing: this text never ends".to_owned(),
            label: "it begins here",
            help: "end the text with \" on the same line".to_owned(),
            instead: None,
        },
        Kind::Invisible => Habit {
            code: "invisible",
            message: format!(
                "an invisible letter stands here, U+{:04X}",
                token.text.chars().next().map_or(0, u32::from)
            ),
            label: "looks like a space, or like nothing",
            help: "delete it and type a plain space; texts copied from a page or a document often hold such letters"
                .to_owned(),
            instead: Some(" ".to_owned()),
        },
        _ => return None,
    })
}

/// A word or sign of another language.
fn foreign(tokens: &[Token<'_>], index: usize) -> Option<Habit> {
    let token = tokens.get(index)?;
    let before = index.checked_sub(1).and_then(|before| tokens.get(before));
    let after = tokens.get(index + 1);
    let habit = |help: String, instead: Option<&str>| {
        let (message, label) = match token.kind {
            Kind::Word => (format!("`{}` is no word of the rule language", token.text), "a word of another language"),
            _ => (format!("`{}` is no sign of the rule language", token.text), "a sign of another language"),
        };
        let instead = instead.filter(|instead| instead.chars().count() <= token.text.chars().count());
        Some(Habit { code: "other-language", message, label, help, instead: instead.map(str::to_owned) })
    };
    if token.kind == Kind::Word {
        // What follows a full stop, or is given a value or called, may well be a name.
        let named = before
            .is_some_and(|before| before.is(".") || before.is("fn") || before.is("let") || before.is("in"))
            || after.is_some_and(|after| {
                after.is("=") || after.is("(") && !matches!(token.text, "and" | "or" | "not" | "If")
            });
        let listed = WORDS.iter().find(|(words, ..)| words.contains(&token.text) && !named);
        if let Some((_, help, instead)) = listed {
            return habit((*help).to_owned(), *instead);
        }
        if token.first && FUNCTIONS.contains(&token.text) && after.is_some_and(|after| after.kind == Kind::Word) {
            return habit("a rule begins with fn: fn name(situation) { .. }".to_owned(), None);
        }
        return None;
    }
    if token.kind != Kind::Sign {
        return None;
    }
    let spaced = after.is_some_and(|after| after.start > token.end());
    if token.is("&") || token.is("|") && before.is_some_and(|before| before.end() < token.start) && spaced {
        let help = if token.is("&") { "for \"both\" write &&" } else { "for \"one of them\" write ||" };
        return habit(help.to_owned(), None);
    }
    if token.is("=") && condition(tokens, index) {
        return Some(Habit {
            code: "other-language",
            message: "one equals sign does not compare".to_owned(),
            label: "gives a value",
            help: "to compare, write two: ==".to_owned(),
            instead: None,
        });
    }
    let called = before.is_some_and(|before| before.kind == Kind::Word)
        && index.checked_sub(2).and_then(|two| tokens.get(two)).is_some_and(|two| two.is("(") || two.is(","));
    if token.is("=") && called {
        return Some(Habit {
            code: "other-language",
            message: "what stands between the brackets has no names here".to_owned(),
            label: "gives a name",
            help: "write the values alone, in their order: stops(\"HOLDER\", \"FUNCTION\", \"STEP\", \"why\")"
                .to_owned(),
            instead: None,
        });
    }
    let opened = index.checked_sub(2).and_then(|two| tokens.get(two)).is_some_and(|two| two.is("{"));
    if token.is(":") && opened && before.is_some_and(|before| before.kind == Kind::Word) {
        return Some(Habit {
            code: "beyond-subset",
            message: "a map is not part of the rule language".to_owned(),
            label: "a key and its value",
            help: super::syntax::HAS.to_owned(),
            instead: None,
        });
    }
    let ends_line = after.is_none_or(|after| after.first);
    if token.is(":") && ends_line {
        return habit("a block stands in braces: if condition { .. }".to_owned(), None);
    }
    if token.is("->") && before.is_some_and(|before| before.is(")")) && head(tokens, index) {
        return habit("a rule gives nothing back: write fn name(situation) {".to_owned(), None);
    }
    let (_, help, instead) = SIGNS.iter().find(|(sign, ..)| token.is(sign))?;
    habit((*help).to_owned(), *instead)
}

/// Whether the line up to a token is a condition: it begins with `if` and has not come to its block.
fn condition(tokens: &[Token<'_>], index: usize) -> bool {
    let before = tokens.iter().take(index).rev().take(FAR).take_while(|token| !matches!(token.text, "{" | "}" | ";"));
    before.into_iter().any(|token| token.is("if"))
}

/// Whether the line up to a token is the head of a function.
fn head(tokens: &[Token<'_>], index: usize) -> bool {
    tokens
        .iter()
        .take(index)
        .rev()
        .take(FAR)
        .take_while(|token| !matches!(token.text, "{" | "}" | ";"))
        .any(|token| token.is("fn"))
}
