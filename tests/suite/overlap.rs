//! Overlap: tables counted by hand, an independent recount of the shipped pack, bounds, tables and pictures.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use mandatum::date::PartialDate;
use mandatum::overlap::{Counted, Dyad, Options, Overlaps, Range, Snapshot, on, over};
use mandatum::session::Session;
use mandatum::shipped;
use serde_json::Value;

use crate::harness::{Pack, small};

/// Two organisations more, beside the League of two members that consults.
///
/// Union: XAA, XBB, XCC; consult, relieve, carry (a kind of relieve). Ring: XBB since an unknown day, XDD; consult, and
/// relieve as an aim alone.
const MORE: &str = r#"
[[state]]
id = "XCC"
name = "Celand & <Sons>"

[[state]]
id = "XDD"
name = "Deland"

[[threat]]
id = "quake"
name = "quake"

[[function]]
id = "carry"
is_a = ["relieve"]
definition = "Carry."
example = "A truck."
near_miss = "A wish."

[[organisation]]
id = "UNION"
name = "The Union"
source = "charter"
from = 2003-01-01

[[membership]]
states = ["XAA", "XBB", "XCC"]
organisation = "UNION"
source = "charter"

[[membership]]
state = "XDD"
organisation = "UNION"
role = "observer"
source = "charter"

[[instrument]]
id = "union-treaty"
title = "Treaty of the Union"
kind = "treaty"
signed = 2002-01-01
in_force = 2003-01-01
organisation = "UNION"
source = "charter"

[[mandate]]
id = "union-consults"
holder = "UNION"
threats = ["flood"]
functions = ["consult"]
instrument = "union-treaty"

[[mandate]]
id = "union-relieves"
holder = "UNION"
threats = ["quake"]
functions = ["relieve"]
instrument = "union-treaty"

[[organisation]]
id = "RING"
name = "The Ring"
source = "charter"

[[membership]]
state = "XBB"
organisation = "RING"
source = "charter"
from = "unknown"

[[membership]]
state = "XDD"
organisation = "RING"
source = "charter"

[[instrument]]
id = "ring-treaty"
title = "Treaty of the Ring"
kind = "treaty"
signed = 2002-01-01
in_force = 2003-01-01
organisation = "RING"
source = "charter"

[[party]]
state = "XAA"
instrument = "ring-treaty"
source = "charter"

[[mandate]]
id = "ring-consults"
holder = "RING"
threats = ["flood"]
functions = ["consult"]
instrument = "ring-treaty"

[[mandate]]
id = "ring-hopes"
holder = "RING"
threats = ["flood"]
functions = ["relieve"]
force = "aim"
instrument = "ring-treaty"
"#;

fn three() -> Pack {
    small().world(MORE)
}

fn date(text: &str) -> PartialDate {
    PartialDate::parse(text).expect("a date")
}

fn measured(session: &Session, day: &str, options: &Options) -> Snapshot {
    assert!(session.usable(), "{:#?}", session.problems);
    on(&session.pack.world, date(day).first(), options, None)
}

fn pair<'s>(snapshot: &'s Snapshot, a: &str, b: &str) -> &'s Dyad {
    snapshot.dyads.iter().find(|own| own.a == a && own.b == b).expect("the pair is measured")
}

fn range(lowest: f64, highest: f64) -> Range {
    Range { lowest, highest }
}

