//! Service discovery (<http://wiki.open311.org/Service_Discovery>).

use axum::extract::State;
use axum::response::Response;

use super::super::Api;
use super::super::base::Base;
use super::super::problem::Problem;
use super::asked::Asked;
use super::{ENDPOINT, JSON, Refusals, XML};
use crate::codec::open311::{Discovery, Endpoint, Root};
use crate::domain::Timestamp;

const SPECIFICATION: &str = "http://wiki.open311.org/GeoReport_v2";

/// Where Open311 is spoken, in which version and formats, and whom to ask.
#[utoipa::path(get, path = "/open311/discovery.json", tag = "open311", responses(
    (status = 200, body = Discovery, content_type = "application/json"),
    Refusals,
))]
pub async fn discover(
    State(api): State<Api>,
    base: Base,
    asked: Asked,
) -> Result<Response, Problem> {
    let provider = &api.settings.open311;
    let said = |given: &Option<String>, usual: [&str; 2]| {
        let [chinese, english] = usual;
        let usual = asked.language.choose(chinese, english);
        given.clone().unwrap_or_else(|| usual.to_owned())
    };
    // The catalogue is read when the service starts, and never again.
    let changeset = write_changeset(api.started_at);
    let discovery = Discovery {
        changeset: changeset.clone(),
        contact: said(
            &provider.contact,
            [
                "请联系本服务的运营单位。接口文档见 /api/docs。",
                "Ask whoever runs this server. /api/docs describes the interface.",
            ],
        ),
        key_service: said(
            &provider.key_service,
            [
                "查询和上报不需要密钥。密钥请向本服务的运营单位申请。",
                "Reading and reporting need no key. Whoever runs this server gives out keys.",
            ],
        ),
        endpoints: vec![Endpoint {
            specification: SPECIFICATION,
            url: base.at(ENDPOINT),
            changeset,
            kind: if api.settings.open {
                "test"
            } else {
                "production"
            },
            formats: [XML, JSON],
        }],
    };
    asked.answer(Root::Discovery, &discovery)
}

/// As in the examples, but to the second and in UTC.
fn write_changeset(time: Timestamp) -> String {
    time.format("%Y-%m-%d %H:%M:%S").to_string()
}
