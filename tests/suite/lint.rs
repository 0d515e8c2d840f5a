//! Lints: each fires on a small example and is silent on its repaired twin; what is let be; the formats; the exit codes.

#![expect(clippy::panic, clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mandatum::lint::{self, ALLOW_CODES, LINTS, Linted, Seen, lint_pack};
use mandatum::load::PackFiles;
use mandatum::session::Session;
use mandatum::shipped;
use serde_json::Value;

use super::harness::{Pack, small};

fn linted(files: &PackFiles) -> Linted {
    let session = Session::new(files, None);
    assert!(session.usable(), "{:#?}", session.problems);
    let mut seen = Seen::default();
    for loaded in &session.pack.scenarios {
        let (_, wrong) = lint::look(&session, loaded, &mut seen);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
    lint_pack(&session, &seen, true)
}

fn codes(pack: &Pack) -> BTreeSet<&'static str> {
    linted(pack.files()).found.into_iter().map(|problem| problem.code).collect()
}

/// What `mandatum new` writes.
fn blank() -> PackFiles {
    let mut files = PackFiles { rules: shipped::core_rules().collect(), ..PackFiles::default() };
    let read = |name: &str| fs::read(root().join("src/cli").join(name)).expect("a file of the blank pack");
    files.world.insert("pack.toml".into(), b"id = \"blank\"\ntitle = \"Blank\"\n".to_vec());
    files.world.insert("world/world.toml".into(), read("blank_world.toml"));
    files.scenarios.insert("first.toml".into(), read("blank_scenario.toml"));
    files.rules.insert("rules/charter.rhai".into(), read("blank_rule.rhai"));
    files
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The examples of a page: kind, verdict, text.
fn fences(page: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
        let words: Vec<&str> = info.split(' ').collect();
        let [_, kind, verdict] = words.as_slice() else { panic!("no example: {info}") };
        let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        found.push(((*kind).to_owned(), (*verdict).to_owned(), text.join("\n") + "\n"));
    }
    found
}

#[test]
fn every_page_shows_what_its_lint_finds_and_how_to_put_it_right() {
    for code in LINTS.iter().map(|lint| lint.code).chain(ALLOW_CODES.iter().copied()) {
        let page = shipped::problem_page(code).unwrap_or_else(|| panic!("no page about {code}"));
        for verdict in ["bad", "good"] {
            let mut files = blank();
            let mut used = 0;
            for (index, (kind, of, text)) in fences(page).into_iter().enumerate() {
                if of != verdict && of != "both" {
                    continue;
                }
                used += 1;
                match kind.as_str() {
                    "scenario" => {
                        let own = files.scenarios.get_mut("first.toml").expect("the scenario");
                        own.extend_from_slice(format!("\n{text}").as_bytes());
                    }
                    "world" => _ = files.world.insert(format!("world/{index}.toml"), text.into_bytes()),
                    "rules" => _ = files.rules.insert(format!("rules/{index}.rhai"), text.into_bytes()),
                    other => panic!("{code}: no kind {other}"),
                }
            }
            assert!(used > 0, "{code} has no {verdict} example");
            let found: Vec<&str> = linted(&files).found.iter().map(|problem| problem.code).collect();
            assert_eq!(found.contains(&code), verdict == "bad", "{code}, {verdict}: {found:?}");
        }
    }
}

#[test]
fn what_new_writes_is_clean() {
    let linted = linted(&blank());
    assert!(linted.found.is_empty(), "{:#?}", linted.found);
    assert_eq!(linted.allowed.len(), 1);
}

/// The small pack with a rule whose body is given.
fn ruled(tags: &str, body: &str) -> Pack {
    let rule = format!("//! @source charter\n\n/// @at art. 1\n{tags}fn own_rule(situation) {{\n{body}\n}}\n");
    small().rules("own", rule)
}

