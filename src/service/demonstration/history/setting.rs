//! Where stories play and who takes part in them.

use std::collections::HashMap;
use std::sync::Arc;

use rand::distr::weighted::WeightedIndex;

use super::Sources;
use super::habits::{group_habit, weight};
use crate::domain::catalogue::LeadKind;
use crate::domain::rules::Rules;
use crate::domain::{
    Actor, AreaCode, Assignee, Level, Organisation, OrganisationId, OrganisationKind, Role,
    Service, Slot, Timestamp, Worker, WorkerId, WorkerRole,
};
use crate::service::demonstration::Material;
use crate::service::demonstration::chance::{Chance, Purpose};
use crate::service::demonstration::ground::{Ground, Place};
use crate::service::demonstration::offices::Offices;

/// How much more than elsewhere happens at a hot spot.
const HOT: f64 = 25.0;
/// One community in this many is a hot spot.
const COMMUNITIES_PER_HOT_SPOT: usize = 150;

/// Everything that stories refer to, found by place.
pub struct Setting<'a> {
    pub now: Timestamp,
    pub ground: Ground<'a>,
    pub offices: Offices<'a>,
    pub material: &'a Material,
    pub rules: &'a Rules,
    pub services: &'a [Arc<Service>],
    pub town_weights: WeightedIndex<f64>,
    pub village_weights: WeightedIndex<f64>,
    /// Grids with known ground.
    pub grids: Vec<Place>,
    pub grid_weights: WeightedIndex<f64>,
    workers: HashMap<WorkerId, &'a Worker>,
    grid_workers: HashMap<&'a AreaCode, Vec<&'a Worker>>,
    mediators: HashMap<OrganisationId, Vec<&'a Worker>>,
    committees: HashMap<&'a AreaCode, Vec<OrganisationId>>,
}

impl<'a> Setting<'a> {
    /// `None` when there is no grid to report from, or nothing to report.
    pub fn new(from: &Sources<'a>, seed: u64, now: Timestamp) -> Option<Self> {
        let ground = Ground::new(from.areas);
        let grids: Vec<Place> = ground
            .of_level(Level::Grid)
            .filter(|&grid| ground.area(grid).shape.is_some())
            .collect();
        let grid_weights = weigh_grids(&ground, &grids, seed)?;
        let services = &from.catalogue.services;
        let weights = |rural| WeightedIndex::new(services.iter().map(|it| weight(it, rural))).ok();
        let mut setting = Self {
            now,
            offices: Offices::new(&from.people.organisations),
            material: from.material,
            rules: from.rules,
            services,
            town_weights: weights(false)?,
            village_weights: weights(true)?,
            grids,
            grid_weights,
            ground,
            workers: HashMap::with_capacity(from.people.workers.len()),
            grid_workers: HashMap::new(),
            mediators: HashMap::new(),
            committees: HashMap::new(),
        };
        for worker in &from.people.workers {
            setting.workers.insert(worker.id, worker);
            if let (WorkerRole::Mediator, Some(committee)) = (worker.role, worker.organisation) {
                let mediators = setting.mediators.entry(committee).or_default();
                mediators.push(worker);
            }
        }
        for committee in &from.people.organisations {
            if committee.kind == OrganisationKind::Mediation {
                let committees = setting.committees.entry(&committee.area).or_default();
                committees.push(committee.id);
            }
        }
        for post in &from.people.posts {
            if post.slot == Slot::GridWorker
                && post.is_held(now)
                && let Some(&worker) = setting.workers.get(&post.worker)
            {
                let posted = setting.grid_workers.entry(&post.area).or_default();
                posted.push(worker);
            }
        }
        Some(setting)
    }

    /// The grid's own workers.
    pub fn workers_of(&self, grid: Place) -> &[&'a Worker] {
        self.grid_workers
            .get(&self.ground.area(grid).code)
            .map_or(&[], Vec::as_slice)
    }

