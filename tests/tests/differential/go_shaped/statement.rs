//! Statements: arithmetic, memory, branches.

use super::{Builder, Deviation, Kind, put};

/// The maximum nesting of statements.
const DEPTH: u32 = 3;

impl Builder {
    /// Writes a statement. It leaves nothing on the operand stack.
    pub(super) fn statement(&mut self, depth: u32) {
        let usual = if depth < DEPTH { 14 } else { 9 };
        // A deviation, if the function has one that is a statement and it is drawn. Otherwise a statement that Go's
        // functions have, too.
        if depth < DEPTH && self.one_in(2) && self.deviation(depth) {
            return;
        }
        let n = self.random.below(40);
        match self.random.below(usual) {
            0 => put!(
                self,
                "(local.set $a (i64.add (local.get $a) (i64.const {n})))"
            ),
            1 => put!(
                self,
                "(local.set $x (i32.xor (i32.mul (local.get $x) (i32.const 5)) (local.get $y)))"
            ),
            2 => put!(
                self,
                "(local.set $b (i64.extend_i32_u (i32.wrap_i64 (i64.add (local.get $a) (i64.const {n})))))"
            ),
            3 => put!(
                self,
                "(local.set $f (f64.add (local.get $f) (f64.convert_i32_s (local.get $x))))"
            ),
            4 => {
                let address = self.address();
                put!(self, "(i64.store offset={n} {address} (local.get $a))");
            }
            5 => {
                let address = self.address();
                put!(self, "(local.set $c (i64.load offset={n} {address}))");
            }
            6 => put!(
                self,
                "(local.set $y (i32.add (local.get $y) (i32.const {n})))"
            ),
            7 => put!(
                self,
                "(local.set $a (select (local.get $a) (local.get $b) (local.get $y)))"
            ),
            8 => put!(
                self,
                "(global.set $other (i64.add (global.get $other) (i64.extend_i32_u (local.get $x))))"
            ),
            9 => {
                let (condition, point) = (self.condition(), self.random.below(self.labels + 2));
                put!(self, "(if {condition} (then");
                if self.open == u64::MAX {
                    self.statement(depth + 1);
                } else {
                    self.again(Some(point));
                }
                put!(self, "))");
            }
            10 => {
                let (condition, name) = (self.condition(), self.name());
                put!(self, "(loop $in{name}");
                self.burn();
                self.statement(depth + 1);
                put!(self, "(br_if $in{name} {condition}))");
            }
            11 => {
                let (condition, name) = (self.condition(), self.name());
                put!(self, "(block $over{name} (br_if $over{name} {condition})");
                self.statement(depth + 1);
                put!(self, ")");
            }
            _ if self.kind == Kind::Go => self.go_call(),
            _ => put!(
                self,
                "(local.set $c (i64.sub (local.get $c) (local.get $a)))"
            ),
        }
    }

