//! What the service makes of positions by itself: visits, arrivals, and alarms of watches.
//! Every second one node looks at the last fix of everybody on duty, which each node has in
//! memory from all; the way that positions come in is not touched by it. What a node knows
//! when it takes over is what the store has, and nothing is done twice: visits are kept by
//! their beginning, a task arrives once, and one alarm of a watch is open at a time.

use std::collections::HashSet;
use std::collections::hash_map::{Entry, HashMap};
use std::sync::Arc;

use chrono::TimeDelta;
use foldhash::fast::RandomState;

use super::super::lease::Lease;
use super::super::{ServiceError, Services};
use crate::domain::presence::{Approach, Ground, Policy, Presence, Rest, Visit, Watch};
use crate::domain::workflow::{Command, apply, is_expected};
use crate::domain::{
    Actor, AreaCode, Assignee, Fix, Incident, IncidentId, Level, LngLat, TaskId, Timestamp,
    WorkerId,
};
use crate::index::Atlas;
use crate::store::VisitQuery;

/// How often it is kept when those were seen last whose visit lasts: what a node that takes
/// over does not know.
const KEEP_SEEN_EVERY: TimeDelta = TimeDelta::seconds(60);
/// How long a watch is let be at first.
const SETTLING: TimeDelta = TimeDelta::seconds(10);
/// How many workers are looked at before others get their turn.
const TURN: usize = 4_096;
/// How often a step is tried while others act on the incident.
const ATTEMPTS: usize = 3;

/// Looks at where everybody is; one to a node.
pub struct Lookout {
    services: Services,
    lease: Lease,
    /// `None` while it is another node's turn.
    known: Option<Known>,
}

/// What is known from one look to the next.
struct Known {
    people: HashMap<WorkerId, Followed, RandomState>,
    round: u64,
    /// The atlas that the visits were found in.
    atlas: Arc<Atlas>,
    /// Visits that began or ended and are not kept yet, by worker and beginning.
    unkept: HashMap<(WorkerId, Timestamp), Visit>,
    seen_kept_at: Timestamp,
    approaches: HashMap<TaskId, Approach>,
    guarded: HashMap<WorkerId, Guarded>,
}

struct Followed {
    presence: Presence,
    /// When the worker was on duty last.
    round: u64,
    /// Up to when of the visit is in the database, or on its way there.
    kept_seen_at: Option<Timestamp>,
}

/// Somebody on a watch.
struct Guarded {
    rest: Option<Rest>,
    /// The beginning of the watch that an alarm was raised in.
    raised_in: Option<Timestamp>,
}

/// A worker who is on the way.
struct Expected {
    incident: IncidentId,
    task: TaskId,
    worker: WorkerId,
    signed_at: Timestamp,
    place: LngLat,
}

impl Lookout {
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self {
            services,
            lease: Lease::new("presence"),
            known: None,
        }
    }

    /// Looks once, if it is this node's turn.
    ///
    /// # Errors
    /// When the store does not answer; the next time nothing of it is left out.
    pub async fn look(&mut self) -> Result<(), ServiceError> {
        let services = &self.services;
        let now = services.clock().now();
        if !self.lease.hold(services, now).await? {
            self.known = None;
            return Ok(());
        }
        let known = match &mut self.known {
            Some(known) => known,
            absent => absent.insert(Known::load(services, now).await?),
        };
        known.follow(services, now).await;
        // Whoever may be in danger comes first, and nothing that fails keeps the rest.
        let guarded = known.guard(services, now).await;
        let kept = known.keep(services, now).await;
        let noted = known.note_arrivals(services).await;
        guarded.and(kept).and(noted)
    }
}

impl Known {
    async fn load(services: &Services, now: Timestamp) -> Result<Self, ServiceError> {
        let lasting = services.store().list_visits(&VisitQuery::default()).await?;
        let mut people: HashMap<WorkerId, Followed, RandomState> = HashMap::default();
        let mut unkept = HashMap::new();
        for visit in lasting {
            let worker = visit.worker;
            let presence = Presence::resumed(visit);
            let followed = Followed {
                kept_seen_at: presence.visit().map(|visit| visit.seen_at),
                presence,
                round: 0,
            };
            // Two may last when a node was silent for a while; the later one counts.
            if let Some(mut before) = people.insert(worker, followed) {
                keep_later(&mut unkept, before.presence.end());
            }
        }
        Ok(Self {
            people,
            round: 0,
            // So that grids that went away meanwhile are left.
            atlas: Arc::new(Atlas::empty()),
            unkept,
            seen_kept_at: now,
            approaches: HashMap::new(),
            guarded: HashMap::new(),
        })
    }