#[test]
fn a_small_world_comes_out_as_counted_by_hand() {
    let snapshot = measured(&three().load(), "2010-01-01", &Options::default());
    // League: XAA, XBB; consult. Union: XAA, XBB, XCC; consult, relieve and carry.
    let own = pair(&snapshot, "LEAGUE", "UNION");
    assert_eq!(own.shared_members, ["XAA", "XBB"]);
    assert_eq!(own.shared_functions, ["consult"]);
    let figures = own.figures;
    assert_eq!((figures.members_a, figures.members_b), (2, 3), "an observer is no member");
    assert_eq!((figures.functions_a, figures.functions_b), (1, 3), "a mandate for a function is one for its kinds");
    assert_eq!(figures.overlaps, Overlaps::Yes);
    let weighted = 2.0 / 3.0 * (1.0 / 3.0);
    assert_eq!(figures.weighted, range(weighted, weighted));
    assert_eq!(figures.a_to_b, range(1.0, 1.0), "the Union has all members and functions of the League");
    assert_eq!(figures.b_to_a, range(weighted, weighted));
    // Monadic, of the Union: to the League 2/9; to the Ring XBB, who may be one of its members: 0 or 1/3, times 1/3.
    let union = snapshot.monads.iter().find(|own| own.line == "UNION").expect("measured");
    assert_eq!((union.overlapping, union.perhaps, union.others), (1, 1, 2));
    assert_eq!(union.sum, range(weighted, weighted + 1.0 / 3.0 * (1.0 / 3.0)));
    assert_eq!(union.mean.lowest, weighted / 2.0);
}

#[test]
fn what_nobody_knows_gives_bounds_and_is_listed_with_its_reason() {
    let snapshot = measured(&three().load(), "2010-01-01", &Options::default());
    // Ring: XDD surely, XBB perhaps. With the League: none shared, or XBB of XAA, XBB, XDD.
    let own = pair(&snapshot, "LEAGUE", "RING");
    assert_eq!(own.unsure_members, ["XBB"]);
    assert!(own.unsure_functions.is_empty() && own.shared_members.is_empty());
    assert_eq!(own.figures.overlaps, Overlaps::Unsure);
    assert_eq!(own.figures.weighted, range(0.0, 1.0 / 3.0));
    assert_eq!(own.figures.a_to_b, range(0.0, 0.5));
    assert_eq!(own.figures.b_to_a, range(0.0, 0.5));
    let ring = snapshot.lines.iter().find(|line| line.id == "RING").expect("measured");
    assert_eq!(ring.members, ["XDD"]);
    assert_eq!(ring.unsure.len(), 1);
    assert!(ring.unsure[0].because[0].contains("XBB-RING"), "{:?}", ring.unsure);
}

#[test]
fn two_sources_of_equal_weight_that_differ_leave_it_open_and_one_that_outranks_settles_it() {
    let rival = |key: &str, kind: &str| {
        format!(
            "[[source]]\nkey = \"{key}\"\ntitle = \"T\"\nkind = \"{kind}\"\n\n[[membership]]\nid = \"no-xcc\"\n\
             state = \"XCC\"\norganisation = \"UNION\"\nrole = \"observer\"\nsource = \"{key}\"\nversion_of = \"xcc\"\n"
        )
    };
    let own = "[[membership]]\nid = \"xcc\"\nstate = \"XCC\"\norganisation = \"UNION\"\nsource = \"charter\"\n";
    let world = MORE.replace("[\"XAA\", \"XBB\", \"XCC\"]", "[\"XAA\", \"XBB\"]");
    for (kind, members, unsure) in [("treaty", 2, 1), ("press", 3, 0)] {
        let session = small().world(&world).world(own).world(&rival("rival", kind)).load();
        let figures = pair(&measured(&session, "2010-01-01", &Options::default()), "LEAGUE", "UNION").figures;
        assert_eq!((figures.members_b, figures.unsure), (members, unsure), "{kind}");
        let share = |members: f64| 2.0 / members / 3.0;
        assert!((figures.weighted.lowest - share(3.0)).abs() < 1e-12, "{kind}: {figures:?}");
        assert!((figures.weighted.highest - share(3.0 - unsure as f64)).abs() < 1e-12, "{kind}: {figures:?}");
    }
}

