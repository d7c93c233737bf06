//! How cells are written into words of 32 bits, and read.
//!
//! A block is a list of words. It begins with a node: one word for how many cells it has a
//! side (as a power of two), then a word for each cell, row by row from the south-west. The
//! two highest bits of a cell's word say what the others are:
//!
//! - `00`: the number of the area that owns the whole cell, plus one; 0 when nobody does;
//! - `01`: where in the block the borders that cross the cell are written;
//! - `10`: where in the block the node is that divides the cell further;
//! - `11`: where in the block the areas are listed whose shapes must be asked, in their order.
//!
//! The borders of a cell are one word with counts, the areas in their order, each with one
//! bit, and then chains of edges, each with the one or two areas it is a border of. From the
//! bit of an area and from how often its chains cross the way from the cell's corner to a
//! point (north along the western side, then east) follows whether it has the point: an odd
//! sum says yes. The bit counts what the chains' edges contribute south of the corner, so that
//! a reader need not.

use super::edge::{Edge, Frame, Spot, offset};

/// Areas in one cell whose borders are written; where there are more, shapes are asked.
pub(super) const MAX_AREAS: usize = 32;

const TAG_SHIFT: u32 = 30;
const PAYLOAD: u32 = (1 << TAG_SHIFT) - 1;
const BORDERS: u32 = 1 << TAG_SHIFT;
const NODE: u32 = 2 << TAG_SHIFT;
const LIST: u32 = 3 << TAG_SHIFT;

/// In the first word of a cell's borders: areas, then a flag, then chains.
const COUNT_BITS: u32 = 6;
const WIDE: u32 = 1 << COUNT_BITS;
const CHAINS_SHIFT: u32 = COUNT_BITS + 1;
/// In the first word of a chain: one area, the other, then vertices.
const NO_AREA: u32 = 63;
const VERTICES_SHIFT: u32 = 2 * COUNT_BITS;
const MAX_VERTICES: usize = (1 << (32 - VERTICES_SHIFT)) - 1;

/// Who owns a spot of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim<'a> {
    Nobody,
    One(u32),
    /// The first of these, as slot and one bit more, whose shape covers the point.
    Ask(&'a [u32]),
}

/// A border in a cell: edges, each beginning where the one before ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain<'a> {
    pub edges: &'a [Edge],
    /// Places in the cell's list of areas.
    pub areas: (u32, Option<u32>),
}

pub(super) const fn whole(owner: Option<u32>) -> u32 {
    match owner {
        Some(slot) => slot + 1,
        None => 0,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a block of 4 GiB is not built"
)]
const fn place(at: usize) -> u32 {
    at as u32 & PAYLOAD
}

pub(super) const fn node_at(at: usize) -> u32 {
    NODE | place(at)
}

/// Writes a list of areas whose shapes must be asked; gives the cell's word.
pub(super) fn write_list(words: &mut Vec<u32>, slots: impl ExactSizeIterator<Item = u32>) -> u32 {
    let at = words.len();
    words.push(u32::try_from(slots.len()).unwrap_or(u32::MAX));
    words.extend(slots);
    LIST | place(at)
}

/// Writes the borders of a cell: the areas as slot and bit, in their order, and the chains.
/// Gives the cell's word.
pub(super) fn write_borders<'a>(
    words: &mut Vec<u32>,
    cell: Frame,
    areas: &[(u32, bool)],
    chains: impl Iterator<Item = Chain<'a>> + Clone,
) -> u32 {
    let at = words.len();
    let narrow = chains
        .clone()
        .flat_map(|chain| chain.edges)
        .all(|edge| pack(cell, edge.a).is_some() && pack(cell, edge.b).is_some());
    words.push(0);
    words.extend(areas.iter().map(|&(slot, bit)| slot << 1 | u32::from(bit)));
    let mut count = 0;
    for chain in chains {
        for edges in chain.edges.chunks(MAX_VERTICES - 1) {
            let (one, other) = chain.areas;
            let vertices = u32::try_from(edges.len() + 1).unwrap_or(u32::MAX);
            words.push(one | other.unwrap_or(NO_AREA) << COUNT_BITS | vertices << VERTICES_SHIFT);
            let first = edges.first().map(|edge| edge.a);
            for spot in first.into_iter().chain(edges.iter().map(|edge| edge.b)) {
                if narrow {
                    words.extend(pack(cell, spot));
                } else {
                    words.extend([spot.x, spot.y]);
                }
            }
            count += 1;
        }
    }
    let areas = u32::try_from(areas.len()).unwrap_or(u32::MAX);
    words[at] = areas | if narrow { 0 } else { WIDE } | count << CHAINS_SHIFT;
    BORDERS | place(at)
}

/// A vertex in one word, when it is near its cell.
fn pack(cell: Frame, spot: Spot) -> Option<u32> {
    let x = i16::try_from(offset(cell.x, spot.x)).ok()?;
    let y = i16::try_from(offset(cell.y, spot.y)).ok()?;
    Some(u32::from(x.cast_unsigned()) | u32::from(y.cast_unsigned()) << 16)
}

