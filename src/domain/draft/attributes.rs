//! What is wrong with codes, names, levels and parents: all that needs no geometry.

use std::collections::{BTreeMap, HashMap};

use super::defect::{Defect, DefectKind, Place};
use super::kinship::{Before, Kinship};
use super::{Ground, Plot};
use crate::domain::code::CodeError;
use crate::domain::{AreaCode, CodeScheme, Level};

/// Every such defect of what a change touches, in no particular order. `place_of` says where
/// an area is; of several the first counts.
#[must_use]
pub fn judge_attributes(
    kinship: &Kinship<'_>,
    scheme: &CodeScheme,
    before: &Before<'_>,
    place_of: &dyn Fn(&Plot<'_>) -> Place,
) -> Vec<Defect> {
    let mut found = Vec::new();
    find(kinship, scheme, before, &mut found);
    let defects = found.into_iter().map(|(kind, plots, detail)| Defect {
        kind,
        areas: plots.iter().map(|plot| plot.id).collect(),
        codes: plots.iter().map(|plot| plot.code.to_owned()).collect(),
        place: plots.first().map_or(Place::Nowhere, |plot| place_of(plot)),
        size_m2: None,
        detail,
    });
    defects.collect()
}

/// What is wrong, with whom, in a sentence.
type Finding<'a> = (DefectKind, Vec<&'a Plot<'a>>, String);

fn find<'a>(
    kinship: &'a Kinship<'a>,
    scheme: &CodeScheme,
    before: &Before<'_>,
    found: &mut Vec<Finding<'a>>,
) {
    for (plot, affected) in kinship.plots.iter().zip(&kinship.affected) {
        if plot.touched {
            found.extend(judge_code(plot, scheme));
            found.extend(judge_level(plot, before));
            found.extend(judge_name(plot));
            found.extend(judge_presence(plot, before, kinship));
        }
        if *affected {
            found.extend(judge_parent(plot, kinship));
        }
    }
    found.extend(judge_shared_codes(kinship));
    found.extend(judge_shared_names(kinship));
    found.extend(judge_levels(kinship));
}

/// True for what only a wrong decoding leaves: replacement characters, what they become
/// when they are decoded once more (锟斤拷), and control characters.
#[must_use]
pub fn is_garbled(name: &str) -> bool {
    name.contains("锟斤拷") || name.chars().any(|c| c == '\u{fffd}' || c.is_control())
}

/// An area by name and code, as sentences about it begin.
#[must_use]
pub fn title_of(plot: &Plot<'_>) -> String {
    match (plot.name.trim(), plot.code) {
        ("", "") => "An area without a code and a name".to_owned(),
        ("", code) => code.to_owned(),
        (name, "") => format!("{name:?}, which has no code,"),
        (name, code) => format!("{name} ({code})"),
    }
}

fn judge_code<'a>(plot: &'a Plot<'a>, scheme: &CodeScheme) -> Option<Finding<'a>> {
    if plot.code.is_empty() {
        let length = plot.level.and_then(|level| scheme.levels.get(&level));
        let wanted = match (length, plot.parent) {
            (Some(length), Some(parent)) if scheme.prefix => {
                format!("of {length} characters that begins with {parent}")
            }
            (Some(length), _) => format!("of {length} characters"),
            (None, _) => format!("of the scheme {}", scheme.code),
        };
        let name = match plot.name.trim() {
            "" => "An area without a name".to_owned(),
            name => format!("{name:?}"),
        };
        let detail = format!("{name} has no code. Give it one {wanted}.");
        return Some((DefectKind::MissingCode, vec![plot], detail));
    }
    let fault = check_code(plot, scheme).err()?;
    let fault = capitalise(&fault.to_string());
    let detail = format!("{fault}. Correct the code, the level or the parent.");
    Some((DefectKind::MisfitCode, vec![plot], detail))
}

fn check_code(plot: &Plot<'_>, scheme: &CodeScheme) -> Result<(), CodeError> {
    let code: AreaCode = plot.code.parse()?;
    let Some(level) = plot.level else {
        return Ok(());
    };
    // A parent that is no code is no area of the territory, and told as such.
    let parent = plot.parent.and_then(|parent| parent.parse().ok());
    scheme.check(&code, level, parent.as_ref())
}

