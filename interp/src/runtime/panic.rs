//! Panics of the embedder's own code on their way through a running program.
//!
//! A running program calls the embedder: host functions, a limiter, an interrupt routine. The handlers between that and the call that
//! started the program cannot be unwound, for their calling convention is not Rust's: a panic would end the process there. So it is caught
//! at the edge ([`Inner::guarded`]), the program is stopped as by an error, and the panic goes on from the call that started it
//! ([`Inner::resume_panic`]). The store is whole then and can be used on.
//!
//! Without `std` nothing unwinds: what a panic does is up to the panic handler.

use super::store::Inner;
use crate::Error;

/// What a panic carries.
#[cfg(feature = "std")]
pub(crate) type Payload = Box<dyn core::any::Any + Send>;
/// There is none.
#[cfg(not(feature = "std"))]
pub(crate) type Payload = core::convert::Infallible;

impl<T> Inner<T> {
    /// Runs code of the embedder's. Its panic is an error, with which the program is to stop.
    pub(super) fn guarded<R>(
        &mut self,
        run: impl FnOnce(&mut Self) -> Result<R, Error>,
    ) -> Result<R, Error> {
        match catch(|| run(self)) {
            Ok(outcome) => outcome,
            Err(payload) => {
                self.state.panic = Some(payload);
                Err(Error::new("the host panicked"))
            }
        }
    }

    /// Lets a panic that has stopped the program go on.
    pub(super) fn resume_panic(&mut self) {
        if let Some(payload) = self.state.panic.take() {
            resume(payload);
        }
    }
}

#[cfg(feature = "std")]
fn catch<R>(run: impl FnOnce() -> R) -> Result<R, Payload> {
    // What `run` borrows is the store, which `guarded` puts in order.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run))
}

#[cfg(not(feature = "std"))]
fn catch<R>(run: impl FnOnce() -> R) -> Result<R, Payload> {
    Ok(run())
}

#[cfg(feature = "std")]
fn resume(payload: Payload) -> ! {
    std::panic::resume_unwind(payload)
}

#[cfg(not(feature = "std"))]
fn resume(payload: Payload) -> ! {
    match payload {}
}
