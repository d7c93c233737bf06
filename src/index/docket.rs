//! The open incidents, and how much each assignee carries.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::domain::incident::TaskStatus;
use crate::domain::{Assignee, BoundingBox, Incident, IncidentId, LngLat};

/// Every open incident by identity.
#[derive(Debug, Default)]
pub struct Docket {
    open: HashMap<IncidentId, Arc<Incident>>,
    loads: HashMap<Assignee, u16>,
    /// Open incidents by the cell that their place lies in.
    cells: HashMap<Cell, Vec<IncidentId>>,
    /// The version at which an incident was closed lately, so that older news does not
    /// bring it back.
    closed: HashMap<IncidentId, i64>,
    /// In the order of closing, to forget the oldest.
    closed_lately: VecDeque<IncidentId>,
}

/// A square of the ground, by its column and row.
type Cell = (i32, i32);

/// The side of a cell on the lattice: half a kilometre of latitude.
const CELL_E7: i32 = 50_000;

fn cell_of(place: LngLat) -> Cell {
    let cell = |steps: i32| steps.div_euclid(CELL_E7);
    (cell(place.lon_e7()), cell(place.lat_e7()))
}

/// How many closed incidents are remembered. News is late by seconds at most.
const REMEMBERED: usize = 10_000;

impl Docket {
    /// A docket of all open incidents at once.
    pub fn build(incidents: impl IntoIterator<Item = Incident>) -> Self {
        let mut docket = Self::default();
        for incident in incidents {
            docket.put(Arc::new(incident));
        }
        docket
    }

    /// Takes in an incident's state unless a newer one is known. News may come twice
    /// and out of order.
    pub fn put(&mut self, incident: Arc<Incident>) {
        let id = incident.id;
        let known = self.open.get(&id).map(|known| known.version);
        let known = known.or_else(|| self.closed.get(&id).copied());
        if known.is_some_and(|version| version >= incident.version) {
            return;
        }
        if let Some(before) = self.open.remove(&id) {
            self.count(&before, |load| load.saturating_sub(1));
            self.leave_cell(&before);
        }
        if incident.status.is_open() {
            self.closed.remove(&id);
            self.count(&incident, |load| load.saturating_add(1));
            let cell = self.cells.entry(cell_of(incident.position));
            cell.or_default().push(id);
            self.open.insert(id, incident);
        } else {
            if self.closed.insert(id, incident.version).is_none() {
                self.closed_lately.push_back(id);
            }
            if self.closed_lately.len() > REMEMBERED
                && let Some(oldest) = self.closed_lately.pop_front()
            {
                self.closed.remove(&oldest);
            }
        }
    }

    fn leave_cell(&mut self, incident: &Incident) {
        let cell = cell_of(incident.position);
        if let Some(inside) = self.cells.get_mut(&cell) {
            inside.retain(|&id| id != incident.id);
            if inside.is_empty() {
                self.cells.remove(&cell);
            }
        }
    }

    fn count(&mut self, incident: &Incident, step: impl Fn(u16) -> u16) {
        for task in &incident.tasks {
            if matches!(task.status, TaskStatus::Offered | TaskStatus::Signed) {
                let load = self.loads.entry(task.assignee).or_default();
                *load = step(*load);
                if *load == 0 {
                    self.loads.remove(&task.assignee);
                }
            }
        }
    }

    #[must_use]
    pub fn find(&self, id: IncidentId) -> Option<&Arc<Incident>> {
        self.open.get(&id)
    }

    /// The open incidents within a distance of a place, and some that are a little farther;
    /// in no order.
    pub fn near(&self, place: LngLat, radius_m: f64) -> impl Iterator<Item = &Arc<Incident>> {
        BoundingBox::all_within(place, radius_m)
            .flat_map(|bounds| {
                let (west, south) = cell_of(bounds.min);
                let (east, north) = cell_of(bounds.max);
                let rows = move |column| (south..=north).map(move |row| (column, row));
                (west..=east).flat_map(rows)
            })
            .filter_map(|cell| self.cells.get(&cell))
            .flatten()
            .filter_map(|id| self.open.get(id))
    }

