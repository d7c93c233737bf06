//! Coordinates of any nesting, in one flat list.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::super::feature::{FeatureFault, RawPolygons, RingRef};

/// The value of a `coordinates` member, as it is written. Nothing if it is absent.
#[derive(Default)]
pub(super) struct Coordinates(Vec<Token>);

/// A geometry of more tokens is refused: they would take half a gigabyte. A point is four.
const MAX_TOKENS: usize = 1 << 25;

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
        if self.is_too_long() {
            return Some(Err(FeatureFault::TooManyPoints(MAX_TOKENS / 4)));
        }
        let mut tokens = Tokens(&self.0);
        match tokens.polygon(None)? {
            Ok(rings) => Some(Ok(vec![rings])),
            Err(fault) => Some(Err(fault)),
        }
    }

    pub(super) fn multi_polygon(self) -> Read<RawPolygons> {
        if self.is_too_long() {
            return Some(Err(FeatureFault::TooManyPoints(MAX_TOKENS / 4)));
        }
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

    fn is_too_long(&self) -> bool {
        self.0.len() >= MAX_TOKENS
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
        points.shrink_to_fit();
        Some(Ok(points))
    }
}

/// Where the tokens of a value go.
struct Sink<'a>(&'a mut Vec<Token>);

impl Sink<'_> {
    fn push(&mut self, token: Token) {
        if self.0.len() < MAX_TOKENS {
            self.0.push(token);
        }
    }
}

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

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        self.push(Token::Open);
        while elements.next_element_seed(Sink(self.0))?.is_some() {}
        self.push(Token::Close);
        Ok(())
    }

    fn visit_f64<E>(mut self, number: f64) -> Result<(), E> {
        self.push(Token::Number(number));
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "no coordinate is that large")]
    fn visit_i64<E>(mut self, number: i64) -> Result<(), E> {
        self.push(Token::Number(number as f64));
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "no coordinate is that large")]
    fn visit_u64<E>(mut self, number: u64) -> Result<(), E> {
        self.push(Token::Number(number as f64));
        Ok(())
    }

    fn visit_bool<E>(mut self, _: bool) -> Result<(), E> {
        self.push(Token::Other);
        Ok(())
    }

    fn visit_str<E>(mut self, _: &str) -> Result<(), E> {
        self.push(Token::Other);
        Ok(())
    }

    fn visit_unit<E>(mut self) -> Result<(), E> {
        self.push(Token::Other);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.push(Token::Other);
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
