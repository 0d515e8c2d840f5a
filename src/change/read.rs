//! Reading a change: words against every pattern, with the nearest reading where none fits.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Change, Form, Piece, Slot, groups};
use crate::date::PartialDate;
use crate::diagnostic::{closest, suggestion};
use crate::load::facts;
use crate::world::{AtRisk, AttackerKind, Id, Origin, Role, Scenario, Word, World};

/// The ids and names that a change may use, by what they stand for.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    words: BTreeMap<Slot, BTreeMap<String, Id>>,
}

/// A name is at most this many words long.
const LONGEST_NAME: usize = 10;

/// More slips than this, and no reading is offered.
const MOST_SLIPS: usize = 2;

impl Lexicon {
    /// What a world, a scenario and a set of rules name.
    pub fn new<'a>(world: &World, scenario: Option<&Scenario>, rules: impl IntoIterator<Item = &'a Id>) -> Self {
        let mut own = Lexicon::default();
        for state in world.states.values() {
            for slot in [Slot::State, Slot::Holder, Slot::Place] {
                own.add(slot, &state.id, &state.name);
            }
        }
        for body in world.bodies.values() {
            own.add(Slot::Body, &body.id, &body.name);
            own.add(Slot::Holder, &body.id, &body.name);
        }
        for text in world.instruments.values() {
            own.add(Slot::Instrument, &text.id, &text.title);
        }
        for (slot, taxonomy) in [(Slot::Threat, &world.threats), (Slot::Function, &world.functions)] {
            for (id, term) in &taxonomy.terms {
                own.add(slot, id, &term.name);
            }
        }
        for source in world.sources.values() {
            own.add(Slot::Source, &source.key, &source.title);
            if source.lens {
                own.add(Slot::Lens, &source.key, &source.title);
            }
        }
        world.attributes.iter().for_each(|row| own.add(Slot::Attribute, &row.attribute, &row.attribute));
        world.judgements.keys().for_each(|id| own.add(Slot::Judgement, id, id));
        facts(world).for_each(|(_, fact)| own.add(Slot::Fact, &fact.id, &fact.id));
        rules.into_iter().for_each(|id| own.add(Slot::Rule, id, id));
        for (slot, words) in [
            (Slot::Role, Role::WORDS),
            (Slot::Attacker, AttackerKind::WORDS),
            (Slot::Attacker, &["unknown"]),
            (Slot::Origin, Origin::WORDS),
            (Slot::Origin, &["unknown"]),
            (Slot::Risk, AtRisk::WORDS),
        ] {
            words.iter().for_each(|word| own.add(slot, word, word));
        }
        for case in scenario.iter().flat_map(|scenario| &scenario.cases) {
            own.add(Slot::Case, &case.id, &case.id);
            case.circumstances.location.iter().for_each(|place| own.add(Slot::Place, place, place));
            case.accounts.iter().for_each(|account| own.add(Slot::Account, &account.id, &account.name));
        }
        own
    }

    fn add(&mut self, slot: Slot, id: &str, name: &str) {
        let words = self.words.entry(slot).or_default();
        // An id goes before another thing's name.
        words.insert(spelling(id), id.to_owned());
        words.entry(spelling(name)).or_insert_with(|| id.to_owned());
    }

    fn find(&self, slot: Slot, words: &str) -> Option<Id> {
        match slot {
            Slot::Number => {
                let number = words == "unknown" || words.parse::<f64>().is_ok_and(f64::is_finite);
                number.then(|| words.to_owned())
            }
            Slot::Date => PartialDate::parse(words).map(|date| date.to_string()),
            // "the SCO" and "SCO" are one.
            _ => {
                let words = spelling(words);
                let known = self.words.get(&slot)?;
                known.get(&words).or_else(|| known.get(words.strip_prefix("the ")?)).cloned()
            }
        }
    }

    /// Every id that may stand at a place.
    pub fn ids(&self, slot: Slot) -> BTreeSet<&str> {
        self.words.get(&slot).into_iter().flat_map(BTreeMap::values).map(String::as_str).collect()
    }
}

/// A name in one spelling: capitals and the two ways of writing English make no difference.
fn spelling(name: &str) -> String {
    let ways = [("isation", "ization"), ("defence", "defense"), ("centre", "center"), ("labour", "labor")];
    ways.iter().fold(name.to_lowercase(), |name, (one, other)| name.replace(one, other))
}

/// Why words are no change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeError {
    /// What is wrong.
    pub message: String,
    /// The words that are wrong, as bytes of the sentence.
    pub span: Range<usize>,
    /// What to do.
    pub help: String,
}

/// A reading under way: ids found, slips made.
#[derive(Clone, Default)]
struct Match {
    ids: Vec<Option<Id>>,
    slips: Vec<Slip>,
    matched: usize,
}

#[derive(Clone)]
struct Slip {
    token: usize,
    expected: Expected,
}

