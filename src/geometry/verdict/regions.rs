//! The faces of a divided ground that not exactly one child has, put together.

use std::collections::{BTreeMap, HashMap};

use super::border::Loop;
use super::coverage::{LOOSE, PARENT};
use super::footing::close;
use crate::domain::shape::edges;
use crate::domain::{LngLat, Outline};
use crate::geometry::measure::{length_m, outline_area_m2};
use crate::geometry::partition::Partition;

/// What is the matter with a piece of ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trouble {
    /// No child has it.
    Gap,
    /// Several children have it.
    Overlap,
    /// The parent does not have it, and a child does.
    Outside,
}

/// Ground with the same trouble and the same owners that hangs together.
#[derive(Debug, Clone)]
pub(super) struct Region {
    pub trouble: Trouble,
    /// The children who have it, in order; for a gap those around it, the longest border
    /// first.
    pub owners: Vec<u32>,
    pub outline: Outline,
    pub size_m2: f64,
    /// On average.
    pub width_m: f64,
    pub is_thinner_than_a_step: bool,
}

impl Region {
    fn new(trouble: Trouble, owners: Vec<u32>, outline: Outline) -> Self {
        let size_m2 = outline_area_m2(&outline);
        let rings = || outline.rings().flat_map(edges).filter(|(a, b)| a != b);
        let around_m: f64 = rings().map(|(a, b)| length_m(a, b)).sum();
        let steps = |(a, b): (LngLat, LngLat)| {
            let lon = f64::from(b.lon_e7()) - f64::from(a.lon_e7());
            let lat = f64::from(b.lat_e7()) - f64::from(a.lat_e7());
            lon.hypot(lat)
        };
        let around_steps: f64 = rings().map(steps).sum();
        let doubled: i128 = outline
            .polygons
            .iter()
            .map(|rings| {
                let grounds = rings
                    .iter()
                    .map(|ring| crate::domain::shape::doubled_area_e14(ring).abs());
                let all: i128 = grounds.clone().sum();
                // The outer ring, less the holes.
                2 * grounds.take(1).sum::<i128>() - all
            })
            .sum();
        #[expect(clippy::cast_precision_loss, reason = "compared with a tolerance")]
        let is_thinner_than_a_step = (doubled as f64) < around_steps;
        Self {
            trouble,
            owners,
            size_m2,
            width_m: if around_m > 0.0 {
                2.0 * size_m2 / around_m
            } else {
                0.0
            },
            is_thinner_than_a_step,
            outline,
        }
    }

    /// What a loop encloses, as far as it can be told by itself.
    pub(super) fn of_loop(round: &Loop) -> Self {
        let owners = round.owners();
        let trouble = match round.doubled_area_e14().signum() {
            -1 => Trouble::Gap,
            _ if owners.contains(&PARENT) => Trouble::Outside,
            _ => Trouble::Overlap,
        };
        let children = owners.into_iter().filter(|&owner| owner != PARENT);
        let outline = Outline {
            polygons: vec![vec![close(&round.points())]],
        };
        Self::new(trouble, children.collect(), outline)
    }
}

/// A partition with children by their numbers, [`PARENT`], and [`LOOSE`]: the loops.
pub(super) struct Faces<'a> {
    pub partition: &'a Partition,
    /// Whether the loops were made with the edges of an owner.
    pub is_counted: &'a dyn Fn(u32) -> bool,
    pub has_parent: bool,
}

type Label = (Trouble, Vec<u32>);

