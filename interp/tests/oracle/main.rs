//! The oracle: every op is run by itself, and what it leaves is compared with what it should.
//!
//! An op that comes from a row must do what [`Row::eval`] says, whatever its shape; which operands it has, and so where
//! a test must put its inputs, comes from the op table, so that a new row or shape is tested without a word here. What
//! has no row is told by name in the file of its family, in words of its own and not in those of the op: a new op that
//! is not told there fails, as does a new family.
//!
//! Start with `place.rs` (how an op gets its inputs), then `value.rs` (the simplest check).

mod access;
#[cfg(feature = "gc")]
mod alone;
#[cfg(feature = "threads")]
mod atomic;
#[path = "../bare/mod.rs"]
mod bare;
mod branch;
mod bulk;
mod call;
#[cfg(feature = "canonical-nans")]
mod canonical;
mod chain;
#[cfg(feature = "gc")]
mod create;
#[cfg(feature = "exceptions")]
mod exception;
mod frame;
mod go;
mod inputs;
mod intrinsic;
#[cfg(feature = "gc")]
mod object;
mod place;
#[cfg(feature = "probes")]
mod probe;
#[cfg(feature = "gc")]
mod reference;
#[cfg(feature = "superinstructions")]
mod superinstruction;
mod value;
#[cfg(feature = "simd")]
mod vector;
#[cfg(feature = "wide-arithmetic")]
mod wide;

use bare::Bare;
use interp::dispatch::{OpDef, OpNumber};
use interp::ops::{self, FAMILIES, Row, row_of};

/// Checks one op, and fails if it does not do what it should, or if nobody says what that is.
type Check = fn(&mut Bare, OpNumber);

