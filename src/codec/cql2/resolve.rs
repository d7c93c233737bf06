//! From what is written to what can be evaluated: names are looked up, kinds compared,
//! and geometries placed on the lattice.

use super::{At, Cql2Error, Expression, Geometry, Node, Position};
use crate::domain::{LngLat, Polygon, Ring};
use crate::geometry::ReferenceSystem;
use crate::index::filter::region::Parts;
use crate::index::filter::{
    Arithmetic, Comparison, Filter, Folding, Kind, ListRelation, Pattern, Queryable, Region,
    Scalar, Span, SpatialRelation, TemporalRelation, Value,
};

/// The name of every feature's place.
const GEOMETRY: &str = "geometry";

const COMPARISONS: [(&str, Comparison); 6] = [
    ("=", Comparison::Equal),
    ("<>", Comparison::NotEqual),
    ("<", Comparison::Less),
    ("<=", Comparison::LessOrEqual),
    (">", Comparison::Greater),
    (">=", Comparison::GreaterOrEqual),
];

const ARITHMETIC: [(&str, Arithmetic); 7] = [
    ("+", Arithmetic::Plus),
    ("-", Arithmetic::Minus),
    ("*", Arithmetic::Times),
    ("/", Arithmetic::Divided),
    ("div", Arithmetic::WholeDivided),
    ("%", Arithmetic::Remainder),
    ("^", Arithmetic::Power),
];

const LISTS: [(&str, ListRelation); 4] = [
    ("a_equals", ListRelation::Equals),
    ("a_contains", ListRelation::Contains),
    ("a_containedby", ListRelation::ContainedBy),
    ("a_overlaps", ListRelation::Overlaps),
];

/// The filter that an expression stands for.
///
/// # Errors
/// What it names that there is not, and operands of the wrong kind.
pub(super) fn resolve(
    expression: &Expression,
    queryables: &[Queryable],
    crs: ReferenceSystem,
) -> Result<Filter, Cql2Error> {
    Resolver { queryables, crs }.condition(expression)
}

/// The filter of a query parameter such as `code=320812`: text and numbers are equal,
/// moments lie in the time that is named, and lists hold the value.
///
/// # Errors
/// When the text is no value of that kind.
pub fn equal_to(index: usize, queryable: &Queryable, text: &str) -> Result<Filter, String> {
    let equal = |value: Value<'static>| {
        let property = Scalar::Property(index);
        Filter::Compare(Comparison::Equal, property, Scalar::Constant(value))
    };
    let words = queryable.words;
    if !words.is_empty() && !words.contains(&text) {
        return Err(format!("{text:?} is not one of {}", words.join(", ")));
    }
    match queryable.kind {
        Kind::Text => Ok(equal(Value::Text(text.to_owned().into()))),
        Kind::Number | Kind::Integer => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(equal(Value::Number(number))),
            _ => Err(format!("{text:?} is no number")),
        },
        Kind::Flag => match text.parse() {
            Ok(flag) => Ok(equal(Value::Flag(flag))),
            Err(_) => Err(format!("{text:?} is neither true nor false")),
        },
        Kind::Time | Kind::Interval => {
            let span = text.parse::<Span>().map_err(|error| error.to_string())?;
            Ok(Filter::Temporal(
                TemporalRelation::Intersects,
                Scalar::Property(index),
                Scalar::Constant(Value::Span(span)),
            ))
        }
        Kind::List => {
            let value = Scalar::Constant(Value::Text(text.to_owned().into()));
            let list = Scalar::List(vec![value]);
            Ok(Filter::Lists(
                ListRelation::Contains,
                Scalar::Property(index),
                list,
            ))
        }
    }
}

struct Resolver<'a> {
    queryables: &'a [Queryable],
    crs: ReferenceSystem,
}

/// What an expression turned out to be.
enum Resolved {
    Scalar(Scalar, Kind),
    Condition(Filter),
    /// The place of the feature.
    Place,
    Region(Box<Region>),
}

