//! How well children tile their parent, and where they do not.
//!
//! Borders that pair edge by edge need no looking at ([`border`](super::border)). Where they do
//! not, the children near the loose edges are taken together with the parent and their ground
//! is divided into faces; each face says whose it is.

use std::collections::BTreeMap;

use super::Survey;
use super::border::{Chain, Loop, LooseTree, loops};
use super::footing::{Footing, close};
use super::parts::size_of;
use super::regions::{Faces, Region, Trouble};
use super::wording::{area, length};
use crate::domain::draft::attributes::title_of;
use crate::domain::draft::defect::{Coverage, Defect, DefectKind, Place};
use crate::domain::draft::kinship::Group;
use crate::domain::draft::{Ground, Plot};
use crate::domain::{BoundingBox, Level, LngLat, Outline};
use crate::geometry::measure::{lattice_area_m2, ring_area_m2};
use crate::geometry::partition::{Claim, Partition};
use crate::geometry::validity::find_faults;

/// A gap or overlap that is narrower than this on average is a sliver.
const SLIVER_M: f64 = 1.0;
/// So many areas are named in a sentence.
const NAMED: usize = 3;
/// Who the parent and the loose edges are in a partition; children go by their place.
pub(super) const PARENT: u32 = u32::MAX;
pub(super) const LOOSE: u32 = u32::MAX - 1;

/// The coverage of a group that has some ground, and every defect between its members.
///
/// Children whose rings are not valid count with what an odd number of their rings encloses.
/// Microgrids may leave parts of their grid to nobody: their gaps are measured, and no defects.
pub(super) fn judge_group(
    group: &Group,
    plots: &[Plot<'_>],
    surveys: &[Survey<'_>],
) -> (Option<Coverage>, Vec<Defect>) {
    let member = |index: usize| Member {
        plot: &plots[index],
        footing: &surveys[index].footing,
    };
    let members = group.children.iter().map(|&index| member(index));
    let children: Vec<Member<'_>> = members.filter(|child| !child.footing.is_none()).collect();
    if children.is_empty() {
        return (None, Vec::new());
    }
    let parent = group.parent.map(member);
    let siblings = Siblings {
        parent: parent.filter(|parent| !parent.footing.is_none()),
        children,
    };
    let findings = siblings.examine();
    let mut defects = Vec::new();
    siblings.tell(&findings, &mut defects);
    let named = |code: &str| plots.iter().find(|plot| plot.code == code);
    (Some(siblings.certify(&findings, named)), defects)
}

/// An area of a group.
#[derive(Clone, Copy)]
struct Member<'a> {
    plot: &'a Plot<'a>,
    footing: &'a Footing<'a>,
}

/// Areas with ground that divide the ground of their parent, or any.
struct Siblings<'a> {
    parent: Option<Member<'a>>,
    children: Vec<Member<'a>>,
}

/// What is found between siblings.
#[derive(Default)]
struct Findings {
    exact: bool,
    regions: Vec<Region>,
    /// Two drawings of one border, by those who drew it: the longest such loop, and how many
    /// vertices of all of them are on one side only.
    seams: BTreeMap<Vec<u32>, (Vec<LngLat>, usize)>,
    parent_m2: f64,
    covered_m2: f64,
    gap_m2: f64,
    overlap_m2: f64,
    outside_m2: f64,
}