/// A test for each family: its name, and who checks its ops.
macro_rules! families {
    ($($(#[$cfg:meta])? $test:ident $family:literal $check:path;)*) => {
        $(
            $(#[$cfg])?
            #[test]
            fn $test() {
                check_family($family, $check);
            }
        )*

        /// The families that have a test.
        const TESTED: &[&str] = &[$($(#[$cfg])? $family),*];
    };
}

families! {
    integers "Integer arithmetic" value::check;
    integer_comparisons "Integer comparisons" value::check;
    #[cfg(feature = "wide-arithmetic")]
    wide_integers "Wide integer arithmetic" wide::check;
    floats "Float arithmetic" value::check;
    float_comparisons "Float comparisons" value::check;
    one_input "One input: counting, rounding, conversions" value::check;
    #[cfg(feature = "canonical-nans")]
    canonical_nans "Canonical NaNs" canonical::check;
    loads "Loads" access::check;
    stores "Stores" access::check;
    moves "Copies, constants, select, globals" value::check_move;
    branches "Branches" branch::check;
    calls "Calls and returns" call::check;
    #[cfg(feature = "gc")]
    calls_through_typed_references "Calls through typed references" call::check;
    whole_memories "Whole memories" bulk::check;
    tables_and_references "Tables and references" bulk::check;
    go_calls "Go's calls" go::check;
    runtime_functions "Functions of Go's runtime" intrinsic::check;
    chains "Chains" chain::check;
    #[cfg(feature = "probes")]
    probes "Probes" probe::check;
    #[cfg(feature = "threads")]
    atomic_accesses "Atomic accesses" atomic::check;
    #[cfg(feature = "simd")]
    vectors_that_move "Vectors that move" vector::check;
    #[cfg(feature = "simd")]
    vectors_from_a_number "Vectors from a number" vector::check;
    #[cfg(feature = "simd")]
    lanes_of_vectors_integers "Lanes of vectors, integers" vector::check;
    #[cfg(feature = "simd")]
    lanes_of_vectors_floats "Lanes of vectors, floats" vector::check;
    #[cfg(feature = "simd")]
    vectors_with_a_lane_replaced "Vectors with a lane replaced" vector::check;
    #[cfg(feature = "simd")]
    vectors_integer_lanes_one_input "Vectors: integer lanes, one input" vector::check;
    #[cfg(feature = "simd")]
    vectors_integer_lanes_two_inputs "Vectors: integer lanes, two inputs" vector::check;
    #[cfg(feature = "simd")]
    vectors_integer_lanes_perhaps_a_constant "Vectors: integer lanes, two inputs, perhaps a constant" vector::check;
    #[cfg(feature = "simd")]
    vectors_shifts "Vectors: shifts" vector::check;
    #[cfg(feature = "simd")]
    vectors_tests "Vectors: tests" vector::check;
    #[cfg(feature = "simd")]
    vectors_comparisons "Vectors: comparisons" vector::check;
    #[cfg(feature = "simd")]
    vectors_comparisons_perhaps_with_a_constant "Vectors: comparisons, perhaps with a constant" vector::check;
    #[cfg(feature = "simd")]
    vectors_float_lanes_one_input "Vectors: float lanes, one input" vector::check;
    #[cfg(feature = "simd")]
    vectors_float_lanes_two_inputs "Vectors: float lanes, two inputs" vector::check;
    #[cfg(feature = "simd")]
    vectors_float_lanes_perhaps_a_constant "Vectors: float lanes, two inputs, perhaps a constant" vector::check;
    #[cfg(feature = "simd")]
    vectors_conversions "Vectors: conversions" vector::check;
    #[cfg(feature = "simd")]
    vectors_bits_one_input "Vectors: bits, one input" vector::check;
    #[cfg(feature = "simd")]
    vectors_bits_two_inputs "Vectors: bits, two inputs" vector::check;
    #[cfg(feature = "simd")]
    vectors_bits_three_inputs "Vectors: bits, three inputs" vector::check;
    #[cfg(feature = "simd")]
    vectors_relaxed_one_input "Vectors: relaxed, one input" vector::check;
    #[cfg(feature = "simd")]
    vectors_relaxed_two_inputs "Vectors: relaxed, two inputs" vector::check;
    #[cfg(feature = "simd")]
    vectors_relaxed_three_inputs "Vectors: relaxed, three inputs" vector::check;
    #[cfg(feature = "simd")]
    vectors_loads "Vectors: loads" vector::check;
    #[cfg(feature = "simd")]
    vectors_stores "Vectors: stores" vector::check;
    #[cfg(feature = "simd")]
    vectors_loads_of_a_lane "Vectors: loads of a lane" vector::check;
    #[cfg(feature = "simd")]
    vectors_stores_of_a_lane "Vectors: stores of a lane" vector::check;
    #[cfg(feature = "simd")]
    vectors_chains "Vectors: chains" vector::check;
    #[cfg(feature = "exceptions")]
    exceptions "Exceptions" exception::check;
    #[cfg(feature = "gc")]
    typed_references "Typed references" reference::check;
    #[cfg(feature = "gc")]
    structures_and_arrays "Structures and arrays" object::check;
}

#[test]
fn no_family_goes_without_a_test() {
    for family in FAMILIES {
        assert!(
            TESTED.contains(&family.name),
            "who checks the family {:?}? Say it here",
            family.name
        );
    }
    assert_eq!(TESTED.len(), FAMILIES.len());
}

/// Checks all ops of a family.
fn check_family(name: &str, check: Check) {
    let mut first = 0;
    for family in FAMILIES {
        let end = first + family.defs.len();
        if family.name == name {
            for op in first..end {
                // There are fewer than 65,536 ops.
                check(&mut Bare::new(), OpNumber(op as u16));
            }
            println!("{name}: {} ops checked", family.defs.len());
            return;
        }
        first = end;
    }
    panic!("there is no family {name:?}");
}

fn def(op: OpNumber) -> OpDef {
    ops::def(op)
}

/// The row of an op of a family of rows.
fn row_of_op(op: OpNumber) -> &'static Row {
    row_of(op).expect("all ops of such a family have a row").0
}
