//! A pack of one sea, small enough to stand here: what the tests of the renderers look at.

use crate::answer::{Evaluated, Options, evaluate};
use crate::load::{Loaded, PackFiles, load};
use crate::rules::RuleSet;

const PACK: &str = r#"
id = "sea"
title = "Sea"
version = "1"
known_until = 2020-01-01
"#;

const WORLD: &str = r#"
[[source]]
key = "treaty"
title = "Treaty"
kind = "treaty"

[[state]]
id = "XAA"
name = "Aldermark"

[[state]]
id = "XBB"
name = "Brindle"

[[organisation]]
id = "LEAGUE"
name = "Harbour League"
source = "treaty"

[[instrument]]
id = "treaty-2001"
title = "Treaty"
kind = "treaty"
source = "treaty"
organisation = "LEAGUE"
signed = 2001-01-01
in_force = 2001-01-01

[[membership]]
state = "XAA"
organisation = "LEAGUE"
source = "treaty"
from = 2001-01-01

[[threat]]
id = "piracy"
name = "Piracy"
calls_for = ["inform", "interdict"]

[[function]]
id = "inform"
standing = true
definition = "Tell."
example = "A letter."
near_miss = "A rumour."

[[function]]
id = "interdict"
definition = "Stop."
example = "A chain."
near_miss = "A shout."

[[mandate]]
id = "league-inform"
holder = "LEAGUE"
functions = ["inform"]
threats = ["piracy"]
instrument = "treaty-2001"
locator = "art. 3"
source = "treaty"
decision = "none"
"#;

/// The head of a scenario about piracy on a day of 2010; cases follow.
pub(super) const HEAD: &str = r#"
title = "A raid"
date = 2010-05-01
question = "Who may act?"
what_happened = "The crew paid."
"#;

/// A scenario evaluated in the sea.
pub(super) fn sample(cases: &str) -> (Loaded, Evaluated) {
    let file = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
    let files = PackFiles {
        unopened: Vec::new(),
        world: [file("pack.toml", PACK), file("world/sea.toml", WORLD)].into(),
        scenarios: [file("raid.toml", &format!("{HEAD}{cases}"))].into(),
        rules: Default::default(),
        tests: Default::default(),
    };
    let mut pack = load(&files);
    assert!(!pack.problems.has_errors(), "{:?}", pack.problems.clone().sorted());
    let (rules, problems) = RuleSet::new(&files.rules, &pack.world, None);
    assert!(problems.is_empty(), "{problems:?}");
    let loaded = pack.scenarios.remove(0);
    match evaluate(&loaded, &rules, &Options::default()) {
        Ok(evaluated) => (loaded, evaluated),
        Err(unknown) => unreachable!("no account was asked for: {unknown:?}"),
    }
}

/// A document as a terminal without colours shows it.
pub(super) fn bare(document: &super::document::Document, width: usize) -> String {
    anstream::adapter::strip_str(&super::terminal::terminal(document, width)).to_string()
}
