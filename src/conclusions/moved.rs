//! What two sets of conclusions do not share, each in a sentence, the weightiest first. Why it moved is not known here.

use std::collections::BTreeMap;

use super::{Conclusion, Conclusions, Kind, Name};

/// How much a move weighs: what a reader has to see first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// A gap or an overlap opened or closed.
    GapOrOverlap,
    /// Another answer, or other lines answer.
    Answer,
    /// A holder's step.
    Step,
    /// A verdict on a response or an overlap.
    Verdict,
    /// A thesis or a recommendation.
    Thesis,
    /// A finding, or a judgement that is missing.
    Finding,
    /// An argument.
    Argument,
    /// The conclusion stands as it did, on other grounds.
    Grounds,
}

impl Weight {
    /// The head under which such moves are listed.
    pub fn title(self) -> &'static str {
        match self {
            Weight::GapOrOverlap => "Gaps and overlaps",
            Weight::Answer => "Answers",
            Weight::Step => "Steps",
            Weight::Verdict => "Verdicts",
            Weight::Thesis => "Theses",
            Weight::Finding => "Findings",
            Weight::Argument => "Arguments",
            Weight::Grounds => "Grounds only",
        }
    }
}

/// A conclusion that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Which.
    pub name: Name,
    /// How much it weighs.
    pub weight: Weight,
    /// What was stored; `None`: it is new.
    pub was: Option<Conclusion>,
    /// What is concluded now; `None`: it is gone.
    pub now: Option<Conclusion>,
}

/// The conclusions that differ, the weightiest first.
pub fn moved(old: &Conclusions, new: &Conclusions) -> Vec<Moved> {
    let mut found: Vec<Moved> = Vec::new();
    for (name, was) in &old.said {
        let now = new.said.get(name);
        if now != Some(was) {
            let weight = weight(name.kind, Some(was), now);
            found.push(Moved { name: name.clone(), weight, was: Some(was.clone()), now: now.cloned() });
        }
    }
    for (name, now) in new.said.iter().filter(|(name, _)| !old.said.contains_key(*name)) {
        let weight = weight(name.kind, None, Some(now));
        found.push(Moved { name: name.clone(), weight, was: None, now: Some(now.clone()) });
    }
    found.sort_by(|a, b| (a.weight, &a.name).cmp(&(b.weight, &b.name)));
    found
}

fn weight(kind: Kind, was: Option<&Conclusion>, now: Option<&Conclusion>) -> Weight {
    let says = |side: Option<&Conclusion>| side.map(|own| own.says.clone());
    if says(was) == says(now) {
        return Weight::Grounds;
    }
    match kind {
        Kind::Case => Weight::GapOrOverlap,
        Kind::Cell => {
            let answer = |side: Option<&Conclusion>, word: &str| {
                side.and_then(|own| own.word(word)).unwrap_or("none").to_owned()
            };
            let counts = |answer: &str| matches!(answer, "gap" | "overlap");
            let turned = ["paper", "available"].iter().any(|word| {
                let (old, new) = (answer(was, word), answer(now, word));
                old != new && (counts(&old) || counts(&new))
            });
            if turned { Weight::GapOrOverlap } else { Weight::Answer }
        }
        Kind::Holder => Weight::Step,
        Kind::Response | Kind::Overlap => Weight::Verdict,
        Kind::Thesis => Weight::Thesis,
        Kind::Finding | Kind::Judgement => Weight::Finding,
        Kind::Argument => Weight::Argument,
    }
}

/// `case/STATE/function`, with a holder or without.
pub fn parts(id: &str) -> (Vec<&str>, Option<&str>) {
    let (path, account) = account(id);
    (path.split('/').collect(), account)
}

/// What is before the account, and the account.
pub fn account(id: &str) -> (&str, Option<&str>) {
    match id.rsplit_once(" under ") {
        Some((own, account)) => (own, Some(account)),
        None => (id, None),
    }
}

