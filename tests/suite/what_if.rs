//! Changes: read and printed back, carried out, compared; the register held against what rules do.

use mandatum::answer::Options;
use mandatum::change::{Change, Form, Lexicon, Slot};
use mandatum::compare::{Comparison, MoveKind, compare};
use mandatum::load::Loaded;
use mandatum::register;
use mandatum::session::{Readings, Session};
use mandatum::shipped;
use mandatum::what_if;
use mandatum::world::Sentence;

use crate::harness::small;

fn pack() -> Session {
    Session::new(&shipped::pack(shipped::DEFAULT_PACK), None)
}

fn sentences(changes: &[&str]) -> Vec<Sentence> {
    changes.iter().map(|change| what_if::typed(change)).collect()
}

/// What changes do to a scenario, and why a change did nothing.
fn tried(session: &Session, loaded: &Loaded, changes: &[&str]) -> (Comparison, Vec<Option<String>>) {
    let read = what_if::read(session, loaded, &sentences(changes)).expect("changes can be read");
    let before = session.evaluate(loaded, &Options::default()).expect("it evaluates").evaluation;
    let altered = what_if::apply(loaded, &Options::default(), &read);
    let after = what_if::evaluate(session, &altered).expect("it evaluates").evaluation;
    (compare(&before, &after), altered.effects.into_iter().map(|effect| effect.nothing).collect())
}

/// Every form with ids of the shipped pack in every place, and with every bracket left out, is printed and read back.
#[test]
fn every_form_is_read_as_it_is_printed() {
    let session = pack();
    let loaded = session.scenario("tajikistan-2015").expect("it is shipped");
    let lexicon: Lexicon = session.lexicon(Some(loaded));
    let mut tried = 0;
    for form in Form::ALL {
        let pattern = form.pattern();
        let short: String = pattern.split('[').next().unwrap_or_default().trim().to_owned();
        let long = pattern.replace(['[', ']'], "");
        for (round, words) in [short, long].iter().enumerate() {
            let mut taken = std::collections::BTreeMap::new();
            let sentence: Vec<String> = words
                .split_whitespace()
                .map(|word| match slot(word) {
                    None => word.to_owned(),
                    Some(Slot::Number) => "0.5".to_owned(),
                    Some(Slot::Date) => "2013-01-01".to_owned(),
                    Some(slot) => {
                        let ids: Vec<&str> = lexicon.ids(slot).into_iter().collect();
                        assert!(!ids.is_empty(), "the pack names a {}", slot.name());
                        let next = taken.entry(slot).or_insert(round * 7);
                        *next += 1;
                        (*ids.iter().cycle().nth(*next).expect("there is one")).to_owned()
                    }
                })
                .collect();
            let sentence = sentence.join(" ");
            let change = Change::parse(&sentence, &lexicon).unwrap_or_else(|error| panic!("{sentence}: {error:?}"));
            assert_eq!(change.to_string(), sentence, "printed as it was read");
            assert_eq!(Change::parse(&change.to_string(), &lexicon).as_ref(), Ok(&change));
            tried += 1;
        }
    }
    assert_eq!(tried, 2 * Form::ALL.len());
}

fn slot(word: &str) -> Option<Slot> {
    Some(match word {
        "STATE" => Slot::State,
        "BODY" | "ORGAN" | "OTHER" => Slot::Body,
        "HOLDER" => Slot::Holder,
        "INSTRUMENT" => Slot::Instrument,
        "FUNCTION" => Slot::Function,
        "THREAT" => Slot::Threat,
        "ATTRIBUTE" => Slot::Attribute,
        "ROLE" => Slot::Role,
        "ATTACKER" => Slot::Attacker,
        "ORIGIN" => Slot::Origin,
        "TARGET" => Slot::Risk,
        "PLACE" => Slot::Place,
        "CASE" => Slot::Case,
        "JUDGEMENT" => Slot::Judgement,
        "NUMBER" => Slot::Number,
        "ACCOUNT" => Slot::Account,
        "PAPER" => Slot::Lens,
        "SOURCE" => Slot::Source,
        "RULE" => Slot::Rule,
        "FACT" => Slot::Fact,
        "DATE" => Slot::Date,
        _ => return None,
    })
}

#[test]
fn names_and_small_letters_are_read_too() {
    let session = small().load();
    let lexicon = session.lexicon(None);
    let change = Change::parse("aland Leaves the league", &lexicon).expect("it is read");
    assert_eq!(change.to_string(), "XAA leaves LEAGUE");
}

#[test]
fn slips_are_named_with_the_nearest_reading() {
    let session = small().load();
    let lexicon = session.lexicon(None);
    for (sentence, message, help) in [
        ("XAA leavs LEAGUE", "`leavs` is no word of a change", "did you mean `leaves`?"),
        ("XAB leaves LEAGUE", "there is no state `XAB`", "did you mean `XAA`?"),
        ("XAA joins LEAGEU", "there is no organisation or organ `LEAGEU`", "did you mean `LEAGUE`?"),
        ("as of yesterday", "there is no date", ""),
        ("please do something", "`please do something` is no change", "all forms: mandatum what-if --forms"),
        ("", "`` is no change", "all forms"),
    ] {
        let error = Change::parse(sentence, &lexicon).expect_err("it is no change");
        assert!(error.message.contains(message), "{sentence}: {}", error.message);
        assert!(error.help.contains(help), "{sentence}: {}", error.help);
    }
}

