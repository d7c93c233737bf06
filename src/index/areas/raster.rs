//! The blocks that the ground of a level is divided into.

use std::ops::RangeInclusive;
use std::sync::Arc;

use rayon::prelude::*;

use super::cell::{self, Claim};
use super::edge::{Edge, Frame, Spot};
use super::ground::Ground;
use super::node::{self, Member, Sort};

/// A block is made so large that it has about so many edges, of each area's own.
const EDGES_PER_BLOCK: usize = 1_200;
/// There are at most so many blocks, or as many as a hundredth of the edges.
const MAX_BLOCKS: u64 = 1 << 16;

/// Squares of equal size over the ground of a level, each divided on its own. What does not
/// change is shared between one raster and the next.
#[derive(Debug, Clone, Default)]
pub(super) struct Raster {
    /// A block has 2^`shift` lattice points a side.
    shift: u32,
    west: u32,
    south: u32,
    columns: u32,
    rows: u32,
    blocks: Vec<Block>,
    /// The numbers of the areas whose boxes meet a block, for each block.
    members: Vec<Arc<[u32]>>,
}

#[derive(Debug, Clone)]
struct Block {
    words: Arc<[u32]>,
    bits: u32,
}

/// An area that is put on the raster.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entrant<'a> {
    pub slot: u32,
    pub ground: Ground<'a>,
    /// The shape must be asked.
    pub asked: bool,
}

