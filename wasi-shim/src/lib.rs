//! WASI preview 1 over a small operating-system trait.
#![cfg_attr(not(feature = "std"), no_std)]
extern crate alloc;
