//! What changes for whom: areas that come, go, move or are called otherwise, and the
//! incidents and posts that find themselves on other ground.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::{ServiceError, Services};
use super::Workspace;
use crate::domain::draft::{DraftArea, DraftEntry};
use crate::domain::words::words;
use crate::domain::{
    Actor, Area, AreaCode, AreaId, AreaRef, DraftId, EditionId, IncidentId, IncidentNumber, Level,
    Outline, PostId, Shape, WorkerId,
};
use crate::geometry::{area_m2, overlay, validity};
use crate::index::Atlas;

/// Less ground than this has not changed hands: corners of common ground are rounded.
const NEGLIGIBLE_M2: f64 = 0.5;
/// An area was made from another when at least this share of either came from the other.
const LINEAGE_SHARE: f64 = 0.1;

words! {
    pub enum ChangeKind ("kind of change") {
        Added = "added",
        Removed = "removed",
        Renamed = "renamed",
        Recoded = "recoded",
        /// It has another parent.
        Reparented = "reparented",
        /// It is general where it was special, or the other way round.
        Rekinded = "rekinded",
        /// Its border runs otherwise.
        Moved = "moved",
        /// It was cut out of another.
        Split = "split",
        /// It was put together from others.
        Merged = "merged",
    }
}

/// What a draft changes.
#[derive(Debug, Clone)]
pub struct Diff {
    pub base: Option<EditionId>,
    /// By level, then by code.
    pub changes: Vec<AreaChange>,
    /// The largest first.
    pub transfers: Vec<Transfer>,
    /// Who is touched; or why that cannot be told yet.
    pub touched: Result<Touched, String>,
}

/// An area before and after.
#[derive(Debug, Clone)]
pub struct AreaChange {
    pub id: AreaId,
    pub kinds: Vec<ChangeKind>,
    pub before: Option<Arc<Area>>,
    pub after: Option<DraftArea>,
    /// For areas that are new: those whose ground it was, the largest part first.
    pub made_from: Vec<AreaId>,
}

/// Ground that changes hands between two areas of a level.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// `None` for ground that nobody had.
    pub from: Option<AreaId>,
    /// `None` for ground that nobody has any more.
    pub to: Option<AreaId>,
    pub level: Level,
    pub size_m2: f64,
    pub ground: Outline,
}

/// Who finds themselves on other ground.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Touched {
    /// Open incidents that will be matched to other areas, by number.
    pub incidents: Vec<TouchedIncident>,
    /// Posts in areas that are no more, or have another code.
    pub posts: Vec<TouchedPost>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TouchedIncident {
    pub id: IncidentId,
    #[schema(value_type = String)]
    pub number: IncidentNumber,
    pub was: Option<AreaRef>,
    pub is: Option<AreaRef>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TouchedPost {
    pub post: PostId,
    pub worker: WorkerId,
    #[schema(value_type = String)]
    pub was: AreaCode,
    /// The code that the area has now; null when the area is no more.
    #[schema(value_type = Option<String>)]
    pub is: Option<AreaCode>,
}

impl Services {
    /// What a draft changes, against the edition that it was made on.
    ///
    /// # Errors
    /// As [`Services::load_draft`].
    pub async fn compare_draft(&self, actor: &Actor, id: DraftId) -> Result<Diff, ServiceError> {
        let workspace = self.load_workspace(actor, id).await?;
        let touched = match workspace.outcome().await? {
            Ok(outcome) => Ok(self.find_touched(&workspace, outcome)),
            Err(why) => Err(why.clone()),
        };
        let (changes, transfers) = compare_off_thread(Arc::clone(&workspace)).await?;
        Ok(Diff {
            base: workspace.draft().base,
            changes,
            transfers,
            touched,
        })
    }

    fn find_touched(&self, workspace: &Workspace, outcome: &Atlas) -> Touched {
        let incidents: Vec<_> = self.live().docket().incidents().cloned().collect();
        let mut incidents: Vec<TouchedIncident> = incidents
            .iter()
            .filter_map(|incident| {
                let found = outcome.locate(incident.position);
                let is = found.area.map(|area| outcome.area(area));
                let was = incident.chain.last();
                (is.map(|area| &area.code) != was.map(|link| &link.code)).then(|| TouchedIncident {
                    id: incident.id,
                    number: incident.number.clone(),
                    was: was.cloned(),
                    is: is.map(|area| AreaRef::from(area.as_ref())),
                })
            })
            .collect();
        incidents.sort_by(|a, b| a.number.0.cmp(&b.number.0));
        Touched {
            incidents,
            posts: self.find_touched_posts(workspace),
        }
    }

    fn find_touched_posts(&self, workspace: &Workspace) -> Vec<TouchedPost> {
        let gone: HashMap<AreaCode, Option<AreaCode>> = workspace
            .entries()
            .iter()
            .filter_map(|(id, entry)| {
                let was = workspace.standing(*id)?.code.clone();
                match entry {
                    DraftEntry::Removed => Some((was, None)),
                    DraftEntry::Put(area) if area.code != was.as_str() => {
                        Some((was, area.code.parse().ok()))
                    }
                    DraftEntry::Put(_) => None,
                }
            })
            .collect();
        let now = self.clock().now();
        let roster = self.live().roster();
        let posts = roster.members().flat_map(|member| member.posts.to_vec());
        let mut touched: Vec<TouchedPost> = posts
            .filter(|post| post.until.is_none_or(|until| until > now))
            .filter_map(|post| {
                gone.get(&post.area).map(|is| TouchedPost {
                    post: post.id,
                    worker: post.worker,
                    was: post.area.clone(),
                    is: is.clone(),
                })
            })
            .collect();
        touched.sort_by(|a, b| (&a.was, a.post).cmp(&(&b.was, b.post)));
        touched
    }
}

/// [`compare`], where it keeps nobody waiting.
pub(super) async fn compare_off_thread(
    workspace: Arc<Workspace>,
) -> Result<(Vec<AreaChange>, Vec<Transfer>), ServiceError> {
    tokio::task::spawn_blocking(move || compare(&workspace))
        .await
        .map_err(|_| ServiceError::Interrupted)
}

/// An area whose ground is another, with what is known of it.
struct Moved<'a> {
    id: AreaId,
    level: Level,
    before: Option<&'a Shape>,
    after: Option<Shape>,
}

