//! Prints the titles of all ops, one a line, in the order of their numbers. `cargo xtask test asm` finds handlers by them.

use interp::dispatch::OpNumber;
use interp::inspect::decode::title;
use interp::ops::{COUNT, superinstruction};

/// The number of ops and superinstructions.
// There are fewer than 65,536.
const OPS: u16 = (COUNT + superinstruction::COUNT) as u16;

fn main() {
    for op in 0..OPS {
        println!("{}", title(OpNumber(op)));
    }
}
