//! The coverage certificate: a page to print that says, for every parent, how well its
//! children cover it. It stands by itself, without scripts, fonts or pictures from elsewhere.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::FixedOffset;

use crate::domain::draft::defect::{Coverage, Defect, DefectKind, Severity, Verdict};
use crate::domain::{Level, Timestamp};

/// So many defects of a kind are listed; the others are counted.
const LISTED: usize = 20;
/// Seconds east of Greenwich: times are those of China.
const CHINA_S: i32 = 8 * 3600;

/// What a certificate says of itself.
#[derive(Debug, Clone, Copy)]
pub struct CertificateHead<'a> {
    /// What the territory or the draft is called.
    pub title: &'a str,
    /// Which edition or draft was judged, such as `第 12 版 · Edition 12`.
    pub subject: &'a str,
    pub issued_at: Timestamp,
}

/// Writes a verdict as an HTML page for A4 paper, Chinese first with English beneath. All
/// texts are escaped.
#[must_use]
pub fn certificate_html(verdict: &Verdict, head: &CertificateHead<'_>) -> String {
    let mut page = String::with_capacity(16_384 + 512 * verdict.coverage.len());
    // Writing into a text never fails.
    let _ = write_page(&mut page, verdict, head);
    page
}

fn write_page(
    page: &mut String,
    verdict: &Verdict,
    head: &CertificateHead<'_>,
) -> std::fmt::Result {
    let title = escape(head.title);
    write!(
        page,
        "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>全覆盖证书 Coverage certificate — {title}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<header>\n<p class=\"kicker\">网格 Wangge</p>\n\
         <h1>全覆盖证书<small>Coverage certificate</small></h1>\n</header>\n"
    )?;
    write_head(page, verdict, head)?;
    write_conclusion(page, verdict)?;
    write_levels(page, &verdict.coverage)?;
    write_parents(page, &verdict.coverage)?;
    write_defects(page, &verdict.defects)?;
    page.push_str(FOOT);
    Ok(())
}

fn write_head(
    page: &mut String,
    verdict: &Verdict,
    head: &CertificateHead<'_>,
) -> std::fmt::Result {
    let issued = FixedOffset::east_opt(CHINA_S).map_or_else(
        || head.issued_at.to_rfc3339(),
        |china| {
            head.issued_at
                .with_timezone(&china)
                .format("%Y-%m-%d %H:%M UTC%:z")
                .to_string()
        },
    );
    page.push_str("<dl class=\"head\">\n");
    for (zh, en, value) in [
        ("名称", "Title", escape(head.title)),
        ("对象", "Subject", escape(head.subject)),
        ("出具时间", "Issued", issued.into()),
        ("质检区划数", "Areas judged", grouped(verdict.judged).into()),
    ] {
        writeln!(page, "<div><dt>{}</dt><dd>{value}</dd></div>", both(zh, en))?;
    }
    page.push_str("</dl>\n");
    Ok(())
}

/// Sums over several parents.
#[derive(Default)]
struct Sum {
    parents: usize,
    exact: usize,
    parent_m2: f64,
    covered_m2: f64,
    gap_m2: f64,
    /// But for what microgrids leave.
    wrong_gap_m2: f64,
    overlap_m2: f64,
    outside_m2: f64,
}

/// What is missing; microgrids may leave parts of their grid to nobody.
fn wrong_gap_m2(covered: &Coverage) -> f64 {
    if covered.level == Some(Level::Grid) {
        0.0
    } else {
        covered.gap_m2
    }
}

impl Sum {
    fn of<'a>(coverage: impl Iterator<Item = &'a Coverage>) -> Self {
        coverage.fold(Self::default(), |sum, covered| Self {
            parents: sum.parents + 1,
            exact: sum.exact + usize::from(covered.exact),
            parent_m2: sum.parent_m2 + covered.parent_m2,
            covered_m2: sum.covered_m2 + covered.covered_m2,
            gap_m2: sum.gap_m2 + covered.gap_m2,
            wrong_gap_m2: sum.wrong_gap_m2 + wrong_gap_m2(covered),
            overlap_m2: sum.overlap_m2 + covered.overlap_m2,
            outside_m2: sum.outside_m2 + covered.outside_m2,
        })
    }

    fn is_clean(&self) -> bool {
        [self.wrong_gap_m2, self.overlap_m2, self.outside_m2]
            .iter()
            .all(|&m2| m2 <= 0.0)
    }
}

