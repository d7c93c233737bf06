//! Points by where they are: a raster of square cells, each with the points in it.

/// A place on some integer plane.
pub(super) type Place = [u32; 2];

/// Points, each with what is known of it, in cells of a size that leaves about one to a cell.
#[derive(Debug)]
pub(super) struct Cells<T = u32> {
    origin: Place,
    /// A cell is 2 to this wide.
    shift: u32,
    columns: usize,
    rows: usize,
    /// Where each cell's points begin in `items`; one more than there are cells.
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy> Cells<T> {
    /// Sorts points into cells. `points` gives them with their places.
    pub fn build(points: impl Iterator<Item = (T, Place)> + Clone) -> Self {
        let (mut count, mut min, mut max) = (0_usize, [u32::MAX; 2], [0; 2]);
        for (_, place) in points.clone() {
            count += 1;
            for axis in 0..2 {
                min[axis] = min[axis].min(place[axis]);
                max[axis] = max[axis].max(place[axis]);
            }
        }
        if count == 0 {
            min = [0; 2];
        }
        let cells_along = |shift: u32, axis: usize| ((max[axis] - min[axis]) >> shift) as usize + 1;
        let shift = (0..31)
            .find(|&shift| cells_along(shift, 0).saturating_mul(cells_along(shift, 1)) <= count)
            .unwrap_or(31);
        let mut cells = Self {
            origin: min,
            shift,
            columns: cells_along(shift, 0),
            rows: cells_along(shift, 1),
            starts: Vec::new(),
            // Each is put in its place below.
            items: points.clone().map(|(point, _)| point).collect(),
        };
        let mut starts = vec![0_u32; cells.columns * cells.rows + 1];
        for (_, place) in points.clone() {
            starts[cells.cell_of(place) + 1] += 1;
        }
        for cell in 1..starts.len() {
            starts[cell] += starts[cell - 1];
        }
        let mut next = starts.clone();
        for (point, place) in points {
            let slot = &mut next[cells.cell_of(place)];
            cells.items[*slot as usize] = point;
            *slot += 1;
        }
        cells.starts = starts;
        cells
    }

    fn cell_of(&self, place: Place) -> usize {
        let column = (place[0] - self.origin[0]) >> self.shift;
        let row = (place[1] - self.origin[1]) >> self.shift;
        row as usize * self.columns + column as usize
    }

    /// The points of each cell.
    pub fn iter(&self) -> impl Iterator<Item = &[T]> {
        let ends = self.starts.windows(2);
        ends.map(|ends| &self.items[ends[0] as usize..ends[1] as usize])
    }

    /// True when `wanted` is true of any point in the cells that a box meets.
    pub fn any_in(&self, min: Place, max: Place, mut wanted: impl FnMut(T) -> bool) -> bool {
        let Some(rows) = self.range(1, i64::from(min[1]), i64::from(max[1])) else {
            return false;
        };
        let Some(columns) = self.range(0, i64::from(min[0]), i64::from(max[0])) else {
            return false;
        };
        rows.into_iter().any(|row| {
            self.items_of(row, &columns)
                .iter()
                .any(|&point| wanted(point))
        })
    }

    /// Calls `found` with each point in the cells that come within `reach` of the line
    /// from `a` to `b`, and with some more.
    pub fn along(&self, a: Place, b: Place, reach: i64, mut found: impl FnMut(T)) {
        let ([ax, ay], [bx, by]) = (a.map(i64::from), b.map(i64::from));
        let Some(rows) = self.range(1, ay.min(by) - reach, ay.max(by) + reach) else {
            return;
        };
        let (west, east) = (ax.min(bx), ax.max(bx));
        // The box of a short line has few cells beside it.
        let is_short = (east - west) >> self.shift < 4 || ay == by;
        for row in rows {
            let (mut from, mut to) = (west, east);
            if !is_short {
                // Where the line is while it crosses this row.
                let top = i64::from(self.origin[1])
                    + (i64::try_from(row).unwrap_or(0) << self.shift)
                    - reach;
                let bottom = top + (1_i64 << self.shift) + 2 * reach;
                let at = |y: i64| {
                    let (dx, dy) = (i128::from(bx - ax), i128::from(by - ay));
                    let x = i128::from(ax) + (dx * i128::from(y - ay)).div_euclid(dy);
                    i64::try_from(x).unwrap_or(ax)
                };
                let (one, other) = (at(top), at(bottom));
                from = from.max(one.min(other) - 1);
                to = to.min(one.max(other) + 1);
            }
            if let Some(columns) = self.range(0, from - reach, to + reach) {
                for &point in self.items_of(row, &columns) {
                    found(point);
                }
            }
        }
    }

    /// The cells from one coordinate to another along an axis.
    fn range(&self, axis: usize, from: i64, to: i64) -> Option<std::ops::RangeInclusive<usize>> {
        let count = if axis == 0 { self.columns } else { self.rows };
        let origin = i64::from(self.origin[axis]);
        let to = usize::try_from((to - origin) >> self.shift).ok()?;
        let from = usize::try_from((from - origin) >> self.shift).unwrap_or(0);
        (from < count && from <= to).then_some(from..=to.min(count - 1))
    }

    fn items_of(&self, row: usize, columns: &std::ops::RangeInclusive<usize>) -> &[T] {
        let first = row * self.columns;
        let start = self.starts[first + columns.start()];
        let end = self.starts[first + columns.end() + 1];
        &self.items[start as usize..end as usize]
    }
}
