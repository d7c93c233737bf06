//! Whose ground is this?

use std::sync::Arc;

use super::{ServiceError, Services};
use crate::domain::{AreaRef, EditionId, Level, LngLat, Match, Slot, Timestamp};
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
    /// From the top down.
    pub chain: Vec<AreaRef>,
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
        let chain = found.area.map(|area| atlas.chain(area)).unwrap_or_default();
        let (workers, vacancies) = self.people_of(&chain, at);
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
            chain,
            atlas,
        }
    }

    /// Those posted at a time to the deepest area of a chain that has posts at all, grid or
    /// below; and which slots of the grid are empty.
    #[must_use]
    pub fn people_of(&self, chain: &[AreaRef], at: Timestamp) -> (Vec<(Slot, Member)>, Vec<Slot>) {
        let roster = self.live().roster();
        let mut workers = Vec::new();
        let mut vacancies = Vec::new();
        for link in chain.iter().filter(|link| link.level >= Level::Grid) {
            let posted = roster.posted_to(&link.code, at);
            if link.level == Level::Grid {
                vacancies = Slot::ALL
                    .iter()
                    .copied()
                    .filter(|slot| posted.iter().all(|(held, _)| held != slot))
                    .collect();
            }
            workers.extend(posted);
        }
        (workers, vacancies)
    }
}
