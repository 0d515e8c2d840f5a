//! Conclusions as text, one a line, and back again without loss. Files are not known here.
//!
//! ```text
//! conclusions of SCENARIO | form 1 | day 1999-08-22
//!
//! cell raid/XAA/consult | paper gap | available gap | used not-recorded
//!   LEAGUE | by league-consults | paper stops | available stops | occasion stops: why
//!     competence #0a1b2c3 | occasion charter-3-consult
//! argument raid/XAA
//!   charter-3-consult: LEAGUE stops at occasion for consult | accepted
//! rule charter-3-consult | bound_by(charter) | threat_is(flood)
//! read raid/XAA | yes | #0a1b2c3
//!   bound_by(charter)
//! fact 0a1b2c3 | Aland bound by Charter (since 2001) | source charter | at art. 3
//! ```
//!
//! What belongs together stands below one head, so that a line diff shows the head above what it cuts out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::moved::account;
use super::{Conclusion, Conclusions, Fact, Ground, Kind, Name, Reading};

/// The version of this form.
const FORM: &str = "1";

/// A standing is told by its word alone.
const LABELS: [&str; 3] = ["accepted", "rejected", "undecided"];

/// Why a text is no conclusions: the line, counted from 1, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The line.
    pub line: usize,
    /// What is wrong: lower case, no full stop.
    pub message: String,
}

/// Writes conclusions.
pub fn write(conclusions: &Conclusions) -> String {
    let mut out = String::new();
    line(
        &mut out,
        "conclusions of ",
        &[&conclusions.scenario, &format!("form {FORM}"), &format!("day {}", conclusions.day)],
    );
    let mut below: BTreeMap<Name, Vec<(String, &Conclusion)>> = BTreeMap::new();
    let mut alone: BTreeMap<&Name, &Conclusion> = BTreeMap::new();
    for (name, own) in &conclusions.said {
        match head_of(name).filter(|(head, _)| head.kind == Kind::Argument || conclusions.said.contains_key(head)) {
            Some((head, short)) => below.entry(head).or_default().push((short, own)),
            None => {
                alone.insert(name, own);
            }
        }
    }
    let heads: BTreeSet<&Name> = below.keys().chain(alone.keys().copied()).collect();
    let mut last = None;
    for name in heads {
        if last != Some(name.kind) {
            out.push('\n');
            last = Some(name.kind);
        }
        let kind = format!("{} ", name.kind.as_str());
        match alone.get(name) {
            Some(own) => said(&mut out, &kind, &name.id, own),
            None => line(&mut out, &kind, &[&name.id]),
        }
        for (short, own) in below.get(name).into_iter().flatten() {
            said(&mut out, "  ", short, own);
        }
    }
    section(&mut out, conclusions.asked.is_empty());
    for (rule, asked) in &conclusions.asked {
        let fields: Vec<&str> = std::iter::once(rule).chain(asked).map(String::as_str).collect();
        line(&mut out, "rule ", &fields);
    }
    section(&mut out, conclusions.reads.is_empty());
    let mut alike: BTreeMap<(&str, &str, String), Vec<&str>> = BTreeMap::new();
    for ((at, question), reading) in &conclusions.reads {
        alike.entry((at, &reading.answer, keys(&reading.facts))).or_default().push(question);
    }
    for ((at, answer, facts), questions) in &alike {
        let fields = [*at, *answer, facts];
        line(&mut out, "read ", if facts.is_empty() { &fields[..2] } else { &fields });
        questions.iter().for_each(|question| line(&mut out, "  ", &[question]));
    }
    section(&mut out, conclusions.facts.is_empty());
    for (key, fact) in &conclusions.facts {
        let mut fields = vec![key.clone(), fact.text.clone()];
        let told = [("source", &fact.source), ("at", &fact.locator)];
        fields.extend(told.iter().filter_map(|(word, value)| value.as_ref().map(|value| format!("{word} {value}"))));
        fields.extend(fact.here.then(|| "here".to_owned()));
        fields.extend(fact.claimed.then(|| "claimed".to_owned()));
        line(&mut out, "fact ", &fields.iter().map(String::as_str).collect::<Vec<&str>>());
    }
    out
}

