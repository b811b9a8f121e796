//! The contents of memories: the pieces that differ from those after instantiation.

use alloc::vec::Vec;

use embedded_io::{Read, Write};

use super::ThawError;
use super::wire::{Reader, Writer};
use crate::runtime::store::Inner;
use crate::runtime::store::state::State;

/// The bytes of a piece. The last one of a memory may have fewer.
const PIECE: usize = 4096;
/// A piece of zeros.
const ZEROS: u8 = 0;
/// A piece whose bytes follow.
const BYTES: u8 = 1;

/// What instantiation has written to a memory. Zeros follow.
fn beginning(state: &State, memory: u32) -> Vec<u8> {
    let len = state.memories[memory as usize].bytes().len();
    let mut beginning = Vec::new();
    for (index, instance) in (0..).zip(&state.instances) {
        let mut segments = instance.module.info().data();
        // They were read at instantiation. If the file has changed since, more pieces differ.
        while let Ok(Some(data)) = state.next_data(index, &mut segments) {
            let bytes = data.bytes;
            let end = usize::try_from(data.address).ok();
            let end = end.and_then(|at| at.checked_add(bytes.len()));
            let Some(end) = end.filter(|end| data.memory == memory && *end <= len) else {
                continue;
            };
            if beginning.len() < end {
                beginning.resize(end, 0);
            }
            beginning[end - bytes.len()..end].copy_from_slice(bytes);
        }
    }
    beginning
}

/// Returns whether `piece`, at `at`, has the bytes of `beginning`.
fn is_as_begun(piece: &[u8], at: usize, beginning: &[u8]) -> bool {
    let begun = beginning.get(at..).unwrap_or_default();
    let begun = &begun[..begun.len().min(piece.len())];
    let (same, zeros) = piece.split_at(begun.len());
    same == begun && is_zero(zeros)
}

fn is_zero(bytes: &[u8]) -> bool {
    let (numbers, rest) = bytes.as_chunks::<8>();
    numbers
        .iter()
        .all(|number| u64::from_ne_bytes(*number) == 0)
        && rest.iter().all(|byte| *byte == 0)
}

/// Writes memory `memory`.
pub(super) fn write<W: Write>(
    state: &State,
    memory: u32,
    out: &mut Writer<'_, W>,
) -> Result<(), W::Error> {
    let entity = &state.memories[memory as usize];
    let beginning = beginning(state, memory);
    out.u64(entity.pages())?;
    for (number, piece) in (0_u64..).zip(entity.bytes().chunks(PIECE)) {
        if is_as_begun(piece, number as usize * PIECE, &beginning) {
            continue;
        }
        out.u64(number + 1)?;
        if is_zero(piece) {
            out.u8(ZEROS)?;
        } else {
            out.u8(BYTES)?;
            out.bytes(piece)?;
        }
    }
    out.u64(0)
}

/// Reads memory `memory`, which is as instantiation has left it.
pub(super) fn read<T, R: Read>(
    inner: &mut Inner<T>,
    memory: u32,
    input: &mut Reader<'_, R>,
) -> Result<(), ThawError<R::Error>> {
    let index = memory as usize;
    let pages = input.u64()?;
    let has = inner.state.memories[index].pages();
    let more = pages
        .checked_sub(has)
        .ok_or_else(|| ThawError::damaged("a memory is smaller than at its beginning"))?;
    let grown = inner.grow_memory(index, more).map_err(ThawError::Store)?;
    if grown.is_none() {
        return Err(ThawError::Store(crate::Error::new(alloc::format!(
            "there is no room for a memory of {pages} pages, or a limit forbids it"
        ))));
    }
    reset(&mut inner.state, memory);
    let mut before = 0;
    loop {
        let number = input.u64()?;
        if number == 0 {
            return Ok(());
        }
        if number <= before {
            return Err(ThawError::damaged(
                "pieces of a memory are not in their order",
            ));
        }
        before = number;
        let bytes = inner.state.memories[index].bytes_mut();
        let start = usize::try_from(number - 1)
            .ok()
            .and_then(|number| number.checked_mul(PIECE));
        let start = start.filter(|start| *start < bytes.len());
        let start = start.ok_or_else(|| ThawError::damaged("a piece lies behind its memory"))?;
        let end = bytes.len().min(start + PIECE);
        let piece = &mut bytes[start..end];
        match input.u8()? {
            ZEROS => piece.fill(0),
            BYTES => input.bytes(piece)?,
            _ => {
                return Err(ThawError::damaged(
                    "a piece of a memory is of no known kind",
                ));
            }
        }
    }
}

/// Undoes what start functions have written. Without one, nothing has run.
fn reset(state: &mut State, memory: u32) {
    let mut instances = state.instances.iter();
    if instances.all(|instance| instance.module.info().start().is_none()) {
        return;
    }
    let mut beginning = beginning(state, memory);
    let bytes = state.memories[memory as usize].bytes_mut();
    beginning.resize(bytes.len().max(beginning.len()), 0);
    bytes.copy_from_slice(&beginning[..bytes.len()]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_compared_with_data_and_zeros() {
        let begun = [1, 2, 3];
        assert!(is_as_begun(&[1, 2, 3, 0, 0], 0, &begun));
        assert!(!is_as_begun(&[1, 2, 3, 0, 1], 0, &begun));
        assert!(!is_as_begun(&[1, 2, 4, 0], 0, &begun));
        assert!(is_as_begun(&[3, 0], 2, &begun));
        assert!(is_as_begun(&[0; 17], 4096, &begun));
        assert!(!is_as_begun(&[0, 0], 0, &begun));
    }
}