#[test]
fn conditions_are_compared_and_not_their_wording() {
    let twin = |body: &str| {
        ruled("", "if situation.acknowledged() && situation.transborder() { stops(\"LEAGUE\", \"consult\", \"occasion\", \"a\"); }")
            .rules("twin", format!("//! @source charter\n/// @at art. 2\nfn twin_rule(situation) {{ {body} }}\n"))
    };
    let swapped = "if !situation.transborder() { return; } if situation.acknowledged() { stops(\"LEAGUE\", \"consult\", \"occasion\", \"b\"); }";
    assert!(codes(&twin(swapped)).contains("identical-rule"));
    let wider = "if situation.acknowledged() { stops(\"LEAGUE\", \"consult\", \"occasion\", \"b\"); }";
    let found = codes(&twin(wider));
    assert!(found.contains("shadowed-rule") && !found.contains("identical-rule"), "{found:?}");
    let other = "if situation.is_dispute() { stops(\"LEAGUE\", \"consult\", \"occasion\", \"b\"); }";
    let found = codes(&twin(other));
    assert!(!found.contains("shadowed-rule") && !found.contains("identical-rule"), "{found:?}");
    // Another author who argues alike is another argument.
    let paper = ruled("", swapped)
        .rules("paper", format!("//! @source paper\n/// @at p. 2\nfn paper_rule(situation) {{ {swapped} }}\n"));
    let found = codes(&paper);
    assert!(!found.contains("shadowed-rule") && !found.contains("identical-rule"), "{found:?}");
}

#[test]
fn a_rule_that_somebody_attacks_shadows_nothing() {
    let rules = |more: &str| {
        let text = format!(
            "//! @source charter\n/// @at a\nfn narrow(situation) {{ if situation.acknowledged() {{ passes(\"LEAGUE\", \"consult\", \"occasion\"); }} }}\n\
             /// @at b\nfn broad(situation) {{ passes(\"LEAGUE\", \"consult\", \"occasion\"); }}\n{more}"
        );
        codes(&small().rules("own", text))
    };
    assert!(rules("").contains("shadowed-rule"));
    let attacked = "/// @at c\nfn against(situation) { if situation.is_dispute() { undercut(\"broad\"); } }\n";
    assert!(!rules(attacked).contains("shadowed-rule"));
}

#[test]
fn a_threat_outside_the_guard_is_a_dead_branch_and_one_under_it_is_none() {
    let threats = "[[threat]]\nid = \"surge\"\nname = \"surge\"\nis_a = [\"flood\"]\n\n[[threat]]\nid = \"quake\"\nname = \"quake\"\n";
    let asks = |threat: &str| {
        let body = format!("if situation.threat_is(\"{threat}\") {{ passes(\"LEAGUE\", \"consult\", \"occasion\"); }}");
        codes(&ruled("/// @threats flood\n", &body).world(threats))
    };
    assert!(asks("quake").contains("dead-branch"));
    assert!(!asks("surge").contains("dead-branch"));
    // Of two threats in a guard, the body may ask for the second.
    let two = ruled(
        "/// @threats flood, quake\n",
        "if situation.threat_is(\"quake\") { passes(\"LEAGUE\", \"consult\", \"occasion\"); }",
    );
    let found = codes(&two.world(threats));
    assert!(!found.contains("dead-branch") && found.contains("wide-guard"), "{found:?}");
}

#[test]
fn what_is_asked_by_its_absence_is_not_waited_for() {
    let zone = |not: &str| {
        let body = format!(
            "if {not}situation.zoned(\"LEAGUE\", \"XAA\") {{ passes(\"LEAGUE\", \"consult\", \"occasion\"); }}"
        );
        codes(&ruled("", &body))
    };
    assert!(zone("").contains("never-set"));
    assert!(!zone("!").contains("never-set"));
}

