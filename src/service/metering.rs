//! Counts of what the service holds and does, for whoever watches it.

use tokio::task::spawn_blocking;

use super::tiles::TileCounts;
use super::{ServiceError, Services};
use crate::domain::people::SetAside;
use crate::domain::{EditionId, Level};
use crate::index::roster::Member;

/// What the service holds now, and has done since its start. Numbers alone: nothing of
/// anybody.
#[derive(Debug)]
pub struct Measures {
    pub edition: Option<EditionId>,
    /// With ground, by level from the top down.
    pub areas: Vec<(Level, usize)>,
    pub open_incidents: usize,
    pub workers: usize,
    pub workers_on_duty: usize,
    pub positions_accepted: u64,
    pub positions_set_aside: Vec<(SetAside, u64)>,
    /// Requests that were told to come again.
    pub positions_refused: u64,
    /// Points of tracks that wait to be written, and how many may.
    pub positions_waiting: usize,
    pub positions_room: usize,
    pub tiles: TileCounts,
}

impl Services {
    /// Public.
    ///
    /// # Errors
    /// When the service is stopping.
    pub async fn measure(&self) -> Result<Measures, ServiceError> {
        let services = self.clone();
        // A hundred thousand workers are counted, for which others must not wait.
        let measure = spawn_blocking(move || services.measure_now());
        measure.await.map_err(|_| ServiceError::Interrupted)
    }

    fn measure_now(&self) -> Measures {
        let live = self.live();
        let atlas = live.atlas();
        let on_duty = |member: &Member| member.worker.on_duty;
        let levels = Level::ALL.iter();
        let positions = self.position_counts();
        let (positions_waiting, positions_room) = self.waiting_positions();
        Measures {
            edition: atlas.edition().map(|edition| edition.id),
            areas: levels.map(|&level| (level, atlas.count(level))).collect(),
            open_incidents: live.docket().len(),
            workers: live.roster().len(),
            workers_on_duty: live.roster().members().filter(on_duty).count(),
            positions_accepted: positions.accepted(),
            positions_set_aside: positions.set_aside().collect(),
            positions_refused: positions.refused(),
            positions_waiting,
            positions_room,
            tiles: self.tile_counts(),
        }
    }
}
