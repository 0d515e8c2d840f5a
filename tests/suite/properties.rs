//! What holds for every input: nothing panics, labels are grounded, dates are ordered, exploration is exact.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::OnceLock;

use mandatum::argument::{Attacks, Label};
use mandatum::ask::{Chosen, FreeFact, Known, TooManyWorlds, explore, pick};
use mandatum::date::{Bound, Day, Held, Interval, PartialDate};
use mandatum::load::{Files, PackFiles, load};
use mandatum::rules::RuleSet;
use mandatum::world::World;
use mandatum::{interface, shipped};
use proptest::collection::vec;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::harness::{SCENARIO, WORLD};

// --- Nothing panics -------------------------------------------------------------------------------------------------

fn cases(count: u32) -> ProptestConfig {
    ProptestConfig { cases: count, failure_persistence: None, ..ProptestConfig::default() }
}

fn pack(world: &[u8], scenario: &[u8]) -> PackFiles {
    PackFiles {
        unopened: Vec::new(),
        world: Files::from([
            ("pack.toml".to_owned(), b"id = \"p\"\ntitle = \"P\"\n".to_vec()),
            ("world/0.toml".to_owned(), world.to_vec()),
        ]),
        scenarios: Files::from([("case.toml".to_owned(), scenario.to_vec())]),
        rules: Files::new(),
        tests: Files::new(),
    }
}

/// One way to spoil a text.
#[derive(Clone, Debug)]
struct Spoil {
    at: prop::sample::Index,
    length: usize,
    with: Vec<u8>,
}

fn spoils() -> impl Strategy<Value = Vec<Spoil>> {
    let with = prop_oneof![
        vec(any::<u8>(), 0..4),
        Just(b"\"".to_vec()),
        Just(b"[[".to_vec()),
        Just(b"]".to_vec()),
        Just(b"-1".to_vec()),
        Just(b"9999999999999999999".to_vec()),
        Just(b"nan".to_vec()),
        Just(b"\"\"".to_vec()),
        Just(b"\xf0\x9f\x8c\x8a".to_vec()),
        Just(b"0000-00-00".to_vec()),
    ];
    let one =
        (any::<prop::sample::Index>(), 0usize..12, with).prop_map(|(at, length, with)| Spoil { at, length, with });
    vec(one, 1..5)
}

fn spoiled(text: &[u8], spoils: &[Spoil]) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for spoil in spoils {
        let at = spoil.at.index(bytes.len() + 1);
        let end = (at + spoil.length).min(bytes.len());
        bytes.splice(at..end, spoil.with.iter().copied());
    }
    bytes
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn primer() -> &'static PackFiles {
    static PRIMER: OnceLock<PackFiles> = OnceLock::new();
    PRIMER.get_or_init(|| shipped::pack("primer"))
}

fn primer_world() -> &'static World {
    static LOADED: OnceLock<std::sync::Arc<World>> = OnceLock::new();
    LOADED.get_or_init(|| load(primer()).world)
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn loading_any_bytes_ends_with_a_pack_or_with_problems(
        world in vec(any::<u8>(), 0..200),
        scenario in vec(any::<u8>(), 0..200),
    ) {
        let loaded = load(&pack(&world, &scenario));
        // Bytes at random are no scenario: a title, a date and a case are required.
        prop_assert!(!loaded.problems.sorted().is_empty());
    }

    #[test]
    fn loading_toml_like_text_never_panics(
        world in "(\\[\\[(state|mandate|organ|party|version)\\]\\]\n|(id|name|from|until|parent|predecessor|version_of|holder) = (\"[A-C]?\"|[0-9-]{1,10}|\\[\\]|\\{\\}|true)\n){0,20}",
    ) {
        let _ = load(&pack(world.as_bytes(), SCENARIO.as_bytes()));
    }

    #[test]
    fn reading_any_text_as_rules_never_panics(source in "(//! @source [a-z-]{1,20}\n)?(/// @[a-z]{1,9} .{0,20}\n){0,4}(fn [a-z_]{1,6}\\(situation\\) \\{.{0,60}\\})?.{0,60}") {
        let files = Files::from([("rules/x.rhai".to_owned(), source.into_bytes())]);
        let _ = RuleSet::new(&files, primer_world(), None);
    }
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_spoiled_world_or_scenario_never_panics_to_the_end_of_an_evaluation(
        world in spoils(),
        scenario in spoils(),
        which in 0..3,
    ) {
        let world = if which == 0 { WORLD.into() } else { text(&spoiled(WORLD.as_bytes(), &world)) };
        let scenario = if which == 1 { SCENARIO.into() } else { text(&spoiled(SCENARIO.as_bytes(), &scenario)) };
        let request = serde_json::json!({
            "world": { "pack.toml": "id = \"p\"\ntitle = \"P\"\n", "world/0.toml": world },
            "scenarios": { "case.toml": scenario },
        });
        let reply: serde_json::Value = serde_json::from_str(&interface::run(&request.to_string())).expect("JSON");
        prop_assert!(reply["problems"].is_array());
    }

    #[test]
    fn a_spoiled_shipped_file_never_panics(which in any::<prop::sample::Index>(), spoils in spoils()) {
        let mut files = PackFiles { rules: Files::new(), ..primer().clone() };
        let paths: Vec<String> = files.world.keys().chain(files.scenarios.keys()).cloned().collect();
        let path = &paths[which.index(paths.len())];
        for own in [&mut files.world, &mut files.scenarios] {
            if let Some(bytes) = own.get_mut(path) {
                *bytes = spoiled(bytes, &spoils);
            }
        }
        let _ = load(&files);
    }

    #[test]
    fn a_spoiled_rule_never_panics(which in any::<prop::sample::Index>(), spoils in spoils()) {
        let rules = &primer().rules;
        let path = which.index(rules.len());
        let (name, bytes) = rules.iter().nth(path).expect("a file");
        let files = Files::from([(name.clone(), spoiled(bytes, &spoils))]);
        let _ = RuleSet::new(&files, primer_world(), None);
    }
}

