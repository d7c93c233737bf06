//! Departments join by machine (部门入网): who is told of what, at which address and by
//! which names; and their own cases.

mod cases;
mod courier;
mod deliverer;
mod event;
mod reach;
mod round;

pub use cases::{CaseAction, CaseRequest, FIELDS, PutCase};
pub use courier::{Courier, Letter, secret_of, sign};
pub use deliverer::{Deliverer, LEASE};
pub use event::{TOLD, event_id, parse_event_id};
pub use reach::{AddressError, Reach};

use super::{ServiceError, Services};
use crate::domain::actor::{Forbidden, Permission};
use crate::domain::mapping::Mapping;
use crate::domain::webhook::{
    Attempt, Delivery, Hearing, OLD_SECRET_FOR, SigningSecret, Webhook, WebhookHealth,
    WebhookState, WebhookTerms,
};
use crate::domain::workflow::Action;
use crate::domain::{Actor, IncidentId, Organisation, OrganisationId, OrganisationKind, WebhookId};
use crate::store::{DeliveryQuery, KeptWebhook};

/// The longest address, in characters.
const MAX_URL: usize = 2_000;

/// An endpoint on its way to be made.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    pub organisation: OrganisationId,
    pub url: String,
    /// By the kind of the organisation when absent.
    pub hears: Option<Hearing>,
    pub actions: Vec<Action>,
    pub mapping: Option<Mapping>,
}

/// What is to be otherwise with an endpoint.
#[derive(Debug, Clone, Default)]
pub struct WebhookChange {
    pub url: Option<String>,
    pub hears: Option<Hearing>,
    pub actions: Option<Vec<Action>>,
    /// Inside, none at all.
    pub mapping: Option<Option<Mapping>>,
    pub state: Option<WebhookState>,
}

impl Services {
    /// Makes an endpoint, which hears of what happens from now on.
    ///
    /// # Errors
    /// When the actor may not, or something about it cannot be.
    pub async fn create_webhook(
        &self,
        actor: &Actor,
        courier: &Courier,
        new: NewWebhook,
    ) -> Result<KeptWebhook, ServiceError> {
        actor.require(Permission::ManageIntegrations)?;
        let organisation = self.managed_organisation(actor, new.organisation)?;
        let hears = new.hears.unwrap_or(match organisation.kind {
            OrganisationKind::Centre => Hearing::Area,
            _ => Hearing::Tasks,
        });
        let terms = WebhookTerms {
            url: new.url,
            hears,
            actions: new.actions,
            mapping: new.mapping,
            state: WebhookState::Active,
        };
        check_terms(courier, &organisation, &terms)?;
        let webhook = Webhook {
            id: WebhookId(self.clock().fresh_id()),
            organisation: new.organisation,
            terms,
            secret: secret_of(&self.clock().fresh_bytes()),
            old_secret: None,
            created_at: self.clock().now(),
            created_by: actor.name.clone(),
        };
        let start = self.store().latest_change().await?;
        self.store().add_webhook(&webhook, start).await?;
        self.find_webhook(actor, webhook.id).await
    }

    /// The endpoints of organisations within the actor's area, the oldest first.
    ///
    /// # Errors
    /// When the actor may not manage them.
    pub async fn list_webhooks(&self, actor: &Actor) -> Result<Vec<KeptWebhook>, ServiceError> {
        actor.require(Permission::ManageIntegrations)?;
        let mut all = self.store().list_webhooks().await?;
        all.retain(|kept| self.manages(actor, kept.webhook.organisation));
        Ok(all)
    }

    /// # Errors
    /// When the actor may not manage it, or there is none.
    pub async fn load_webhook(
        &self,
        actor: &Actor,
        id: WebhookId,
    ) -> Result<(KeptWebhook, WebhookHealth), ServiceError> {
        let kept = self.find_webhook(actor, id).await?;
        let health = self.store().measure_webhook(id).await?;
        Ok((kept, health))
    }

    /// Gives an endpoint other terms. What happened while it was paused it is told when it
    /// is active again.
    ///
    /// # Errors
    /// As [`Services::create_webhook`].
    pub async fn change_webhook(
        &self,
        actor: &Actor,
        courier: &Courier,
        id: WebhookId,
        change: WebhookChange,
    ) -> Result<KeptWebhook, ServiceError> {
        let kept = self.find_webhook(actor, id).await?;
        let organisation = self.managed_organisation(actor, kept.webhook.organisation)?;
        let before = kept.webhook.terms;
        let terms = WebhookTerms {
            url: change.url.unwrap_or(before.url),
            hears: change.hears.unwrap_or(before.hears),
            actions: change.actions.unwrap_or(before.actions),
            mapping: change.mapping.unwrap_or(before.mapping),
            state: change.state.unwrap_or(before.state),
        };
        check_terms(courier, &organisation, &terms)?;
        let now = self.clock().now();
        if !self.store().change_webhook(id, &terms, now).await? {
            return Err(ServiceError::not_found("webhook", &id));
        }
        self.find_webhook(actor, id).await
    }

