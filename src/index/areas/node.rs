//! Dividing a square into cells, and cells with too many edges again.

use super::cell::{self, Chain, MAX_AREAS};
use super::edge::{Corner, Edge, Frame, Spot, offset};

/// A cell with more edges than this is divided further, if that is worth it.
const MANY_EDGES: usize = 24;
/// A node has at most 2⁸ cells a side.
const MAX_BITS: u32 = 8;
/// Cells of a node for each edge in it; more are faster and take more memory.
const CELLS_PER_EDGE: f64 = 1.0;
/// Each edge of a node may come to lie in so many cells on average.
const MAX_SPREAD: f64 = 4.0;

/// An area that meets a square.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub slot: u32,
    pub sort: Sort,
    /// Its edges that meet the square, and perhaps others, in the list of all members'.
    pub edges: std::ops::Range<usize>,
}

/// What is known of an area in a square.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Has the corner of the square, or not. It has what lies across an odd number of edges
    /// from there, and the edges.
    Plain { inside: bool },
    /// The shape must be asked, within this box.
    Asked(Spot, Spot),
}

/// A cell that the border of an area crosses.
#[derive(Debug, Clone, Copy)]
struct Entry {
    cell: u32,
    member: u32,
    sort: Sort,
}

/// An edge in a cell.
#[derive(Debug, Clone, Copy)]
struct Piece {
    cell: u32,
    member: u32,
    edge: Edge,
}

/// Divides a square into cells; gives the words of the block and how many cells it has a
/// side, as a power of two. The members are in the order of the atlas.
pub(super) fn divide(frame: Frame, members: &[Member], edges: &[Edge]) -> (Vec<u32>, u32) {
    let mut words = Vec::new();
    let members = up_to_owner(members);
    let bits = choose_bits(frame, count_shared(members, edges), members, edges);
    write_node(&mut words, frame, bits, members, edges);
    (words, bits)
}

/// Whatever comes after an area that owns the whole square owns nothing in it.
fn up_to_owner(members: &[Member]) -> &[Member] {
    let owns =
        |member: &Member| member.sort == Sort::Plain { inside: true } && member.edges.is_empty();
    match members.iter().position(owns) {
        Some(owner) => &members[..=owner],
        None => members,
    }
}

/// How many edges there are when what two areas share counts once, or less.
fn count_shared(members: &[Member], edges: &[Edge]) -> usize {
    if members.len() < 2 {
        edges.len()
    } else {
        edges.len().div_ceil(2)
    }
}

fn choose_bits(frame: Frame, count: usize, members: &[Member], edges: &[Edge]) -> u32 {
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let wanted = (count as f64 * CELLS_PER_EDGE).max(1.0).log2() / 2.0;
    let asks = members
        .iter()
        .any(|member| matches!(member.sort, Sort::Asked(..)));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 8"
    )]
    let mut bits = (wanted.round() as u32)
        .max(if asks { 3 } else { 0 })
        .min(MAX_BITS)
        .min(frame.shift);
    while bits > 0 && edges.len() > MANY_EDGES && spread(frame, bits, edges) > MAX_SPREAD {
        bits -= 1;
    }
    bits
}

/// In how many cells an edge comes to lie on average.
fn spread(frame: Frame, bits: u32, edges: &[Edge]) -> f64 {
    let last = frame.last();
    let clipped = |a: u32, b: u32, low: u32, high: u32| {
        f64::from(a.max(b).clamp(low, high) - a.min(b).clamp(low, high))
    };
    let steps: f64 = edges
        .iter()
        .map(|Edge { a, b }| {
            clipped(a.x, b.x, frame.x, last.x) + clipped(a.y, b.y, frame.y, last.y)
        })
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let count = edges.len() as f64;
    1.0 + steps / f64::from(frame.shift - bits).exp2() / count.max(1.0)
}

/// Appends a node and all below it.
fn write_node(words: &mut Vec<u32>, frame: Frame, bits: u32, members: &[Member], edges: &[Edge]) {
    let mut sheet = Sheet::new(frame, bits);
    for (number, member) in (0..).zip(members) {
        sheet.draw(number, member, &edges[member.edges.clone()]);
    }
    let (entries, pieces) = sheet.by_cell();
    let base = words.len();
    words.push(bits);
    words.resize(base + 1 + sheet.owners.len(), 0);
    let (mut entries, mut pieces) = (&entries[..], &pieces[..]);
    let mut scratch = Scratch::default();
    for (number, &owner) in (0_u32..).zip(&sheet.owners) {
        let inner = take_while(&mut entries, |entry| entry.cell == number);
        let crossing = take_while(&mut pieces, |piece| piece.cell == number);
        let owner = (owner != NOBODY).then_some(owner);
        let word = write_cell(
            words,
            sheet.cell(number),
            members,
            Content {
                entries: inner,
                pieces: crossing,
                owner,
            },
            &mut scratch,
        );
        words[base + 1 + number as usize] = word;
    }
}

