//! What is decided about an incident before its story is told.

use std::sync::Arc;

use rand::distr::weighted::WeightedIndex;

use super::habits::{comes_by, draw_source};
use super::plot::{Course, Plot, Stage};
use super::setting::Setting;
use crate::domain::{LngLat, Service, Source, Timestamp};
use crate::service::demonstration::chance::Chance;
use crate::service::demonstration::ground::Place;

/// How far from each other two reports of one matter may be.
const SAME_MATTER_M: f64 = 80.0;
/// The share of services that a worker finishes on the spot, of those that allow it.
const SELF_HANDLED: f64 = 0.35;
/// The share of reports that are rejected or are duplicates.
const NOT_FILED: f64 = 0.08;

/// What is reported where, through which door, and what becomes of it.
pub struct Draft {
    /// Its turn in planning; also names its own source of chance.
    pub index: u32,
    pub grid: Place,
    pub position: LngLat,
    pub service: Arc<Service>,
    pub source: Source,
    pub plot: Plot,
    /// `now` until the plan has found a better time.
    pub reported_at: Timestamp,
}

impl Setting<'_> {
    /// Decides everything but the time. `None` when the grid that was drawn is too thin to
    /// put a point into.
    pub fn draft(
        &self,
        chance: &mut Chance,
        index: u32,
        open: Option<Stage>,
        days: u32,
    ) -> Option<Draft> {
        let grid = self.grids[chance.draw(&self.grid_weights)];
        let position = chance.point_inside(self.ground.area(grid))?;
        let mut source = draw_source(chance);
        if source == Source::Worker && self.workers_around(grid).is_empty() {
            source = Source::Dispatcher;
        }
        let plot = match open {
            Some(stage) => Plot::Open(stage),
            None if source == Source::Worker && chance.hits(SELF_HANDLED) => Plot::SelfHandled,
            None if source != Source::Worker && chance.hits(NOT_FILED * 2.0) => Plot::Rejected,
            None => Plot::Handled(Course::draw(chance)),
        };
        let service = self.draw_service(chance, self.ground.is_rural(grid), |service| {
            // What is open is seldom older than a few days.
            let soon = service.limits.resolve_minutes <= days * 24 * 60 / 5;
            comes_by(service, source)
                && (plot != Plot::SelfHandled || service.self_handle)
                && (open.is_none() || soon)
        })?;
        Some(Draft {
            index,
            grid,
            position,
            service: Arc::clone(service),
            source,
            plot,
            reported_at: self.now,
        })
    }

    /// Makes a draft another report of an earlier one's matter.
    pub fn repeat(&self, draft: &mut Draft, original: &Draft, chance: &mut Chance) {
        let area = self.ground.area(original.grid);
        draft.plot = Plot::Duplicate { of: original.index };
        draft.service = Arc::clone(&original.service);
        draft.grid = original.grid;
        draft.position = chance
            .point_near(area, original.position, SAME_MATTER_M)
            .unwrap_or(original.position);
        if !comes_by(&draft.service, draft.source) {
            draft.source = original.source;
        }
    }

    /// A service that fits, by how often each is asked for.
    fn draw_service(
        &self,
        chance: &mut Chance,
        rural: bool,
        fits: impl Fn(&Service) -> bool,
    ) -> Option<&Arc<Service>> {
        const TRIES: usize = 400;
        let weights: &WeightedIndex<f64> = if rural {
            &self.village_weights
        } else {
            &self.town_weights
        };
        (0..TRIES)
            .map(|_| &self.services[chance.draw(weights)])
            .find(|service| fits(service))
            .or_else(|| self.services.iter().find(|service| fits(service)))
    }
}