fn write_conclusion(page: &mut String, verdict: &Verdict) -> std::fmt::Result {
    let all = Sum::of(verdict.coverage.iter());
    let (parents, exact) = (grouped(all.parents), grouped(all.exact));
    let (class, zh, en) = if all.parents == 0 {
        (
            "plain",
            "没有可供质检的覆盖关系。".to_owned(),
            "There is no coverage to be judged.".to_owned(),
        )
    } else if all.exact == all.parents {
        (
            "good",
            format!("{parents} 组区划全部逐边证明：无缺口、无重叠、无越界。"),
            format!(
                "All {parents} groups are proved edge by edge: no gap, no overlap, nothing outside."
            ),
        )
    } else if all.is_clean() {
        (
            "good",
            format!(
                "{parents} 组区划无缺口、无重叠、无越界，其中 {exact} 组逐边证明，其余由计算得出。"
            ),
            format!(
                "{parents} groups have no gap, no overlap and nothing outside; {exact} are proved edge by edge, the others computed."
            ),
        )
    } else {
        let [gap, overlap, outside] =
            [all.wrong_gap_m2, all.overlap_m2, all.outside_m2].map(square_metres);
        (
            "bad",
            format!(
                "{parents} 组区划中 {exact} 组逐边证明完全覆盖；缺口共 {gap} m²，重叠共 {overlap} m²，越界共 {outside} m²。"
            ),
            format!(
                "{exact} of {parents} groups are proved edge by edge; gaps {gap} m², overlaps {overlap} m², outside {outside} m² in all."
            ),
        )
    };
    writeln!(
        page,
        "<p class=\"conclusion {class}\">{}</p>",
        both(&zh, &en)
    )?;
    let counts = [Severity::Error, Severity::Warning, Severity::Notice]
        .map(|severity| (severity, verdict.count(severity)));
    let publishing = match counts {
        [(_, 0), (_, 0), _] => ("可以发布", "May be published"),
        [(_, 0), ..] => ("发布须说明理由", "Publishing needs a stated reason"),
        _ => ("不得发布", "Publishing is refused"),
    };
    page.push_str("<ul class=\"counts\">\n");
    for (severity, count) in counts {
        let (zh, en) = severity_names(severity);
        let name = both(zh, en);
        writeln!(
            page,
            "<li class=\"{severity}\"><b>{}</b>{name}</li>",
            grouped(count)
        )?;
    }
    let publishing = both(publishing.0, publishing.1);
    writeln!(page, "<li class=\"publishing\">{publishing}</li>\n</ul>")
}

const FIGURES: [(&str, &str); 5] = [
    ("面积 m²", "Ground"),
    ("覆盖率", "Covered"),
    ("缺口 m²", "Gap"),
    ("重叠 m²", "Overlap"),
    ("越界 m²", "Outside"),
];

