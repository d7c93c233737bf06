//! The least cost at which incidents go to workers who can take several: shortest
//! augmenting paths with prices (Kuhn 1955; Jonker and Volgenant 1987), over rows that are
//! kept in order of cost and price, and read only as far as they matter.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::hash::BuildHasher;

use foldhash::fast::FixedState;

/// How much of a row is put in order first.
const FIRST_SORTED: usize = 32;
/// A row is put in order anew when as many times its length was looked at for nothing.
const PATIENCE: usize = 16;

/// For each incident, which workers may go and at what cost.
#[derive(Debug, Default)]
pub(super) struct Rows {
    ways: Vec<Priced>,
    spans: Vec<Span>,
    /// By a digest of the ways as they came.
    firsts: HashMap<u64, usize>,
}

/// What a worker costs for an incident, by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Way {
    pub cost: u32,
    pub worker: u32,
}

/// A way with what it cost when its row was last put in order, the worker's price included.
/// Prices never fall, so it costs no less now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Priced {
    at_least: u32,
    way: Way,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    /// Before this the row is in order.
    sorted: usize,
    /// What comes after costs no less.
    rest_at_least: u32,
    /// How much was looked at for nothing because prices have risen.
    stale: usize,
    /// The first row with the same ways: at one address much is reported at once.
    alike: usize,
}

impl Rows {
    pub(super) fn push(&mut self, ways: &[Way]) {
        let start = self.ways.len();
        let priced = ways.iter().map(|&way| Priced {
            at_least: way.cost,
            way,
        });
        self.ways.extend(priced);
        let row = self.spans.len();
        let digest = FixedState::default().hash_one(ways);
        let first = *self.firsts.entry(digest).or_insert(row);
        let is_alike = first < row && self.ways(first).eq(ways.iter().copied());
        self.spans.push(Span {
            start,
            end: self.ways.len(),
            sorted: start,
            rest_at_least: 0,
            stale: 0,
            alike: if is_alike { first } else { row },
        });
    }

    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// The ways of an incident, in no order.
    pub(super) fn ways(&self, row: usize) -> impl ExactSizeIterator<Item = Way> {
        let Span { start, end, .. } = self.spans[row];
        self.ways[start..end].iter().map(|priced| priced.way)
    }

    /// Takes more of a row among what is in order.
    fn sort_more(&mut self, row: usize, prices: &[i64]) {
        let Span {
            start, end, sorted, ..
        } = self.spans[row];
        let rest = &mut self.ways[sorted..end];
        let more = FIRST_SORTED.max(sorted - start).min(rest.len());
        let mut rest_at_least = u32::MAX;
        if more < rest.len() {
            // These were never priced: they are by their cost.
            let (_, next, _) = rest.select_nth_unstable(more);
            rest_at_least = next.way.cost;
        }
        self.spans[row].sorted = sorted + more;
        self.spans[row].rest_at_least = rest_at_least;
        self.sort(row, prices);
    }

    /// Puts what is in order in order again, by the prices of now.
    fn sort(&mut self, row: usize, prices: &[i64]) {
        let Span { start, sorted, .. } = self.spans[row];
        let ways = &mut self.ways[start..sorted];
        for priced in &mut *ways {
            let costs = i64::from(priced.way.cost) + prices[priced.way.worker as usize];
            priced.at_least = u32::try_from(costs).unwrap_or(u32::MAX);
        }
        ways.sort_unstable();
        self.spans[row].stale = 0;
    }
}

/// Who goes where, built up incident by incident.
pub(super) struct Assigning<'a> {
    rows: &'a mut Rows,
    /// How many more each worker takes.
    rooms: &'a [u16],
    /// What each incident costs more than the one before it that goes to the same worker.
    step: i64,
    /// The worker of each incident, with the cost of the way.
    chosen: Vec<Option<Way>>,
    /// The incidents of each worker.
    held: Vec<Vec<u32>>,
    /// What one more place with the worker would be worth to the others. Never falls.
    price: Vec<i64>,
    /// Workers who will never have room again, by the incident that found it out.
    closed: Vec<Option<u32>>,
    search: Search,
}

