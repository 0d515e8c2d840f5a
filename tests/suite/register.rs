//! The register of the shipped pack: the matrix against an inventory made apart from it, disagreements, codes, the handbook.

#![expect(clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mandatum::answer::{Options, Semantics};
use mandatum::matrix::matrix;
use mandatum::premises::premises;
use mandatum::register;
use mandatum::render::handbook::handbook;
use mandatum::render::markdown::markdown;
use mandatum::session::{Readings, Session};
use mandatum::shipped;
use mandatum::world::Grade;

use crate::harness::small;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pack() -> Session {
    Session::new(&shipped::pack(shipped::DEFAULT_PACK), None)
}

/// How an inventory of the five papers, made before the pack's statements and apart from them, marks the same cells:
/// SCO, RATS, CSTO, CIS, UN and OSCE, EU and NATO, national.
const INVENTORY: &str = "
terrorism              ● ● ● ● ○ ○ ●
religious-extremism    ● ● ○ ○ – – ●
separatism             ● ● – – ○ – –
fighters               ● ● – – – – ●
channels               ● ○ ○ – – – ○
finance                ● ○ – – ○ – –
drugs                  ● ○ ● – ○ ○ –
drug-capture           – – – – – – –
arms                   ○ ○ ○ – – – –
organised-crime        ● – ● – – – –
illegal-migration      – ○ ● – – – –
information            ● – ● – – – ○
incursion              ○ – ● ○ – – ●
incursion-uzbekistan   ○ – – ○ – – ●
incursion-turkmenistan – – – – ○ – ●
interstate-attack      – – ● – ○ – ●
border-dispute         ● – ○ – – – –
water                  – – – – – – –
environment            ○ – – – – – –
corruption             ○ – ○ ○ – ○ ○
power-transition       – ○ – – – ○ ○
violent-overthrow      ○ ○ ○ – – – ●
communities            ○ – ● ○ ○ – –
economy                ○ – – – – ○ ○
epidemic               ○ ○ ○ – – – –
emergency              – – ● – – – –
crisis                 – P ● – – – –
air-space              – – ● ● – – –
peacekeeping           ○ – ● ● ● – –
energy                 P – – – – ● –
afghanistan            ● – ○ – ○ ● ○
outside-powers         ● – – – – – ●
";

/// At most ten cells differ, and the documentation lists as many as do.
#[test]
fn the_matrix_is_the_inventorys_but_for_the_cells_that_the_documentation_explains() {
    let session = pack();
    let computed = matrix(&session);
    let mark = |grade: Option<Grade>| match grade {
        Some(Grade::Explicit) => "●",
        Some(Grade::Passing) => "○",
        Some(Grade::Planned) => "P",
        None => "–",
    };
    let rows: BTreeMap<&str, Vec<&str>> = INVENTORY
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.collect()))
        })
        .collect();
    let ids: Vec<&str> = computed.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(rows.len(), 32, "the inventory has 32 rows");
    assert!(ids.len() == 32 && ids.iter().all(|id| rows.contains_key(id)), "{ids:?}");
    let mut differ = Vec::new();
    for row in &computed.rows {
        let there = &rows[row.id.as_str()];
        assert_eq!((there.len(), row.cells.len()), (7, 7));
        for (column, (cell, there)) in computed.columns.iter().zip(row.cells.iter().zip(there)) {
            if mark(cell.grade) != *there {
                differ.push(format!("{}/{}: {} here, {there} there", row.id, column[0], mark(cell.grade)));
            }
        }
    }
    assert!(differ.len() <= 10, "{}", differ.join("\n"));
    let page = fs::read_to_string(root().join("docs/register.md")).expect("the page");
    let explained = page.split("| cell | here | there | why |").nth(1).expect("the table of differing cells");
    let marks = |text: &str| match text {
        "task named" => "●",
        "planned" => "P",
        "in passing" => "○",
        _ => "–",
    };
    let explained: Vec<String> = explained
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let cell = cells[1].trim_matches('`');
            assert!(cells[4].len() > 20, "{cell} is explained in words");
            format!("{cell}: {} here, {} there", marks(cells[2]), marks(cells[3]))
        })
        .collect();
    assert_eq!(explained, differ, "docs/register.md explains each cell that differs");
}