#[derive(Clone, Copy)]
enum Expected {
    Word(&'static str),
    Id(Slot),
}

impl Change {
    /// Reads one sentence.
    ///
    /// Errors: the words fit no form, or name what the pack does not know; the nearest reading is offered.
    pub fn parse(sentence: &str, lexicon: &Lexicon) -> Result<Change, ChangeError> {
        let tokens = tokens(sentence);
        let words: Vec<&str> = tokens.iter().map(|span| sentence.get(span.clone()).unwrap_or_default()).collect();
        let mut nearest: Option<(Form, Match)> = None;
        for form in Form::ALL {
            let groups: Vec<(bool, Vec<Piece<'static>>)> = groups(form.pattern());
            for found in readings(&groups, &words, 0, Match::default(), lexicon) {
                if found.slips.is_empty() {
                    return Ok(Change { form: *form, ids: found.ids });
                }
                let cost = |one: &Match| (one.slips.len(), usize::MAX - one.matched);
                if nearest.as_ref().is_none_or(|(_, best)| cost(&found) < cost(best)) {
                    nearest = Some((*form, found));
                }
            }
        }
        Err(error(sentence, &tokens, &words, nearest, lexicon))
    }
}

fn tokens(sentence: &str) -> Vec<Range<usize>> {
    let start = |word: &str| word.as_ptr() as usize - sentence.as_ptr() as usize;
    sentence.split_whitespace().map(|word| start(word)..start(word) + word.len()).collect()
}

/// Every way to read the words from `at` on with the groups that are left, slips allowed.
fn readings(
    groups: &[(bool, Vec<Piece<'static>>)],
    words: &[&str],
    at: usize,
    so_far: Match,
    lexicon: &Lexicon,
) -> Vec<Match> {
    let Some(((optional, pieces), rest)) = groups.split_first() else {
        return if at == words.len() { vec![so_far] } else { Vec::new() };
    };
    let mut found = Vec::new();
    for (here, next) in group(pieces, words, at, so_far.clone(), lexicon) {
        found.extend(readings(rest, words, next, here, lexicon));
    }
    if *optional {
        let mut without = so_far;
        without.ids.extend(pieces.iter().filter(|piece| matches!(piece, Piece::Slot(_))).map(|_| None));
        found.extend(readings(rest, words, at, without, lexicon));
    }
    found
}

fn group(
    pieces: &[Piece<'static>],
    words: &[&str],
    at: usize,
    so_far: Match,
    lexicon: &Lexicon,
) -> Vec<(Match, usize)> {
    let Some((piece, rest)) = pieces.split_first() else {
        return vec![(so_far, at)];
    };
    let Some(word) = words.get(at) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    match piece {
        Piece::Word(wanted) => {
            let mut next = so_far;
            if word.eq_ignore_ascii_case(wanted) {
                next.matched += 1;
            } else if next.slips.len() < MOST_SLIPS && closest(word, [*wanted]).is_some() {
                next.slips.push(Slip { token: at, expected: Expected::Word(wanted) });
            } else {
                return Vec::new();
            }
            found.extend(group(rest, words, at + 1, next, lexicon));
        }
        Piece::Slot(slot) => {
            let longest = LONGEST_NAME.min(words.len() - at);
            let mut known = false;
            for length in (1..=longest).rev() {
                let name = words.get(at..at + length).unwrap_or_default().join(" ");
                if let Some(id) = lexicon.find(*slot, &name) {
                    known = true;
                    let mut next = so_far.clone();
                    next.matched += 1;
                    next.ids.push(Some(id));
                    found.extend(group(rest, words, at + length, next, lexicon));
                }
            }
            if !known && so_far.slips.len() < MOST_SLIPS {
                let mut next = so_far;
                next.ids.push(None);
                next.slips.push(Slip { token: at, expected: Expected::Id(*slot) });
                found.extend(group(rest, words, at + 1, next, lexicon));
            }
        }
    }
    found
}

fn error(
    sentence: &str,
    tokens: &[Range<usize>],
    words: &[&str],
    nearest: Option<(Form, Match)>,
    lexicon: &Lexicon,
) -> ChangeError {
    let whole = 0..sentence.len();
    // A reading with nothing but slips is no reading.
    let Some((form, found)) = nearest.filter(|(_, found)| found.matched > 0) else {
        let first = words.first().copied().unwrap_or_default();
        let mut starts: Vec<&str> = Form::ALL
            .iter()
            .filter(|form| fits_start(form.pattern(), first, lexicon))
            .map(|form| form.pattern())
            .collect();
        if starts.is_empty() {
            starts = vec!["STATE joins BODY", "BODY gains FUNCTION against THREAT", "as of DATE"];
        }
        starts.truncate(8);
        return ChangeError {
            message: format!("`{sentence}` is no change"),
            span: whole,
            help: format!("write, for example: {}; all forms: mandatum what-if --forms", starts.join(" · ")),
        };
    };
    let mut messages = Vec::new();
    let mut help = None;
    let mut span = None;
    for slip in &found.slips {
        let word = words.get(slip.token).copied().unwrap_or_default();
        span = span.or_else(|| tokens.get(slip.token).cloned());
        match slip.expected {
            Expected::Word(wanted) => {
                messages.push(format!("`{word}` is no word of a change"));
                help = help.or_else(|| Some(format!("did you mean `{wanted}`?")));
            }
            Expected::Id(slot) => {
                messages.push(format!("there is no {} `{word}`", slot.name()));
                help = help.or_else(|| suggestion(word, lexicon.ids(slot)));
            }
        }
    }
    ChangeError {
        message: messages.join("; "),
        span: span.unwrap_or(whole),
        help: help.unwrap_or_else(|| format!("it is read as: {}", form.pattern())),
    }
}

/// Whether a pattern may start with this word.
fn fits_start(pattern: &str, first: &str, lexicon: &Lexicon) -> bool {
    match groups(pattern).first().and_then(|(_, pieces)| pieces.first().copied()) {
        Some(Piece::Word(word)) => word.eq_ignore_ascii_case(first),
        Some(Piece::Slot(slot)) => lexicon.find(slot, first).is_some(),
        None => false,
    }
}
