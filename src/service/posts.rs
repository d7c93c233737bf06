//! Posts: who holds which slot of an area; appointing, changing and ending them.

use std::sync::Arc;

use super::{ServiceError, Services};
use crate::domain::actor::{Forbidden, Permission};
use crate::domain::{Actor, AreaCode, Post, PostId, Slot, Timestamp, WorkerId};
use crate::index::roster::Member;
use crate::index::{Atlas, Ordinal};

/// Of more workers than these that changed, everybody is read at once.
const MANY: usize = 200;

/// A post and who holds it.
#[derive(Debug, Clone)]
pub struct HeldPost {
    pub post: Post,
    pub member: Member,
}

/// A post's place in the list: by area, slot and identity.
pub type PostPlace = (AreaCode, Slot, PostId);

/// A post to be.
#[derive(Debug, Clone)]
pub struct Appointment {
    pub worker: WorkerId,
    pub area: AreaCode,
    pub slot: Slot,
    /// Now when absent.
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// What becomes of a post's time; what is absent stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct PostChange {
    pub from: Option<Timestamp>,
    pub until: End,
}

/// What becomes of the end of a post.
#[derive(Debug, Clone, Copy, Default)]
pub enum End {
    #[default]
    AsItIs,
    Never,
    At(Timestamp),
}

impl Services {
    /// The posts that are held at a time in an area and all below it, and whether there are
    /// more.
    ///
    /// # Errors
    /// When the actor may not see workers, or the area does not exist or lies outside the
    /// actor's own.
    pub fn list_posts(
        &self,
        actor: &Actor,
        area: &AreaCode,
        at: Timestamp,
        after: Option<&PostPlace>,
        limit: usize,
    ) -> Result<(Vec<HeldPost>, bool), ServiceError> {
        actor.require(Permission::ReadWorkers)?;
        let (atlas, ordinal) = self.reach_area(actor, area)?;
        let roster = self.live().roster();
        let mut held: Vec<HeldPost> = atlas
            .below(ordinal)
            .into_iter()
            .flat_map(|place| roster.posts_in(&atlas.area(place).code))
            .map(|(post, member)| HeldPost { post, member })
            .filter(|held| held.post.is_held(at))
            .filter(|held| after.is_none_or(|after| place(&held.post) > *after))
            .collect();
        held.sort_by_cached_key(|held| place(&held.post));
        let more = held.len() > limit;
        held.truncate(limit);
        Ok((held, more))
    }

    /// Appoints a worker to a post.
    ///
    /// # Errors
    /// When the actor may not, there is no such worker or area that the actor may bring
    /// together, the slot does not take the worker's role, or the worker holds the same
    /// post already at some time of it.
    pub async fn appoint(&self, actor: &Actor, new: Appointment) -> Result<HeldPost, ServiceError> {
        actor.require(Permission::ManagePosts)?;
        let area = &new.area;
        self.reach_area(actor, area).map_err(|error| match error {
            ServiceError::NotFound { .. } => ServiceError::Invalid {
                field: "area",
                why: format!("there is no area {area} in the edition in force"),
            },
            other => other,
        })?;
        let role = self.find_placeable(actor, new.worker)?.worker.role;
        if !new.slot.takes(role) {
            return Err(ServiceError::Invalid {
                field: "slot",
                why: format!(
                    "a worker of the role {role} cannot hold the slot {}",
                    new.slot
                ),
            });
        }
        let post = Post {
            id: PostId(self.clock().fresh_id()),
            worker: new.worker,
            from: new.from.unwrap_or_else(|| self.clock().now()),
            until: new.until,
            area: new.area,
            slot: new.slot,
        };
        check_span(&post)?;
        self.keep_post(&post).await
    }

