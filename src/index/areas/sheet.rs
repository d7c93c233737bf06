//! The cells of a node, while areas are drawn on them.

use super::edge::{Corner, Edge, Frame, Spot, offset};
use super::node::{Member, Sort};

/// A cell that the border of an area crosses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub cell: u32,
    pub member: u32,
    pub sort: Sort,
}

/// An edge in a cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub cell: u32,
    pub member: u32,
    pub edge: Edge,
}

/// No member has the whole cell.
pub(super) const NOBODY: u32 = u32::MAX;

/// The cells of a node while the members are drawn on them, one after the other.
pub(super) struct Sheet {
    frame: Frame,
    bits: u32,
    /// The first member that has the whole cell.
    pub owners: Vec<u32>,
    entries: Vec<Entry>,
    pieces: Vec<Piece>,
    /// The last member, plus one, that has an edge in the cell.
    stamps: Vec<u32>,
    /// Whether an odd number of edges is crossed coming from the cell to the west.
    turns: Vec<bool>,
    /// The same, for the first cell of a row, coming from the one to the south.
    first_turns: Vec<bool>,
}

impl Sheet {
    pub fn new(frame: Frame, bits: u32) -> Self {
        let side = 1_usize << bits;
        Self {
            frame,
            bits,
            owners: vec![NOBODY; side * side],
            entries: Vec::new(),
            pieces: Vec::new(),
            stamps: vec![0; side * side],
            turns: vec![false; side * side],
            first_turns: vec![false; side],
        }
    }

    const fn shift(&self) -> u32 {
        self.frame.shift - self.bits
    }

    const fn side(&self) -> i64 {
        1 << self.bits
    }

    pub fn cell(&self, number: u32) -> Frame {
        let (column, row) = (number & ((1 << self.bits) - 1), number >> self.bits);
        Frame {
            x: self.frame.x + (column << self.shift()),
            y: self.frame.y + (row << self.shift()),
            shift: self.shift(),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "columns and rows of the node"
    )]
    const fn number(&self, column: i64, row: i64) -> usize {
        (row << self.bits | column) as usize
    }

    /// The column or row of a coordinate; may lie outside the node.
    const fn column(&self, x: u32) -> i64 {
        (x as i64 - self.frame.x as i64) >> self.shift()
    }

    const fn row(&self, y: u32) -> i64 {
        (y as i64 - self.frame.y as i64) >> self.shift()
    }

    pub fn draw(&mut self, number: u32, member: &Member, edges: &[Edge]) {
        let mut inside = match member.sort {
            Sort::Plain { inside } => inside,
            Sort::Asked(min, max) => {
                self.draw_asked(number, member.sort, min, max);
                return;
            }
        };
        let mut reach = Reach::none();
        for &edge in edges {
            self.draw_edge(number, edge, &mut reach);
        }
        let side = self.side();
        let rows = if inside || !reach.is_within_rows {
            0..side
        } else {
            reach.rows.0..reach.rows.1 + 1
        };
        for row in rows {
            let first = self.number(0, row) >> self.bits;
            inside ^= std::mem::take(&mut self.first_turns[first]);
            if row < reach.rows.0 || reach.rows.1 < row {
                self.claim(number, row, 0..side, inside);
                continue;
            }
            self.claim(number, row, 0..reach.columns.0, inside);
            let mut here = inside;
            // A turn stands one column after the edge that makes it.
            let end = (reach.columns.1 + 2).min(side);
            for column in reach.columns.0..end {
                let at = self.number(column, row);
                here ^= std::mem::take(&mut self.turns[at]);
                if self.stamps[at] == number + 1 {
                    self.enter(at, number, Sort::Plain { inside: here });
                } else {
                    self.claim(number, row, column..column + 1, here);
                }
            }
            self.claim(number, row, end..side, here);
        }
    }

