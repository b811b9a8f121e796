//! What goes on the card: the program, files, settings, and what a board's firmware wants.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::Path;

use anyhow::{Context, Result, bail};
use boards::image::Image;
use boards::settings;
use boards::table::Entry;
use serde::Serialize;

use super::{Contents, kernel};

/// `wasi.toml`, as the arguments of the command line make it.
#[derive(Serialize)]
struct Settings<'a> {
    program: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    args: &'a [String],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    env: BTreeMap<&'a str, &'a str>,
}

/// Writes an image.
pub(super) fn write(entry: &Entry, kernel: &Path, contents: &Contents, to: &Path) -> Result<()> {
    let mut image = Image::new();
    if let Some(name) = &entry.firmware_name {
        image.bytes(name, kernel::flat(kernel, entry)?)?;
    }
    if let Some(config) = &entry.firmware_config {
        image.bytes("config.txt", config.clone().into_bytes())?;
    }
    let program = name_of(&contents.program)?;
    image.copy(program, &contents.program)?;
    for file in &contents.files {
        image.copy(name_of(file)?, file)?;
    }
    for dir in &contents.dir {
        let (host, guest) = dir.split_once("::").unwrap_or((dir, ""));
        image.copy(guest.trim_matches('/'), Path::new(host))?;
    }
    match &contents.settings {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            settings::parse(&text)
                .map_err(anyhow::Error::msg)
                .with_context(|| path.display().to_string())?;
            image.bytes(settings::FILE, text.into_bytes())?;
        }
        None if image.contains(settings::FILE) => {}
        None => {
            let text = settings(program, &contents.args, &contents.env)?;
            image.bytes(settings::FILE, text.into_bytes())?;
        }
    }
    let size = match &contents.size {
        Some(text) => {
            settings::size(text).with_context(|| format!("{text} is no size; write 128M"))?
        }
        None => image.usual_size(),
    };
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut percent = 0;
    image
        .write(to, size, |done, all| {
            let now = done * 100 / all.max(1);
            if now != percent && std::io::stderr().is_terminal() {
                percent = now;
                eprint!("\rwriting the image: {percent} %\x1b[K{}", ending(percent));
            }
        })
        .with_context(|| format!("cannot write {}", to.display()))
}

/// The progress line is removed when it is complete.
fn ending(percent: u64) -> &'static str {
    if percent == 100 { "\r\x1b[K" } else { "" }
}

fn settings(program: &str, args: &[String], env: &[String]) -> Result<String> {
    let mut variables = BTreeMap::new();
    for variable in env {
        match variable.split_once('=') {
            Some((name, value)) => variables.insert(name, value),
            None => bail!("--env {variable}: write NAME=VALUE"),
        };
    }
    let settings = Settings {
        program,
        args,
        env: variables,
    };
    Ok(toml::to_string(&settings)?)
}

fn name_of(path: &Path) -> Result<&str> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.with_context(|| format!("{} has no name that FAT can hold", path.display()))
}

/// How the image gets onto a real card.
pub(super) fn instructions(entry: &Entry, image: &Path) -> String {
    let firmware = match &entry.firmware_name {
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
