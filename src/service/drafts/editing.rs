//! Editing a draft by hand: every edit is one step, which can be undone, and neighbours
//! follow where borders are shared.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::{ServiceError, Services};
use super::{Change, DraftError, Workspace};
use crate::domain::draft::repair::Insertion;
use crate::domain::draft::{Draft, DraftArea, DraftEntry, Ground, Plot};
use crate::domain::{
    Actor, AreaId, BoundingBox, CodeScheme, DraftId, GridKind, Level, LngLat, Outline,
};
use crate::geometry::edit;

/// What is done to a draft by hand.
#[derive(Debug, Clone)]
pub enum Edit {
    /// Cuts an area along a line from border to border. The largest piece stays the area;
    /// the others are new, with these names and codes in turn, else with the next free
    /// ones.
    Split {
        area: AreaId,
        line: Vec<LngLat>,
        names: Vec<String>,
        codes: Vec<String>,
    },
    /// Makes areas one. It stays the first of them; the others go, and their children
    /// become its own.
    Merge {
        areas: Vec<AreaId>,
    },
    /// Moves a vertex in every area that has it.
    MoveVertex {
        from: LngLat,
        to: LngLat,
    },
    /// Draws a stretch of border anew, from its first vertex to its last, in every area
    /// that has it.
    MoveBorder {
        from: Vec<LngLat>,
        to: Vec<LngLat>,
    },
    /// Adds an area. Its ground is taken from the siblings that have it now.
    Draw {
        area: NewArea,
        outline: Outline,
    },
    /// Gives an area another ground. What it gains is taken from its siblings.
    Redraw {
        area: AreaId,
        outline: Outline,
    },
    /// Takes an area out of the territory, with everything below it.
    Delete {
        area: AreaId,
    },
    Rename {
        area: AreaId,
        name: String,
    },
    /// Gives an area another code; with `cascade` the codes of all below it begin with the
    /// new one instead of the old.
    Recode {
        area: AreaId,
        code: String,
        cascade: bool,
    },
    Reparent {
        area: AreaId,
        parent: Option<String>,
    },
    SetKind {
        area: AreaId,
        kind: GridKind,
    },
    /// Takes an area out of the draft: it is again as the edition has it.
    Restore {
        area: AreaId,
    },
    /// Puts an area as a whole, as other programs do: without an identity it is new.
    Put {
        area: Option<AreaId>,
        state: NewArea,
        outline: Option<Outline>,
    },
}

/// What is said of an area that is drawn.
#[derive(Debug, Clone)]
pub struct NewArea {
    /// The next free one under its parent when absent.
    pub code: Option<String>,
    pub name: String,
    pub level: Level,
    pub parent: Option<String>,
    pub kind: Option<GridKind>,
}

type Entries = BTreeMap<AreaId, Option<DraftEntry>>;

impl Services {
    /// Edits a draft, and says which areas are other than before.
    ///
    /// # Errors
    /// When the edit cannot be done, which is named; when an area would lie outside the
    /// actor's own; or somebody was faster. Nothing has changed then.
    pub async fn edit_draft(
        &self,
        actor: &Actor,
        id: DraftId,
        version: i64,
        edit: Edit,
    ) -> Result<(Draft, Vec<AreaId>), ServiceError> {
        self.open_at(actor, id, version).await?;
        let workspace = self.load_workspace(actor, id).await?;
        let services = self.clone();
        let work = tokio::task::spawn_blocking(move || {
            let desk = Editor {
                plots: workspace.plots(),
                workspace: &workspace,
                fresh: &|| AreaId(services.clock().fresh_id()),
            };
            desk.edit(edit)
        });
        let edited = work.await.map_err(|_| ServiceError::Interrupted)??;
        let areas = edited.entries.keys().copied().collect();
        let change = Change {
            operation: edited.operation,
            record: edited.record,
            entries: edited.entries.into_iter().collect(),
            undoes: None,
        };
        let draft = self.change_draft(actor, id, version, change).await?;
        Ok((draft, areas))
    }
}

struct Edited {
    operation: &'static str,
    record: Value,
    entries: Entries,
}

