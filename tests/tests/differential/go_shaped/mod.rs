//! Random modules whose functions are shaped like those of Go's compiler, with deviations.
//!
//! Lowering recognises patterns of Go's compiler (`interp/src/compile/func/go.rs` and `go_calls.rs` list them with their
//! conditions). wasm-smith never generates these patterns. This generator does, and changes them in the places that the
//! conditions are about. A function has few deviations, because one with all of them would never be recognised.
//!
//! * this file: the module around the functions, and the deviations;
//! * `function.rs`: a function: its resume table, and the code of each label;
//! * `statement.rs`: statements: arithmetic, memory, branches;
//! * `call.rs`: calls, and Go's stack pointer; `value.rs`: values.
//!
//! Every module ends, because each cycle consumes one unit of the global `$fuel`. No `select` depends on a comparison,
//! because wasmi computes that wrongly.

mod call;
mod function;
mod statement;
mod value;

use std::fmt::Write;

use crate::seen::Random;

/// Differences from the code of Go's compiler, one bit each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deviation {
    /// Local 0 is read.
    Reads,
    /// Local 0 is set to a computed value, by `local.set` and by `local.tee`.
    Computes,
    /// Local 0 is set on one of two paths.
    SetsOnOnePath,
    /// A branch to the loop without an assignment of local 0.
    NoSet,
    /// A branch to a label of the table that bypasses the table.
    Middle,
    /// A loop in the loop, with a table of its own.
    InnerTable,
    /// A block after the loop, which has the loop's position among the blocks.
    Behind,
    /// Values on the operand stack across branches and calls.
    Pending,
    /// A call in another order, with other operands or another type.
    Call,
    /// A branch after a call that leads to other code than a return of 1.
    Unwinds,
    /// A loop around the loop, which is also a target of the table.
    Outer,
    /// A second loop that begins at the same place as the first one.
    TwoHeads,
    /// Code before the loop that reads local 0.
    Guard,
    /// Labels that carry a value.
    Carries,
    /// A loop with a parameter.
    LoopTakes,
    /// A branch table on another local, to the labels of the resume table.
    OtherTable,
    /// Tail calls.
    TailCalls,
    /// A start that differs from Go's.
    Start,
}

const DEVIATIONS: u32 = Deviation::Start as u32 + 1;

/// The parameters and results of a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Like Go's functions: `(i32) → i32`.
    Go,
    /// A state machine with other parameters, as C compilers emit it.
    State,
    /// The same with an `i64` as its state.
    WideState,
}

/// A module that is being built.
struct Builder {
    random: Random,
    text: String,
    /// The number of functions.
    funcs: u64,
    kinds: Vec<Kind>,
    /// Whether Go's stack pointer is an `i64`.
    wide_sp: bool,
    /// Whether a function of the host is imported.
    imports: bool,
    /// The deviations of the current function.
    deviations: u32,
    kind: Kind,
    /// The labels of the current resume table.
    labels: u64,
    /// The number of labels whose blocks contain the current code. It may branch to the labels from there on.
    open: u64,
    /// A number for names.
    names: u64,
}

/// The module of `seed` in the text format.
pub(crate) fn text(seed: u64) -> String {
    let mut random = Random::new(seed);
    let funcs = 1 + random.below(4);
    let kinds = (0..funcs).map(|_| match random.below(8) {
        0 | 1 => Kind::State,
        2 => Kind::WideState,
        _ => Kind::Go,
    });
    let kinds: Vec<Kind> = kinds.collect();
    let mut builder = Builder {
        text: String::new(),
        funcs,
        kind: kinds[0],
        kinds,
        wide_sp: random.below(12) == 0,
        imports: random.below(4) == 0,
        deviations: 0,
        labels: 0,
        open: 0,
        names: 0,
        random,
    };
    builder.module();
    builder.text
}

