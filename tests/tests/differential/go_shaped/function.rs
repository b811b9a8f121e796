//! A function: its start, its resume table, the code of each label, its end.

use super::{Builder, DEVIATIONS, Deviation, Kind, put};

impl Builder {
    /// Writes function number `index`.
    pub(super) fn function(&mut self, index: u64) {
        self.kind = self.kinds[index as usize];
        self.deviations = 0;
        for _ in 0..self.random.below(4) {
            self.deviations |= 1 << self.random.below(DEVIATIONS.into());
        }
        // This deviation also changes the kind of the function.
        let carries = self.has(Deviation::Carries);
        if carries {
            self.deviations &= !(1 << Deviation::LoopTakes as u32);
        }
        self.labels = 1 + self.random.below(6);
        let signature = match self.kind {
            Kind::Go => "(param $s i32) (result i32)",
            Kind::State => "(param $s i32) (param $p i32) (param $q i64) (result i64)",
            Kind::WideState => "(param $s i64) (param $q i64) (result f64)",
        };
        let sp = if self.wide_sp { "i64" } else { "i32" };
        put!(
            self,
            "(func $f{index} {signature} (local $sp {sp}) (local $a i64) (local $b i64) (local $c i64)"
        );
        put!(
            self,
            "(local $x i32) (local $y i32) (local $f f64) (local $carry i32)"
        );
        put!(self, "(block $unwind");
        self.open = u64::MAX;
        if self.has(Deviation::Start) && self.one_in(2) {
            self.statement(1);
        }
        put!(self, "(local.set $sp (global.get $sp))");
        if self.has(Deviation::Guard) {
            let (state, limit) = (self.state(), self.labels);
            let then = self.set_state(0);
            put!(
                self,
                "(if (i32.ge_u {state} (i32.const {limit})) (then {then}))"
            );
        }
        if self.has(Deviation::Outer) {
            put!(self, "(loop $outer");
            self.burn();
            if self.one_in(2) {
                self.statement(1);
            }
        }
        self.resume_loop(carries);
        self.behind();
        if self.has(Deviation::Outer) {
            put!(self, ")");
        }
        self.epilogue();
        put!(self, ")");
        self.unwound();
        put!(self, ")");
    }

    /// The loop with its table, and the code of each label.
    fn resume_loop(&mut self, carries: bool) {
        let takes = self.has(Deviation::LoopTakes);
        if takes {
            let value = self.value();
            put!(self, "{value} (loop $again (param i32)");
        } else {
            put!(self, "(loop $again");
        }
        let two_heads = self.has(Deviation::TwoHeads) && !takes;
        if two_heads {
            put!(self, "(loop $head");
        }
        let result = if carries { "(result i32)" } else { "" };
        for label in (0..self.labels).rev() {
            put!(self, "(block $b{label} {result}");
        }
        let mut targets = String::new();
        let duplicates = self.one_in(3);
        for label in 0..self.labels {
            let label = if duplicates {
                self.random.below(self.labels)
            } else {
                label
            };
            targets.push_str(&format!("$b{label} "));
        }
        let odd = self.random.below(4);
        let default = match odd {
            0 if !carries => "$unwind".into(),
            1 if !carries && self.has(Deviation::Outer) => "$outer".into(),
            _ => format!("$b{}", self.random.below(self.labels)),
        };
        let carried = if carries { self.value() } else { String::new() };
        let state = self.state();
        put!(self, "(br_table {targets} {default} {carried} {state})");
        for label in 0..self.labels {
            self.open = label + 1;
            // The end of the block with this label.
            put!(self, ")");
            if carries {
                put!(self, "(local.set $carry)");
            }
            let last = label + 1 == self.labels;
            if last && takes {
                put!(self, "(local.set $carry)");
            }
            self.segment(label);
            if carries && !last {
                let value = self.value();
                put!(self, "{value}");
            }
        }
        if two_heads {
            put!(self, ")");
        }
        put!(self, ")");
        self.open = u64::MAX;
    }