#[test]
fn a_text_may_name_what_the_path_asked_for() {
    let text = |asked: &str, why: &str| {
        let body = format!("if {asked} {{ stops(\"LEAGUE\", \"consult\", \"occasion\", \"{why}\"); }}");
        codes(&ruled("", &body)).contains("unasked-text")
    };
    assert!(text("situation.acknowledged()", "Beland keeps away"));
    assert!(!text("situation.has_member(\"LEAGUE\", \"XBB\")", "Beland keeps away"));
    assert!(text("situation.acknowledged()", "three or 3 states"));
    assert!(!text("situation.affected_at_least(3)", "three or 3 states"));
    assert!(!text("situation.acknowledged()", "The League talks under its charter"), "its own argument and source");
    assert!(!text("situation.acknowledged()", "a league of states, and Belanders"), "no names");
}

#[test]
fn expectations_that_repeat_or_weaken_another_are_idle() {
    let cell = "[[expect]]\ncell = \"dam/XAA/consult\"\non_paper = \"one-holder\"\n";
    let more = format!("{cell}available = \"one-holder\"\n");
    assert!(codes(&small().more(cell).more(cell)).contains("idle-expectation"));
    assert!(codes(&small().more(cell).more(&more)).contains("idle-expectation"));
    assert!(!codes(&small().more(&more)).contains("idle-expectation"));
    let later = format!("{cell}as_of = 2012-01-01\n");
    assert!(!codes(&small().more(cell).more(&later)).contains("idle-expectation"), "another day is another question");
    let stray = "[[expect]]\nargument = \"own-rule@damm/XAA\"\nlabel = \"absent\"\n";
    let ruled = ruled("", "if situation.is_dispute() { passes(\"LEAGUE\", \"consult\", \"occasion\"); }");
    assert!(codes(&ruled.clone().more(stray)).contains("idle-expectation"));
    assert!(!codes(&ruled.more(&stray.replace("damm", "dam"))).contains("idle-expectation"));
}

#[test]
fn what_is_contrary_on_one_path_is_found_whatever_is_said() {
    let theses = "[[proposition]]\nid = \"wet\"\ntext = \"It is wet.\"\nsource = \"charter\"\nrivals = [\"dry\"]\n\n[[proposition]]\nid = \"dry\"\ntext = \"It is dry.\"\nsource = \"charter\"\n";
    let found = |body: &str| codes(&ruled("", body).world(theses)).contains("contradicts-itself");
    assert!(found("needs(\"relieve\"); not_needed(\"relieve\");"));
    assert!(!found("needs(\"relieve\"); not_needed(\"consult\");"));
    assert!(found("asserts(\"wet\"); denies(\"wet\");"));
    assert!(found("asserts(\"wet\"); asserts(\"dry\");"), "declared rivals");
    assert!(!found("asserts(\"wet\"); denies(\"dry\");"));
    let passes = "passes(\"LEAGUE\", \"consult\", \"occasion\");";
    assert!(!found(&format!("{passes} stops(\"LEAGUE\", \"consult\", \"request\", \"a\");")), "another step");
    assert!(!found(&format!("{passes} stops(\"LEAGUE\", \"relieve\", \"occasion\", \"a\");")), "another function");
    assert!(
        !found(&format!(
            "if situation.acknowledged() {{ {passes} }} if !situation.acknowledged() {{ stops(\"LEAGUE\", \"consult\", \"occasion\", \"a\"); }}"
        )),
        "another path"
    );
}

#[test]
fn a_guard_that_is_never_asked_is_wide() {
    let found = |tags: &str, body: &str| codes(&ruled(tags, body)).contains("wide-guard");
    assert!(found("/// @functions relieve\n", "if situation.acknowledged() { needs(\"relieve\"); }"));
    assert!(!found("/// @threats flood\n", "if situation.acknowledged() { needs(\"relieve\"); }"));
    assert!(found("/// @functions relieve, consult\n", "passes(\"LEAGUE\", \"consult\", \"occasion\");"));
    assert!(!found("/// @functions consult\n", "passes(\"LEAGUE\", \"consult\", \"occasion\");"));
}

