//! Deadlines of stores, in ticks of the engine's clock.
//!
//! Running code never reads the clock. The runtime reads it when it checks for interrupts: when a call begins, when the
//! machine asks for fuel, and when a host function returns.

use alloc::boxed::Box;

use crate::Error;
use crate::machine::Trap;
use crate::runtime::Store;
use crate::runtime::store::Inner;

#[cfg(doc)]
use crate::Engine;

/// The deadline of a store, and the action when it is reached.
pub(crate) struct Deadline<T> {
    /// The tick at which it was set, and the number of ticks until it is reached.
    set: Option<(u64, u64)>,
    callback: Option<Callback<T>>,
}

type Callback<T> = Box<dyn FnMut(&mut T) -> Result<UpdateDeadline, Error> + Send + Sync>;

/// The action at a deadline: the result of [`Store::epoch_deadline_callback`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpdateDeadline {
    /// The program continues. The next deadline is this many ticks from now.
    Continue(u64),
    /// The program stops with [`Trap::Interrupt`].
    Interrupt,
}

impl<T> Default for Deadline<T> {
    fn default() -> Self {
        Self {
            set: None,
            callback: None,
        }
    }
}

impl<T> Store<T> {
    /// Sets a deadline `ticks` ticks from now on the engine's clock. At the deadline, the store's programs stop with
    /// [`Trap::Interrupt`], unless another action was set. The deadline stays reached until a new one is set. A new store
    /// has no deadline.
    ///
    /// The deadline is checked when a call begins, after at most some ten thousand calls and loops, and when a host
    /// function returns. Running code does not become slower.
    ///
    /// ```
    /// use interp::{Engine, Error, Instance, Module, Store, Trap};
    ///
    /// fn main() -> Result<(), Error> {
    ///     let program = wat::parse_str(r#"(module (func (export "run") (loop (br 0))))"#);
    ///     let engine = Engine::default();
    ///     let module = Module::new(&engine, program.map_err(Error::host)?)?;
    ///     let mut store = Store::new(&engine, ());
    ///     let instance = Instance::instantiate(&mut store, &module, &[])?;
    ///     let run = instance.get_typed_func::<(), ()>(&store, "run")?;
    ///
    ///     store.set_epoch_deadline(2);
    ///     // One clock serves all stores of the engine.
    ///     let clock = std::thread::spawn(move || {
    ///         for _ in 0..2 {
    ///             std::thread::sleep(std::time::Duration::from_millis(5));
    ///             engine.increment_epoch();
    ///         }
    ///     });
    ///     let error = run.call(&mut store, ()).expect_err("its time is over");
    ///     assert_eq!(error.as_trap(), Some(Trap::Interrupt));
    ///     clock.join().expect("the clock has stopped");
    ///     Ok(())
    /// }
    /// ```
    pub fn set_epoch_deadline(&mut self, ticks: u64) {
        self.0.set_epoch_deadline(ticks);
    }

    /// Stops programs at the deadline with [`Trap::Interrupt`]. This is the default.
    pub fn epoch_deadline_trap(&mut self) {
        self.0.deadline.callback = None;
    }

    /// Calls `callback` at the deadline. Its result decides whether the program continues. An error stops the program.
    ///
    /// ```
    /// use interp::{Engine, Error, Func, Store, Trap, UpdateDeadline};
    ///
    /// fn main() -> Result<(), Error> {
    ///     let engine = Engine::default();
    ///     let mut store = Store::new(&engine, 0);
    ///     store.epoch_deadline_callback(|reached: &mut u32| {
    ///         *reached += 1;
    ///         match *reached {
    ///             1 => Ok(UpdateDeadline::Continue(1)),
    ///             _ => Ok(UpdateDeadline::Interrupt),
    ///         }
    ///     });
    ///     store.set_epoch_deadline(1);
    ///     let work = Func::wrap(&mut store, || ());
    ///     engine.increment_epoch();
    ///     work.call(&mut store, &[], &mut [])?;
    ///     assert_eq!(*store.data(), 1, "the deadline was reached and moved by a tick");
    ///     engine.increment_epoch();
    ///     let error = work.call(&mut store, &[], &mut []).expect_err("it is reached again");
    ///     assert_eq!(error.as_trap(), Some(Trap::Interrupt));
    ///     Ok(())
    /// }
    /// ```
    pub fn epoch_deadline_callback(
        &mut self,
        callback: impl FnMut(&mut T) -> Result<UpdateDeadline, Error> + Send + Sync + 'static,
    ) {
        self.0.deadline.callback = Some(Box::new(callback));
    }
}

impl<T> Inner<T> {
    pub(crate) fn set_epoch_deadline(&mut self, ticks: u64) {
        self.deadline.set = Some((self.state.engine.epoch().now(), ticks));
    }

    /// Fails if the program was interrupted, or if its deadline is reached.
    pub(crate) fn look_for_stop(&mut self) -> Result<(), Error> {
        self.state.tank.look_for_interrupt()?;
        self.look_at_deadline()
    }

    /// Fails if the deadline of the program is reached.
    pub(crate) fn look_at_deadline(&mut self) -> Result<(), Error> {
        let Some((then, ticks)) = self.deadline.set else {
            return Ok(());
        };
        if self.state.engine.epoch().since(then) < ticks {
            return Ok(());
        }
        let answer = match &mut self.deadline.callback {
            Some(callback) => callback(&mut self.data)?,
            None => UpdateDeadline::Interrupt,
        };
        match answer {
            UpdateDeadline::Continue(ticks) => {
                self.set_epoch_deadline(ticks);
                Ok(())
            }
            UpdateDeadline::Interrupt => Err(Trap::Interrupt.into()),
        }
    }
}