impl Siblings<'_> {
    fn has_valid_parent(&self) -> bool {
        self.parent.is_some_and(|parent| parent.footing.valid)
    }

    fn examine(&self) -> Findings {
        let mut chain = Chain::default();
        for (owner, child) in (0..).zip(&self.children) {
            if child.footing.valid {
                chain.add(child.footing, owner, true);
            }
        }
        if let Some(parent) = self.parent.filter(|parent| parent.footing.valid) {
            chain.add(parent.footing, PARENT, false);
        }
        let loose = chain.cancel();
        let mut findings = Findings::default();
        if let Some(parent) = self.parent.filter(|parent| parent.footing.valid) {
            findings.parent_m2 = size_of(parent.footing);
        }
        let all_valid = self.children.iter().all(|child| child.footing.valid);
        if all_valid && self.parent.is_some() && self.has_valid_parent() && loose.is_empty() {
            findings.exact = true;
            findings.covered_m2 = findings.parent_m2;
            return findings;
        }
        let (seams, rest): (Vec<Loop>, Vec<Loop>) =
            loops(&loose).into_iter().partition(Loop::is_seam);
        let is_settled = all_valid
            && if self.parent.is_some() {
                self.has_valid_parent() && rest.is_empty()
            } else {
                lie_apart(&rest)
            };
        findings.exact = is_settled && seams.is_empty();
        if self.parent.is_none() {
            findings.covered_m2 = rest.iter().map(enclosed_m2).sum();
        }
        if !is_settled {
            self.divide(&rest, &mut findings);
        }
        for seam in &seams {
            findings.add_seam(seam);
        }
        if self.parent.is_some() {
            findings.covered_m2 = (findings.parent_m2 - findings.gap_m2).max(0.0);
        }
        findings
    }

    /// Divides the ground near loops into faces, and finds those that not exactly one has.
    fn divide(&self, rest: &[Loop], findings: &mut Findings) {
        let loose = Outline {
            polygons: rest
                .iter()
                .map(|round| vec![close(&round.points())])
                .collect(),
        };
        let near = self.find_near(rest);
        let mut claims: Vec<Claim<'_>> = (0..)
            .zip(&self.children)
            .zip(near)
            .filter(|(_, near)| *near)
            .map(|((owner, child), _)| Claim {
                owner,
                ground: child.footing.ground(),
            })
            .collect();
        claims.extend(self.parent.map(|parent| Claim {
            owner: PARENT,
            ground: parent.footing.ground(),
        }));
        claims.push(Claim {
            owner: LOOSE,
            ground: Ground::Drawn(&loose),
        });
        let Ok(partition) = Partition::build(&claims, &[]) else {
            // Too dense to be divided: the loops themselves are shown.
            for round in rest {
                findings.add_region(Region::of_loop(round));
            }
            return;
        };
        let faces = Faces {
            partition: &partition,
            is_counted: &|owner| match owner {
                PARENT => self.has_valid_parent(),
                LOOSE => false,
                child => self.children[child as usize].footing.valid,
            },
            has_parent: self.parent.is_some(),
        };
        for region in faces.find_regions() {
            findings.add_region(region);
        }
        if self.parent.is_none() {
            findings.covered_m2 += faces.correct_cover_m2();
        } else if !self.has_valid_parent() {
            findings.parent_m2 = faces.parent_m2();
        }
    }

    /// Which children may have to do with loops: those near loose edges or near areas that
    /// are not valid, and those that lie within a loop as a whole without being what it
    /// encloses.
    fn find_near(&self, rest: &[Loop]) -> Vec<bool> {
        let edges = rest.iter().flat_map(|round| &round.0).copied();
        let tree = LooseTree::new(edges.collect());
        let invalid: Vec<BoundingBox> = self
            .children
            .iter()
            .filter(|child| !child.footing.valid)
            .filter_map(|child| child.footing.bounds())
            .collect();
        let usual = i32::from(!self.has_valid_parent());
        let near = self.children.iter().map(|child| {
            let Some(bounds) = child.footing.bounds() else {
                return false;
            };
            let is_usual = |rings: &Vec<&[LngLat]>| {
                let start = rings.first().and_then(|outer| outer.first());
                start.is_none_or(|&start| tree.winding(start) == usual)
            };
            tree.meets(&bounds)
                || invalid.iter().any(|other| other.intersects(&bounds))
                || !child.footing.polygons().iter().all(is_usual)
        });
        near.collect()
    }

    fn member(&self, owner: u32) -> Option<&Member<'_>> {
        match owner {
            PARENT => self.parent.as_ref(),
            child => self.children.get(child as usize),
        }
    }

    /// Children by code, then the parent.
    fn by_code(&self, owners: &[u32]) -> Vec<&Member<'_>> {
        let mut owners = owners.to_vec();
        owners.sort_by_key(|&owner| {
            let member = self.member(owner);
            (
                owner == PARENT,
                member.map(|member| (member.plot.code, member.plot.id)),
            )
        });
        owners
            .iter()
            .filter_map(|&owner| self.member(owner))
            .collect()
    }

    fn tell(&self, findings: &Findings, defects: &mut Vec<Defect>) {
        let may_leave_gaps = self
            .parent
            .is_some_and(|parent| parent.plot.level == Some(Level::Grid));
        for region in &findings.regions {
            if !(may_leave_gaps && region.trouble == Trouble::Gap) {
                defects.push(self.tell_region(region));
            }
        }
        for (owners, (line, unmatched)) in &findings.seams {
            let members = self.by_code(owners);
            let vertices = match unmatched {
                1 => "1 vertex".to_owned(),
                _ => format!("{unmatched} vertices"),
            };
            let detail = format!(
                "The common border of {} has {vertices} that not all of them have. Snap their borders together.",
                list(&members)
            );
            let place = Place::Line(line.clone());
            defects.push(defect(
                DefectKind::UnmatchedBorder,
                &members,
                place,
                None,
                detail,
            ));
        }
    }

    fn tell_region(&self, region: &Region) -> Defect {
        let mut members: Vec<&Member<'_>> = match region.trouble {
            // The longest border first.
            Trouble::Gap => region
                .owners
                .iter()
                .filter_map(|&owner| self.member(owner))
                .collect(),
            Trouble::Overlap | Trouble::Outside => self.by_code(&region.owners),
        };
        let size = area(region.size_m2);
        let width = length(region.width_m);
        let is_sliver = region.width_m < SLIVER_M;
        let (kind, detail) = match region.trouble {
            Trouble::Gap => {
                let whose = match &self.parent {
                    Some(parent) => format!("of {} ", title_of(parent.plot)),
                    None => String::new(),
                };
                let place = match members[..] {
                    [] => String::new(),
                    [_] => format!(" beside {}", list(&members)),
                    _ => format!(" between {}", list(&members)),
                };
                if is_sliver {
                    let detail = format!(
                        "A gap of {size}{place} is only {width} wide. Snap the borders together, or give it to a neighbour."
                    );
                    (DefectKind::Sliver, detail)
                } else {
                    let detail = format!(
                        "{size} {whose}belong to no area{place}. Give them to a neighbour, or draw an area there."
                    );
                    (DefectKind::Gap, detail)
                }
            }
            Trouble::Overlap if is_sliver => {
                let detail = format!(
                    "An overlap of {size} of {} is only {width} wide. Snap the borders together, or decide whose it is.",
                    list(&members)
                );
                (DefectKind::Sliver, detail)
            }
            Trouble::Overlap => {
                let detail = format!(
                    "{} have the same {size}. Decide whose they are.",
                    list(&members)
                );
                (DefectKind::Overlap, detail)
            }
            Trouble::Outside => {
                let parent = self.parent.map(|parent| title_of(parent.plot));
                let detail = format!(
                    "{size} of {} lie outside {}. Clip them to it, or redraw its border.",
                    list(&members),
                    parent.unwrap_or_default()
                );
                (DefectKind::OutsideParent, detail)
            }
        };
        if members.is_empty() {
            members.extend(&self.parent);
        }
        let place = Place::Ground(region.outline.clone());
        defect(kind, &members, place, Some(region.size_m2), detail)
    }

    /// `named` finds an area by its code.
    fn certify<'p>(
        &self,
        findings: &Findings,
        named: impl Fn(&str) -> Option<&'p Plot<'p>>,
    ) -> Coverage {
        let mut coverage = Coverage {
            parent: self.parent.map(|parent| parent.plot.id),
            code: String::new(),
            name: String::new(),
            level: None,
            children: self.children.len(),
            parent_m2: findings.parent_m2,
            covered_m2: findings.covered_m2,
            gap_m2: findings.gap_m2,
            overlap_m2: findings.overlap_m2,
            outside_m2: findings.outside_m2,
            exact: findings.exact,
        };
        let first = self.children.first().and_then(|child| child.plot.parent);
        let same = self.children.iter().all(|child| child.plot.parent == first);
        let code = self.parent.map(|parent| parent.plot.code);
        if let Some(code) = code.or(first.filter(|_| same)) {
            let plot = self
                .parent
                .map(|parent| parent.plot)
                .or_else(|| named(code));
            code.clone_into(&mut coverage.code);
            if let Some(plot) = plot {
                plot.name.clone_into(&mut coverage.name);
                coverage.level = plot.level;
            }
        }
        coverage
    }
}

