//! Binds the calls to the interpreter: the one file of this crate that knows `interp`.
//!
//! Each of the 46 functions becomes a host function of module `wasi_snapshot_preview1`. It finds the caller's memory, which
//! a WASI program exports as `memory`, calls the method of [`Wasi`], and returns its errno. With tracing, the tracer
//! receives the arguments before and the results after the call. Without tracing, there is not even a check. The same holds for recording.
//! When a run is replayed, the log answers in place of [`Wasi`].

use alloc::format;

use interp::{Caller, Error, Extern, Linker};

use crate::calls::Exit;
#[cfg(feature = "replay")]
use crate::calls::table;
use crate::calls::table::with_calls;
use crate::errno::Errno;
use crate::memory::Memory;
#[cfg(feature = "replay")]
use crate::replay::{self, Answer, Player};
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
    define::<T, Plain>(linker, wasi)
}

/// Does the same as [`add_to_linker`], and passes every call to the guest's [tracer](Wasi::set_tracer).
pub fn add_traced_to_linker<T: 'static>(
    linker: &mut Linker<T>,
    wasi: fn(&mut T) -> &mut Wasi,
) -> Result<(), Error> {
    define::<T, Traced>(linker, wasi)
}

/// Does the same as [`add_traced_to_linker`], and passes every call to the guest's [recorder](Wasi::set_recorder), too. The engine must
/// meter fuel and make canonical NaNs. If the log cannot be written, the guest ends with a [`LogError`](replay::LogError).
#[cfg(feature = "replay")]
pub fn add_recorded_to_linker<T: 'static>(
    linker: &mut Linker<T>,
    wasi: fn(&mut T) -> &mut Wasi,
) -> Result<(), Error> {
    define::<T, Recorded>(linker, wasi)
}

/// Defines all 46 functions for a guest that is replayed: `player` answers its calls. The engine must meter fuel and make canonical NaNs,
/// and the store begins with the fuel of [`Player::limit`]. If the guest does not follow the log, it ends with a
/// [`LogError`](replay::LogError).
///
/// Errors: one of the names is taken.
#[cfg(feature = "replay")]
pub fn add_replayed_to_linker<T: 'static>(
    linker: &mut Linker<T>,
    player: fn(&mut T) -> &mut Player,
) -> Result<(), Error> {
    define_replayed(linker, player)
}

/// A call, for a layer around it.
struct Call<'a> {
    name: &'static str,
    args: &'a [u64],
    /// The fuel that is left, for a layer that asks for it.
    #[cfg_attr(
        not(feature = "replay"),
        expect(dead_code, reason = "a recorder reads it")
    )]
    fuel: u64,
}

/// A layer around all calls.
trait Layer {
    /// Whether it asks for the fuel.
    const CLOCKED: bool = false;

    /// Makes a call.
    fn around(
        wasi: &mut Wasi,
        memory: &mut Memory<'_>,
        call: &Call<'_>,
        run: impl FnOnce(&mut Wasi, &mut Memory<'_>) -> Result<(), Errno>,
    ) -> Result<(), Errno>;

    /// Makes a call that may end the guest.
    fn last(
        wasi: &mut Wasi,
        call: &Call<'_>,
        run: impl FnOnce(&mut Wasi) -> Result<(), Errno>,
    ) -> Result<(), Errno>;

    /// Fails if the layer cannot do its work.
    fn check(wasi: &mut Wasi) -> Result<(), Error> {
        let _ = wasi;
        Ok(())
    }
}

/// No layer.
struct Plain;
/// The tracer.
struct Traced;
/// The recorder, around the tracer.
#[cfg(feature = "replay")]
struct Recorded;

impl Layer for Plain {
    #[inline(always)]
    fn around(
        wasi: &mut Wasi,
        memory: &mut Memory<'_>,
        _: &Call<'_>,
        run: impl FnOnce(&mut Wasi, &mut Memory<'_>) -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        run(wasi, memory)
    }

    #[inline(always)]
    fn last(
        wasi: &mut Wasi,
        _: &Call<'_>,
        run: impl FnOnce(&mut Wasi) -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        run(wasi)
    }
}

impl Layer for Traced {
    fn around(
        wasi: &mut Wasi,
        memory: &mut Memory<'_>,
        call: &Call<'_>,
        run: impl FnOnce(&mut Wasi, &mut Memory<'_>) -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        trace::around(wasi, memory, call.name, call.args, run)
    }

    fn last(
        wasi: &mut Wasi,
        call: &Call<'_>,
        run: impl FnOnce(&mut Wasi) -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        trace::last(wasi, call.name, call.args);
        run(wasi)
    }
}

#[cfg(feature = "replay")]
impl Layer for Recorded {
    const CLOCKED: bool = true;

