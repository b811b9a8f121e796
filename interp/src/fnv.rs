//! The hash FNV-1a with 64 bits. It tells apart what differs by accident, not by intention.

/// A hash of the bytes so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fnv(pub(crate) u64);

impl Fnv {
    /// The hash of no bytes.
    pub(crate) const NEW: Self = Self(0xcbf2_9ce4_8422_2325);

    pub(crate) const fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u64).wrapping_mul(0x100_0000_01b3))
    }

    #[cfg(feature = "lowered-modules")]
    pub(crate) const fn number(self, number: u64) -> Self {
        let bytes = number.to_le_bytes();
        self.bytes(&bytes)
    }

    /// A text, and the end of it.
    #[cfg(feature = "lowered-modules")]
    pub(crate) const fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes()).byte(0)
    }

    pub(crate) const fn bytes(mut self, bytes: &[u8]) -> Self {
        let mut at = 0;
        while at < bytes.len() {
            self = self.byte(bytes[at]);
            at += 1;
        }
        self
    }
}
