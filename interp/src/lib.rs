//! A `no_std` WebAssembly interpreter.
#![cfg_attr(not(feature = "std"), no_std)]
extern crate alloc;

pub mod compile;
pub mod dispatch;
pub mod machine;
pub mod ops;