struct Editor<'a> {
    workspace: &'a Workspace,
    plots: Vec<Plot<'a>>,
    fresh: &'a dyn Fn() -> AreaId,
}

impl Editor<'_> {
    fn edit(&self, edit: Edit) -> Result<Edited, DraftError> {
        match edit {
            Edit::Split {
                area,
                line,
                names,
                codes,
            } => self.split(area, &line, &names, &codes),
            Edit::Merge { areas } => self.merge(&areas),
            Edit::MoveVertex { from, to } => {
                let near = self.near(|bounds| bounds.contains(from));
                let moved = edit::move_vertex(&near, from, to)?;
                let record = json!({ "from": from, "to": to });
                self.follow("move_vertex", record, moved)
            }
            Edit::MoveBorder { from, to } => {
                let around = BoundingBox::around(from.iter().copied());
                let near =
                    self.near(|bounds| around.is_some_and(|around| bounds.intersects(&around)));
                let moved = edit::move_border(&near, &from, &to)?;
                let record = json!({ "from": from, "to": to });
                self.follow("move_border", record, moved)
            }
            Edit::Draw { area, outline } => self.draw(area, &outline),
            Edit::Redraw { area, outline } => self.redraw(area, &outline),
            Edit::Delete { area } => self.delete(area),
            Edit::Rename { area, name } => self.alter(area, "rename", |area| {
                name.trim().clone_into(&mut area.name);
            }),
            Edit::Recode {
                area,
                code,
                cascade,
            } => self.recode(area, code.trim(), cascade),
            Edit::Reparent { area, parent } => {
                self.alter(area, "reparent", |area| area.parent = parent)
            }
            Edit::SetKind { area, kind } => {
                self.alter(area, "set_kind", |area| area.kind = Some(kind))
            }
            Edit::Restore { area } => {
                if self.workspace.entry(area).is_none() {
                    return Err(DraftError::UnknownArea(area.to_string()));
                }
                Ok(Edited {
                    operation: "restore",
                    record: Value::Null,
                    entries: [(area, None)].into(),
                })
            }
            Edit::Put {
                area,
                state,
                outline,
            } => self.put(area, state, outline),
        }
    }

    fn find(&self, id: AreaId) -> Result<DraftArea, DraftError> {
        self.workspace
            .find(id)
            .ok_or_else(|| DraftError::UnknownArea(id.to_string()))
    }

    /// Every area with ground, of any level, whose box passes.
    fn near(&self, passes: impl Fn(&BoundingBox) -> bool) -> Vec<Plot<'_>> {
        let plots = self.plots.iter();
        plots
            .filter(|plot| bounds_of(plot.ground).is_some_and(|bounds| passes(&bounds)))
            .copied()
            .collect()
    }

    /// The siblings of an area that come near a box: those of its level with its parent.
    fn siblings(&self, area: &DraftArea, bounds: &BoundingBox) -> Vec<Plot<'_>> {
        let mut near = self.near(|other| other.intersects(bounds));
        near.retain(|plot| {
            plot.level == area.level && plot.parent == area.parent.as_deref() && plot.id != area.id
        });
        near
    }

    /// Whoever has edges that got vertices takes them in.
    fn insert_around(
        &self,
        entries: &mut Entries,
        bounds: Option<BoundingBox>,
        inserted: &[Insertion],
    ) -> Result<(), DraftError> {
        let Some(bounds) = bounds.filter(|_| !inserted.is_empty()) else {
            return Ok(());
        };
        for plot in self.near(|other| other.intersects(&bounds)) {
            let area = match entries.get(&plot.id) {
                Some(Some(DraftEntry::Put(area))) => area.clone(),
                Some(_) => continue,
                None => self.find(plot.id)?,
            };
            let drawn = area.outline.as_deref();
            if let Some(outline) = drawn.and_then(|drawn| edit::insert_vertices(drawn, inserted)) {
                put(
                    entries,
                    DraftArea {
                        outline: Some(Arc::new(outline)),
                        ..area
                    },
                );
            }
        }
        Ok(())
    }

    /// Areas get the ground that an edit has given them.
    fn follow(
        &self,
        operation: &'static str,
        mut record: Value,
        moved: Vec<(AreaId, Outline)>,
    ) -> Result<Edited, DraftError> {
        let mut entries = Entries::new();
        let mut codes = Vec::new();
        for (id, outline) in moved {
            let area = self.find(id)?;
            codes.push(area.code.clone());
            put(
                &mut entries,
                DraftArea {
                    outline: Some(Arc::new(outline)),
                    ..area
                },
            );
        }
        codes.sort_unstable();
        if let Value::Object(record) = &mut record {
            record.insert("areas".to_owned(), json!(codes));
        }
        Ok(Edited {
            operation,
            record,
            entries,
        })
    }

    fn alter(
        &self,
        id: AreaId,
        operation: &'static str,
        change: impl FnOnce(&mut DraftArea),
    ) -> Result<Edited, DraftError> {
        let mut area = self.find(id)?;
        let before = describe(&area);
        change(&mut area);
        let record = json!({ "before": before, "after": describe(&area) });
        let mut entries = Entries::new();
        put(&mut entries, area);
        Ok(Edited {
            operation,
            record,
            entries,
        })
    }

    fn split(
        &self,
        id: AreaId,
        line: &[LngLat],
        names: &[String],
        codes: &[String],
    ) -> Result<Edited, DraftError> {
        let area = self.find(id)?;
        let plot = Plot::drafted(&area);
        let bounds = bounds_of(plot.ground);
        let cut = edit::split(&plot, line)?;
        let mut entries = Entries::new();
        let mut pieces = cut.pieces.into_iter();
        let Some(largest) = pieces.next() else {
            return Err(DraftError::UnknownArea(id.to_string()));
        };
        put(
            &mut entries,
            DraftArea {
                outline: Some(Arc::new(largest)),
                ..area.clone()
            },
        );
        let mut taken = self.codes_under(area.parent.as_deref());
        let mut made = vec![area.code.clone()];
        for (number, piece) in pieces.enumerate() {
            let code = match codes.get(number) {
                Some(code) => code.trim().to_owned(),
                None => self.next_code(&area, &mut taken),
            };
            let name = names.get(number).map(|name| name.trim().to_owned());
            made.push(code.clone());
            let new = DraftArea {
                id: (self.fresh)(),
                name: name.unwrap_or_else(|| format!("{} {}", area.name, number + 2)),
                code,
                outline: Some(Arc::new(piece)),
                lineage: vec![id],
                feature: None,
                ..area.clone()
            };
            self.adopt(&mut entries, &area, &new);
            put(&mut entries, new);
        }
        // Whoever shares the border that is cut, at any level, gets the new vertices too.
        self.insert_around(&mut entries, bounds, &cut.inserted)?;
        Ok(Edited {
            operation: "split",
            record: json!({ "line": line, "area": area.code, "into": made }),
            entries,
        })
    }

    /// Children whose label lies on the new piece become the piece's.
    fn adopt(&self, entries: &mut Entries, from: &DraftArea, to: &DraftArea) {
        let Some(shape) = to
            .outline
            .as_deref()
            .and_then(|drawn| drawn.to_shape().ok())
        else {
            return;
        };
        for child in self.workspace.children(&from.code) {
            let label = child
                .outline
                .as_deref()
                .and_then(|drawn| drawn.to_shape().ok())
                .map(|drawn| crate::geometry::label_point(&drawn));
            if label.is_some_and(|label| shape.covers(label)) {
                let child = match entries.remove(&child.id) {
                    Some(Some(DraftEntry::Put(known))) => known,
                    _ => child,
                };
                put(
                    entries,
                    DraftArea {
                        parent: Some(to.code.clone()),
                        ..child
                    },
                );
            }
        }
    }

    fn merge(&self, ids: &[AreaId]) -> Result<Edited, DraftError> {
        let parts: Vec<DraftArea> = ids
            .iter()
            .map(|id| self.find(*id))
            .collect::<Result<_, _>>()?;
        let plots: Vec<Plot<'_>> = parts.iter().map(Plot::drafted).collect();
        let whole = edit::merge(&plots)?;
        let Some((first, rest)) = parts.split_first() else {
            return Err(DraftError::UnknownArea(String::new()));
        };
        let mut entries = Entries::new();
        for gone in rest {
            entries.insert(gone.id, self.gone(gone.id));
            for child in self.workspace.children(&gone.code) {
                put(
                    &mut entries,
                    DraftArea {
                        parent: Some(first.code.clone()),
                        ..child
                    },
                );
            }
        }
        let mut lineage = first.lineage.clone();
        lineage.extend(rest.iter().map(|gone| gone.id));
        put(
            &mut entries,
            DraftArea {
                outline: Some(Arc::new(whole)),
                lineage,
                ..first.clone()
            },
        );
        let codes: Vec<&str> = parts.iter().map(|area| area.code.as_str()).collect();
        Ok(Edited {
            operation: "merge",
            record: json!({ "areas": codes, "into": first.code }),
            entries,
        })
    }

    fn draw(&self, new: NewArea, outline: &Outline) -> Result<Edited, DraftError> {
        let area = self.new_area((self.fresh)(), new);
        self.draw_ground("draw", area, outline)
    }

    fn redraw(&self, id: AreaId, outline: &Outline) -> Result<Edited, DraftError> {
        let area = self.find(id)?;
        self.draw_ground("redraw", area, outline)
    }

    /// Gives an area ground, which is cut to its parent and taken from its siblings.
    fn draw_ground(
        &self,
        operation: &'static str,
        area: DraftArea,
        outline: &Outline,
    ) -> Result<Edited, DraftError> {
        let bounds = outline.bounds();
        let siblings = bounds.map_or_else(Vec::new, |bounds| self.siblings(&area, &bounds));
        let parent = area.parent.as_deref();
        let parent = parent.and_then(|code| self.plots.iter().find(|plot| plot.code == code));
        let parent = parent.and_then(|parent| match parent.ground {
            Ground::Unknown => None,
            Ground::Standing(shape) => Some(shape.clone()),
            Ground::Drawn(outline) => outline.to_shape().ok(),
        });
        let drawn = edit::draw(outline, &siblings, parent.as_ref())?;
        let record = json!({ "area": describe(&area) });
        let mut done = self.follow(operation, record, drawn.changed)?;
        put(
            &mut done.entries,
            DraftArea {
                outline: Some(Arc::new(drawn.ground)),
                ..area
            },
        );
        self.insert_around(&mut done.entries, bounds, &drawn.inserted)?;
        Ok(done)
    }

    fn delete(&self, id: AreaId) -> Result<Edited, DraftError> {
        let area = self.find(id)?;
        let mut entries = Entries::new();
        let mut codes = Vec::new();
        let mut ahead = vec![(id, area.code)];
        while let Some((id, code)) = ahead.pop() {
            let below = self.plots.iter();
            ahead.extend(
                below
                    .filter(|plot| !code.is_empty() && plot.parent == Some(&code))
                    .map(|plot| (plot.id, plot.code.to_owned())),
            );
            entries.insert(id, self.gone(id));
            codes.push(code);
        }
        Ok(Edited {
            operation: "delete",
            record: json!({ "areas": codes }),
            entries,
        })
    }

    /// What an area that goes leaves in the draft: nothing, if it was only ever there.
    fn gone(&self, id: AreaId) -> Option<DraftEntry> {
        self.workspace.standing(id).map(|_| DraftEntry::Removed)
    }

    fn recode(&self, id: AreaId, code: &str, cascade: bool) -> Result<Edited, DraftError> {
        let area = self.find(id)?;
        let old = area.code.clone();
        let mut entries = Entries::new();
        if cascade && !old.is_empty() {
            let mut ahead = vec![old.clone()];
            while let Some(parent) = ahead.pop() {
                for mut child in self.workspace.children(&parent) {
                    ahead.push(child.code.clone());
                    child.parent = child.parent.map(|parent| rebase_code(&parent, &old, code));
                    child.code = rebase_code(&child.code, &old, code);
                    put(&mut entries, child);
                }
            }
        }
        put(
            &mut entries,
            DraftArea {
                code: code.to_owned(),
                ..area
            },
        );
        Ok(Edited {
            operation: "recode",
            record: json!({ "before": old, "after": code, "areas": entries.len() }),
            entries,
        })
    }

    fn put(
        &self,
        id: Option<AreaId>,
        state: NewArea,
        outline: Option<Outline>,
    ) -> Result<Edited, DraftError> {
        let mut area = self.new_area(id.unwrap_or_else(|| (self.fresh)()), state);
        // What the draft has taken out comes back as it is put.
        let removed = matches!(
            id.and_then(|id| self.workspace.entry(id)),
            Some(DraftEntry::Removed)
        );
        if let Some(id) = id
            && !removed
        {
            let known = self.find(id)?;
            area.lineage = known.lineage;
            area.generated = known.generated;
        }
        area.outline = outline.map(Arc::new);
        let record = json!({ "area": describe(&area) });
        let mut entries = Entries::new();
        put(&mut entries, area);
        Ok(Edited {
            operation: "put",
            record,
            entries,
        })
    }

    fn new_area(&self, id: AreaId, new: NewArea) -> DraftArea {
        let is_grid = matches!(new.level, Level::Grid | Level::Microgrid);
        let mut area = DraftArea {
            id,
            code: String::new(),
            name: new.name.trim().to_owned(),
            level: Some(new.level),
            parent: new.parent,
            kind: is_grid.then(|| new.kind.unwrap_or(GridKind::General)),
            outline: None,
            generated: false,
            lineage: Vec::new(),
            feature: None,
        };
        area.code = if let Some(code) = new.code {
            code.trim().to_owned()
        } else {
            let mut taken = self.codes_under(area.parent.as_deref());
            self.next_code(&area, &mut taken)
        };
        area
    }

    fn codes_under(&self, parent: Option<&str>) -> HashSet<String> {
        let siblings = self.plots.iter().filter(|plot| plot.parent == parent);
        siblings.map(|plot| plot.code.to_owned()).collect()
    }

    /// The next free code under the parent of an area; empty when the scheme does not say
    /// how codes are made, or there is none left.
    fn next_code(&self, area: &DraftArea, taken: &mut HashSet<String>) -> String {
        let code = next_code(self.workspace.scheme(), area, taken).unwrap_or_default();
        taken.insert(code.clone());
        code
    }
}

