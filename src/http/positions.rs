//! Positions in.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::caller::Caller;
use super::extract::Json as JsonBody;
use super::problem::Problem;
use crate::domain::people::SetAside;
use crate::domain::{Fix, LngLat, Timestamp, WorkerId};

/// One worker's position.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PositionReport {
    worker: WorkerId,
    #[schema(example = 119.0211)]
    lon: f64,
    #[schema(example = 33.6101)]
    lat: f64,
    /// When the device measured it; now when absent.
    at: Option<DateTime<Utc>>,
    accuracy_m: Option<f32>,
    speed_mps: Option<f32>,
    /// Clockwise from north.
    heading_deg: Option<f32>,
}

/// One position or many.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum PositionReports {
    Many { positions: Vec<PositionReport> },
    One(PositionReport),
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PositionsAnswer {
    pub accepted: usize,
    pub set_aside: Vec<SetAsidePosition>,
}

/// A position that was not taken, by its place in the request from 0.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetAsidePosition {
    pub index: usize,
    pub reason: SetAside,
}

/// Takes in live positions. What cannot be believed is set aside and named; the rest is
/// taken.
#[utoipa::path(post, path = "/api/v1/positions", tag = "workers", request_body = PositionReports,
    responses(
        (status = 200, body = PositionsAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn record_positions(
    State(api): State<Api>,
    Caller(actor): Caller,
    JsonBody(reports): JsonBody<PositionReports>,
) -> Result<Json<PositionsAnswer>, Problem> {
    let reports = match reports {
        PositionReports::Many { positions } => positions,
        PositionReports::One(position) => vec![position],
    };
    let now = api.services.clock().now();
    let fixes = reports
        .into_iter()
        .enumerate()
        .map(|(index, report)| {
            report
                .into_fix(now)
                .map_err(|error| Problem::invalid(format!("position {index}: {error}")))
        })
        .collect::<Result<Vec<Fix>, Problem>>()?;
    let recorded = api.services.record_positions(&actor, &fixes)?;
    Ok(Json(PositionsAnswer {
        accepted: recorded.accepted,
        set_aside: recorded
            .set_aside
            .into_iter()
            .map(|(index, reason)| SetAsidePosition { index, reason })
            .collect(),
    }))
}

impl PositionReport {
    fn into_fix(self, now: Timestamp) -> Result<Fix, crate::domain::position::PositionError> {
        let finite = |value: Option<f32>| value.filter(|value| value.is_finite());
        Ok(Fix {
            worker: self.worker,
            position: LngLat::from_degrees(self.lon, self.lat)?,
            at: self.at.unwrap_or(now),
            accuracy_m: finite(self.accuracy_m),
            speed_mps: finite(self.speed_mps),
            heading_deg: finite(self.heading_deg),
        })
    }
}
