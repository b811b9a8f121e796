//! The end of a run, and its message to the user: what happened, where, and what to do.

use std::fmt;

use anyhow::{Result, anyhow};
use interp::inspect::Spelled;
use interp::{Error, Trap, WasmBacktrace};

use crate::args::Limits;
use crate::exit::{self, Outcome};
use crate::refuse;
use crate::stop::Watch;
use crate::symbols::Symbols;

/// The default maximum size of a goroutine's stack, in bytes.
const GO_STACK: u64 = 1_000_000_000;
/// The status with which Go's runtime ends a program after a fatal error.
const GO_FAILED: i32 = 2;

/// Classifies the end of the guest called `name`, and prints a message unless the guest ended by itself. If the guest was
/// asked to stop, the result is the stop, even if the guest ended in another way. `look` finds the program's symbols.
///
/// # Errors
/// The reason why the guest could not run.
pub(crate) fn explain<'a>(
    end: Result<()>,
    watch: &Watch,
    limits: &Limits,
    name: &str,
    look: impl Fn() -> Option<Symbols<'a>>,
) -> Result<Outcome> {
    let stopped: Option<&Error> = end.as_ref().err().and_then(|error| error.downcast_ref());
    let backtrace = stopped.and_then(Error::backtrace);
    if let Some(cause) = watch.guest_is_over() {
        let mut says = watch.says(cause);
        if stopped.and_then(Error::lowered_func).is_some() {
            says.push_str(", while a function was lowered");
        }
        stopped_at(name, &says, cause.outcome().status(), backtrace, look);
        return Ok(cause.outcome());
    }
    if let Some(status) = stopped.and_then(Error::i32_exit_status) {
        return Ok(Outcome::Guest(status));
    }
    #[cfg(feature = "exceptions")]
    if let Some(thrown) = stopped.and_then(Error::downcast_ref::<interp::ThrownException>) {
        tell(name, thrown);
        show(backtrace, look().as_ref());
        return Ok(Outcome::Trapped);
    }
    // A function may be refused when it is called.
    if let Some(stopped) = stopped
        && let Some(refused) = stopped.as_module_error()
    {
        let message = stopped.to_string();
        let told = refuse::told(refused);
        return Err(anyhow!(message.replacen(&refused.to_string(), &told, 1)));
    }
    let Some(trap) = stopped.and_then(Error::as_trap) else {
        return end.map(|()| Outcome::Guest(0));
    };
    let symbols = look();
    if trap == Trap::StackOverflow
        && let (Some(program), Some(backtrace)) =
            (symbols.as_ref().and_then(Symbols::go), backtrace)
        && let Some(text) = program.stack_overflow(backtrace, limits.max_stack.unwrap_or(GO_STACK))
    {
        exit::tell(text);
        tell(name, &Told { trap, limits });
        return Ok(Outcome::Guest(GO_FAILED));
    }
    tell(name, &Told { trap, limits });
    show(backtrace, symbols.as_ref());
    Ok(Outcome::Trapped)
}

/// Prints the message that a guest was stopped, and where. If the status is that of a request by a user, who knows the reason, one line
/// is enough.
pub(crate) fn stopped_at<'a>(
    name: &str,
    says: &str,
    status: i32,
    backtrace: Option<&WasmBacktrace>,
    look: impl Fn() -> Option<Symbols<'a>>,
) {
    let symbols = look();
    let innermost = backtrace.and_then(|backtrace| innermost(backtrace, symbols.as_ref()));
    match innermost {
        Some(func) if !matches!(status, exit::TRAPPED | exit::QUIT) => {
            tell(name, &format_args!("{says}, in {func}"));
        }
        _ => {
            tell(name, &says);
            show(backtrace, symbols.as_ref());
            if let Some(program) = symbols.as_ref().and_then(Symbols::go) {
                exit::tell(format_args!("\n{}", program.goroutines(backtrace)));
            }
        }
    }
}

fn tell(name: &str, what: &dyn fmt::Display) {
    exit::tell(format_args!("wasi-interp: {name}: {what}"));
}

/// Prints the backtrace of the guest, if there is one.
fn show(backtrace: Option<&WasmBacktrace>, symbols: Option<&Symbols<'_>>) {
    if let Some(backtrace) = backtrace.filter(|backtrace| !backtrace.frames().is_empty()) {
        match symbols {
            Some(symbols) => exit::tell(symbols.backtrace(backtrace)),
            None => exit::tell(backtrace),
        }
    }
}

/// The function that was running.
fn innermost(backtrace: &WasmBacktrace, symbols: Option<&Symbols<'_>>) -> Option<String> {
    let frame = backtrace.frames().first()?;
    let known = symbols.and_then(|symbols| symbols.name(frame));
    Some(match known.or(frame.func_name()) {
        Some(name) => Spelled(name).to_string(),
        None => format!("function {}", frame.func_index()),
    })
}

/// The message of a trap. For a limit, it names the option.
struct Told<'a> {
    trap: Trap,
    limits: &'a Limits,
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trap = self.trap;
        match (trap, self.limits) {
            (
                Trap::OutOfFuel,
                Limits {
                    fuel: Some(units), ..
                },
            ) => write!(
                f,
                "{trap}: --fuel allows it {units} calls and backward branches"
            ),
            (
                Trap::StackOverflow,
                Limits {
                    max_stack: Some(bytes),
                    ..
                },
            ) => write!(
                f,
                "{trap}: --max-stack allows {} for nested calls",
                Size(*bytes)
            ),
            (Trap::StackOverflow, _) => {
                write!(f, "{trap}: deeper recursion needs --max-stack SIZE")
            }
            _ => trap.fmt(f),
        }
    }
}

/// A number of bytes in the form of an option.
pub(crate) struct Size(pub(crate) u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u32, &str); 4] = [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")];
        let whole = |(shift, _): &&(u32, &str)| self.0.trailing_zeros() >= *shift && self.0 != 0;
        match UNITS.iter().find(whole) {
            Some((shift, unit)) => write!(f, "{}{unit}", self.0 >> shift),
            None => write!(f, "{} bytes", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_options_take_them() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (1000, "1000 bytes"),
            (64 << 10, "64KiB"),
            (3 << 19, "1536KiB"),
            (3 << 30, "3GiB"),
            (1 << 50, "1024TiB"),
        ] {
            assert_eq!(Size(bytes).to_string(), text);
        }
    }

    #[test]
    fn limits_name_their_options() {
        let told = |trap, limits: &Limits| Told { trap, limits }.to_string();
        let limits = Limits {
            fuel: Some(7),
            max_stack: Some(64 << 10),
            ..Limits::default()
        };
        assert_eq!(
            told(Trap::OutOfFuel, &limits),
            "all fuel consumed: --fuel allows it 7 calls and backward branches"
        );
        assert_eq!(
            told(Trap::StackOverflow, &limits),
            "call stack exhausted: --max-stack allows 64KiB for nested calls"
        );
        assert!(told(Trap::StackOverflow, &Limits::default()).contains("--max-stack SIZE"));
        assert_eq!(told(Trap::IntegerOverflow, &limits), "integer overflow");
    }
}
