//! The resume points of frames: the places of Go's code to which the calls of a backtrace return.
//!
//! Before each call, Go's code stores the PC to which the callee returns. wasm can be decoded forwards only, so a body is read from its
//! start: once for all frames of its function, however many there are.

use wasmparser::{BinaryReaderError, Operator, OperatorsReader};

/// The maximum number of instructions between the place of a stop and the call that it belongs to.
const BEFORE_CALL: usize = 12;

/// Returns the resume point of each place in a body. `places` are offsets in the module, in ascending order. `resume_point` returns the
/// resume point in this function that a constant stands for. A place has none if it belongs to no call, or if the body cannot be read.
pub(super) fn resume_points(
    body: OperatorsReader<'_>,
    places: impl Iterator<Item = usize>,
    resume_point: impl Fn(u64) -> Option<u16> + Clone,
) -> impl Iterator<Item = Option<u16>> {
    let mut search = Search {
        body,
        resume_point,
        constant: None,
        is_behind_call: false,
    };
    places.map(move |place| {
        search.advance(place).ok()?;
        search.clone().next_call().ok()?
    })
}

/// A place in a body, and what the instructions before it say.
#[derive(Clone)]
struct Search<'a, F> {
    body: OperatorsReader<'a>,
    resume_point: F,
    /// The last constant that is a PC of this function.
    constant: Option<u16>,
    /// Between this place and the call before it are only instructions that reload the stack pointer.
    is_behind_call: bool,
}

impl<F: Fn(u64) -> Option<u16>> Search<'_, F> {
    /// Reads the instructions before `place`.
    fn advance(&mut self, place: usize) -> Result<(), BinaryReaderError> {
        let is_before = |at: u64| usize::try_from(at).is_ok_and(|at| at < place);
        while !self.body.eof() && is_before(self.body.original_position()) {
            let operator = self.body.read()?;
            self.note(&operator);
        }
        Ok(())
    }

    /// The resume point of the call that follows, or of the call before this place if the rest of that one follows.
    fn next_call(mut self) -> Result<Option<u16>, BinaryReaderError> {
        for _ in 0..BEFORE_CALL {
            if self.body.eof() {
                break;
            }
            let operator = self.body.read()?;
            match operator {
                Operator::Call { .. } | Operator::CallIndirect { .. } => return Ok(self.constant),
                // One op stands for the call, the reload of the stack pointer, and the branch for an unwinding goroutine.
                Operator::BrIf { .. } if self.is_behind_call => return Ok(self.constant),
                // Instructions that occur before a call.
                Operator::GlobalGet { .. }
                | Operator::GlobalSet { .. }
                | Operator::LocalGet { .. }
                | Operator::LocalSet { .. }
                | Operator::LocalTee { .. }
                | Operator::I32Const { .. }
                | Operator::I64Const { .. }
                | Operator::I32Sub
                | Operator::I32WrapI64
                | Operator::I64Load { .. }
                | Operator::I64ShrU
                | Operator::I64Store { .. } => {}
                _ => break,
            }
            self.note(&operator);
        }
        Ok(None)
    }

    fn note(&mut self, operator: &Operator<'_>) {
        let (is_call, reloads) = match operator {
            Operator::I64Const { value } => {
                let resume = (self.resume_point)(value.cast_unsigned());
                self.constant = resume.or(self.constant);
                (false, false)
            }
            Operator::Call { .. } | Operator::CallIndirect { .. } => (true, false),
            Operator::GlobalGet { .. } | Operator::LocalSet { .. } => (false, true),
            _ => (false, false),
        };
        self.is_behind_call = is_call || self.is_behind_call && reloads;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use wasmparser::{BinaryReader, FunctionBody};

    use super::*;

    /// As many times: `i64.const N; drop; call 0`, each of five bytes and more.
    fn body(calls: u16) -> (Vec<u8>, Vec<usize>) {
        let (mut bytes, mut places) = (vec![0], Vec::new());
        for call in 0..calls {
            bytes.push(0x42);
            // Three bytes of LEB128.
            let [low, high] = call.to_le_bytes();
            bytes.extend([
                0x80 | low & 0x7f,
                0x80 | high << 1 & 0x7e | low >> 7,
                high >> 6,
            ]);
            bytes.push(0x1a);
            places.push(bytes.len());
            bytes.extend([0x10, 0]);
        }
        bytes.push(0x0b);
        (bytes, places)
    }

    /// A body is read once, not once for each frame: a program that Go has not built may have frames at the end of large bodies.
    #[test]
    fn a_body_is_read_once() {
        let (bytes, places) = body(20_000);
        let read = Cell::new(0);
        let resume_point = |pc| {
            read.set(read.get() + 1);
            u16::try_from(pc).ok()
        };
        let places = &places[places.len() - 64..];
        let body = FunctionBody::new(BinaryReader::new(&bytes, 0));
        let body = body.get_operators_reader().expect("it has no locals");
        let found: Vec<_> = resume_points(body, places.iter().copied(), resume_point).collect();
        let expected: Vec<_> = (20_000 - 64..20_000).map(Some).collect();
        assert_eq!(found, expected);
        assert!(read.get() < 21_000, "{} constants were read", read.get());
    }

    #[test]
    fn a_place_may_come_twice_or_lie_behind_the_end() {
        let (bytes, places) = body(3);
        let body = FunctionBody::new(BinaryReader::new(&bytes, 0));
        let body = body.get_operators_reader().expect("it has no locals");
        let places = [places[1], places[1], places[2], bytes.len()];
        let resume_point = |pc| u16::try_from(pc).ok();
        let found: Vec<_> = resume_points(body, places.into_iter(), resume_point).collect();
        assert_eq!(found, [Some(1), Some(1), Some(2), None]);
    }
}
