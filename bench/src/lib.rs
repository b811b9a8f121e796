//! Benchmarks of wasi-interp against its peers.
