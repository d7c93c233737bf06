//! The Common Query Language CQL2 (OGC 21-065r2), as text and as JSON: read into one
//! tree, and from there, checked against the queryables of a collection, into a
//! [`Filter`].

mod json;
mod literal;
mod resolve;
mod text;
mod tokens;
mod wkt;

use std::fmt;

use crate::geometry::ReferenceSystem;
use crate::index::filter::{Filter, Queryable, Span};

pub use resolve::equal_to;

/// How deep expressions may be nested. What is read recursively must end before the stack
/// does.
const MAX_DEPTH: usize = 64;

/// Reads the text encoding.
///
/// # Errors
/// What is wrong and where: of the grammar, of a literal, or of what the collection does
/// not have.
pub fn parse_text(
    text: &str,
    queryables: &[Queryable],
    crs: ReferenceSystem,
) -> Result<Filter, Cql2Error> {
    resolve::resolve(&text::read(text)?, queryables, crs)
}

/// Reads the JSON encoding.
///
/// # Errors
/// As [`parse_text`].
pub fn parse_json(
    text: &str,
    queryables: &[Queryable],
    crs: ReferenceSystem,
) -> Result<Filter, Cql2Error> {
    resolve::resolve(&json::read(text)?, queryables, crs)
}

/// What is wrong with a filter, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {why}")]
pub struct Cql2Error {
    pub at: At,
    pub why: String,
}

/// A place in a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// A character of the text, counted from 1.
    Character(usize),
    /// A JSON pointer (RFC 6901).
    Pointer(String),
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character(number) => write!(f, "at character {number}"),
            Self::Pointer(pointer) if pointer.is_empty() => f.write_str("at the top"),
            Self::Pointer(pointer) => write!(f, "at {pointer}"),
        }
    }
}

impl At {
    fn fault(&self, why: impl Into<String>) -> Cql2Error {
        Cql2Error {
            at: self.clone(),
            why: why.into(),
        }
    }
}

/// An expression as it is written, whichever way.
#[derive(Debug, Clone)]
struct Expression {
    node: Node,
    at: At,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Property(String),
    Text(String),
    Number(f64),
    Flag(bool),
    /// A day or a moment.
    Instant(Span),
    /// Both ends: an instant, a property or [`Node::Open`].
    Interval(Box<[Expression; 2]>),
    /// `..`
    Open,
    Geometry(Geometry),
    /// Four or six numbers.
    Bounds(Vec<f64>),
    List(Vec<Expression>),
    /// An operator or a function, in small letters.
    Call(String, Vec<Expression>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instant {
    Date,
    Timestamp,
}

/// A geometry as it is written: pairs in the order of the coordinate system's axes.
#[derive(Debug, Clone, PartialEq, Default)]
struct Geometry {
    points: Vec<Position>,
    lines: Vec<Vec<Position>>,
    polygons: Vec<Vec<Vec<Position>>>,
}

type Position = [f64; 2];

/// Places do not count: an expression is the same wherever it stands.
impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

#[cfg(test)]
mod tests;
