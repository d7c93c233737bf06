//! Who should go where, for all that waits at once; proposed, and sent when told to.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;

use super::clock::Stopwatch;
use super::dispatching::asked_of_lead;
use super::incidents::not_found;
use super::people::WorkerState;
use super::roads::Ways;
use super::{ServiceError, Services};
use crate::domain::actor::Permission;
use crate::domain::dispatch::{
    ArriveBy, Assignment, Demand, Need, Plan, Policy, RoadTimes, Standing, Survey, Terms,
    Unassigned, find_within_reach,
};
use crate::domain::incident::IncidentKey;
use crate::domain::rules::Route;
use crate::domain::workflow::{Action, Command};
use crate::domain::{
    Actor, AreaCode, Assignee, Incident, IncidentId, LngLat, Status, Timestamp, WorkerId,
};
use crate::index::roster::Member;

/// A plan is made of this many incidents at most: what a centre can look through, and what
/// is planned in well under a second, whatever it is.
pub const MAX_INCIDENTS: usize = 1_000;
/// Of each incident the ways by roads are asked of so many: nobody beyond them is likely to
/// be sent, and with the incident's own it is as many places as OSRM tells of at once.
const WAYS_EACH: usize = 99;
/// Nobody is sent farther.
pub const MAX_RADIUS_M: f64 = 200_000.0;
/// Nobody comes nearer more slowly or faster.
pub const SPEEDS_MPS: std::ops::RangeInclusive<f64> = 0.5..=50.0;

/// What to plan, and by what.
#[derive(Debug, Clone, Default)]
pub struct PlanRequest {
    /// Only what lies in this area.
    pub area: Option<AreaCode>,
    /// Only these; all that wait to be sent somebody when absent.
    pub incidents: Option<Vec<IncidentKey>>,
    pub radius_m: Option<f64>,
    pub speed_mps: Option<f64>,
    /// How many incidents one worker is given at most, beside what the capacity allows.
    pub most_each: Option<u16>,
    pub arrive_by: Option<ArriveBy>,
    /// Send them, giving this reason where somebody is not the first of the ranking.
    pub send: Option<String>,
}

/// Somebody who should go somewhere.
#[derive(Debug, Clone)]
pub struct Proposed {
    pub assignment: Assignment,
    /// As it was when the plan was made.
    pub incident: Arc<Incident>,
    pub worker: WorkerState,
    pub answer_by: Option<Timestamp>,
}

/// How many go, and at what cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    pub assigned: usize,
    pub cost_s: u64,
}

/// A plan with what it was made of.
#[derive(Debug)]
pub struct Proposal {
    /// By precedence.
    pub assignments: Vec<Proposed>,
    pub unassigned: Vec<(Unassigned, Arc<Incident>)>,
    pub total: Total,
    /// Had each incident in turn been given to whoever costs least just then.
    pub greedy: Total,
    /// Incidents that wait too, but are for a department to lead.
    pub for_departments: usize,
    pub workers: usize,
    pub policy: Policy,
    /// Ways were measured by roads, not by straight lines.
    pub by_roads: bool,
    pub arrive_by: ArriveBy,
    pub computed_in: Duration,
    /// What came of sending, in the order of the assignments; `None` when only proposed.
    pub sent: Option<Vec<Sent>>,
}

/// What came of sending somebody.
#[derive(Debug)]
pub struct Sent {
    pub incident: IncidentId,
    pub outcome: Result<Arc<Incident>, ServiceError>,
}

/// An incident with where it goes and when somebody must be there.
struct Waiting {
    incident: Arc<Incident>,
    route: Route,
    answer_by: Option<Timestamp>,
}

/// What a plan is made of.
struct PlanningField {
    waiting: Vec<Waiting>,
    /// Everybody, with the areas above each post they hold.
    members: Vec<(WorkerState, Vec<Vec<AreaCode>>)>,
    policy: Policy,
    most_each: Option<u16>,
    now: Timestamp,
}

