//! Float functions that differ from Rust's, or that `core` lacks.

#[cfg(not(feature = "std"))]
use crate::dispatch::anywhere;

macro_rules! float_math {
    ($($float:ty, $quiet:literal: $min:ident $max:ident $ceil:ident $floor:ident $trunc:ident $nearest:ident $sqrt:ident,
       $lceil:ident $lfloor:ident $ltrunc:ident $lrint:ident;)*) => { $(
        /// The lesser; NaN if either is NaN, and -0 before +0 (4.3.3 `fmin`).
        #[inline(always)]
        pub(super) fn $min(a: $float, b: $float) -> $float {
            if a < b {
                a
            } else if b < a {
                b
            } else if a == b {
                // Equal, so the same bits, or zeros of which one may be negative.
                <$float>::from_bits(a.to_bits() | b.to_bits())
            } else {
                a + b
            }
        }

        /// The greater; NaN if either is NaN, and +0 before -0 (4.3.3 `fmax`).
        #[inline(always)]
        pub(super) fn $max(a: $float, b: $float) -> $float {
            if a > b {
                a
            } else if b > a {
                b
            } else if a == b {
                <$float>::from_bits(a.to_bits() & b.to_bits())
            } else {
                a + b
            }
        }

        float_math! { @rounding $float, $quiet:
            $ceil ceil libm::$lceil "Toward +∞ (4.3.3 `fceil`).",
            $floor floor libm::$lfloor "Toward -∞ (4.3.3 `ffloor`).",
            $trunc trunc libm::$ltrunc "Toward zero (4.3.3 `ftrunc`).",
            $nearest round_ties_even libm::$lrint "To the nearest integer, ties to even (4.3.3 `fnearest`).",
            $sqrt sqrt anywhere::$sqrt "The square root (4.3.3 `fsqrt`)."
        }
    )* };
    (@rounding $float:ty, $quiet:literal: $($name:ident $std:ident $no_std:ident::$libm:ident $doc:literal),*) => { $(
        #[doc = $doc]
        #[inline(always)]
        pub(super) fn $name(x: $float) -> $float {
            if x.is_nan() {
                // Not all hosts' functions make a signalling NaN quiet, as the specification wants it.
                return <$float>::from_bits(x.to_bits() | $quiet);
            }
            #[cfg(feature = "std")]
            {
                x.$std()
            }
            #[cfg(not(feature = "std"))]
            {
                $no_std::$libm(x)
            }
        }
    )* };
}

float_math! {
    f32, 0x40_0000: min32 max32 ceil32 floor32 trunc32 nearest32 sqrt32, ceilf floorf truncf rintf;
    f64, 0x8_0000_0000_0000: min64 max64 ceil64 floor64 trunc64 nearest64 sqrt64, ceil floor trunc rint;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_ordered() {
        assert_eq!(min64(0.0, -0.0).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(max64(-0.0, 0.0).to_bits(), 0.0_f64.to_bits());
        assert!(min32(f32::NAN, 1.0).is_nan() && max32(1.0, f32::NAN).is_nan());
    }

    #[test]
    fn rounding_makes_nan_quiet() {
        let signalling = f32::from_bits(0x7fa0_0000);
        for rounded in [ceil32, floor32, trunc32, nearest32].map(|round| round(signalling)) {
            assert_eq!(rounded.to_bits(), 0x7fe0_0000);
        }
    }

    #[test]
    fn nearest_ties_to_even() {
        assert_eq!(
            [nearest64(0.5), nearest64(1.5), nearest64(2.5)],
            [0.0, 2.0, 2.0]
        );
    }
}
