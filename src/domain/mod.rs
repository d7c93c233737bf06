//! Values and rules. No I/O, no async, no clock, no randomness: time and fresh
//! identities are parameters.

pub mod actor;
pub mod area;
pub mod buckets;
pub mod calendar;
pub mod catalogue;
pub mod change;
pub mod code;
pub mod dispatch;
pub mod draft;
pub mod duplicates;
pub mod figures;
pub mod identity;
pub mod incident;
pub mod level;
pub mod limits;
pub mod mapping;
pub mod media;
pub mod organisation;
pub mod outline;
pub mod people;
pub mod personal;
pub mod position;
pub mod posts;
pub mod presence;
pub mod rules;
pub mod shape;
pub mod timing;
pub mod webhook;
pub mod words;
pub mod workflow;

pub use actor::{Actor, Role};
pub use area::{Area, AreaRef, Edition, GridKind};
pub use catalogue::{Catalogue, Priority, Service};
pub use change::{Change, ChangeCursor, Topic};
pub use code::{AreaCode, CodeScheme};
pub use identity::{
    AlarmId, AreaId, DraftId, EditionId, IncidentId, MediaId, OrganisationId, PostId, ServiceCode,
    TaskId, WebhookId, WorkerId,
};
pub use incident::{
    Assignee, Incident, IncidentEvent, IncidentNumber, Match, Outcome, Source, Status, Task,
    TaskRole, TaskStatus,
};
pub use level::Level;
pub use media::Media;
pub use organisation::{Organisation, OrganisationKind};
pub use outline::Outline;
pub use people::{Fix, Post, Slot, Worker, WorkerRole};
pub use personal::{PersonName, Phone};
pub use position::{BoundingBox, LngLat};
pub use shape::{Location, Polygon, Ring, Shape};

/// An instant, in UTC.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
