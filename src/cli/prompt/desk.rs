//! What the prompt keeps: the scenario, where in it one stands, and the draft; and what becomes of a line.

use std::fs;
use std::io::Write as _;

use mandatum::answer::{Evaluated, Options, Standpoint};
use mandatum::ask::vocabulary::WORDS;
use mandatum::compare::compare;
use mandatum::date::PartialDate;
use mandatum::diagnostic::{Diagnostic, Place, Severity, suggestion};
use mandatum::draft;
use mandatum::explain::{Node, Wanted, explain};
use mandatum::load::{Loaded, PackFiles};
use mandatum::render;
use mandatum::render::document::Document;
use mandatum::rules::open_braces;
use mandatum::session::Session;

use super::super::backstop::backstop;
use super::super::files::Opened;
use super::super::output;
use super::commands::{COMMANDS, KINDS};

/// Levels of an explanation that are shown at the prompt.
const DEPTH: usize = 6;
/// Ids that are listed before the rest is counted.
const LISTED: usize = 60;
/// What a draft that was typed is called.
const DRAFT: &str = "draft.rhai";

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It was understood.
    Good,
    /// It was not.
    Bad,
    /// It ends the prompt.
    Quit,
}

/// A draft that was read: the pack loaded once more, with it among the rules.
struct Draft {
    /// What its file is called in messages.
    file: String,
    text: String,
    session: Session,
    /// Everything wrong that is not wrong without it.
    problems: Vec<Diagnostic>,
}

/// Everything that the prompt keeps.
pub(super) struct Desk {
    files: PackFiles,
    session: Session,
    scenario: String,
    options: Options,
    case: String,
    state: String,
    /// `//!` lines that were typed: they head every draft.
    head: Vec<String>,
    /// Lines of a draft that is being typed.
    lines: Vec<String>,
    draft: Option<Draft>,
}

impl Desk {
    /// Stands at the first affected state of the first case; `None`: what is wrong has been printed.
    pub(super) fn new(files: PackFiles, opened: Opened, options: Options) -> Option<Self> {
        let scenario = opened.chosen.first()?.clone();
        let desk = Desk {
            files,
            session: opened.session,
            scenario,
            options,
            case: String::new(),
            state: String::new(),
            head: Vec::new(),
            lines: Vec::new(),
            draft: None,
        };
        let case = desk.loaded()?.scenario.cases.first().map(|case| case.id.clone());
        let Some(case) = case else {
            output::complain("error: the scenario has no case to stand at\n");
            return None;
        };
        let desk = Desk { case, ..desk };
        let state = desk.states().into_iter().next().unwrap_or_default();
        let desk = Desk { state, ..desk };
        match desk.standpoint(&desk.session) {
            Ok(_) => Some(desk),
            Err(problems) => {
                output::problems(&problems, &desk.session.texts);
                None
            }
        }
    }

    /// What is open, with the draft where there is one that can be used.
    pub(super) fn session(&self) -> &Session {
        self.draft.as_ref().map_or(&self.session, |draft| &draft.session)
    }

    /// Ids of cases, for completion.
    pub(super) fn ids(&self) -> Vec<String> {
        let cases = self.loaded().map(|loaded| loaded.scenario.cases.as_slice()).unwrap_or_default();
        let accounts = cases.iter().flat_map(|case| &case.accounts).map(|account| account.id.clone());
        cases.iter().map(|case| case.id.clone()).chain(accounts).collect()
    }

