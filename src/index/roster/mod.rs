//! Workers, their posts and where they were last seen; found by nearness.
//!
//! Nobody who reads ever waits for those who write: what is read is immutable and swapped
//! for something else, the people, each cell of the ground, each worker by themself.
//! Writers take turns ([decision 19](../../../docs/decisions/0019-roster-without-a-lock.md)).

mod cells;
mod nearest;
mod place;
mod seen;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use foldhash::fast::RandomState;

use cells::{Cells, FULL};
use nearest::Shortlist;
use place::{in_space, line_2, steps_2_to_m};
use seen::{Seen, Traits};

use crate::domain::people::SetAside;
use crate::domain::{AreaCode, Fix, LngLat, Post, Slot, Timestamp, Worker, WorkerId, WorkerRole};

/// How often a search begins anew because workers came and went under its eyes, before
/// it asks the writers to pause.
const ATTEMPTS: usize = 8;
/// How many fixes are taken in before other writers get their turn.
const TURN: usize = 256;

const NOBODY: WorkerId = WorkerId(uuid::Uuid::nil());

/// Who somebody is and where they are posted.
#[derive(Debug)]
pub struct Person {
    pub worker: Arc<Worker>,
    pub posts: Arc<[Post]>,
    traits: Traits,
}

/// Somebody who may be among the nearest. Who it is is looked up only when asked for:
/// most searches take anybody.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    seat: &'a Seat,
}

/// A worker with posts and last fix, at some moment.
#[derive(Debug, Clone)]
pub struct Member {
    pub worker: Arc<Worker>,
    pub posts: Arc<[Post]>,
    pub fix: Option<Fix>,
}

/// A worker at a distance from a point asked for.
#[derive(Debug, Clone)]
pub struct Near {
    /// With the fix that the distance was measured to.
    pub member: Member,
    /// Geodesic.
    pub distance_m: f64,
}

/// Which workers on duty a search is for. Conditions add up.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    pub skill: Option<&'a str>,
    pub role: Option<WorkerRole>,
    /// Seen at this time or later.
    pub seen_since: Option<Timestamp>,
}

/// Every worker, by identity, by post and by place.
#[derive(Default)]
pub struct Roster {
    people: ArcSwap<People>,
    cells: ArcSwap<Cells>,
    writing: Mutex<Writing>,
}

/// Immutable but for what stands on the seats. Seats are never given up or given to
/// another.
#[derive(Clone, Default)]
struct People {
    seats: Vec<Arc<Seat>>,
    by_id: HashMap<WorkerId, u32, RandomState>,
    by_area: HashMap<AreaCode, Vec<u32>, RandomState>,
    /// By number.
    skills: Vec<String>,
}

#[derive(Debug)]
struct Seat {
    id: WorkerId,
    person: ArcSwap<Person>,
    /// Held only to copy it.
    fix: Mutex<Option<Fix>>,
}

/// What only the one who writes needs.
#[derive(Default)]
struct Writing {
    /// In which cell each seat is seen, if in any.
    cell_of: Vec<Option<u32>>,
    /// How many are seen, and how many were when the ground was divided.
    seen: usize,
    divided_for: usize,
    /// How many came to a cell since then.
    came: usize,
}

impl Roster {
    /// A roster of everyone at once.
    pub fn build(
        workers: impl IntoIterator<Item = (Worker, Vec<Post>)>,
        fixes: impl IntoIterator<Item = Fix>,
    ) -> Self {
        let roster = Self::default();
        roster.put_all(workers);
        roster.take_in(fixes);
        roster
    }

    /// Adds a worker or replaces what was known of them; the last fix stays.
    pub fn put(&self, worker: Worker, posts: Vec<Post>) {
        self.put_all([(worker, posts)]);
    }

    /// Adds or replaces many at once.
    pub fn put_all(&self, workers: impl IntoIterator<Item = (Worker, Vec<Post>)>) {
        let mut writing = self.write();
        // Copied only when somebody is new, has a new skill or is posted elsewhere.
        let mut people = self.people.load_full();
        let mut changed: Vec<u32> = Vec::new();
        for (worker, posts) in workers {
            changed.push(People::put(&mut people, worker, posts));
        }
        writing.cell_of.resize(people.seats.len(), None);
        self.people.store(Arc::clone(&people));
        if changed.len() > TURN {
            let seats = people.seats.iter().enumerate();
            let seen: Vec<Seen> = seats.filter_map(|(seat, _)| people.seen(seat)).collect();
            self.divide(&mut writing, &seen);
        } else {
            for seat in changed {
                self.place(&mut writing, seat, people.seen(seat as usize));
            }
        }
    }

