//! The sections of a Go function's code, and the PCs in them.
//!
//! A Go function begins with a jump by PC: a `br_table` that leaves as many blocks as there are sections before the one where the code
//! continues. So a section begins behind the `end` of such a block. Whether code falls into a section or a goroutine is resumed there, it
//! passes the start, and nothing before it. That makes the start the place for a breakpoint.
//!
//! A section has the PCs that the `br_table` gives its number. Within a section, two boundaries of PCs show in the code: the first section
//! makes the frame, and the last PC of a section that ends with a call is that of the call.

use wasmparser::{BinaryReaderError, Operator, OperatorsReader};

/// The number of the global with Go's stack pointer.
const SP: u32 = 0;

/// The bytes of a return address on Go's stack.
const WORD: i32 = 8;

/// A part of a function's code, and its first PC.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Part {
    /// The offset in the module at which it begins.
    pub(super) offset: usize,
    /// The PC.
    pub(super) pc: u16,
}

/// The parts of a function, in the order of their offsets.
#[derive(Default, Debug)]
pub(super) struct Parts {
    parts: Vec<Part>,
    /// Where the code begins that follows the prologue.
    pub(super) begin: usize,
}

impl Parts {
    /// Reads a body. `resume_point` returns the resume point in this function that a constant stands for, and `is_morestack` whether
    /// a function is one of the runtime's that enlarge the stack. If the code has no sections, it is one part. The rest of a damaged
    /// body has no parts.
    pub(super) fn read(
        body: OperatorsReader<'_>,
        resume_point: impl Fn(u64) -> Option<u16>,
        is_morestack: impl Fn(u32) -> bool,
    ) -> Self {
        let begin = at(&body);
        let mut reading = Reading {
            parts: vec![Part {
                offset: begin,
                pc: 0,
            }],
            begin,
            ..Reading::default()
        };
        // What was read before the damage remains.
        let _ = reading.read(body, resume_point, is_morestack);
        reading.parts.dedup_by(|next, last| {
            let is_same = next.offset == last.offset;
            if is_same {
                last.pc = next.pc;
            }
            is_same
        });
        Self {
            parts: reading.parts,
            begin: reading.begin,
        }
    }

    /// Returns where the code of a PC begins, or that of the last PC before it in its section.
    pub(super) fn place(&self, pc: u16) -> Option<usize> {
        let parts = self.parts.iter().filter(|part| part.pc <= pc);
        let part = parts.max_by_key(|part| part.pc)?;
        Some(part.offset.max(self.begin))
    }

    /// Returns the PC of the code at an offset.
    pub(super) fn pc(&self, offset: usize) -> u16 {
        let behind = self.parts.partition_point(|part| part.offset <= offset);
        self.parts[..behind].last().map_or(0, |part| part.pc)
    }
}

#[derive(Default)]
struct Reading {
    parts: Vec<Part>,
    begin: usize,
    /// The first PC of each section.
    first: Vec<Option<u16>>,
    /// The number of sections that have begun. Before the first one is the jump.
    begun: usize,
    /// The number of blocks around the code, in its section.
    depth: u32,
    /// The last constant that is a PC of this function, and where it was.
    constant: Option<(usize, u16)>,
    /// The offsets of the last two instructions, and of the first one that makes room on Go's stack for a return address.
    last: [usize; 2],
    room: usize,
    /// The function has made its frame, or has done other things before.
    is_framed: bool,
    /// The `if` in which the stack is enlarged is open at this depth.
    growing: Option<u32>,
}