    /// Whether a draft is being typed.
    pub(super) fn drafting(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Forgets what is being typed.
    pub(super) fn clear(&mut self) {
        self.lines.clear();
    }

    /// The first lines on a terminal.
    pub(super) fn welcome(&self) -> String {
        format!("{}:help lists the commands, Tab completes, Ctrl-D ends\n", self.place())
    }

    /// Takes a line, prints what comes of it.
    pub(super) fn line(&mut self, line: &str) -> Next {
        let trimmed = line.trim();
        let of_rule = ["///", "fn ", "private "].iter().any(|start| trimmed.starts_with(start));
        if self.drafting() || of_rule {
            return self.typed(line);
        }
        if trimmed.is_empty() || (trimmed.starts_with("//") && !trimmed.starts_with("//!")) {
            return Next::Good;
        }
        if trimmed.starts_with("//!") {
            let tag = trimmed.split_whitespace().nth(1).unwrap_or_default().to_owned();
            self.head.retain(|own| own.split_whitespace().nth(1) != Some(&tag));
            self.head.push(trimmed.to_owned());
            return Next::Good;
        }
        match trimmed.strip_prefix(':') {
            Some(_) => {
                let (name, rest) = trimmed.split_once(char::is_whitespace).unwrap_or((trimmed, ""));
                self.command(name, rest.trim())
            }
            None => self.expression(trimmed),
        }
    }

    fn command(&mut self, name: &str, rest: &str) -> Next {
        match (name, rest) {
            (":quit", _) => Next::Quit,
            (":help", _) => self.help(),
            (":where", _) => said(&self.place()),
            (":case", id) => self.go(|desk| desk.case = id.to_owned()),
            (":state", id) => self.go(|desk| desk.state = id.to_owned()),
            (":account", id) => {
                let account = (!id.is_empty()).then(|| id.to_owned());
                self.go(|desk| desk.options.account = account)
            }
            (":lens", keys) => {
                let keys = keys.split([',', ' ']).filter(|key| !key.is_empty()).map(str::to_owned).collect();
                self.go(|desk| desk.options.lenses = keys)
            }
            (":as-of", "") => self.go(|desk| desk.options.as_of = None),
            (":as-of", text) => match PartialDate::parse(text) {
                Some(date) => self.go(|desk| desk.options.as_of = Some(date)),
                None => bad(&format!("`{text}` is no date; write 1999, 1999-08 or 1999-08-22")),
            },
            (":words", prefix) => self.words(prefix),
            (":ids", rest) => self.listed(rest),
            (":load", "") => bad("name a file: :load FILE"),
            (":load", file) => self.load(file),
            (":draft", _) => self.drafted(|draft| said(&draft.text)),
            (":drop", _) => {
                self.draft = None;
                Next::Good
            }
            (":paths", _) => self.drafted(|draft| shown(&draft::paths(&draft.session, &draft.file))),
            (":judge", _) => self.judge(),
            (":save", "") => bad("name a file: :save FILE"),
            (":save", file) => self.save(file),
            (":why", "") => bad("name what to explain: :why case/STATE/function"),
            (":why", id) => self.why(id),
            _ => {
                let help = suggestion(name, COMMANDS.iter().map(|(name, ..)| *name));
                let help = help.unwrap_or_else(|| ":help lists all".to_owned());
                bad(&format!("there is no command `{name}`; {help}"))
            }
        }
    }

    fn loaded(&self) -> Option<&Loaded> {
        self.session().scenario(&self.scenario)
    }

    /// The affected states of the case, under the account.
    fn states(&self) -> Vec<String> {
        let case = self.loaded().and_then(|loaded| loaded.scenario.cases.iter().find(|case| case.id == self.case));
        let Some(case) = case else { return Vec::new() };
        let account = match &self.options.account {
            Some(id) => case.accounts.iter().find(|account| account.id == *id),
            None => case.accounts.iter().find(|account| account.circumstances.is_some()),
        };
        match account {
            Some(account) => account.circumstances.as_ref().map(|told| told.affected.clone()).unwrap_or_default(),
            None => case.circumstances.affected.clone(),
        }
    }

    fn standpoint(&self, session: &Session) -> Result<Standpoint, Vec<Diagnostic>> {
        let place = Place::whole("prompt");
        let Some(loaded) = session.scenario(&self.scenario) else { return Err(Vec::new()) };
        // Only the evaluation of a session checks lenses.
        let lenses = loaded.world.sources.values().filter(|source| source.lens).map(|source| source.key.as_str());
        for lens in &self.options.lenses {
            if !lenses.clone().any(|known| known == lens) {
                let message = format!("`{lens}` is no lens of this pack");
                let mut problem = Diagnostic::error("unknown-lens", message, place, "asked for");
                problem.help = suggestion(lens, lenses);
                return Err(vec![problem]);
            }
        }
        let found = Standpoint::new(loaded, &session.rules, &self.options, &self.case, &self.state);
        let found = found.map_err(|unknown| {
            let message = format!("no case of this scenario has an account `{}`", unknown.account);
            let mut problem = Diagnostic::error("unknown-account", message, place.clone(), "asked for");
            problem.help = suggestion(&unknown.account, unknown.known.iter().map(String::as_str));
            vec![problem]
        })?;
        found.ok_or_else(|| {
            let cases: Vec<&str> = loaded.scenario.cases.iter().map(|case| case.id.as_str()).collect();
            let (what, own, known) = if cases.contains(&self.case.as_str()) {
                ("affected state", &self.state, self.states())
            } else {
                ("case", &self.case, cases.into_iter().map(str::to_owned).collect())
            };
            let message = format!("there is no {what} `{own}` here");
            let mut problem = Diagnostic::error("unknown-id", message, place, "asked for");
            problem.help = suggestion(own, known.iter().map(String::as_str));
            vec![problem]
        })
    }

    /// Moves; where that leads nowhere, stays.
    fn go(&mut self, change: impl FnOnce(&mut Desk)) -> Next {
        let before = (self.case.clone(), self.state.clone(), self.options.clone());
        change(self);
        let states = self.states();
        if self.state == before.1
            && !states.contains(&self.state)
            && let Some(first) = states.first()
        {
            self.state.clone_from(first);
        }
        match self.standpoint(self.session()) {
            Ok(_) => said(&self.place()),
            Err(problems) => {
                (self.case, self.state, self.options) = before;
                complained(&problems, self.session())
            }
        }
    }

    /// Where one stands, in a line.
    fn place(&self) -> String {
        let date = self.loaded().map(|loaded| loaded.scenario.date);
        let date = self.options.as_of.or(date).map(|date| date.to_string()).unwrap_or_default();
        let account = match self.standpoint(self.session()).ok().and_then(|at| at.account) {
            Some(account) => format!(", account {account}"),
            None => String::new(),
        };
        let lens = match self.options.lenses.iter().cloned().collect::<Vec<String>>().join(", ") {
            none if none.is_empty() => String::new(),
            some => format!(", lens {some}"),
        };
        let draft = self.draft.as_ref().map(|draft| format!(", with {}", draft.file)).unwrap_or_default();
        format!("{}: {}/{} on {date}{account}{lens}{draft}\n", self.scenario, self.case, self.state)
    }

    fn expression(&self, text: &str) -> Next {
        let session = self.session();
        match self.standpoint(session).and_then(|at| draft::ask(session, &at, text)) {
            Ok(node) => shown(&[node]),
            Err(problems) => {
                let mut texts = session.texts.clone();
                texts.insert("expression".to_owned(), text.to_owned());
                output::out(&render::diagnostics::diagnostics(&problems, &texts));
                Next::Bad
            }
        }
    }

    /// One more line of a draft; when its braces close after a rule, it is read.
    fn typed(&mut self, line: &str) -> Next {
        self.lines.push(line.to_owned());
        let text = self.lines.join("\n");
        let function = |line: &String| line.trim_start().starts_with("fn ");
        let begun = self.lines.iter().rposition(function);
        let blank = line.trim().is_empty() && self.lines.iter().rev().take(2).all(|own| own.trim().is_empty());
        if (begun.is_none() || open_braces(&text) > 0 || !text.contains('{')) && !blank {
            return Next::Good;
        }
        self.lines.clear();
        let mut whole = self.head.clone();
        whole.push(String::new());
        whole.push(text);
        self.read(DRAFT.to_owned(), format!("{}\n", whole.join("\n")))
    }

    fn load(&mut self, file: &str) -> Next {
        match fs::read_to_string(file) {
            Ok(text) => {
                // A file of the pack itself is read again in its place.
                let same = |own: &&String| fs::canonicalize(own).ok() == fs::canonicalize(file).ok();
                let name = self.files.rules.keys().find(same).cloned().unwrap_or_else(|| file.to_owned());
                self.read(name, text)
            }
            Err(error) => bad(&format!("`{file}` cannot be read: {}", error.to_string().to_lowercase())),
        }
    }

    /// Loads the pack once more with the draft among its rules, by the checks of the loader.
    fn read(&mut self, file: String, text: String) -> Next {
        let mut files = self.files.clone();
        files.rules.insert(file.clone(), text.clone().into_bytes());
        let session = Session::new(&files, Some(backstop()));
        let new = |problem: &&Diagnostic| !self.session.problems.contains(problem);
        let problems: Vec<Diagnostic> = session.problems.iter().filter(new).cloned().collect();
        let broken = problems.iter().any(|problem| problem.severity == Severity::Error);
        output::out(&render::diagnostics::diagnostics(&problems, &session.texts));
        let draft = Draft { file, text, session, problems };
        let next = if broken { Next::Bad } else { self.heard(&draft) };
        self.draft = Some(draft);
        next
    }

    /// What the rules of the draft say where one stands.
    fn heard(&self, draft: &Draft) -> Next {
        let found = self
            .standpoint(&draft.session)
            .and_then(|at| Ok((self.evaluated(&draft.session)?, at)))
            .map(|(evaluated, at)| draft::heard(&draft.session, &evaluated, &draft.file, &at));
        match found {
            Ok(nodes) => {
                let late = draft.session.late_problems();
                output::out(&render::diagnostics::diagnostics(&late, &draft.session.texts));
                let next = shown(&nodes);
                if late.is_empty() { next } else { Next::Bad }
            }
            Err(problems) => complained(&problems, &draft.session),
        }
    }

    fn evaluated(&self, session: &Session) -> Result<Evaluated, Vec<Diagnostic>> {
        let loaded = session.scenario(&self.scenario).ok_or_else(Vec::new)?;
        session.evaluate(loaded, &self.options)
    }

    fn drafted(&self, then: impl FnOnce(&Draft) -> Next) -> Next {
        match &self.draft {
            Some(draft) => then(draft),
            None => bad("there is no draft: type a rule, fn name(situation) { .. }, or :load FILE"),
        }
    }

    fn judge(&self) -> Next {
        self.drafted(|draft| {
            let both = self.evaluated(&self.session).and_then(|was| Ok((was, self.evaluated(&draft.session)?)));
            match both {
                Ok((was, now)) => {
                    let found = compare(&was.evaluation, &now.evaluation);
                    let mut document = Document::default();
                    render::comparison::comparison(&mut document, &found, ["the pack", "the draft"]);
                    output::document(&document, output::Format::Terminal);
                    let broken = draft.problems.iter().any(|problem| problem.severity == Severity::Error);
                    if broken { bad("the draft has errors: what it speaks to is open") } else { Next::Good }
                }
                Err(problems) => complained(&problems, &draft.session),
            }
        })
    }

    fn save(&self, file: &str) -> Next {
        self.drafted(|draft| {
            if !file.ends_with(".rhai") {
                return bad(&format!("`{file}` is no file of rules: its name has to end with .rhai"));
            }
            let opened = fs::OpenOptions::new().write(true).create_new(true).open(file);
            match opened.and_then(|mut own| own.write_all(draft.text.as_bytes())) {
                Ok(()) => said(&format!("wrote {file}\n")),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                    bad(&format!("`{file}` exists; nothing was written"))
                }
                Err(error) => bad(&format!("`{file}` cannot be written: {}", error.to_string().to_lowercase())),
            }
        })
    }

