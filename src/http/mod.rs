//! Routes, request and response types, problem details. No rule lives here.

mod alarms;
mod answer;
mod areas;
mod around;
mod base;
mod basemap;
mod caller;
mod departments;
mod drafts;
mod duplicates;
mod editions;
mod etag;
mod export;
mod extract;
mod features;
mod health;
mod incidents;
mod layers;
mod lookup;
mod map_config;
mod media;
mod metrics;
mod multipart;
mod ogc;
mod open311;
mod openapi;
mod planning;
mod positions;
mod posts;
mod presence;
mod problem;
mod progress;
mod rosters;
mod rules;
mod search;
mod services;
mod staffing;
mod statistics;
mod stream;
mod tiles;
mod trackers;
mod tracks;
pub(crate) mod view;
mod web;
mod webhooks;
mod within;
mod workers;

use std::convert::Infallible;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http;
use axum::response::Response;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::make::Shared;
use tower::{Service, ServiceBuilder};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub use basemap::Basemap;
pub use metrics::Requests;
pub use open311::Provider;
pub use openapi::document;

use around::Around;
use within::Within;

use crate::domain::Timestamp;
use crate::feed::Feed;
use crate::service::Services;
use crate::service::departments::Courier;

/// The largest body taken in, in bytes, where a route does not say otherwise. A report
/// stays in memory until it is closed, so it must not be large.
const MAX_BODY: usize = 64 * 1024;
/// Points to look up are let go at once.
const MAX_BATCH: usize = 64 * 1024 * 1024;
/// A border that is drawn may have a hundred thousand points.
const MAX_EDIT: usize = 4 * 1024 * 1024;
/// How long an answer may take to begin.
const TIMEOUT: Duration = Duration::from_secs(30);
/// And where a file comes in, or a whole territory is judged.
const LONG_TIMEOUT: Duration = Duration::from_mins(30);

/// What is shorter, in bytes, goes in one packet as it is: to pack it would save nothing.
const ONE_PACKET: u64 = 1_300;

/// What every handler may use; cheap to clone, which every request does.
#[derive(Clone)]
pub struct Api(Arc<Parts>);

/// What the handlers are made of.
pub struct Parts {
    pub services: Services,
    pub feed: Feed,
    pub settings: ApiSettings,
    /// When this process began to serve.
    pub started_at: Timestamp,
    /// What was asked, and how long it took to answer.
    pub requests: Arc<Requests>,
    /// Fires when the server is told to stop, so that streams end.
    pub stop: CancellationToken,
}

