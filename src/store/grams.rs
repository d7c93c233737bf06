//! By what words are found that stand anywhere in a text: by the pairs of characters they
//! are made of, for most Chinese words have two, and by single characters. Numbers are
//! found by three digits, for each pair of digits is in very many of them.
//!
//! A gram leads to a few incidents too many at times; the texts themselves decide.

use std::collections::BTreeSet;

/// What a text is found by. ASCII letters count in either case.
pub(super) fn grams_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<i32> {
    let mut grams = BTreeSet::new();
    for text in texts {
        grams.extend(text.chars().map(|character| gram(character, None)));
        grams.extend(pairs(text));
    }
    grams
}

/// What a number is found by: all its threes of digits, below zero.
pub(super) fn number_grams_of(number: &str) -> BTreeSet<i32> {
    let digits = number.as_bytes();
    let three = |digits: &[u8]| {
        digits.iter().fold(0, |sum, digit| {
            sum * 10 + i32::from(digit.saturating_sub(b'0'))
        })
    };
    digits.windows(3).map(|digits| -1 - three(digits)).collect()
}

/// The grams that whatever holds a text has: all of one of these sets. `None` for a text
/// that nearly everything holds, or that is nothing.
pub(super) fn grams_wanted(text: &str) -> Option<Vec<Vec<i32>>> {
    let mut characters = text.chars();
    let first = characters.next()?;
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let in_texts: BTreeSet<i32> = match characters.next() {
        None => [gram(first, None)].into(),
        Some(_) => pairs(text).collect(),
    };
    let in_texts: Vec<i32> = in_texts.into_iter().collect();
    match (is_number, text.len()) {
        // Every number begins with its day.
        (true, 0..=2) => None,
        (true, _) => Some(vec![in_texts, number_grams_of(text).into_iter().collect()]),
        (false, _) => Some(vec![in_texts]),
    }
}

/// When grams lead to more incidents than these, so many are likely to have the text that it
/// is quicker to read from the beginning of the list until it is full. Threes of digits lead
/// to many incidents with other numbers, so that such a list may never be full.
pub(super) const fn many(sets: &[Vec<i32>]) -> i64 {
    if sets.len() > 1 { 200_000 } else { 10_000 }
}

fn pairs(text: &str) -> impl Iterator<Item = i32> {
    text.chars()
        .zip(text.chars().skip(1))
        .map(|(first, second)| gram(first, Some(second)))
}

/// The migrations compute the same in SQL for what was there before.
fn gram(first: char, second: Option<char>) -> i32 {
    let code = |character: char| u64::from(u32::from(character.to_ascii_lowercase()));
    let mixed = code(first) * 65_537 + second.map_or(0, code);
    i32::try_from(mixed & 0x7fff_ffff).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leads_to(text: &str, description: &str, number: &str) -> bool {
        let mut all = grams_of([description]);
        all.extend(number_grams_of(number));
        grams_wanted(text).is_none_or(|sets| {
            sets.iter()
                .any(|wanted| wanted.iter().all(|gram| all.contains(gram)))
        })
    }

    #[test]
    fn a_text_leads_to_what_holds_it_and_not_to_others() {
        let number = "20261122004711";
        for (text, description, expected) in [
            ("路灯", "小区路灯不亮", true),
            ("灯", "小区路灯不亮", true),
            ("亮", "小区路灯不亮", true),
            ("灯路", "小区路灯不亮", false),
            ("楼", "小区路灯不亮", false),
            ("block", "Block B", true),
            ("4711", "小区", true),
            ("4712", "小区", false),
            ("4712", "井盖4712号", true),
            ("20261122004711", "", true),
            ("", "", true),
            ("🔨", "响 🔨", true),
        ] {
            assert_eq!(leads_to(text, description, number), expected, "{text}");
        }
    }

    proptest! {
        /// Nothing that holds a text is ever missed.
        #[test]
        fn every_part_of_a_text_leads_to_it(
            text in "[a-cA-C0-2路灯坏了%_ 🔨]{1,12}",
            (from, len) in (0_usize..12, 1_usize..12),
        ) {
            let part: String = text.chars().skip(from).take(len).collect();
            prop_assert!(leads_to(&part, &text, "20261122000001"));
            prop_assert!(leads_to(&part.to_ascii_uppercase(), &text, "20261122000001"));
        }

        #[test]
        fn every_part_of_a_number_leads_to_it(
            number in "[0-9]{14,16}",
            (from, len) in (0_usize..16, 1_usize..16),
        ) {
            let part: String = number.chars().skip(from).take(len).collect();
            prop_assert!(leads_to(&part, "路灯", &number));
        }
    }
}
