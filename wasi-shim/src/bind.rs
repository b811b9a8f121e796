//! Binds the calls to the interpreter: the one file of this crate that knows `interp`.
//!
//! Each of the 46 functions becomes a host function of module `wasi_snapshot_preview1`. It finds the caller's memory, which
//! a WASI program exports as `memory`, calls the method of [`Wasi`], and returns its errno. With tracing, the tracer
//! receives the arguments before and the results after the call. Without tracing, there is not even a check.

use alloc::format;

use interp::{Caller, Error, Extern, Linker};

use crate::calls::Exit;
use crate::calls::table::with_calls;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::trace;
use crate::wasi::{GivenUp, Wasi};

/// The name of the module that programs import from.
pub const MODULE: &str = "wasi_snapshot_preview1";

/// Defines all 46 functions. `wasi` returns the guest's state from the store's data.
///
/// Errors: one of the names is taken.
pub fn add_to_linker<T: 'static>(
    linker: &mut Linker<T>,
    wasi: fn(&mut T) -> &mut Wasi,
) -> Result<(), Error> {
    define::<T, false>(linker, wasi)
}

/// Does the same as [`add_to_linker`], and passes every call to the guest's [tracer](Wasi::set_tracer).
pub fn add_traced_to_linker<T: 'static>(
    linker: &mut Linker<T>,
    wasi: fn(&mut T) -> &mut Wasi,
) -> Result<(), Error> {
    define::<T, true>(linker, wasi)
}

/// The guest's memory and state.
fn enter<'a, T: 'static>(
    caller: &'a mut Caller<'_, T>,
    wasi: fn(&mut T) -> &mut Wasi,
) -> Result<(Memory<'a>, &'a mut Wasi), Error> {
    match caller.get_export("memory") {
        Some(Extern::Memory(memory)) => {
            let (bytes, data) = memory.data_and_store_mut(caller);
            Ok((Memory::new(bytes), wasi(data)))
        }
        _ => Err(Error::new(format!(
            "the program calls {MODULE} but exports no memory under the name `memory`, without which WASI cannot work"
        ))),
    }
}

/// The result of a call: its errno as a number, or the end of the guest if the call has ended it.
fn answer(wasi: &mut Wasi, result: Result<(), Errno>) -> Result<u32, Error> {
    match result {
        Ok(()) => Ok(0),
        Err(errno) => match wasi.take_end() {
            Some(end) => Err(exit(end)),
            // The guest does not learn of it: the call is made again.
            None if errno == Errno::Intr && wasi.is_suspending() => Err(Error::host(GivenUp)),
            None => Ok(u32::from(errno.raw())),
        },
    }
}

/// The interpreter's error for the end of the guest. It contains the status, whose bits are passed on unchanged.
fn exit(exit: Exit) -> Error {
    Error::i32_exit(exit.code.cast_signed())
}

/// Converts an argument for the tracer.
trait Bits {
    fn bits(self) -> u64;
}

impl Bits for u32 {
    fn bits(self) -> u64 {
        u64::from(self)
    }
}

impl Bits for u64 {
    fn bits(self) -> u64 {
        self
    }
}

impl Bits for i64 {
    fn bits(self) -> u64 {
        self.cast_unsigned()
    }
}

fn define<T: 'static, const TRACED: bool>(
    linker: &mut Linker<T>,
    get: fn(&mut T) -> &mut Wasi,
) -> Result<(), Error> {
    // A row is a call with its parameters in the witx order. `memory` is first if the call accesses the guest's memory.
    macro_rules! call {
        ($name:ident(ends $(, $arg:ident: $ty:ty $(= $kind:ident)?)*)) => {};
        ($name:ident(memory $(, $arg:ident: $ty:ty $(= $kind:ident)?)*)) => {
            linker.func_wrap(MODULE, stringify!($name), move |mut caller: Caller<'_, T>, $($arg: $ty),*| {
                let (mut memory, wasi) = enter(&mut caller, get)?;
                let result = if TRACED {
                    let args = [$($arg.bits()),*];
                    trace::around(wasi, &mut memory, stringify!($name), &args, |wasi, memory| wasi.$name(memory, $($arg),*))
                } else {
                    wasi.$name(&mut memory, $($arg),*)
                };
                answer(wasi, result)
            })?;
        };
        ($name:ident($($arg:ident: $ty:ty $(= $kind:ident)?),*)) => {
            linker.func_wrap(MODULE, stringify!($name), move |mut caller: Caller<'_, T>, $($arg: $ty),*| {
                let result = if TRACED {
                    let (mut memory, wasi) = enter(&mut caller, get)?;
                    let args = [$($arg.bits()),*];
                    trace::around(wasi, &mut memory, stringify!($name), &args, |wasi, _| wasi.$name($($arg),*))
                } else {
                    get(caller.data_mut()).$name($($arg),*)
                };
                answer(get(caller.data_mut()), result)
            })?;
        };
    }
    macro_rules! calls {
        ($($name:ident: $family:ident $params:tt;)*) => { $(call!($name $params);)* };
    }
    with_calls!(calls);
    // The two calls that can end the guest.
    linker.func_wrap(
        MODULE,
        "proc_exit",
        move |mut caller: Caller<'_, T>, rval: u32| -> Result<(), Error> {
            let wasi = get(caller.data_mut());
            if TRACED {
                trace::last(wasi, "proc_exit", rval);
            }
            Err(exit(wasi.proc_exit(rval)))
        },
    )?;
    linker.func_wrap(
        MODULE,
        "proc_raise",
        move |mut caller: Caller<'_, T>, sig: u32| -> Result<u32, Error> {
            let wasi = get(caller.data_mut());
            if TRACED {
                trace::last(wasi, "proc_raise", sig);
            }
            match wasi.proc_raise(sig) {
                Ok(Err(end)) => Err(exit(end)),
                Ok(Ok(())) => Ok(0),
                Err(errno) => answer(wasi, Err(errno)),
            }
        },
    )?;
    Ok(())
}
