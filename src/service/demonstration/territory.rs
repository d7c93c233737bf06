//! The demonstration territory: real provinces, cities and counties, and generated ground for the
//! townships, communities and grids below them, for which no open boundaries exist.
//!
//! Codes and names down to the community are real. Borders below the county, grids and microgrids
//! are invented, by a seed, and say so in [`TerritoryArea::generated`]. A county's own border is
//! the source's: every vertex of it is kept, and further ones are put between them, a few
//! hundredths of the edge's length aside, because a border of kilometre-long straight edges has no
//! vertices for its children's borders to end at (see [`enrich_borders`]).

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use geo_types::MultiPolygon;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::place_names::{
    TownshipKind, facilities, is_residential, numeral, shorten_community, stem,
};
use crate::domain::{GridKind, Level};
use crate::geometry::tessellation::meander::{enrich_borders, mix, ratio};
use crate::geometry::tessellation::{
    Patch, Portion, Stroke, SubdivideError, dissolve, patches_of, shape_of, subdivide,
};

/// A county's real outline, in integers of 1e-7 degrees, longitude first.
#[derive(Debug, Clone)]
pub struct County {
    pub code: String,
    pub shape: MultiPolygon<i32>,
}

/// A real division, from province to community.
#[derive(Debug, Clone)]
pub struct Division {
    pub code: String,
    pub name: String,
    pub level: Level,
    pub parent: Option<String>,
}

/// What to generate.
#[derive(Debug, Clone)]
pub struct TerritoryOptions {
    /// The division whose territory is wanted: a province, city or county.
    pub code: String,
    /// How many grids to make, special ones included. Each community gets one at least.
    pub grids: usize,
    pub seed: u64,
}

/// One area of the territory.
#[derive(Debug, Clone, PartialEq)]
pub struct TerritoryArea {
    pub code: String,
    pub name: String,
    pub level: Level,
    pub parent: Option<String>,
    /// Only grids have a kind.
    pub grid_kind: Option<GridKind>,
    /// Integers of 1e-7 degrees, longitude first; outer rings counter-clockwise. Nothing where
    /// the ground is unknown, or only partly in this territory.
    pub shape: Option<MultiPolygon<i32>>,
    /// Whether the shape is invented.
    pub generated: bool,
}

/// Why a territory could not be generated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TerritoryError {
    #[error("no division has the code {0}")]
    UnknownCode(String),
    #[error("no county of {0} has an outline")]
    NoGround(String),
    #[error("{wanted} grids are too few for {communities} communities")]
    TooFewGrids { wanted: usize, communities: usize },
    #[error("{wanted} grids are too many for {communities} communities, which hold 800 each")]
    TooManyGrids { wanted: usize, communities: usize },
    #[error("the counties of {0} overlap")]
    Overlap(String),
    #[error("the ground of {code} cannot be divided")]
    Subdivide {
        code: String,
        source: SubdivideError,
    },
}

/// Vertices stand this share of a grid's side apart, which makes about 64 to a grid.
const SPACING: f64 = 0.073;
/// Grid codes have three digits, of which those from 901 on are the special grids'.
const MOST_GRIDS: usize = 800;

