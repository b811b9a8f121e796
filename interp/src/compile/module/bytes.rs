//! Where the bytes of a module live: they are borrowed or shared, never copied.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

/// The bytes of a binary module.
///
/// A board hands over flash memory (`&'static [u8]`), a host whatever owns bytes: a vector, or a file
/// mapped into memory. The owner must give the same bytes each time it is asked: functions are
/// decoded when they are first called.
#[derive(Clone)]
pub struct ModuleBytes(Owner);

#[derive(Clone)]
enum Owner {
    Static(&'static [u8]),
    Shared(Arc<dyn AsRef<[u8]> + Send + Sync>),
}

impl ModuleBytes {
    /// Shares the bytes of `owner`, for example a mapped file.
    pub fn from_owner(owner: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self(Owner::Shared(Arc::new(owner)))
    }

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        match &self.0 {
            Owner::Static(bytes) => bytes,
            Owner::Shared(owner) => (**owner).as_ref(),
        }
    }
}

impl From<&'static [u8]> for ModuleBytes {
    fn from(bytes: &'static [u8]) -> Self {
        Self(Owner::Static(bytes))
    }
}

impl<const N: usize> From<&'static [u8; N]> for ModuleBytes {
    fn from(bytes: &'static [u8; N]) -> Self {
        Self(Owner::Static(bytes))
    }
}

impl From<Vec<u8>> for ModuleBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from_owner(bytes)
    }
}

impl From<Arc<dyn AsRef<[u8]> + Send + Sync>> for ModuleBytes {
    fn from(owner: Arc<dyn AsRef<[u8]> + Send + Sync>) -> Self {
        Self(Owner::Shared(owner))
    }
}

impl fmt::Debug for ModuleBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.as_slice().len())
    }
}
