//! Plans: who should go where, for all that waits at once.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::answer::json;
use super::caller::Caller;
use super::extract::Json as JsonBody;
use super::incidents::{conflict_with_state, key_of};
use super::problem::Problem;
use crate::domain::dispatch::{ArriveBy, Cost, LeftOutReason, WhyNot};
use crate::domain::{Actor, AreaCode, Incident, IncidentId, IncidentNumber, Priority, WorkerId};
use crate::service::ServiceError;
use crate::service::planning::{PlanRequest, Proposal, Proposed, Sent};

/// Written into the history of what a plan has sent when the caller gives no reason.
const REASON: &str = "统筹派遣";

/// What to plan. An empty object plans everything that waits in the caller's area.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PlanBody {
    /// Only what lies in this area.
    #[schema(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// Identities or numbers. All filed incidents that a worker leads when absent; 1,000 at
    /// most.
    #[schema(max_items = 1000)]
    incidents: Option<Vec<String>>,
    /// Nobody is sent farther than this; the server's setting when absent.
    #[schema(minimum = 1, maximum = 200_000)]
    radius_m: Option<f64>,
    /// How fast workers come nearer, as the crow flies; the server's setting when absent.
    #[schema(minimum = 0.5, maximum = 50)]
    speed_mps: Option<f64>,
    /// How many one worker is given at most; what their capacity leaves when absent.
    #[schema(minimum = 1)]
    most_each: Option<u16>,
    /// By which limit somebody must be there, counted from now; `resolve` when absent.
    arrive_by: Option<ArriveBy>,
    /// Send them too, each as by the action `dispatch`.
    send: bool,
    /// Why, for the histories of those that are sent.
    reason: Option<String>,
}

/// Who should go where.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanAnswer {
    /// The more pressing first, then those reported earlier.
    pub assignments: Vec<PlannedAssignment>,
    pub unassigned: Vec<UnassignedIncident>,
    pub assigned: usize,
    /// The sum of what each assignment costs.
    pub cost_s: u64,
    /// What giving each incident in turn to whoever costs least just then would come to.
    pub greedy: GreedyPlan,
    /// Filed incidents that are not planned because a department leads them.
    pub for_departments: usize,
    /// How many workers were looked at.
    pub workers: usize,
    pub radius_m: f64,
    pub speed_mps: f64,
    /// Ways were measured by roads, not by straight lines.
    pub by_roads: bool,
    pub arrive_by: ArriveBy,
    pub computing_ms: f64,
    /// What came of sending, in the order of the assignments; absent when nobody was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<Vec<SentIncident>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct GreedyPlan {
    pub assigned: usize,
    pub cost_s: u64,
}

