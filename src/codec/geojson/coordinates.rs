//! Coordinates of any nesting, in one flat list.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::super::feature::{FeatureFault, RawPolygons, RingRef};

/// The value of a `coordinates` member, as it is written. Nothing if it is absent.
#[derive(Default)]
pub(super) struct Coordinates(Vec<Token>);

#[derive(Clone, Copy, PartialEq)]
enum Token {
    Open,
    Close,
    Number(f64),
    /// Anything that belongs in no coordinates.
    Other,
}

/// `None` when lists are not nested as they must be; else the rings, or the fault of the
/// first position that is not one.
type Read<T> = Option<Result<T, FeatureFault>>;

impl Coordinates {
    pub(super) fn polygon(self) -> Read<RawPolygons> {
        let mut tokens = Tokens(&self.0);
        match tokens.polygon(None)? {
            Ok(rings) => Some(Ok(vec![rings])),
            Err(fault) => Some(Err(fault)),
        }
    }

    pub(super) fn multi_polygon(self) -> Read<RawPolygons> {
        let mut tokens = Tokens(&self.0);
        tokens.open()?;
        let mut polygons = Vec::new();
        while !tokens.close() {
            match tokens.polygon(Some(polygons.len() + 1))? {
                Ok(rings) => polygons.push(rings),
                Err(fault) => return Some(Err(fault)),
            }
        }
        Some(Ok(polygons))
    }
}

/// What has not been read yet.
struct Tokens<'a>(&'a [Token]);

impl Tokens<'_> {
    fn next(&mut self) -> Option<Token> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn open(&mut self) -> Option<()> {
        (self.next()? == Token::Open).then_some(())
    }

    /// Reads the end of a list if it is next.
    fn close(&mut self) -> bool {
        let closes = self.0.first() == Some(&Token::Close);
        if closes {
            self.0 = &self.0[1..];
        }
        closes
    }

    fn polygon(&mut self, part: Option<usize>) -> Read<Vec<Vec<[f64; 2]>>> {
        self.open()?;
        let mut rings = Vec::new();
        while !self.close() {
            let hole = (!rings.is_empty()).then_some(rings.len());
            match self.ring(RingRef { part, hole })? {
                Ok(ring) => rings.push(ring),
                Err(fault) => return Some(Err(fault)),
            }
        }
        Some(Ok(rings))
    }

    fn ring(&mut self, ring: RingRef) -> Read<Vec<[f64; 2]>> {
        self.open()?;
        let mut points = Vec::new();
        while !self.close() {
            self.open()?;
            let (Token::Number(x), Token::Number(y)) = (self.next()?, self.next()?) else {
                let vertex = points.len() + 1;
                return Some(Err(FeatureFault::NotNumbers { ring, vertex }));
            };
            points.push([x, y]);
            // Heights and measures are of no use here.
            while !self.close() {
                if matches!(self.next()?, Token::Open) {
                    return None;
                }
            }
        }
        Some(Ok(points))
    }
}

/// Where the tokens of a value go.
struct Sink<'a>(&'a mut Vec<Token>);

impl<'de> DeserializeSeed<'de> for Sink<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Sink<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        self.0.push(Token::Open);
        while elements.next_element_seed(Sink(self.0))?.is_some() {}
        self.0.push(Token::Close);
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.0.push(Token::Number(number));
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "no coordinate is that large")]
    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.0.push(Token::Number(number as f64));
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "no coordinate is that large")]
    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.0.push(Token::Number(number as f64));
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.0.push(Token::Other);
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.0.push(Token::Other);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.push(Token::Other);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.0.push(Token::Other);
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Coordinates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut tokens = Vec::new();
        Sink(&mut tokens).deserialize(deserializer)?;
        Ok(Self(tokens))
    }
}
