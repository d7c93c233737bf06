//! What phones and trackers send about where they are, in the languages of the programs
//! on them.

mod osmand;
mod owntracks;

pub use osmand::read_osmand;
pub use owntracks::{OwnTracks, read_owntracks};

use crate::domain::people::SetAside;
use crate::domain::{Fix, LngLat, Timestamp, WorkerId};

/// A position as a device tells it, before it is known whose device that is.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// What the device calls itself.
    pub device: Option<String>,
    pub lon: f64,
    pub lat: f64,
    /// When it was measured; absent when the device did not say.
    pub at: Option<Timestamp>,
    pub accuracy_m: Option<f32>,
    pub speed_mps: Option<f32>,
    /// Clockwise from north.
    pub heading_deg: Option<f32>,
}

/// Why a message says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrackerError {
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("{name} {value:?} is no {expected}")]
    Unreadable {
        name: &'static str,
        value: String,
        expected: &'static str,
    },
    #[error("the body is no JSON object as OwnTracks sends it: {0}")]
    NotJson(String),
}

impl Sighting {
    /// The fix of the worker whose device it is; of now, when the device does not say.
    ///
    /// # Errors
    /// When it is nobody's, or the position is none.
    pub fn fix(&self, worker: Option<WorkerId>, now: Timestamp) -> Result<Fix, SetAside> {
        let position =
            LngLat::from_degrees(self.lon, self.lat).map_err(|_| SetAside::OutOfRange)?;
        Ok(Fix {
            worker: worker.ok_or(SetAside::UnknownWorker)?,
            position,
            at: self.at.unwrap_or(now),
            accuracy_m: measured(self.accuracy_m),
            speed_mps: measured(self.speed_mps),
            heading_deg: measured(self.heading_deg),
        })
    }
}

/// Devices say −1 for what they do not know.
fn measured(value: Option<f32>) -> Option<f32> {
    value.filter(|value| value.is_finite() && *value >= 0.0)
}