fn capitalise(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(rest).collect()
}

fn judge_level<'a>(plot: &'a Plot<'a>, before: &Before<'_>) -> Option<Finding<'a>> {
    let title = title_of(plot);
    let Some(level) = plot.level else {
        let detail = format!(
            "{title} has no level, and its code says none. Choose one of {}.",
            list(Level::ALL.iter().map(|level| level.as_str()))
        );
        return Some((DefectKind::MissingLevel, vec![plot], detail));
    };
    let was = before.level_of(plot.code).filter(|&was| was != level)?;
    let detail = format!(
        "{title} is a {level} here, but in the edition before the code {} is that of a {was}. Correct the code or the level.",
        plot.code
    );
    Some((DefectKind::LevelChanged, vec![plot], detail))
}

fn judge_name<'a>(plot: &'a Plot<'a>) -> Option<Finding<'a>> {
    if plot.name.trim().is_empty() {
        let detail = format!("{} has no name. Give it one.", title_of(plot));
        return Some((DefectKind::MissingName, vec![plot], detail));
    }
    is_garbled(plot.name).then(|| {
        let detail = format!(
            "The name {:?} of {} is garbled. Choose the encoding that the file is in, or type the name.",
            plot.name, plot.code
        );
        (DefectKind::GarbledName, vec![plot], detail)
    })
}

/// Ground may be unknown where it was before, and above areas that have some.
fn judge_presence<'a>(
    plot: &'a Plot<'a>,
    before: &Before<'_>,
    kinship: &Kinship<'_>,
) -> Option<Finding<'a>> {
    let is_empty = match plot.ground {
        Ground::Standing(_) => false,
        Ground::Drawn(outline) => outline.rings().next().is_none(),
        Ground::Unknown => {
            let known = |area: &crate::domain::Area| area.shape.is_some();
            !kinship.has_children(plot.code) && before.area(plot.id).is_none_or(known)
        }
    };
    is_empty.then(|| {
        let detail = format!(
            "{} has no ground at all. Draw it, or remove it.",
            title_of(plot)
        );
        (DefectKind::Empty, vec![plot], detail)
    })
}

/// An area whose parent is known nowhere, while there is no area of a higher level, is a
/// root and no orphan.
fn judge_parent<'a>(plot: &'a Plot<'a>, kinship: &Kinship<'_>) -> Option<Finding<'a>> {
    let level = plot.level?;
    let title = title_of(plot);
    let found = plot.parent.and_then(|code| kinship.find(code));
    let detail = match (plot.parent, found.map(|index| &kinship.plots[index])) {
        (Some(code), Some(parent)) => {
            let above = parent.level.filter(|&above| above >= level)?;
            format!(
                "{title} is a {level} and so can be no part of {code}, which is a {above}. Correct the level or the parent."
            )
        }
        _ if !kinship.has_level_above(level) => return None,
        (Some(code), None) => format!(
            "{title} names the parent {code}, which is not there. Add that area, or correct the parent."
        ),
        (None, None) => format!("{title}, a {level}, names no parent. Choose one."),
        (None, Some(_)) => return None,
    };
    Some((DefectKind::Orphan, vec![plot], detail))
}

fn judge_shared_codes<'a>(kinship: &'a Kinship<'a>) -> Vec<Finding<'a>> {
    let shared = kinship.shared_codes.iter().map(|(code, plots)| {
        let plots: Vec<&Plot<'_>> = plots.iter().map(|&index| &kinship.plots[index]).collect();
        (code, plots)
    });
    let touched = shared.filter(|(_, plots)| plots.iter().any(|plot| plot.touched));
    let defects = touched.map(|(code, plots)| {
        let detail = format!(
            "The code {code} stands for {} areas: {}. Give all but one of them another code, or merge them.",
            plots.len(),
            list(plots.iter().map(|plot| plot.name))
        );
        (DefectKind::DuplicateCode, plots, detail)
    });
    defects.collect()
}