fn take_while<'a, T>(list: &mut &'a [T], belongs: impl Fn(&T) -> bool) -> &'a [T] {
    let end = list.iter().position(|item| !belongs(item));
    let (taken, rest) = list.split_at(end.unwrap_or(list.len()));
    *list = rest;
    taken
}

/// What lies in a cell.
#[derive(Clone, Copy)]
struct Content<'a> {
    /// In the order of the members, and all before the owner.
    entries: &'a [Entry],
    /// By member, in the order of their rings.
    pieces: &'a [Piece],
    /// The first member that has the whole cell.
    owner: Option<u32>,
}

/// Kept from cell to cell, so that not every one allocates.
#[derive(Default)]
struct Scratch {
    areas: Vec<(u32, bool)>,
    runs: Vec<Edge>,
    chains: Vec<(std::ops::Range<usize>, (u32, Option<u32>))>,
    shared: Vec<Shared>,
}

/// A piece, and whose else it is.
#[derive(Debug, Clone, Copy)]
struct Shared {
    edge: Edge,
    place: u32,
    other: Option<u32>,
    dropped: bool,
}

fn write_cell(
    words: &mut Vec<u32>,
    cell: Frame,
    members: &[Member],
    content: Content<'_>,
    scratch: &mut Scratch,
) -> u32 {
    let slot = |member: u32| members[member as usize].slot;
    if content.entries.is_empty() {
        return cell::whole(content.owner.map(slot));
    }
    scratch.share(&content);
    let distinct = scratch.shared.iter().filter(|it| !it.dropped).count();
    let is_plain = content
        .entries
        .iter()
        .all(|entry| matches!(entry.sort, Sort::Plain { .. }));
    let many_areas = content.entries.len() + usize::from(content.owner.is_some()) > MAX_AREAS;
    if (distinct > MANY_EDGES || many_areas)
        && cell.shift > 0
        && let Some(word) = write_deeper(words, cell, members, &content, distinct)
    {
        return word;
    }
    if !is_plain || many_areas {
        let listed = content.entries.iter().map(|entry| entry.member);
        let slots: Vec<u32> = listed.chain(content.owner).map(slot).collect();
        return cell::write_list(words, slots.into_iter());
    }
    scratch.areas.clear();
    scratch.areas.extend(content.entries.iter().map(|entry| {
        let inside = entry.sort == Sort::Plain { inside: true };
        let own = content
            .pieces
            .iter()
            .filter(|piece| piece.member == entry.member);
        let south = own.filter(|piece| piece.edge.lies_south_of(cell.corner()));
        (slot(entry.member), inside ^ (south.count() % 2 == 1))
    }));
    scratch
        .areas
        .extend(content.owner.map(|owner| (slot(owner), true)));
    scratch.chain();
    let chains = scratch.chains.iter().map(|(range, areas)| Chain {
        edges: &scratch.runs[range.clone()],
        areas: *areas,
    });
    cell::write_borders(words, cell, &scratch.areas, chains)
}

/// Divides a cell, unless that only multiplies its edges.
fn write_deeper(
    words: &mut Vec<u32>,
    cell: Frame,
    members: &[Member],
    content: &Content<'_>,
    distinct: usize,
) -> Option<u32> {
    const MAX_GROWTH: f64 = 2.5;
    let mut edges = Vec::with_capacity(content.pieces.len());
    let mut inner = Vec::with_capacity(content.entries.len() + 1);
    let mut pieces = content.pieces;
    for entry in content.entries {
        let start = edges.len();
        let own = take_while(&mut pieces, |piece| piece.member == entry.member);
        edges.extend(own.iter().map(|piece| piece.edge));
        inner.push(Member {
            slot: members[entry.member as usize].slot,
            sort: entry.sort,
            edges: start..edges.len(),
        });
    }
    inner.extend(content.owner.map(|owner| Member {
        slot: members[owner as usize].slot,
        sort: Sort::Plain { inside: true },
        edges: edges.len()..edges.len(),
    }));
    let mut bits = choose_bits(cell, distinct, &inner, &edges).max(1);
    while bits > 1 && spread(cell, bits, &edges) > MAX_GROWTH {
        bits -= 1;
    }
    if edges.is_empty() || spread(cell, bits, &edges) > MAX_GROWTH {
        return None;
    }
    let at = words.len();
    write_node(words, cell, bits, &inner, &edges);
    Some(cell::node_at(at))
}

