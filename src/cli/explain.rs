//! `mandatum explain`: why, and why not.

use mandatum::diagnostic::suggestion;
use mandatum::explain::{Wanted, explain};
use mandatum::render::explanation::explanation;
use mandatum::render::problem_page::problem_page;
use mandatum::shipped;

use super::Exit;
use super::evaluate::How;
use super::files::{Input, open};
use super::output::{self, Format};

/// Lines shown unless more depth is asked for.
const LINES: usize = 7;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A scenario file or a shipped scenario; alone, the code of a problem, such as unknown-id.
    scenario: String,
    /// What to explain: incursion/UZB/deploy-force, a holder in it (.../CSTO), rule@incursion/UZB, a thesis, a finding.
    id: Option<String>,
    /// Why does this holder not do this?
    #[arg(long, num_args = 2, value_names = ["HOLDER", "FUNCTION"], conflicts_with = "id")]
    why_not: Option<Vec<String>>,
    /// For this affected state only.
    #[arg(long, requires = "why_not")]
    state: Option<String>,
    /// Levels to show; without it, seven lines.
    #[arg(long)]
    depth: Option<usize>,
    #[command(flatten)]
    how: How,
    /// More rules.
    #[arg(long, value_name = "DIR")]
    rules: Vec<std::path::PathBuf>,
    /// How to write it.
    #[arg(long, value_parser = output::formats(output::PAGE), default_value = "terminal")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    if arguments.id.is_none() && arguments.why_not.is_none() {
        return code(&arguments.scenario);
    }
    let input = Input { scenario: Some(arguments.scenario.clone()), rules: arguments.rules.clone() };
    let Some(opened) = open(&input) else {
        return Exit::BadInput;
    };
    let wanted = match (&arguments.id, arguments.why_not.as_deref()) {
        (Some(id), _) => Wanted::Id(id.clone()),
        (None, Some([holder, function])) => {
            Wanted::WhyNot { holder: holder.clone(), function: function.clone(), state: arguments.state.clone() }
        }
        _ => return Exit::BadInput,
    };
    let mut problems = Vec::new();
    let mut pages = Vec::new();
    for id in &opened.chosen {
        let Some(loaded) = opened.session.scenario(id) else {
            continue;
        };
        let explained = opened
            .session
            .evaluate(loaded, &arguments.how.options())
            .and_then(|evaluated| explain(&evaluated, &opened.session.rules, &wanted).map_err(|problem| vec![problem]));
        match explained {
            Ok(nodes) if arguments.format == Format::Json => output::json(&nodes),
            Ok(nodes) => pages.push(explanation(&nodes, arguments.depth, LINES)),
            Err(found) => problems.extend(found),
        }
    }
    if arguments.format != Format::Json {
        output::documents(pages, arguments.format);
    }
    output::problems(&problems, &opened.session.texts);
    if problems.is_empty() { Exit::Clean } else { Exit::BadInput }
}

/// The page about a kind of problem.
fn code(code: &str) -> Exit {
    if let Some(page) = shipped::problem_page(code) {
        // In a pipe the page is the Markdown that it is written in.
        let shown = output::looking().then(|| problem_page(page, output::width()));
        output::out(shown.as_deref().unwrap_or(page));
        return Exit::Clean;
    }
    let help = suggestion(code, shipped::problem_codes()).map(|help| format!("  help: {help}\n"));
    output::complain(&format!("error: `{code}` is no kind of problem, and nothing of a scenario was asked for\n"));
    output::complain(&help.unwrap_or_else(|| "  help: write mandatum explain SCENARIO ID\n".to_owned()));
    Exit::BadInput
}
