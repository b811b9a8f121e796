//! The recipe "Add an op" of ARCHITECTURE.md is true: in a copy of this crate, an op is written in its family's file and in no other one,
//! and everything that is derived from it exists.
//!
//! The compiler derives it: the number, the encoding, the listing's fields. So the copy is checked and not built, which takes seconds.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The family's file.
const FILE: &str = "interp/src/ops/data.rs";

/// The op, in front of the family's list.
const OP: &str = r#"
/// `dst ← a` with its bytes in reverse order.
#[derive(Debug)]
pub struct Reverse<A, O>(PhantomData<(A, O)>);

// SAFETY: it reads its operands and writes its output.
unsafe impl<A: Input<u64>, O: Output> Op for Reverse<A, O> {
    const NAME: &'static str = "i64.reverse";
    const EFFECT: &'static str = "`dst ← a` with its bytes in reverse order";
    type Operands = (In<A, u64>, Out<O, u64>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        operands.write(m, a.swap_bytes());
        Ok(())
    }
}
"#;

/// Its places in the family's list.
const PLACES: &str = "
    OpDef::of::<Reverse<Slot, ToSlot>>(),
    OpDef::of::<Reverse<Slot, ToAcc>>(),
    OpDef::of::<Reverse<Acc, ToSlot>>(),
    OpDef::of::<Reverse<Acc, ToAcc>>(),
];
";

/// What must follow from these two, checked by the compiler.
const DERIVED: &str = "
const _: () = {
    use crate::dispatch::{Field, fields_of, granules};
    use crate::ops::number;
    let slots = number::<Reverse<Slot, ToSlot>>();
    let accumulators = number::<Reverse<Acc, ToAcc>>();
    assert!(accumulators.0 == slots.0 + 3 && accumulators.index() < crate::ops::COUNT);
    assert!(granules(fields_of::<Reverse<Slot, ToSlot>>()) == 3);
    assert!(granules(fields_of::<Reverse<Acc, ToAcc>>()) == 1);
    assert!(matches!(fields_of::<Reverse<Slot, ToAcc>>(), [Field::Slot, Field::DstAcc]));
};
";

#[test]
fn an_op_is_added_in_its_familys_file_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in a workspace");
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("add-op");
    let _ = fs::remove_dir_all(copy.join("interp"));
    for part in [
        "interp/src",
        "interp/tests",
        "interp/build.rs",
        "interp/Cargo.toml",
    ] {
        copy_all(&root.join(part), &copy.join(part));
    }
    copy_all(&root.join("Cargo.lock"), &copy.join("Cargo.lock"));
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("the workspace's manifest");
    fs::write(copy.join("Cargo.toml"), alone(&manifest)).expect("a manifest can be written");

    let family = fs::read_to_string(copy.join(FILE)).expect("the family's file");
    let (front, list) = family
        .split_once("/// The family's ops.\n")
        .expect("a family has a list");
    let (list, behind) = list.rsplit_once("\n];\n").expect("the list ends");
    assert_eq!(behind, "", "the list stands at the end of {FILE}");
    let family = format!("{front}{OP}\n/// The family's ops.\n{list}{PLACES}{DERIVED}");
    fs::write(copy.join(FILE), family).expect("the copy can be written");

    let checked = Command::new(env!("CARGO"))
        .args([
            "check",
            "--offline",
            "--quiet",
            "--package",
            "wasi-interp-core",
        ])
        .args(["--no-default-features", "--target-dir"])
        .arg(copy.join("target"))
        .env("RUSTFLAGS", "-Dwarnings")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .current_dir(&copy)
        .output()
        .expect("cargo can be run");
    let messages = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{messages}");
}

/// The workspace's manifest, but for its members: only this crate is one.
fn alone(manifest: &str) -> String {
    let mut skips = false;
    let mut text = String::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            // Profiles name packages that are not there.
            skips = line.starts_with("[profile");
        }
        match line {
            _ if skips => continue,
            _ if line.starts_with("members") => text.push_str("members = [\"interp\"]"),
            _ if line.starts_with("default-members") => continue,
            _ => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

/// Copies a file, or a folder with all that is in it.
fn copy_all(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("an entry");
            copy_all(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().expect("a file lies in a folder")).expect("a folder");
        fs::copy(from, to).expect("a file can be copied");
    }
}