/// A move in a sentence without a full stop; `names` are printed names by id.
pub fn sentence(one: &Moved, names: &BTreeMap<String, String>) -> String {
    let name = |id: &str| names.get(id).map_or(id, String::as_str).to_owned();
    let (path, told) = account(&one.name.id);
    let told = told.map(|account| format!(", under the account {account}")).unwrap_or_default();
    let sides = (one.was.as_ref(), one.now.as_ref());
    match one.name.kind {
        Kind::Cell => {
            let (parts, _) = parts(&one.name.id);
            let [case, state, function] = parts.as_slice() else { return other(one) };
            let place = format!("{function} for {} ({case}{told})", name(state));
            match sides {
                (None, Some(now)) => format!("a new cell, {place}: {}", summary(now)),
                (Some(was), None) => format!("the cell is gone, {place}: it was {}", summary(was)),
                (Some(was), Some(now)) => cell(was, now, &place),
                (None, None) => place,
            }
        }
        Kind::Holder => {
            let (parts, _) = parts(&one.name.id);
            let [case, state, function, holder] = parts.as_slice() else { return other(one) };
            let place = format!("{} in {function} for {} ({case}{told})", name(holder), name(state));
            match sides {
                (None, Some(now)) => format!("{place}: a new row, {}", stands(now)),
                (Some(was), None) => format!("{place}: the row is gone; {}", stands(was)),
                (Some(was), Some(now)) => format!("{place}: {}", steps(was, now)),
                (None, None) => place,
            }
        }
        Kind::Argument => {
            let label = |side: &Conclusion| side.word("label").unwrap_or("unlabelled").to_owned();
            match sides {
                (None, Some(now)) => format!("{path}{told}: made now, {}", label(now)),
                (Some(was), None) => format!("{path}{told}: no longer made; it was {}", label(was)),
                _ => other(one),
            }
        }
        Kind::Response | Kind::Overlap => {
            let verdict = |side: &Conclusion| {
                let word = |word: &str| side.word(word).unwrap_or("none").to_owned();
                format!("{} ({})", word("verdict"), word("label"))
            };
            match sides {
                (None, Some(now)) => format!("{path}{told}: new, {}", verdict(now)),
                (Some(was), None) => format!("{path}{told}: gone; it was {}", verdict(was)),
                (Some(was), Some(now)) if verdict(was) != verdict(now) => {
                    format!("{path}{told}: {} → {}", verdict(was), verdict(now))
                }
                _ => other(one),
            }
        }
        Kind::Thesis => {
            let label = |side: &Conclusion| side.word("label").unwrap_or("unlabelled").to_owned();
            match sides {
                (Some(was), Some(now)) if label(was) != label(now) => {
                    format!("{path}{told}: {} → {}", label(was), label(now))
                }
                _ => other(one),
            }
        }
        _ => other(one),
    }
}

fn summary(cell: &Conclusion) -> String {
    let word = |word: &str| cell.word(word).unwrap_or("none");
    format!("{} on paper, {} available", word("paper"), word("available"))
}

/// What became of a cell, on paper and available.
fn cell(was: &Conclusion, now: &Conclusion, place: &str) -> String {
    let mut told: Vec<String> = Vec::new();
    let mut sides: Vec<(String, &str)> = Vec::new();
    for (word, how) in [("paper", "on paper"), ("available", "available")] {
        let lines = |side: &Conclusion| side.word(&format!("{word}-lines")).unwrap_or_default().replace(' ', ", ");
        let shown = |lines: &str| if lines.is_empty() { String::new() } else { format!(" ({lines})") };
        let (old, new) = (was.word(word).unwrap_or("none"), now.word(word).unwrap_or("none"));
        let (before, after) = (lines(was), lines(now));
        let text = match (old, new) {
            (old, new) if old == new && before == after => continue,
            (old, new) if old == new => format!("still {new}, {}", gained(&before, &after)),
            ("gap", new) => format!("the gap closed: {new}{}", shown(&after)),
            (old, "gap") => format!("a gap opened: it was {old}{}", shown(&before)),
            ("overlap", new) => format!("the overlap ended: {new}{}, it was{}", shown(&after), shown(&before)),
            (old, "overlap") => format!("an overlap opened{}: it was {old}{}", shown(&after), shown(&before)),
            (old, new) => format!("{old}{} → {new}{}", shown(&before), shown(&after)),
        };
        match sides.iter_mut().find(|(own, _)| *own == text) {
            Some((_, both)) => *both = "on paper and available",
            None => sides.push((text, how)),
        }
    }
    told.extend(sides.into_iter().map(|(text, how)| format!("{how}: {text}")));
    let used = |side: &Conclusion| side.word("used").unwrap_or("none").to_owned();
    if used(was) != used(now) {
        told.push(format!("used: {} → {}", used(was), used(now)));
    }
    if told.is_empty() {
        told.push(fields(was, now));
    }
    format!("{place}: {}", told.join("; "))
}

