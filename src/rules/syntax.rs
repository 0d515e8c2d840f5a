//! What the script engine could not read, said for people: which bracket, comma, semicolon or name is meant.
//!
//! The engine names what it would have liked to see next. What the writer forgot is mostly one token earlier.

use std::ops::Range;

use rhai::{LexError, ParseErrorType};

use super::lex::{Kind, Token, tokens};
use crate::ask::vocabulary::word;

/// A mistake: code, message, bytes to underline, label, help.
pub(super) struct Mistake {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) range: Range<usize>,
    pub(super) label: String,
    pub(super) help: String,
    /// What makes the text readable again, every line and column kept: put at the end of the range.
    pub(super) repair: Option<(Range<usize>, &'static str)>,
}

/// What the rule language has.
pub(super) const HAS: &str = "rules have if, else, for over a written list, let, return, ! && ||, comparisons, texts, numbers and the words of docs/rules.md";

/// The text around an error.
struct Spot<'s, 't> {
    text: &'t str,
    tokens: &'s [Token<'t>],
    /// Index of the token at which the engine stopped; past the last one at the end of the text.
    here: usize,
}

impl<'t> Spot<'_, 't> {
    fn token(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.here)
    }

    fn back(&self, by: usize) -> Option<&Token<'t>> {
        self.tokens.get(self.here.checked_sub(by)?)
    }

    /// The bytes of the token, or the place just behind the last one.
    fn range(&self) -> Range<usize> {
        let end = self.tokens.last().map_or(0, Token::end);
        self.token().map_or(end..end, Token::range)
    }

    /// The place just behind the token before.
    fn behind(&self) -> Range<usize> {
        self.back(1).map_or_else(|| self.range(), |before| before.end()..before.end())
    }

    fn mistake(&self, code: &'static str, message: impl Into<String>, label: &str, help: impl Into<String>) -> Mistake {
        Mistake {
            code,
            message: message.into(),
            range: self.range(),
            label: label.to_owned(),
            help: help.into(),
            repair: None,
        }
    }
}

/// What is meant by an error of the engine at a byte of a text.
pub(super) fn meant(text: &str, error: &ParseErrorType, at: usize) -> Mistake {
    let tokens = tokens(text);
    let here = tokens.iter().position(|token| token.end() > at).unwrap_or(tokens.len());
    let spot = Spot { text, tokens: &tokens, here };
    match error {
        ParseErrorType::MissingToken(wanted, purpose) => missing(&spot, wanted, purpose),
        ParseErrorType::FnMissingParams(_) | ParseErrorType::FnMissingName => head(&spot),
        ParseErrorType::FnMissingBody(_) => spot.mistake(
            "brackets",
            "the function has no body",
            "{ belongs here",
            "write the body in braces: fn name(situation) { .. }",
        ),
        ParseErrorType::WrongFnDefinition => spot.mistake(
            "brackets",
            "a function begins inside another",
            "the one before has not ended",
            "end the function before with } and begin each on a line of its own",
        ),
        ParseErrorType::Reserved(name) => reserved(&spot, name),
        ParseErrorType::MismatchedType(..) => spot.mistake(
            "not-a-condition",
            "a condition has to be true or false",
            "something else",
            "a condition is a question or a comparison: if situation.transborder() { .. }",
        ),
        ParseErrorType::LoopBreak => spot.mistake(
            "beyond-subset",
            "`break` ends a loop, and here is none",
            "no loop",
            "to end the rule, write return;",
        ),
        ParseErrorType::AssignmentToConstant(name) => spot.mistake(
            "beyond-subset",
            format!("`{name}` is constant and cannot change"),
            "changed here",
            "write let instead of const, or better another name",
        ),
        ParseErrorType::UnknownOperator(sign) => beyond(&spot, sign),
        ParseErrorType::BadInput(LexError::ImproperSymbol(sign, _)) if !sign.is_empty() => beyond(&spot, sign),
        ParseErrorType::BadInput(LexError::UnexpectedInput(sign)) if UNEXPECTED.contains(&sign.as_str()) => {
            unexpected(&spot)
        }
        ParseErrorType::BadInput(LexError::UnexpectedInput(sign)) => beyond(&spot, sign),
        ParseErrorType::BadInput(LexError::MalformedEscapeSequence(written)) => spot.mistake(
            "quotes",
            format!("`{written}` means nothing in a text"),
            "in this text",
            "for a backslash write two: \\\\; for a quote inside a text write \\\"",
        ),
        ParseErrorType::BadInput(LexError::StringTooLong(_)) | ParseErrorType::LiteralTooLarge(..) => spot.mistake(
            "too-large",
            "this is too long",
            "here",
            "say it in fewer words; see the limits in docs/rules.md",
        ),
        ParseErrorType::ExprTooDeep => spot.mistake(
            "too-large",
            "brackets or blocks are nested too deep here",
            "too deep",
            "split the rule, or name a part with let; see the limits in docs/rules.md",
        ),
        ParseErrorType::TooManyFunctions => {
            spot.mistake("too-large", "the file has too many functions", "one too many", "split the file by topic")
        }
        _ => unexpected(&spot),
    }
}

