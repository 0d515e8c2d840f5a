//! What conclusions mean: the ladder, unknown and disputed facts, disputes between rules, lines, needs, the JSON interface.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use mandatum::answer::Options;
use mandatum::date::PartialDate;
use mandatum::interface;
use serde_json::{Value, json};

use crate::harness::{Page, SCENARIO, WORLD, small};

/// More sources to quarrel with: two treaties, an official one, a second lens.
const SOURCES: &str = r#"
[[source]]
key = "statute"
title = "Statute"
kind = "treaty"

[[source]]
key = "later"
title = "Later Treaty"
kind = "treaty"
supersedes = ["charter"]

[[source]]
key = "note"
title = "A Note"
kind = "official"

[[source]]
key = "essay"
title = "An Essay"
kind = "paper"
lens = true

[[threat]]
id = "flash-flood"
name = "flash flood"
is_a = ["flood"]

[[proposition]]
id = "thesis"
text = "It is so."
source = "paper"

[[proposition]]
id = "second"
text = "It is so too."
source = "paper"

[[proposition]]
id = "third"
text = "And so is this."
source = "paper"

[[question]]
id = "grave"
text = "Is it grave?"

[[judgement]]
id = "scale"
text = "How large is it?"
scale = [0, 1]
low = "small"
high = "large"
"#;

/// A second organisation, of which XAA is a member.
const GUILD: &str = r#"
[[organisation]]
id = "GUILD"
name = "The Guild"
source = "charter"

[[membership]]
state = "XAA"
organisation = "GUILD"
source = "charter"
from = 2001-01-01

[[instrument]]
id = "guild-charter"
title = "Charter of the Guild"
kind = "charter"
signed = 2000-01-01
in_force = 2001-01-01
organisation = "GUILD"
source = "charter"
"#;

/// A mandate to relieve, with more keys.
fn relief(id: &str, holder: &str, instrument: &str, more: &str) -> String {
    format!(
        "\n[[mandate]]\nid = \"{id}\"\nholder = \"{holder}\"\nthreats = [\"flood\"]\nfunctions = [\"relieve\"]\ninstrument = \"{instrument}\"\n{more}\n"
    )
}

/// The League's mandate to relieve.
fn league(more: &str) -> String {
    relief("league-relieves", "LEAGUE", "charter", more)
}

/// A file with one rule.
fn rule(source: &str, tags: &[&str], name: &str, body: &str) -> String {
    let tags: String = tags.iter().map(|tag| format!("/// {tag}\n")).collect();
    format!(
        "//! @source {source}\n\n/// Says something.\n///\n/// @at p. 1\n{tags}fn {name}(situation) {{\n{body}\n}}\n"
    )
}

fn on(date: &str) -> Options {
    Options { as_of: Some(PartialDate::parse(date).expect("a date")), ..Options::default() }
}

fn through(lens: &str) -> Options {
    Options { lenses: [lens.to_owned()].into(), ..Options::default() }
}

const RELIEVE: &str = "dam/XAA/relieve";
const CONSULT: &str = "dam/XAA/consult";

fn depends(page: &Page, cell: &str) -> String {
    page.cell(cell).available.depends_on.join("; ")
}

// --- The five answers and the eight steps ---------------------------------------------------------------------------

#[test]
fn one_holder_two_holders_and_none() {
    assert_eq!(small().evaluate().answers(CONSULT), ("one-holder", "one-holder"));
    assert_eq!(small().evaluate().answers(RELIEVE), ("gap", "gap"));
    let both = small()
        .world(GUILD)
        .world(&league(""))
        .world(&relief("guild-relieves", "GUILD", "guild-charter", ""))
        .more("requested = true\n")
        .evaluate();
    assert_eq!(both.answers(RELIEVE), ("overlap", "overlap"));
    assert_eq!(both.cell(RELIEVE).on_paper.lines, ["GUILD", "LEAGUE"]);
    let other = small()
        .world(GUILD)
        .world(&league(""))
        .world(&relief("guild-relieves", "GUILD", "guild-charter", "whom = [\"XBB\"]"))
        .more("requested = true\n")
        .evaluate();
    assert_eq!(other.answers(RELIEVE), ("one-holder", "one-holder"), "the Guild does not reach XAA");
}

#[test]
fn a_holder_can_stop_at_each_of_the_eight_steps_and_nowhere() {
    let council = "\n[[organ]]\nid = \"COUNCIL\"\nname = \"Council\"\nparent = \"LEAGUE\"\nkind = \"council\"\n";
    // Keys of the mandate, more of the case, where it stops, whether it passes on paper.
    let table = [
        ("", "requested = true", None, true),
        ("force = \"aim\"", "requested = true", Some("competence"), false),
        ("whom = [\"XBB\"]", "requested = true", Some("reach"), false),
        (
            "occasion = { attacker = [\"state\"] }",
            "requested = true\nattacker = \"armed-group\"",
            Some("occasion"),
            false,
        ),
        ("exclusions = [{ text = \"not in spring\" }]", "requested = true", Some("exclusion"), false),
        ("", "requested = false", Some("request"), true),
        ("decision = \"COUNCIL\"", "requested = true\ndecisions_recorded = \"all\"", Some("decision"), true),
        (
            "authority = \"host-consent\"",
            "requested = true\n[[case.authorisation]]\nby = \"host-consent\"\ngiven = false",
            Some("authority"),
            true,
        ),
        ("execution = \"own-staff\"", "requested = true", Some("means"), true),
    ];
    for (keys, case, stop, on_paper) in table {
        let page = small().world(council).world(&league(keys)).more(&format!("{case}\n")).evaluate();
        let stops = page.stops(RELIEVE, "LEAGUE");
        assert_eq!(stops, stop.into_iter().collect::<Vec<_>>(), "{keys} {case}");
        let available = if stop.is_none() { "one-holder" } else { "gap" };
        let paper = if on_paper { "one-holder" } else { "gap" };
        assert_eq!(page.answers(RELIEVE), (paper, available), "{keys} {case}");
        let shown = page.holder(RELIEVE, "LEAGUE").steps.len();
        assert_eq!(shown, if stop == Some("competence") { 1 } else { 8 }, "{keys}: steps after a failed competence");
    }
}

