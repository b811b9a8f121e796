//! Where the bytes of a module live: they are borrowed or shared, never copied.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

/// The bytes of a binary module.
///
/// A board hands over flash memory (`&'static [u8]`), a host whatever owns bytes: a vector, or a file
/// mapped into memory.
#[derive(Clone)]
pub struct ModuleBytes {
    /// Borrowed from `owner`, or for ever if there is none. Code is lowered without being validated again, so
    /// these must not change: the owner is asked for them once.
    bytes: &'static [u8],
    /// Keeps the bytes alive.
    #[allow(dead_code, reason = "it is there to be dropped")]
    owner: Option<Arc<dyn AsRef<[u8]> + Send + Sync>>,
    /// See [`ModuleBytes::with_release`].
    release: Option<Arc<dyn Fn() + Send + Sync>>,
}

impl ModuleBytes {
    /// Shares the bytes of `owner`, for example a mapped file.
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

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.bytes
    }
}

impl From<&'static [u8]> for ModuleBytes {
    fn from(bytes: &'static [u8]) -> Self {
        Self {
            bytes,
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
        Self::from_owner(bytes)
    }
}

impl From<Arc<dyn AsRef<[u8]> + Send + Sync>> for ModuleBytes {
    fn from(owner: Arc<dyn AsRef<[u8]> + Send + Sync>) -> Self {
        let bytes: *const [u8] = (*owner).as_ref();
        Self {
            // SAFETY: borrowed from what `owner` points to, which does not move and lives as long as `Self`
            // and its clones. Nobody outside sees the longer lifetime.
            bytes: unsafe { &*bytes },
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