impl Findings {
    fn add_region(&mut self, region: Region) {
        let sum = match region.trouble {
            Trouble::Gap => &mut self.gap_m2,
            Trouble::Overlap => &mut self.overlap_m2,
            Trouble::Outside => &mut self.outside_m2,
        };
        *sum += region.size_m2;
        if region.is_thinner_than_a_step {
            // It cannot be seen: a border that is drawn twice.
            let mut owners = region.owners.clone();
            if region.trouble == Trouble::Outside || owners.len() < 2 {
                owners.push(PARENT);
            }
            let line = region.outline.rings().next().unwrap_or_default();
            self.add_line(owners, line.to_vec());
        } else {
            self.regions.push(region);
        }
    }

    fn add_seam(&mut self, seam: &Loop) {
        let owners = seam.owners();
        let points = seam.points();
        let doubled = seam.doubled_area_e14();
        let lat = points.first().map_or(0.0, |point| point.lat());
        let sum = match doubled.signum() {
            -1 => &mut self.gap_m2,
            1 if owners.contains(&PARENT) => &mut self.outside_m2,
            _ => &mut self.overlap_m2,
        };
        *sum += lattice_area_m2(doubled, lat);
        self.add_line(owners, close(&points));
    }

    /// A closed line around a border that is drawn twice.
    fn add_line(&mut self, mut owners: Vec<u32>, line: Vec<LngLat>) {
        owners.sort_unstable();
        let (longest, unmatched) = self.seams.entry(owners).or_default();
        *unmatched += line.len().saturating_sub(3);
        if line.len() > longest.len() {
            *longest = line;
        }
    }
}

