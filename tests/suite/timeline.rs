//! Timelines against brute force: on any day, what the timeline says is what an evaluation on that day says.

#![expect(clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use mandatum::answer::Options;
use mandatum::answer::report::{AnswerKind, Evaluation, Judgement};
use mandatum::compare::MoveKind;
use mandatum::date::{Bound, Day, PartialDate};
use mandatum::load::Loaded;
use mandatum::render::chart;
use mandatum::session::Session;
use mandatum::shipped;
use mandatum::timeline::{Change, Range, Row, Stretch, Timeline, timeline};
use mandatum::world::World;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::harness::{Pack, SCENARIO, WORLD};

fn day(text: &str) -> Day {
    PartialDate::parse(text).expect("a date").first()
}

fn of(session: &Session, scenario: &str) -> Timeline {
    let loaded = session.scenario(scenario).expect("the scenario");
    timeline(session, loaded, &Options::default(), Range::default()).expect("no lens, no account")
}

/// Every day on which any fact of a world changes.
fn every_change(world: &World) -> BTreeSet<Day> {
    let rows = (world.memberships.iter().map(|row| &row.fact))
        .chain(world.parties.iter().map(|row| &row.fact))
        .chain(world.mandates.iter().map(|row| &row.fact))
        .chain(world.capabilities.iter().map(|row| &row.fact))
        .chain(world.attributes.iter().map(|row| &row.fact))
        .chain(world.links.iter().map(|row| &row.fact))
        .flat_map(|fact| fact.held.dates());
    let texts = world.instruments.values().flat_map(|text| text.held.dates());
    let bodies = world.bodies.values().flat_map(|body| body.held.dates());
    let signed = world.instruments.values().flat_map(|text| [text.signed, text.provisional]);
    let signed = signed.chain(world.parties.iter().map(|row| row.signed)).filter_map(|bound| match bound {
        Bound::On(date) => Some(date),
        _ => None,
    });
    rows.chain(texts).chain(bodies).chain(signed).flat_map(|date| [date.first(), date.last()]).collect()
}

type Cells = BTreeMap<(String, Option<String>, String, String), [Said; 2]>;
type Said = (AnswerKind, Vec<AnswerKind>, Vec<String>, Vec<String>);

fn evaluated(evaluation: &Evaluation) -> Cells {
    let said = |own: &Judgement| (own.answer, own.possible.clone(), own.lines.clone(), own.undecided.clone());
    let mut cells = Cells::new();
    for case in &evaluation.cases {
        for need in &case.needs {
            for state in &need.states {
                let key = (case.id.clone(), case.account.clone(), state.state.clone(), need.function.clone());
                cells.insert(key, [said(&state.on_paper), said(&state.available)]);
            }
        }
    }
    cells
}

fn at(row: &Row, on: Day) -> Option<[Said; 2]> {
    let holds = |own: &&Stretch| {
        own.from.as_deref().is_none_or(|from| day(from) <= on)
            && own.until.as_deref().is_none_or(|until| on < day(until))
    };
    let said = |stretches: &[Stretch]| {
        let mut here = stretches.iter().filter(holds);
        let own = here.next().map(|own| (own.answer, own.possible.clone(), own.lines.clone(), own.undecided.clone()));
        assert!(here.next().is_none(), "two stretches hold on {on}");
        own
    };
    Some([said(&row.on_paper)?, said(&row.available)?])
}

fn told(found: &Timeline, on: Day) -> Cells {
    let key = |row: &Row| (row.case.clone(), row.account.clone(), row.state.clone(), row.function.clone());
    found.rows.iter().filter_map(|row| Some((key(row), at(row, on)?))).collect()
}

fn same(session: &Session, loaded: &Loaded, found: &Timeline, on: Day) {
    let options = Options { as_of: Some(PartialDate::Day(on)), ..Options::default() };
    let evaluation = session.evaluate(loaded, &options).expect("no lens, no account").evaluation;
    assert_eq!(told(found, on), evaluated(&evaluation), "{} on {on}", found.scenario);
}

#[test]
fn a_timeline_says_of_every_day_what_an_evaluation_on_that_day_says() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    for (pack, scenario, tried) in [
        ("primer", "same-cell-other-day", 40),
        ("central-asia", "uzbekistan-2012", 24),
        ("central-asia", "andijan-2005", 24),
        ("central-asia", "kabul-2021", 12),
        ("central-asia", "batken-1999", 12),
    ] {
        let session = Session::new(&shipped::pack(pack), None);
        let loaded = session.scenario(scenario).expect("the scenario");
        let found = of(&session, scenario);
        let last = found.until.as_deref().map_or_else(|| day("2030-01-01"), day);
        let turns: Vec<Day> = every_change(&loaded.world).into_iter().filter(|day| *day <= last).collect();
        assert!(turns.len() > 10, "the dates of {pack} were not found");
        let mut days = BTreeSet::from([loaded.scenario.date.first(), last]);
        for _ in 0..tried {
            // On a date of the record, the day before it, and any day at all.
            let turn = turns[random.random_range(0..turns.len())];
            days.extend([turn, turn.previous()]);
            let (year, month, own) =
                (random.random_range(1940..2026), random.random_range(1..=12), random.random_range(1..=28));
            days.extend(Day::new(year, month, own).filter(|day| *day <= last));
        }
        for on in days {
            same(&session, loaded, &found, on);
        }
    }
}

