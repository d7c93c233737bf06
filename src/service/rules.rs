//! The rules of the territory: which are in force, how they change, what they would have
//! done, and why something went where it went.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use super::incidents::not_found;
use super::{ServiceError, Services, built_in_rulebook};
use crate::domain::actor::Permission;
use crate::domain::incident::IncidentKey;
use crate::domain::rules::{Matter, Past, Route, Rulebook, Rules, WouldFire, replay, route};
use crate::domain::{
    Actor, AreaCode, AreaRef, Catalogue, Incident, IncidentEvent, IncidentId, IncidentNumber,
    Priority, Service, Timestamp,
};
use crate::store::{IncidentQuery, KeptRulebook, NewRulebook, RulebookVersion, Store, StoreError};

/// How many incidents of the past a rehearsal looks at.
pub const MAX_REHEARSED: usize = 20_000;
/// Incidents read at a time for it.
const REHEARSED_AT_ONCE: u32 = 500;

/// The rules in force, with their version: 0 for those that are built in.
#[derive(Debug)]
pub struct RulesInForce {
    pub version: i64,
    rules: Rules,
}

impl Deref for RulesInForce {
    type Target = Rules;

    fn deref(&self) -> &Rules {
        &self.rules
    }
}

impl RulesInForce {
    /// # Errors
    /// When the store cannot be read, or the rules do not fit the catalogue.
    pub(super) async fn load(
        store: &dyn Store,
        catalogue: &Catalogue,
    ) -> Result<Self, ServiceError> {
        let (version, book) = match store.load_rulebook(None).await? {
            Some(kept) => (kept.head.version, kept.book),
            None => (0, built_in()?),
        };
        let rules = Rules::new(book, catalogue).map_err(ServiceError::Rules)?;
        Ok(Self { version, rules })
    }

    /// Where an incident goes that is reported at a time.
    #[must_use]
    pub fn route(
        &self,
        service: &Service,
        chain: &[AreaRef],
        priority: Priority,
        at: Timestamp,
    ) -> Route {
        let matter = Matter {
            service,
            chain,
            priority,
        };
        route(&self.book.routing, &matter, at, &self.calendar)
    }
}

fn built_in() -> Result<Rulebook, ServiceError> {
    built_in_rulebook().map_err(|error| {
        ServiceError::Store(StoreError::Corrupt {
            what: "the built-in rules",
            why: error.to_string(),
        })
    })
}

/// What rules would have done to incidents of the past.
#[derive(Debug)]
pub struct Rehearsal {
    /// By time.
    pub fires: Vec<(IncidentNumber, WouldFire)>,
    /// How many incidents were looked at.
    pub looked_at: usize,
    /// False when there were more than are looked at.
    pub is_complete: bool,
}

impl Services {
    /// The rules in a version, or those in force. Built-in ones have version 0.
    ///
    /// # Errors
    /// When the actor may not read them, or there is no such version.
    pub async fn load_rulebook(
        &self,
        actor: &Actor,
        version: Option<i64>,
    ) -> Result<KeptRulebook, ServiceError> {
        actor.require(Permission::ReadRules)?;
        let version = version.filter(|&version| version != 0);
        if let Some(kept) = self.store().load_rulebook(version).await? {
            return Ok(kept);
        }
        match version {
            Some(version) => Err(ServiceError::not_found("version of the rules", &version)),
            None => Ok(KeptRulebook {
                head: RulebookVersion {
                    version: 0,
                    at: Timestamp::UNIX_EPOCH,
                    saved_by: Actor::system().name,
                    note: None,
                },
                book: built_in()?,
            }),
        }
    }

    /// Every version that was saved, the newest first.
    ///
    /// # Errors
    /// When the actor may not read rules.
    pub async fn list_rulebooks(
        &self,
        actor: &Actor,
    ) -> Result<Vec<RulebookVersion>, ServiceError> {
        actor.require(Permission::ReadRules)?;
        Ok(self.store().list_rulebooks().await?)
    }

    /// Puts rules into force in the place of version `base`.
    ///
    /// # Errors
    /// When the actor may not, something is wrong with them, or `base` is not in force any
    /// more.
    pub async fn save_rulebook(
        &self,
        actor: &Actor,
        base: i64,
        book: Rulebook,
        note: Option<String>,
    ) -> Result<KeptRulebook, ServiceError> {
        actor.require(Permission::ManageRules)?;
        Rules::new(book.clone(), self.catalogue()).map_err(ServiceError::Rules)?;
        let new = NewRulebook {
            base,
            at: self.clock().now(),
            saved_by: actor.name.clone(),
            note,
            book,
        };
        let version = self.store().save_rulebook(&new).await?;
        self.reload_rules().await?;
        self.wake_feed();
        Ok(KeptRulebook {
            head: RulebookVersion {
                version,
                at: new.at,
                saved_by: new.saved_by,
                note: new.note,
            },
            book: new.book,
        })
    }

