//! Many worlds at once, held to the plain evaluator: the same answers in every one of them.

#![expect(clippy::panic, clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use mandatum::answer::report::{AnswerKind, Evaluation};
use mandatum::answer::{Options, everywhere};
use mandatum::change::Change;
use mandatum::date::PartialDate;
use mandatum::load::Loaded;
use mandatum::session::Session;
use mandatum::shipped;
use mandatum::what_if::{self, many};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

type Cells = BTreeMap<(Option<String>, String), [AnswerKind; 2]>;

/// The cells of the plain evaluator.
fn plain(evaluation: &Evaluation) -> Cells {
    let mut cells = Cells::new();
    for case in &evaluation.cases {
        for need in &case.needs {
            for state in &need.states {
                let id = format!("{}/{}/{}", case.id, state.state, need.function);
                cells.insert((case.account.clone(), id), [state.on_paper.answer, state.available.answer]);
            }
        }
    }
    cells
}

/// A change of a form that repairs use, or of one that gets in its way.
fn sentence(random: &mut impl Rng, loaded: &Loaded) -> String {
    let world = &loaded.world;
    let told = &loaded.scenario.cases[0].circumstances;
    let keys = |of: Vec<&'_ String>| -> Vec<String> { of.into_iter().cloned().collect() };
    let bodies =
        keys(world.mandates.iter().map(|row| &row.holder).filter(|id| world.bodies.contains_key(*id)).collect());
    let texts = keys(world.instruments.keys().collect());
    let functions = keys(world.functions.terms.keys().collect());
    let attributes = keys(world.attributes.iter().map(|row| &row.attribute).collect());
    let rows = keys(
        world.memberships.iter().map(|row| &row.fact.id).chain(world.mandates.iter().map(|row| &row.fact.id)).collect(),
    );
    let of = |list: &[String], random: &mut dyn FnMut(usize) -> usize| {
        list.get(random(list.len())).cloned().unwrap_or_default()
    };
    let mut draw = |count: usize| random.random_range(0..count.max(1));
    let state = of(&told.affected, &mut draw);
    let (body, other, text) = (of(&bodies, &mut draw), of(&bodies, &mut draw), of(&texts, &mut draw));
    let (function, row) = (of(&functions, &mut draw), of(&rows, &mut draw));
    let threat = &told.threat;
    match draw(22) {
        0 | 1 => format!("{state} joins {body}"),
        2 => format!("{state} leaves {body}"),
        3 => format!("{state} accedes to {text}"),
        4 => format!("{state} withdraws from {text}"),
        5 => format!("{text} enters into force"),
        6 | 7 => format!("{body} gains {function} against {threat}"),
        8 => format!("{body} loses {function}"),
        9 | 10 => format!("{body} gains means for {function}"),
        11 => format!("{body} loses means for {function}"),
        12 => format!("{body} is dissolved"),
        13 => format!("{body} links with {other}"),
        14 => format!("{body} unlinks from {other}"),
        15 | 16 => format!("{state} asks {body} for {function}"),
        17 | 18 => format!("{body} adopts {function}"),
        19 => format!("{body} rejects {function}"),
        20 => ["security-council authorises", "host consents"][draw(2)].to_owned(),
        _ => {
            if draw(2) == 0 {
                format!("drop fact {row}")
            } else {
                format!("{state} becomes {}", of(&attributes, &mut draw))
            }
        }
    }
}

#[test]
fn every_combination_of_changes_comes_out_as_the_plain_evaluator_has_it() {
    let session = Session::new(&shipped::pack("central-asia"), None);
    let primer = Session::new(&shipped::pack("primer"), None);
    let mut random = ChaCha8Rng::seed_from_u64(4);
    let (mut compared, mut moved) = (0, 0);
    let runs = [
        (&session, "batken-1999"),
        (&session, "afghan-border-2015"),
        (&session, "kazakhstan-2022"),
        (&session, "osh-2010"),
        (&session, "andijan-2005"),
        (&primer, "ladder"),
        (&primer, "five-answers"),
        (&primer, "arguments"),
    ];
    for (session, id) in runs {
        let loaded = session.scenario(id).expect("a shipped scenario");
        let lexicon = session.lexicon(Some(loaded));
        for _ in 0..4 {
            let changes: Vec<Change> =
                (0..40).filter_map(|_| Change::parse(&sentence(&mut random, loaded), &lexicon).ok()).take(8).collect();
            compare(session, loaded, changes, &mut random, &mut compared, &mut moved);
        }
    }
    assert!(compared > 500 && moved > 20, "{compared} cells compared, {moved} of them moved");
}

