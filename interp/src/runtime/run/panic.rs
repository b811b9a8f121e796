//! Panics of the embedder's code inside of a running program.
//!
//! A running program calls code of the embedder: host functions, a limiter, an interrupt routine. The handlers between that
//! code and the call that started the program cannot be unwound, because their calling convention is not Rust's. A panic
//! would end the process there. So the panic is caught at the edge ([`Inner::guarded`]), the program is stopped as by an
//! error, and the panic is resumed in the call that started the program ([`Inner::resume_panic`]). The store is then
//! consistent and stays usable.
//!
//! Without `std`, panics do not unwind, and the panic handler decides their effect.

use crate::Error;
use crate::runtime::store::Inner;
use crate::runtime::store::state::Payload;

impl<T> Inner<T> {
    /// Runs code of the embedder. A panic becomes an error that stops the program.
    pub(in crate::runtime) fn guarded<R>(
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

    /// Resumes a panic that has stopped the program.
    pub(in crate::runtime) fn resume_panic(&mut self) {
        if let Some(payload) = self.state.panic.take() {
            resume(payload);
        }
    }
}

#[cfg(feature = "std")]
fn catch<R>(run: impl FnOnce() -> R) -> Result<R, Payload> {
    // `run` borrows the store, and `guarded` restores its consistency.
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
