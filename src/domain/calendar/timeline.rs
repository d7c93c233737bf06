//! Working time over all of time in a zone: the wall clock's, shifted wherever clocks are
//! changed.
//!
//! Between two changes the wall clock differs from UTC by the same amount, and what is
//! worked up to an instant differs from what is worked up to the wall clock's reading by
//! the same amount, too. Only these differences are kept, one pair for each change.

use chrono::{DateTime, NaiveDate, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::civil::{Civil, DAY_MS};
use crate::domain::Timestamp;

/// Changes of clocks are looked for between these days since 1970: to the end of the year
/// 2099, where the zones' tables end. Before and after no clock is changed.
const DAYS: std::ops::Range<i64> = 0..47_482;

/// How much has been worked at any instant.
#[derive(Debug, Clone)]
pub(super) struct Timeline {
    civil: Civil,
    /// In order; the first begins before everything.
    stretches: Vec<Stretch>,
}

/// The time from one change of the clocks to the next.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "units stand at the end of names")]
struct Stretch {
    /// In milliseconds since 1970.
    from_ms: i64,
    /// What was worked before it.
    before_ms: i64,
    /// What is added to UTC to get the reading of the wall clock.
    offset_ms: i64,
    /// What is added to the work up to that reading to get the work up to the instant.
    shift_ms: i64,
}

impl Timeline {
    pub(super) fn new(zone: Tz, civil: Civil) -> Self {
        let mut last = Stretch {
            from_ms: i64::MIN,
            before_ms: i64::MIN,
            offset_ms: offset_at(zone, DAYS.start * DAY_MS),
            shift_ms: 0,
        };
        let mut stretches = vec![last];
        for day in DAYS {
            let (begin_ms, end_ms) = (day * DAY_MS, (day + 1) * DAY_MS);
            if offset_at(zone, end_ms) == last.offset_ms {
                continue;
            }
            let from_ms = change_within(zone, begin_ms, end_ms);
            let offset_ms = offset_at(zone, from_ms);
            let before_ms = civil.worked(from_ms + last.offset_ms) + last.shift_ms;
            last = Stretch {
                from_ms,
                before_ms,
                offset_ms,
                shift_ms: before_ms - civil.worked(from_ms + offset_ms),
            };
            stretches.push(last);
        }
        Self { civil, stretches }
    }

    /// The date on the wall at an instant.
    pub(super) fn local_date(&self, at: Timestamp) -> NaiveDate {
        let stretch = self.stretch_at(at.timestamp_millis());
        at.checked_add_signed(TimeDelta::milliseconds(stretch.offset_ms))
            .unwrap_or(at)
            .date_naive()
    }

    /// The first instant at which the wall clock has come to a reading: where it is shown
    /// twice, the first time; where it is skipped, when the clock is changed.
    pub(super) fn instant(&self, reading_ms: i64) -> Timestamp {
        // Each stretch ends at a later reading than the one before it.
        let ends_after = |[this, next]: &[Stretch; 2]| reading_ms < next.from_ms + this.offset_ms;
        let found = self.stretches.array_windows().position(ends_after);
        let stretch = self.stretches[found.unwrap_or(self.stretches.len() - 1)];
        let at_ms = (reading_ms - stretch.offset_ms).max(stretch.from_ms);
        DateTime::from_timestamp_millis(at_ms).unwrap_or(if at_ms < 0 {
            Timestamp::MIN_UTC
        } else {
            Timestamp::MAX_UTC
        })
    }

    /// The milliseconds worked up to an instant, from some beginning.
    pub(super) fn worked(&self, at: Timestamp) -> i64 {
        let at_ms = at.timestamp_millis();
        let stretch = self.stretch_at(at_ms);
        self.civil.worked(at_ms + stretch.offset_ms) + stretch.shift_ms
    }

    /// The first instant by which so much was worked.
    pub(super) fn first_with(&self, worked_ms: i64) -> Timestamp {
        if worked_ms > self.worked(Timestamp::MAX_UTC) {
            return Timestamp::MAX_UTC;
        }
        if worked_ms <= self.worked(Timestamp::MIN_UTC) {
            return Timestamp::MIN_UTC;
        }
        let after = self
            .stretches
            .partition_point(|stretch| stretch.before_ms < worked_ms);
        let stretch = self.stretch(after);
        let reading_ms = self.civil.reach(worked_ms - stretch.shift_ms);
        DateTime::from_timestamp_millis(reading_ms - stretch.offset_ms)
            .unwrap_or(Timestamp::MAX_UTC)
    }

    /// The last instant at which no more than so much was worked: where work goes on. Every
    /// change of hours falls on a whole millisecond, so it is one before the next is worked.
    pub(super) fn last_with(&self, worked_ms: i64) -> Timestamp {
        self.first_with(worked_ms.saturating_add(1))
            .checked_sub_signed(TimeDelta::milliseconds(1))
            .unwrap_or(Timestamp::MIN_UTC)
    }

    fn stretch_at(&self, at_ms: i64) -> Stretch {
        self.stretch(
            self.stretches
                .partition_point(|stretch| stretch.from_ms <= at_ms),
        )
    }

    /// The one before the `after`th; the first begins so early that there is one.
    fn stretch(&self, after: usize) -> Stretch {
        self.stretches[after.saturating_sub(1)]
    }
}

fn offset_at(zone: Tz, at_ms: i64) -> i64 {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    i64::from(offset.local_minus_utc()) * 1_000
}

/// When the offset becomes other than it is at `begin_ms`: clocks are changed on a whole
/// second, and never twice in a week.
fn change_within(zone: Tz, begin_ms: i64, end_ms: i64) -> i64 {
    let old = offset_at(zone, begin_ms);
    let (mut same_s, mut other_s) = (begin_ms / 1_000, end_ms / 1_000);
    while other_s - same_s > 1 {
        let middle_s = i64::midpoint(same_s, other_s);
        if offset_at(zone, middle_s * 1_000) == old {
            same_s = middle_s;
        } else {
            other_s = middle_s;
        }
    }
    other_s * 1_000
}