impl Resolver<'_> {
    fn condition(&self, expression: &Expression) -> Result<Filter, Cql2Error> {
        match self.resolve(expression)? {
            Resolved::Condition(filter) => Ok(filter),
            Resolved::Scalar(Scalar::Constant(Value::Flag(holds)), _) => {
                Ok(Filter::Constant(holds))
            }
            Resolved::Scalar(scalar, Kind::Flag) => Ok(Filter::Holds(scalar)),
            other => Err(expression.at.fault(format!(
                "expected a condition, found {}; compare it with something",
                other.describe()
            ))),
        }
    }

    fn resolve(&self, expression: &Expression) -> Result<Resolved, Cql2Error> {
        let at = &expression.at;
        let constant = |value, kind| Ok(Resolved::Scalar(Scalar::Constant(value), kind));
        match &expression.node {
            Node::Property(name) => self.property(name, at),
            Node::Text(text) => constant(Value::Text(text.clone().into()), Kind::Text),
            Node::Number(number) => constant(Value::Number(*number), Kind::Number),
            Node::Flag(flag) => constant(Value::Flag(*flag), Kind::Flag),
            Node::Instant(span) => constant(Value::Span(*span), Kind::Time),
            Node::Interval(ends) => self.interval(ends, at),
            Node::Open => Err(at.fault("'..' is the open end of an interval only")),
            Node::Geometry(geometry) => self.region(geometry, at),
            Node::Bounds(numbers) => match Region::of_bounds(numbers, self.crs) {
                Ok(region) => Ok(Resolved::Region(Box::new(region))),
                Err(error) => Err(at.fault(error.to_string())),
            },
            Node::List(items) => Ok(Resolved::Scalar(self.list(items)?, Kind::List)),
            Node::Call(name, operands) => self.call(name, operands, at),
        }
    }

    fn property(&self, name: &str, at: &At) -> Result<Resolved, Cql2Error> {
        if name == GEOMETRY {
            return Ok(Resolved::Place);
        }
        let found = self.queryables.iter().position(|known| known.name == name);
        let Some(index) = found else {
            let names = self.queryables.iter().map(|known| known.name);
            let names: Vec<&str> = names.chain([GEOMETRY]).collect();
            return Err(at.fault(format!(
                "there is no property {name:?} here; there are {}",
                names.join(", ")
            )));
        };
        let kind = self.queryables[index].kind;
        Ok(Resolved::Scalar(Scalar::Property(index), kind))
    }

    fn call(&self, name: &str, operands: &[Expression], at: &At) -> Result<Resolved, Cql2Error> {
        let filter = match (name, operands) {
            ("and", parts) => Filter::All(self.conditions(parts)?),
            ("or", parts) => Filter::Any(self.conditions(parts)?),
            ("not", [part]) => Filter::Not(Box::new(self.condition(part)?)),
            ("like", [text, pattern]) => self.like(text, pattern)?,
            ("between", [value, low, high]) => {
                let [value, low, high] = self.alike([value, low, high])?;
                Filter::Between(value, low, high)
            }
            ("in", [value, list]) => self.one_of(value, list)?,
            ("isnull", [operand]) => match self.resolve(operand)? {
                Resolved::Place => Filter::IsNowhere,
                Resolved::Region(_) => Filter::Constant(false),
                other => Filter::IsMissing(other.into_scalar(&operand.at)?.0),
            },
            ("casei", [text]) => return self.folded(Folding::Case, text),
            ("accenti", [text]) => return self.folded(Folding::Accents, text),
            (_, [a, b]) => {
                if let Some(comparison) = find(&COMPARISONS, name) {
                    let [a, b] = self.alike([a, b])?;
                    Filter::Compare(comparison, a, b)
                } else if let Some(arithmetic) = find(&ARITHMETIC, name) {
                    let [a, b] = [self.number(a)?, self.number(b)?].map(Box::new);
                    let scalar = Scalar::Arithmetic(arithmetic, a, b);
                    return Ok(Resolved::Scalar(scalar, Kind::Number));
                } else if let Some(relation) = find(&SpatialRelation::ALL, name) {
                    self.spatial(relation, a, b)?
                } else if let Some(relation) = find(&TemporalRelation::ALL, name) {
                    self.temporal(name, relation, a, b)?
                } else if let Some(relation) = find(&LISTS, name) {
                    Filter::Lists(relation, self.as_list(a)?, self.as_list(b)?)
                } else {
                    return Err(unknown(name, at));
                }
            }
            _ => return Err(unknown(name, at)),
        };
        Ok(Resolved::Condition(filter))
    }

    fn conditions(&self, parts: &[Expression]) -> Result<Vec<Filter>, Cql2Error> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn scalar(&self, expression: &Expression) -> Result<(Scalar, Kind), Cql2Error> {
        self.resolve(expression)?.into_scalar(&expression.at)
    }

    fn number(&self, expression: &Expression) -> Result<Scalar, Cql2Error> {
        match self.scalar(expression)? {
            (scalar, Kind::Number | Kind::Integer) => Ok(scalar),
            (_, kind) => Err(wrong_kind("a number", kind, &expression.at)),
        }
    }

    fn text(&self, expression: &Expression) -> Result<Scalar, Cql2Error> {
        match self.scalar(expression)? {
            (scalar, Kind::Text) => Ok(scalar),
            (_, kind) => Err(wrong_kind("a text", kind, &expression.at)),
        }
    }

    /// Operands that can be compared with each other.
    fn alike<const N: usize>(
        &self,
        expressions: [&Expression; N],
    ) -> Result<[Scalar; N], Cql2Error> {
        let scalars = self.all_alike(&expressions)?;
        let at = || {
            expressions
                .first()
                .map_or(At::Character(1), |first| first.at.clone())
        };
        scalars
            .try_into()
            .map_err(|_| at().fault("operands are missing"))
    }

    /// Any number of them. A text in quotes beside a time is read as one.
    fn all_alike(&self, expressions: &[&Expression]) -> Result<Vec<Scalar>, Cql2Error> {
        let operands = expressions.iter().map(|expression| self.scalar(expression));
        let operands = operands.collect::<Result<Vec<_>, _>>()?;
        let timely = operands.iter().any(|(_, kind)| *kind == Kind::Time);
        let mut scalars = Vec::with_capacity(operands.len());
        let mut wanted = None;
        for (expression, (scalar, kind)) in expressions.iter().zip(operands) {
            let at = &expression.at;
            let (scalar, kind) = match scalar {
                Scalar::Constant(Value::Text(text)) if timely => {
                    let span = Span::parse_instant(&text);
                    let span = span.map_err(|error| at.fault(error.to_string()))?;
                    (Scalar::Constant(Value::Span(span)), Kind::Time)
                }
                scalar => (scalar, kind),
            };
            let kind = match kind {
                Kind::Integer => Kind::Number,
                Kind::List | Kind::Interval => {
                    return Err(at.fault(format!(
                        "{} is not compared in this way; use the functions a_… and t_…",
                        describe(kind)
                    )));
                }
                other => other,
            };
            let wanted = *wanted.get_or_insert(kind);
            if wanted != kind {
                return Err(wrong_kind(describe(wanted), kind, at));
            }
            scalars.push(scalar);
        }
        Ok(scalars)
    }

    fn folded(&self, folding: Folding, text: &Expression) -> Result<Resolved, Cql2Error> {
        let scalar = match self.text(text)? {
            // What is known is folded once.
            Scalar::Constant(Value::Text(text)) => {
                Scalar::Constant(Value::Text(folding.apply(&text).into()))
            }
            other => Scalar::Folded(folding, Box::new(other)),
        };
        Ok(Resolved::Scalar(scalar, Kind::Text))
    }

    fn like(&self, text: &Expression, pattern: &Expression) -> Result<Filter, Cql2Error> {
        let text = self.text(text)?;
        match self.text(pattern)? {
            Scalar::Constant(Value::Text(pattern)) => {
                Ok(Filter::Like(text, Pattern::new(&pattern)))
            }
            _ => Err(pattern.at.fault("a pattern is a text in quotes")),
        }
    }

    fn one_of(&self, value: &Expression, list: &Expression) -> Result<Filter, Cql2Error> {
        let Node::List(items) = &list.node else {
            return Err(list.at.fault("expected a list of values"));
        };
        let operands: Vec<&Expression> = std::iter::once(value).chain(items).collect();
        let mut scalars = self.all_alike(&operands)?.into_iter();
        let value = scalars
            .next()
            .ok_or_else(|| value.at.fault("expected a value"))?;
        let items: Vec<Scalar> = scalars.collect();
        let texts = items.iter().map(|item| match item {
            Scalar::Constant(Value::Text(text)) => Some(text.clone().into_owned()),
            _ => None,
        });
        match texts.collect() {
            Some(texts) => Ok(Filter::OneOf(value, texts)),
            None => Ok(Filter::In(value, items)),
        }
    }

    fn list(&self, items: &[Expression]) -> Result<Scalar, Cql2Error> {
        let items = items.iter().map(|item| Ok(self.scalar(item)?.0));
        Ok(Scalar::List(items.collect::<Result<_, _>>()?))
    }

    /// A list; a single value in brackets cannot be told from a list of one, and is one.
    fn as_list(&self, expression: &Expression) -> Result<Scalar, Cql2Error> {
        match (self.scalar(expression)?, &expression.node) {
            ((scalar, Kind::List), _) => Ok(scalar),
            ((scalar @ Scalar::Constant(_), _), _) => Ok(Scalar::List(vec![scalar])),
            ((_, kind), _) => Err(wrong_kind("a list", kind, &expression.at)),
        }
    }

    fn interval(&self, ends: &[Expression; 2], at: &At) -> Result<Resolved, Cql2Error> {
        let end = |end: &Expression| {
            if end.node == Node::Open {
                return Ok(None);
            }
            match self.scalar(end)? {
                (scalar, Kind::Time) => Ok(Some(scalar)),
                (_, kind) => Err(wrong_kind("a time", kind, &end.at)),
            }
        };
        let [first, last] = ends;
        let (first, last) = (end(first)?, end(last)?);
        let known = |end: &Option<Scalar>| match end {
            Some(Scalar::Constant(Value::Span(span))) => Some(*span),
            _ => None,
        };
        if let (Some(first), Some(last)) = (known(&first), known(&last))
            && Span::between(first, last).is_none()
        {
            return Err(at.fault("the interval ends before it starts"));
        }
        let scalar = Scalar::Interval(first.map(Box::new), last.map(Box::new));
        Ok(Resolved::Scalar(scalar, Kind::Interval))
    }

    fn temporal(
        &self,
        name: &str,
        relation: TemporalRelation,
        a: &Expression,
        b: &Expression,
    ) -> Result<Filter, Cql2Error> {
        let operand = |expression: &Expression| {
            match self.scalar(expression)? {
            (scalar, Kind::Interval) => Ok(scalar),
            (scalar, Kind::Time) if relation.takes_instants() => Ok(scalar),
            (_, Kind::Time) => Err(expression.at.fault(format!(
                "{name} is a relation of intervals, and this is a moment; use t_intersects, t_before, t_after, t_equals or t_disjoint"
            ))),
            (Scalar::Constant(Value::Text(text)), _) if relation.takes_instants() => {
                let span = Span::parse_instant(&text);
                let span = span.map_err(|error| expression.at.fault(error.to_string()))?;
                Ok(Scalar::Constant(Value::Span(span)))
            }
            (_, kind) => Err(wrong_kind("a time", kind, &expression.at)),
        }
        };
        Ok(Filter::Temporal(relation, operand(a)?, operand(b)?))
    }

    fn spatial(
        &self,
        relation: SpatialRelation,
        a: &Expression,
        b: &Expression,
    ) -> Result<Filter, Cql2Error> {
        match (self.resolve(a)?, self.resolve(b)?) {
            (Resolved::Place, Resolved::Region(region)) => Ok(Filter::Spatial(relation, region)),
            (Resolved::Region(region), Resolved::Place) => {
                Ok(Filter::Spatial(relation.inverse(), region))
            }
            (Resolved::Region(a), Resolved::Region(b)) => {
                Ok(Filter::Constant(a.relates_to(relation, &b)))
            }
            (Resolved::Place, Resolved::Place) => Ok(Filter::SpatialSelf(relation)),
            (Resolved::Place | Resolved::Region(_), other) => Err(b
                .at
                .fault(format!("expected a geometry, found {}", other.describe()))),
            (other, _) => Err(a
                .at
                .fault(format!("expected a geometry, found {}", other.describe()))),
        }
    }

    fn region(&self, geometry: &Geometry, at: &At) -> Result<Resolved, Cql2Error> {
        let place = |&position: &Position| {
            let place = self.crs.read(position);
            place.map_err(|error| at.fault(error.to_string()))
        };
        let line = |line: &Vec<Position>| line.iter().map(place).collect();
        let ring = |ring: &Vec<Position>| {
            let points: Vec<LngLat> = ring.iter().map(place).collect::<Result<_, _>>()?;
            Ring::from_closed(points).map_err(|error| at.fault(error.to_string()))
        };
        let polygon = |rings: &Vec<Vec<Position>>| {
            let mut rings = rings.iter().map(ring);
            let exterior = rings
                .next()
                .ok_or_else(|| at.fault("the polygon is empty"))??;
            let holes = rings.collect::<Result<_, _>>()?;
            Ok(Polygon { exterior, holes })
        };
        let parts = Parts {
            points: geometry
                .points
                .iter()
                .map(place)
                .collect::<Result<_, _>>()?,
            lines: geometry.lines.iter().map(line).collect::<Result<_, _>>()?,
            polygons: geometry
                .polygons
                .iter()
                .map(polygon)
                .collect::<Result<_, _>>()?,
        };
        match Region::new(parts) {
            Ok(region) => Ok(Resolved::Region(Box::new(region))),
            Err(error) => Err(at.fault(error.to_string())),
        }
    }
}

