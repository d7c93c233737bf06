//! What the names of Chinese divisions tell, and names for the grids below them.

/// What kind of ground a township is, as far as its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TownshipKind {
    /// 街道: a part of a town, built up.
    Street,
    /// 镇 or 乡: countryside around a small seat.
    Town,
    /// 农场, 林场 and the like: wide and thinly peopled.
    Farm,
    /// 开发区, 园区 and whatever else is run like a township.
    Zone,
}

impl TownshipKind {
    #[must_use]
    pub fn of(name: &str) -> Self {
        if name.ends_with("街道") || name.ends_with('办') || name.ends_with("街区") {
            Self::Street
        } else if name.ends_with('镇') || name.ends_with('乡') {
            Self::Town
        } else if name.ends_with('场') || name.ends_with("农科所") {
            Self::Farm
        } else {
            Self::Zone
        }
    }
}

/// Whether a community is one of residents (社区, 居委会) rather than a village (村) or the units
/// of a farm.
#[must_use]
pub fn is_residential(community: &str) -> bool {
    community.contains("社区") || community.contains("居委") || community.contains("居民")
}

const COMMITTEES: [&str; 7] = [
    "村民委员会",
    "居民委员会",
    "居民委委会",
    "居民委员",
    "村委会",
    "居委会",
    "居委",
];

/// The name people use: 豆办集村 for 豆办集村委会, 龙山社区 for 龙山居委会. What stands in
/// brackets is left out.
#[must_use]
pub fn shorten_community(name: &str) -> String {
    let bare = name.split('（').next().unwrap_or(name);
    let Some(stem) = COMMITTEES
        .iter()
        .find_map(|suffix| bare.strip_suffix(suffix))
    else {
        return bare.to_owned();
    };
    let stem = stem
        .strip_suffix('村')
        .filter(|_| bare.contains("村村"))
        .unwrap_or(stem);
    match () {
        () if stem.is_empty() => bare.to_owned(),
        () if stem.ends_with("社区") || stem.ends_with('村') => stem.to_owned(),
        () if bare[stem.len()..].starts_with('村') => format!("{stem}村"),
        () => format!("{stem}社区"),
    }
}

/// The name without what says its kind: 长江路 for 长江路街道, 豆办集 for 豆办集村.
#[must_use]
pub fn stem(name: &str) -> &str {
    ["街道", "社区", "镇", "乡", "村"]
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .filter(|stem| stem.chars().count() > 1)
        .unwrap_or(name)
}

/// The facilities of a township that get a grid of their own, most usual first.
#[must_use]
pub fn facilities(kind: TownshipKind) -> &'static [&'static str] {
    match kind {
        TownshipKind::Street => &[
            "社区卫生服务中心",
            "实验小学",
            "中学",
            "农贸市场",
            "人民公园",
            "商业广场",
            "客运站",
            "文化体育中心",
        ],
        TownshipKind::Town => &[
            "中心卫生院",
            "中心小学",
            "工业集中区",
            "初级中学",
            "客运站",
            "农贸市场",
            "敬老院",
        ],
        TownshipKind::Farm => &["职工医院", "粮食仓库", "职工子弟学校"],
        TownshipKind::Zone => &["产业园", "创业服务中心", "物流园", "职工公寓"],
    }
}

/// A number below 1,000 in Chinese numerals, as ordinals are written: 十二, 一百零三.
#[must_use]
pub fn numeral(number: usize) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (hundreds, tens, ones) = (number / 100 % 10, number / 10 % 10, number % 10);
    let mut text = String::new();
    if hundreds > 0 {
        text += DIGITS[hundreds];
        text += "百";
    }
    match tens {
        0 if hundreds > 0 && ones > 0 => text += "零",
        0 => {}
        1 if hundreds == 0 => text += "十",
        _ => {
            text += DIGITS[tens];
            text += "十";
        }
    }
    if ones > 0 || number == 0 {
        text += DIGITS[ones];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn community_names_are_shortened_as_people_do() {
        for (full, short) in [
            ("豆办集村委会", "豆办集村"),
            ("东兴村村民委员会", "东兴村"),
            ("华西二村村委会", "华西二村"),
            ("龙山居委会", "龙山社区"),
            ("京口路社区居委会", "京口路社区"),
            ("滨河社区居民委员会", "滨河社区"),
            ("坂上社区居委会（含坂上村村委）", "坂上社区"),
            ("公和村委会（新）", "公和村"),
            ("霞辉庙社区居委", "霞辉庙社区"),
            ("白马湖农场虚拟生活区", "白马湖农场虚拟生活区"),
            ("东江社区", "东江社区"),
        ] {
            assert_eq!(shorten_community(full), short, "{full}");
        }
    }

    #[test]
    fn numerals_read_as_ordinals_do() {
        for (number, text) in [
            (1, "一"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (45, "四十五"),
            (100, "一百"),
            (103, "一百零三"),
            (110, "一百一十"),
            (999, "九百九十九"),
        ] {
            assert_eq!(numeral(number), text);
        }
    }
}
