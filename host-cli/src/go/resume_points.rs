//! The places of Go's code to which frames belong: the calls that are being made, or what the table knows about other code.
//!
//! Before each call, Go's code stores the PC to which the callee returns. Between calls, a PC stands for the code up to the next place at
//! which the compiler needed one. Code starts with a jump by PC, a `br_table` with the number of the *section* in which each PC lies, so the
//! sections that end before a place tell which PCs it may have.
//!
//! wasm can be decoded forwards only, so a body is read from its start: once for all frames of its function, however many there are.

use wasmparser::{BinaryReaderError, BrTable, Operator, OperatorsReader};

/// The maximum number of instructions between the place of a stop and the call that it belongs to.
const BEFORE_CALL: usize = 12;

/// What is known about a place in a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Spot {
    /// It makes a call that returns to this resume point.
    Call(u16),
    /// Its PC is one of these: the first and the last.
    Between(u16, u16),
}

/// Returns the spot of each place in a body. `places` are offsets in the module, in ascending order, and whether only a call is of use
/// there. `resume_point` returns the resume point in this function that a constant stands for, and `last` is its last PC. A place has no spot
/// if the body cannot be read.
pub(super) fn spots(
    body: OperatorsReader<'_>,
    places: impl Iterator<Item = (usize, bool)>,
    resume_point: impl Fn(u64) -> Option<u16> + Clone,
    last: u16,
) -> impl Iterator<Item = Option<Spot>> {
    let mut search = Search {
        body,
        resume_point,
        constant: None,
        is_behind_call: false,
        sections: None,
        section: 0,
        depth: 0,
        called: None,
    };
    places.map(move |(place, is_call)| {
        search.advance(place).ok()?;
        if let Some(resume) = search.clone().next_call().ok()? {
            return Some(Spot::Call(resume));
        }
        if is_call {
            return None;
        }
        let (low, high) = search.clone().between(last).ok()?;
        (low <= high).then_some(Spot::Between(low, high))
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
    /// The section of each PC.
    sections: Option<BrTable<'a>>,
    /// The number of sections that have begun.
    section: u32,
    /// The number of blocks in the section around this place.
    depth: u32,
    /// The resume point of the last call in this section.
    called: Option<u16>,
}

impl<'a, F: Fn(u64) -> Option<u16>> Search<'a, F> {
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

    /// The PCs that this place may have, the first and the last.
    fn between(mut self, last: u16) -> Result<(u16, u16), BinaryReaderError> {
        let section = self.section;
        let called = self.called;
        (self.constant, self.called) = (None, None);
        while !self.body.eof() && self.section == section && self.called.is_none() {
            let operator = self.body.read()?;
            self.note(&operator);
        }
        let (mut low, mut high) = (0, last);
        if let Some(sections) = &self.sections {
            // Before the first section is the jump to one.
            let number = section.saturating_sub(1);
            // PCs that the table does not list belong to its default, the last section.
            let listed = u16::try_from(sections.len()).unwrap_or(last);
            let mut pcs = (0..listed).zip(sections.targets());
            let is_number =
                |target: &Result<u32, _>| target.as_ref().is_ok_and(|target| *target == number);
            if let Some((pc, _)) = pcs.find(|(_, target)| is_number(target)) {
                let end = pcs.find(|(_, target)| !is_number(target));
                (low, high) = (pc, end.map_or(listed, |(pc, _)| pc) - 1);
            } else {
                low = listed.min(last);
            }
        }
        low = called.map_or(low, |called| called.max(low));
        if self.section == section
            && let Some(next) = self.called
        {
            high = next.saturating_sub(1).min(high);
        }
        Ok((low, high))
    }

    fn note(&mut self, operator: &Operator<'a>) {
        let (is_call, reloads) = match operator {
            Operator::I64Const { value } => {
                let resume = (self.resume_point)(value.cast_unsigned());
                self.constant = resume.or(self.constant);
                (false, false)
            }
            Operator::Call { .. } | Operator::CallIndirect { .. } => {
                self.called = self.constant;
                (true, false)
            }
            Operator::GlobalGet { .. } | Operator::LocalSet { .. } => (false, true),
            _ => (false, false),
        };
        self.is_behind_call = is_call || self.is_behind_call && reloads;
        match operator {
            // The first jump by a table is that by PC.
            Operator::BrTable { targets } if self.sections.is_none() => {
                self.sections = Some(targets.clone());
                self.depth = 0;
            }
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => self.depth += 1,
            Operator::End if self.sections.is_some() && self.depth == 0 => {
                self.section += 1;
                (self.constant, self.called) = (None, None);
            }
            Operator::End => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
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
        let places = places.iter().map(|place| (*place, false));
        let found: Vec<_> = spots(body, places, resume_point, u16::MAX).collect();
        let expected: Vec<_> = (20_000 - 64..20_000)
            .map(|resume| Some(Spot::Call(resume)))
            .collect();
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
        let places = places.into_iter().map(|place| (place, true));
        let found: Vec<_> = spots(body, places, resume_point, u16::MAX).collect();
        let call = |resume| Some(Spot::Call(resume));
        assert_eq!(found, [call(1), call(1), call(2), None]);
    }

    /// Three sections: PCs 0 and 1, then 2 to 4 with a call that returns to 5 in its middle, then 5 to 9.
    #[cfg(feature = "text")]
    #[test]
    fn a_place_between_calls_has_the_pcs_of_its_section() {
        let text = "(module (func $f (param i32) (result i32)
            (loop (block (block (block
              (br_table 0 0 1 1 1 2 (local.get 0)))
              (drop (i32.eqz (i32.const 10))))
              (block (drop (i32.eqz (i32.const 11))))
              (drop (i64.const 0x1_0004)) (drop (call $f (i32.const 0)))
              (drop (i32.eqz (i32.const 12))))
              (drop (i32.eqz (i32.const 13))))
            unreachable))";
        let module = wast::parser::ParseBuffer::new(text).expect("it is text");
        let mut module = wast::parser::parse::<wast::Wat<'_>>(&module).expect("it is a module");
        let bytes = module.encode().expect("it is valid");
        let body = wasmparser::Parser::new(0)
            .parse_all(&bytes)
            .find_map(|payload| match payload {
                Ok(wasmparser::Payload::CodeSectionEntry(body)) => Some(body),
                _ => None,
            });
        let body = body.expect("it has a body");
        let mut places = Vec::new();
        let mut operators = body.get_operators_reader().expect("it has no locals");
        while !operators.eof() {
            let at = usize::try_from(operators.original_position()).expect("it is small");
            if matches!(operators.read(), Ok(Operator::I32Eqz)) {
                places.push((at, false));
            }
        }
        let resume_point = |pc: u64| (pc >> 16 == 1).then_some((pc & 0xffff) as u16);
        let body = body.get_operators_reader().expect("it has no locals");
        let found: Vec<_> = spots(body, places.into_iter(), resume_point, 9).collect();
        let between = |low, high| Some(Spot::Between(low, high));
        assert_eq!(
            found,
            [between(0, 1), between(2, 3), between(4, 4), between(5, 9)]
        );
    }
}