/// An incident of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedIncident {
    pub id: IncidentId,
    pub number: IncidentNumber,
    /// What the plan was made on; name it when dispatching.
    pub version: i64,
    pub priority: Priority,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedWorker {
    pub id: WorkerId,
    pub name: String,
    /// Open tasks before this plan.
    pub load: u16,
    pub capacity: u16,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedAssignment {
    pub incident: PlannedIncident,
    pub worker: PlannedWorker,
    pub distance_m: f64,
    /// Seconds until the worker is there, setting out now.
    pub arrival_s: u32,
    /// When somebody must be there.
    pub deadline: Option<DateTime<Utc>>,
    pub cost_s: u32,
    pub cost: Cost,
}

/// An incident that nobody goes to, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnassignedIncident {
    pub incident: PlannedIncident,
    #[serde(flatten)]
    pub why: WhyNobody,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum WhyNobody {
    /// No worker may go. One may have several reasons.
    NobodyEligible {
        looked_at: usize,
        reasons: Vec<ReasonCount>,
    },
    /// Some may, but they go to others, which come before this.
    AllTaken {
        eligible: usize,
        taken_by: Vec<PlannedIncident>,
    },
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonCount {
    pub reason: LeftOutReason,
    pub count: usize,
}

/// What came of sending somebody.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentIncident {
    pub incident: IncidentId,
    /// The version that the incident has now; absent when it was not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Why it was not sent: as the action `dispatch` would have answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// Plans who goes to what waits for somebody, for many incidents at once.
///
/// As many incidents as can be are given somebody, the more pressing and then the older first;
/// of all such plans it is the one of least cost. Cost is counted in seconds: the way, and
/// what counts like it (a post elsewhere, tasks that are carried already). It is only proposed
/// unless `send` is true; then each is dispatched on the version that the plan was made on,
/// and those on which somebody was faster are told.
#[utoipa::path(post, path = "/api/v1/dispatch/plan", tag = "dispatch",
    request_body = PlanBody,
    responses(
        (status = 200, body = PlanAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn plan_dispatch(
    State(api): State<Api>,
    Caller(actor): Caller,
    JsonBody(body): JsonBody<PlanBody>,
) -> Result<Response, Problem> {
    let keys = body
        .incidents
        .map(|keys| keys.iter().map(|key| key_of(key)).collect())
        .transpose()?;
    let request = PlanRequest {
        area: body.area,
        incidents: keys,
        radius_m: body.radius_m,
        speed_mps: body.speed_mps,
        most_each: body.most_each,
        arrive_by: body.arrive_by,
        send: body
            .send
            .then(|| body.reason.unwrap_or_else(|| REASON.to_owned())),
    };
    let proposal = api.services.plan_dispatch(&actor, request).await?;
    Ok(json(&PlanAnswer::new(&api, &actor, proposal)))
}

impl PlanAnswer {
    fn new(api: &Api, actor: &Actor, proposal: Proposal) -> Self {
        let proposed = proposal
            .assignments
            .iter()
            .map(|proposed| &proposed.incident);
        let left = proposal.unassigned.iter().map(|(_, incident)| incident);
        let incidents: HashMap<IncidentId, &Incident> = proposed
            .chain(left)
            .map(|incident| (incident.id, incident.as_ref()))
            .collect();
        let named = |ids: &[IncidentId]| {
            let known = ids.iter().filter_map(|id| incidents.get(id));
            known
                .map(|incident| PlannedIncident::new(incident))
                .collect()
        };
        Self {
            assignments: proposal
                .assignments
                .iter()
                .map(PlannedAssignment::new)
                .collect(),
            unassigned: proposal
                .unassigned
                .iter()
                .map(|(unassigned, incident)| UnassignedIncident {
                    incident: PlannedIncident::new(incident),
                    why: match &unassigned.why {
                        WhyNot::NobodyEligible { looked_at, reasons } => {
                            let reasons = reasons.iter();
                            WhyNobody::NobodyEligible {
                                looked_at: *looked_at,
                                reasons: reasons
                                    .map(|&(reason, count)| ReasonCount { reason, count })
                                    .collect(),
                            }
                        }
                        WhyNot::AllTaken { eligible, by } => WhyNobody::AllTaken {
                            eligible: *eligible,
                            taken_by: named(by),
                        },
                    },
                })
                .collect(),
            assigned: proposal.total.assigned,
            cost_s: proposal.total.cost_s,
            greedy: GreedyPlan {
                assigned: proposal.greedy.assigned,
                cost_s: proposal.greedy.cost_s,
            },
            for_departments: proposal.for_departments,
            workers: proposal.workers,
            radius_m: proposal.policy.radius_m,
            speed_mps: proposal.policy.speed_mps,
            by_roads: proposal.by_roads,
            arrive_by: proposal.arrive_by,
            computing_ms: proposal.computed_in.as_secs_f64() * 1_000.0,
            sent: proposal.sent.map(|sent| {
                let sent = sent.into_iter();
                sent.map(|sent| SentIncident::new(api, actor, sent))
                    .collect()
            }),
        }
    }
}

impl PlannedIncident {
    fn new(incident: &Incident) -> Self {
        Self {
            id: incident.id,
            number: incident.number.clone(),
            version: incident.version,
            priority: incident.priority,
        }
    }
}

impl PlannedAssignment {
    fn new(proposed: &Proposed) -> Self {
        let worker = &proposed.worker.member.worker;
        let assignment = &proposed.assignment;
        Self {
            incident: PlannedIncident::new(&proposed.incident),
            worker: PlannedWorker {
                id: worker.id,
                name: worker.name.clone(),
                load: proposed.worker.load,
                capacity: worker.capacity,
            },
            distance_m: assignment.distance_m,
            arrival_s: assignment.cost.travel_s,
            deadline: proposed.answer_by,
            cost_s: assignment.cost.total_s(),
            cost: assignment.cost,
        }
    }
}

impl SentIncident {
    fn new(api: &Api, actor: &Actor, sent: Sent) -> Self {
        let told = |error: ServiceError| conflict_with_state(api, actor, error);
        let (version, problem) = match sent.outcome {
            Ok(incident) => (Some(incident.version), None),
            Err(error) => (None, Some(told(error))),
        };
        Self {
            incident: sent.incident,
            version,
            problem,
        }
    }
}
