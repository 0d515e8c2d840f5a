//! The codebook: what each function and each word of a closed list means, and when to use it.

use crate::render::document::{Document, Line, Style, plain, span};
use crate::session::Session;
use crate::world::{Code, CodeList, Term};

pub(super) fn page(session: &Session) -> Document {
    let (world, register) = (&session.pack.world, &session.pack.register);
    let mut document = Document::default();
    document.heading(1, "The codebook");
    if register.codes.is_empty() {
        return document;
    }
    document.paragraph(vec![
        plain("Written from the pack "),
        span(Style::Code, &world.pack.id),
        plain(": what each of its functions and each word of the closed lists means, when to use it, what only looks like it, and a clause that it fits."),
    ]);
    document.heading(2, "Functions");
    document.paragraph(vec![plain(
        "A function is what a response has to do. Standing means that no request and no decision is needed unless a text asks for one; \
         the others are exercised on request. A mandate for a function answers for every kind of it; one for a narrower function is shown as \
         partial and closes nothing.",
    )]);
    for (id, term) in &world.functions.terms {
        document.heading(3, id);
        let function = Code {
            definition: term.definition.clone().unwrap_or_default(),
            inclusion: term.inclusion.clone().unwrap_or_default(),
            near_miss: term.near_miss.clone().unwrap_or_default(),
            example: term.example.clone().unwrap_or_default(),
        };
        entry(&mut document, &function, Some(kinds(term)));
    }
    for list in CodeList::ALL {
        let (title, text) = head(*list);
        document.heading(2, title);
        document.paragraph(vec![plain(text)]);
        for value in list.values() {
            if let Some(code) = register.codes.get(&(*list, (*value).to_owned())) {
                document.heading(3, value);
                entry(&mut document, code, None);
            }
        }
    }
    document
}

fn head(list: CodeList) -> (&'static str, &'static str) {
    match list {
        CodeList::Force => ("Force", "What a text does to its holder: `force` of a mandate."),
        CodeList::Execution => ("Execution", "Whose hands act: `execution` of a mandate."),
        CodeList::Step => {
            ("Steps of the ladder", "Where a holder may stop. The first four count on paper, all eight for available.")
        }
        CodeList::Standing => (
            "Standing of a member",
            "How far a member takes part: `standing` of a membership. Its `role` is another matter: only `member` counts as membership.",
        ),
        CodeList::Attacker => {
            ("Attacker", "Who carried out an attack: `attacker` of a case, and of a mandate's occasion.")
        }
    }
}

fn kinds(term: &Term) -> String {
    let mut parts = vec![if term.standing { "standing".to_owned() } else { "on request".to_owned() }];
    if !term.is_a.is_empty() {
        parts.push(format!("a kind of {}", term.is_a.join(", ")));
    }
    parts.join("; ")
}

fn entry(document: &mut Document, code: &Code, kinds: Option<String>) {
    document.paragraph(vec![plain(&code.definition)]);
    let point = |what: &str, text: &str| -> Line { vec![span(Style::Strong, what), plain(format!(": {text}"))] };
    let mut points = Vec::new();
    for (what, text) in [("Use it when", &code.inclusion), ("Near miss", &code.near_miss), ("Example", &code.example)] {
        if !text.is_empty() {
            points.push(point(what, text));
        }
    }
    points.extend(kinds.map(|text| point("Kind", &text)));
    document.list(points);
}
