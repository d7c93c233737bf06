//! The JSON encoding (CQL2, annex C).

use serde_json::{Map, Value};

use super::literal::{call, instant, interval_end};
use super::{At, Cql2Error, Expression, Geometry, Instant, Node, Position};

/// Reads a whole filter.
///
/// # Errors
/// At the first member that fits no expression.
pub fn read(text: &str) -> Result<Expression, Cql2Error> {
    // Its own limit ends what is nested too deep.
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let top = At::Pointer(String::new());
        top.fault(format!("this is no JSON: {error}"))
    })?;
    expression(&value, "")
}

fn expression(value: &Value, pointer: &str) -> Result<Expression, Cql2Error> {
    let at = At::Pointer(pointer.to_owned());
    let node = match value {
        Value::Bool(flag) => Node::Flag(*flag),
        Value::Number(_) => Node::Number(number(value, &at)?),
        Value::String(text) => Node::Text(text.clone()),
        Value::Array(items) => Node::List(expressions(items, pointer)?),
        Value::Object(members) => object(members, pointer, &at)?,
        Value::Null => {
            return Err(
                at.fault("null is no value here; the operator isNull asks for what is missing")
            );
        }
    };
    Ok(Expression { node, at })
}

fn expressions(items: &[Value], pointer: &str) -> Result<Vec<Expression>, Cql2Error> {
    let read = |(index, item)| expression(item, &format!("{pointer}/{index}"));
    items.iter().enumerate().map(read).collect()
}

fn object(members: &Map<String, Value>, pointer: &str, at: &At) -> Result<Node, Cql2Error> {
    let has = |name: &str| members.get(name);
    if let Some(operator) = has("op") {
        only(members, &["op", "args"], at)?;
        let name = text(operator, &format!("{pointer}/op"))?.to_lowercase();
        let operands = match has("args") {
            Some(Value::Array(operands)) => expressions(operands, &format!("{pointer}/args"))?,
            _ => return Err(at.fault("an operator has a list of operands, \"args\"")),
        };
        call(name, operands, at)
    } else if let Some(name) = has("property") {
        only(members, &["property"], at)?;
        let name = text(name, &format!("{pointer}/property"))?;
        Ok(Node::Property(name.to_owned()))
    } else if let Some(day) = has("date") {
        only(members, &["date"], at)?;
        let day = text(day, &format!("{pointer}/date"))?;
        instant(Instant::Date, day, at)
    } else if let Some(moment) = has("timestamp") {
        only(members, &["timestamp"], at)?;
        let moment = text(moment, &format!("{pointer}/timestamp"))?;
        instant(Instant::Timestamp, moment, at)
    } else if let Some(ends) = has("interval") {
        only(members, &["interval"], at)?;
        let at = At::Pointer(format!("{pointer}/interval"));
        let Value::Array(ends) = ends else {
            return Err(at.fault("an interval is a list of its two ends"));
        };
        let ends = expressions(ends, &format!("{pointer}/interval"))?;
        let ends: [Expression; 2] = ends
            .try_into()
            .map_err(|_| at.fault("an interval has two ends"))?;
        let [first, last] = ends;
        let ends = [interval_end(first)?, interval_end(last)?];
        Ok(Node::Interval(Box::new(ends)))
    } else if has("type").is_some() {
        let mut geometry = Geometry::default();
        read_geometry(members, pointer, &mut geometry)?;
        Ok(Node::Geometry(geometry))
    } else if let Some(bounds) = has("bbox") {
        only(members, &["bbox"], at)?;
        let at = At::Pointer(format!("{pointer}/bbox"));
        let Value::Array(numbers) = bounds else {
            return Err(at.fault("a bbox is a list of four or six numbers"));
        };
        let numbers = numbers.iter().map(|value| number(value, &at));
        Ok(Node::Bounds(numbers.collect::<Result<_, _>>()?))
    } else {
        Err(at.fault(
            "expected a value, or an object with op, property, date, timestamp, interval, bbox or a GeoJSON type",
        ))
    }
}

/// Refuses members that would go unread.
fn only(members: &Map<String, Value>, known: &[&str], at: &At) -> Result<(), Cql2Error> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(at.fault(format!("the member {name:?} has no meaning here"))),
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str, Cql2Error> {
    let not_text = || At::Pointer(pointer.to_owned()).fault("expected a text");
    value.as_str().ok_or_else(not_text)
}

fn number(value: &Value, at: &At) -> Result<f64, Cql2Error> {
    let number = value.as_f64().filter(|number| number.is_finite());
    number.ok_or_else(|| at.fault("expected a number"))
}

/// Reads a GeoJSON geometry (RFC 7946).
fn read_geometry(
    members: &Map<String, Value>,
    pointer: &str,
    into: &mut Geometry,
) -> Result<(), Cql2Error> {
    let at = At::Pointer(pointer.to_owned());
    let kind = members.get("type").and_then(Value::as_str).unwrap_or("");
    if kind == "GeometryCollection" {
        let Some(Value::Array(parts)) = members.get("geometries") else {
            return Err(at.fault("a GeometryCollection has a list \"geometries\""));
        };
        for (index, part) in parts.iter().enumerate() {
            let pointer = format!("{pointer}/geometries/{index}");
            let Value::Object(part) = part else {
                return Err(At::Pointer(pointer).fault("expected a geometry"));
            };
            read_geometry(part, &pointer, into)?;
        }
        return Ok(());
    }
    let coordinates = members.get("coordinates").unwrap_or(&Value::Null);
    let at = At::Pointer(format!("{pointer}/coordinates"));
    let position = |value: &Value| position(value, &at);
    let line = |value: &Value| list(value, &at, position);
    let polygon = |value: &Value| list(value, &at, line);
    match kind {
        "Point" => into.points.push(position(coordinates)?),
        "MultiPoint" => into.points.extend(list(coordinates, &at, position)?),
        "LineString" => into.lines.push(line(coordinates)?),
        "MultiLineString" => into.lines.extend(polygon(coordinates)?),
        "Polygon" => into.polygons.push(polygon(coordinates)?),
        "MultiPolygon" => into.polygons.extend(list(coordinates, &at, polygon)?),
        other => {
            let at = At::Pointer(format!("{pointer}/type"));
            return Err(at.fault(format!("{other:?} is no kind of GeoJSON geometry")));
        }
    }
    Ok(())
}

fn list<T>(
    value: &Value,
    at: &At,
    read: impl Fn(&Value) -> Result<T, Cql2Error>,
) -> Result<Vec<T>, Cql2Error> {
    let Value::Array(items) = value else {
        return Err(at.fault("the coordinates are not nested as this kind of geometry has them"));
    };
    items.iter().map(read).collect()
}

fn position(value: &Value, at: &At) -> Result<Position, Cql2Error> {
    let numbers = list(value, at, |value| number(value, at))?;
    match numbers[..] {
        [x, y, ..] if numbers.len() <= 4 => Ok([x, y]),
        _ => Err(at.fault("a position is two numbers, or three with its height")),
    }
}
