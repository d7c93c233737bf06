use std::borrow::Cow;

use serde_json::Value as Json;

use super::*;
use crate::domain::{LngLat, Polygon, Ring, Shape, Timestamp};
use crate::index::filter::{Kind, Place, Record, Value};

const QUERYABLES: [Queryable; 8] = [
    queryable("name", Kind::Text),
    queryable("code", Kind::Text),
    queryable("count", Kind::Integer),
    queryable("area_m2", Kind::Number),
    queryable("generated", Kind::Flag),
    queryable("starts_at", Kind::Time),
    queryable("ends_at", Kind::Time),
    queryable("skills", Kind::List),
];

const fn queryable(name: &'static str, kind: Kind) -> Queryable {
    Queryable {
        name,
        title: "",
        kind,
        words: &[],
    }
}

/// A feature whose values are those of [`QUERYABLES`].
struct Feature {
    values: Vec<Value<'static>>,
    shape: Option<Shape>,
}

impl Record for Feature {
    fn value(&self, queryable: usize) -> Value<'_> {
        self.values[queryable].clone()
    }

    fn place(&self) -> Place<'_> {
        self.shape.as_ref().map_or(Place::None, Place::Shape)
    }
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A square of a degree, north-east of 119° E 33° N.
fn feature() -> Feature {
    let corner = |lon, lat| LngLat::from_degrees(lon, lat).unwrap();
    let ring = vec![
        corner(119.0, 33.0),
        corner(120.0, 33.0),
        corner(120.0, 34.0),
        corner(119.0, 34.0),
    ];
    let exterior = Ring::from_open(ring).unwrap();
    let holes = vec![];
    Feature {
        values: vec![
            Value::Text(Cow::Borrowed("清江浦区 Straße")),
            Value::Text(Cow::Borrowed("320812")),
            Value::Integer(7),
            Value::Number(2.5),
            Value::Flag(true),
            Value::Time(time("2026-11-22T08:00:00Z")),
            Value::Time(time("2026-11-23T08:00:00Z")),
            Value::List(
                ["fire", "flood"]
                    .map(|skill| Value::Text(Cow::Borrowed(skill)))
                    .into(),
            ),
        ],
        shape: Some(Shape::new(vec![Polygon { exterior, holes }]).unwrap()),
    }
}

/// A feature of which nothing is known.
fn nothing() -> Feature {
    Feature {
        values: vec![Value::Missing; QUERYABLES.len()],
        shape: None,
    }
}

const CRS84: ReferenceSystem = ReferenceSystem::Crs84;

fn parse(text: &str) -> Result<Filter, Cql2Error> {
    parse_text(text, &QUERYABLES, CRS84)
}

#[track_caller]
fn check(text: &str, expected: Option<bool>) {
    let filter = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(filter.evaluate(&feature()), expected, "{text}");
}

#[test]
fn the_examples_of_the_standard_are_read_alike_in_both_encodings() {
    let examples: Vec<Json> = serde_json::from_str(include_str!("tests/examples.json")).unwrap();
    assert!(examples.len() > 110, "all of them should be there");
    for example in examples {
        let name = &example["name"];
        let text = example["text"].as_str().unwrap();
        let text = text::read(text).unwrap_or_else(|error| panic!("{name}: {error}: {text}"));
        let json = json::read(&example["json"].to_string())
            .unwrap_or_else(|error| panic!("{name}: {error}: {}", example["json"]));
        assert_eq!(text, json, "{name}");
    }
}

