//! A rule file as a whole: whether it was read as the script engine reads it, and what each rule draws from its helpers.

use std::collections::BTreeSet;

use super::check::{Places, Seen};
use super::lex::{Kind, tokens};
use super::tags::Head;
use crate::ask::vocabulary::word;
use crate::diagnostic::{Diagnostic, Place, Problems};

/// Whether the file holds functions that the scan by lines did not see, or the other way round: then nothing in it is sure.
pub(super) fn misread(ast: &rhai::AST, heads: &[Head], places: &Places<'_>, problems: &mut Problems) -> bool {
    let mut read: Vec<&str> = ast.iter_functions().map(|function| function.name).collect();
    let mut seen: Vec<&str> = heads.iter().map(|head| head.name.as_str()).collect();
    read.sort_unstable();
    seen.sort_unstable();
    if read == seen {
        return false;
    }
    let odd = read.iter().find(|name| !seen.contains(name)).or(seen.first()).copied().unwrap_or_default();
    // Where its name follows the word `fn`.
    let start = places
        .text
        .match_indices(odd)
        .map(|(start, _)| start)
        .find(|start| places.text.get(..*start).is_some_and(|before| before.trim_end().ends_with("fn")));
    let start = start.unwrap_or(0);
    let place = Place::new(places.file, places.text, start..start + odd.len());
    let message = format!("the function `{odd}` does not begin a line of its own, or stands in a comment too");
    let problem = Diagnostic::error("misread", message, place, "none of the file's rules runs");
    problems.push(problem.help(format!("begin each function on a line of its own: fn {odd}(situation) {{")));
    true
}

/// Whether a function takes the name of a word: the word would no longer mean what it says.
pub(super) fn shadowed(heads: &[Head], problems: &mut Problems) -> bool {
    let taken: Vec<&Head> = heads.iter().filter(|head| word(&head.name).is_some()).collect();
    for head in &taken {
        let message = format!("`{}` is a word of the vocabulary and cannot be a function's name", head.name);
        problems.push(
            Diagnostic::error("shadowing", message, head.place.clone(), "taken")
                .help(format!("choose another name, such as charter_3_{}", head.name)),
        );
    }
    !taken.is_empty()
}

/// Reports a comment that never ends: the script engine takes it to reach to the end of the file, and says nothing.
pub(super) fn unended(places: &Places<'_>, problems: &mut Problems) -> bool {
    let open = tokens(places.text).into_iter().find(|token| token.kind == Kind::OpenComment);
    if let Some(token) = open {
        let place = places.range(token.range());
        let message = "the comment that begins here never ends";
        let problem = Diagnostic::error("comment", message, place, "everything behind it is lost");
        problems.push(problem.help("end it with */, or begin each line of it with //"));
    }
    open.is_some()
}

/// Warns of statements behind a `return`, which nothing ever comes to.
pub(super) fn unreachable(places: &Places<'_>, problems: &mut Problems) {
    let tokens = tokens(places.text);
    for (index, token) in tokens.iter().enumerate().filter(|(_, token)| token.is("return")) {
        // A value behind it is a mistake of its own.
        let mut rest = tokens.iter().skip(index + 1);
        let after = rest.next().filter(|end| end.is(";")).and_then(|_| rest.find(|token| !token.is(";")));
        if let Some(after) = after.filter(|after| !after.is("}")) {
            let place = places.range(after.range());
            let problem = Diagnostic::error("unreachable", "nothing ever comes to this statement", place, "never runs")
                .as_warning()
                .label(places.range(token.range()), "the rule ends here");
            problems.push(problem.help("put a condition around the return, or delete what follows it"));
        }
    }
}

/// A rule's tree with those of the helpers that it calls.
pub(super) struct Merged {
    pub(super) seen: Seen,
    /// Lines of the helpers.
    pub(super) lines: Vec<std::ops::Range<usize>>,
    pub(super) recursive: bool,
    /// Whether everything it calls was read.
    pub(super) complete: bool,
}

pub(super) fn merge(index: usize, heads: &[Head], seen: &[Seen]) -> Merged {
    let mut merged = Merged {
        seen: seen.get(index).cloned().unwrap_or_default(),
        lines: Vec::new(),
        recursive: false,
        complete: seen.get(index).is_some_and(|seen| seen.holders.is_some() || !seen.says.is_empty()),
    };
    let mut done = BTreeSet::from([index]);
    let position = |name: &str| heads.iter().position(|head| head.name == name);
    let mut open: Vec<usize> = merged.seen.calls.keys().filter_map(|name| position(name)).collect();
    while let Some(called) = open.pop() {
        if called == index || reaches(called, called, heads, seen) {
            merged.recursive = true;
        }
        if !done.insert(called) {
            continue;
        }
        let start = heads.get(called).map_or(0, |head| head.line);
        let end = heads.get(called + 1).map_or(usize::MAX, |head| head.line);
        merged.lines.push(start..end);
        let Some(helper) = seen.get(called) else { continue };
        merged.seen.asks.extend(helper.asks.clone());
        merged.seen.says.extend(helper.says.clone());
        merged.seen.targets.extend(helper.targets.clone());
        merged.seen.verdicts.extend(helper.verdicts.clone());
        merged.seen.holders = match (merged.seen.holders.take(), &helper.holders) {
            (Some(mut own), Some(more)) => {
                own.extend(more.iter().cloned());
                Some(own)
            }
            _ => None,
        };
        open.extend(helper.calls.keys().filter_map(|name| position(name)));
    }
    merged
}

fn reaches(from: usize, to: usize, heads: &[Head], seen: &[Seen]) -> bool {
    let mut done = BTreeSet::new();
    let mut open = vec![from];
    while let Some(current) = open.pop() {
        for name in seen.get(current).into_iter().flat_map(|seen| seen.calls.keys()) {
            let Some(next) = heads.iter().position(|head| head.name == *name) else {
                continue;
            };
            if next == to {
                return true;
            }
            if done.insert(next) {
                open.push(next);
            }
        }
    }
    false
}
