//! What becomes of an incident.

use crate::service::demonstration::chance::Chance;

/// What becomes of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plot {
    /// The worker who reports it settles it on the spot.
    SelfHandled,
    Rejected,
    /// The same matter as the draft with this index.
    Duplicate {
        of: u32,
    },
    /// Handled to the end.
    Handled(Course),
    /// Open now.
    Open(Stage),
}

/// How an incident is handled to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    Plain,
    /// Sent back by the first lead, and given to another.
    Returned,
    /// The first lead asks to be relieved in vain.
    ReturnRefused,
    Recalled,
    /// Given to another before the first has signed.
    Reassigned,
    Reworked,
    Extended,
    ExtensionRefused,
    Deferred,
    /// To the county before anybody is sent.
    EscalatedEarly,
    /// To the county while it is being handled.
    EscalatedLate,
    /// To the county, and back to the township.
    HandedDown,
    /// With departments from the start.
    Joint,
    /// With a department that is called in later.
    Joined,
    /// With a department that the township summons (乡镇吹哨).
    Summoned,
    /// The centre above looks on until it is answered (督办).
    Supervised,
    Reopened,
}

/// How an open incident's clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressure {
    OnTime,
    Warning,
    Late,
}

/// What an open incident waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Reported,
    Filed,
    FiledAfterReturn,
    FiledAtCounty,
    Dispatched(Pressure),
    ReturnAsked,
    Handling(Pressure),
    HandlingJointly,
    ExtensionAsked,
    Deferred,
    Reworking,
    Verifying,
}

const COURSES: &[(Course, f64)] = &[
    (Course::Returned, 0.05),
    (Course::ReturnRefused, 0.015),
    (Course::Recalled, 0.02),
    (Course::Reassigned, 0.02),
    (Course::Reworked, 0.05),
    (Course::Extended, 0.05),
    (Course::ExtensionRefused, 0.015),
    (Course::Deferred, 0.03),
    (Course::EscalatedEarly, 0.02),
    (Course::EscalatedLate, 0.02),
    (Course::HandedDown, 0.01),
    (Course::Joint, 0.07),
    (Course::Joined, 0.03),
    (Course::Summoned, 0.02),
    (Course::Supervised, 0.02),
    (Course::Reopened, 0.02),
];

/// The turns of open incidents: the first five have each open status once.
const STAGES: &[Stage] = &[
    Stage::Reported,
    Stage::Filed,
    Stage::Dispatched(Pressure::OnTime),
    Stage::Handling(Pressure::OnTime),
    Stage::Verifying,
    Stage::Handling(Pressure::Late),
    Stage::Dispatched(Pressure::Warning),
    Stage::Deferred,
    Stage::Handling(Pressure::Warning),
    Stage::Dispatched(Pressure::Late),
    Stage::ReturnAsked,
    Stage::ExtensionAsked,
    Stage::HandlingJointly,
    Stage::Reported,
    Stage::Filed,
    Stage::FiledAtCounty,
    Stage::Handling(Pressure::OnTime),
    Stage::Dispatched(Pressure::OnTime),
    Stage::Verifying,
    Stage::FiledAfterReturn,
    Stage::Reworking,
    Stage::Handling(Pressure::OnTime),
    Stage::Reported,
    Stage::Handling(Pressure::OnTime),
];

/// For each of `count` incidents, where it stands when it is open.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a count is a count"
)]
pub fn open_plots(count: usize, share: f64) -> impl Iterator<Item = Option<Stage>> {
    let open = (count as f64 * share.clamp(0.0, 1.0)).round() as usize;
    let stages = STAGES.iter().cycle().take(open).copied().map(Some);
    stages.chain(std::iter::repeat(None)).take(count)
}

impl Course {
    /// Mostly plain.
    pub fn draw(chance: &mut Chance) -> Self {
        let mut draw = chance.within(0.0, 1.0);
        for &(course, share) in COURSES {
            if draw < share {
                return course;
            }
            draw -= share;
        }
        Self::Plain
    }
}

impl Pressure {
    /// The share of the time limit that is used up.
    pub fn draw_share(self, chance: &mut Chance) -> f64 {
        match self {
            Self::OnTime => chance.within(0.15, 0.7),
            Self::Warning => chance.within(0.83, 0.97),
            Self::Late => chance.within(1.05, 1.8),
        }
    }
}