/// Among the areas that name the same parent.
fn judge_shared_names<'a>(kinship: &'a Kinship<'a>) -> Vec<Finding<'a>> {
    let affected = kinship.plots.iter().filter(|plot| plot.touched);
    let mut names: HashMap<(Option<&str>, &str), Vec<&Plot<'_>>> = affected
        .map(|plot| ((plot.parent, plot.name.trim()), Vec::new()))
        .filter(|((_, name), _)| !name.is_empty() && !is_garbled(name))
        .collect();
    for plot in kinship.plots {
        if let Some(bearers) = names.get_mut(&(plot.parent, plot.name.trim())) {
            bearers.push(plot);
        }
    }
    let shared = names.into_iter().filter(|(_, bearers)| bearers.len() > 1);
    // Areas without a parent are no siblings: two cities may each have a 鼓楼区.
    let shared = shared.filter_map(|((parent, name), bearers)| Some((parent?, name, bearers)));
    let defects = shared.map(|(parent, name, bearers)| {
        let detail = format!(
            "{} areas under {parent} are called {name}: {}. Tell them apart by their names.",
            bearers.len(),
            list(bearers.iter().map(|plot| plot.code))
        );
        (DefectKind::DuplicateName, bearers, detail)
    });
    defects.collect()
}

fn judge_levels<'a>(kinship: &Kinship<'_>) -> Option<Finding<'a>> {
    let mut counts: BTreeMap<Level, usize> = BTreeMap::new();
    for plot in kinship.plots.iter().filter(|plot| plot.touched) {
        if let Some(level) = plot.level {
            *counts.entry(level).or_default() += 1;
        }
    }
    (counts.len() > 1).then(|| {
        let counted = counts.iter().map(|(level, count)| match count {
            1 => format!("1 {level}"),
            _ => format!("{count} {}", level.layer()),
        });
        let detail = format!(
            "The changes are of {} levels: {}. If only one was meant, choose its layer.",
            counts.len(),
            list(counted)
        );
        (DefectKind::MixedLevels, Vec::new(), detail)
    })
}

/// So many are named in a sentence.
const NAMED: usize = 5;

