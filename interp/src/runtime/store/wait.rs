//! Waiting: what `memory.atomic.wait32` and `wait64` do with a timeout (proposal "threads").

use alloc::boxed::Box;
use core::time::Duration;

use crate::Error;
use crate::runtime::Store;
use crate::runtime::store::Inner;

pub(crate) type Waiter<T> = Box<dyn FnMut(&mut T, Duration) -> Result<(), Error> + Send + Sync>;

impl<T> Store<T> {
    /// Sets what a program does that waits at an address with a timeout: `wait` shall return after that time. Only one thread
    /// runs a store, so nothing else can end the wait. An error stops the program.
    ///
    /// By default, a build with the feature `std` sleeps, and an interrupt ends the program meanwhile. Other builds return at once.
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
