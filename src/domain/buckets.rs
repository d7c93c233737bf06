//! Stretches of time by the clock on the wall of a zone: hours, days, weeks and months.

use chrono::{Datelike, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;

use super::Timestamp;
use super::words::words;

words! {
    /// How long a bucket is.
    pub enum Bucket ("bucket") {
        Hour = "hour",
        Day = "day",
        /// From Monday on.
        Week = "week",
        Month = "month",
    }
}

impl Bucket {
    /// The times from which the buckets between two instants run until the next: the first
    /// instant, whatever begins between, and the last. `None` when there are more buckets
    /// than `most`.
    #[must_use]
    pub fn edges(
        self,
        from: Timestamp,
        until: Timestamp,
        zone: Tz,
        most: usize,
    ) -> Option<Vec<Timestamp>> {
        let mut edges = vec![from];
        let mut next = self.next(from, zone);
        while next < until {
            if edges.len() == most {
                return None;
            }
            edges.push(next);
            next = self.next(next, zone);
        }
        edges.push(until);
        Some(edges)
    }

    /// What the bucket that holds an instant is called: `2026-11-22T08:00+08:00`,
    /// `2026-11-22`, `2026-W47` or `2026-11`.
    #[must_use]
    pub fn name(self, at: Timestamp, zone: Tz) -> String {
        let format = match self {
            Self::Hour => "%Y-%m-%dT%H:00%:z",
            Self::Day => "%Y-%m-%d",
            Self::Week => "%G-W%V",
            Self::Month => "%Y-%m",
        };
        at.with_timezone(&zone).format(format).to_string()
    }

    /// When the next bucket begins after an instant.
    fn next(self, at: Timestamp, zone: Tz) -> Timestamp {
        let local = at.with_timezone(&zone).naive_local();
        let date = local.date();
        let days_later = |days: i64| date + TimeDelta::days(days);
        let mut first = match self {
            Self::Hour => {
                let into_ms = i64::from(local.minute() * 60 + local.second()) * 1_000
                    + i64::from(at.timestamp_subsec_millis());
                return at + TimeDelta::milliseconds(3_600_000 - into_ms);
            }
            Self::Day => days_later(1),
            Self::Week => days_later(7 - i64::from(date.weekday().num_days_from_monday())),
            Self::Month => date.with_day(1).unwrap_or(date) + Months::new(1),
        };
        // Some islands have left out a day.
        loop {
            let begin = begin_of(first, zone);
            if begin > at {
                return begin;
            }
            first += TimeDelta::days(1);
        }
    }
}

/// The first instant of a day. Where clocks are put forward at midnight it is when they
/// have been.
fn begin_of(date: NaiveDate, zone: Tz) -> Timestamp {
    let midnight = date.and_time(NaiveTime::MIN);
    (0..=96)
        .find_map(|quarters| {
            let wall = midnight + TimeDelta::minutes(15 * quarters);
            zone.from_local_datetime(&wall).earliest()
        })
        .map_or_else(|| midnight.and_utc(), |begin| begin.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_at_midnight_in_its_zone() {
        let edges = |bucket: Bucket, zone: &str, from, until| -> Vec<String> {
            let zone: Tz = zone.parse().unwrap();
            let edges = bucket.edges(at(from), at(until), zone, 100).unwrap();
            edges[..edges.len() - 1]
                .iter()
                .map(|&edge| bucket.name(edge, zone))
                .collect()
        };
        assert_eq!(
            edges(
                Bucket::Day,
                "Asia/Shanghai",
                "2026-11-21T16:00:00Z",
                "2026-11-23T16:00:00Z"
            ),
            ["2026-11-22", "2026-11-23"]
        );
        assert_eq!(
            edges(
                Bucket::Day,
                "Asia/Shanghai",
                "2026-11-21T15:59:59Z",
                "2026-11-22T16:00:01Z"
            ),
            ["2026-11-21", "2026-11-22", "2026-11-23"]
        );
        assert_eq!(
            edges(
                Bucket::Week,
                "Asia/Shanghai",
                "2026-12-27T00:00:00Z",
                "2027-01-05T00:00:00Z"
            ),
            ["2026-W52", "2026-W53", "2027-W01"]
        );
        assert_eq!(
            edges(
                Bucket::Month,
                "Asia/Shanghai",
                "2026-10-31T15:00:00Z",
                "2026-12-01T00:00:00Z"
            ),
            ["2026-10", "2026-11", "2026-12"]
        );
        assert_eq!(
            edges(
                Bucket::Hour,
                "Asia/Kathmandu",
                "2026-11-22T00:00:00Z",
                "2026-11-22T02:00:00Z"
            ),
            [
                "2026-11-22T05:00+05:45",
                "2026-11-22T06:00+05:45",
                "2026-11-22T07:00+05:45"
            ]
        );
        // Clocks are put back: the day has 25 hours.
        assert_eq!(
            edges(
                Bucket::Hour,
                "Europe/Berlin",
                "2026-10-24T22:00:00Z",
                "2026-10-25T23:00:00Z"
            )
            .len(),
            25
        );
        // The 30th of December 2011 was left out.
        assert_eq!(
            edges(
                Bucket::Day,
                "Pacific/Apia",
                "2011-12-29T10:00:00Z",
                "2011-12-31T10:00:00Z"
            ),
            ["2011-12-29", "2011-12-31"]
        );
    }

    #[test]
    fn too_many_buckets_are_none() {
        let zone = Tz::UTC;
        let (from, until) = (at("2026-01-01T00:00:00Z"), at("2026-01-11T00:00:00Z"));
        assert_eq!(Bucket::Day.edges(from, until, zone, 10).unwrap().len(), 11);
        assert_eq!(Bucket::Day.edges(from, until, zone, 9), None);
    }

    proptest! {
        /// Every instant is in a bucket, whose name is that of its day, week or month.
        #[test]
        fn instants_of_one_bucket_have_one_name(
            zone in proptest::sample::select(&["Asia/Shanghai", "Europe/Berlin",
                "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo"][..]),
            bucket in proptest::sample::select(Bucket::ALL),
            from in 0_i64..1_900_000_000,
            span in 1_i64..3_000_000,
            part in 0.0_f64..1.0,
        ) {
            let zone: Tz = zone.parse().unwrap();
            let time = |seconds| Timestamp::from_timestamp(seconds, 0).unwrap();
            let edges = bucket.edges(time(from), time(from + span), zone, 1_000).unwrap();
            prop_assert!(edges.is_sorted_by(|a, b| a < b));
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "small")]
            let seconds = from + (part * span as f64) as i64;
            let holding = edges.windows(2).find(|pair| (pair[0]..pair[1]).contains(&time(seconds)));
            let holding = holding.unwrap();
            prop_assert_eq!(bucket.name(holding[0], zone), bucket.name(time(seconds), zone));
            if bucket != Bucket::Hour {
                let last = holding[1] - TimeDelta::milliseconds(1);
                prop_assert_eq!(bucket.name(last, zone), bucket.name(holding[0], zone));
            }
        }
    }
}