fn compare(workspace: &Workspace) -> (Vec<AreaChange>, Vec<Transfer>) {
    let mut changes: Vec<AreaChange> = workspace
        .entries()
        .iter()
        .filter_map(|(id, entry)| {
            let before = workspace.standing(*id).cloned();
            let after = match entry {
                DraftEntry::Put(area) => Some(area.clone()),
                DraftEntry::Removed => None,
            };
            let kinds = kinds_of_change(before.as_deref(), after.as_ref());
            (!kinds.is_empty()).then_some(AreaChange {
                id: *id,
                kinds,
                before,
                after,
                made_from: Vec::new(),
            })
        })
        .collect();
    changes.sort_by_key(place_in_list);
    let moved: Vec<Moved<'_>> = changes.par_iter().filter_map(ground_of_change).collect();
    let transfers = find_transfers(workspace, &moved);
    let sizes: HashMap<AreaId, f64> = moved
        .iter()
        .filter_map(|moved| {
            let shape = moved.after.as_ref().or(moved.before)?;
            Some((moved.id, area_m2(shape)))
        })
        .collect();
    drop(moved);
    trace_lineage(&mut changes, &transfers, &sizes);
    (changes, transfers)
}

fn place_in_list(change: &AreaChange) -> (Option<Level>, String, AreaId) {
    let before = change.before.as_ref();
    let level = change.after.as_ref().and_then(|area| area.level);
    let code = change.after.as_ref().map(|area| area.code.clone());
    (
        level.or(before.map(|area| area.level)),
        code.or(before.map(|area| area.code.to_string()))
            .unwrap_or_default(),
        change.id,
    )
}

fn kinds_of_change(before: Option<&Area>, after: Option<&DraftArea>) -> Vec<ChangeKind> {
    let (before, after) = match (before, after) {
        (None, Some(_)) => return vec![ChangeKind::Added],
        (Some(_), None) => return vec![ChangeKind::Removed],
        (None, None) => return Vec::new(),
        (Some(before), Some(after)) => (before, after),
    };
    let drawn = before.shape.as_deref().map(Outline::from);
    [
        (before.name != after.name, ChangeKind::Renamed),
        (before.code.as_str() != after.code, ChangeKind::Recoded),
        (
            before.parent.as_ref().map(AreaCode::as_str) != after.parent.as_deref(),
            ChangeKind::Reparented,
        ),
        (before.kind != after.kind, ChangeKind::Rekinded),
        (
            match (&drawn, &after.outline) {
                (Some(drawn), Some(outline)) => !drawn.is_drawn_like(outline),
                (drawn, outline) => drawn.is_some() != outline.is_some(),
            },
            ChangeKind::Moved,
        ),
    ]
    .into_iter()
    .filter_map(|(differs, kind)| differs.then_some(kind))
    .collect()
}

/// `None` when the ground is the same, or is none that can be measured.
fn ground_of_change(change: &AreaChange) -> Option<Moved<'_>> {
    use ChangeKind::{Added, Moved as BorderMoved, Removed};
    let of_ground = |kind: &ChangeKind| matches!(kind, Added | Removed | BorderMoved);
    if !change.kinds.iter().any(of_ground) {
        return None;
    }
    let before = change.before.as_ref();
    let after = change.after.as_ref();
    let outline = after.and_then(|area| area.outline.as_deref());
    let shape = outline.and_then(|outline| outline.to_shape().ok());
    let shape = shape.filter(|shape| validity::check(shape).is_ok());
    let drawn_wrongly = outline.is_some() && shape.is_none();
    (!drawn_wrongly).then_some(Moved {
        id: change.id,
        level: after
            .and_then(|area| area.level)
            .or(before.map(|area| area.level))?,
        before: before.and_then(|area| area.shape.as_deref()),
        after: shape,
    })
}