fn write_header(page: &mut String, columns: &[(&str, &str)]) -> std::fmt::Result {
    page.push_str("<thead><tr>");
    for &(zh, en) in columns {
        write!(page, "<th>{}</th>", both(zh, en))?;
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    Ok(())
}

/// Sums by the level of the parents: over several levels the same ground would count twice.
fn write_levels(page: &mut String, coverage: &[Coverage]) -> std::fmt::Result {
    let mut levels: BTreeMap<Option<Level>, Vec<&Coverage>> = BTreeMap::new();
    for covered in coverage.iter().filter(|covered| covered.parent.is_some()) {
        levels.entry(covered.level).or_default().push(covered);
    }
    if levels.is_empty() {
        return Ok(());
    }
    writeln!(
        page,
        "<h2>{}</h2>\n<table class=\"figures\">",
        both("按上级层级合计", "By level of the parent")
    )?;
    let columns = [
        ("层级", "Level"),
        ("上级数", "Parents"),
        ("逐边证明", "Proved"),
    ];
    write_header(page, &[&columns[..], &FIGURES[..]].concat())?;
    for (level, covered) in levels {
        let sum = Sum::of(covered.into_iter());
        write!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td>",
            level_names(level),
            grouped(sum.parents),
            grouped(sum.exact)
        )?;
        write_figures(page, &sum)?;
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n");
    Ok(())
}

fn write_figures(page: &mut String, sum: &Sum) -> std::fmt::Result {
    write!(
        page,
        "<td>{}</td><td>{}</td>",
        square_metres(sum.parent_m2),
        share(sum.covered_m2, sum.parent_m2, sum.gap_m2)
    )?;
    for (m2, wrong_m2) in [
        (sum.gap_m2, sum.wrong_gap_m2),
        (sum.overlap_m2, sum.overlap_m2),
        (sum.outside_m2, sum.outside_m2),
    ] {
        let class = if wrong_m2 > 0.0 { " class=\"bad\"" } else { "" };
        write!(page, "<td{class}>{}</td>", square_metres(m2))?;
    }
    Ok(())
}

fn write_parents(page: &mut String, coverage: &[Coverage]) -> std::fmt::Result {
    if coverage.is_empty() {
        return Ok(());
    }
    writeln!(
        page,
        "<h2>{}</h2>\n<table class=\"figures parents\">",
        both("逐个上级区划", "Parent by parent")
    )?;
    let columns = [
        ("编码、名称", "Code and name"),
        ("层级", "Level"),
        ("下级数", "Children"),
    ];
    write_header(
        page,
        &[&columns[..], &FIGURES[..], &[("方法", "Method")]].concat(),
    )?;
    for covered in coverage {
        let name = match (covered.parent, covered.code.as_str()) {
            (None, "") => both("无上级区划", "No parent"),
            (None, code) => format!(
                "<code>{}</code>{}{}",
                escape(code),
                escape(&covered.name),
                both("（上级无范围）", "parent without ground")
            ),
            (Some(_), code) => format!("<code>{}</code>{}", escape(code), escape(&covered.name)),
        };
        write!(
            page,
            "<tr><td>{name}</td><td>{}</td><td>{}</td>",
            level_names(covered.level),
            grouped(covered.children)
        )?;
        write_figures(page, &Sum::of(std::iter::once(covered)))?;
        let method = if covered.exact {
            both("逐边证明", "exact")
        } else {
            both("计算", "computed")
        };
        writeln!(page, "<td>{method}</td></tr>")?;
    }
    page.push_str("</tbody>\n</table>\n");
    Ok(())
}

fn write_defects(page: &mut String, defects: &[Defect]) -> std::fmt::Result {
    if defects.is_empty() {
        return Ok(());
    }
    let mut kinds: BTreeMap<(Severity, DefectKind), Vec<&Defect>> = BTreeMap::new();
    for defect in defects {
        let key = (defect.kind.severity(), defect.kind);
        kinds.entry(key).or_default().push(defect);
    }
    writeln!(page, "<h2>{}</h2>", both("问题清单", "Defects by kind"))?;
    for ((severity, kind), defects) in kinds {
        let (zh, en) = severity_names(severity);
        let sizes = defects.iter().filter_map(|defect| defect.size_m2);
        let size = sizes
            .clone()
            .next()
            .map(|_| format!(" · {} m²", square_metres(sizes.sum())));
        writeln!(
            page,
            "<section class=\"kind\">\n<h3><span class=\"severity {severity}\">{}</span>{}<span class=\"count\">{}{}</span></h3>\n<ol>",
            both(zh, en),
            both(kind_zh(kind), &kind.as_str().replace('_', " ")),
            grouped(defects.len()),
            size.unwrap_or_default()
        )?;
        for defect in defects.iter().take(LISTED) {
            writeln!(page, "<li>{}</li>", escape(&defect.detail))?;
        }
        page.push_str("</ol>\n");
        if let Some(more @ 1..) = defects.len().checked_sub(LISTED) {
            let more = grouped(more);
            let text = both(
                &format!("另有 {more} 处未列出"),
                &format!("{more} more are not listed"),
            );
            writeln!(page, "<p class=\"more\">{text}</p>")?;
        }
        page.push_str("</section>\n");
    }
    Ok(())
}

/// Both languages, the English to be shown smaller. Texts must be escaped.
fn both(zh: &str, en: &str) -> String {
    format!("{zh}<small lang=\"en\">{en}</small>")
}

fn level_names(level: Option<Level>) -> String {
    level.map_or_else(
        || "—".to_owned(),
        |level| both(level.name_zh(), level.as_str()),
    )
}

const fn severity_names(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("错误", "errors"),
        Severity::Warning => ("警告", "warnings"),
        Severity::Notice => ("提示", "notices"),
    }
}

