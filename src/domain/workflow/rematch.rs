//! A new edition may put an incident's place on other ground.

use serde_json::json;

use super::{Action, Step};
use crate::domain::Timestamp;
use crate::domain::actor::Actor;
use crate::domain::area::AreaRef;
use crate::domain::identity::{EditionId, OrganisationId};
use crate::domain::incident::{Incident, IncidentEvent, Match};

/// Where an incident's place lies in an edition.
#[derive(Debug, Clone)]
pub struct Placing {
    pub edition: EditionId,
    pub matched: Match,
    /// From the top down.
    pub chain: Vec<AreaRef>,
    /// The centre that has to act first on this ground, if the incident is still with the
    /// first centre of its former ground.
    pub holder: Option<OrganisationId>,
}

/// Moves an incident to the ground that its place lies on now. `None` when that is the
/// ground it is on, whatever its areas are called.
///
/// This is no row of the table: nobody does it, it is open in every status, and changes
/// none.
#[must_use]
pub fn rematch(incident: &Incident, placing: Placing, now: Timestamp) -> Option<Step> {
    let codes =
        |chain: &[AreaRef]| -> Vec<_> { chain.iter().map(|link| link.code.clone()).collect() };
    if incident.matched == placing.matched && codes(&incident.chain) == codes(&placing.chain) {
        return None;
    }
    let mut after = incident.clone();
    let was = after.chain.last().cloned();
    let is = placing.chain.last().cloned();
    after.matched = placing.matched;
    after.chain = placing.chain;
    after.holder = placing.holder.or(after.holder);
    if after.holder != incident.holder {
        after.status_since = now;
        after.fired.clear();
    }
    after.version += 1;
    after.updated_at = now;
    let actor = Actor::system();
    let event = IncidentEvent {
        incident: after.id,
        version: after.version,
        at: now,
        actor: actor.name,
        role: actor.role,
        action: Action::Rematch,
        from: Some(incident.status),
        to: after.status,
        note: None,
        detail: json!({
            "edition": placing.edition,
            "was": was,
            "is": is,
            "holder": (after.holder != incident.holder).then_some(after.holder),
        }),
    };
    Some(Step {
        incident: after,
        event,
    })
}
