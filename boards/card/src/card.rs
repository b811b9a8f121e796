//! From the arguments of a command to the image of a card, after a check of all its contents.

use std::path::Path;

use board_settings as settings;

use crate::contents::Contents;
use crate::error::CardError;
use crate::image::Image;
use crate::program::{self, Validate};
use crate::table::Entry;
use crate::{firmware, regular_file};

/// Checks the contents of a card, and then writes its image. `progress` receives the number of bytes of files that were written, and
/// their total.
///
/// `board` adds the files of its firmware: `kernel` (an ELF file, or the flat image made from one) under the name that the
/// firmware expects, and its configuration. `validate` returns whether the functions of a module are valid.
///
/// # Errors
/// Fails if a file cannot be read or does not fit, if the settings or an argument are wrong, or if the image cannot be
/// written.
pub fn write(
    board: Option<&Entry>,
    kernel: Option<&Path>,
    contents: &Contents,
    to: &Path,
    validate: Validate<'_>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), CardError> {
    let mut image = Image::for_output(to);
    if let Some(board) = board {
        firmware::add(&mut image, board, kernel)?;
    }
    if contents.u_boot {
        firmware::add_u_boot(&mut image, board, kernel)?;
    }
    fill(&mut image, contents, validate)?;
    let size = match &contents.size {
        Some(text) => settings::size(text)
            .ok_or_else(|| CardError::Argument(format!("{text} is no size; write 128M")))?,
        None => image.usual_size(),
    };
    Ok(image.write(to, size, progress)?)
}

/// Adds the program, files and settings to an image, and checks that a kernel can run it.
fn fill(image: &mut Image, contents: &Contents, validate: Validate<'_>) -> Result<(), CardError> {
    let refused = |why| CardError::Program(contents.program.clone(), why);
    let name = name_of(&contents.program)?;
    regular_file::read(&contents.program)
        .and_then(|bytes| program::check(&bytes, validate))
        .map_err(refused)?;
    image.copy(name, &contents.program)?;
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
            let bytes = regular_file::read(path).map_err(failed)?;
            image.bytes(settings::FILE, bytes)?;
            Some(path.clone())
        }
        None => image
            .contains(settings::FILE)
            .then(|| settings::FILE.into()),
    };
    let Some(own) = own else {
        let text = contents.settings_text(name)?;
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
        .and_then(|settings| program::check_settings(&settings, image, validate))
        .map_err(|why| CardError::Settings(own, why))
}

/// For [`write()`] without an interpreter: a kernel validates each function before it first runs.
///
/// # Errors
/// None.
pub fn no_validation(_module: &[u8]) -> Result<(), String> {
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::{CardError, no_validation, write};
    use crate::{contents::Contents, table::table};

    #[test]
    fn a_board_whose_firmware_wants_a_kernel_gets_none_without() {
        let (pi, contents) = (&table()["raspi3b"], Contents::default());
        let to = "/dev/null".as_ref();
        let progress = &mut |_, _| {};
        let result = write(Some(pi), None, &contents, to, &no_validation, progress);
        assert!(matches!(result, Err(CardError::NoKernel(name)) if name == "kernel8.img"));
    }
}