    fn why(&self, id: &str) -> Next {
        let session = self.session();
        let wanted = Wanted::Id(id.to_owned());
        let found = self
            .evaluated(session)
            .and_then(|evaluated| explain(&evaluated, &session.rules, &wanted).map_err(|problem| vec![problem]));
        match found {
            Ok(nodes) => shown(&nodes),
            Err(problems) => complained(&problems, session),
        }
    }

    fn help(&self) -> Next {
        let mut text =
            "Type an expression, such as situation.member_of(\"ID\") && !situation.is_dispute(), or a rule, \
                        fn name(situation) { .. }, over several lines; its source first: //! @source KEY\n"
                .to_owned();
        for (name, takes, does) in COMMANDS {
            text.push_str(&format!("  {:<22} {does}\n", format!("{name} {takes}")));
        }
        said(&text)
    }

    fn words(&self, prefix: &str) -> Next {
        let prefix = prefix.trim_start_matches("situation.");
        let mut text = String::new();
        for word in WORDS.iter().filter(|word| word.name.starts_with(prefix)) {
            let takes: Vec<&str> = word.takes.iter().map(|takes| takes.name()).collect();
            let asked = if word.emits { "" } else { "situation." };
            text.push_str(&format!("  {asked}{}({}): {}\n", word.name, takes.join(", "), word.meaning));
        }
        if text.is_empty() {
            let help = suggestion(prefix, WORDS.iter().map(|word| word.name));
            return bad(&format!(
                "no word begins with `{prefix}`{}",
                help.map(|help| format!("; {help}")).unwrap_or_default()
            ));
        }
        said(&text)
    }

