//! Areas put into a draft or taken out of the territory one by one, as GIS programs do:
//! by name, and only over what the writer has seen.

use sha2::{Digest, Sha256};

use super::{DraftError, Edit, NewArea, Workspace};
use crate::codec::area_body::AreaBody;
use crate::codec::outline;
use crate::domain::draft::{Draft, DraftArea, DraftEntry};
use crate::domain::{Actor, AreaCode, AreaId, DraftId, Level};
use crate::service::{ServiceError, Services};

/// How often a write is tried anew when the draft has gone on meanwhile.
const TRIES: usize = 8;

/// What is to be written. An area is called as [`Workspace::name_of`] does.
#[derive(Debug, Clone)]
pub enum AreaWrite {
    /// Adds an area. Without a code it gets the next free one under its parent.
    Create(AreaBody),
    /// Puts all that is said in place of all that was.
    Replace { name: String, body: AreaBody },
    /// Changes what is said, and nothing else.
    Update { name: String, body: AreaBody },
    /// Takes an area out of the territory.
    Remove { name: String },
}

/// Why an area is not written. The draft is as it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error(
        "this would overwrite {name}; say in `If-Match` the ETag of what you have seen, or `*` for whatever is there"
    )]
    NeedsPrecondition { name: String },
    #[error("{name} is no longer what you have seen; load it again, and decide anew")]
    Changed { name: String },
    #[error("the code {0} is in use; leave it out for the next free one, or replace that area")]
    CodeTaken(String),
    #[error("{count} areas have {name} as their parent; remove them first, or give them another")]
    HasChildren { name: String, count: usize },
    #[error("{member}: {why}")]
    Unfit { member: &'static str, why: String },
}

