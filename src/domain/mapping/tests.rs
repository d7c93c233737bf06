use super::*;
use proptest::prelude::*;
use serde_json::json;

fn mapping(fields: &Value) -> Mapping {
    serde_json::from_value(json!({ "fields": fields })).unwrap()
}

fn said(faults: &[MappingError]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

const OURS: Vocabulary = Vocabulary(&[
    "event.action",
    "incident.number",
    "incident.lon",
    "incident.lat",
    "incident.form.*",
    "incident.tasks.#.status",
]);

#[test]
fn fields_are_renamed_nested_joined_and_set() {
    let source = json!({
        "event": { "action": "sign" },
        "incident": {
            "number": "20261122000001", "lon": 119.02, "lat": 33.6, "reporter": null,
            "form": { "层数": 3 }, "tasks": [{ "status": "offered" }, { "status": "signed" }],
        },
    });
    let made = mapping(&json!({
        "工单.编号": "incident.number",
        "工单.状态": { "from": "incident.tasks.1.status", "words": { "signed": "已签收" } },
        "工单.动作": { "from": "event.action", "words": { "pass": "办结" }, "default": "其他" },
        "原动作": { "from": "event.action", "words": { "pass": "办结" } },
        "坐标": { "text": "{incident.lon},{incident.lat}" },
        "层": { "from": "incident.form.层数", "as": "text" },
        "来源": { "value": "网格平台" },
        "诉求人": { "from": "incident.reporter.name", "default": "匿名" },
        "电话": "incident.reporter.phone",
    }));
    assert_eq!(made.faults(None, None), []);
    assert_eq!(
        made.apply(&source).unwrap(),
        json!({
            "工单": { "编号": "20261122000001", "状态": "已签收", "动作": "其他" },
            "原动作": "sign",
            "坐标": "119.02,33.6",
            "层": "3",
            "来源": "网格平台",
            "诉求人": "匿名",
        })
    );
}

#[test]
fn parts_of_a_text_become_numbers_or_say_that_they_are_none() {
    let inward = mapping(&json!({
        "lon": { "from": "经纬度", "split": ",", "part": 0, "as": "number" },
        "lat": { "from": "经纬度", "split": ",", "part": 1, "as": "number" },
    }));
    let read = |text: &str| inward.apply(&json!({ "经纬度": text }));
    assert_eq!(
        read("119.0211, 33").unwrap(),
        json!({ "lon": 119.0211, "lat": 33 })
    );
    assert_eq!(read("119.0211").unwrap(), json!({ "lon": 119.0211 }));
    assert_eq!(inward.apply(&json!({})).unwrap(), json!({}));
    let refused = read("东经119,33").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "\"经纬度\" holds \"东经119\", which is no number"
    );
    assert!(read("NaN,33").is_err(), "JSON has no such number");
}

#[test]
fn what_there_is_not_is_named_with_what_may_be_meant() {
    let faults = mapping(&json!({
        "a": "incident.nummer",
        "b": { "text": "{incident.lon} {incident.height}" },
        "c": "incident.form.anything.at.all",
        "d": "incident.tasks.7.status",
        "e": "incident.tasks.seven.status",
        "f": "incident",
    }))
    .faults(Some(OURS), None);
    assert_eq!(
        said(&faults),
        [
            "\"a\" takes from \"incident.nummer\", which there is not; is \"incident.number\" meant?",
            "\"b\" takes from \"incident.height\", which there is not; is \"incident.lat\" meant?",
            "\"e\" takes from \"incident.tasks.seven.status\", which there is not; is \
             \"incident.tasks.#.status\" meant?",
        ]
    );
    let faults = mapping(&json!({ "incident.numbr": "编号", "x": "y" })).faults(None, Some(OURS));
    assert_eq!(
        said(&faults),
        [
            "\"incident.numbr\" is no field that can be filled; is \"incident.number\" meant?",
            "\"x\" is no field that can be filled",
        ]
    );
}

#[test]
fn a_rule_that_cannot_be_followed_is_refused() {
    for (rule, expected) in [
        (json!({}), RuleFault::NotOneSource),
        (json!({ "from": "a", "value": 1 }), RuleFault::NotOneSource),
        (json!({ "from": "a", "split": "," }), RuleFault::HalfSplit),
        (
            json!({ "from": "a", "split": "", "part": 0 }),
            RuleFault::HalfSplit,
        ),
        (json!({ "text": "{a" }), RuleFault::Braces),
        (json!({ "text": "{}" }), RuleFault::Braces),
    ] {
        let faults = mapping(&json!({ "x": rule })).faults(None, None);
        assert!(
            faults.iter().any(
                |fault| matches!(fault, MappingError::Rule { fault, .. } if *fault == expected)
            ),
            "{rule}: {faults:?}"
        );
    }
    for rule in [json!({ "form": "a" }), json!(1), json!({ "as": "date" })] {
        let read: Result<Mapping, _> = serde_json::from_value(json!({ "fields": { "x": rule } }));
        assert!(read.is_err(), "{rule}");
    }
}

#[test]
fn a_value_with_others_below_it_is_refused() {
    let clash = mapping(&json!({ "a": "x", "a b": "x", "a.b": "x", "c.d": "x", "c.e": "x" }));
    let faults = clash.faults(None, None);
    assert_eq!(
        faults,
        [MappingError::Clash {
            field: "a".into(),
            below: "a.b".into()
        }]
    );
    for path in ["", "a..b", ".a", "a.", "a.b.c.d.e.f.g.h.i", "a\nb"] {
        let faults = mapping(&json!({ path: "x" })).faults(None, None);
        assert_eq!(
            faults,
            [MappingError::NoPath { path: path.into() }],
            "{path:?}"
        );
    }
}

proptest! {
    /// What is mapped out and back by the reversed names is what it was.
    #[test]
    fn renaming_there_and_back_changes_nothing(
        names in prop::collection::btree_map("[a-e]{1,3}(\\.[a-e]{1,2}){0,2}", any::<i32>(), 1..12)
    ) {
        let mut made = Map::new();
        let mut out = Mapping::default();
        let mut back = Mapping::default();
        for (place_no, (path, value)) in names.iter().enumerate() {
            let theirs = format!("名{place_no}");
            out.fields.insert(theirs.clone(), Rule::from_path(path));
            back.fields.insert(path.clone(), Rule::from_path(theirs));
            place(&mut made, path, json!(value));
        }
        prop_assume!(back.faults(None, None).is_empty());
        let source = Value::Object(made);
        prop_assert_eq!(back.apply(&out.apply(&source).unwrap()).unwrap(), source);
    }
}
