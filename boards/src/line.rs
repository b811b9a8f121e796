//! Line editing: the processing of typed bytes by a terminal driver, before a program reads them.
//!
//! | key | effect |
//! |---|---|
//! | Enter | passes on the line, with `\n` |
//! | Backspace, Delete | removes the last character, of any number of bytes |
//! | Ctrl-U | removes the line |
//! | Ctrl-D | passes on the bytes so far; on an empty line: the end of the input |
//! | Ctrl-C | requests the end of the program |
//! | Ctrl-\ | requests that the program hibernates |

use alloc::{collections::VecDeque, vec::Vec};

/// The maximum number of bytes that wait for the program to read them.
const MOST: usize = 16 << 10;
/// The maximum length of a line. Further bytes ring the bell.
const LONGEST: usize = 4096;

const CTRL_C: u8 = 0x03;
const CTRL_D: u8 = 0x04;
const BELL: u8 = 0x07;
const BACKSPACE: u8 = 0x08;
const CTRL_U: u8 = 0x15;
const ESCAPE: u8 = 0x1b;
const CTRL_BACKSLASH: u8 = 0x1c;
const DELETE: u8 = 0x7f;
/// Moves back over a character and blanks it.
const ERASE: &[u8] = b"\x08 \x08";

/// Input from a serial port to a program.
#[derive(Debug, Default)]
pub struct Input {
    /// The bytes that the program can read.
    ready: VecDeque<u8>,
    /// The line that is being typed.
    line: Vec<u8>,
    /// Whether lines are edited. Otherwise each byte can be read at once.
    editing: bool,
    ended: bool,
    interrupted: bool,
    hibernating: bool,
}

impl Input {
    /// Creates input with or without line editing.
    #[must_use]
    pub fn new(editing: bool) -> Self {
        Self {
            editing,
            ..Self::default()
        }
    }

    /// Returns whether a byte can be accepted. With line editing this is always true: Ctrl-C must be detected, and bytes
    /// that do not fit ring the bell.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.editing || self.ready.len() < MOST
    }

    /// Accepts a typed byte. `echo` receives the output for the terminal.
    pub fn accept(&mut self, byte: u8, mut echo: impl FnMut(&[u8])) {
        if !self.editing {
            self.ready.push_back(byte);
            return;
        }
        match byte {
            b'\r' | b'\n' if self.ready.len() + self.line.len() >= MOST => echo(&[BELL]),
            b'\r' | b'\n' => {
                echo(b"\n");
                self.line.push(b'\n');
                self.ready.extend(self.line.drain(..));
            }
            BACKSPACE | DELETE => self.erase(&mut echo),
            CTRL_U => {
                while !self.line.is_empty() {
                    self.erase(&mut echo);
                }
            }
            CTRL_D if self.line.is_empty() => self.ended = true,
            CTRL_D => self.ready.extend(self.line.drain(..)),
            CTRL_C => {
                echo(b"^C\n");
                self.line.clear();
                self.interrupted = true;
            }
            CTRL_BACKSLASH => self.hibernating = true,
            b'\t' | b' '.. if self.line.len() < LONGEST => {
                self.line.push(byte);
                echo(&[byte]);
            }
            ESCAPE | 0x00..b' ' => {}
            _ => echo(&[BELL]),
        }
    }

    /// Removes the last character: continuation bytes of UTF-8 (`10xxxxxx`), then its first byte.
    fn erase(&mut self, echo: &mut impl FnMut(&[u8])) {
        while let Some(byte) = self.line.pop() {
            if byte & 0xc0 != 0x80 {
                echo(ERASE);
                return;
            }
        }
    }

    /// Returns whether a read would return at once, with bytes or with the end.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        !self.ready.is_empty() || self.ended
    }

    /// The number of bytes that can be read.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ready.len()
    }

    /// Returns whether no byte can be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    /// Reads the available bytes. 0 is the end, and is returned once: a terminal continues after Ctrl-D.
    pub fn read(&mut self, buf: &mut [u8]) -> usize {
        let count = buf.len().min(self.ready.len());
        for (to, from) in buf.iter_mut().zip(self.ready.drain(..count)) {
            *to = from;
        }
        if count == 0 {
            self.ended = false;
        }
        count
    }

    /// Returns whether Ctrl-C was typed since the last call.
    pub fn take_interrupt(&mut self) -> bool {
        core::mem::take(&mut self.interrupted)
    }

    /// Returns whether Ctrl-\ was typed since the last call.
    pub fn take_hibernation(&mut self) -> bool {
        core::mem::take(&mut self.hibernating)
    }
}

