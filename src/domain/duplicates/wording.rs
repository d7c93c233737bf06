//! The words of a report, made comparable.
//!
//! Chinese is written without spaces, so its words are stood for by single characters and
//! by pairs of neighbours; other scripts by whole words. Width, case and punctuation are
//! evened out. What two texts share counts by its rarity: 有人 is in every other report,
//! 马蜂窝 says what it is about.

use std::collections::{BTreeSet, HashMap};

use unicode_normalization::UnicodeNormalization;

use super::Report;
use super::marks::{Contradiction, Mark, contradiction, find_marks};

/// What a text is compared by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Gram {
    Character(char),
    Pair(char, char),
    Word(String),
    Mark(Mark),
}

/// The grams of a text, each once, and the marks of its address.
#[derive(Debug, Clone)]
pub(super) struct Wording {
    /// In order, so that sums over them are always the same.
    grams: BTreeSet<Gram>,
    marks: BTreeSet<Mark>,
}

impl Wording {
    pub(super) fn of(report: &Report<'_>) -> Self {
        let (grams, mut marks) = read(report.text);
        if let Some(address) = report.address {
            marks.extend(
                find_marks(&normalise(address))
                    .into_iter()
                    .map(|(mark, _)| mark),
            );
        }
        Self { grams, marks }
    }

    /// What the two texts or addresses name by number, and differently.
    pub(super) fn contradiction(&self, other: &Self) -> Option<Contradiction> {
        contradiction(&self.marks, &other.marks)
    }
}

/// How rare words are, learnt from reports. One that has learnt nothing takes all for
/// equally rare.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    texts: u32,
    /// In how many texts a gram is.
    counts: HashMap<Gram, u32>,
}

impl Vocabulary {
    /// Learns from texts such as the reports of the last months.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut vocabulary = Self::default();
        for text in texts {
            vocabulary.learn(text);
        }
        vocabulary
    }

    /// Learns from one more text.
    pub fn learn(&mut self, text: &str) {
        self.texts = self.texts.saturating_add(1);
        for gram in read(text).0 {
            let count = self.counts.entry(gram).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// The share of their words that two texts have in common, each word weighed by its
    /// rarity: 0 for none, 1 for the same words (the weighted Sørensen–Dice coefficient).
    pub(super) fn shared(&self, a: &Wording, b: &Wording) -> f64 {
        let all = self.sum(&a.grams) + self.sum(&b.grams);
        if all <= 0.0 {
            return 0.0;
        }
        2.0 * self.sum(a.grams.intersection(&b.grams)) / all
    }

    fn sum<'a>(&self, grams: impl IntoIterator<Item = &'a Gram>) -> f64 {
        grams.into_iter().map(|gram| self.weight(gram)).sum()
    }

    /// The logarithm of how many texts there are to one that has the gram (Spärck Jones
    /// 1972), as if half a text more had it, so that what was never seen is the rarest.
    fn weight(&self, gram: &Gram) -> f64 {
        let count = self.counts.get(gram).copied().unwrap_or_default();
        ((f64::from(self.texts) + 1.0) / (f64::from(count) + 0.5)).ln()
    }
}

/// One width, small letters.
fn normalise(text: &str) -> Vec<char> {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

fn read(text: &str) -> (BTreeSet<Gram>, BTreeSet<Mark>) {
    let characters = normalise(text);
    let found = find_marks(&characters);
    let mut grams: BTreeSet<Gram> = BTreeSet::new();
    let mut read_to = 0;
    for (mark, place) in &found {
        read_grams(&characters[read_to..place.start], &mut grams);
        grams.insert(Gram::Mark(mark.clone()));
        read_to = place.end;
    }
    read_grams(&characters[read_to..], &mut grams);
    (grams, found.into_iter().map(|(mark, _)| mark).collect())
}

/// Grams of a stretch of text without marks; none reaches over punctuation.
fn read_grams(characters: &[char], grams: &mut BTreeSet<Gram>) {
    let alike = |a: &char, b: &char| script(*a) == script(*b);
    for run in characters.chunk_by(alike) {
        match run.first().map(|&first| script(first)) {
            Some(Script::Han) => {
                grams.extend(run.iter().map(|&character| Gram::Character(character)));
                grams.extend(run.array_windows().map(|&[a, b]| Gram::Pair(a, b)));
            }
            Some(Script::Letters) => {
                grams.insert(Gram::Word(run.iter().collect()));
            }
            Some(Script::Other) | None => {}
        }
    }
}

#[derive(PartialEq, Eq)]
enum Script {
    Han,
    Letters,
    /// Punctuation, spaces, pictures.
    Other,
}

fn script(character: char) -> Script {
    match character {
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => {
            Script::Han
        }
        _ if character.is_alphanumeric() => Script::Letters,
        _ => Script::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(a: &str, b: &str) -> f64 {
        let wording = |text: &str| {
            let (grams, marks) = read(text);
            Wording { grams, marks }
        };
        Vocabulary::default().shared(&wording(a), &wording(b))
    }

    #[test]
    fn width_case_and_punctuation_do_not_matter() {
        let text = "3号楼的WiFi箱，冒烟了！";
        for same in [
            "３号楼的ＷＩＦＩ箱 冒烟了",
            "３号楼的wifi箱。。。冒烟了??",
            "三号楼的wifi箱,冒烟了🔥",
        ] {
            assert!((shared(text, same) - 1.0).abs() < 1e-12, "{same}");
        }
        assert!(shared(text, "路灯不亮") < 0.05);
    }

    #[test]
    fn texts_without_words_share_nothing() {
        for nothing in ["", "！！！", "🔥🔥"] {
            assert!(shared(nothing, nothing).abs() < f64::EPSILON, "{nothing:?}");
            assert!(shared(nothing, "着火").abs() < f64::EPSILON, "{nothing:?}");
        }
    }

    #[test]
    fn other_scripts_share_whole_words() {
        assert!(shared("Street lamp out", "The street lamp is out") > 0.7);
        assert!(shared("lamp", "lampoon").abs() < f64::EPSILON);
    }

    #[test]
    fn a_rare_word_in_common_counts_more_than_a_frequent_one() {
        let vocabulary = Vocabulary::of(["有人占道", "有人吵架", "有人违停", "马蜂窝", "有人跳舞"]);
        let wording = |text: &str| {
            let (grams, marks) = read(text);
            Wording { grams, marks }
        };
        let base = wording("有人说马蜂");
        let frequent = vocabulary.shared(&base, &wording("有人"));
        let rare = vocabulary.shared(&base, &wording("马蜂"));
        assert!(rare > 2.0 * frequent, "{rare} {frequent}");
    }
}
