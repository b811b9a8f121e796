//! Calls in the form of Go's compiler, and Go's stack pointer.

use super::{Builder, Deviation, Kind, put};

impl Builder {
    /// A call of a function, or through a function value, in the form of Go's compiler.
    pub(super) fn go_call(&mut self) {
        let deviates = self.has(Deviation::Call) && self.one_in(2);
        let choice = if deviates {
            self.random.below(9)
        } else {
            u64::MAX
        };
        let pending = self.has(Deviation::Pending) && self.one_in(2);
        if pending {
            // Stays on the stack during all of the following.
            let value = if self.has(Deviation::Reads) {
                self.state()
            } else {
                "(local.get $y)".into()
            };
            put!(self, "{value}");
        }
        if choice == 0 {
            // The arguments of a function with two parameters, before everything else.
            put!(
                self,
                "(i32.const 0) (i32.add (local.get $x) (local.get $y))"
            );
        }
        let taken = if choice == 1 { 16 } else { 8 };
        self.move_sp("sub", taken);
        let address = [268_566_534, 12, 0x8000_0001, 0xffff_ffff_8000_0001_u64]
            [self.random.below(4) as usize];
        let sp = self.sp();
        put!(self, "{sp} (i64.const {address}) (i64.store)");
        let argument = if choice == 2 {
            self.small()
        } else {
            "(i32.const 0)".into()
        };
        if choice == 0 || choice > 2 && self.one_in(3) {
            self.indirect_call(choice, &argument);
        } else {
            match self.go_function() {
                Some(func) => put!(self, "{argument} (call $f{func})"),
                None if self.imports => put!(self, "{argument} (call $h)"),
                None => put!(
                    self,
                    "{argument} (drop) (i32.and (local.get $x) (i32.const 1))"
                ),
            }
        }
        if choice != 3 {
            put!(self, "(local.set $sp (global.get $sp))");
        }
        if choice == 4 {
            put!(self, "(i32.eqz)");
        }
        put!(self, "(br_if $unwind)");
        if pending {
            put!(self, "(local.set $y)");
        }
    }

    /// The part of a call between the return address and the result.
    fn indirect_call(&mut self, choice: u64, argument: &str) {
        let elements = self.funcs + 3 + u64::from(self.imports);
        let two = self.funcs + u64::from(self.imports);
        let element = match choice {
            0 => two,
            7 => two + 1,
            _ if self.one_in(8) => self.random.below(elements),
            _ => self.go_function().unwrap_or(0),
        };
        let junk = self.random.below(1 << 16) | self.random.below(2) << 48;
        put!(self, "(local.set $c (i64.const {}))", element << 16 | junk);
        let value = if choice == 5 && self.wide_sp {
            "$sp"
        } else {
            "$c"
        };
        put!(
            self,
            "(i32.wrap_i64 (i64.shr_u (local.get {value}) (i64.const 16)))"
        );
        let set = if self.kind == Kind::WideState {
            "$carry"
        } else {
            "$s"
        };
        put!(self, "(local.set {set})");
        let ty = match choice {
            0 => "$two",
            7 => "$pair",
            _ => "$go",
        };
        match choice {
            0 => put!(self, "(local.get {set}) (call_indirect (type {ty}))"),
            // Kept on the stack, and used after the call.
            6 => {
                put!(
                    self,
                    "(local.get {set}) {argument} (local.get {set}) (call_indirect (type {ty}))"
                );
                put!(
                    self,
                    "(local.set $sp (global.get $sp)) (br_if $unwind) (local.set $x) (i32.const 0)"
                );
            }
            7 => put!(
                self,
                "{argument} (local.get {set}) (call_indirect (type {ty})) (drop)"
            ),
            _ => put!(
                self,
                "{argument} (local.get {set}) (call_indirect (type {ty}))"
            ),
        }
    }

    /// Adds to Go's stack pointer, or subtracts from it.
    pub(super) fn move_sp(&mut self, op: &str, bytes: u64) {
        let sp = self.sp();
        let moved = format!("(i32.{op} {sp} (i32.const {bytes}))");
        let moved = if self.wide_sp {
            format!("(i64.extend_i32_u {moved})")
        } else {
            moved
        };
        put!(self, "(global.set $sp (local.tee $sp {moved}))");
    }
}