impl Services {
    /// Plans who goes to what waits for somebody within the actor's area. When told to, sends
    /// them as the actor, one by one, each on the version that the plan was made on; what has
    /// gone on meanwhile stays as it is, and is told.
    ///
    /// # Errors
    /// When the actor may not dispatch, an incident that is named is not there or cannot be
    /// dispatched, too many wait, or a bound makes no sense. Nobody has been sent then.
    pub async fn plan_dispatch(
        &self,
        actor: &Actor,
        request: PlanRequest,
    ) -> Result<Proposal, ServiceError> {
        actor.require(Permission::Dispatch)?;
        let policy = request.policy(self.policy())?;
        let arrive_by = request.arrive_by.unwrap_or(ArriveBy::Resolve);
        let (incidents, for_departments) = self.find_waiting(actor, &request).await?;
        let begun = Stopwatch::start();
        let now = self.clock().now();
        let waiting = incidents.into_iter().map(|incident| {
            let service = self.service_of(&incident)?;
            // As its clock would run if somebody were sent now.
            let deadlines = self.surroundings(&incident)?.timing().start(now);
            Ok(Waiting {
                answer_by: arrive_by.among(&deadlines),
                route: self.route_of(&incident, &service),
                incident,
            })
        });
        let waiting: Vec<Waiting> = waiting.collect::<Result<_, ServiceError>>()?;
        let services = self.clone();
        let field = PlanningField {
            waiting,
            members: compute(move || services.members_with_posts(now)).await?,
            policy,
            most_each: request.most_each,
            now,
        };
        let field = Arc::new(field);
        let roads = self.roads_of(&field).await?;
        let by_roads = roads.is_some();
        let planned = Arc::clone(&field);
        let (plan, greedy) = compute(move || planned.plan(roads.as_ref())).await?;
        let mut proposal = Proposal {
            total: Total::from(&plan),
            greedy: Total::from(&greedy),
            unassigned: field.with_incidents(plan.unassigned),
            assignments: field.with_people(plan.assignments),
            for_departments,
            workers: field.members.len(),
            policy,
            by_roads,
            arrive_by,
            computed_in: begun.elapsed(),
            sent: None,
        };
        if let Some(reason) = &request.send {
            proposal.sent = Some(self.send(actor, &proposal.assignments, reason).await);
        }
        Ok(proposal)
    }

    /// The incidents to plan, and how many more wait for a department.
    async fn find_waiting(
        &self,
        actor: &Actor,
        request: &PlanRequest,
    ) -> Result<(Vec<Arc<Incident>>, usize), ServiceError> {
        let within = self.bound(actor, request.area.as_ref())?;
        let is_within = |incident: &Incident| {
            let mut bounds = within.iter().filter(|_| request.area.is_some());
            bounds.all(|area| incident.is_within(&area.code))
        };
        let Some(keys) = &request.incidents else {
            return self.find_all_waiting(actor, is_within);
        };
        check_count(keys.len())?;
        let mut found: Vec<Arc<Incident>> = Vec::new();
        let mut seen: HashSet<IncidentId> = HashSet::new();
        for key in keys {
            let incident = self
                .find_incident(key)
                .await?
                .filter(|incident| self.may_see(actor, incident))
                .ok_or_else(|| not_found(key))?;
            let refuse = |why: String| ServiceError::Invalid {
                field: "incidents",
                why: format!("{} {why}", incident.number),
            };
            if !self.waits(actor, &incident)? {
                return Err(refuse(format!(
                    "is {}; only what you may dispatch now can be planned",
                    incident.status
                )));
            }
            if !is_within(&incident) {
                return Err(refuse("lies outside the area asked for".to_owned()));
            }
            if seen.insert(incident.id) {
                found.push(incident);
            }
        }
        Ok((found, 0))
    }

    fn find_all_waiting(
        &self,
        actor: &Actor,
        is_within: impl Fn(&Incident) -> bool,
    ) -> Result<(Vec<Arc<Incident>>, usize), ServiceError> {
        let filed: Vec<Arc<Incident>> = self
            .live()
            .docket()
            .incidents()
            .filter(|incident| incident.status == Status::Filed && is_within(incident))
            .cloned()
            .collect();
        let (mut found, mut for_departments) = (Vec::new(), 0);
        for incident in filed {
            if !self.may_see(actor, &incident) || !self.waits(actor, &incident)? {
                continue;
            }
            let service = self.service_of(&incident)?;
            let route = self.route_of(&incident, &service);
            if self.department_of(&route, &incident).is_some() {
                for_departments += 1;
            } else {
                found.push(incident);
            }
        }
        check_count(found.len())?;
        Ok((found, for_departments))
    }