    /// Changes from when until when a post is held.
    ///
    /// # Errors
    /// When the actor may not, there is no such post, it would end before it begins, or the
    /// worker holds the same post in another way at some time of it.
    pub async fn change_post(
        &self,
        actor: &Actor,
        id: PostId,
        change: PostChange,
    ) -> Result<HeldPost, ServiceError> {
        let mut post = self.load_post_to_manage(actor, id).await?;
        post.from = change.from.unwrap_or(post.from);
        match change.until {
            End::AsItIs => {}
            End::Never => post.until = None,
            End::At(until) => post.until = Some(until),
        }
        check_span(&post)?;
        self.keep_post(&post).await
    }

    /// Ends a post now. One that has not begun was never held; one that has ended stays as
    /// it is.
    ///
    /// # Errors
    /// When the actor may not, or there is no such post.
    pub async fn end_post(&self, actor: &Actor, id: PostId) -> Result<HeldPost, ServiceError> {
        let mut post = self.load_post_to_manage(actor, id).await?;
        let now = self.clock().now();
        let end = now.max(post.from);
        post.until = Some(post.until.map_or(end, |until| until.min(end)));
        self.keep_post(&post).await
    }

    async fn load_post_to_manage(&self, actor: &Actor, id: PostId) -> Result<Post, ServiceError> {
        actor.require(Permission::ManagePosts)?;
        let post = self.store().find_post(id).await?;
        let atlas = self.live().atlas();
        post.filter(|post| actor.reaches(atlas.codes_above(&post.area)))
            .ok_or_else(|| ServiceError::not_found("post", &id))
    }

    async fn keep_post(&self, post: &Post) -> Result<HeldPost, ServiceError> {
        self.store().save_post(post, self.clock().now()).await?;
        self.bring_in(&[post.worker]).await?;
        let member = self.live().roster().find(post.worker);
        let member = member.ok_or(ServiceError::UnknownWorker(post.worker))?;
        let kept = member.posts.iter().find(|kept| kept.id == post.id);
        Ok(HeldPost {
            post: kept.unwrap_or(post).clone(),
            member,
        })
    }

    /// Brings workers into this node's memory as the store has them now, and tells the feed.
    pub(super) async fn bring_in(&self, workers: &[WorkerId]) -> Result<(), ServiceError> {
        if workers.len() > MANY {
            self.live().reload_people(self.store()).await?;
        } else {
            for &worker in workers {
                if let Some(posted) = self.store().find_worker(worker).await? {
                    self.live().roster().put(posted.worker, posted.posts);
                }
            }
        }
        self.wake_feed();
        Ok(())
    }

    /// An area within the actor's own, in the edition in force.
    pub(super) fn reach_area(
        &self,
        actor: &Actor,
        code: &AreaCode,
    ) -> Result<(Arc<Atlas>, Ordinal), ServiceError> {
        let atlas = self.live().atlas();
        let ordinal = atlas
            .find(code)
            .ok_or_else(|| ServiceError::not_found("area", code))?;
        if !actor.reaches(atlas.ascend(ordinal).map(|area| &area.code)) {
            let own = actor.area.clone().unwrap_or_else(|| code.clone());
            return Err(Forbidden::OutsideArea(own).into());
        }
        Ok((atlas, ordinal))
    }

    /// A worker whom the actor may post somewhere or put on a roster: one whom they see, or
    /// who belongs nowhere yet. To post somebody is to see them from then on.
    pub(super) fn find_placeable(
        &self,
        actor: &Actor,
        id: WorkerId,
    ) -> Result<Member, ServiceError> {
        let may_place = |member: &Member| {
            self.may_see_worker(actor, &member.worker, &member.posts)
                || self.areas_of(&member.worker, &member.posts).is_empty()
        };
        let found = self.live().roster().find(id).filter(may_place);
        found.ok_or(ServiceError::UnknownWorker(id))
    }
}

/// Where a post stands in the list.
#[must_use]
pub fn place(post: &Post) -> PostPlace {
    (post.area.clone(), post.slot, post.id)
}

fn check_span(post: &Post) -> Result<(), ServiceError> {
    match post.until {
        Some(until) if until <= post.from => Err(ServiceError::Invalid {
            field: "until",
            why: format!("{until} is not later than from, {}", post.from),
        }),
        _ => Ok(()),
    }
}
