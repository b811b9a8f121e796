//! Waiting: what `memory.atomic.wait32` and `wait64` do with a timeout (proposal "threads").

use alloc::boxed::Box;
use core::time::Duration;

use crate::Error;
use crate::runtime::Store;
use crate::runtime::store::Inner;

pub(crate) type Waiter<T> = Box<dyn FnMut(&mut T, Duration) -> Result<(), Error> + Send + Sync>;

impl<T> Store<T> {
    /// Sets the routine in which a program waits that executes `memory.atomic.wait32` or `memory.atomic.wait64` with a timeout. The
    /// routine returns when the time has passed. Only one thread runs a store, so nothing else can end the wait. An error of the
    /// routine stops the program.
    ///
    /// Without a routine, a build with the feature `std` sleeps. An interrupt ends the sleep and stops the program. Other builds do
    /// not wait.
    pub fn on_atomic_wait(
        &mut self,
        wait: impl FnMut(&mut T, Duration) -> Result<(), Error> + Send + Sync + 'static,
    ) {
        self.0.waiter = Some(Box::new(wait));
    }
}

impl<T> Inner<T> {
    /// Waits as the embedder wants.
    pub(crate) fn wait(&mut self, time: Duration) -> Result<(), Error> {
        if let Some(wait) = &mut self.waiter {
            return wait(&mut self.data, time);
        }
        #[cfg(feature = "std")]
        {
            /// The longest time without a look for an interrupt.
            const PIECE: Duration = Duration::from_millis(10);
            let begin = std::time::Instant::now();
            while let Some(left) = time.checked_sub(begin.elapsed()) {
                if left.is_zero() {
                    break;
                }
                std::thread::sleep(left.min(PIECE));
                self.look_around()?;
            }
        }
        Ok(())
    }
}
