//! Repairs of a draft, group by group from the top down, so that children are cut to
//! parents that are mended already.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::super::progress::{Progress, Stage};
use super::super::{ServiceError, Services};
use super::{Change, DraftError, Workspace};
use crate::domain::draft::repair::{Insertion, Mending, Repair, Repaired};
use crate::domain::draft::{Draft, DraftArea, DraftEntry, Ground, Plot};
use crate::domain::{Actor, AreaId, BoundingBox, DraftId, Level, Outline, Shape};
use crate::geometry::edit::insert_vertices;
use crate::geometry::repair::repair;

/// What repairs did to a draft.
#[derive(Debug, Clone)]
pub struct RepairedDraft {
    pub draft: Draft,
    pub areas: Vec<RepairedArea>,
    pub mendings: Vec<Mending>,
}

#[derive(Debug, Clone)]
pub struct RepairedArea {
    pub id: AreaId,
    pub code: String,
    pub before: Option<Arc<Outline>>,
    pub after: Option<Arc<Outline>>,
}

/// Outlines after repairs, and what was done.
struct Mended {
    outlines: HashMap<AreaId, Arc<Outline>>,
    mendings: Vec<Mending>,
}

impl Services {
    /// Repairs the borders of the areas that a draft changes, and of their siblings where
    /// a repair moves a common border. With `dry_run` nothing is changed.
    ///
    /// # Errors
    /// When a repair cannot be done, which is named; or somebody was faster. Nothing has
    /// changed then.
    pub async fn repair_draft(
        &self,
        actor: &Actor,
        id: DraftId,
        version: i64,
        repairs: Vec<Repair>,
        dry_run: bool,
        progress: &Progress,
    ) -> Result<RepairedDraft, ServiceError> {
        let draft = self.open_at(actor, id, version).await?;
        let workspace = self.load_workspace(actor, id).await?;
        progress.enter(Stage::Repairing);
        let mended = tokio::task::spawn_blocking({
            let (workspace, repairs) = (Arc::clone(&workspace), repairs.clone());
            move || mend(&workspace, &repairs)
        });
        let mended = mended.await.map_err(|_| ServiceError::Interrupted)??;
        let mut areas = Vec::with_capacity(mended.outlines.len());
        let mut entries = Vec::with_capacity(mended.outlines.len());
        for (area, outline) in mended.outlines {
            let Some(before) = workspace.find(area) else {
                continue;
            };
            areas.push(RepairedArea {
                id: area,
                code: before.code.clone(),
                before: before.outline.clone(),
                after: Some(Arc::clone(&outline)),
            });
            let after = DraftArea {
                outline: Some(outline),
                ..before
            };
            entries.push((area, Some(DraftEntry::Put(after))));
        }
        areas.sort_by(|a, b| (&a.code, a.id).cmp(&(&b.code, b.id)));
        if dry_run || entries.is_empty() {
            return Ok(RepairedDraft {
                draft,
                areas,
                mendings: mended.mendings,
            });
        }
        progress.enter(Stage::Keeping);
        let record = serde_json::json!({
            "repairs": repairs,
            "areas": areas.iter().map(|area| &area.code).collect::<Vec<_>>(),
            "places": mended.mendings.len(),
            "moved_m2": mended.mendings.iter().filter_map(|mending| mending.size_m2).sum::<f64>(),
        });
        let change = Change {
            operation: "repair",
            record,
            entries,
            undoes: None,
        };
        let draft = self.change_draft(actor, id, version, change).await?;
        Ok(RepairedDraft {
            draft,
            areas,
            mendings: mended.mendings,
        })
    }
}

/// The children of one parent, of which the draft changes some.
struct Group<'a> {
    parent: Option<&'a str>,
    siblings: Vec<&'a Plot<'a>>,
}