    fn draw_asked(&mut self, number: u32, sort: Sort, min: Spot, max: Spot) {
        let last = self.side() - 1;
        for row in self.row(min.y).max(0)..=self.row(max.y).min(last) {
            for column in self.column(min.x).max(0)..=self.column(max.x).min(last) {
                let at = self.number(column, row);
                if self.owners[at] == NOBODY {
                    self.enter(at, number, sort);
                }
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a cell of the node")]
    fn enter(&mut self, at: usize, member: u32, sort: Sort) {
        self.entries.push(Entry {
            cell: at as u32,
            member,
            sort,
        });
    }

    /// Gives cells that a member has whole to it, where no earlier one has them.
    fn claim(&mut self, member: u32, row: i64, columns: std::ops::Range<i64>, inside: bool) {
        if !inside || columns.is_empty() {
            return;
        }
        let (start, end) = (
            self.number(columns.start, row),
            self.number(columns.end - 1, row),
        );
        for owner in &mut self.owners[start..=end] {
            *owner = (*owner).min(member);
        }
    }

    /// Notes the cells that an edge meets, and what it turns around.
    fn draw_edge(&mut self, member: u32, edge: Edge, reach: &mut Reach) {
        let Edge { a, b } = edge;
        let last = self.side() - 1;
        let (south, north) = (self.row(a.y.min(b.y)), self.row(a.y.max(b.y)));
        let (west, east) = (self.column(a.x.min(b.x)), self.column(a.x.max(b.x)));
        if west < 0 {
            // Whatever crosses the western side turns what lies north of it.
            self.turn_rows(edge, reach);
        }
        if north < 0 || last < south || last < west {
            return;
        }
        if east >= 0 {
            let rows = south.max(0)..=north.min(last);
            for row in rows {
                let (first, end) = if west == east {
                    (west, east)
                } else {
                    self.columns_in_row(edge, row)
                };
                let (first, end) = (first.max(west).max(0), end.min(east).min(last));
                for column in first..=end {
                    self.note(member, column, row, edge, reach);
                }
            }
        }
        for row in (south + 1).max(0)..=north.min(last) {
            let column = self.first_column_east(edge, row, (west, east));
            if (1..=last).contains(&column) {
                let at = self.number(column, row);
                self.turns[at] ^= true;
                reach.add(column - 1, row);
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a cell of the node")]
    fn note(&mut self, member: u32, column: i64, row: i64, edge: Edge, reach: &mut Reach) {
        let at = self.number(column, row);
        if self.owners[at] != NOBODY {
            return;
        }
        self.stamps[at] = member + 1;
        reach.add(column, row);
        self.pieces.push(Piece {
            cell: at as u32,
            member,
            edge,
        });
    }

    /// The columns in which an edge meets a row, or one more where it comes near.
    fn columns_in_row(&self, edge: Edge, row: i64) -> (i64, i64) {
        // An error of rounding is far smaller.
        const MARGIN: f64 = 1.0 / 1024.0;
        let Edge { a, b } = edge;
        let (low, high) = (self.line(row), self.line(row + 1));
        let (ax, bx) = (self.east_of_side(a.x), self.east_of_side(b.x));
        let (ay, by) = (self.north_of_side(a.y), self.north_of_side(b.y));
        let at = |y: f64| ax + (bx - ax) * ((y - ay) / (by - ay));
        let (from, to) = if a.y == b.y {
            (ax, bx)
        } else {
            (
                at(low.clamp(ay.min(by), ay.max(by))),
                at(high.clamp(ay.min(by), ay.max(by))),
            )
        };
        let cell = f64::from(self.shift()).exp2();
        let column = |x: f64| ((x + 0.5) / cell).floor();
        (
            whole(column(from.min(to) - MARGIN)),
            whole(column(from.max(to) + MARGIN)),
        )
    }

    /// The first column whose cell of a row has its corner east of an edge that the row's
    /// line crosses.
    fn first_column_east(&self, edge: Edge, row: i64, (west, east): (i64, i64)) -> i64 {
        if west == east {
            return west + 1;
        }
        let Edge { a, b } = edge;
        let (ax, bx) = (self.east_of_side(a.x), self.east_of_side(b.x));
        let (ay, by) = (self.north_of_side(a.y), self.north_of_side(b.y));
        let x = ax + (bx - ax) * ((self.line(row) - ay) / (by - ay));
        let near = (x + 0.5) / f64::from(self.shift()).exp2();
        self.settle(near, |column| {
            edge.lies_west_of(self.corner_of(column, row))
        })
    }

    /// Notes at which row an edge crosses the western side of the node.
    fn turn_rows(&mut self, edge: Edge, reach: &mut Reach) {
        let Edge { a, b } = edge;
        let x = self.frame.x;
        if (a.x < x) == (b.x < x) {
            return;
        }
        let (ax, bx) = (self.east_of_side(a.x), self.east_of_side(b.x));
        let (ay, by) = (self.north_of_side(a.y), self.north_of_side(b.y));
        let y = ay + (by - ay) * ((-0.5 - ax) / (bx - ax));
        let near = (y + 0.5) / f64::from(self.shift()).exp2();
        let row = self.settle(near, |row| edge.lies_south_of(self.corner_of(0, row)));
        if (1..self.side()).contains(&row) {
            let at = self.number(0, row) >> self.bits;
            self.first_turns[at] ^= true;
            reach.is_within_rows = false;
        }
    }

    /// The first column or row whose corner is past a place, decided exactly where rounding
    /// might have moved the place across a corner.
    fn settle(&self, near: f64, is_past: impl Fn(i64) -> bool) -> i64 {
        const MARGIN: f64 = 1.0 / 1024.0;
        let nearest = near.round();
        let margin = MARGIN / f64::from(self.shift()).exp2();
        // Beyond the node it does not matter which it is.
        let in_node = (0.0..=f64::from(1_u32 << self.bits)).contains(&nearest);
        if (near - nearest).abs() > margin || !in_node {
            return whole(near.floor()) + 1;
        }
        let nearest = whole(nearest);
        if is_past(nearest) {
            nearest
        } else {
            nearest + 1
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a corner of the node"
    )]
    fn corner_of(&self, column: i64, row: i64) -> Corner {
        let x = i64::from(self.frame.x) + (column << self.shift());
        let y = i64::from(self.frame.y) + (row << self.shift());
        Corner {
            x: x as u32,
            y: y as u32,
        }
    }

    /// Where the line south of a row lies, from the node's south-western spot.
    fn line(&self, row: i64) -> f64 {
        exact(row << self.shift()) - 0.5
    }

    fn east_of_side(&self, x: u32) -> f64 {
        exact(offset(self.frame.x, x))
    }

    fn north_of_side(&self, y: u32) -> f64 {
        exact(offset(self.frame.y, y))
    }

    /// The entries and pieces by cell; within a cell they keep their order.
    pub fn by_cell(&mut self) -> (Vec<Entry>, Vec<Piece>) {
        let cells = self.owners.len();
        let entries = std::mem::take(&mut self.entries);
        let pieces = std::mem::take(&mut self.pieces);
        (
            sort_by_cell(&entries, cells, |entry| entry.cell),
            sort_by_cell(&pieces, cells, |piece| piece.cell),
        )
    }
}

/// The cells that the edges of a member meet.
struct Reach {
    columns: (i64, i64),
    rows: (i64, i64),
    /// Nothing turns outside these rows.
    is_within_rows: bool,
}

impl Reach {
    const fn none() -> Self {
        Self {
            columns: (i64::MAX, -2),
            rows: (i64::MAX, -2),
            is_within_rows: true,
        }
    }

    fn add(&mut self, column: i64, row: i64) {
        self.columns = (self.columns.0.min(column), self.columns.1.max(column));
        self.rows = (self.rows.0.min(row), self.rows.1.max(row));
    }
}

/// A counting sort, which keeps the order of equals.
fn sort_by_cell<T: Copy>(items: &[T], cells: usize, cell: impl Fn(&T) -> u32) -> Vec<T> {
    let Some(&any) = items.first() else {
        return Vec::new();
    };
    let mut starts = vec![0_u32; cells + 1];
    for item in items {
        starts[cell(item) as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut sorted = vec![any; items.len()];
    for item in items {
        let start = &mut starts[cell(item) as usize];
        sorted[*start as usize] = *item;
        *start += 1;
    }
    sorted
}

#[expect(
    clippy::cast_precision_loss,
    reason = "steps of the lattice are far below 2⁵²"
)]
fn exact(steps: i64) -> f64 {
    steps as f64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "columns and rows around a node"
)]
fn whole(number: f64) -> i64 {
    number as i64
}
