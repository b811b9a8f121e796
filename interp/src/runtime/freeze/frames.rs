//! The value stack of a suspended call.
//!
//! A frame is written as its function and the number of its next op. Its header is not: the call in front of that op says where the next
//! frame begins, and what its header is. So a state that anybody wrote leads to headers that are right, and to frames inside of the stack.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use embedded_io::{Read, Write};

use super::ThawError;
use super::positions::{Addresses, Call, Positions};
use super::wire::{Reader, Writer};
use crate::machine::{ForeignFrame, FuncEntry, HEADER_SLOTS, Header, Stack};
use crate::ops::{go, stub};
use crate::runtime::run::suspend::{Place, Suspended};
use crate::runtime::store::Inner;
use crate::runtime::store::state::State;

/// The number in place of that of an op for a function that has not begun.
const NOT_BEGUN: u32 = u32::MAX;

/// A suspended call in the form in which it is written.
pub(super) struct Frozen {
    func: u32,
    /// The host function that is called again, plus one, or 0.
    host: u32,
    acc: u64,
    facc: u64,
    owed: u64,
    /// Units of fuel that an op has paid in advance and pays again.
    pub(super) refund: u64,
    /// For each frame its function and the number of its next op, the outermost last.
    frames: Vec<(u32, u32)>,
    /// Headers are zero.
    slots: Vec<u64>,
}

impl Frozen {
    /// Converts a call. Fails with the reason why it cannot be written.
    pub(super) fn of(state: &State, call: &Suspended) -> Result<Self, String> {
        let place = &call.place;
        let addresses = Addresses::of(state);
        let mut positions = Positions::default();
        let nowhere = || String::from("its stack cannot be read");
        let (mut ip, mut frame) = (place.ip, place.frame);
        let mut instance = place.instance.ok_or_else(nowhere)?;
        let mut callee = place.callee;
        let mut frames: Vec<(u32, u32)> = Vec::new();
        let (mut acc, mut facc) = (0, 0);
        // SAFETY: the slots of the stack of a resumable call are initialised, and nothing runs on it.
        let all = unsafe { core::slice::from_raw_parts(call.stack.base(), call.stack.len()) };
        // Addresses, which are not written: the first slot, and how many there are.
        let mut headers: Vec<(usize, usize)> = Vec::new();
        let mut end = 0;
        loop {
            let func = callee.or_else(|| addresses.find(state, ip, instance));
            let func = func.ok_or_else(nowhere)?;
            let entry = state.funcs[func as usize];
            // A frame whose callee is not lowered ends behind that of the callee.
            end = end.max(frame + entry.frame_slots as usize);
            let number = if callee.is_some() {
                NOT_BEGUN
            } else {
                let ops = positions.of(state, func).ok_or_else(nowhere)?;
                let number = ops.number_of(ip).ok_or_else(nowhere)?;
                if frames.is_empty() && ops.has_accumulators(number) {
                    // Elsewhere they hold what nobody reads, such as the address of a callee.
                    (acc, facc) = (place.acc, place.facc.to_bits());
                }
                number
            };
            callee = None;
            frames.push((func, number));
            // SAFETY: the frame has a header there, and one of another instance has its data below.
            let mut header = unsafe { Header::read(all.as_ptr().add(frame + entry.header())) };
            headers.push((frame + entry.header(), HEADER_SLOTS));
            if header.return_ip == stub::halt() {
                break;
            }
            if header.return_ip == stub::restore() {
                frame -= ForeignFrame::SLOTS;
                // SAFETY: as above.
                let foreign = unsafe { ForeignFrame::read(all.as_ptr().add(frame)) };
                headers.push((frame, ForeignFrame::SLOTS));
                (instance, header) = (foreign.instance, foreign.header);
            }
            frame -= header.slots();
            ip = header.return_ip;
        }
        // An op that pays in advance has taken all that was left, and owes the rest.
        let (owed, refund) = match place.paid {
            0 => (place.owed.unsigned_abs(), 0),
            paid => (0, paid.saturating_sub(place.owed.unsigned_abs())),
        };
        let mut slots = Vec::from(&all[..end]);
        for (at, len) in headers {
            slots[at..at + len].fill(0);
        }
        Ok(Self {
            func: call.func,
            host: place.host.map_or(0, |host| host + 1),
            acc,
            facc,
            owed,
            refund,
            frames,
            slots,
        })
    }