/// Generates the territory: parents before children, then by code.
///
/// `progress` is called with the townships done and their number, from any thread. The same input
/// gives the same areas, however many threads there are.
///
/// # Errors
///
/// When the code is unknown or has no ground, when the grids cannot be shared out, or when an
/// outline overlaps its neighbour or is too coarse to be divided.
pub fn generate(
    counties: &[County],
    divisions: &[Division],
    options: &TerritoryOptions,
    progress: impl Fn(usize, usize) + Sync,
) -> Result<Vec<TerritoryArea>, TerritoryError> {
    let code = options.code.as_str();
    if !divisions.iter().any(|division| division.code == code) {
        return Err(TerritoryError::UnknownCode(code.to_owned()));
    }
    let tree = Tree::of(divisions, code);
    let grounds = tree.find_grounds(counties);
    if grounds.is_empty() {
        return Err(TerritoryError::NoGround(code.to_owned()));
    }
    let plan = Plan::of(&tree, &grounds, options)?;
    let spacings: Vec<f64> = grounds
        .iter()
        .map(|(county, ground)| {
            let area = ground.iter().map(Patch::doubled_area).sum::<i128>() / 2;
            SPACING * side_of(area, plan.leaves.get(county.code.as_str()).copied())
        })
        .collect();
    let (county_divisions, outlines): (Vec<&Division>, Vec<Vec<Patch>>) =
        grounds.into_iter().unzip();
    let outlines = enrich_borders(&outlines, &spacings, options.seed);

    let townships = county_divisions
        .iter()
        .map(|county| tree.children(county).len())
        .sum();
    let done = AtomicUsize::new(0);
    let maker = Maker {
        tree: &tree,
        plan: &plan,
        seed: options.seed,
        on_township: &|| progress(done.fetch_add(1, Ordering::Relaxed) + 1, townships),
    };
    let below: Vec<Vec<TerritoryArea>> = county_divisions
        .par_iter()
        .zip(&outlines)
        .map(|(county, ground)| maker.divide_county(county, ground))
        .collect::<Result<_, _>>()?;
    let mut areas: Vec<TerritoryArea> = below.into_iter().flatten().collect();

    let outlines: BTreeMap<&str, Vec<Patch>> = county_divisions
        .iter()
        .map(|county| county.code.as_str())
        .zip(outlines)
        .collect();
    areas.extend(tree.upper_areas(&outlines, code)?);
    areas.extend(tree.areas_without_ground(&outlines));
    areas.sort_by(|a, b| a.level.cmp(&b.level).then_with(|| a.code.cmp(&b.code)));
    Ok(areas)
}

/// The side of an average cell, in lattice units, when an area of so many square units is cut in
/// so many.
#[expect(clippy::cast_precision_loss, reason = "a length to space vertices by")]
fn side_of(area: i128, cells: Option<usize>) -> f64 {
    (area as f64 * ratio(1, cells.unwrap_or(1).max(1))).sqrt()
}

/// The divisions of the territory and those above it.
struct Tree<'a> {
    divisions: Vec<&'a Division>,
    below: HashMap<&'a str, Vec<&'a Division>>,
}

impl<'a> Tree<'a> {
    fn of(divisions: &'a [Division], code: &str) -> Self {
        let mut divisions: Vec<&Division> = divisions
            .iter()
            .filter(|division| division.code.starts_with(code) || code.starts_with(&division.code))
            .collect();
        divisions.sort_by(|a, b| a.code.cmp(&b.code));
        divisions.dedup_by(|a, b| a.code == b.code);
        let mut below: HashMap<&str, Vec<&Division>> = HashMap::new();
        for division in &divisions {
            if let Some(parent) = &division.parent {
                below.entry(parent).or_default().push(division);
            }
        }
        Self { divisions, below }
    }

    fn children(&self, division: &Division) -> &[&'a Division] {
        self.below
            .get(division.code.as_str())
            .map_or(&[], Vec::as_slice)
    }