/// The tree of one search for the cheapest way to give one more incident to somebody.
#[derive(Default)]
struct Search {
    /// The least cost at which each worker is reached; `FAR` when they are not.
    reached: Vec<i64>,
    /// The incident from which they are, and what its way costs.
    from: Vec<(u32, u32)>,
    touched: Vec<u32>,
    /// The least cost at which a row like this one was looked at.
    scanned: Vec<i64>,
    rows_scanned: Vec<usize>,
    settled: Vec<u32>,
    open: BinaryHeap<Reverse<(i64, u32)>>,
    /// The cheapest end so far: a worker with room.
    end: Option<u32>,
    end_cost: i64,
}

const FAR: i64 = i64::MAX;

impl<'a> Assigning<'a> {
    pub(super) fn new(rows: &'a mut Rows, rooms: &'a [u16], step: u32) -> Self {
        let (workers, incidents) = (rooms.len(), rows.len());
        Self {
            chosen: vec![None; incidents],
            rows,
            rooms,
            step: step.into(),
            held: vec![Vec::new(); workers],
            price: vec![0; workers],
            closed: vec![None; workers],
            search: Search {
                reached: vec![FAR; workers],
                from: vec![(0, 0); workers],
                scanned: vec![FAR; incidents],
                ..Search::default()
            },
        }
    }

    /// Takes in the incidents one by one, in the order of the rows. Each is given to
    /// somebody if that can be, whatever has to be handed over for it, and those given
    /// before stay given: which sets of incidents can be given at once is a matroid, so
    /// what is taken greedily is the best set. After each step the cost is the least for
    /// the incidents that are given.
    pub(super) fn run(mut self) -> Self {
        for row in 0..self.rows.len() {
            self.take_in(row);
        }
        self
    }

    pub(super) fn chosen(&self) -> Vec<Option<u32>> {
        let workers = self.chosen.iter();
        workers.map(|way| way.map(|way| way.worker)).collect()
    }

    fn take_in(&mut self, row: usize) {
        self.search.begin();
        self.scan(row, 0);
        while let Some(Reverse((cost, worker))) = self.search.open.pop() {
            if cost >= self.search.end_cost {
                break;
            }
            let index = worker as usize;
            if cost > self.search.reached[index] {
                continue;
            }
            self.search.settled.push(worker);
            for place in 0..self.held[index].len() {
                let held = self.held[index][place] as usize;
                let given_up = self.chosen[held].map_or(0, |way| i64::from(way.cost));
                self.scan(held, cost - given_up - self.price[index]);
            }
        }
        if let Some(end) = self.search.end {
            self.raise_prices();
            self.hand_over(end);
        } else {
            // Nobody in the tree has room, and whatever they hold could go to them alone:
            // so it stays, and nobody need look at them again.
            for &worker in &self.search.settled {
                self.closed[worker as usize] = Some(to_number(row));
            }
        }
    }

    /// Looks at whom an incident could go to that is reached at a cost.
    fn scan(&mut self, row: usize, cost: i64) {
        let Span {
            start,
            sorted,
            stale,
            alike,
            ..
        } = self.rows.spans[row];
        if !self.search.is_worth_scanning(alike, cost) {
            return;
        }
        if stale > PATIENCE * (sorted - start) {
            self.rows.sort(row, &self.price);
        }
        self.scan_sorted(row, cost);
        loop {
            let Span {
                end,
                sorted,
                rest_at_least,
                ..
            } = self.rows.spans[row];
            if sorted == end || cost + i64::from(rest_at_least) >= self.search.end_cost {
                break;
            }
            self.rows.sort_more(row, &self.price);
            self.scan_sorted(row, cost);
        }
    }