#[test]
fn conditions_hold_as_the_standard_says() {
    for (text, expected) in [
        ("TRUE", true),
        ("false", false),
        ("code = '320812'", true),
        ("code <> '320812'", false),
        ("'320812' = code", true),
        ("code >= '32' AND code < '33'", true),
        ("\"code\"='320812'", true),
        ("name LIKE '清江%'", true),
        ("name LIKE '清江_区%'", true),
        ("name NOT LIKE '%淮%'", true),
        ("CASEI(name) = casei('清江浦区 STRASSE')", true),
        ("casei(name) LIKE CASEI('%STRASSE')", true),
        ("accenti(name) = accenti('清江浦区 Straße')", true),
        ("count = 7", true),
        ("count = 7.0", true),
        ("count * 2 + 1 = 15", true),
        ("1 + count * 2 = 15", true),
        ("(1 + count) * 2 = 16", true),
        ("count - 1 - 1 = 5", true),
        ("count ^ 2 = 49", true),
        ("2 ^ 3 ^ 2 = 512", true),
        ("-count = -7", true),
        ("-2 ^ 2 = 4", true),
        ("count div 2 = 3", true),
        ("count / 2 = 3.5", true),
        ("count % 4 = 3", true),
        ("count > area_m2", true),
        ("area_m2 BETWEEN 2.5 AND 3e0", true),
        ("area_m2 NOT BETWEEN .5 AND 2.", true),
        ("count IN (1, 7)", true),
        ("count NOT IN (1, 2)", true),
        ("code IN ('320811','320812')", true),
        ("code IN ('320811')", false),
        ("generated", true),
        ("NOT generated", false),
        ("generated = TRUE AND NOT generated = FALSE", true),
        ("NOT generated OR TRUE", true),
        ("FALSE AND TRUE OR TRUE", true),
        ("FALSE AND (TRUE OR TRUE)", false),
        ("(count = 7) = TRUE", true),
        ("name IS NOT NULL", true),
        ("geometry IS NULL", false),
        ("starts_at > TIMESTAMP('2026-11-22T07:59:59Z')", true),
        ("starts_at = TIMESTAMP('2026-11-22T16:00:00+08:00')", true),
        ("starts_at = DATE('2026-11-22')", true),
        ("starts_at >= DATE('2026-11-23')", false),
        ("starts_at > '2026-11-21'", true),
        (
            "starts_at BETWEEN DATE('2026-11-22') AND DATE('2026-11-22')",
            true,
        ),
        ("t_after(starts_at, DATE('2026-11-21'))", true),
        ("T_BEFORE(starts_at, ends_at)", true),
        (
            "t_intersects(starts_at, INTERVAL('2026-11-01', '..'))",
            true,
        ),
        ("t_disjoint(starts_at, INTERVAL('..', '2026-11-21'))", true),
        (
            "t_equals(starts_at, TIMESTAMP('2026-11-22T08:00:00Z'))",
            true,
        ),
        (
            "t_during(INTERVAL(starts_at, ends_at), INTERVAL('2026-11-01', '2026-12-01'))",
            true,
        ),
        (
            "t_contains(INTERVAL(starts_at, ends_at), INTERVAL('2026-11-22T09:00:00Z', '2026-11-22T10:00:00Z'))",
            true,
        ),
        (
            "t_meets(INTERVAL('2026-11-01T00:00:00Z', '2026-11-22T08:00:00Z'), INTERVAL(starts_at, ends_at))",
            true,
        ),
        (
            "t_finishes(INTERVAL(starts_at, ends_at), INTERVAL('2026-11-01', ends_at))",
            true,
        ),
        ("a_contains(skills, ('fire'))", true),
        ("a_contains(skills, ('fire', 'storm'))", false),
        ("a_overlaps(skills, ('fire', 'storm'))", true),
        ("a_containedBy(skills, ('fire', 'flood', 'storm'))", true),
        ("A_EQUALS(('flood', 'fire', 'fire'), skills)", true),
        ("a_contains(skills, ())", true),
        ("s_intersects(geometry, POINT(119.5 33.5))", true),
        ("s_intersects(geometry, POINT Z (119.5 33.5 7))", true),
        ("s_intersects(geometry, POINT(121 33.5))", false),
        ("s_disjoint(geometry, POINT(121 33.5))", true),
        ("s_intersects(geometry, BBOX(119.9, 33.9, 121, 35))", true),
        ("s_within(geometry, BBOX(118, 32, 121, 35))", true),
        ("s_within(BBOX(119.1, 33.1, 119.2, 33.2), geometry)", true),
        (
            "s_contains(geometry, LINESTRING(119.1 33.1, 119.2 33.2))",
            true,
        ),
        ("s_touches(geometry, BBOX(120, 33, 121, 34))", true),
        ("s_crosses(LINESTRING(118 33.5, 121 33.5), geometry)", true),
        (
            "s_overlaps(geometry, POLYGON((119.5 33.5, 121 33.5, 121 35, 119.5 33.5)))",
            true,
        ),
        (
            "s_equals(geometry, POLYGON((119 33, 119 34, 120 34, 120 33, 119 33)))",
            true,
        ),
        ("s_intersects(geometry, MULTIPOINT(1 1, 119.5 33.5))", true),
        (
            "s_intersects(geometry, GEOMETRYCOLLECTION(POINT(1 1), POINT(119.5 33.5)))",
            true,
        ),
        ("s_intersects(POINT(1 1), BBOX(0, 0, 2, 2))", true),
        ("s_equals(geometry, geometry)", true),
    ] {
        check(text, Some(expected));
    }
}

