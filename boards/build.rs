//! Passes the place of each board's kernel in memory to the linker.
//!
//! The layout is `link/kernel.ld` for all boards, and the address is `load_address` in `boards.toml`. On a host, where the
//! board binaries are empty, nothing happens.

use std::{collections::BTreeMap, env, fs, path::Path};

use serde::Deserialize;

#[derive(Deserialize)]
struct Board {
    target: String,
    load_address: u64,
}

fn main() {
    println!("cargo:rerun-if-changed=card/boards.toml");
    println!("cargo:rerun-if-changed=link/kernel.ld");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("none") {
        return;
    }
    let package = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let script = Path::new(&package).join("link/kernel.ld");
    println!("cargo:rustc-link-arg-bins=-T{}", script.display());
    println!("cargo:rustc-link-arg-bins=--icf=all");

    let table = fs::read_to_string(Path::new(&package).join("card/boards.toml"))
        .expect("boards/card/boards.toml is readable");
    let boards: BTreeMap<String, Board> =
        toml::from_str(&table).expect("boards/card/boards.toml parses");
    let target = env::var("TARGET").expect("cargo sets TARGET");
    for (name, board) in boards.iter().filter(|(_, board)| board.target == target) {
        println!(
            "cargo:rustc-link-arg-bin={name}=--defsym=LOAD_ADDRESS={:#x}",
            board.load_address
        );
    }
}
