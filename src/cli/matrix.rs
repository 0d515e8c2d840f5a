//! `mandatum matrix`: threats and organisations, as the papers of a pack together claim.

use mandatum::diagnostic::suggestion;
use mandatum::matrix::matrix;
use mandatum::render::ascribed;
use mandatum::render::document::{Style, plain, span};

use super::Exit;
use super::files::open_pack;
use super::output::{self, Format};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A row: what each paper says, and where. Without it, the whole matrix.
    row: Option<String>,
    /// The pack: a folder, or a shipped one.
    #[arg(long, default_value = "central-asia")]
    pack: String,
    /// How to write it.
    #[arg(long, value_parser = output::formats(output::PAGE), default_value = "terminal")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Some(opened) = open_pack(&arguments.pack) else {
        return Exit::BadInput;
    };
    let mut matrix = matrix(&opened.session);
    if matrix.rows.is_empty() {
        output::complain(&format!(
            "error: the pack `{}` has no [[matrix-row]]: there is nothing to count\n",
            arguments.pack
        ));
        return Exit::BadInput;
    }
    if let Some(id) = &arguments.row {
        let known: Vec<String> = matrix.rows.iter().map(|row| row.id.clone()).collect();
        matrix.rows.retain(|row| row.id == *id || row.text.eq_ignore_ascii_case(id));
        if matrix.rows.is_empty() {
            let help = suggestion(id, known.iter().map(String::as_str));
            let help = help.unwrap_or_else(|| format!("rows: {}", known.join(", ")));
            output::complain(&format!("error: the matrix has no row `{id}`; {help}\n"));
            return Exit::BadInput;
        }
    }
    match (arguments.format, matrix.rows.first()) {
        (Format::Json, _) => output::json(&matrix),
        (format, Some(row)) if arguments.row.is_some() => output::document(&ascribed::row(&matrix, row), format),
        (format, _) => {
            let mut document = ascribed::table(&matrix);
            let ids: Vec<&str> = matrix.rows.iter().map(|row| row.id.as_str()).collect();
            document.paragraph(vec![
                plain("What stands behind a row, with its places: "),
                span(Style::Code, "mandatum matrix ROW"),
                plain(format!(", where ROW is one of: {}.", ids.join(", "))),
            ]);
            output::document(&document, format);
        }
    }
    Exit::Clean
}
