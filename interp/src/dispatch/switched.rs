//! The switching back end: one function with a loop, and in it a `match` with an arm for each op.
//!
//! All arms are compiled as one function. The machine's registers are its variables, which the compiler keeps in the
//! processor's registers from op to op. The back end needs no tail calls. It needs an optimising compiler, and a processor with
//! sixteen registers or more. Three measures make the code good and keep the compile time at a minute:
//!
//! * An op that returns an error leaves the `match`. One place after the `match` handles all errors. So hardly any arm contains
//!   a call, before which registers would have to be saved.
//! * Between two ops the float accumulator is held as an integer. Some integer registers are callee-saved and survive the few
//!   calls that remain. No float register does.
//! * The arms meet in groups before they all meet. See `switch` below.
//!
//! ```text
//! loop:  movzwl  (%r12), %ecx            the op
//!        leaq    arms(%rip), %rdx
//!        movslq  (%rdx,%rcx,4), %rcx
//!        addq    %rdx, %rcx
//!        jmpq    *%rcx                   its arm
//!        …
//!        movzwl  2(%r12), %eax           a slot number
//!        movzwl  4(%r12), %ecx           another
//!        movl    (%r15,%rcx,8), %r13d    acc ← its value
//!        addl    (%r15,%rax,8), %r13d    acc ← acc + the other's
//!        addq    $6, %r12
//!        jmp     loop
//! ```

use super::slow::{self, Next};
use super::{OpNumber, Step, anywhere, observe};
use crate::machine::{Context, Exit, Leave, Regs};
use crate::ops::{TABLE, has_handler};

/// The name of this back end.
pub const NAME: &str = "switch";

/// Op numbers in code are indices of the table.
pub const OP_SCALE: u16 = 1;

/// The code that runs the op at `m.ip` and moves `m.ip` to the next one. It returns false if the op cannot continue in the
/// ordinary way. The context then holds the reason, and `m.ip` the place at which the machine continues after a pause.
pub type Handler = unsafe fn(m: &mut Regs) -> bool;

/// The handler of `S`.
#[must_use]
pub const fn handler<S: Step>() -> Handler {
    step::<S>
}

/// Runs `S`.
#[inline(always)]
unsafe fn step<S: Step>(m: &mut Regs) -> bool {
    observe::step(m.ip, m.fp, m.acc, m.facc);
    let at = m.ip;
    m.ip = at.wrapping_add(1);
    // SAFETY: the machine's invariants hold at every op.
    unsafe {
        match S::run(m) {
            Ok(()) => {
                // Merging the common ends of arms takes the compiler minutes and makes the arms slower.
                anywhere::apart();
                true
            }
            Err(leave) => {
                if leave != Leave::Refuel && !S::TELLS {
                    m.ip = at;
                }
                (*m.cx).leave = leave;
                false
            }
        }
    }
}

const _: () = assert!(TABLE.len() <= 80 * 64, "`switch` has an arm for each op");

/// Runs from the registers given until the machine stops.
///
/// # Safety
/// The machine's invariants hold.
pub unsafe fn run(regs: Regs) -> Exit {
    let Regs {
        mut ip,
        mut fp,
        mut mem,
        mut mem_len,
        cx,
        mut acc,
        facc,
    } = regs;
    let mut facc = facc.to_bits();
    // SAFETY: invariant 1: the granule is the number of an op. One that leaves writes its reason into the context.
    unsafe {
        let mut op = ip.read();
        loop {
            // Float registers do not survive calls.
            facc = anywhere::in_register(facc);
            // New variables in each round: the compiler sees that no address of one is kept.
            let mut m = Regs {
                ip,
                fp,
                mem,
                mem_len,
                cx,
                acc,
                facc: f64::from_bits(facc),
            };
            let on = switch!(op, &mut m);
            (ip, fp, mem, mem_len, acc, facc) =
                (m.ip, m.fp, m.mem, m.mem_len, m.acc, m.facc.to_bits());
            if on {
                op = ip.read();
                continue;
            }
            match pause(cx, ip, fp, acc, f64::from_bits(facc)) {
                Next::Stop => break,
                go => {
                    m.reload_memory();
                    (ip, fp) = (*cx).stopped;
                    (mem, mem_len, acc) = (m.mem, m.mem_len, (*cx).call_acc);
                    op = go.op(cx, ip);
                }
            }
        }
        slow::reason(cx)
    }
}

