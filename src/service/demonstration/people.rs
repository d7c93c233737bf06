//! The people of the demonstration: organisations, workers and their posts.

use chrono::TimeDelta;

use super::chance::{Chance, Purpose, whole_second};
use super::ground::{Ground, Place};
use super::material::Material;
use super::offices::Offices;
use super::organisations::organisations;
use crate::domain::{
    Area, AreaCode, GridKind, Level, Organisation, OrganisationId, OrganisationKind, Phone, Post,
    PostId, Slot, Timestamp, Worker, WorkerId, WorkerRole,
};
use crate::index::atlas::share_border;
use crate::store::People;

/// Every phone number of the demonstration begins with this. No operator was ever given
/// 154, and the usual checks of mobile numbers leave it out, so none can be called.
pub const FICTIONAL_PREFIX: &str = "154";

/// The share of slots that nobody fills.
const VACANT: f64 = 0.04;
/// The share of slots that two fill.
const DOUBLE: f64 = 0.01;
/// The share of village grids whose worker holds the next grid too.
const HOLDS_TWO: f64 = 0.15;

/// Invents organisations for every area, and workers and posts wherever there are grids.
#[must_use]
pub fn people(areas: &[Area], material: &Material, seed: u64, now: Timestamp) -> People {
    let now = whole_second(now);
    let ground = Ground::new(areas);
    let mut chance = Chance::new(seed, Purpose::People);
    let organisations = organisations(&ground, material, &mut chance, now);
    let mut staff = Staff {
        ground: &ground,
        offices: Offices::new(&organisations),
        material,
        chance,
        now,
        workers: Vec::new(),
        posts: Vec::new(),
    };
    for community in ground.places() {
        staff.fill_community(&ground.grids_of(community));
    }
    for organisation in &organisations {
        staff.fill_office(organisation);
    }
    let (workers, posts) = (staff.workers, staff.posts);
    People {
        organisations,
        workers,
        posts,
    }
}

/// The `index`th phone number of a block: fictional, eleven digits, no two alike.
pub(super) fn fictional_phone(block: u8, index: u64) -> Option<Phone> {
    // The factor shares no divisor with ten million, so every number comes once.
    let digits = (index * 7_368_787 + 1_234_567) % 10_000_000;
    Phone::parse(&format!("{FICTIONAL_PREFIX}{block}{digits:07}")).ok()
}

struct Staff<'a> {
    ground: &'a Ground<'a>,
    offices: Offices<'a>,
    material: &'a Material,
    chance: Chance,
    now: Timestamp,
    workers: Vec<Worker>,
    posts: Vec<Post>,
}

