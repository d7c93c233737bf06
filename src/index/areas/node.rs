//! Dividing a square into cells, and cells with too many edges again.

use std::ops::Range;

use super::cell::{self, Chain, MAX_AREAS};
use super::edge::{Edge, Frame, Spot};
use super::sheet::{Entry, NOBODY, Piece, Sheet};

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
    pub edges: Range<usize>,
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
    /// Where in `runs`, and whose.
    chains: Vec<(Range<usize>, Bordered)>,
    shared: Vec<Shared>,
}

/// The one or two areas of a cell that an edge is a border of.
type Bordered = (u32, Option<u32>);

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
