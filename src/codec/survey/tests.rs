use proptest::prelude::*;

use super::super::boundaries::{BoundaryFileError, read_layer};
use super::*;

fn read_text(text: &[u8]) -> Result<SourceLayer, BoundaryFileError> {
    read_layer(text, "界址点.txt", &ReadOptions::default())
}

const SURVEY: &str = "[属性描述]\r
格式版本号=1.01版本\r
坐标系=2000国家大地坐标系\r
几度分带=3\r
投影类型=高斯克吕格\r
计量单位=米\r
带号=40\r
精度=0.001\r
转换参数=,,,,,,\r
[地块坐标]\r
10,1.5,320102001,一号地块,面,I50G001,住宅,0701,@\r
J1,1,3500000.000,40500000.000\r
J2,1,3500000.000,40500100.000\r
J3,1,3500100.000,40500100.000\r
J4,1,3500100.000,40500000.000\r
J1,1,3500000.000,40500000.000\r
J5,2,3500010.000,40500010.000\r
J6,2,3500010.000,40500020.000\r
J7,2,3500020.000,40500020.000\r
J8,2,3500020.000,40500010.000\r
J5,2,3500010.000,40500010.000\r
3,,2,,面,,,,@\r
J1,1,3600000,40600000\r
J2,1,3600000,40600001\r
J3,1,3600001,40600001\r
";

#[test]
fn parcels_are_read_ring_by_ring_in_any_encoding() {
    let gbk = encoding_rs::GBK.encode(SURVEY).0.into_owned();
    for (bytes, said) in [
        (SURVEY.as_bytes(), "UTF-8 (guessed from the text)"),
        (&gbk[..], "gb18030 (guessed from the text)"),
    ] {
        let layer = read_text(bytes).unwrap();
        assert_eq!(layer.text.encoding.to_string(), said);
        assert_eq!(
            layer.declared_crs,
            DeclaredCrs::Known("EPSG:4528".parse().unwrap())
        );
        assert_eq!(layer.columns, COLUMNS);
        let properties = &layer.features[0].properties;
        assert_eq!(
            (&properties["编号"], &properties["名称"]),
            (&"320102001".into(), &"一号地块".into())
        );
        assert_eq!(layer.features[1].properties["名称"], Value::Null);
        let rings = &layer.features[0].polygons.as_ref().unwrap()[0];
        // Both run the same way: what lies in another ring is its hole.
        assert_eq!(rings.iter().map(Vec::len).collect::<Vec<_>>(), [5, 5]);
        assert_eq!(format!("{:?}", rings[0][1]), "[40500100.0, 3500000.0]");
        assert_eq!(
            layer.features[1].polygons,
            Ok(vec![vec![vec![
                [40_600_000.0, 3_600_000.0],
                [40_600_001.0, 3_600_000.0],
                [40_600_001.0, 3_600_001.0],
                [40_600_000.0, 3_600_000.0]
            ]]])
        );
    }
}

#[test]
fn the_system_follows_from_zone_width_and_prefix() {
    let crs = |changes: &[(&str, &str)]| {
        let mut text = SURVEY.to_owned();
        for (from, to) in changes {
            text = text.replace(from, to);
        }
        read_text(text.as_bytes()).unwrap().declared_crs
    };
    let known = |name: &str| DeclaredCrs::Known(name.parse().unwrap());
    let without_prefix = (",40", ",");
    assert_eq!(crs(&[without_prefix]), known("EPSG:4549"));
    assert_eq!(
        crs(&[without_prefix, ("带号=40", "带号=")]),
        DeclaredCrs::None
    );
    assert_eq!(crs(&[("带号=40", "带号=")]), known("EPSG:4528"));
    let six = [(",40", ",20"), ("带号=40", "带号=20"), ("分带=3", "分带=6")];
    assert_eq!(crs(&six), known("EPSG:4498"));
    let six_without = [without_prefix, six[1], six[2]];
    assert_eq!(crs(&six_without), known("EPSG:4509"));
    let unknown = |changes: &[(&str, &str)]| match crs(changes) {
        DeclaredCrs::Unknown { text, .. } => text,
        other => format!("{other:?}"),
    };
    assert_eq!(unknown(&[("2000国家", "1980西安")]), "1980西安大地坐标系");
    assert_eq!(unknown(&[("带号=40", "带号=39")]), "带号=39");
    assert_eq!(unknown(&[six[0], six[1]]), "几度分带=3, 带号=20");
}

