//! Rules written to hang, to crash or to slip past the check. Each is named, and what it could have spoken to is open.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use mandatum::answer::Options;
use mandatum::diagnostic::{Diagnostic, Severity};

use crate::harness::{Pack, small};

/// A hostile file: what it is called, its bytes, the line to blame (0: any) and what is said of it ("": anything).
struct Row {
    name: &'static str,
    bytes: Vec<u8>,
    line: usize,
    says: &'static str,
}

/// A whole file.
fn file(name: &'static str, bytes: impl Into<Vec<u8>>, line: usize, says: &'static str) -> Row {
    Row { name, bytes: bytes.into(), line, says }
}

/// What a rule says that is fine in itself.
const SAYS: &str = r#"stops("LEAGUE", "consult", "competence", "so it is");"#;

/// The head of a file up to its first rule, which begins on line 4.
const HEAD: &str = "//! @source paper\n\n/// @at p. 1\n";

/// A rule whose body begins with something hostile, on line 5.
fn around(body: &str) -> String {
    format!("{HEAD}fn hostile(situation) {{\n    {body}\n    {SAYS}\n}}\n")
}

/// A hostile body.
fn body(name: &'static str, body: impl AsRef<str>, says: &'static str) -> Row {
    Row { name, bytes: around(body.as_ref()).into_bytes(), line: 5, says }
}

/// A written list of so many texts.
fn list(length: usize) -> String {
    let items: Vec<String> = (0..length).map(|item| format!("\"{item}\"")).collect();
    format!("[{}]", items.join(", "))
}

/// `open` so many times, then `middle`, then `close` so many times.
fn nested(open: &str, middle: &str, close: &str, times: usize) -> String {
    format!("{}{middle}{}", open.repeat(times), close.repeat(times))
}

/// Four loops inside each other, each over thirty texts.
fn loops(inner: &str) -> String {
    let list = list(30);
    let open: String = ["a", "b", "c", "d"].iter().map(|name| format!("for {name} in {list} {{ ")).collect();
    format!("{open}{inner}{}", " }".repeat(4))
}