/// True when loops are the borders of grounds that lie apart and have no holes.
fn lie_apart(rest: &[Loop]) -> bool {
    let rings: Vec<Vec<LngLat>> = rest.iter().map(Loop::points).collect();
    let polygons: Vec<Vec<&[LngLat]>> = rings.iter().map(|ring| vec![ring.as_slice()]).collect();
    rest.iter().all(|round| round.doubled_area_e14() > 0) && find_faults(&polygons, 1).is_empty()
}

/// Negative for a loop with its ground outside.
fn enclosed_m2(round: &Loop) -> f64 {
    let m2 = ring_area_m2(&round.points());
    if round.doubled_area_e14() < 0 {
        -m2
    } else {
        m2
    }
}

fn defect(
    kind: DefectKind,
    members: &[&Member<'_>],
    place: Place,
    size_m2: Option<f64>,
    detail: String,
) -> Defect {
    Defect {
        kind,
        areas: members.iter().map(|member| member.plot.id).collect(),
        codes: members
            .iter()
            .map(|member| member.plot.code.to_owned())
            .collect(),
        place,
        size_m2,
        detail,
    }
}

/// The first few by name and code, and how many more there are.
fn list(members: &[&Member<'_>]) -> String {
    let named = if members.len() > NAMED + 1 {
        NAMED
    } else {
        members.len()
    };
    let titles: Vec<String> = members[..named]
        .iter()
        .map(|member| title_of(member.plot))
        .collect();
    let more = members.len() - named;
    match (titles.as_slice(), more) {
        ([init @ .., last], 0) if !init.is_empty() => format!("{} and {last}", init.join(", ")),
        (_, 0) => titles.join(", "),
        _ => format!("{} and {more} more", titles.join(", ")),
    }
}

#[cfg(test)]
mod tests;
