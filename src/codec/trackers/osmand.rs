//! The `OsmAnd` protocol: parameters of a request, as [Traccar documents
//! them](https://www.traccar.org/osmand/). Spoken by `OsmAnd`, the Traccar Client and
//! many others.

use chrono::NaiveDateTime;

use super::{Sighting, TrackerError};
use crate::domain::Timestamp;

const KNOT_MPS: f64 = 1_852.0 / 3_600.0;
/// Greater numbers are milliseconds: as seconds they would lie beyond the year 5138.
const MOST_SECONDS: i64 = 100_000_000_000;

/// Reads the parameters of one position. Those that are not known, such as the battery,
/// are passed over.
///
/// # Errors
/// When the place is missing, or a number or a time is none.
pub fn read_osmand<'a>(
    parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Sighting, TrackerError> {
    let (mut lon, mut lat) = (None, None);
    let mut sighting = Sighting {
        device: None,
        lon: 0.0,
        lat: 0.0,
        at: None,
        accuracy_m: None,
        speed_mps: None,
        heading_deg: None,
    };
    let mut hdop = None;
    for (name, value) in parameters {
        match name {
            "id" | "deviceid" => sighting.device = Some(value.to_owned()),
            "lat" => lat = Some(number("lat", value)?),
            "lon" => lon = Some(number("lon", value)?),
            "location" => {
                let (north, east) = value
                    .split_once(',')
                    .ok_or_else(|| unreadable("location", value, "pair lat,lon"))?;
                lat = Some(number("location", north)?);
                lon = Some(number("location", east)?);
            }
            "timestamp" => sighting.at = Some(time(value)?),
            "accuracy" => sighting.accuracy_m = Some(short(number("accuracy", value)?)),
            // What OsmAnd sends under this name is its accuracy in metres.
            "hdop" => hdop = Some(short(number("hdop", value)?)),
            "speed" => sighting.speed_mps = Some(short(number("speed", value)? * KNOT_MPS)),
            "bearing" | "heading" => {
                sighting.heading_deg = Some(short(number("bearing", value)?));
            }
            _ => {}
        }
    }
    sighting.accuracy_m = sighting.accuracy_m.or(hdop);
    sighting.lat = lat.ok_or(TrackerError::Missing("lat"))?;
    sighting.lon = lon.ok_or(TrackerError::Missing("lon"))?;
    Ok(sighting)
}

fn number(name: &'static str, text: &str) -> Result<f64, TrackerError> {
    let number = text.trim().parse();
    number.map_err(|_| unreadable(name, text, "number"))
}

/// Seconds or milliseconds since 1970, or a date and time; without an offset in UTC.
fn time(text: &str) -> Result<Timestamp, TrackerError> {
    let text = text.trim();
    let read = match text.parse::<i64>() {
        Ok(seconds) if seconds < MOST_SECONDS => Timestamp::from_timestamp(seconds, 0),
        Ok(millis) => Timestamp::from_timestamp_millis(millis),
        Err(_) => text.parse::<Timestamp>().ok().or_else(|| {
            let without_offset = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S");
            without_offset.ok().map(|time| time.and_utc())
        }),
    };
    read.ok_or_else(|| unreadable("timestamp", text, "time"))
}

fn unreadable(name: &'static str, value: &str, expected: &'static str) -> TrackerError {
    TrackerError::Unreadable {
        name,
        value: value.to_owned(),
        expected,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "no device measures so finely"
)]
fn short(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Sighting, TrackerError> {
        read_osmand(query.split('&').map(|pair| pair.split_once('=').unwrap()))
    }

    #[test]
    fn what_clients_send_is_read() {
        // The example of the protocol's description, and what OsmAnd itself is set to send.
        let traccar = "id=123456&lat=33.6&lon=119.02&timestamp=1763798400&hdop=3.5\
                       &altitude=100&speed=10&bearing=271.5&batt=54";
        let seen = read(traccar).unwrap();
        assert_eq!(
            (seen.device.as_deref(), seen.lon, seen.lat),
            (Some("123456"), 119.02, 33.6)
        );
        assert_eq!(seen.at, Some("2025-11-22T08:00:00Z".parse().unwrap()));
        assert_eq!(seen.accuracy_m, Some(3.5));
        assert_eq!(seen.heading_deg, Some(271.5));
        let speed_mps = seen.speed_mps.unwrap();
        assert!((speed_mps - 5.144_444).abs() < 1e-5, "{speed_mps}");
        let seen = read("deviceid=a&location=33.6,119.02&accuracy=7&hdop=9&heading=5").unwrap();
        assert_eq!((seen.lon, seen.lat, seen.at), (119.02, 33.6, None));
        assert_eq!((seen.accuracy_m, seen.heading_deg), (Some(7.0), Some(5.0)));
    }

    #[test]
    fn times_are_seconds_milliseconds_or_written_out() {
        for time in [
            "1763798400",
            "1763798400000",
            "2025-11-22T08:00:00Z",
            "2025-11-22T16:00:00+08:00",
            "2025-11-22 08:00:00",
        ] {
            let seen = read(&format!("lat=1&lon=2&timestamp={time}")).unwrap();
            assert_eq!(
                seen.at,
                Some("2025-11-22T08:00:00Z".parse().unwrap()),
                "{time}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (query, expected) in [
            ("lon=2", "lat is missing"),
            ("lat=2&batt=1", "lon is missing"),
            ("lat=x&lon=2", "lat \"x\" is no number"),
            ("location=33.6", "location \"33.6\" is no pair lat,lon"),
            (
                "lat=1&lon=2&timestamp=today",
                "timestamp \"today\" is no time",
            ),
            (
                "lat=1&lon=2&timestamp=9223372036854775807",
                "timestamp \"9223372036854775807\" is no time",
            ),
        ] {
            assert_eq!(read(query).unwrap_err().to_string(), expected);
        }
    }
}
