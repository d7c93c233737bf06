//! The words that a filter in text is made of.

use super::{At, Cql2Error};

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Name(String),
    /// A name in double quotes.
    Quoted(String),
    Text(String),
    Number(f64),
    Symbol(&'static str),
    End,
}

/// Longer ones before those that they begin with.
const SYMBOLS: [&str; 15] = [
    "<=", ">=", "<>", "<", ">", "=", "(", ")", ",", "+", "-", "*", "/", "%", "^",
];

/// The words of a filter with their places, the end last.
///
/// # Errors
/// At a character that begins nothing, and at quotes and numbers that do not end.
pub fn tokens(text: &str) -> Result<Vec<(Token, At)>, Cql2Error> {
    let characters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(&first) = characters.get(from) {
        if first.is_whitespace() {
            from += 1;
            continue;
        }
        let at = At::Character(from + 1);
        let rest = &characters[from..];
        let symbol = SYMBOLS
            .into_iter()
            .find(|symbol| rest.iter().copied().take(symbol.len()).eq(symbol.chars()));
        let digit_next = rest.get(1).is_some_and(char::is_ascii_digit);
        let (token, length) = if first == '\'' {
            let (text, length) = quoted(rest, &at)?;
            (Token::Text(text), length)
        } else if first == '"' {
            let (name, length) = quoted(rest, &at)?;
            (Token::Quoted(name), length)
        } else if first.is_ascii_digit() || (first == '.' && digit_next) {
            number(rest, &at)?
        } else if starts_name(first) {
            let name: String = rest
                .iter()
                .copied()
                .take_while(|&c| continues_name(c))
                .collect();
            let length = name.chars().count();
            (Token::Name(name), length)
        } else if let Some(symbol) = symbol {
            (Token::Symbol(symbol), symbol.len())
        } else {
            return Err(at.fault(format!("{first:?} begins nothing that CQL2 has")));
        };
        found.push((token, at));
        from += length;
    }
    found.push((Token::End, At::Character(characters.len() + 1)));
    Ok(found)
}

/// Reads up to the closing quote; a doubled one, or one after a backslash, is part of the
/// text.
fn quoted(rest: &[char], at: &At) -> Result<(String, usize), Cql2Error> {
    let quote = rest[0];
    let mut text = String::new();
    let mut index = 1;
    loop {
        match (rest.get(index), rest.get(index + 1)) {
            (Some('\\'), Some(&next)) if next == quote => {
                text.push(quote);
                index += 2;
            }
            (Some(&this), Some(&next)) if this == quote && next == quote => {
                text.push(quote);
                index += 2;
            }
            (Some(&this), _) if this == quote => return Ok((text, index + 1)),
            (Some(&other), _) => {
                text.push(other);
                index += 1;
            }
            (None, _) => return Err(at.fault(format!("the quote {quote} is not closed"))),
        }
    }
}

fn number(rest: &[char], at: &At) -> Result<(Token, usize), Cql2Error> {
    let digits = |from: usize| {
        let rest = rest.get(from..).unwrap_or_default();
        rest.iter().take_while(|c| c.is_ascii_digit()).count()
    };
    let mut length = digits(0);
    if rest.get(length) == Some(&'.') {
        length += 1 + digits(length + 1);
    }
    if matches!(rest.get(length), Some('e' | 'E')) {
        let sign = usize::from(matches!(rest.get(length + 1), Some('+' | '-')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    let text: String = rest.iter().take(length).collect();
    let glued = rest.get(length).is_some_and(|&next| starts_name(next));
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && !glued => Ok((Token::Number(value), length)),
        _ if glued => Err(at.fault("a number runs into a name; put a space between")),
        _ => Err(at.fault(format!("{text} is no number"))),
    }
}

fn starts_name(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '_' | ':')
}

fn continues_name(character: char) -> bool {
    starts_name(character)
        || character.is_numeric()
        || character == '.'
        || ('\u{300}'..='\u{36f}').contains(&character)
}
