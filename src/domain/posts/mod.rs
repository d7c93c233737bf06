//! Posts in the three slots of each grid (三方共管), who is on duty in them by shifts
//! (排班), and where somebody is missing or one too many.
//!
//! A post says who answers for a slot, a roster who is there at a time. While a slot has
//! anybody on the roster, they fill it; otherwise those do who hold the post.

mod roster;
mod shift;
mod staffing;
#[cfg(test)]
mod tests;
mod workload;

pub use roster::{
    Duty, DutyFault, Judged, Plan, Planning, Refused, RosterChange, carry_forward, fingerprint,
};
pub use shift::{Shift, ShiftCode, ShiftFault, check_shifts};
pub use staffing::{
    FilledBy, Filling, GridPlace, Report, SlotState, Staffing, Stretch, Tally, report,
};
pub use workload::Workload;
