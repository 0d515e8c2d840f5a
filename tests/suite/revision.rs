//! Two versions of a pack against brute force: every mandate is what scenarios of one case say in either version.

#![expect(clippy::indexing_slicing, clippy::panic, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use mandatum::answer::Options;
use mandatum::atlas::Space;
use mandatum::date::{Day, PartialDate};
use mandatum::revision::{Diff, Passes, Relation, RuleKind, Speech, diff, scenario, shared};
use mandatum::session::Session;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::harness::{Pack, small};

/// What both versions have: a kind of flood, a pact with parties, and a case for each state.
const SHARED: &str = r#"
[[threat]]
id = "flash-flood"
name = "flash flood"
is_a = ["flood"]

[[organisation]]
id = "PACT"
name = "The Pact"
source = "charter"

[[instrument]]
id = "pact-2004"
title = "Pact"
kind = "treaty"
organisation = "PACT"
signed = 2003-06-01
in_force = 2004-01-01
source = "charter"

[[mandate]]
id = "pact-relieves"
holder = "PACT"
threats = ["flood"]
functions = ["relieve", "consult"]
instrument = "pact-2004"
"#;

/// Rows that a version may have or not; of rows with one key it has one at most.
const ROWS: &[(&str, &str)] = &[
    ("a", "[[party]]\nid = \"a\"\nstate = \"XAA\"\ninstrument = \"pact-2004\"\nsource = \"charter\"\n"),
    (
        "a",
        "[[party]]\nid = \"a\"\nstate = \"XAA\"\ninstrument = \"pact-2004\"\nfrom = 2006-02-03\nsource = \"charter\"\n",
    ),
    (
        "a",
        "[[party]]\nid = \"a\"\nstate = \"XAA\"\ninstrument = \"pact-2004\"\nfrom = \"unknown\"\nsource = \"charter\"\n",
    ),
    (
        "b",
        "[[party]]\nid = \"b\"\nstate = \"XBB\"\ninstrument = \"pact-2004\"\nuntil = 2008-05-01\nsource = \"charter\"\n",
    ),
    ("b", "[[party]]\nid = \"b\"\nstate = \"XBB\"\ninstrument = \"pact-2004\"\nsource = \"charter\"\n"),
    (
        "heir",
        "[[organisation]]\nid = \"UNION\"\nname = \"The Union\"\npredecessor = \"LEAGUE\"\nfrom = 2007-01-01\nsource = \"charter\"\n",
    ),
    (
        "more",
        "[[mandate]]\nid = \"league-relieves\"\nholder = \"LEAGUE\"\nthreats = [\"flash-flood\"]\nfunctions = [\"relieve\"]\ninstrument = \"charter\"\n",
    ),
];

/// Rules that a version may have or not.
const RULES: &[(&str, &str)] = &[
    (
        "r",
        "/// @at art. 1\nfn league_stops(situation) {\n  if situation.state_is(\"XBB\") { stops(\"LEAGUE\", \"consult\", \"reach\", \"not there\"); }\n}\n",
    ),
    (
        "r",
        "/// @at art. 1\nfn league_stops(situation) {\n  if situation.state_is(\"XBB\") && situation.on_or_after(\"2009-09-09\") { stops(\"LEAGUE\", \"consult\", \"reach\", \"not there\"); }\n}\n",
    ),
    (
        "s",
        "/// @at art. 2\nfn pact_stops(situation) {\n  if situation.attacker_is(\"state\") { stops(\"PACT\", \"relieve\", \"occasion\", \"not then\"); }\n}\n",
    ),
    (
        "t",
        "/// @at art. 3\nfn no_need(situation) {\n  if situation.threat_is(\"flash-flood\") { not_needed(\"consult\"); }\n}\n",
    ),
];

const THREATS: [&str; 2] = ["flash-flood", "flood"];
const STATES: [&str; 2] = ["XAA", "XBB"];
const FUNCTIONS: [&str; 2] = ["consult", "relieve"];

/// Every date that any version names, and the day before it.
fn days() -> Vec<Day> {
    let named = [
        "2000-01-01",
        "2001-01-01",
        "2003-06-01",
        "2004-01-01",
        "2006-02-03",
        "2007-01-01",
        "2008-05-01",
        "2009-09-09",
        "2012-01-01",
    ];
    let days: BTreeSet<Day> =
        named.iter().flat_map(|text| [day(text).previous(), day(text), day(text).next()]).collect();
    days.into_iter().collect()
}