const fn kind_zh(kind: DefectKind) -> &'static str {
    match kind {
        DefectKind::Empty => "无范围",
        DefectKind::TooFewPoints => "点数不足",
        DefectKind::Unclosed => "环未闭合",
        DefectKind::NoGround => "环无面积",
        DefectKind::SelfIntersection => "自相交",
        DefectKind::SelfTouch => "自接触",
        DefectKind::Spike => "尖刺",
        DefectKind::CrossingRings => "环相交",
        DefectKind::HoleOutside => "洞在面外",
        DefectKind::NestedHoles => "洞中有洞",
        DefectKind::OverlappingParts => "部件重叠",
        DefectKind::GroundCut => "面被切断",
        DefectKind::DuplicateVertex => "重复节点",
        DefectKind::FarFlungPart => "远离部件",
        DefectKind::TinyPart => "碎小部件",
        DefectKind::SuspiciouslySmall => "面积过小",
        DefectKind::SuspiciouslyLarge => "面积过大",
        DefectKind::LargeChange => "范围变化大",
        DefectKind::Gap => "缺口",
        DefectKind::Overlap => "重叠",
        DefectKind::Sliver => "狭缝",
        DefectKind::OutsideParent => "越出上级",
        DefectKind::UnmatchedBorder => "边界节点不一致",
        DefectKind::MissingCode => "缺编码",
        DefectKind::MisfitCode => "编码不符",
        DefectKind::DuplicateCode => "编码重复",
        DefectKind::LevelChanged => "层级变动",
        DefectKind::MissingLevel => "缺层级",
        DefectKind::Orphan => "上级缺失",
        DefectKind::MissingName => "缺名称",
        DefectKind::GarbledName => "名称乱码",
        DefectKind::DuplicateName => "同级重名",
        DefectKind::MixedLevels => "层级混杂",
    }
}

/// Square metres with separators; two decimals for less than a thousand.
fn square_metres(m2: f64) -> String {
    if m2 <= 0.0 {
        return "0".to_owned();
    }
    if m2 < 0.005 {
        return "&lt;0.01".to_owned();
    }
    let text = if m2 < 1000.0 {
        format!("{m2:.2}")
    } else {
        format!("{m2:.0}")
    };
    match text.split_once('.') {
        Some((whole, decimals)) => format!("{}.{decimals}", group_digits(whole)),
        None => group_digits(&text),
    }
}

fn grouped(count: usize) -> String {
    group_digits(&count.to_string())
}

fn group_digits(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The covered part in per cent. It says 100 only when nothing is missing.
fn share(covered_m2: f64, whole_m2: f64, gap_m2: f64) -> String {
    if whole_m2 <= 0.0 {
        return "—".to_owned();
    }
    if gap_m2 <= 0.0 {
        return "100 %".to_owned();
    }
    let percent = (covered_m2 / whole_m2 * 1e6).floor() / 1e4;
    format!("{:.4} %", percent.clamp(0.0, 99.9999))
}

fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped.into()
}