    /// Moves a worker.
    ///
    /// # Errors
    /// Why the fix was set aside.
    pub fn record(&self, fix: Fix, now: Timestamp) -> Result<(), SetAside> {
        let mut outcome = Ok(());
        self.record_all(&[fix], now, |_, said| outcome = said);
        outcome
    }

    /// Moves workers, and tells `outcome` of each fix by its place in the list whether it
    /// was taken or why it was set aside.
    pub fn record_all(
        &self,
        fixes: &[Fix],
        now: Timestamp,
        mut outcome: impl FnMut(usize, Result<(), SetAside>),
    ) {
        for (turn, fixes) in fixes.chunks(TURN).enumerate() {
            let mut writing = self.write();
            let people = self.people.load();
            for (index, fix) in fixes.iter().enumerate() {
                let believed = fix.implausible(now).map_or(Ok(()), Err);
                let moved = believed.and_then(|()| self.step(&mut writing, &people, fix, true));
                outcome(turn * TURN + index, moved);
            }
        }
    }

    /// Takes in fixes that were believed before, here or on another node: the newest of
    /// each worker counts.
    pub fn take_in(&self, fixes: impl IntoIterator<Item = Fix>) {
        let mut writing = self.write();
        let people = self.people.load();
        for fix in fixes {
            // Whoever is unknown or was seen later stays as they are.
            let _ = self.step(&mut writing, &people, &fix, false);
        }
    }

    #[must_use]
    pub fn find(&self, id: WorkerId) -> Option<Member> {
        let people = self.people.load();
        people.seat_of(id).map(Seat::member)
    }

    /// Everyone, in no order.
    pub fn members(&self) -> impl Iterator<Item = Member> + use<> {
        let people = self.people.load_full();
        (0..people.seats.len()).map(move |seat| people.seats[seat].member())
    }

    /// The last fix of everybody on duty who was seen, in no order.
    pub fn fixes_on_duty(&self) -> impl Iterator<Item = Fix> + use<> {
        let people = self.people.load_full();
        (0..people.seats.len()).filter_map(move |seat| {
            let seat = &people.seats[seat];
            let fix = *seat.fix();
            fix.filter(|_| seat.person.load().worker.on_duty)
        })
    }

    /// How many workers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.people.load().seats.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Who holds a post in exactly this area now, with the slot; by slot and name.
    #[must_use]
    pub fn posted_to(&self, area: &AreaCode, now: Timestamp) -> Vec<(Slot, Member)> {
        let people = self.people.load();
        let seats = people.by_area.get(area).map_or(&[][..], Vec::as_slice);
        let mut posted: Vec<(Slot, Member)> = Vec::new();
        for &seat in seats {
            let member = people.seats[seat as usize].member();
            for post in member.posts.iter() {
                if &post.area == area && post.is_held(now) {
                    posted.push((post.slot, member.clone()));
                }
            }
        }
        posted.sort_by(|a, b| (a.0, &a.1.worker.name).cmp(&(b.0, &b.1.worker.name)));
        posted
    }

    /// Every post in exactly this area, past and coming ones too, with who holds it; in no
    /// order.
    #[must_use]
    pub fn posts_in(&self, area: &AreaCode) -> Vec<(Post, Member)> {
        let people = self.people.load();
        let seats = people.by_area.get(area).map_or(&[][..], Vec::as_slice);
        seats
            .iter()
            .flat_map(|&seat| {
                let member = people.seats[seat as usize].member();
                let posts = Arc::clone(&member.posts);
                let own: Vec<Post> = posts
                    .iter()
                    .filter(|post| &post.area == area)
                    .cloned()
                    .collect();
                own.into_iter().map(move |post| (post, member.clone()))
            })
            .collect()
    }

