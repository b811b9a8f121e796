//! The frames of the protocol: a header with the length, an empty line, and so many bytes of JSON.
//!
//! ```text
//! Content-Length: 119\r\n
//! \r\n
//! {"seq":1,"type":"request", …
//! ```

use std::fmt;
use std::io::{self, BufRead, Read, Write};

use serde_json::Value;

/// The maximum length of a header, in bytes, and of a message.
const LONGEST_HEADER: u64 = 4 << 10;
const LONGEST_MESSAGE: usize = 8 << 20;

/// The reason why no message can be read.
#[derive(Debug)]
pub(super) enum Damage {
    /// The header is longer than allowed, or the stream ended within.
    Header,
    /// No line of it has the length.
    NoLength,
    /// The length is no number.
    Length(String),
    /// The message is longer than allowed.
    TooLong(usize),
    /// The stream ended within the message.
    Short { len: usize, read: usize },
    /// The stream cannot be read.
    Io(io::Error),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => write!(
                f,
                "the header of a message does not end within {LONGEST_HEADER} bytes"
            ),
            Self::NoLength => f.write_str("the header of a message has no Content-Length"),
            Self::Length(text) => write!(
                f,
                "the Content-Length `{}` of a message is no number",
                interp::inspect::Spelled(text)
            ),
            Self::TooLong(len) => write!(
                f,
                "a message of {len} bytes is longer than the {LONGEST_MESSAGE} that are allowed"
            ),
            Self::Short { len, read } => write!(
                f,
                "the input ends after {read} of the {len} bytes of a message"
            ),
            Self::Io(error) => write!(f, "the input cannot be read: {error}"),
        }
    }
}

/// Reads the next message. Returns `None` if the stream ends before it.
///
/// # Errors
/// Fails if the frame is damaged: where the next one begins is not known then.
pub(super) fn read(from: &mut impl BufRead) -> Result<Option<Vec<u8>>, Damage> {
    let mut header = from.by_ref().take(LONGEST_HEADER);
    let mut len = None;
    let mut is_first = true;
    loop {
        let mut line = Vec::new();
        header.read_until(b'\n', &mut line).map_err(Damage::Io)?;
        if line.is_empty() && is_first {
            return Ok(None);
        }
        if line.pop() != Some(b'\n') {
            return Err(Damage::Header);
        }
        is_first = false;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            let value = value.trim();
            let number = value.parse::<usize>();
            len = Some(number.map_err(|_| Damage::Length(value.to_owned()))?);
        }
    }
    let len = len.ok_or(Damage::NoLength)?;
    if len > LONGEST_MESSAGE {
        return Err(Damage::TooLong(len));
    }
    // The length may lie, so memory is taken as bytes arrive.
    let mut message = Vec::new();
    let read = from.take(len as u64).read_to_end(&mut message);
    match read.map_err(Damage::Io)? {
        read if read < len => Err(Damage::Short { len, read }),
        _ => Ok(Some(message)),
    }
}

/// Writes a message.
///
/// # Errors
/// Fails if the stream cannot be written.
pub(super) fn write(to: &mut dyn Write, message: &Value) -> io::Result<()> {
    let text = message.to_string();
    write!(to, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_it_was_written() {
        let mut bytes = Vec::new();
        for number in 0..3 {
            write(&mut bytes, &serde_json::json!({ "seq": number })).expect("memory takes it");
        }
        let mut bytes = &bytes[..];
        for number in 0..3 {
            let message = read(&mut bytes).expect("it is whole").expect("it is there");
            assert_eq!(message, format!("{{\"seq\":{number}}}").as_bytes());
        }
        assert!(matches!(read(&mut bytes), Ok(None)));
    }

    #[test]
    fn other_headers_and_line_ends_are_taken() {
        let mut bytes = &b"Content-Type: x\r\ncontent-length:2 \n\n{}"[..];
        assert!(matches!(read(&mut bytes), Ok(Some(message)) if message == b"{}"));
    }

    #[test]
    fn damage_is_named() {
        let long = [b'x'; 5000];
        for (bytes, said) in [
            (&b"Content-Length: 5\r\n"[..], "does not end within"),
            (b"Content-Length: 5", "does not end within"),
            (&long, "does not end within"),
            (b"X: 5\r\n\r\n{}", "no Content-Length"),
            (b"\r\n{}", "no Content-Length"),
            (b"Content-Length: -5\r\n\r\n{}", "`-5` of a message is no"),
            (b"Content-Length: \x1b[2J\r\n\r\n{}", "u{1b}"),
            (
                b"Content-Length: 99999999999999999999\r\n\r\n{}",
                "is no number",
            ),
            (b"Content-Length: 999999999\r\n\r\n{}", "longer than"),
            (
                b"Content-Length: 8388608\r\n\r\n{}",
                "after 2 of the 8388608",
            ),
        ] {
            let mut bytes = bytes;
            let error = read(&mut bytes).expect_err(said).to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