fn missing(spot: &Spot<'_, '_>, wanted: &str, purpose: &str) -> Mistake {
    match wanted {
        ";" => statement_end(spot),
        "}" => unclosed_block(spot),
        "{" => block(spot),
        "in" => spot.mistake("beyond-subset", "`for` is written otherwise", "not here", LOOP),
        _ if purpose.contains("iteration variable") => {
            spot.mistake("beyond-subset", "`for` is written otherwise", "not here", LOOP)
        }
        _ if purpose.contains("parameters of function") => spot.mistake(
            "wrong-parameters",
            "a rule takes one parameter, by its name alone",
            "not here",
            "write fn name(situation) {",
        ),
        ")" | "," | "]" => list(spot),
        _ => unexpected(spot),
    }
}

/// Signs that the language has, and that stand where they cannot.
const UNEXPECTED: &[&str] = &["}", ")", "]", "else", "|", "||", "<", ">", ",", ";", ".", ":"];

const LOOP: &str = "write for x in [\"one\", \"two\"] { .. }";

/// A statement goes on where it should have ended.
fn statement_end(spot: &Spot<'_, '_>) -> Mistake {
    if let Some(token) = spot.token().filter(|token| matches!(token.text, ")" | "]")) {
        return spot.mistake(
            "brackets",
            format!("this `{}` closes nothing", token.text),
            "one too many",
            "delete it, or open the bracket that it is to close",
        );
    }
    let next_line = spot.token().is_none_or(|token| token.first);
    let last = spot.back(1).map_or("", |token| token.text);
    if next_line || spot.back(1).is_some_and(|token| matches!(token.text, ")" | "return") || token.kind == Kind::Text) {
        let range = spot.behind();
        let follows = spot.text.get(range.end..).and_then(|rest| rest.chars().next());
        let repair = match follows {
            Some(' ') => Some((range.end..range.end + 1, ";")),
            Some('\n' | '\r') | None => Some((range.clone(), ";")),
            _ => None,
        };
        return Mistake {
            range,
            repair,
            ..spot.mistake("semicolon", "a semicolon is missing", "; belongs here", "a statement ends with a semicolon")
        };
    }
    let token = spot.token().map_or("", |token| token.text);
    let message = format!("`{token}` cannot follow `{last}`");
    spot.mistake("syntax", message, "not expected here", "end a statement with ; and put texts in \"quotes\"")
}

/// The braces do not match: the culprit is the block whose brace was closed by one that stands further left.
fn unclosed_block(spot: &Spot<'_, '_>) -> Mistake {
    let indent = |token: &Token<'_>| {
        let before = spot.text.get(..token.start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.len() - line.trim_start().len()
    };
    let (mut open, mut culprit): (Vec<&Token<'_>>, Option<&Token<'_>>) = (Vec::new(), None);
    for token in spot.tokens {
        match token.text {
            "{" | "#{" => open.push(token),
            "}" => {
                let opened = open.pop();
                if let Some(opened) = opened.filter(|opened| token.first && indent(opened) > indent(token)) {
                    culprit = culprit.or(Some(opened));
                }
            }
            _ => {}
        }
    }
    let range = culprit.or(open.last().copied()).map_or_else(|| spot.range(), Token::range);
    Mistake {
        range,
        ..spot.mistake(
            "brackets",
            "a block is opened and never closed",
            "opened here",
            "every { needs its }: put one where this block ends",
        )
    }
}

