//! What `OwnTracks` sends over HTTP, as its [booklet](https://owntracks.org/booklet/tech/json/)
//! describes it.

use serde::Deserialize;

use super::{Sighting, TrackerError};
use crate::domain::Timestamp;

const KMH_MPS: f32 = 1.0 / 3.6;

/// What a message is about.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnTracks {
    Location(Sighting),
    /// A way point, a transition, a card, something encrypted: nothing for us.
    Other,
}

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "_type")]
    kind: String,
    lat: Option<f64>,
    lon: Option<f64>,
    tst: Option<i64>,
    acc: Option<f32>,
    vel: Option<f32>,
    cog: Option<f32>,
    topic: Option<String>,
}

/// Reads one message. The device is the last part of its topic, `owntracks/user/device`.
///
/// # Errors
/// When it is no JSON object with a `_type`, or a location says not where or when.
pub fn read_owntracks(body: &[u8]) -> Result<OwnTracks, TrackerError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(OwnTracks::Other);
    }
    let message: Message =
        serde_json::from_slice(body).map_err(|error| TrackerError::NotJson(error.to_string()))?;
    if message.kind != "location" {
        return Ok(OwnTracks::Other);
    }
    let tst = message.tst.ok_or(TrackerError::Missing("tst"))?;
    let at = Timestamp::from_timestamp(tst, 0).ok_or_else(|| TrackerError::Unreadable {
        name: "tst",
        value: tst.to_string(),
        expected: "time",
    })?;
    let topic = message.topic.as_deref();
    Ok(OwnTracks::Location(Sighting {
        device: topic
            .and_then(|topic| topic.rsplit('/').next())
            .map(str::to_owned),
        lon: message.lon.ok_or(TrackerError::Missing("lon"))?,
        lat: message.lat.ok_or(TrackerError::Missing("lat"))?,
        at: Some(at),
        accuracy_m: message.acc,
        speed_mps: message.vel.map(|vel| vel * KMH_MPS),
        heading_deg: message.cog,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_read() {
        let body = br#"{"_type":"location","acc":16,"alt":12,"batt":84,"bs":1,"cog":270,
            "conn":"w","lat":33.6,"lon":119.02,"t":"u","tid":"jj","topic":"owntracks/lin/phone",
            "tst":1763798400,"vac":3,"vel":36}"#;
        let OwnTracks::Location(seen) = read_owntracks(body).unwrap() else {
            panic!("this is a location");
        };
        assert_eq!(
            seen,
            Sighting {
                device: Some("phone".into()),
                lon: 119.02,
                lat: 33.6,
                at: Some("2025-11-22T08:00:00Z".parse().unwrap()),
                accuracy_m: Some(16.0),
                speed_mps: Some(10.0),
                heading_deg: Some(270.0),
            }
        );
    }

    #[test]
    fn other_messages_are_for_others() {
        for body in [
            "",
            r#"{"_type":"waypoint","desc":"home","lat":1,"lon":2,"rad":50,"tst":1}"#,
            r#"{"_type":"encrypted","data":"x"}"#,
            r#"{"_type":"lwt","tst":1763798400}"#,
        ] {
            assert_eq!(
                read_owntracks(body.as_bytes()),
                Ok(OwnTracks::Other),
                "{body}"
            );
        }
        for body in [
            "[]",
            "{}",
            "lat=1",
            r#"{"_type":"location","lat":1,"lon":2}"#,
        ] {
            assert!(read_owntracks(body.as_bytes()).is_err(), "{body}");
        }
    }
}
