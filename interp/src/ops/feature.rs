//! The features of this crate that add ops.

/// Declares the features: the constant of each, its bit, and its name in `Cargo.toml`.
macro_rules! features {
    ($($(#[doc = $doc:literal])+ $NAME:ident $bit:literal $name:literal;)+) => {
        impl Features {
            $($(#[doc = $doc])+ pub const $NAME: Self = Self(1 << $bit);)+

            /// Those of this build.
            pub const HERE: Self = Self::NONE$(.union(if cfg!(feature = $name) { Self::$NAME } else { Self::NONE }))+;

            /// All of them with their names.
            const NAMED: &[(&str, Self)] = &[$(($name, Self::$NAME)),+];
        }
    };
}

/// A set of the crate's features that add ops and admit instructions. Superinstructions are not one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "lowered-modules",
    derive(serde::Serialize, serde::Deserialize)
)]
pub struct Features(u8);

features! {
    /// Vectors of 128 bits.
    SIMD 0 "simd";
    /// Atomic instructions.
    THREADS 1 "threads";
    /// Exceptions.
    EXCEPTIONS 2 "exceptions";
    /// Typed references, structures and arrays.
    GC 3 "gc";
    /// 64-bit memories and tables.
    MEMORY64 4 "memory64";
    /// Wide arithmetic.
    WIDE_ARITHMETIC 5 "wide-arithmetic";
    /// Canonical NaNs.
    CANONICAL_NANS 6 "canonical-nans";
    /// Probes.
    PROBES 7 "probes";
}

impl Features {
    /// None.
    pub const NONE: Self = Self(0);

    /// These and those of `other`.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether all of `other` are among these.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The feature with this name.
    ///
    /// # Panics
    /// There is none. The names are those of `Cargo.toml`.
    #[must_use]
    pub const fn named(name: &str) -> Self {
        let mut index = 0;
        while index < Self::NAMED.len() {
            if super::same_name(Self::NAMED[index].0, name) {
                return Self::NAMED[index].1;
            }
            index += 1;
        }
        panic!("there is a feature with this name")
    }

    /// The names of these.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let these = move |(_, feature): &&(&str, Self)| self.contains(*feature);
        Self::NAMED.iter().filter(these).map(|(name, _)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn a_set_has_the_names_of_its_members() {
        let both = Features::named("threads").union(Features::named("gc"));
        assert_eq!(both.names().collect::<Vec<_>>(), ["threads", "gc"]);
        assert!(both.contains(Features::GC) && !both.contains(Features::SIMD));
        assert_eq!(Features::NONE.names().count(), 0);
    }
}
