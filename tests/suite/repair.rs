//! Repairs, shares and open facts, held against every combination of the levers tried one by one.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use mandatum::answer::report::{AnswerKind, Evaluation, Judged};
use mandatum::answer::{Options, everywhere};
use mandatum::change::Change;
use mandatum::levers::{Cell, allowed, levers};
use mandatum::load::Loaded;
use mandatum::pivots::lever_shares;
use mandatum::repair::{Repairs, Wish, repair};
use mandatum::session::Session;
use mandatum::what_if;
use mandatum::{research, shipped};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn pack(name: &str) -> Session {
    Session::new(&shipped::pack(name), None)
}

fn cell(id: &str) -> Cell {
    let parts: Vec<&str> = id.split('/').collect();
    (parts[0].to_owned(), parts[1].to_owned(), parts[2].to_owned())
}

fn after(session: &Session, loaded: &Loaded, changes: &[Change]) -> Evaluation {
    let altered = what_if::apply(loaded, &Options::default(), changes);
    what_if::evaluate(session, &altered).expect("it evaluates").evaluation
}

fn available(evaluation: &Evaluation, cell: &Cell) -> Option<AnswerKind> {
    let case = evaluation.cases.iter().find(|case| case.id == cell.0)?;
    let need = case.needs.iter().find(|need| need.function == cell.2)?;
    need.states.iter().find(|state| state.state == cell.1).map(|state| state.available.answer)
}

fn gaps(evaluation: &Evaluation) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for case in &evaluation.cases {
        for need in &case.needs {
            for state in &need.states {
                let id = format!("{}/{}/{}", case.id, state.state, need.function);
                if state.on_paper.answer == AnswerKind::Gap {
                    found.insert(format!("{id}, on paper"));
                }
                if state.available.answer == AnswerKind::Gap {
                    found.insert(format!("{id}, available"));
                }
            }
        }
    }
    found
}

/// Every smallest set of changes, by trying all of them with the plain evaluator; with the gaps that each opens.
fn by_trying(
    session: &Session,
    loaded: &Loaded,
    cell: &Cell,
    changes: &[Change],
    most: usize,
) -> BTreeSet<(BTreeSet<String>, BTreeSet<String>)> {
    let before = gaps(&after(session, loaded, &[]));
    let mut sets: Vec<u32> = (0..1_u32 << changes.len()).filter(|set| set.count_ones() as usize <= most).collect();
    sets.sort_by_key(|set| set.count_ones());
    let mut smallest: Vec<u32> = Vec::new();
    let mut found = BTreeSet::new();
    for set in sets {
        if smallest.iter().any(|own| own & set == *own) {
            continue;
        }
        let own: Vec<Change> =
            changes.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, change)| change.clone()).collect();
        let evaluation = after(session, loaded, &own);
        if matches!(available(&evaluation, cell), Some(AnswerKind::OneHolder | AnswerKind::Overlap)) {
            smallest.push(set);
            let opens = gaps(&evaluation).difference(&before).cloned().collect();
            found.insert((own.iter().map(Change::to_string).collect(), opens));
        }
    }
    found
}

fn found(repairs: &Repairs) -> BTreeSet<(BTreeSet<String>, BTreeSet<String>)> {
    let sets = repairs.sets.iter();
    sets.map(|set| (set.changes.iter().cloned().collect(), set.opens.iter().cloned().collect())).collect()
}

fn pool(session: &Session, loaded: &Loaded, cell: &Cell, most: usize, random: &mut ChaCha8Rng) -> Vec<Change> {
    let now = session.evaluate(loaded, &Options::default()).expect("it evaluates");
    let cells = BTreeSet::from([cell.clone()]);
    let lexicon = session.lexicon(Some(loaded));
    let mut all = levers(loaded, &session.rules, &lexicon, &now, &cells, &allowed(&loaded.world));
    all.retain(|change| {
        what_if::apply(loaded, &Options::default(), std::slice::from_ref(change)).effects[0].nothing.is_none()
    });
    // What stands in some repair, so that there is something to find, and others at random.
    let wish = Wish { cells, judged: Judged::Available, most: 4 };
    let repairs = repair(loaded, &session.rules, &Options::default(), &wish, &all).expect("no account was named");
    let mut useful: BTreeSet<String> = BTreeSet::new();
    for set in repairs.sets {
        let with: BTreeSet<String> = useful.iter().cloned().chain(set.changes).collect();
        useful = if with.len() <= most { with } else { useful };
    }
    let (mut own, mut others): (Vec<Change>, Vec<Change>) =
        all.into_iter().partition(|change| useful.contains(&change.to_string()));
    while own.len() < most && !others.is_empty() {
        own.push(others.swap_remove(random.random_range(0..others.len())));
    }
    own
}