    /// Removes an endpoint with all that was on its way to it.
    ///
    /// # Errors
    /// When the actor may not, or there is none.
    pub async fn remove_webhook(&self, actor: &Actor, id: WebhookId) -> Result<(), ServiceError> {
        self.find_webhook(actor, id).await?;
        self.store().remove_webhook(id).await?;
        Ok(())
    }

    /// Gives an endpoint another secret; that which it had signs for another day.
    ///
    /// # Errors
    /// When the actor may not, or there is none.
    pub async fn rotate_secret(
        &self,
        actor: &Actor,
        id: WebhookId,
    ) -> Result<SigningSecret, ServiceError> {
        self.find_webhook(actor, id).await?;
        let secret = secret_of(&self.clock().fresh_bytes());
        let until = self.clock().now() + OLD_SECRET_FOR;
        if self.store().rotate_secret(id, &secret, until).await? {
            Ok(secret)
        } else {
            Err(ServiceError::not_found("webhook", &id))
        }
    }

    /// What was and is on its way to an endpoint, the last queued first.
    ///
    /// # Errors
    /// When the actor may not, or there is none.
    pub async fn list_deliveries(
        &self,
        actor: &Actor,
        query: &DeliveryQuery,
    ) -> Result<Vec<Delivery>, ServiceError> {
        self.find_webhook(actor, query.webhook).await?;
        Ok(self.store().list_deliveries(query).await?)
    }

    /// Sends a dead event again, or all of an endpoint, and says how many. Replays keep
    /// the order of their incident among themselves; they do not wait for what else is on
    /// its way, and hold none of it back.
    ///
    /// # Errors
    /// When the actor may not, there is no such endpoint, or the event is not dead.
    pub async fn replay_deliveries(
        &self,
        actor: &Actor,
        id: WebhookId,
        one: Option<(IncidentId, i64)>,
    ) -> Result<u64, ServiceError> {
        self.find_webhook(actor, id).await?;
        let now = self.clock().now();
        let count = self.store().replay_deliveries(id, one, now).await?;
        match one {
            Some((incident, version)) if count == 0 => Err(ServiceError::not_found(
                "dead delivery",
                &event_id(incident, version),
            )),
            _ => Ok(count),
        }
    }

    /// Sends an endpoint a word that means nothing, at once and once, also when it is
    /// paused.
    ///
    /// # Errors
    /// When the actor may not, or there is none.
    pub async fn ping_webhook(
        &self,
        actor: &Actor,
        courier: &Courier,
        id: WebhookId,
    ) -> Result<Attempt, ServiceError> {
        let kept = self.find_webhook(actor, id).await?;
        let at = self.clock().now();
        let (id, body) = event::ping(id, at);
        let letter = Letter {
            url: &kept.webhook.terms.url,
            id,
            at,
            body,
            secrets: kept.webhook.secrets(at).collect(),
        };
        Ok(courier.send(letter).await)
    }

    async fn find_webhook(
        &self,
        actor: &Actor,
        id: WebhookId,
    ) -> Result<KeptWebhook, ServiceError> {
        let all = self.list_webhooks(actor).await?;
        all.into_iter()
            .find(|kept| kept.webhook.id == id)
            .ok_or_else(|| ServiceError::not_found("webhook", &id))
    }

    fn manages(&self, actor: &Actor, organisation: OrganisationId) -> bool {
        let directory = self.live().directory();
        let atlas = self.live().atlas();
        actor.area.is_none()
            || directory
                .find(organisation)
                .is_some_and(|found| actor.reaches(atlas.codes_above(&found.area)))
    }

    /// An organisation within the actor's area.
    fn managed_organisation(
        &self,
        actor: &Actor,
        id: OrganisationId,
    ) -> Result<Organisation, ServiceError> {
        let directory = self.live().directory();
        let found = directory
            .find(id)
            .ok_or(ServiceError::UnknownOrganisation(id))?;
        match &actor.area {
            Some(own) if !self.manages(actor, id) => {
                Err(Forbidden::OutsideArea(own.clone()).into())
            }
            _ => Ok(Organisation::clone(found)),
        }
    }
}

fn check_terms(
    courier: &Courier,
    organisation: &Organisation,
    terms: &WebhookTerms,
) -> Result<(), ServiceError> {
    if terms.url.chars().count() > MAX_URL {
        return Err(ServiceError::Invalid {
            field: "url",
            why: format!("{MAX_URL} characters are the most"),
        });
    }
    courier
        .check(&terms.url)
        .map_err(|error| ServiceError::Invalid {
            field: "url",
            why: error.to_string(),
        })?;
    if terms.hears == Hearing::Area && organisation.kind != OrganisationKind::Centre {
        return Err(ServiceError::Invalid {
            field: "hears",
            why: "only a centre hears of everything in its area; use \"tasks\"".to_owned(),
        });
    }
    let faults = terms
        .mapping
        .as_ref()
        .map_or_else(Vec::new, |mapping| mapping.faults(Some(TOLD), None));
    if faults.is_empty() {
        Ok(())
    } else {
        Err(ServiceError::Mapping(faults))
    }
}