impl Raster {
    /// Divides the ground of a level. The areas come in the order of the atlas.
    pub fn build(entrants: &[Entrant<'_>]) -> Self {
        let boxes: Vec<(Spot, Spot)> = entrants.iter().map(Entrant::corners).collect();
        let edges = entrants
            .iter()
            .map(|it| it.ground.shape.vertex_count())
            .sum();
        let mut raster = Self::over(choose_shift(&boxes, edges), &boxes);
        let mut members = vec![Vec::new(); raster.members.len()];
        for (at, corners) in (0_usize..).zip(&boxes) {
            raster.each_block(*corners, |block| members[block].push(at));
        }
        let built: Vec<(Block, Arc<[u32]>)> = members
            .par_iter()
            .enumerate()
            .map(|(block, members)| {
                let members: Vec<Entrant<'_>> = members.iter().map(|&at| entrants[at]).collect();
                let slots = members.iter().map(|it| it.slot).collect();
                (build_block(raster.frame(block), &members), slots)
            })
            .collect();
        (raster.blocks, raster.members) = built.into_iter().unzip();
        raster
    }

    /// Divides those blocks anew that `dirty` boxes or those of `entered` areas meet.
    /// `is_gone` tells the numbers that are no longer what they were; `entrant` gives an area
    /// by its number, and its place in the order. `None` when the new areas lie so far off that
    /// another layout is due.
    pub fn change<'a>(
        &self,
        dirty: &[(Spot, Spot)],
        is_gone: impl Fn(u32) -> bool + Sync,
        entered: &[Entrant<'a>],
        entrant: impl Fn(u32) -> Option<(u32, Entrant<'a>)> + Sync,
    ) -> Option<Self> {
        let mut raster = self.reaching(entered.iter().map(Entrant::corners))?;
        let mut touched: Vec<(usize, Option<u32>)> = Vec::new();
        for &corners in dirty {
            raster.each_block(corners, |block| touched.push((block, None)));
        }
        for it in entered {
            raster.each_block(it.corners(), |block| touched.push((block, Some(it.slot))));
        }
        touched.sort_unstable();
        let rebuilt: Vec<(usize, Block, Arc<[u32]>)> = touched
            .par_chunk_by(|a, b| a.0 == b.0)
            .map(|touched| {
                let block = touched[0].0;
                let staying = raster.members[block].iter().copied();
                let mut members: Vec<(u32, Entrant<'_>)> = staying
                    .filter(|&slot| !is_gone(slot))
                    .chain(touched.iter().filter_map(|&(_, slot)| slot))
                    .filter_map(&entrant)
                    .collect();
                members.sort_by_key(|&(order, _)| order);
                let members: Vec<Entrant<'_>> = members.into_iter().map(|(_, it)| it).collect();
                let slots = members.iter().map(|it| it.slot).collect();
                (block, build_block(raster.frame(block), &members), slots)
            })
            .collect();
        for (at, block, members) in rebuilt {
            raster.blocks[at] = block;
            raster.members[at] = members;
        }
        Some(raster)
    }

    /// Who owns a point, by number.
    pub fn find(&self, spot: Spot) -> Claim<'_> {
        let column = (spot.x >> self.shift).wrapping_sub(self.west);
        let row = (spot.y >> self.shift).wrapping_sub(self.south);
        if column >= self.columns || row >= self.rows {
            return Claim::Nobody;
        }
        match self.blocks.get(self.at(column, row)) {
            Some(block) => cell::find(&block.words, self.shift, block.bits, spot),
            None => Claim::Nobody,
        }
    }

    /// Calls `found` once with each area whose box may meet the box between two corners.
    pub fn each_near(
        &self,
        (min, max): (Spot, Spot),
        corners: impl Fn(u32) -> (Spot, Spot),
        mut found: impl FnMut(u32),
    ) {
        self.each_block((min, max), |block| {
            for &slot in self.members[block].iter() {
                let (low, high) = corners(slot);
                if low.x > max.x || min.x > high.x || low.y > max.y || min.y > high.y {
                    continue;
                }
                // Boxes that meet in many blocks are found in the first of them.
                let first = Spot {
                    x: low.x.max(min.x),
                    y: low.y.max(min.y),
                };
                let at = self.at(
                    (first.x >> self.shift) - self.west,
                    (first.y >> self.shift) - self.south,
                );
                if at == block {
                    found(slot);
                }
            }
        });
    }

    /// Bytes of memory, also those that other rasters share.
    pub fn size_bytes(&self) -> usize {
        let words = |words: &Arc<[u32]>| size_of_val::<[u32]>(words) + 16;
        self.blocks.iter().map(|it| words(&it.words)).sum::<usize>()
            + self.members.iter().map(words).sum::<usize>()
            + size_of_val(&self.blocks[..])
            + size_of_val(&self.members[..])
    }

    /// How many blocks this raster shares with another, and how many it has.
    #[cfg(test)]
    pub fn shared_blocks(&self, other: &Self) -> (usize, usize) {
        let shared = self.blocks.iter().filter(|block| {
            let same = |it: &&Block| Arc::ptr_eq(&it.words, &block.words);
            other.blocks.iter().any(|it| same(&it))
        });
        (shared.count(), self.blocks.len())
    }

    /// Blocks without areas, over all boxes.
    fn over(shift: u32, boxes: &[(Spot, Spot)]) -> Self {
        let Some((min, max)) = boxes.iter().copied().reduce(union) else {
            return Self::default();
        };
        let (columns, rows) = spans(shift, (min, max));
        let mut raster = Self {
            shift,
            west: *columns.start(),
            south: *rows.start(),
            columns: columns.end() - columns.start() + 1,
            rows: rows.end() - rows.start() + 1,
            ..Self::default()
        };
        let count = raster.columns as usize * raster.rows as usize;
        raster.blocks = vec![Block::empty(); count];
        raster.members = vec![Arc::from([]); count];
        raster
    }

    /// The same blocks, and as many empty ones as it takes to reach all boxes; `None` when
    /// that were too many.
    fn reaching(&self, boxes: impl Iterator<Item = (Spot, Spot)>) -> Option<Self> {
        let (Some(bounds), Some(last)) = (boxes.reduce(union), self.blocks.len().checked_sub(1))
        else {
            return Some(self.clone());
        };
        let first = self.frame(0);
        let own = (
            Spot {
                x: first.x,
                y: first.y,
            },
            self.frame(last).last(),
        );
        let whole = union(own, bounds);
        if count_blocks(self.shift, whole) > 4 * self.blocks.len() as u64 + 1_024 {
            return None;
        }
        let mut raster = Self::over(self.shift, &[whole]);
        for at in 0..self.blocks.len() {
            let frame = self.frame(at);
            let to = raster.at(
                (frame.x >> self.shift) - raster.west,
                (frame.y >> self.shift) - raster.south,
            );
            raster.blocks[to] = self.blocks[at].clone();
            raster.members[to] = Arc::clone(&self.members[at]);
        }
        Some(raster)
    }

    const fn at(&self, column: u32, row: u32) -> usize {
        row as usize * self.columns as usize + column as usize
    }

    #[expect(clippy::cast_possible_truncation, reason = "fewer than 2³² blocks")]
    const fn frame(&self, block: usize) -> Frame {
        let (row, column) = (block as u32 / self.columns, block as u32 % self.columns);
        Frame {
            x: (self.west + column) << self.shift,
            y: (self.south + row) << self.shift,
            shift: self.shift,
        }
    }

    /// Calls `found` with every block that a box meets.
    fn each_block(&self, corners: (Spot, Spot), mut found: impl FnMut(usize)) {
        if self.blocks.is_empty() {
            return;
        }
        let (columns, rows) = spans(self.shift, corners);
        let clip = |span: RangeInclusive<u32>, first: u32, count: u32| {
            (*span.start()).max(first)..(*span.end()).saturating_add(1).min(first + count)
        };
        for row in clip(rows, self.south, self.rows) {
            for column in clip(columns.clone(), self.west, self.columns) {
                found(self.at(column - self.west, row - self.south));
            }
        }
    }
}

impl Block {
    fn empty() -> Self {
        Self {
            words: Arc::from([0, 0]),
            bits: 0,
        }
    }
}

impl Entrant<'_> {
    pub const fn corners(&self) -> (Spot, Spot) {
        Spot::corners(&self.ground.shape.bounds())
    }
}

fn build_block(frame: Frame, entrants: &[Entrant<'_>]) -> Block {
    let mut edges = Vec::new();
    let mut members = Vec::with_capacity(entrants.len());
    for entrant in entrants {
        let start = edges.len();
        let sort = if entrant.asked {
            let (min, max) = entrant.corners();
            Sort::Asked(min, max)
        } else {
            Sort::Plain {
                inside: gather(frame, entrant, &mut edges),
            }
        };
        if sort != (Sort::Plain { inside: false }) || edges.len() > start {
            members.push(Member {
                slot: entrant.slot,
                sort,
                edges: start..edges.len(),
            });
        }
    }
    if members.is_empty() {
        return Block::empty();
    }
    let (words, bits) = node::divide(frame, &members, &edges);
    Block {
        words: words.into(),
        bits,
    }
}

/// Adds the edges of an area that come near a block; says whether the area has the block's
/// corner.
fn gather(frame: Frame, entrant: &Entrant<'_>, edges: &mut Vec<Edge>) -> bool {
    let mut inside = false;
    let (corner, last) = (frame.corner(), frame.last());
    // Only what lies south-west of the block, or in it, has to do with it.
    let concerns =
        |(min, max): (Spot, Spot)| min.x <= last.x && min.y <= last.y && frame.y <= max.y;
    entrant.ground.each_edge(
        |bounds| concerns(Spot::corners(bounds)),
        |a, b| {
            let edge = Edge::of((a, b));
            if frame.is_near(edge) {
                edges.push(edge);
            }
            inside ^= edge.lies_west_of(corner);
        },
    );
    inside
}

fn union(one: (Spot, Spot), other: (Spot, Spot)) -> (Spot, Spot) {
    (
        Spot {
            x: one.0.x.min(other.0.x),
            y: one.0.y.min(other.0.y),
        },
        Spot {
            x: one.1.x.max(other.1.x),
            y: one.1.y.max(other.1.y),
        },
    )
}

/// The columns and rows of blocks that a box meets, counted from the corner of the world.
const fn spans(shift: u32, (min, max): (Spot, Spot)) -> (RangeInclusive<u32>, RangeInclusive<u32>) {
    (
        min.x >> shift..=max.x >> shift,
        min.y >> shift..=max.y >> shift,
    )
}

fn count_blocks(shift: u32, corners: (Spot, Spot)) -> u64 {
    let (columns, rows) = spans(shift, corners);
    let count = |span: RangeInclusive<u32>| u64::from(span.end() - span.start()) + 1;
    count(columns) * count(rows)
}

/// The size of blocks: as large as it may be for those where areas begin to be as many as the
/// edges want, unless there were too many blocks.
fn choose_shift(boxes: &[(Spot, Spot)], edges: usize) -> u32 {
    let Some(bounds) = boxes.iter().copied().reduce(union) else {
        return 0;
    };
    let most = MAX_BLOCKS.max(edges as u64 / 100);
    let wanted = edges.div_ceil(EDGES_PER_BLOCK);
    let mut shift = 31;
    let mut begun: Vec<(u32, u32)> = Vec::with_capacity(boxes.len());
    while shift > 0 && count_blocks(shift - 1, bounds) <= most {
        begun.clear();
        begun.extend(
            boxes
                .iter()
                .map(|(min, _)| (min.x >> shift, min.y >> shift)),
        );
        begun.sort_unstable();
        begun.dedup();
        // A few areas of many edges spread over all blocks.
        let reached = if boxes.len() < wanted {
            count_blocks(shift, bounds)
        } else {
            begun.len() as u64
        };
        // Up to four blocks come for nothing, and fit the ground better.
        if reached >= wanted as u64 && count_blocks(shift - 1, bounds) > 4 {
            break;
        }
        shift -= 1;
    }
    shift
}
