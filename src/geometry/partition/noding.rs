//! Cutting edges where they meet, until they meet only at their ends.
//!
//! This is snap rounding (Hobby 1999; Guibas and Marimont 1998). Each lattice point has a pixel,
//! the square of all places that are rounded to it. When two edges cross between lattice
//! points, the pixel of the crossing becomes hot, and so do those of the edges' ends; and every
//! edge that passes through a hot pixel is led through its lattice point. An edge never leaves
//! the pixels that it passes as it was drawn, however many others it crosses, and two edges
//! whose ends and crossing are hot do not cross any more. Edges that cross nothing heat nothing:
//! they stay as they are, unless they pass through a pixel that others have heated.

use std::collections::{BTreeMap, BTreeSet};

use rstar::{AABB, RTree, RTreeObject};

use super::PartitionError;
use super::owners::{NOBODY, OwnerSets, SetId};
use super::segment::{Segment, crossing, do_meet};
use crate::domain::LngLat;

/// An edge with those whose rings run along it an odd number of times.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub segment: Segment,
    pub owners: SetId,
    /// A line that only cuts runs along it.
    pub line: bool,
    /// One of the sources that it is of.
    pub source: usize,
}

/// Edges that meet only at their ends, and what they were cut from.
#[derive(Debug, Clone)]
pub(super) struct Noded {
    /// In order, each edge once. Who has ground on one side alone is among its owners.
    pub pieces: Vec<Piece>,
    /// The edges as they were drawn, in order, each once.
    pub sources: Vec<Piece>,
    /// For sources that were cut, the points in the order of the source.
    pub splits: BTreeMap<usize, Vec<LngLat>>,
}

impl Noded {
    /// Cuts the sources, which are in order. The pixels of `feet` are hot to begin with.
    pub fn cut(
        sources: Vec<Piece>,
        feet: &[LngLat],
        sets: &mut OwnerSets,
    ) -> Result<Self, PartitionError> {
        let mut noded = Self {
            pieces: Vec::new(),
            sources,
            splits: BTreeMap::new(),
        };
        let tree = entries(&noded.sources);
        let mut hot = BTreeSet::new();
        noded.heat(feet.iter().copied(), &tree, &mut hot);
        noded.pieces = noded.merge(sets);
        let mut contacts = if noded.splits.is_empty() {
            contacts_among(&tree)
        } else {
            contacts_among(&entries(&noded.pieces))
        };
        // Each round heats pixels that were cold, and there are so many. Real borders need two
        // or three rounds.
        while let Some(&[first, _]) = contacts.first() {
            let at = noded.sources[first].segment.from;
            let segments = contacts
                .iter()
                .map(|pair| pair.map(|it| noded.sources[it].segment));
            let points: Vec<LngLat> = segments.flat_map(heated).collect();
            if !noded.heat(points, &tree, &mut hot) {
                return Err(PartitionError::Unsettled { at });
            }
            let pieces = noded.merge(sets);
            let old = std::mem::replace(&mut noded.pieces, pieces);
            contacts = contacts_of_new(&noded.pieces, &old);
        }
        Ok(noded)
    }

    /// Heats pixels, and leads every source through them that passes there. False when all
    /// were hot already.
    fn heat(
        &mut self,
        points: impl IntoIterator<Item = LngLat>,
        tree: &RTree<Entry>,
        hot: &mut BTreeSet<LngLat>,
    ) -> bool {
        let mut touched = BTreeSet::new();
        let before = hot.len();
        for point in points {
            if !hot.insert(point) {
                continue;
            }
            let pixel = Segment::new(point, point).envelope();
            let [low, high] = [pixel.lower(), pixel.upper()];
            let reach = AABB::from_corners(low.map(|it| it - 1.0), high.map(|it| it + 1.0));
            for entry in tree.locate_in_envelope_intersecting(&reach) {
                let Segment { from, to } = entry.segment;
                if point != from && point != to && entry.segment.passes(point) {
                    self.splits.entry(entry.source).or_default().push(point);
                    touched.insert(entry.source);
                }
            }
        }
        for source in touched {
            if let Some(points) = self.splits.get_mut(&source) {
                self.sources[source].segment.sort(points);
            }
        }
        hot.len() > before
    }

