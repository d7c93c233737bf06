//! Webhooks (推送): what organisations are told of incidents, and how often it is tried.

use std::fmt;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::Timestamp;
use super::identity::{IncidentId, OrganisationId, WebhookId};
use super::incident::{Assignee, Incident};
use super::mapping::Mapping;
use super::words::words;
use super::workflow::Action;

/// How long an event is tried, from its first failure on.
pub const RETRY_FOR: TimeDelta = TimeDelta::hours(24);
/// How long a replaced secret still signs.
pub const OLD_SECRET_FOR: TimeDelta = TimeDelta::hours(24);
/// The ceiling of the first wait; it doubles with each failure.
const FIRST_WAIT_MS: u64 = 5_000;
/// The highest ceiling.
const LONGEST_WAIT_MS: u64 = 3_600_000;

words! {
    /// Whether an endpoint is told anything.
    pub enum WebhookState ("webhook state") {
        Active = "active",
        /// What happens meanwhile is told when it is active again.
        Paused = "paused",
    }
}

words! {
    /// Of which incidents an endpoint hears.
    pub enum Hearing ("hearing") {
        /// Those in which its organisation has or had a task, from then on, and those that
        /// it brought in as cases of its own.
        Tasks = "tasks",
        /// Everything within its organisation's area; for centres.
        Area = "area",
    }
}

words! {
    /// Where a delivery stands.
    pub enum DeliveryState ("delivery state") {
        Waiting = "waiting",
        Delivered = "delivered",
        /// Given up (死信); it can be replayed.
        Dead = "dead",
    }
}

/// A secret that signs, as `whsec_` and the key in Base64. Printing it shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(pub String);

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("whsec_…")
    }
}

/// What of an endpoint its administrator says.
#[derive(Debug, Clone, PartialEq)]
pub struct WebhookTerms {
    pub url: String,
    pub hears: Hearing,
    /// All when empty.
    pub actions: Vec<Action>,
    /// Out of what is told, the organisation's own fields; as it is when absent.
    pub mapping: Option<Mapping>,
    pub state: WebhookState,
}

/// An address at which an organisation is told of incidents.
#[derive(Debug, Clone, PartialEq)]
pub struct Webhook {
    pub id: WebhookId,
    pub organisation: OrganisationId,
    pub terms: WebhookTerms,
    pub secret: SigningSecret,
    /// Still signs until a time, so that both sides can change over.
    pub old_secret: Option<(SigningSecret, Timestamp)>,
    pub created_at: Timestamp,
    pub created_by: String,
}

impl Webhook {
    /// The secrets that sign now, the newest first.
    pub fn secrets(&self, now: Timestamp) -> impl Iterator<Item = &SigningSecret> {
        let old = self
            .old_secret
            .iter()
            .filter(move |(_, until)| now < *until);
        std::iter::once(&self.secret).chain(old.map(|(secret, _)| secret))
    }

    /// True for an action that it wants to hear of.
    #[must_use]
    pub fn wants(&self, action: Action) -> bool {
        self.terms.actions.is_empty() || self.terms.actions.contains(&action)
    }
}

/// When an organisation was first given a task in an incident.
#[must_use]
pub fn first_task_at(incident: &Incident, organisation: OrganisationId) -> Option<Timestamp> {
    let own = |assignee| assignee == Assignee::Organisation(organisation);
    let tasks = incident.tasks.iter().filter(|task| own(task.assignee));
    tasks.map(|task| task.offered_at).min()
}

/// One step of one incident on its way to one endpoint. Nothing is told twice by intent:
/// these three name a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryKey {
    pub webhook: WebhookId,
    pub incident: IncidentId,
    /// The version that the incident had after the step.
    pub version: i64,
}

