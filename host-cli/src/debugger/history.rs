//! Snapshots of a run: states from which a past begins.
//!
//! A snapshot is a frozen state ([`interp::Store::freeze`]) and the place in the log of calls. Its memory is kept in pieces, and pieces that
//! have not changed since the last snapshot are shared with it. Snapshots are dense near the present, and thinned further back: the one goes
//! first whose neighbours are closest, compared with its age.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Weak};

use wasi_shim::replay::Mark;

use super::machine::Machine;

/// The bytes of a piece of memory, as a frozen state has it.
const PIECE: usize = 4096;
/// The maximum number of snapshots.
const MOST: usize = 256;

/// A state of a run.
pub(super) struct Snapshot {
    /// The fuel that the program had consumed when it asked for more. Each op before has less or as much, each op behind has more.
    pub(super) fuel: u64,
    pub(super) mark: Mark,
    parts: Vec<Part>,
}

/// A part of a frozen state.
enum Part {
    Bytes(Vec<u8>),
    Piece(Arc<[u8]>),
}

/// The snapshots of a run, in its order.
pub(super) struct History {
    snapshots: Vec<Snapshot>,
    /// The last version of each piece of memory.
    recent: HashMap<u64, Weak<[u8]>>,
    /// The bytes of all snapshots, and their bound.
    bytes: u64,
    bound: u64,
    /// Why no snapshots can be taken.
    pub(super) refused: Option<String>,
}

impl History {
    pub(super) fn new(bound: u64) -> Self {
        Self {
            snapshots: Vec::new(),
            recent: HashMap::new(),
            bytes: 0,
            bound,
            refused: None,
        }
    }

    /// The snapshots that lie before an op which has consumed `fuel` units, the last one first. Each can be the start of a past that reaches
    /// that op.
    pub(super) fn before(&self, fuel: u64) -> Option<&Snapshot> {
        let behind = self.snapshots.partition_point(|one| one.fuel < fuel);
        Some(&self.snapshots[behind.checked_sub(1)?])
    }

    /// The number of snapshots, and their bytes.
    pub(super) fn size(&self) -> (usize, u64) {
        (self.snapshots.len(), self.bytes)
    }

    /// Takes a snapshot of a machine whose fuel has ended. If that cannot be, the reason is noted.
    pub(super) fn take(&mut self, machine: &mut Machine) {
        let fuel = machine.store.data().limit;
        let place = self.snapshots.partition_point(|one| one.fuel < fuel);
        let is_known = self
            .snapshots
            .get(place)
            .is_some_and(|one| one.fuel == fuel);
        if self.refused.is_some() || is_known {
            return;
        }
        let Some(mark) = machine.mark() else { return };
        let Some(call) = &machine.call else { return };
        let mut sink = Sink {
            parts: Vec::new(),
            recent: &mut self.recent,
            number: 0,
            bytes: 0,
        };
        match machine.store.freeze(call, &mut sink) {
            Ok(()) => {
                let Sink { parts, bytes, .. } = sink;
                self.bytes += bytes;
                self.snapshots.insert(place, Snapshot { fuel, mark, parts });
                self.thin();
            }
            Err(error) => self.refused = Some(error.to_string()),
        }
    }

    /// Drops snapshots until the bound is kept.
    fn thin(&mut self) {
        while self.snapshots.len() > 2 && (self.bytes > self.bound || self.snapshots.len() > MOST) {
            let Some(now) = self.snapshots.last().map(|one| one.fuel) else {
                return;
            };
            let before = |place: usize| match place {
                0 => 0,
                _ => self.snapshots[place - 1].fuel,
            };
            // The last one stays.
            let inner = 0..self.snapshots.len() - 1;
            let gap = |place: &usize| {
                let gap = self.snapshots[place + 1].fuel - before(*place);
                let age = now - self.snapshots[*place].fuel + 1;
                // A ratio, for which the precision of `f64` is enough.
                gap as f64 / age as f64
            };
            let Some(place) = inner.min_by(|a, b| gap(a).total_cmp(&gap(b))) else {
                return;
            };
            let gone = self.snapshots.remove(place);
            for part in gone.parts {
                self.bytes -= match &part {
                    Part::Bytes(bytes) => bytes.len() as u64,
                    Part::Piece(piece) if Arc::strong_count(piece) == 1 => piece.len() as u64,
                    Part::Piece(_) => 0,
                };
            }
        }
    }
}

impl Snapshot {
    /// The frozen state.
    pub(super) fn pieces(&self) -> Pieces<'_> {
        Pieces {
            parts: &self.parts,
            at: 0,
        }
    }
}

/// Keeps a frozen state that is written to it.
struct Sink<'a> {
    parts: Vec<Part>,
    recent: &'a mut HashMap<u64, Weak<[u8]>>,
    /// The number that was written last: in front of a piece, the piece's.
    number: u64,
    /// The bytes that it takes by itself.
    bytes: u64,
}

impl embedded_io::ErrorType for Sink<'_> {
    type Error = Infallible;
}

impl embedded_io::Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        if let Ok(number) = bytes.try_into() {
            self.number = u64::from_le_bytes(number);
        }
        if bytes.len() == PIECE {
            let known = self.recent.get(&self.number).and_then(Weak::upgrade);
            let known = known.filter(|known| **known == *bytes);
            let piece = known.unwrap_or_else(|| {
                let piece: Arc<[u8]> = bytes.into();
                self.recent.insert(self.number, Arc::downgrade(&piece));
                self.bytes += PIECE as u64;
                piece
            });
            self.parts.push(Part::Piece(piece));
            return Ok(bytes.len());
        }
        self.bytes += bytes.len() as u64;
        match self.parts.last_mut() {
            Some(Part::Bytes(last)) => last.extend_from_slice(bytes),
            _ => self.parts.push(Part::Bytes(bytes.into())),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Reads a frozen state.
pub(super) struct Pieces<'a> {
    parts: &'a [Part],
    /// The place in the first part.
    at: usize,
}

impl embedded_io::ErrorType for Pieces<'_> {
    type Error = Infallible;
}

impl embedded_io::Read for Pieces<'_> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Infallible> {
        while let Some(part) = self.parts.first() {
            let bytes = match part {
                Part::Bytes(bytes) => &bytes[self.at..],
                Part::Piece(piece) => &piece[self.at..],
            };
            if bytes.is_empty() {
                (self.parts, self.at) = (&self.parts[1..], 0);
                continue;
            }
            let len = bytes.len().min(buf.len());
            buf[..len].copy_from_slice(&bytes[..len]);
            self.at += len;
            return Ok(len);
        }
        Ok(0)
    }
}
