//! What Tab completes at the prompt: commands, words of the vocabulary, ids.

use mandatum::ask::vocabulary::WORDS;
use rustyline::completion::Completer;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Context, Helper};

use super::commands::{COMMANDS, KINDS};
use super::desk::Desk;

/// Everything that may be completed.
pub(super) struct Words {
    words: Vec<String>,
    ids: Vec<String>,
}

impl Words {
    /// The vocabulary, and the ids of what is open.
    pub(super) fn new(desk: &Desk) -> Self {
        let mut words: Vec<String> = WORDS
            .iter()
            .map(|word| if word.emits { format!("{}(", word.name) } else { format!("situation.{}(", word.name) })
            .collect();
        words.extend(COMMANDS.iter().map(|(name, ..)| (*name).to_owned()));
        let mut ids: Vec<String> = KINDS.iter().flat_map(|(_, of)| of(desk.session())).collect();
        ids.extend(KINDS.iter().map(|(kind, _)| (*kind).to_owned()));
        ids.extend(desk.ids());
        ids.sort();
        ids.dedup();
        words.sort();
        Words { words, ids }
    }
}

/// Where the word under the cursor starts: after a quote, a bracket or a space.
fn start(line: &str) -> usize {
    let breaks = |character: char| character.is_whitespace() || "\"(!&|{};,=".contains(character);
    line.char_indices().rev().find(|(_, character)| breaks(*character)).map_or(0, |(at, own)| at + own.len_utf8())
}

impl Completer for Words {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let typed = line.get(..at).unwrap_or_default();
        let start = start(typed);
        let own = typed.get(start..).unwrap_or_default();
        let before = typed.get(..start).unwrap_or_default();
        let named = before.ends_with('"') || (before.starts_with(':') && !before.trim().is_empty());
        let choices = if named { &self.ids } else { &self.words };
        let bare = |word: &String| word.strip_prefix("situation.").is_some_and(|rest| rest.starts_with(own));
        let fits = |word: &&String| !own.is_empty() && (word.starts_with(own) || (!named && bare(word)));
        Ok((start, choices.iter().filter(fits).cloned().collect()))
    }
}

impl Hinter for Words {
    type Hint = String;
}

impl Highlighter for Words {}
impl Validator for Words {}
impl Helper for Words {}
