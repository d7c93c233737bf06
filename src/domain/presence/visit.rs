//! Entering, leaving and dwelling.

use chrono::TimeDelta;

use super::Policy;
use crate::domain::Timestamp;
use crate::domain::code::AreaCode;
use crate::domain::identity::WorkerId;
use crate::domain::people::Fix;
use crate::domain::position::LngLat;

/// A visit that lasts longer goes on as another, so that whoever looks for the visits of a
/// time need not look far back.
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// A lattice step is nowhere longer: a degree of latitude at the poles has 111,694 m.
const LONGEST_STEP_M: f64 = 0.0112;

/// Somebody's stay in a grid (到岗、离岗). One worker has at most one that lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub worker: WorkerId,
    pub area: AreaCode,
    pub from: Timestamp,
    /// When the last fix was measured that belongs to it.
    pub seen_at: Timestamp,
    /// `None` while it lasts.
    pub until: Option<Timestamp>,
}

impl Visit {
    /// How much of it lies within a time. As long as it lasts it counts up to the last fix.
    #[must_use]
    pub fn within(&self, from: Timestamp, until: Timestamp) -> TimeDelta {
        let end = self.until.unwrap_or(self.seen_at).min(until);
        (end - self.from.max(from)).max(TimeDelta::zero())
    }

    /// True when it is more than passing through.
    #[must_use]
    pub fn dwells(&self, policy: &Policy) -> bool {
        let end = self.until.unwrap_or(self.seen_at);
        end - self.from >= TimeDelta::seconds(policy.dwell_s.into())
    }
}

/// Where a fix lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// The grid that owns the place, if there is one.
    pub area: Option<AreaCode>,
    /// How far the border of that grid is, in metres; where there is none, that of the grid
    /// in which the worker was.
    pub border_m: f64,
}

/// What a fix made of a visit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passage {
    /// Ended now.
    pub left: Option<Visit>,
    /// Began now.
    pub entered: Option<Visit>,
}

/// In which grid somebody is, from fix to fix.
///
/// A fix is certain when the border of the grid that it lies in is farther from it than its
/// accuracy: then the worker is in that grid. What is not certain changes nothing, but when
/// several fixes in a row over some time agree, none of them in the grid that the worker is
/// said to be in, and the worker has moved since this grid was certain: farther than the
/// accuracies of both fixes can explain. So whoever stands still enters one grid at the most,
/// however the fixes jitter.
#[derive(Debug, Clone)]
pub struct Presence {
    worker: WorkerId,
    visit: Option<Visit>,
    /// The last fix that was certain, or with which it began.
    anchor: Option<Fix>,
    clear: Option<Clear>,
    other: Option<Other>,
    newest_at: Option<Timestamp>,
}

/// A circle that no border crosses: inside there is nothing to look up.
#[derive(Debug, Clone, Copy)]
struct Clear {
    centre: LngLat,
    radius_m: f64,
}

/// Where the last fixes lie, if not in the grid of the visit.
#[derive(Debug, Clone)]
struct Other {
    area: Option<AreaCode>,
    since: Timestamp,
    fixes: u32,
}

impl Presence {
    /// Somebody who was not seen yet.
    #[must_use]
    pub const fn unknown(worker: WorkerId) -> Self {
        Self {
            worker,
            visit: None,
            anchor: None,
            clear: None,
            other: None,
            newest_at: None,
        }
    }

    /// Somebody of whom only the visit is known that lasts.
    #[must_use]
    pub fn resumed(visit: Visit) -> Self {
        let mut presence = Self::unknown(visit.worker);
        presence.newest_at = Some(visit.seen_at);
        presence.visit = Some(visit);
        presence
    }

    /// The visit that lasts.
    #[must_use]
    pub const fn visit(&self) -> Option<&Visit> {
        self.visit.as_ref()
    }

    /// When the last fix was measured.
    #[must_use]
    pub const fn newest_at(&self) -> Option<Timestamp> {
        self.newest_at
    }

    /// Takes in a fix; one that is not newer than the last changes nothing, and one after a
    /// long silence ends the visit before it. `locate` says where it lies, given the grid of
    /// the visit, and is asked only when that may be another one.
    pub fn follow(
        &mut self,
        fix: &Fix,
        policy: &Policy,
        locate: impl FnOnce(Option<&AreaCode>) -> Ground,
    ) -> Passage {
        let silent_after = TimeDelta::seconds(policy.silent_after_s.into());
        let ended = match self.newest_at {
            Some(newest) if fix.at <= newest => return Passage::default(),
            Some(newest) if fix.at - newest > silent_after => self.end(),
            _ => None,
        };
        let passage = self.take_in(fix, policy, locate);
        Passage {
            left: ended.or(passage.left),
            ..passage
        }
    }