    fn listed(&self, rest: &str) -> Next {
        let (kind, prefix) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let Some((_, of)) = KINDS.iter().find(|(name, _)| *name == kind) else {
            let kinds: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
            return bad(&format!("name a kind of ids: {}", kinds.join(", ")));
        };
        let own: Vec<String> = of(self.session()).into_iter().filter(|id| id.starts_with(prefix.trim())).collect();
        let mut text = own.iter().take(LISTED).map(|id| format!("  {id}\n")).collect::<String>();
        if own.len() > LISTED {
            text.push_str(&format!("  … and {} more: give a PREFIX\n", own.len() - LISTED));
        }
        if own.is_empty() {
            text.push_str("  none\n");
        }
        said(&text)
    }
}

fn said(text: &str) -> Next {
    output::out(text);
    Next::Good
}

fn bad(message: &str) -> Next {
    output::out(&format!("error: {message}\n"));
    Next::Bad
}

fn complained(problems: &[Diagnostic], session: &Session) -> Next {
    output::out(&render::diagnostics::diagnostics(problems, &session.texts));
    Next::Bad
}

fn shown(nodes: &[Node]) -> Next {
    let document = render::explanation::explanation(nodes, Some(DEPTH), usize::MAX);
    output::document(&document, output::Format::Terminal);
    Next::Good
}