    pub fn segments(&self) -> Vec<Segment> {
        self.pieces.iter().map(|piece| piece.segment).collect()
    }

    /// The points that a source runs through, from end to end.
    pub fn chain(&self, source: usize, points: &[LngLat]) -> Vec<LngLat> {
        let Segment { from, to } = self.sources[source].segment;
        let mut chain = Vec::with_capacity(points.len() + 2);
        chain.push(from);
        chain.extend_from_slice(points);
        chain.push(to);
        chain
    }

    /// All pieces of all sources in order, equal ones made one. Those that nobody is left
    /// for divide nothing and are dropped.
    fn merge(&self, sets: &mut OwnerSets) -> Vec<Piece> {
        let whole = |&(i, _): &(usize, &Piece)| !self.splits.contains_key(&i);
        let mut all: Vec<Piece> = self
            .sources
            .iter()
            .enumerate()
            .filter(whole)
            .map(|(_, source)| *source)
            .collect();
        if self.splits.is_empty() {
            return all;
        }
        for (&source, points) in &self.splits {
            let chain = self.chain(source, points);
            all.extend(chain.windows(2).map(|ends| Piece {
                segment: Segment::new(ends[0], ends[1]),
                ..self.sources[source]
            }));
        }
        // Stable, for that is quick where most is in order.
        all.sort_by_key(|piece| piece.segment);
        let mut merged: Vec<Piece> = Vec::with_capacity(all.len());
        for same in all.chunk_by(|a, b| a.segment == b.segment) {
            let mut piece = same[0];
            for other in &same[1..] {
                piece.owners = sets.differ(piece.owners, other.owners);
                piece.line |= other.line;
            }
            if piece.owners != NOBODY || piece.line {
                merged.push(piece);
            }
        }
        merged
    }
}

/// A piece in a tree.
#[derive(Debug, Clone, Copy)]
struct Entry {
    segment: Segment,
    source: usize,
}

impl RTreeObject for Entry {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.segment.envelope()
    }
}

fn entries(pieces: &[Piece]) -> RTree<Entry> {
    let entry = |piece: &Piece| Entry {
        segment: piece.segment,
        source: piece.source,
    };
    RTree::bulk_load(pieces.iter().map(entry).collect())
}

/// The pairs of sources with pieces that meet elsewhere than at their ends, in order.
fn contacts_among(tree: &RTree<Entry>) -> Vec<[usize; 2]> {
    let pairs = tree.intersection_candidates_with_other_tree(tree);
    in_order(pairs.filter(|(one, other)| one.segment < other.segment))
}

/// As [`contacts_among`], of pieces that have not been looked at before.
fn contacts_of_new(pieces: &[Piece], old: &[Piece]) -> Vec<[usize; 2]> {
    let tree = entries(pieces);
    let is_new = |segment: &Segment| {
        let place = old.binary_search_by_key(segment, |piece| piece.segment);
        place.is_err()
    };
    let new: Vec<Entry> = tree
        .iter()
        .filter(|it| is_new(&it.segment))
        .copied()
        .collect();
    let pairs = new.iter().flat_map(|one| {
        let near = tree.locate_in_envelope_intersecting(&one.segment.envelope());
        near.filter(|other| one.segment != other.segment)
            .map(move |other| (one, other))
    });
    in_order(pairs)
}

fn in_order<'a>(pairs: impl Iterator<Item = (&'a Entry, &'a Entry)>) -> Vec<[usize; 2]> {
    let meeting = pairs.filter(|(one, other)| do_meet(one.segment, other.segment));
    let mut contacts: Vec<[usize; 2]> = meeting
        .map(|(one, other)| [one.source.min(other.source), one.source.max(other.source)])
        .collect();
    contacts.sort_unstable();
    contacts.dedup();
    contacts
}

/// The points whose pixels two edges heat: their ends, and where they cross.
fn heated([one, other]: [Segment; 2]) -> impl Iterator<Item = LngLat> {
    let ends = [one.from, one.to, other.from, other.to];
    ends.into_iter().chain(crossing(one, other))
}
