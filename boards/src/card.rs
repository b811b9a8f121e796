//! What goes on a card: the program, files, settings, and what a board's firmware wants.
//!
//! `cargo xtask board image` and `wasi-interp image` are this file with two ways to come by a kernel.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::bootable;
use crate::flat;
use crate::image::{Image, ImageError};
use crate::settings;
use crate::table::Entry;

/// What its user puts on a card.
#[derive(Args, Clone, Debug, Default)]
pub struct Contents {
    /// The program, a WASI module
    pub program: PathBuf,
    /// Files that go into the root of the volume
    pub files: Vec<PathBuf>,
    /// Put a folder's contents into the root of the volume, or into the folder GUEST of it
    #[arg(long, value_name = "HOST[::GUEST]")]
    pub dir: Vec<String>,
    /// The settings (wasi.toml), instead of the ones that follow from the arguments
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// An environment variable of the program
    #[arg(long, value_name = "NAME=VALUE")]
    pub env: Vec<String>,
    /// Put the kernel onto the card so that U-Boot starts it by itself (extlinux/extlinux.conf)
    #[arg(long)]
    pub u_boot: bool,
    /// Size of the image, a power of two [default: 128M, or more if the files want it]
    #[arg(long)]
    pub size: Option<String>,
    /// Arguments of the program
    #[arg(last = true)]
    pub args: Vec<String>,
}

/// Why there is no card.
#[derive(Debug)]
pub enum CardError {
    /// The image cannot be made.
    Image(ImageError),
    /// The kernel cannot be read.
    Kernel(PathBuf, String),
    /// This board's firmware loads the kernel from the card, and none was given.
    NoKernel(String),
    /// The settings cannot be read, or they are wrong.
    Settings(PathBuf, String),
    /// The program cannot be run on a board.
    Program(PathBuf, String),
    /// An argument is wrong.
    Argument(String),
}

impl std::fmt::Display for CardError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Image(error) => write!(f, "{error}"),
            Self::Kernel(path, why) | Self::Settings(path, why) | Self::Program(path, why) => {
                write!(f, "{}: {why}", path.display())
            }
            Self::NoKernel(name) => write!(
                f,
                "this board loads its kernel from the card, as {name}: say which with --kernel"
            ),
            Self::Argument(what) => write!(f, "{what}"),
        }
    }
}

impl std::error::Error for CardError {}

impl From<ImageError> for CardError {
    fn from(error: ImageError) -> Self {
        Self::Image(error)
    }
}

/// Writes the image of a card, after everything that goes onto it was checked. A percentage on standard error tells how far it is, if that is a terminal.
///
/// `board` adds what its firmware wants: `kernel` (an ELF file, or the flat image made from one) under the name that it
/// looks for, and its configuration.
///
/// # Errors
/// A file cannot be read or does not fit, the settings or an argument are wrong, or the image cannot be written.
pub fn write(
    board: Option<&Entry>,
    kernel: Option<&Path>,
    contents: &Contents,
    to: &Path,
) -> Result<(), CardError> {
    let mut image = Image::for_output(to);
    if let Some(board) = board {
        firmware(&mut image, board, kernel)?;
    }
    if contents.u_boot {
        u_boot(&mut image, board, kernel)?;
    }
    fill(&mut image, contents)?;
    let size = match &contents.size {
        Some(text) => settings::size(text)
            .ok_or_else(|| CardError::Argument(format!("{text} is no size; write 128M")))?,
        None => image.usual_size(),
    };
    let mut percent = 0;
    image.write(to, size, |done, all| {
        let now = done * 100 / all.max(1);
        if now != percent && std::io::stderr().is_terminal() {
            percent = now;
            eprint!("\rwriting the image: {percent} %\x1b[K{}", ending(percent));
        }
    })?;
    Ok(())
}

/// Puts the program, files and settings into an image, and checks that a kernel can run it.
fn fill(image: &mut Image, contents: &Contents) -> Result<(), CardError> {
    let refused = |why| CardError::Program(contents.program.clone(), why);
    let program = name_of(&contents.program)?;
    bootable::read(&contents.program)
        .and_then(bootable::module)
        .map_err(refused)?;
    image.copy(program, &contents.program)?;
    for file in &contents.files {
        if file.is_dir() {
            let what = format!("{0} is a folder: write --dir {0}", file.display());
            return Err(CardError::Argument(what));
        }
        image.copy(name_of(file)?, file)?;
    }
    for dir in &contents.dir {
        let (host, guest) = dir.split_once("::").unwrap_or((dir, ""));
        if Path::new(host).is_file() {
            let what = format!("--dir {dir}: {host} is a file; name it without --dir");
            return Err(CardError::Argument(what));
        }
        image.copy(guest.trim_matches('/'), Path::new(host))?;
    }
    let own = match &contents.settings {
        Some(path) => {
            let failed = |why| CardError::Settings(path.clone(), why);
            let bytes = bootable::read(path).map_err(failed)?;
            image.bytes(settings::FILE, bytes)?;
            Some(path.clone())
        }
        None => image
            .contains(settings::FILE)
            .then(|| settings::FILE.into()),
    };
    let Some(own) = own else {
        let text = from_arguments(program, contents)?;
        return Ok(image.bytes(settings::FILE, text.into_bytes())?);
    };
    if !contents.args.is_empty() || !contents.env.is_empty() {
        return Err(CardError::Argument(format!(
            "{} sets how the program is run, so arguments and --env would have no effect: write them there, as args and env",
            own.display()
        )));
    }
    let text = image.read(settings::FILE);
    let text = text.map(|read| read.map_err(|error| error.to_string()));
    text.unwrap_or_else(|| Err("this is a folder, not a file".to_owned()))
        .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "this is not UTF-8".to_owned()))
        .and_then(|text| settings::parse(&text))
        .and_then(|settings| bootable::settings(&settings, image))
        .map_err(|why| CardError::Settings(own, why))
}