/// A block is missing after a condition or a loop's list.
fn block(spot: &Spot<'_, '_>) -> Mistake {
    let (token, before) = (spot.token(), spot.back(1));
    if before.is_some_and(|before| before.is("else")) {
        return spot.mistake(
            "other-language",
            "`else` takes no condition",
            "not here",
            "write else if condition { .. }",
        );
    }
    if let (Some(token), Some(before)) = (token, before)
        && before.kind == Kind::Word
        && spot.back(2).is_some_and(|dot| dot.is("."))
    {
        if token.kind == Kind::Text {
            let message = format!("`{}` is asked without its brackets", before.text);
            let help = format!("write {}({})", before.text, token.text);
            return spot.mistake("no-brackets", message, "( belongs before this", help);
        }
        let joined = format!("{}_{}", before.text, token.text);
        if word(&joined).is_some() {
            return Mistake {
                range: before.start..token.end(),
                ..spot.mistake(
                    "unknown-function",
                    format!("`{} {}` is no question", before.text, token.text),
                    "two words",
                    format!("did you mean `{joined}`?"),
                )
            };
        }
    }
    if token.is_some_and(|token| token.is(",")) {
        return spot.mistake("beyond-subset", "`for` is written otherwise", "not here", LOOP);
    }
    let what = token.map_or("the end".to_owned(), |token| format!("`{}`", clip(token.text)));
    spot.mistake(
        "brackets",
        format!("a block has to follow here, not {what}"),
        "{ belongs before this",
        "what is done under a condition stands in braces: if condition { .. }",
    )
}

/// A list of arguments or of items breaks off.
fn list(spot: &Spot<'_, '_>) -> Mistake {
    let glued = spot.back(1).is_some_and(|before| {
        before.kind == Kind::Text
            && spot.token().is_some_and(|token| token.kind == Kind::Word && token.start == before.end())
    });
    if glued {
        return spot.mistake(
            "quotes",
            "the text ends at the quote before this",
            "no longer inside the text",
            "inside a text write single quotes, or \\\" for a double one",
        );
    }
    let item = |token: &Token<'_>| {
        matches!(token.kind, Kind::Text | Kind::Word | Kind::Number)
            && !matches!(token.text, "if" | "let" | "for" | "return")
    };
    if let Some(token) = spot.token().filter(|token| item(token) && !token.first) {
        let help = "put a comma between two items".to_owned();
        let range = spot.behind();
        let repair = spot.text.get(range.end..token.start).filter(|blank| blank.starts_with(' '));
        let repair = repair.map(|_| (range.end..range.end + 1, ","));
        return Mistake { range, repair, ..spot.mistake("comma", "a comma is missing", ", belongs here", help) };
    }
    let (mut depth, mut opened) = (0usize, None);
    for token in spot.tokens.iter().take(spot.here).rev() {
        match token.text {
            ")" | "]" => depth += 1,
            "(" | "[" if depth == 0 => {
                opened = Some(token);
                break;
            }
            "(" | "[" => depth -= 1,
            _ => {}
        }
    }
    let Some(opened) = opened else { return unexpected(spot) };
    let close = if opened.text == "(" { ")" } else { "]" };
    Mistake {
        range: opened.start..spot.behind().end,
        ..spot.mistake(
            "brackets",
            format!("the `{}` is never closed", opened.text),
            "",
            format!("put {close} where it ends"),
        )
    }
    .labelled(format!("{close} belongs behind this"))
}

impl Mistake {
    fn labelled(mut self, label: String) -> Self {
        self.label = label;
        self
    }
}

/// A function's name or its parameters are not as they have to be.
fn head(spot: &Spot<'_, '_>) -> Mistake {
    let Some(start) = spot.tokens.iter().take(spot.here + 1).rposition(|token| token.is("fn")) else {
        return unexpected(spot);
    };
    let from = spot.tokens.get(start).map_or(0, Token::end);
    let rest = spot.text.get(from..).unwrap_or_default();
    let end = from + rest.find(['(', '{', '\n']).unwrap_or(rest.len());
    let written = spot.text.get(from..end).unwrap_or_default();
    let name = written.trim();
    let range = from + (written.len() - written.trim_start().len())..from + written.trim_end().len();
    let bare = |letter: char| letter.is_alphanumeric() || letter == '_';
    if name.is_empty() {
        return spot.mistake("wrong-name", "the function has no name", "before this", "write fn name(situation) {");
    }
    if name.chars().all(bare) && !name.starts_with(|letter: char| letter.is_ascii_digit()) {
        let help = format!("write fn {name}(situation) {{");
        return Mistake {
            range,
            ..spot.mistake("wrong-parameters", format!("`{name}` has no parameter"), "no brackets behind it", help)
        };
    }
    let mut good: String = name.chars().map(|letter| if bare(letter) { letter } else { '_' }).collect();
    if good.starts_with(|letter: char| letter.is_ascii_digit()) {
        good = format!("rule_{good}");
    }
    let id = good.replace('_', "-");
    Mistake {
        range,
        ..spot.mistake(
            "wrong-name",
            format!("`{name}` is no name for a function"),
            "letters, digits and underscores only, a letter first",
            format!("write fn {good}(situation); the rule's id is then `{id}`"),
        )
    }
}

