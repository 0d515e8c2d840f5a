//! What is wrong with a pack is named: the place, what it is, what to do. And what is right is let alone.

use mandatum::answer::Options;
use mandatum::diagnostic::Diagnostic;
use mandatum::load::PackFiles;
use mandatum::session::Session;

use crate::harness::{Pack, SCENARIO, small};

/// The file that [`Pack::world`] adds to the small pack.
const MORE: &str = "world/2.toml";
/// The scenario. Its own text has eight lines, so what is added to it begins on line 9.
const CASE: &str = "case.toml";

/// A problem that has to be found: where, its code, and a piece of what is said of it.
type Found = (&'static str, usize, &'static str, &'static str);

/// What is said of a problem: the message, the labels and the help.
fn said(problem: &Diagnostic) -> String {
    let labels = problem.labels.iter().map(|(_, label)| label.as_str());
    let parts: Vec<&str> =
        std::iter::once(problem.message.as_str()).chain(labels).chain(problem.help.as_deref()).collect();
    parts.join(" | ")
}

fn listed(problem: &Diagnostic) -> String {
    let place = problem.place().map_or_else(|| "nowhere".to_owned(), |place| format!("{}:{}", place.file, place.line));
    format!("{place} {} {}", problem.code, said(problem))
}

/// What differs between the problems of a pack and those that have to be found: all of them, in order, and no others.
fn differs(name: &str, files: &PackFiles, expected: &[Found]) -> Option<String> {
    let problems = Session::new(files, None).problems;
    let matches = |problem: &Diagnostic, (file, line, code, says): &Found| {
        let here = problem.place().is_some_and(|place| &*place.file == *file && place.line == *line);
        here && problem.code == *code && said(problem).contains(says)
    };
    let same = problems.len() == expected.len()
        && problems.iter().zip(expected).all(|(problem, expected)| matches(problem, expected));
    let found: Vec<String> = problems.iter().map(listed).collect();
    (!same).then(|| format!("{name}:\n    found {}\n    not {expected:?}", found.join("\n          ")))
}

fn assert_found(rows: Vec<(&str, Pack, Vec<Found>)>) {
    let wrong: Vec<String> =
        rows.iter().filter_map(|(name, pack, expected)| differs(name, pack.files(), expected)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The small pack with one more file of shared facts, one line each.
fn with(lines: &[&str]) -> Pack {
    small().world(&lines.join("\n"))
}

/// The small pack with lines added to its scenario: to its case, until another table begins.
fn told(lines: &[&str]) -> Pack {
    small().more(&lines.join("\n"))
}

#[test]
fn mistakes_in_shared_facts_are_named() {
    assert_found(vec![
        (
            "an unknown key",
            with(&["[[state]]", r#"id = "XCC""#, r#"name = "Celand""#, r#"neighbors = ["XAA"]"#]),
            vec![(MORE, 4, "unknown-key", "did you mean `neighbours`?")],
        ),
        (
            "an unknown key like no other",
            with(&["[[state]]", r#"id = "XCC""#, r#"name = "Celand""#, "population = 5"]),
            vec![(MORE, 4, "unknown-key", "it may have: id, name, neighbours, note")],
        ),
        (
            "an unknown table",
            with(&["[[stat]]", r#"id = "XCC""#, r#"name = "Celand""#]),
            vec![(MORE, 1, "unknown-key", "did you mean `state`?")],
        ),
        (
            "a table with one bracket",
            with(&["[state]", r#"id = "XCC""#]),
            vec![(MORE, 1, "wrong-type", "write [[state]]")],
        ),
        (
            "an unknown id in a list",
            with(&["[[state]]", r#"id = "XCC""#, r#"name = "Celand""#, r#"neighbours = ["XBB", "XAC"]"#]),
            vec![(MORE, 4, "unknown-id", "there is no state `XAC`")],
        ),
        (
            "an id that is nearly right",
            with(&[
                "[[capability]]",
                r#"holder = "LEAGEU""#,
                r#"functions = ["consult"]"#,
                r#"level = "used""#,
                r#"source = "charter""#,
            ]),
            vec![(MORE, 2, "unknown-id", "did you mean `LEAGUE`?")],
        ),
        (
            "an unknown word",
            with(&[
                "[[capability]]",
                r#"holder = "LEAGUE""#,
                r#"functions = ["consult"]"#,
                r#"level = "usd""#,
                r#"source = "charter""#,
            ]),
            vec![(MORE, 4, "unknown-word", "did you mean `used`?")],
        ),
        (
            "a number for a text",
            with(&["[[state]]", r#"id = "XCC""#, "name = 5"]),
            vec![(MORE, 3, "wrong-type", "has to be a text in quotes, not a whole number")],
        ),
        (
            "a text for true or false",
            with(&["[[source]]", r#"key = "s""#, r#"title = "S""#, r#"kind = "paper""#, r#"lens = "yes""#]),
            vec![(MORE, 5, "wrong-type", "has to be true or false, not a text")],
        ),
        (
            "a text for a number",
            with(&["[[source]]", r#"key = "s""#, r#"title = "S""#, r#"kind = "paper""#, r#"year = "2001""#]),
            vec![(MORE, 5, "wrong-type", "has to be a whole number, not a text")],
        ),
        (
            "a number among texts",
            with(&["[[state]]", r#"id = "XCC""#, r#"name = "Celand""#, r#"neighbours = ["XAA", 5]"#]),
            vec![(MORE, 4, "wrong-type", "a list of texts in quotes, not a whole number")],
        ),
        (
            "a table for a text",
            with(&["[[state]]", r#"id = "XCC""#, r#"name = { en = "Celand" }"#]),
            vec![(MORE, 3, "wrong-type", "not a table")],
        ),
        (
            "no source",
            with(&["", "[[capability]]", r#"holder = "LEAGUE""#, r#"functions = ["consult"]"#, r#"level = "used""#]),
            vec![(MORE, 2, "missing-key", "[[capability]] needs `source`")],
        ),
        (
            "a slip of the pen in a required key",
            with(&["[[state]]", r#"id = "XCC""#, r#"nam = "Celand""#]),
            vec![(MORE, 3, "unknown-key", "did you mean `name`?")],
        ),
        (
            "an id with a space",
            with(&["[[state]]", r#"id = "X CC""#, r#"name = "Celand""#]),
            vec![(MORE, 2, "bad-id", "a space cannot stand in one")],
        ),
        (
            "an empty text",
            with(&["[[state]]", r#"id = "XCC""#, r#"name = "  ""#]),
            vec![(MORE, 3, "empty", "`name` of [[state]] is empty")],
        ),
        (
            "an empty list",
            with(&[
                "[[capability]]",
                r#"holder = "LEAGUE""#,
                "functions = []",
                r#"level = "used""#,
                r#"source = "charter""#,
            ]),
            vec![(MORE, 3, "empty", "name at least one")],
        ),
        (
            "an id twice in one list",
            with(&[
                "[[capability]]",
                r#"holder = "LEAGUE""#,
                r#"functions = ["consult", "consult"]"#,
                r#"level = "used""#,
                r#"source = "charter""#,
            ]),
            vec![(MORE, 3, "repeated", "`consult` stands twice")],
        ),
        (
            "a link with itself",
            with(&["[[link]]", r#"between = ["LEAGUE"]"#, r#"kind = "liaison""#, r#"source = "charter""#]),
            vec![(MORE, 2, "bad-link", "a link is between two holders")],
        ),
        (
            "a value off its scale",
            with(&[
                "[[judgement]]",
                r#"id = "grave""#,
                r#"text = "How grave?""#,
                "scale = [0, 1]",
                r#"low = "not""#,
                r#"high = "very""#,
                "value = 1.5",
                r#"author = "me""#,
            ]),
            vec![(MORE, 7, "off-scale", "1.5 is off the scale from 0 to 1")],
        ),
        (
            "a value of nobody",
            with(&[
                "[[judgement]]",
                r#"id = "grave""#,
                r#"text = "How grave?""#,
                "scale = [0, 1]",
                r#"low = "not""#,
                r#"high = "very""#,
                "value = 1",
            ]),
            vec![(MORE, 1, "missing-key", "[[judgement]] needs `author`")],
        ),
        (
            "a scale of one number",
            with(&[
                "[[judgement]]",
                r#"id = "grave""#,
                r#"text = "How grave?""#,
                "scale = [1]",
                r#"low = "not""#,
                r#"high = "very""#,
            ]),
            vec![(MORE, 4, "wrong-type", "a list of two numbers")],
        ),
        (
            "a mandate of a state with a top organ",
            with(&[
                "[[mandate]]",
                r#"id = "own""#,
                r#"holder = "XAA""#,
                r#"threats = ["flood"]"#,
                r#"functions = ["relieve"]"#,
                r#"instrument = "charter""#,
                r#"decision = "top-organ""#,
            ]),
            vec![(MORE, 1, "no-organ", "`XAA` is a state: it has no top organ")],
        ),
        (
            "a version of another kind of row",
            with(&[
                "[[party]]",
                r#"state = "XAA""#,
                r#"instrument = "charter""#,
                r#"source = "paper""#,
                r#"version_of = "league-consults""#,
            ]),
            vec![(MORE, 1, "wrong-version", "a party cannot be a version of a mandate")],
        ),
    ]);
}

#[test]
fn dates_and_intervals_that_cannot_be_are_named() {
    let membership = |lines: &[&'static str]| {
        with(
            &[&["[[membership]]", r#"state = "XAA""#, r#"organisation = "LEAGUE""#, r#"source = "paper""#], lines]
                .concat(),
        )
    };
    assert_found(vec![
        (
            "an interval backwards",
            membership(&["from = 1999-01-01", "until = 1998-01-01"]),
            vec![(MORE, 6, "backwards", "1998-01-01 against 1999-01-01")],
        ),
        (
            "an interval of no day",
            membership(&["from = 1999-01-01", "until = 1999-01-01"]),
            vec![(MORE, 6, "backwards", "is not after")],
        ),
        (
            "memberships that overlap",
            membership(&["from = 2005-01-01"]),
            vec![(MORE, 1, "overlapping-memberships", "two memberships of `XAA` in `LEAGUE` overlap")],
        ),
        (
            "a word for a date",
            membership(&[r#"from = "1 June 1999""#, "until = 2000"]),
            vec![(MORE, 5, "bad-date", "write 1999, \"1999-08\" or 1999-08-22")],
        ),
        (
            "a day that is none",
            membership(&[r#"from = "1999-02-30""#, "until = 2000"]),
            vec![(MORE, 5, "bad-date", "`from` of [[membership]] is no date")],
        ),
        (
            "a time of day",
            membership(&["from = 1999-02-03T12:00:00", "until = 2000"]),
            vec![(MORE, 5, "bad-date", "not a day, month or year")],
        ),
    ]);
}

#[test]
fn circles_and_repeated_ids_are_named_once_for_each_member() {
    assert_found(vec![
        (
            "threats in a circle",
            with(&[
                "[[threat]]",
                r#"id = "a""#,
                r#"name = "a""#,
                r#"is_a = ["b"]"#,
                "[[threat]]",
                r#"id = "b""#,
                r#"name = "b""#,
                r#"is_a = ["a"]"#,
            ]),
            vec![
                (MORE, 1, "cycle", "the threat `a` is a kind of itself"),
                (MORE, 5, "cycle", "the threat `b` is a kind of itself"),
            ],
        ),
        (
            "a function of its own kind",
            with(&[
                "[[function]]",
                r#"id = "a""#,
                r#"definition = "A.""#,
                r#"example = "A.""#,
                r#"near_miss = "B.""#,
                r#"is_a = ["a"]"#,
            ]),
            vec![(MORE, 1, "cycle", "the function `a` is a kind of itself")],
        ),
        (
            "organs above each other",
            with(&[
                "[[organ]]",
                r#"id = "A""#,
                r#"name = "A""#,
                r#"parent = "B""#,
                "[[organ]]",
                r#"id = "B""#,
                r#"name = "B""#,
                r#"parent = "A""#,
            ]),
            vec![
                (MORE, 1, "cycle", "the organ `A` is its own parent"),
                (MORE, 5, "cycle", "the organ `B` is its own parent"),
            ],
        ),
        (
            "bodies after each other",
            with(&[
                "[[organisation]]",
                r#"id = "A""#,
                r#"name = "A""#,
                r#"predecessor = "B""#,
                "[[organisation]]",
                r#"id = "B""#,
                r#"name = "B""#,
                r#"predecessor = "A""#,
            ]),
            vec![(MORE, 1, "cycle", "`A` is its own predecessor"), (MORE, 5, "cycle", "`B` is its own predecessor")],
        ),
        (
            "an organisation twice",
            with(&["[[organisation]]", r#"id = "LEAGUE""#, r#"name = "Another""#]),
            vec![(MORE, 2, "duplicate-id", "`LEAGUE` is declared twice")],
        ),
        (
            "an organ called like an organisation",
            with(&[
                "[[organ]]",
                r#"id = "LEAGUE""#,
                r#"name = "Another""#,
                r#"parent = "B""#,
                "[[organisation]]",
                r#"id = "B""#,
                r#"name = "B""#,
            ]),
            vec![(MORE, 2, "duplicate-id", "first here")],
        ),
        (
            "a row twice",
            with(&[
                "[[capability]]",
                r#"id = "c""#,
                r#"holder = "LEAGUE""#,
                r#"functions = ["consult"]"#,
                r#"level = "used""#,
                r#"source = "charter""#,
                "[[capability]]",
                r#"id = "c""#,
                r#"holder = "LEAGUE""#,
                r#"functions = ["relieve"]"#,
                r#"level = "used""#,
                r#"source = "charter""#,
            ]),
            vec![(MORE, 8, "duplicate-id", "the row `c` is declared twice")],
        ),
        (
            "a state again in the scenario",
            told(&["[[state]]", r#"id = "XAA""#, r#"name = "Another""#]),
            vec![(CASE, 10, "duplicate-id", "the state `XAA` is declared twice")],
        ),
        (
            "a case twice",
            told(&["[[case]]", r#"id = "dam""#, r#"threat = "flood""#, r#"affected = ["XBB"]"#]),
            vec![(CASE, 9, "duplicate-id", "the case id `dam` is used twice")],
        ),
    ]);
}

#[test]
fn mistakes_in_a_scenario_are_named() {
    assert_found(vec![
        ("an unknown key", told(&[r#"atacker = "state""#]), vec![(CASE, 9, "unknown-key", "did you mean `attacker`?")]),
        (
            "an unknown attacker",
            told(&[r#"attacker = "states""#]),
            vec![(CASE, 9, "unknown-word", "did you mean `state`?")],
        ),
        (
            "an unknown threat",
            small().scenario(&SCENARIO.replace("flood", "floods")),
            vec![(CASE, 7, "unknown-id", "did you mean `flood`?")],
        ),
        (
            "nobody affected",
            small().scenario(&SCENARIO.replace("[\"XAA\"]", "[]")),
            vec![(CASE, 8, "empty", "`affected` of [[case]] is an empty list")],
        ),
        (
            "no threat",
            small().scenario(&SCENARIO.replace("threat = \"flood\"", "")),
            vec![(CASE, 5, "missing-key", "[[case]] needs `threat`")],
        ),
        (
            "no date",
            small().scenario(&SCENARIO.replace("date = 2010-04-01", "")),
            vec![(CASE, 1, "missing-key", "needs `date`")],
        ),
        (
            "a need twice",
            told(&[r#"needs = ["consult", "consult"]"#]),
            vec![(CASE, 9, "repeated", "the need `consult` stands twice")],
        ),
        (
            "an unknown need",
            told(&[r#"needs = ["consullt"]"#]),
            vec![(CASE, 9, "unknown-id", "did you mean `consult`?")],
        ),
        ("a need that is a number", told(&["needs = [5]"]), vec![(CASE, 9, "wrong-type", "a need is a function id")]),
        (
            "requests said twice",
            told(&["requested = true", "[[case.request]]", r#"by = "XAA""#, r#"to = "LEAGUE""#]),
            vec![(CASE, 9, "two-ways", "say the same thing twice")],
        ),
        (
            "a request to nobody",
            told(&["[[case.request]]", r#"by = "XAA""#]),
            vec![(CASE, 9, "missing-key", "[[case.request]] needs `to`")],
        ),
        (
            "a decision without outcome",
            told(&["[[case.decision]]", r#"organ = "LEAGUE""#]),
            vec![(CASE, 9, "missing-key", "[[case.decision]] needs `outcome`")],
        ),
        (
            "a response of nobody",
            told(&["[[response]]", r#"institution = "LEAGUE""#, r#"function = "consult""#]),
            vec![(CASE, 9, "missing-key", "[[response]] needs `source`")],
        ),
        (
            "a response to another case",
            told(&[
                "[[response]]",
                r#"institution = "LEAGUE""#,
                r#"function = "consult""#,
                r#"source = "paper""#,
                r#"case = "damm""#,
            ]),
            vec![(CASE, 13, "unknown-id", "did you mean `dam`?")],
        ),
        (
            "a probability that is none",
            told(&["[[uncertain]]", r#"fact = "rain""#, r#"author = "me""#, "probability = 2"]),
            vec![(CASE, 12, "off-scale", "2 is no probability")],
        ),
        (
            "an expectation of nothing",
            told(&["[[expect]]", r#"on_paper = "gap""#]),
            vec![(CASE, 9, "missing-key", "[[expect]] needs `cell`"), (CASE, 10, "unknown-key", "no key `on_paper`")],
        ),
        (
            "an expectation of an unknown answer",
            told(&["[[expect]]", r#"cell = "dam/XAA/consult""#, r#"on_paper = "gaps""#]),
            vec![(CASE, 11, "unknown-word", "did you mean `gap`?")],
        ),
    ]);
}

/// The small pack with raw bytes for one of its files.
fn raw(path: &str, bytes: impl Into<Vec<u8>>) -> PackFiles {
    let mut files = small().files().clone();
    let folder = if path == CASE { &mut files.scenarios } else { &mut files.world };
    folder.insert(path.to_owned(), bytes.into());
    files
}

#[test]
fn files_that_cannot_be_read_are_named_and_never_hang_or_crash() {
    let rows: Vec<(&str, PackFiles, Vec<Found>)> = vec![
        (
            "cut off",
            raw("world/x.toml", "[[state]]\nid = \"XCC\"\nname = \"Cel"),
            vec![("world/x.toml", 3, "quotes", "a quote is missing")],
        ),
        ("cut off in a head", raw("world/x.toml", "\n[[stat"), vec![("world/x.toml", 2, "brackets", "write [[stat]]")]),
        (
            "no UTF-8",
            raw("world/x.toml", b"# fine\n# \xff\n".as_slice()),
            vec![("world/x.toml", 2, "not-utf-8", "save it as UTF-8")],
        ),
        (
            "a scenario that is no UTF-8",
            raw(CASE, b"\xfe\xff".as_slice()),
            vec![(CASE, 1, "not-utf-8", "byte 1 on line 1")],
        ),
        (
            "over 4 MiB on one line",
            raw("world/x.toml", format!("# {}", "x".repeat(4 << 20))),
            vec![("world/x.toml", 1, "too-large", "at most 4194304 are read")],
        ),
        (
            "brackets",
            raw("world/x.toml", format!("x = {}", "[".repeat(1 << 20))),
            vec![("world/x.toml", 1, "too-deep", "more than 64 deep")],
        ),
        (
            "braces",
            raw("world/x.toml", format!("x = {}", "{a=".repeat(100_000))),
            vec![("world/x.toml", 1, "too-deep", "more than 64 deep")],
        ),
        ("a scenario of brackets", raw(CASE, "[".repeat(100_000)), vec![(CASE, 1, "too-deep", "")]),
        (
            "an empty scenario",
            raw(CASE, ""),
            vec![(CASE, 1, "missing-key", "needs `date`"), (CASE, 1, "missing-key", "needs `title`")],
        ),
        (
            "an empty pack",
            raw("pack.toml", ""),
            vec![("pack.toml", 1, "missing-key", "needs `id`"), ("pack.toml", 1, "missing-key", "needs `title`")],
        ),
    ];
    let wrong: Vec<String> = rows.iter().filter_map(|(name, files, expected)| differs(name, files, expected)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Mistakes that are easily let through, or reported twice, and rules that look wrong and are right.
#[test]
fn mistakes_that_are_not_yet_named_well() {
    assert_found(vec![
        (
            "an account twice",
            told(&["[[case.account]]", r#"id = "a""#, "[[case.account]]", r#"id = "a""#, r#"origin = "inside""#]),
            vec![(CASE, 11, "duplicate-id", "a")],
        ),
        (
            "a judgement off its scale",
            told(&[
                "[[judgement]]",
                r#"id = "grave""#,
                r#"text = "How grave?""#,
                "scale = [0, 1]",
                r#"low = "not""#,
                r#"high = "very""#,
                "[[judged]]",
                r#"judgement = "grave""#,
                "value = 7",
                r#"author = "me""#,
            ]),
            vec![(CASE, 17, "off-scale", "7 is off the scale")],
        ),
        (
            "a bare month in a row",
            with(&[
                "[[membership]]",
                r#"state = "XAA""#,
                r#"organisation = "LEAGUE""#,
                r#"source = "paper""#,
                "from = 1999-06",
                "until = 2000",
            ]),
            vec![(MORE, 5, "bad-date", "a month has to stand in quotes")],
        ),
        (
            "a bare month",
            small().scenario(&SCENARIO.replace("2010-04-01", "2010-04")),
            vec![(CASE, 3, "bad-date", "write \"2010-04\", with the quotes")],
        ),
        ("a force that does not agree", tagged(&["@force strict"], STOPS), own(4, "disagrees", "strict")),
        ("two ways to say defeasible", tagged(&["@defeasible", "@force defeasible"], STOPS), Vec::new()),
        (
            "a rule in a comment",
            ruled(format!("//! @source paper\n/*\n/// @at p. 1\nfn own(situation) {{ {STOPS} }}\n*/\n")),
            own(1, "no-rules", "the file holds no rule"),
        ),
    ]);
}

#[test]
fn a_bare_month_is_told_to_stand_in_quotes() {
    for (text, line) in [
        (SCENARIO.replace("2010-04-01", "2010-04"), 3),
        (format!("{SCENARIO}[[response]]\ndate = 2009-06\n"), 10),
        (format!("{SCENARIO}[[response]]\ndate = 2009-06 # the flood\n"), 10),
    ] {
        let problems = small().scenario(&text).problems();
        let told = problems.iter().find(|problem| problem.message == "a month has to stand in quotes");
        let told = told.unwrap_or_else(|| panic!("{problems:#?}"));
        assert_eq!(told.place().map(|place| place.line), Some(line));
        let written = if line == 3 { "2010-04" } else { "2009-06" };
        assert_eq!(told.help, Some(format!("write \"{written}\", with the quotes")));
    }
}

#[test]
fn every_problem_of_every_file_is_named_at_once() {
    let pack = with(&[
        "[[state]]",
        r#"id = "XCC""#,
        "name = 5",
        "colour = 1",
        "[[capability]]",
        r#"holder = "LEAGEU""#,
        r#"functions = []"#,
        r#"level = "usd""#,
        "from = 2001-01-01",
        "until = 2000-01-01",
    ])
    .scenario(&SCENARIO.replace("\"flood\"", "\"floods\""))
    .more("attacker = \"stat\"\n")
    .rules(
        "own",
        r#"//! @source paper
/// @at p. 1
fn own(situation) {
    pases("LEAGUE", "consult", "reach");
    stops("LEAGUE", "consult", "reech", "x");
}
"#,
    );
    assert_found(vec![(
        "all at once",
        pack,
        vec![
            (CASE, 7, "unknown-id", "floods"),
            (CASE, 9, "unknown-word", "did you mean `state`?"),
            ("own.rhai", 4, "unknown-function", "did you mean `passes`?"),
            ("own.rhai", 5, "unknown-id", "did you mean `reach`?"),
            (MORE, 3, "wrong-type", "`name` of [[state]]"),
            (MORE, 4, "unknown-key", "colour"),
            (MORE, 5, "missing-key", "needs `source`"),
            (MORE, 6, "unknown-id", "did you mean `LEAGUE`?"),
            (MORE, 7, "empty", "`functions` of [[capability]]"),
            (MORE, 8, "unknown-word", "did you mean `used`?"),
            (MORE, 10, "backwards", "is not after"),
        ],
    )]);
}

/// Facts that rules may name beside those of the small world.
const WORDS: &str = r#"
[[question]]
id = "urgent"
text = "Is it urgent?"

[[proposition]]
id = "late"
text = "Help comes late."
source = "paper"

[[judgement]]
id = "grave"
text = "How grave?"
scale = [0, 1]
low = "not"
high = "very"

[[what-if]]
id = "pact"

[[attribute]]
state = "XBB"
attribute = "landlocked"
source = "paper"
"#;

/// The file of rules in the tables below.
const OWN: &str = "own.rhai";
/// A statement that is right in a rule of the stage coverage.
const STOPS: &str = r#"stops("LEAGUE", "consult", "reach", "so it is");"#;

/// A pack with one file of rules.
fn ruled(text: impl AsRef<[u8]>) -> Pack {
    small().world(WORDS).rules("own", text)
}

/// A rule with these tags from line 4 on, and this body: without tags the function stands on line 4, its body on line 5.
fn tagged(tags: &[&str], body: &str) -> Pack {
    let tags: String = tags.iter().map(|tag| format!("/// {tag}\n")).collect();
    ruled(format!("//! @source paper\n\n/// @at p. 1\n{tags}fn own(situation) {{\n    {body}\n}}\n"))
}

/// A rule that speaks if something is so.
fn asking(question: &str) -> Pack {
    tagged(&[], &format!("if {question} {{ {STOPS} }}"))
}

/// A rule without tags: its body stands on line 5.
fn ruling(body: &str) -> Pack {
    tagged(&[], body)
}

/// One problem of the file of rules.
fn own(line: usize, code: &'static str, says: &'static str) -> Vec<Found> {
    vec![(OWN, line, code, says)]
}

#[test]
fn words_with_wrong_arguments_are_named() {
    assert_found(vec![
        (
            "an unknown emission",
            ruling(&format!(r#"{STOPS} stop("LEAGUE", "consult", "reach", "x");"#)),
            own(5, "unknown-function", "did you mean `stops`?"),
        ),
        (
            "an unknown question",
            asking(r#"situation.memberof("LEAGUE")"#),
            own(5, "unknown-function", "did you mean `member_of`?"),
        ),
        (
            "an argument too few",
            ruling(r#"stops("LEAGUE", "consult", "reach");"#),
            vec![(OWN, 4, "says-nothing", ""), (OWN, 5, "wrong-arguments", "`stops` takes 4 arguments, not 3")],
        ),
        (
            "an argument too many",
            asking(r#"situation.transborder("XAA")"#),
            own(5, "wrong-arguments", "write situation.transborder()"),
        ),
        (
            "a text for a number",
            asking(r#"situation.affected_at_least("2")"#),
            own(5, "wrong-type", "takes a whole number here"),
        ),
        ("a number for a text", asking("situation.member_of(5)"), own(5, "wrong-type", "a text in quotes")),
        (
            "half a state",
            asking("situation.affected_at_least(0.5)"),
            own(5, "wrong-type", "takes a whole number here, not 0.5"),
        ),
        ("a month for a day", asking(r#"situation.on_or_after("2010-04")"#), own(5, "bad-date", "write a full day")),
        ("an unknown body", asking(r#"situation.member_of("LEAGEU")"#), own(5, "unknown-id", "did you mean `LEAGUE`?")),
        (
            "a state for a body",
            asking(r#"situation.member_of("XAA")"#),
            own(5, "unknown-id", "there is no organisation or organ `XAA`"),
        ),
        (
            "an unknown attribute",
            asking(r#"situation.has_attribute("landlock")"#),
            own(5, "unknown-id", "there is no attribute `landlock`"),
        ),
        (
            "an unknown judgement",
            asking(r#"situation.judged_at_least("brave", 1)"#),
            own(5, "unknown-id", "did you mean `grave`?"),
        ),
        (
            "an unknown id compared",
            asking(r#"situation.threat == "floood""#),
            own(5, "unknown-id", "did you mean `flood`?"),
        ),
        (
            "an unknown id compared the other way round",
            asking(r#""peeple" != situation.attacker"#),
            own(5, "unknown-id", "there is no kind of attacker `peeple`"),
        ),
        (
            "an unknown step",
            ruling(r#"passes("LEAGUE", "consult", "reech");"#),
            own(5, "unknown-id", "did you mean `reach`?"),
        ),
        (
            "an unknown function",
            ruling(r#"passes("LEAGUE", "consul", "reach");"#),
            own(5, "unknown-id", "did you mean `consult`?"),
        ),
        ("an unknown thesis", ruling(r#"asserts("lat");"#), own(5, "unknown-id", "there is no proposition `lat`")),
        ("an unknown what-if", ruling(r#"recommends("pakt");"#), own(5, "unknown-id", "there is no what-if `pakt`")),
        ("an unknown question to settle", ruling(r#"establishes("urgant");"#), own(5, "unknown-id", "`urgent`")),
        ("an undercut of nobody", ruling(r#"undercut("owns");"#), own(5, "unknown-id", "there is no rule `owns`")),
        (
            "a reading of nobody contested",
            ruling(r#"contests("owns");"#),
            own(5, "unknown-id", "there is no rule `owns`"),
        ),
    ]);
}

#[test]
fn words_in_the_wrong_rule_are_named() {
    assert_found(vec![
        (
            "a word of a response",
            asking("situation.response_declined()"),
            own(5, "wrong-scope", "it needs the tag `@each response`"),
        ),
        (
            "a word of a state, for each case",
            tagged(&["@each case"], r#"if situation.state_is("XAA") { asserts("late"); }"#),
            own(6, "wrong-scope", "`state_is` cannot be asked by a rule that runs for each case"),
        ),
        (
            "a word of a case, for each pair",
            tagged(&["@each pair"], r#"if situation.transborder() { asserts("late"); }"#),
            own(6, "wrong-scope", "`transborder` cannot be asked by a rule that runs for each pair"),
        ),
        (
            "a verdict on a state",
            ruling(r#"finds("breach", "x");"#),
            own(5, "wrong-scope", "`finds` cannot be said by a rule that runs for each state"),
        ),
        (
            "a verdict of the other kind",
            tagged(&["@each overlap"], r#"finds("breach", "x");"#),
            own(6, "unknown-word", "`breach` is no verdict for each overlap"),
        ),
        (
            "a conclusion asked too early",
            asking(r#"situation.on_paper("LEAGUE", "consult")"#),
            own(5, "too-early", "only rules of the stage finding or later"),
        ),
        (
            "a question asked too early",
            ruling(r#"if situation.established("urgent") { establishes("urgent"); }"#),
            own(5, "too-early", "only rules of the stage need or later"),
        ),
        ("two stages", ruling(&format!(r#"{STOPS} asserts("late");"#)), own(5, "two-stages", "split the rule")),
        (
            "a property for nothing",
            ruling(&format!("let t = situation.threat; {STOPS}")),
            own(5, "bare-property", "`threat` can only be compared"),
        ),
        (
            "an unknown property",
            asking(r#"situation.thret == "flood""#),
            own(5, "unknown-property", "did you mean `threat`?"),
        ),
        (
            "an emission as a method",
            ruling(r#"passes("LEAGUE", "consult", "reach"); situation.stops("LEAGUE", "consult", "reach", "x");"#),
            own(5, "not-a-question", "without `situation.`"),
        ),
        ("a question of nobody", asking("transborder()"), own(5, "not-said", "write situation.transborder(..)")),
        (
            "a variable of nobody",
            asking("sitation.transborder()"),
            own(5, "unknown-variable", "there is no variable `sitation`"),
        ),
        (
            "nothing said",
            ruling("if situation.transborder() { return; }"),
            own(4, "says-nothing", "`own` says nothing"),
        ),
        ("nothing at all", ruling(""), own(4, "says-nothing", "passes, stops, needs")),
    ]);
}

#[test]
fn tags_that_do_not_fit_are_named() {
    let rule = |tags: &[&str]| tagged(tags, STOPS);
    let two = |tags: &str, other: &str| {
        let one = format!("/// @at p. 1\n{tags}fn one(situation) {{ {STOPS} }}\n");
        ruled(format!("//! @source paper\n\n{one}\n/// @at p. 2\n{other}fn two(situation) {{ {STOPS} }}\n"))
    };
    let headed = |head: &str| ruled(format!("{head}/// @at p. 1\nfn own(situation) {{ {STOPS} }}\n"));
    assert_found(vec![
        ("an unknown tag", rule(&["@threat flood"]), own(4, "unknown-tag", "did you mean `@threats`?")),
        (
            "an unknown tag in the head",
            headed("//! @source paper\n//! @author me\n"),
            own(2, "unknown-tag", "there is no tag `@author`"),
        ),
        ("a tag twice", rule(&["@hedge flat", "@hedge hope"]), own(5, "repeated", "the tag `@hedge` stands twice")),
        (
            "two sources",
            headed("//! @source paper\n//! @source charter\n"),
            own(2, "repeated", "the tag `@source` stands twice"),
        ),
        ("an unknown threat", rule(&["@threats floods"]), own(4, "unknown-id", "did you mean `flood`?")),
        ("an unknown function", rule(&["@functions consult, relive"]), own(4, "unknown-id", "did you mean `relieve`?")),
        ("an unknown hedge", rule(&["@hedge flatt"]), own(4, "unknown-word", "did you mean `flat`?")),
        ("an unknown thing to run for", rule(&["@each states"]), own(4, "unknown-word", "did you mean `state`?")),
        ("a paper that is strict", rule(&["@strict"]), own(4, "not-strict", "only treaty and official sources")),
        ("another stage", rule(&["@stage finding"]), own(4, "disagrees", "speaks in the stage coverage, not finding")),
        ("another id", rule(&["@id other"]), own(4, "disagrees", "the id follows from the name: `own`, not `other`")),
        (
            "no place in the source",
            ruled(format!("//! @source paper\n\nfn own(situation) {{ {STOPS} }}\n")),
            own(3, "no-locator", "add `/// @at art. 4`"),
        ),
        ("no source", headed(""), own(1, "no-source", "begin the file with //! @source charter")),
        ("an unknown source", headed("//! @source papre\n"), own(1, "unknown-id", "did you mean `paper`?")),
        (
            "a preference without reason",
            two("/// @overrides two\n", ""),
            own(4, "no-reason", "write @overrides two: why"),
        ),
        (
            "a preference over nobody",
            rule(&["@overrides ownn: it is later"]),
            own(4, "unknown-id", "there is no rule `ownn` to override"),
        ),
        (
            "preferences in a circle",
            two("/// @overrides two: a\n", "/// @overrides one: b\n"),
            vec![(OWN, 5, "cycle", "`one` overrides itself"), (OWN, 9, "cycle", "`two` overrides itself")],
        ),
        (
            "one id in two files",
            ruling(STOPS)
                .rules("second", format!("//! @source paper\n/// @at p. 1\nfn own(situation) {{ {STOPS} }}\n")),
            vec![("second.rhai", 3, "duplicate-id", "first here")],
        ),
    ]);
}

#[test]
fn facts_that_are_right_are_let_alone() {
    let good = |name: &'static str, pack: Pack| (name, pack, Vec::new());
    let membership = |lines: &[&'static str]| {
        let head = ["[[membership]]", r#"state = "XAA""#, r#"organisation = "LEAGUE""#, r#"source = "paper""#];
        with(&[&head, lines].concat())
    };
    assert_found(vec![
        good("the small pack", small()),
        good("an empty file", with(&[""])),
        good("comments only", with(&["# nothing yet", "# and nothing more"])),
        good(
            "an account without a case",
            told(&[
                "[[case.account]]",
                r#"id = "denied""#,
                "no_case = true",
                "[[case.account]]",
                r#"id = "told""#,
                r#"origin = "inside""#,
            ]),
        ),
        good(
            "a mandate of every state",
            with(&[
                "[[mandate]]",
                r#"id = "own-soil""#,
                r#"holder = "every-state""#,
                r#"threats = ["flood"]"#,
                r#"functions = ["relieve"]"#,
                r#"instrument = "charter""#,
            ]),
        ),
        good("a month and a year", membership(&[r#"from = "1999-06""#, "until = 2000"])),
        good("a beginning that nobody knows", membership(&[r#"from = "unknown""#, "until = 1990-01-01"])),
        good("a membership that never began", membership(&[r#"from = "never""#])),
        good("memberships that touch", membership(&["from = 1999-01-01", "until = 2001-01-01"])),
        good(
            "a version of a membership",
            membership(&["from = 2005-01-01", r#"version_of = "XAA-LEAGUE-2001-01-01""#]),
        ),
        good(
            "a value at the end of its scale",
            with(&[
                "[[judgement]]",
                r#"id = "grave""#,
                r#"text = "How grave?""#,
                "scale = [0, 1]",
                r#"low = "not""#,
                r#"high = "very""#,
                "value = 1",
                r#"author = "me""#,
            ]),
        ),
        good("a request to everybody", told(&["requested = true"])),
        good(
            "requests in full",
            told(&[
                r#"requests_recorded = "all""#,
                "[[case.request]]",
                r#"by = "XAA""#,
                r#"to = ["LEAGUE"]"#,
                r#"answer = "granted""#,
            ]),
        ),
        good("needs of both kinds", told(&[r#"needs = ["consult", { function = "relieve", author = "me" }]"#])),
        good("words known and unknown", told(&[r#"attacker = "unknown""#, r#"origin = "outside""#, "at_risk = []"])),
        good("a question put to the class", small().scenario(&SCENARIO.replace("date", "question = \"Who?\"\ndate"))),
        good(
            "a proposal",
            told(&["[[response]]", r#"institution = "LEAGUE""#, r#"function = "consult""#, r#"proposed_by = "us""#]),
        ),
    ]);
}

#[test]
fn rules_that_are_right_are_let_alone() {
    let good = |name: &'static str, pack: Pack| (name, pack, Vec::new());
    let asked = [
        r#"situation.threat != "flood""#,
        r#""outside" == situation.origin"#,
        r#"situation.judged_at_least("grave", 0.5)"#,
        r#"situation.judged_at_least("grave", 1)"#,
        "situation.affected_at_least(2)",
        r#"situation.on_or_after("2010-04-01")"#,
        r#"situation.has_attribute("landlocked")"#,
        r#"situation.place_is("valley")"#,
    ];
    assert_found(vec![
        good("a rule", ruling(STOPS)),
        good(
            "every tag",
            tagged(
                &[
                    "@threats flood",
                    "@functions consult, relieve",
                    "@each state",
                    "@defeasible",
                    "@claim c1",
                    "@claim c2",
                    "@hedge hedged",
                    "@note n",
                    "@stage coverage",
                    "@id own",
                ],
                STOPS,
            ),
        ),
        good(
            "a strict rule of a treaty",
            ruled(format!("//! @source charter\n/// @at art. 1\n/// @strict\nfn own(situation) {{ {STOPS} }}\n")),
        ),
        good(
            "a preference with its reason",
            ruled(format!(
                "//! @source paper\n/// @at 1\n/// @overrides two: later\nfn own(s) {{ {STOPS} }}\n/// @at 2\nfn two(s) {{ {STOPS} }}\n"
            )),
        ),
        good(
            "a helper and a list",
            ruled(
                r#"//! @source paper

private fn both(s) { s.member_of("LEAGUE") && !s.is_dispute() }

/// @at p. 1
fn own(situation) {
    if !both(situation) { return; }
    for f in ["consult", "relieve"] { passes("LEAGUE", f, "reach"); }
}
"#,
            ),
        ),
        good("every way to ask", asking(&asked.join(" || "))),
        good("else", ruling(&format!("let far = situation.transborder(); if far {{ {STOPS} }} else {{ {STOPS} }}"))),
        good(
            "an undercut",
            ruled(format!(
                "//! @source paper\n/// @at 1\nfn own(s) {{ {STOPS} }}\n/// @at 2\nfn two(s) {{ undercut(\"own\"); }}\n"
            )),
        ),
        good(
            "a rule for each pair",
            tagged(&["@each pair"], r#"if situation.first_is("LEAGUE") { asserts("late"); recommends("pact"); }"#),
        ),
        good(
            "a rule for each response",
            tagged(&["@each response"], r#"if situation.response_declined() { finds("breach", "x"); }"#),
        ),
    ]);
}

#[test]
fn marks_of_byte_order_and_carriage_returns_change_nothing() {
    let plain = ruling(r#"stops("LEAGUE", "consult", "competence", "so it is");"#);
    let mut files = plain.files().clone();
    for folder in [&mut files.world, &mut files.scenarios, &mut files.rules] {
        for text in folder.values_mut() {
            let dressed = String::from_utf8_lossy(text).replace('\n', "\r\n");
            *text = format!("\u{feff}{dressed}").into_bytes();
        }
    }
    let session = Session::new(&files, None);
    assert!(session.problems.is_empty(), "{:#?}", session.problems);
    let loaded = session.scenario("case").expect("the scenario");
    let evaluated = session.evaluate(loaded, &Options::default()).unwrap_or_else(|_| panic!("no page"));
    let page = plain.evaluate();
    let json = |result| serde_json::to_string(result).expect("data");
    assert_eq!(json(&evaluated.evaluation), json(page.result()));
    assert_eq!(page.result().arguments.len(), 1, "the rule spoke");
}

#[test]
fn places_in_a_file_with_carriage_returns_are_right() {
    let rule = "\u{feff}//! @source paper\r\n\r\n/// @at p. 1\r\nfn own(situation) {\r\n    passes(\"LEAGUE\", \"žlutý\", \"reach\");\r\n}\r\n";
    let facts =
        "\u{feff}# žlutý\r\n[[state]]\r\nid = \"XCC\"\r\nname = \"Žel\" # x\r\nneighbours = [\"XAA\", \"Žel\"]\r\n";
    let pack = small().world(facts).rules("own", rule);
    let places: Vec<String> = pack.problems().iter().filter_map(|problem| Some(problem.place()?.to_string())).collect();
    assert_eq!(places, ["own.rhai:5:22", "world/2.toml:5:22"]);
}
