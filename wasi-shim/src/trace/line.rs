//! A line of the trace, as text for people or as JSON for programs.

use alloc::format;
use alloc::string::String;
use core::fmt::Write as _;

use crate::errno::Errno;

/// The format of lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Like `strace`: `fd_close(fd=4) = EBADF <1 µs>`.
    Text,
    /// One JSON object a line: `{"call":"fd_close","args":{"fd":4},"results":{},"errno":"EBADF","ns":1200}`.
    Json,
}

/// A line that is being written.
pub(super) struct Line {
    format: Format,
    text: String,
    /// Whether nothing was written since the last bracket.
    first: bool,
    errno: Option<Errno>,
    ns: Option<u64>,
}

impl Line {
    pub(super) fn new(format: Format, name: &str) -> Line {
        let text = match format {
            Format::Text => format!("{name}("),
            Format::Json => format!("{{\"call\":\"{name}\",\"args\":{{"),
        };
        Line {
            format,
            text,
            first: true,
            errno: None,
            ns: None,
        }
    }

    /// Begins the results.
    pub(super) fn results(&mut self) {
        self.text.push_str(match self.format {
            Format::Text => ") = ",
            Format::Json => "},\"results\":{",
        });
        self.first = true;
    }

    fn name(&mut self, name: &str) {
        let between = match (self.first, self.format) {
            (true, _) => "",
            (false, Format::Text) => ", ",
            (false, Format::Json) => ",",
        };
        self.first = false;
        self.text.push_str(between);
        // Writing to a string cannot fail, here and below.
        let _ = match self.format {
            Format::Text => write!(self.text, "{name}="),
            Format::Json => write!(self.text, "\"{name}\":"),
        };
    }

    pub(super) fn number(&mut self, name: &str, value: u64) {
        self.name(name);
        let _ = write!(self.text, "{value}");
    }

    pub(super) fn signed(&mut self, name: &str, value: i64) {
        self.name(name);
        let _ = write!(self.text, "{value}");
    }

    /// A fixed word: plain in text, a string in JSON.
    pub(super) fn word(&mut self, name: &str, value: &str) {
        self.name(name);
        match self.format {
            Format::Text => self.text.push_str(value),
            Format::Json => quote(&mut self.text, value),
        }
    }

    /// A text of the guest, always quoted.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        quote(&mut self.text, value);
    }

    pub(super) fn errno(&mut self, errno: Errno) {
        self.errno = Some(errno);
    }

    pub(super) fn took(&mut self, ns: u64) {
        self.ns = Some(ns);
    }

    pub(super) fn finish(mut self) -> String {
        match self.format {
            Format::Text => {
                match self.errno {
                    Some(errno) => self.text.push_str(errno.name()),
                    None if self.first => self.text.push('0'),
                    None => {}
                }
                let _ = match self.ns {
                    Some(ns @ ..10_000) => write!(self.text, " <{ns} ns>"),
                    Some(ns @ ..10_000_000) => write!(self.text, " <{} µs>", ns / 1000),
                    Some(ns) => write!(self.text, " <{} ms>", ns / 1_000_000),
                    None => Ok(()),
                };
            }
            Format::Json => {
                let errno = self.errno.map_or("0", Errno::name);
                let _ = write!(self.text, "}},\"errno\":\"{errno}\"");
                if let Some(ns) = self.ns {
                    let _ = write!(self.text, ",\"ns\":{ns}");
                }
                self.text.push('}');
            }
        }
        self.text
    }
}

/// Appends a text in quotes, with the escapes of JSON.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        let _ = match c {
            '"' | '\\' => write!(out, "\\{c}"),
            '\n' => write!(out, "\\n"),
            '\r' => write!(out, "\\r"),
            '\t' => write!(out, "\\t"),
            c if c.is_control() => write!(out, "\\u{:04x}", u32::from(c)),
            c => write!(out, "{c}"),
        };
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(format: Format) -> String {
        let mut line = Line::new(format, "path_open");
        line.signed("fd", -1);
        line.text("path", "a \"b\"\n\u{1}");
        line.word("oflags", "creat|excl");
        line.results();
        line.number("opened_fd", 7);
        line.took(1_500_000);
        line.finish()
    }

    #[test]
    fn a_line_for_people() {
        let expected = r#"path_open(fd=-1, path="a \"b\"\n\u0001", oflags=creat|excl) = opened_fd=7 <1500 µs>"#;
        assert_eq!(sample(Format::Text), expected);
        let mut line = Line::new(Format::Text, "fd_close");
        line.signed("fd", 4);
        line.results();
        line.errno(Errno::BadF);
        line.took(800);
        assert_eq!(line.finish(), "fd_close(fd=4) = EBADF <800 ns>");
    }

    #[test]
    fn a_line_for_programs() {
        let expected = r#"{"call":"path_open","args":{"fd":-1,"path":"a \"b\"\n\u0001","oflags":"creat|excl"},"results":{"opened_fd":7},"errno":"0","ns":1500000}"#;
        assert_eq!(sample(Format::Json), expected);
    }
}