#[test]
fn the_options_narrow_and_widen_what_counts() {
    let session = three().load();
    let of = |options: &Options, a: &str, b: &str| pair(&measured(&session, "2010-01-01", options), a, b).figures;
    let aims = Options { aims: true, ..Options::default() };
    assert_eq!(of(&Options::default(), "RING", "UNION").functions_a, 1);
    assert_eq!(of(&aims, "RING", "UNION").functions_a, 3, "the aim to relieve, and its kind");
    let flood = Options { threat: Some("flood".to_owned()), ..Options::default() };
    assert_eq!(of(&flood, "LEAGUE", "UNION").functions_b, 1, "relief is for quakes");
    let parties = Options { counted: Counted::Parties, ..Options::default() };
    let own = of(&parties, "LEAGUE", "RING");
    assert_eq!((own.members_a, own.members_b, own.shared_members, own.unsure), (2, 1, 1, 0), "XAA is the party");
    let quake = Options { threat: Some("quake".to_owned()), ..Options::default() };
    let left_out = measured(&session, "2010-01-01", &quake).left_out;
    let left_out: Vec<&str> = left_out.iter().map(|own| own.id.as_str()).collect();
    assert_eq!(left_out, ["LEAGUE", "RING"], "they have no mandate against quakes");
    let before = measured(&session, "2002-06-01", &Options::default());
    assert!(before.lines.iter().all(|line| line.id == "LEAGUE"), "the Union is not there yet: {:?}", before.lines);
}

#[test]
fn identical_organisations_overlap_fully() {
    let twin = MORE.replace(
        "functions = [\"relieve\"]\ninstrument = \"union-treaty\"",
        "functions = [\"consult\"]\ninstrument = \"union-treaty\"",
    );
    let twin = twin.replace("[\"XAA\", \"XBB\", \"XCC\"]", "[\"XAA\", \"XBB\"]");
    let figures =
        pair(&measured(&small().world(&twin).load(), "2010-01-01", &Options::default()), "LEAGUE", "UNION").figures;
    for measure in [figures.weighted, figures.a_to_b, figures.b_to_a] {
        assert_eq!(measure, range(1.0, 1.0));
    }
}

// --- The shipped pack ---------------------------------------------------------------------------------------------------

fn shipped_pack() -> Session {
    Session::new(&shipped::pack(shipped::DEFAULT_PACK), None)
}

#[test]
fn on_many_days_every_measure_keeps_its_laws() {
    let session = shipped_pack();
    let world = &session.pack.world;
    let mut pairs = 0;
    for year in (1992..=2026).step_by(2) {
        let day = date(&format!("{year}-07-01")).first();
        let snapshot = on(world, day, &Options::default(), None);
        let lines: BTreeMap<&str, _> = snapshot.lines.iter().map(|line| (line.id.as_str(), line)).collect();
        for own in &snapshot.dyads {
            pairs += 1;
            let at = format!("{} {} {year}", own.a, own.b);
            let figures = own.figures;
            for measure in [figures.weighted, figures.a_to_b, figures.b_to_a, figures.member_share] {
                assert!(0.0 <= measure.lowest && measure.lowest <= measure.highest && measure.highest <= 1.0, "{at}");
            }
            if figures.unsure == 0 {
                let set = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<String>>();
                let (a, b) = (lines[own.a.as_str()], lines[own.b.as_str()]);
                let within =
                    set(&a.members).is_subset(&set(&b.members)) && set(&a.functions).is_subset(&set(&b.functions));
                assert_eq!(figures.a_to_b == range(1.0, 1.0), within, "{at}");
                assert!(figures.weighted.known().is_some(), "{at}");
            }
            // From the other side it is the same pair; one in nine is looked at from there.
            if pairs % 9 > 0 {
                continue;
            }
            let turned = on(world, day, &Options::default(), Some([&own.b, &own.a]));
            let other = turned.dyads[0].figures;
            assert_eq!(other.weighted, figures.weighted, "{at}");
            assert_eq!((other.a_to_b, other.b_to_a), (figures.b_to_a, figures.a_to_b), "{at}");
        }
        for own in &snapshot.monads {
            let directed = snapshot.dyads.iter().filter_map(|dyad| match &own.line {
                line if *line == dyad.a => Some(dyad.figures.a_to_b),
                line if *line == dyad.b => Some(dyad.figures.b_to_a),
                _ => None,
            });
            let highest: f64 = directed.map(|range| range.highest).sum();
            assert!((own.sum.highest - highest).abs() < 1e-9, "{} {year}", own.line);
        }
    }
    assert!(pairs > 1000, "only {pairs} pairs were looked at");
}