#[cfg(test)]
mod tests {
    use super::Input;

    /// Types a text. Returns the input, the bytes that can be read then, and the output.
    fn typed(editing: bool, text: &str) -> (Input, String, String) {
        let (mut input, mut shown) = (Input::new(editing), Vec::new());
        for byte in text.bytes() {
            input.accept(byte, |echo| shown.extend_from_slice(echo));
        }
        let mut buf = [0; 100];
        let count = input.read(&mut buf);
        let read = String::from_utf8_lossy(&buf[..count]).into_owned();
        (input, read, String::from_utf8_lossy(&shown).into_owned())
    }

    #[test]
    fn a_line_is_ready_when_enter_is_pressed() {
        let (mut input, read, shown) = typed(true, "hello");
        assert_eq!((read.as_str(), shown.as_str()), ("", "hello"));
        assert!(!input.is_ready());
        input.accept(b'\r', |_| ());
        assert!(input.is_ready());
        assert_eq!(input.len(), 6);
    }

    #[test]
    fn backspace_removes_whole_characters() {
        let (_, read, shown) = typed(true, "aé\x7f\x7f\x7fb\r");
        assert_eq!(read, "b\n");
        assert_eq!(shown, "aé\x08 \x08\x08 \x08b\n");
    }

    #[test]
    fn control_keys() {
        assert_eq!(typed(true, "lost\x15kept\n").1, "kept\n");
        assert_eq!(typed(true, "no newline\x04").1, "no newline");
        assert!(typed(true, "x\x03").0.take_interrupt());
        let (mut input, read, shown) = typed(true, "x\x1cy\n");
        assert_eq!((read.as_str(), shown.as_str()), ("xy\n", "xy\n"));
        assert!(input.take_hibernation() && !input.take_hibernation());
        let (mut input, read, _) = typed(true, "\x1b\x00ok\n\x04");
        assert_eq!(read, "ok\n");
        assert!(input.is_ready() && input.is_empty());
        assert_eq!(input.read(&mut [0; 4]), 0);
        assert!(!input.is_ready());
    }

    #[test]
    fn without_editing_each_byte_comes_through() {
        let (mut input, read, shown) = typed(false, "a\x03\x04\x1c\r");
        assert_eq!((read.as_str(), shown.as_str()), ("a\x03\x04\x1c\r", ""));
        assert!(!input.take_interrupt() && !input.take_hibernation());
    }

    #[test]
    fn what_nobody_reads_is_bounded() {
        let mut input = Input::new(false);
        let mut taken = 0;
        while input.has_room() {
            input.accept(0, |_| ());
            taken += 1;
        }
        assert_eq!(taken, super::MOST);
        let mut input = Input::new(true);
        let mut rung = false;
        for _ in 0..10 {
            for byte in [b'x'; 4000].into_iter().chain([b'\r']) {
                input.accept(byte, |echo| rung |= echo == [super::BELL]);
            }
        }
        assert!(rung && input.len() <= super::MOST);
        input.accept(super::CTRL_C, |_| ());
        assert!(input.take_interrupt());
    }

    #[test]
    fn a_line_that_is_too_long_rings() {
        let (_, _, shown) = typed(true, &"x".repeat(4097));
        assert!(shown.ends_with("x\x07"));
    }
}