/// Who answers on one side only.
fn gained(before: &str, after: &str) -> String {
    let only = |own: &str, other: &str| {
        let other: Vec<&str> = other.split(", ").collect();
        let own: Vec<&str> = own.split(", ").filter(|line| !line.is_empty() && !other.contains(line)).collect();
        own.join(", ")
    };
    let (more, fewer) = (only(after, before), only(before, after));
    let told = [("now also ", more), ("no longer ", fewer)];
    let told = told.into_iter().filter(|(_, lines)| !lines.is_empty());
    told.map(|(word, lines)| format!("{word}{lines}")).collect::<Vec<String>>().join(", ")
}

fn stands(row: &Conclusion) -> String {
    match row.says.iter().find(|(_, value)| value.starts_with("stops: ")) {
        Some((step, why)) => format!("stops at {step} ({})", why.trim_start_matches("stops: ")),
        None => {
            let own = row.word("available").or_else(|| row.word("stands")).unwrap_or("none");
            format!("{own} available")
        }
    }
}

/// The steps of a holder that differ.
pub fn steps(was: &Conclusion, now: &Conclusion) -> String {
    let mut words: Vec<&str> = Vec::new();
    for (word, _) in was.says.iter().chain(&now.says) {
        if !words.contains(&word.as_str()) && !matches!(word.as_str(), "stands" | "paper" | "available" | "by") {
            words.push(word);
        }
    }
    let mut told: Vec<String> = Vec::new();
    // After a competence that fails the later steps are not looked at, unless a rule speaks of them.
    let looked_at = |own: &Conclusion| own.word("competence").is_none_or(|why| !why.starts_with("stops"));
    let side = |own: &Conclusion, word: &str| match own.word(word) {
        Some(said) => Some(said.replacen(": ", ", ", 1)),
        None => looked_at(own).then(|| "passes".to_owned()),
    };
    for word in words {
        if let (Some(old), Some(new)) = (side(was, word), side(now, word))
            && old != new
        {
            told.push(format!("{word}: {old} → {new}"));
        }
    }
    if was.word("by") != now.word("by") {
        let by = |side: &Conclusion| side.word("by").unwrap_or("no text").to_owned();
        told.push(format!("by {} → {}", by(was), by(now)));
    }
    if told.is_empty() { fields(was, now) } else { told.join("; ") }
}

fn fields(was: &Conclusion, now: &Conclusion) -> String {
    let mut words: Vec<&str> = Vec::new();
    for (word, _) in was.says.iter().chain(&now.says) {
        if !words.contains(&word.as_str()) {
            words.push(word);
        }
    }
    let mut told: Vec<String> = Vec::new();
    for word in words {
        let all = |side: &Conclusion| side.words(word).collect::<Vec<&str>>().join("; ");
        let (old, new) = (all(was), all(now));
        if old != new {
            let shown = |own: String| if own.is_empty() { "nothing".to_owned() } else { own };
            told.push(format!("{}: {} → {}", word.replace('-', " "), shown(old), shown(new)));
        }
    }
    if told.is_empty() { "stands as it did, on other grounds".to_owned() } else { told.join("; ") }
}

fn other(one: &Moved) -> String {
    let all = |side: &Conclusion| {
        let told: Vec<String> =
            side.says.iter().map(|(word, value)| format!("{} {value}", word.replace('-', " "))).collect();
        told.join(", ")
    };
    let told = match (&one.was, &one.now) {
        (None, Some(now)) if now.says.is_empty() => "new".to_owned(),
        (Some(was), None) if was.says.is_empty() => "gone".to_owned(),
        (None, Some(now)) => format!("new: {}", all(now)),
        (Some(was), None) => format!("gone: it was {}", all(was)),
        (Some(was), Some(now)) => fields(was, now),
        (None, None) => String::new(),
    };
    format!("{}: {told}", one.name.id)
}
