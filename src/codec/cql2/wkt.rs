//! Geometries in well-known text, as CQL2's text encoding holds them.

use super::text::Parser;
use super::tokens::Token;
use super::{Cql2Error, Geometry, Position};

const KINDS: [&str; 7] = [
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
];

/// True when a name in small letters, with what follows, begins a geometry.
pub(super) fn is_geometry(name: &str, next: &Token) -> bool {
    let marked = |word: &str| {
        let marks = ["z", "m", "zm", "empty"];
        marks.iter().any(|mark| word.eq_ignore_ascii_case(mark))
    };
    KINDS.contains(&name)
        && match next {
            Token::Symbol("(") => true,
            Token::Name(word) => marked(word),
            _ => false,
        }
}

/// Reads what follows the name of a geometry.
pub(super) fn read(kind: &str, parser: &mut Parser) -> Result<Geometry, Cql2Error> {
    let mut geometry = Geometry::default();
    read_into(kind, parser, &mut geometry)?;
    Ok(geometry)
}

fn read_into(kind: &str, parser: &mut Parser, into: &mut Geometry) -> Result<(), Cql2Error> {
    let at = parser.at();
    // Heights and measures are read and not looked at, whether announced or not.
    let _ = parser.take_word("z") || parser.take_word("m") || parser.take_word("zm");
    if parser.take_word("empty") {
        return Err(at.fault("an empty geometry meets nothing"));
    }
    match kind {
        "point" => {
            parser.expect("(")?;
            into.points.push(position(parser)?);
            parser.expect(")")
        }
        "linestring" => {
            into.lines.push(line(parser)?);
            Ok(())
        }
        "polygon" => {
            into.polygons.push(list(parser, line)?);
            Ok(())
        }
        "multipoint" => {
            into.points.extend(list(parser, bracketed_position)?);
            Ok(())
        }
        "multilinestring" => {
            into.lines.extend(list(parser, line)?);
            Ok(())
        }
        "multipolygon" => {
            into.polygons
                .extend(list(parser, |parser| list(parser, line))?);
            Ok(())
        }
        _ => {
            let member = |parser: &mut Parser| {
                let kind = match parser.peek() {
                    Token::Name(name) => name.to_lowercase(),
                    _ => String::new(),
                };
                if !KINDS.contains(&kind.as_str()) {
                    return Err(parser.unexpected("a geometry"));
                }
                parser.advance();
                parser.nested(|parser| read_into(&kind, parser, into))
            };
            list(parser, member).map(drop)
        }
    }
}

/// Items in brackets with commas between.
fn list<T>(
    parser: &mut Parser,
    mut read: impl FnMut(&mut Parser) -> Result<T, Cql2Error>,
) -> Result<Vec<T>, Cql2Error> {
    parser.expect("(")?;
    let mut items = vec![read(parser)?];
    while parser.take(",") {
        items.push(read(parser)?);
    }
    parser.expect(")")?;
    Ok(items)
}

fn line(parser: &mut Parser) -> Result<Vec<Position>, Cql2Error> {
    list(parser, position)
}

/// Points of a multipoint stand in brackets of their own, or not.
fn bracketed_position(parser: &mut Parser) -> Result<Position, Cql2Error> {
    let bracketed = parser.take("(");
    let position = position(parser)?;
    if bracketed {
        parser.expect(")")?;
    }
    Ok(position)
}

/// Two numbers, and up to two more that do not count.
fn position(parser: &mut Parser) -> Result<Position, Cql2Error> {
    let position = [parser.number()?, parser.number()?];
    for _ in 0..2 {
        if matches!(parser.peek(), Token::Number(_) | Token::Symbol("+" | "-")) {
            parser.number()?;
        }
    }
    Ok(position)
}