impl Services {
    /// Writes an area of a level into a draft: the one that is named, or the actor's own
    /// that is open, which is opened if need be. `is_seen` tells whether a state is the one
    /// that the writer has seen, by what [`state_of`] makes of it; `None` when they do not
    /// say. Gives the draft and the area, which after a removal is there no more.
    ///
    /// # Errors
    /// When the actor may not, there is no such area, it is not as it was seen, or what is
    /// to be written cannot be.
    pub async fn write_area(
        &self,
        actor: &Actor,
        draft: Option<DraftId>,
        level: Level,
        write: AreaWrite,
        is_seen: Option<&(dyn Fn(&str) -> bool + Sync)>,
    ) -> Result<(Draft, AreaId), ServiceError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let known = match draft {
                Some(id) => Some(self.load_draft(actor, id).await?),
                None => self.find_own_draft(actor).await?,
            };
            let workspace = if let Some(known) = &known {
                self.load_workspace(actor, known.id).await?
            } else {
                let blank = self.new_draft(actor, String::new(), None).await?;
                self.blank_workspace(&blank).await?.into()
            };
            let (target, edit) = plan(&workspace, level, write.clone(), is_seen)?;
            // Opened only now: what cannot be written leaves no draft behind.
            let into = match known {
                Some(known) => known.id,
                None => self.resume_draft(actor).await?.id,
            };
            let version = workspace.draft().version;
            match self.edit_draft(actor, into, version, edit).await {
                Ok((draft, areas)) => {
                    let area = target.or_else(|| areas.first().copied());
                    return match area {
                        Some(area) => Ok((draft, area)),
                        None => Err(ServiceError::Interrupted),
                    };
                }
                Err(ServiceError::Draft(DraftError::Conflict { .. })) if tries < TRIES => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// What an area is, in 32 hexadecimal digits: two areas with the same ones are alike in
/// everything that may be written.
#[must_use]
pub fn state_of(area: &DraftArea) -> String {
    let mut digest = Sha256::new();
    let mut add = |part: &[u8]| {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    };
    add(area.id.0.as_bytes());
    add(area.code.as_bytes());
    add(area.name.as_bytes());
    add(area.level.map_or("", Level::as_str).as_bytes());
    for known in [&area.parent, &area.kind.map(|kind| kind.to_string())] {
        add(&[u8::from(known.is_some())]);
        add(known.as_deref().unwrap_or_default().as_bytes());
    }
    add(&[u8::from(area.generated), u8::from(area.outline.is_some())]);
    let drawn = area.outline.as_deref().map(outline::encode);
    add(&drawn.unwrap_or_default());
    let digest = digest.finalize();
    let digits = digest.iter().take(16).map(|byte| format!("{byte:02x}"));
    digits.collect()
}

/// The edit that does what is to be written, and the area if there is one already.
fn plan(
    workspace: &Workspace,
    level: Level,
    write: AreaWrite,
    is_seen: Option<&(dyn Fn(&str) -> bool + Sync)>,
) -> Result<(Option<AreaId>, Edit), ServiceError> {
    let find = |name: &str| -> Result<DraftArea, ServiceError> {
        let area = workspace.find_by_name(name);
        let area = area.filter(|area| area.level == Some(level));
        let area = area.ok_or_else(|| ServiceError::not_found("area", &name))?;
        let name = name.to_owned();
        match is_seen {
            None => Err(refuse(WriteError::NeedsPrecondition { name })),
            Some(is_seen) if !is_seen(&state_of(&area)) => {
                Err(refuse(WriteError::Changed { name }))
            }
            Some(_) => Ok(area),
        }
    };
    match write {
        AreaWrite::Create(body) => {
            if let Some(code) = &body.code
                && workspace.find_by_code(code).is_some()
            {
                return Err(refuse(WriteError::CodeTaken(code.clone())));
            }
            let removed = body.code.as_deref();
            let removed = removed.and_then(|code| find_removed(workspace, code));
            let code = body.code.clone();
            // Programs send null for what somebody left empty.
            let body = AreaBody {
                parent: body.parent.filter(Option::is_some),
                ..body
            };
            Ok((removed, put(workspace, removed, level, code, body)?))
        }
        AreaWrite::Replace { name, body } => {
            let area = find(&name)?;
            let code = Some(keep_code(&area, &body)?);
            Ok((
                Some(area.id),
                put(workspace, Some(area.id), level, code, body)?,
            ))
        }
        AreaWrite::Update { name, body } => {
            let area = find(&name)?;
            let code = Some(keep_code(&area, &body)?);
            let body = AreaBody {
                code: None,
                name: body.name.or(Some(area.name)),
                parent: body.parent.or(Some(area.parent)),
                kind: body.kind.or(Some(area.kind)),
                outline: body
                    .outline
                    .or_else(|| Some(area.outline.as_deref().cloned())),
            };
            Ok((
                Some(area.id),
                put(workspace, Some(area.id), level, code, body)?,
            ))
        }
        AreaWrite::Remove { name } => {
            let area = find(&name)?;
            let count = match area.code.as_str() {
                "" => 0,
                code => workspace.children(code).len(),
            };
            if count > 0 {
                return Err(refuse(WriteError::HasChildren { name, count }));
            }
            Ok((Some(area.id), Edit::Delete { area: area.id }))
        }
    }
}

fn refuse(error: WriteError) -> ServiceError {
    DraftError::from(error).into()
}

/// The area of this code that the draft has taken out.
fn find_removed(workspace: &Workspace, code: &str) -> Option<AreaId> {
    let code: AreaCode = code.parse().ok()?;
    let base = workspace.base();
    let id = base.area(base.find(&code)?).id;
    matches!(workspace.entry(id), Some(DraftEntry::Removed)).then_some(id)
}

/// The code of an area, which is its name and stays.
fn keep_code(area: &DraftArea, body: &AreaBody) -> Result<String, ServiceError> {
    match &body.code {
        Some(code) if *code != area.code => Err(refuse(WriteError::Unfit {
            member: "code",
            why: format!(
                "this is the area {:?}, and its code is what it is found by; give it another in the draft itself (`recode`)",
                area.code
            ),
        })),
        _ => Ok(area.code.clone()),
    }
}

fn put(
    workspace: &Workspace,
    area: Option<AreaId>,
    level: Level,
    code: Option<String>,
    body: AreaBody,
) -> Result<Edit, ServiceError> {
    let missing = |member, why: &str| {
        refuse(WriteError::Unfit {
            member,
            why: why.to_owned(),
        })
    };
    let name = body
        .name
        .ok_or_else(|| missing("name", "say what the area is called"))?;
    let outline = body.outline.ok_or_else(|| {
        missing(
            "geometry",
            "say what ground the area has; null when that is not known",
        )
    })?;
    let parent = body.parent.unwrap_or_else(|| {
        let code = code.as_deref()?;
        find_parent(workspace, level, code)
    });
    Ok(Edit::Put {
        area,
        state: NewArea {
            code,
            name,
            level,
            parent,
            kind: body.kind.flatten(),
        },
        outline,
    })
}

/// The lowest area above a level whose code the code begins with.
fn find_parent(workspace: &Workspace, level: Level, code: &str) -> Option<String> {
    let scheme = workspace.scheme();
    let above = Level::ALL.iter().rev().filter(|above| **above < level);
    above
        .filter_map(|above| code.get(..*scheme.levels.get(above)?))
        .filter(|start| start.len() < code.len())
        .find(|start| scheme.prefix && workspace.find_by_code(start).is_some())
        .map(str::to_owned)
}