impl Resolved {
    fn into_scalar(self, at: &At) -> Result<(Scalar, Kind), Cql2Error> {
        match self {
            Self::Scalar(scalar, kind) => Ok((scalar, kind)),
            Self::Condition(filter) => Ok((Scalar::Condition(Box::new(filter)), Kind::Flag)),
            Self::Place | Self::Region(_) => {
                Err(at.fault("expected a value, found a geometry; use the functions s_…"))
            }
        }
    }

    const fn describe(&self) -> &'static str {
        match self {
            Self::Scalar(_, kind) => describe(*kind),
            Self::Condition(_) => "a condition",
            Self::Place | Self::Region(_) => "a geometry",
        }
    }
}

const fn describe(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a text",
        Kind::Number | Kind::Integer => "a number",
        Kind::Flag => "a truth value",
        Kind::Time => "a time",
        Kind::Interval => "an interval",
        Kind::List => "a list",
    }
}

fn find<T: Copy>(all: &[(&'static str, T)], name: &str) -> Option<T> {
    let found = all.iter().find(|(known, _)| *known == name);
    found.map(|&(_, value)| value)
}

fn wrong_kind(wanted: &str, found: Kind, at: &At) -> Cql2Error {
    let found = describe(found);
    at.fault(format!("expected {wanted}, found {found}"))
}

fn unknown(name: &str, at: &At) -> Cql2Error {
    at.fault(format!(
        "there is no function {name:?} with these operands; there are casei, accenti, s_intersects, s_within and the other functions of CQL2"
    ))
}