    fn around(
        wasi: &mut Wasi,
        memory: &mut Memory<'_>,
        call: &Call<'_>,
        run: impl FnOnce(&mut Wasi, &mut Memory<'_>) -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        replay::around(wasi, memory, &call.numbered(), |wasi, memory| {
            Traced::around(wasi, memory, call, run)
        })
    }

    fn last(
        wasi: &mut Wasi,
        call: &Call<'_>,
        run: impl FnOnce(&mut Wasi) -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        let mut none = Memory::new(&mut []);
        replay::around(wasi, &mut none, &call.numbered(), |wasi, _| {
            Traced::last(wasi, call, run)
        })
    }

    fn check(wasi: &mut Wasi) -> Result<(), Error> {
        let failure = wasi.recorder().and_then(|recorder| recorder.take_failure());
        failure.map_or(Ok(()), |failure| Err(Error::host(failure)))
    }
}

#[cfg(feature = "replay")]
impl Call<'_> {
    /// The call for a log, which knows numbers.
    fn numbered(&self) -> replay::Call<'_> {
        replay::Call {
            number: table::number(self.name),
            args: self.args,
            fuel: self.fuel,
        }
    }
}

/// The guest's memory and `W`, which is in the store's data.
fn enter<'a, T: 'static, W>(
    caller: &'a mut Caller<'_, T>,
    get: fn(&mut T) -> &mut W,
) -> Result<(Memory<'a>, &'a mut W), Error> {
    match caller.get_export("memory") {
        Some(Extern::Memory(memory)) => {
            let (bytes, data) = memory.data_and_store_mut(caller);
            Ok((Memory::new(bytes), get(data)))
        }
        _ => Err(Error::new(format!(
            "the program calls {MODULE} but exports no memory under the name `memory`, without which WASI cannot work"
        ))),
    }
}

/// The fuel that is left, if the layer asks for it.
fn fuel<T: 'static, L: Layer>(caller: &Caller<'_, T>) -> Result<u64, Error> {
    if L::CLOCKED { caller.get_fuel() } else { Ok(0) }
}

/// The result of a call: its errno as a number, or the end of the guest if the call has ended it.
fn answer<L: Layer>(wasi: &mut Wasi, result: Result<(), Errno>) -> Result<u32, Error> {
    L::check(wasi)?;
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

/// Converts an argument for a layer.
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

/// Defines all functions, with a layer around each.
fn define<T: 'static, L: Layer>(
    linker: &mut Linker<T>,
    get: fn(&mut T) -> &mut Wasi,
) -> Result<(), Error> {
    // A row is a call with its parameters in the witx order. `memory` is first if the call accesses the guest's memory.
    macro_rules! call {
        ($name:ident(ends $(, $arg:ident: $ty:ty $(= $kind:ident)?)*)) => {};
        ($name:ident(memory $(, $arg:ident: $ty:ty $(= $kind:ident)?)*)) => {
            linker.func_wrap(MODULE, stringify!($name), move |mut caller: Caller<'_, T>, $($arg: $ty),*| {
                let fuel = fuel::<T, L>(&caller)?;
                let (mut memory, wasi) = enter(&mut caller, get)?;
                let call = Call { name: stringify!($name), args: &[$($arg.bits()),*], fuel };
                let result = L::around(wasi, &mut memory, &call, |wasi, memory| wasi.$name(memory, $($arg),*));
                answer::<L>(wasi, result)
            })?;
        };
        ($name:ident($($arg:ident: $ty:ty $(= $kind:ident)?),*)) => {
            linker.func_wrap(MODULE, stringify!($name), move |mut caller: Caller<'_, T>, $($arg: $ty),*| {
                let fuel = fuel::<T, L>(&caller)?;
                let (wasi, mut none) = (get(caller.data_mut()), Memory::new(&mut []));
                let call = Call { name: stringify!($name), args: &[$($arg.bits()),*], fuel };
                let result = L::around(wasi, &mut none, &call, |wasi, _| wasi.$name($($arg),*));
                answer::<L>(wasi, result)
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
            let end = |wasi: &mut Wasi| Ok(Err(wasi.proc_exit(rval)));
            last::<T, L>(&mut caller, get, "proc_exit", rval, end).map(|_| ())
        },
    )?;
    linker.func_wrap(
        MODULE,
        "proc_raise",
        move |mut caller: Caller<'_, T>, sig: u32| -> Result<u32, Error> {
            let end = |wasi: &mut Wasi| wasi.proc_raise(sig);
            last::<T, L>(&mut caller, get, "proc_raise", sig, end)
        },
    )?;
    Ok(())
}