    /// The workers of the grid and then of its neighbours in the community.
    pub fn workers_around(&self, grid: Place) -> Vec<&'a Worker> {
        let community = self.ground.parent(grid);
        let siblings = community.map_or(&[][..], |place| self.ground.children(place));
        let others = siblings.iter().filter(|&&sibling| sibling != grid);
        std::iter::once(&grid)
            .chain(others)
            .flat_map(|&place| self.workers_of(place))
            .copied()
            .collect()
    }

    /// Somebody from the grid, or else from its community, as an actor bounded to it.
    pub fn worker_on_the_spot(&self, grid: Place, but_not: &[Assignee]) -> Option<Actor> {
        self.workers_around(grid)
            .into_iter()
            .find(|worker| !but_not.contains(&Assignee::Worker(worker.id)))
            .map(|worker| self.worker_actor(worker, grid))
    }

    /// Who leads: for a worker's service somebody of the grid, or somebody near who knows
    /// what is needed; otherwise the department, or the centre itself.
    pub fn lead(&self, service: &Service, grid: Place, chance: &mut Chance) -> Option<Assignee> {
        let routing = &service.routing;
        if let (LeadKind::Department, Some(code)) = (routing.lead, &routing.department)
            && let Some(department) = self.offices.department(&self.ground, grid, code)
        {
            return Some(Assignee::Organisation(department.id));
        }
        let able = |worker: &&&Worker| {
            let mut needed = routing.skills.iter();
            needed.all(|skill| worker.skills.contains(skill))
        };
        let own = self.workers_of(grid);
        let around = self.workers_around(grid);
        let mediators = self.mediators_of(grid);
        let for_mediation = routing.skills.iter().any(|skill| skill == "mediation");
        let pools: [&[&Worker]; 3] = if for_mediation && chance.hits(0.5) {
            [&mediators, own, &around]
        } else {
            [own, &around, &mediators]
        };
        let able_ones = pools
            .iter()
            .map(|pool| pool.iter().filter(able).collect::<Vec<_>>())
            .find(|able| !able.is_empty());
        let chosen = match able_ones {
            Some(able) => chance.pick(&able).map(|worker| **worker),
            None => chance.pick(own).or(around.first()).copied(),
        };
        chosen
            .map(|worker| Assignee::Worker(worker.id))
            .or_else(|| {
                let mut centres = self.offices.centres_over(&self.ground, grid);
                centres
                    .next()
                    .map(|centre| Assignee::Organisation(centre.id))
            })
    }

    /// Departments that help with a group of services, or take over.
    pub fn partners(&self, service: &Service, grid: Place) -> Vec<Assignee> {
        group_habit(&service.group)
            .partners
            .iter()
            .filter_map(|code| self.offices.department(&self.ground, grid, code))
            .map(|department| Assignee::Organisation(department.id))
            .collect()
    }

    /// Whoever a task is given to, as an actor.
    pub fn assignee_actor(&self, assignee: Assignee, grid: Place) -> Option<Actor> {
        match assignee {
            Assignee::Worker(id) => self
                .workers
                .get(&id)
                .map(|worker| self.worker_actor(worker, grid)),
            Assignee::Organisation(id) => {
                self.offices
                    .find(id)
                    .map(|organisation| match organisation.kind {
                        OrganisationKind::Centre => dispatcher(organisation),
                        _ => staff(organisation, Role::Department),
                    })
            }
        }
    }

    /// Bounded to the grid if posted there; to the community if in one of its other grids;
    /// to the committee's area for a mediator.
    fn worker_actor(&self, worker: &Worker, grid: Place) -> Actor {
        let posted_here = self.workers_of(grid).iter().any(|own| own.id == worker.id);
        let area = if posted_here {
            Some(grid)
        } else if worker.role == WorkerRole::Mediator {
            worker
                .organisation
                .and_then(|id| self.offices.find(id))
                .and_then(|committee| self.ground.find(&committee.area))
        } else {
            self.ground.parent(grid)
        };
        Actor {
            area: area.map(|place| self.ground.area(place).code.clone()),
            worker: Some(worker.id),
            organisation: worker.organisation,
            ..Actor::with_role(&worker.name, Role::Worker)
        }
    }

    fn mediators_of(&self, grid: Place) -> Vec<&'a Worker> {
        self.ground
            .upwards(grid)
            .filter_map(|area| self.committees.get(&area.code))
            .flatten()
            .filter_map(|committee| self.mediators.get(committee))
            .flatten()
            .copied()
            .collect()
    }
}

/// Somebody on duty at a centre.
pub fn dispatcher(centre: &Organisation) -> Actor {
    staff(centre, Role::Dispatcher)
}

fn staff(organisation: &Organisation, role: Role) -> Actor {
    Actor {
        area: Some(organisation.area.clone()),
        organisation: Some(organisation.id),
        ..Actor::with_role(&organisation.name, role)
    }
}

/// More happens in town than in the country, and most of all at a few hot spots.
fn weigh_grids(ground: &Ground<'_>, grids: &[Place], seed: u64) -> Option<WeightedIndex<f64>> {
    let mut chance = Chance::new(seed, Purpose::HotSpots);
    let mut communities: Vec<Option<Place>> =
        grids.iter().map(|&grid| ground.parent(grid)).collect();
    communities.dedup();
    let hot: Vec<Option<Place>> = (0..=communities.len() / COMMUNITIES_PER_HOT_SPOT)
        .filter_map(|_| chance.pick(&communities).copied())
        .collect();
    let weights = grids.iter().map(|&grid| {
        let usual = if ground.is_rural(grid) { 1.0 } else { 2.0 };
        if hot.contains(&ground.parent(grid)) {
            usual * HOT
        } else {
            usual
        }
    });
    WeightedIndex::new(weights).ok()
}
