//! Photos and documents of incidents: who may add them, who may see them, and what is taken
//! out of them first.

mod vault;

use std::io::Read;
use std::sync::Arc;

use chrono::TimeDelta;
use futures::TryStreamExt;
use futures::stream::BoxStream;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio_util::bytes::Bytes;

pub use vault::{MediaPlace, Rendition};

pub(super) use vault::Vault;

use super::filing::checked_text;
use super::incidents::{Sight, not_found};
use super::{ServiceError, Services};
use crate::codec::media::{Developed, MediaFault, Photo, develop};
use crate::domain::actor::Permission;
use crate::domain::incident::{IncidentKey, IncidentNumber};
use crate::domain::media::{MAX_MEDIA, MAX_MEDIA_BYTES, MediaKind, MediaStage};
use crate::domain::{Actor, Incident, IncidentId, Media, MediaId};
use crate::store::StoreError;

/// The longest caption, in characters.
const MAX_CAPTION: usize = 500;
/// Of how many days bytes are looked for to which nothing belongs. What is older was looked
/// at often enough.
const LOOK_BACK_DAYS: i64 = 7;

/// Why a file was not added or cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error(transparent)]
    Fault(#[from] MediaFault),
    #[error(
        "the file is larger than {} MiB, which is the most; send a smaller one",
        MAX_MEDIA_BYTES / (1024 * 1024)
    )]
    TooLarge,
    #[error("the incident has {MAX_MEDIA} files, and cannot have more")]
    TooMany,
    #[error("the incident {0} is closed; reopen it to add something")]
    Closed(IncidentNumber),
    #[error("the store of files did not answer as it should")]
    Vault(#[from] object_store::Error),
    #[error("the file that came in cannot be read back")]
    Disk(#[from] std::io::Error),
}

/// A file that has come in.
#[derive(Debug)]
pub struct NewMedia {
    /// Gone when it is dropped.
    pub file: NamedTempFile,
    /// Hexadecimal.
    pub sha256: String,
    pub stage: MediaStage,
    /// 证据: nothing is taken out of it.
    pub evidence: bool,
    pub caption: Option<String>,
}

/// The bytes of a file on their way out.
pub struct MediaBytes {
    pub length: u64,
    pub chunks: BoxStream<'static, object_store::Result<Bytes>>,
}

impl Services {
    /// Finds the incident that somebody wants to add a file to: whoever handles incidents
    /// and may see it, and while it is open whoever reported it.
    ///
    /// # Errors
    /// When there is none that the actor may add to.
    pub async fn check_media(
        &self,
        actor: &Actor,
        key: &IncidentKey,
    ) -> Result<Arc<Incident>, ServiceError> {
        if actor.tracking_key.is_none() {
            actor.require(Permission::HandleIncidents)?;
        }
        let (incident, sight) = self.load_incident(actor, key).await?;
        if sight == Sight::Public {
            actor.require(Permission::HandleIncidents)?;
            return Err(not_found(key));
        }
        if !actor.role.permits(Permission::HandleIncidents) {
            if !actor.tracks(&incident) {
                actor.require(Permission::HandleIncidents)?;
            }
            if !incident.status.is_open() {
                return Err(MediaError::Closed(incident.number.clone()).into());
            }
        }
        Ok(incident)
    }

    /// Adds a file to an incident, which stays in its version. Its bytes are kept before it
    /// is known.
    ///
    /// # Errors
    /// As [`Services::check_media`]; or when the file is not one that is taken in, or the
    /// incident has as many as it may have.
    pub async fn add_media(
        &self,
        actor: &Actor,
        key: &IncidentKey,
        new: NewMedia,
    ) -> Result<Media, ServiceError> {
        let incident = self.check_media(actor, key).await?;
        let caption = new.caption.as_deref();
        let caption = caption.map(|text| checked_text("caption", text, MAX_CAPTION));
        let caption = caption.transpose()?.flatten();
        let before = self.store().list_media(&[incident.id]).await?;
        if before.len() >= MAX_MEDIA as usize {
            return Err(MediaError::TooMany.into());
        }
        let kept = self.develop(new.file, new.evidence).await?;
        let media = Media {
            id: MediaId(self.clock().fresh_id()),
            incident: incident.id,
            kind: kept.kind,
            stage: new.stage,
            caption,
            evidence: new.evidence,
            stripped: kept.stripped,
            bytes: kept.file.len() as u64,
            sha256: if kept.stripped {
                hexadecimal(&kept.file)
            } else {
                new.sha256.clone()
            },
            sent_sha256: new.sha256,
            size: kept.photo.as_ref().map(|photo| photo.size),
            at: self.clock().now(),
            by: actor.name.clone(),
            role: actor.role,
        };
        let vault = &self.inner.vault;
        if let Some(photo) = kept.photo {
            let small = photo.thumbnail.into();
            let kept = vault.keep(&media, Rendition::Thumbnail, small).await;
            kept.map_err(MediaError::from)?;
        }
        let whole = vault.keep(&media, Rendition::Whole, kept.file).await;
        whole.map_err(MediaError::from)?;
        match self.store().add_media(&media, MAX_MEDIA).await {
            Err(StoreError::TooManyMedia { .. }) => return Err(MediaError::TooMany.into()),
            added => added?,
        }
        self.wake_feed();
        Ok(media)
    }

    /// Reads a file, checks it, and takes out what is to be taken out: when it is its turn,
    /// on a thread that may take its time.
    async fn develop(&self, file: NamedTempFile, evidence: bool) -> Result<Kept, ServiceError> {
        let turns = Arc::clone(&self.inner.vault.turns);
        let turn = turns.acquire_owned().await;
        let turn = turn.map_err(|_| ServiceError::Interrupted)?;
        let work = tokio::task::spawn_blocking(move || {
            // Given back when the work is done, also when nobody waits for it any more.
            let _turn = turn;
            read(&file, evidence)
        });
        let kept = work.await.map_err(|_| ServiceError::Interrupted)?;
        Ok(kept?)
    }

    /// The files of an incident that the actor may see whole, the oldest first.
    ///
    /// # Errors
    /// When there is none.
    pub async fn list_media(
        &self,
        actor: &Actor,
        key: &IncidentKey,
    ) -> Result<Vec<Media>, ServiceError> {
        let (incident, sight) = self.load_incident(actor, key).await?;
        if sight == Sight::Public {
            actor.require(Permission::ReadIncidents)?;
            return Err(not_found(key));
        }
        Ok(self.store().list_media(&[incident.id]).await?)
    }

    /// Those of the files of an incident that are named to show what was done, each once.
    ///
    /// # Errors
    /// When one is named that is none of them.
    pub(super) async fn check_proof(
        &self,
        incident: IncidentId,
        named: Vec<MediaId>,
    ) -> Result<Vec<MediaId>, ServiceError> {
        if named.is_empty() {
            return Ok(named);
        }
        let files = self.store().list_media(&[incident]).await?;
        let files: Vec<MediaId> = files.iter().map(|media| media.id).collect();
        if let Some(stranger) = named.iter().find(|id| !files.contains(id)) {
            return Err(ServiceError::Invalid {
                field: "media",
                why: format!("the incident has no file {stranger}; add it first"),
            });
        }
        Ok(files.into_iter().filter(|id| named.contains(id)).collect())
    }

    /// What is known of a file whose incident the actor may see whole.
    ///
    /// # Errors
    /// When there is none.
    pub async fn find_media(&self, actor: &Actor, id: MediaId) -> Result<Media, ServiceError> {
        let found = self.store().find_media(id).await?;
        if let Some(media) = found {
            let key = IncidentKey::Id(media.incident);
            let incident = self.find_incident(&key).await?;
            if incident.is_some_and(|incident| self.may_see(actor, &incident)) {
                return Ok(media);
            }
        }
        actor.require(Permission::ReadIncidents)?;
        Err(ServiceError::not_found("file", &id))
    }

    /// The bytes of a file, or of its thumbnail.
    ///
    /// # Errors
    /// When a document is asked for a thumbnail, or the store of files does not answer.
    pub async fn fetch_media(
        &self,
        media: &Media,
        rendition: Rendition,
    ) -> Result<MediaBytes, ServiceError> {
        if rendition == Rendition::Thumbnail && !media.kind.is_photo() {
            return Err(ServiceError::not_found("thumbnail of the file", &media.id));
        }
        let found = self.inner.vault.fetch(media, rendition).await;
        let found = found.map_err(MediaError::from)?;
        Ok(MediaBytes {
            length: found.meta.size,
            chunks: Box::pin(found.into_stream().map_err(|error| {
                tracing::error!(error = &error as &dyn std::error::Error, "a file broke off");
                error
            })),
        })
    }

    /// Throws bytes away to which no file belongs, a day after they came in. Several nodes
    /// may do so at once.
    ///
    /// # Errors
    /// When the database or the store of files does not answer; the rest is done the next
    /// time.
    pub async fn clear_media(&self) -> Result<(), ServiceError> {
        let today = self.clock().now().date_naive();
        // Today's and yesterday's may still be on their way.
        for days in 2..=LOOK_BACK_DAYS {
            let vault = &self.inner.vault;
            let objects = vault
                .list_day(today - TimeDelta::days(days))
                .await
                .map_err(MediaError::from)?;
            let mut ids: Vec<MediaId> = objects.iter().map(|(id, _)| *id).collect();
            ids.sort_unstable();
            ids.dedup();
            let mut known = self.store().list_known_media(&ids).await?;
            known.sort_unstable();
            let unknown: Vec<_> = objects
                .into_iter()
                .filter(|(id, _)| known.binary_search(id).is_err())
                .map(|(_, object)| object)
                .collect();
            if !unknown.is_empty() {
                tracing::info!(objects = unknown.len(), "files of failed uploads are gone");
                vault.throw_away(unknown).await.map_err(MediaError::from)?;
            }
        }
        Ok(())
    }
}

/// A file as it is kept.
struct Kept {
    kind: MediaKind,
    file: Bytes,
    stripped: bool,
    photo: Option<Photo>,
}

fn read(file: &NamedTempFile, evidence: bool) -> Result<Kept, MediaError> {
    let mut sent = Vec::new();
    let most = MAX_MEDIA_BYTES + 1;
    file.reopen()?.take(most).read_to_end(&mut sent)?;
    if sent.len() as u64 > MAX_MEDIA_BYTES {
        return Err(MediaError::TooLarge);
    }
    let Developed {
        kind,
        stripped,
        photo,
    } = develop(&sent)?;
    let stripped = stripped.filter(|_| !evidence);
    Ok(Kept {
        kind,
        stripped: stripped.is_some(),
        file: stripped.unwrap_or(sent).into(),
        photo,
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let digits: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}