#[test]
fn repairs_are_what_trying_every_combination_finds() {
    let (primer, pack) = (pack("primer"), pack("central-asia"));
    let mut random = ChaCha8Rng::seed_from_u64(12);
    let mut sets = 0;
    for (session, id, need, levers, most) in [
        (&primer, "ladder", "raid/XDD/deploy-force", 12, 4),
        (&primer, "ladder", "raid/XDD/interdict", 12, 3),
        (&primer, "ladder", "slick/XAA/relieve", 10, 3),
        (&primer, "five-answers", "raid/XBB/interdict", 10, 4),
        (&pack, "batken-1999", "raid/KGZ/deploy-force", 7, 4),
        (&pack, "afghan-border-2015", "turkmen-stretch/TKM/supply", 7, 4),
        (&pack, "afghan-border-2015", "upper-amu/UZB/manage-crisis", 7, 3),
        (&pack, "afghan-border-2015", "upper-amu/TJK/guard-border", 6, 3),
    ] {
        let loaded = session.scenario(id).expect("a shipped scenario");
        let cell = cell(need);
        let changes = pool(session, loaded, &cell, levers, &mut random);
        let wish = Wish { cells: BTreeSet::from([cell.clone()]), judged: Judged::Available, most };
        let own = repair(loaded, &session.rules, &Options::default(), &wish, &changes).expect("no account was named");
        assert!(own.left_out.is_empty());
        let told: Vec<String> = changes.iter().map(Change::to_string).collect();
        assert_eq!(found(&own), by_trying(session, loaded, &cell, &changes, most), "{id}, {need}: {told:?}");
        sets += own.sets.len();
    }
    assert!(sets > 7, "{sets} sets found");
}

#[test]
fn shares_are_what_trying_every_combination_says() {
    let primer = pack("primer");
    let loaded = primer.scenario("ladder").expect("it is shipped");
    let cell = cell("raid/XDD/interdict");
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let changes = pool(&primer, loaded, &cell, 8, &mut random);
    let cells = BTreeSet::from([cell.clone()]);
    let shares = lever_shares(loaded, &primer.rules, &Options::default(), &cells, Judged::Available, &changes);
    let shares = shares.expect("no account was named").expect("all of them are rows");
    let answered = |set: u32| {
        let own: Vec<Change> =
            changes.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, change)| change.clone()).collect();
        matches!(available(&after(&primer, loaded, &own), &cell), Some(AnswerKind::OneHolder | AnswerKind::Overlap))
    };
    let won: Vec<bool> = (0..1_u32 << changes.len()).map(answered).collect();
    let mut turning = 0;
    for (at, change) in changes.iter().enumerate() {
        let turned: f64 = (0..won.len())
            .filter(|set| set >> at & 1 == 0)
            .map(|set| f64::from(u8::from(won[set | 1 << at])) - f64::from(u8::from(won[set])))
            .sum();
        let banzhaf = turned / (won.len() / 2) as f64;
        let own = shares.iter().find(|share| share.change == change.to_string()).map_or(0.0, |share| share.banzhaf);
        assert!((own - banzhaf).abs() < 1e-9, "{change}: {own}, tried {banzhaf}");
        turning += usize::from(banzhaf.abs() > 0.0);
    }
    let whole: f64 = shares.iter().map(|share| share.shapley).sum();
    assert!((whole - f64::from(u8::from(won[won.len() - 1])) + f64::from(u8::from(won[0]))).abs() < 1e-9);
    assert!(turning >= 2, "{turning} levers turn it");
}

/// A fact that is said to decide an answer leaves it open, and the answer that it is said to give comes out once it is known.
#[test]
fn open_facts_decide_what_they_are_said_to_decide() {
    let session = pack("central-asia");
    let mut deciding = 0;
    for loaded in &session.pack.scenarios {
        let now = session.evaluate(loaded, &Options::default()).expect("it evaluates");
        let found = research::research(loaded, &session.rules, &Options::default(), &now).expect("no account");
        let mut hangs: BTreeSet<(String, String)> = BTreeSet::new();
        for case in &now.evaluation.cases {
            for need in &case.needs {
                for state in &need.states {
                    let id = format!("{}/{}/{}", case.id, state.state, need.function);
                    let facts = state.on_paper.depends_on.iter().chain(&state.available.depends_on);
                    hangs.extend(
                        facts.filter(|fact| !fact.starts_with("the day: ")).map(|fact| (id.clone(), fact.clone())),
                    );
                }
            }
        }
        let told: BTreeSet<(String, String)> = found
            .facts
            .iter()
            .flat_map(|fact| fact.decides.iter().map(|own| (own.cell.clone(), fact.says.clone())))
            .collect();
        assert_eq!(told, hangs, "{}", loaded.scenario.id);
        deciding += told.len();
    }
    assert!(deciding > 50, "{deciding} answers hang on open facts");
}

#[test]
fn without_levers_the_answers_are_those_of_the_page() {
    let session = pack("central-asia");
    for loaded in session.pack.scenarios.iter().take(12) {
        let now = session.evaluate(loaded, &Options::default()).expect("it evaluates").evaluation;
        for own in everywhere(loaded, &session.rules, &Options::default()).expect("no account was named") {
            let answer = own.available.walk(&Default::default()).expect("nothing is free");
            let key = (own.case.clone(), own.state.clone(), own.function.clone());
            if own.account.is_none() {
                assert_eq!(*answer, available(&now, &key), "{}", own.id());
            }
        }
    }
}
