//! Conditions on features: typed, checked beforehand, and quick to evaluate on what
//! memory holds, without copying it.
//!
//! A condition is true, false or, where a value is missing, unknown; only features for
//! which it is true are found (CQL2, table 1).

pub mod bounds;
pub mod moment;
pub mod pattern;
pub mod region;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;

use serde::ser::{Serialize, Serializer};

use crate::domain::{BoundingBox, LngLat, Shape, Timestamp};
pub use moment::{Span, TemporalRelation};
pub use pattern::{Folding, Pattern};
pub use region::{Region, SpatialRelation};

/// A property that features of a collection have and that may be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queryable {
    pub name: &'static str,
    /// In Chinese and English.
    pub title: &'static str,
    pub kind: Kind,
    /// The words it may be, where they are few.
    pub words: &'static [&'static str],
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    Integer,
    Flag,
    /// A moment; in filters also a day.
    Time,
    /// Stretches of time that are no single moment.
    Interval,
    /// Several values.
    List,
}

/// The value of a property.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Not known.
    Missing,
    Text(Cow<'a, str>),
    Number(f64),
    Integer(i64),
    Flag(bool),
    Time(Timestamp),
    Span(Span),
    List(Vec<Value<'a>>),
}

/// Where a feature is.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    Shape(&'a Shape),
    Point(LngLat),
    /// Not known.
    None,
}

/// A feature as conditions see it.
pub trait Record {
    /// The value of the collection's queryable with this number.
    fn value(&self, queryable: usize) -> Value<'_>;

    fn place(&self) -> Place<'_>;
}

/// A condition.
#[derive(Debug)]
pub enum Filter {
    Constant(bool),
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    /// A property or expression that is itself true or false.
    Holds(Scalar),
    Compare(Comparison, Scalar, Scalar),
    Like(Scalar, Pattern),
    Between(Scalar, Scalar, Scalar),
    In(Scalar, Vec<Scalar>),
    /// As `In`, with texts that are known beforehand.
    OneOf(Scalar, HashSet<String>),
    IsMissing(Scalar),
    /// The feature's place is not known.
    IsNowhere,
    /// How the feature stands to a region.
    Spatial(SpatialRelation, Box<Region>),
    /// How the feature stands to itself, which is unknown only without a place.
    SpatialSelf(SpatialRelation),
    Temporal(TemporalRelation, Scalar, Scalar),
    Lists(ListRelation, Scalar, Scalar),
}

/// How values are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// How one set of values stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListRelation {
    Equals,
    Contains,
    ContainedBy,
    Overlaps,
}

/// An expression with a value.
#[derive(Debug)]
pub enum Scalar {
    Property(usize),
    Constant(Value<'static>),
    Arithmetic(Arithmetic, Box<Scalar>, Box<Scalar>),
    Folded(Folding, Box<Scalar>),
    /// From the start of one to the end of the other; `None` is open.
    Interval(Option<Box<Scalar>>, Option<Box<Scalar>>),
    List(Vec<Scalar>),
    /// Whether a condition holds.
    Condition(Box<Filter>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    Plus,
    Minus,
    Times,
    Divided,
    /// Divided, and the fraction dropped.
    WholeDivided,
    Remainder,
    Power,
}

impl Filter {
    /// True when the condition is true of the feature.
    pub fn matches(&self, record: &impl Record) -> bool {
        self.evaluate(record) == Some(true)
    }

    /// A box outside of which the condition is true of nothing, if there is one.
    #[must_use]
    pub fn bounds(&self) -> Option<BoundingBox> {
        match self {
            Self::All(parts) => {
                let bounds = parts.iter().filter_map(Self::bounds);
                // Two boxes may lie apart; either is enough.
                bounds.min_by_key(extent)
            }
            Self::Any(parts) => {
                let bounds: Option<Vec<BoundingBox>> = parts.iter().map(Self::bounds).collect();
                bounds?.into_iter().reduce(BoundingBox::union)
            }
            Self::Spatial(SpatialRelation::Disjoint, _) => None,
            Self::Spatial(_, region) => Some(region.bounds()),
            _ => None,
        }
    }

    /// True when comparing with a geometry has taken so much that what was found since is
    /// not all there is.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        let any = |scalars: &[&Scalar]| scalars.iter().any(|scalar| scalar.is_exhausted());
        match self {
            Self::Spatial(_, region) => region.is_exhausted(),
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::is_exhausted),
            Self::Not(part) => part.is_exhausted(),
            Self::Holds(a) | Self::Like(a, _) | Self::OneOf(a, _) | Self::IsMissing(a) => any(&[a]),
            Self::Compare(_, a, b) | Self::Temporal(_, a, b) | Self::Lists(_, a, b) => any(&[a, b]),
            Self::Between(a, b, c) => any(&[a, b, c]),
            Self::In(a, list) => a.is_exhausted() || list.iter().any(Scalar::is_exhausted),
            Self::Constant(_) | Self::IsNowhere | Self::SpatialSelf(_) => false,
        }
    }

