//! Questions and sayings as the log of a run writes them: `word(id, id)`. Quotes round the ids are read past.

use super::each_name;
use crate::ask::Question;
use crate::ask::vocabulary::{Takes, WORDS, Word, word};
use crate::diagnostic::{Diagnostic, Problems, suggestion};
use crate::rules::{CONCERNS, Rule, RuleSet, Says};
use crate::world::{Sentence, World};

/// What ids may be named.
pub(super) struct Ids<'a> {
    pub(super) rules: &'a RuleSet,
    pub(super) world: &'a World,
}

/// What was read, or everything wrong with it.
type Read<T> = Result<T, Vec<Diagnostic>>;

/// What was read; what is wrong goes to the problems.
pub(super) fn single<T: Clone>(read: &Read<T>, problems: &mut Problems) -> Option<T> {
    match read {
        Ok(value) => Some(value.clone()),
        Err(wrong) => {
            wrong.iter().for_each(|problem| problems.push(problem.clone()));
            None
        }
    }
}

/// A question that the rule may ask, or that its guard asks.
pub(super) fn question(sentence: &Sentence, rule: &Rule, ids: &Ids<'_>) -> Read<Question> {
    let (name, inner) = parts(sentence)?;
    if name == CONCERNS {
        let arguments = arguments(inner, 1, false);
        check(sentence, CONCERNS, &[Takes::Function], &arguments, ids)?;
        return Ok(Question { word: CONCERNS, arguments });
    }
    let found = find(sentence, name, rule, false)?;
    let arguments = arguments(inner, found.takes.len(), false);
    check(sentence, found.name, found.takes, &arguments, ids)?;
    Ok(Question { word: found.name, arguments })
}

/// Something that the rule may say, and whether its reason is given.
pub(super) fn said(sentence: &Sentence, rule: &Rule, ids: &Ids<'_>) -> Read<(Says, bool)> {
    let (name, inner) = parts(sentence)?;
    let found = find(sentence, name, rule, true)?;
    let reasoned = found.takes.last() == Some(&Takes::Why);
    let mut arguments = arguments(inner, found.takes.len(), reasoned);
    let without = reasoned && arguments.len() + 1 == found.takes.len();
    let takes = found.takes.get(..arguments.len()).filter(|_| without).unwrap_or(found.takes);
    check(sentence, found.name, takes, &arguments, ids)?;
    if without {
        arguments.push(String::new());
    }
    let odd = || {
        let message = format!("`{}` does not take these arguments", found.name);
        vec![Diagnostic::error("wrong-arguments", message, sentence.place.clone(), "here")]
    };
    Says::new(found.name, &arguments).map(|says| (says, reasoned && !without)).ok_or_else(odd)
}

/// The word and what stands between its brackets.
fn parts(sentence: &Sentence) -> Read<(&str, &str)> {
    let text = sentence.text.trim().trim_end_matches(';');
    let text = text.strip_prefix("situation.").unwrap_or(text);
    let read = text.split_once('(').and_then(|(name, rest)| Some((name.trim(), rest.trim_end().strip_suffix(')')?)));
    read.ok_or_else(|| {
        let message = format!("`{}` is not written as a word with its ids in brackets", sentence.text);
        let problem = Diagnostic::error("syntax", message, sentence.place.clone(), "not word(id, id)");
        vec![problem.help("write it as in a rule, without quotes: attacker_is(state), transborder()")]
    })
}

fn find(sentence: &Sentence, name: &str, rule: &Rule, emits: bool) -> Read<&'static Word> {
    let place = sentence.place.clone();
    let Some(found) = word(name) else {
        let what = if emits { "saying" } else { "question" };
        let message = format!("there is no {what} `{name}`");
        let mut problem = Diagnostic::error("unknown-function", message, place, "unknown word");
        let known = WORDS.iter().filter(|word| word.emits == emits).map(|word| word.name);
        problem.help =
            suggestion(name, known).or_else(|| Some("see the reference of words in docs/rules.md".to_owned()));
        return Err(vec![problem]);
    };
    if found.emits != emits {
        let problem = if emits {
            let message = format!("`{name}` is asked, not said");
            Diagnostic::error("not-said", message, place, "a question").help("questions stand in `yes` and `no`")
        } else {
            let message = format!("`{name}` is said, not asked");
            Diagnostic::error("not-a-question", message, place, "not a question").help("what is said stands in `says`")
        };
        return Err(vec![problem]);
    }
    if !found.each.contains(&rule.each) {
        let message =
            format!("`{name}` says nothing for each {}, and `{}` runs for that", each_name(rule.each), rule.id);
        let wanted: Vec<String> = found.each.iter().map(|each| format!("`@each {}`", each_name(*each))).collect();
        let problem = Diagnostic::error("wrong-scope", message, place, "not here");
        return Err(vec![problem.help(format!("it belongs to rules with {}", wanted.join(" or ")))]);
    }
    Ok(found)
}

/// What stands between commas, without quotes; a reason may hold commas of its own, in quotes or not.
fn arguments(inner: &str, count: usize, reasoned: bool) -> Vec<String> {
    let mut read: Vec<String> = Vec::new();
    let mut own = String::new();
    let mut quote = None;
    for letter in inner.chars() {
        match (letter, quote) {
            (_, Some(open)) if letter == open => quote = None,
            ('"' | '\'', None) if own.trim().is_empty() => quote = Some(letter),
            (',', None) if !(reasoned && read.len() + 1 == count) => read.push(std::mem::take(&mut own)),
            _ => own.push(letter),
        }
    }
    if !(own.trim().is_empty() && read.is_empty()) {
        read.push(own);
    }
    read.into_iter().map(|text| text.trim().to_owned()).collect()
}

fn check(sentence: &Sentence, name: &str, takes: &[Takes], arguments: &[String], ids: &Ids<'_>) -> Read<()> {
    if arguments.len() != takes.len() {
        let wanted: Vec<&str> = takes.iter().map(|takes| takes.name()).collect();
        let message = format!("`{name}` takes {} arguments, not {}", takes.len(), arguments.len());
        let problem = Diagnostic::error("wrong-arguments", message, sentence.place.clone(), "here");
        let help = if wanted.is_empty() { "nothing between the brackets".to_owned() } else { wanted.join(", ") };
        return Err(vec![problem.help(help)]);
    }
    let wrong = takes.iter().zip(arguments).filter_map(|(takes, text)| {
        let (known, help) = match takes {
            Takes::Rule => {
                let known = ids.rules.rules.contains_key(text);
                (known, suggestion(text, ids.rules.rules.keys().map(String::as_str)))
            }
            Takes::Date => (takes.accepts(ids.world, text), Some("write a full day: 2016-10-14".to_owned())),
            _ => {
                let legal = takes.legal(ids.world);
                (takes.accepts(ids.world, text), legal.and_then(|legal| suggestion(text, legal)))
            }
        };
        let message = format!("there is no {} `{text}`", takes.name());
        let mut problem = Diagnostic::error("unknown-id", message, sentence.place.clone(), "unknown id");
        problem.help = help;
        (!known).then_some(problem)
    });
    let wrong: Vec<Diagnostic> = wrong.collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}
