//! How many files this process may have open.
//!
//! An open file of the guest takes a descriptor of this process, and another one for the directory that it was found in. Many systems begin
//! with a limit of 1,024, which every process may raise for itself; a native Go program does so when it starts.

/// As many as a guest can use: two for each of its descriptors (`wasi_shim::fd::Descriptors`), and some of ours.
#[cfg(unix)]
const ENOUGH: u64 = 2 * 65_536 + 64;

/// Raises the limit to what a guest can use, as far as the system lets this process. It is no error if it does not.
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

/// There is no such limit here.
#[cfg(not(unix))]
pub(crate) fn raise_limit() {}