#[test]
fn leaving_opens_a_gap_and_says_through_which_step() {
    let session = small().load();
    let loaded = session.pack.scenarios.first().expect("one scenario").clone();
    let (found, nothing) = tried(&session, &loaded, &["XAA leaves LEAGUE"]);
    assert_eq!(nothing, [None]);
    let opened: Vec<_> = found.moves.iter().filter(|one| one.kind == MoveKind::Opened).collect();
    assert!(!opened.is_empty(), "a gap opens: {found:?}");
    for one in opened {
        assert_eq!(one.lost, ["LEAGUE"]);
        assert!(one.because.iter().any(|step| step.holder == "LEAGUE" && step.step.is_some()), "{one:?}");
    }
    let (found, nothing) = tried(&session, &loaded, &["XAA leaves LEAGUE", "XAA joins LEAGUE"]);
    assert_eq!(nothing, [None, None]);
    assert!(found.moves.is_empty(), "leaving and joining again closes it: {:?}", found.moves);
}

#[test]
fn a_change_that_changes_nothing_says_why() {
    let session = small().load();
    let loaded = session.pack.scenarios.first().expect("one scenario").clone();
    for change in ["XAA joins LEAGUE", "XBB does not do consult", "LEAGUE loses guard-border", "XAA links with LEAGUE"]
    {
        let Ok(read) = what_if::read(&session, &loaded, &sentences(&[change])) else { continue };
        let altered = what_if::apply(&loaded, &Options::default(), &read);
        let nothing = altered.effects.first().and_then(|effect| effect.nothing.clone());
        assert_eq!(nothing.is_none(), change.contains("links"), "{change}: {nothing:?}");
    }
    let (found, nothing) = tried(&session, &loaded, &["XAA joins LEAGUE"]);
    assert!(found.is_empty() && nothing.iter().flatten().any(|why| why.contains("already")), "{nothing:?}");
}

/// Membership of an alliance that may send forces moves what a state can count on; who agrees is read from the pack.
#[test]
fn who_would_have_to_agree_is_read_from_the_decision_rules() {
    let session = pack();
    let loaded = session.scenario("afghan-border-2015").expect("it is shipped");
    let read = what_if::read(&session, loaded, &sentences(&["UZB joins CSTO"])).expect("it is read");
    let altered = what_if::apply(loaded, &Options::default(), &read);
    let consent: Vec<_> = altered.effects.iter().flat_map(|effect| &effect.consent).collect();
    assert!(consent.iter().any(|own| own.ids == ["UZB"]), "{consent:?}");
    let organ = consent.iter().find(|own| own.source.is_some()).expect("the organ's rule is on record");
    assert!(organ.how.contains("consensus") && organ.ids.contains(&"KAZ".to_owned()), "{organ:?}");
    assert!(!organ.ids.contains(&"TKM".to_owned()), "only members decide");
}

#[test]
fn two_lenses_part_and_the_same_lens_does_not() {
    let session = pack();
    let loaded = session.scenario("osh-2010").expect("it is shipped");
    let through = |lens: &str| {
        let options = Options { lenses: [lens.to_owned()].into(), ..Options::default() };
        session.evaluate(loaded, &options).expect("it evaluates").evaluation
    };
    let (one, other) = (through("ichshanova-melis-2021"), through("anon-sco-2018"));
    assert!(compare(&one, &one).is_empty());
    let found = compare(&one, &other);
    assert!(!found.theses.is_empty() || !found.moves.is_empty(), "{found:?}");
    assert!(found.theses.iter().all(|thesis| thesis.was != thesis.now));
}

/// Every claim of the register is accounted for, shows where it says, and is gone without its premise.
#[test]
fn every_claim_shows_where_it_says() {
    let session = pack();
    let found = register::unaccounted(&session);
    assert!(found.is_empty(), "{found:#?}");
    let shown: usize = session.pack.register.claims.values().map(|claim| claim.shown.len()).sum();
    assert!(shown > 0, "the register says where claims show");
    for loaded in &session.pack.scenarios {
        let found = register::unseen(&mut Readings::new(&session), loaded);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn the_register_is_held_against_the_rules() {
    let claims = r#"
[[claim]]
id = "arg-one"
source = "paper"
locator = "p. 1"
kind = "gap"
use = "rule"
text = "Nobody relieves."
"#;
    let rule = "//! @source paper\n\n/// Nobody relieves.\n///\n/// @at p. 1\n/// @claim arg-two\nfn nobody(situation) {\n    if situation.threat_is(\"flood\") {\n        flag_gap(\"relieve\", \"nobody\");\n    }\n}\n";
    let session = small().world(claims).rules("paper.rhai", rule).load();
    assert!(session.problems.is_empty(), "{:#?}", session.problems);
    let codes: Vec<&str> = register::unaccounted(&session).iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["unaccounted-claim", "unknown-claim"]);
    let named = small().world(claims).rules("paper.rhai", rule.replace("arg-two", "arg-one")).load();
    let codes: Vec<&str> = register::unaccounted(&named).iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["unshown-claim"]);
    // A rule of one source may not stand for what another says.
    let other = "\n[[source]]\nkey = \"other\"\ntitle = \"Other\"\nkind = \"paper\"\n";
    let foreign = rule.replace("arg-two", "arg-one").replace("@source paper", "@source other");
    let session = small().world(&format!("{claims}{other}")).rules("other.rhai", foreign).load();
    let codes: Vec<&str> = register::unaccounted(&session).iter().map(|problem| problem.code).collect();
    assert!(codes.contains(&"foreign-claim"), "{codes:?}");
}