#[test]
fn each_step_that_could_stop_passes_when_its_condition_is_met() {
    let world = r#"
[[organ]]
id = "COUNCIL"
name = "Council"
parent = "LEAGUE"
kind = "council"

[[capability]]
holder = "LEAGUE"
functions = ["relieve"]
level = "LEVEL"
source = "charter"
"#;
    let keys = "decision = \"COUNCIL\"\nauthority = \"host-consent\"\nexecution = \"own-staff\"\noccasion = { attacker = [\"state\"], origin = \"outside\", at_risk = [\"population\"] }\nexclusions = [{ text = \"home affairs\", when = \"internal\" }]";
    let case = "requested = true\nattacker = \"state\"\norigin = \"outside\"\nat_risk = [\"population\"]\n[[case.decision]]\norgan = \"COUNCIL\"\noutcome = \"OUTCOME\"\n[[case.authorisation]]\nby = \"host-consent\"\ngiven = true\n";
    let ask = |level: &str, outcome: &str| {
        small()
            .world(&world.replace("LEVEL", level))
            .world(&league(keys))
            .more(&case.replace("OUTCOME", outcome))
            .evaluate()
    };
    for level in ["exercised", "used"] {
        let page = ask(level, "adopted");
        assert_eq!(page.stops(RELIEVE, "LEAGUE"), [""; 0]);
        assert_eq!(page.answers(RELIEVE), ("one-holder", "one-holder"));
    }
    assert_eq!(ask("declared", "adopted").stops(RELIEVE, "LEAGUE"), ["means"], "declared only");
    assert_eq!(ask("used", "refused").stops(RELIEVE, "LEAGUE"), ["decision"]);
    assert_eq!(ask("used", "not-put").stops(RELIEVE, "LEAGUE"), ["decision"]);
}

// --- Unknown, disputed, dated ------------------------------------------------------------------------------------------

#[test]
fn what_nobody_says_leaves_the_cell_open_and_names_the_fact() {
    let asked = small().world(&league("")).evaluate();
    assert_eq!(asked.answers(RELIEVE), ("one-holder", "open"));
    assert_eq!(depends(&asked, RELIEVE), "whether Aland asked The League for relieve");
    let attacker =
        small().world(&league("occasion = { attacker = [\"state\"] }")).more("requested = true\n").evaluate();
    assert_eq!(attacker.answers(RELIEVE), ("open", "open"));
    assert_eq!(depends(&attacker, RELIEVE), "the attacker of dam");
    let possible: Vec<&str> = attacker.cell(RELIEVE).on_paper.possible.iter().map(|one| one.as_str()).collect();
    assert_eq!(possible, ["gap", "one-holder"]);
    let moot = small()
        .world(&league("occasion = { attacker = [\"state\"] }\nwhom = [\"XBB\"]"))
        .more("requested = true\n")
        .evaluate();
    assert_eq!(moot.answers(RELIEVE), ("gap", "gap"), "who attacked decides nothing where XAA is not reached");
}

#[test]
fn an_unknown_fact_that_changes_no_answer_does_not_open_the_cell() {
    // The rule says the same either way; the League may consult whoever attacked.
    let rules = rule(
        "charter",
        &[],
        "either_way",
        "if situation.attacker_is(\"state\") { passes(\"LEAGUE\", \"consult\", \"occasion\"); } else { passes(\"LEAGUE\", \"consult\", \"occasion\"); }",
    );
    let page = small().rules("r", &rules).evaluate();
    assert_eq!(page.answers(CONSULT), ("one-holder", "one-holder"));
    let rules = rule(
        "charter",
        &[],
        "only_states",
        "if !situation.attacker_is(\"state\") { stops(\"LEAGUE\", \"consult\", \"occasion\", \"no state\"); }",
    );
    let page = small().rules("r", &rules).evaluate();
    assert_eq!(page.answers(CONSULT), ("open", "open"));
    assert_eq!(depends(&page, CONSULT), "the attacker of dam");
}

/// XAA was in the Guild from 2001 by one source; from 2012 by another.
fn rivals(first: &str, second: &str) -> crate::harness::Pack {
    let world = GUILD.replace(
        "[[membership]]\nstate = \"XAA\"\norganisation = \"GUILD\"\nsource = \"charter\"\nfrom = 2001-01-01",
        &format!(
            "[[membership]]\nid = \"early\"\nstate = \"XAA\"\norganisation = \"GUILD\"\nsource = \"{first}\"\nfrom = 2001-01-01\n\n[[membership]]\nid = \"late\"\nversion_of = \"early\"\nstate = \"XAA\"\norganisation = \"GUILD\"\nsource = \"{second}\"\nfrom = 2012-01-01"
        ),
    );
    assert!(world.contains("version_of"), "the text to replace is there");
    small()
        .world(SOURCES)
        .world(&world)
        .world(&relief("guild-relieves", "GUILD", "guild-charter", ""))
        .more("requested = true\n")
}

#[test]
fn of_two_versions_the_higher_rank_stands_and_equals_leave_it_contested() {
    assert_eq!(rivals("charter", "note").evaluate().answers(RELIEVE), ("one-holder", "one-holder"));
    assert_eq!(rivals("note", "charter").evaluate().answers(RELIEVE), ("gap", "gap"));
    let equal = rivals("charter", "statute").evaluate();
    assert_eq!(equal.answers(RELIEVE), ("contested", "contested"));
    assert_eq!(depends(&equal, RELIEVE), "sources differ on early");
    let after = rivals("charter", "statute").evaluate_with(&on("2013-01-01"));
    assert_eq!(after.answers(RELIEVE), ("one-holder", "one-holder"), "by then both versions agree");
}