/// A mark rests on statements alone: without them there is none, and every statement names a paper and a place.
#[test]
fn every_mark_of_the_matrix_has_a_paper_and_a_place() {
    let mut session = pack();
    let sources = session.pack.world.sources.clone();
    for cell in matrix(&session).rows.iter().flat_map(|row| &row.cells) {
        assert_eq!(cell.grade.is_some(), !cell.statements.is_empty());
        for said in &cell.statements {
            assert!(sources.get(&said.source).is_some_and(|source| source.lens), "{}: {}", said.id, said.source);
            assert!(!said.locator.is_empty() && !said.text.is_empty(), "{}", said.id);
        }
    }
    // The firmest statement marks the cell; without it, the next one does.
    let before = matrix(&session);
    let several = |row: &mandatum::matrix::Row| row.cells.iter().position(|cell| cell.statements.len() > 1);
    let (row, column) = before
        .rows
        .iter()
        .enumerate()
        .find_map(|(at, row)| several(row).map(|column| (at, column)))
        .expect("some cell rests on several statements");
    for said in &before.rows[row].cells[column].statements {
        let left = matrix(&session).rows[row].cells[column].clone();
        assert_eq!(left.grade, left.statements.first().map(|first| first.grade));
        session.pack.register.ascribed.remove(&said.id);
    }
    assert_eq!(matrix(&session).rows[row].cells[column].grade, None);
}

/// What attacks are tied to scenarios is seen by `register::unseen`; here: that every disagreement has such an attack.
#[test]
fn every_disagreement_can_be_seen_in_a_scenario() {
    let session = pack();
    let register = &session.pack.register;
    assert!(register.disagreements.len() >= 31, "{}", register.disagreements.len());
    for disagreement in register.disagreements.values() {
        assert!(!disagreement.attacks.is_empty(), "{} is between nobody", disagreement.id);
    }
    let nowhere =
        register.disagreements.values().filter(|own| own.attacks.iter().all(|at| at.scenario.is_none())).count();
    assert!(nowhere <= 2, "{nowhere} disagreements are to be seen nowhere");
}

/// Claims of every use but background are realised by a rule and shown somewhere.
#[test]
fn only_background_goes_without_a_rule() {
    let session = pack();
    let rules = register::realised(&session);
    let claims = &session.pack.register.claims;
    assert_eq!(claims.len(), 204);
    let silent: Vec<&str> =
        claims.values().filter(|claim| !rules.contains_key(claim.id.as_str())).map(|claim| claim.id.as_str()).collect();
    let background = claims.values().filter(|claim| claim.usage == mandatum::world::ClaimUse::Context).count();
    assert_eq!((silent.len(), background), (14, 14), "{silent:?}");
    for claim in claims.values().filter(|claim| rules.contains_key(claim.id.as_str())) {
        assert!(!claim.shown.is_empty(), "{} shows nowhere", claim.id);
        assert!(claim.shown.iter().any(|shown| !shown.gone.is_empty()), "{} is never taken away", claim.id);
    }
}

#[test]
fn the_shipped_handbook_and_codebook_are_current() {
    let session = pack();
    let mut stale = Vec::new();
    let pages = handbook(&session);
    assert_eq!(pages.len(), 11);
    for page in pages {
        let path = root().join("docs").join(page.file);
        if fs::read_to_string(&path).ok().as_deref() != Some(markdown(&page.document).as_str()) {
            stale.push(page.file);
        }
    }
    assert!(stale.is_empty(), "run `cargo run --release -- docs central-asia`: {stale:?}");
}

