//! Patterns of LIKE, and texts compared without case or accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A pattern: `%` stands for any characters or none, `_` for a single one, and a
/// backslash takes the next character as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Token>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Exactly(char),
    One,
    Any,
}

/// What is left out of account when texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folding {
    Case,
    Accents,
}

impl Folding {
    /// The text with what is left out of account made equal.
    #[must_use]
    pub fn apply(self, text: &str) -> String {
        match self {
            // By way of capitals, so that ß and ss, and both small sigmas, become one. Each
            // character by itself: a pattern must fold as the texts it is held against.
            Self::Case => text
                .chars()
                .flat_map(char::to_uppercase)
                .flat_map(char::to_lowercase)
                .collect(),
            Self::Accents => text
                .nfd()
                .filter(|&character| !is_combining_mark(character))
                .nfc()
                .collect(),
        }
    }
}

impl Pattern {
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut characters = text.chars();
        let mut tokens = Vec::with_capacity(text.len());
        while let Some(character) = characters.next() {
            let token = match character {
                '%' => Token::Any,
                '_' => Token::One,
                // One at the very end stands for itself.
                '\\' => Token::Exactly(characters.next().unwrap_or('\\')),
                other => Token::Exactly(other),
            };
            if token != Token::Any || tokens.last() != Some(&Token::Any) {
                tokens.push(token);
            }
        }
        Self(tokens)
    }

    /// True when the whole text is as the pattern says. Takes at most the product of both
    /// lengths: only the last `%` is ever tried again.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let tokens = &self.0;
        let mut at = 0;
        let mut rest = text.chars();
        let mut retry = None;
        loop {
            let before = rest.clone();
            match (tokens.get(at), rest.next()) {
                (Some(Token::Any), _) => {
                    at += 1;
                    rest = before;
                    retry = Some((at, rest.clone()));
                    continue;
                }
                (Some(Token::One), Some(_)) => {
                    at += 1;
                    continue;
                }
                (Some(Token::Exactly(expected)), Some(character)) if *expected == character => {
                    at += 1;
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            let Some((token, from)) = &mut retry else {
                return false;
            };
            if from.next().is_none() {
                return false;
            }
            at = *token;
            rest = from.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wildcards_and_escapes() {
        for (pattern, text, expected) in [
            ("%", "", true),
            ("", "", true),
            ("", "a", false),
            ("清江%", "清江浦区", true),
            ("%浦_", "清江浦区", true),
            ("__", "清江浦区", false),
            ("100\\%", "100%", true),
            ("100\\%", "100 %", false),
            ("a\\_b", "a_b", true),
            ("a\\_b", "axb", false),
            ("a\\", "a\\", true),
            ("%ab%ab", "abab", true),
            ("%ab%ab", "abcab", true),
            ("%ab%abc", "ababab", false),
        ] {
            assert_eq!(
                Pattern::new(pattern).matches(text),
                expected,
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn folded_texts_are_equal_where_they_should_be() {
        for (folding, a, b) in [
            (Folding::Case, "Straße", "STRASSE"),
            (Folding::Case, "Οδος", "ΟΔΟΣ"),
            (Folding::Accents, "débárquér", "debarquer"),
            (Folding::Accents, "Ü", "U\u{308}"),
        ] {
            assert_eq!(folding.apply(a), folding.apply(b));
        }
        assert_eq!(Folding::Case.apply("清江浦区"), "清江浦区");
        assert_eq!(Folding::Accents.apply("清江浦区"), "清江浦区");
    }

    /// By the definition: every way to divide the text is tried.
    fn matches_by_trying(tokens: &[Token], text: &[char]) -> bool {
        match tokens {
            [] => text.is_empty(),
            [Token::Any, rest @ ..] => {
                (0..=text.len()).any(|taken| matches_by_trying(rest, &text[taken..]))
            }
            [Token::One, rest @ ..] => !text.is_empty() && matches_by_trying(rest, &text[1..]),
            [Token::Exactly(expected), rest @ ..] => {
                text.first() == Some(expected) && matches_by_trying(rest, &text[1..])
            }
        }
    }

    proptest! {
        #[test]
        fn matching_agrees_with_trying_every_way(pattern in "[ab%_]{0,8}", text in "[ab]{0,10}") {
            let pattern = Pattern::new(&pattern);
            let characters: Vec<char> = text.chars().collect();
            prop_assert_eq!(pattern.matches(&text), matches_by_trying(&pattern.0, &characters));
        }
    }
}
