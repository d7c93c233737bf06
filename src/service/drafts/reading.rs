//! From a file to the areas of a draft: what it says, what it is taken for, and what has
//! to be decided by people.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;
use utoipa::ToSchema;

use super::super::progress::{Progress, Stage};
use super::super::{ServiceError, Services};
use super::{Change, DraftError, INCOMING, MAX_LISTED};
use crate::codec::boundaries::{self, BoundaryFault, BoundaryFileError, LayerInfo, ReadOptions};
use crate::codec::columns::{FieldMapping, propose_mapping};
use crate::codec::detective;
use crate::codec::draft_areas::make_draft_areas;
use crate::codec::source::{DeclaredCrs, Placement, SourceLayer, place};
use crate::domain::draft::{Draft, DraftArea, DraftEntry, DraftSource};
use crate::domain::words::words;
use crate::domain::{Actor, AreaId, CodeScheme, DraftId, Level};
use crate::geometry::Crs;
use crate::index::Atlas;

/// How many features that could not be read are named.
const MAX_FAULTS: usize = 20;

/// A file that has come in.
#[derive(Debug)]
pub struct Upload {
    /// Gone when it is dropped, unless the draft keeps it.
    pub file: NamedTempFile,
    pub file_name: String,
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
    pub title: Option<String>,
    pub scheme: Option<String>,
    pub choice: ReadingChoice,
}

/// What whoever uploads a file knows better than the file. What is not chosen is found out.
#[derive(Debug, Clone, Default)]
pub struct ReadingChoice {
    pub layer: Option<String>,
    pub crs: Option<Placement>,
    pub encoding: Option<&'static Encoding>,
    pub columns: Option<FieldMapping>,
    /// Areas of the levels and parents in the file that the file does not have are removed.
    pub replace: bool,
}

/// What a file says, and how it is taken.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Reading {
    pub file_name: String,
    pub bytes: u64,
    pub sha256: String,
    /// `None` while the layer has to be chosen.
    pub format: Option<String>,
    /// The layers to choose from, when the file has several.
    pub layers: Vec<LayerChoice>,
    /// The layer that was read; null while it has to be chosen.
    pub layer: Option<String>,
    pub features: usize,
    /// What the file says its coordinates are.
    pub declared_crs: Option<String>,
    /// What the coordinates may be, the likeliest first.
    pub crs_candidates: Vec<CrsChoice>,
    /// What speaks against taking them as they are, or why people must choose.
    pub crs_remarks: Vec<String>,
    /// The one that was taken; null while it has to be chosen.
    pub crs: Option<String>,
    pub encoding: String,
    /// How the encoding is known.
    pub encoding_source: String,
    /// Every encoding that the texts are valid in, the one taken first.
    pub encodings: Vec<EncodingChoice>,
    /// The columns of the file.
    pub columns: Vec<String>,
    /// What each was taken for: `code`, `name`, `level`, `parent`, `kind`.
    pub mapping: BTreeMap<String, String>,
    pub mapping_source: MappingSource,
    /// What people have to choose before areas can be made: `layer`, `crs`, `columns`.
    pub undecided: Vec<String>,
    /// Features whose ground could not be read, the first of them; their areas have none.
    pub faults: Vec<String>,
    pub fault_count: usize,
}

words! {
    /// How it is known which column is which.
    pub enum MappingSource ("source of a mapping") {
        /// Whoever uploaded the file said so.
        Chosen = "chosen",
        /// Somebody said so of an earlier file with the same columns.
        Profile = "profile",
        /// The names and contents of the columns suggest it.
        Proposed = "proposed",
    }
}

