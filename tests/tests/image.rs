//! `wasi-interp image`: the contents of a card, read back from it.

use std::fs;
use std::path::Path;

use tests::same::folder;
use tests::tools::repository;
use tests::{Run, wasi_interp};

/// A program that copies a file.
fn filecopy() -> std::path::PathBuf {
    repository().join("tests/guests/filecopy/main.wasm")
}

/// A flat kernel of a Raspberry Pi 3. It contains the mark by which kernels are recognised.
const KERNEL: &[u8] = b"a flat kernel\0wasi-interp kernel: raspi3b\n";

/// `(module)`
const LIBRARY: &[u8] = b"\0asm\x01\0\0\0";

/// Writes a file, and makes the folders on the way.
fn put(here: &Path, name: &str, bytes: &[u8]) {
    let path = here.join(name);
    fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a fresh folder");
    fs::write(path, bytes).expect("a fresh folder");
}

/// Copies the program into a folder, as `main.wasm`.
fn put_program(here: &Path) {
    fs::copy(filecopy(), here.join("main.wasm")).expect("the program is in the repository");
}

fn image(here: &Path, args: &[&str]) -> Run {
    let mut command = wasi_interp(here);
    command.env("SOURCE_DATE_EPOCH", "1700000000");
    Run::of(command.arg("image").args(args))
}

/// A file of an image, as a program on the board reads it.
fn read_back(here: &Path, image: &str, name: &str) -> Vec<u8> {
    let mut command = wasi_interp(here);
    command
        .args(["--fat", &format!("{image}::/card"), "--dir", ".::/here"])
        .arg(filecopy())
        .args([&format!("/card/{name}"), "/here/copy"]);
    Run::of(&mut command).ends_with(0);
    fs::read(here.join("copy")).expect("the copy exists")
}