    fn scan_sorted(&mut self, row: usize, cost: i64) {
        let Span { start, sorted, .. } = self.rows.spans[row];
        let mut stale = 0;
        for &Priced { at_least, way } in &self.rows.ways[start..sorted] {
            if cost + i64::from(at_least) >= self.search.end_cost {
                break;
            }
            let worker = way.worker as usize;
            let line = cost + i64::from(way.cost);
            let reached = line + self.price[worker];
            if reached >= self.search.end_cost {
                stale += 1;
                continue;
            }
            if reached >= self.search.reached[worker] || self.closed[worker].is_some() {
                continue;
            }
            let held = self.held[worker].len();
            if held < usize::from(self.rooms[worker]) {
                let held = i64::try_from(held).unwrap_or(FAR);
                let end_cost = line + self.step * held;
                if end_cost < self.search.end_cost {
                    self.search.end_cost = end_cost;
                    self.search.end = Some(way.worker);
                }
            }
            self.search.reach(way, reached, to_number(row));
        }
        self.rows.spans[row].stale += stale;
    }

    fn raise_prices(&mut self) {
        for &worker in &self.search.settled {
            let worker = worker as usize;
            self.price[worker] += self.search.end_cost - self.search.reached[worker];
        }
    }

    /// Hands incidents over along the path that led to `end`, back to the new one.
    fn hand_over(&mut self, end: u32) {
        let mut to = end;
        loop {
            let (row, cost) = self.search.from[to as usize];
            self.held[to as usize].push(row);
            let before = self.chosen[row as usize].replace(Way { cost, worker: to });
            // The new one was with nobody: there the path begins.
            let Some(Way { worker, .. }) = before else {
                break;
            };
            self.held[worker as usize].retain(|&held| held != row);
            to = worker;
        }
    }
}

impl Search {
    fn begin(&mut self) {
        for &worker in &self.touched {
            self.reached[worker as usize] = FAR;
        }
        self.touched.clear();
        for &row in &self.rows_scanned {
            self.scanned[row] = FAR;
        }
        self.rows_scanned.clear();
        self.settled.clear();
        self.open.clear();
        self.end = None;
        self.end_cost = FAR;
    }

    /// Whoever is reached from a row is reached no cheaper from one like it that costs more.
    fn is_worth_scanning(&mut self, alike: usize, cost: i64) -> bool {
        let least = self.scanned[alike];
        if cost < least {
            self.scanned[alike] = cost;
            self.rows_scanned.push(alike);
        }
        cost < least
    }

    fn reach(&mut self, way: Way, reached: i64, from: u32) {
        let index = way.worker as usize;
        if self.reached[index] == FAR {
            self.touched.push(way.worker);
        }
        self.reached[index] = reached;
        self.from[index] = (from, way.cost);
        self.open.push(Reverse((reached, way.worker)));
    }
}

