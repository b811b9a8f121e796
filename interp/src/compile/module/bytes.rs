//! The bytes of a module. They are borrowed or shared, and never copied as a whole.
//!
//! The bytes of a mapped file can change, because the guest itself may be allowed to write to the file.
//! [`ModuleBytes::are_constant`] distinguishes the two cases. Bytes that can change are copied before they are validated
//! ([`ModuleBytes::stable`]), and then used from that copy.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::hint::black_box;
use core::ops::Range;

/// The bytes of a binary module.
///
/// A board passes flash memory (`&'static [u8]`). A host passes any owner of bytes: a vector, or a mapped file.
#[derive(Clone)]
pub struct ModuleBytes {
    /// Borrowed from `owner`, or static if there is no owner. The owner is asked for its bytes once.
    bytes: &'static [u8],
    /// See [`ModuleBytes::are_constant`].
    constant: bool,
    /// Keeps the bytes alive.
    #[allow(dead_code, reason = "it is there to be dropped")]
    owner: Option<Arc<dyn AsRef<[u8]> + Send + Sync>>,
    /// See [`ModuleBytes::with_release`].
    release: Option<Arc<dyn Fn() + Send + Sync>>,
}

impl ModuleBytes {
    /// Shares the bytes of `owner`, for example a mapped file.
    ///
    /// The bytes may change if the file of a mapping changes. The program then computes wrong results or fails with an
    /// error, but the host is safe: function bodies are validated in the pass that lowers them, even if they were validated
    /// before.
    pub fn from_owner(owner: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self::from(Arc::new(owner) as Arc<dyn AsRef<[u8]> + Send + Sync>)
    }

    /// Does the same with a function that is called when most of the bytes read so far will hardly be read again. For a
    /// mapped file, it can remove the pages from this process's memory.
    #[must_use]
    pub fn with_release(self, release: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            release: Some(Arc::new(release)),
            ..self
        }
    }

    /// Announces that most of the bytes read so far will hardly be read again.
    pub fn release(&self) {
        if let Some(release) = &self.release {
            release();
        }
    }

    /// Returns whether nothing can change the bytes. This holds for `&'static [u8]` and for `Vec<u8>`.
    #[must_use]
    pub fn are_constant(&self) -> bool {
        self.constant
    }

    /// Some of these bytes, with the same owner. Their release releases all.
    ///
    /// # Panics
    /// The range goes beyond the bytes.
    #[cfg(feature = "lowered-modules")]
    #[must_use]
    pub(crate) fn slice(&self, range: Range<usize>) -> Self {
        Self {
            bytes: &self.bytes[range],
            ..self.clone()
        }
    }

    /// Returns the bytes in `range` in a form that cannot change: the module's own if they are constant, otherwise a copy
    /// in `buffer`.
    pub(crate) fn stable<'a>(&'a self, range: Range<usize>, buffer: &'a mut Vec<u8>) -> &'a [u8] {
        let bytes = &self.bytes[range];
        if self.constant {
            return bytes;
        }
        copy(bytes, buffer);
        buffer
    }

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.bytes
    }
}

/// Replaces the content of `buffer` by a copy of `bytes`, which may change at any time.
pub(in crate::compile) fn copy(bytes: &[u8], buffer: &mut Vec<u8>) {
    buffer.clear();
    buffer.extend_from_slice(bytes);
    // After this, the compiler does not know the origin of the copy, so it cannot read the original instead.
    black_box(buffer);
}

impl From<&'static [u8]> for ModuleBytes {
    fn from(bytes: &'static [u8]) -> Self {
        Self {
            bytes,
            constant: true,
            owner: None,
            release: None,
        }
    }
}

impl<const N: usize> From<&'static [u8; N]> for ModuleBytes {
    fn from(bytes: &'static [u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl From<Vec<u8>> for ModuleBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            constant: true,
            ..Self::from_owner(bytes)
        }
    }
}

impl From<Arc<dyn AsRef<[u8]> + Send + Sync>> for ModuleBytes {
    fn from(owner: Arc<dyn AsRef<[u8]> + Send + Sync>) -> Self {
        let bytes: *const [u8] = (*owner).as_ref();
        Self {
            // SAFETY: the slice is borrowed from the memory of `owner`, which does not move and lives as long as `Self` and
            // its clones. The longer lifetime is not visible outside.
            bytes: unsafe { &*bytes },
            constant: false,
            owner: Some(owner),
            release: None,
        }
    }
}

impl fmt::Debug for ModuleBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.bytes.len())
    }
}
