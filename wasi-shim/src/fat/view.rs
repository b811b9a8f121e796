//! Views: the driver is shown a piece of a large directory as if it were a directory of its own.
//!
//! The driver reads a directory from its start for every name that it finds, makes, moves or removes. The index knows in which clusters the
//! name stands, or where there is room for it. A directory that has only these clusters costs the same, however large the whole one is.
//!
//! Such a directory is in memory only. The hidden directory has an empty directory, and the device shows the driver other content for its first sector:
//! ```text
//! on the disk    WASI-BIN.$$$/VIEW    nothing
//! the driver     WASI-BIN.$$$/VIEW    V0000007 → clusters 130 to 131 of the directory
//! ```
//! The driver looks up `V0000007` and works in it. What it writes there goes to the real clusters. It never writes to the directory `VIEW`
//! itself, because a view is given only if it has room; the device refuses such a write.
//!
//! A view has another name each time, so that a sector that the driver still holds is never taken for the new one.

use alloc::format;
use alloc::vec::Vec;

use hadris_fat_raw::ShortEntry;
use hadris_fs::{Extent, Name, NodeId, SetAttr};

use super::FatFs;
use super::device::SECTOR;
use super::driver_error::errno;
use super::index::{ENTRY, Window};
use super::volume::Volume;
use crate::errno::Errno;

/// The name of the directory in the hidden directory.
pub(super) const NAME: &str = "VIEW";

/// From how many names on a directory is used through views: the driver reads a smaller one as fast.
pub(super) const LARGE: usize = 64;

/// How many sectors of a view are read with one request; larger ones are left to the read-ahead.
const FETCHED: usize = 16;

/// The directory attribute.
const DIRECTORY: u8 = 0x10;

/// The directory of views.
#[derive(Default)]
pub(super) enum View {
    /// Not made yet.
    #[default]
    None,
    /// There is no space for it.
    Failed,
    /// Its id, pinned, its first sector, and the number of the last view.
    Ready { id: NodeId, sector: u64, last: u32 },
}

impl FatFs {
    /// Makes the directory of views. Without it, everything works as before, only slower.
    pub(super) fn prepare_view(&mut self) {
        if !matches!(self.view, View::None) || self.volume.is_read_only() {
            return;
        }
        self.view = View::Failed;
        match self.make_view() {
            Ok((id, sector)) => {
                self.view = View::Ready {
                    id,
                    sector,
                    last: 0,
                };
            }
            Err(errno) => log::debug!("FAT: large directories stay slow: {errno}"),
        }
    }

    fn make_view(&mut self) -> Result<(NodeId, u64), Errno> {
        let hidden = self.hidden_dir()?;
        let made = match self.find_in(hidden, NAME) {
            Err(Errno::NoEnt) => {
                let driver = self.names_change_in(hidden);
                let made = driver.mkdir(hidden, Name::new(NAME), &SetAttr::new());
                made.map_err(|error| errno(&error))
            }
            found => found,
        };
        self.unpin(hidden);
        let id = made?;
        let mut run = [Extent::new(0, 0)];
        match self.volume.extents(id, 0, &mut run) {
            Ok(1..) => Ok((id, run[0].offset() / SECTOR as u64)),
            _ => {
                self.unpin(id);
                Err(Errno::Io)
            }
        }
    }

    /// Ends the use of views, before the hidden directory is emptied.
    pub(super) fn drop_view(&mut self) {
        if let View::Ready { id, .. } = core::mem::take(&mut self.view) {
            self.disk.show(None);
            self.forget_entries();
            self.unpin(id);
        }
    }

