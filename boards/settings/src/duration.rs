//! Durations as text, in the units of the desktop's `--timeout`: `90s`, `1m 30s`, `1500ms`. A number without a unit is in
//! seconds.

use alloc::{format, string::String};

const SECOND: u64 = 1_000_000_000;

/// Units by their names, in nanoseconds.
const UNITS: [(&[&str], u64); 8] = [
    (&["ns", "nsec", "nanos"], 1),
    (&["us", "µs", "usec", "micros"], 1_000),
    (&["ms", "msec", "millis"], 1_000_000),
    (&["s", "sec", "secs", "second", "seconds"], SECOND),
    (&["m", "min", "mins", "minute", "minutes"], 60 * SECOND),
    (&["h", "hr", "hrs", "hour", "hours"], 3600 * SECOND),
    (&["d", "day", "days"], 86_400 * SECOND),
    (&["w", "week", "weeks"], 7 * 86_400 * SECOND),
];

/// Returns the nanoseconds of a text, or `None` if it is no duration.
#[must_use]
pub fn parse(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.parse::<u64>() {
        return seconds.checked_mul(SECOND);
    }
    let mut rest = text.trim();
    let mut sum = 0u64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let (number, behind) = split(rest, |c| c.is_ascii_digit());
        let (name, behind) = split(behind.trim_start(), char::is_alphabetic);
        let (_, unit) = UNITS.iter().find(|(names, _)| names.contains(&name))?;
        sum = sum.checked_add(number.parse::<u64>().ok()?.checked_mul(*unit)?)?;
        rest = behind.trim_start();
    }
    Some(sum)
}

/// Splits a text after its first characters of a kind.
fn split(text: &str, kind: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !kind(c)).unwrap_or(text.len()))
}

/// The exact text of a duration: `1m 30s`.
#[must_use]
pub fn text(nanoseconds: u64) -> String {
    let mut words = String::new();
    let mut rest = nanoseconds;
    for (names, unit) in UNITS.iter().rev().skip(1) {
        let count = rest / unit;
        rest %= unit;
        if count > 0 {
            let space = if words.is_empty() { "" } else { " " };
            words += &format!("{space}{count}{}", names[0]);
        }
    }
    if words.is_empty() {
        words.push_str("0s");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{SECOND, parse, text};

    #[test]
    fn durations_as_on_the_desktop() {
        for (written, nanoseconds) in [
            ("0", 0),
            ("3", 3 * SECOND),
            ("90s", 90 * SECOND),
            ("10ms", 10_000_000),
            ("10us", 10_000),
            ("10ns", 10),
            ("2min", 120 * SECOND),
            ("1m 30s", 90 * SECOND),
            ("1h30min", 5400 * SECOND),
            ("1 day", 86_400 * SECOND),
        ] {
            assert_eq!(parse(written), Some(nanoseconds), "{written}");
        }
        for written in ["", "s", "5x", "-1", "1.5s", "1s2", "99999999999h", "s1"] {
            assert_eq!(parse(written), None, "{written}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(text(90 * SECOND), "1m 30s");
        assert_eq!(text(0), "0s");
        for nanoseconds in [1, 999, 1_500_000_000, 86_400 * SECOND, 123_456_789_012_345] {
            assert_eq!(parse(&text(nanoseconds)), Some(nanoseconds));
        }
    }
}