/// The head below which a conclusion stands, and what is left of its name there: a holder below its cell, an argument
/// below its place.
fn head_of(name: &Name) -> Option<(Name, String)> {
    match name.kind {
        Kind::Holder => {
            let (path, account) = account(&name.id);
            let (cell, holder) = path.rsplit_once('/')?;
            let under = account.map(|account| format!(" under {account}")).unwrap_or_default();
            Some((Name { kind: Kind::Cell, id: format!("{cell}{under}") }, holder.to_owned()))
        }
        Kind::Argument => {
            let (rule, rest) = name.id.split_once('@')?;
            let (at, position) = rest.split_once(": ")?;
            let plain = !rule.contains(": ") && !at.contains('@');
            plain.then(|| (Name { kind: Kind::Argument, id: at.to_owned() }, format!("{rule}: {position}")))
        }
        _ => None,
    }
}

/// One conclusion with its grounds.
fn said(out: &mut String, head: &str, id: &str, own: &Conclusion) {
    let written = |(word, value): &(String, String)| match word.as_str() {
        "label" if LABELS.contains(&value.as_str()) => value.clone(),
        _ => format!("{word} {value}"),
    };
    let says: Vec<String> = own.says.iter().map(written).collect();
    let fields: Vec<&str> = std::iter::once(id).chain(says.iter().map(String::as_str)).collect();
    line(out, head, &fields);
    if !own.grounds.is_empty() {
        let usual = own.word("by").unwrap_or_default();
        let grounds: Vec<String> = own.grounds.iter().map(|ground| grounded(ground, usual)).collect();
        line(out, "    ", &grounds.iter().map(String::as_str).collect::<Vec<&str>>());
    }
}

fn section(out: &mut String, empty: bool) {
    if !empty {
        out.push('\n');
    }
}

fn line(out: &mut String, head: &str, fields: &[&str]) {
    out.push_str(head);
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            out.push_str(" | ");
        }
        escape(out, field);
    }
    out.push('\n');
}

fn keys(facts: &[String]) -> String {
    facts.iter().map(|key| format!("#{key}")).collect::<Vec<String>>().join(" ")
}

/// The mandate of the row is not repeated for each step.
fn grounded(ground: &Ground, usual: &str) -> String {
    let mut text = ground.step.clone();
    if ground.by != usual {
        let _ = write!(text, " {}", ground.by);
    }
    if !ground.facts.is_empty() {
        let _ = write!(text, " {}", keys(&ground.facts));
    }
    text
}

fn escape(out: &mut String, field: &str) {
    let last = field.chars().count().saturating_sub(1);
    for (index, letter) in field.chars().enumerate() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '|' => out.push_str("\\|"),
            '\n' => out.push_str("\\n"),
            ' ' if index == 0 || index == last => out.push_str("\\s"),
            letter if letter.is_control() || (letter.is_whitespace() && letter != ' ') => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
}

/// Splits a line into its fields.
fn fields(text: &str) -> Result<Vec<String>, String> {
    let mut found = vec![String::new()];
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let Some(field) = found.last_mut() else { break };
        match letter {
            '|' => {
                if field.pop() != Some(' ') || letters.next() != Some(' ') {
                    return Err("a bar stands with a space on either side, and is written `\\|` in a text".to_owned());
                }
                found.push(String::new());
            }
            '\\' => match letters.next() {
                Some('\\') => field.push('\\'),
                Some('|') => field.push('|'),
                Some('n') => field.push('\n'),
                Some('s') => field.push(' '),
                Some('u') => {
                    let code: String = letters.by_ref().skip(1).take_while(|letter| *letter != '}').collect();
                    let own = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                    field.push(own.ok_or_else(|| format!("`\\u{{{code}}}` is no letter"))?);
                }
                _ => return Err("a backslash is written `\\\\`".to_owned()),
            },
            letter => field.push(letter),
        }
    }
    Ok(found)
}

/// What the lines below a head belong to.
enum Below {
    /// Nothing may stand here.
    Nothing,
    /// Holders of a cell.
    Cell(String),
    /// Arguments of a place.
    Arguments(String),
    /// Questions with one answer.
    Questions(String, Reading),
}