fn reserved(spot: &Spot<'_, '_>, name: &str) -> Mistake {
    let glued = spot.tokens.get(spot.here + 1).is_some_and(|next| next.is("-"));
    if glued && spot.back(1).is_some_and(|before| before.is("let")) {
        let message = "a hyphen cannot stand in a name";
        return spot.mistake("wrong-name", message, "in this name", "write an underscore: let is_bound = ..");
    }
    if UNEXPECTED.contains(&name) {
        return unexpected(spot);
    }
    if name == "case" {
        let help = "call the parameter `situation`";
        return spot.mistake("reserved", "`case` is a reserved word", "not a name", help);
    }
    beyond(spot, name)
}

fn beyond(spot: &Spot<'_, '_>, what: &str) -> Mistake {
    spot.mistake(
        "beyond-subset",
        format!("`{}` is not part of the rule language", clip(what)),
        "not known",
        instead(what),
    )
}

/// What to do instead of something that the language lacks on purpose.
pub(super) fn instead(what: &str) -> String {
    match what {
        "+" | "+=" => "texts are not put together and numbers not added: write the whole text out",
        "-" | "*" | "/" | "%" | "**" => "rules do not calculate: a threshold is asked for, affected_at_least(2)",
        "++" | "--" => "rules do not count: ask how many, affected_at_least(2)",
        "&" => "for \"both\" write &&",
        "|" => "for \"one of them\" write ||",
        "null" | "nil" | "None" => "nothing is ever empty here: ask a question that answers yes or no",
        "import" | "export" | "use" | "include" => "each file stands alone: the words are known without an import",
        "public" | "pub" | "static" | "async" | "await" | "new" | "class" | "Fn" => {
            "a rule begins with fn: fn name(situation) { .. }"
        }
        "var" => "write let",
        "#" => "a comment begins with two slashes: // like this",
        "=" => "to compare, write two equals signs: ==",
        _ => HAS,
    }
    .to_owned()
}

fn unexpected(spot: &Spot<'_, '_>) -> Mistake {
    let Some(token) = spot.token() else {
        return spot.mistake(
            "syntax",
            "the file ends in the middle of something",
            "the end",
            "end what was begun, with ) or } or ;",
        );
    };
    let shown = clip(token.text);
    match token.text {
        "}" | ")" | "]" => {
            let percent = spot.back(1).is_some_and(|before| before.is("%"));
            if percent {
                return spot.mistake("syntax", "a percentage is no number here", "before this", "write 0.5 for 50 %");
            }
            spot.mistake(
                "brackets",
                format!("this `{shown}` closes nothing"),
                "one too many, or something is missing before it",
                "delete it, or finish what stands before it",
            )
        }
        "else" => spot.mistake(
            "other-language",
            "this `else` follows no `if`",
            "no if before it",
            "write if condition { .. } else { .. }",
        ),
        "|" | "||" => spot.mistake(
            "beyond-subset",
            "functions without a name are not part of the rule language",
            "begins here",
            "write a helper of its own: private fn name(situation) { .. }",
        ),
        "<" => spot.mistake(
            "syntax",
            "`<` begins nothing here",
            "not expected",
            "is this a page saved from the web? a rule file is plain text",
        ),
        _ => {
            let message = match spot.back(1).filter(|before| !before.text.is_empty() && !token.first) {
                Some(before) => format!("`{shown}` cannot follow `{}`", clip(before.text)),
                None => format!("`{shown}` cannot stand here"),
            };
            let help = "look at what stands before it: a quote, a bracket, a comma or a semicolon may be missing";
            spot.mistake("syntax", message, "not expected here", help)
        }
    }
}

fn clip(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