    fn at(&self, level: Level) -> impl Iterator<Item = &'a Division> {
        self.divisions
            .iter()
            .copied()
            .filter(move |division| division.level == level)
    }

    /// The counties that have an outline, with it, by code.
    fn find_grounds(&self, counties: &[County]) -> Vec<(&'a Division, Vec<Patch>)> {
        let outlines: HashMap<&str, &MultiPolygon<i32>> = counties
            .iter()
            .map(|county| (county.code.as_str(), &county.shape))
            .collect();
        self.at(Level::County)
            .filter_map(|county| Some((county, patches_of(outlines.get(county.code.as_str())?))))
            .collect()
    }

    /// Provinces and cities. Those inside the territory are their counties dissolved; those above
    /// it have no shape, since not all of their ground is here.
    fn upper_areas(
        &self,
        outlines: &BTreeMap<&str, Vec<Patch>>,
        code: &str,
    ) -> Result<Vec<TerritoryArea>, TerritoryError> {
        self.divisions
            .iter()
            .filter(|division| division.level < Level::County)
            .map(|division| {
                let ground = outlines
                    .iter()
                    .filter(|(county, _)| county.starts_with(&division.code))
                    .flat_map(|(_, outline)| outline);
                let shape = if division.code.starts_with(code) {
                    let joined = dissolve(ground)
                        .ok_or_else(|| TerritoryError::Overlap(division.code.clone()))?;
                    (!joined.is_empty()).then(|| shape_of(&joined))
                } else {
                    None
                };
                Ok(plain_area(division, shape, false))
            })
            .collect()
    }

    /// Counties that no outline is known of, with all below them.
    fn areas_without_ground(&self, outlines: &BTreeMap<&str, Vec<Patch>>) -> Vec<TerritoryArea> {
        self.at(Level::County)
            .filter(|county| !outlines.contains_key(county.code.as_str()))
            .flat_map(|county| {
                let townships = self.children(county);
                let communities = townships
                    .iter()
                    .flat_map(|township| self.children(township));
                std::iter::once(county)
                    .chain(townships.iter().copied())
                    .chain(communities.copied())
            })
            .map(|division| plain_area(division, None, false))
            .collect()
    }
}

fn plain_area(
    division: &Division,
    shape: Option<MultiPolygon<i32>>,
    generated: bool,
) -> TerritoryArea {
    TerritoryArea {
        code: division.code.clone(),
        name: division.name.clone(),
        level: division.level,
        parent: division.parent.clone(),
        grid_kind: None,
        shape,
        generated,
    }
}

/// How a community lies and lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    /// Blocks of a town.
    Urban,
    /// The seat of a town, the edge of a city, the housing of a zone.
    Seat,
    Village,
    FarmUnit,
}

impl Setting {
    fn of(township: TownshipKind, community: &str) -> Self {
        match (township, is_residential(community)) {
            (TownshipKind::Street, true) => Self::Urban,
            (TownshipKind::Town | TownshipKind::Zone, true) => Self::Seat,
            (TownshipKind::Farm, _) => Self::FarmUnit,
            _ => Self::Village,
        }
    }

    /// Ground it takes, a village's being one.
    fn ground(self) -> f64 {
        match self {
            Self::Urban => 0.24,
            Self::Seat => 0.7,
            Self::Village => 1.0,
            Self::FarmUnit => 1.6,
        }
    }

    /// Grids it needs, relative to the others.
    fn people(self) -> f64 {
        match self {
            Self::Urban => 1.9,
            Self::Seat => 1.25,
            Self::Village => 0.9,
            Self::FarmUnit => 0.8,
        }
    }
}

/// Numbers decided before any ground is cut.
struct Plan<'a> {
    /// Grids below each county, township and community.
    leaves: HashMap<&'a str, usize>,
    /// The names of each community's special grids.
    facilities: HashMap<&'a str, Vec<String>>,
}