#[test]
fn a_horizon_is_exact_at_both_ends_and_facts_that_are_not_read_do_not_cut_it() {
    let session = Session::new(&shipped::pack("central-asia"), None);
    let loaded = session.scenario("uzbekistan-2012").expect("the scenario");
    let found = of(&session, "uzbekistan-2012");
    let all = every_change(&loaded.world).into_iter().filter(|own| *own <= day("2026-11-30")).count();
    assert!(found.evaluations < all / 2, "{} of {all} dates were looked at", found.evaluations);
    for change in found.changes.iter().filter(|change| change.shows()) {
        let on = day(&change.date);
        assert_ne!(told(&found, on), told(&found, on.previous()), "something moves on {on}");
        assert!(!change.facts.is_empty(), "something turned on {on}");
    }
}

fn change<'a>(found: &'a Timeline, date: &str) -> &'a Change {
    found.changes.iter().find(|change| change.date == date).unwrap_or_else(|| panic!("nothing on {date}"))
}

#[test]
fn the_place_of_uzbekistan_in_the_alliance_opens_and_closes_on_the_dates_of_the_record() {
    let session = Session::new(&shipped::pack("central-asia"), None);
    let found = of(&session, "uzbekistan-2012");
    for (date, turned, gains, loses) in [
        ("1994-04-20", "Uzbekistan as party to Collective Security Treaty begins", Some("CST"), None),
        ("1999-04-20", "Uzbekistan as party to Collective Security Treaty ends", None, Some("CST")),
        ("2008-03-28", "Uzbekistan as party to Collective Security Treaty begins", Some("CSTO"), None),
        (
            "2012-12-19",
            "Uzbekistan as member of Collective Security Treaty Organization (suspended) begins",
            None,
            Some("CSTO"),
        ),
    ] {
        let own = change(&found, date);
        let facts: Vec<&str> = own.facts.iter().filter(|fact| fact.behind).map(|fact| fact.text.as_str()).collect();
        assert!(facts.contains(&turned), "{date}: {facts:?}");
        let consult = own.moves.iter().find(|one| one.cell == "raid/UZB/consult").expect("the cell moves");
        assert_eq!(
            (consult.gained.first().map(String::as_str), consult.lost.first().map(String::as_str)),
            (gains, loses)
        );
        assert!(!consult.because.is_empty());
    }
    // The agreement on the rapid reaction force never bound the state: no date opens it, and none closes it.
    let force = |change: &&Change| {
        let steps = change.moves.iter().filter(|one| one.cell == "raid/UZB/deploy-force").flat_map(|one| &one.because);
        steps.filter(|step| step.holder == "CSTO-CRRF").count() > 0
    };
    assert_eq!(found.changes.iter().find(force).map(|change| change.date.as_str()), None);
}

#[test]
fn what_opened_a_gap_is_named_and_a_date_known_to_the_month_opens_it_twice() {
    let world = WORLD.replace("from = 2001-01-01", "from = \"2002-03\"\nuntil = 2008-01-01");
    let session = Pack::default().world(&world).scenario(SCENARIO).load();
    let found = of(&session, "case");
    let row = found.rows.iter().find(|row| row.function == "consult").expect("the row");
    let said: Vec<(Option<&str>, AnswerKind)> =
        row.on_paper.iter().map(|own| (own.from.as_deref(), own.answer)).collect();
    assert_eq!(
        said,
        [
            (None, AnswerKind::Gap),
            (Some("2002-03-01"), AnswerKind::Open),
            (Some("2002-03-31"), AnswerKind::OneHolder),
            (Some("2008-01-01"), AnswerKind::Gap),
        ]
    );
    let texts = |date: &str| change(&found, date).facts.iter().map(|fact| fact.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts("2002-03-01"), ["Aland as member of The League may begin: the day is not known"]);
    assert_eq!(texts("2002-03-31"), ["Aland as member of The League has begun by then: the day is not known"]);
    assert_eq!(texts("2008-01-01"), ["Aland as member of The League ends"]);
    assert_eq!(change(&found, "2008-01-01").moves.first().map(|one| one.kind), Some(MoveKind::Opened));
    assert_eq!(found.evaluations - found.quiet, found.changes.len() + 1);
}

#[test]
fn a_range_cuts_what_is_shown_and_not_what_is_said() {
    let session = Session::new(&shipped::pack("central-asia"), None);
    let loaded = session.scenario("andijan-2005").expect("the scenario");
    let whole = of(&session, "andijan-2005");
    let range = Range { from: Some(day("2000-01-01")), until: Some(day("2010-12-31")) };
    let part = timeline(&session, loaded, &Options::default(), range).expect("a range");
    assert!(part.evaluations < whole.evaluations);
    for on in ["2000-01-01", "2005-05-13", "2007-07-07", "2010-12-31"].map(day) {
        assert_eq!(told(&part, on), told(&whole, on), "{on}");
    }
    let dates = |found: &Timeline| -> Vec<String> { found.changes.iter().map(|change| change.date.clone()).collect() };
    let inside = |date: &String| ("2000-01-02".."2011-01-01").contains(&date.as_str());
    assert_eq!(dates(&part), dates(&whole).into_iter().filter(inside).collect::<Vec<_>>());
}

#[test]
fn the_chart_has_a_word_for_every_band_and_the_same_bytes_every_time() {
    let session = Session::new(&shipped::pack("primer"), None);
    let svg = chart::timeline::timeline(&of(&session, "same-cell-other-day"));
    assert_eq!(svg, chart::timeline::timeline(&of(&session, "same-cell-other-day")));
    assert!(svg.starts_with("<svg") && svg.contains("role=\"img\"") && svg.contains("<desc>"));
    assert!(svg.contains("inform for XBB, on paper: one holder"), "a band says what it is");
    for outside in ["http://", "https://", "<script", "<image"] {
        assert!(!svg.replace("http://www.w3.org/2000/svg", "").contains(outside), "{outside}");
    }
}
