//! Seeded chance, and what the demonstration draws from it.

use chrono::TimeDelta;
use rand::distr::Distribution;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

use crate::domain::{Area, LngLat, Location, Shape, Timestamp};

/// What chance is asked for. Each has its own numbers, so that a change to one leaves the
/// others as they are.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    People,
    Positions,
    HotSpots,
    Plan,
    Incident(u32),
}

impl Purpose {
    const fn stream(self) -> u64 {
        match self {
            Self::People => 1,
            Self::Positions => 2,
            Self::HotSpots => 3,
            Self::Plan => 4,
            Self::Incident(index) => (1 << 32) | index as u64,
        }
    }
}

/// A source of random draws that always yields the same ones for a seed and a purpose.
#[derive(Debug, Clone)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(purpose.stream());
        Self(rng)
    }

    /// True in this share of draws, 0 to 1.
    pub fn hits(&mut self, share: f64) -> bool {
        self.0.random::<f64>() < share
    }

    /// A whole number, both ends included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    pub fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.random::<f64>()
    }

    /// A length of time in whole seconds.
    pub fn minutes(&mut self, low: f64, high: f64) -> TimeDelta {
        share_of(TimeDelta::minutes(1), self.within(low, high))
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.choose(&mut self.0)
    }

    /// One of a list of words.
    pub fn word(&mut self, words: &[&'static str]) -> &'static str {
        self.pick(words).copied().unwrap_or_default()
    }

    pub fn draw<T>(&mut self, distribution: &impl Distribution<T>) -> T {
        distribution.sample(&mut self.0)
    }

    /// An identity that sorts by time (UUID version 7).
    pub fn id(&mut self, at: Timestamp) -> Uuid {
        let mut random = [0; 10];
        self.0.fill_bytes(&mut random);
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// A secret of 128 bits.
    pub fn key(&mut self) -> String {
        let mut random = [0; 16];
        self.0.fill_bytes(&mut random);
        format!("{:032x}", u128::from_be_bytes(random))
    }

    /// A point strictly inside an area, so that no border rule is needed to say whose it
    /// is. `None` when the area has no shape, or is so thin that none was met with.
    pub fn point_inside(&mut self, area: &Area) -> Option<LngLat> {
        const TRIES: usize = 200;
        let shape = area.shape.as_deref()?;
        let bounds = shape.bounds();
        (0..TRIES)
            .find_map(|_| {
                let lon = self
                    .0
                    .random_range(bounds.min.lon_e7()..=bounds.max.lon_e7());
                let lat = self
                    .0
                    .random_range(bounds.min.lat_e7()..=bounds.max.lat_e7());
                LngLat::from_e7(lon, lat)
                    .ok()
                    .filter(|&point| is_inside(shape, point))
            })
            .or_else(|| area.label.filter(|&label| is_inside(shape, label)))
    }

    /// A point strictly inside an area and within `radius_m` of a place.
    pub fn point_near(&mut self, area: &Area, place: LngLat, radius_m: f64) -> Option<LngLat> {
        const TRIES: usize = 20;
        let shape = area.shape.as_deref()?;
        (0..TRIES).find_map(|_| {
            let bearing_deg = self.within(0.0, 360.0);
            // The root spreads the points evenly over the disc.
            let distance_m = radius_m * self.within(0.0, 1.0).sqrt();
            Some(place.destination(bearing_deg, distance_m))
                .filter(|&point| is_inside(shape, point))
        })
    }
}

fn is_inside(shape: &Shape, point: LngLat) -> bool {
    shape.locate(point) == Location::Inside
}

/// A share of a length of time, in whole seconds.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "lengths of weeks in seconds are far below 2⁵³"
)]
pub fn share_of(length: TimeDelta, share: f64) -> TimeDelta {
    TimeDelta::seconds((length.num_seconds() as f64 * share).round() as i64)
}

/// The last whole second, which every database keeps exactly.
pub fn whole_second(at: Timestamp) -> Timestamp {
    at - TimeDelta::nanoseconds(i64::from(at.timestamp_subsec_nanos()))
}