impl From<Parts> for Api {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Api {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// How the server was told to behave.
#[derive(Debug)]
pub struct ApiSettings {
    /// Every caller without credentials is an administrator. For loopback only.
    pub open: bool,
    pub basemap: Basemap,
    /// What Open311 says of who runs it.
    pub open311: Provider,
    /// Asks the provider of a basemap whose key stays here.
    pub client: reqwest::Client,
    /// Tells endpoints.
    pub courier: Courier,
}

/// Every route there is.
fn documented_routes() -> OpenApiRouter<Api> {
    let batches = OpenApiRouter::new()
        .routes(routes!(lookup::look_up_points))
        .layer(DefaultBodyLimit::max(MAX_BATCH));
    let positions = OpenApiRouter::new()
        .routes(routes!(positions::record_positions))
        .routes(routes!(
            trackers::record_osmand_position,
            trackers::post_osmand_position
        ))
        .routes(routes!(trackers::record_owntracks_position))
        .layer(DefaultBodyLimit::max(positions::MAX_POSITIONS));
    let uploads = OpenApiRouter::new()
        .routes(routes!(drafts::create_draft))
        .layer(DefaultBodyLimit::max(drafts::MAX_UPLOAD));
    let boundaries = OpenApiRouter::new()
        .routes(routes!(drafts::list_drafts))
        .routes(routes!(drafts::load_draft, drafts::discard_draft))
        .routes(routes!(drafts::load_reading, drafts::read_draft_again))
        .routes(routes!(drafts::list_draft_areas))
        .routes(routes!(drafts::list_draft_steps))
        .routes(routes!(drafts::judge_draft))
        .routes(routes!(drafts::judge_draft_on_map))
        .routes(routes!(drafts::print_certificate))
        .routes(routes!(drafts::compare_draft))
        .routes(routes!(drafts::compare_draft_on_map))
        .routes(routes!(drafts::repair_draft))
        .routes(routes!(drafts::edit_draft))
        .routes(routes!(drafts::undo_draft_step))
        .routes(routes!(drafts::publish_draft))
        .routes(routes!(editions::roll_back_edition))
        .routes(routes!(export::export_areas))
        .layer(DefaultBodyLimit::max(MAX_EDIT))
        .merge(uploads)
        .layer(Within(LONG_TIMEOUT));
    // A calendar of many years is longer than a report.
    let rules = OpenApiRouter::new()
        .routes(routes!(rules::load_rules, rules::save_rules))
        .routes(routes!(rules::list_rule_versions))
        .routes(routes!(rules::rehearse_rules))
        .routes(routes!(rules::explain_route))
        .layer(DefaultBodyLimit::max(MAX_EDIT));
    // Sending a thousand people somewhere is a thousand transactions.
    let plans = OpenApiRouter::new()
        .routes(routes!(planning::plan_dispatch))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(Within(LONG_TIMEOUT));
    // A photo takes its time to come from a street corner.
    let media = OpenApiRouter::new()
        .routes(routes!(media::list_media, media::add_media))
        .layer(DefaultBodyLimit::max(media::MAX_UPLOAD))
        .layer(Within(media::UPLOAD_TIMEOUT));
    // The roster of a township for a month is longer than a report.
    let rosters = OpenApiRouter::new()
        .routes(routes!(rosters::load_roster, rosters::save_roster))
        .routes(routes!(rosters::copy_roster))
        .layer(DefaultBodyLimit::max(MAX_EDIT));
    OpenApiRouter::with_openapi(openapi::description())
        // Whose ground is this
        .routes(routes!(lookup::look_up_point))
        .routes(routes!(areas::list_areas))
        .routes(routes!(areas::load_area))
        .routes(routes!(areas::list_children))
        .routes(routes!(areas::list_neighbours))
        .routes(routes!(editions::list_area_history))
        .routes(routes!(editions::list_editions))
        // Who is near
        .routes(routes!(workers::list_workers))
        .routes(routes!(workers::find_nearest_workers))
        .routes(routes!(workers::load_worker))
        .routes(routes!(workers::set_duty))
        .routes(routes!(tracks::load_track))
        // Who was where, and who may be in danger
        .routes(routes!(presence::list_visits))
        .routes(routes!(presence::load_presence))
        .routes(routes!(alarms::call_for_help))
        .routes(routes!(alarms::watch_over, alarms::end_watch))
        .routes(routes!(alarms::list_alarms))
        .routes(routes!(alarms::settle_alarm))
        // Who answers for what, and when
        .routes(routes!(posts::list_posts))
        .routes(routes!(posts::appoint_worker))
        .routes(routes!(posts::change_post, posts::end_post))
        .routes(routes!(rosters::list_duties))
        .routes(routes!(staffing::report_staffing))
        .routes(routes!(staffing::list_workloads))
        // What happens
        .routes(routes!(services::list_services))
        .routes(routes!(services::list_organisations))
        .routes(routes!(search::search_incidents, incidents::file_incident))
        .routes(routes!(incidents::load_incident))
        .routes(routes!(incidents::list_events))
        .routes(routes!(incidents::find_candidates))
        .routes(routes!(incidents::act_on_incident))
        // Departments
        .routes(routes!(webhooks::list_webhooks, webhooks::create_webhook))
        .routes(routes!(
            webhooks::load_webhook,
            webhooks::change_webhook,
            webhooks::remove_webhook
        ))
        .routes(routes!(webhooks::rotate_webhook_secret))
        .routes(routes!(webhooks::list_deliveries))
        .routes(routes!(webhooks::replay_deliveries))
        .routes(routes!(webhooks::ping_webhook))
        .routes(routes!(departments::load_case, departments::put_case))
        .routes(routes!(
            departments::load_case_mapping,
            departments::save_case_mapping
        ))
        .routes(routes!(media::load_media))
        .routes(routes!(media::load_thumbnail))
        .routes(routes!(duplicates::find_duplicates))
        .routes(routes!(duplicates::find_hot_spots))
        .routes(routes!(statistics::load_statistics))
        // The map
        .routes(routes!(layers::load_layer))
        .routes(routes!(tiles::describe_tiles))
        .routes(routes!(tiles::load_tile))
        .routes(routes!(stream::stream_events))
        .routes(routes!(map_config::load_session))
        .routes(routes!(map_config::load_map_config))
        // GIS programs
        .merge(ogc::documented_routes())
        // Cities' apps
        .merge(open311::documented_routes())
        // The server itself
        .routes(routes!(health::check_health))
        .routes(routes!(health::check_readiness))
        .routes(routes!(metrics::write_metrics))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .merge(batches)
        .merge(positions)
        .merge(rosters)
        .merge(rules)
        .layer(Within(TIMEOUT))
        .merge(boundaries)
        .merge(plans)
        .merge(media)
}

/// The whole of what is served.
pub fn router(api: Api) -> Router {
    let (documented, document) = documented_routes().split_for_parts();
    Router::new()
        .merge(documented)
        .merge(trackers::short_routes())
        .merge(openapi::routes(document))
        .merge(basemap::routes(&api.settings.basemap))
        .fallback(web::serve_web)
        .method_not_allowed_fallback(problem::method_not_allowed)
        // Here it is known which route was taken.
        .layer(metrics::CountLayer::new(&api.requests))
        .with_state(api)
}

/// What is the same for all routes, around them once: a layer of the router itself would be
/// around each, and every request would pay for that.
fn surround(
    routes: Router,
    seed: Uuid,
) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send {
    let compression = CompressionLayer::new().compress_when(
        SizeAbove::new(ONE_PACKET)
            .and(NotForContentType::new("text/event-stream"))
            .and(NotForContentType::new("image/"))
            // Packed once, when they are made.
            .and(NotForContentType::new(tiles::VECTOR_TILE)),
    );
    let inner = ServiceBuilder::new()
        .map_response(|response: http::Response<_>| etag::name_packed(response).map(Body::new))
        .layer(compression)
        // Before a route is chosen.
        .map_request(ogc::enter_draft)
        .service(routes);
    Around::new(inner, seed)
}

/// Serves until told to stop, then lets requests under way finish.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, api: Api) -> std::io::Result<()> {
    let stop = api.stop.clone();
    let seed = api.services.clock().fresh_id();
    let service = surround(router(api), seed);
    axum::serve(listener, Shared::new(service))
        .with_graceful_shutdown(async move { stop.cancelled().await })
        .await
}

/// A client for what this server asks of others.
///
/// # Errors
/// When the system's certificates cannot be used.
pub fn outbound_client() -> Result<reqwest::Client, reqwest::Error> {
    // Fails only when a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .build()
}