/// The module of `seed`.
pub(crate) fn module(seed: u64) -> Vec<u8> {
    let text = text(seed);
    wat::parse_str(&text).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{text}"))
}

/// Writes text like `format!`, followed by a blank.
macro_rules! put {
    ($builder:expr, $($text:tt)*) => {{
        use std::fmt::Write as _;
        let _ = write!($builder.text, $($text)*);
        $builder.text.push('\n');
    }};
}
pub(crate) use put;

impl Builder {
    fn has(&self, deviation: Deviation) -> bool {
        self.deviations >> deviation as u32 & 1 == 1
    }

    /// Returns true with a probability of one in `many`.
    fn one_in(&mut self, many: u64) -> bool {
        self.random.below(many) == 0
    }

    fn name(&mut self) -> u64 {
        self.names += 1;
        self.names
    }

    fn module(&mut self) {
        put!(self, "(module");
        if self.imports {
            put!(
                self,
                r#"(import "host" "h" (func $h (param i32) (result i32)))"#
            );
            put!(self, r#"(import "host" "g" (global $imported i32))"#);
        }
        put!(self, "(type $go (func (param i32) (result i32)))");
        put!(self, "(type $two (func (param i32 i32) (result i32)))");
        put!(self, "(type $pair (func (param i32) (result i32 i32)))");
        put!(self, r#"(memory (export "memory") 1 1)"#);
        // The guard of the stack. Most stack pointers are above it.
        let guard = [0_u32, 100, 30_000, 65_528][self.random.below(4) as usize];
        let [a, b, c, d] = guard.to_le_bytes();
        put!(
            self,
            r#"(data (i32.const 1040) "\{a:02x}\{b:02x}\{c:02x}\{d:02x}")"#
        );
        let top = [32_768, 65_536, 65_544, 40][self.random.below(4) as usize];
        let (ty, sp) = if self.wide_sp {
            let high = self.random.below(2) * 5;
            ("i64", format!("(i64.const {})", high << 32 | top))
        } else {
            ("i32", format!("(i32.const {top})"))
        };
        put!(self, r#"(global $sp (export "sp") (mut {ty}) {sp})"#);
        put!(
            self,
            r#"(global $other (export "other") (mut i64) (i64.const 7))"#
        );
        put!(self, "(global $g (mut i32) (i32.const 1024))");
        let fuel = if self.one_in(8) { 1500 } else { 60 };
        put!(
            self,
            r#"(global $fuel (export "fuel") (mut i32) (i32.const {fuel}))"#
        );
        self.table();
        put!(
            self,
            "(func $reset (global.set $sp {sp}) (global.set $fuel (i32.const {fuel})))"
        );
        put!(
            self,
            "(func $two (type $two) (global.set $other (i64.extend_i32_s (local.get 1))) (i32.eqz (local.get 0)))"
        );
        put!(
            self,
            "(func $pair (type $pair) (i32.const 1) (local.get 0))"
        );
        for index in 0..self.funcs {
            self.function(index);
        }
        for call in 0..3 * self.funcs {
            let func = self.random.below(self.funcs);
            put!(self, r#"(export "c{:02}" (func $reset))"#, 2 * call);
            put!(self, r#"(export "c{:02}" (func $f{func}))"#, 2 * call + 1);
        }
        put!(self, ")");
    }

    /// The table of functions: Go's and others, and null in one place.
    fn table(&mut self) {
        let mut elements = String::new();
        for index in 0..self.funcs {
            let _ = write!(elements, " $f{index}");
        }
        if self.imports {
            elements.push_str(" $h");
        }
        put!(self, "(table {} funcref)", self.funcs + 5);
        put!(self, "(elem (i32.const 0) func{elements} $two $pair)");
    }

    /// The index of a function that has Go's type.
    fn go_function(&mut self) -> Option<u64> {
        let index = self.random.below(self.funcs);
        (self.kinds[index as usize] == Kind::Go).then_some(index)
    }
}