    /// Gives the driver a directory for each window, for one operation. `None` if there are no views.
    pub(super) fn in_view<R>(
        &mut self,
        windows: &[Window],
        act: impl FnOnce(&mut FatFs, &[NodeId]) -> R,
    ) -> Option<R> {
        if windows.is_empty() {
            return None;
        }
        let View::Ready { id, sector, last } = &mut self.view else {
            return None;
        };
        let (id, sector, first) = (*id, *sector, last.wrapping_add(1));
        *last = last.wrapping_add(windows.len() as u32);
        let numbers = (first..).take(windows.len());
        let names: Vec<_> = numbers
            .map(|n| format!("V{:07X}", n & 0xfff_ffff))
            .collect();
        let mut shown = [0; SECTOR];
        self.disk.read(sector, &mut shown).ok()?;
        let mut free = match self.volume {
            // Behind the dot and the dot-dot.
            Volume::Fat(_) => 2 * ENTRY,
            #[cfg(feature = "exfat")]
            Volume::ExFat(_) => 0,
        };
        for (window, name) in windows.iter().zip(&names) {
            let entries = self.entries_of(*window, name)?;
            shown
                .get_mut(free..free + entries.len())?
                .copy_from_slice(&entries);
            free += entries.len();
        }
        for window in windows.iter().filter(|window| window.in_a_row) {
            let count = (window.len / SECTOR as u64) as usize;
            if count <= FETCHED {
                self.disk.fetch(window.offset / SECTOR as u64, count);
            }
        }
        self.disk.show(Some((sector, shown)));
        self.forget_entries();
        let mut ids = Vec::with_capacity(windows.len());
        for name in &names {
            match self.volume.driver().lookup(id, Name::new(name)) {
                Ok(found) => ids.push(found),
                Err(_) => break,
            }
        }
        let result = (ids.len() == names.len()).then(|| act(self, &ids));
        for found in ids {
            self.unpin(found);
        }
        result
    }

    /// The directory entries by which the driver finds a window.
    fn entries_of(&mut self, window: Window, name: &str) -> Option<Vec<u8>> {
        match &mut self.volume {
            Volume::Fat(driver) => {
                let info = driver.info();
                let within = window.offset.checked_sub(info.data_start())?;
                let cluster = u32::try_from(within / u64::from(info.cluster_size()) + 2).ok()?;
                let mut short = [b' '; 11];
                short[..name.len()].copy_from_slice(name.as_bytes());
                let mut entry = ShortEntry::new(short, DIRECTORY).encode();
                entry[20..22].copy_from_slice(&cluster.to_le_bytes()[2..]);
                entry[26..28].copy_from_slice(&cluster.to_le_bytes()[..2]);
                Some(entry.to_vec())
            }
            #[cfg(feature = "exfat")]
            Volume::ExFat(driver) => {
                use hadris_fat_raw::exfat;

                let cluster = driver.info().cluster_of(window.offset)?;
                let units: Vec<u16> = name.encode_utf16().collect();
                let mut set = [[0; ENTRY]; 3];
                let flags = match window.in_a_row {
                    true => exfat::ALLOCATION_POSSIBLE | exfat::NO_FAT_CHAIN,
                    false => exfat::ALLOCATION_POSSIBLE,
                };
                set[0][..2].copy_from_slice(&[exfat::ENTRY_FILE, 2]);
                set[0][4] = DIRECTORY;
                set[1][..4].copy_from_slice(&[exfat::ENTRY_STREAM, flags, 0, units.len() as u8]);
                // Capital letters and digits are what the volume's table makes of them.
                set[1][4..6].copy_from_slice(&exfat::name_hash(&units).to_le_bytes());
                set[1][8..16].copy_from_slice(&window.len.to_le_bytes());
                set[1][20..24].copy_from_slice(&cluster.to_le_bytes());
                set[1][24..32].copy_from_slice(&window.len.to_le_bytes());
                set[2][0] = exfat::ENTRY_NAME;
                for (at, unit) in set[2][2..].chunks_exact_mut(2).zip(&units) {
                    at.copy_from_slice(&unit.to_le_bytes());
                }
                exfat::seal(&mut set);
                Some(set.concat())
            }
        }
    }
}