    /// Whether the condition is true of the feature; `None` when that is unknown.
    pub fn evaluate(&self, record: &impl Record) -> Option<bool> {
        match self {
            Self::Constant(holds) => Some(*holds),
            Self::All(parts) => combine(parts, record, false),
            Self::Any(parts) => combine(parts, record, true),
            Self::Not(part) => part.evaluate(record).map(|holds| !holds),
            Self::Holds(scalar) => match scalar.evaluate(record) {
                Value::Flag(holds) => Some(holds),
                _ => None,
            },
            Self::Compare(comparison, a, b) => compare(&a.evaluate(record), &b.evaluate(record))
                .map(|order| comparison.holds(order)),
            Self::Like(scalar, pattern) => match scalar.evaluate(record) {
                Value::Text(text) => Some(pattern.matches(&text)),
                _ => None,
            },
            Self::Between(scalar, low, high) => {
                let value = scalar.evaluate(record);
                let above = compare(&low.evaluate(record), &value).map(Ordering::is_le);
                let below = compare(&value, &high.evaluate(record)).map(Ordering::is_le);
                both(above, below)
            }
            Self::In(scalar, list) => {
                let value = scalar.evaluate(record);
                let mut found = Some(false);
                for item in list {
                    match compare(&value, &item.evaluate(record)) {
                        Some(Ordering::Equal) => return Some(true),
                        Some(_) => {}
                        None => found = None,
                    }
                }
                found
            }
            Self::OneOf(scalar, texts) => match scalar.evaluate(record) {
                Value::Text(text) => Some(texts.contains(text.as_ref())),
                _ => None,
            },
            Self::IsMissing(scalar) => Some(scalar.evaluate(record) == Value::Missing),
            Self::IsNowhere => Some(matches!(record.place(), Place::None)),
            Self::Spatial(relation, region) => region.relates(*relation, record.place()),
            Self::SpatialSelf(relation) => match record.place() {
                Place::None => None,
                _ => Some(relation.holds_with_itself()),
            },
            Self::Temporal(relation, a, b) => {
                let (a, b) = (a.evaluate(record).span()?, b.evaluate(record).span()?);
                Some(a.relates(*relation, b))
            }
            Self::Lists(relation, a, b) => match (a.evaluate(record), b.evaluate(record)) {
                (Value::List(a), Value::List(b)) => Some(relation.holds(&a, &b)),
                _ => None,
            },
        }
    }
}

/// All of the parts, or any of them if `any`; what decides the whole ends it.
fn combine(parts: &[Filter], record: &impl Record, any: bool) -> Option<bool> {
    let mut result = Some(!any);
    for part in parts {
        match part.evaluate(record) {
            Some(holds) if holds == any => return Some(any),
            Some(_) => {}
            None => result = None,
        }
    }
    result
}

fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// The ground a box covers, to tell the smaller of two.
fn extent(bounds: &BoundingBox) -> i64 {
    let span = |min: i32, max: i32| i64::from(max) - i64::from(min);
    span(bounds.min.lon_e7(), bounds.max.lon_e7())
        .saturating_mul(span(bounds.min.lat_e7(), bounds.max.lat_e7()))
}

