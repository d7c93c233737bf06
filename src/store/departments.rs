//! What is kept of departments that join by machine.

use crate::domain::mapping::Mapping;
use crate::domain::webhook::{DeliveryState, Webhook};
use crate::domain::{ChangeCursor, IncidentId, OrganisationId, Timestamp, WebhookId};

/// An endpoint with how far it has come.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptWebhook {
    pub webhook: Webhook,
    pub reading: Reading,
    /// Until when it wants to be left alone.
    pub held_until: Option<Timestamp>,
    pub last_success_at: Option<Timestamp>,
    pub last_failure_at: Option<Timestamp>,
    pub last_failure: Option<String>,
}

/// How far the change log has been read for an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    pub webhook: WebhookId,
    pub cursor: ChangeCursor,
    /// Of when the last change is that was read: what the log has forgotten is looked for
    /// in the histories from then on.
    pub at: Timestamp,
}

/// Which deliveries to list, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryQuery {
    pub webhook: WebhookId,
    /// All when absent.
    pub state: Option<DeliveryState>,
    /// Only what comes after this place in the list.
    pub after: Option<DeliveryPlace>,
    pub limit: u32,
}

/// When a delivery was queued, its incident and its version.
pub type DeliveryPlace = (Timestamp, IncidentId, i64);

/// What became of an attempt for the endpoint as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndpointNews {
    /// It wants to be left alone until then.
    pub hold_until: Option<Timestamp>,
    /// It is gone, and paused.
    pub is_gone: bool,
}

/// A department's own number of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub organisation: OrganisationId,
    pub number: String,
    /// Claimed before the incident is filed, which may not have come to pass.
    pub incident: IncidentId,
    /// True when the department reported it; false when it was told of it.
    pub filed: bool,
    pub created_at: Timestamp,
}

/// What a department's own fields mean, and who said so.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseMapping {
    pub organisation: OrganisationId,
    pub mapping: Mapping,
    pub saved_at: Timestamp,
    pub saved_by: String,
}
