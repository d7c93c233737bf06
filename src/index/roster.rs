//! Workers, their posts and where they were last seen; found by nearness.

use std::collections::HashMap;
use std::sync::Arc;

use rstar::{AABB, PointDistance, RTree, RTreeObject};

use crate::domain::people::SetAside;
use crate::domain::{AreaCode, Fix, LngLat, Post, Slot, Timestamp, Worker, WorkerId};

/// Great-circle and geodesic distances on WGS 84 differ by less than this share: the
/// ellipsoid's radii of curvature lie between 6,335 and 6,400 km, the sphere's is 6,371.
const SPHERE_ERROR: f64 = 0.006;
const SPHERE_RADIUS_M: f64 = 6_371_008.8;

/// A worker with posts and last fix.
#[derive(Debug, Clone)]
pub struct Member {
    pub worker: Arc<Worker>,
    pub posts: Arc<[Post]>,
    pub fix: Option<Fix>,
}

/// A worker at a distance from a point asked for.
#[derive(Debug, Clone)]
pub struct Near<'a> {
    pub member: &'a Member,
    pub fix: Fix,
    /// Geodesic.
    pub distance_m: f64,
}

/// Every worker, by identity, by post and by place.
#[derive(Debug, Default)]
pub struct Roster {
    members: HashMap<WorkerId, Member>,
    by_area: HashMap<AreaCode, Vec<WorkerId>>,
    seen: RTree<Seen>,
}

/// A worker on duty, as a point on the unit sphere: there the straight line orders
/// points as the great circle does, also over the antimeridian and the poles.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    at: [f64; 3],
    worker: WorkerId,
}

impl Seen {
    fn new(worker: WorkerId, position: LngLat) -> Self {
        Self {
            at: on_sphere(position),
            worker,
        }
    }
}

impl RTreeObject for Seen {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.at)
    }
}

impl PointDistance for Seen {
    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        self.at
            .iter()
            .zip(point)
            .map(|(a, b)| (a - b) * (a - b))
            .sum()
    }
}

impl Roster {
    /// A roster of everyone at once.
    pub fn build(
        workers: impl IntoIterator<Item = (Worker, Vec<Post>)>,
        fixes: impl IntoIterator<Item = Fix>,
    ) -> Self {
        let mut roster = Self::default();
        for (worker, posts) in workers {
            roster.put(worker, posts);
        }
        for fix in fixes {
            if let Some(member) = roster.members.get_mut(&fix.worker) {
                member.fix = Some(fix);
            }
        }
        // One by one: rstar 0.12 may panic on inserting into a bulk-loaded tree, whose
        // leaves need not all lie at one depth (georust/rstar#239).
        for seen in roster.members.values().filter_map(Member::seen) {
            roster.seen.insert(seen);
        }
        roster
    }

    /// Adds a worker or replaces what was known of them; the last fix stays.
    pub fn put(&mut self, worker: Worker, posts: Vec<Post>) {
        let id = worker.id;
        let before = self.members.remove(&id);
        if let Some(member) = &before {
            for post in member.posts.iter() {
                if let Some(posted) = self.by_area.get_mut(&post.area) {
                    posted.retain(|&other| other != id);
                }
            }
            if let Some(seen) = member.seen() {
                self.seen.remove(&seen);
            }
        }
        for post in &posts {
            let posted = self.by_area.entry(post.area.clone()).or_default();
            if !posted.contains(&id) {
                posted.push(id);
            }
        }
        let member = Member {
            worker: Arc::new(worker),
            posts: posts.into(),
            fix: before.and_then(|member| member.fix),
        };
        if let Some(seen) = member.seen() {
            self.seen.insert(seen);
        }
        self.members.insert(id, member);
    }

    /// Moves a worker.
    ///
    /// # Errors
    /// Why the fix was set aside.
    pub fn record(&mut self, fix: Fix, now: Timestamp) -> Result<(), SetAside> {
        if let Some(reason) = fix.implausible(now) {
            return Err(reason);
        }
        let member = self
            .members
            .get_mut(&fix.worker)
            .ok_or(SetAside::UnknownWorker)?;
        if member.fix.is_some_and(|last| last.at >= fix.at) {
            return Err(SetAside::Late);
        }
        if let Some(seen) = member.seen() {
            self.seen.remove(&seen);
        }
        member.fix = Some(fix);
        if let Some(seen) = member.seen() {
            self.seen.insert(seen);
        }
        Ok(())
    }