// --- Labels -----------------------------------------------------------------------------------------------------------

/// The grounded extension the slow way: from nothing, add whatever the set defends, until nothing is added (Dung 1995).
fn slow(count: usize, attacks: &BTreeSet<(usize, usize)>) -> Vec<Label> {
    let mut extension: BTreeSet<usize> = BTreeSet::new();
    loop {
        let hit = |target: usize| extension.iter().any(|own| attacks.contains(&(*own, target)));
        let defended: BTreeSet<usize> = (0..count)
            .filter(|argument| (0..count).all(|attacker| !attacks.contains(&(attacker, *argument)) || hit(attacker)))
            .collect();
        if defended == extension {
            return (0..count)
                .map(|argument| match (extension.contains(&argument), hit(argument)) {
                    (true, _) => Label::Accepted,
                    (false, true) => Label::Rejected,
                    (false, false) => Label::Undecided,
                })
                .collect();
        }
        extension = defended;
    }
}

#[test]
fn the_grounded_labelling_is_what_iterating_the_characteristic_function_gives() {
    let mut rng = ChaCha8Rng::seed_from_u64(1995);
    let (mut labels, mut undecided, mut accepted, mut rejected) = (0, 0, 0, 0);
    for _ in 0..3000 {
        let count = rng.random_range(1..=12usize);
        let wanted = rng.random_range(0..=2 * count);
        let mut attacks = BTreeSet::new();
        let mut graph = Attacks::new(count);
        for _ in 0..wanted {
            let (attacker, target) = (rng.random_range(0..count), rng.random_range(0..count));
            attacks.insert((attacker, target));
            graph.add(attacker, target);
        }
        let found = graph.grounded();
        assert_eq!(found, slow(count, &attacks), "{count} arguments, {attacks:?}");
        for (argument, label) in found.iter().enumerate() {
            labels += 1;
            accepted += usize::from(*label == Label::Accepted);
            rejected += usize::from(*label == Label::Rejected);
            undecided += usize::from(*label == Label::Undecided);
            // What is undecided names a ring of undecided attacks; what is decided names none.
            let cycle = graph.cycle(&found, argument);
            assert_eq!(cycle.is_empty(), *label != Label::Undecided);
            for (index, own) in cycle.iter().enumerate() {
                let next = cycle[(index + 1) % cycle.len()];
                assert!(attacks.contains(&(*own, next)), "{cycle:?} is no ring of {attacks:?}");
                assert_eq!(found[*own], Label::Undecided);
            }
        }
    }
    for (kind, share) in [("undecided", undecided), ("accepted", accepted), ("rejected", rejected)] {
        assert!(share * 10 >= labels, "only {share} of {labels} labels are {kind}: the graphs test too little");
    }
}

/// Every set of arguments is tried: the admissible ones of which no other is a part.
fn slow_preferred(count: usize, attacks: &BTreeSet<(usize, usize)>) -> Vec<Vec<usize>> {
    let admissible = |set: &BTreeSet<usize>| {
        set.iter().all(|own| {
            (0..count).filter(|attacker| attacks.contains(&(*attacker, *own))).all(|attacker| {
                !set.contains(&attacker) && set.iter().any(|defender| attacks.contains(&(*defender, attacker)))
            })
        })
    };
    let all: Vec<BTreeSet<usize>> = (0..1usize << count)
        .map(|bits| (0..count).filter(|own| bits >> own & 1 == 1).collect())
        .filter(admissible)
        .collect();
    let largest = all.iter().filter(|set| !all.iter().any(|other| set.is_subset(other) && *set != other));
    let mut found: Vec<Vec<usize>> = largest.map(|set| set.iter().copied().collect()).collect();
    found.sort();
    found
}

