//! Credentials: keys that stand for an actor.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use sha2::{Digest, Sha256};

use super::{ServiceError, Services};
use crate::domain::{Actor, Timestamp};
use crate::store::{AccessKey, Store, StoreError};

/// How long a key is trusted before the store is asked again, in seconds: what it takes
/// at most until a revoked key is refused.
const TRUST_S: i64 = 30;

/// Keys that the store has confirmed lately.
#[derive(Debug, Default)]
pub(super) struct KnownKeys(RwLock<HashMap<[u8; 32], (Actor, Timestamp)>>);

impl Services {
    /// Whom a key stands for; `None` when it is not known.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn authenticate(&self, key: &str) -> Result<Option<Actor>, ServiceError> {
        let digest = digest_of(key);
        let now = self.clock().now();
        let known = self.inner.known_keys.0.read();
        let known = known
            .unwrap_or_else(PoisonError::into_inner)
            .get(&digest)
            .cloned();
        if let Some((actor, asked_at)) = known
            && (now - asked_at).num_seconds() < TRUST_S
        {
            return Ok(Some(actor));
        }
        let found = self.store().find_access_key(&digest).await?;
        let mut keys = self
            .inner
            .known_keys
            .0
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = found {
            keys.insert(digest, (found.actor.clone(), now));
            Ok(Some(found.actor))
        } else {
            keys.remove(&digest);
            Ok(None)
        }
    }
}

/// Makes a key for an actor and keeps its digest. The key itself is returned once and
/// kept nowhere.
///
/// # Errors
/// When the store cannot be written.
pub async fn issue_key(
    store: &dyn Store,
    actor: Actor,
    secret: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let key = format!("wangge_{secret}");
    store
        .save_access_key(&AccessKey {
            digest: digest_of(&key),
            actor,
            created_at: now,
        })
        .await?;
    Ok(key)
}

fn digest_of(key: &str) -> [u8; 32] {
    Sha256::digest(key).into()
}