fn day(text: &str) -> Day {
    PartialDate::parse(text).expect("a date").first()
}

/// Some of what a version may have.
fn version(random: &mut ChaCha8Rng) -> Pack {
    let mut pick = |all: &[(&str, &str)]| {
        let mut chosen: BTreeMap<String, String> = BTreeMap::new();
        for (key, text) in all {
            if random.random_range(0..2) == 0 {
                chosen.insert((*key).to_owned(), (*text).to_owned());
            }
        }
        chosen.into_values().collect::<Vec<String>>().join("\n")
    };
    let (rows, rules) = (pick(ROWS), pick(RULES));
    small().world(SHARED).world(&rows).rules("own", format!("//! @source charter\n\n{rules}"))
}

fn loaded(pack: &Pack) -> Session {
    let session = pack.load();
    assert!(session.usable() && session.rules.failed().is_empty(), "{:#?}", session.problems);
    session
}

/// Lines of both versions: the heir and its predecessor are one.
fn line(id: &str) -> &str {
    if id == "UNION" { "LEAGUE" } else { id }
}

type Cells = BTreeMap<(String, String, String, String, Day), Passes>;

/// Every cell, as scenarios of one case say it.
fn brute(pack: &Pack) -> Cells {
    let mut cells = Cells::new();
    for threat in THREATS {
        for state in STATES {
            let text = format!(
                "title = \"t\"\ndate = 2005-01-01\n[[case]]\nid = \"case\"\nthreat = \"{threat}\"\naffected = [\"{state}\"]\nneeds = [\"consult\", \"relieve\"]\n"
            );
            let session = loaded(&pack.clone().scenario(&text));
            let own = session.scenario("case").expect("the scenario");
            for day in days() {
                let options = Options { as_of: Some(PartialDate::Day(day)), ..Options::default() };
                let found = session.evaluate(own, &options).unwrap_or_else(|found| panic!("{found:#?}")).evaluation;
                for need in &found.cases[0].needs {
                    let judged = &need.states[0].on_paper;
                    for (ids, passes) in [(&judged.undecided, Passes::Perhaps), (&judged.lines, Passes::Yes)] {
                        for id in ids {
                            let key =
                                (line(id).to_owned(), threat.to_owned(), state.to_owned(), need.function.clone(), day);
                            let old = cells.entry(key).or_insert(passes);
                            *old = passes.max(*old);
                        }
                    }
                }
            }
        }
    }
    cells
}

/// What a diff says of a cell, on both sides; `None`: the same on both.
fn said(found: &Diff, own: (&str, &str, &str, &str), on: Day) -> Option<(Passes, Passes)> {
    let (of, threat, state, function) = own;
    let has = |ids: &[String], id: &str| ids.iter().any(|own| own == id);
    let mut regions = found
        .changes
        .iter()
        .filter(|change| line(&change.line) == of && has(&change.threats, threat))
        .flat_map(|change| &change.changes)
        .filter(|region| {
            has(&region.states, state)
                && has(&region.functions, function)
                && region.from.as_deref().is_none_or(|from| day(from) <= on)
                && region.until.as_deref().is_none_or(|until| on < day(until))
        });
    let first = regions.next().map(|region| (region.was, region.now));
    assert!(regions.next().is_none(), "{own:?} on {on} is told twice");
    first
}

