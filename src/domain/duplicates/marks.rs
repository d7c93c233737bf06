//! What people name by number or by its place: a building, a flat, a gate, a car. Two
//! reports that name different ones are of different matters, however alike their words.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::words::words;

words! {
    /// What is named.
    pub enum MarkKind ("mark") {
        /// 号楼、栋、幢
        Building = "building",
        /// 单元
        Entrance = "entrance",
        /// 室
        Flat = "flat",
        /// 楼、层
        Floor = "floor",
        /// 门牌号
        House = "house",
        /// 东南西北门
        Gate = "gate",
        /// 车牌
        Plate = "plate",
    }
}

/// A thing that is named: `(Building, "3")` for 3号楼, 三栋 and ３幢.
pub(super) type Mark = (MarkKind, String);

/// What two reports name differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Contradiction {
    pub kind: MarkKind,
    /// What the new report names.
    pub new: Vec<String>,
    /// What the other names.
    pub other: Vec<String>,
}

/// How things are numbered; of two that fit, the longer comes first.
const UNITS: [(&str, MarkKind); 9] = [
    ("号楼", MarkKind::Building),
    ("栋楼", MarkKind::Building),
    ("栋", MarkKind::Building),
    ("幢", MarkKind::Building),
    ("单元", MarkKind::Entrance),
    ("室", MarkKind::Flat),
    ("层", MarkKind::Floor),
    ("楼", MarkKind::Floor),
    ("号", MarkKind::House),
];

/// The first characters of the number plates of mainland China.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// The first kind of thing that both name without naming a common one.
pub(super) fn contradiction(new: &BTreeSet<Mark>, other: &BTreeSet<Mark>) -> Option<Contradiction> {
    let names = |marks: &BTreeSet<Mark>, kind: MarkKind| -> Vec<String> {
        marks
            .iter()
            .filter(|mark| mark.0 == kind)
            .map(|mark| mark.1.clone())
            .collect()
    };
    MarkKind::ALL.iter().find_map(|&kind| {
        let (new, other) = (names(new, kind), names(other, kind));
        let differ =
            !new.is_empty() && !other.is_empty() && new.iter().all(|name| !other.contains(name));
        differ.then_some(Contradiction { kind, new, other })
    })
}

/// Everything that a normalised text names, with its place there, in order.
pub(super) fn find_marks(text: &[char]) -> Vec<(Mark, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let mark = find_plate(text, at)
            .or_else(|| find_gate(text, at))
            .or_else(|| find_numbered(text, at));
        if let Some((mark, end)) = mark {
            found.push((mark, at..end));
            at = end;
        } else {
            // What is left of a number is none: 12月3号 has no 2月.
            at += digits(text, at).max(1);
        }
    }
    found
}

fn find_numbered(text: &[char], at: usize) -> Option<(Mark, usize)> {
    let length = digits(text, at);
    let (number, rest) = text.get(at..)?.split_at_checked(length)?;
    let value = value(number)?;
    let (unit, kind) = UNITS
        .into_iter()
        .find(|(unit, _)| begins_with(rest, unit))?;
    // 一栋楼 and 两层 count things rather than number them, and 3月12号 is a day.
    let counts = matches!(number, ['一' | '两']) && matches!(unit, "栋楼" | "栋" | "幢" | "层");
    let is_day = unit == "号" && text[..at].ends_with(&['月']);
    (!counts && !is_day).then(|| {
        let end = at + length + unit.chars().count();
        ((kind, value.to_string()), end)
    })
}

/// 东门, 东北门, 西大门.
fn find_gate(text: &[char], at: usize) -> Option<(Mark, usize)> {
    let is_direction = |character: &&char| "东南西北".contains(**character);
    if text[..at].last().as_ref().is_some_and(is_direction) {
        return None;
    }
    let directions: String = text.get(at..)?.iter().take_while(is_direction).collect();
    let count = directions.chars().count();
    let gate = ["大门", "门"]
        .into_iter()
        .find(|gate| begins_with(&text[at + count..], gate))?;
    (1..=2).contains(&count).then(|| {
        (
            (MarkKind::Gate, directions),
            at + count + gate.chars().count(),
        )
    })
}

/// 苏H12345, 苏H·D12345.
fn find_plate(text: &[char], at: usize) -> Option<(Mark, usize)> {
    let [province, letter, rest @ ..] = text.get(at..)? else {
        return None;
    };
    if !PROVINCES.contains(*province) || !letter.is_ascii_alphabetic() {
        return None;
    }
    let gap = usize::from(matches!(rest.first(), Some('·' | '•' | '.' | '-' | ' ')));
    let number: String = rest
        .get(gap..)?
        .iter()
        .take_while(|character| character.is_ascii_alphanumeric())
        .collect();
    (5..=6).contains(&number.len()).then(|| {
        let end = at + 2 + gap + number.len();
        (
            (MarkKind::Plate, format!("{province}{letter}{number}")),
            end,
        )
    })
}