const STYLE: &str = r#"
@page { size: A4; margin: 16mm 14mm 18mm; }
* { box-sizing: border-box; }
body {
  max-width: 182mm; margin: 0 auto; padding: 10mm 4mm; color: #1c2530;
  font: 9.5pt/1.5 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Source Han Sans SC", sans-serif;
}
small { display: block; font-size: 0.78em; font-weight: 400; line-height: 1.3; color: #66717f; }
header { border-bottom: 0.7mm solid #1f5fa8; padding-bottom: 3mm; }
.kicker { margin: 0; color: #1f5fa8; letter-spacing: 0.08em; }
h1 { margin: 0; font-size: 21pt; line-height: 1.25; letter-spacing: 0.06em; }
h1 small { font-size: 10.5pt; letter-spacing: 0; }
h2 { margin: 8mm 0 2mm; font-size: 12pt; break-after: avoid; }
h2 small { display: inline; margin-left: 2mm; }
.head { display: grid; grid-template-columns: 1fr 1fr; gap: 2mm 8mm; margin: 4mm 0; }
.head div { display: flex; gap: 4mm; }
.head dt { flex: 0 0 22mm; color: #47525f; }
.head dd { margin: 0; overflow-wrap: anywhere; font-weight: 600; }
.conclusion { margin: 5mm 0 3mm; padding: 3mm 4mm; border-left: 1.2mm solid #8793a1; background: #f3f5f7; font-size: 11pt; font-weight: 600; }
.conclusion.good { border-color: #23824a; background: #eef7f1; }
.conclusion.bad { border-color: #b3402b; background: #fbf0ed; }
.counts { display: flex; margin: 0; padding: 0; list-style: none; border: 0.2mm solid #ccd3da; }
.counts li { flex: 1; padding: 2mm 3mm; border-left: 0.2mm solid #ccd3da; }
.counts li:first-child { border-left: 0; }
.counts b { display: block; font-size: 14pt; line-height: 1.2; }
.counts .publishing { flex: 1.8; align-self: center; border-left: 0; font-weight: 600; }
.counts .error b, .severity.error { color: #b3402b; }
.counts .warning b, .severity.warning { color: #9a6500; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th { padding: 1.2mm 1.5mm; border-bottom: 0.4mm solid #8793a1; text-align: right; vertical-align: bottom; font-weight: 600; white-space: nowrap; }
td { padding: 1mm 1.5mm; border-bottom: 0.2mm solid #dde2e7; text-align: right; vertical-align: top; white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
td small { display: inline; margin-left: 1mm; }
.parents { font-size: 8.5pt; }
.parents td:first-child { white-space: normal; overflow-wrap: anywhere; }
.parents td:nth-child(2), .parents th:nth-child(2), .parents td:last-child, .parents th:last-child { text-align: left; }
.parents td small { display: block; margin: 0; }
td.bad { color: #b3402b; font-weight: 600; }
code { display: block; font: 400 0.95em "Noto Sans Mono", Consolas, monospace; color: #47525f; }
.kind { margin: 0 0 4mm; }
.kind h3 { display: flex; align-items: baseline; gap: 2.5mm; margin: 3mm 0 1mm; padding-bottom: 1mm; border-bottom: 0.2mm solid #ccd3da; font-size: 10pt; break-after: avoid; }
.kind h3 small { display: inline; margin-left: 1.5mm; }
.kind .count { margin-left: auto; font-weight: 400; font-variant-numeric: tabular-nums; }
.kind ol { margin: 0; padding-left: 7mm; font-size: 8.5pt; color: #37424e; }
.kind li { overflow-wrap: anywhere; break-inside: avoid; }
.more { margin: 1mm 0 0 7mm; font-size: 8.5pt; color: #66717f; }
.more small, .note small { display: inline; margin-left: 1.5mm; }
.note { margin: 8mm 0 0; padding-top: 2mm; border-top: 0.2mm solid #ccd3da; font-size: 8.5pt; color: #47525f; }
.note small { display: block; margin: 0; }
.signatures { display: flex; gap: 12mm; margin-top: 12mm; break-inside: avoid; }
.signatures p { flex: 1; margin: 0; padding-top: 1mm; border-top: 0.2mm solid #47525f; }
@media print { body { max-width: none; padding: 0; print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"#;

/// How figures were found, and room for those who sign.
const FOOT: &str = "<p class=\"note\">“逐边证明”：下级边界与上级边界的每条边首尾坐标完全一致、方向相反，\
     全部抵消，因此每一点恰属一个下级，无需计算，亦无舍入。“计算”：边界未能逐边配对，缺口、重叠、越界由整数坐标\
     （1e-7 度，约 1 厘米）上的面域划分求得。面积为 WGS 84 椭球面积。微网格可以不铺满所在网格。\
     <small lang=\"en\">Exact: every edge of the children and of the parent meets one with the same ends in the \
     opposite direction, so that each point belongs to exactly one child; nothing is computed and nothing is rounded. \
     Computed: borders do not pair, and gaps, overlaps and what lies outside were found by dividing the ground on the \
     lattice of 1e-7 degrees (about 1 cm). Areas are on the WGS 84 ellipsoid. Microgrids need not cover their grid.</small></p>\n\
     <div class=\"signatures\"><p>质检<small lang=\"en\">Judged by</small></p><p>审核<small lang=\"en\">Approved by</small></p>\
     <p>日期<small lang=\"en\">Date</small></p></div>\n</body>\n</html>\n";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AreaId;
    use crate::domain::draft::defect::Place;

    fn coverage(code: &str, exact: bool, gap_m2: f64) -> Coverage {
        Coverage {
            parent: Some(AreaId(uuid::Uuid::nil())),
            code: code.to_owned(),
            name: "甲<镇> & \"乙\"".to_owned(),
            level: Some(Level::Township),
            children: 12,
            parent_m2: 1_234_567.8,
            covered_m2: 1_234_567.8 - gap_m2,
            gap_m2,
            overlap_m2: 0.0,
            outside_m2: 0.0,
            exact,
        }
    }

    fn defect(kind: DefectKind, detail: &str) -> Defect {
        Defect {
            kind,
            areas: Vec::new(),
            codes: Vec::new(),
            place: Place::Nowhere,
            size_m2: (kind == DefectKind::Gap).then_some(1_500.4),
            detail: detail.to_owned(),
        }
    }

    fn page(verdict: &Verdict) -> String {
        let head = CertificateHead {
            title: "淮安<市>",
            subject: "草稿 · Draft 'a'",
            issued_at: "2026-03-01T16:30:00Z".parse().unwrap(),
        };
        certificate_html(verdict, &head)
    }

    #[test]
    fn all_texts_are_escaped() {
        let page = page(&Verdict {
            defects: vec![defect(DefectKind::Overlap, "<script>alert(1)</script>")],
            coverage: vec![coverage("32081<2>", true, 0.0)],
            judged: 1,
        });
        for text in ["<script", "甲<镇>", "32081<2>", "淮安<市>", "Draft 'a'"] {
            assert!(!page.contains(text), "{text}");
        }
        for text in [
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "甲&lt;镇&gt; &amp; &quot;乙&quot;",
            "Draft &#39;a&#39;",
        ] {
            assert!(page.contains(text), "{text}");
        }
        for foreign in ["http:", "https:", "src=", "@import", "url("] {
            assert!(!page.contains(foreign), "{foreign}");
        }
    }

    #[test]
    fn what_is_proved_and_what_is_computed_is_told() {
        let proved = page(&Verdict {
            coverage: vec![
                coverage("320812001", true, 0.0),
                coverage("320812002", true, 0.0),
            ],
            ..Verdict::default()
        });
        assert!(proved.contains("2 组区划全部逐边证明"));
        assert!(proved.contains("All 2 groups are proved edge by edge"));
        assert!(proved.contains("2026-03-02 00:30 UTC+08:00"));
        assert!(proved.contains("可以发布"));
        let flawed = page(&Verdict {
            defects: vec![defect(DefectKind::Gap, "a gap")],
            coverage: vec![
                coverage("320812001", true, 0.0),
                coverage("320812002", false, 0.01),
            ],
            judged: 24,
        });
        assert!(flawed.contains("缺口共 0.01 m²"));
        assert!(
            flawed.contains("99.9999 %"),
            "what is not whole never says 100 %"
        );
        assert!(flawed.contains("发布须说明理由"));
        assert!(flawed.contains("计算<small lang=\"en\">computed"));
        let mut grid = coverage("320812001001001", false, 10.0);
        grid.level = Some(Level::Grid);
        let partly = page(&Verdict {
            coverage: vec![grid],
            ..Verdict::default()
        });
        assert!(
            partly.contains("无缺口"),
            "microgrids may leave parts to nobody"
        );
        assert!(partly.contains("<td>10.00</td>"));
        let barred = page(&Verdict {
            defects: vec![defect(DefectKind::Orphan, "an orphan")],
            ..Verdict::default()
        });
        assert!(barred.contains("不得发布") && barred.contains("没有可供质检的覆盖关系"));
    }

    #[test]
    fn defects_stand_by_kind_the_worst_first_and_the_rest_is_counted() {
        let mut defects = vec![defect(DefectKind::TinyPart, "tiny")];
        defects.extend((0..25).map(|i| defect(DefectKind::Gap, &format!("gap {i}"))));
        defects.push(defect(DefectKind::Spike, "spike"));
        let page = page(&Verdict {
            defects,
            ..Verdict::default()
        });
        let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}"));
        assert!(place("尖刺") < place("缺口<small"));
        assert!(place("缺口<small") < place("碎小部件"));
        assert!(place("gap 19") < place("另有 5 处未列出"));
        assert!(!page.contains("gap 20"));
        assert!(page.contains("25 · 37,510 m²"));
    }

    #[test]
    fn figures_are_written_for_people() {
        for (m2, expected) in [
            (0.0, "0"),
            (0.001, "&lt;0.01"),
            (0.126, "0.13"),
            (999.4, "999.40"),
            (1_234_567.8, "1,234,568"),
        ] {
            assert_eq!(square_metres(m2), expected);
        }
        assert_eq!(share(0.0, 0.0, 0.0), "—");
        assert_eq!(share(50.0, 100.0, 50.0), "50.0000 %");
        assert_eq!(share(100.0, 100.0, 0.0), "100 %");
    }
}