#[test]
fn any_mandate_is_what_scenarios_of_one_case_say_in_both_versions() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut seen: BTreeSet<Relation> = BTreeSet::new();
    let mut perhaps = 0;
    for round in 0..24 {
        let packs = [version(&mut random), version(&mut random)];
        let sessions = packs.each_ref().map(loaded);
        let [first, second] = &sessions;
        let space = Space {
            threats: THREATS.map(str::to_owned).into(),
            states: STATES.map(str::to_owned).into(),
            functions: FUNCTIONS.map(str::to_owned).into(),
            from: days().first().copied(),
            until: days().last().copied(),
            lenses: BTreeSet::new(),
        };
        let found = diff([first, second], &space, &mut |_, _| {}).expect("no lens");
        let cells = packs.each_ref().map(brute);
        for of in ["LEAGUE", "PACT"] {
            for threat in THREATS {
                let mut turns = [[false; 2]; 2];
                for (state, function, on) in STATES.iter().flat_map(|state| {
                    FUNCTIONS.iter().flat_map(move |own| days().into_iter().map(move |on| (*state, *own, on)))
                }) {
                    let key = (of.to_owned(), threat.to_owned(), state.to_owned(), function.to_owned(), on);
                    let [was, now] = cells.each_ref().map(|side| side.get(&key).copied().unwrap_or(Passes::No));
                    perhaps += usize::from(was == Passes::Perhaps || now == Passes::Perhaps);
                    let told = said(&found, (of, threat, state, function), on);
                    assert_eq!(told, (was != now).then_some((was, now)), "round {round}: {key:?}");
                    for (index, least) in [Passes::Yes, Passes::Perhaps].into_iter().enumerate() {
                        turns[index][0] |= was < least && now >= least;
                        turns[index][1] |= was >= least && now < least;
                    }
                }
                let relation = |[gained, lost]: [bool; 2]| match (gained, lost) {
                    (false, false) => Relation::Equal,
                    (true, false) => Relation::Wider,
                    (false, true) => Relation::Narrower,
                    (true, true) => Relation::Incomparable,
                };
                let [sure, possible] = turns;
                let whole = relation([sure[0] || possible[0], sure[1] || possible[1]]);
                let own =
                    found.changes.iter().find(|own| line(&own.line) == of && own.threats.iter().any(|id| id == threat));
                let told = own.map_or([Relation::Equal; 3], |own| [own.relation, own.surely, own.possibly]);
                assert_eq!(told, [whole, relation(sure), relation(possible)], "round {round}: {of} against {threat}");
                seen.insert(whole);
            }
        }
        for change in &found.changes {
            let directions = match change.relation {
                Relation::Incomparable => 2,
                _ => 1,
            };
            assert_eq!(change.witnesses.len(), directions, "{change:#?}");
            for witness in &change.witnesses {
                // What is printed can be loaded and evaluated in both, and comes out as told.
                for (pack, told) in packs.iter().zip([&witness.was, &witness.now]) {
                    let session = loaded(&pack.clone().scenario(&scenario(witness)));
                    let own = session.scenario("case").expect("the scenario");
                    let result =
                        session.evaluate(own, &Options::default()).unwrap_or_else(|own| panic!("{own:#?}")).evaluation;
                    let judged = result.cases[0].needs.first().map(|need| &need.states[0].on_paper);
                    let of = |ids: &[String]| ids.iter().any(|id| line(id) == line(&witness.line));
                    let passes = match judged {
                        Some(judged) if of(&judged.lines) => Passes::Yes,
                        Some(judged) if of(&judged.undecided) => Passes::Perhaps,
                        _ => Passes::No,
                    };
                    assert_eq!(told.passes, passes, "{witness:#?}");
                    assert_eq!(told.step.is_none() && told.why.is_empty(), passes == Passes::Yes, "{told:#?}");
                }
                assert_ne!(witness.was.passes, witness.now.passes);
            }
        }
        let swapped = diff([second, first], &space, &mut |_, _| {}).expect("no lens");
        let counts = [Relation::Wider, Relation::Narrower, Relation::Incomparable];
        let counted = |found: &Diff| counts.map(|relation| found.count(relation));
        let [wider, narrower, other] = counted(&found);
        assert_eq!(counted(&swapped), [narrower, wider, other], "round {round}: the other way round");
        assert_eq!(found.equal + wider + narrower + other, found.mandates);
    }
    let all = [Relation::Equal, Relation::Wider, Relation::Narrower, Relation::Incomparable];
    assert_eq!(seen, all.into(), "every relation was met");
    assert!(perhaps > 0, "some cell was undecided");
}