    /// True when the workflow lets the actor send somebody now.
    fn waits(&self, actor: &Actor, incident: &Incident) -> Result<bool, ServiceError> {
        Ok(incident.status == Status::Filed
            && self
                .allowed_actions(actor, incident)?
                .contains(&Action::Dispatch))
    }

    /// How long the ways take that are worth knowing; `None` when straight lines must do.
    async fn roads_of(
        &self,
        field: &Arc<PlanningField>,
    ) -> Result<Option<HashMap<IncidentId, RoadTimes>>, ServiceError> {
        if !self.knows_roads() {
            return Ok(None);
        }
        let asked = Arc::clone(field);
        let (incidents, ways) = compute(move || asked.ways()).await?;
        let times = self.road_times(&ways, &field.policy).await;
        Ok(times.map(|times| incidents.into_iter().zip(times).collect()))
    }

    /// Everybody, with the areas above each post they hold. Of those who cannot be sent
    /// anyway the posts do not matter.
    fn members_with_posts(&self, now: Timestamp) -> Vec<(WorkerState, Vec<Vec<AreaCode>>)> {
        let atlas = self.live().atlas();
        let docket = self.live().docket();
        let posted = |member: &Member| {
            let held = member.posts.iter().filter(|post| post.is_held(now));
            held.map(|post| atlas.codes_above(&post.area).cloned().collect())
                .collect()
        };
        let members = self.live().roster().members();
        members
            .map(|member| {
                let may_go = member.worker.on_duty && member.fix.is_some();
                let posted = if may_go { posted(&member) } else { Vec::new() };
                let state = WorkerState {
                    load: docket.load(Assignee::Worker(member.worker.id)),
                    member,
                    distance_m: None,
                };
                (state, posted)
            })
            .collect()
    }

    async fn send(&self, actor: &Actor, assignments: &[Proposed], reason: &str) -> Vec<Sent> {
        let mut sent = Vec::with_capacity(assignments.len());
        for proposed in assignments {
            let incident = proposed.incident.id;
            let command = Command::Dispatch {
                lead: Assignee::Worker(proposed.assignment.worker),
                assistants: Vec::new(),
                reason: Some(reason.to_owned()),
                offer_until: None,
            };
            let key = IncidentKey::Id(incident);
            let version = proposed.incident.version;
            let outcome = self.act_on_incident(actor, &key, version, command).await;
            sent.push(Sent { incident, outcome });
        }
        sent
    }
}

/// Lets something run that takes long.
async fn compute<T: Send + 'static>(
    run: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ServiceError> {
    spawn_blocking(run)
        .await
        .map_err(|_| ServiceError::Interrupted)
}

impl From<&Plan> for Total {
    fn from(plan: &Plan) -> Self {
        Self {
            assigned: plan.assignments.len(),
            cost_s: plan.cost_s,
        }
    }
}

