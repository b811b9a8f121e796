//! `OPS.md` is what the op table says. Run with `UPDATE=1` to write it anew.

use std::fs;
use std::path::Path;

use interp::inspect::reference;
use interp::ops::{COUNT, defs};

#[test]
fn the_reference_is_what_the_op_table_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("OPS.md");
    let now = reference();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &now).expect("OPS.md can be written");
    }
    let text = fs::read_to_string(&file).expect("OPS.md exists");
    assert!(
        text == now,
        "OPS.md is out of date: UPDATE=1 cargo test -p wasi-interp-core --test reference"
    );
}

#[test]
fn every_op_stands_in_the_reference() {
    let text = reference();
    for op in defs() {
        assert!(text.contains(op.name), "{} is missing", op.name);
        assert!(!op.effect.trim().is_empty(), "{} says nothing", op.name);
    }
    assert!(text.contains(&format!("{COUNT} ops")));
}