/// A delivery as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub key: DeliveryKey,
    pub action: Action,
    /// When the step was taken.
    pub at: Timestamp,
    pub state: DeliveryState,
    /// Sent again at somebody's wish: it waits for none but other replays of its incident,
    /// and none but those wait for it.
    pub replayed: bool,
    pub attempts: u32,
    pub queued_at: Timestamp,
    /// When it is tried next; of no meaning unless it waits.
    pub next_at: Timestamp,
    pub first_failed_at: Option<Timestamp>,
    /// When it was delivered or given up.
    pub settled_at: Option<Timestamp>,
    /// What the endpoint answered last.
    pub status: Option<u16>,
    /// What went wrong last.
    pub error: Option<String>,
    /// How long the endpoint took last.
    pub took_ms: Option<u32>,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub at: Timestamp,
    /// What the endpoint answered, if it did.
    pub status: Option<u16>,
    /// What went wrong; `None` when it was taken.
    pub error: Option<String>,
    pub took_ms: u32,
    /// How long the endpoint asks to be left alone.
    pub retry_after: Option<TimeDelta>,
}

/// An endpoint that is not there any more, by its own word.
const GONE: u16 = 410;
/// Answers whose `Retry-After` is for the whole endpoint.
const BUSY: [u16; 2] = [429, 503];

impl Attempt {
    #[must_use]
    pub const fn succeeded(&self) -> bool {
        self.error.is_none()
    }

    /// True when the endpoint says that it is gone for good.
    #[must_use]
    pub fn says_gone(&self) -> bool {
        self.status == Some(GONE)
    }

    /// Until when nothing is sent to the endpoint: it says that it is busy, and for how
    /// long.
    #[must_use]
    pub fn hold_until(&self) -> Option<Timestamp> {
        let busy = self.status.is_some_and(|status| BUSY.contains(&status));
        let pause = self.retry_after.filter(|_| busy)?;
        self.at.checked_add_signed(pause.min(RETRY_FOR))
    }
}

impl Delivery {
    /// The delivery after an attempt. What fails is tried again, at last when
    /// [`RETRY_FOR`] is over since it failed first. `seed` decides the wait.
    #[must_use]
    pub fn after(&self, attempt: &Attempt, seed: u64) -> Self {
        let mut after = self.clone();
        after.attempts = self.attempts.saturating_add(1);
        after.status = attempt.status;
        after.error.clone_from(&attempt.error);
        after.took_ms = Some(attempt.took_ms);
        if attempt.succeeded() {
            after.state = DeliveryState::Delivered;
            after.settled_at = Some(attempt.at);
            return after;
        }
        let first = *after.first_failed_at.get_or_insert(attempt.at);
        let last = first + RETRY_FOR;
        if attempt.at >= last {
            after.state = DeliveryState::Dead;
            after.settled_at = Some(attempt.at);
            return after;
        }
        let wait = back_off(after.attempts, seed).max(attempt.retry_after.unwrap_or_default());
        after.next_at = attempt
            .at
            .checked_add_signed(wait)
            .map_or(last, |next| next.min(last));
        after
    }
}

/// How long to wait after so many attempts: anything from a millisecond up to a ceiling
/// that doubles with each ("full jitter"), so that those who failed together do not come
/// again together.
/// See "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
#[must_use]
pub fn back_off(attempts: u32, seed: u64) -> TimeDelta {
    let doublings = attempts.saturating_sub(1).min(20);
    let ceiling_ms = (FIRST_WAIT_MS << doublings).min(LONGEST_WAIT_MS);
    let wait_ms = 1 + seed % ceiling_ms;
    TimeDelta::milliseconds(i64::try_from(wait_ms).unwrap_or(i64::MAX))
}

/// How an endpoint does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookHealth {
    pub waiting: u64,
    pub dead: u64,
    /// How long each of the last hundred that it took has taken it, in milliseconds.
    pub took_ms: Vec<u32>,
}