/// More than 2³² incidents do not fit in memory.
fn to_number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is to be assigned: for each incident the ways, the rooms, and the step.
    #[derive(Debug, Clone)]
    struct Case {
        ways: Vec<Vec<Way>>,
        rooms: Vec<u16>,
        step: u32,
    }

    impl Case {
        fn rows(&self) -> Rows {
            let mut rows = Rows::default();
            for ways in &self.ways {
                rows.push(ways);
            }
            rows
        }

        /// What leaving an incident out costs, so that it costs more than all ways together
        /// and all that come after it.
        fn penalty(&self, row: usize) -> i64 {
            let dearest = |ways: &Vec<Way>| ways.iter().map(|way| i64::from(way.cost)).max();
            let ways: i64 = self.ways.iter().filter_map(dearest).sum();
            let held = i64::from(self.rooms.iter().copied().max().unwrap_or(0));
            let steps = i64::from(self.step) * held * i64::try_from(self.ways.len()).unwrap();
            (1 + ways + steps) * i64::try_from(self.ways.len() - row).unwrap()
        }

        /// What a choice costs, penalties included.
        fn value(&self, chosen: &[Option<u32>]) -> i64 {
            let mut held = vec![0_i64; self.rooms.len()];
            let mut total = 0;
            for (row, worker) in chosen.iter().enumerate() {
                let Some(worker) = *worker else {
                    total += self.penalty(row);
                    continue;
                };
                let way = self.ways[row].iter().find(|way| way.worker == worker);
                let held = &mut held[worker as usize];
                total += i64::from(way.unwrap().cost) + i64::from(self.step) * *held;
                *held += 1;
                assert!(*held <= self.rooms[worker as usize].into());
            }
            total
        }

        /// No choice costs less than this, whatever the prices are (weak duality).
        fn bound(&self, prices: &[i64]) -> i64 {
            let rows = self.ways.iter().enumerate().map(|(row, ways)| {
                let priced = ways
                    .iter()
                    .map(|way| i64::from(way.cost) + prices[way.worker as usize]);
                priced.min().unwrap_or(FAR).min(self.penalty(row))
            });
            let rents = prices.iter().zip(&self.rooms).map(|(price, &room)| {
                let places = 0..i64::from(room);
                let rent = |place: i64| (price - i64::from(self.step) * place).max(0);
                places.map(rent).sum::<i64>()
            });
            rows.sum::<i64>() - rents.sum::<i64>()
        }
    }

    /// The prices, those of closed workers raised until the incident that found them closed
    /// would rather be left out.
    fn certificate(case: &Case, assigning: &Assigning<'_>) -> Vec<i64> {
        let mut prices = assigning.price.clone();
        for (row, ways) in case.ways.iter().enumerate() {
            let closed_by = |worker: usize| assigning.closed[worker] == Some(to_number(row));
            let priced = ways
                .iter()
                .filter(|way| closed_by(way.worker as usize))
                .map(|way| i64::from(way.cost) + assigning.price[way.worker as usize]);
            let Some(cheapest) = priced.min() else {
                continue;
            };
            for (worker, price) in prices.iter_mut().enumerate() {
                if closed_by(worker) {
                    *price += case.penalty(row) - cheapest;
                }
            }
        }
        prices
    }

    fn check(case: &Case) {
        let mut rows = case.rows();
        let assigning = Assigning::new(&mut rows, &case.rooms, case.step).run();
        let prices = certificate(case, &assigning);
        assert!(prices.iter().all(|&price| price >= 0));
        let value = case.value(&assigning.chosen());
        assert_eq!(value, case.bound(&prices));
    }

    /// Costs at random, or as between points of a plane; few of them, so that many are
    /// equal, or many.
    fn cases(incidents: usize, workers: usize) -> impl Strategy<Value = Case> {
        let place = (0..1_000_i64, 0..1_000_i64);
        let settings = (0.02..=1.0_f64, 1..=4_u16, 0..50_u32, 1..2_000_u32);
        let places = (
            prop::collection::vec(place.clone(), 1..=incidents),
            prop::collection::vec(place, 1..=workers),
        );
        (places, settings, any::<bool>(), any::<u64>()).prop_map(
            |((incidents, workers), (density, most, step, spread), planar, seed)| {
                let mut state = seed | 1;
                // xorshift: only to spread.
                let mut next = move || {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    u32::try_from(state >> 33).unwrap()
                };
                let mut ways = Vec::new();
                for from in &incidents {
                    let mut row = Vec::new();
                    for (worker, to) in (0..).zip(&workers) {
                        let apart = (from.0 - to.0).unsigned_abs() + (from.1 - to.1).unsigned_abs();
                        let apart = u32::try_from(apart).unwrap();
                        let cost = if planar { apart } else { next() } % spread;
                        if f64::from(next() % 10_000) < density * 10_000.0 {
                            row.push(Way { cost, worker });
                        }
                    }
                    ways.push(row);
                    if next() % 3 == 0 {
                        ways.extend_from_within(ways.len() - 1..);
                    }
                }
                let rooms = workers.iter();
                let rooms = rooms.map(|_| u16::try_from(next()).unwrap_or(3) % (most + 1));
                Case {
                    ways,
                    rooms: rooms.collect(),
                    step,
                }
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn prices_prove_that_nothing_is_cheaper(case in cases(60, 40)) {
            check(&case);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn prices_prove_it_of_hundreds_too(case in cases(400, 400)) {
            check(&case);
        }
    }
}