/// Words that the language does not have: nothing of them is ever run.
fn beyond_the_language() -> Vec<Row> {
    vec![
        body("while", "while true { }", "`while` or `loop` is not part"),
        body("loop", "loop { }", "`while` or `loop` is not part"),
        body("loop inside a condition", "if situation.transborder() { loop { } }", "`while` or `loop` is not part"),
        body("do while", "do { } while true;", "`do` is not part"),
        body("do until", "do { } until false;", "`do` is not part"),
        body("for over a range", "for i in 0..1000000000000 { }", "`for` runs over a written list only"),
        body("for over a call", "for i in range(0, 1000000000000) { }", "`for` runs over a written list only"),
        body("for over a text", r#"for c in "abc" { }"#, "`for` runs over a written list only"),
        body("switch", "switch situation { _ => true }", ""),
        body("throw", r#"throw "out";"#, "`throw` is not part"),
        body("try", "try { let x = 1; } catch { }", "`try` is not part"),
        body("a map", "let m = #{ a: 1 };", "a map is not part"),
        body("interpolation", "let s = `${1}`;", "a text with values in it is not part"),
        body("an index", r#"let s = ["a", "b"][0];"#, "indexing is not part"),
        body("a character", "let s = 'a';", "a text stands in double quotes"),
        body("text doubled in place", r#"let s = "aaaa"; s += s;"#, "changing a variable in place"),
        body("text doubled", r#"let s = "aaaa"; s = s + s;"#, "`+` is not part"),
        body("arithmetic that overflows", "let x = 9223372036854775807 + 1;", "`+` is not part"),
        body("arithmetic that is slow", "let x = 2 ** 1000000;", "`**` is not part"),
        body("division by nothing", "let x = 1 / 0;", "`/` is not part"),
        body("a closure", "let f = |x| x;", "functions without a name are not part"),
        body("a closure of nothing", "let f = || true;", ""),
        body("a pointer to a function", r#"let f = Fn("hostile");"#, "there is no function `Fn`"),
        body("call", r#""hostile".call(situation);"#, "there is no question `call`"),
        body("curry", r#""hostile".curry(situation);"#, "there is no question `curry`"),
        body("eval", r#"eval("loop { }");"#, "there is no function `eval`"),
        body("import", r#"import "/etc/passwd" as secrets;"#, "`import` is not part"),
        body("export", "export situation;", "`export` is not part"),
        body("print", r#"print("hello");"#, "there is no function `print`"),
        body("debug", r#"debug("hello");"#, "there is no function `debug`"),
        body("sleep", "sleep(3600);", "there is no function `sleep`"),
        body("timestamp", "let now = timestamp();", "there is no function `timestamp`"),
        body("a huge blob", "let b = blob(10000000000);", "there is no function `blob`"),
        body("json", r##"let m = parse_json("{}");"##, "there is no function `parse_json`"),
        body("the type of a handle", "let t = type_of(situation);", "there is no function `type_of`"),
        body(
            "whether a function is defined",
            r#"let t = is_def_fn("hostile", 1);"#,
            "there is no function `is_def_fn`",
        ),
        body("this", "let t = this;", ""),
        body("the null handler", r#"let t = situation.threat ?? "flood";"#, "`??` is not part"),
        body("a thread", "spawn hostile(situation);", "`spawn` is not part"),
        body("a path", "let x = global::secrets;", ""),
        body("writing to the case", r#"situation.threat = "flood";"#, ""),
        body("a function in a function", "fn inner(s) { }", ""),
        body("an identifier that only looks right", "sitυation.transborder();", ""),
    ]
}

/// Too much of something that is legal, and rules that never end.
fn too_much() -> Vec<Row> {
    let chain: String = (0..12).map(|n| format!("private fn h{n}(situation) {{ h{}(situation) }}\n", n + 1)).collect();
    let functions: String = (0..3000).map(|n| format!("fn f{n}(s) {{}}\n")).collect();
    let lets: String = (0..3000).map(|n| format!("let x{n} = 1; ")).collect();
    let many = |what: &str| what.repeat(3000);
    vec![
        body("recursion", "hostile(situation);", "").blamed(4, "`hostile` calls itself"),
        file(
            "mutual recursion",
            format!(
                "{}\n/// @at p. 2\nfn other(situation) {{ hostile(situation); {SAYS} }}\n",
                around("other(situation);")
            ),
            4,
            "`hostile` calls itself",
        ),
        file(
            "a helper that calls itself",
            format!("{}\nprivate fn helper(situation) {{ helper(situation) }}\n", around("helper(situation);")),
            4,
            "calls itself",
        ),
        file(
            "a helper that loops",
            format!("{}\nprivate fn helper(situation) {{ loop {{ }} }}\n", around("helper(situation);")),
            9,
            "`while` or `loop` is not part",
        ),
        file(
            "helpers that call helpers",
            format!("{}{chain}private fn h12(situation) {{}}\n", around("h0(situation);")),
            0,
            "more than 8 deep",
        ),
        body("loops in loops", loops("let x = 1;"), "").blamed(4, "it takes too many steps"),
        body("loops in loops that speak", loops(SAYS), "").blamed(4, "it takes too many steps"),
        body("loops in loops that ask", loops("if situation.transborder() { }"), "")
            .blamed(4, "it takes too many steps"),
        body("a long list", format!("for x in {} {{ }}", list(3000)), ""),
        body("lists in lists", format!("let x = {};", nested("[", "", "]", 5000)), ""),
        body("a long text", format!("let x = \"{}\";", "x".repeat(60_000)), ""),
        body("brackets in brackets", format!("let x = {};", nested("(", "1", ")", 20_000)), ""),
        body("blocks in blocks", nested("{ ", "", "} ", 10_000), ""),
        body("ifs in ifs", nested("if true { ", "", "} ", 4000), ""),
        body("else if after else if", format!("if true {{ }} {}", many("else if true { } ")), ""),
        body("not not not", format!("let x = {};", nested("!", "true", "", 30_000)), ""),
        body("minus minus", format!("let x = {};", nested("- ", "1", "", 20_000)), ""),
        body("and and and", format!("let x = true{};", many(" && true")), ""),
        body("or or or", format!("let x = true{};", many(" || true")), ""),
        body("equals equals", format!("let x = true{};", many(" == true")), ""),
        body("dots", format!("situation{};", many(".threat")), ""),
        body(
            "a number without end",
            format!("situation.affected_at_least({});", "9".repeat(30_000)),
            "takes a whole number here, not 999",
        ),
        body("thousands of lets", lets, "").blamed(4, "it has more than 64 variables"),
        file("thousands of functions", format!("{HEAD}{functions}"), 0, ""),
        file("a file over 64 KiB", around(&format!("// {}", "x".repeat(64 << 10))), 1, "a rule file has at most 65536"),
        file("megabytes", format!("{HEAD}{}", "/* ".repeat(1 << 20)), 1, "a rule file has at most 65536"),
    ]
}

/// Files that are broken, or try to hide what they do.
fn broken() -> Vec<Row> {
    let good = around("");
    vec![
        file("no source", around("").replace("//! @source paper", ""), 1, "the file names no source"),
        file("an unknown source", around("").replace("paper", "papr"), 1, "there is no source `papr`"),
        file("a text without end", around("let x = \"abc"), 5, ""),
        file("a raw text without end", around("let x = `abc"), 5, ""),
        file("a comment without end", around("/* abc"), 0, ""),
        file("comments in comments without end", around(&"/* ".repeat(5000)), 0, ""),
        file("a comment that closes once too often", around("/* /* */ */ */ loop { }"), 5, ""),
        file("a file cut off", good[..good.len() - 3].to_owned(), 0, ""),
        file("a file cut off in a word", good[..good.len() - 30].to_owned(), 0, ""),
        file("NUL bytes", around("\0\0\0"), 5, ""),
        file("NUL bytes only", [0; 4096], 0, ""),
        file("no UTF-8", [around("").as_bytes(), b"\n// \xff\xfe\n".as_slice()].concat(), 9, "the file is not UTF-8"),
        file("a binary", (0..=255).cycle().take(20_000).collect::<Vec<u8>>(), 0, "the file is not UTF-8"),
        file(
            "a statement outside",
            format!("{good}\nstops(\"LEAGUE\", \"consult\", \"reach\", \"x\");\n"),
            9,
            "a statement stands outside",
        ),
        file("a loop outside", format!("{good}\nloop {{ }}\n"), 9, ""),
        file(
            "a second function on the line",
            format!("{HEAD}fn one(situation) {{ {SAYS} }} fn two(situation) {{ loop {{ }} }}\n"),
            4,
            "",
        ),
        file("no parameter", format!("{HEAD}fn hostile() {{ {SAYS} }}\n"), 4, ""),
        file("two parameters", format!("{HEAD}fn hostile(a, b) {{ {SAYS} }}\n"), 4, ""),
        file(
            "a parameter named case",
            format!("{HEAD}fn hostile(case) {{ {SAYS} }}\n"),
            4,
            "`case` is a reserved word",
        ),
        file("the same function twice", format!("{good}\n/// @at p. 2\nfn hostile(situation) {{ {SAYS} }}\n"), 0, ""),
        body(
            "an id made up as it runs",
            r#"let who = "NOBODY"; passes(who, "consult", "reach");"#,
            "there is no organisation, organ or state `NOBODY`",
        ),
        body(
            "a situation that is none",
            "let situation = 1; situation.transborder();",
            "`transborder` is asked of a number",
        ),
        body("a text where a word is asked", r#""flood".threat_is("flood");"#, ""),
        body("a number for a text", r#"let x = 5; passes(x, "consult", "reach");"#, ""),
        body("a condition that is none", r#"if "yes" { return; }"#, ""),
        body("a handle compared with itself", "if situation.threat == situation.threat { return; }", ""),
        body("a handle kept", "let t = situation.threat;", "`threat` can only be compared"),
        body("a rule named as it runs", r#"let who = "hostile"; undercut(who);"#, "takes the rule itself, in quotes"),
        body("an inclusive range", r#"for i in 0..=9 { }"#, "`for` runs over a written list only"),
        body("bits", "let x = 1 << 62;", "`<<` is not part"),
        body("a text's own words", r#""abc".len();"#, ""),
        body("a list's own words", r#"["abc"].push("x");"#, ""),
        body("a list that maps", r#"["abc"].map("hostile");"#, ""),
    ]
}

/// What hides from a scan by lines, or spoils its whole file.
fn let_through() -> Vec<Row> {
    let good = around("");
    vec![
        file("old line ends", around("loop { }").replace('\n', "\r"), 0, ""),
        file("a statement before everything", format!("let x = 1;\n{good}"), 1, "a statement stands outside"),
        file("nothing but a loop outside", format!("{HEAD}loop {{ }}\n"), 4, ""),
        file(
            "a second rule on the line",
            format!("{HEAD}fn one(situation) {{ {SAYS} }} fn two(situation) {{ {SAYS} }}\n"),
            4,
            "",
        ),
        file("a name on the next line", format!("{HEAD}fn\nhidden(situation) {{ loop {{ }} }}\n"), 0, ""),
        file("a rule with its name on the next line", format!("{HEAD}fn\nhidden(situation) {{ {SAYS} }}\n"), 0, ""),
        file("a comment before the function", format!("{HEAD}/* */ fn hidden(situation) {{ {SAYS} }}\n"), 0, ""),
        file(
            "a function named like a word",
            format!(
                "{HEAD}fn stops(situation) {{ {} }}\n",
                SAYS.replace("stops", "passes").replace(", \"so it is\"", "")
            ),
            4,
            "`stops` is a word of the vocabulary",
        ),
        file(
            "a helper named like a word",
            format!("{good}private fn stops(a, b, c, d) {{ true }}\n"),
            8,
            "`stops` is a word of the vocabulary",
        ),
        file(
            "a helper named like a question",
            format!("{}private fn transborder() {{ true }}\n", around("if situation.transborder() { return; }")),
            8,
            "`transborder` is a word of the vocabulary",
        ),
        file(
            "a preference over nobody",
            around("").replace("@at p. 1", "@at p. 1\n/// @overrides ownn: why"),
            4,
            "there is no rule `ownn` to override",
        ),
        file(
            "preferences in a circle",
            format!(
                "{}/// @at p. 2\n/// @overrides hostile: b\nfn other(s) {{ {SAYS} }}\n",
                around("").replace("@at p. 1", "@at p. 1\n/// @overrides other: a")
            ),
            5,
            "overrides itself",
        ),
        file(
            "one id twice",
            format!("{good}/// @at p. 2\nfn hostile(a, b) {{ {SAYS} }}\n"),
            9,
            "there are two rules `hostile`",
        ),
        file("an unknown tag in the head", format!("//! @sorce paper\n{good}"), 1, "there is no tag `@sorce`"),
    ]
}

impl Row {
    fn blamed(mut self, line: usize, says: &'static str) -> Self {
        self.line = line;
        self.says = says;
        self
    }
}

/// An answer and what it hangs on.
type Answered = (&'static str, Vec<String>);

/// What came of one file.
struct Outcome {
    problems: Vec<Diagnostic>,
    complete: bool,
    /// Each cell with its two answers.
    cells: Vec<(String, [Answered; 2])>,
}

/// Loads and evaluates a pack on a thread of its own: a hang is told apart from a result.
fn outcome(pack: Pack) -> Result<Outcome, &'static str> {
    let (sender, receiver) = channel();
    let work = move || {
        let session = pack.load();
        let mut problems = session.problems.clone();
        let loaded = session.scenario("case").expect("the scenario is fine");
        let evaluated = session.evaluate(loaded, &Options::default()).unwrap_or_else(|_| panic!("no page"));
        problems.extend(session.late_problems());
        let mut cells = Vec::new();
        for case in &evaluated.evaluation.cases {
            for need in &case.needs {
                for state in &need.states {
                    let answers =
                        [&state.on_paper, &state.available].map(|own| (own.answer.as_str(), own.depends_on.clone()));
                    cells.push((format!("{}/{}/{}", case.id, state.state, need.function), answers));
                }
            }
        }
        // Nobody waits any more after a timeout.
        let _ = sender.send(Outcome { problems, complete: evaluated.evaluation.complete, cells });
    };
    std::thread::Builder::new().stack_size(8 << 20).spawn(work).expect("a thread");
    receiver.recv_timeout(Duration::from_secs(5)).map_err(|error| match error {
        RecvTimeoutError::Timeout => "it hangs",
        RecvTimeoutError::Disconnected => "it panics",
    })
}

/// What is wrong with how a hostile file was treated.
fn complaints(row: &Row) -> Vec<String> {
    let outcome = match outcome(small().rules("hostile", &row.bytes)) {
        Ok(outcome) => outcome,
        Err(end) => return vec![end.to_owned()],
    };
    let mut wrong = Vec::new();
    let errors: Vec<&Diagnostic> = outcome
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .filter(|problem| problem.place().is_some_and(|place| &*place.file == "hostile.rhai"))
        .collect();
    let named = |problem: &Diagnostic| {
        problem.message.contains(row.says)
            && problem.place().is_some_and(|place| row.line == 0 || place.line == row.line)
    };
    if !errors.iter().any(|problem| named(problem)) {
        let found: Vec<String> = errors
            .iter()
            .map(|problem| format!("{} {:?}", problem.message, problem.place().map(|place| place.line)))
            .take(5)
            .collect();
        wrong.push(format!("no error {:?} on line {}, but {found:?}", row.says, row.line));
    }
    if outcome.complete {
        wrong.push("the page says that it is complete".to_owned());
    }
    if outcome.cells.len() != 2 {
        wrong.push(format!("{} cells", outcome.cells.len()));
    }
    for (cell, answers) in &outcome.cells {
        for (answer, hangs_on) in answers {
            let named = hangs_on.iter().any(|fact| fact.contains("failed") || fact.contains("cannot be read"));
            if *answer != "open" || !named {
                wrong.push(format!("{cell} is {answer} and hangs on {hangs_on:?}"));
            }
        }
    }
    wrong
}

fn assert_held(rows: &[Row]) {
    let wrong: Vec<String> =
        rows.iter().flat_map(|row| complaints(row).into_iter().map(|wrong| format!("{}: {wrong}", row.name))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_language_lacks_is_refused_and_opens_every_cell() {
    assert_held(&beyond_the_language());
}

#[test]
fn too_much_of_anything_fails_the_rule_and_opens_every_cell() {
    assert_held(&too_much());
}

#[test]
fn broken_and_deceitful_files_are_named_and_open_every_cell() {
    assert_held(&broken());
}

#[test]
fn what_hides_from_the_check_is_named_and_opens_every_cell() {
    assert_held(&let_through());
}

#[test]
fn a_rule_opens_no_more_than_its_guard_allows() {
    for (says, fails) in [("loop { }", "beyond-subset"), (&*loops("let x = 1;"), "rule-failed")] {
        for (guard, open) in [
            ("@functions consult", ["open", "gap"]),
            ("@functions relieve", ["one-holder", "open"]),
            ("@threats flood", ["open", "open"]),
            ("@threats fire", ["one-holder", "gap"]),
        ] {
            let text = around(says).replace("@at p. 1", &format!("@at p. 1\n/// {guard}"));
            let pack = small().world("[[threat]]\nid = \"fire\"\nname = \"fire\"\n").rules("hostile", text);
            let outcome = outcome(pack).unwrap_or_else(|end| panic!("{guard}: {end}"));
            let on_paper: Vec<(&str, &str)> =
                outcome.cells.iter().map(|(cell, answers)| (cell.as_str(), answers[0].0)).collect();
            assert_eq!(on_paper, [("dam/XAA/consult", open[0]), ("dam/XAA/relieve", open[1])], "{fails} {guard}");
            // A rule that never runs cannot fail as it runs; one that cannot be read has failed before.
            let never_runs = guard.ends_with("fire") && fails == "rule-failed";
            assert_eq!(outcome.complete, never_runs, "{fails} {guard}");
            assert_eq!(outcome.problems.iter().any(|problem| problem.code == fails), !never_runs, "{fails} {guard}");
        }
    }
}

#[test]
fn one_hostile_rule_leaves_the_others_in_its_file_alone() {
    let second = format!(
        "\n/// @at p. 2\n/// @functions relieve\nfn sound(situation) {{ {} }}\n",
        SAYS.replace("consult", "relieve")
    );
    let hostile = around("loop { }").replace("@at p. 1", "@at p. 1\n/// @functions consult");
    let page = small().rules("both", format!("{hostile}{second}")).evaluate();
    assert_eq!(page.result().failed_rules.keys().collect::<Vec<_>>(), ["hostile"]);
    assert!(page.result().arguments.iter().any(|argument| argument.rule == "sound"), "{:#?}", page.result().arguments);
    assert!(!page.result().arguments.iter().any(|argument| argument.rule == "hostile"));
    assert_eq!(page.answers("dam/XAA/relieve"), ("gap", "gap"));
}
