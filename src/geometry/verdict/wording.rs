//! Figures as sentences have them.

/// Square metres for people: whole ones with separators, small ones with decimals, large
/// ones in square kilometres.
pub(super) fn area(m2: f64) -> String {
    if m2 >= 1_000_000.0 {
        format!("{} km²", number(m2 / 1_000_000.0))
    } else {
        format!("{} m²", number(m2))
    }
}

/// Metres for people.
pub(super) fn length(m: f64) -> String {
    if m >= 10_000.0 {
        format!("{} km", number(m / 1_000.0))
    } else {
        format!("{} m", number(m))
    }
}

/// A part of a whole, from 0 to 1.
pub(super) fn percent(part: f64) -> String {
    format!("{} %", number(part * 100.0))
}

/// Three digits that count, at most three decimals, thousands apart.
pub(super) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        v if v >= 99.95 => 0,
        v if v >= 9.995 => 1,
        v if v >= 0.995 => 2,
        _ => 3,
    };
    let text = format!("{value:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (place, digit) in whole.char_indices() {
        let left = whole.len() - place;
        if place > 0 && left % 3 == 0 && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match fraction.trim_end_matches('0') {
        "" => grouped,
        fraction => format!("{grouped}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_as_many_digits_as_count() {
        for (value, expected) in [
            (0.0, "0 m²"),
            (0.0004, "0 m²"),
            (0.012_34, "0.012 m²"),
            (1.0, "1 m²"),
            (5.678, "5.68 m²"),
            (12.345, "12.3 m²"),
            (99.99, "100 m²"),
            (999.6, "1,000 m²"),
            (123_456.7, "123,457 m²"),
            (999_999.0, "999,999 m²"),
            (1_234_567.0, "1.23 km²"),
            (12_345_678_901.0, "12,346 km²"),
        ] {
            assert_eq!(area(value), expected);
        }
        assert_eq!(length(1_234.0), "1,234 m");
        assert_eq!(length(45_678.0), "45.7 km");
        assert_eq!(percent(0.345), "34.5 %");
    }
}