/// Reads conclusions back.
///
/// Errors: a line that [`write`] does not write.
pub fn read(text: &str) -> Result<Conclusions, Unreadable> {
    let mut found = Conclusions::default();
    let mut below = Below::Nothing;
    let mut last: Option<Name> = None;
    let mut begun = false;
    for (index, text) in text.lines().enumerate() {
        let wrong = |message: String| Unreadable { line: index + 1, message };
        if text.is_empty() {
            continue;
        }
        if !begun {
            head(text, &mut found).map_err(wrong)?;
            begun = true;
        } else if let Some(grounds) = text.strip_prefix("    ") {
            let own = last.as_ref().and_then(|name| found.said.get_mut(name));
            let own = own.ok_or_else(|| wrong("grounds stand below a conclusion".to_owned()))?;
            let usual = own.word("by").unwrap_or_default().to_owned();
            own.grounds = fields(grounds).map_err(wrong)?.iter().map(|field| ground(field, &usual)).collect();
        } else if let Some(own) = text.strip_prefix("  ") {
            last = member(own, &below, &mut found).map_err(wrong)?;
        } else {
            (last, below) = entry(text, &mut found).map_err(wrong)?;
        }
    }
    if begun { unknown_keys(&found, text).map_or(Ok(found), Err) } else { Err(empty()) }
}

/// One line below a head.
fn member(text: &str, below: &Below, found: &mut Conclusions) -> Result<Option<Name>, String> {
    let own = fields(text)?;
    let (first, rest) = own.split_first().ok_or("a line says something")?;
    let name = match below {
        Below::Nothing => return Err("nothing is listed below the line above".to_owned()),
        Below::Questions(at, reading) => {
            if found.reads.insert((at.clone(), first.clone()), reading.clone()).is_some() {
                return Err(format!("`{first}` stands twice for {at}"));
            }
            return Ok(None);
        }
        Below::Cell(cell) => {
            let (path, account) = account(cell);
            let under = account.map(|account| format!(" under {account}")).unwrap_or_default();
            Name { kind: Kind::Holder, id: format!("{path}/{first}{under}") }
        }
        Below::Arguments(at) => {
            let (rule, position) = first.split_once(": ").ok_or("an argument is `rule: what it says`")?;
            Name { kind: Kind::Argument, id: format!("{rule}@{at}: {position}") }
        }
    };
    conclude(name, rest, found).map(Some)
}

fn conclude(name: Name, rest: &[String], found: &mut Conclusions) -> Result<Name, String> {
    let split = |field: &String| {
        let label = LABELS.contains(&field.as_str()).then_some(("label", field.as_str()));
        let (word, value) = label.or_else(|| field.split_once(' ')).unwrap_or((field, ""));
        (word.to_owned(), value.to_owned())
    };
    let own = Conclusion { says: rest.iter().map(split).collect(), grounds: Vec::new() };
    match found.said.insert(name.clone(), own) {
        Some(_) => Err(format!("`{}` stands twice", name.id)),
        None => Ok(name),
    }
}

fn empty() -> Unreadable {
    Unreadable { line: 1, message: "there are no conclusions in it".to_owned() }
}

fn head(text: &str, found: &mut Conclusions) -> Result<(), String> {
    let own = text.strip_prefix("conclusions of ").map(fields).transpose()?.unwrap_or_default();
    match own.as_slice() {
        [scenario, form, day] if form.strip_prefix("form ") == Some(FORM) => {
            found.scenario = scenario.clone();
            found.day = day.strip_prefix("day ").unwrap_or(day).to_owned();
            Ok(())
        }
        [_, form, ..] if form.starts_with("form ") => {
            Err(format!("this version reads form {FORM}, and this is {form}"))
        }
        _ => Err(format!("it begins with `conclusions of SCENARIO | form {FORM} | day DAY`")),
    }
}

/// One line that begins something: the conclusion below which grounds may stand, and what else may stand below it.
fn entry(text: &str, found: &mut Conclusions) -> Result<(Option<Name>, Below), String> {
    let (word, rest) = text.split_once(' ').ok_or("a line has a kind and what it is about")?;
    let own = fields(rest)?;
    let (first, rest) = own.split_first().ok_or("a line has a kind and what it is about")?;
    match (word, rest) {
        ("rule", rest) => {
            if found.asked.insert(first.clone(), rest.to_vec()).is_some() {
                return Err(format!("`{first}` stands twice"));
            }
        }
        ("read", [answer, facts @ ..]) => {
            if !["yes", "no", "open"].contains(&answer.as_str()) {
                return Err(format!("`{answer}` is no answer: yes, no or open"));
            }
            let facts = facts.first().map(|own| key_list(own)).unwrap_or_default();
            return Ok((None, Below::Questions(first.clone(), Reading { answer: answer.clone(), facts })));
        }
        ("read", []) => return Err("a reading has a place and an answer".to_owned()),
        ("fact", rest) => {
            if found.facts.insert(first.clone(), fact(rest)?).is_some() {
                return Err(format!("the fact `{first}` stands twice"));
            }
        }
        ("argument", []) if !first.contains('@') => return Ok((None, Below::Arguments(first.clone()))),
        (word, rest) => {
            let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == word);
            let kind = kind.ok_or_else(|| format!("`{word}` is no kind of a line"))?;
            let name = conclude(Name { kind, id: first.clone() }, rest, found)?;
            let below = if kind == Kind::Cell { Below::Cell(first.clone()) } else { Below::Nothing };
            return Ok((Some(name), below));
        }
    }
    Ok((None, Below::Nothing))
}

