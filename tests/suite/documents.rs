//! The documents do what they say: every command in them runs, and prints what they show.
//!
//! README.md and docs/*.md are read from a checkout; each chapter of docs/guide begins in an empty folder and builds up its
//! own files, block by block, as its reader would.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A fenced block: its info string, its text, and its line in the document.
struct Block {
    info: String,
    text: String,
    line: usize,
    /// Bytes of prose since the block before.
    after: usize,
    /// The last line of prose before it.
    lead: String,
}

fn blocks(text: &str) -> Vec<Block> {
    let (mut found, mut open, mut after): (Vec<Block>, Option<Block>, usize) = (Vec::new(), None, 0);
    let mut lead = String::new();
    for (index, line) in text.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(info), None) => {
                let (info, lead) = (info.trim().to_owned(), std::mem::take(&mut lead));
                open = Some(Block { info, text: String::new(), line: index + 1, after, lead });
            }
            (Some(_), Some(_)) => {
                found.extend(open.take());
                after = 0;
            }
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {
                after += line.len();
                if !line.trim().is_empty() {
                    line.clone_into(&mut lead);
                }
            }
        }
    }
    found
}

/// One command of a block of commands, with the exit code that the document gives it: `# exit 1` at the end.
struct Shown {
    arguments: Vec<String>,
    exit: i32,
    line: String,
}

fn commands(block: &Block) -> Vec<Shown> {
    if block.info != "sh" {
        return Vec::new();
    }
    let read = |line: &str| {
        let exit = line.split("# exit ").nth(1).and_then(|code| code.split_whitespace().next()?.parse().ok());
        // What a shell does with the output is its own affair.
        let own = [" #", " > ", " | "].iter().fold(line, |line, end| line.split(end).next().unwrap_or_default());
        let own = own.trim();
        let own = own.strip_prefix("mandatum ").or_else(|| own.strip_prefix("cargo run --release -- "))?;
        Some(Shown { arguments: words(own), exit: exit.unwrap_or(0), line: own.to_owned() })
    };
    block.text.lines().filter_map(read).collect()
}

/// The words of a command line; what stands in quotes is one word.
fn words(command: &str) -> Vec<String> {
    let (mut found, mut word, mut quote): (Vec<String>, Option<String>, Option<char>) = (Vec::new(), None, None);
    for character in command.chars() {
        match quote {
            Some(open) if character == open => quote = None,
            None if matches!(character, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            None if character.is_whitespace() => found.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    found.extend(word);
    found
}

struct Ran {
    exit: Option<i32>,
    out: String,
    err: String,
}

fn run(arguments: &[String], folder: &Path) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_mandatum"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the binary starts");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    Ran { exit: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// The first line of `shown` that is not in `printed`, or not in this order: `...` stands for lines, `[...]` for the rest
/// of one.
fn missing<'s>(shown: &'s str, printed: &str) -> Option<&'s str> {
    let mut rest = printed;
    for line in shown.lines().map(str::trim_end).filter(|line| *line != "...") {
        let wanted = line.trim_end_matches("[...]").trim_end();
        let Some(found) = rest.find(wanted) else { return Some(line) };
        rest = rest.get(found + wanted.len()..).unwrap_or_default();
    }
    None
}

fn documents() -> Vec<(String, Vec<Block>)> {
    let folder = fs::read_dir(root().join("docs")).expect("the docs");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.push(root().join("README.md"));
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a document");
        (path.strip_prefix(root()).unwrap_or(&path).display().to_string(), blocks(&text))
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn every_command_in_the_documents_runs_and_prints_what_is_shown() {
    let scratch = tempfile::tempdir().expect("a folder to write in");
    let made = format!("{}/", scratch.path().to_string_lossy());
    let (mut tried, mut compared) = (0, 0);
    for (document, blocks) in documents() {
        for (index, block) in blocks.iter().enumerate() {
            let commands = commands(block);
            let mut last = None;
            for shown in &commands {
                // What a document writes under `target/` is written to a folder of the test's own.
                let own: Vec<String> = shown.arguments.iter().map(|word| word.replacen("target/", &made, 1)).collect();
                let ran = run(&own, root());
                assert_eq!(ran.exit, Some(shown.exit), "{document}: mandatum {}\n{}", shown.line, ran.err);
                assert!(!ran.out.is_empty(), "{document}: mandatum {} prints nothing", shown.line);
                tried += 1;
                last = Some(ran);
            }
            let next = blocks.get(index + 1).filter(|next| next.info == "text" && next.after < 200);
            if let (Some(ran), Some(next), 1) = (last, next, commands.len()) {
                let wrong = missing(&next.text, &ran.out);
                assert_eq!(wrong, None, "{document}:{}: not printed, or not in this order", next.line);
                compared += 1;
            }
        }
    }
    assert!(tried >= 100 && compared >= 3, "only {tried} commands, {compared} with what they print");
}

/// A chapter of the guide is followed from top to bottom, beginning in an empty folder.
#[test]
fn the_guide_can_be_followed() {
    let mut chapters: Vec<PathBuf> = fs::read_dir(root().join("docs/guide"))
        .expect("the guide")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    chapters.sort();
    assert!(chapters.len() >= 3, "{chapters:?}");
    for chapter in chapters {
        let folder = tempfile::tempdir().expect("a folder to work in");
        let name = chapter.display().to_string();
        let text = fs::read_to_string(&chapter).expect("a chapter");
        let mut printed = None;
        for block in blocks(&text) {
            let mut info = block.info.split_whitespace();
            let language = info.next().unwrap_or_default();
            let file = info.find_map(|word| word.strip_prefix("file="));
            match (language, file) {
                ("sh", _) => {
                    for shown in commands(&block) {
                        let ran = run(&shown.arguments, folder.path());
                        let told = format!("{name}:{}: mandatum {}\n{}{}", block.line, shown.line, ran.out, ran.err);
                        assert_eq!(ran.exit, Some(shown.exit), "{told}");
                        assert!(!ran.err.contains("panicked"), "{told}");
                        printed = Some((shown.line, format!("{}{}", ran.out, ran.err)));
                    }
                }
                ("text", _) => {
                    let (command, printed) = printed.as_ref().expect("a command before what it prints");
                    let wrong = missing(&block.text, printed);
                    assert_eq!(wrong, None, "{name}:{}: `mandatum {command}` prints\n{printed}", block.line);
                }
                (_, Some(file)) => {
                    let told = block.lead.contains(&format!("`{file}`"));
                    assert!(told, "{name}:{}: a reader does not see that this is {file}", block.line);
                    let path = folder.path().join(file);
                    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                    let before = match block.info.ends_with("append") {
                        true => fs::read_to_string(&path).expect("a file to add to"),
                        false => String::new(),
                    };
                    fs::write(&path, before + block.text.as_str()).expect("a file");
                }
                _ => assert_eq!(block.info, "markdown", "{name}:{}: a snippet that is never tried", block.line),
            }
        }
    }
}

/// Every page is in the book, and every page of the book is there.
#[test]
fn the_book_holds_every_page() {
    let docs = root().join("docs");
    let summary = fs::read_to_string(docs.join("SUMMARY.md")).expect("the summary");
    let listed: Vec<&str> = summary.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    for page in &listed {
        assert!(docs.join(page).is_file(), "SUMMARY.md lists {page}, which is not there");
    }
    let mut open = vec![docs.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(&docs).expect("inside").to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                open.push(path);
            } else if name.ends_with(".md") && name != "SUMMARY.md" {
                assert!(listed.contains(&name.as_str()), "SUMMARY.md does not list {name}");
            }
        }
    }
}