/// Sets listed from the files of the pack by another program, with plain comparison of dates.
#[test]
fn members_and_functions_of_the_shipped_pack_are_those_listed_from_its_files() {
    let session = shipped_pack();
    let list = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
    for (day, line, members, functions, unsure) in [
        (
            "2012-01-01",
            "CSTO",
            "ARM BLR KAZ KGZ RUS TJK UZB",
            "consult deploy-force exercise guard-border inform interdict keep-peace manage-crisis refrain relieve supply train",
            "authorise",
        ),
        (
            "2012-01-01",
            "SCO",
            "CHN KAZ KGZ RUS TJK UZB",
            "aid consult control-finance exercise extradite harmonise-law inform interdict investigate manage-crisis \
             prevent refrain register train",
            "deploy-force relieve",
        ),
        (
            "2005-06-01",
            "CIS",
            "ARM AZE BLR GEO KAZ KGZ MDA RUS TJK TKM UKR UZB",
            "consult defend-airspace deploy-force exercise extradite harmonise-law inform investigate keep-peace mediate \
             observe refrain register supply train",
            "",
        ),
        (
            "2005-06-01",
            "CSTO",
            "ARM BLR KAZ KGZ RUS TJK",
            "consult deploy-force exercise inform interdict refrain supply train",
            "",
        ),
        ("2010-01-01", "EU", "CZE DEU FRA GBR HUN LVA", "aid consult prevent relieve restrict train", ""),
        ("2010-01-01", "NATO", "CZE DEU FRA GBR HUN LVA TUR USA", "consult deploy-force exercise train", ""),
    ] {
        let snapshot = measured(&session, day, &Options::default());
        let own = snapshot.lines.iter().find(|own| own.id == line).expect("measured");
        assert_eq!(own.members, list(members), "{line} {day}");
        assert_eq!(own.functions, list(functions), "{line} {day}");
        let doubtful: Vec<String> = own.unsure.iter().map(|unsure| unsure.id.clone()).collect();
        assert_eq!(doubtful, list(unsure), "{line} {day}");
    }
    let between = measured(&session, "2005-06-01", &Options::default());
    let figures = pair(&between, "CIS", "CSTO").figures;
    let weighted = 6.0 / 12.0 * (7.0 / 16.0);
    assert_eq!(figures.weighted, range(weighted, weighted));
    // 1998: the line is there as the treaty that founded it.
    let early = measured(&session, "1998-01-01", &Options::default());
    let own = early.lines.iter().find(|own| own.id == "CSTO").expect("measured");
    assert_eq!(own.body, "CST");
}

#[test]
fn over_time_a_span_holds_what_is_measured_on_each_of_its_days() {
    let session = shipped_pack();
    let world = &session.pack.world;
    let series = over(world, date("2003"), date("2006"), &Options::default(), None);
    let mut looked = 0;
    for course in &series.dyads {
        for (own, next) in course.spans.iter().zip(course.spans.iter().skip(1)) {
            assert!(own.from < own.until && own.until <= next.from, "{} {}", course.a, course.b);
            assert!(own.until < next.from || own.figures != next.figures, "{} {}: {}", course.a, course.b, own.until);
        }
    }
    for day in ["2003-01-01", "2003-09-18", "2004-02-29", "2005-10-26", "2006-12-31"] {
        let snapshot = measured(&session, day, &Options::default());
        let day = date(day).first();
        for dyad in &snapshot.dyads {
            let course = series.dyads.iter().find(|own| own.a == dyad.a && own.b == dyad.b).expect("a course");
            let span = course.spans.iter().find(|own| own.from <= day && day < own.until).expect("a span");
            assert_eq!(span.figures, dyad.figures, "{} {} {day}", dyad.a, dyad.b);
            looked += 1;
        }
        let then = series.dyads.iter().flat_map(|own| &own.spans).filter(|own| own.from <= day && day < own.until);
        assert_eq!(then.count(), snapshot.dyads.len(), "{day}: no pair that is not there");
    }
    assert!(looked > 100, "only {looked} pairs were compared");
}