#[test]
fn rows_behind_an_answer_are_told_from_those_that_are_not() {
    let more = "[[capability]]\nid = \"boats\"\nholder = \"LEAGUE\"\nfunctions = [\"relieve\"]\nlevel = \"used\"\nsource = \"charter\"\n";
    let unread = |pack: &Pack| {
        let session = pack.load();
        let mut seen = Seen::default();
        for loaded in &session.pack.scenarios {
            seen.add(&session.evaluate(loaded, &Default::default()).expect("it evaluates"));
        }
        let rows = seen.facts.unread(&session.pack.world);
        rows.into_iter().map(|row| row.id).collect::<Vec<String>>()
    };
    assert_eq!(unread(&small()), Vec::<String>::new(), "the mandate and both members stand in two rows, both read");
    assert_eq!(unread(&small().world(more)), ["boats"]);
    let asks =
        "if situation.capable(\"LEAGUE\", \"relieve\", \"used\") { passes(\"LEAGUE\", \"relieve\", \"competence\"); }";
    assert_eq!(unread(&ruled("", asks).world(more)), Vec::<String>::new());
}

// --- What is let be ------------------------------------------------------------------------------------------------------

#[test]
fn a_finding_is_let_be_where_it_is_meant_and_nowhere_else() {
    let drought = "[[threat]]\nid = \"drought\"\nname = \"drought\"\n";
    let allow = "allow unmentioned-term: the texts are silent";
    let base = linted(small().files()).found.len();
    let count = |text: &str| {
        let linted = linted(small().world(text).files());
        (linted.found.len() - base, linted.allowed.len())
    };
    assert_eq!(count(drought), (1, 0));
    assert_eq!(count(&format!("# {allow}\n{drought}")), (0, 1), "over the row");
    assert_eq!(count(&format!("# {allow}\n# and more\n\n{drought}")), (0, 1), "over a comment over the row");
    assert_eq!(count(&drought.replacen("]]\n", &format!("]] # {allow}\n"), 1)), (0, 1), "behind its head");
    assert_eq!(
        count(&format!("# {allow}\n[[threat]]\nid = \"surge\"\nname = \"s\"\nis_a = [\"flood\"]\n{drought}")),
        (2, 0),
        "over another row, which has nothing to allow"
    );
    let told = drought.replace("name = \"drought\"", "name = \"\"\"\n# allow unmentioned-term: no\n\"\"\"");
    assert_eq!(count(&told), (1, 0), "in a text");
    assert_eq!(count(&format!("# allow for what follows: it is a sketch\n{drought}")), (1, 0), "a sentence");
    assert_eq!(count(&format!("# allow unmentioned-term\n{drought}")), (2, 0), "without a reason");
    let pack = "id = \"small\"\ntitle = \"Small\"\n[[allow]]\ncode = \"unmentioned-term\"\nreason = \"a sketch\"\n";
    let mut files = small().world(drought).files().clone();
    files.world.insert("pack.toml".into(), pack.as_bytes().to_vec());
    let linted = linted(&files);
    assert!(!linted.found.iter().any(|own| own.code == "unmentioned-term"), "{:#?}", linted.found);
    assert_eq!(linted.allowed.len(), base + 1, "the function without a mandate too");
    assert!(linted.allowed.iter().all(|own| own.reason == "a sketch"));
}

#[test]
fn rules_let_be_by_function_and_by_file() {
    let text = |head: &str, tag: &str| {
        format!(
            "//! @source charter\n{head}\n/// @at art. 1\n{tag}fn own_rule(situation) {{ if situation.is_dispute() {{ passes(\"LEAGUE\", \"consult\", \"occasion\"); }} }}\n\n/// @at art. 2\nfn other_rule(situation) {{ if situation.is_dispute() {{ passes(\"LEAGUE\", \"relieve\", \"competence\"); }} }}\n"
        )
    };
    let silent = |head: &str, tag: &str| {
        let linted = linted(small().rules("own", text(head, tag)).files());
        let found = linted.found.iter().filter(|own| own.code == "never-speaks").count();
        (found, linted.allowed.len())
    };
    assert_eq!(silent("", ""), (2, 0));
    assert_eq!(silent("", "/// @allow never-speaks: no quarrel yet\n"), (1, 1));
    assert_eq!(silent("//! @allow never-speaks: no quarrel yet", ""), (0, 2));
    assert!(small().rules("own", text("//! @allow never-speaks: no", "")).problems().is_empty(), "the tag is known");
}

