//! Atlases against brute force: every cell is what a scenario of one case says, and lies in exactly one box.

#![expect(clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use mandatum::answer::Options;
use mandatum::answer::report::AnswerKind;
use mandatum::atlas::{Atlas, AtlasBox, Space, affected, atlas, threats};
use mandatum::date::{Day, PartialDate};
use mandatum::render::chart;
use mandatum::session::Session;
use mandatum::shipped;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn day(text: &str) -> Day {
    PartialDate::parse(text).expect("a date").first()
}

fn central_asia() -> Session {
    Session::new(&shipped::pack("central-asia"), None)
}

fn words(of: &[&str]) -> Vec<String> {
    of.iter().map(|word| (*word).to_owned()).collect()
}

fn look(session: &Session, space: &Space) -> Atlas {
    atlas(session, space, &mut |_, _| {}).expect("no lens")
}

fn holds(own: &AtlasBox, threat: &str, state: &str, function: &str, on: Day) -> bool {
    let one = |ids: &[String], id: &str| ids.iter().any(|own| own == id);
    one(&own.threats, threat)
        && one(&own.states, state)
        && one(&own.functions, function)
        && own.from.as_deref().is_none_or(|from| day(from) <= on)
        && own.until.as_deref().is_none_or(|until| on < day(until))
}

/// The box of a cell; it is in one, and in no second.
fn of<'a>(found: &'a Atlas, threat: &str, state: &str, function: &str, on: Day) -> &'a AtlasBox {
    let mut boxes = found.boxes.iter().filter(|own| holds(own, threat, state, function, on));
    let own = boxes.next().unwrap_or_else(|| panic!("{threat}/{state}/{function} on {on} lies in no box"));
    assert!(boxes.next().is_none(), "{threat}/{state}/{function} on {on} lies in two boxes");
    own
}

/// A scenario as a user would write it, loaded with the shipped pack and evaluated in full.
fn written(
    threat: &str,
    state: &str,
    functions: &[String],
    on: Day,
) -> BTreeMap<String, (AnswerKind, Vec<AnswerKind>, Vec<String>)> {
    let needs: Vec<String> = functions.iter().map(|function| format!("\"{function}\"")).collect();
    let text = format!(
        "title = \"One case\"\ndate = {on}\n[[case]]\nid = \"case\"\nthreat = \"{threat}\"\naffected = [\"{state}\"]\nneeds = [{}]\n",
        needs.join(", ")
    );
    let mut files = shipped::pack("central-asia");
    files.unopened = std::mem::take(&mut files.scenarios).into_keys().collect();
    files.scenarios.insert("one-case.toml".to_owned(), text.into_bytes());
    let session = Session::new(&files, None);
    assert!(session.usable(), "{:#?}", session.problems);
    let loaded = session.scenario("one-case").expect("the scenario");
    let evaluation = session.evaluate(loaded, &Options::default()).expect("no lens").evaluation;
    let needs = evaluation.cases.into_iter().flat_map(|case| case.needs);
    needs
        .map(|need| {
            let paper = need.states[0].on_paper.clone();
            (need.function, (paper.answer, paper.possible, paper.lines))
        })
        .collect()
}

/// Some of a list, without repetition, in its order.
fn sample(random: &mut ChaCha8Rng, of: &[String], count: usize) -> Vec<String> {
    let mut chosen = BTreeSet::new();
    while chosen.len() < count.min(of.len()) {
        chosen.insert(random.random_range(0..of.len()));
    }
    chosen.into_iter().map(|at| of[at].clone()).collect()
}

#[test]
fn any_cell_is_what_a_scenario_of_one_case_says() {
    let session = central_asia();
    let world = &session.pack.world;
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let functions: Vec<String> = world.functions.terms.keys().cloned().collect();
    let space = Space {
        threats: sample(&mut random, &threats(world), 16),
        states: sample(&mut random, &affected(&session), 3),
        functions: functions.clone(),
        from: Some(day("1991-01-01")),
        until: Some(day("2026-12-31")),
        ..Space::default()
    };
    let found = look(&session, &space);
    assert!(found.judged * 20 < found.cells, "{} of {} cells were judged", found.judged, found.cells);
    for _ in 0..16 {
        let threat = &space.threats[random.random_range(0..space.threats.len())];
        let state = &space.states[random.random_range(0..space.states.len())];
        let on = Day::new(random.random_range(1991..2027), random.random_range(1..=11), random.random_range(1..=28));
        let on = on.expect("a day");
        let said = written(threat, state, &functions, on);
        assert!(!said.is_empty(), "{threat}/{state}");
        for function in &functions {
            let own = of(&found, threat, state, function, on);
            let place = format!("{threat}/{state}/{function} on {on}");
            match said.get(function) {
                None => assert_eq!(own.answer, None, "{place}"),
                Some((answer, possible, lines)) => {
                    assert_eq!((own.answer, &own.possible), (Some(*answer), possible), "{place}");
                    let shown = own.lines.iter().all(|line| lines.contains(line));
                    let known = lines.iter().all(|line| own.lines.contains(line) || own.lines_in_part.contains(line));
                    assert!(shown && known, "{place}: {lines:?} and {own:?}");
                }
            }
        }
    }
}