/// What somebody once chose for files with these columns.
#[derive(Debug, Clone)]
pub struct Profile {
    pub file_columns: Vec<String>,
    pub mapping: FieldMapping,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LayerChoice {
    pub name: String,
    /// As the file counts them.
    pub features: usize,
}

impl From<LayerInfo> for LayerChoice {
    fn from(layer: LayerInfo) -> Self {
        Self {
            name: layer.name,
            features: layer.features,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CrsChoice {
    /// Such as `EPSG:4528`, `gcj02`, or `wgs84+swapped` when latitude comes first.
    pub crs: String,
    /// How well it fits, 0 to 1.
    pub score: f64,
    /// The share of the ground that lies where its codes say.
    pub inside_share: Option<f64>,
    /// The mean distance between borders that should be the same.
    pub border_fit_m: Option<f64>,
    pub why: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EncodingChoice {
    pub encoding: String,
    /// The first texts that are not plain ASCII, read so.
    pub samples: Vec<String>,
}

/// What came of reading a file.
pub struct ReadFile {
    pub reading: Reading,
    /// `None` while something has to be chosen.
    pub areas: Option<Vec<DraftArea>>,
}

/// Reads a file against a territory. Pure but for the file.
///
/// # Errors
/// When it is no boundary file, or a column or layer that was chosen is not there.
pub fn read_file(
    file: &Path,
    about: &FileFacts<'_>,
    choice: &ReadingChoice,
    profiles: &[Profile],
    scheme: &CodeScheme,
    atlas: &Atlas,
    fresh_id: impl FnMut() -> AreaId,
) -> Result<ReadFile, BoundaryFileError> {
    let options = ReadOptions {
        encoding: choice.encoding,
        layer: choice.layer.clone(),
        ..ReadOptions::default()
    };
    let layer = match boundaries::read_layer(file, about.file_name, &options) {
        Ok(layer) => layer,
        Err(BoundaryFileError {
            fault: BoundaryFault::SeveralLayers(layers),
            ..
        }) => {
            let mut reading = about.blank();
            reading.layers = layers.into_iter().map(LayerChoice::from).collect();
            reading.undecided = vec!["layer".to_owned()];
            return Ok(ReadFile {
                reading,
                areas: None,
            });
        }
        Err(error) => return Err(error),
    };
    let layers = match &choice.layer {
        // A file in which a layer can be chosen lists them at once.
        Some(_) => boundaries::list_layers(file, about.file_name)?,
        None => Vec::new(),
    };
    let profile = profiles
        .iter()
        .find(|profile| same_columns(&profile.file_columns, &layer.columns));
    let (mapping, mapping_source) = match (&choice.columns, profile) {
        (Some(mapping), _) => {
            mapping
                .check(&layer.columns)
                .map_err(|fault| BoundaryFileError {
                    name: about.file_name.to_owned(),
                    fault: fault.into(),
                })?;
            (mapping.clone(), MappingSource::Chosen)
        }
        (None, Some(profile)) => (profile.mapping.clone(), MappingSource::Profile),
        (None, None) => (
            propose_mapping(&layer, scheme).mapping,
            MappingSource::Proposed,
        ),
    };
    let proposal = detective::propose(&layer, about.file_name, &mapping, scheme, atlas);
    // Without a shape there is nothing to decide by, and nothing to place: the faults say why.
    let shapeless = proposal.candidates.is_empty().then_some(Crs::Wgs84.into());
    let placement = choice.crs.or_else(|| proposal.decision()).or(shapeless);
    let mut reading = describe(about, &layer, &mapping);
    reading.layers = layers.into_iter().map(LayerChoice::from).collect();
    reading.crs_remarks = proposal.remarks;
    reading.mapping_source = mapping_source;
    reading.crs_candidates = proposal
        .candidates
        .iter()
        .map(|candidate| CrsChoice {
            crs: candidate.placement.to_string(),
            score: candidate.score,
            inside_share: candidate.inside_share,
            border_fit_m: candidate.border_fit_m,
            why: candidate.why.clone(),
        })
        .collect();
    reading.crs = placement.map(|placement| placement.to_string());
    if placement.is_none() {
        reading.undecided.push("crs".to_owned());
    }
    if mapping.code.is_none() && mapping.name.is_none() {
        reading.undecided.push("columns".to_owned());
    }
    let (Some(placement), true) = (placement, reading.undecided.is_empty()) else {
        return Ok(ReadFile {
            reading,
            areas: None,
        });
    };
    let drafted = make_draft_areas(
        place(layer.features, placement),
        &mapping,
        scheme,
        atlas,
        fresh_id,
    );
    reading.fault_count = drafted.faults.total;
    reading.faults = drafted
        .faults
        .listed
        .iter()
        .take(MAX_FAULTS)
        .map(ToString::to_string)
        .collect();
    Ok(ReadFile {
        reading,
        areas: Some(drafted.areas),
    })
}

fn same_columns(one: &[String], other: &[String]) -> bool {
    let sorted = |columns: &[String]| {
        let mut columns = columns.to_vec();
        columns.sort_unstable();
        columns
    };
    sorted(one) == sorted(other)
}

/// What is known of a file before it is read.
#[derive(Debug, Clone, Copy)]
pub struct FileFacts<'a> {
    pub file_name: &'a str,
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: &'a str,
}

impl FileFacts<'_> {
    fn blank(&self) -> Reading {
        Reading {
            file_name: self.file_name.to_owned(),
            bytes: self.bytes,
            sha256: self.sha256.to_owned(),
            format: None,
            layers: Vec::new(),
            layer: None,
            features: 0,
            declared_crs: None,
            crs_candidates: Vec::new(),
            crs_remarks: Vec::new(),
            crs: None,
            encoding: String::new(),
            encoding_source: String::new(),
            encodings: Vec::new(),
            columns: Vec::new(),
            mapping: BTreeMap::new(),
            mapping_source: MappingSource::Proposed,
            undecided: Vec::new(),
            faults: Vec::new(),
            fault_count: 0,
        }
    }
}

fn describe(about: &FileFacts<'_>, layer: &SourceLayer, mapping: &FieldMapping) -> Reading {
    let mut reading = about.blank();
    reading.format = Some(layer.format.to_string());
    reading.layer = Some(layer.name.clone());
    reading.features = layer.features.len();
    reading.declared_crs = match &layer.declared_crs {
        DeclaredCrs::None => None,
        DeclaredCrs::Known(crs) => Some(crs.to_string()),
        DeclaredCrs::Unknown { text, .. } => Some(text.clone()),
    };
    layer.text.encoding.name().clone_into(&mut reading.encoding);
    reading.encoding_source = layer.text.encoding.source.to_string();
    reading.encodings = layer
        .text
        .candidates
        .iter()
        .map(|(encoding, samples)| EncodingChoice {
            encoding: encoding.name().to_owned(),
            samples: samples.clone(),
        })
        .collect();
    reading.columns.clone_from(&layer.columns);
    reading.mapping = mapping.to_columns();
    reading
}

impl Services {
    /// Where files that come in are put while they are read.
    ///
    /// # Errors
    /// When there is no room for them.
    pub fn incoming_file(&self) -> Result<NamedTempFile, ServiceError> {
        let uploads = &self.inner.desk.uploads;
        let made = std::fs::create_dir_all(uploads).and_then(|()| {
            tempfile::Builder::new()
                .prefix(INCOMING)
                .tempfile_in(uploads)
        });
        Ok(made.map_err(DraftError::Disk)?)
    }

    /// Makes a draft of a file. When something has to be chosen first, the draft is empty
    /// and the reading says what.
    ///
    /// # Errors
    /// When the actor may not edit boundaries, or the file is no boundary file. Nothing is
    /// kept then.
    pub async fn upload_draft(
        &self,
        actor: &Actor,
        upload: Upload,
        progress: &Progress,
    ) -> Result<(Draft, Reading), ServiceError> {
        let title = upload
            .title
            .clone()
            .unwrap_or_else(|| upload.file_name.clone());
        let mut draft = self.new_draft(actor, title, upload.scheme.clone()).await?;
        let (read, entries) = self
            .read_upload(&draft, upload.file.path().to_owned(), &upload, progress)
            .await?;
        draft.source = source_of(&read.reading);
        let blank = self.blank_workspace(&draft).await?;
        blank.check_bounds(actor, &entries)?;
        let kept = self.upload_path(draft.id);
        upload
            .file
            .persist(&kept)
            .map_err(|error| DraftError::Disk(error.error))?;
        progress.enter(Stage::Keeping);
        let change = Change {
            operation: "upload",
            record: serde_json::to_value(&read.reading).unwrap_or_default(),
            entries,
            undoes: None,
        };
        match self.keep_new_draft(&blank, draft, change).await {
            Ok(draft) => Ok((draft, read.reading)),
            Err(error) => {
                let _ = std::fs::remove_file(kept);
                Err(error)
            }
        }
    }

    /// Reads a draft's file again, as it was chosen. What the draft changed before is
    /// replaced.
    ///
    /// # Errors
    /// When the draft has no file here, something that was chosen is not in the file, or
    /// somebody was faster.
    pub async fn read_draft_again(
        &self,
        actor: &Actor,
        id: DraftId,
        version: i64,
        choice: ReadingChoice,
        progress: &Progress,
    ) -> Result<(Draft, Reading), ServiceError> {
        let draft = self.open_at(actor, id, version).await?;
        let before = self.last_reading(id).await?;
        let path = self.upload_path(id);
        if !path.exists() {
            return Err(DraftError::UploadElsewhere.into());
        }
        let facts = OwnedFacts {
            file_name: before.file_name.clone(),
            bytes: before.bytes,
            sha256: before.sha256.clone(),
        };
        let (read, mut entries) = self
            .read_off_thread(&draft, path, facts, choice, progress)
            .await?;
        let workspace = self.load_workspace(actor, id).await?;
        let now: HashSet<AreaId> = entries.iter().map(|(id, _)| *id).collect();
        let gone = workspace.entries().keys().filter(|id| !now.contains(id));
        entries.extend(gone.map(|id| (*id, None)));
        workspace.check_bounds(actor, &entries)?;
        progress.enter(Stage::Keeping);
        let mut after = workspace.draft().clone();
        after.source = source_of(&read.reading);
        after.version += 1;
        after.updated_at = self.clock().now();
        let change = Change {
            operation: "read",
            record: serde_json::to_value(&read.reading).unwrap_or_default(),
            entries,
            undoes: None,
        };
        let draft = self.write_step(actor, &workspace, after, change).await?;
        Ok((draft, read.reading))
    }

    /// How a draft's file was read last.
    ///
    /// # Errors
    /// When the draft was not made of a file.
    pub async fn load_reading(&self, actor: &Actor, id: DraftId) -> Result<Reading, ServiceError> {
        self.load_draft(actor, id).await?;
        self.last_reading(id).await
    }

    async fn last_reading(&self, id: DraftId) -> Result<Reading, ServiceError> {
        let steps = self.store().list_draft_steps(id).await?;
        steps
            .into_iter()
            .rev()
            .find(|step| matches!(step.operation.as_str(), "upload" | "read"))
            .and_then(|step| serde_json::from_value(step.record).ok())
            .ok_or_else(|| ServiceError::not_found("file of draft", &id))
    }

    async fn read_upload(
        &self,
        draft: &Draft,
        path: PathBuf,
        upload: &Upload,
        progress: &Progress,
    ) -> Result<(ReadFile, Entries), ServiceError> {
        let facts = OwnedFacts {
            file_name: upload.file_name.clone(),
            bytes: upload.bytes,
            sha256: upload.sha256.clone(),
        };
        self.read_off_thread(draft, path, facts, upload.choice.clone(), progress)
            .await
    }

    async fn read_off_thread(
        &self,
        draft: &Draft,
        path: PathBuf,
        facts: OwnedFacts,
        choice: ReadingChoice,
        progress: &Progress,
    ) -> Result<(ReadFile, Entries), ServiceError> {
        progress.enter(Stage::Reading);
        let atlas = match draft.base {
            Some(edition) => self.atlas_of(edition).await?,
            None => std::sync::Arc::new(Atlas::empty()),
        };
        let scheme = self.find_scheme(&draft.scheme)?.clone();
        let profiles = self.list_profiles().await?;
        let services = self.clone();
        let work = tokio::task::spawn_blocking(move || {
            let about = FileFacts {
                file_name: &facts.file_name,
                bytes: facts.bytes,
                sha256: &facts.sha256,
            };
            let fresh = || AreaId(services.clock().fresh_id());
            let mut read = read_file(&path, &about, &choice, &profiles, &scheme, &atlas, fresh)?;
            let areas = read.areas.take().unwrap_or_default();
            let entries = entries_of(areas, &atlas, choice.replace);
            Ok::<_, BoundaryFileError>((read, entries))
        });
        let done = work.await.map_err(|_| ServiceError::Interrupted)?;
        Ok(done.map_err(DraftError::from)?)
    }

    /// What was chosen for files lately, the latest choice first.
    async fn list_profiles(&self) -> Result<Vec<Profile>, ServiceError> {
        let drafts = self.store().list_drafts(None, MAX_LISTED).await?;
        let sources = drafts.into_iter().filter_map(|draft| draft.source);
        Ok(sources
            .filter(|source| source.columns_chosen)
            .filter_map(|source| {
                let mapping = serde_json::to_value(source.columns).ok()?;
                Some(Profile {
                    file_columns: source.file_columns,
                    mapping: serde_json::from_value(mapping).ok()?,
                })
            })
            .collect())
    }

    fn upload_path(&self, id: DraftId) -> PathBuf {
        self.inner.desk.uploads.join(id.to_string())
    }

    /// A draft that is closed needs its file no more.
    pub(super) fn forget_upload(&self, id: DraftId) {
        match std::fs::remove_file(self.upload_path(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%id, %error, "an upload could not be removed");
            }
            _ => {}
        }
    }
}

type Entries = Vec<(AreaId, Option<DraftEntry>)>;

struct OwnedFacts {
    file_name: String,
    bytes: u64,
    sha256: String,
}

/// What a draft makes of the areas in a file. Those that are as they stand are no change.
fn entries_of(areas: Vec<DraftArea>, atlas: &Atlas, replace: bool) -> Entries {
    let standing: HashMap<AreaId, DraftArea> = areas
        .iter()
        .filter_map(|area| {
            let code = area.code.parse().ok()?;
            let known = atlas.area(atlas.find(&code)?);
            (known.id == area.id).then(|| (area.id, DraftArea::of(known)))
        })
        .collect();
    let codes: HashSet<String> = areas.iter().map(|area| area.code.clone()).collect();
    let groups: HashSet<(Option<Level>, Option<String>)> = areas
        .iter()
        .map(|area| (area.level, area.parent.clone()))
        .collect();
    let mut entries: Entries = areas
        .into_iter()
        .map(|area| match standing.get(&area.id) {
            Some(known) => keep_same_ground(area, known),
            None => area,
        })
        .filter(|area| {
            standing.get(&area.id).is_none_or(|known| {
                let as_read = DraftArea {
                    feature: None,
                    ..area.clone()
                };
                *known != as_read
            })
        })
        .map(|area| (area.id, Some(DraftEntry::Put(area))))
        .collect();
    if replace {
        let missing = atlas.areas().iter().filter(|area| {
            let parent = area.parent.as_ref().map(ToString::to_string);
            groups.contains(&(Some(area.level), parent)) && !codes.contains(area.code.as_str())
        });
        entries.extend(missing.map(|area| (area.id, Some(DraftEntry::Removed))));
    }
    entries
}

/// Where a file draws the same ground from another point on, or the other way round, the
/// ground stays as it stands, and with it what is known of how it came about.
fn keep_same_ground(area: DraftArea, known: &DraftArea) -> DraftArea {
    match (&area.outline, &known.outline) {
        (Some(drawn), Some(standing)) if drawn.is_drawn_like(standing) => DraftArea {
            outline: known.outline.clone(),
            generated: known.generated,
            ..area
        },
        _ => area,
    }
}

fn source_of(reading: &Reading) -> Option<DraftSource> {
    Some(DraftSource {
        file_name: reading.file_name.clone(),
        bytes: reading.bytes,
        sha256: reading.sha256.clone(),
        format: reading.format.clone()?,
        layer: reading.layer.clone()?,
        crs: reading.crs.clone()?,
        encoding: reading.encoding.clone(),
        columns: reading.mapping.clone(),
        columns_chosen: reading.mapping_source != MappingSource::Proposed,
        file_columns: reading.columns.clone(),
    })
}
