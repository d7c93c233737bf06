//! Who should go.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::people::WorkerState;
use super::{ServiceError, Services};
use crate::domain::actor::Permission;
use crate::domain::catalogue::LeadKind;
use crate::domain::dispatch::{Candidate, LeftOut, Need, Ranking, Standing, rank};
use crate::domain::incident::IncidentKey;
use crate::domain::{
    Actor, AreaCode, Assignee, Incident, Level, Organisation, OrganisationId, Service, WorkerId,
};
use crate::index::roster::{Member, Wanted};

use super::incidents::not_found;

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
        let members = self.members_around(&incident);
        let mut ranking = self.rank_members(&incident, &service, &members);
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
            organisations: service
                .routing
                .department
                .as_ref()
                .and_then(|department| directory.department_for(department, &incident.chain))
                .cloned()
                .into_iter()
                .collect(),
            radius_m: self.policy().radius_m,
        })
    }

    /// Whom the rules would send: the department that the service is routed to, or the
    /// first of the ranking. `None` when there is nobody.
    pub(super) fn recommend(&self, incident: &Incident) -> Result<Option<Assignee>, ServiceError> {
        let service = self.service_of(incident)?;
        if let Some(department) = self.leading_department(incident, &service) {
            return Ok(Some(Assignee::Organisation(department)));
        }
        let members = self.members_around(incident);
        let ranking = self.rank_members(incident, &service, &members);
        Ok(ranking
            .candidates
            .first()
            .map(|first| Assignee::Worker(first.worker)))
    }

    /// The department that a service of this kind is led by at the incident's place.
    pub(super) fn leading_department(
        &self,
        incident: &Incident,
        service: &Service,
    ) -> Option<OrganisationId> {
        let department = service.routing.department.as_ref();
        let department = department.filter(|_| service.routing.lead == LeadKind::Department)?;
        let directory = self.live().directory();
        let department = directory.department_for(department, &incident.chain)?;
        Some(department.id)
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

    fn rank_members(
        &self,
        incident: &Incident,
        service: &Service,
        members: &HashMap<WorkerId, Member>,
    ) -> Ranking {
        let atlas = self.live().atlas();
        let now = self.clock().now();
        let docket = self.live().docket();
        // Whoever has a task in the incident already cannot be given it again.
        let engaged: HashSet<WorkerId> = incident
            .tasks
            .iter()
            .filter(|task| task.status.is_open())
            .filter_map(|task| match task.assignee {
                Assignee::Worker(worker) => Some(worker),
                Assignee::Organisation(_) => None,
            })
            .collect();
        let looked_at: Vec<(&Member, Vec<Vec<AreaCode>>, u16)> = members
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
            .collect();
        let standings: Vec<Standing<'_>> = looked_at
            .iter()
            .map(|(member, posted, load)| Standing {
                worker: &member.worker,
                posted,
                fix: member.fix.as_ref(),
                load: *load,
            })
            .collect();
        let need = Need {
            position: incident.position,
            chain: &incident.chain,
            skills: skills_asked(service),
        };
        rank(&need, &standings, self.policy(), now)
    }
}

/// What a worker who leads must know.
pub(super) fn skills_asked(service: &Service) -> &[String] {
    match service.routing.lead {
        LeadKind::Worker => &service.routing.skills,
        // The department brings the skills; a worker only looks after it.
        LeadKind::Department => &[],
    }
}
