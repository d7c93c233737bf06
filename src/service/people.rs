//! Workers: who they are, where they are, whether they are on duty.

use super::{ServiceError, Services};
use crate::domain::actor::Permission;
use crate::domain::{
    Actor, AreaCode, Assignee, BoundingBox, LngLat, Post, Timestamp, Worker, WorkerId, WorkerRole,
};
use crate::index::Atlas;
use crate::index::roster::{Member, Wanted};

/// A worker as others see them.
#[derive(Debug, Clone)]
pub struct WorkerState {
    pub member: Member,
    /// Open tasks.
    pub load: u16,
    /// From the point asked for, if one was.
    pub distance_m: Option<f64>,
}

/// Which workers to list, by name and identity. Conditions add up.
#[derive(Debug, Clone, Default)]
pub struct WorkerQuery {
    /// Posted inside this area.
    pub area: Option<AreaCode>,
    /// Part of the name.
    pub text: Option<String>,
    pub on_duty: Option<bool>,
    pub after: Option<(String, WorkerId)>,
    pub limit: usize,
}

/// Nearest on-duty workers to a point. Conditions add up.
#[derive(Debug, Clone)]
pub struct NearestQuery {
    pub point: LngLat,
    pub count: usize,
    pub max_m: f64,
    pub skill: Option<String>,
    pub role: Option<WorkerRole>,
    /// Seen at this time or later.
    pub seen_since: Option<Timestamp>,
    /// Posted inside this area.
    pub area: Option<AreaCode>,
    /// Could take one more task.
    pub has_capacity: bool,
}

impl Services {
    /// The nearest on-duty workers within the actor's area, the nearest first.
    ///
    /// # Errors
    /// When the actor may not see workers.
    pub fn find_nearest_workers(
        &self,
        actor: &Actor,
        query: &NearestQuery,
    ) -> Result<Vec<WorkerState>, ServiceError> {
        actor.require(Permission::ReadWorkers)?;
        let wanted = Wanted {
            skill: query.skill.as_deref(),
            role: query.role,
            seen_since: query.seen_since,
        };
        let atlas = self.live().atlas();
        let docket = self.live().docket();
        let load = |worker: &Worker| docket.load(Assignee::Worker(worker.id));
        let roster = self.live().roster();
        let takes_anybody = query.area.is_none() && !query.has_capacity && actor.area.is_none();
        let (count, max_m) = (query.count, query.max_m);
        let near = roster.nearest(query.point, count, max_m, &wanted, |candidate| {
            if takes_anybody {
                return true;
            }
            let person = candidate.person();
            let worker = &person.worker;
            let is_posted = query
                .area
                .as_ref()
                .is_none_or(|area| is_posted_within(&atlas, &person.posts, area));
            let has_room = !query.has_capacity || load(worker) < worker.capacity;
            is_posted && has_room && self.may_see_worker(actor, worker, &person.posts)
        });
        Ok(near
            .into_iter()
            .map(|near| WorkerState {
                load: load(&near.member.worker),
                member: near.member,
                distance_m: Some(near.distance_m),
            })
            .collect())
    }

    /// Workers by area, name and duty, and whether there are more.
    ///
    /// # Errors
    /// When the actor may not see workers.
    pub fn list_workers(
        &self,
        actor: &Actor,
        query: &WorkerQuery,
    ) -> Result<(Vec<WorkerState>, bool), ServiceError> {
        actor.require(Permission::ReadWorkers)?;
        let atlas = self.live().atlas();
        let roster = self.live().roster();
        let mut members: Vec<Member> = roster
            .members()
            .filter(|member| {
                let worker = &member.worker;
                query
                    .on_duty
                    .is_none_or(|on_duty| worker.on_duty == on_duty)
                    && query
                        .text
                        .as_ref()
                        .is_none_or(|text| worker.name.contains(text.as_str()))
                    && query
                        .after
                        .as_ref()
                        .is_none_or(|(name, id)| (&worker.name, worker.id) > (name, *id))
                    && query
                        .area
                        .as_ref()
                        .is_none_or(|area| is_posted_within(&atlas, &member.posts, area))
                    && self.may_see_worker(actor, worker, &member.posts)
            })
            .collect();
        members.sort_by(|a, b| (&a.worker.name, a.worker.id).cmp(&(&b.worker.name, b.worker.id)));
        let more = members.len() > query.limit;
        members.truncate(query.limit);
        let docket = self.live().docket();
        let states = members
            .into_iter()
            .map(|member| WorkerState {
                load: docket.load(Assignee::Worker(member.worker.id)),
                member,
                distance_m: None,
            })
            .collect();
        Ok((states, more))
    }

