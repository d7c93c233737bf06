//! Calls for help, watches over those who work alone, and settling alarms.

use super::super::{ServiceError, Services};
use crate::domain::actor::{Forbidden, Permission};
use crate::domain::presence::{Alarm, AlarmKind, Settled, Watch};
use crate::domain::{Actor, AlarmId, LngLat, Role, Timestamp, WorkerId};
use crate::store::{AlarmQuery, Raised};

/// The longest time that a watch may allow without a sign of life.
const MAX_MINUTES: u16 = 24 * 60;
/// The longest note, in characters.
const MAX_NOTE: usize = 1_000;
/// How many alarms are read at once while those are looked for that an actor may see.
const BATCH: u32 = 500;

/// A place in the list of alarms.
pub type AlarmPlace = (Timestamp, AlarmId);

impl Services {
    /// A worker calls for help (一键求助), by the own key or that of a gateway of phones.
    /// While a call is open, another is the same.
    ///
    /// # Errors
    /// When the actor may not call for this worker, there is no such worker, the note is too
    /// long, or the store cannot be written.
    pub async fn call_for_help(
        &self,
        actor: &Actor,
        worker: WorkerId,
        position: Option<LngLat>,
        note: Option<String>,
    ) -> Result<Raised, ServiceError> {
        let permission = Permission::SendPositions;
        actor.require(permission)?;
        if actor.role == Role::Worker && actor.worker != Some(worker) {
            let role = actor.role;
            return Err(Forbidden::NeedsPermission { role, permission }.into());
        }
        check_note(note.as_deref())?;
        let member = self.live().roster().find(worker);
        let member = member.ok_or_else(|| ServiceError::not_found("worker", &worker))?;
        let position = position.or_else(|| member.fix.map(|fix| fix.position));
        self.raise_alarm(worker, AlarmKind::Panic, position, note)
            .await
    }

    pub(super) async fn raise_alarm(
        &self,
        worker: WorkerId,
        kind: AlarmKind,
        position: Option<LngLat>,
        note: Option<String>,
    ) -> Result<Raised, ServiceError> {
        let atlas = self.live().atlas();
        let area = position.and_then(|position| atlas.locate(position).area);
        let alarm = Alarm {
            id: AlarmId(self.clock().fresh_id()),
            worker,
            kind,
            at: self.clock().now(),
            position,
            area: area.map(|ordinal| atlas.area(ordinal).code.clone()),
            note,
            settled: None,
        };
        let raised = self.store().raise_alarm(&alarm).await?;
        self.wake_feed();
        Ok(raised)
    }

    /// Watches over a worker on duty (单人作业看护), in the place of the watch before.
    /// Workers may ask for it themselves. It ends with the duty.
    ///
    /// # Errors
    /// When the actor may not, there is no such worker on duty, the minutes are none or too
    /// many, or the store cannot be written.
    pub async fn watch_over(
        &self,
        actor: &Actor,
        worker: WorkerId,
        minutes: Option<u16>,
    ) -> Result<Watch, ServiceError> {
        self.check_watcher(actor, worker)?;
        let minutes = minutes.unwrap_or(self.presence_policy().watch_minutes);
        if !(1..=MAX_MINUTES).contains(&minutes) {
            return Err(ServiceError::Invalid {
                field: "minutes",
                why: format!("{minutes} is not between 1 and {MAX_MINUTES}"),
            });
        }
        if !self.load_worker(actor, worker)?.member.worker.on_duty {
            return Err(ServiceError::Invalid {
                field: "id",
                why: format!(
                    "the worker {worker} is off duty; only those on duty are watched over"
                ),
            });
        }
        let watch = Watch {
            worker,
            since: self.clock().now(),
            minutes,
            set_by: actor.name.clone(),
        };
        self.store().save_watch(&watch).await?;
        Ok(watch)
    }

    /// Ends the watch over a worker, if there is one.
    ///
    /// # Errors
    /// When the actor may not, there is no such worker, or the store cannot be written.
    pub async fn end_watch(&self, actor: &Actor, worker: WorkerId) -> Result<(), ServiceError> {
        self.check_watcher(actor, worker)?;
        self.store().end_watch(worker).await?;
        Ok(())
    }

    fn check_watcher(&self, actor: &Actor, worker: WorkerId) -> Result<(), ServiceError> {
        if actor.worker != Some(worker) {
            actor.require(Permission::ManageWorkers)?;
        }
        self.load_worker(actor, worker)?;
        Ok(())
    }

    /// Alarms, the newest first, and whether there are more: of workers whom the actor sees,
    /// or within the actor's own area.
    ///
    /// # Errors
    /// When the actor may not see workers, or the store cannot be read.
    pub async fn list_alarms(
        &self,
        actor: &Actor,
        is_open: Option<bool>,
        mut after: Option<AlarmPlace>,
        limit: usize,
    ) -> Result<(Vec<Alarm>, bool), ServiceError> {
        actor.require(Permission::ReadWorkers)?;
        let mut found: Vec<Alarm> = Vec::new();
        while found.len() <= limit {
            let query = AlarmQuery {
                is_open,
                after,
                limit: BATCH,
            };
            let batch = self.store().list_alarms(&query).await?;
            let Some(last) = batch.last() else { break };
            after = Some((last.at, last.id));
            let seen = batch.into_iter();
            found.extend(seen.filter(|alarm| self.may_see_alarm(actor, alarm)));
        }
        let more = found.len() > limit;
        found.truncate(limit);
        Ok((found, more))
    }

    /// Settles an alarm. One that is settled stays as it is.
    ///
    /// # Errors
    /// When the actor may not, there is no such alarm that the actor may see, the note is
    /// too long, or the store cannot be read or written.
    pub async fn settle_alarm(
        &self,
        actor: &Actor,
        id: AlarmId,
        note: Option<String>,
    ) -> Result<Alarm, ServiceError> {
        actor.require(Permission::ManageWorkers)?;
        check_note(note.as_deref())?;
        let unknown = || ServiceError::not_found("alarm", &id);
        let alarm = self.store().find_alarm(id).await?.ok_or_else(unknown)?;
        if !self.may_see_alarm(actor, &alarm) {
            return Err(unknown());
        }
        let settled = Settled {
            at: self.clock().now(),
            by: actor.name.clone(),
            note,
        };
        let alarm = self.store().settle_alarm(id, &settled).await?;
        self.wake_feed();
        alarm.ok_or_else(unknown)
    }

    fn may_see_alarm(&self, actor: &Actor, alarm: &Alarm) -> bool {
        let atlas = self.live().atlas();
        let area = alarm.area.as_ref();
        area.is_some_and(|area| actor.reaches(atlas.codes_above(area)))
            || match self.live().roster().find(alarm.worker) {
                Some(member) => self.may_see_worker(actor, &member.worker, &member.posts),
                None => actor.area.is_none(),
            }
    }
}

fn check_note(note: Option<&str>) -> Result<(), ServiceError> {
    match note.map(|note| note.chars().count()) {
        Some(length) if length > MAX_NOTE => Err(ServiceError::Invalid {
            field: "note",
            why: format!("{length} characters are more than {MAX_NOTE}"),
        }),
        _ => Ok(()),
    }
}
