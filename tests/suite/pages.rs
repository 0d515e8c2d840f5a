//! Pages and graphs of everything that is shipped: sound, whole by themselves, and saying what the evaluation says.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use mandatum::answer::{Evaluated, Options};
use mandatum::graph::{Graph, graph};
use mandatum::render::brief::brief;
use mandatum::render::html::html;
use mandatum::render::page::{PageOptions, page};
use mandatum::session::Session;
use mandatum::shipped;
use scraper::{ElementRef, Html, Selector};

use crate::harness::{Pack, SCENARIO, WORLD, small};

fn all(page: &Html, selector: &str) -> Vec<String> {
    elements(page, selector).iter().map(|found| found.text().collect()).collect()
}

fn elements<'p>(page: &'p Html, selector: &str) -> Vec<ElementRef<'p>> {
    page.select(&Selector::parse(selector).expect("a selector")).collect()
}

fn values(page: &Html, attribute: &str) -> Vec<String> {
    let named = elements(page, &format!("[{attribute}]"));
    named.iter().filter_map(|found| found.attr(attribute)).map(str::to_owned).collect()
}

/// Whatever the page says: it is well formed, stands alone, and can be found one's way in.
fn sound(text: &str, whose: &str) -> Html {
    let page = Html::parse_document(text);
    assert!(page.errors.is_empty(), "{whose}: {:?}", page.errors);
    assert_eq!(values(&page, "lang"), ["en"], "{whose}");
    assert!(all(&page, "title").iter().all(|title| !title.is_empty()), "{whose} has no title");
    for landmark in ["h1", "main", "a.skip[href='#content']", "main[id=content]"] {
        assert_eq!(elements(&page, landmark).len(), 1, "{whose}: {landmark}");
    }
    // Nothing runs, and nothing comes from outside.
    for foreign in ["script", "link", "img", "iframe", "object", "[src]", "[onload]", "[onclick]", "[style]"] {
        assert!(elements(&page, foreign).is_empty(), "{whose}: {foreign}");
    }
    for style in all(&page, "style") {
        assert!(!style.contains("url(") && !style.contains("@import"), "{whose}: {style}");
    }
    let mut last = 0;
    for heading in elements(&page, "h1, h2, h3, h4, h5, h6") {
        let level: usize = heading.value().name().trim_start_matches('h').parse().expect("a level");
        assert!(level <= last + 1, "{whose}: {:?} jumps from {last}", heading.text().collect::<String>());
        last = level;
    }
    let ids = values(&page, "id");
    let once: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(once.len(), ids.len(), "{whose}: an id stands twice");
    for named in values(&page, "aria-labelledby") {
        assert!(once.contains(&named), "{whose}: nothing is called {named}");
    }
    for link in values(&page, "href") {
        let within = link.strip_prefix('#').is_some_and(|id| once.contains(&id.to_owned()));
        assert!(within || link.starts_with("http"), "{whose}: {link} leads nowhere");
    }
    let tables = elements(&page, "table").len();
    assert_eq!(elements(&page, "div.scroll[role=region][tabindex='0'] > table > caption").len(), tables, "{whose}");
    assert_eq!(elements(&page, "thead th:not([scope=col])").len(), 0, "{whose}");
    assert_eq!(elements(&page, "tbody th:not([scope=row])").len(), 0, "{whose}");
    page
}

/// The attackers of every argument, as the evaluation lists them and as the graph draws them.
fn compare(evaluated: &Evaluated, drawn: &Graph, whose: &str) -> usize {
    let known: BTreeMap<&str, &mandatum::graph::Argument> =
        drawn.arguments.iter().map(|own| (own.id.as_str(), own)).collect();
    let mut attackers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for attack in &drawn.attacks {
        let (Some(attacker), Some(_)) = (known.get(attack.attacker.as_str()), known.get(attack.target.as_str())) else {
            panic!("{whose}: an attack without its arguments: {attack:?}");
        };
        attackers.entry(&attack.target).or_default().insert(&attacker.argument);
    }
    let (mut listed, mut seen) = (0, BTreeSet::new());
    for own in &evaluated.evaluation.arguments {
        let wanted: BTreeSet<&str> = own.attackers.iter().map(String::as_str).collect();
        let found: Vec<_> = drawn
            .arguments
            .iter()
            .filter(|node| (&node.argument, &node.position) == (&own.id, &own.position))
            .filter(|node| node.account.is_none() || own.account.is_none() || node.account == own.account)
            .collect();
        assert!(wanted.is_empty() || !found.is_empty(), "{whose}: {} is attacked and not drawn", own.id);
        for node in found {
            assert_eq!(node.label, own.label, "{whose}: {}", node.id);
            let struck = attackers.get(node.id.as_str()).cloned().unwrap_or_default();
            assert_eq!(wanted, struck, "{whose}: {}", node.id);
            seen.insert(node.id.as_str());
        }
        listed += wanted.len();
    }
    let more: Vec<&&str> = attackers.keys().filter(|target| !seen.contains(*target)).collect();
    assert!(more.is_empty(), "{whose}: attacks that the evaluation does not know: {more:?}");
    listed
}