impl<'a> Plan<'a> {
    fn of(
        tree: &Tree<'a>,
        grounds: &[(&'a Division, Vec<Patch>)],
        options: &TerritoryOptions,
    ) -> Result<Self, TerritoryError> {
        let mut needs = Vec::new();
        for (county, _) in grounds {
            for township in tree.children(county) {
                let kind = TownshipKind::of(&township.name);
                for community in tree.children(township) {
                    let mut rng = generator(options.seed, &community.code, "people");
                    let people = Setting::of(kind, &community.name).people();
                    needs.push((*community, people * rng.random_range(0.7..1.4)));
                }
            }
        }
        let mut leaves: HashMap<&str, usize> = HashMap::new();
        for (community, count) in share_out(&needs, options.grids)? {
            leaves.insert(&community.code, count);
        }
        let mut facilities = HashMap::new();
        for (county, _) in grounds {
            for township in tree.children(county) {
                facilities.extend(place_facilities(tree, township, &leaves, options.seed));
                let count = tree
                    .children(township)
                    .iter()
                    .filter_map(|c| leaves.get(c.code.as_str()))
                    .sum();
                leaves.insert(&township.code, count);
            }
            let count = tree
                .children(county)
                .iter()
                .filter_map(|t| leaves.get(t.code.as_str()))
                .sum();
            leaves.insert(&county.code, count);
        }
        Ok(Self { leaves, facilities })
    }

    fn leaves_of(&self, division: &Division) -> usize {
        self.leaves
            .get(division.code.as_str())
            .copied()
            .unwrap_or(0)
            .max(1)
    }
}

/// Shares the grids out by need, one at least to each, by largest remainders.
fn share_out<'a>(
    needs: &[(&'a Division, f64)],
    grids: usize,
) -> Result<Vec<(&'a Division, usize)>, TerritoryError> {
    let communities = needs.len();
    if grids < communities {
        return Err(TerritoryError::TooFewGrids {
            wanted: grids,
            communities,
        });
    }
    if grids > communities * MOST_GRIDS / 4 {
        return Err(TerritoryError::TooManyGrids {
            wanted: grids,
            communities,
        });
    }
    let total: f64 = needs.iter().map(|(_, need)| need).sum();
    let spare = ratio(grids - communities, 1);
    let mut shares: Vec<(usize, f64)> = needs
        .iter()
        .map(|(_, need)| {
            let exact = need / total * spare;
            (whole(exact), exact.fract())
        })
        .collect();
    let given: usize = shares.iter().map(|(count, _)| count).sum();
    let mut order: Vec<usize> = (0..communities).collect();
    order.sort_by(|a, b| shares[*b].1.total_cmp(&shares[*a].1).then(a.cmp(b)));
    for index in order
        .into_iter()
        .take((grids - communities).saturating_sub(given))
    {
        shares[index].0 += 1;
    }
    Ok(needs
        .iter()
        .zip(shares)
        .map(|((community, _), (count, _))| (*community, count + 1))
        .collect())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a count is small and not negative"
)]
fn whole(value: f64) -> usize {
    value as usize
}

/// Names special grids for the communities of a township that have grids enough to spare one: the
/// township's own facilities in its residential communities first, and a school here and there.
fn place_facilities<'a>(
    tree: &Tree<'a>,
    township: &Division,
    leaves: &HashMap<&str, usize>,
    seed: u64,
) -> HashMap<&'a str, Vec<String>> {
    let kind = TownshipKind::of(&township.name);
    let mut rng = generator(seed, &township.code, "facilities");
    let mut hosts: Vec<(bool, u64, &Division)> = tree
        .children(township)
        .iter()
        .filter(|community| {
            leaves
                .get(community.code.as_str())
                .is_some_and(|count| *count >= 4)
        })
        .map(|community| (!is_residential(&community.name), rng.random(), *community))
        .collect();
    hosts.sort_by_key(|(village, lot, _)| (*village, *lot));
    let all = facilities(kind);
    let count = (1 + tree.children(township).len() / 4).min(all.len());
    let mut placed: HashMap<&str, Vec<String>> = HashMap::new();
    for (name, (_, _, host)) in all[..count].iter().zip(&hosts) {
        placed
            .entry(&host.code)
            .or_default()
            .push(format!("{}{name}专属网格", stem(&township.name)));
    }
    for (_, _, host) in hosts.iter().skip(count) {
        if rng.random_bool(0.12) {
            let short = shorten_community(&host.name);
            placed
                .entry(&host.code)
                .or_default()
                .push(format!("{}小学专属网格", stem(&short)));
        }
    }
    placed
}

