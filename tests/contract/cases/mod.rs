//! The cases, by topic.

pub mod access;
pub mod changes;
pub mod drafts;
pub mod filing;
pub mod history;
pub mod people;
pub mod positions;
pub mod reopening;
pub mod rosters;
pub mod rules;
pub mod search;
pub mod statistics;
pub mod steps;
pub mod territory;
