//! Values: local 0, addresses, numbers, conditions. Also the fuel.

use super::{Builder, Kind, put};

impl Builder {
    /// Go's stack pointer as an address.
    pub(super) fn sp(&self) -> String {
        if self.wide_sp {
            "(i32.wrap_i64 (local.get $sp))".into()
        } else {
            "(local.get $sp)".into()
        }
    }

    /// An address. Most addresses are inside of the memory.
    pub(super) fn address(&mut self) -> String {
        match self.random.below(4) {
            0 => self.sp(),
            1 => "(i32.wrap_i64 (i64.add (local.get $b) (i64.const 24)))".into(),
            _ => "(i32.and (local.get $x) (i32.const 0xff8))".into(),
        }
    }

    /// Consumes one unit of fuel, or traps without any.
    pub(super) fn burn(&mut self) {
        put!(
            self,
            "(global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))"
        );
        put!(
            self,
            "(if (i32.lt_s (global.get $fuel) (i32.const 0)) (then (unreachable)))"
        );
    }

    /// Local 0 as an `i32`.
    pub(super) fn state(&self) -> String {
        match self.kind {
            Kind::WideState => "(i32.wrap_i64 (local.get $s))".into(),
            _ => "(local.get $s)".into(),
        }
    }

    pub(super) fn set_state(&mut self, point: u64) -> String {
        match self.kind {
            // The upper half is ignored.
            Kind::WideState => {
                let high = if self.one_in(8) { 1 << 32 } else { 0 };
                format!("(local.set $s (i64.const {}))", high | point)
            }
            _ => format!("(local.set $s (i32.const {point}))"),
        }
    }

    /// Sets local 0 to an `i32`.
    pub(super) fn set_state_to(&mut self, value: &str) -> String {
        match self.kind {
            Kind::WideState => format!("(local.set $s (i64.extend_i32_s {value}))"),
            _ => format!("(local.set $s {value})"),
        }
    }

    /// A small `i32` that is computed at run time.
    pub(super) fn small(&mut self) -> String {
        let n = self.random.below(4);
        format!("(i32.and (i32.add (local.get $x) (i32.const {n})) (i32.const 3))")
    }

    /// An `i32`: a constant, a local, or a computed value.
    pub(super) fn value(&mut self) -> String {
        match self.random.below(3) {
            0 => format!("(i32.const {})", self.random.below(50)),
            1 => "(local.get $y)".into(),
            _ => self.small(),
        }
    }

    pub(super) fn condition(&mut self) -> String {
        let n = self.random.below(8);
        match self.random.below(4) {
            0 => format!("(i32.lt_u (local.get $y) (i32.const {n}))"),
            1 => format!("(i64.gt_s (local.get $a) (i64.const {n}))"),
            2 => "(i32.and (local.get $x) (i32.const 1))".into(),
            _ => format!("(i32.eq (local.get $x) (i32.const {n}))"),
        }
    }
}
