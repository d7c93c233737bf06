//! The workers on duty by place: space is divided into cells of a few workers each, so
//! that a crowd has small cells and the empty sea a large one. The division stands until
//! it is made anew; what is in a cell is an immutable list, swapped whole, so nobody who
//! reads ever waits.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::place::Place;
use super::seen::Seen;

/// How many workers a new cell holds at most.
const FILL: usize = 16;

/// How many make a cell too full to be copied for each move.
pub(super) const FULL: usize = 48;

/// A worker's place on all the axes that space is divided along: the three of space, and
/// the seat, for those who stand on one spot.
type Key = [i32; 4];

/// The whole of space, divided.
pub(super) struct Cells {
    /// The division as a tree, each split before what lies below it.
    nodes: Vec<Node>,
    cells: Vec<Cell>,
}

#[derive(Clone, Copy)]
enum Node {
    /// Keys below `at` go on with the next node, the others with the node `above`.
    Split {
        axis: u8,
        at: i32,
        above: u32,
    },
    Cell(u32),
}

struct Cell {
    /// The least and the greatest key, both included.
    least: Key,
    greatest: Key,
    list: ArcSwap<List>,
}

/// Who stands in a cell.
#[derive(Clone, Default)]
pub(super) struct List {
    /// Counts who came and went; not those who moved about in the cell.
    pub(super) membership: u64,
    pub(super) seen: Vec<Seen>,
}

fn key_of(place: Place, seat: u32) -> Key {
    // Seats beyond 2³¹ would share a side of every split: no harm but for speed.
    [place[0], place[1], place[2], seat.cast_signed()]
}

impl Default for Cells {
    fn default() -> Self {
        Self::build(&[], |_, _| {})
    }
}

impl Cells {
    /// Divides space so that each cell holds a few, and tells `settle` the cell of each
    /// seat.
    pub(super) fn build(seen: &[Seen], mut settle: impl FnMut(u32, u32)) -> Self {
        let mut keyed: Vec<(Key, usize)> = seen
            .iter()
            .enumerate()
            .map(|(index, seen)| (key_of(seen.place, seen.seat), index))
            .collect();
        let mut division = Division {
            all: seen,
            nodes: Vec::with_capacity(seen.len() / 2 + 1),
            cells: Vec::with_capacity(seen.len() / 4 + 1),
        };
        division.divide(&mut keyed, [i32::MIN; 4], [i32::MAX; 4]);
        for (number, cell) in (0..).zip(&division.cells) {
            for seen in &cell.list.load().seen {
                settle(seen.seat, number);
            }
        }
        Self {
            nodes: division.nodes,
            cells: division.cells,
        }
    }

    /// The cell of a place; `before`, the cell that the seat was in, is looked at first.
    pub(super) fn locate(&self, place: Place, seat: u32, before: Option<u32>) -> u32 {
        let key = key_of(place, seat);
        if let Some(number) = before
            && self.cell(number).holds(key)
        {
            return number;
        }
        let mut node = 0;
        loop {
            match self.nodes[node] {
                Node::Cell(number) => return number,
                Node::Split { axis, at, .. } if key[usize::from(axis)] < at => node += 1,
                Node::Split { above, .. } => node = above as usize,
            }
        }
    }

    /// Swaps a cell's list for what `change` makes of it, and says how many it holds now.
    /// Only one thread at a time may do so.
    pub(super) fn swap(&self, number: u32, change: impl FnOnce(&mut List)) -> usize {
        let list = &self.cell(number).list;
        let mut changed = {
            let before = list.load();
            let mut seen = Vec::with_capacity(before.seen.len() + 1);
            seen.extend_from_slice(&before.seen);
            List {
                membership: before.membership,
                seen,
            }
        };
        change(&mut changed);
        let holds = changed.seen.len();
        list.store(Arc::new(changed));
        holds
    }

    /// Shows `look` the lists of all cells that come within its reach of a point, the
    /// nearest first by and large. `reach_2` and what `look` returns, the reach from then
    /// on, are straight lines, squared, in steps.
    pub(super) fn search(
        &self,
        from: &[f64; 3],
        mut reach_2: f64,
        mut look: impl FnMut(u32, &List) -> f64,
    ) {
        // What remains to be looked at: a node, and how far the point lies from its part
        // of space, along each axis and squared in all.
        let mut rest: Vec<(u32, [f64; 3], f64)> = Vec::with_capacity(32);
        rest.push((0, [0.0; 3], 0.0));
        while let Some((mut node, off, off_2)) = rest.pop() {
            if off_2 > reach_2 {
                continue;
            }
            loop {
                match self.nodes[node as usize] {
                    Node::Cell(number) => {
                        reach_2 = look(number, &self.cell(number).list.load());
                        break;
                    }
                    Node::Split { axis, at, above } => {
                        let axis = usize::from(axis);
                        let Some(&coordinate) = from.get(axis) else {
                            // Seats: both sides are equally near.
                            rest.push((above, off, off_2));
                            node += 1;
                            continue;
                        };
                        let beyond = coordinate - f64::from(at);
                        let (near, far) = if beyond < 0.0 {
                            (node + 1, above)
                        } else {
                            (above, node + 1)
                        };
                        let far_2 = off_2 - off[axis] * off[axis] + beyond * beyond;
                        if far_2 <= reach_2 {
                            let mut far_off = off;
                            far_off[axis] = beyond;
                            rest.push((far, far_off, far_2));
                        }
                        node = near;
                    }
                }
            }
        }
    }