#[test]
fn a_slip_in_an_allow_is_named_with_what_is_near() {
    let found = linted(small().world("# allow unread-fct: why\n[[state]]\nid = \"XCC\"\nname = \"C\"\n").files()).found;
    let slip = found.iter().find(|own| own.code == "unknown-lint").expect("it is found");
    assert!(slip.help.as_ref().is_some_and(|help| help.contains("unread-fact")), "{slip:#?}");
    let found = linted(small().world("# allow unknown-id: why\n[[state]]\nid = \"XCC\"\nname = \"C\"\n").files()).found;
    assert!(found.iter().any(|own| own.code == "unknown-lint"), "errors of the loader cannot be allowed");
}

// --- The command ---------------------------------------------------------------------------------------------------------

fn check(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mandatum"))
        .arg("check")
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the binary starts");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// A pack in a folder, with one warning, one error and one finding that is allowed; or with a file that cannot be used.
fn folder(broken: bool) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder to write in");
    let pack = folder.path().join("my pack");
    let made = Command::new(env!("CARGO_BIN_EXE_mandatum")).arg("new").arg(folder.path().join("blank")).output();
    assert!(made.expect("the binary starts").status.success());
    fs::rename(folder.path().join("blank"), &pack).expect("moved");
    let more = if broken {
        "[[threat]]\nid = \"drought\"\nname = \"drought\"\nis_a = [\"floood\"]\n"
    } else {
        "[[threat]]\nid = \"drought\"\nname = \"Dürre 𝄞\"\n"
    };
    fs::write(pack.join("world/more.toml"), more).expect("a file");
    let rule = "//! @source charter\n\n/// @at art. 9\nfn charter_9(situation) {\n    if \"𝄞\" == \"x\" { return; } stops(\"LEAGUE\", \"consult\", \"request\", \"100%: a, b\"); passes(\"LEAGUE\", \"consult\", \"request\");\n}\n";
    fs::write(pack.join("rules/nine.rhai"), rule).expect("a file");
    (folder, pack)
}

#[test]
fn exit_codes_tell_warnings_errors_and_what_cannot_be_used() {
    assert_eq!(check(&["primer"]).0, Some(0));
    assert_eq!(check(&["primer", "--fail-on", "warning"]).0, Some(0));
    assert_eq!(check(&["docs/examples/tallinn-2007", "--fail-on", "warning"]).0, Some(0));
    let seminar = check(&["docs/examples/raid.toml", "--rules", "docs/examples/seminar-rules", "--fail-on", "warning"]);
    assert_eq!(seminar.0, Some(0), "{}", seminar.2);
    let (_kept, pack) = folder(false);
    let pack = pack.to_string_lossy().into_owned();
    let (exit, out, err) = check(&[&pack]);
    assert_eq!(exit, Some(1), "{err}");
    assert!(err.contains("contradicts-itself") && err.contains("unmentioned-term"), "{err}");
    assert!(out.contains("allowed"), "{out}");
    fs::remove_file(Path::new(&pack).join("rules/nine.rhai")).expect("removed");
    assert_eq!(check(&[&pack]).0, Some(0), "warnings alone are no failure");
    assert_eq!(check(&[&pack, "--fail-on", "warning"]).0, Some(1));
    let (_kept, pack) = folder(true);
    assert_eq!(check(&[&pack.to_string_lossy()]).0, Some(2));
    assert_eq!(check(&["primer", "--rule-coverage"]).0, Some(2), "gone");
}

