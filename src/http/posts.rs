//! Posts: who holds which slot of an area.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::caller::Caller;
use super::extract::{Json as JsonBody, Path, Query};
use super::problem::Problem;
use super::view::{Page, from_cursor, page_size, to_cursor};
use crate::domain::personal::Phone;
use crate::domain::{AreaCode, PostId, Slot, WorkerId, WorkerRole};
use crate::index::roster::Member;
use crate::service::Live;
use crate::service::posts::{Appointment, End, HeldPost, PostChange, place};

/// A worker as others are told of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffMember {
    pub id: WorkerId,
    pub name: String,
    pub role: WorkerRole,
    pub on_duty: bool,
    /// Masked.
    #[schema(example = "199****0123")]
    pub phone: Option<String>,
}

impl StaffMember {
    pub fn new(member: &Member) -> Self {
        let worker = &member.worker;
        Self {
            id: worker.id,
            name: worker.name.clone(),
            role: worker.role,
            on_duty: worker.on_duty,
            phone: worker.phone.as_ref().map(Phone::masked),
        }
    }
}

/// A post and who holds it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PostDetail {
    pub id: PostId,
    pub area: AreaCode,
    pub area_name: Option<String>,
    pub slot: Slot,
    pub from: DateTime<Utc>,
    /// Not included; null while it lasts.
    pub until: Option<DateTime<Utc>>,
    pub worker: StaffMember,
}

impl PostDetail {
    fn new(live: &Live, held: &HeldPost) -> Self {
        let atlas = live.atlas();
        let post = &held.post;
        Self {
            id: post.id,
            area: post.area.clone(),
            area_name: atlas
                .find(&post.area)
                .map(|ordinal| atlas.area(ordinal).name.clone()),
            slot: post.slot,
            from: post.from,
            until: post.until,
            worker: StaffMember::new(&held.member),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// As they were, or will be, held at this time; now when absent.
    at: Option<DateTime<Utc>>,
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    cursor: Option<String>,
}

/// The posts in an area and all below it, by area and slot.
#[utoipa::path(get, path = "/api/v1/areas/{code}/posts", tag = "posts",
    params(("code" = String, Path, example = "320812"), ListQuery),
    responses(
        (status = 200, body = Page<PostDetail>),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_posts(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(code): Path<AreaCode>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<PostDetail>>, Problem> {
    let at = query.at.unwrap_or_else(|| api.services.clock().now());
    let after = from_cursor(query.cursor.as_deref())?;
    let limit = page_size(query.limit)?;
    let (held, more) = api
        .services
        .list_posts(&actor, &code, at, after.as_ref(), limit)?;
    let last = held.last().filter(|_| more);
    let live = api.services.live();
    Ok(Json(Page {
        next: last.and_then(|last| to_cursor(&place(&last.post))),
        items: held
            .iter()
            .map(|held| PostDetail::new(live, held))
            .collect(),
    }))
}

/// A worker is to hold a slot of an area.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointmentRequest {
    worker: WorkerId,
    #[schema(value_type = String)]
    area: AreaCode,
    slot: Slot,
    /// Now when absent.
    from: Option<DateTime<Utc>>,
    /// Not included; for good when absent.
    until: Option<DateTime<Utc>>,
}

/// Appoints a worker to a post. A cadre holds the cadre's slot, full-time, part-time and
/// micro grid workers the grid worker's, a volunteer the volunteer's.
#[utoipa::path(post, path = "/api/v1/posts", tag = "posts", request_body = AppointmentRequest,
    responses(
        (status = 201, body = PostDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json",
            description = "`post_overlaps`: the worker holds the post already, `post`"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn appoint_worker(
    State(api): State<Api>,
    Caller(actor): Caller,
    JsonBody(request): JsonBody<AppointmentRequest>,
) -> Result<(StatusCode, Json<PostDetail>), Problem> {
    let new = Appointment {
        worker: request.worker,
        area: request.area,
        slot: request.slot,
        from: request.from,
        until: request.until,
    };
    let held = api.services.appoint(&actor, new).await?;
    let detail = PostDetail::new(api.services.live(), &held);
    Ok((StatusCode::CREATED, Json(detail)))
}

/// From when until when a post is held; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostChangeRequest {
    from: Option<DateTime<Utc>>,
    /// Null lets it last.
    #[serde(default, deserialize_with = "read_end")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    until: End,
}

/// Tells null from what is absent.
fn read_end<'de, D: Deserializer<'de>>(value: D) -> Result<End, D::Error> {
    let until: Option<DateTime<Utc>> = Option::deserialize(value)?;
    Ok(until.map_or(End::Never, End::At))
}

/// Changes from when until when a post is held. Who holds it, and where, does not change:
/// end it and appoint anew.
#[utoipa::path(patch, path = "/api/v1/posts/{id}", tag = "posts",
    params(("id" = uuid::Uuid, Path)),
    request_body = PostChangeRequest,
    responses(
        (status = 200, body = PostDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn change_post(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<PostId>,
    JsonBody(request): JsonBody<PostChangeRequest>,
) -> Result<Json<PostDetail>, Problem> {
    let change = PostChange {
        from: request.from,
        until: request.until,
    };
    let held = api.services.change_post(&actor, id, change).await?;
    Ok(Json(PostDetail::new(api.services.live(), &held)))
}

/// Ends a post now, and answers with it. It stays in the history; one that has not begun
/// ends when it would begin, and was never held.
#[utoipa::path(delete, path = "/api/v1/posts/{id}", tag = "posts",
    params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = PostDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn end_post(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<PostId>,
) -> Result<Json<PostDetail>, Problem> {
    let held = api.services.end_post(&actor, id).await?;
    Ok(Json(PostDetail::new(api.services.live(), &held)))
}