#[test]
fn a_month_cuts_time_at_its_first_and_last_day_and_every_day_is_as_measured_on_it() {
    let dated = "\n[[membership]]\nstate = \"XDD\"\norganisation = \"LEAGUE\"\nsource = \"charter\"\nfrom = \"2005-03\"\nuntil = 2005-04-10\n";
    let session = three().world(dated).load();
    assert!(session.usable(), "{:#?}", session.problems);
    let world = &session.pack.world;
    let series = over(world, date("2005-02"), date("2005-04"), &Options::default(), Some(["LEAGUE", "UNION"]));
    let spans: Vec<(String, usize, usize)> = series.dyads[0]
        .spans
        .iter()
        .map(|own| (own.from.to_string(), own.figures.members_a, own.figures.unsure))
        .collect();
    let listed = [("2005-02-01", 2, 0), ("2005-03-01", 2, 1), ("2005-03-31", 3, 0), ("2005-04-10", 2, 0)];
    assert_eq!(spans, listed.map(|(from, members, unsure)| (from.to_owned(), members, unsure)));
    let mut day = series.from;
    while day < series.until {
        let span = series.dyads[0].spans.iter().find(|own| own.from <= day && day < own.until).expect("a span");
        let alone = on(world, day, &Options::default(), Some(["LEAGUE", "UNION"]));
        assert_eq!(alone.dyads[0].figures, span.figures, "{day}");
        day = day.next();
    }
}

// --- As it is printed ---------------------------------------------------------------------------------------------------

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_mandatum"))
        .arg("overlap")
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (ran.status.code(), text(ran.stdout), text(ran.stderr))
}

#[test]
fn the_table_can_be_redone_from_its_own_counts() {
    let (exit, out, _) = run(&["--from", "1992", "--until", "2026", "--format", "csv"]);
    assert_eq!(exit, Some(0));
    let mut lines = out.lines();
    let heads: Vec<&str> = lines.next().expect("heads").split(',').collect();
    assert_eq!(heads[..4], ["from", "until", "a", "b"]);
    let (mut settled, mut open) = (0, 0);
    for line in lines {
        let fields: BTreeMap<&str, &str> = heads.iter().copied().zip(line.split(',')).collect();
        assert_eq!(line.split(',').count(), heads.len(), "{line}");
        let number = |head: &str| fields[head].parse::<f64>().unwrap_or_else(|_| unreachable!("{head} in {line}"));
        assert!(fields["from"] < fields["until"] && fields["a"] < fields["b"], "{line}");
        let shares = |members: f64, functions: f64| {
            number("shared_members") / members * (number("shared_functions") / functions)
        };
        let (ma, mb, fa, fb) = (number("members_a"), number("members_b"), number("functions_a"), number("functions_b"));
        let weighted = shares(ma + mb - number("shared_members"), fa + fb - number("shared_functions"));
        if fields["unsure"] == "0" {
            settled += 1;
            for (head, value) in [("weighted", weighted), ("a_to_b", shares(ma, fa)), ("b_to_a", shares(mb, fb))] {
                assert!((number(head) - value).abs() < 1e-6, "{head}: {line}");
                assert_eq!(fields[head], fields[format!("{head}_lowest").as_str()], "{line}");
            }
        } else if fields["weighted"].is_empty() {
            open += 1;
            assert!(number("weighted_lowest") < number("weighted_highest"), "{line}");
        }
    }
    assert!(settled > 100 && open > 100, "{settled} settled, {open} open");
}

