//! A graph of arguments in the languages of Graphviz and of Mermaid.
//!
//! A standing shows by its word, by shape and by line; colour only repeats it. Text of packs is escaped for each language.

use std::collections::BTreeMap;

use super::document::clean;
use crate::argument::Label;
use crate::graph::{Argument, Graph, Kind, Speaker};

/// Characters of a line in a box: a box may grow taller, not wider.
const WIDTH: usize = 34;

/// A graph for Graphviz: `dot -Tsvg`. The arrow goes from the attacker to the attacked.
pub fn dot(graph: &Graph) -> String {
    let mut text = format!("digraph {} {{\n", quoted(&graph.scenario));
    let title = wrapped(&title(graph), 2 * WIDTH).join("\n");
    text.push_str(&format!("  graph [label={}, labelloc=t, fontname=\"sans-serif\", fontsize=16, ", quoted(&title)));
    text.push_str("rankdir=LR, nodesep=0.3, ranksep=0.9];\n");
    text.push_str("  node [fontname=\"sans-serif\", fontsize=11, margin=\"0.15,0.08\"];\n");
    text.push_str("  edge [fontname=\"sans-serif\", fontsize=10];\n");
    for argument in &graph.arguments {
        let look = match argument.label {
            Label::Accepted => "shape=box, style=\"filled,bold\", color=\"#14592f\", fillcolor=\"#e6f2e9\"",
            Label::Rejected => "shape=box, style=\"filled,dashed\", color=\"#98190f\", fillcolor=\"#ffffff\"",
            Label::Undecided => "shape=hexagon, style=\"filled,dotted\", color=\"#6b4700\", fillcolor=\"#fbf0d6\"",
        };
        let label = lines(argument).join("\n");
        text.push_str(&format!("  {} [label={}, {look}];\n", quoted(&argument.id), quoted(&label)));
    }
    for attack in &graph.attacks {
        let look = match attack.kind {
            Kind::Rebuts => "style=solid",
            Kind::Undercuts => "style=dashed, arrowhead=odot",
            Kind::Contests => "style=solid, arrowhead=vee",
            Kind::Premise => "style=dotted",
        };
        let (attacker, target) = (quoted(&attack.attacker), quoted(&attack.target));
        text.push_str(&format!("  {attacker} -> {target} [label=\"{}\", {look}];\n", attack.kind.as_str()));
    }
    text.push_str("}\n");
    text
}

/// A graph for Mermaid, a flowchart. The arrow goes from the attacker to the attacked.
pub fn mermaid(graph: &Graph) -> String {
    let mut text = String::from("flowchart LR\n");
    text.push_str(&format!("  accTitle: {}\n", entities(&title(graph))));
    // Mermaid takes plain words only for ids.
    let names: BTreeMap<&str, String> =
        graph.arguments.iter().zip(1..).map(|(own, number)| (own.id.as_str(), format!("a{number}"))).collect();
    for argument in &graph.arguments {
        let name = names.get(argument.id.as_str()).map(String::as_str).unwrap_or_default();
        let label = lines(argument).iter().map(|line| entities(line)).collect::<Vec<String>>().join("<br/>");
        let (open, close) = match argument.label {
            Label::Accepted => ("[", "]"),
            Label::Rejected => ("(", ")"),
            Label::Undecided => ("{{", "}}"),
        };
        text.push_str(&format!("  {name}{open}\"{label}\"{close}:::{}\n", argument.label.as_str()));
    }
    for attack in &graph.attacks {
        let arrow = match attack.kind {
            Kind::Rebuts | Kind::Contests => "-->",
            Kind::Undercuts | Kind::Premise => "-.->",
        };
        if let (Some(attacker), Some(target)) =
            (names.get(attack.attacker.as_str()), names.get(attack.target.as_str()))
        {
            text.push_str(&format!("  {attacker} {arrow}|{}| {target}\n", attack.kind.as_str()));
        }
    }
    text.push_str("  classDef accepted fill:#e6f2e9,stroke:#14592f,stroke-width:3px,color:#000000\n");
    text.push_str("  classDef rejected fill:#ffffff,stroke:#98190f,stroke-dasharray:7 4,color:#000000\n");
    text.push_str("  classDef undecided fill:#fbf0d6,stroke:#6b4700,stroke-dasharray:2 3,color:#000000\n");
    text
}

fn title(graph: &Graph) -> String {
    let about = graph.about.as_deref().map(|about| format!(", around {about}")).unwrap_or_default();
    let lens = if graph.lenses.is_empty() { String::new() } else { format!(", lens {}", graph.lenses.join(", ")) };
    clean(&format!("{}, {}{about}{lens}", graph.title, graph.as_of))
}

/// What stands in an argument's box: its standing, who says it, what, and where.
fn lines(argument: &Argument) -> Vec<String> {
    let decided = argument.decided_by.map(|own| format!(": {}", own.sentence())).unwrap_or_default();
    let account = argument.account.as_deref().map(|own| format!(" (account {own})")).unwrap_or_default();
    let author = match argument.by {
        Speaker::Rule => argument.argument.clone(),
        Speaker::Mandate => format!("{}, the mandate's data", argument.argument),
        Speaker::Nobody | Speaker::Statement => argument.argument.clone(),
    };
    let mut parts = vec![
        format!("{}{decided}", argument.label.as_str().to_uppercase()),
        format!("{author}{account}"),
        argument.position.clone(),
    ];
    parts.extend(argument.thesis.clone());
    let places: Vec<&str> = [&argument.source, &argument.locator].into_iter().flatten().map(String::as_str).collect();
    if !places.is_empty() {
        parts.push(format!("[{}]", places.join(", ")));
    }
    parts.iter().flat_map(|part| wrapped(&clean(part), WIDTH)).collect()
}

/// Words in lines of at most `width` characters; a longer word is a line of its own.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut().filter(|line| line.chars().count() + 1 + word.chars().count() <= width) {
            Some(line) => line.extend([" ", word]),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A quoted string of Graphviz, which reads entities of HTML in it and `\N` as the node's own name.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '&' => quoted.push_str("&amp;"),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// Text for Mermaid: whatever might be a sign of the language, of Markdown or of HTML becomes a numbered entity.
fn entities(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation() && !matches!(letter, ',' | ':' | '/' | '@' | '.' | '-' | '\'') {
            escaped.push_str(&format!("#{};", u32::from(letter)));
        } else {
            escaped.push(letter);
        }
    }
    escaped
}