    /// Writes a statement for one of the function's deviations, if one is drawn.
    fn deviation(&mut self, depth: u32) -> bool {
        let (state, condition) = (self.state(), self.condition());
        let point = self.random.below(self.labels + 1);
        let in_loop = self.open != u64::MAX;
        match self.random.below(8) {
            0 if self.has(Deviation::Reads) => match self.random.below(3) {
                0 => put!(self, "(local.set $x {state})"),
                1 => put!(self, "(local.set $y (i32.add (local.get $y) {state}))"),
                _ => put!(self, "(global.set $other (i64.extend_i32_u {state}))"),
            },
            1 if self.has(Deviation::Computes) => {
                let value = self.small();
                let set = self.set_state_to(&value);
                put!(self, "{set}");
                if self.kind != Kind::WideState && self.one_in(2) {
                    put!(self, "(local.set $y (local.tee $s (i32.const {point})))");
                }
            }
            2 if self.has(Deviation::SetsOnOnePath) => {
                let set = self.set_state(point);
                put!(self, "(if {condition} (then {set})");
                if self.one_in(2) {
                    put!(self, "(else");
                    self.statement(depth + 1);
                    put!(self, ")");
                }
                put!(self, ")");
            }
            3 if self.has(Deviation::NoSet) && in_loop => {
                let takes = self.has(Deviation::LoopTakes);
                let to = if self.has(Deviation::TwoHeads) && !takes {
                    "$head"
                } else {
                    "$again"
                };
                if takes {
                    let value = self.value();
                    put!(self, "(drop (br_if {to} {value} {condition}))");
                } else {
                    put!(self, "(br_if {to} {condition})");
                }
            }
            4 if self.has(Deviation::Middle) && self.middle().is_some() => {
                put!(self, "(if {condition} (then");
                self.go_to_middle();
                put!(self, "))");
            }
            5 if self.has(Deviation::InnerTable) => self.inner_table(depth),
            6 if self.has(Deviation::Pending) => {
                // The value is read before the statements, and used after them.
                let read = if self.has(Deviation::Reads) {
                    state
                } else {
                    "(local.get $y)".into()
                };
                let name = self.name();
                put!(
                    self,
                    "(local.set $x (i32.add {read} (block $value{name} (result i32)"
                );
                self.statement(depth + 1);
                put!(
                    self,
                    "(drop (br_if $value{name} (i32.const 4) {condition}))"
                );
                self.statement(depth + 1);
                put!(self, "(local.get $x))))");
            }
            7 if self.has(Deviation::Outer) && in_loop => {
                let set = self.set_state(point);
                put!(self, "(if {condition} (then {set} (br $outer)))");
            }
            _ => return false,
        }
        true
    }

    /// Repeats the loop, with local 0 set to a constant or not set.
    pub(super) fn again(&mut self, point: Option<u64>) {
        let takes = self.has(Deviation::LoopTakes);
        let value = if takes { self.value() } else { String::new() };
        let set = point.map_or(String::new(), |point| self.set_state(point));
        let heads = self.has(Deviation::TwoHeads) && !takes && self.one_in(2);
        let to = if heads { "$head" } else { "$again" };
        put!(self, "{value} {set} (br {to})");
    }

    /// A label of the table after the current position.
    fn middle(&mut self) -> Option<u64> {
        let open = self.open.min(self.labels);
        (open < self.labels).then_some(open)
    }

    /// Branches to a later label of the table, bypassing the table.
    pub(super) fn go_to_middle(&mut self) {
        let Some(first) = self.middle() else {
            return;
        };
        let label = first + self.random.below(self.labels - first);
        let value = if self.has(Deviation::Carries) {
            self.value()
        } else {
            String::new()
        };
        put!(self, "(br $b{label} {value})");
    }

    /// A table on another local, with later labels of the resume table as targets.
    pub(super) fn other_table(&mut self) {
        let Some(first) = self.middle() else {
            return;
        };
        let mut targets = String::new();
        for _ in 0..3 {
            targets.push_str(&format!(
                "$b{} ",
                first + self.random.below(self.labels - first)
            ));
        }
        let value = if self.has(Deviation::Carries) {
            self.value()
        } else {
            String::new()
        };
        put!(self, "(br_table {targets} {value} (local.get $y))");
    }

    /// An inner loop with its own table on local 0.
    fn inner_table(&mut self, depth: u32) {
        let (name, state, condition) = (self.name(), self.state(), self.condition());
        let (first, second) = (self.set_state(0), self.set_state(1));
        put!(self, "(loop $in{name}");
        if self.one_in(2) {
            self.burn();
        }
        put!(
            self,
            "(block $one{name} (block $zero{name} (br_table $zero{name} $one{name} {state}))"
        );
        self.burn();
        self.statement(depth + 1);
        put!(self, "{second} (br $in{name}))");
        self.burn();
        put!(self, "(if {condition} (then {first} (br $in{name})))");
        if self.has(Deviation::NoSet) {
            put!(self, "(br_if $in{name} {condition})");
        }
        put!(self, ")");
    }
}