#[test]
fn a_lens_makes_its_own_version_win_and_silences_other_papers() {
    let pack = rivals("charter", "paper");
    assert_eq!(pack.evaluate().answers(RELIEVE), ("one-holder", "one-holder"));
    let lens = pack.evaluate_with(&through("paper"));
    assert_eq!(lens.answers(RELIEVE), ("gap", "gap"));
    assert_eq!(lens.result().lenses, ["paper"]);
    assert_eq!(pack.evaluate_with(&through("essay")).answers(RELIEVE), ("one-holder", "one-holder"));
    let session = pack.load();
    let loaded = session.scenario("case").expect("the scenario");
    let refused = session.evaluate(loaded, &through("charter")).err().expect("a treaty is no lens");
    assert_eq!(refused.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["unknown-lens"]);
}

#[test]
fn a_scenario_dated_to_a_month_is_open_on_the_day_where_something_changes_inside() {
    let ask = |from: &str| {
        let text = SCENARIO.replace("date = 2010-04-01", "date = \"2010-04\"");
        small().world(&league(&format!("from = {from}"))).scenario(&format!("{text}requested = true\n")).evaluate()
    };
    let inside = ask("2010-04-15");
    assert_eq!(inside.result().days, ["2010-04-01", "2010-04-15"]);
    assert_eq!(inside.answers(RELIEVE), ("open", "open"));
    assert_eq!(depends(&inside, RELIEVE), "the day: from 2010-04-15 it is one-holder");
    assert_eq!(inside.answers(CONSULT), ("one-holder", "one-holder"), "nothing changes for the other need");
    assert_eq!(ask("2010-04-01").answers(RELIEVE), ("one-holder", "one-holder"));
    assert_eq!(ask("2010-05-01").answers(RELIEVE), ("gap", "gap"));
}

#[test]
fn a_row_known_to_its_year_is_unknown_inside_it() {
    let ask = |day: &str| {
        let pack = small().world(&league("from = \"2010\"")).more("requested = true\n");
        pack.evaluate_with(&on(day)).answers(RELIEVE)
    };
    assert_eq!(ask("2009-12-31"), ("gap", "gap"));
    assert_eq!(ask("2010-04-01"), ("open", "open"));
    assert_eq!(ask("2011-01-01"), ("one-holder", "one-holder"));
}

#[test]
fn accounts_are_evaluated_side_by_side_and_one_can_be_asked_for() {
    let accounts = "requested = true\n[[case.account]]\nid = \"press\"\nattacker = \"state\"\n[[case.account]]\nid = \"police\"\nattacker = \"nobody\"\n[[case.account]]\nid = \"ministry\"\nno_case = true\n";
    let pack = small().world(&league("occasion = { attacker = [\"state\"] }")).more(accounts);
    let answer = |page: &Page, account: &str| {
        let case = page.result().cases.iter().find(|case| case.account.as_deref() == Some(account))?;
        let need = case.needs.iter().find(|need| need.function == "relieve")?;
        need.states.first().map(|cell| cell.on_paper.answer.as_str())
    };
    let all = pack.evaluate();
    assert_eq!(all.result().cases.len(), 3);
    assert_eq!(answer(&all, "press"), Some("one-holder"));
    assert_eq!(answer(&all, "police"), Some("gap"));
    assert!(all.result().cases.iter().any(|case| case.account.as_deref() == Some("ministry") && case.no_case));
    let one = pack.evaluate_with(&Options { account: Some("police".into()), ..Options::default() });
    assert_eq!(one.result().cases.len(), 1);
    assert_eq!(answer(&one, "police"), Some("gap"));
    let session = pack.load();
    let loaded = session.scenario("case").expect("the scenario");
    let options = Options { account: Some("polise".into()), ..Options::default() };
    let refused = session.evaluate(loaded, &options).err().expect("no such account");
    assert_eq!(refused.first().map(|problem| problem.code), Some("unknown-account"));
    assert!(refused.iter().any(|problem| problem.help.as_deref().is_some_and(|help| help.contains("police"))));
}

// --- Disputes between rules -----------------------------------------------------------------------------------------

/// One source asserts the thesis, another denies it.
fn duel(first: (&str, &[&str]), second: (&str, &[&str])) -> Page {
    small()
        .world(SOURCES)
        .rules("one", rule(first.0, first.1, "one", "asserts(\"thesis\");"))
        .rules("two", rule(second.0, second.1, "two", "denies(\"thesis\");"))
        .evaluate()
}

const ONE: &str = "one@dam/XAA";
const TWO: &str = "two@dam/XAA";