fn mend(workspace: &Workspace, repairs: &[Repair]) -> Result<Mended, DraftError> {
    let plots = workspace.plots();
    let by_code: HashMap<&str, &Plot<'_>> = plots.iter().map(|plot| (plot.code, plot)).collect();
    let named: HashSet<AreaId> = repairs
        .iter()
        .flat_map(|repair| repair.areas.iter().copied())
        .collect();
    let everywhere = repairs.iter().any(|repair| repair.areas.is_empty());
    let concerned = |plot: &Plot<'_>| plot.touched && (everywhere || named.contains(&plot.id));
    let mut levels: BTreeMap<Option<Level>, Vec<Group<'_>>> = BTreeMap::new();
    for group in group_by_parent(&plots) {
        let level = group.siblings.first().and_then(|plot| plot.level);
        let parent = group.parent.and_then(|code| by_code.get(code));
        if group.siblings.iter().any(|plot| concerned(plot))
            || parent.is_some_and(|parent| concerned(parent))
        {
            levels.entry(level).or_default().push(group);
        }
    }
    let mut done = Mended {
        outlines: HashMap::new(),
        mendings: Vec::new(),
    };
    for groups in levels.into_values() {
        let mended: Vec<Repaired> = groups
            .par_iter()
            .map(|group| {
                let parent = group.parent.and_then(|code| by_code.get(code));
                mend_group(workspace, group, parent.copied(), repairs, &done)
            })
            .collect::<Result<_, _>>()?;
        let mut inserted = Vec::new();
        for repaired in mended {
            let outlines = repaired.outlines.into_iter();
            done.outlines
                .extend(outlines.map(|(id, outline)| (id, Arc::new(outline))));
            done.mendings.extend(repaired.mendings);
            inserted.extend(repaired.inserted);
        }
        insert_everywhere(&plots, &inserted, &mut done.outlines);
    }
    Ok(done)
}

/// Where children meet on a straight border of their parent, everybody who has that border
/// gets the vertex, at every level.
fn insert_everywhere(
    plots: &[Plot<'_>],
    inserted: &[Insertion],
    outlines: &mut HashMap<AreaId, Arc<Outline>>,
) {
    let ends = inserted.iter().flat_map(|edge| [edge.from, edge.to]);
    let Some(around) = BoundingBox::around(ends) else {
        return;
    };
    for plot in plots {
        let known = outlines.get(&plot.id).cloned();
        let bounds = match (&known, plot.ground) {
            (Some(outline), _) => outline.bounds(),
            (None, Ground::Unknown) => None,
            (None, Ground::Standing(shape)) => Some(shape.bounds()),
            (None, Ground::Drawn(outline)) => outline.bounds(),
        };
        if !bounds.is_some_and(|bounds| bounds.intersects(&around)) {
            continue;
        }
        let outline = known.or_else(|| drawn(plot.ground).map(Arc::new));
        if let Some(with) = outline.and_then(|outline| insert_vertices(&outline, inserted)) {
            outlines.insert(plot.id, Arc::new(with));
        }
    }
}

fn group_by_parent<'a>(plots: &'a [Plot<'a>]) -> Vec<Group<'a>> {
    let mut groups: HashMap<(Option<&str>, Option<Level>), Vec<&Plot<'_>>> = HashMap::new();
    for plot in plots {
        groups
            .entry((plot.parent, plot.level))
            .or_default()
            .push(plot);
    }
    let mut groups: Vec<Group<'_>> = groups
        .into_iter()
        .map(|((parent, _), mut siblings)| {
            siblings.sort_by(|a, b| (a.code, a.id).cmp(&(b.code, b.id)));
            Group { parent, siblings }
        })
        .collect();
    groups.sort_by(|a, b| a.parent.cmp(&b.parent));
    groups
}

fn mend_group(
    workspace: &Workspace,
    group: &Group<'_>,
    parent: Option<&Plot<'_>>,
    repairs: &[Repair],
    done: &Mended,
) -> Result<Repaired, DraftError> {
    let outlines: Vec<(&Plot<'_>, Arc<Outline>)> = group
        .siblings
        .iter()
        .filter_map(|plot| {
            let known = done.outlines.get(&plot.id).cloned();
            Some((*plot, known.or_else(|| drawn(plot.ground).map(Arc::new))?))
        })
        .collect();
    let siblings: Vec<(AreaId, &str, &Outline)> = outlines
        .iter()
        .map(|(plot, outline)| (plot.id, plot.code, outline.as_ref()))
        .collect();
    let parent = parent.and_then(|parent| match done.outlines.get(&parent.id) {
        Some(outline) => outline.to_shape().ok(),
        None => ground_shape(parent.ground),
    });
    let before = |id| {
        workspace
            .standing(id)
            .and_then(|area| area.shape.as_deref())
    };
    Ok(repair(&siblings, parent.as_ref(), before, repairs)?)
}

fn drawn(ground: Ground<'_>) -> Option<Outline> {
    match ground {
        Ground::Unknown => None,
        Ground::Standing(shape) => Some(Outline::from(shape)),
        Ground::Drawn(outline) => Some(outline.clone()),
    }
}

/// Ground that children can be cut to: only what is valid.
fn ground_shape(ground: Ground<'_>) -> Option<Shape> {
    let shape = match ground {
        Ground::Unknown => None,
        Ground::Standing(shape) => Some(shape.clone()),
        Ground::Drawn(outline) => outline.to_shape().ok(),
    };
    shape.filter(|shape| crate::geometry::validity::check(shape).is_ok())
}