/// The first few, and how many more there are.
fn list<T: AsRef<str>>(words: impl ExactSizeIterator<Item = T>) -> String {
    let count = words.len();
    let named: Vec<T> = words.take(NAMED).collect();
    let named: Vec<&str> = named.iter().map(AsRef::as_ref).collect();
    let more = count - named.len();
    if more == 0 {
        named.join(", ")
    } else {
        format!("{} and {more} more", named.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{area, plot};
    use super::*;
    use crate::domain::Area;
    use crate::domain::draft::testing::id_of;

    fn scheme() -> CodeScheme {
        let lengths = [2, 4, 6, 9, 12, 15, 18];
        CodeScheme {
            code: "cn-statistical".into(),
            name_zh: String::new(),
            name_en: String::new(),
            levels: Level::ALL.iter().copied().zip(lengths).collect(),
            prefix: true,
        }
    }

    /// What is found, as kind, codes and detail.
    fn judged(plots: &[Plot<'_>], before: &[Area]) -> Vec<(DefectKind, String, String)> {
        let before = Before::new(before);
        let kinship = Kinship::new(plots, &before);
        let mut defects = judge_attributes(&kinship, &scheme(), &before, &|_| Place::Nowhere);
        defects.sort_by(|a, b| (a.kind, &a.codes).cmp(&(b.kind, &b.codes)));
        let found = defects.into_iter().map(|defect| {
            assert_eq!(defect.areas.len(), defect.codes.len());
            (defect.kind, defect.codes.join(" "), defect.detail)
        });
        found.collect()
    }

    fn check(plots: &[Plot<'_>], before: &[Area], expected: &[(DefectKind, &str, &str)]) {
        let found = judged(plots, before);
        let found: Vec<_> = found
            .iter()
            .map(|(kind, codes, detail)| (*kind, codes.as_str(), detail.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    const COUNTY: Plot<'static> = Plot {
        id: crate::domain::AreaId(uuid::Uuid::nil()),
        code: "320101",
        name: "甲县",
        level: Some(Level::County),
        parent: None,
        ground: Ground::Unknown,
        touched: false,
    };

    fn township<'a>(code: &'a str, name: &'a str) -> Plot<'a> {
        Plot {
            name,
            ..plot(code, Level::Township, Some("320101"))
        }
    }

    #[test]
    fn areas_in_order_have_no_defect() {
        check(
            &[
                COUNTY,
                township("320101001", "乙镇"),
                township("320101002", "丙镇"),
            ],
            &[],
            &[],
        );
        // Roots: nothing is above them.
        check(
            &[plot("320101001", Level::Township, Some("320101"))],
            &[],
            &[],
        );
        check(&[plot("320101001", Level::Township, None)], &[], &[]);
    }

    #[test]
    fn codes_are_there_and_fit_level_and_parent() {
        let unknown = Plot {
            id: id_of("x"),
            ..township("", " ")
        };
        check(
            &[
                COUNTY,
                township("", "乙镇"),
                township("320101 02", "丙镇"),
                township("3201010", "丁镇"),
                township("320102001", "戊镇"),
                unknown,
            ],
            &[],
            &[
                (
                    DefectKind::MissingCode,
                    "",
                    "\"乙镇\" has no code. Give it one of 9 characters that begins with 320101.",
                ),
                (
                    DefectKind::MissingCode,
                    "",
                    "An area without a name has no code. Give it one of 9 characters that begins with 320101.",
                ),
                (
                    DefectKind::MisfitCode,
                    "320101 02",
                    "\"320101 02\" is not an area code: use 1 to 32 letters, digits, - or _. Correct the code, the level or the parent.",
                ),
                (
                    DefectKind::MisfitCode,
                    "3201010",
                    "Code 3201010 has 7 characters, but a township code of the scheme cn-statistical has 9. Correct the code, the level or the parent.",
                ),
                (
                    DefectKind::MisfitCode,
                    "320102001",
                    "Code 320102001 does not begin with the code of its parent, 320101. Correct the code, the level or the parent.",
                ),
                (
                    DefectKind::MissingName,
                    "",
                    "An area without a code and a name has no name. Give it one.",
                ),
            ],
        );
    }

    #[test]
    fn a_code_stands_for_one_area() {
        let twin = Plot {
            id: id_of("twin"),
            ..township("320101001", "丙镇")
        };
        let detail = "The code 320101001 stands for 2 areas: 乙镇, 丙镇. Give all but one of them another code, or merge them.";
        let expected = [(DefectKind::DuplicateCode, "320101001 320101001", detail)];
        check(
            &[COUNTY, township("320101001", "乙镇"), twin],
            &[],
            &expected,
        );
        // One that stands already counts as well, but not two that nobody touches.
        let mut standing = township("320101001", "乙镇");
        standing.touched = false;
        check(&[COUNTY, standing, twin], &[], &expected);
        let twin = Plot {
            touched: false,
            ..twin
        };
        check(&[COUNTY, standing, twin], &[], &[]);
    }

    #[test]
    fn levels_are_known_and_stay() {
        let before = [area("320101001", Level::Township, Some("320101"))];
        let unknown = Plot {
            level: None,
            ..township("320101002", "乙镇")
        };
        let other = Plot {
            code: "320101001",
            name: "丙社区",
            parent: None,
            ..plot("320101001", Level::Community, None)
        };
        let found = judged(&[COUNTY, unknown, other], &before);
        assert_eq!(
            found.iter().map(|(kind, ..)| *kind).collect::<Vec<_>>(),
            [
                DefectKind::MisfitCode,
                DefectKind::LevelChanged,
                DefectKind::MissingLevel,
                DefectKind::Orphan,
            ]
        );
        assert_eq!(
            found[1].2,
            "丙社区 (320101001) is a community here, but in the edition before the code 320101001 is that of a township. Correct the code or the level."
        );
        assert_eq!(
            found[2].2,
            "乙镇 (320101002) has no level, and its code says none. Choose one of province, city, county, township, community and 2 more."
        );
    }

    #[test]
    fn a_parent_is_there_and_above() {
        let lost = Plot {
            parent: Some("320102"),
            ..township("320102001", "乙镇")
        };
        let parentless = Plot {
            parent: None,
            ..township("320101002", "丙镇")
        };
        let beside = Plot {
            parent: Some("320101004"),
            ..plot("320101004", Level::Township, None)
        };
        check(
            &[COUNTY, lost, parentless, beside],
            &[],
            &[
                (
                    DefectKind::Orphan,
                    "320101002",
                    "丙镇 (320101002), a township, names no parent. Choose one.",
                ),
                (
                    DefectKind::Orphan,
                    "320101004",
                    "320101004 (320101004) is a township and so can be no part of 320101004, which is a township. Correct the level or the parent.",
                ),
                (
                    DefectKind::Orphan,
                    "320102001",
                    "乙镇 (320102001) names the parent 320102, which is not there. Add that area, or correct the parent.",
                ),
            ],
        );
    }

    #[test]
    fn areas_whose_parent_goes_are_orphans_though_nobody_touched_them() {
        let before = [
            area("32", Level::Province, None),
            area("3201", Level::City, Some("32")),
            area("320101", Level::County, Some("3201")),
        ];
        let left: Vec<Plot<'_>> = [0, 2].map(|index| Plot::standing(&before[index])).into();
        let found = judged(&left, &before);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].0, found[0].1.as_str()),
            (DefectKind::Orphan, "320101")
        );
    }

    #[test]
    fn names_are_there_readable_and_tell_siblings_apart() {
        let elsewhere = Plot {
            parent: Some("320102"),
            ..township("320102001", "乙镇")
        };
        let other_county = Plot {
            code: "320102",
            ..COUNTY
        };
        check(
            &[
                COUNTY,
                other_county,
                elsewhere,
                township("320101001", "乙镇"),
                township("320101002", " 乙镇 "),
                township("320101003", ""),
                township("320101004", "锟斤拷锟斤拷"),
                township("320101005", "锟斤拷锟斤拷"),
            ],
            &[],
            &[
                (
                    DefectKind::MissingName,
                    "320101003",
                    "320101003 has no name. Give it one.",
                ),
                (
                    DefectKind::GarbledName,
                    "320101004",
                    "The name \"锟斤拷锟斤拷\" of 320101004 is garbled. Choose the encoding that the file is in, or type the name.",
                ),
                (
                    DefectKind::GarbledName,
                    "320101005",
                    "The name \"锟斤拷锟斤拷\" of 320101005 is garbled. Choose the encoding that the file is in, or type the name.",
                ),
                (
                    DefectKind::DuplicateName,
                    "320101001 320101002",
                    "2 areas under 320101 are called 乙镇: 320101001, 320101002. Tell them apart by their names.",
                ),
            ],
        );
    }

    #[test]
    fn an_area_without_ground_is_empty_unless_it_was_so_or_others_have_its_ground() {
        let unknown = Plot {
            ground: Ground::Unknown,
            ..township("320101001", "乙镇")
        };
        let detail = "乙镇 (320101001) has no ground at all. Draw it, or remove it.";
        let expected = [(DefectKind::Empty, "320101001", detail)];
        check(&[COUNTY, unknown], &[], &expected);
        let outline = crate::domain::Outline::default();
        let drawn = Plot {
            ground: Ground::Drawn(&outline),
            ..unknown
        };
        check(&[COUNTY, drawn], &[], &expected);
        let mut before = area("320101001", Level::Township, Some("320101"));
        check(&[COUNTY, unknown], std::slice::from_ref(&before), &expected);
        before.shape = None;
        check(&[COUNTY, unknown], std::slice::from_ref(&before), &[]);
        let child = Plot {
            touched: false,
            ..plot("320101001001", Level::Community, Some("320101001"))
        };
        check(&[COUNTY, unknown, child], &[], &[]);
    }

    #[test]
    fn changes_of_several_levels_are_noticed_once() {
        check(
            &[
                COUNTY,
                township("320101001", "乙镇"),
                plot("320101001001", Level::Community, Some("320101001")),
                plot("320101001002", Level::Community, Some("320101001")),
            ],
            &[],
            &[(
                DefectKind::MixedLevels,
                "",
                "The changes are of 2 levels: 1 township, 2 communities. If only one was meant, choose its layer.",
            )],
        );
    }
}
