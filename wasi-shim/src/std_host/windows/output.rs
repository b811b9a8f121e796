//! `Output`: standard output or error that is a console or a pipe.
//!
//! A console accepts text only. Bytes that are not UTF-8 become U+FFFD, as terminals on other systems show them. A
//! character whose bytes arrive in two writes is joined.

use std::fs::File;
use std::io::Write;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::errno::from_os;
use crate::errno::Errno;
use crate::stream::{Readiness, Stream};
use crate::types::FileType;

/// An output stream.
pub(super) struct Output {
    to: Box<dyn Write + Send>,
    console: Option<Text>,
}

impl Output {
    /// A stream to a console.
    pub(super) fn console(to: impl Write + 'static) -> Output {
        Output {
            to: Box::new(to),
            console: Some(Text::default()),
        }
    }

    /// A stream to another program.
    pub(super) fn pipe(to: File) -> Output {
        Output {
            to: Box::new(to),
            console: None,
        }
    }
}

impl Stream for Output {
    fn kind(&self) -> FileType {
        match self.console {
            Some(_) => FileType::CharacterDevice,
            None => FileType::Unknown,
        }
    }

    fn write(&mut self, data: &[u8], _nonblock: bool) -> Result<usize, Errno> {
        let Some(text) = &mut self.console else {
            return self.to.write(data).map_err(from_os);
        };
        let written = self.to.write_all(text.next(data).as_bytes());
        let shown = written.and_then(|()| self.to.flush());
        shown.map(|()| data.len()).map_err(from_os)
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        Ok(Readiness {
            writable: true,
            ..Readiness::default()
        })
    }
}

/// Converts bytes to text.
#[derive(Default)]
struct Text {
    /// The start of a character whose end has not arrived yet.
    begun: Vec<u8>,
}

impl Text {
    /// Returns the text that can be shown after these bytes.
    fn next(&mut self, data: &[u8]) -> String {
        let mut bytes = core::mem::take(&mut self.begun);
        bytes.extend_from_slice(data);
        let mut rest = &bytes[..];
        let mut text = String::new();
        loop {
            let error = match core::str::from_utf8(rest) {
                Ok(valid) => {
                    text.push_str(valid);
                    return text;
                }
                Err(error) => error,
            };
            let (valid, bad) = rest.split_at(error.valid_up_to());
            text.extend(valid.utf8_chunks().map(|chunk| chunk.valid()));
            let Some(len) = error.error_len() else {
                self.begun = bad.to_vec();
                return text;
            };
            text.push(char::REPLACEMENT_CHARACTER);
            rest = &bad[len..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_put_together_and_others_replaced() {
        let mut text = Text::default();
        assert_eq!(text.next("a\u{e4}".as_bytes()), "a\u{e4}");
        assert_eq!(text.next(b"x\xe2\x82"), "x");
        assert_eq!(text.next(b"\xac!"), "\u{20ac}!");
        assert_eq!(text.next(b"\xe2"), "");
        assert_eq!(text.next(b"b\xff"), "\u{fffd}b\u{fffd}");
    }
}