impl Scratch {
    /// Finds the edges that two areas of the cell share: the second one's is dropped.
    fn share(&mut self, content: &Content<'_>) {
        const FEW: usize = 24;
        self.shared.clear();
        let (mut place, mut member) = (0, None);
        for piece in content.pieces {
            if member != Some(piece.member) {
                member = Some(piece.member);
                let from = place as usize;
                let found = content.entries[from..]
                    .iter()
                    .position(|entry| entry.member == piece.member);
                place += u32::try_from(found.unwrap_or(0)).unwrap_or(0);
            }
            self.shared.push(Shared {
                edge: piece.edge,
                place,
                other: None,
                dropped: false,
            });
        }
        if self.shared.len() <= FEW {
            for second in 1..self.shared.len() {
                let (before, rest) = self.shared.split_at_mut(second);
                let second = &mut rest[0];
                let ends = second.edge.ends();
                if let Some(first) = before
                    .iter_mut()
                    .find(|first| first.takes(second) && first.edge.ends() == ends)
                {
                    first.other = Some(second.place);
                    second.dropped = true;
                }
            }
            return;
        }
        let mut order: Vec<usize> = (0..self.shared.len()).collect();
        order.sort_by_key(|&at| (self.shared[at].edge.ends(), at));
        let mut open: Option<usize> = None;
        for at in order {
            let second = self.shared[at];
            match open {
                Some(first)
                    if self.shared[first].takes(&second)
                        && self.shared[first].edge.ends() == second.edge.ends() =>
                {
                    self.shared[first].other = Some(second.place);
                    self.shared[at].dropped = true;
                    open = None;
                }
                _ => open = Some(at),
            }
        }
    }

    /// Joins the edges that remain to chains.
    fn chain(&mut self) {
        self.runs.clear();
        self.chains.clear();
        for piece in self.shared.iter().filter(|piece| !piece.dropped) {
            let areas = (piece.place, piece.other);
            let goes_on = self.runs.last().is_some_and(|last| last.b == piece.edge.a);
            self.runs.push(piece.edge);
            match self.chains.last_mut() {
                Some((range, of)) if goes_on && *of == areas => range.end += 1,
                _ => self
                    .chains
                    .push((self.runs.len() - 1..self.runs.len(), areas)),
            }
        }
    }
}

impl Shared {
    /// Whether another area's piece can be written together with this one.
    const fn takes(&self, second: &Self) -> bool {
        !self.dropped && self.other.is_none() && self.place != second.place
    }
}

const NOBODY: u32 = u32::MAX;

/// The cells of a node while the members are drawn on them, one after the other.
struct Sheet {
    frame: Frame,
    bits: u32,
    /// The first member that has the whole cell.
    owners: Vec<u32>,
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
    fn new(frame: Frame, bits: u32) -> Self {
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

    fn cell(&self, number: u32) -> Frame {
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

    fn draw(&mut self, number: u32, member: &Member, edges: &[Edge]) {
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
        let (ax, bx) = (self.from_west(a.x), self.from_west(b.x));
        let (ay, by) = (self.from_south(a.y), self.from_south(b.y));
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
        let (ax, bx) = (self.from_west(a.x), self.from_west(b.x));
        let (ay, by) = (self.from_south(a.y), self.from_south(b.y));
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
        let (ax, bx) = (self.from_west(a.x), self.from_west(b.x));
        let (ay, by) = (self.from_south(a.y), self.from_south(b.y));
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

    fn from_west(&self, x: u32) -> f64 {
        exact(offset(self.frame.x, x))
    }

    fn from_south(&self, y: u32) -> f64 {
        exact(offset(self.frame.y, y))
    }

    /// The entries and pieces by cell; within a cell they keep their order.
    fn by_cell(&mut self) -> (Vec<Entry>, Vec<Piece>) {
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