    #[must_use]
    pub fn find(&self, id: WorkerId) -> Option<&Member> {
        self.members.get(&id)
    }

    /// Everyone, in no order.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// How many workers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Who holds a post in exactly this area now, with the slot; by slot and name.
    #[must_use]
    pub fn posted_to(&self, area: &AreaCode, now: Timestamp) -> Vec<(Slot, &Member)> {
        let mut posted: Vec<(Slot, &Member)> = self
            .by_area
            .get(area)
            .into_iter()
            .flatten()
            .filter_map(|id| self.members.get(id))
            .flat_map(|member| member.posts.iter().map(move |post| (post, member)))
            .filter(|(post, _)| &post.area == area && post.is_held(now))
            .map(|(post, member)| (post.slot, member))
            .collect();
        posted.sort_by(|a, b| (a.0, &a.1.worker.name).cmp(&(b.0, &b.1.worker.name)));
        posted
    }

    /// The nearest on-duty workers that `accept` takes, at most `count`, none farther
    /// than `max_m`; the nearest first, equal distances by identity.
    pub fn nearest(
        &self,
        point: LngLat,
        count: usize,
        max_m: f64,
        mut accept: impl FnMut(&Member) -> bool,
    ) -> Vec<Near<'_>> {
        let mut nearest: Vec<Near<'_>> = Vec::with_capacity(count.min(64) + 1);
        if count == 0 {
            return nearest;
        }
        let origin = on_sphere(point);
        for (seen, chord_2) in self.seen.nearest_neighbor_iter_with_distance_2(&origin) {
            let sphere_m = 2.0 * SPHERE_RADIUS_M * (chord_2.sqrt() / 2.0).min(1.0).asin();
            // No later worker can be nearer than this.
            let at_least_m = sphere_m * (1.0 - SPHERE_ERROR);
            let bar_m = if nearest.len() < count {
                max_m
            } else {
                nearest[count - 1].distance_m.min(max_m)
            };
            if at_least_m > bar_m {
                break;
            }
            let Some(member) = self.members.get(&seen.worker) else {
                continue;
            };
            let Some(fix) = member.fix else { continue };
            let distance_m = fix.position.distance_m(point);
            if distance_m > max_m || !accept(member) {
                continue;
            }
            let near = Near {
                member,
                fix,
                distance_m,
            };
            let place = nearest.partition_point(|other| precedes(other, &near));
            nearest.insert(place, near);
            nearest.truncate(count);
        }
        nearest
    }
}

impl Member {
    /// The worker's point in the index: only those on duty have one.
    fn seen(&self) -> Option<Seen> {
        let fix = self.fix.filter(|_| self.worker.on_duty)?;
        Some(Seen::new(self.worker.id, fix.position))
    }
}

fn precedes(a: &Near<'_>, b: &Near<'_>) -> bool {
    a.distance_m
        .total_cmp(&b.distance_m)
        .then(a.member.worker.id.cmp(&b.member.worker.id))
        .is_lt()
}