#[test]
fn a_version_against_itself_is_equal_and_what_one_alone_has_is_listed() {
    let (old, new) = (
        small().world(SHARED),
        small().world(SHARED).world(ROWS[5].1).rules("own", format!("//! @source charter\n{}", RULES[3].1)),
    );
    let (old, new) = (loaded(&old), loaded(&new));
    let space = Space { threats: vec!["flood".to_owned()], states: vec!["XAA".to_owned()], ..shared([&old, &old]) };
    let same = diff([&old, &old], &space, &mut |_, _| {}).expect("no lens");
    assert!(same.changes.is_empty() && same.only.is_empty() && same.rules.is_empty(), "{same:#?}");
    assert!(same.mandates > 0 && same.equal == same.mandates, "{same:#?}");
    let other = diff([&old, &new], &space, &mut |_, _| {}).expect("no lens");
    let body = other.only.iter().find(|own| own.kind == "body").expect("a body is new");
    assert_eq!((body.first.len(), body.second.as_slice()), (0, ["UNION".to_owned()].as_slice()));
    assert_eq!(other.rules.len(), 1);
    assert_eq!(
        (other.rules[0].rule.as_str(), other.rules[0].kind, other.rules[0].speech),
        ("no-need", RuleKind::Added, None)
    );
}

#[test]
fn rules_are_compared_by_what_they_say_on_every_path() {
    let rule = |tags: &str, body: &str| {
        format!("//! @source charter\n\n/// Says so.\n/// @at art. 1\n{tags}fn own(situation) {{\n{body}\n}}\n")
    };
    let stops = "stops(\"LEAGUE\", \"consult\", \"reach\", \"far\");";
    let when = |condition: &str| format!("if {condition} {{ {stops} }}");
    let member = "situation.member_of(\"LEAGUE\")";
    let both = format!("{member} && situation.is_dispute()");
    let plain = rule("", &when(member));
    for (what, old, new, speech, changed) in [
        ("nothing", plain.clone(), plain.clone(), None, None),
        ("spaces", plain.clone(), plain.replace("  ", " ").replace("{\n", "{\n\n"), None, None),
        ("a condition more", plain.clone(), rule("", &when(&both)), Some(Speech::Stricter), Some("its text")),
        ("a condition less", rule("", &when(&both)), plain.clone(), Some(Speech::Looser), Some("its text")),
        (
            "the contrary",
            plain.clone(),
            rule("", &when(&format!("!{member}"))),
            Some(Speech::Incomparable),
            Some("its text"),
        ),
        (
            "the order of questions",
            rule("", &when(&both)),
            rule("", &when(&format!("situation.is_dispute() && {member}"))),
            Some(Speech::Equal),
            Some("its text"),
        ),
        (
            "a kind that the wider word holds already",
            rule("", &when("situation.threat_is(\"flood\")")),
            rule("", &when("situation.threat_is(\"flash-flood\") || situation.threat_is(\"flood\")")),
            Some(Speech::Equal),
            Some("its text"),
        ),
        (
            "a narrower guard",
            rule("/// @threats flood\n", &when(member)),
            rule("/// @threats flash-flood\n", &when(member)),
            Some(Speech::Stricter),
            Some("threats: flood → flash-flood"),
        ),
        (
            "another comment",
            plain.clone(),
            plain.replace("Says so.", "Says it."),
            Some(Speech::Equal),
            Some("its comment"),
        ),
        ("only the reason", plain.clone(), plain.replace("\"far\"", "\"away\""), Some(Speech::Equal), Some("its text")),
        (
            "a helper",
            format!(
                "//! @source charter\n\nprivate fn near(situation) {{ {member} }}\n{}",
                rule("", &when("near(situation)")).replace("//! @source charter\n", "")
            ),
            format!(
                "//! @source charter\n\nprivate fn near(situation) {{ !{member} }}\n{}",
                rule("", &when("near(situation)")).replace("//! @source charter\n", "")
            ),
            Some(Speech::Incomparable),
            None,
        ),
    ] {
        let load = |text: &String| loaded(&small().world(SHARED).rules("own", text));
        let (old, new) = (load(&old), load(&new));
        let space = Space { threats: vec!["flood".to_owned()], states: vec!["XAA".to_owned()], ..shared([&old, &new]) };
        let found = diff([&old, &new], &space, &mut |_, _| {}).expect("no lens");
        let own = found.rules.first();
        assert_eq!(own.and_then(|own| own.speech), speech, "{what}: {own:#?}");
        assert_eq!(own.and_then(|own| own.changed.first()).map(String::as_str), changed, "{what}");
        if let Some(own) = own {
            assert_eq!(own.speech == Some(Speech::Equal), own.was == own.now, "{what}: {own:#?}");
        }
    }
}