/// How two values are ordered; `None` when one is missing or they are of unlike kinds.
fn compare(a: &Value<'_>, b: &Value<'_>) -> Option<Ordering> {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => Some(a.as_ref().cmp(b.as_ref())),
        (Value::Flag(a), Value::Flag(b)) => Some(a.cmp(b)),
        (Value::Integer(a), Value::Integer(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        _ => match (a.number(), b.number()) {
            (Some(a), Some(b)) => a.partial_cmp(&b),
            _ => Some(a.span()?.order(b.span()?)),
        },
    }
}

impl Value<'_> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "numbers of a filter are floats, as in its JSON"
    )]
    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Integer(number) => Some(*number as f64),
            _ => None,
        }
    }

    fn span(&self) -> Option<Span> {
        match self {
            Self::Time(moment) => Some(Span::at(*moment)),
            Self::Span(span) => Some(*span),
            _ => None,
        }
    }
}

impl Serialize for Value<'_> {
    /// As GeoJSON properties have it. Stretches of time are written only where a feature
    /// has one: as an interval of two moments.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Missing => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Time(moment) => moment.serialize(serializer),
            Self::Span(span) => (span.start, span.end).serialize(serializer),
            Self::List(values) => values.serialize(serializer),
        }
    }
}

impl Comparison {
    const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

impl ListRelation {
    /// As sets: neither order nor repetition counts.
    fn holds(self, a: &[Value<'_>], b: &[Value<'_>]) -> bool {
        let has = |list: &[Value<'_>], value: &Value<'_>| {
            list.iter()
                .any(|other| compare(other, value) == Some(Ordering::Equal))
        };
        let contains =
            |list: &[Value<'_>], other: &[Value<'_>]| other.iter().all(|value| has(list, value));
        match self {
            Self::Equals => contains(a, b) && contains(b, a),
            Self::Contains => contains(a, b),
            Self::ContainedBy => contains(b, a),
            Self::Overlaps => b.iter().any(|value| has(a, value)),
        }
    }
}

impl Scalar {
    fn is_exhausted(&self) -> bool {
        match self {
            Self::Condition(filter) => filter.is_exhausted(),
            Self::Arithmetic(_, a, b) => a.is_exhausted() || b.is_exhausted(),
            Self::Folded(_, scalar) => scalar.is_exhausted(),
            Self::Interval(first, last) => {
                let mut ends = [first, last].into_iter().flatten();
                ends.any(|end| end.is_exhausted())
            }
            Self::List(items) => items.iter().any(Self::is_exhausted),
            Self::Property(_) | Self::Constant(_) => false,
        }
    }

    fn evaluate<'a>(&'a self, record: &'a impl Record) -> Value<'a> {
        match self {
            Self::Property(queryable) => record.value(*queryable),
            Self::Constant(value) => value.borrow(),
            Self::Arithmetic(arithmetic, a, b) => {
                let operands = (a.evaluate(record).number(), b.evaluate(record).number());
                match operands {
                    (Some(a), Some(b)) => arithmetic.compute(a, b),
                    _ => Value::Missing,
                }
            }
            Self::Folded(folding, scalar) => match scalar.evaluate(record) {
                Value::Text(text) => Value::Text(folding.apply(&text).into()),
                other => other,
            },
            Self::Interval(first, last) => {
                let end = |scalar: &'a Option<Box<Self>>| match scalar {
                    None => Some(Span {
                        start: None,
                        end: None,
                    }),
                    Some(scalar) => scalar.evaluate(record).span(),
                };
                match (end(first), end(last)) {
                    (Some(first), Some(last)) => {
                        Span::between(first, last).map_or(Value::Missing, Value::Span)
                    }
                    _ => Value::Missing,
                }
            }
            Self::List(items) => {
                Value::List(items.iter().map(|item| item.evaluate(record)).collect())
            }
            Self::Condition(filter) => filter.evaluate(record).map_or(Value::Missing, Value::Flag),
        }
    }
}

impl Value<'static> {
    /// The same value, for as short as it is looked at.
    fn borrow(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
            other => other.clone(),
        }
    }
}

impl Arithmetic {
    /// What has no finite result, such as a division by zero, is unknown.
    fn compute(self, a: f64, b: f64) -> Value<'static> {
        let result = match self {
            Self::Plus => a + b,
            Self::Minus => a - b,
            Self::Times => a * b,
            Self::Divided => a / b,
            Self::WholeDivided => (a / b).trunc(),
            Self::Remainder => a % b,
            Self::Power => a.powf(b),
        };
        if result.is_finite() {
            Value::Number(result)
        } else {
            Value::Missing
        }
    }
}