/// Makes a call that may end the guest.
fn last<T: 'static, L: Layer>(
    caller: &mut Caller<'_, T>,
    get: fn(&mut T) -> &mut Wasi,
    name: &'static str,
    arg: u32,
    run: impl FnOnce(&mut Wasi) -> Result<Result<(), Exit>, Errno>,
) -> Result<u32, Error> {
    let fuel = fuel::<T, L>(caller)?;
    let wasi = get(caller.data_mut());
    let args = &[arg.bits()];
    let result = L::last(wasi, &Call { name, args, fuel }, |wasi| {
        run(wasi)?.map_err(|end| {
            wasi.ended = Some(end);
            // Nobody sees it.
            Errno::Canceled
        })
    });
    answer::<L>(wasi, result)
}

/// Defines all functions for a guest that is replayed.
#[cfg(feature = "replay")]
fn define_replayed<T: 'static>(
    linker: &mut Linker<T>,
    get: fn(&mut T) -> &mut Player,
) -> Result<(), Error> {
    macro_rules! call {
        (proc_exit $params:tt) => {
            linker.func_wrap(MODULE, "proc_exit", move |mut caller: Caller<'_, T>, rval: u32| {
                replayed(&mut caller, get, "proc_exit", &[rval.bits()], false).map(|_| ())
            })?;
        };
        ($name:ident(ends, $($arg:ident: $ty:ty = $kind:ident),*)) => {
            call!($name($($arg: $ty = $kind),*));
        };
        ($name:ident(memory $(, $arg:ident: $ty:ty $(= $kind:ident)?)*)) => {
            linker.func_wrap(MODULE, stringify!($name), move |mut caller: Caller<'_, T>, $($arg: $ty),*| {
                replayed(&mut caller, get, stringify!($name), &[$($arg.bits()),*], true)
            })?;
        };
        ($name:ident($($arg:ident: $ty:ty $(= $kind:ident)?),*)) => {
            linker.func_wrap(MODULE, stringify!($name), move |mut caller: Caller<'_, T>, $($arg: $ty),*| {
                replayed(&mut caller, get, stringify!($name), &[$($arg.bits()),*], false)
            })?;
        };
    }
    macro_rules! calls {
        ($($name:ident: $family:ident $params:tt;)*) => { $(call!($name $params);)* };
    }
    with_calls!(calls);
    Ok(())
}

/// Answers a call from the log.
#[cfg(feature = "replay")]
fn replayed<T: 'static>(
    caller: &mut Caller<'_, T>,
    get: fn(&mut T) -> &mut Player,
    name: &'static str,
    args: &[u64],
    needs_memory: bool,
) -> Result<u32, Error> {
    let fuel = caller.get_fuel()?;
    let call = Call { name, args, fuel };
    let answered = if needs_memory {
        let (mut memory, player) = enter(caller, get)?;
        player.call(&call.numbered(), &mut memory)
    } else {
        get(caller.data_mut()).call(&call.numbered(), &mut Memory::new(&mut []))
    };
    let (answer, fuel) = answered.map_err(Error::host)?;
    if let Some(fuel) = fuel {
        caller.set_fuel(fuel)?;
    }
    match answer {
        Answer::Returns(errno) => Ok(errno),
        Answer::Exits(code) => Err(exit(Exit { code })),
    }
}