    /// The code from a label to its end.
    fn segment(&mut self, label: u64) {
        if label == 0 && self.kind == Kind::Go && !self.has(Deviation::Start) {
            self.prologue();
        }
        self.burn();
        if self.one_in(2) {
            put!(
                self,
                "(global.set $other (i64.add (i64.mul (global.get $other) (i64.const 31)) (i64.add (local.get $a) (i64.const {label}))))"
            );
        }
        for _ in 0..self.random.below(5) {
            self.statement(0);
        }
        match self.random.below(12) {
            0 => {}
            1 => self.return_state(),
            2 if self.has(Deviation::NoSet) => self.again(None),
            3 if self.has(Deviation::Computes) => {
                let value = self.small();
                let set = self.set_state_to(&value);
                put!(self, "{set}");
                self.again(None);
            }
            4 if self.has(Deviation::Middle) => self.go_to_middle(),
            5 if self.has(Deviation::OtherTable) => self.other_table(),
            6 if self.has(Deviation::TailCalls) && self.kind == Kind::Go => {
                if let Some(func) = self.go_function() {
                    let value = self.small();
                    put!(self, "(return_call $f{func} {value})");
                }
            }
            7 if self.kind == Kind::Go => self.epilogue(),
            _ => {
                let point = self.random.below(self.labels + 2);
                self.again(Some(point));
            }
        }
    }

    /// Reserves space on Go's stack, with or without a check of the stack's guard.
    fn prologue(&mut self) {
        let sp = self.sp();
        if self.one_in(2) {
            let more = [0, 16, 40_000][self.random.below(3) as usize];
            let guard = "(i32.load offset=16 (global.get $g))";
            let name = self.name();
            put!(self, "(block $body{name}");
            if more == 0 {
                put!(self, "(br_if $body{name} (i32.gt_u {sp} {guard}))");
            } else {
                put!(
                    self,
                    "(br_if $body{name} (i32.gt_u {sp} (i32.add {guard} (i32.const {more}))))"
                );
            }
            match self.random.below(3) {
                0 => put!(self, "(return (i32.const 1))"),
                1 => put!(self, "(local.set $a (i64.const 99))"),
                _ => self.go_call(),
            }
            put!(self, ")");
        }
        if !self.one_in(4) {
            let bytes = self.bytes();
            self.move_sp("sub", bytes);
        }
    }

    /// Frees the space, and returns.
    fn epilogue(&mut self) {
        match self.kind {
            Kind::Go => {
                for _ in 0..1 + self.random.below(2) {
                    let bytes = self.bytes();
                    self.move_sp("add", bytes);
                }
                let result = if self.one_in(8) { 1 } else { 0 };
                put!(self, "(return (i32.const {result}))");
            }
            _ => self.return_state(),
        }
    }

    fn bytes(&mut self) -> u64 {
        match self.random.below(24) {
            0 => 40_000,
            n => 8 + n % 3 * 8,
        }
    }

    /// Returns the contents of the locals.
    fn return_state(&mut self) {
        match self.kind {
            Kind::Go if self.has(Deviation::Reads) => put!(self, "(return (local.get $s))"),
            Kind::Go => put!(self, "(return (local.get $x))"),
            Kind::State => put!(
                self,
                "(return (i64.add (local.get $a) (i64.extend_i32_u (local.get $x))))"
            ),
            Kind::WideState => put!(
                self,
                "(return (f64.add (local.get $f) (f64.convert_i64_s (local.get $a))))"
            ),
        }
    }

    /// A block in the loop's position, followed by a read of local 0.
    fn behind(&mut self) {
        if !self.has(Deviation::Behind) {
            return;
        }
        let (point, name, state) = (
            self.random.below(self.labels + 1),
            self.name(),
            self.state(),
        );
        let set = self.set_state(point);
        put!(
            self,
            "(block $behind{name} (br_if $behind{name} (local.get $y)) {set} (br $behind{name}))"
        );
        put!(self, "(local.set $x {state})");
        put!(self, "(global.set $other (i64.extend_i32_u {state}))");
    }

    /// The target of branches after calls.
    fn unwound(&mut self) {
        let deviates = self.has(Deviation::Unwinds);
        let returns_two = self.one_in(2);
        match self.kind {
            Kind::Go if deviates && returns_two => put!(self, "(i32.const 2)"),
            Kind::Go if deviates => put!(self, "(global.set $other (i64.const 3)) (local.get $s)"),
            Kind::Go => put!(self, "(i32.const 1)"),
            Kind::State => put!(self, "(i64.const 5)"),
            Kind::WideState => put!(self, "(f64.const 2.5)"),
        }
    }
}
