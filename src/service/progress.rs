//! How far long work is, for whoever waits for it.

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::domain::words::words;

words! {
    pub enum Stage ("stage") {
        /// The file comes in.
        Receiving = "receiving",
        /// The file is read and understood.
        Reading = "reading",
        /// Defects are looked for.
        Judging = "judging",
        /// Borders are mended.
        Repairing = "repairing",
        /// It is written to the database.
        Keeping = "keeping",
        /// The new edition comes into force.
        Entering = "entering",
    }
}

/// Where long work is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Standing {
    pub stage: Stage,
    /// Of what is counted, such as bytes; `null` while that is not known.
    pub done: Option<u64>,
    pub total: Option<u64>,
}

/// Told by long work how far it is. Nobody need listen.
#[derive(Debug, Clone)]
pub struct Progress(watch::Sender<Option<Standing>>);

impl Default for Progress {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl Progress {
    pub fn enter(&self, stage: Stage) {
        self.count(stage, None, None);
    }

    pub fn count(&self, stage: Stage, done: Option<u64>, total: Option<u64>) {
        self.0.send_replace(Some(Standing { stage, done, total }));
    }

    #[must_use]
    pub fn listen(&self) -> watch::Receiver<Option<Standing>> {
        self.0.subscribe()
    }
}
