//! The figures in SQL, in words that both databases understand. What each counts is said
//! in [`Figure::counts`]; the contract suite compares the two.

use chrono::TimeDelta;

use crate::domain::Timestamp;
use crate::domain::figures::{AGES, Figure};

/// A part of a condition: words, or a time to bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Sql(&'static str),
    At(Timestamp),
}

/// In the very words of the index that holds the open ones, or it is not used.
pub(super) const IS_OPEN: &str = "status NOT IN ('closed', 'evaluated')";

/// The condition under which a figure counts an incident at a time. It may be null, which
/// counts as not.
pub(super) fn condition(figure: Figure, as_of: Timestamp) -> Vec<Piece> {
    use Piece::{At, Sql};

    let at_latest = |limit, done| vec![Sql(done), Sql(" <= "), Sql(limit)];
    let too_late = |limit, done| {
        vec![
            Sql("("),
            Sql(limit),
            Sql(" < coalesce("),
            Sql(done),
            Sql(", closed_at, "),
            At(as_of),
            Sql("))"),
        ]
    };
    let signed_late = || too_late("sign_by", "signed_at");
    let fed_back_late = || too_late("resolve_by", "fed_back_at");
    let aged = |from: Option<TimeDelta>, until: Option<TimeDelta>| {
        let mut pieces = vec![Sql(IS_OPEN)];
        if let Some(from) = from {
            pieces.extend([Sql(" AND reported_at <= "), At(as_of - from)]);
        }
        if let Some(until) = until {
            pieces.extend([Sql(" AND reported_at > "), At(as_of - until)]);
        }
        pieces
    };
    let [hour, day, three_days, seven_days] = AGES.map(Some);
    match figure {
        Figure::Reported => vec![Sql("true")],
        Figure::Open => vec![Sql(IS_OPEN)],
        Figure::Closed => vec![Sql("status IN ('closed', 'evaluated')")],
        Figure::Resolved => vec![Sql("outcome IN ('resolved', 'self_handled')")],
        Figure::SelfHandled => vec![Sql("outcome = 'self_handled'")],
        Figure::Duplicate => vec![Sql("outcome = 'duplicate'")],
        Figure::Rejected => vec![Sql("outcome = 'rejected'")],
        Figure::Local => vec![Sql(
            "outcome IN ('resolved', 'self_handled') AND escalations = 0",
        )],
        Figure::Responded => vec![Sql("responded_at IS NOT NULL")],
        Figure::SignedOnTime => at_latest("sign_by", "signed_at"),
        Figure::SignedLate => signed_late(),
        Figure::FedBackOnTime => at_latest("resolve_by", "fed_back_at"),
        Figure::FedBackLate => fed_back_late(),
        Figure::Late => [signed_late(), vec![Sql(" OR ")], fed_back_late()].concat(),
        Figure::Returned => vec![Sql("returns > 0")],
        Figure::Reworked => vec![Sql("reworks > 0")],
        Figure::Reassigned => vec![Sql("reassignments > 0")],
        Figure::Escalated => vec![Sql("escalations > 0")],
        Figure::Supervised => vec![Sql("supervisions > 0")],
        Figure::Warned => vec![Sql("warnings > 0")],
        Figure::Reopened => vec![Sql("reopens > 0")],
        Figure::OpenUnderHour => aged(None, hour),
        Figure::OpenUnderDay => aged(hour, day),
        Figure::OpenUnderThreeDays => aged(day, three_days),
        Figure::OpenUnderSevenDays => aged(three_days, seven_days),
        Figure::OpenOverSevenDays => aged(seven_days, None),
        Figure::Evaluated => vec![Sql("satisfied IS NOT NULL")],
        Figure::JudgedResponded => vec![Sql("judged_responded")],
        Figure::JudgedResolved => vec![Sql("judged_resolved")],
        Figure::JudgedSatisfied => vec![Sql("satisfied >= 4")],
    }
}

/// The column that says how often something happened to an incident.
pub(super) const fn times_column(figure: Figure) -> Option<&'static str> {
    match figure {
        Figure::Returned => Some("returns"),
        Figure::Reworked => Some("reworks"),
        Figure::Reassigned => Some("reassignments"),
        Figure::Escalated => Some("escalations"),
        Figure::Supervised => Some("supervisions"),
        Figure::Warned => Some("warnings"),
        Figure::Reopened => Some("reopens"),
        _ => None,
    }
}