/// An act counts only if it is said to have happened; one put forward is judged and counts for nothing.
#[test]
fn an_act_on_record_is_counted_and_one_put_forward_is_not() {
    let session = pack();
    let loaded = session.scenario("kabul-2021").expect("it is shipped");
    let used = |change: &str| {
        let read = what_if::read(&session, loaded, &sentences(&[change])).expect("it can be read");
        let altered = what_if::apply(loaded, &Options::default(), &read);
        let after = what_if::evaluate(&session, &altered).expect("it evaluates").evaluation;
        let mut needs = after.cases.iter().flat_map(|case| &case.needs);
        let need = needs.find(|need| need.function == "deploy-force").expect("it is needed");
        need.states.iter().map(|cell| cell.used.as_str()).collect::<Vec<&str>>()
    };
    assert!(used("CSTO does deploy-force").iter().all(|used| *used == "not-recorded"));
    assert!(used("CSTO did deploy-force").iter().all(|used| *used == "yes"));
}

/// A request moves a stop without moving the answer: the step is told.
#[test]
fn a_step_that_moves_inside_an_unmoved_cell_is_told() {
    let session = pack();
    let loaded = session.scenario("osh-2010").expect("it is shipped");
    let (found, _) = tried(&session, loaded, &["KGZ asks CSTO for keep-peace"]);
    assert!(found.moves.is_empty(), "{:?}", found.moves);
    let steps: Vec<&str> = found.within.iter().flat_map(|own| &own.steps).map(|step| step.holder.as_str()).collect();
    assert!(steps.contains(&"CSTO-PEACEKEEPERS"), "{:?}", found.within);
}

/// A planned body can be founded, a text can enter into force: once, and what is there already stays as it is.
#[test]
fn bodies_are_founded_and_texts_enter_into_force_once() {
    let session = pack();
    let loaded = session.scenario("kabul-2021").expect("it is shipped");
    let (_, nothing) = tried(&session, loaded, &["SIX-PLUS-THREE is founded", "SIX-PLUS-THREE is founded"]);
    let already = |why: &Option<String>| why.as_deref().is_some_and(|why| why.contains("already"));
    assert!(matches!(nothing.as_slice(), [None, again] if already(again)), "{nothing:?}");
    let (_, nothing) = tried(&session, loaded, &["cst-1992 enters into force"]);
    assert!(nothing.iter().all(already), "{nothing:?}");
}

/// Names are found in either spelling of English, and whatever their capitals.
#[test]
fn names_are_read_in_either_spelling() {
    let session = pack();
    let lexicon = session.lexicon(session.scenario("tajikistan-2015"));
    let read =
        |text: &str| Change::parse(text, &lexicon).map(|change| change.to_string()).map_err(|error| error.message);
    for spelt in ["Organization", "Organisation", "organisation"] {
        let sentence = format!("UZB joins the Collective Security Treaty {spelt}");
        assert_eq!(read(&sentence).as_deref(), Ok("UZB joins CSTO"));
    }
}

/// A value off the scale of a judgement, a day that a later one overrides, a body that is not there: each is said.
#[test]
fn what_a_change_cannot_do_is_said() {
    let session = pack();
    let loaded = session.scenario("batken-1999").expect("it is shipped");
    let judgement = loaded.world.judgements.values().next().expect("the pack has judgements");
    let off = what_if::read(&session, loaded, &sentences(&[&format!("judge {} as 99999", judgement.id)]));
    assert!(off.is_err_and(|problems| problems.iter().any(|own| own.message.contains("off the scale"))));
    let (_, nothing) = tried(&session, loaded, &["as of 2001-01-01", "as of 2005-01-01"]);
    assert_eq!(nothing, [Some("a later change names another day".to_owned()), None]);
    let changes = what_if::read(&session, loaded, &sentences(&["UZB joins CSTO"])).expect("it can be read");
    let altered = what_if::apply(loaded, &Options::default(), &changes);
    assert!(altered.effects.iter().flat_map(|effect| &effect.notes).any(|note| note.contains("is not there")));
}
