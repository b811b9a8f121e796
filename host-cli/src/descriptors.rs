//! The limit of open files of this process.
//!
//! Each open file of the guest takes a descriptor of this process, and another one for its directory. On many systems the
//! initial limit is 1,024, and every process may raise it for itself. A native Go program raises it at its start.

/// The number that a guest can use: two for each of its descriptors (`wasi_shim::fd::Descriptors`), and some for this
/// process.
#[cfg(unix)]
const ENOUGH: u64 = 2 * 65_536 + 64;

/// Raises the limit to the number that a guest can use, as far as the system allows it. A failure is ignored.
#[cfg(unix)]
pub(crate) fn raise_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(ENOUGH).min(ENOUGH);
    if limit.current.is_some_and(|current| current < most) {
        let raised = Rlimit {
            current: Some(most),
            maximum: limit.maximum,
        };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            log::info!("the limit of open files stays as it is: {error}");
        }
    }
}

/// This system has no such limit.
#[cfg(not(unix))]
pub(crate) fn raise_limit() {}
