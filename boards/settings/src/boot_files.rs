//! The files that a board boots from, the state of a hibernating program included. Programs can read them, but not change them, unless `wasi.toml` contains
//! `write_boot_files = true`.
//!
//! If a program overwrites one of them, the card no longer boots, and nobody notices before the next start.

use crate::{FILE, HIBERNATED, HIBERNATING};

/// Names of boot files, and of folders with boot files: those of Raspberry Pi's firmware and of U-Boot. `*` matches any
/// letters.
pub const PATTERNS: [&str; 22] = [
    FILE,
    HIBERNATED,
    HIBERNATING,
    "kernel*.img",
    "Image*",
    "zImage*",
    "bootcode.bin",
    "start*.elf",
    "fixup*.dat",
    "armstub*.bin",
    "config.txt",
    "cmdline.txt",
    "*.dtb",
    "overlays",
    "boot.scr",
    "extlinux",
    "wasi-kernel.img",
    "u-boot*.bin",
    "u-boot*.img",
    "uboot.env",
    "uEnv.txt",
    "efi",
];

/// Returns whether a name in the root of the volume is that of a boot file, ignoring case as FAT does. To FAT, `waſı.toml` is
/// the same name as `WASI.TOML`.
#[must_use]
pub fn is_boot_file(name: &str) -> bool {
    PATTERNS.iter().any(|pattern| matches(pattern, name))
}

/// The capital letter of FAT for a letter: a single one, or the letter itself.
fn capital(letter: char) -> char {
    let mut capitals = letter.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(capital), None) => capital,
        _ => letter,
    }
}

/// Compares a name with a pattern, which is ASCII and contains at most one `*`.
fn matches(pattern: &str, name: &str) -> bool {
    let same = |(wanted, letter): (char, char)| wanted.to_ascii_uppercase() == capital(letter);
    let len = name.chars().count();
    let Some((start, end)) = pattern.split_once('*') else {
        return len == pattern.len() && pattern.chars().zip(name.chars()).all(same);
    };
    len >= start.len() + end.len()
        && start.chars().zip(name.chars()).all(same)
        && end.chars().rev().zip(name.chars().rev()).all(same)
}

#[cfg(test)]
mod tests {
    use super::{PATTERNS, is_boot_file};

    #[test]
    fn boot_files_are_known_by_their_names() {
        for name in [
            "wasi.toml",
            "WASI.TOML",
            "kernel8.img",
            "start4x.elf",
            "a.dtb",
            "overlays",
            "Image",
            "extlinux",
            "wasi-kernel.img",
            "wa\u{17f}\u{131}.toml",
            "conf\u{131}g.txt",
        ] {
            assert!(is_boot_file(name), "{name}");
        }
        for name in [
            "main.wasm",
            "kernel8.img.old",
            "kernel",
            "data.txt",
            "wasi.toml2",
            "",
            "größe.img",
            "ſ",
        ] {
            assert!(!is_boot_file(name), "{name}");
        }
    }

    #[test]
    fn the_list_in_the_documentation_is_this_one() {
        let text = include_str!("../../README.md");
        let list = text.split("- Boot files").nth(1).expect("a list of them");
        let list = list.split("\n- ").next().unwrap_or_default();
        for pattern in PATTERNS {
            assert!(
                list.contains(&format!("`{pattern}`")),
                "{pattern} is missing in boards/README.md"
            );
        }
    }
}
