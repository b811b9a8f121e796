//! Runs a program that can be frozen.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use board_settings::{HIBERNATED, HIBERNATING};
use embedded_io::Write;
use interp::{Error, FreezeError, ResumableCall, ResumableSuspended, Store, Trap};
use wasi_shim::{
    frozen_file::Front,
    wasi::{GivenUp, Wasi},
    whole,
};

use super::state::{Frozen, is_useless, starts_afresh};
use crate::kernel::{console, guest::Guest, mounted, stop};

/// Runs a program to its end, or until it hibernates: then the result is that of a program that has ended well.
///
/// # Errors
/// The inner error is that of the program. The outer one is a message: it could not be run.
pub(in crate::kernel) fn run(
    guest: &Guest<'_>,
    wasi: Wasi,
    frozen: Option<Frozen>,
) -> Result<Result<(), Error>, String> {
    let mut store = guest.store(wasi)?;
    let mut thawed = None;
    if let Some(frozen) = frozen {
        match thaw(guest, &mut store, &frozen)? {
            Ok(call) => thawed = Some(call),
            Err(why) => {
                starts_afresh(&why);
                store = guest.store(store.into_data())?;
            }
        }
    }
    let suspender = store.data().suspender();
    let call = match thawed {
        Some(call) => {
            guest.begin(&store, Some(suspender));
            call.resume(&mut store, &mut [])
        }
        None => {
            let instance = guest.instantiate(&mut store)?;
            let start = guest.start(&store, instance)?.func();
            guest.begin(&store, Some(suspender));
            start.call_resumable(&mut store, &[], &mut [])
        }
    };
    Ok(drive(guest, &mut store, call))
}

/// Continues a call until the program ends or hibernates.
fn drive(
    guest: &Guest<'_>,
    store: &mut Store<Wasi>,
    mut call: Result<ResumableCall, Error>,
) -> Result<(), Error> {
    let name = guest.program;
    loop {
        let suspended = match call {
            Ok(ResumableCall::Suspended(call)) => call,
            Ok(ResumableCall::HostTrap(call))
                if call.host_error().downcast_ref::<GivenUp>().is_some() =>
            {
                call.into_suspended()
            }
            ended => {
                if guest.settings.hibernate {
                    forget();
                }
                return match ended? {
                    ResumableCall::HostTrap(call) => Err(call.into_host_error()),
                    ResumableCall::OutOfFuel(_) => Err(Error::from(Trap::OutOfFuel)),
                    _ => Ok(()),
                };
            }
        };
        match write(store, &suspended) {
            Ok(()) => {
                console::print(format_args!("kernel: {name}: hibernated\n"));
                return Ok(());
            }
            Err(why) => {
                console::print(format_args!("kernel: {name}: {why}; it goes on\n"));
            }
        }
        stop::go_on();
        call = suspended.resume(&mut *store, &mut []);
    }
}

/// Gives a store the state of a frozen program. The inner error is the reason why a state that this kernel has written is useless.
///
/// # Errors
/// Says why the program cannot go on.
fn thaw(
    guest: &Guest<'_>,
    store: &mut Store<Wasi>,
    frozen: &Frozen,
) -> Result<Result<ResumableSuspended, String>, String> {
    let path = &frozen.path;
    store.prepare_to_thaw();
    guest.instantiate(store)?;
    let thawed = mounted::with(|fs| {
        let mut rest = frozen.rest(fs).map_err(interp::ThawError::Read)?;
        store.thaw(&mut rest)
    });
    let call = match thawed.ok_or("the volume is in use")? {
        Ok(call) => call,
        Err(error) if frozen.is_hibernated && is_useless(&error) => {
            return Ok(Err(error.to_string()));
        }
        Err(error) => return Err(format!("{path}: {error}")),
    };
    let told = store.data_mut().thaw(frozen.wasi());
    for line in told.map_err(|error| format!("{path}: {error}"))? {
        log::warn!("{path}: {line}");
    }
    if !frozen.is_hibernated {
        guest.set_fuel(store)?;
    }
    Ok(Ok(call))
}

/// Writes the state of a program to the volume.
///
/// # Errors
/// Says why not. An earlier state is still there.
fn write(store: &mut Store<Wasi>, call: &ResumableSuspended) -> Result<(), String> {
    let wasi = store.data_mut().freeze();
    let wasi = wasi.map_err(|what| format!("the program cannot be frozen: {what}"))?;
    let front = Front::new(Vec::new(), Vec::new()).encode(&wasi, None);
    let front = front.ok_or("there is no memory for the state")?;
    let written = mounted::with(|fs| {
        let root = fs.root();
        whole::replace(fs, root, HIBERNATED, HIBERNATING, |file| {
            file.write_all(&front)?;
            store.freeze(call, file)
        })
    });
    match written.ok_or("the volume is in use")? {
        Ok(()) => Ok(()),
        Err(FreezeError::Write(errno)) => Err(format!("cannot write {HIBERNATED}: {errno}")),
        Err(error) => Err(error.to_string()),
    }
}

/// Removes the state of a program that has ended, if there is one.
fn forget() {
    let removed = mounted::with(|fs| {
        let root = fs.root();
        whole::remove(fs, root, HIBERNATED)
    });
    if let Some(Err(errno)) = removed {
        log::error!("{HIBERNATED} cannot be removed: {errno}");
    }
}
