//! Mending a volume on request, after a power cut: `mend_fat.rs` and `mend_exfat.rs` do it, and one line of the log says what was done.

use hadris_fat::FatKind;

use super::FatFs;
#[cfg(feature = "exfat")]
use super::mend_exfat::ExFatMender;
use super::mend_fat::Mender;
use super::mended::Refusal;
use super::nodes::ROOT;
use super::volume::Volume;
use crate::errno::Errno;

impl FatFs {
    /// Mends what a power cut left, and says so in one line of the log. To be called before files of the volume are used.
    ///
    /// A volume that was unmounted, and one that cannot be written, are left as they are. Errors: `EBUSY` if something is in use; the device's.
    pub fn mend(&mut self) -> Result<(), Errno> {
        const BEFORE: &str = "FAT: the volume was not unmounted the last time";

        if self.volume.is_read_only() {
            return Ok(());
        }
        if !self.nodes.is_idle() {
            return Err(Errno::Busy);
        }
        self.sync_all()?;
        let dirty = self.volume.was_dirty();
        let (marked, result, tool) = match &mut self.volume {
            Volume::Fat(driver) => {
                let geometry = *driver.info();
                let mut mender = Mender::new(self.disk.clone(), geometry);
                let marked = dirty || mender.is_marked_by_others()?;
                if !marked && geometry.kind() != FatKind::Fat12 {
                    return Ok(());
                }
                (marked, mender.mend(), "fsck.fat")
            }
            #[cfg(feature = "exfat")]
            Volume::ExFat(driver) => {
                if !dirty {
                    return Ok(());
                }
                let geometry = *driver.info();
                let fold = super::exfat::read_fold(&self.disk, &geometry)?;
                let mut mender = ExFatMender::new(self.disk.clone(), geometry, fold);
                (true, mender.mend(), "fsck.exfat")
            }
        };
        match result {
            Ok(mended) => {
                if mended.is_something() {
                    log::warn!("{BEFORE}; mended: {}", mended.in_words());
                } else if marked {
                    log::warn!("{BEFORE}; nothing was to be mended");
                }
            }
            Err(Refusal::Device(errno)) => {
                // Some of it may be written, behind the driver's back.
                self.forget_entries();
                self.index.clear();
                return Err(errno);
            }
            Err(Refusal::Fault(fault)) => {
                log::warn!(
                    "{BEFORE}, and it is damaged: {fault}; nothing was mended; repair it with {tool}"
                );
                return Ok(());
            }
        }
        // What the driver knows of the volume is from before.
        self.drop_view();
        self.index.clear();
        self.volume = Volume::mount(self.disk.clone(), self.stamp, false).map_err(|_| Errno::Io)?;
        let root = self.volume.driver().root();
        debug_assert_eq!(self.nodes.get(ROOT).map(|held| held.id), Ok(root));
        Ok(())
    }

    /// Whether the volume was not unmounted the last time.
    pub fn was_dirty(&self) -> bool {
        self.volume.was_dirty()
    }
}