    /// How many open tasks an assignee has.
    #[must_use]
    pub fn load(&self, assignee: Assignee) -> u16 {
        self.loads.get(&assignee).copied().unwrap_or(0)
    }

    /// Every open incident, in no order.
    pub fn incidents(&self) -> impl Iterator<Item = &Arc<Incident>> {
        self.open.values()
    }

    /// How many incidents are open.
    #[must_use]
    pub fn len(&self) -> usize {
        self.open.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::incident::{
        Deadlines, IncidentNumber, Match, NewIncident, Source, Status, Task, TaskRole,
    };
    use crate::domain::{Priority, ServiceCode, TaskId, WorkerId};
    use uuid::Uuid;

    const WORKER: Assignee = Assignee::Worker(WorkerId(Uuid::from_u128(1)));

    fn incident(version: i64, status: Status, task: TaskStatus) -> Arc<Incident> {
        let at = "2026-11-22T08:00:00Z".parse().unwrap();
        let mut incident = NewIncident {
            id: IncidentId(Uuid::from_u128(9)),
            service: ServiceCode("noise".into()),
            priority: Priority::Normal,
            description: String::new(),
            address: None,
            position: LngLat::from_degrees(119.0, 33.6).unwrap(),
            matched: Match::Outside,
            chain: vec![],
            source: Source::Resident,
            reporter: None,
            form: serde_json::Map::new(),
            holder: None,
            tracking_key: String::new(),
            reported_at: at,
        }
        .numbered(IncidentNumber::new(at, 1));
        incident.version = version;
        incident.status = status;
        incident.tasks.push(Task {
            id: TaskId(Uuid::from_u128(5)),
            role: TaskRole::Lead,
            assignee: WORKER,
            status: task,
            offered_at: at,
            signed_at: None,
            fed_back_at: None,
            note: None,
            deadlines: Deadlines::default(),
            offer_until: None,
            summoned: false,
            arrived_at: None,
        });
        Arc::new(incident)
    }

    #[test]
    fn what_is_near_is_found_while_it_is_open() {
        let mut docket = Docket::default();
        let here = LngLat::from_degrees(119.0, 33.6).unwrap();
        let there = here.destination(45.0, 2_000.0);
        let found = |docket: &Docket, place, radius_m| docket.near(place, radius_m).count();
        docket.put(incident(2, Status::Dispatched, TaskStatus::Offered));
        docket.put(incident(3, Status::Handling, TaskStatus::Signed));
        assert_eq!(found(&docket, here, 1.0), 1);
        assert_eq!(found(&docket, there, 100.0), 0);
        assert_eq!(found(&docket, there, 2_100.0), 1);
        docket.put(incident(4, Status::Closed, TaskStatus::FedBack));
        assert_eq!(found(&docket, here, 1.0), 0);
        docket.put(incident(5, Status::Filed, TaskStatus::Ended));
        assert_eq!(found(&docket, here, 1.0), 1);
    }

    #[test]
    fn loads_follow_tasks_and_old_news_changes_nothing() {
        let mut docket = Docket::default();
        for (news, open, load) in [
            (incident(2, Status::Dispatched, TaskStatus::Offered), 1, 1),
            (incident(3, Status::Handling, TaskStatus::Signed), 1, 1),
            (incident(2, Status::Dispatched, TaskStatus::Offered), 1, 1),
            (incident(4, Status::Verifying, TaskStatus::FedBack), 1, 0),
            (incident(5, Status::Closed, TaskStatus::FedBack), 0, 0),
            (incident(3, Status::Handling, TaskStatus::Signed), 0, 0),
            (incident(6, Status::Filed, TaskStatus::Ended), 1, 0),
        ] {
            let version = news.version;
            docket.put(news);
            assert_eq!(
                (docket.len(), docket.load(WORKER)),
                (open, load),
                "{version}"
            );
        }
    }
}