fn compare(
    session: &Session,
    loaded: &Loaded,
    mut changes: Vec<Change>,
    random: &mut impl Rng,
    compared: &mut usize,
    moved: &mut usize,
) {
    // On the scenario's own day, or on any other.
    let day = format!(
        "{}-{:02}-{:02}",
        random.random_range(1992..2026),
        random.random_range(1..13),
        random.random_range(1..29)
    );
    let as_of = if random.random_range(0..3) == 0 { None } else { PartialDate::parse(&day) };
    // With all rules or without some, through the record or through a paper.
    let silent = session.rules.rules.keys().filter(|_| random.random_range(0..12) == 0).cloned().collect();
    let papers: Vec<&String> = loaded.world.sources.values().filter(|own| own.lens).map(|own| &own.key).collect();
    let lens = papers.get(random.random_range(0..3 * papers.len().max(1))).map(|key| (*key).clone());
    let without = if random.random_range(0..2) == 0 { silent } else { BTreeSet::new() };
    let options = Options { as_of, without, lenses: lens.into_iter().collect(), ..Options::default() };
    let all = loop {
        match many(loaded, &options, &changes) {
            Ok(all) => break all,
            Err(apart) => {
                let mut number = 0;
                changes.retain(|_| {
                    number += 1;
                    !apart.0.contains(&(number - 1))
                });
            }
        }
    };
    let cells = everywhere(&all.loaded, &session.rules, &options).expect("no account was named");
    let before = plain(&session.evaluate(loaded, &options).expect("evaluated").evaluation);
    for _ in 0..4 {
        let set: BTreeSet<usize> = (0..changes.len()).filter(|_| random.random_range(0..2) == 1).collect();
        let own: Vec<Change> = set.iter().map(|number| changes[*number].clone()).collect();
        let altered = what_if::apply(loaded, &options, &own);
        let after = plain(&what_if::evaluate(session, &altered).expect("evaluated").evaluation);
        let chosen = all.chosen(&set);
        let at = |diagram: &mandatum::diagram::Diagram<Option<AnswerKind>>| {
            *diagram.walk(&chosen).unwrap_or_else(|free| panic!("{} is free", free.key))
        };
        let mut found = Cells::new();
        for cell in &cells {
            if let (Some(on_paper), Some(available)) = (at(&cell.on_paper), at(&cell.available)) {
                found.insert((cell.account.clone(), cell.id()), [on_paper, available]);
            }
        }
        let told: Vec<String> = own.iter().map(Change::to_string).collect();
        let pool: Vec<String> = changes.iter().map(Change::to_string).collect();
        for (key, answers) in &after {
            // A case without accounts is listed once by the plain evaluator.
            let same = found.get(key).or_else(|| found.iter().find(|(own, _)| own.1 == key.1).map(|(_, found)| found));
            assert_eq!(same, Some(answers), "{}: {key:?} on {as_of:?} after {told:?} of {pool:?}", loaded.scenario.id);
            *compared += 1;
            *moved += usize::from(before.get(key) != Some(answers));
        }
        assert!(found.keys().all(|key| after.keys().any(|own| own.1 == key.1)), "{told:?}");
    }
}

/// Changes that get in one another's way: each combination comes out as if it were carried out.
#[test]
fn changes_that_clash_are_told_apart() {
    let session = Session::new(&shipped::pack("central-asia"), None);
    let primer = Session::new(&shipped::pack("primer"), None);
    let own_quays = Options { without: BTreeSet::from(["treaty-4-own-quays".to_owned()]), ..Options::default() };
    let plain_options = Options::default();
    let lists: [(&Session, &str, &Options, &[&str]); 6] = [
        (
            &primer,
            "ladder",
            &own_quays,
            &[
                "HARBOUR-LEAGUE gains guard-border against piracy",
                "XBB asks HARBOUR-LEAGUE",
                "HARBOUR-LEAGUE is dissolved",
            ],
        ),
        (&primer, "ladder", &plain_options, &["XBB leaves COAST-GUARD-UNION", "drop fact XBB-COAST-GUARD-UNION"]),
        (
            &session,
            "batken-1999",
            &plain_options,
            &["security-council refuses", "security-council authorises", "host refuses", "host consents"],
        ),
        (
            &session,
            "afghan-border-2015",
            &plain_options,
            &[
                "CSTO-CSC adopts supply",
                "CSTO-CSC rejects keep-peace",
                "CSTO-CSC rejects supply",
                "CSTO-CSC adopts keep-peace",
            ],
        ),
        (
            &session,
            "afghan-border-2015",
            &plain_options,
            &["TKM asks CSTO for supply", "TKM does not ask CSTO for supply", "TKM asks CSTO", "CSTO loses supply"],
        ),
        (
            &session,
            "afghan-border-2015",
            &plain_options,
            &["TKM joins SCO", "TKM joins SCO as observer", "TKM leaves SCO", "TKM accedes to sco-charter-2002"],
        ),
    ];
    for (session, id, options, sentences) in lists {
        let loaded = session.scenario(id).expect("a shipped scenario");
        let lexicon = session.lexicon(Some(loaded));
        let read =
            |text: &&str| Change::parse(text, &lexicon).unwrap_or_else(|error| panic!("{text}: {}", error.message));
        let changes: Vec<Change> = sentences.iter().map(read).collect();
        let Ok(all) = many(loaded, options, &changes) else { continue };
        let cells = everywhere(&all.loaded, &session.rules, options).expect("no account was named");
        for mask in 0..1_u32 << changes.len() {
            let set: BTreeSet<usize> = (0..changes.len()).filter(|at| mask >> at & 1 == 1).collect();
            let own: Vec<Change> = set.iter().map(|at| changes[*at].clone()).collect();
            let altered = what_if::apply(loaded, options, &own);
            let after = plain(&what_if::evaluate(session, &altered).expect("evaluated").evaluation);
            let chosen = all.chosen(&set);
            for cell in &cells {
                let found = [&cell.on_paper, &cell.available].map(|own| *own.walk(&chosen).expect("all is chosen"));
                let wanted = after.iter().find(|((_, id), _)| *id == cell.id()).map(|(_, answers)| *answers);
                let told: Vec<String> = own.iter().map(Change::to_string).collect();
                assert_eq!(found, [wanted.map(|own| own[0]), wanted.map(|own| own[1])], "{}: {told:?}", cell.id());
            }
        }
    }
}
