//! The one place that knows what time it is and makes identities and secrets.

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use uuid::Uuid;

use crate::domain::Timestamp;

/// Tells the time and makes fresh identities.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// Measures how long something takes.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

impl Clock {
    /// The machine's clock, to the millisecond: what every store keeps.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "here is the clock")]
    pub fn system() -> Self {
        Self {
            now: Arc::new(|| {
                let now = Utc::now();
                Timestamp::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
            }),
        }
    }

    /// A clock that a test sets.
    pub fn told_by(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { now: Arc::new(now) }
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// A fresh identity; later ones sort after earlier ones.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "here identities are made")]
    pub fn fresh_id(&self) -> Uuid {
        Uuid::now_v7()
    }

    /// A fresh secret of 128 random bits, as 32 hexadecimal digits.
    #[must_use]
    pub fn fresh_secret(&self) -> String {
        let mut secret = String::with_capacity(32);
        for byte in self.fresh_bytes().iter().take(16) {
            // Writing to a String cannot fail.
            let _ = write!(secret, "{byte:02x}");
        }
        secret
    }

    /// Fresh bytes that nobody guesses.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "here secrets are made")]
    pub fn fresh_bytes(&self) -> [u8; 32] {
        // A version 4 identity has 122 random bits; three of them, hashed, fill the digest.
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for _ in 0..3 {
            hash.update(Uuid::new_v4().as_bytes());
        }
        hash.finalize().into()
    }
}