impl Reading {
    fn read(
        &mut self,
        mut body: OperatorsReader<'_>,
        resume_point: impl Fn(u64) -> Option<u16>,
        is_morestack: impl Fn(u32) -> bool,
    ) -> Result<(), BinaryReaderError> {
        let mut is_word = false;
        while !body.eof() {
            let offset = at(&body);
            let operator = body.read()?;
            let behind = at(&body);
            // `local.get`, `i32.const 8`, `i32.sub`.
            if matches!(operator, Operator::I32Sub) && is_word {
                self.room = self.last[0];
            }
            is_word = matches!(operator, Operator::I32Const { value: WORD });
            self.last = [self.last[1], offset];
            match operator {
                Operator::BrTable { targets } if self.first.is_empty() => {
                    for (target, pc) in targets.targets().zip(0..) {
                        let section = target? as usize;
                        if self.first.len() <= section {
                            self.first.resize(section + 1, None);
                        }
                        self.first[section].get_or_insert(pc);
                    }
                    // PCs that the table does not list belong to the default.
                    let default = targets.default() as usize;
                    let listed = u16::try_from(targets.len()).unwrap_or(u16::MAX);
                    if self.first.len() <= default {
                        self.first.resize(default + 1, None);
                    }
                    self.first[default].get_or_insert(listed);
                    self.depth = 0;
                }
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                    self.depth += 1;
                }
                Operator::End if !self.first.is_empty() && self.depth == 0 => {
                    let pc = self.first.get(self.begun).copied().flatten();
                    self.begun += 1;
                    self.constant = None;
                    self.is_framed |= self.begun > 1;
                    if let Some(pc) = pc {
                        self.parts.push(Part { offset: behind, pc });
                    }
                    if self.begun == 1 {
                        self.begin = behind;
                    }
                }
                Operator::End => {
                    if self.growing == Some(self.depth) {
                        self.growing = None;
                        self.begin = behind;
                    }
                    self.depth = self.depth.saturating_sub(1);
                }
                Operator::I64Const { value } => {
                    let pc = resume_point(value.cast_unsigned());
                    self.constant = pc.map(|pc| (offset, pc)).or(self.constant);
                }
                Operator::Call { function_index }
                    if !self.is_framed && is_morestack(function_index) =>
                {
                    self.growing = Some(self.depth);
                }
                Operator::Call { .. } | Operator::CallIndirect { .. } => {
                    self.is_framed = true;
                    if let Some((constant, resume)) = self.constant.take()
                        && let Some(pc) = resume.checked_sub(1)
                        && let Some(last) = self.parts.last()
                        && last.pc < pc
                    {
                        let has_room = last.offset < self.room && self.room < constant;
                        let offset = if has_room { self.room } else { constant };
                        self.parts.push(Part { offset, pc });
                    }
                }
                Operator::GlobalSet { global_index: SP } if !self.is_framed && self.depth == 0 => {
                    self.is_framed = true;
                    if let Some(first) = self.parts.last().map(|part| part.pc) {
                        self.begin = behind;
                        self.parts.push(Part {
                            offset: behind,
                            pc: first.saturating_add(1),
                        });
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn at(body: &OperatorsReader<'_>) -> usize {
    // Offsets in a module fit: it is in memory.
    usize::try_from(body.original_position()).unwrap_or(usize::MAX)
}

#[cfg(all(test, feature = "text"))]
mod tests {
    use super::*;

    /// The parts of the first function of a module in text form, with offsets from the start of its body.
    fn parts(text: &str) -> (Vec<(usize, u16)>, usize, Vec<u8>) {
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
        let start = usize::try_from(body.range().start).expect("it is small");
        let end = usize::try_from(body.range().end).expect("it is small");
        let operators = body.get_operators_reader().expect("its locals can be read");
        let resume_point = |pc: u64| (pc >> 16 == 1).then_some((pc & 0xffff) as u16);
        let read = Parts::read(operators, resume_point, |func| func == 1);
        let parts = read.parts.iter();
        let parts = parts.map(|part| (part.offset - start, part.pc)).collect();
        (parts, read.begin - start, bytes[start..end].to_vec())
    }

    /// A prologue that may enlarge the stack (PC 0), the frame (1), a call that returns to PC 4, and the last section (4 and more).
    const GO: &str = "(module (func $f (param i32) (result i32)
        (loop (block (block
          (br_table 0 0 0 0 1 (local.get 0)))
          (if (i32.eqz (i32.const 1)) (then (drop (call $morestack (i32.const 0)))))
          (global.set 0 (i32.const 5))
          (drop (i32.const 6))
          (drop (i64.const 0x1_0004)) (drop (call $f (i32.const 0))))
          (drop (i32.const 7)))
        unreachable)
        (func $morestack (param i32) (result i32) unreachable)
        (global (mut i32) (i32.const 0)))";

    #[test]
    fn a_function_has_a_prologue_sections_and_calls() {
        let (parts, begin, body) = parts(GO);
        let at = |bytes: &[u8]| {
            let mut all = body.windows(bytes.len());
            all.position(|window| window == bytes).expect("it is there")
        };
        // The jump, the first section, behind the frame, the call, the last section.
        let frame = at(&[0x41, 6]);
        let call = at(&[0x42, 0x84, 0x80, 4]);
        let last = at(&[0x41, 7]);
        let first = at(&[0x41, 1, 0x45]);
        assert_eq!(
            parts,
            [(1, 0), (first, 0), (frame, 1), (call, 3), (last, 4)]
        );
        assert_eq!(begin, frame);
    }

    #[test]
    fn places_and_pcs() {
        let text = wast::parser::ParseBuffer::new(GO);
        assert!(text.is_ok());
        let parts = Parts {
            parts: vec![
                Part { offset: 10, pc: 0 },
                Part { offset: 20, pc: 1 },
                Part { offset: 30, pc: 4 },
            ],
            begin: 15,
        };
        assert_eq!(
            [0, 1, 3, 4, 9].map(|pc| parts.place(pc)),
            [15, 20, 20, 30, 30].map(Some)
        );
        assert_eq!(
            [0, 10, 19, 20, 99].map(|offset| parts.pc(offset)),
            [0, 0, 0, 1, 4]
        );
        assert_eq!(Parts::default().place(3), None);
    }
}