fn on_sphere(position: LngLat) -> [f64; 3] {
    let (lon, lat) = (position.lon().to_radians(), position.lat().to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{PostId, WorkerRole};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn now() -> Timestamp {
        "2026-11-22T08:00:00Z".parse().unwrap()
    }

    fn worker(id: u128, on_duty: bool) -> Worker {
        Worker {
            id: WorkerId(Uuid::from_u128(id)),
            name: format!("worker {id}"),
            phone: None,
            role: WorkerRole::FullTime,
            organisation: None,
            skills: vec![],
            capacity: 3,
            on_duty,
        }
    }

    fn fix(id: u128, position: LngLat, age_s: i64) -> Fix {
        Fix {
            worker: WorkerId(Uuid::from_u128(id)),
            position,
            at: now() - chrono::TimeDelta::seconds(age_s),
            accuracy_m: None,
            speed_mps: None,
            heading_deg: None,
        }
    }

    fn at(lon: f64, lat: f64) -> LngLat {
        LngLat::from_degrees(lon, lat).unwrap()
    }

    fn ids(near: &[Near<'_>]) -> Vec<u128> {
        near.iter()
            .map(|near| near.member.worker.id.0.as_u128())
            .collect()
    }

    #[test]
    fn off_duty_workers_are_not_near() {
        let mut roster = Roster::build([(worker(1, true), vec![])], []);
        roster.record(fix(1, at(119.0, 33.0), 5), now()).unwrap();
        let near = |roster: &Roster| ids(&roster.nearest(at(119.0, 33.0), 5, 1e9, |_| true));
        assert_eq!(near(&roster), [1]);
        roster.put(worker(1, false), vec![]);
        assert_eq!(near(&roster), [0_u128; 0]);
        roster.put(worker(1, true), vec![]);
        assert_eq!(near(&roster), [1], "the last fix is remembered");
    }

    #[test]
    fn implausible_and_late_fixes_are_set_aside() {
        let mut roster = Roster::build([(worker(1, true), vec![])], []);
        let here = at(119.0, 33.0);
        for (fix, expected) in [
            (fix(1, here, -61), Err(SetAside::Future)),
            (fix(1, at(0.0, 0.0), 1), Err(SetAside::NullIsland)),
            (fix(2, here, 1), Err(SetAside::UnknownWorker)),
            (fix(1, here, 10), Ok(())),
            (fix(1, here, 10), Err(SetAside::Late)),
            (fix(1, here, 9), Ok(())),
        ] {
            assert_eq!(roster.record(fix, now()), expected, "{fix:?}");
        }
    }

    #[test]
    fn posts_that_are_over_are_not_held() {
        let code: AreaCode = "320812001001001".parse().unwrap();
        let post = |slot, until_s: Option<i64>| Post {
            id: PostId(Uuid::nil()),
            worker: WorkerId(Uuid::from_u128(1)),
            area: code.clone(),
            slot,
            from: now() - chrono::TimeDelta::days(1),
            until: until_s.map(|s| now() + chrono::TimeDelta::seconds(s)),
        };
        let posts = vec![
            post(Slot::Volunteer, None),
            post(Slot::GridWorker, Some(0)),
            post(Slot::Cadre, Some(1)),
        ];
        let roster = Roster::build([(worker(1, true), posts)], []);
        let slots: Vec<Slot> = roster
            .posted_to(&code, now())
            .into_iter()
            .map(|(slot, _)| slot)
            .collect();
        assert_eq!(slots, [Slot::Cadre, Slot::Volunteer]);
    }

    proptest! {
        /// Workers anywhere on earth, moved about: the index gives the same as sorting all
        /// by geodesic distance.
        #[test]
        fn nearest_agrees_with_brute_force(
            places in prop::collection::vec((-180.0..180.0_f64, -90.0..90.0_f64), 1..60),
            moves in prop::collection::vec((0..60_usize, -180.0..180.0_f64, -90.0..90.0_f64), 0..60),
            query in (-180.0..180.0_f64, -90.0..90.0_f64),
            count in 1..8_usize,
            max_m in prop::sample::select(vec![1e5, 3e6, 1e9]),
        ) {
            let mut positions: Vec<LngLat> = places.iter().map(|&(x, y)| at(x, y)).collect();
            let mut roster = Roster::build(
                (0..).zip(&positions).map(|(id, _)| (worker(id, true), vec![])),
                (0..).zip(&positions).map(|(id, &position)| fix(id, position, 1_000)),
            );
            for (age, (who, x, y)) in moves.into_iter().enumerate() {
                let who = who % positions.len();
                positions[who] = at(x, y);
                let age_s = 900 - i64::try_from(age).unwrap();
                roster.record(fix(who as u128, positions[who], age_s), now()).unwrap();
            }
            let point = at(query.0, query.1);
            let even = |id: u128| !id.is_multiple_of(3);
            let mut expected: Vec<(f64, u128)> = (0..)
                .zip(&positions)
                .map(|(id, position)| (position.distance_m(point), id))
                .filter(|&(distance_m, id)| distance_m <= max_m && even(id))
                .collect();
            expected.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            expected.truncate(count);
            let found = roster.nearest(point, count, max_m, |member| {
                even(member.worker.id.0.as_u128())
            });
            let found: Vec<(f64, u128)> = found
                .iter()
                .map(|near| (near.distance_m, near.member.worker.id.0.as_u128()))
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
