//! Where the bytes of a module live: they are borrowed or shared, and nobody copies all of them.
//!
//! Some can change: a mapped file is only as constant as the file, and the guest itself may be allowed to write it. So the
//! bytes say whether they are constant ([`ModuleBytes::are_constant`]). Where they are not, whatever is validated is first
//! copied out ([`ModuleBytes::stable`]), and used from that copy.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::hint::black_box;
use core::ops::Range;

/// The bytes of a binary module.
///
/// A board hands over flash memory (`&'static [u8]`), a host whatever owns bytes: a vector, or a file
/// mapped into memory.
#[derive(Clone)]
pub struct ModuleBytes {
    /// Borrowed from `owner`, or for ever if there is none. The owner is asked for them once.
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
    /// They may change as a mapped file does. A module whose bytes have changed gives wrong results or fails with an error, but
    /// never does harm to the host: function bodies are validated in the pass that lowers them, even if they were validated before.
    pub fn from_owner(owner: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self::from(Arc::new(owner) as Arc<dyn AsRef<[u8]> + Send + Sync>)
    }

    /// The same, with a function that is called now and then when most of what was read will hardly be read again:
    /// where the bytes are a mapped file, it can take its pages out of this process's memory.
    #[must_use]
    pub fn with_release(self, release: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            release: Some(Arc::new(release)),
            ..self
        }
    }

    /// Says that most of what was read will hardly be read again.
    pub fn release(&self) {
        if let Some(release) = &self.release {
            release();
        }
    }

    /// Whether nobody can change the bytes. This is known of `&'static [u8]` and of `Vec<u8>`.
    #[must_use]
    pub fn are_constant(&self) -> bool {
        self.constant
    }

    /// The bytes in `range`, which stay as they are: the module's own if these are constant, else a copy in `buffer`.
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

/// Replaces the content of `buffer` by a copy of `bytes`, which others may change at any time.
pub(super) fn copy(bytes: &[u8], buffer: &mut Vec<u8>) {
    buffer.clear();
    buffer.extend_from_slice(bytes);
    // Behind this the compiler does not know where the copy came from, so it cannot read the original in place of it.
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
            // SAFETY: borrowed from what `owner` points to, which does not move and lives as long as `Self`
            // and its clones. Nobody outside sees the longer lifetime.
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
