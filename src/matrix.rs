//! The matrix of a pack: threats and organisations, and what its papers together say of each pair.
//!
//! It counts statements about texts. Who is competent in a case is another question, which an evaluation answers.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::session::Session;
use crate::world::{Ascribed, Grade, MatrixColumn, MatrixRow, World};

/// The version of this shape.
pub const SCHEMA: &str = "mandatum/matrix/1";

/// Rows by columns.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Matrix {
    /// The version of this shape.
    pub schema: &'static str,
    /// The pack.
    pub pack: String,
    /// Heads of the columns, each with its id.
    pub columns: Vec<[String; 2]>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Statements that no cell counts: about threats without a row, or bodies without a column.
    pub uncounted: Vec<Statement>,
}

/// One field of threats.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its printed head.
    pub text: String,
    /// One cell per column.
    pub cells: Vec<Cell>,
}

/// What the papers say of one field and one column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Cell {
    /// The firmest thing said; `None`: no paper says anything.
    pub grade: Option<Grade>,
    /// Every statement that counts here, the firmest first.
    pub statements: Vec<Statement>,
}

/// One statement of one paper.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Statement {
    /// How firmly.
    pub grade: Grade,
    /// Its id.
    pub id: String,
    /// The body; `None`: states in general.
    pub body: Option<String>,
    /// What is said.
    pub text: String,
    /// The paper.
    pub source: String,
    /// Where in the paper.
    pub locator: String,
    /// Claims of the register that it rests on.
    pub claims: Vec<String>,
    /// Mandates of the pack that hold the same.
    pub mandates: Vec<String>,
}

/// Counts the statements of a pack.
pub fn matrix(session: &Session) -> Matrix {
    let (world, register) = (&session.pack.world, &session.pack.register);
    let own: BTreeSet<&str> =
        register.matrix_columns.iter().flat_map(|column| column.bodies.iter().map(String::as_str)).collect();
    let cell = |row: &MatrixRow, column: &MatrixColumn| {
        let here = register.ascribed.values().filter(|said| in_row(said, row) && in_column(world, said, column, &own));
        let mut statements: Vec<Statement> = here.map(statement).collect();
        statements.sort();
        Cell { grade: statements.first().map(|said| said.grade), statements }
    };
    let counted = |said: &Ascribed| {
        let row = register.matrix_rows.iter().any(|row| in_row(said, row));
        row && register.matrix_columns.iter().any(|column| in_column(world, said, column, &own))
    };
    Matrix {
        uncounted: register.ascribed.values().filter(|said| !counted(said)).map(statement).collect(),
        schema: SCHEMA,
        pack: world.pack.id.clone(),
        columns: register.matrix_columns.iter().map(|column| [column.id.clone(), column.text.clone()]).collect(),
        rows: register
            .matrix_rows
            .iter()
            .map(|row| Row {
                id: row.id.clone(),
                text: row.text.clone(),
                cells: register.matrix_columns.iter().map(|column| cell(row, column)).collect(),
            })
            .collect(),
    }
}

fn statement(said: &Ascribed) -> Statement {
    Statement {
        grade: said.grade,
        id: said.id.clone(),
        body: said.body.clone(),
        text: said.text.clone(),
        source: said.source.clone(),
        locator: said.locator.clone(),
        claims: said.claims.clone(),
        mandates: said.mandates.clone(),
    }
}

/// What a paper names is taken at its word: a statement about a threat says nothing about kinds of it, nor about wider fields.
fn in_row(said: &Ascribed, row: &MatrixRow) -> bool {
    let meets = |one: &[String], other: &[String]| one.iter().any(|own| other.contains(own));
    let left_out = !said.functions.is_empty() && said.functions.iter().all(|own| row.without.contains(own));
    let of_state = match &row.state {
        None => true,
        Some(state) => said.state.as_ref() == Some(state) || (said.body.is_none() && said.state.is_none()),
    };
    (row.threats.is_empty() || meets(&said.threats, &row.threats))
        && (row.functions.is_empty() || meets(&said.functions, &row.functions))
        && of_state
        && !left_out
}

/// A body counts in the column that names it, else in the one that names the nearest body above it or its line.
fn in_column(world: &World, said: &Ascribed, column: &MatrixColumn, own: &BTreeSet<&str>) -> bool {
    let Some(body) = &said.body else { return column.states };
    if world.states.contains_key(body) {
        return column.states;
    }
    let line = world.line(body);
    let nearest = world.upwards(body).into_iter().chain([line]).find(|above| own.contains(above));
    nearest.is_some_and(|nearest| column.bodies.iter().any(|named| named == nearest))
}
