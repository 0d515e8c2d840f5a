//! A file that the script engine refused, read on function by function so that all that is wrong with it is named.
//!
//! Nothing of what is read here is ever run: a file with one such mistake stays unusable as a whole.

use rhai::{AST, ParseError, ParseErrorType};

use super::check::Places;
use super::habits;
use super::host::{Host, SITUATION};
use super::syntax::{Mistake, meant};
use super::tags::Head;
use crate::diagnostic::{Diagnostic, Problems, closest};

/// Mistakes named in one function, at most.
const MOST: usize = 20;

/// Reads a refused file on. What could be read comes back as trees, at the lines and columns of the file.
pub(super) fn read(heads: &[Head], places: &Places<'_>, refused: ParseError, problems: &mut Problems) -> Vec<AST> {
    let found = habits::scan(places);
    let habits = found.problems.len();
    problems.append(found.problems);
    let Some(text) = found.text else {
        return Vec::new();
    };
    let inner = heads.iter().find(|head| head.indented);
    if let (ParseErrorType::WrongFnDefinition, Some(inner)) = (refused.err_type(), inner) {
        let message = format!("the function `{}` stands inside another", inner.name);
        let help = format!("move it out: private fn {}(situation) {{ .. }} above or below the rule", inner.name);
        problems
            .push(Diagnostic::error("brackets", message, inner.place.clone(), "no function begins here").help(help));
        return Vec::new();
    }
    let engine = Host::reader();
    let (mut read, mut mistakes) = (Vec::new(), 0);
    for lines in pieces(heads, &text) {
        let mut piece = only(&text, lines);
        for _ in 0..MOST {
            let error = match engine.compile(&piece) {
                Ok(ast) => {
                    read.push(ast);
                    break;
                }
                Err(error) => error,
            };
            mistakes += 1;
            let mistake = told(&error, &piece, places, problems);
            let Some((range, instead)) = mistake.repair.filter(|(range, _)| piece.get(range.clone()).is_some()) else {
                break;
            };
            piece.replace_range(range, instead);
        }
    }
    // Names that nobody set are found in the trees; two functions of one name by whoever counts the rules.
    let elsewhere =
        matches!(refused.err_type(), ParseErrorType::VariableUndefined(_) | ParseErrorType::FnDuplicatedDefinition(..));
    if habits == 0 && mistakes == 0 && !elsewhere {
        told(&refused, places.text, places, problems);
    }
    read
}

/// Names what is wrong with an expression that the engine refused.
pub(super) fn expression(places: &Places<'_>, refused: &ParseError) -> Vec<Diagnostic> {
    let mut problems = habits::scan(places).problems;
    if let (true, ParseErrorType::VariableUndefined(name)) = (problems.is_empty(), refused.err_type()) {
        let position = refused.position();
        let place = places.at(position.line().unwrap_or(1), position.position().unwrap_or(1));
        let help = match closest(name, [SITUATION]) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("questions are asked of `{SITUATION}`; a text stands in quotes"),
        };
        let message = format!("there is no variable `{name}`");
        problems.push(Diagnostic::error("unknown-variable", message, place, "unknown").help(help));
    } else if problems.is_empty() {
        told(refused, places.text, places, &mut problems);
    }
    problems.sorted()
}

/// Reports an error of the engine as what is meant by it.
fn told(error: &ParseError, piece: &str, places: &Places<'_>, problems: &mut Problems) -> Mistake {
    let position = error.position();
    let at = offset(piece, position.line().unwrap_or(usize::MAX), position.position().unwrap_or(1));
    let mistake = meant(piece, error.err_type(), at);
    problems.push(mirrored(&mistake, piece, places));
    mistake
}

/// The lines of each function with what stands over it, counted from 0, half-open; first what stands before all of them.
fn pieces(heads: &[Head], text: &str) -> Vec<std::ops::Range<usize>> {
    let lines: Vec<&str> = text.split('\n').collect();
    let comment = |line: usize| lines.get(line).is_some_and(|line| line.trim_start().starts_with("//"));
    let mut starts: Vec<usize> = heads
        .iter()
        .map(|head| {
            let mut start = head.line - 1;
            while start > 0 && comment(start - 1) {
                start -= 1;
            }
            start
        })
        .collect();
    starts.insert(0, 0);
    starts.dedup();
    starts.push(lines.len());
    starts.windows(2).filter_map(|pair| if let [start, end] = pair { Some(*start..*end) } else { None }).collect()
}

/// The text with every other line emptied.
fn only(text: &str, lines: std::ops::Range<usize>) -> String {
    let kept = text.split('\n').enumerate().map(|(index, line)| if lines.contains(&index) { line } else { "" });
    kept.collect::<Vec<&str>>().join("\n")
}

/// The byte of a line and a letter of it, both counted from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let mut start = 0;
    for (index, own) in text.split('\n').enumerate() {
        if index + 1 == line {
            return start + own.char_indices().nth(column.saturating_sub(1)).map_or(own.len(), |(byte, _)| byte);
        }
        start += own.len() + 1;
    }
    text.len()
}

/// A mistake as a problem of the file as it was written: lines and letters are the same there, bytes may not be.
fn mirrored(mistake: &Mistake, piece: &str, places: &Places<'_>) -> Diagnostic {
    let letter = |byte: usize| {
        let before = piece.get(..byte.min(piece.len())).unwrap_or_default();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        offset(places.text, before.matches('\n').count() + 1, column)
    };
    let range = letter(mistake.range.start)..letter(mistake.range.end);
    Diagnostic::error(mistake.code, mistake.message.clone(), places.range(range), mistake.label.clone())
        .help(mistake.help.clone())
}