#[test]
fn every_shipped_scenario_makes_sound_pages_and_a_graph_of_exactly_its_attacks() {
    let (mut pages, mut attacks) = (0, 0);
    for pack in shipped::packs() {
        let session = Session::new(&shipped::pack(pack), None);
        for loaded in &session.pack.scenarios {
            let whose = format!("{pack}/{}", loaded.scenario.id);
            let evaluated = session.evaluate(loaded, &Options::default()).expect("a shipped scenario evaluates");
            let options = PageOptions { reveal_what_happened: true, ..PageOptions::default() };
            let text = html(&page(&evaluated.evaluation, &options));
            let shown = sound(&text, &whose);
            assert_eq!(all(&shown, "h1").concat(), evaluated.evaluation.title, "{whose}");
            for need in evaluated.evaluation.cases.iter().flat_map(|case| &case.needs) {
                assert!(text.contains(&need.function), "{whose} does not show {}", need.function);
            }
            sound(&html(&brief(&evaluated.evaluation, &loaded.scenario, &loaded.world)), &whose);
            attacks += compare(&evaluated, &graph(&evaluated, None).expect("a graph"), &whose);
            pages += 1;
        }
    }
    assert!(pages > 40 && attacks > 200, "{pages} pages, {attacks} attacks");
}

#[test]
fn a_pack_written_in_bad_faith_stays_text_on_a_page() {
    let nasty = "</style><script>alert(1)</script><img src=x onerror=alert(1)>";
    let scenario = SCENARIO
        .replace("A dam breaks", nasty)
        .replace("affected = [\"XAA\"]", &format!("affected = [\"XAA\"]\ntext = '{nasty}'\nneeds = [\"consult\"]"));
    let world = WORLD.replace("Aland", nasty).replace("The League", nasty);
    let evaluation = Pack::default().world(&world).scenario(&scenario).evaluate();
    let text = html(&page(evaluation.result(), &PageOptions::default()));
    let shown = sound(&text, "a nasty pack");
    assert_eq!(all(&shown, "h1"), [nasty]);
    assert!(text.matches("&lt;script&gt;").count() > 3, "{text}");
}

fn drawn(rules: &str, about: Option<&str>) -> Graph {
    let pack = small().rules("rules", format!("//! @source paper\n\n{rules}"));
    let session = pack.load();
    assert!(session.problems.is_empty(), "{:#?}", session.problems);
    let loaded = session.scenario("case").expect("the scenario");
    let evaluated = session.evaluate(loaded, &Options::default()).expect("an evaluation");
    graph(&evaluated, about).expect("a graph")
}

const RULES: &str = "
/// It does.
/// @at p. 1
fn one(situation) { passes(\"LEAGUE\", \"relieve\", \"competence\"); }

/// It does not.
/// @at p. 2
fn other(situation) { stops(\"LEAGUE\", \"relieve\", \"competence\", \"no\"); }

/// From that it does not follow.
/// @at p. 3
fn third(situation) { undercut(\"other\"); }

/// Alone.
/// @at p. 4
fn alone(situation) { passes(\"LEAGUE\", \"consult\", \"reach\"); }
";

#[test]
fn a_graph_holds_what_takes_part_in_an_attack_or_what_is_tied_to_what_was_asked() {
    let attacks = |graph: &Graph| -> Vec<String> {
        let named = |id: &str| id.split('@').next().unwrap_or_default().to_owned();
        let shown = graph.attacks.iter();
        shown.map(|own| format!("{} {} {}", named(&own.attacker), own.kind.as_str(), named(&own.target))).collect()
    };
    let whole = drawn(RULES, None);
    assert_eq!(attacks(&whole), ["one rebuts other", "other rebuts one", "third undercuts other"]);
    assert_eq!(whole.arguments.len(), 3, "{:#?}", whole.arguments);
    for about in ["third", "one@dam/XAA", "dam/XAA/relieve"] {
        let part = drawn(RULES, Some(about));
        for attack in attacks(&whole) {
            assert!(attacks(&part).contains(&attack), "{about}: {attack} in {:?}", attacks(&part));
        }
        assert!(part.arguments.iter().all(|own| !own.argument.starts_with("alone@")), "{about}");
    }
    let alone = drawn(RULES, Some("alone"));
    assert_eq!((alone.arguments.len(), alone.attacks.len()), (1, 0), "{alone:#?}");
}

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_mandatum"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary starts");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (ran.status.code(), text(&ran.stdout), text(&ran.stderr))
}

#[test]
fn the_commands_write_one_page_each_and_the_same_bytes_each_time() {
    for arguments in [
        &["evaluate", "primer"] as &[&str],
        &["brief", "primer"],
        &["explain", "primer/ladder", "raid/XBB/train", "--depth", "5"],
        &["what-if", "primer/ladder", "XBB leaves HARBOUR-LEAGUE"],
        &["compare", "primer/ladder", "primer/arguments"],
        &["claims", "arg-003-sco-second"],
        &["matrix"],
    ] {
        let arguments = [arguments, &["--format", "html"]].concat();
        let (exit, out, err) = run(&arguments);
        assert_eq!(exit, Some(0), "{arguments:?}: {err}");
        sound(&out, &arguments.join(" "));
        assert_eq!(run(&arguments).1, out, "{arguments:?}");
    }
    for format in ["dot", "mermaid", "json"] {
        let arguments = ["graph", "primer/arguments", "--format", format];
        let (exit, out, err) = run(&arguments);
        assert_eq!(exit, Some(0), "{err}");
        assert!(out.contains("fathom-beacons-drift@slick/XAA"), "{out}");
        assert_eq!(run(&arguments).1, out, "{format}");
    }
}

#[test]
fn a_graph_of_what_is_not_there_ends_with_two_and_what_is_near() {
    for (arguments, near) in [
        (["graph", "primer/ladder", "raid/XBB/trian"], "raid/XBB/train"),
        (["graph", "primer/arguments", "fathom-beacons"], "fathom-beacons-drift"),
        (["graph", "primer", "--format=json"], "name one of them"),
        (["graph", "primer/arguments", "--format=html"], "dot, mermaid, json"),
    ] {
        let (exit, out, err) = run(&arguments);
        assert_eq!((exit, out.as_str()), (Some(2), ""), "{arguments:?}: {err}");
        assert!(err.contains(near), "{arguments:?}: {err}");
    }
}
