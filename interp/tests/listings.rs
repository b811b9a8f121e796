//! Lowering by example: each file in `listings/` is a module in the text format that ends with the listing of its
//! functions, as comments.
//!
//! Run with `UPDATE=1` to write the listings anew; read the difference before it is committed.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use interp::compile::module::ModuleInfo;
use interp::inspect::Lister;
use interp::{ModuleBytes, Validation};

/// What begins each line of a listing.
const MARK: &str = ";;|";

#[test]
fn listings_are_what_the_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/listings");
    let update = std::env::var_os("UPDATE").is_some();
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder exists")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(
        files.len() >= 10,
        "the files of {} are missing",
        folder.display()
    );
    if !cfg!(feature = "exceptions") {
        files.retain(|file| !file.ends_with("exceptions.wat"));
    }
    let mut wrong = String::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a text file");
        let source = text
            .split(MARK)
            .next()
            .expect("there is a first part")
            .trim_end();
        let now = format!("{source}\n\n{}", listing(&file, source));
        if now == text {
            continue;
        }
        if update {
            fs::write(&file, now).expect("the file can be written");
        } else {
            let _ = writeln!(wrong, "{} now gives\n{now}", file.display());
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong}If this is as it should be: UPDATE=1 cargo test -p wasi-interp-core --test listings"
    );
}

/// The listings of all functions of a module, as comments.
fn listing(file: &Path, source: &str) -> String {
    let bytes = match wat::parse_str(source) {
        Ok(bytes) => bytes,
        Err(error) => panic!("{}: {error}", file.display()),
    };
    let module = match ModuleInfo::new(ModuleBytes::from(bytes), Validation::Eager) {
        Ok(module) => module,
        Err(error) => panic!("{}: {error}", file.display()),
    };
    let mut lister = Lister::new(&module);
    let mut text = String::new();
    for defined in 0..module.defined_funcs() {
        let listing = lister.list(defined).expect("a valid body").to_string();
        for line in listing.lines() {
            let _ = writeln!(text, "{MARK} {}", line.trim_end());
        }
    }
    text
}
