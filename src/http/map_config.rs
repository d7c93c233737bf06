//! What a client needs to know before it draws anything.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use super::basemap::BasemapView;
use super::caller::Caller;
use crate::domain::{AreaCode, EditionId, Level, LngLat, OrganisationId, Role, WorkerId};

/// Who the caller is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    pub actor: SessionActor,
    /// True when the server takes every caller for an administrator.
    pub open: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SessionActor {
    pub name: String,
    pub role: Role,
    /// Bounds what the caller sees; null is everywhere.
    pub area: Option<AreaCode>,
    pub worker: Option<WorkerId>,
    pub organisation: Option<OrganisationId>,
}

/// Who the caller is, as this server sees it.
#[utoipa::path(get, path = "/api/v1/session", tag = "map", responses((status = 200, body = Session)))]
pub async fn load_session(State(api): State<Api>, Caller(actor): Caller) -> Json<Session> {
    Json(Session {
        actor: SessionActor {
            name: actor.name,
            role: actor.role,
            area: actor.area,
            worker: actor.worker,
            organisation: actor.organisation,
        },
        open: api.settings.open,
    })
}

/// What a map shows at first.
#[derive(Debug, Serialize, ToSchema)]
pub struct MapConfig {
    pub title: String,
    /// West, south, east, north of the territory.
    #[schema(value_type = Option<Vec<f64>>)]
    pub bounds: Option<[f64; 4]>,
    pub centre: Option<LngLat>,
    pub basemap: BasemapView,
    /// To be shown with the borders.
    pub notice: Option<String>,
    pub levels: Vec<LevelCount>,
    pub edition: Option<EditionView>,
}

/// How many areas a level has.
#[derive(Debug, Serialize, ToSchema)]
pub struct LevelCount {
    pub level: Level,
    pub count: usize,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EditionView {
    pub id: EditionId,
    /// The same as `id`: editions are numbered from 1.
    pub number: i64,
    pub effective_from: DateTime<Utc>,
}

/// The territory, its edition and the basemap.
#[utoipa::path(get, path = "/api/v1/map-config", tag = "map", responses((status = 200, body = MapConfig)))]
pub async fn load_map_config(State(api): State<Api>) -> Json<MapConfig> {
    let atlas = api.services.live().atlas();
    let bounds = atlas.bounds();
    let edition = atlas.edition();
    Json(MapConfig {
        title: edition.map_or_else(|| "网格 Wangge".to_owned(), |edition| edition.title.clone()),
        bounds: bounds.map(crate::domain::BoundingBox::to_degrees),
        centre: bounds.map(crate::domain::BoundingBox::centre),
        basemap: BasemapView::from(&api.settings.basemap),
        notice: edition.and_then(|edition| edition.notice.clone()),
        levels: Level::ALL
            .iter()
            .map(|&level| LevelCount {
                level,
                count: atlas
                    .areas()
                    .iter()
                    .filter(|area| area.level == level)
                    .count(),
            })
            .collect(),
        edition: edition.map(|edition| EditionView {
            id: edition.id,
            number: edition.id.0,
            effective_from: edition.effective_from,
        }),
    })
}