#[test]
fn preferred_extensions_are_the_largest_admissible_sets() {
    let mut rng = ChaCha8Rng::seed_from_u64(2016);
    let (mut several, mut graphs) = (0, 0);
    for _ in 0..1500 {
        let count = rng.random_range(1..=8usize);
        let wanted = rng.random_range(0..=2 * count);
        let mut attacks = BTreeSet::new();
        let mut graph = Attacks::new(count);
        for _ in 0..wanted {
            let (attacker, target) = (rng.random_range(0..count), rng.random_range(0..count));
            attacks.insert((attacker, target));
            graph.add(attacker, target);
            // Rivals attack each other, which is what makes several positions.
            if rng.random_range(0..3) == 0 {
                attacks.insert((target, attacker));
                graph.add(target, attacker);
            }
        }
        let found = graph.preferred(100_000);
        assert!(found.complete);
        assert_eq!(found.extensions, slow_preferred(count, &attacks), "{count} arguments, {attacks:?}");
        let grounded = graph.grounded();
        let sure = |argument: &usize| grounded[*argument] == Label::Accepted;
        for extension in &found.extensions {
            assert!(
                (0..count).filter(sure).all(|argument| extension.contains(&argument)),
                "the grounded ones are in each"
            );
        }
        graphs += 1;
        several += usize::from(found.extensions.len() > 1);
    }
    // A chain of rivals has thousands of positions; none of them is missed within the cap.
    let mut chain = Attacks::new(30);
    (0..29usize).for_each(|at| [(at, at + 1), (at + 1, at)].iter().for_each(|(a, b)| chain.add(*a, *b)));
    let found = chain.preferred(200_000);
    // Maximal independent sets of a path: p(n) = p(n - 2) + p(n - 3).
    let mut paths = vec![1usize, 1, 2];
    (3..=30).for_each(|n| paths.push(paths[n - 2] + paths[n - 3]));
    assert_eq!((found.extensions.len(), found.complete), (paths[30], true));
    assert!(several * 10 >= graphs, "only {several} of {graphs} graphs have several positions: they test too little");
}

// --- Dates -------------------------------------------------------------------------------------------------------------

fn partial() -> impl Strategy<Value = PartialDate> {
    (1i16..=9000, 1i8..=12, 1i8..=31, 0..3).prop_filter_map("no such day", |(year, month, day, kind)| {
        let text = match kind {
            0 => format!("{year:04}"),
            1 => format!("{year:04}-{month:02}"),
            _ => format!("{year:04}-{month:02}-{day:02}"),
        };
        PartialDate::parse(&text)
    })
}

fn near() -> impl Strategy<Value = PartialDate> {
    (2000i16..=2003, 1i8..=12, 1i8..=28, 0..3).prop_filter_map("no such day", |(year, month, day, kind)| {
        let text = match kind {
            0 => format!("{year:04}"),
            1 => format!("{year:04}-{month:02}"),
            _ => format!("{year:04}-{month:02}-{day:02}"),
        };
        PartialDate::parse(&text)
    })
}