fn begins_with(text: &[char], word: &str) -> bool {
    let mut text = text.iter();
    word.chars()
        .all(|character| text.next() == Some(&character))
}

/// How many characters from here on write a number, in one way of writing it.
fn digits(text: &[char], at: usize) -> usize {
    let count = |is_digit: fn(&char) -> bool| {
        text.iter()
            .skip(at)
            .take_while(|character| is_digit(character))
            .count()
    };
    count(char::is_ascii_digit).max(count(|character| chinese(*character).is_some()))
}

/// Digits, or Chinese ones: 十二, 一百零三, 五〇二.
fn value(number: &[char]) -> Option<u32> {
    const MOST_DIGITS: usize = 6;
    if number.is_empty() || number.len() > MOST_DIGITS {
        return None;
    }
    let by_place = number.iter().try_fold(0, |value, &character| {
        let digit = character
            .to_digit(10)
            .or_else(|| chinese(character).filter(|&digit| digit < 10))?;
        Some(value * 10 + digit)
    });
    by_place.or_else(|| {
        let (sum, ones) = number.iter().try_fold((0, 0), |(sum, ones), &character| {
            match chinese(character)? {
                // 十二 begins without a one.
                times @ (10 | 100) => Some((sum + ones.max(1) * times, 0)),
                digit => Some((sum, digit)),
            }
        })?;
        Some(sum + ones)
    })
}

const fn chinese(character: char) -> Option<u32> {
    Some(match character {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        '百' => 100,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Vec<(MarkKind, String)> {
        let characters: Vec<char> = text.chars().collect();
        find_marks(&characters)
            .into_iter()
            .map(|(mark, _)| mark)
            .collect()
    }

    fn one(kind: MarkKind, name: &str) -> Vec<(MarkKind, String)> {
        vec![(kind, name.to_owned())]
    }

    #[test]
    fn numbers_are_read_however_they_are_written() {
        for text in ["12号楼", "十二号楼", "12栋", "十二幢", "一二栋", "12栋楼"] {
            assert_eq!(marks(text), one(MarkKind::Building, "12"), "{text}");
        }
        assert_eq!(marks("二十号楼"), one(MarkKind::Building, "20"));
        assert_eq!(marks("一百零三号楼"), one(MarkKind::Building, "103"));
        assert_eq!(marks("五〇二室"), one(MarkKind::Flat, "502"));
        assert_eq!(
            marks("人民路18号3号楼2单元三楼301室漏水"),
            [
                (MarkKind::House, "18".into()),
                (MarkKind::Building, "3".into()),
                (MarkKind::Entrance, "2".into()),
                (MarkKind::Floor, "3".into()),
                (MarkKind::Flat, "301".into()),
            ]
        );
    }

    #[test]
    fn gates_and_number_plates_are_read() {
        assert_eq!(marks("小区东大门"), one(MarkKind::Gate, "东"));
        assert_eq!(marks("东北门口"), one(MarkKind::Gate, "东北"));
        for text in ["苏h3k582停在路口", "苏h·3k582", "苏h 3k582"] {
            assert_eq!(marks(text), one(MarkKind::Plate, "苏h3k582"), "{text}");
        }
        assert_eq!(marks("苏hd12345"), one(MarkKind::Plate, "苏hd12345"));
    }

    #[test]
    fn what_only_counts_or_dates_names_nothing() {
        for text in [
            "",
            "3月12号",
            "有一栋楼",
            "两层小楼",
            "几号楼",
            "12345热线",
            "2026年",
            "三个人",
            "南北方向",
            "部门",
            "东南西北门",
            "新城",
            "1234567号",
            "苏h12",
            "号楼",
            "十",
        ] {
            assert_eq!(marks(text), [], "{text}");
        }
    }

    #[test]
    fn reports_contradict_each_other_only_in_what_both_name() {
        let set = |text: &str| marks(text).into_iter().collect::<BTreeSet<_>>();
        let find = |a: &str, b: &str| contradiction(&set(a), &set(b));
        assert_eq!(find("3号楼", "2单元"), None);
        assert_eq!(find("3号楼和5号楼", "五栋"), None);
        assert_eq!(
            find("3号楼2单元", "3号楼1单元").unwrap().kind,
            MarkKind::Entrance
        );
        assert_eq!(
            find("3号楼", "5号楼、6号楼"),
            Some(Contradiction {
                kind: MarkKind::Building,
                new: vec!["3".into()],
                other: vec!["5".into(), "6".into()],
            })
        );
    }
}
