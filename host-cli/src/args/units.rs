//! Numbers with units in options: counts, durations, sizes.

use std::time::Duration;

use parse_size::Config;

/// A number without unit, decimal or hexadecimal (`0x10`).
pub(crate) fn count(text: &str) -> Result<u64, String> {
    let parsed = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    parsed.map_err(|error| format!("{error}; expected a number such as 1000000"))
}

/// A duration: seconds without a unit, as in wasmtime, or numbers with units (`ns us ms s min h`) in any combination.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Duration::from_secs(seconds));
    }
    humantime::parse_duration(text)
        .map_err(|error| format!("{error}; expected a duration such as 90, 1500ms or 2min"))
}

/// A size in bytes. K, M, G and T are powers of 1024; `iB` or `B` may follow.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    if text.starts_with("0x") {
        return count(text);
    }
    Config::new()
        .with_binary()
        .parse_size(text)
        .map_err(|error| format!("{error}; expected a size such as 65536, 64M or 1.5GiB"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_wasmtime_and_people_write_them() {
        for (text, nanoseconds) in [
            ("0", 0),
            ("3", 3_000_000_000),
            ("3s", 3_000_000_000),
            ("10ms", 10_000_000),
            ("10us", 10_000),
            ("10ns", 10),
            ("2min", 120_000_000_000),
            ("1m 30s", 90_000_000_000),
        ] {
            assert_eq!(
                duration(text).map(|time| time.as_nanos()),
                Ok(nanoseconds),
                "{text}"
            );
        }
        for text in [
            "",
            "s",
            "-1",
            "-1s",
            "3 parsecs",
            "99999999999999999999s",
            "1e3",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_binary() {
        for (text, bytes) in [
            ("0", 0),
            ("65536", 65536),
            ("0x10000", 65536),
            ("64K", 64 << 10),
            ("64k", 64 << 10),
            ("64KB", 64 << 10),
            ("64KiB", 64 << 10),
            ("8M", 8 << 20),
            ("1.5GiB", 3 << 29),
            ("2T", 2 << 40),
        ] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "M", "-1", "0xg", "64X", "99999999999999999999"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn counts() {
        assert_eq!(count("0x10"), Ok(16));
        assert_eq!(count("18446744073709551615"), Ok(u64::MAX));
        for text in ["", "-1", "18446744073709551616", "ten", "1.0"] {
            assert!(count(text).is_err(), "{text}");
        }
    }
}