#[test]
fn of_two_contrary_rules_the_first_thing_that_tells_them_apart_decides() {
    type Side = (&'static str, &'static [&'static str]);
    let flood: &[&str] = &["@threats flood"];
    // Who wins, who loses, why.
    let table: [(Side, Side, &str); 9] = [
        (("charter", &[]), ("paper", &[]), "rank"),
        (("note", &[]), ("paper", &[]), "rank"),
        (("statute", &[]), ("note", &["@strict"]), "rank"),
        (("charter", &["@strict"]), ("statute", flood), "strict"),
        (("paper", &["@overrides OTHER: it counted again"]), ("essay", &[]), "declared"),
        (("statute", &["@overrides OTHER: as agreed"]), ("later", flood), "declared"),
        (("charter", flood), ("statute", &[]), "narrower"),
        (("charter", flood), ("later", &[]), "narrower"),
        (("later", &[]), ("charter", &[]), "supersedes"),
    ];
    for (winner, loser, why) in table {
        let with =
            |side: Side, other: &str| -> Vec<String> { side.1.iter().map(|tag| tag.replace("OTHER", other)).collect() };
        fn borrowed(tags: &[String]) -> Vec<&str> {
            tags.iter().map(String::as_str).collect()
        }
        let (strong, weak) = (with(winner, "two"), with(loser, "one"));
        let page = duel((winner.0, &borrowed(&strong)), (loser.0, &borrowed(&weak)));
        assert_eq!(page.argument(ONE), ("accepted", why), "{winner:?} against {loser:?}");
        assert_eq!(page.argument(TWO), ("rejected", why), "{winner:?} against {loser:?}");
        assert_eq!(page.thesis("thesis"), "accepted");
        // The same with the sides exchanged: order decides nothing.
        let (strong, weak) = (with(winner, "one"), with(loser, "two"));
        let page = duel((loser.0, &borrowed(&weak)), (winner.0, &borrowed(&strong)));
        assert_eq!(page.argument(TWO), ("accepted", why), "{winner:?} against {loser:?}, exchanged");
        assert_eq!(page.argument(ONE), ("rejected", why), "{winner:?} against {loser:?}, exchanged");
        assert_eq!(page.thesis("thesis"), "rejected");
    }
}

#[test]
fn where_nothing_tells_two_rules_apart_both_are_undecided() {
    let narrow: &[&str] = &["@threats flood"];
    for (first, second) in [
        (("charter", &[] as &[&str]), ("statute", &[] as &[&str])),
        (("paper", &[]), ("essay", &[])),
        // Papers are not special and general laws.
        (("paper", narrow), ("essay", &[])),
    ] {
        let page = duel(first, second);
        assert_eq!(page.argument(ONE), ("undecided", "nobody"), "{first:?} {second:?}");
        assert_eq!(page.argument(TWO), ("undecided", "nobody"), "{first:?} {second:?}");
        assert_eq!(page.thesis("thesis"), "undecided");
    }
}

#[test]
fn a_rule_goes_before_the_default_of_its_own_rank_and_not_before_a_higher_one() {
    let stop = |source| rule(source, &[], "stop", "stops(\"LEAGUE\", \"consult\", \"exclusion\", \"closed\");");
    let page = small().world(SOURCES).rules("r", stop("charter")).evaluate();
    assert_eq!(page.argument("stop@dam/XAA"), ("accepted", "default"));
    assert_eq!(page.answers(CONSULT), ("gap", "gap"));
    assert_eq!(page.stops(CONSULT, "LEAGUE"), ["exclusion"]);
    let page = small().world(SOURCES).rules("r", stop("paper")).evaluate();
    assert_eq!(page.argument("stop@dam/XAA"), ("rejected", "rank"));
    assert_eq!(page.answers(CONSULT), ("one-holder", "one-holder"));
}

#[test]
fn an_undercut_of_an_undercut_restores_its_target_whatever_the_ranks() {
    let pack = small()
        .world(SOURCES)
        .rules("one", rule("charter", &[], "base", "asserts(\"thesis\");"))
        .rules("two", rule("paper", &[], "cut", "undercut(\"base\");"));
    let cut = pack.evaluate();
    assert_eq!(cut.argument("base@dam/XAA"), ("rejected", "undercut"));
    assert_eq!(cut.thesis("thesis"), "rejected");
    let restored = pack.rules("three", rule("essay", &[], "uncut", "undercut(\"cut\");")).evaluate();
    assert_eq!(restored.argument("base@dam/XAA").0, "accepted");
    assert_eq!(restored.argument("cut@dam/XAA"), ("rejected", "undercut"));
    assert_eq!(restored.argument("uncut@dam/XAA").0, "accepted");
    assert_eq!(restored.thesis("thesis"), "accepted");
}

#[test]
fn a_ring_of_three_undercuts_leaves_all_three_undecided() {
    let pack = small()
        .world(SOURCES)
        .rules("a", rule("paper", &[], "a", "asserts(\"thesis\"); undercut(\"b\");"))
        .rules("b", rule("paper", &[], "b", "asserts(\"second\"); undercut(\"c\");"));
    let ring = pack.clone().rules("c", rule("paper", &[], "c", "asserts(\"third\"); undercut(\"a\");")).evaluate();
    for id in ["a@dam/XAA", "b@dam/XAA", "c@dam/XAA"] {
        assert_eq!(ring.argument(id), ("undecided", "cycle"), "{id}");
    }
    let broken = pack.rules("c", rule("paper", &[], "c", "asserts(\"third\");")).evaluate();
    assert_eq!(broken.thesis("thesis"), "accepted", "without the closing link the first stands");
    assert_eq!(broken.thesis("second"), "rejected");
    assert_eq!(broken.thesis("third"), "accepted");
}

#[test]
fn a_contested_reading_leaves_rule_and_objection_undecided_and_the_cell_contested() {
    let page = small()
        .world(SOURCES)
        .rules("one", rule("charter", &[], "plain", "stops(\"LEAGUE\", \"consult\", \"exclusion\", \"closed\");"))
        .rules("two", rule("paper", &[], "reading", "contests(\"plain\");"))
        .evaluate();
    assert_eq!(page.argument("plain@dam/XAA"), ("undecided", "contested"));
    assert_eq!(page.argument("reading@dam/XAA"), ("undecided", "contested"));
    assert_eq!(page.answers(CONSULT), ("contested", "contested"));
    assert_eq!(page.holder(CONSULT, "LEAGUE").on_paper.as_str(), "contested");
}

#[test]
fn what_stands_only_on_a_papers_own_version_is_undermined_and_kept() {
    let rules = rule("paper", &[], "late", "if !situation.member_of(\"GUILD\") { asserts(\"thesis\"); }");
    let pack = rivals("charter", "paper").rules("r", rules);
    let page = pack.evaluate();
    assert_eq!(page.argument("late@dam/XAA"), ("rejected", "undermined"));
    assert_eq!(page.thesis("thesis"), "rejected");
    let lens = pack.evaluate_with(&through("paper"));
    assert_eq!(lens.argument("late@dam/XAA").0, "accepted");
    assert_eq!(lens.thesis("thesis"), "accepted");
}

#[test]
fn what_is_concluded_from_something_undecided_is_undecided() {
    let pack = small()
        .world(SOURCES)
        .rules("one", rule("charter", &[], "grave", "establishes(\"grave\");"))
        .rules("two", rule("statute", &[], "so", "if situation.established(\"grave\") { asserts(\"thesis\"); }"))
        .rules(
            "three",
            rule("statute", &[], "not_so", "if !situation.established(\"grave\") { asserts(\"second\"); }"),
        );
    let sure = pack.evaluate();
    assert_eq!(sure.argument("so@dam/XAA").0, "accepted");
    assert_eq!(sure.thesis("second"), "absent");
    let page = pack.rules("four", rule("paper", &[], "doubt", "contests(\"grave\");")).evaluate();
    assert_eq!(page.argument("grave@dam/XAA"), ("undecided", "contested"));
    assert_eq!(page.argument("so@dam/XAA"), ("undecided", "premise"));
    assert_eq!(page.argument("not-so@dam/XAA"), ("undecided", "premise"));
    assert_eq!(page.thesis("thesis"), "undecided");
}

#[test]
fn a_conclusion_from_a_contested_cell_is_undecided() {
    let page = small()
        .world(SOURCES)
        .rules("one", rule("charter", &[], "plain", "stops(\"LEAGUE\", \"consult\", \"exclusion\", \"closed\");"))
        .rules("two", rule("paper", &[], "reading", "contests(\"plain\");"))
        .rules(
            "three",
            rule("note", &[], "talks", "if situation.on_paper(\"LEAGUE\", \"consult\") { asserts(\"thesis\"); }"),
        )
        .evaluate();
    assert_eq!(page.argument("talks@dam/XAA"), ("undecided", "premise"));
}

// --- Lines, organs, kinds ----------------------------------------------------------------------------------------------

#[test]
fn an_organisation_its_organ_and_its_predecessor_are_one_line_and_never_overlap() {
    let desk = "\n[[organ]]\nid = \"DESK\"\nname = \"Desk\"\nparent = \"GUILD\"\nkind = \"centre\"\n";
    let ask = |guild: &str| {
        small()
            .world(guild)
            .world(desk)
            .world(&league(""))
            .world(&relief("guild-relieves", "GUILD", "guild-charter", ""))
            .world(&relief("desk-relieves", "DESK", "guild-charter", ""))
            .more("requested = true\n")
            .evaluate()
    };
    let heir = GUILD.replace("name = \"The Guild\"\n", "name = \"The Guild\"\npredecessor = \"LEAGUE\"\n");
    let one = ask(&heir);
    assert_eq!(one.answers(RELIEVE), ("one-holder", "one-holder"));
    assert_eq!(one.cell(RELIEVE).holders.len(), 3, "each body is still shown");
    assert!(one.result().overlaps.is_empty());
    let two = ask(GUILD);
    assert_eq!(two.answers(RELIEVE), ("overlap", "overlap"), "without the predecessor they are two lines");
    assert_eq!(two.result().overlaps.len(), 1, "{:#?}", two.result().overlaps);
}

#[test]
fn a_stop_reaches_the_organs_below_and_a_pass_reaches_nobody_else() {
    let desk = "\n[[organ]]\nid = \"DESK\"\nname = \"Desk\"\nparent = \"LEAGUE\"\nkind = \"centre\"\n";
    let closed = "exclusions = [{ text = \"closed\" }]";
    let ask = |keys: &str, body: &str| {
        small()
            .world(desk)
            .world(&league(keys))
            .world(&relief("desk-relieves", "DESK", "charter", keys))
            .more("requested = true\n")
            .rules("r", rule("charter", &[], "speaks", body))
            .evaluate()
    };
    let above = ask("", "stops(\"LEAGUE\", \"relieve\", \"exclusion\", \"closed\");");
    assert_eq!(above.stops(RELIEVE, "LEAGUE"), ["exclusion"]);
    assert_eq!(above.stops(RELIEVE, "DESK"), ["exclusion"]);
    assert_eq!(above.answers(RELIEVE), ("gap", "gap"));
    let below = ask("", "stops(\"DESK\", \"relieve\", \"exclusion\", \"closed\");");
    assert_eq!(below.stops(RELIEVE, "DESK"), ["exclusion"]);
    assert_eq!(below.stops(RELIEVE, "LEAGUE"), [""; 0]);
    let pass = ask(closed, "passes(\"LEAGUE\", \"relieve\", \"exclusion\");");
    assert_eq!(pass.stops(RELIEVE, "LEAGUE"), [""; 0]);
    assert_eq!(pass.stops(RELIEVE, "DESK"), ["exclusion"]);
}

#[test]
fn a_mandate_answers_for_kinds_and_a_narrower_one_is_partial_and_closes_nothing() {
    let terms = r#"
[[threat]]
id = "flash-flood"
name = "flash flood"
is_a = ["flood"]

[[function]]
id = "shelter"
definition = "House people."
example = "A gym."
near_miss = "A hotel voucher."
is_a = ["relieve"]
"#;
    // The mandate's threat and function, the case's, what comes out.
    let table = [
        ("flood", "relieve", "flash-flood", "shelter", "one-holder", 0),
        ("flood", "relieve", "flash-flood", "relieve", "one-holder", 0),
        ("flood", "shelter", "flood", "relieve", "gap", 1),
        ("flash-flood", "relieve", "flood", "relieve", "gap", 1),
        ("flash-flood", "shelter", "flood", "relieve", "gap", 1),
    ];
    for (threat, function, met, needed, answer, partial) in table {
        let mandate = league("")
            .replace("threats = [\"flood\"]", &format!("threats = [\"{threat}\"]"))
            .replace("functions = [\"relieve\"]", &format!("functions = [\"{function}\"]"));
        let scenario = SCENARIO.replace("threat = \"flood\"", &format!("threat = \"{met}\""));
        let page = small()
            .world(terms)
            .world(&mandate)
            .scenario(&format!("{scenario}needs = [\"{needed}\"]\nrequested = true\n"))
            .evaluate();
        let cell = format!("dam/XAA/{needed}");
        assert_eq!(page.answers(&cell), (answer, answer), "{threat} {function} against {met} {needed}");
        assert_eq!(page.cell(&cell).partial.len(), partial, "{threat} {function} against {met} {needed}");
    }
}

#[test]
fn needs_without_a_list_are_those_of_the_threat_and_its_ancestors_and_are_assumed() {
    let scenario = SCENARIO.replace("threat = \"flood\"", "threat = \"flash-flood\"");
    let page = small().world(SOURCES).scenario(&scenario).evaluate();
    let needs: Vec<(&str, bool)> =
        page.case("dam").needs.iter().map(|need| (need.function.as_str(), need.assumed)).collect();
    assert_eq!(needs, [("consult", true), ("relieve", true)]);
    let listed = small().more("needs = [\"relieve\"]\n").evaluate();
    let needs: Vec<(&str, bool)> =
        listed.case("dam").needs.iter().map(|need| (need.function.as_str(), need.assumed)).collect();
    assert_eq!(needs, [("relieve", false)]);
}

// --- Requests ----------------------------------------------------------------------------------------------------------

#[test]
fn a_standing_function_needs_neither_request_nor_decision() {
    let council = WORLD.replace("name = \"The League\"", "name = \"The League\"\ntop_organ = \"COUNCIL\"");
    let organ = "\n[[organ]]\nid = \"COUNCIL\"\nname = \"Council\"\nparent = \"LEAGUE\"\nkind = \"council\"\n";
    let pack = crate::harness::Pack::default()
        .world(&council)
        .world(organ)
        .world(&league(""))
        .scenario(SCENARIO)
        .more("requested = false\ndecisions_recorded = \"all\"\n");
    let page = pack.evaluate();
    assert_eq!(page.answers(CONSULT), ("one-holder", "one-holder"));
    assert_eq!(page.stops(RELIEVE, "LEAGUE"), ["request", "decision"]);
}

#[test]
fn who_asked_whom_for_what_decides_the_request() {
    let request = |to: &str, more: &str| format!("[[case.request]]\nby = \"XAA\"\nto = \"{to}\"\n{more}\n");
    let table = [
        ("requested = true\n".to_owned(), "one-holder"),
        ("requested = false\n".to_owned(), "gap"),
        ("requests_recorded = \"all\"\n".to_owned(), "gap"),
        (String::new(), "open"),
        (request("LEAGUE", ""), "one-holder"),
        (request("LEAGUE", "answer = \"refused\""), "one-holder"),
        (request("LEAGUE", "functions = [\"relieve\"]"), "one-holder"),
        (request("LEAGUE", "functions = [\"consult\"]"), "open"),
        (request("LEAGUE", "made = false"), "gap"),
        (format!("requests_recorded = \"all\"\n{}", request("GUILD", "")), "gap"),
        (format!("requests_recorded = \"all\"\n{}", request("LEAGUE", "")), "one-holder"),
    ];
    for (text, answer) in table {
        let page = small().world(GUILD).world(&league("")).more(&text).evaluate();
        assert_eq!(page.answers(RELIEVE), ("one-holder", answer), "{text}");
    }
}

// --- Judgements, papers, bodies, needs ---------------------------------------------------------------------------------

#[test]
fn a_rule_that_asks_for_a_judgement_nobody_made_is_silent_and_listed() {
    let rules = rule("charter", &[], "large", "if situation.judged_at_least(\"scale\", 0.5) { asserts(\"thesis\"); }");
    let pack = small().world(SOURCES).rules("r", rules);
    let silent = pack.evaluate();
    assert_eq!(silent.thesis("thesis"), "absent");
    assert_eq!(silent.result().needs_judgement, [("scale".to_owned(), vec!["large".to_owned()])].into());
    for (value, label) in [("0.5", "accepted"), ("0.4", "absent")] {
        let judged = format!("\n[[judged]]\njudgement = \"scale\"\nvalue = {value}\nauthor = \"the class\"\n");
        let page = pack.clone().more(&judged).evaluate();
        assert_eq!(page.thesis("thesis"), label, "{value}");
        assert!(page.result().needs_judgement.is_empty(), "{value}");
    }
}

#[test]
fn a_judgement_said_to_be_unknown_opens_what_hangs_on_it() {
    let rules = rule(
        "charter",
        &[],
        "large",
        "if situation.judged_at_least(\"scale\", 0.5) { stops(\"LEAGUE\", \"consult\", \"exclusion\", \"too large\"); }",
    );
    let judged = |value: &str| {
        small()
            .world(SOURCES)
            .rules("r", &rules)
            .more(&format!("\n[[judged]]\njudgement = \"scale\"\nvalue = {value}\nauthor = \"the class\"\n"))
            .evaluate()
    };
    let unknown = judged("\"unknown\"");
    assert_eq!(unknown.answers(CONSULT), ("open", "open"));
    assert_eq!(depends(&unknown, CONSULT), "whether scale is at least 0.5");
    assert!(unknown.result().needs_judgement.is_empty());
    assert_eq!(judged("0.9").answers(CONSULT), ("gap", "gap"));
    assert_eq!(judged("0.1").answers(CONSULT), ("one-holder", "one-holder"));
}

#[test]
fn a_mandate_that_only_a_paper_states_holds_and_is_marked_claimed() {
    let page = small().world(&league("source = \"paper\"")).more("requested = true\n").evaluate();
    assert_eq!(page.answers(RELIEVE), ("one-holder", "one-holder"));
    assert!(page.holder(RELIEVE, "LEAGUE").claimed);
    assert!(!page.holder(CONSULT, "LEAGUE").claimed);
}

#[test]
fn a_competence_argued_for_without_a_text_holds_and_is_marked_claimed() {
    let rules = rule("paper", &[], "gives", "passes(\"LEAGUE\", \"relieve\", \"competence\");");
    let page = small().rules("r", rules).more("requested = true\n").evaluate();
    assert_eq!(page.argument("gives@dam/XAA").0, "accepted");
    assert_eq!(page.answers(RELIEVE), ("one-holder", "one-holder"));
    let row = page.holder(RELIEVE, "LEAGUE");
    assert!(row.claimed && row.mandate.is_none());
    let rules = rule("paper", &[], "gives", "passes(\"LEAGUE\", \"relieve\", \"competence\");");
    let unasked = small().rules("r", rules).more("requested = false\n").evaluate();
    assert_eq!(unasked.answers(RELIEVE), ("one-holder", "gap"), "the usual defaults apply: it has to be asked");
}

#[test]
fn a_pass_of_a_later_step_gives_nobody_a_competence() {
    let rules = rule("charter", &[], "was_asked", "passes(\"LEAGUE\", \"relieve\", \"request\");");
    let page = small().rules("r", rules).evaluate();
    assert_eq!(page.answers(RELIEVE), ("gap", "gap"));
    assert_eq!(page.stops(RELIEVE, "LEAGUE"), ["competence"]);
}

#[test]
fn what_is_said_for_a_body_that_does_not_exist_yet_is_kept_and_rejected() {
    let later = GUILD.replace("name = \"The Guild\"\n", "name = \"The Guild\"\nfrom = 2012-01-01\n");
    let rules = rule("charter", &[], "gives", "passes(\"GUILD\", \"relieve\", \"competence\");");
    let pack = small().world(&later).rules("r", rules).more("requested = true\n");
    let before = pack.evaluate();
    assert_eq!(before.argument("gives@dam/XAA"), ("rejected", "undermined"));
    assert_eq!(before.answers(RELIEVE), ("gap", "gap"));
    let after = pack.evaluate_with(&on("2012-01-01"));
    assert_eq!(after.argument("gives@dam/XAA").0, "accepted");
    assert_eq!(after.answers(RELIEVE), ("one-holder", "one-holder"));
}

#[test]
fn a_contested_need_keeps_its_cell_and_one_that_is_not_needed_loses_it() {
    let not = rule("paper", &[], "calm", "not_needed(\"consult\");");
    let pack = small().world(SOURCES).rules("one", not);
    let gone = pack.evaluate();
    assert!(gone.case("dam").needs.iter().all(|need| need.function != "consult"), "an assumed need weighs least");
    let page = pack.rules("two", rule("essay", &[], "alarm", "needs(\"consult\");")).evaluate();
    let need = page.case("dam").needs.iter().find(|need| need.function == "consult").expect("the cell is kept");
    assert!(need.contested);
    assert_eq!(page.answers(CONSULT), ("one-holder", "one-holder"));
    assert_eq!(page.argument("calm@dam/XAA"), ("undecided", "nobody"));
}

#[test]
fn a_suspended_member_stops_at_reach_and_a_frozen_one_is_still_bound() {
    let state = |standing: &str| {
        format!(
            "\n[[state]]\nid = \"XCC\"\nname = \"Celand\"\n\n[[membership]]\nstate = \"XCC\"\norganisation = \"LEAGUE\"\nsource = \"charter\"\nfrom = 2001-01-01\nstanding = \"{standing}\"\n"
        )
    };
    let scenario = SCENARIO.replace("[\"XAA\"]", "[\"XCC\"]");
    for (standing, answer) in
        [("full", "one-holder"), ("suspended", "gap"), ("frozen", "one-holder"), ("not-taking-part", "one-holder")]
    {
        let page = small().world(&state(standing)).scenario(&scenario).evaluate();
        assert_eq!(page.answers("dam/XCC/consult"), (answer, answer), "{standing}");
        let stops = page.stops("dam/XCC/consult", "LEAGUE");
        assert_eq!(stops.contains(&"reach"), standing == "suspended", "{standing}");
    }
}

#[test]
fn a_signature_is_not_entry_into_force() {
    let pact = |kind: &str, more: &str| {
        let text = format!(
            "\n[[instrument]]\nid = \"pact\"\ntitle = \"Pact\"\nkind = \"{kind}\"\nsigned = 2005-01-01\norganisation = \"LEAGUE\"\nsource = \"charter\"\n{more}\n"
        );
        small().world(&text).world(&relief("pact-relieves", "LEAGUE", "pact", "")).more("requested = true\n")
    };
    let signed = pact("treaty", "").evaluate();
    assert_eq!(signed.answers(RELIEVE), ("gap", "gap"));
    assert_eq!(signed.stops(RELIEVE, "LEAGUE"), ["competence"]);
    let why = &signed.holder(RELIEVE, "LEAGUE").steps.first().expect("a step").why;
    assert!(why.contains("signed only"), "{why}");
    let later = pact("treaty", "in_force = 2012-01-01");
    assert_eq!(later.evaluate().answers(RELIEVE), ("gap", "gap"));
    assert_eq!(later.evaluate_with(&on("2012-01-01")).answers(RELIEVE), ("one-holder", "one-holder"));
    assert_eq!(pact("treaty", "in_force = \"unknown\"").evaluate().answers(RELIEVE), ("open", "open"));
    assert_eq!(pact("decision", "").evaluate().answers(RELIEVE), ("one-holder", "one-holder"), "holds once signed");
    let provisional = pact("treaty", "provisional = 2006-01-01");
    assert_eq!(provisional.evaluate_with(&on("2005-12-31")).answers(RELIEVE), ("gap", "gap"));
    assert_eq!(provisional.evaluate().answers(RELIEVE), ("one-holder", "one-holder"), "applied provisionally");
}

#[test]
fn a_response_is_used_and_judged_and_a_proposal_is_not_used() {
    let act = |more: &str| {
        format!("requested = true\n[[response]]\ninstitution = \"LEAGUE\"\nfunction = \"consult\"\n{more}\n")
    };
    for (more, used) in [
        ("source = \"charter\"", "yes"),
        ("source = \"charter\"\nkind = \"declined\"", "no"),
        ("proposed_by = \"a student\"", "not-recorded"),
    ] {
        let page = small().more(&act(more)).evaluate();
        assert_eq!(page.cell(CONSULT).used.as_str(), used, "{more}");
        assert_eq!(page.case("dam").responses.len(), 1);
    }
}

// --- The JSON interface --------------------------------------------------------------------------------------------------

fn run(request: &Value) -> Value {
    serde_json::from_str(&interface::run(&request.to_string())).expect("a reply is JSON")
}

fn request() -> Value {
    json!({
        "world": { "pack.toml": "id = \"small\"\ntitle = \"Small\"\n", "world/0.toml": WORLD },
        "scenarios": { "case.toml": SCENARIO },
    })
}

#[test]
fn the_json_interface_answers_a_good_request() {
    let reply = run(&request());
    assert_eq!(reply["schema"], "mandatum/evaluation/1");
    assert_eq!(reply["problems"], json!([]));
    assert_eq!(reply["evaluations"][0]["scenario"], "case");
    let needs = reply["evaluations"][0]["cases"][0]["needs"].as_array().expect("needs");
    let answers: Vec<(&str, &str)> = needs
        .iter()
        .map(|need| {
            (need["function"].as_str().unwrap_or(""), need["states"][0]["on_paper"]["answer"].as_str().unwrap_or(""))
        })
        .collect();
    assert_eq!(answers, [("consult", "one-holder"), ("relieve", "gap")]);
    let direct = serde_json::to_value(small().evaluate().result()).expect("an evaluation is JSON");
    assert_eq!(reply["evaluations"][0]["cases"], direct["cases"], "the same through both doors");
    let mut early = request();
    early["as_of"] = json!("2000-06-01");
    assert_eq!(run(&early)["evaluations"][0]["cases"][0]["needs"][0]["states"][0]["on_paper"]["answer"], "gap");
    let shipped = run(&json!({ "pack": "primer", "scenario": "ladder" }));
    assert_eq!(shipped["evaluations"].as_array().map(Vec::len), Some(1));
    assert_eq!(shipped["evaluations"][0]["complete"], true);
}

#[test]
fn the_json_interface_takes_an_object_and_nothing_else() {
    for text in ["[]", "[\"primer\"]"] {
        let reply: Value = serde_json::from_str(&interface::run(text)).expect("a reply is JSON");
        assert_eq!(reply["problems"][0]["code"], "bad-request", "{text}");
    }
}

#[test]
fn the_json_interface_reports_what_is_wrong_and_never_fails() {
    let code = |reply: &Value| reply["problems"][0]["code"].as_str().unwrap_or("none").to_owned();
    for text in ["", "{", "3", "null", "{\"packs\": \"primer\"}", "{\"world\": 3}"] {
        let reply: Value = serde_json::from_str(&interface::run(text)).expect("a reply is JSON");
        assert_eq!(code(&reply), "bad-request", "{text}");
        assert!(reply["evaluations"].is_null(), "{text}");
    }
    let mut date = request();
    date["as_of"] = json!("2010-13");
    assert_eq!(code(&run(&date)), "bad-date");
    let mut lens = request();
    lens["lenses"] = json!(["papr"]);
    let reply = run(&lens);
    assert_eq!(code(&reply), "unknown-lens");
    assert!(reply["problems"][0]["help"].as_str().is_some_and(|help| help.contains("paper")), "{reply}");
    let mut broken = request();
    broken["scenarios"]["case.toml"] = json!(SCENARIO.replace("\"flood\"", "\"flod\""));
    let reply = run(&broken);
    assert!(reply["evaluations"].is_null());
    assert_eq!(reply["problems"][0]["file"], "case.toml");
    assert_eq!(reply["problems"][0]["line"], 7, "{reply}");
}

#[test]
fn a_state_that_the_scenario_adds_gets_the_mandates_of_every_state() {
    let world = r#"
[[mandate]]
id = "own-relief"
holder = "every-state"
threats = ["flood"]
functions = ["relieve"]
instrument = "charter"
"#;
    let scenario = SCENARIO.replace("affected = [\"XAA\"]", "affected = [\"XCC\"]")
        + "\n[[state]]\nid = \"XCC\"\nname = \"Celand\"\n";
    let page = small().world(world).scenario(&scenario).evaluate();
    assert_eq!(page.holder("dam/XCC/relieve", "XCC").available.as_str(), "passes");
    assert_eq!(page.answers("dam/XCC/relieve"), ("gap", "gap"), "a state is no line");
}

/// A rule's own date cuts a year as a dated fact does.
#[test]
fn a_year_is_asked_on_the_days_that_rules_name_too() {
    let body = "    if situation.on_or_after(\"2010-08-01\") {\n        stops(\"LEAGUE\", \"consult\", \"exclusion\", \"closed\");\n    }";
    let page = small()
        .rules("charter", rule("charter", &[], "closing", body))
        .scenario(&crate::harness::SCENARIO.replace("date = 2010-04-01", "date = \"2010\""))
        .evaluate();
    assert_eq!(page.result().days, ["2010-01-01", "2010-08-01"]);
    assert_eq!(page.answers(CONSULT), ("open", "open"), "one holder before, a gap after");
    let depends_on = &page.cell(CONSULT).on_paper.depends_on;
    assert!(depends_on.iter().any(|fact| fact.contains("2010-08-01")), "{depends_on:?}");
}