    /// Brings visits up to the last fixes.
    async fn follow(&mut self, services: &Services, now: Timestamp) {
        let policy = services.presence_policy();
        let silent_after = TimeDelta::seconds(policy.silent_after_s.into());
        self.take_over_edition(services.live().atlas());
        self.round += 1;
        let fixes: Vec<Fix> = services.live().roster().fixes_on_duty().collect();
        for turn in fixes.chunks(TURN) {
            for fix in turn.iter().filter(|fix| now - fix.at <= silent_after) {
                self.follow_one(fix, policy);
            }
            tokio::task::yield_now().await;
        }
        // Whoever went off duty or fell silent.
        let (round, unkept) = (self.round, &mut self.unkept);
        self.people.retain(|_, followed| {
            let is_there = followed.round == round;
            if !is_there {
                keep_later(unkept, followed.presence.end());
            }
            // Back on duty soon, the fix from before must not count again.
            let newest_at = followed.presence.newest_at();
            is_there || newest_at.is_some_and(|newest_at| now - newest_at <= silent_after)
        });
    }

    fn follow_one(&mut self, fix: &Fix, policy: &Policy) {
        let followed = self.people.entry(fix.worker).or_insert_with(|| Followed {
            presence: Presence::unknown(fix.worker),
            round: 0,
            kept_seen_at: None,
        });
        followed.round = self.round;
        let atlas = &self.atlas;
        let locate = |known: Option<&AreaCode>| find_ground(atlas, fix.position, known);
        let passage = followed.presence.follow(fix, policy, locate);
        keep_later(&mut self.unkept, passage.left);
        keep_later(&mut self.unkept, passage.entered);
    }

    /// Borders may be elsewhere now. Whoever was in a grid that is no more has left it.
    fn take_over_edition(&mut self, atlas: Arc<Atlas>) {
        if Arc::ptr_eq(&self.atlas, &atlas) {
            return;
        }
        self.atlas = atlas;
        for followed in self.people.values_mut() {
            let presence = &mut followed.presence;
            presence.doubt_ground();
            let area = presence.visit().map(|visit| &visit.area);
            if area.is_some_and(|area| self.atlas.find(area).is_none()) {
                keep_later(&mut self.unkept, presence.end());
            }
        }
    }

    /// Keeps what began and ended, and from time to time when everybody was seen last.
    async fn keep(&mut self, services: &Services, now: Timestamp) -> Result<(), ServiceError> {
        let keeps_seen = now - self.seen_kept_at >= KEEP_SEEN_EVERY;
        if keeps_seen {
            for followed in self.people.values_mut() {
                let Some(visit) = followed.presence.visit() else {
                    continue;
                };
                if followed.kept_seen_at < Some(visit.seen_at) {
                    followed.kept_seen_at = Some(visit.seen_at);
                    let key = (visit.worker, visit.from);
                    self.unkept.insert(key, visit.clone());
                }
            }
        }
        if !self.unkept.is_empty() {
            let visits: Vec<Visit> = self.unkept.values().cloned().collect();
            services.store().keep_visits(&visits).await?;
            self.unkept.clear();
        }
        if keeps_seen {
            self.seen_kept_at = now;
        }
        Ok(())
    }

    /// Writes into the history of incidents who has arrived.
    async fn note_arrivals(&mut self, services: &Services) -> Result<(), ServiceError> {
        let expected = list_expected(services);
        let tasks: HashSet<TaskId> = expected.iter().map(|it| it.task).collect();
        self.approaches.retain(|task, _| tasks.contains(task));
        for it in expected {
            let Some(fix) = find_fix_on_duty(services, it.worker) else {
                continue;
            };
            let approach = self.approaches.entry(it.task);
            let approach = approach.or_insert_with(|| Approach::new(it.place, it.signed_at));
            if let Some(since) = approach.follow(&fix, services.presence_policy()) {
                match services.note_arrival(it.incident, it.task, since).await {
                    Ok(()) => {}
                    Err(ServiceError::Store(error)) => return Err(error.into()),
                    Err(error) => tracing::error!(
                        error = &error as &dyn std::error::Error,
                        incident = %it.incident,
                        "an arrival could not be noted"
                    ),
                }
            }
        }
        Ok(())
    }

