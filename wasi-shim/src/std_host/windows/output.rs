//! `Output`: standard output or error, if it is no file: a console or a pipe.
//!
//! A console takes text only. What is no UTF-8 becomes U+FFFD there, as terminals show it elsewhere; a character whose bytes come in
//! two writes is put together.

use std::fs::File;
use std::io::Write;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::errno::from_os;
use crate::errno::Errno;
use crate::stream::{Readiness, Stream};
use crate::types::FileType;

/// A stream that is only written.
pub(super) struct Output {
    to: Box<dyn Write + Send>,
    console: Option<Text>,
}

impl Output {
    /// To the screen.
    pub(super) fn console(to: impl Write + 'static) -> Output {
        Output {
            to: Box::new(to),
            console: Some(Text::default()),
        }
    }

    /// To another program.
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

/// Bytes that become text.
#[derive(Default)]
struct Text {
    /// The beginning of a character whose end is still to come.
    begun: Vec<u8>,
}

impl Text {
    /// What can be shown once these bytes have come.
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