/// Ground changes hands only between areas that both change: what overlaps an area that
/// stays as it is, is a defect.
fn find_transfers(workspace: &Workspace, moved: &[Moved<'_>]) -> Vec<Transfer> {
    let by_id: HashMap<AreaId, &Moved<'_>> = moved.iter().map(|moved| (moved.id, moved)).collect();
    let mut transfers: Vec<Transfer> = moved
        .par_iter()
        .flat_map_iter(|to| gains(workspace, &by_id, to))
        .chain(moved.par_iter().flat_map_iter(|from| losses(moved, from)))
        .filter(|transfer| transfer.size_m2 >= NEGLIGIBLE_M2)
        .collect();
    transfers.sort_by(|a, b| {
        b.size_m2
            .total_cmp(&a.size_m2)
            .then((a.from, a.to).cmp(&(b.from, b.to)))
    });
    transfers
}

/// What an area gets, from whom.
fn gains(
    workspace: &Workspace,
    moved: &HashMap<AreaId, &Moved<'_>>,
    to: &Moved<'_>,
) -> Vec<Transfer> {
    let Some(after) = &to.after else {
        return Vec::new();
    };
    let base = workspace.base();
    let near = base.meeting(to.level, &after.bounds());
    let givers: Vec<(AreaId, &Shape)> = near
        .into_iter()
        .filter_map(|ordinal| {
            let area = base.area(ordinal);
            let shape = area.shape.as_deref()?;
            (area.id == to.id || moved.contains_key(&area.id)).then_some((area.id, shape))
        })
        .collect();
    let mut gained: Vec<Transfer> = givers
        .iter()
        .filter(|(id, _)| *id != to.id)
        .filter_map(|(id, shape)| {
            let (size_m2, ground) = overlay::common_ground(after, shape)?;
            Some(Transfer {
                from: Some(*id),
                to: Some(to.id),
                level: to.level,
                size_m2,
                ground,
            })
        })
        .collect();
    let standing = base.meeting(to.level, &after.bounds());
    let all = standing
        .iter()
        .filter_map(|&ordinal| base.area(ordinal).shape.as_deref());
    gained.extend(
        overlay::remaining_ground(after, all).map(|(size_m2, ground)| Transfer {
            from: None,
            to: Some(to.id),
            level: to.level,
            size_m2,
            ground,
        }),
    );
    gained
}

/// What an area loses to nobody.
fn losses(moved: &[Moved<'_>], from: &Moved<'_>) -> Option<Transfer> {
    let before = from.before?;
    let takers = moved
        .iter()
        .filter(|taker| taker.level == from.level)
        .filter_map(|taker| taker.after.as_ref());
    let (size_m2, ground) = overlay::remaining_ground(before, takers)?;
    Some(Transfer {
        from: Some(from.id),
        to: None,
        level: from.level,
        size_m2,
        ground,
    })
}

/// Says of new areas whose ground they were. What the editor said comes before what the
/// ground says.
fn trace_lineage(changes: &mut [AreaChange], transfers: &[Transfer], sizes: &HashMap<AreaId, f64>) {
    let mut heirs: HashMap<AreaId, usize> = HashMap::new();
    let mut sources: HashMap<AreaId, Vec<AreaId>> = HashMap::new();
    for transfer in transfers {
        let (Some(from), Some(to)) = (transfer.from, transfer.to) else {
            continue;
        };
        let share = |id| {
            sizes
                .get(&id)
                .map_or(0.0, |size_m2| transfer.size_m2 / size_m2)
        };
        if share(to) >= LINEAGE_SHARE || share(from) >= 0.5 {
            sources.entry(to).or_default().push(from);
        }
    }
    for change in changes.iter_mut().filter(|change| change.before.is_none()) {
        let said = change.after.as_ref().map(|area| area.lineage.clone());
        let found = sources.get(&change.id).cloned().unwrap_or_default();
        change.made_from = said.filter(|said| !said.is_empty()).unwrap_or(found);
        for &source in &change.made_from {
            *heirs.entry(source).or_default() += 1;
        }
    }
    let removed: std::collections::HashSet<AreaId> = changes
        .iter()
        .filter(|change| change.after.is_none())
        .map(|change| change.id)
        .collect();
    for change in changes.iter_mut().filter(|change| change.before.is_none()) {
        match change.made_from[..] {
            [] => {}
            // A sole heir of an area that is gone takes its place; it is cut out of nothing.
            [only] if removed.contains(&only) && heirs.get(&only) == Some(&1) => {}
            [_] => change.kinds.push(ChangeKind::Split),
            _ => change.kinds.push(ChangeKind::Merged),
        }
    }
}
