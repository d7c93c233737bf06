//! Settings: flags over `WANGGE_*` variables over `wangge.toml` over what is built in.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

use super::Failure;
use crate::domain::dispatch::Policy;
use crate::domain::presence::Policy as PresencePolicy;
use crate::http::{Basemap, Provider};
use crate::service::media::MediaPlace;
use crate::service::planning::{MAX_RADIUS_M, SPEEDS_MPS};
use crate::service::roads::{Roads, RoadsPlace};
use crate::service::tracks::KEEP_DAYS;
use crate::service::{Setup, built_in_catalogue, built_in_schemes};

/// Everything that can be set in `wangge.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address to listen on.
    pub listen: String,
    /// Absent: `SQLite` in the data directory.
    pub database_url: Option<String>,
    pub data_dir: PathBuf,
    #[serde(default)]
    pub basemap: Basemap,
    /// Who is sent.
    #[serde(default)]
    pub dispatch: Policy,
    /// When somebody is said to be somewhere.
    #[serde(default)]
    pub presence: PresencePolicy,
    #[serde(default)]
    pub tracks: Tracks,
    /// Where photos and documents of incidents lie.
    #[serde(default)]
    pub media: Media,
    /// Who runs this server, for programs that speak Open311.
    #[serde(default)]
    pub open311: Provider,
    #[serde(default)]
    pub webhooks: Webhooks,
    /// A server that knows how long ways take by roads.
    pub roads: Option<RoadsPlace>,
}

/// Where organisations are told of incidents.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    /// Also at addresses of private networks.
    pub allow_private: bool,
}

/// The ways that workers went.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tracks {
    pub keep_days: u16,
}

impl Default for Tracks {
    fn default() -> Self {
        Self {
            keep_days: KEEP_DAYS,
        }
    }
}

/// Where photos and documents of incidents lie. The keys of a bucket come from the
/// environment, as `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
#[derive(Debug, Default, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Media {
    /// In the folder `media` of the data directory.
    #[default]
    Local,
    /// In a bucket of an S3-compatible service.
    S3 {
        bucket: String,
        /// Of another service than AWS.
        endpoint: Option<String>,
        region: Option<String>,
    },
}

/// What the command line says, or nothing.
#[derive(Debug, Default, Serialize)]
pub struct Overrides {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
}

#[derive(Serialize)]
struct BuiltIn {
    listen: &'static str,
    data_dir: &'static str,
}

impl Settings {
    /// Gathers the settings. A file that is named must exist; `wangge.toml` need not.
    ///
    /// # Errors
    /// When a file or a variable says something that is no setting.
    pub fn load(file: Option<&Path>, overrides: Overrides) -> Result<Self, Failure> {
        let built_in = BuiltIn {
            listen: "127.0.0.1:8080",
            data_dir: "var",
        };
        let toml = match file {
            Some(file) => Toml::file_exact(file),
            None => Toml::file("wangge.toml"),
        };
        let known = ["listen", "database_url", "data_dir"];
        let settings = Figment::from(Serialized::defaults(built_in))
            .merge(toml)
            .merge(Env::prefixed("WANGGE_").only(&known))
            .merge(Serialized::defaults(overrides))
            .extract()?;
        Ok(settings)
    }

    /// What differs from one territory to another.
    ///
    /// # Errors
    /// When the built-in data is broken, what is said of dispatch makes no sense, or the server of roads has no sound address.
    pub fn setup(&self) -> Result<Setup, Failure> {
        check_dispatch(&self.dispatch)?;
        Ok(Setup {
            catalogue: built_in_catalogue()?,
            policy: self.dispatch,
            presence: self.presence,
            schemes: built_in_schemes()?,
            uploads: self.data_dir.join("uploads"),
            keep_tracks_days: self.tracks.keep_days,
            media: match &self.media {
                Media::Local => MediaPlace::Folder(self.data_dir.join("media")),
                Media::S3 {
                    bucket,
                    endpoint,
                    region,
                } => MediaPlace::Bucket {
                    bucket: bucket.clone(),
                    endpoint: endpoint.clone(),
                    region: region.clone(),
                },
            },
            roads: self.roads.as_ref().map(Roads::new).transpose()?,
        })
    }

    /// The address of the database; the folder of the usual one is made when missing.
    ///
    /// # Errors
    /// When that folder cannot be made.
    pub fn database_url(&self) -> Result<String, Failure> {
        if let Some(url) = &self.database_url {
            return Ok(url.clone());
        }
        std::fs::create_dir_all(&self.data_dir).map_err(|error| {
            format!(
                "the data directory {} cannot be made: {error}",
                self.data_dir.display()
            )
        })?;
        let file = self.data_dir.join("wangge.db");
        // What an address would take for its own.
        let path = file
            .display()
            .to_string()
            .replace('%', "%25")
            .replace('?', "%3F")
            .replace('#', "%23");
        Ok(format!("sqlite://{path}"))
    }
}

fn check_dispatch(policy: &Policy) -> Result<(), Failure> {
    let radius_m = policy.radius_m;
    if !(1.0..=MAX_RADIUS_M).contains(&radius_m) {
        let why = format!("dispatch.radius_m is {radius_m}; write 1 to {MAX_RADIUS_M}");
        return Err(why.into());
    }
    let speed_mps = policy.speed_mps;
    if !SPEEDS_MPS.contains(&speed_mps) {
        let (least, most) = SPEEDS_MPS.into_inner();
        let why = format!("dispatch.speed_mps is {speed_mps}; write {least} to {most}");
        return Err(why.into());
    }
    Ok(())
}
