//! Whose ground is this?

use std::sync::Arc;

use super::{ServiceError, Services};
use crate::domain::{EditionId, Level, LngLat, Match, Slot, Timestamp};
use crate::index::roster::Member;
use crate::index::{Atlas, Ordinal};

/// How many neighbours are named at most, the nearest.
const MAX_NEIGHBOURS: usize = 100;

/// The answer for one point.
#[derive(Debug, Clone)]
pub struct LookUp {
    pub matched: Match,
    /// The deepest area that holds the point.
    pub area: Option<Ordinal>,
    /// Who answers for the ground: those posted to the area, or to its grid.
    pub workers: Vec<(Slot, Member)>,
    /// Which of the grid's three slots nobody holds.
    pub vacancies: Vec<Slot>,
    pub edition: Option<EditionId>,
    /// To the border of the deepest area.
    pub boundary_distance_m: Option<f64>,
    /// Areas of the same level within the radius asked for, with their distance.
    pub neighbours: Vec<(Ordinal, f64)>,
    /// What the ordinals belong to.
    pub atlas: Arc<Atlas>,
}

impl Services {
    /// Whose ground a point is, and who answers for it. With an accuracy radius, also the
    /// neighbours that the point might lie in. Public.
    #[must_use]
    pub fn look_up(&self, point: LngLat, accuracy_m: Option<f64>) -> LookUp {
        self.look_up_in(self.live().atlas(), point, accuracy_m, self.clock().now())
    }

    /// Whose ground a point was, or will be, at a time. Public.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn look_up_at(
        &self,
        point: LngLat,
        accuracy_m: Option<f64>,
        at: Timestamp,
    ) -> Result<LookUp, ServiceError> {
        let atlas = self.atlas_at(Some(at)).await?;
        Ok(self.look_up_in(atlas, point, accuracy_m, at))
    }

    fn look_up_in(
        &self,
        atlas: Arc<Atlas>,
        point: LngLat,
        accuracy_m: Option<f64>,
        at: Timestamp,
    ) -> LookUp {
        let found = atlas.locate(point);
        let people = found.area.map(|area| self.people_of(&atlas, area, at));
        let (workers, vacancies) = people.unwrap_or_default();
        LookUp {
            matched: found.matched,
            area: found.area,
            workers,
            vacancies,
            edition: atlas.edition().map(|edition| edition.id),
            boundary_distance_m: found
                .area
                .and_then(|area| atlas.border_distance_m(area, point)),
            neighbours: found
                .area
                .zip(accuracy_m)
                .map(|(area, radius_m)| {
                    let mut near = atlas.within(area, point, radius_m);
                    near.truncate(MAX_NEIGHBOURS);
                    near
                })
                .unwrap_or_default(),
            atlas,
        }
    }

    /// Those posted at a time to an area and to those above it up to its grid, the grid's
    /// first; and which slots of the grid are empty.
    #[must_use]
    pub fn people_of(
        &self,
        atlas: &Atlas,
        area: Ordinal,
        at: Timestamp,
    ) -> (Vec<(Slot, Member)>, Vec<Slot>) {
        let roster = self.live().roster();
        let mut workers = Vec::new();
        let mut vacancies = Vec::new();
        let places = atlas.ascend(area);
        for place in places.take_while(|place| place.level >= Level::Grid) {
            let mut posted = roster.posted_to(&place.code, at);
            if place.level == Level::Grid {
                let is_empty = |slot: &Slot| posted.iter().all(|(held, _)| held != slot);
                vacancies = Slot::ALL.iter().copied().filter(is_empty).collect();
            }
            posted.append(&mut workers);
            workers = posted;
        }
        (workers, vacancies)
    }
}