    /// True when nobody has come to or gone from the cells since they were looked at.
    pub(super) fn are_unchanged(&self, looked_at: &[(u32, u64)]) -> bool {
        looked_at
            .iter()
            .all(|&(number, membership)| self.cell(number).list.load().membership == membership)
    }

    /// Everyone, cell by cell.
    pub(super) fn all(&self) -> Vec<Seen> {
        let lists = self.cells.iter().map(|cell| cell.list.load());
        lists.flat_map(|list| list.seen.clone()).collect()
    }

    fn cell(&self, number: u32) -> &Cell {
        &self.cells[number as usize]
    }
}

impl List {
    /// Adds somebody, or replaces what was known of them.
    pub(super) fn put(&mut self, seen: Seen) {
        if let Some(known) = self.seen.iter_mut().find(|known| known.seat == seen.seat) {
            *known = seen;
        } else {
            self.membership += 1;
            self.seen.push(seen);
        }
    }

    pub(super) fn remove(&mut self, seat: u32) {
        self.membership += 1;
        self.seen.retain(|known| known.seat != seat);
    }
}

impl Cell {
    fn holds(&self, key: Key) -> bool {
        (0..4).all(|axis| self.least[axis] <= key[axis] && key[axis] <= self.greatest[axis])
    }
}

struct Division<'a> {
    all: &'a [Seen],
    nodes: Vec<Node>,
    cells: Vec<Cell>,
}

impl Division<'_> {
    /// Divides a part of space in halves of equally many until few are left.
    fn divide(&mut self, keyed: &mut [(Key, usize)], least: Key, greatest: Key) {
        let Some((axis, at)) = (keyed.len() > FILL).then(|| halve(keyed)).flatten() else {
            self.nodes.push(Node::Cell(count(self.cells.len())));
            self.cells.push(Cell {
                least,
                greatest,
                list: ArcSwap::from_pointee(List {
                    membership: 0,
                    seen: keyed.iter().map(|&(_, index)| self.all[index]).collect(),
                }),
            });
            return;
        };
        let middle = partition(keyed, |key| key[axis] < at);
        let (below, above) = keyed.split_at_mut(middle);
        let split = self.nodes.len();
        // Where it goes on above is known when all below is divided.
        self.nodes.push(Node::Cell(0));
        let (mut end, mut start) = (greatest, least);
        end[axis] = at - 1;
        start[axis] = at;
        self.divide(below, least, end);
        self.nodes[split] = Node::Split {
            axis: axis.to_le_bytes()[0],
            at,
            above: count(self.nodes.len()),
        };
        self.divide(above, start, greatest);
    }
}

/// The axis along which keys lie farthest apart, seats last, and the key on it that most
/// nearly halves them; `None` when all are one.
fn halve(keyed: &mut [(Key, usize)]) -> Option<(usize, i32)> {
    let spread = |axis: usize| {
        let keys = keyed.iter().map(|(key, _)| key[axis]);
        keys.clone()
            .max()
            .zip(keys.min())
            .map_or(0, |(greatest, least)| greatest.abs_diff(least))
    };
    let widest = (0..3).max_by_key(|&axis| spread(axis))?;
    let axis = if spread(widest) > 0 { widest } else { 3 };
    let middle = keyed.len() / 2;
    let (below, (half, _), _) = keyed.select_nth_unstable_by_key(middle, |(key, _)| key[axis]);
    let half = half[axis];
    if below.iter().any(|(key, _)| key[axis] < half) {
        return Some((axis, half));
    }
    // Half of them or more have the least key: they stay together.
    let keys = keyed.iter().map(|(key, _)| key[axis]);
    keys.filter(|&key| key > half).min().map(|at| (axis, at))
}

/// Brings those for whom `is_below` to the front, and says how many they are.
fn partition(keyed: &mut [(Key, usize)], is_below: impl Fn(&Key) -> bool) -> usize {
    let mut middle = 0;
    for index in 0..keyed.len() {
        if is_below(&keyed[index].0) {
            keyed.swap(index, middle);
            middle += 1;
        }
    }
    middle
}

/// There are never more cells than workers, and those are counted with 32 bits.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
