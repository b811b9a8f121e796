//! The files that a board boots from: the kernel at the place where firmware or U-Boot expects it.

use std::path::Path;

use crate::error::CardError;
use crate::image::Image;
use crate::table::Entry;
use crate::{flat, kernel, regular_file};

/// Adds the files of a board's firmware: the kernel under the name that the firmware expects, and its configuration.
pub(crate) fn add(
    image: &mut Image,
    board: &Entry,
    kernel: Option<&Path>,
) -> Result<(), CardError> {
    if let Some(name) = &board.firmware_name {
        let path = kernel.ok_or_else(|| CardError::NoKernel(name.clone()))?;
        image.bytes(name, flat_kernel(board, path)?)?;
    }
    if let Some(config) = &board.firmware_config {
        image.bytes("config.txt", config.clone().into_bytes())?;
    }
    Ok(())
}

/// The kernel's file on a card for U-Boot, and the file through which U-Boot finds it.
const U_BOOT_KERNEL: &str = "wasi-kernel.img";
const U_BOOT_MENU: &str = "extlinux/extlinux.conf";

/// The file of U-Boot's standard boot: a menu with one entry that starts at once. U-Boot provides the device tree.
pub(crate) fn add_u_boot(
    image: &mut Image,
    board: Option<&Entry>,
    kernel: Option<&Path>,
) -> Result<(), CardError> {
    let (Some(board), Some(path)) = (board, kernel) else {
        let what = "--u-boot puts a kernel onto the card: say which with --board and --kernel";
        return Err(CardError::Argument(what.to_owned()));
    };
    image.bytes(U_BOOT_KERNEL, flat_kernel(board, path)?)?;
    let menu = format!(
        "default program\nprompt 0\ntimeout 1\n\nlabel program\n\tkernel /{U_BOOT_KERNEL}\n"
    );
    Ok(image.bytes(U_BOOT_MENU, menu.into_bytes())?)
}

/// Reads a kernel, checks that it is this board's, and removes its ELF header.
fn flat_kernel(board: &Entry, path: &Path) -> Result<Vec<u8>, CardError> {
    let failed = |why| CardError::Kernel(path.to_owned(), why);
    let bytes = regular_file::read(path).map_err(failed)?;
    kernel::check(&bytes, board).map_err(failed)?;
    flat::flat(bytes, board.load_address).map_err(failed)
}

/// The instructions for copying the image to a real card.
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
