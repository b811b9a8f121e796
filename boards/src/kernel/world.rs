//! The environment of the program: arguments, variables, directories, the console.
//!
//! The program sees the folders of the volume that `wasi.toml` names, or all of the volume if it names none. It also has
//! `/tmp`, a RAM disk, and `/dev` with the devices of [`Devices`]. A folder of that name in the volume takes precedence
//! over both.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use board_settings::{Settings, TMP, Tmp, boot_files};
use wasi_shim::{
    FileSystem, Grant, Node, RamFs, WasiBuilder, devices::Devices, fat::FatFs, mounts::Place,
    protected::Protected, types::FileType,
};

use super::{host, memory, mounted, random::Random, terminal::Terminal, time, volume};

/// A folder of the volume and the name under which the program sees it.
type Folder = (String, Node);

/// Builds the environment, except for the variable `PWD`, which depends on the module.
///
/// The volume is passed to the program, and is unmounted when the environment is dropped. The error names the wrong
/// setting.
pub(super) fn build(
    mut fs: FatFs,
    settings: &Settings,
    program: &str,
    mut random: Random,
) -> Result<WasiBuilder, String> {
    let folders = folders(&mut fs, settings)?;
    let tmp = match settings.tmp {
        Tmp::Size(size) => Some(size),
        Tmp::Off => None,
        Tmp::Usual => (!has(&mut fs, &folders, "tmp")).then_some(TMP),
    };
    let has_root = folders.iter().any(|(guest, _)| is(guest, ""));
    let has_dev = has(&mut fs, &folders, "dev");
    let mut builder = WasiBuilder::new();
    let numbers = Box::new(random.fork());
    builder
        .clock(host::Clocks)
        .random(random)
        .poller(host::Wait);
    builder.arg(program);
    for arg in &settings.args {
        builder.arg(arg);
    }
    for (name, value) in &settings.env {
        builder.env(name, value);
    }
    builder
        .stdin(Box::new(Terminal))
        .stdout(Box::new(Terminal))
        .stderr(Box::new(Terminal));
    let root = fs.root();
    let fs = mounted::share(fs);
    let fs: Box<dyn FileSystem> = match settings.write_boot_files {
        true => Box::new(fs),
        false => Box::new(
            Protected::new(fs, root, boot_files::is_boot_file)
                .map_err(|errno| format!("cannot list the volume: {errno}"))?,
        ),
    };
    let fs = builder.file_system(fs);
    for (guest, node) in folders {
        builder.dir(Grant { guest, host: None }, Place { fs, node });
    }
    if let Some(size) = tmp {
        let mut ram = RamFs::new(size, Box::new(time::wall));
        ram.set_room(memory::beyond_reserve);
        let node = ram.root();
        mount(&mut builder, "/tmp", Box::new(ram), node);
    }
    if !has_root {
        builder.devices(numbers);
    } else if !has_dev {
        let devices = Box::new(Devices::new(numbers));
        mount(&mut builder, "/dev", devices, Devices::ROOT);
    }
    Ok(builder)
}

/// Mounts a file system under a name.
fn mount(builder: &mut WasiBuilder, name: &str, fs: Box<dyn FileSystem>, node: Node) {
    let (guest, host) = (name.to_string(), None);
    let fs = builder.file_system(fs);
    builder.dir(Grant { guest, host }, Place { fs, node });
}

/// The folders of the volume that the program sees.
fn folders(fs: &mut FatFs, settings: &Settings) -> Result<Vec<Folder>, String> {
    let whole = ["/".to_string()];
    let mut folders = Vec::new();
    for dir in settings.dirs.as_deref().unwrap_or(&whole) {
        let (path, guest) = dir.split_once("::").unwrap_or((dir, dir));
        let node = volume::find(fs, path).map_err(|errno| format!("dirs: {path}: {errno}"))?;
        let node = node.ok_or_else(|| format!("dirs: {path} is not on the volume"))?;
        if !is_folder(fs, node) {
            return Err(format!("dirs: {path} is a file, not a folder"));
        }
        folders.push((guest.to_string(), node));
    }
    Ok(folders)
}

fn is_folder(fs: &mut FatFs, node: Node) -> bool {
    fs.stat(node)
        .is_ok_and(|stat| stat.kind == FileType::Directory)
}

/// Returns whether a folder has this name in the root. The empty name is the root.
fn is(guest: &str, name: &str) -> bool {
    guest.trim_matches('/') == name
}

/// Returns whether the volume provides a folder with this name in the program's root: as a folder of its own, or in the
/// folder that is granted as `/`.
fn has(fs: &mut FatFs, folders: &[Folder], name: &str) -> bool {
    if folders.iter().any(|(guest, _)| is(guest, name)) {
        return true;
    }
    let Some((_, root)) = folders.iter().find(|(guest, _)| is(guest, "")) else {
        return false;
    };
    let Ok(found) = fs.lookup(*root, name) else {
        return false;
    };
    fs.forget(found.node);
    found.kind == FileType::Directory
}