#[test]
fn a_codebook_that_leaves_a_word_out_is_a_problem() {
    let mut session = pack();
    assert!(register::uncoded(&session).is_empty());
    let key = session.pack.register.codes.keys().next().expect("a code").clone();
    session.pack.register.codes.remove(&key);
    let found = register::uncoded(&session);
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains(&key.1), "{}", found[0].message);
    // A pack that defines no word keeps no codebook.
    session.pack.register.codes.clear();
    assert!(register::uncoded(&session).is_empty());
}

/// An attack that no argument carries out is named, and so is one of another kind than the register says.
#[test]
fn an_attack_that_cannot_be_seen_is_a_problem() {
    let world = |kind: &str| {
        format!(
            r#"
[[claim]]
id = "arg-one"
source = "paper"
locator = "p. 1"
kind = "gap"
use = "rule"
text = "Nobody relieves."

[[claim]]
id = "arg-two"
source = "paper"
locator = "p. 2"
kind = "gap"
use = "rule"
text = "That does not follow."

[[disagreement]]
id = "dis"
question = "Does anybody relieve?"
text = "One says nobody."

[[disagreement.attack]]
from = ["arg-two"]
on = ["arg-one"]
kind = "{kind}"
scenario = "case"
"#
        )
    };
    let rules = "//! @source paper\n\n/// Nobody relieves.\n///\n/// @at p. 1\n/// @claim arg-one\nfn nobody(situation) {\n    flag_gap(\"relieve\", \"nobody\");\n}\n\n/// It does not follow.\n///\n/// @at p. 2\n/// @claim arg-two\nfn no_matter(situation) {\n    undercut(\"nobody\");\n}\n";
    let seen = |kind: &str| {
        let session = small().world(&world(kind)).rules("paper.rhai", rules).load();
        assert!(session.problems.is_empty(), "{:#?}", session.problems);
        let loaded = &session.pack.scenarios[0];
        register::unseen(&mut Readings::new(&session), loaded).iter().map(|problem| problem.code).collect::<Vec<&str>>()
    };
    assert_eq!(seen("undercut"), Vec::<&str>::new());
    assert_eq!(seen("rebut"), ["unseen-attack"]);
}

/// Two papers, one fact: the question is named with both answers and the row of each.
#[test]
fn readings_part_over_facts_in_two_versions() {
    let session = pack();
    let loaded = session.scenario("moscow-plot-2018").expect("it is shipped");
    let through = |lens: &str| {
        let options = Options { lenses: [lens.to_owned()].into(), ..Options::default() };
        session.evaluate(loaded, &options).expect("it evaluates")
    };
    let (one, other) = (through("selezniov-2017"), through("anon-kz-2010"));
    assert!(premises(&one, &one).is_empty());
    let found = premises(&one, &other);
    assert!(!found.is_empty(), "these two papers state facts otherwise");
    let swapped = premises(&other, &one);
    assert_eq!(found.len(), swapped.len(), "what parts two readings parts them both ways");
    for (a, b) in found.iter().zip(&swapped) {
        assert_eq!((a.answers[0], a.answers[1]), (b.answers[1], b.answers[0]), "{}", a.question);
        assert_ne!(a.answers[0], a.answers[1], "{}", a.question);
    }
}

/// The grounded labels stay; what can be held together is told beside them, and only if asked for.
#[test]
fn rival_positions_are_told_only_where_nothing_decides() {
    let session = pack();
    let loaded = session.scenario("kabul-2021").expect("it is shipped");
    let plain = session.evaluate(loaded, &Options::default()).expect("it evaluates").evaluation;
    assert!(plain.rivalries.is_none());
    let options = Options { semantics: Semantics::Preferred, ..Options::default() };
    let asked = session.evaluate(loaded, &options).expect("it evaluates").evaluation;
    assert_eq!(plain.arguments, asked.arguments);
    let rivalries = asked.rivalries.expect("they were asked for");
    assert!(rivalries.iter().any(|rivalry| rivalry.positions.len() > 1));
    for rivalry in &rivalries {
        assert!(rivalry.complete && !rivalry.positions.is_empty(), "{rivalry:?}");
        for position in &rivalry.positions {
            assert!(rivalry.shared.iter().all(|own| position.contains(own)));
        }
    }
}
