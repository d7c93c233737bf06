//! Who should go.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::people::WorkerState;
use super::{ServiceError, Services};
use crate::domain::actor::Permission;
use crate::domain::catalogue::LeadKind;
use crate::domain::dispatch::{Candidate, LeftOut, Need, Ranking, Standing, rank};
use crate::domain::incident::IncidentKey;
use crate::domain::rules::Route;
use crate::domain::{
    Actor, AreaCode, Assignee, Incident, Level, Organisation, Service, TaskRole, Timestamp,
    WorkerId, WorkerRole,
};
use crate::index::roster::{Member, Wanted};

use super::incidents::not_found;
use super::roads::Ways;

/// How many of those left out are named.
const MAX_LEFT_OUT: usize = 20;
/// How many of the nearest workers are looked at beside those posted to the place.
const NEAREST_LOOKED_AT: usize = 200;

/// Who could go, who cannot, and which organisations the service is routed to.
#[derive(Debug, Clone)]
pub struct Candidates {
    pub candidates: Vec<(Candidate, WorkerState)>,
    pub left_out: Vec<(LeftOut, WorkerState)>,
    pub left_out_total: usize,
    pub organisations: Vec<Arc<Organisation>>,
    pub radius_m: f64,
}

impl Services {
    /// Ranked candidates for an incident, at most `count`, and why others are left out.
    ///
    /// # Errors
    /// When the actor may not dispatch or see the incident.
    pub async fn find_candidates(
        &self,
        actor: &Actor,
        key: &IncidentKey,
        count: usize,
    ) -> Result<Candidates, ServiceError> {
        actor.require(Permission::Dispatch)?;
        let incident = self
            .find_incident(key)
            .await?
            .filter(|incident| self.may_see(actor, incident))
            .ok_or_else(|| not_found(key))?;
        let service = self.service_of(&incident)?;
        let route = self.route_of(&incident, &service);
        let members = self.members_around(&incident);
        let mut ranking = self.rank_members(&incident, &route, &members).await;
        let left_out_total = ranking.left_out.len();
        ranking.candidates.truncate(count);
        ranking.left_out.truncate(MAX_LEFT_OUT);
        let state = |id: WorkerId, distance_m| {
            members.get(&id).map(|member| WorkerState {
                member: member.clone(),
                load: self.live().docket().load(Assignee::Worker(id)),
                distance_m,
            })
        };
        let directory = self.live().directory();
        Ok(Candidates {
            candidates: ranking
                .candidates
                .into_iter()
                .filter_map(|candidate| {
                    let state = state(candidate.worker, Some(candidate.distance_m))?;
                    Some((candidate, state))
                })
                .collect(),
            left_out: ranking
                .left_out
                .into_iter()
                .filter_map(|left_out| {
                    let state = state(left_out.worker, left_out.distance_m)?;
                    Some((left_out, state))
                })
                .collect(),
            left_out_total,
            organisations: route
                .department
                .as_ref()
                .and_then(|department| directory.department_for(department, &incident.chain))
                .cloned()
                .into_iter()
                .collect(),
            radius_m: self.policy().radius_m,
        })
    }

    /// Whom the rules would send: the department that the incident is routed to, or those
    /// who stand at the head of the ranking within the policy's margin, so that a position
    /// that jitters does not make a good choice need a reason. Empty when there is nobody.
    pub(super) async fn recommend(
        &self,
        incident: &Incident,
    ) -> Result<Vec<Assignee>, ServiceError> {
        let service = self.service_of(incident)?;
        let route = self.route_of(incident, &service);
        if let Some(department) = self.department_of(&route, incident) {
            return Ok(vec![Assignee::Organisation(department.id)]);
        }
        let members = self.members_around(incident);
        let ranking = self.rank_members(incident, &route, &members).await;
        let best = ranking.candidates.first().map_or(0.0, |first| first.score);
        let margin = self.policy().margin;
        Ok(ranking
            .candidates
            .iter()
            .take_while(|candidate| candidate.score >= best - margin)
            .map(|candidate| Assignee::Worker(candidate.worker))
            .collect())
    }

    /// Whom a rule offers the incident: the department that it is routed to, or the first
    /// of the ranking with such a score; nobody to whom it was offered before.
    pub(super) async fn choose(
        &self,
        incident: &Incident,
        min_score: f64,
    ) -> Result<Option<Assignee>, ServiceError> {
        let service = self.service_of(incident)?;
        let route = self.route_of(incident, &service);
        let was_offered = |assignee: Assignee| {
            let mut leads = incident
                .tasks
                .iter()
                .filter(|task| task.role == TaskRole::Lead);
            leads.any(|task| task.assignee == assignee)
        };
        if let Some(department) = self.department_of(&route, incident) {
            let department = Assignee::Organisation(department.id);
            return Ok(Some(department).filter(|&department| !was_offered(department)));
        }
        let members = self.members_around(incident);
        let ranking = self.rank_members(incident, &route, &members).await;
        Ok(ranking
            .candidates
            .iter()
            .take_while(|candidate| candidate.score >= min_score)
            .map(|candidate| Assignee::Worker(candidate.worker))
            .find(|&worker| !was_offered(worker)))
    }