impl Staff<'_> {
    /// Fills the slots of the grids of one community, and of their microgrids.
    fn fill_community(&mut self, grids: &[Place]) {
        let Some(&first) = grids.first() else { return };
        let rural = self.ground.is_rural(first);
        let centre = self
            .offices
            .centres_over(self.ground, first)
            .next()
            .map(|centre| centre.id);
        let cadre_count = usize::from(self.chance.hits(0.5)) + 2;
        let cadres: Vec<WorkerId> = (0..cadre_count.min(grids.len()))
            .map(|_| self.hire(WorkerRole::Cadre, centre))
            .collect();
        let mut worker_before = None;
        let mut volunteer_before = None;
        for (i, &grid) in grids.iter().enumerate() {
            self.fill_cadre(grid, &cadres, i * cadres.len() / grids.len());
            let neighbour = worker_before.filter(|_| {
                rural && self.chance.hits(HOLDS_TWO) && self.adjoin(grids[i - 1], grid)
            });
            let worker = self.fill(grid, Slot::GridWorker, neighbour, |staff| {
                let part_time = rural && staff.chance.hits(0.3);
                let role = if part_time {
                    WorkerRole::PartTime
                } else {
                    WorkerRole::FullTime
                };
                staff.hire(role, centre)
            });
            // Nobody holds three.
            worker_before = worker.filter(|_| neighbour.is_none());
            let shared = volunteer_before.filter(|_| self.chance.hits(0.1));
            let volunteer = self.fill(grid, Slot::Volunteer, shared, |staff| {
                staff.hire(WorkerRole::Volunteer, centre)
            });
            volunteer_before = volunteer.filter(|_| shared.is_none());
            for &microgrid in self.ground.children(grid) {
                self.fill(microgrid, Slot::GridWorker, None, |staff| {
                    staff.hire(WorkerRole::Micro, centre)
                });
            }
        }
    }

    /// Gives a grid the cadre whose turn it is; a second one must be another.
    fn fill_cadre(&mut self, grid: Place, cadres: &[WorkerId], turn: usize) {
        if self.chance.hits(VACANT) {
            return;
        }
        let count = 1 + usize::from(self.chance.hits(DOUBLE));
        let turns = cadres.iter().cycle().skip(turn);
        for &cadre in turns.take(count.min(cadres.len())) {
            self.post(cadre, grid, Slot::Cadre);
        }
    }

    /// Fills a slot with somebody who is there already or somebody new. Some slots stay
    /// empty and some get two.
    fn fill(
        &mut self,
        place: Place,
        slot: Slot,
        present: Option<WorkerId>,
        mut hire: impl FnMut(&mut Self) -> WorkerId,
    ) -> Option<WorkerId> {
        if self.chance.hits(VACANT) {
            return None;
        }
        let worker = present.unwrap_or_else(|| hire(self));
        self.post(worker, place, slot);
        if self.chance.hits(DOUBLE) {
            let second = hire(self);
            self.post(second, place, slot);
        }
        Some(worker)
    }

    /// Gives a department its officers and a township's committee its mediators, where
    /// there are grids to care for.
    fn fill_office(&mut self, organisation: &Organisation) {
        let somebody_lives_there = self
            .ground
            .find(&organisation.area)
            .is_some_and(|place| self.ground.has_grids(place));
        let (role, low, high) = match (organisation.kind, organisation.level) {
            (OrganisationKind::Department, Level::Township) => (WorkerRole::Officer, 2, 4),
            (OrganisationKind::Department, _) => (WorkerRole::Officer, 3, 6),
            (OrganisationKind::Mediation, Level::Township) => (WorkerRole::Mediator, 2, 3),
            _ => return,
        };
        if !somebody_lives_there {
            return;
        }
        for _ in 0..self.chance.between(low, high) {
            self.hire(role, Some(organisation.id));
        }
    }

    fn hire(&mut self, role: WorkerRole, organisation: Option<OrganisationId>) -> WorkerId {
        let id = WorkerId(self.chance.id(self.now));
        let worker = Worker {
            id,
            name: self.material.name(&mut self.chance),
            phone: fictional_phone(0, self.workers.len() as u64),
            role,
            organisation,
            skills: self.skills(role, organisation),
            capacity: u16::try_from(self.chance.between(3, 6)).unwrap_or(3),
            on_duty: self.chance.hits(on_duty_share(role)),
        };
        self.workers.push(worker);
        id
    }

    fn skills(&mut self, role: WorkerRole, organisation: Option<OrganisationId>) -> Vec<String> {
        let (one, two) = match role {
            WorkerRole::FullTime | WorkerRole::PartTime | WorkerRole::Cadre => (0.55, 0.15),
            WorkerRole::Micro | WorkerRole::Volunteer => (0.25, 0.0),
            WorkerRole::Officer => return self.department_skills(organisation),
            WorkerRole::Mediator => {
                let mut skills = vec!["mediation".to_owned()];
                if self.chance.hits(0.4) {
                    skills.push("legal".to_owned());
                }
                return skills;
            }
        };
        let draw = self.chance.within(0.0, 1.0);
        let count = usize::from(draw < one) + usize::from(draw < two);
        let mut skills: Vec<String> = (0..count)
            .filter_map(|_| self.chance.pick(&self.material.skills))
            .map(|skill| skill.code.clone())
            .collect();
        skills.dedup();
        skills
    }

    fn department_skills(&self, organisation: Option<OrganisationId>) -> Vec<String> {
        let code = organisation
            .and_then(|id| self.offices.find(id))
            .and_then(|organisation| organisation.department.as_ref());
        self.material
            .departments
            .iter()
            .find(|department| Some(&department.code) == code)
            .map(|department| department.skills.clone())
            .unwrap_or_default()
    }

    fn post(&mut self, worker: WorkerId, place: Place, slot: Slot) {
        let area: AreaCode = self.ground.area(place).code.clone();
        self.posts.push(Post {
            id: PostId(self.chance.id(self.now)),
            worker,
            area,
            slot,
            from: self.now - TimeDelta::days(self.chance.between(60, 1_200)),
            until: None,
        });
    }

    /// True when two general grids share a stretch of border.
    fn adjoin(&self, a: Place, b: Place) -> bool {
        let shape = |place| {
            let area: &Area = self.ground.area(place);
            area.shape
                .as_deref()
                .filter(|_| area.kind != Some(GridKind::Special))
        };
        shape(a)
            .zip(shape(b))
            .is_some_and(|(a, b)| share_border(a, b))
    }
}

/// How many of a role are on duty at a time.
const fn on_duty_share(role: WorkerRole) -> f64 {
    match role {
        WorkerRole::FullTime | WorkerRole::PartTime => 0.75,
        WorkerRole::Officer => 0.7,
        WorkerRole::Cadre | WorkerRole::Mediator => 0.6,
        WorkerRole::Micro => 0.4,
        WorkerRole::Volunteer => 0.3,
    }
}
