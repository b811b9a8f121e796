//! [`Spelled`]: a name from a module, for a message. Modules are not trusted.

use core::fmt::{self, Write};

/// The characters of a name that are shown. Mangled names of C++ and Rust are shorter.
const MOST: usize = 1_000;

/// Formats a name from a module so that it stays in its place in a message.
///
/// Line breaks, control characters and invisible characters, which could hide or imitate other lines, are escaped. A name of more
/// than 1,000 characters is cut. A module can have a name of megabytes, and a message can contain a name many times.
///
/// ```
/// # use interp::inspect::Spelled;
/// assert_eq!(Spelled("main.(*Größe).f").to_string(), "main.(*Größe).f");
/// assert_eq!(Spelled("a\n    1: \u{202e}b").to_string(), r"a\n    1: \u{202e}b");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Spelled<'a>(pub &'a str);

impl fmt::Display for Spelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut chars = self.0.chars();
        for char in chars.by_ref().take(MOST) {
            match char {
                // Visible as they are.
                '\'' | '"' | '\\' => f.write_char(char)?,
                _ => write!(f, "{}", char.escape_debug())?,
            }
        }
        if chars.as_str().is_empty() {
            return Ok(());
        }
        f.write_char('…')
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_long_name_is_cut() {
        let long = "ä".repeat(MOST);
        assert_eq!(Spelled(&long).to_string(), long);
        let longer = alloc::format!("{long}b");
        assert_eq!(Spelled(&longer).to_string(), alloc::format!("{long}…"));
    }
}
