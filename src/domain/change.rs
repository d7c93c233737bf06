//! The change log: what the store tells every node's memory and every listener.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::Timestamp;
use super::code::AreaCode;
use super::words::words;

words! {
    /// What a change is about.
    pub enum Topic ("topic") {
        Incidents = "incidents",
        Workers = "workers",
        Positions = "positions",
        Organisations = "organisations",
        Editions = "editions",
        /// Boundary changes that are being worked on.
        Drafts = "drafts",
        /// Where incidents go, and what happens to those that wait.
        Rules = "rules",
        /// Workers who may be in danger.
        Alarms = "alarms",
    }
}

/// A place in the change log. `transaction` orders transactions by when they became
/// visible for certain (always 0 on SQLite, whose writers take turns), `sequence`
/// the changes within.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct ChangeCursor {
    pub transaction: i64,
    pub sequence: i64,
}

impl fmt::Display for ChangeCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.transaction, self.sequence)
    }
}

/// Text that is no place in the change log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an event id of this stream")]
pub struct CursorError(String);

impl FromStr for ChangeCursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || CursorError(text.to_owned());
        let (transaction, sequence) = text.split_once('-').ok_or_else(error)?;
        Ok(Self {
            transaction: transaction.parse().map_err(|_| error())?,
            sequence: sequence.parse().map_err(|_| error())?,
        })
    }
}

/// One entry of the change log.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub cursor: ChangeCursor,
    pub at: Timestamp,
    pub topic: Topic,
    /// The identity of what changed.
    pub key: String,
    /// The area it concerns; bounds who may hear of it.
    pub area: Option<AreaCode>,
    /// What listeners are told. Never personal data.
    pub payload: Value,
}