#[test]
fn machines_are_told_on_standard_output_even_what_cannot_be_used() {
    let (_kept, pack) = folder(true);
    let pack = pack.to_string_lossy().into_owned();
    for format in ["json", "sarif", "github", "short"] {
        let (exit, out, err) = check(&[&pack, "--format", format]);
        assert_eq!(exit, Some(2), "{format}");
        assert!(err.is_empty(), "{format}: {err}");
        assert!(out.contains("unknown-id") && out.contains("floood"), "{format}: {out}");
        let (exit, out, err) = check(&["no-such-pack", "--format", format]);
        assert_eq!(exit, Some(2), "{format}");
        assert!(err.is_empty() && out.contains("not-found"), "{format}: {out}{err}");
    }
}

#[test]
fn json_holds_what_was_found_and_what_was_allowed() {
    let (_kept, pack) = folder(false);
    let (_, out, _) = check(&[&pack.to_string_lossy(), "--format", "json"]);
    let told: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(told["schema"], "mandatum/check/1");
    assert_eq!(told["usable"], true);
    let problems = told["problems"].as_array().expect("problems");
    let contrary = problems.iter().find(|own| own["code"] == "contradicts-itself").expect("it is found");
    assert_eq!(contrary["severity"], "error");
    assert_eq!(contrary["places"][0]["line"], 5);
    assert_eq!(told["allowed"][0]["problem"]["code"], "unmentioned-term");
    assert!(told["allowed"][0]["reason"].as_str().is_some_and(|reason| reason.contains("gap")));
}

#[test]
fn sarif_counts_in_utf_16_and_every_result_has_its_rule() {
    let (_kept, pack) = folder(false);
    let (_, out, _) = check(&[&pack.to_string_lossy(), "--format", "sarif"]);
    let told: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(told["version"], "2.1.0");
    let run = &told["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for rule in rules {
        assert!(["error", "warning"].contains(&rule["defaultConfiguration"]["level"].as_str().expect("a level")));
        assert!(rule["shortDescription"]["text"].is_string() && rule["help"]["text"].is_string(), "{rule}");
    }
    let results = run["results"].as_array().expect("results");
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a place");
        assert!(uri.starts_with("file:///") && uri.contains("my%20pack") && !uri.contains(' '), "{uri}");
    }
    let contrary = results.iter().find(|own| own["ruleId"] == "contradicts-itself").expect("it is found");
    let line = fs::read_to_string(pack.join("rules/nine.rhai")).expect("the rule");
    let line = line.lines().nth(4).expect("the line");
    let column = line[..line.find("passes(").expect("it stands there")].encode_utf16().count() + 1;
    assert_eq!(contrary["locations"][0]["physicalLocation"]["region"]["startColumn"], column);
    assert_ne!(column, line.chars().take_while(|letter| *letter != 'p').count(), "the line holds a wide letter");
    let suppressed: Vec<&Value> = results.iter().filter(|own| own["suppressions"].is_array()).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0]["suppressions"][0]["kind"], "inSource");
}

#[test]
fn lines_for_editors_and_workflows_stay_lines() {
    let (_kept, pack) = folder(false);
    let (_, out, _) = check(&[&pack.to_string_lossy(), "--format", "short"]);
    for line in out.lines() {
        let (place, message) = line.split_once(": ").expect("a place and a message");
        let numbers: Vec<&str> = place.rsplitn(3, ':').collect();
        assert!(numbers[0].parse::<usize>().is_ok() && numbers[1].parse::<usize>().is_ok(), "{line}");
        assert!(message.starts_with("error[") || message.starts_with("warning["), "{line}");
    }
    assert!(out.lines().count() >= 2, "{out}");
    let (_, out, _) = check(&[&pack.to_string_lossy(), "--format", "github"]);
    for line in out.lines() {
        assert!(line.starts_with("::error file=") || line.starts_with("::warning file="), "{line}");
        let (properties, _) = line[2..].split_once("::").expect("properties and a message");
        assert!(properties.split(',').all(|property| property.contains('=')), "{line}");
    }
    assert!(out.contains("%0Ahelp: "), "{out}");
}