/// A generator of its own for each division and purpose, so that a change to one leaves the rest.
fn generator(seed: u64, code: &str, purpose: &str) -> ChaCha8Rng {
    let letters = code
        .bytes()
        .chain([0])
        .chain(purpose.bytes())
        .map(u64::from);
    ChaCha8Rng::seed_from_u64(mix(std::iter::once(seed).chain(letters)))
}

/// Cuts counties down to microgrids.
struct Maker<'a, F> {
    tree: &'a Tree<'a>,
    plan: &'a Plan<'a>,
    seed: u64,
    on_township: &'a F,
}

impl<F: Fn() + Sync> Maker<'_, F> {
    fn divide_county(
        &self,
        county: &Division,
        ground: &[Patch],
    ) -> Result<Vec<TerritoryArea>, TerritoryError> {
        let townships = self.tree.children(county);
        let mut areas = vec![plain_area(county, Some(shape_of(ground)), false)];
        if townships.is_empty() {
            return Ok(areas);
        }
        let mut rng = generator(self.seed, &county.code, "ground");
        let portions: Vec<Portion> = townships
            .iter()
            .map(|township| {
                let kind = TownshipKind::of(&township.name);
                let communities: f64 = self
                    .tree
                    .children(township)
                    .iter()
                    .map(|community| Setting::of(kind, &community.name).ground())
                    .sum();
                let least = match kind {
                    TownshipKind::Street => 0.8,
                    TownshipKind::Town => 4.0,
                    TownshipKind::Farm => 2.5,
                    TownshipKind::Zone => 1.5,
                };
                Portion {
                    weight: communities.max(least).powf(0.85) * rng.random_range(0.8..1.25),
                    central: kind == TownshipKind::Street,
                    leaves: self.plan.leaves_of(township),
                }
            })
            .collect();
        let stroke = Stroke {
            spacing: SPACING,
            roughness: (0.1, 0.24),
        };
        let cells = cut(&county.code, ground, &portions, stroke, &mut rng)?;
        let below: Vec<Vec<TerritoryArea>> = townships
            .par_iter()
            .zip(&cells)
            .map(|(township, cell)| {
                let areas = self.divide_township(township, cell);
                (self.on_township)();
                areas
            })
            .collect::<Result<_, _>>()?;
        areas.extend(below.into_iter().flatten());
        Ok(areas)
    }

    fn divide_township(
        &self,
        township: &Division,
        ground: &[Patch],
    ) -> Result<Vec<TerritoryArea>, TerritoryError> {
        let communities = self.tree.children(township);
        let mut areas = vec![plain_area(township, Some(shape_of(ground)), true)];
        if communities.is_empty() {
            return Ok(areas);
        }
        let mut rng = generator(self.seed, &township.code, "ground");
        let kind = TownshipKind::of(&township.name);
        let portions: Vec<Portion> = communities
            .iter()
            .map(|community| {
                let setting = Setting::of(kind, &community.name);
                Portion {
                    weight: setting.ground() * rng.random_range(0.65..1.5),
                    central: matches!(setting, Setting::Urban | Setting::Seat),
                    leaves: self.plan.leaves_of(community),
                }
            })
            .collect();
        let stroke = Stroke {
            spacing: SPACING,
            roughness: (0.08, 0.26),
        };
        let cells = cut(&township.code, ground, &portions, stroke, &mut rng)?;
        for (community, cell) in communities.iter().zip(&cells) {
            areas.push(plain_area(community, Some(shape_of(cell)), true));
            areas.extend(self.divide_community(kind, community, cell)?);
        }
        Ok(areas)
    }

    fn divide_community(
        &self,
        kind: TownshipKind,
        community: &Division,
        ground: &[Patch],
    ) -> Result<Vec<TerritoryArea>, TerritoryError> {
        let mut rng = generator(self.seed, &community.code, "ground");
        let count = self.plan.leaves_of(community);
        let none = Vec::new();
        let special = self
            .plan
            .facilities
            .get(community.code.as_str())
            .unwrap_or(&none);
        let general = count - special.len();
        let urban = Setting::of(kind, &community.name) == Setting::Urban;
        let portions: Vec<Portion> = (0..count)
            .map(|index| Portion {
                weight: if index < general {
                    rng.random_range(0.75..1.35)
                } else {
                    0.5
                },
                central: false,
                leaves: 1,
            })
            .collect();
        // Streets are straighter than the ditches and lanes of the countryside.
        let roughness = if urban { (0.02, 0.13) } else { (0.05, 0.24) };
        let stroke = Stroke {
            spacing: SPACING,
            roughness,
        };
        let mut cells = cut(&community.code, ground, &portions, stroke, &mut rng)?;
        let special_cells = cells.split_off(general);
        cells.sort_by_key(|cell| reading_place(cell));

        let short = shorten_community(&community.name);
        let mut areas = Vec::with_capacity(count);
        for (number, cell) in (1..).zip(cells) {
            let grid = TerritoryArea {
                code: format!("{}{number:03}", community.code),
                name: format!("{short}第{}网格", numeral(number)),
                level: Level::Grid,
                parent: Some(community.code.clone()),
                grid_kind: Some(GridKind::General),
                shape: Some(shape_of(&cell)),
                generated: true,
            };
            if urban && rng.random_bool(0.08) {
                areas.extend(divide_grid(&grid.code, &cell, &mut rng)?);
            }
            areas.push(grid);
        }
        for (number, (cell, name)) in (901..).zip(special_cells.iter().zip(special)) {
            areas.push(TerritoryArea {
                code: format!("{}{number}", community.code),
                name: name.clone(),
                level: Level::Grid,
                parent: Some(community.code.clone()),
                grid_kind: Some(GridKind::Special),
                shape: Some(shape_of(cell)),
                generated: true,
            });
        }
        Ok(areas)
    }
}