#[expect(clippy::cast_possible_truncation, reason = "the halves of a word")]
fn unpack(word: u32) -> (i64, i64) {
    (
        i64::from((word as u16).cast_signed()),
        i64::from(((word >> 16) as u16).cast_signed()),
    )
}

/// Who owns a spot in a block whose side is 2^`shift` and which has 2^`bits` cells a side.
pub(super) fn find(words: &[u32], mut shift: u32, mut bits: u32, spot: Spot) -> Claim<'_> {
    let mut base = 1;
    loop {
        shift -= bits;
        let mask = (1_u32 << bits) - 1;
        let (column, row) = (spot.x >> shift & mask, spot.y >> shift & mask);
        let Some(&word) = words.get(base + (row << bits | column) as usize) else {
            return Claim::Nobody;
        };
        let at = (word & PAYLOAD) as usize;
        match word & !PAYLOAD {
            0 => return word.checked_sub(1).map_or(Claim::Nobody, Claim::One),
            BORDERS => {
                let inside = (1_u32 << shift) - 1;
                let within = (spot.x & inside, spot.y & inside);
                return read_borders(&words[at..], within, spot);
            }
            NODE => {
                base = at + 1;
                bits = words[at];
            }
            _ => {
                let count = words[at] as usize;
                return Claim::Ask(&words[at + 1..][..count]);
            }
        }
    }
}

/// `within` is where the spot lies from the south-western spot of the cell.
fn read_borders(words: &[u32], within: (u32, u32), spot: Spot) -> Claim<'_> {
    let Some((&counts, words)) = words.split_first() else {
        return Claim::Nobody;
    };
    let (areas, mut words) = words.split_at((counts & (WIDE - 1)) as usize);
    let mut inside = 0_u32;
    for (place, area) in areas.iter().enumerate() {
        inside |= (area & 1) << place;
    }
    let mut touched = 0_u32;
    let (x, y) = (i64::from(within.0), i64::from(within.1));
    for _ in 0..counts >> CHAINS_SHIFT {
        let Some((&head, rest)) = words.split_first() else {
            break;
        };
        // Nobody's is shifted out.
        let bit = |area: u32| 1_u32.checked_shl(area & NO_AREA).unwrap_or(0);
        let areas = bit(head) ^ bit(head >> COUNT_BITS);
        let vertices = (head >> VERTICES_SHIFT) as usize;
        let passage = if counts & WIDE == 0 {
            let (chain, rest) = rest.split_at(vertices);
            words = rest;
            pass_narrow(chain.iter().map(|&word| unpack(word)), x, y)
        } else {
            let (chain, rest) = rest.split_at(2 * vertices);
            words = rest;
            let vertices = chain
                .chunks_exact(2)
                .map(|pair| (offset(spot.x, pair[0]) + x, offset(spot.y, pair[1]) + y));
            pass_wide(vertices, x, y)
        };
        if passage.touches {
            touched |= areas;
        }
        if passage.crosses {
            inside ^= areas;
        }
    }
    let owner = areas.get((inside | touched).trailing_zeros() as usize);
    owner.map_or(Claim::Nobody, |area| Claim::One(area >> 1))
}

/// How a chain meets the way from the corner of its cell to a spot.
#[derive(Clone, Copy, Default)]
struct Passage {
    /// An odd number of times; not counted what lies south of the corner.
    crosses: bool,
    /// The spot is on the chain.
    touches: bool,
}

/// Makes the walk along a chain over one type of product. Coordinates count from the
/// south-western spot of the cell, so that the way turns at (−½, y). An edge that is
/// straddled by the row or the column of the way is crossed when the way's ends lie on its
/// two sides; the way runs a little north of the lattice, so a vertex is never on it.
macro_rules! pass {
    ($name:ident, $product:ty) => {
        #[inline]
        fn $name(mut vertices: impl Iterator<Item = (i64, i64)>, x: i64, y: i64) -> Passage {
            let mut passage = Passage::default();
            let Some((mut ax, mut ay)) = vertices.next() else {
                return passage;
            };
            for (bx, by) in vertices {
                let (dx, dy) = (bx - ax, by - ay);
                let side = <$product>::from(dx) * <$product>::from(y - ay)
                    - <$product>::from(dy) * <$product>::from(x - ax);
                // Twice that of the turn.
                let turn = 2 * side + <$product>::from(dy) * <$product>::from(2 * x + 1);
                let turn_left = turn > 0 || (turn == 0 && dx > 0);
                let in_row = (ay <= y) != (by <= y);
                let in_column = (ax < 0) != (bx < 0);
                passage.crosses ^= in_row & ((side > 0) != turn_left);
                passage.crosses ^= in_column & (turn_left == (dx > 0));
                if side == 0 {
                    passage.touches |=
                        ax.min(bx) <= x && x <= ax.max(bx) && ay.min(by) <= y && y <= ay.max(by);
                }
                (ax, ay) = (bx, by);
            }
            passage
        }
    };
}

pass!(pass_narrow, i64);
pass!(pass_wide, i128);
