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
    fs::write(path.join("kernel.bin"), KERNEL).expect("a fresh folder");
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

/// Every refusal explains what to do, happens before anything is written, and leaves an existing image unchanged.
#[test]
fn refusals() {
    let here = folder();
    let path = here.path();
    let put = |name: &str, bytes: &[u8]| fs::write(path.join(name), bytes).expect("a fresh folder");
    fs::copy(filecopy(), path.join("main.wasm")).expect("the program is in the repository");
    fs::copy(filecopy(), path.join("other.wasm")).expect("the program is in the repository");
    put("sd.img", b"a good image");
    put("bad.toml", b"args = []\nprogramm = \"x\"\n");
    put("latin.toml", b"args = [\"\xe4\"]\n");
    put("own.toml", b"args = [\"x\"]\n");
    put("dirs.toml", b"dirs = [\"/main.wasm\"]\n");
    put("absent.toml", b"dirs = [\"/data\"]\n");
    put("missing.toml", b"program = \"missing.wasm\"\n");
    put("text.toml", b"program = \"text\"\n");
    put("elf", b"\x7fELF");
    put("text", b"some text");
    put("library.wasm", LIBRARY);
    put(
        "gojs.wasm",
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x0a\x01\x04gojs\x01f\0\0",
    );
    put("pi2", b"\0wasi-interp kernel: raspi2b\n");
    put(
        "cut.wasm",
        &fs::read(filecopy()).expect("it is there")[..1000],
    );
    for (folder, name, text) in [
        ("settings", "WASI.TOML", "args = [\"x\"]\n"),
        ("wrong", "wasi.toml", "args = 1\n"),
        ("same", "MAIN.WASM", "another file"),
        ("inside", "a", "text"),
    ] {
        fs::create_dir(path.join(folder)).expect("a fresh folder");
        put(&format!("{folder}/{name}"), text.as_bytes());
    }
    let pi = ["--board", "raspi3b", "--kernel"];
    let with_pi = |kernel| ["main.wasm", pi[0], pi[1], pi[2], kernel];
    let mut cases: Vec<(Vec<&str>, i32, &str)> = vec![
        (
            vec!["main.wasm", "--board", "raspi3b"],
            1,
            "as kernel8.img: say which with --kernel",
        ),
        (
            vec!["main.wasm", "--board", "raspi9"],
            1,
            "there is no board raspi9; there are aarch64-virt,",
        ),
        (
            vec!["main.wasm", "--board", "aarch64-virt", "--kernel", "elf"],
            1,
            "leave out --kernel",
        ),
        (with_pi("elf").into(), 1, "elf: "),
        (
            with_pi("main.wasm").into(),
            1,
            "main.wasm: this is no kernel of wasi-interp",
        ),
        (with_pi("text").into(), 1, "text: this is no kernel"),
        (with_pi("pi2").into(), 1, "this is the kernel of raspi2b"),
        (with_pi("inside").into(), 1, "inside: this is a folder"),
        (vec!["main.wasm", "--kernel", "elf"], 2, "--board"),
        (vec!["main.wasm", "--size", "100M"], 1, "power of two"),
        (vec!["main.wasm", "--size", "big"], 1, "big is no size"),
        // The program.
        (vec!["missing.wasm"], 1, "missing.wasm"),
        (vec!["text"], 1, "text: "),
        (vec!["elf"], 1, "elf: "),
        (vec!["inside"], 1, "inside: this is a folder"),
        (
            vec!["library.wasm"],
            1,
            "library.wasm: this module exports no _start",
        ),
        (vec!["gojs.wasm"], 1, "GOOS=wasip1"),
        (vec!["cut.wasm"], 1, "cut.wasm: "),
        // The settings.
        (
            vec!["main.wasm", "--settings", "bad.toml"],
            1,
            "bad.toml: line 2: there is no setting programm",
        ),
        (
            vec!["main.wasm", "--settings", "latin.toml"],
            1,
            "latin.toml: this is not UTF-8",
        ),
        (
            vec!["main.wasm", "--settings", "missing.toml"],
            1,
            "missing.wasm is not in the image",
        ),
        (
            vec!["main.wasm", "text", "--settings", "text.toml"],
            1,
            "text.toml: program: text: ",
        ),
        (
            vec!["main.wasm", "other.wasm", "--settings", "own.toml"],
            1,
            "which program?",
        ),
        (
            vec!["main.wasm", "--settings", "dirs.toml"],
            1,
            "dirs: /main.wasm is a file, not a folder",
        ),
        (
            vec!["main.wasm", "--settings", "absent.toml"],
            1,
            "dirs: /data is not in the image",
        ),
        (
            vec!["main.wasm", "--settings", "inside"],
            1,
            "inside: this is a folder",
        ),
        (
            vec!["main.wasm", "--dir", "wrong"],
            1,
            "wasi.toml: line 1: args is a list of texts",
        ),
        (
            vec!["main.wasm", "--settings", "own.toml", "--", "-v"],
            1,
            "write them there",
        ),
        (
            vec!["main.wasm", "--settings", "own.toml", "--env", "A=b"],
            1,
            "write them there",
        ),
        (
            vec!["main.wasm", "--dir", "settings", "--", "-v"],
            1,
            "wasi.toml sets how the program is run",
        ),
        (
            vec!["main.wasm", "--dir", "settings", "--env", "A=b"],
            1,
            "write them there",
        ),
        (
            vec!["main.wasm", "--dir", "wrong", "--settings", "own.toml"],
            1,
            "two files are to be wasi.toml",
        ),
        (vec!["main.wasm", "--env", "=b"], 1, "with a name"),
        // Files and folders.
        (
            vec!["main.wasm", "--dir", "same"],
            1,
            "are one name on a FAT volume",
        ),
        (
            vec!["main.wasm", "inside"],
            1,
            "inside is a folder: write --dir inside",
        ),
        (
            vec!["main.wasm", "--dir", "text"],
            1,
            "text is a file; name it without --dir",
        ),
        (
            vec!["main.wasm", "--dir", "inside::../up"],
            1,
            "it means another folder",
        ),
        (
            vec!["main.wasm", "--dir", "inside::a?"],
            1,
            "cannot be a name on a FAT volume",
        ),
        (
            vec!["main.wasm", "--dir", "inside::main.wasm"],
            1,
            "two files are to be main.wasm",
        ),
        (
            vec!["main.wasm", "sd.img"],
            1,
            "sd.img: this is the image itself",
        ),
        (vec!["main.wasm", "/dev/null"], 1, "/dev/null: "),
    ];
    let mut outputs = vec![(vec!["-o", "inside"], "this is a folder")];
    if cfg!(unix) {
        unusual_files(path);
        cases.extend([
            (vec!["pipe"], 1, "pipe: this is a pipe"),
            (with_pi("pipe").into(), 1, "pipe: this is a pipe"),
            (vec!["main.wasm", "pipe"], 1, "pipe: this is a pipe"),
            (
                vec!["main.wasm", "--settings", "pipe"],
                1,
                "pipe: this is a pipe",
            ),
            (
                vec!["main.wasm", "--dir", "pipes"],
                1,
                "pipes/inner: this is a pipe",
            ),
            (
                vec!["main.wasm", "--dir", "loop"],
                1,
                "this link leads to a folder that the link lies in",
            ),
            (
                vec!["main.wasm", "--dir", "latin"],
                1,
                "this name is not UTF-8",
            ),
            (
                vec!["main.wasm", "--dir", "windows"],
                1,
                "it ends in a dot or a space",
            ),
        ]);
        outputs.extend([
            (vec!["-o", "pipe"], "this is no file"),
            (vec!["-o", "/dev/null"], "this is no file"),
        ]);
    }
    let listing = || {
        let names = fs::read_dir(path).expect("it is there");
        let mut names: Vec<_> = names
            .map(|entry| entry.expect("it is there").file_name())
            .collect();
        names.sort();
        names
    };
    let before = listing();
    for (args, status, words) in cases {
        image(path, &[&["-o", "sd.img"], &args[..]].concat())
            .ends_with(status)
            .says(&[words]);
        let left = fs::read(path.join("sd.img")).expect("it is there");
        assert!(left == b"a good image", "{args:?} changed the image");
        assert_eq!(listing(), before, "{args:?} left a file");
    }
    for (output, words) in outputs {
        image(path, &[&output[..], &["main.wasm"]].concat())
            .ends_with(1)
            .says(&[words]);
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
    fs::copy(filecopy(), path.join("main.wasm")).expect("the program is in the repository");
    fs::write(path.join("kernel8.img"), KERNEL).expect("a fresh folder");
    fs::write(path.join("wasi.toml"), "args = [\"x\"]\n").expect("a fresh folder");
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