impl PlanningField {
    fn demands(&self) -> Vec<Demand<'_>> {
        let waiting = self.waiting.iter();
        waiting
            .map(|waiting| {
                let (role, skills) = asked_of_lead(&waiting.route);
                Demand {
                    incident: waiting.incident.id,
                    need: Need {
                        position: waiting.incident.position,
                        chain: &waiting.incident.chain,
                        role,
                        skills,
                    },
                    priority: waiting.incident.priority,
                    reported_at: waiting.incident.reported_at,
                    answer_by: waiting.answer_by,
                }
            })
            .collect()
    }

    fn standings(&self) -> Vec<Standing<'_>> {
        let members = self.members.iter();
        members
            .map(|(state, posted)| Standing {
                worker: &state.member.worker,
                posted,
                fix: state.member.fix.as_ref(),
                load: state.load,
            })
            .collect()
    }

    fn terms<'a>(&'a self, roads: Option<&'a HashMap<IncidentId, RoadTimes>>) -> Terms<'a> {
        Terms {
            policy: &self.policy,
            most_each: self.most_each,
            roads,
        }
    }

    /// For each incident the ways of those who are likely to be sent.
    fn ways(&self) -> (Vec<IncidentId>, Vec<Ways>) {
        let (mut demands, standings) = (self.demands(), self.standings());
        // Who is too late along a straight line may be in time by road.
        for demand in &mut demands {
            demand.answer_by = None;
        }
        let terms = self.terms(None);
        let within_reach = find_within_reach(&demands, &standings, terms, self.now, WAYS_EACH);
        let incidents = self.incidents();
        let members = self.members.iter();
        let fixes: HashMap<WorkerId, LngLat> = members
            .filter_map(|(state, _)| {
                Some((state.member.worker.id, state.member.fix.as_ref()?.position))
            })
            .collect();
        let from = |workers: Vec<WorkerId>| {
            let workers = workers.into_iter();
            workers
                .filter_map(|worker| Some((worker, *fixes.get(&worker)?)))
                .collect()
        };
        within_reach
            .into_iter()
            .filter_map(|reach| {
                let to = incidents.get(&reach.incident)?.incident.position;
                let from = from(reach.workers);
                Some((reach.incident, Ways { to, from }))
            })
            .unzip()
    }

    /// The best plan and the greedy one.
    fn plan(&self, roads: Option<&HashMap<IncidentId, RoadTimes>>) -> (Plan, Plan) {
        let (demands, standings) = (self.demands(), self.standings());
        let survey = Survey::new(&demands, &standings, self.terms(roads), self.now);
        let greedy = survey.plan_greedily();
        (survey.plan(), greedy)
    }

    fn incidents(&self) -> HashMap<IncidentId, &Waiting> {
        let waiting = self.waiting.iter();
        waiting
            .map(|waiting| (waiting.incident.id, waiting))
            .collect()
    }

    fn with_people(&self, assignments: Vec<Assignment>) -> Vec<Proposed> {
        let incidents = self.incidents();
        let members = self.members.iter();
        let workers: HashMap<WorkerId, &WorkerState> = members
            .map(|(state, _)| (state.member.worker.id, state))
            .collect();
        assignments
            .into_iter()
            .filter_map(|assignment| {
                let waiting = incidents.get(&assignment.incident)?;
                let worker = *workers.get(&assignment.worker)?;
                Some(Proposed {
                    assignment,
                    incident: Arc::clone(&waiting.incident),
                    worker: worker.clone(),
                    answer_by: waiting.answer_by,
                })
            })
            .collect()
    }

    fn with_incidents(&self, unassigned: Vec<Unassigned>) -> Vec<(Unassigned, Arc<Incident>)> {
        let incidents = self.incidents();
        unassigned
            .into_iter()
            .filter_map(|unassigned| {
                let waiting = incidents.get(&unassigned.incident)?;
                Some((unassigned, Arc::clone(&waiting.incident)))
            })
            .collect()
    }
}

impl PlanRequest {
    /// The policy with what the request puts in its place.
    fn policy(&self, usual: &Policy) -> Result<Policy, ServiceError> {
        let invalid = |field, why| Err(ServiceError::Invalid { field, why });
        if let Some(radius_m) = self.radius_m
            && !(1.0..=MAX_RADIUS_M).contains(&radius_m)
        {
            let why = format!("{radius_m} is not between 1 and {MAX_RADIUS_M}");
            return invalid("radius_m", why);
        }
        if let Some(speed_mps) = self.speed_mps
            && !SPEEDS_MPS.contains(&speed_mps)
        {
            let (least, most) = SPEEDS_MPS.into_inner();
            let why = format!("{speed_mps} is not between {least} and {most}");
            return invalid("speed_mps", why);
        }
        if self.most_each == Some(0) {
            let why = "0 leaves nobody to be sent; give 1 or more".to_owned();
            return invalid("most_each", why);
        }
        if self
            .send
            .as_ref()
            .is_some_and(|reason| reason.trim().is_empty())
        {
            let why = "say in a few words why these go".to_owned();
            return invalid("reason", why);
        }
        Ok(Policy {
            radius_m: self.radius_m.unwrap_or(usual.radius_m),
            speed_mps: self.speed_mps.unwrap_or(usual.speed_mps),
            ..*usual
        })
    }
}

fn check_count(count: usize) -> Result<(), ServiceError> {
    if count <= MAX_INCIDENTS {
        return Ok(());
    }
    Err(ServiceError::Invalid {
        field: "incidents",
        why: format!(
            "{count} are too many; a plan is made of {MAX_INCIDENTS} at most, so name an area or fewer incidents"
        ),
    })
}