/// Handles an error that an op returned. It is a function of its own: inlined, its calls would force the machine's registers
/// into memory.
///
/// # Safety
/// As [`slow::leave`].
#[cold]
#[inline(never)]
unsafe fn pause(cx: *mut Context, ip: *const u16, fp: *mut u64, acc: u64, facc: f64) -> Next {
    // SAFETY: invariants 2 and 4, promised by the caller.
    unsafe { slow::leave(cx, ip, fp, acc, facc) }
}

/// The op with number `N`, if there is one.
struct Numbered<const N: usize>;

impl<const N: usize> Numbered<N> {
    /// The number of the op.
    const NUMBER: u16 = N as u16;
    /// The code that runs the op.
    const HANDLER: Option<Handler> = if N < TABLE.len() && has_handler(OpNumber(Self::NUMBER)) {
        Some(TABLE[N])
    } else {
        None
    };

    /// Runs the op, as its handler does.
    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> bool {
        // SAFETY: invariant 1: such an op is at `ip`.
        unsafe {
            match Self::HANDLER {
                Some(handler) => handler(m),
                None => core::hint::unreachable_unchecked(),
            }
        }
    }
}

/// Runs the op with number `$op` on registers `$m`, and returns the result of its handler. It expands to a `match` with 5,120
/// arms, whose numbers consist of two digits to the base 64. Arms without an op are removed when the program is compiled. Arms with
/// the same first digit meet in a group before the groups meet: the time of the compiler's register coalescer is quadratic in the
/// number of arms that meet in one place.
macro_rules! switch {
    ($op:expr, $m:expr) => {
        switch!(@first $op, $m, 'met;
            'g0 0 'g1 1 'g2 2 'g3 3 'g4 4 'g5 5 'g6 6 'g7 7 'g8 8 'g9 9 'g10 10 'g11 11 'g12 12 'g13 13 'g14 14
            'g15 15 'g16 16 'g17 17 'g18 18 'g19 19 'g20 20 'g21 21 'g22 22 'g23 23 'g24 24 'g25 25 'g26 26 'g27 27
            'g28 28 'g29 29 'g30 30 'g31 31 'g32 32 'g33 33 'g34 34 'g35 35 'g36 36 'g37 37 'g38 38 'g39 39 'g40 40
            'g41 41 'g42 42 'g43 43 'g44 44 'g45 45 'g46 46 'g47 47 'g48 48 'g49 49 'g50 50 'g51 51 'g52 52 'g53 53
            'g54 54 'g55 55 'g56 56 'g57 57 'g58 58 'g59 59 'g60 60 'g61 61 'g62 62 'g63 63 'g64 64 'g65 65 'g66 66
            'g67 67 'g68 68 'g69 69 'g70 70 'g71 71 'g72 72 'g73 73 'g74 74 'g75 75 'g76 76 'g77 77 'g78 78 'g79 79;
            (0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37
            38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63))
    };
    (@first $op:expr, $m:expr, $met:lifetime; $($group:lifetime $a:literal)*; $digits:tt) => {
        $met: {
            switch!(@groups $met, $($group)*; switch!(@match $op, $m; $({ $group $a $digits })*))
        }
    };
    (@groups $met:lifetime, $group:lifetime $($others:lifetime)*; $match:expr) => {
        {
            let on = $group: {
                switch!(@groups $met, $($others)*; $match)
            };
            // Otherwise the compiler would join the groups of arms again.
            anywhere::apart();
            break $met on;
        }
    };
    (@groups $met:lifetime,; $match:expr) => {
        $match
    };
    (@match $op:expr, $m:expr; $({ $group:lifetime $a:literal ($($b:literal)*) })*) => {
        match $op {
            $($(Numbered::<{ $a * 64 + $b }>::NUMBER => {
                break $group Numbered::<{ $a * 64 + $b }>::run($m);
            })*)*
            _ => core::hint::unreachable_unchecked(),
        }
    };
}
use switch;