#[test]
fn eastings_first_are_recognised_by_their_zone() {
    let swapped: String = SURVEY
        .lines()
        .map(|line| match line.split(',').collect::<Vec<_>>()[..] {
            [name, ring, north, east] => format!("{name},{ring},{east},{north}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let (layer, same) = (
        read_text(swapped.as_bytes()).unwrap(),
        read_text(SURVEY.as_bytes()).unwrap(),
    );
    assert_eq!(layer.features[0].polygons, same.features[0].polygons);
    assert_eq!(layer.declared_crs, same.declared_crs);
}

#[test]
fn degrees_are_read_with_their_minutes_and_seconds() {
    let text = |unit: &str, corner: &str| {
        format!(
            "[属性描述]\n坐标系=2000国家大地坐标系\n计量单位={unit}\n[地块坐标]\n4,1,1,甲,面,,,,@\nJ1,1,{corner}\nJ2,1,32.3000,119.3000\nJ3,1,32.5959,118.0000\nJ1,1,{corner}\n"
        )
    };
    for (unit, corner, expected) in [
        ("度", "32.0000,118.2536712", [118.426_864_444_444_44, 32.0]),
        ("度", "32.0000,118.75", [118.75, 32.0]),
        ("度分秒", "32.30,118.15", [118.25, 32.5]),
        ("十进制度", "32.30,118.15", [118.15, 32.3]),
    ] {
        let layer = read_text(text(unit, corner).as_bytes()).unwrap();
        assert_eq!(layer.declared_crs, DeclaredCrs::Known(Crs::Wgs84));
        let [x, y] = layer.features[0].polygons.as_ref().unwrap()[0][0][0];
        assert!(
            (x - expected[0]).abs() < 1e-12 && (y - expected[1]).abs() < 1e-12,
            "{unit} {x} {y}"
        );
    }
}

#[test]
fn lines_that_are_none_are_named() {
    let fault = |text: &str| read_text(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        fault(&SURVEY.replace("J2,1,3500000.000,40500100.000", "J2;1;3500000.000")),
        "界址点.txt: line 13 is no corner of the form J1,1,X,Y: \"J2;1;3500000.000\"; correct it"
    );
    assert!(
        fault("[地块坐标]\nJ1,1,2,3\n")
            .starts_with("界址点.txt: line 2 is a corner, but no parcel stands before it:")
    );
    assert_eq!(
        fault("[属性描述]\n带号=40\n"),
        "界址点.txt: the file has no parcels, so there is nothing to import; export it again"
    );
    let feature = |from: &str, to: &str| {
        let layer = read_text(SURVEY.replace(from, to).as_bytes()).unwrap();
        layer.features[0].polygons.clone().unwrap_err().to_string()
    };
    assert_eq!(
        feature("10,1.5", "20,1.5"),
        "its geometry is damaged: its line promises 20 corners, but 10 follow; export the file again"
    );
    assert_eq!(
        feature("J6,2,3500010.000", "J6,2,north"),
        "its geometry is damaged: corner 2 of ring 2 is not two numbers; export the file again"
    );
}

proptest! {
    #[test]
    fn damage_is_an_error_and_no_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
        degrees in any::<bool>(),
    ) {
        let text = if degrees { SURVEY.replace("=米", "=度") } else { SURVEY.to_owned() };
        let mut bytes = text.into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read_text(&bytes);
    }
}
