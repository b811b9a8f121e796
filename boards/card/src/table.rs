//! The table of boards, `boards.toml`: how each is built, packed and run.

use std::collections::BTreeMap;

use serde::Deserialize;

/// All boards by name.
pub type Table = BTreeMap<String, Entry>;

/// One board's row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The board's name, the key of its row.
    #[serde(skip)]
    pub name: String,
    /// A short description of the machine.
    pub about: String,
    /// Tiers 1 and 2 are tested by `cargo xtask test`, tier 2 with fewer scenarios. Tier 3 is tested by `cargo xtask board test`.
    pub tier: u8,
    /// Rust's name of the processor and its calling convention.
    pub target: String,
    /// Compiler flags for the processor.
    #[serde(default)]
    pub rustflags: Vec<String>,
    /// The address at which the machine loads the kernel.
    pub load_address: u64,
    /// The size of the flash in which a program can be, in bytes, if the emulator has any.
    pub flash: Option<u64>,
    /// The emulator's arguments for this flash, in which `{flash}` is replaced by the path of its content.
    #[serde(default)]
    pub qemu_flash: Vec<String>,
    /// The name under which firmware looks for the kernel on the card, as a flat binary.
    pub firmware_name: Option<String>,
    /// The text of the file `config.txt`, for a Raspberry Pi's firmware.
    pub firmware_config: Option<String>,
    /// A device tree source, relative to the folder `boards`, for an emulator that makes none.
    pub device_tree: Option<String>,
    /// The emulator and its arguments. `{kernel}`, `{image}`, `{memory}` and `{device_tree}` are replaced.
    pub qemu: Vec<String>,
    /// RAM of the emulated machine, if it can be chosen.
    #[serde(default = "default_memory")]
    pub memory: String,
    /// Whether the disk is a copy in memory, so that the program's changes are not in the image afterwards.
    #[serde(default)]
    pub volatile: bool,
    /// The beginning of the last line of firmware's output. The kernel's output follows it.
    pub firmware_ends: Option<String>,
}

fn default_memory() -> String {
    "128M".to_owned()
}

/// The boards of this release.
///
/// # Panics
/// Never: a test reads the same text.
#[must_use]
pub fn table() -> Table {
    let mut table: Table =
        toml::from_str(include_str!("../boards.toml")).expect("a test reads boards.toml");
    for (name, entry) in &mut table {
        entry.name.clone_from(name);
    }
    table
}

#[cfg(test)]
mod tests {
    use board_settings::boot_files::is_boot_file;

    use super::table;

    #[test]
    fn every_board_has_a_binary_and_an_emulator() {
        let table = table();
        assert!(table.len() >= 8);
        for (name, entry) in &table {
            let source = format!("{}/../src/bin/{name}.rs", env!("CARGO_MANIFEST_DIR"));
            assert!(
                std::path::Path::new(&source).exists(),
                "{source} is missing"
            );
            assert!(entry.qemu.iter().any(|word| word == "{kernel}"), "{name}");
            assert!((1..=3).contains(&entry.tier), "{name}");
            assert!(
                entry.firmware_config.is_none() || entry.firmware_name.is_some(),
                "{name}"
            );
            let firmware_name = entry.firmware_name.as_deref();
            assert!(firmware_name.is_none_or(is_boot_file), "{name}");
        }
    }
}