impl Faces<'_> {
    pub(super) fn find_regions(&self) -> Vec<Region> {
        let faces = 0..self.partition.faces().len();
        let shared: Vec<_> = faces.clone().map(|face| self.share(face)).collect();
        let mut regions = self.gather(&shared);
        if self.has_parent {
            let strays: Vec<_> = faces.map(|face| self.stray(face)).collect();
            regions.extend(self.gather(&strays));
        }
        regions
    }

    fn children(&self, face: usize) -> Vec<u32> {
        let owners = self.partition.faces()[face].owners.iter().copied();
        owners.filter(|&owner| owner < LOOSE).collect()
    }

    fn has(&self, face: usize, owner: u32) -> bool {
        self.partition.faces()[face].owners.contains(&owner)
    }

    /// Not all children are in the partition, only those near loops. Loops wind an odd number
    /// of times around a face when an odd number of those who made them have it, the absent
    /// children too; so parity tells whether one of those has the face. Within seams, which
    /// are no loops, it is wrong as well, and nothing is told of them twice.
    fn is_told(&self, face: usize) -> bool {
        let owners = &self.partition.faces()[face].owners;
        let counted = owners.iter().filter(|&&owner| (self.is_counted)(owner));
        (counted.count() % 2 == 1) == self.has(face, LOOSE)
    }

    fn share(&self, face: usize) -> Option<Label> {
        let children = self.children(face);
        if !self.is_told(face) {
            return None;
        }
        match children.len() {
            0 if !self.has_parent || self.has(face, PARENT) => Some((Trouble::Gap, children)),
            0 | 1 => None,
            _ => Some((Trouble::Overlap, children)),
        }
    }

    fn stray(&self, face: usize) -> Option<Label> {
        let children = self.children(face);
        let strays = self.is_told(face) && !children.is_empty() && !self.has(face, PARENT);
        strays.then_some((Trouble::Outside, children))
    }

    /// Puts faces together that have the same label and a border in common.
    fn gather(&self, labels: &[Option<Label>]) -> Vec<Region> {
        if labels.iter().all(Option::is_none) {
            return Vec::new();
        }
        let mut roots: Vec<usize> = (0..labels.len()).collect();
        for (_, faces) in self.partition.borders() {
            if let [Some(a), Some(b)] = faces
                && labels[a].is_some()
                && labels[a] == labels[b]
            {
                let (a, b) = (find_root(&mut roots, a), find_root(&mut roots, b));
                roots[a.max(b)] = a.min(b);
            }
        }
        let mut numbers: HashMap<usize, u32> = HashMap::new();
        let mut kinds: Vec<Label> = Vec::new();
        let mut region_of: Vec<Option<u32>> = Vec::with_capacity(labels.len());
        for (face, label) in labels.iter().enumerate() {
            let region = label.clone().map(|label| {
                let root = find_root(&mut roots, face);
                *numbers.entry(root).or_insert_with(|| {
                    kinds.push(label);
                    u32::try_from(kinds.len() - 1).unwrap_or(u32::MAX)
                })
            });
            region_of.push(region);
        }
        let around = self.find_around(&region_of);
        let assembly = self.partition.assemble(|face| region_of[face]);
        let regions = assembly
            .grounds
            .into_iter()
            .filter_map(|(region, outline)| {
                let (trouble, owners) = kinds.get(region as usize)?.clone();
                let owners = match trouble {
                    Trouble::Gap => around.get(&region).cloned().unwrap_or_default(),
                    Trouble::Overlap | Trouble::Outside => owners,
                };
                Some(Region::new(trouble, owners, outline))
            });
        regions.collect()
    }

    /// The children around each region, the longest border first.
    fn find_around(&self, region_of: &[Option<u32>]) -> HashMap<u32, Vec<u32>> {
        let mut borders: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        for (ends, faces) in self.partition.borders() {
            for [inner, outer] in [faces, [faces[1], faces[0]]] {
                if let (Some(inner), Some(outer)) = (inner, outer)
                    && let Some(region) = region_of[inner]
                {
                    for child in self.children(outer) {
                        *borders.entry((region, child)).or_default() += length_m(ends[0], ends[1]);
                    }
                }
            }
        }
        let mut borders: Vec<_> = borders.into_iter().collect();
        borders.sort_by(|(a, a_m), (b, b_m)| b_m.total_cmp(a_m).then(a.cmp(b)));
        let mut around: HashMap<u32, Vec<u32>> = HashMap::new();
        for ((region, child), _) in borders {
            around.entry(region).or_default().push(child);
        }
        around
    }

    /// What the ground within loops is more, or less, than the ground that somebody has: loops
    /// count ground as often as it is claimed, and know nothing of those who did not make them.
    pub(super) fn correct_cover_m2(&self) -> f64 {
        let faces = 0..self.partition.faces().len();
        let told = faces.filter(|&face| self.is_told(face));
        let corrections = told.map(|face| {
            let children = self.children(face);
            let counted = children.iter().filter(|&&child| (self.is_counted)(child));
            match (counted.count(), children.is_empty()) {
                (0, false) => self.size_m2(face),
                (0 | 1, _) => 0.0,
                #[expect(clippy::cast_precision_loss, reason = "few claim the same ground")]
                (count, _) => -self.size_m2(face) * (count - 1) as f64,
            }
        });
        corrections.sum()
    }

    pub(super) fn parent_m2(&self) -> f64 {
        let faces = 0..self.partition.faces().len();
        let own = faces.filter(|&face| self.has(face, PARENT));
        own.map(|face| self.size_m2(face)).sum()
    }

    fn size_m2(&self, face: usize) -> f64 {
        outline_area_m2(&self.partition.outline_of(face))
    }
}

fn find_root(roots: &mut [usize], mut node: usize) -> usize {
    while roots[node] != node {
        roots[node] = roots[roots[node]];
        node = roots[node];
    }
    node
}