fn fact(fields: &[String]) -> Result<Fact, String> {
    let (text, rest) = fields.split_first().ok_or("a fact has a key and a text")?;
    let mut fact = Fact { text: text.clone(), ..Fact::default() };
    for field in rest {
        match field.split_once(' ') {
            Some(("source", value)) => fact.source = Some(value.to_owned()),
            Some(("at", value)) => fact.locator = Some(value.to_owned()),
            _ if field == "here" => fact.here = true,
            _ if field == "claimed" => fact.claimed = true,
            _ => return Err(format!("`{field}` is nothing that a fact has")),
        }
    }
    Ok(fact)
}

fn key_list(text: &str) -> Vec<String> {
    text.split(' ').filter_map(|word| word.strip_prefix('#')).map(str::to_owned).collect()
}

fn ground(field: &str, usual: &str) -> Ground {
    let mut words = field.split(' ');
    let step = words.next().unwrap_or_default().to_owned();
    let by = words.next().filter(|word| !word.starts_with('#')).unwrap_or(usual).to_owned();
    Ground { step, by, facts: key_list(field) }
}

/// A key that no fact has: the file was cut or edited by hand.
fn unknown_keys(found: &Conclusions, text: &str) -> Option<Unreadable> {
    let in_reads = found.reads.values().flat_map(|own| &own.facts);
    let in_grounds = found.said.values().flat_map(|own| &own.grounds).flat_map(|own| &own.facts);
    let hangs = found.said.values().flat_map(|own| &own.says).filter(|(word, _)| word.ends_with("hangs-on"));
    let hangs: Vec<String> = hangs.flat_map(|(_, value)| key_list(value)).collect();
    let lost = in_reads.chain(in_grounds).chain(&hangs).find(|key| !found.facts.contains_key(*key))?;
    let line = text.lines().position(|line| line.contains(&format!("#{lost}"))).unwrap_or_default();
    Some(Unreadable { line: line + 1, message: format!("there is no fact `{lost}` in this file") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_comes_back() {
        for text in ["", " ", "a | b", "\\", "\\n\n\r\t", " a ", "ž|\u{2028}\\|", "#key by", "\u{0}"] {
            let mut out = String::new();
            line(&mut out, "", &[text, "x"]);
            assert_eq!(out.lines().count(), 1, "{out:?}");
            assert_eq!(fields(out.trim_end_matches('\n')), Ok(vec![text.to_owned(), "x".to_owned()]), "{out:?}");
        }
    }

    #[test]
    fn what_is_damaged_is_told_with_its_line() {
        let whole = "conclusions of x | form 1 | day 2000\n\ncell a/B/c | paper gap\n";
        assert!(read(whole).is_ok());
        for (damaged, line, wanted) in [
            ("", 1, "no conclusions"),
            ("cell a | b", 1, "begins with"),
            ("conclusions of x | form 9 | day 2000", 1, "form 9"),
            (&whole.replace("cell", "cel"), 3, "`cel`"),
            (&whole.replace(" | paper", "| paper"), 3, "a bar"),
            (&format!("{whole}cell a/B/c | paper gap\n"), 4, "twice"),
            (&format!("{whole}read a | maybe\n"), 4, "maybe"),
            (&format!("{whole}read a | yes | #12\n  q()\n"), 4, "`12`"),
            (&format!("{whole}    a #12\nfact 13 | x\n"), 4, "`12`"),
            (&format!("{whole}fact 13 | x\n  y\n"), 5, "below"),
            (&format!("{whole}argument a/B\n  r\n"), 5, "rule: what"),
            (&whole.replace("a/B/c", "a\\x"), 3, "backslash"),
        ] {
            let problem = read(damaged).expect_err(damaged);
            assert_eq!((problem.line, problem.message.contains(wanted)), (line, true), "{damaged}: {problem:?}");
        }
    }
}