fn bound() -> impl Strategy<Value = Bound> {
    prop_oneof![4 => near().prop_map(Bound::On), 1 => Just(Bound::Silent), 1 => Just(Bound::Unknown)]
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_date_prints_as_it_is_read_and_means_a_span_that_holds_its_ends(date in partial()) {
        let printed = date.to_string();
        prop_assert_eq!(PartialDate::parse(&printed), Some(date));
        prop_assert!(date.first() <= date.last());
        prop_assert!(date.first().to_string().starts_with(&printed));
        prop_assert!(date.last().to_string().starts_with(&printed));
        prop_assert!(!date.last().next().to_string().starts_with(&printed), "the day after is outside");
        prop_assert_eq!(PartialDate::parse(&format!("{printed}-")), None);
    }

    #[test]
    fn any_text_is_a_date_that_prints_the_same_or_none(text in "[0-9]{0,5}(-[0-9]{0,3}){0,3}") {
        if let Some(date) = PartialDate::parse(&text) {
            prop_assert_eq!(date.to_string(), text);
        }
    }

    #[test]
    fn what_a_day_is_to_an_interval_never_goes_back(from in bound(), until in bound()) {
        let interval = Interval { from, until };
        let mut day = Day::new(1999, 12, 30).expect("a day");
        let end = Day::new(2004, 1, 3).expect("a day");
        // Not yet, perhaps, yes, perhaps, lapsed: in this order, whatever is left out. `NotYet` is where `from` rules.
        let mut begun = false;
        let mut lapsed = false;
        while day < end {
            let held = interval.held(day);
            prop_assert!(!(begun && held == Held::NotYet), "{interval} begins twice, on {day}");
            prop_assert!(!(lapsed && held != Held::Lapsed), "{interval} holds again on {day}");
            prop_assert!(held != Held::Never, "{interval} began");
            begun |= held != Held::NotYet;
            lapsed |= held == Held::Lapsed;
            if let (Bound::On(from), Held::Yes) = (interval.from, held) {
                prop_assert!(day >= from.last());
            }
            if let (Bound::On(until), Held::Yes) = (interval.until, held) {
                prop_assert!(day < until.first());
            }
            day = day.next();
        }
        if let Bound::On(until) = interval.until
            && !matches!(interval.from, Bound::On(from) if from.last() > until.last())
        {
            prop_assert!(lapsed, "{interval} never ends");
        }
    }

    #[test]
    fn a_full_date_is_never_unknown(from in near(), until in near(), day in near()) {
        let interval = Interval { from: Bound::On(PartialDate::Day(from.first())), until: Bound::On(PartialDate::Day(until.first())) };
        let day = day.first();
        let expected = match (day >= from.first(), day >= until.first()) {
            (false, _) => Held::NotYet,
            (true, false) => Held::Yes,
            (true, true) => Held::Lapsed,
        };
        prop_assert_eq!(interval.held(day), expected);
    }
}

// --- Exploration ---------------------------------------------------------------------------------------------------------

/// A boolean function of some facts.
#[derive(Clone, Debug)]
enum Formula {
    Fact(usize),
    Not(Rc<Formula>),
    And(Rc<Formula>, Rc<Formula>),
    If(Rc<Formula>, Rc<Formula>, Rc<Formula>),
}

const FACTS: usize = 5;

fn formula() -> impl Strategy<Value = Formula> {
    (0..FACTS).prop_map(Formula::Fact).prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| Formula::Not(Rc::new(one))),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| Formula::And(Rc::new(one), Rc::new(other))),
            (inner.clone(), inner.clone(), inner).prop_map(|(test, yes, no)| Formula::If(
                Rc::new(test),
                Rc::new(yes),
                Rc::new(no)
            )),
        ]
    })
}

impl Formula {
    /// Every part of it, given all facts: no short cuts.
    fn direct(&self, world: &[bool]) -> bool {
        match self {
            Formula::Fact(fact) => world[*fact],
            Formula::Not(one) => !one.direct(world),
            Formula::And(one, other) => one.direct(world) & other.direct(world),
            Formula::If(test, yes, no) => {
                let (test, yes, no) = (test.direct(world), yes.direct(world), no.direct(world));
                (test & yes) | (!test & no)
            }
        }
    }

    /// The same, asking for one fact after another and only for what matters.
    fn asking(&self, chosen: &Chosen) -> Known<bool> {
        Ok(match self {
            Formula::Fact(fact) => {
                let key = fact.to_string();
                pick(chosen, || FreeFact::unknown(key.clone(), "a fact"), &key)? == 1
            }
            Formula::Not(one) => !one.asking(chosen)?,
            Formula::And(one, other) => one.asking(chosen)? && other.asking(chosen)?,
            Formula::If(test, yes, no) => {
                if test.asking(chosen)? {
                    yes.asking(chosen)?
                } else {
                    no.asking(chosen)?
                }
            }
        })
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_tree_walked_under_every_assignment_is_the_computation_itself(formula in formula()) {
        let tree = explore(1 << FACTS, &mut |chosen| formula.asking(chosen)).expect("so many worlds there are");
        for world in 0..1usize << FACTS {
            let bits: Vec<bool> = (0..FACTS).map(|fact| (world >> fact) & 1 == 1).collect();
            let chosen: Chosen = bits.iter().enumerate().map(|(fact, bit)| (fact.to_string(), usize::from(*bit))).collect();
            prop_assert_eq!(tree.walk(&chosen).ok(), Some(&formula.direct(&bits)));
        }
        // Every leaf is reached by exactly the values on its path, and the cap is exact.
        let paths = tree.paths();
        for (path, leaf) in &paths {
            prop_assert_eq!(tree.walk(path).ok(), Some(*leaf));
        }
        let leaves = tree.leaves().len();
        prop_assert_eq!(paths.len(), leaves);
        prop_assert!(explore(leaves, &mut |chosen| formula.asking(chosen)).is_ok());
        prop_assert_eq!(explore(leaves - 1, &mut |chosen| formula.asking(chosen)), Err(TooManyWorlds));
    }
}