/// After the largest code in use, so that codes of areas that are gone do not come back.
fn next_code(scheme: &CodeScheme, area: &DraftArea, taken: &HashSet<String>) -> Option<String> {
    let length = *scheme.levels.get(&area.level?)?;
    let prefix = if scheme.prefix {
        area.parent.as_deref()?
    } else {
        ""
    };
    let digits = length
        .checked_sub(prefix.len())
        .filter(|&digits| digits > 0)?;
    let numbers = taken
        .iter()
        .filter_map(|code| code.strip_prefix(prefix)?.parse::<u64>().ok());
    let next = numbers.max().unwrap_or(0) + 1;
    let code = format!("{prefix}{next:0digits$}");
    (code.len() == length).then_some(code)
}

fn rebase_code(code: &str, old: &str, new: &str) -> String {
    code.strip_prefix(old)
        .map_or_else(|| code.to_owned(), |rest| format!("{new}{rest}"))
}

fn put(entries: &mut Entries, area: DraftArea) {
    entries.insert(area.id, Some(DraftEntry::Put(area)));
}

fn bounds_of(ground: Ground<'_>) -> Option<BoundingBox> {
    match ground {
        Ground::Unknown => None,
        Ground::Standing(shape) => Some(shape.bounds()),
        Ground::Drawn(outline) => outline.bounds(),
    }
}

fn describe(area: &DraftArea) -> Value {
    json!({
        "id": area.id,
        "code": area.code,
        "name": area.name,
        "level": area.level,
        "parent": area.parent,
        "kind": area.kind,
    })
}
