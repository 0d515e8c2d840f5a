//! What the prompt knows beside expressions: its commands, and kinds of ids.

use mandatum::session::Session;

/// Commands: name, what it takes, what it does.
pub(super) const COMMANDS: &[(&str, &str, &str)] = &[
    (":case", "ID", "stand at this case"),
    (":state", "ID", "stand at this affected state"),
    (":account", "[ID]", "under this account; without one, under the first"),
    (":as-of", "[DATE]", "on this day; without one, the scenario's own"),
    (":lens", "[KEYS]", "take these papers at their word; without any, the record"),
    (":where", "", "where am I"),
    (":words", "[PREFIX]", "the words of the vocabulary, with their meanings"),
    (":ids", "KIND [PREFIX]", "what there is of a kind: threat, function, state, body, instrument, ..."),
    (":load", "FILE", "read a draft from a file of rules"),
    (":draft", "", "show the draft"),
    (":drop", "", "forget the draft"),
    (":paths", "", "every path of the draft, with what it says on each"),
    (":judge", "", "evaluate with the draft as one more rule, and show what moves"),
    (":save", "FILE", "write the draft as a file of rules; nothing is overwritten"),
    (":why", "ID", "explain a conclusion, such as case/STATE/function"),
    (":help", "", "this list"),
    (":quit", "", "end"),
];

/// A kind of ids, and where they stand.
type Kind = (&'static str, fn(&Session) -> Vec<String>);

/// Kinds of ids.
pub(super) const KINDS: &[Kind] = &[
    ("threat", |session| keys(&session.pack.world.threats.terms)),
    ("function", |session| keys(&session.pack.world.functions.terms)),
    ("state", |session| keys(&session.pack.world.states)),
    ("body", |session| keys(&session.pack.world.bodies)),
    ("instrument", |session| keys(&session.pack.world.instruments)),
    ("source", |session| keys(&session.pack.world.sources)),
    ("judgement", |session| keys(&session.pack.world.judgements)),
    ("question", |session| keys(&session.pack.world.questions)),
    ("proposition", |session| keys(&session.pack.world.propositions)),
    ("what-if", |session| keys(&session.pack.world.what_ifs)),
    ("rule", |session| keys(&session.rules.rules)),
    ("attribute", |session| {
        let mut all: Vec<String> = session.pack.world.attributes.iter().map(|row| row.attribute.clone()).collect();
        all.sort();
        all.dedup();
        all
    }),
];

fn keys<T>(map: &std::collections::BTreeMap<String, T>) -> Vec<String> {
    map.keys().cloned().collect()
}