#[test]
fn pictures_are_well_formed_bring_nothing_from_outside_and_say_what_they_show() {
    let folder = tempfile::tempdir().expect("a folder to write in");
    for (path, bytes) in three().files().world.iter().chain(&three().files().scenarios) {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    let own = folder.path().to_string_lossy().into_owned();
    for arguments in [
        &["--format", "svg"] as &[&str],
        &["--between", "CSTO", "SCO", "--as-of", "2012-01-01", "--format", "svg"],
        &["--from", "1992", "--until", "2026", "--format", "svg"],
        &["--from", "1990-01-01", "--until", "1990-01-01", "--format", "svg"],
        &["--between", "NATO", "SCO", "--from", "1992", "--until", "2026", "--format", "svg"],
        &["primer", "--as-of", "1900", "--format", "svg"],
        &[&own, "--between", "LEAGUE", "UNION", "--as-of", "2010-01-01", "--format", "svg"],
    ] {
        let (exit, svg, err) = run(arguments);
        assert_eq!(exit, Some(0), "{arguments:?}: {err}");
        let mut open: Vec<&str> = Vec::new();
        for tag in svg.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').expect("a tag ends");
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
            match (tag.starts_with('/'), tag.ends_with('/')) {
                (true, _) => assert_eq!(open.pop(), Some(name), "{arguments:?}"),
                (false, false) => open.push(name),
                (false, true) => {}
            }
        }
        assert!(open.is_empty() && svg.contains("<title>") && svg.contains("<desc>"), "{arguments:?}");
        assert_eq!(svg.matches("http").count(), 1, "only the name of the format: {arguments:?}");
        assert!(!svg.contains("href") && !svg.contains("NaN") && !svg.contains("inf\""), "{arguments:?}");
        assert_eq!(svg.contains("Celand &amp; &lt;Sons&gt;"), arguments[0] == own, "{arguments:?}");
    }
}

#[test]
fn the_same_question_gives_the_same_bytes_and_its_schema() {
    for format in ["terminal", "markdown", "json", "csv", "svg"] {
        for more in
            [&["--as-of", "2012"] as &[&str], &["--between", "CIS", "CSTO", "--from", "2000", "--until", "2010"]]
        {
            let arguments = [more, &["--format", format]].concat();
            let (first, second) = (run(&arguments), run(&arguments));
            assert_eq!(first.0, Some(0), "{arguments:?}: {}", first.2);
            assert!(first.1.len() > 300, "{arguments:?} prints almost nothing");
            assert_eq!(first, second, "{arguments:?}");
        }
    }
    let (_, out, _) = run(&["--between", "CIS", "CSTO", "--as-of", "2005-06-01", "--format", "json"]);
    let printed: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(printed["schema"], "mandatum/overlap/1");
    assert_eq!(printed["on"]["dyads"][0]["figures"]["shared_functions"], 7);
}

#[test]
fn what_cannot_be_measured_is_said_with_what_is_near() {
    for (arguments, near) in [
        (&["--between", "CSTO", "CST"] as &[&str], "one line"),
        (&["--between", "CSTO", "SCOO"], "did you mean `SCO`"),
        (&["--between", "RUS-KGZ-BASE", "SCO"], "between two states"),
        (&["--lens", "selezniov"], "selezniov-2017"),
        (&["--threat", "terorism"], "did you mean `terrorism`"),
        (&["--from", "2001", "--until", "2000"], "lies after"),
        (&["--from", "2001"], "--until"),
        (&["--members", "--parties"], "--parties"),
        (&["--format", "pdf"], "svg"),
        (&["no-such-pack"], "no-such-pack"),
    ] {
        let (exit, out, err) = run(arguments);
        assert_eq!(exit, Some(2), "{arguments:?}");
        assert!(out.is_empty() && err.contains(near), "{arguments:?}: {err}");
    }
    let (exit, out, _) = run(&["--between", "NATO", "ECO", "--as-of", "2012-01-01"]);
    assert_eq!(exit, Some(0));
    assert!(out.contains("cannot be compared"), "{out}");
    let (_, out, _) = run(&["--as-of", "2040-01-01"]);
    assert!(out.contains("the day up to which the record was checked"), "{out}");
}