fn firmware(image: &mut Image, board: &Entry, kernel: Option<&Path>) -> Result<(), CardError> {
    if let Some(name) = &board.firmware_name {
        let path = kernel.ok_or_else(|| CardError::NoKernel(name.clone()))?;
        let failed = |why| CardError::Kernel(path.to_owned(), why);
        let kernel = bootable::read(path).map_err(failed)?;
        bootable::kernel(&kernel, board).map_err(failed)?;
        let kernel = flat::flat(kernel, board.load_address).map_err(failed)?;
        image.bytes(name, kernel)?;
    }
    if let Some(config) = &board.firmware_config {
        image.bytes("config.txt", config.clone().into_bytes())?;
    }
    Ok(())
}

/// The kernel's file on a card for U-Boot, and the file by which U-Boot finds it.
const U_BOOT_KERNEL: &str = "wasi-kernel.img";
const U_BOOT_MENU: &str = "extlinux/extlinux.conf";

/// What U-Boot's standard boot reads: a menu of one entry that starts at once. The device tree is U-Boot's own.
fn u_boot(
    image: &mut Image,
    board: Option<&Entry>,
    kernel: Option<&Path>,
) -> Result<(), CardError> {
    let (Some(board), Some(path)) = (board, kernel) else {
        let what = "--u-boot puts a kernel onto the card: say which with --board and --kernel";
        return Err(CardError::Argument(what.to_owned()));
    };
    let failed = |why| CardError::Kernel(path.to_owned(), why);
    let kernel = bootable::read(path).map_err(failed)?;
    bootable::kernel(&kernel, board).map_err(failed)?;
    let kernel = flat::flat(kernel, board.load_address).map_err(failed)?;
    image.bytes(U_BOOT_KERNEL, kernel)?;
    let menu = format!(
        "default program\nprompt 0\ntimeout 1\n\nlabel program\n\tkernel /{U_BOOT_KERNEL}\n"
    );
    Ok(image.bytes(U_BOOT_MENU, menu.into_bytes())?)
}

/// The progress line is removed when it is complete.
fn ending(percent: u64) -> &'static str {
    if percent == 100 { "\r\x1b[K" } else { "" }
}

/// A `wasi.toml` from the command line.
fn from_arguments(program: &str, contents: &Contents) -> Result<String, CardError> {
    #[derive(Serialize)]
    struct Settings<'a> {
        program: &'a str,
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        args: &'a [String],
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        env: BTreeMap<&'a str, &'a str>,
    }
    let mut env = BTreeMap::new();
    for variable in &contents.env {
        let (name, value) = variable
            .split_once('=')
            .ok_or_else(|| CardError::Argument(format!("--env {variable}: write NAME=VALUE")))?;
        if name.is_empty() || variable.contains('\0') {
            return Err(CardError::Argument(format!(
                "--env {variable}: write NAME=VALUE, with a name and without the character NUL"
            )));
        }
        env.insert(name, value);
    }
    let settings = Settings {
        program,
        args: &contents.args,
        env,
    };
    toml::to_string(&settings).map_err(|error| CardError::Argument(error.to_string()))
}

fn name_of(path: &Path) -> Result<&str, CardError> {
    let name = path
        .file_name()
        .ok_or_else(|| CardError::Argument(format!("{} names no file", path.display())))?;
    name.to_str().ok_or_else(|| {
        CardError::Argument(format!(
            "{}: this name is not UTF-8; rename it",
            path.display()
        ))
    })
}

/// How the image gets onto a real card.
#[must_use]
pub fn instructions(board: Option<&Entry>, image: &Path) -> String {
    let firmware = match board.and_then(|board| board.firmware_name.as_ref()) {
        Some(name) => format!(
            "The kernel is in the image as {name}. A Raspberry Pi also needs its firmware there: copy bootcode.bin,\n\
             start.elf and fixup.dat from the folder boot/ of https://github.com/raspberrypi/firmware.\n"
        ),
        None => String::new(),
    };
    format!(
        "Wrote {image}. To put it on a card (this erases the card; `lsblk` tells its name):\n\
         \n    sudo dd if={image} of=/dev/sdX bs=4M conv=fsync status=progress\n\n{firmware}",
        image = image.display()
    )
}

#[cfg(test)]
mod tests {
    use super::{CardError, Contents, from_arguments, write};
    use crate::{settings, table::table};

    #[test]
    fn arguments_become_settings_that_a_kernel_reads() {
        let contents = Contents {
            args: vec!["-v".into(), "a \"b\"\n".into()],
            env: vec!["A=b=c".into()],
            ..Contents::default()
        };
        let text = from_arguments("main.wasm", &contents).expect("they are right");
        let settings = settings::parse(&text).expect("the kernel reads them");
        assert_eq!(settings.program.as_deref(), Some("main.wasm"));
        assert_eq!(settings.args, contents.args);
        assert_eq!(settings.env["A"], "b=c");
    }

    #[test]
    fn wrong_arguments_are_told() {
        let contents = Contents {
            env: vec!["A".into()],
            ..Contents::default()
        };
        assert!(matches!(
            from_arguments("main.wasm", &contents),
            Err(CardError::Argument(_))
        ));
        let pi = &table()["raspi3b"];
        let result = write(Some(pi), None, &contents, "/dev/null".as_ref());
        assert!(matches!(result, Err(CardError::NoKernel(name)) if name == "kernel8.img"));
    }
}
