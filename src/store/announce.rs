//! What the methods of a store write to the change log, in the same words on every
//! database.

use serde_json::{Value, json};

use crate::domain::draft::Draft;
use crate::domain::incident::IncidentNotice;
use crate::domain::presence::Alarm;
use crate::domain::workflow::Action;
use crate::domain::{
    AreaCode, Edition, Incident, IncidentEvent, Media, Timestamp, Topic, WorkerId,
};

/// When a shift changes in a city, every node does better to read everybody at once.
const MANY: usize = 200;

/// A change before the log has given it its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Announcement {
    pub(super) at: Timestamp,
    pub(super) topic: Topic,
    pub(super) key: String,
    pub(super) area: Option<AreaCode>,
    pub(super) payload: Value,
}

impl Announcement {
    /// A step of an incident, to those who may hear of its deepest area.
    pub(super) fn incident(incident: &Incident, event: &IncidentEvent) -> Self {
        Self::notice(&IncidentNotice::new(incident, event))
    }

    /// A file that was added to an incident after the step `last`.
    pub(super) fn media(incident: &Incident, last: Action, media: &Media) -> Self {
        Self::notice(&IncidentNotice::of_media(incident, last, media))
    }

    fn notice(notice: &IncidentNotice) -> Self {
        Self {
            at: notice.at,
            topic: Topic::Incidents,
            key: notice.id.to_string(),
            area: notice.area.clone(),
            payload: json!(notice),
        }
    }

    pub(super) fn duty(worker: WorkerId, on_duty: bool, now: Timestamp) -> Self {
        Self {
            at: now,
            topic: Topic::Workers,
            key: worker.to_string(),
            area: None,
            payload: json!({ "id": worker, "on_duty": on_duty }),
        }
    }

    /// That workers have other posts or duties, or came on or went off duty: each is told,
    /// but of many only that it was many.
    pub(super) fn duties(workers: &[(WorkerId, bool)], now: Timestamp) -> Vec<Self> {
        if workers.len() > MANY {
            return vec![Self::people(now)];
        }
        let told = workers.iter();
        told.map(|&(worker, on_duty)| Self::duty(worker, on_duty, now))
            .collect()
    }

    /// That `count` fixes were recorded. Where the workers are is personal, so whoever
    /// may know reads [`list_positions`](super::Store::list_positions) from `since_ms` on.
    pub(super) fn positions(count: usize, now: Timestamp) -> Self {
        Self {
            at: now,
            topic: Topic::Positions,
            key: count.to_string(),
            area: None,
            payload: json!({ "since_ms": now.timestamp_millis() }),
        }
    }

    /// That organisations, workers and posts were saved, any number of them.
    pub(super) fn people(now: Timestamp) -> Self {
        Self {
            at: now,
            topic: Topic::Organisations,
            key: "people".to_owned(),
            area: None,
            payload: json!({}),
        }
    }

    pub(super) fn edition(edition: &Edition) -> Self {
        Self {
            at: edition.published_at,
            topic: Topic::Editions,
            key: edition.id.to_string(),
            area: None,
            payload: json!({
                "id": edition.id,
                "effective_from": edition.effective_from,
            }),
        }
    }

    pub(super) fn rules(version: i64, now: Timestamp) -> Self {
        Self {
            at: now,
            topic: Topic::Rules,
            key: version.to_string(),
            area: None,
            payload: json!({ "version": version }),
        }
    }

    /// An alarm that was raised or settled, to those who may hear of the area where the
    /// worker is, or of those where the worker belongs. It says no place.
    pub(super) fn alarm(alarm: &Alarm) -> Self {
        let settled_at = alarm.settled.as_ref().map(|settled| settled.at);
        Self {
            at: settled_at.unwrap_or(alarm.at),
            topic: Topic::Alarms,
            key: alarm.id.to_string(),
            area: alarm.area.clone(),
            payload: json!({
                "id": alarm.id,
                "worker": alarm.worker,
                "kind": alarm.kind,
                "at": alarm.at,
                "settled_at": settled_at,
            }),
        }
    }

    /// A draft as it is now, to those who may hear of the area that it lies within.
    pub(super) fn draft(draft: &Draft) -> Self {
        Self {
            at: draft.updated_at,
            topic: Topic::Drafts,
            key: draft.id.to_string(),
            area: draft.within.clone(),
            payload: json!({
                "id": draft.id,
                "version": draft.version,
                "state": draft.state,
                "title": draft.title,
            }),
        }
    }
}