#[test]
fn one_day_of_an_atlas_is_that_day_of_a_range() {
    let session = central_asia();
    let on = day("2005-05-13");
    let space = |from, until| Space {
        threats: words(&["violent-overthrow", "drug-trafficking"]),
        states: words(&["TKM", "UZB"]),
        functions: words(&["consult", "deploy-force", "mediate", "register"]),
        from: Some(from),
        until: Some(until),
        ..Space::default()
    };
    let (alone, range) = (look(&session, &space(on, on)), look(&session, &space(day("1991-01-01"), day("2020-01-01"))));
    assert_eq!((alone.dates, alone.cells, alone.evaluations), (1, 16, 4));
    for threat in &alone.threats {
        for state in &alone.states {
            for function in &alone.functions {
                let (own, other) = (of(&alone, threat, state, function, on), of(&range, threat, state, function, on));
                assert_eq!((own.answer, &own.possible), (other.answer, &other.possible), "{threat}/{state}/{function}");
            }
        }
    }
}

#[test]
fn boxes_hold_every_cell_once_and_no_two_of_them_fit_together() {
    let session = central_asia();
    let space = Space {
        threats: words(&["terrorism", "cyberterrorism", "drug-trafficking", "epidemic"]),
        states: words(&["KGZ", "TJK", "UZB"]),
        functions: words(&["consult", "deploy-force", "inform", "relieve", "train"]),
        from: Some(day("1998-01-01")),
        until: Some(day("2013-12-31")),
        ..Space::default()
    };
    let found = look(&session, &space);
    for on in
        ["1998-01-01", "1999-04-20", "2003-09-18", "2009-02-04", "2012-12-18", "2012-12-19", "2013-12-31"].map(day)
    {
        for threat in &space.threats {
            for state in &space.states {
                for function in &space.functions {
                    of(&found, threat, state, function, on);
                }
            }
        }
    }
    assert!(found.evaluations < found.cells / space.functions.len());
    let alike = |a: &AtlasBox, b: &AtlasBox| {
        let differ = [
            a.threats != b.threats,
            a.states != b.states,
            a.functions != b.functions,
            (&a.from, &a.until) != (&b.from, &b.until),
        ];
        let touch = (&a.from, &a.until) == (&b.from, &b.until) || (a.until.is_some() && a.until == b.from);
        (a.answer, &a.possible) == (b.answer, &b.possible) && touch && differ.iter().filter(|own| **own).count() == 1
    };
    for (index, own) in found.boxes.iter().enumerate() {
        for other in found.boxes.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, other)| other) {
            assert!(!alike(own, other), "two boxes fit:\n{own:#?}\n{other:#?}");
        }
    }
    assert_eq!(look(&session, &space), found, "the same boxes every time");
}

#[test]
fn the_map_shows_the_last_day_and_says_in_words_what_it_shows() {
    let session = Session::new(&shipped::pack("primer"), None);
    let world = &session.pack.world;
    let space = Space {
        threats: threats(world),
        states: affected(&session),
        functions: world.functions.terms.keys().cloned().collect(),
        from: Some(day("2014-05-01")),
        until: Some(day("2014-05-01")),
        ..Space::default()
    };
    let found = look(&session, &space);
    assert_eq!(found.dates, 1);
    assert_eq!(found.cells, space.threats.len() * space.states.len() * space.functions.len());
    assert_eq!(found.last_day.values().sum::<usize>(), found.cells);
    assert_eq!(found.boxes.iter().map(AtlasBox::size).sum::<usize>(), found.cells);
    let svg = chart::atlas::atlas(&found);
    assert_eq!(svg.matches(" against ").count(), found.cells + 1, "every cell says what it is, and so does the title");
}
