//! A graph of arguments in the languages of Graphviz and of Mermaid.
//!
//! A standing shows by its word, by shape and by line; colour only repeats it. Text of packs is escaped for each language.

use std::collections::BTreeMap;

use super::document::clean;
use crate::argument::Label;
use crate::graph::{Argument, Graph, Kind, Speaker};

/// Characters of a line in a box: a box may grow taller, not wider.
const WIDTH: usize = 40;

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
            Label::Undecided => "shape=octagon, style=\"filled,dotted\", color=\"#6b4700\", fillcolor=\"#fbf0d6\"",
        };
        let label = said(argument).iter().flat_map(|part| wrapped(part, WIDTH)).collect::<Vec<String>>().join("\n");
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
    // Mermaid wraps by itself, by default at half the width that ids and positions need.
    let mut text = String::from("%%{init: {\"flowchart\": {\"wrappingWidth\": 320}}}%%\nflowchart LR\n");
    text.push_str(&format!("  accTitle: {}\n", entities(&title(graph))));
    // Mermaid takes plain words only for ids.
    let names: BTreeMap<&str, String> =
        graph.arguments.iter().zip(1..).map(|(own, number)| (own.id.as_str(), format!("a{number}"))).collect();
    for argument in &graph.arguments {
        let name = names.get(argument.id.as_str()).map(String::as_str).unwrap_or_default();
        let label = said(argument).iter().map(|part| entities(part)).collect::<Vec<String>>().join("<br/>");
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
        if let (Some(attacker), Some(target)) = (names.get(attack.attacker.as_str()), names.get(attack.target.as_str()))
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
fn said(argument: &Argument) -> Vec<String> {
    let decided = argument.decided_by.map(|own| format!(": {}", own.sentence())).unwrap_or_default();
    let account = argument.account.as_deref().map(|own| format!(" (account {own})")).unwrap_or_default();
    let data = if argument.by == Speaker::Mandate { ", the mandate's data" } else { "" };
    let mut parts = vec![
        format!("{}{decided}", argument.label.as_str().to_uppercase()),
        format!("{}{data}{account}", argument.argument),
        argument.position.clone(),
    ];
    parts.extend(argument.thesis.clone());
    let places: Vec<&str> = [&argument.source, &argument.locator].into_iter().flatten().map(String::as_str).collect();
    if !places.is_empty() {
        parts.push(format!("[{}]", places.join(", ")));
    }
    parts.iter().map(|part| clean(part)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Attack, SCHEMA};

    const NASTY: &str = "a \"b\" \\N [c](d) {e} #quot; <b>&amp;</b>\n%% `f` ; | -- \\";

    fn argument(id: &str, label: Label, thesis: Option<&str>) -> Argument {
        Argument {
            id: id.to_owned(),
            argument: "rule@case/XAA".to_owned(),
            account: None,
            position: "asserts it".to_owned(),
            thesis: thesis.map(str::to_owned),
            source: Some("paper".to_owned()),
            locator: Some("p. 1".to_owned()),
            by: Speaker::Rule,
            label,
            decided_by: None,
        }
    }

    fn sample() -> Graph {
        let attack = |attacker: &str, target: &str, kind| Attack {
            attacker: attacker.to_owned(),
            target: target.to_owned(),
            kind,
        };
        Graph {
            schema: SCHEMA,
            scenario: "case".to_owned(),
            title: NASTY.to_owned(),
            as_of: "2010".to_owned(),
            lenses: Vec::new(),
            about: None,
            arguments: vec![
                argument("a", Label::Accepted, None),
                argument("b", Label::Undecided, None),
                argument(NASTY, Label::Rejected, Some(NASTY)),
            ],
            attacks: vec![attack("a", NASTY, Kind::Undercuts), attack("b", "b", Kind::Premise)],
        }
    }

    #[test]
    fn nothing_leaves_its_quotes_in_graphviz() {
        let text = dot(&sample());
        for line in text.lines().filter(|line| line.contains('"')) {
            // Within quotes a backslash hides the next character.
            let (mut inside, mut hidden) = (false, false);
            for letter in line.chars() {
                match letter {
                    _ if hidden => hidden = false,
                    '\\' if inside => hidden = true,
                    '"' => inside = !inside,
                    '[' | ']' | '{' | '}' | ';' | '=' | '>' | '-' | ',' | '.' | ' ' => {}
                    _ => assert!(inside || letter.is_alphanumeric() || letter == '_', "{letter} in {line}"),
                }
            }
            assert!(!inside, "{line}");
        }
        assert!(text.contains(r#"\\N [c](d)"#) && text.contains("&amp;amp;"), "{text}");
        assert_eq!(text.lines().filter(|line| line.contains(" -> ")).count(), 2, "{text}");
    }

    #[test]
    fn nothing_leaves_its_quotes_in_mermaid() {
        let text = mermaid(&sample());
        let node = text.lines().find(|line| line.starts_with("  a3(")).unwrap_or_default();
        let label =
            node.strip_prefix("  a3(\"").and_then(|rest| rest.strip_suffix("\"):::rejected")).unwrap_or_default();
        assert!(label.starts_with("REJECTED<br/>rule@case/XAA<br/>"), "{text}");
        let bare = label.replace("<br/>", " ");
        for sign in ['"', '[', ']', '{', '}', '<', '>', '`', '|', '%', '&', '(', ')', '\\'] {
            assert!(!bare.contains(sign), "{sign} in {node}");
        }
        for part in ["#34;b#34;", "#35;quot#59;", "#60;b#62;#38;amp#59;"] {
            assert!(bare.contains(part), "{part} in {node}");
        }
        assert!(text.contains("  a1 -.->|undercuts| a3\n") && text.contains("  a2 -.->|builds on the undecided| a2\n"));
    }

    #[test]
    fn a_standing_shows_without_colour() {
        let (dot, mermaid) = (dot(&sample()), mermaid(&sample()));
        for (word, drawn) in [("ACCEPTED", "bold"), ("REJECTED", "dashed"), ("UNDECIDED", "octagon")] {
            let line = dot.lines().find(|line| line.contains(word)).unwrap_or_default();
            assert!(line.contains(drawn), "{word}: {line}");
        }
        for (word, shape) in [("ACCEPTED", "["), ("REJECTED", "("), ("UNDECIDED", "{{")] {
            assert!(mermaid.contains(&format!("{shape}\"{word}")), "{word}: {mermaid}");
        }
    }
}
