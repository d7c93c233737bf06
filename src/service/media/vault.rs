//! Where the bytes of photos and documents lie: a folder, or a bucket of an S3-compatible
//! service.
//!
//! A file lies under the day on which it was added and its identity. Its bytes come first
//! and what is known of it afterwards; bytes of which nothing is known after a day were left
//! by an upload that failed half way.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use futures::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::sync::Semaphore;
use tokio_util::bytes::Bytes;

use crate::domain::{Media, MediaId};

/// How many pictures are unpacked at once: each may take some hundred megabytes.
const UNPACKED_AT_ONCE: usize = 2;
/// What the name of a thumbnail ends with.
const THUMBNAIL: &str = ".thumbnail";

/// Where files are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaPlace {
    /// A folder, made when the first file comes.
    Folder(PathBuf),
    /// A bucket. Keys come from the environment, as the tools of AWS take them:
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and the others.
    Bucket {
        bucket: String,
        /// Of another service than AWS; `http://` only for one in the own network.
        endpoint: Option<String>,
        region: Option<String>,
    },
}

/// See the module's text.
pub(in super::super) struct Vault {
    objects: Arc<dyn ObjectStore>,
    /// Turns at unpacking.
    pub(super) turns: Arc<Semaphore>,
}

/// One of the two objects that a photo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendition {
    Whole,
    /// JPEG.
    Thumbnail,
}

impl Vault {
    /// # Errors
    /// When the place is none.
    pub(in super::super) fn open(place: &MediaPlace) -> object_store::Result<Self> {
        let objects: Arc<dyn ObjectStore> = match place {
            MediaPlace::Folder(folder) => {
                let folder =
                    std::path::absolute(folder).map_err(|error| object_store::Error::Generic {
                        store: "LocalFileSystem",
                        source: error.into(),
                    })?;
                // What is acknowledged is on the disk.
                let disk = LocalFileSystem::new().with_fsync(true);
                Arc::new(PrefixStore::new(disk, Path::from_absolute_path(folder)?))
            }
            MediaPlace::Bucket {
                bucket,
                endpoint,
                region,
            } => {
                // Fails only when a provider is installed already, which is as good.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
                if let Some(region) = region {
                    builder = builder.with_region(region);
                }
                if let Some(endpoint) = endpoint {
                    builder = builder
                        .with_endpoint(endpoint)
                        .with_allow_http(endpoint.starts_with("http://"));
                }
                Arc::new(builder.build()?)
            }
        };
        Ok(Self {
            objects,
            turns: Arc::new(Semaphore::new(UNPACKED_AT_ONCE)),
        })
    }

    pub(super) async fn keep(
        &self,
        media: &Media,
        rendition: Rendition,
        bytes: Bytes,
    ) -> object_store::Result<()> {
        let place = place_of(media, rendition);
        self.objects.put(&place, bytes.into()).await?;
        Ok(())
    }

    pub(super) async fn fetch(
        &self,
        media: &Media,
        rendition: Rendition,
    ) -> object_store::Result<object_store::GetResult> {
        self.objects.get(&place_of(media, rendition)).await
    }

    /// Everything that was put there on a day, by the file that it belongs to.
    pub(super) async fn list_day(
        &self,
        day: NaiveDate,
    ) -> object_store::Result<Vec<(MediaId, Path)>> {
        let objects = self.objects.list(Some(&folder_of(day)));
        // Of a name that is no file's nothing is known, so nothing is done about it.
        objects
            .try_filter_map(async |object| {
                let name = object.location.filename().unwrap_or_default();
                let id = name.strip_suffix(THUMBNAIL).unwrap_or(name).parse();
                Ok(id.ok().map(|id| (id, object.location)))
            })
            .try_collect()
            .await
    }

    pub(super) async fn throw_away(&self, objects: Vec<Path>) -> object_store::Result<()> {
        let objects = futures::stream::iter(objects).map(Ok).boxed();
        let mut gone = self.objects.delete_stream(objects);
        while let Some(outcome) = gone.next().await {
            match outcome {
                // Another node was faster.
                Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn place_of(media: &Media, rendition: Rendition) -> Path {
    let end = match rendition {
        Rendition::Whole => "",
        Rendition::Thumbnail => THUMBNAIL,
    };
    folder_of(media.at.date_naive()).join(format!("{}{end}", media.id))
}

/// By UTC, as every node counts.
fn folder_of(day: NaiveDate) -> Path {
    Path::from(day.format("%Y-%m-%d").to_string())
}
