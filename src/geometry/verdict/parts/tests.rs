use super::*;
use crate::domain::AreaId;
use crate::domain::draft::kinship::Before;
use crate::domain::draft::{Ground, Plot};
use crate::geometry::verdict::survey;

/// A square of a size in steps of the lattice, which are about one centimetre.
fn square(west: i32, south: i32, size: i32) -> Vec<Vec<LngLat>> {
    let p = |x, y| LngLat::from_e7(1_190_000_000 + west + x, 336_000_000 + south + y).unwrap();
    vec![vec![
        p(0, 0),
        p(size, 0),
        p(size, size),
        p(0, size),
        p(0, 0),
    ]]
}

fn plot<'a>(code: &'a str, outline: &'a Outline) -> Plot<'a> {
    Plot {
        id: AreaId(uuid::Uuid::nil()),
        code,
        name: "",
        level: Some(Level::Grid),
        parent: Some("P"),
        ground: Ground::Drawn(outline),
        touched: true,
    }
}

fn parts(polygons: &[Vec<Vec<LngLat>>]) -> Vec<(DefectKind, String)> {
    let outline = Outline {
        polygons: polygons.to_vec(),
    };
    let plot = plot("A", &outline);
    let defects = judge_parts(&plot, &Footing::lent(plot.ground, true));
    let told = defects.into_iter().map(|defect| {
        assert!(matches!(&defect.place, Place::Ground(part) if part.polygons.len() == 1));
        (defect.kind, defect.detail)
    });
    told.collect()
}

#[test]
fn a_part_far_from_the_rest_is_far_flung() {
    // A diagonal of 1.44 km: farther than ten of them, counted from box to box.
    let main = square(0, 0, 100_000);
    let far = |lon| parts(&[square(100_000 + lon, 0, 9_000), main.clone()]);
    assert_eq!(far(1_500_000), []);
    assert_eq!(
        far(1_600_000),
        [(
            DefectKind::FarFlungPart,
            "A: a part of 8,339 m² lies 14.9 km from the rest. Remove it, or move it where it belongs.".to_owned()
        )]
    );
    // A small one may be five kilometres away.
    let main = square(0, 0, 9_000);
    assert_eq!(parts(&[main.clone(), square(0, 450_000, 8_000)]), []);
    assert_eq!(parts(&[main, square(0, 470_000, 8_000)]).len(), 1);
}

#[test]
fn a_part_of_less_than_a_square_metre_is_tiny() {
    let main = square(0, 0, 10_000);
    assert_eq!(parts(&[main.clone(), square(20_000, 0, 105)]), []);
    assert_eq!(
        parts(&[main.clone(), square(20_000, 0, 95)]),
        [(
            DefectKind::TinyPart,
            "A: a part has only 0.929 m² of 10,296 m². Drop it.".to_owned()
        )]
    );
    // A tiny area of one part is no tiny part.
    assert_eq!(parts(&[square(0, 0, 95)]), []);
    // Or less than a millionth.
    let main = square(0, 0, 1_000_000);
    assert_eq!(parts(&[main.clone(), square(2_000_000, 0, 1_010)]), []);
    assert_eq!(parts(&[main, square(2_000_000, 0, 990)]).len(), 1);
}

fn sizes(outlines: &[Outline]) -> Vec<(DefectKind, String)> {
    let codes = ["A", "B", "C", "D", "E", "F", "G"];
    let pairs = codes.iter().zip(outlines);
    let mut plots: Vec<Plot<'_>> = pairs.map(|(code, outline)| plot(code, outline)).collect();
    plots[1].touched = false;
    let kinship = Kinship::new(&plots, &Before::default());
    let surveys = survey(&kinship);
    let defects = judge_sizes(&kinship, &surveys).into_iter();
    defects.map(|defect| (defect.kind, defect.detail)).collect()
}

#[test]
fn sizes_are_compared_with_those_of_siblings() {
    let outline = |size| Outline {
        polygons: vec![square(0, 0, size)],
    };
    let mut grounds = vec![outline(9_900), outline(9_900)];
    grounds.extend((0..4).map(|_| outline(100_000)));
    assert_eq!(
        sizes(&grounds),
        [(
            DefectKind::SuspiciouslySmall,
            "A has 10,090 m², 102 times smaller than the 1.03 km² that is usual among its 5 siblings. Make sure that it is drawn right.".to_owned()
        )]
    );
    grounds[0] = outline(10_100);
    assert_eq!(sizes(&grounds), []);
    grounds[0] = outline(1_100_000);
    let found = sizes(&grounds);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, DefectKind::SuspiciouslyLarge);
    // Too few to compare with.
    grounds.pop();
    assert_eq!(sizes(&grounds), []);
}