    /// Brings the rules that were saved last into this node's memory.
    ///
    /// # Errors
    /// When the store cannot be read, or they do not fit the catalogue.
    pub async fn reload_rules(&self) -> Result<(), ServiceError> {
        self.live()
            .reload_rules(self.store(), self.catalogue())
            .await
    }

    /// What rules of escalation would have done to the incidents that were reported in a
    /// time, within the actor's area. Nothing is changed.
    ///
    /// # Errors
    /// When the actor may not read rules or incidents, or something is wrong with the rules.
    pub async fn rehearse_rules(
        &self,
        actor: &Actor,
        book: Rulebook,
        since: Timestamp,
        until: Timestamp,
        area: Option<&AreaCode>,
    ) -> Result<Rehearsal, ServiceError> {
        actor.require(Permission::ReadRules)?;
        let rules = Rules::new(book, self.catalogue()).map_err(ServiceError::Rules)?;
        let now = self.clock().now();
        let mut query = IncidentQuery {
            since: Some(since),
            // Time runs backwards through the list; identities of one time come last.
            after: Some((until, IncidentId(uuid::Uuid::nil()))),
            limit: REHEARSED_AT_ONCE,
            ..IncidentQuery::default()
        };
        let mut rehearsal = Rehearsal {
            fires: Vec::new(),
            looked_at: 0,
            is_complete: false,
        };
        while rehearsal.looked_at < MAX_REHEARSED {
            let incidents = self.search_incidents(actor, query.clone(), area).await?;
            let ids: Vec<IncidentId> = incidents.iter().map(|incident| incident.id).collect();
            let mut histories: HashMap<IncidentId, Vec<IncidentEvent>> = HashMap::new();
            let store = self.store();
            for event in store.list_events_between(&ids, since, now).await? {
                histories.entry(event.incident).or_default().push(event);
            }
            for incident in &incidents {
                let mut events = histories.remove(&incident.id).unwrap_or_default();
                events.sort_by_key(|event| event.version);
                let fires = self.rehearse_on(&rules, incident, &events, now);
                let number = |fire| (incident.number.clone(), fire);
                rehearsal.fires.extend(fires.into_iter().map(number));
            }
            rehearsal.looked_at += incidents.len();
            match incidents.last() {
                Some(last) if incidents.len() == REHEARSED_AT_ONCE as usize => {
                    query.after = Some((last.reported_at, last.id));
                }
                _ => {
                    rehearsal.is_complete = true;
                    break;
                }
            }
        }
        rehearsal.fires.sort_by(|(a, _), (b, _)| a.cmp(b));
        rehearsal.fires.sort_by_key(|(_, fire)| fire.at);
        Ok(rehearsal)
    }

    fn rehearse_on(
        &self,
        rules: &Rules,
        incident: &Incident,
        events: &[IncidentEvent],
        now: Timestamp,
    ) -> Vec<WouldFire> {
        let Ok(service) = self.service_of(incident) else {
            return Vec::new();
        };
        let directory = self.live().directory();
        let past = Past {
            incident,
            events,
            service: &service,
        };
        replay(&past, rules, now, |holder| {
            directory.find(holder).map(|centre| centre.level)
        })
    }

    /// Where an incident goes by the rules in force, and which of them say so.
    ///
    /// # Errors
    /// When there is none that the actor may see.
    pub async fn explain_route(
        &self,
        actor: &Actor,
        key: &IncidentKey,
    ) -> Result<Route, ServiceError> {
        actor.require(Permission::ReadIncidents)?;
        let incident = self
            .find_incident(key)
            .await?
            .filter(|incident| self.may_see(actor, incident))
            .ok_or_else(|| not_found(key))?;
        let service = self.service_of(&incident)?;
        Ok(self.route_of(&incident, &service))
    }

    /// Where an incident goes, as of when it was reported.
    pub(super) fn route_of(&self, incident: &Incident, service: &Arc<Service>) -> Route {
        self.live().rules().route(
            service,
            &incident.chain,
            incident.priority,
            incident.reported_at,
        )
    }
}
