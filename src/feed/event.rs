//! What listeners are told, cut to what each may hear.

use std::sync::{Arc, OnceLock};

use serde::Serialize;

use crate::domain::actor::Permission;
use crate::domain::{
    Actor, AreaCode, Change, ChangeCursor, Fix, Incident, IncidentId, Topic, WorkerId,
};
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
        about: About,
    },
    Moved {
        moved: Vec<Moved>,
        /// Written once for all who may hear everything.
        all: OnceLock<String>,
    },
}

/// What decides who may hear of a change.
#[derive(Debug)]
enum About {
    /// Everyone who listens.
    All,
    /// Whoever may see the incident, while this node knows it.
    Incident(Arc<Incident>),
    /// Whoever answers for one of these areas, or for everything.
    Areas(Vec<AreaCode>),
}

/// A worker's new position, and where the worker belongs.
#[derive(Debug, Clone, Serialize)]
struct Moved {
    #[serde(flatten)]
    fix: Fix,
    on_duty: bool,
    #[serde(skip)]
    areas: Vec<AreaCode>,
}

#[derive(Serialize)]
struct Positions<'a> {
    positions: Vec<&'a Moved>,
}

impl FeedEvent {
    /// An event that says what the change log says.
    #[must_use]
    pub fn told(services: &Services, change: Change) -> Self {
        let about = match change.topic {
            Topic::Incidents => {
                let id: Option<IncidentId> = change.key.parse().ok();
                let docket = services.live().docket();
                id.and_then(|id| docket.find(id)).map_or_else(
                    || About::Areas(change.area.into_iter().collect()),
                    |incident| About::Incident(Arc::clone(incident)),
                )
            }
            Topic::Workers => {
                let id: Option<WorkerId> = change.key.parse().ok();
                let member = id.and_then(|id| services.live().roster().find(id));
                About::Areas(member.map_or_else(Vec::new, |member| {
                    services.areas_of(&member.worker, &member.posts)
                }))
            }
            Topic::Drafts => About::Areas(change.area.into_iter().collect()),
            Topic::Alarms => {
                let id = change.payload["worker"].as_str();
                let id: Option<WorkerId> = id.and_then(|id| id.parse().ok());
                let member = id.and_then(|id| services.live().roster().find(id));
                let mut areas = member.map_or_else(Vec::new, |member| {
                    services.areas_of(&member.worker, &member.posts)
                });
                areas.extend(change.area);
                About::Areas(areas)
            }
            Topic::Positions | Topic::Organisations | Topic::Editions | Topic::Rules => About::All,
        };
        Self {
            cursor: change.cursor,
            topic: change.topic,
            content: Content::Told {
                data: change.payload.to_string(),
                about,
            },
        }
    }

    /// Workers who moved.
    pub(super) fn moved(
        services: &Services,
        cursor: ChangeCursor,
        fixes: impl Iterator<Item = Fix>,
    ) -> Self {
        let roster = services.live().roster();
        let moved = fixes
            .filter_map(|fix| {
                let member = roster.find(fix.worker)?;
                Some(Moved {
                    on_duty: member.worker.on_duty,
                    areas: services.areas_of(&member.worker, &member.posts),
                    fix,
                })
            })
            .collect();
        Self {
            cursor,
            topic: Topic::Positions,
            content: Content::Moved {
                moved,
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
            Topic::Drafts => "draft",
            Topic::Rules => "rules",
            Topic::Alarms => "alarm",
        }
    }

    /// The event's data as JSON for someone; `None` when it is nothing to them.
    #[must_use]
    pub fn data_for(&self, services: &Services, actor: &Actor) -> Option<String> {
        let needed = match self.topic {
            Topic::Incidents => Permission::ReadIncidents,
            Topic::Workers | Topic::Positions | Topic::Alarms => Permission::ReadWorkers,
            Topic::Organisations | Topic::Editions | Topic::Rules => Permission::Listen,
            Topic::Drafts => Permission::EditBoundaries,
        };
        if !actor.role.permits(needed) {
            return None;
        }
        let atlas = services.live().atlas();
        let reaches = |areas: &[AreaCode]| {
            actor.area.is_none()
                || areas
                    .iter()
                    .any(|area| actor.reaches(atlas.codes_above(area)))
        };
        match &self.content {
            Content::Told { data, about } => {
                let concerns = match about {
                    About::All => true,
                    About::Incident(incident) => services.may_see(actor, incident),
                    About::Areas(areas) => reaches(areas),
                };
                concerns.then(|| data.clone())
            }
            Content::Moved { moved, all } if actor.area.is_none() => {
                Some(all.get_or_init(|| to_json(moved.iter())).clone())
            }
            Content::Moved { moved, .. } => {
                let mut heard = moved
                    .iter()
                    .filter(|moved| reaches(&moved.areas))
                    .peekable();
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