    pub(super) fn write<W: Write>(&self, out: &mut Writer<'_, W>) -> Result<(), W::Error> {
        out.u32(self.func)?;
        out.u32(self.host)?;
        for number in [self.acc, self.facc, self.owed] {
            out.u64(number)?;
        }
        out.len(self.frames.len())?;
        for (func, number) in self.frames.iter().rev() {
            out.u32(*func)?;
            out.u32(*number)?;
        }
        out.len(self.slots.len())?;
        self.slots.iter().try_for_each(|slot| out.u64(*slot))
    }
}

/// A stack while it is built from the outermost frame inwards.
struct Builder {
    stack: Stack,
    /// The frame that was added last, its function and the number of its next op.
    innermost: Option<(usize, FuncEntry, u32)>,
    outermost: Option<FuncEntry>,
    /// The address of the next op of the innermost frame.
    ip: *const u16,
    /// The call in front of it.
    call: Option<Call>,
    /// The function of that frame, if the op is the stub that lowers it.
    callee: Option<u32>,
}

/// Reads a suspended call, for a store whose other contents were read.
pub(super) fn read<T, R: Read>(
    inner: &mut Inner<T>,
    input: &mut Reader<'_, R>,
) -> Result<Suspended, ThawError<R::Error>> {
    let (func, host) = (input.u32()?, input.u32()?);
    let acc = input.u64()?;
    let facc = f64::from_bits(input.u64()?);
    let owed = input.u64()?;
    let owed = i64::try_from(owed).map_err(|_| ThawError::damaged("it owes too much fuel"))?;
    let frames = input.u32()?;
    let places = (0..frames)
        .map(|_| Ok((input.u32()?, input.u32()?)))
        .collect::<Result<Vec<_>, ThawError<_>>>()?;
    // The slots come before the headers that are written over them.
    let len = input.u32()? as usize;
    let most = inner.state.engine.config().max_stack / size_of::<u64>();
    let mut stack = Stack::zeroed(most);
    let room = |error: crate::Trap| ThawError::Store(error.into());
    stack.grow(len).map_err(room)?;
    for index in 0..len {
        let slot = input.u64()?;
        // SAFETY: the stack has `len` slots.
        unsafe { stack.base().add(index).write(slot) };
    }
    let mut builder = Builder {
        stack,
        innermost: None,
        outermost: None,
        ip: stub::halt(),
        call: None,
        callee: None,
    };
    let mut positions = Positions::default();
    for (func, number) in places {
        builder.add(inner, &mut positions, func, number, len)?;
    }
    let Some((frame, entry, number)) = builder.innermost else {
        return Err(ThawError::damaged("it has no frames"));
    };
    let mut place = Place {
        ip: builder.ip,
        frame,
        acc,
        facc,
        instance: Some(entry.instance),
        callee: builder.callee,
        owed,
        paid: 0,
        results: 0,
        host: None,
    };
    if let Some(host) = host.checked_sub(1) {
        let base = builder.call.map(|call| call.base);
        let fits = |base: &usize| {
            let host = inner.state.funcs.get(host as usize)?;
            let is_host = host.instance == FuncEntry::HOST;
            (is_host && base + host.header() <= entry.frame_slots as usize).then_some(())
        };
        let base = base.filter(|base| number != NOT_BEGUN && fits(base).is_some());
        let base = base.ok_or_else(|| ThawError::damaged("no host function is called there"))?;
        place.results = frame + base;
        place.host = Some(host);
    }
    let called = inner.state.funcs.get(func as usize);
    let returns = |called: &&FuncEntry| {
        called.instance != FuncEntry::HOST
            // The function may have been replaced by a tail call.
            && builder.outermost.is_some_and(|outermost| outermost.results == called.results)
    };
    if called.filter(returns).is_none() {
        return Err(ThawError::damaged(
            "its outermost frame is of another function",
        ));
    }
    let ty = inner.state.func_type(func as usize);
    if ty.results().iter().any(|ty| ty.is_ref()) {
        return Err(ThawError::damaged("the called function returns references"));
    }
    let store = inner.state.id;
    Ok(Suspended::new(store, func, builder.stack, place))
}

