//! Degrees, minutes and seconds in one number: 118.2536712 is 118° 25′ 36.712″.

/// How degrees are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Angles {
    Decimal,
    /// `ddd.mmss`, with further digits of seconds.
    DegreesMinutesSeconds,
}

impl Angles {
    /// Minutes and seconds, if every number can be read so.
    pub(super) fn of<'a>(mut numbers: impl Iterator<Item = &'a str>) -> Self {
        let style = Self::DegreesMinutesSeconds;
        if numbers.all(|number| read_angle(number, style).is_some()) {
            style
        } else {
            Self::Decimal
        }
    }
}

/// The degrees that a text says. Signs between degrees, minutes and seconds say for
/// themselves what they are.
pub(super) fn read_angle(text: &str, style: Angles) -> Option<f64> {
    let text = text.trim();
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text),
    };
    let marks = ['°', '′', '″', '\'', '"', '度', '分', '秒', ':', '-'];
    if unsigned.contains(marks) {
        let mut parts = unsigned.split(marks).map(str::trim);
        let degrees: f64 = parts.next()?.parse().ok()?;
        let mut rest = parts.filter(|part| !part.is_empty()).map(parse_digits);
        let minutes = rest.next().unwrap_or(Some(0.0))?;
        let seconds = rest.next().unwrap_or(Some(0.0))?;
        return combine(sign, degrees, minutes, seconds);
    }
    if style == Angles::Decimal {
        return text.parse().ok();
    }
    let (degrees, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // By its digits: a binary fraction would tell 60 seconds where there are none.
    let digit = |place: usize| fraction.as_bytes().get(place).map_or(0, |byte| byte - b'0');
    let pair = |place: usize| f64::from(10 * digit(place) + digit(place + 1));
    let part = fraction.get(4..).filter(|part| !part.is_empty());
    let part = part.map_or(Some(0.0), |part| {
        // No more digits than a number has.
        let digits = part.get(..part.len().min(15))?;
        let scale = i32::try_from(digits.len()).ok()?;
        Some(parse_digits(digits)? / 10_f64.powi(scale))
    });
    combine(sign, parse_digits(degrees)?, pair(0), pair(2) + part?)
}

/// A number without sign or exponent.
fn parse_digits(text: &str) -> Option<f64> {
    let digits = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|_| digits)
}

fn combine(sign: f64, degrees: f64, minutes: f64, seconds: f64) -> Option<f64> {
    let valid = minutes < 60.0 && seconds < 60.0;
    valid.then(|| sign * (degrees + minutes / 60.0 + seconds / 3600.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_and_seconds_are_read_by_their_digits() {
        let dms = |text| read_angle(text, Angles::DegreesMinutesSeconds);
        for (text, expected) in [
            ("118.2536712", 118.0 + 25.0 / 60.0 + 36.712 / 3600.0),
            ("32", 32.0),
            ("32.3", 32.5),
            ("-32.30", -32.5),
            ("118.0000", 118.0),
            ("118°25′36.712″", 118.0 + 25.0 / 60.0 + 36.712 / 3600.0),
            ("118-25-36.712", 118.0 + 25.0 / 60.0 + 36.712 / 3600.0),
            ("118度30分", 118.5),
        ] {
            let read = dms(text).unwrap();
            assert!((read - expected).abs() < 1e-12, "{text} {read}");
        }
        for text in [
            "118.60",
            "118.5960",
            "118.5a",
            "x",
            "",
            "1e3",
            "118°61′",
            "12.é3",
        ] {
            assert_eq!(dms(text), None, "{text}");
        }
        assert_eq!(read_angle("118.75", Angles::Decimal), Some(118.75));
    }

    #[test]
    fn a_number_that_has_no_such_minutes_makes_all_decimal() {
        assert_eq!(
            Angles::of(["118.25", "32.5959"].into_iter()),
            Angles::DegreesMinutesSeconds
        );
        assert_eq!(Angles::of(["118.25", "32.75"].into_iter()), Angles::Decimal);
    }
}