    /// Raises the alarms of watches.
    async fn guard(&mut self, services: &Services, now: Timestamp) -> Result<(), ServiceError> {
        let watches = services.store().list_watches().await?;
        let watched: HashSet<WorkerId> = watches.iter().map(|watch| watch.worker).collect();
        self.guarded.retain(|worker, _| watched.contains(worker));
        for watch in watches {
            // The duty that it was asked for in may not be known here yet.
            if now - watch.since < SETTLING {
                continue;
            }
            let member = services.live().roster().find(watch.worker);
            let Some(member) = member.filter(|member| member.worker.on_duty) else {
                services.store().end_watch(watch.worker).await?;
                continue;
            };
            let guarded = match self.guarded.entry(watch.worker) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => {
                    place.insert(Guarded::from_track(services, &watch, now).await?)
                }
            };
            guarded.follow(member.fix.as_ref(), services.presence_policy());
            let cause = watch.find_cause(member.fix.as_ref(), guarded.rest.as_ref(), now);
            if let Some(kind) = cause.filter(|_| guarded.raised_in != Some(watch.since)) {
                let position = member.fix.map(|fix| fix.position);
                let raised = services.raise_alarm(watch.worker, kind, position, None);
                raised.await?;
                guarded.raised_in = Some(watch.since);
            }
        }
        Ok(())
    }
}

impl Guarded {
    /// As if this node had watched all the time: from the track, as long as may matter.
    async fn from_track(
        services: &Services,
        watch: &Watch,
        now: Timestamp,
    ) -> Result<Self, ServiceError> {
        let long_enough = TimeDelta::minutes(i64::from(watch.minutes) + 1);
        let from = watch.since.max(now - long_enough);
        let track = services.store().load_track(watch.worker, from, now).await?;
        let mut guarded = Self {
            rest: None,
            raised_in: None,
        };
        for fix in &track {
            guarded.follow(Some(fix), services.presence_policy());
        }
        Ok(guarded)
    }

    fn follow(&mut self, fix: Option<&Fix>, policy: &Policy) {
        match (&mut self.rest, fix) {
            (Some(rest), Some(fix)) => rest.follow(fix, policy),
            (rest @ None, Some(fix)) => *rest = Some(Rest::new(*fix)),
            (_, None) => {}
        }
    }
}

impl Services {
    /// Writes an arrival into the history, unless it is there or nobody is expected any
    /// more.
    async fn note_arrival(
        &self,
        id: IncidentId,
        task: TaskId,
        since: Timestamp,
    ) -> Result<(), ServiceError> {
        for _ in 0..ATTEMPTS {
            let incident = self.live().docket().find(id).cloned();
            let is_open = |incident: &Arc<Incident>| {
                let mut tasks = incident.tasks.iter();
                tasks.any(|known| known.id == task && is_expected(known))
            };
            let Some(incident) = incident.filter(is_open) else {
                break;
            };
            let surroundings = self.surroundings(&incident)?;
            let system = Actor::system();
            let situation = surroundings.situation(&system, self.clock().now());
            let command = Command::Arrive { task, since };
            let mut fresh = || self.clock().fresh_id();
            // While it may not be noted, such as when the task was sent back, it is not.
            let Ok(step) = apply(&incident, &command, &situation, &mut fresh) else {
                break;
            };
            match self.take_step(step).await {
                // Somebody was faster; memory has what they made of it.
                Err(ServiceError::Conflict { .. }) => {}
                done => return done.map(|_| ()),
            }
        }
        Ok(())
    }
}

/// Of what began and ended within one look, the later state counts.
fn keep_later(unkept: &mut HashMap<(WorkerId, Timestamp), Visit>, visit: Option<Visit>) {
    if let Some(visit) = visit {
        unkept.insert((visit.worker, visit.from), visit);
    }
}

fn find_ground(atlas: &Atlas, position: LngLat, known: Option<&AreaCode>) -> Ground {
    let owner = atlas.owner(Level::Grid, position);
    let measured = owner.or_else(|| atlas.find(known?));
    let border_m = measured.and_then(|ordinal| atlas.border_distance_m(ordinal, position));
    Ground {
        area: owner.map(|ordinal| atlas.area(ordinal).code.clone()),
        border_m: border_m.unwrap_or(0.0),
    }
}

fn find_fix_on_duty(services: &Services, worker: WorkerId) -> Option<Fix> {
    let member = services.live().roster().find(worker)?;
    member.fix.filter(|_| member.worker.on_duty)
}

/// Every worker who has signed a task and was not seen at its place.
fn list_expected(services: &Services) -> Vec<Expected> {
    let docket = services.live().docket();
    let mut expected = Vec::new();
    for incident in docket.incidents() {
        for task in incident.tasks.iter().filter(|task| is_expected(task)) {
            if let Assignee::Worker(worker) = task.assignee {
                expected.push(Expected {
                    incident: incident.id,
                    task: task.id,
                    worker,
                    signed_at: task.signed_at.unwrap_or(task.offered_at),
                    place: incident.position,
                });
            }
        }
    }
    expected
}
