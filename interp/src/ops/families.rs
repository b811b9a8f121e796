//! The list of all families: what their ops have in common, their ops, and their rows.

use super::*;
use crate::dispatch::OpDef;

/// A family of ops.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// What its ops have in common.
    pub name: &'static str,
    /// Its ops.
    pub defs: &'static [OpDef],
    /// Its rows, if its ops come from rows.
    pub rows: &'static [Row],
    /// Whether its ops rely on the type of a reference in a slot (invariant 6 of [`crate::machine`]).
    pub relies_on_references: bool,
    /// The feature of the crate without which a build does not have it.
    pub needs: Features,
}

/// Declares a list of families: the name of each, its module, and whether its ops come from rows.
macro_rules! families {
    ($($(#[cfg(feature = $feature:literal)])? $name:literal $($module:ident)::+ $kind:ident;)+) => {
        &[$($(#[cfg(feature = $feature)])? Family {
            name: $name,
            defs: $($module)::+::DEFS,
            rows: families!(@$kind $($module)::+),
            relies_on_references: false,
            needs: Features::NONE$(.union(Features::named($feature)))?,
        }),+]
    };
    (@rows $($module:ident)::+) => { $($module)::+::ROWS };
    (@ops $($module:ident)::+) => { &[] };
}

/// The families of numbers, memories and control flow.
const SCALAR: &[Family] = families! {
    "Integer arithmetic" integer rows;
    "Integer comparisons" compare::integer rows;
    #[cfg(feature = "wide-arithmetic")]
    "Wide integer arithmetic" wide ops;
    "Float arithmetic" float rows;
    "Float comparisons" compare::float rows;
    "One input: counting, rounding, conversions" unary rows;
    #[cfg(feature = "canonical-nans")]
    "Canonical NaNs" canonical ops;
    "Loads" access::load rows;
    "Stores" access::store rows;
    "Copies, constants, select, globals" data ops;
    "Branches" branch ops;
    "Calls and returns" call ops;
    #[cfg(feature = "gc")]
    "Calls through typed references" call::by_ref ops;
    "Whole memories" memories ops;
    "Tables and references" tables ops;
    "Go's calls" go ops;
    "Functions of Go's runtime" intrinsic ops;
    "Chains" chain ops;
    #[cfg(feature = "probes")]
    "Probes" probe ops;
};

/// The families of vectors.
#[cfg(feature = "simd")]
const VECTOR: &[Family] = families! {
    "Vectors that move" vector::data ops;
    "Vectors from a number" vector::lane::splat rows;
    "Lanes of vectors, integers" vector::lane::extract rows;
    "Lanes of vectors, floats" vector::lane::extract::float rows;
    "Vectors with a lane replaced" vector::lane::replace rows;
    "Vectors: integer lanes, one input" vector::integer::one rows;
    "Vectors: integer lanes, two inputs, perhaps a constant" vector::integer::two rows;
    "Vectors: integer lanes, two inputs" vector::integer::plain rows;
    "Vectors: shifts" vector::integer::shift rows;
    "Vectors: tests" vector::integer::test rows;
    "Vectors: comparisons, perhaps with a constant" vector::compare::constant rows;
    "Vectors: comparisons" vector::compare::plain rows;
    "Vectors: float lanes, one input" vector::float::one rows;
    "Vectors: float lanes, two inputs, perhaps a constant" vector::float::two rows;
    "Vectors: float lanes, two inputs" vector::float::plain rows;
    "Vectors: conversions" vector::convert rows;
    "Vectors: bits, one input" vector::bits::one rows;
    "Vectors: bits, two inputs" vector::bits::two rows;
    "Vectors: bits, three inputs" vector::bits::three rows;
    "Vectors: relaxed, one input" vector::relaxed::one rows;
    "Vectors: relaxed, two inputs" vector::relaxed::two rows;
    "Vectors: relaxed, three inputs" vector::relaxed::three rows;
    "Vectors: loads" vector::memory::load rows;
    "Vectors: stores" vector::memory::store rows;
    "Vectors: loads of a lane" vector::memory::load_lane rows;
    "Vectors: stores of a lane" vector::memory::store_lane rows;
    "Vectors: chains" vector::chain ops;
};
#[cfg(not(feature = "simd"))]
const VECTOR: &[Family] = &[];

/// The family of atomic instructions.
#[cfg(feature = "threads")]
const ATOMIC: &[Family] = families! {
    "Atomic accesses" atomic ops;
};
#[cfg(not(feature = "threads"))]
const ATOMIC: &[Family] = &[];

/// The family of exceptions.
#[cfg(feature = "exceptions")]
const EXCEPTION: &[Family] = families! {
    "Exceptions" exception ops;
};
#[cfg(not(feature = "exceptions"))]
const EXCEPTION: &[Family] = &[];

/// The families of objects.
#[cfg(feature = "gc")]
const OBJECTS: &[Family] = families! {
    "Typed references" reference ops;
    "Structures and arrays" object ops;
};
#[cfg(not(feature = "gc"))]
const OBJECTS: &[Family] = &[];

/// The families of all builds, and then those of features, each with what it needs.
const LISTS: [(Features, &[Family]); 5] = [
    (Features::NONE, SCALAR),
    (Features::SIMD, VECTOR),
    (Features::THREADS, ATOMIC),
    (Features::EXCEPTIONS, EXCEPTION),
    (Features::GC, OBJECTS),
];

/// The place of the families of objects in [`LISTS`].
const OF_OBJECTS: usize = 4;

/// The number of families.
const COUNT: usize = SCALAR.len() + VECTOR.len() + ATOMIC.len() + EXCEPTION.len() + OBJECTS.len();

/// All families, in the order of their numbers.
pub const FAMILIES: [Family; COUNT] = {
    let mut all = [SCALAR[0]; COUNT];
    let (mut at, mut list) = (0, 0);
    while list < LISTS.len() {
        let (needs, families) = LISTS[list];
        let mut family = 0;
        while family < families.len() {
            all[at] = families[family];
            all[at].relies_on_references = list == OF_OBJECTS;
            all[at].needs = all[at].needs.union(needs);
            at += 1;
            family += 1;
        }
        list += 1;
    }
    all
};