    /// Workers whose position is known, in a box if one is given; in no order.
    ///
    /// # Errors
    /// When the actor may not see workers.
    pub fn list_seen_workers(
        &self,
        actor: &Actor,
        bounds: Option<BoundingBox>,
    ) -> Result<Vec<WorkerState>, ServiceError> {
        actor.require(Permission::ReadWorkers)?;
        let roster = self.live().roster();
        let docket = self.live().docket();
        let seen = roster.members().filter(|member| {
            member.fix.is_some_and(|fix| {
                bounds.is_none_or(|bounds| bounds.contains(fix.position))
                    && self.may_see_worker(actor, &member.worker, &member.posts)
            })
        });
        Ok(seen
            .map(|member| WorkerState {
                load: docket.load(Assignee::Worker(member.worker.id)),
                member,
                distance_m: None,
            })
            .collect())
    }

    /// One worker. A worker may see themself.
    ///
    /// # Errors
    /// When there is none that the actor may see.
    pub fn load_worker(&self, actor: &Actor, id: WorkerId) -> Result<WorkerState, ServiceError> {
        if actor.worker != Some(id) {
            actor.require(Permission::ReadWorkers)?;
        }
        let may_see = |member: &Member| {
            actor.worker == Some(id) || self.may_see_worker(actor, &member.worker, &member.posts)
        };
        let member = self
            .live()
            .roster()
            .find(id)
            .filter(may_see)
            .ok_or_else(|| ServiceError::not_found("worker", &id))?;
        Ok(WorkerState {
            member,
            load: self.live().docket().load(Assignee::Worker(id)),
            distance_m: None,
        })
    }

    /// Puts a worker on or off duty. Workers may do so themselves.
    ///
    /// # Errors
    /// When the actor may not, or there is no such worker.
    pub async fn set_duty(
        &self,
        actor: &Actor,
        id: WorkerId,
        on_duty: bool,
    ) -> Result<WorkerState, ServiceError> {
        if actor.worker != Some(id) {
            actor.require(Permission::ManageWorkers)?;
        }
        self.load_worker(actor, id)?;
        self.store()
            .set_duty(id, on_duty, self.clock().now())
            .await?;
        // As the store has it now: somebody else may have been at it too.
        if let Some(posted) = self.store().find_worker(id).await? {
            self.live().roster().put(posted.worker, posted.posts);
        }
        self.wake_feed();
        self.load_worker(actor, id)
    }

    /// Where a worker belongs: the areas of their posts and of their organisation.
    pub(crate) fn areas_of(&self, worker: &Worker, posts: &[Post]) -> Vec<AreaCode> {
        let directory = self.live().directory();
        let organisation = worker
            .organisation
            .and_then(|id| directory.find(id))
            .map(|organisation| organisation.area.clone());
        let posted = posts.iter().map(|post| post.area.clone());
        posted.chain(organisation).collect()
    }

    /// An actor bounded to an area sees the workers with a post in it, and those whose
    /// organisation answers for it or for something in it.
    pub(super) fn may_see_worker(&self, actor: &Actor, worker: &Worker, posts: &[Post]) -> bool {
        if actor.area.is_none() {
            return true;
        }
        let atlas = self.live().atlas();
        self.areas_of(worker, posts)
            .iter()
            .any(|area| actor.reaches(atlas.codes_above(area)))
    }
}

fn is_posted_within(atlas: &Atlas, posts: &[Post], area: &AreaCode) -> bool {
    posts
        .iter()
        .any(|post| atlas.codes_above(&post.area).any(|code| code == area))
}
