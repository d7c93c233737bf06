//! What both encodings have alike.

use super::{At, Cql2Error, Expression, Instant, Node};
use crate::index::filter::Span;

/// Names of operators and functions that CQL2 has, and how many operands they take.
pub const OPERATORS: [(&str, std::ops::RangeInclusive<usize>); 20] = [
    ("and", 2..=usize::MAX),
    ("or", 2..=usize::MAX),
    ("not", 1..=1),
    ("=", 2..=2),
    ("<>", 2..=2),
    ("<", 2..=2),
    (">", 2..=2),
    ("<=", 2..=2),
    (">=", 2..=2),
    ("like", 2..=2),
    ("between", 3..=3),
    ("in", 2..=2),
    ("isnull", 1..=1),
    ("+", 2..=2),
    ("-", 2..=2),
    ("*", 2..=2),
    ("/", 2..=2),
    ("%", 2..=2),
    ("div", 2..=2),
    ("^", 2..=2),
];

/// A day or a moment.
pub fn instant(kind: Instant, text: &str, at: &At) -> Result<Node, Cql2Error> {
    let is_day = text.len() == 10;
    match (kind, Span::parse_instant(text)) {
        (Instant::Date, Ok(span)) if is_day => Ok(Node::Instant(span)),
        (Instant::Timestamp, Ok(span)) if !is_day => Ok(Node::Instant(span)),
        (Instant::Date, _) => Err(at.fault(format!("{text:?} is no day, as 2026-11-22"))),
        (Instant::Timestamp, _) => {
            Err(at.fault(format!("{text:?} is no moment, as 2026-11-22T08:00:00Z")))
        }
    }
}

/// An end of an interval: a property, an instant in quotes, or `..`.
pub fn interval_end(end: Expression) -> Result<Expression, Cql2Error> {
    let node = match end.node {
        Node::Text(text) if text == ".." => Node::Open,
        Node::Text(text) => {
            let span = Span::parse_instant(&text);
            Node::Instant(span.map_err(|error| end.at.fault(error.to_string()))?)
        }
        node @ (Node::Property(_) | Node::Instant(_) | Node::Call(..)) => node,
        _ => {
            return Err(end
                .at
                .fault("an interval's end is a property, a day or moment in quotes, or '..'"));
        }
    };
    Ok(Expression { node, at: end.at })
}

/// Checks that an operator has its operands.
pub fn call(name: String, operands: Vec<Expression>, at: &At) -> Result<Node, Cql2Error> {
    let known = OPERATORS.iter().find(|(operator, _)| *operator == name);
    if let Some((_, count)) = known
        && !count.contains(&operands.len())
    {
        let wanted = match (*count.start(), *count.end()) {
            (1, 1) => "one operand".to_owned(),
            (least, most) if least == most => format!("{least} operands"),
            (least, _) => format!("at least {least} operands"),
        };
        return Err(at.fault(format!("{name} takes {wanted}, but has {}", operands.len())));
    }
    Ok(Node::Call(name, operands))
}
