//! What listeners are told, cut to what each may hear.

use std::sync::{Arc, OnceLock};

use serde::Serialize;

use crate::domain::actor::Permission;
use crate::domain::{Actor, AreaCode, Change, ChangeCursor, Fix, Topic};
use crate::index::{Atlas, Ordinal};
use crate::service::Services;

/// One event of the stream.
#[derive(Debug)]
pub struct FeedEvent {
    pub cursor: ChangeCursor,
    pub topic: Topic,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Told {
        data: String,
        area: Option<AreaCode>,
    },
    Moved {
        moved: Vec<Moved>,
        atlas: Arc<Atlas>,
        /// Written once for all who may hear everything.
        all: OnceLock<String>,
    },
}

/// A worker's new position, and the area it lies in.
#[derive(Debug, Clone, Serialize)]
struct Moved {
    #[serde(flatten)]
    fix: Fix,
    on_duty: bool,
    #[serde(skip)]
    area: Option<Ordinal>,
}

#[derive(Serialize)]
struct Positions<'a> {
    positions: Vec<&'a Moved>,
}

impl FeedEvent {
    /// An event that says what the change log says.
    #[must_use]
    pub fn told(change: Change) -> Self {
        Self {
            cursor: change.cursor,
            topic: change.topic,
            content: Content::Told {
                data: change.payload.to_string(),
                area: change.area,
            },
        }
    }

    /// Workers who moved.
    pub(super) fn moved(
        services: &Services,
        cursor: ChangeCursor,
        fixes: impl Iterator<Item = Fix>,
    ) -> Self {
        let atlas = services.live().atlas();
        let roster = services.live().roster();
        let moved = fixes
            .filter_map(|fix| {
                Some(Moved {
                    on_duty: roster.find(fix.worker)?.worker.on_duty,
                    area: atlas.locate(fix.position).area,
                    fix,
                })
            })
            .collect();
        Self {
            cursor,
            topic: Topic::Positions,
            content: Content::Moved {
                moved,
                atlas,
                all: OnceLock::new(),
            },
        }
    }

    /// The name of the event in the stream.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.topic {
            Topic::Incidents => "incident",
            Topic::Workers => "worker",
            Topic::Positions => "positions",
            Topic::Organisations => "people",
            Topic::Editions => "edition",
        }
    }

    /// The event's data as JSON for someone; `None` when it is nothing to them.
    #[must_use]
    pub fn data_for(&self, actor: &Actor, atlas: &Atlas) -> Option<String> {
        let needed = match self.topic {
            Topic::Incidents => Permission::ReadIncidents,
            Topic::Workers | Topic::Positions => Permission::ReadWorkers,
            Topic::Organisations | Topic::Editions => Permission::Listen,
        };
        if !actor.role.permits(needed) {
            return None;
        }
        match &self.content {
            Content::Told { data, area } => {
                let concerns = match area {
                    Some(area) => actor.reaches(atlas.codes_above(area)),
                    // What happened outside the territory is nobody's but who sees all.
                    None => actor.area.is_none() || self.topic != Topic::Incidents,
                };
                concerns.then(|| data.clone())
            }
            Content::Moved { moved, all, .. } if actor.area.is_none() => {
                Some(all.get_or_init(|| to_json(moved.iter())).clone())
            }
            Content::Moved { moved, atlas, .. } => {
                let heard = |moved: &&Moved| {
                    moved.area.is_some_and(|area| {
                        actor.reaches(atlas.ascend(area).map(|area| &area.code))
                    })
                };
                let mut heard = moved.iter().filter(heard).peekable();
                heard.peek()?;
                Some(to_json(heard))
            }
        }
    }
}

fn to_json<'a>(moved: impl Iterator<Item = &'a Moved>) -> String {
    let positions = Positions {
        positions: moved.collect(),
    };
    serde_json::to_string(&positions).unwrap_or_else(|_| r#"{"positions":[]}"#.to_owned())
}