#[test]
fn what_is_missing_makes_a_condition_unknown() {
    for (text, expected) in [
        ("name = 'a'", None),
        ("NOT name = 'a'", None),
        ("name = 'a' OR TRUE", Some(true)),
        ("name = 'a' AND FALSE", Some(false)),
        ("name = 'a' AND TRUE", None),
        ("name = 'a' OR FALSE", None),
        ("name LIKE '%'", None),
        ("name IN ('a')", None),
        ("count IN (1, 2)", None),
        ("count + 1 > 0", None),
        ("count BETWEEN 1 AND 2", None),
        ("name IS NULL", Some(true)),
        ("geometry IS NULL", Some(true)),
        ("count + 1 IS NULL", Some(true)),
        ("s_disjoint(geometry, POINT(1 1))", None),
        ("t_disjoint(starts_at, DATE('2026-11-22'))", None),
        (
            "t_after(INTERVAL(starts_at, '..'), DATE('2026-11-22'))",
            None,
        ),
        ("a_contains(skills, ('a'))", None),
        ("1 / 0 = 1", None),
    ] {
        assert_eq!(
            parse(text).unwrap().evaluate(&nothing()),
            expected,
            "{text}"
        );
    }
}

#[test]
fn faults_say_where_they_are() {
    for (text, expected) in [
        (
            "",
            "at character 1: expected a property, a value or an opening bracket, found the end",
        ),
        (
            "code = ",
            "at character 8: expected a property, a value or an opening bracket, found the end",
        ),
        ("code = 'x", "at character 8: the quote ' is not closed"),
        (
            "名称 = '清'",
            "at character 1: there is no property \"名称\" here; there are name, code, count, area_m2, generated, starts_at, ends_at, skills, geometry",
        ),
        (
            "code = '清' AND wrong = 1",
            "at character 16: there is no property \"wrong\" here; there are name, code, count, area_m2, generated, starts_at, ends_at, skills, geometry",
        ),
        (
            "code = 320812",
            "at character 8: expected a text, found a number",
        ),
        (
            "code",
            "at character 1: expected a condition, found a text; compare it with something",
        ),
        (
            "code = 'a' code = 'b'",
            "at character 12: expected AND, OR or the end, found code",
        ),
        (
            "count = 1 = 2",
            "at character 11: expected AND, OR or the end, found \"=\"",
        ),
        (
            "code != 'a'",
            "at character 6: '!' begins nothing that CQL2 has",
        ),
        (
            "code = and",
            "at character 8: expected a property or a value, found the keyword and; a property of that name is written in double quotes",
        ),
        (
            "avg(count) = 1",
            "at character 1: there is no function \"avg\" with these operands; there are casei, accenti, s_intersects, s_within and the other functions of CQL2",
        ),
        (
            "code IN 'a'",
            "at character 9: expected \"(\", found the text \"a\"",
        ),
        (
            "count BETWEEN 1 OR 2",
            "at character 17: expected AND, found OR",
        ),
        (
            "casei('a', 'b') = 'a'",
            "at character 1: there is no function \"casei\" with these operands; there are casei, accenti, s_intersects, s_within and the other functions of CQL2",
        ),
        ("count = 12e999", "at character 9: 12e999 is no number"),
        (
            "count = 12abc",
            "at character 9: a number runs into a name; put a space between",
        ),
        (
            "starts_at > 'yesterday'",
            "at character 13: \"yesterday\" is no time; write a day as 2026-11-22 or a moment as 2026-11-22T08:00:00Z, and between the ends of an interval a slash, with .. for an open end",
        ),
        (
            "starts_at > DATE('2026-13-01')",
            "at character 18: \"2026-13-01\" is no day, as 2026-11-22",
        ),
        (
            "t_during(starts_at, INTERVAL('2026-11-01', '..'))",
            "at character 10: t_during is a relation of intervals, and this is a moment; use t_intersects, t_before, t_after, t_equals or t_disjoint",
        ),
        (
            "t_after(starts_at, INTERVAL('2026-11-02', '2026-11-01'))",
            "at character 20: the interval ends before it starts",
        ),
        (
            "s_intersects(geometry, POINT(33 119))",
            "at character 24: latitude 119 is outside -90 to 90 degrees; positions are longitude first, then latitude",
        ),
        (
            "s_intersects(geometry, POINT(1 2)",
            "at character 34: expected \",\", found the end",
        ),
        (
            "s_intersects(geometry, POLYGON((0 0, 1 0, 1 1)))",
            "at character 24: the ring is not closed: it starts at (0, 0) and ends at (1, 1)",
        ),
        (
            "s_intersects(geometry, POLYGON((0 0, 2 2, 2 0, 0 1, 0 0)))",
            "at character 24: the polygon is not valid: the border crosses itself at (0.6666667, 0.6666667)",
        ),
        (
            "s_intersects(geometry, POINT EMPTY)",
            "at character 30: an empty geometry meets nothing",
        ),
        (
            "s_intersects(geometry, code)",
            "at character 24: expected a geometry, found a text",
        ),
        (
            "s_intersects(geometry, BBOX(1, 2, 3))",
            "at character 24: a box is four numbers, the lower corner and then the upper, or six with heights; got 3",
        ),
        (
            "geometry = POINT(1 2)",
            "at character 1: expected a value, found a geometry; use the functions s_…",
        ),
        (
            "skills = 'fire'",
            "at character 1: a list is not compared in this way; use the functions a_… and t_…",
        ),
        (
            "name LIKE code",
            "at character 11: a pattern is a text in quotes",
        ),
    ] {
        assert_eq!(parse(text).unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn faults_of_json_say_where_they_are() {
    for (text, expected) in [
        (
            "{",
            "at the top: this is no JSON: EOF while parsing an object at line 1 column 1",
        ),
        (
            "{}",
            "at the top: expected a value, or an object with op, property, date, timestamp, interval, bbox or a GeoJSON type",
        ),
        (
            r#"{"op":"=","args":[{"property":"code"}]}"#,
            "at the top: = takes 2 operands, but has 1",
        ),
        (
            r#"{"op":"and","args":[{"op":"=","args":[{"property":"code"},null]},true]}"#,
            "at /args/0/args/1: null is no value here; the operator isNull asks for what is missing",
        ),
        (
            r#"{"op":"not","args":[{"op":"=","args":[{"property":"wrong"},1]}]}"#,
            "at /args/0/args/0: there is no property \"wrong\" here; there are name, code, count, area_m2, generated, starts_at, ends_at, skills, geometry",
        ),
        (
            r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[1]}]}"#,
            "at /args/1/coordinates: a position is two numbers, or three with its height",
        ),
        (
            r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Circle","coordinates":[1]}]}"#,
            "at /args/1/type: \"Circle\" is no kind of GeoJSON geometry",
        ),
        (
            r#"{"op":"=","args":[{"property":"code","of":1},"a"]}"#,
            "at /args/0: the member \"of\" has no meaning here",
        ),
        (
            r#"{"op":"isNull","args":{"property":"code"}}"#,
            "at the top: an operator has a list of operands, \"args\"",
        ),
    ] {
        let refused = parse_json(text, &QUERYABLES, CRS84).unwrap_err();
        assert_eq!(refused.to_string(), expected, "{text}");
    }
}