/// The kernel under the firmware's name, the program, files and folders, and settings made from the arguments.
#[test]
fn a_card_for_a_raspberry_pi() {
    let here = folder();
    let path = here.path();
    put(path, "kernel.bin", KERNEL);
    put(path, "data.txt", b"data");
    put(path, "folder/inner/Größe.txt", b"more");
    put_program(path);
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

    assert_eq!(read_back(path, "sd.img", "kernel8.img"), KERNEL);
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

/// Without a board, the image contains the program and settings. This is for boards that load their kernel in another way.
#[test]
fn a_disk_without_a_kernel() {
    let here = folder();
    put_program(here.path());
    put(here.path(), "own.toml", b"args = [\"x\"]\n");
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

/// Arguments, and the words of the refusal. `PI` stands for `main.wasm --board raspi3b --kernel`.
const REFUSED: [(&str, &str); 40] = [
    // The kernel.
    (
        "main.wasm --board raspi3b",
        "as kernel8.img: say which with --kernel",
    ),
    (
        "main.wasm --board raspi9",
        "there is no board raspi9; there are aarch64-virt,",
    ),
    (
        "main.wasm --board aarch64-virt --kernel elf",
        "leave out --kernel",
    ),
    ("PI elf", "elf: "),
    (
        "PI main.wasm",
        "main.wasm: this is no kernel of wasi-interp",
    ),
    ("PI text", "text: this is no kernel"),
    ("PI pi2", "this is the kernel of raspi2b"),
    ("PI inside", "inside: this is a folder"),
    ("main.wasm --size 100M", "power of two"),
    ("main.wasm --size big", "big is no size"),
    // The program.
    ("missing.wasm", "missing.wasm"),
    ("text", "text: "),
    ("elf", "elf: "),
    ("inside", "inside: this is a folder"),
    (
        "library.wasm",
        "library.wasm: this module exports no _start",
    ),
    ("gojs.wasm", "GOOS=wasip1"),
    ("cut.wasm", "cut.wasm: "),
    ("invalid.wasm", "invalid.wasm: type mismatch"),
    // The settings.
    (
        "main.wasm --settings bad.toml",
        "bad.toml: line 2: there is no setting programm",
    ),
    (
        "main.wasm --settings latin.toml",
        "latin.toml: this is not UTF-8",
    ),
    (
        "main.wasm --settings missing.toml",
        "missing.wasm is not in the image",
    ),
    (
        "main.wasm text --settings text.toml",
        "text.toml: program: text: ",
    ),
    ("main.wasm other.wasm --settings own.toml", "which program?"),
    (
        "main.wasm --settings dirs.toml",
        "dirs: /main.wasm is a file, not a folder",
    ),
    (
        "main.wasm --settings absent.toml",
        "dirs: /data is not in the image",
    ),
    ("main.wasm --settings inside", "inside: this is a folder"),
    (
        "main.wasm --dir wrong",
        "wasi.toml: line 1: args is a list of texts",
    ),
    ("main.wasm --settings own.toml -- -v", "write them there"),
    (
        "main.wasm --settings own.toml --env A=b",
        "write them there",
    ),
    (
        "main.wasm --dir settings -- -v",
        "wasi.toml sets how the program is run",
    ),
    ("main.wasm --dir settings --env A=b", "write them there"),
    (
        "main.wasm --dir wrong --settings own.toml",
        "two files are to be wasi.toml",
    ),
    ("main.wasm --env =b", "with a name"),
    // Files and folders.
    ("main.wasm --dir same", "are one name on a FAT volume"),
    ("main.wasm inside", "inside is a folder: write --dir inside"),
    (
        "main.wasm --dir text",
        "text is a file; name it without --dir",
    ),
    ("main.wasm --dir inside::../up", "it means another folder"),
    (
        "main.wasm --dir inside::a?",
        "cannot be a name on a FAT volume",
    ),
    (
        "main.wasm --dir inside::main.wasm",
        "two files are to be main.wasm",
    ),
    ("main.wasm sd.img", "sd.img: this is the image itself"),
];

/// The same for files that only Unix has.
#[cfg(unix)]
const REFUSED_ON_UNIX: &[(&str, &str)] = &[
    ("main.wasm /dev/null", "/dev/null: "),
    ("pipe", "pipe: this is a pipe"),
    ("PI pipe", "pipe: this is a pipe"),
    ("main.wasm pipe", "pipe: this is a pipe"),
    ("main.wasm --settings pipe", "pipe: this is a pipe"),
    ("main.wasm --dir pipes", "pipes/inner: this is a pipe"),
    (
        "main.wasm --dir loop",
        "this link leads to a folder that the link lies in",
    ),
    ("main.wasm --dir latin", "this name is not UTF-8"),
    ("main.wasm --dir windows", "it ends in a dot or a space"),
];
#[cfg(not(unix))]
const REFUSED_ON_UNIX: &[(&str, &str)] = &[];

/// Files by their names, and folders with a file each.
const FILES: [(&str, &[u8]); 17] = [
    ("sd.img", b"a good image"),
    ("bad.toml", b"args = []\nprogramm = \"x\"\n"),
    ("latin.toml", b"args = [\"\xe4\"]\n"),
    ("own.toml", b"args = [\"x\"]\n"),
    ("dirs.toml", b"dirs = [\"/main.wasm\"]\n"),
    ("absent.toml", b"dirs = [\"/data\"]\n"),
    ("missing.toml", b"program = \"missing.wasm\"\n"),
    ("text.toml", b"program = \"text\"\n"),
    ("elf", b"\x7fELF"),
    ("text", b"some text"),
    ("library.wasm", LIBRARY),
    ("gojs.wasm", b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x0a\x01\x04gojs\x01f\0\0"),
    // `(func (export "_start") (result i32))`: it leaves no result.
    (
        "invalid.wasm",
        b"\0asm\x01\0\0\0\x01\x05\x01\x60\0\x01\x7f\x03\x02\x01\0\x07\x0a\x01\x06_start\0\0\x0a\x04\x01\x02\0\x0b",
    ),
    ("settings/WASI.TOML", b"args = [\"x\"]\n"),
    ("wrong/wasi.toml", b"args = 1\n"),
    ("same/MAIN.WASM", b"another file"),
    ("inside/a", b"text"),
];

/// Every refusal explains what to do, happens before anything is written, and leaves an existing image unchanged.
#[test]
fn refusals() {
    let here = folder();
    let path = here.path();
    for (name, bytes) in FILES {
        put(path, name, bytes);
    }
    let program = fs::read(filecopy()).expect("the program is in the repository");
    put(path, "main.wasm", &program);
    put(path, "other.wasm", &program);
    put(path, "cut.wasm", &program[..1000]);
    put(path, "pi2", b"\0wasi-interp kernel: raspi2b\n");
    unusual_files(path);
    let listing = || {
        let names = fs::read_dir(path).expect("it is there");
        let mut names: Vec<_> = names
            .map(|entry| entry.expect("it is there").file_name())
            .collect();
        names.sort();
        names
    };
    let before = listing();
    for (args, words) in REFUSED.iter().chain(REFUSED_ON_UNIX) {
        let all = format!("-o sd.img {args}").replace("PI", "main.wasm --board raspi3b --kernel");
        let all: Vec<_> = all.split(' ').collect();
        image(path, &all).ends_with(1).says(&[words]);
        let left = fs::read(path.join("sd.img")).expect("it is there");
        assert!(left == b"a good image", "{args} changed the image");
        assert_eq!(listing(), before, "{args} left a file");
    }
    let usage = image(path, &["-o", "sd.img", "main.wasm", "--kernel", "elf"]);
    usage.ends_with(2).says(&["--board"]);
    let outputs = [
        ("inside", "this is a folder"),
        ("pipe", "this is no file"),
        ("/dev/null", "this is no file"),
    ];
    for (output, words) in &outputs[..if cfg!(unix) { 3 } else { 1 }] {
        let written = image(path, &["-o", output, "main.wasm"]);
        written.ends_with(1).says(&[words]);
    }
}

/// Special files, and names that FAT does not support.
#[cfg(unix)]
fn unusual_files(path: &Path) {
    use std::os::unix::ffi::OsStrExt;

    let pipe = |name: &str| {
        let made = std::process::Command::new("mkfifo")
            .arg(path.join(name))
            .status();
        assert!(made.expect("mkfifo is there").success());
    };
    for folder in ["pipes", "loop", "latin", "windows"] {
        fs::create_dir(path.join(folder)).expect("a fresh folder");
    }
    pipe("pipe");
    pipe("pipes/inner");
    std::os::unix::fs::symlink("../loop", path.join("loop/again")).expect("a fresh folder");
    let latin = std::ffi::OsStr::from_bytes(b"latin/\xe4");
    fs::write(path.join(latin), "").expect("a fresh folder");
    fs::write(path.join("windows/dot."), "").expect("a fresh folder");
}

#[cfg(not(unix))]
fn unusual_files(_: &Path) {}

/// If a folder contains the program, the kernel, the settings and the image, each of them is included once.
#[test]
fn everything_in_one_folder() {
    let here = folder();
    let path = here.path();
    put_program(path);
    put(path, "kernel8.img", KERNEL);
    put(path, "wasi.toml", b"args = [\"x\"]\n");
    let card = [
        "-o",
        "sd.img",
        "--board",
        "raspi3b",
        "--kernel",
        "kernel8.img",
    ];
    let contents = [
        "main.wasm",
        "main.wasm",
        "--dir",
        ".",
        "--settings",
        "wasi.toml",
    ];
    // At the second time, the first image is in the folder.
    for _ in 0..2 {
        image(path, &[&card[..], &contents].concat()).ends_with(0);
    }
    assert_eq!(read_back(path, "sd.img", "wasi.toml"), b"args = [\"x\"]\n");
    assert_eq!(read_back(path, "sd.img", "kernel8.img"), KERNEL);
    let length = fs::metadata(path.join("sd.img"))
        .expect("it was written")
        .len();
    assert_eq!(length, 128 << 20);
}