impl Builder {
    /// Adds the frame of `func`, whose next op is `number`. Slots from `read` on were not in the state.
    fn add<T, E>(
        &mut self,
        inner: &mut Inner<T>,
        positions: &mut Positions,
        func: u32,
        number: u32,
        read: usize,
    ) -> Result<(), ThawError<E>> {
        let damaged = |what: &str| ThawError::Damaged(format!("{what} (in function {func})"));
        let entry = inner.state.funcs.get(func as usize);
        let entry = entry.ok_or_else(|| damaged("there is no such function"))?;
        if entry.instance == FuncEntry::HOST {
            return Err(damaged("it has a frame of a function of the host"));
        }
        if number != NOT_BEGUN && entry.code == stub::lower() {
            inner.lower_now(func).map_err(ThawError::Store)?;
        }
        let entry = inner.state.funcs[func as usize];
        let (ip, call) = if number == NOT_BEGUN {
            // Perhaps the stub that lowers it.
            (entry.code, None)
        } else {
            let ops = positions.of(&inner.state, func);
            let ops = ops.ok_or_else(|| damaged("its code cannot be read"))?;
            let ip = ops.address(number);
            let ip = ip.ok_or_else(|| damaged("no op begins at its place"))?;
            (ip, ops.call_before(number))
        };
        let (frame, foreign, header) = match self.innermost {
            None => {
                let header = Header {
                    return_ip: stub::halt(),
                    distance: 0,
                };
                (0, None, header)
            }
            Some((caller, caller_entry, _)) => {
                let call = self.call.ok_or_else(|| damaged("nothing calls it"))?;
                // Lowering has put the callee's frame behind the header. It is checked here, too, because nothing else protects the header.
                if call.base < caller_entry.header() + HEADER_SLOTS {
                    return Err(damaged(
                        "its frame would begin in front of its caller's header",
                    ));
                }
                let is_foreign = caller_entry.instance != entry.instance;
                let goes_on = if call.is_go && !is_foreign {
                    go::GO_CALL
                } else {
                    0
                };
                let header = Header {
                    return_ip: self.ip,
                    distance: call.base as u64 | goes_on,
                };
                let below = caller + call.base;
                let foreign = is_foreign.then_some((below, caller_entry.instance));
                let slots = if is_foreign { ForeignFrame::SLOTS } else { 0 };
                (below + slots, foreign, header)
            }
        };
        let end = frame + entry.frame_slots as usize;
        if number != NOT_BEGUN && end > read {
            // A function that has not begun zeroes its locals.
            return Err(damaged("its frame is not whole"));
        }
        if frame + entry.header() > read {
            return Err(damaged("its parameters are missing"));
        }
        let room = |error: crate::Trap| ThawError::Store(error.into());
        self.stack.grow(end).map_err(room)?;
        let locals = frame + entry.header() + HEADER_SLOTS;
        // SAFETY: the stack has all slots of the frame, and those of a foreign frame below it.
        unsafe {
            let base = self.stack.base();
            if number == NOT_BEGUN {
                for slot in locals..end {
                    base.add(slot).write(0);
                }
            }
            let header = match foreign {
                None => header,
                Some((below, instance)) => {
                    ForeignFrame {
                        header,
                        instance,
                        results: entry.results,
                    }
                    .write(base.add(below));
                    Header {
                        return_ip: stub::restore(),
                        distance: 0,
                    }
                }
            };
            header.write(base.add(frame + entry.header()));
        }
        self.callee = (ip == stub::lower()).then_some(func);
        self.outermost = self.outermost.or(Some(entry));
        self.innermost = Some((frame, entry, number));
        self.ip = ip;
        self.call = call;
        Ok(())
    }
}