impl WebhookHealth {
    /// The median of the last hundred.
    #[must_use]
    pub fn median_ms(&self) -> Option<u32> {
        let mut sorted = self.took_ms.clone();
        sorted.sort_unstable();
        let middle = sorted.len().checked_sub(1)? / 2;
        sorted.get(middle).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn waiting(at: Timestamp) -> Delivery {
        Delivery {
            key: DeliveryKey {
                webhook: WebhookId(Uuid::nil()),
                incident: IncidentId(Uuid::nil()),
                version: 1,
            },
            action: Action::Report,
            at,
            state: DeliveryState::Waiting,
            replayed: false,
            attempts: 0,
            queued_at: at,
            next_at: at,
            first_failed_at: None,
            settled_at: None,
            status: None,
            error: None,
            took_ms: None,
        }
    }

    fn failed(at: Timestamp, retry_after: Option<TimeDelta>) -> Attempt {
        Attempt {
            at,
            status: Some(503),
            error: Some("503".into()),
            took_ms: 7,
            retry_after,
        }
    }

    #[test]
    fn what_is_taken_is_settled_however_often_it_failed() {
        let now = Timestamp::UNIX_EPOCH;
        let once = waiting(now).after(&failed(now, None), 3);
        let taken = Attempt {
            at: now + TimeDelta::days(9),
            status: Some(204),
            error: None,
            ..failed(now, None)
        };
        let after = once.after(&taken, 0);
        assert_eq!(after.state, DeliveryState::Delivered);
        assert_eq!((after.attempts, after.error), (2, None));
        assert_eq!(after.settled_at, Some(taken.at));
    }

    #[test]
    fn an_endpoint_that_is_busy_is_left_alone_as_long_as_it_asks() {
        let now = Timestamp::UNIX_EPOCH;
        let hour = TimeDelta::hours(1);
        let busy = failed(now, Some(hour));
        assert_eq!(busy.hold_until(), Some(now + hour));
        assert_eq!(waiting(now).after(&busy, 0).next_at, now + hour);
        let for_ever = failed(now, Some(TimeDelta::MAX));
        assert_eq!(for_ever.hold_until(), Some(now + RETRY_FOR));
        assert_eq!(waiting(now).after(&for_ever, 0).next_at, now + RETRY_FOR);
        let broken = Attempt {
            status: Some(500),
            ..busy
        };
        assert_eq!(broken.hold_until(), None);
    }

    #[test]
    fn the_median_is_one_of_the_times() {
        let of = |took_ms: &[u32]| {
            WebhookHealth {
                took_ms: took_ms.to_vec(),
                ..WebhookHealth::default()
            }
            .median_ms()
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[9]), Some(9));
        assert_eq!(of(&[9, 1, 5]), Some(5));
        assert_eq!(of(&[1, 2, 3, 400]), Some(2));
    }

    proptest! {
        /// However the waits fall, an event that nobody takes is tried for a day: never
        /// given up before, and tried when the day is over.
        #[test]
        fn an_event_is_tried_for_a_day_and_then_given_up(
            seeds in prop::collection::vec(any::<u64>(), 1..8),
        ) {
            let start = Timestamp::UNIX_EPOCH;
            let mut delivery = waiting(start);
            let mut attempts = 0_u32;
            for seed in seeds.iter().cycle() {
                let now = delivery.next_at;
                prop_assert!(now - start <= RETRY_FOR);
                let after = delivery.after(&failed(now, None), *seed);
                attempts += 1;
                prop_assert_eq!(after.attempts, attempts);
                if after.state == DeliveryState::Dead {
                    prop_assert_eq!(now - start, RETRY_FOR);
                    break;
                }
                prop_assert!(after.next_at > now);
                let ceiling = TimeDelta::seconds(5 << (attempts - 1).min(20));
                prop_assert!(after.next_at - now <= ceiling.min(TimeDelta::hours(1)));
                delivery = after;
                if attempts > 5_000 {
                    // Waits of a millisecond are jitter too; a day of them is too long.
                    break;
                }
            }
        }
    }
}