    /// The department that leads, when the route leads to one that is there.
    pub(super) fn department_of(
        &self,
        route: &Route,
        incident: &Incident,
    ) -> Option<Arc<Organisation>> {
        let department = route
            .department
            .as_ref()
            .filter(|_| route.lead == LeadKind::Department)?;
        let directory = self.live().directory();
        directory
            .department_for(department, &incident.chain)
            .cloned()
    }

    pub(super) fn service_of(&self, incident: &Incident) -> Result<Arc<Service>, ServiceError> {
        self.catalogue()
            .find(&incident.service)
            .cloned()
            .ok_or_else(|| ServiceError::UnknownService(incident.service.clone()))
    }

    /// Everyone worth a look: those posted to the place's grid, its siblings in the
    /// community and the community itself, and the nearest on duty.
    fn members_around(&self, incident: &Incident) -> HashMap<WorkerId, Member> {
        let atlas = self.live().atlas();
        let now = self.clock().now();
        let roster = self.live().roster();
        let mut members = HashMap::new();
        let mut take = |member: Member| {
            members.entry(member.worker.id).or_insert(member);
        };
        for link in incident
            .chain
            .iter()
            .filter(|link| link.level >= Level::Community)
        {
            let siblings = atlas
                .find(&link.code)
                .filter(|_| link.level == Level::Community)
                .map(|community| atlas.children(community))
                .unwrap_or_default();
            let codes = siblings.iter().map(|&grid| &atlas.area(grid).code);
            for code in codes.chain([&link.code]) {
                for (_, member) in roster.posted_to(code, now) {
                    take(member);
                }
            }
        }
        let radius_m = self.policy().radius_m;
        let anybody = Wanted::default();
        let place = incident.position;
        let nearest = roster.nearest(place, NEAREST_LOOKED_AT, radius_m, &anybody, |_| true);
        for near in nearest {
            take(near.member);
        }
        members
    }

    /// Ranks them, by roads when these are known.
    async fn rank_members(
        &self,
        incident: &Incident,
        route: &Route,
        members: &HashMap<WorkerId, Member>,
    ) -> Ranking {
        let now = self.clock().now();
        let looked_at = self.look_at(incident, members, now);
        let standings: Vec<Standing<'_>> = looked_at
            .iter()
            .map(|(member, posted, load)| Standing {
                worker: &member.worker,
                posted,
                fix: member.fix.as_ref(),
                load: *load,
            })
            .collect();
        let (role, skills) = asked_of_lead(route);
        let need = Need {
            position: incident.position,
            chain: &incident.chain,
            role,
            skills,
        };
        let policy = self.policy();
        let straight = rank(&need, &standings, None, policy, now);
        let fix_of = |worker| members.get(&worker)?.fix.as_ref();
        let candidates = straight.candidates.iter();
        let ways = Ways {
            to: incident.position,
            from: candidates
                .filter_map(|one| Some((one.worker, fix_of(one.worker)?.position)))
                .collect(),
        };
        match self.road_times(&[ways], policy).await.as_deref() {
            Some([roads]) => rank(&need, &standings, Some(roads), policy, now),
            _ => straight,
        }
    }

    /// Those who have no task in the incident yet, with the areas above each post they hold
    /// and how many tasks they have.
    fn look_at<'a>(
        &self,
        incident: &Incident,
        members: &'a HashMap<WorkerId, Member>,
        now: Timestamp,
    ) -> Vec<(&'a Member, Vec<Vec<AreaCode>>, u16)> {
        let atlas = self.live().atlas();
        let docket = self.live().docket();
        let engaged: HashSet<WorkerId> = incident
            .tasks
            .iter()
            .filter(|task| task.status.is_open())
            .filter_map(|task| match task.assignee {
                Assignee::Worker(worker) => Some(worker),
                Assignee::Organisation(_) => None,
            })
            .collect();
        members
            .values()
            .filter(|member| !engaged.contains(&member.worker.id))
            .map(|member| {
                let posted = member
                    .posts
                    .iter()
                    .filter(|post| post.is_held(now))
                    .map(|post| atlas.codes_above(&post.area).cloned().collect())
                    .collect();
                let load = docket.load(Assignee::Worker(member.worker.id));
                (member, posted, load)
            })
            .collect()
    }
}

/// Of what role the worker who leads must be, and what they must know.
pub(super) fn asked_of_lead(route: &Route) -> (Option<WorkerRole>, &[String]) {
    match route.lead {
        LeadKind::Worker => (route.role, &route.skills),
        // The department brings the skills; a worker only looks after it.
        LeadKind::Department => (None, &[]),
    }
}
