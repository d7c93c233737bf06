//! Personal data that masks itself: printing or logging it never shows it whole.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A phone number. `Debug` shows it masked, and it has no `Display`; whoever needs it
/// says [`Phone::reveal`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

/// Text that is no phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a phone number has 3 to 20 digits, and may have +, -, spaces and brackets")]
pub struct PhoneError;

impl Phone {
    /// # Errors
    /// When the text is not a phone number. The error does not repeat it.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let text = text.trim();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let plain = |byte: u8| byte.is_ascii_digit() || b"+- ()".contains(&byte);
        if (3..=20).contains(&digits) && text.len() <= 32 && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PhoneError)
        }
    }

    /// The number, whole.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The digits alone, by which a number is found however it was written: without the
    /// code of China before a mobile number.
    #[must_use]
    pub fn digits(&self) -> String {
        let digits: String = self.0.chars().filter(char::is_ascii_digit).collect();
        let mobile = digits.strip_prefix("86").filter(|rest| rest.len() == 11);
        mobile.map(str::to_owned).unwrap_or(digits)
    }

    /// The first three and last four characters: `138****1234`. Short numbers, such as
    /// a hotline's, hide all but the last two.
    #[must_use]
    pub fn masked(&self) -> String {
        let n = self.0.len();
        let (head, tail) = if n >= 11 { (3, 4) } else { (0, 2) };
        format!(
            "{}{}{}",
            &self.0[..head],
            "*".repeat(n - head - tail),
            &self.0[n - tail..]
        )
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// The name of a private person, such as a reporter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonName(pub String);

impl PersonName {
    /// The name, whole.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The family name and a star for each further character: `王**`.
    #[must_use]
    pub fn masked(&self) -> String {
        let mut characters = self.0.chars();
        let first = characters.next().map(String::from).unwrap_or_default();
        first + &"*".repeat(characters.count())
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_is_masked_when_printed() {
        let phone = Phone::parse("13812341234").unwrap();
        assert_eq!(format!("{phone:?}"), "138****1234");
        assert_eq!(Phone::parse("12345").unwrap().masked(), "***45");
        assert_eq!(format!("{:?}", PersonName("王小明".into())), "王**");
    }

    #[test]
    fn what_is_no_phone_number_is_refused() {
        for text in ["", "12", "not a phone", "1234567890123456789012"] {
            assert!(Phone::parse(text).is_err(), "{text}");
        }
    }
}
