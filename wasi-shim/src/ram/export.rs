//! Exports a RAM disk as a tar archive: ustar headers, each preceded by a pax header with the time in nanoseconds and all
//! values that do not fit into a ustar field.
//!
//! Directories precede their contents, and entries are in the order of their creation. The second name of a file is a hard
//! link to the first. The same tree gives the same bytes.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use hashbrown::HashMap;

use super::RamFs;
use super::inode::{Body, Inode};
use super::tar::BLOCK;
use crate::fs::Node;

/// The greatest size that eleven octal digits hold.
const MAX_USTAR_SIZE: u64 = (1 << 33) - 1;

impl RamFs {
    /// Passes the whole tree as a tar archive to `emit`, piece by piece.
    pub fn export_tar(&self, emit: &mut dyn FnMut(&[u8])) {
        let mut export = Export {
            fs: self,
            emit,
            names: HashMap::new(),
        };
        // A stack of the directories to list. It is used instead of recursion, because a tree may be deeper than the native
        // stack.
        let mut rest = alloc::vec![(self.root(), String::new())];
        while let Some((dir, path)) = rest.pop() {
            let first = rest.len();
            let Ok(directory) = self.dir(dir) else {
                continue;
            };
            for (_, name, node) in directory.behind(0) {
                let path = format!("{path}{name}");
                let Ok(inode) = self.inode(node) else {
                    continue;
                };
                export.entry(&path, node, inode);
                if inode.is_dir() {
                    rest.push((node, path + "/"));
                }
            }
            rest[first..].reverse();
        }
        emit(&[0; 2 * BLOCK]);
    }
}

struct Export<'a> {
    fs: &'a RamFs,
    emit: &'a mut dyn FnMut(&[u8]),
    /// The first name of each file that has several.
    names: HashMap<Node, String>,
}

impl Export<'_> {
    fn entry(&mut self, path: &str, node: Node, inode: &Inode) {
        let (kind, link, size) = match &inode.body {
            Body::Directory(_) => (b'5', String::new(), 0),
            Body::Link(target) => (b'2', target.clone(), 0),
            Body::File(pages) => match self.names.get(&node) {
                Some(first) => (b'1', first.clone(), 0),
                None => (b'0', String::new(), pages.len()),
            },
        };
        let slash = if kind == b'5' { "/" } else { "" };
        let path_in_archive = format!("{path}{slash}");
        self.pax(&path_in_archive, &link, size, inode.mtim);
        self.header(kind, &path_in_archive, &link, size, inode.mtim);
        if let Body::File(_) = inode.body
            && kind == b'0'
        {
            self.content(node, size);
            if inode.links > 1 {
                self.names.insert(node, path.into());
            }
        }
    }

    /// The pax header with the values that do not fit into the next header.
    fn pax(&mut self, path: &str, link: &str, size: u64, mtime: u64) {
        let mut records = String::new();
        if path.len() > 100 {
            records += &record("path", path);
        }
        if link.len() > 100 {
            records += &record("linkpath", link);
        }
        if size > MAX_USTAR_SIZE {
            records += &record("size", &format!("{size}"));
        }
        let time = mtime.cast_signed();
        let (distance, sign) = (time.unsigned_abs(), if time < 0 { "-" } else { "" });
        let (seconds, nanoseconds) = (distance / 1_000_000_000, distance % 1_000_000_000);
        if nanoseconds != 0 || time < 0 {
            records += &record("mtime", &format!("{sign}{seconds}.{nanoseconds:09}"));
        }
        if !records.is_empty() {
            self.header(b'x', "pax", "", records.len() as u64, mtime);
            (self.emit)(records.as_bytes());
            self.pad(records.len() as u64);
        }
    }

    fn header(&mut self, kind: u8, path: &str, link: &str, size: u64, mtime: u64) {
        let mut header = [0; BLOCK];
        let mut put = |at: usize, field: &[u8], room: usize| {
            let field = &field[..field.len().min(room)];
            header[at..at + field.len()].copy_from_slice(field);
        };
        let mode = if kind == b'5' { "0000755" } else { "0000644" };
        put(0, path.as_bytes(), 100);
        put(100, mode.as_bytes(), 8);
        put(108, b"0000000", 8);
        put(116, b"0000000", 8);
        put(
            124,
            format!("{:011o}", size.min(MAX_USTAR_SIZE)).as_bytes(),
            12,
        );
        // A time before 1970 is in a pax record.
        let seconds = u64::try_from(mtime.cast_signed()).unwrap_or(0) / 1_000_000_000;
        let seconds = seconds.min(MAX_USTAR_SIZE);
        put(136, format!("{seconds:011o}").as_bytes(), 12);
        put(148, b"        ", 8);
        put(156, &[kind], 1);
        put(157, link.as_bytes(), 100);
        put(257, b"ustar\x0000", 8);
        let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        (self.emit)(&header);
    }

    fn content(&mut self, node: Node, size: u64) {
        let mut buf: Vec<u8> = alloc::vec![0; 64 * BLOCK];
        let mut pos = 0;
        while let Ok(pages) = self.fs.pages(node)
            && pos < size
        {
            let count = pages.read(pos, &mut buf);
            (self.emit)(&buf[..count]);
            pos += count as u64;
        }
        self.pad(size);
    }

    /// Zeros up to the next block.
    fn pad(&mut self, size: u64) {
        let behind = (size % BLOCK as u64) as usize;
        if behind != 0 {
            (self.emit)(&[0; BLOCK][behind..]);
        }
    }
}

/// A pax record, `<length> <key>=<value>\n`. The length includes its own digits.
fn record(key: &str, value: &str) -> String {
    let rest = key.len() + value.len() + 3;
    let mut len = rest;
    loop {
        let text = format!("{len} {key}={value}\n");
        if text.len() == len {
            return text;
        }
        len = text.len();
    }
}
