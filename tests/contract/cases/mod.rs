//! The cases, by topic.

pub mod access;
pub mod cancellation;
pub mod changes;
pub mod departments;
pub mod drafts;
pub mod filing;
pub mod history;
pub mod media;
pub mod people;
pub mod positions;
pub mod presence;
pub mod reopening;
pub mod rosters;
pub mod rules;
pub mod search;
pub mod statistics;
pub mod steps;
pub mod territory;
