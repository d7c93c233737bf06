//! The shortlist of a search: whoever may still be among the nearest.

use super::place::{ROUNDING_M, longest_way_m, m_to_steps_2};
use super::seen::Seen;
use crate::domain::{LngLat, WorkerId};

/// Candidates for the nearest `count`. Straight lines decide who can be left out, which
/// is all but a few; geodesics decide among those who remain.
pub(super) struct Shortlist {
    point: LngLat,
    count: usize,
    candidates: Vec<Candidate>,
    /// No candidate that is farther over the ground is wanted.
    bar_m: f64,
    /// How many candidates there may be until the farthest are left out.
    room: usize,
}

#[derive(Clone, Copy)]
struct Candidate {
    seen: Seen,
    line_m: f64,
    distance_m: Option<f64>,
}

impl Shortlist {
    /// Wants at least one.
    pub(super) fn new(point: LngLat, count: usize, max_m: f64) -> Self {
        Self {
            point,
            count,
            candidates: Vec::with_capacity(count.min(256) + count.min(256) / 4 + 1),
            bar_m: max_m,
            room: count,
        }
    }

    /// Straight lines longer than this, squared and in steps, lead to nobody wanted.
    pub(super) fn reach_2(&self) -> f64 {
        m_to_steps_2(self.bar_m + ROUNDING_M)
    }

    /// Puts a worker on the list, unless they are on it: somebody who just moves from one
    /// cell to another may be seen in both.
    /// `id_of` knows whose seat is whose.
    pub(super) fn add(&mut self, seen: Seen, line_m: f64, id_of: impl Fn(u32) -> WorkerId) {
        if self
            .candidates
            .iter()
            .any(|known| known.seen.seat == seen.seat)
        {
            return;
        }
        self.candidates.push(Candidate {
            seen,
            line_m,
            distance_m: None,
        });
        if self.candidates.len() >= self.room {
            self.leave_out(id_of);
        }
    }

    /// The nearest with their geodesic distance, equal ones by identity.
    pub(super) fn finish(
        mut self,
        max_m: f64,
        id_of: impl Fn(u32) -> WorkerId,
    ) -> Vec<(Seen, f64)> {
        self.settle(id_of);
        self.candidates
            .iter()
            .filter_map(|candidate| Some((candidate.seen, candidate.distance_m?)))
            .filter(|&(_, distance_m)| distance_m <= max_m)
            .collect()
    }

    /// Leaves out whom the straight line shows to be farther than `count` others.
    fn leave_out(&mut self, id_of: impl Fn(u32) -> WorkerId) {
        if let Some(last) = self.count.checked_sub(1) {
            let by_line = |a: &Candidate, b: &Candidate| a.line_m.total_cmp(&b.line_m);
            let (_, last, _) = self.candidates.select_nth_unstable_by(last, by_line);
            let bar_m = longest_way_m(last.line_m + ROUNDING_M);
            self.bar_m = self.bar_m.min(bar_m);
            let bar_m = self.bar_m + ROUNDING_M;
            self.candidates
                .retain(|candidate| candidate.line_m <= bar_m);
        }
        if self.candidates.len() > 2 * self.count + 32 {
            // Many stand equally far.
            self.settle(id_of);
        }
        self.room = self.candidates.len() + 1 + self.count / 4;
    }

    /// Measures everybody on the list over the ground, and keeps the nearest.
    fn settle(&mut self, id_of: impl Fn(u32) -> WorkerId) {
        for candidate in &mut self.candidates {
            let position = candidate.seen.position;
            candidate
                .distance_m
                .get_or_insert_with(|| position.distance_m(self.point));
        }
        self.candidates.sort_unstable_by(|a, b| {
            let distances = a.distance_m.zip(b.distance_m);
            let nearer = distances.map_or(std::cmp::Ordering::Equal, |(a, b)| a.total_cmp(&b));
            nearer.then_with(|| id_of(a.seen.seat).cmp(&id_of(b.seen.seat)))
        });
        self.candidates.truncate(self.count);
        if self.candidates.len() == self.count
            && let Some(farthest_m) = self.candidates.last().and_then(|last| last.distance_m)
        {
            self.bar_m = self.bar_m.min(farthest_m);
        }
    }
}
