//! `wasi-interp image`: what goes on a card, read back from it.

use std::fs;
use std::path::Path;

use tests::same::folder;
use tests::tools::repository;
use tests::{Run, wasi_interp};

/// A program that copies a file.
fn filecopy() -> std::path::PathBuf {
    repository().join("tests/guests/filecopy/main.wasm")
}

fn image(here: &Path, args: &[&str]) -> Run {
    let mut command = wasi_interp(here);
    command.env("SOURCE_DATE_EPOCH", "1700000000");
    Run::of(command.arg("image").args(args))
}

/// A file of an image, as a program sees it there.
fn read_back(here: &Path, image: &str, name: &str) -> Vec<u8> {
    let mut command = wasi_interp(here);
    command
        .args(["--fat", &format!("{image}::/card"), "--dir", ".::/here"])
        .arg(filecopy())
        .args([&format!("/card/{name}"), "/here/copy"]);
    Run::of(&mut command).ends_with(0);
    fs::read(here.join("copy")).expect("the copy exists")
}

/// The kernel under the firmware's name, the program, files and folders, and settings that follow from the arguments.
#[test]
fn a_card_for_a_raspberry_pi() {
    let here = folder();
    let path = here.path();
    fs::write(path.join("kernel.bin"), b"a flat kernel").expect("a fresh folder");
    fs::write(path.join("data.txt"), b"data").expect("a fresh folder");
    fs::create_dir_all(path.join("folder/inner")).expect("a fresh folder");
    fs::write(path.join("folder/inner/Größe.txt"), b"more").expect("a fresh folder");
    fs::copy(filecopy(), path.join("main.wasm")).expect("the program is in the repository");
    let build = |output: &str| {
        let card = ["--board", "raspi3b", "--kernel", "kernel.bin", "-o", output];
        let contents = [
            "main.wasm",
            "data.txt",
            "--dir",
            "folder::sub",
            "--env",
            "A=b",
        ];
        image(path, &[&card[..], &contents, &["--", "-v", "x"]].concat()).ends_with(0)
    };
    let told = build("sd.img").stdout;
    assert!(
        told.contains("dd if=sd.img") && told.contains("bootcode.bin"),
        "{told}"
    );
    build("again.img");
    let [one, two] = ["sd.img", "again.img"].map(|name| fs::read(path.join(name)).expect(name));
    assert!(one == two, "the same files give different images");
    assert_eq!(one.len(), 128 << 20);

    assert_eq!(read_back(path, "sd.img", "kernel8.img"), b"a flat kernel");
    assert_eq!(read_back(path, "sd.img", "data.txt"), b"data");
    assert_eq!(read_back(path, "sd.img", "sub/inner/Größe.txt"), b"more");
    assert_eq!(
        read_back(path, "sd.img", "main.wasm"),
        fs::read(filecopy()).expect("the program is in the repository")
    );
    let settings = String::from_utf8(read_back(path, "sd.img", "wasi.toml")).expect("text");
    assert_eq!(
        settings,
        "program = \"main.wasm\"\nargs = [\"-v\", \"x\"]\n\n[env]\nA = \"b\"\n"
    );
    let config = String::from_utf8(read_back(path, "sd.img", "config.txt")).expect("text");
    assert!(config.contains("arm_64bit=1"), "{config}");
}

/// Without a board the image holds the program and settings: what boards want that get their kernel another way.
#[test]
fn a_disk_without_a_kernel() {
    let here = folder();
    fs::copy(filecopy(), here.path().join("main.wasm")).expect("the program is in the repository");
    fs::write(here.path().join("own.toml"), "args = [\"x\"]\n").expect("a fresh folder");
    let args = [
        "-o",
        "new/disk.img",
        "--size",
        "64M",
        "--settings",
        "own.toml",
        "main.wasm",
    ];
    image(here.path(), &args).ends_with(0);
    let length = fs::metadata(here.path().join("new/disk.img"))
        .expect("it was written")
        .len();
    assert_eq!(length, 64 << 20);
    assert_eq!(
        read_back(here.path(), "new/disk.img", "wasi.toml"),
        b"args = [\"x\"]\n"
    );
}

/// Every refusal says what to do.
#[test]
fn refusals() {
    let here = folder();
    fs::write(here.path().join("main.wasm"), b"any").expect("a fresh folder");
    fs::write(
        here.path().join("bad.toml"),
        b"args = []\nprogramm = \"x\"\n",
    )
    .expect("a fresh folder");
    fs::write(here.path().join("elf"), b"\x7fELF").expect("a fresh folder");
    let cases: [(&[&str], i32, &str); 9] = [
        (
            &["main.wasm", "--board", "raspi3b"],
            1,
            "as kernel8.img: say which with --kernel",
        ),
        (
            &["main.wasm", "--board", "raspi9"],
            1,
            "there is no board raspi9; there are aarch64-virt,",
        ),
        (
            &["main.wasm", "--board", "aarch64-virt", "--kernel", "elf"],
            1,
            "leave out --kernel",
        ),
        (
            &["main.wasm", "--board", "raspi3b", "--kernel", "elf"],
            1,
            "elf: ",
        ),
        (&["main.wasm", "--kernel", "elf"], 2, "--board"),
        (&["main.wasm", "--size", "100M"], 1, "power of two"),
        (&["main.wasm", "--size", "big"], 1, "big is no size"),
        (
            &["main.wasm", "--settings", "bad.toml"],
            1,
            "bad.toml: line 2: there is no setting programm",
        ),
        (&["missing.wasm"], 1, "missing.wasm"),
    ];
    for (args, status, words) in cases {
        image(here.path(), &[&["-o", "sd.img"], args].concat())
            .ends_with(status)
            .says(&[words]);
    }
}