#[test]
fn a_geojson_polygon_with_a_bbox_is_the_polygon() {
    let text = r#"{"op":"s_intersects","args":[{"property":"geometry"},
        {"type":"Polygon","bbox":[0,0,180,80],"coordinates":[[[1,1],[2,1],[2,2],[1,1]]]}]}"#;
    let filter = parse_json(text, &QUERYABLES, CRS84).unwrap();
    assert_eq!(filter.evaluate(&feature()), Some(false));
}

#[test]
fn geometries_are_read_in_the_order_of_the_axes() {
    for (system, text) in [
        ("EPSG/0/4490", "s_intersects(geometry, POINT(33.5 119.5))"),
        ("EPSG/0/4490", "s_within(geometry, BBOX(32, 118, 35, 121))"),
        (
            "EPSG/0/4549",
            "s_intersects(geometry, POINT(3708000 453500))",
        ),
        (
            "EPSG/0/4549",
            "s_intersects(geometry, BBOX(3708000, 453500, 3708100, 453600))",
        ),
        (
            "EPSG/0/3857",
            "s_intersects(geometry, POINT(13302000 3961000))",
        ),
    ] {
        let system = format!("http://www.opengis.net/def/crs/{system}")
            .parse()
            .unwrap();
        let filter = parse_text(text, &QUERYABLES, system).unwrap();
        assert_eq!(filter.evaluate(&feature()), Some(true), "{system:?} {text}");
    }
}