fn divide_grid(
    code: &str,
    ground: &[Patch],
    rng: &mut ChaCha8Rng,
) -> Result<Vec<TerritoryArea>, TerritoryError> {
    let portions: Vec<Portion> = (0..rng.random_range(3..=6))
        .map(|_| Portion {
            weight: rng.random_range(0.8..1.25),
            central: false,
            leaves: 1,
        })
        .collect();
    let stroke = Stroke {
        spacing: SPACING,
        roughness: (0.01, 0.07),
    };
    let mut cells = cut(code, ground, &portions, stroke, rng)?;
    cells.sort_by_key(|cell| reading_place(cell));
    Ok((1..)
        .zip(cells)
        .map(|(number, cell)| TerritoryArea {
            code: format!("{code}{number:03}"),
            name: format!("第{}微网格", numeral(number)),
            level: Level::Microgrid,
            parent: Some(code.to_owned()),
            grid_kind: None,
            shape: Some(shape_of(&cell)),
            generated: true,
        })
        .collect())
}

fn cut(
    code: &str,
    ground: &[Patch],
    portions: &[Portion],
    stroke: Stroke,
    rng: &mut ChaCha8Rng,
) -> Result<Vec<Vec<Patch>>, TerritoryError> {
    subdivide(ground, portions, stroke, rng).map_err(|source| TerritoryError::Subdivide {
        code: code.to_owned(),
        source,
    })
}

/// Orders cells from the north-west to the south-east, as numbers are given out.
fn reading_place(cell: &[Patch]) -> i64 {
    let vertices = || cell.iter().flat_map(|patch| &patch.outer);
    let count = i64::try_from(vertices().count()).unwrap_or(1).max(1);
    vertices()
        .map(|v| i64::from(v.x) - 2 * i64::from(v.y))
        .sum::<i64>()
        / count
}