    /// The nearest on-duty workers that are `wanted` and that `accept` takes, at most
    /// `count`, none farther than `max_m`; the nearest first, equal distances by identity.
    ///
    /// The answer is true of one moment during the call, but that somebody who moves just
    /// then may be answered where they came from or where they are going.
    pub fn nearest(
        &self,
        point: LngLat,
        count: usize,
        max_m: f64,
        wanted: &Wanted<'_>,
        mut accept: impl FnMut(&Candidate<'_>) -> bool,
    ) -> Vec<Near> {
        for _ in 0..ATTEMPTS {
            let (found, is_of_one_moment) = self.search(point, count, max_m, wanted, &mut accept);
            if is_of_one_moment {
                return found;
            }
        }
        let _pause = self.write();
        self.search(point, count, max_m, wanted, &mut accept).0
    }

    /// Searches once; also says whether nobody came or went meanwhile in the cells that
    /// were looked at. Then everybody was in just these lists at the moment when the last
    /// was read; who came and went might have been missed in both cells.
    fn search(
        &self,
        point: LngLat,
        count: usize,
        max_m: f64,
        wanted: &Wanted<'_>,
        accept: &mut impl FnMut(&Candidate<'_>) -> bool,
    ) -> (Vec<Near>, bool) {
        // The cells first: then the people are at least as new, and nobody is without seat.
        let cells = self.cells.load();
        let people = self.people.load();
        let (Some(asked), true) = (people.traits_asked(wanted), count > 0) else {
            return (Vec::new(), true);
        };
        let blurred_skill = wanted.skill.filter(|_| asked.are_blurred());
        let from = in_space(point);
        let mut shortlist = Shortlist::new(point, count, max_m);
        // Of those without a seat nobody asks.
        let id_of = |seat: u32| {
            people
                .seats
                .get(seat as usize)
                .map_or(NOBODY, |seat| seat.id)
        };
        let mut looked_at: Vec<(u32, u64)> = Vec::with_capacity(16);
        cells.search(&from, shortlist.reach_2(), |number, list| {
            looked_at.push((number, list.membership));
            let mut reach_2 = shortlist.reach_2();
            for seen in &list.seen {
                let line_2 = line_2(&from, &seen.place);
                if line_2 > reach_2
                    || !seen.traits.include(asked)
                    || wanted.seen_since.is_some_and(|since| seen.at < since)
                {
                    continue;
                }
                let Some(seat) = people.seats.get(seen.seat as usize) else {
                    continue;
                };
                let candidate = Candidate { seat };
                let is_skilled =
                    blurred_skill.is_none_or(|skill| has_skill(&candidate.person(), skill));
                if is_skilled && accept(&candidate) {
                    shortlist.add(*seen, steps_2_to_m(line_2), id_of);
                    reach_2 = shortlist.reach_2();
                }
            }
            reach_2
        });
        if !cells.are_unchanged(&looked_at) {
            return (Vec::new(), false);
        }
        let near = shortlist.finish(max_m, id_of).into_iter();
        let near = near.filter_map(|(seen, distance_m)| {
            let seat = people.seats.get(seen.seat as usize)?;
            let person = seat.person.load();
            Some(Near {
                member: person.with(Some(seen.fix(seat.id))),
                distance_m,
            })
        });
        (near.collect(), true)
    }

    /// Takes in one fix; judges it against the one before when asked to.
    fn step(
        &self,
        writing: &mut Writing,
        people: &People,
        fix: &Fix,
        judge: bool,
    ) -> Result<(), SetAside> {
        let number = people.by_id.get(&fix.worker).copied();
        let number = number.ok_or(SetAside::UnknownWorker)?;
        let seat = &people.seats[number as usize];
        // Nobody else writes meanwhile.
        let last = *seat.fix();
        let reason = last.and_then(|last| {
            if judge {
                fix.implausible_after(&last)
            } else {
                (fix.at <= last.at).then_some(SetAside::Late)
            }
        });
        reason.map_or(Ok(()), Err)?;
        *seat.fix() = Some(*fix);
        let person = seat.person.load();
        if person.worker.on_duty {
            let seen = Seen::new(number, person.traits, fix);
            self.place(writing, number, Some(seen));
        }
        Ok(())
    }

    /// Puts a worker where they are seen now, or takes them off the ground.
    fn place(&self, writing: &mut Writing, seat: u32, seen: Option<Seen>) {
        let cells = self.cells.load();
        let before = writing.cell_of[seat as usize];
        let after = seen.map(|seen| (cells.locate(seen.place, seat, before), seen));
        let mut is_full = false;
        if let Some((number, seen)) = after {
            let holds = cells.swap(number, |list| list.put(seen));
            is_full = holds > FULL;
        }
        let after = after.map(|(number, _)| number);
        if before == after {
            return;
        }
        if let Some(number) = before {
            // After they were put where they are now: a reader may find them twice, and
            // takes one, but never misses them.
            cells.swap(number, |list| list.remove(seat));
        }
        writing.cell_of[seat as usize] = after;
        writing.came += usize::from(after.is_some());
        writing.seen = writing.seen + usize::from(after.is_some()) - usize::from(before.is_some());
        let is_crowded = is_full && writing.came > writing.divided_for / 4;
        let is_deserted = writing.divided_for > FULL && writing.seen < writing.divided_for / 4;
        if is_crowded || is_deserted {
            self.divide(writing, &cells.all());
        }
    }

    /// Divides the ground anew for those who are seen now.
    fn divide(&self, writing: &mut Writing, seen: &[Seen]) {
        writing.cell_of.fill(None);
        let cells = Cells::build(seen, |seat, number| {
            writing.cell_of[seat as usize] = Some(number);
        });
        writing.seen = seen.len();
        writing.divided_for = seen.len();
        writing.came = 0;
        self.cells.store(Arc::new(cells));
    }

    fn write(&self) -> MutexGuard<'_, Writing> {
        // A panic while writing leaves a roster that is at worst out of date, which the
        // feed mends.
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// More workers than 2³² do not fit in memory.
fn to_number(seat: usize) -> u32 {
    u32::try_from(seat).unwrap_or(u32::MAX)
}

fn has_skill(person: &Person, skill: &str) -> bool {
    person.worker.skills.iter().any(|known| known == skill)
}

impl People {
    /// Adds or replaces a worker and says on which seat; `this` is copied when it must
    /// change.
    fn put(this: &mut Arc<Self>, worker: Worker, posts: Vec<Post>) -> u32 {
        for skill in &worker.skills {
            if this.number_of(skill).is_none() {
                Arc::make_mut(this).skills.push(skill.clone());
            }
        }
        let id = worker.id;
        let person = Person {
            traits: Traits::of(&worker, |skill| this.number_of(skill)),
            worker: Arc::new(worker),
            posts: posts.into(),
        };
        let Some(&seat) = this.by_id.get(&id) else {
            let this = Arc::make_mut(this);
            let seat = to_number(this.seats.len());
            this.by_id.insert(id, seat);
            this.post(seat, &[], &person.posts);
            this.seats.push(Arc::new(Seat {
                id,
                person: ArcSwap::from_pointee(person),
                fix: Mutex::new(None),
            }));
            return seat;
        };
        let before = this.seats[seat as usize].person.load_full();
        if areas(&before.posts).ne(areas(&person.posts)) {
            Arc::make_mut(this).post(seat, &before.posts, &person.posts);
        }
        this.seats[seat as usize].person.store(Arc::new(person));
        seat
    }

    /// Notes where somebody is posted.
    fn post(&mut self, seat: u32, before: &[Post], after: &[Post]) {
        for area in areas(before) {
            if let Some(posted) = self.by_area.get_mut(area) {
                posted.retain(|&other| other != seat);
            }
        }
        for area in areas(after) {
            let posted = self.by_area.entry(area.clone()).or_default();
            if !posted.contains(&seat) {
                posted.push(seat);
            }
        }
    }

    fn seat_of(&self, id: WorkerId) -> Option<&Seat> {
        let number = *self.by_id.get(&id)?;
        self.seats.get(number as usize).map(Arc::as_ref)
    }

    fn number_of(&self, skill: &str) -> Option<usize> {
        self.skills.iter().position(|known| known == skill)
    }

    /// `None` when nobody was ever heard of who has the skill.
    fn traits_asked(&self, wanted: &Wanted<'_>) -> Option<Traits> {
        let role = wanted.role.map(Traits::of_role).unwrap_or_default();
        match wanted.skill {
            Some(skill) => Some(role.and(Traits::of_skill(self.number_of(skill)?))),
            None => Some(role),
        }
    }

    /// Where a worker is seen: only those on duty are.
    fn seen(&self, seat: usize) -> Option<Seen> {
        let person = self.seats[seat].person.load();
        let fix = *self.seats[seat].fix();
        let fix = fix.filter(|_| person.worker.on_duty)?;
        Some(Seen::new(to_number(seat), person.traits, &fix))
    }
}

fn areas(posts: &[Post]) -> impl Iterator<Item = &AreaCode> {
    posts.iter().map(|post| &post.area)
}

impl Seat {
    fn member(&self) -> Member {
        let person = self.person.load();
        person.with(*self.fix())
    }

    fn fix(&self) -> MutexGuard<'_, Option<Fix>> {
        self.fix.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Candidate<'_> {
    #[must_use]
    pub fn person(&self) -> Arc<Person> {
        self.seat.person.load_full()
    }
}

impl Person {
    fn with(&self, fix: Option<Fix>) -> Member {
        Member {
            worker: Arc::clone(&self.worker),
            posts: Arc::clone(&self.posts),
            fix,
        }
    }
}