    fn take_in(
        &mut self,
        fix: &Fix,
        policy: &Policy,
        locate: impl FnOnce(Option<&AreaCode>) -> Ground,
    ) -> Passage {
        self.newest_at = Some(fix.at);
        let blur_m = policy.blur_m(fix);
        if self.clear.is_some_and(|clear| clear.holds(fix, blur_m)) {
            self.anchor = Some(*fix);
            return self.stay(fix);
        }
        let ground = locate(self.area());
        let is_certain = ground.border_m > blur_m;
        if ground.area.as_ref() == self.area() {
            if is_certain {
                self.clear = Some(Clear::around(fix, &ground));
            }
            if is_certain || self.anchor.is_none() {
                self.anchor = Some(*fix);
            }
            return self.stay(fix);
        }
        if is_certain {
            let clear = ground.area.is_some().then(|| Clear::around(fix, &ground));
            let passage = self.go(ground.area, fix.at, fix);
            self.clear = clear;
            return passage;
        }
        let anchor = *self.anchor.get_or_insert(*fix);
        let other = match self.other.take() {
            Some(other) if other.area == ground.area => Other {
                fixes: other.fixes.saturating_add(1),
                ..other
            },
            _ => Other {
                area: ground.area,
                since: fix.at,
                fixes: 1,
            },
        };
        let agreeing = TimeDelta::seconds(policy.agreeing_s.into());
        let is_agreed = other.fixes >= policy.agreeing_fixes && fix.at - other.since >= agreeing;
        if is_agreed && policy.has_moved(&anchor, fix) {
            return self.go(other.area, other.since, fix);
        }
        self.other = Some(other);
        self.last(fix)
    }

    /// Ends the visit with the last fix: nothing more is heard, or the worker is off duty.
    pub fn end(&mut self) -> Option<Visit> {
        let newest_at = self.newest_at;
        let mut ended = self.visit.take()?;
        ended.until = Some(ended.seen_at);
        *self = Self {
            newest_at,
            ..Self::unknown(self.worker)
        };
        Some(ended)
    }

    /// Borders may have moved.
    pub fn doubt_ground(&mut self) {
        self.clear = None;
    }

    fn area(&self) -> Option<&AreaCode> {
        self.visit.as_ref().map(|visit| &visit.area)
    }

    fn stay(&mut self, fix: &Fix) -> Passage {
        self.other = None;
        self.last(fix)
    }

    /// The visit goes on, after a day as another.
    fn last(&mut self, fix: &Fix) -> Passage {
        let Some(visit) = &mut self.visit else {
            return Passage::default();
        };
        visit.seen_at = fix.at;
        if fix.at - visit.from < LONGEST {
            return Passage::default();
        }
        let next = Visit {
            from: fix.at,
            ..visit.clone()
        };
        let mut left = std::mem::replace(visit, next.clone());
        left.until = Some(fix.at);
        Passage {
            left: Some(left),
            entered: Some(next),
        }
    }

    /// The worker is elsewhere since a time.
    fn go(&mut self, area: Option<AreaCode>, since: Timestamp, fix: &Fix) -> Passage {
        let left = self.visit.take().map(|visit| Visit {
            seen_at: visit.seen_at.min(since),
            until: Some(since),
            ..visit
        });
        self.visit = area.map(|area| Visit {
            worker: self.worker,
            area,
            from: since,
            seen_at: fix.at,
            until: None,
        });
        self.anchor = Some(*fix);
        self.clear = None;
        self.other = None;
        Passage {
            left,
            entered: self.visit.clone(),
        }
    }
}

impl Clear {
    const fn around(fix: &Fix, ground: &Ground) -> Self {
        Self {
            centre: fix.position,
            radius_m: ground.border_m,
        }
    }

    /// True when the whole circle of a fix lies inside. Along the meridian and then the
    /// parallel is farther than straight on, so no geodesic is needed.
    fn holds(&self, fix: &Fix, blur_m: f64) -> bool {
        let steps = |a: i32, b: i32| f64::from(a.abs_diff(b));
        let north = steps(fix.position.lat_e7(), self.centre.lat_e7());
        let east = steps(fix.position.lon_e7(), self.centre.lon_e7());
        (north + east).mul_add(LONGEST_STEP_M, blur_m) < self.radius_m
    }
}