/// What would take a parser that tries every way an age, or the stack.
#[test]
fn deep_and_long_filters_end_quickly() {
    for text in [
        "(".repeat(30_000),
        "((((((((((((((((((((((((((((((1 2".to_owned(),
        format!("{}TRUE{}", "(".repeat(30_000), ")".repeat(30_000)),
        format!("{}TRUE", "NOT ".repeat(30_000)),
        format!("count = {}1", "-".repeat(30_000)),
        format!("count = 1{}", " + 1".repeat(30_000)),
        format!("count = 1{}", " ^ 1".repeat(30_000)),
        "casei(".repeat(30_000),
        "GEOMETRYCOLLECTION(".repeat(30_000),
    ] {
        let error = parse(&text).unwrap_err();
        assert!(!error.why.is_empty(), "{}", text.len());
    }
    let deep = format!(
        "{}true{}",
        r#"{"op":"not","args":["#.repeat(30_000),
        "]}".repeat(30_000)
    );
    assert!(parse_json(&deep, &QUERYABLES, CRS84).is_err());

    let nested = (0..20).fold("count IN (1)".to_owned(), |text, _| {
        format!("({text}) IN (TRUE, FALSE)")
    });
    check(&nested, Some(true));
    check(&format!("TRUE{}", " AND TRUE".repeat(5_000)), Some(true));
    let codes: Vec<String> = (0..5_000).map(|code| format!("'{code}'")).collect();
    check(&format!("code IN ({})", codes.join(",")), Some(false));
}

#[test]
fn query_parameters_are_equal_or_hold() {
    let holds = |name: &str, text: &str| {
        let index = QUERYABLES
            .iter()
            .position(|known| known.name == name)
            .unwrap();
        let filter = equal_to(index, &QUERYABLES[index], text)?;
        Ok::<_, String>(filter.matches(&feature()))
    };
    for (name, text, expected) in [
        ("code", "320812", true),
        ("code", "32081", false),
        ("count", "7", true),
        ("area_m2", "2.5", true),
        ("generated", "false", false),
        ("starts_at", "2026-11-22", true),
        ("starts_at", "2026-11-22T08:00:01Z/..", false),
        ("skills", "flood", true),
        ("skills", "storm", false),
    ] {
        assert_eq!(holds(name, text), Ok(expected), "{name}={text}");
    }
    assert_eq!(
        holds("count", "seven"),
        Err("\"seven\" is no number".to_owned())
    );
    assert_eq!(
        holds("generated", "yes"),
        Err("\"yes\" is neither true nor false".to_owned())
    );
    let kind = Queryable {
        words: &["general", "special"],
        ..queryable("kind", Kind::Text)
    };
    assert_eq!(
        equal_to(0, &kind, "green").unwrap_err(),
        "\"green\" is not one of general, special"
    );
}

#[test]
fn the_box_of_a_filter_holds_all_it_can_find() {
    for (text, expected) in [
        (
            "s_intersects(geometry, BBOX(1, 2, 3, 4))",
            Some([1.0, 2.0, 3.0, 4.0]),
        ),
        (
            "s_within(geometry, BBOX(1, 2, 3, 4)) AND code = 'a'",
            Some([1.0, 2.0, 3.0, 4.0]),
        ),
        ("s_within(geometry, BBOX(1, 2, 3, 4)) OR code = 'a'", None),
        (
            "s_within(geometry, BBOX(1, 2, 3, 4)) OR s_touches(geometry, POINT(9 9))",
            Some([1.0, 2.0, 9.0, 9.0]),
        ),
        (
            "s_within(geometry, BBOX(0, 0, 9, 9)) AND s_touches(geometry, POINT(1 1))",
            Some([1.0, 1.0, 1.0, 1.0]),
        ),
        ("NOT s_within(geometry, BBOX(1, 2, 3, 4))", None),
        ("s_disjoint(geometry, BBOX(1, 2, 3, 4))", None),
    ] {
        let bounds = parse(text).unwrap().bounds();
        assert_eq!(
            bounds.map(crate::domain::BoundingBox::to_degrees),
            expected,
            "{text}"
        );
    }
}
