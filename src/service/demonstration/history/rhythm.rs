//! When people report: by day more than by night, on weekdays more than at weekends.

use chrono::{Datelike, TimeDelta, Timelike, Weekday};
use rand::distr::weighted::WeightedIndex;

use crate::domain::Timestamp;
use crate::service::demonstration::chance::Chance;

/// Reports by the hour of China Standard Time.
const BY_HOUR: [f64; 24] = [
    0.15, 0.1, 0.1, 0.1, 0.1, 0.2, 0.5, 1.2, 2.6, 2.7, 1.8, 1.4, 0.9, 1.1, 2.3, 2.4, 2.3, 1.5, 1.3,
    1.2, 1.0, 0.8, 0.5, 0.3,
];
const AT_WEEKENDS: f64 = 0.7;

/// The hours of the past, the latest first, each with its weight.
pub struct Rhythm {
    hours: WeightedIndex<f64>,
    days: u32,
    now: Timestamp,
}

impl Rhythm {
    /// `None` for a past of no days.
    pub fn new(days: u32, now: Timestamp) -> Option<Self> {
        let weights = (0..i64::from(days) * 24).map(|ago| {
            let local = now + TimeDelta::hours(8) - TimeDelta::hours(ago);
            let weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
            let weight = BY_HOUR[local.hour() as usize % BY_HOUR.len()];
            if weekend {
                weight * AT_WEEKENDS
            } else {
                weight
            }
        });
        let hours = WeightedIndex::new(weights).ok()?;
        Some(Self { hours, days, now })
    }

    /// A time of the past, at `latest` the latest. When the window has no room, a time
    /// shortly before `latest`.
    pub fn time_before(&self, chance: &mut Chance, latest: Timestamp) -> Timestamp {
        const TRIES: usize = 32;
        (0..TRIES)
            .map(|_| self.time(chance))
            .find(|&time| time <= latest)
            .unwrap_or_else(|| latest - chance.minutes(1.0, 720.0))
    }

    fn time(&self, chance: &mut Chance) -> Timestamp {
        let ago = i64::try_from(chance.draw(&self.hours)).unwrap_or_default();
        // The hour of the clock that lies `ago` hours back, or what is over of it.
        let hour = self.now - TimeDelta::hours(ago);
        let into = TimeDelta::seconds(i64::from(hour.minute() * 60 + hour.second()));
        let earliest = self.now - TimeDelta::days(i64::from(self.days));
        let last_second = if ago == 0 { into.num_seconds() } else { 3_599 };
        let time = hour - into + TimeDelta::seconds(chance.between(0, last_second));
        time.max(earliest)
    }
}
