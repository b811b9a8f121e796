//! Kernels for bare boards. On a host this package compiles to nothing.
