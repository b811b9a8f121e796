//! `wasi.toml`: any text is settings, or refused in words.

use board_settings::{parse, size};

use super::Target;

pub(super) const TARGET: Target = Target {
    name: "settings",
    run,
    words: &[
        b"args = [",
        b"env = {",
        b"\"A=1\"",
        b"[console]",
        b"raw = true",
        b"timeout = ",
        b"\"10s\"",
        b"main = ",
        b"dirs = ",
        b"tmp = false",
        b"fsck = false",
        b"watchdog = ",
        b"[env]",
        b"\n",
        b"\"\"\"",
        b"\\u",
        b"0x",
        b"1e9",
        b"#",
    ],
    longest: 512,
};

fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Err(words) = parse(&text) {
        assert!(!words.is_empty(), "it says what is wrong");
    }
    let _ = size(&text);
}
