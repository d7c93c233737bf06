//! What a worker had to do over a time.

use crate::domain::identity::WorkerId;

/// The tasks that were offered to a worker over a time (工作量).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Workload {
    pub worker: WorkerId,
    /// As the lead.
    pub led: u32,
    /// As an assistant.
    pub assisted: u32,
    /// Of both, those with something still to do.
    pub open: u32,
    /// Of both, those fed back after their limit, or open beyond it. The limit of a lead is
    /// the incident's; what is put off is not late.
    pub late: u32,
    /// Of both, those sent back (退单).
    pub returned: u32,
    /// From the offer to the signature, on the average of those that were signed.
    pub mean_sign_s: Option<f64>,
    /// From the offer to the feedback, on the average of those that were fed back.
    pub mean_feed_back_s: Option<f64>,
}

impl Workload {
    /// Nothing was asked of the worker.
    #[must_use]
    pub const fn none(worker: WorkerId) -> Self {
        Self {
            worker,
            led: 0,
            assisted: 0,
            open: 0,
            late: 0,
            returned: 0,
            mean_sign_s: None,
            mean_feed_back_s: None,
        }
    }
}
