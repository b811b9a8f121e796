//! The chunks of a log: a stream of bytes in pieces with checksums, in constant memory.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crc32fast::Hasher;
use embedded_io::{Read, ReadExactError, Write};

use super::error::LogError;
use super::{MAGIC, MOST};

/// The maximum number of bytes of a chunk's content.
const CHUNK: usize = 1 << 16;
/// The bytes in front of a chunk's content.
const HEAD: usize = 8;

/// A sink of any type.
trait Sink: Send {
    fn write(&mut self, bytes: &[u8]) -> Result<(), String>;
    fn flush(&mut self) -> Result<(), String>;
}

impl<W: Write + Send> Sink for W {
    fn write(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.write_all(bytes).map_err(|error| error.to_string())
    }

    fn flush(&mut self) -> Result<(), String> {
        Write::flush(self).map_err(|error| error.to_string())
    }
}

/// A source of any type.
trait Source: Send {
    /// Fills the buffer. Returns how much of it was filled before the end.
    fn fill(&mut self, buf: &mut [u8]) -> Result<usize, String>;
}

impl<R: Read + Send> Source for R {
    fn fill(&mut self, buf: &mut [u8]) -> Result<usize, String> {
        let mut filled = 0;
        while filled < buf.len() {
            match self.read(&mut buf[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) => return Err(ReadExactError::Other(error).to_string()),
            }
        }
        Ok(filled)
    }
}

/// The checksum of a chunk.
fn checksum(number: u64, content: &[u8]) -> u32 {
    let mut hasher = Hasher::new();
    hasher.update(&number.to_le_bytes());
    hasher.update(content);
    hasher.finalize()
}

/// A place in a log, at or behind its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The offset of the chunk in the log, and its number.
    pub(super) offset: u64,
    number: u64,
    /// The place in its content.
    at: usize,
}

/// Writes a log.
pub(super) struct Writer {
    sink: Box<dyn Sink>,
    /// The present chunk: room for its head, and its content so far.
    chunk: Vec<u8>,
    /// The number of the present chunk.
    number: u64,
    /// Its offset in the log.
    offset: u64,
}

impl Writer {
    /// Begins a log.
    pub(super) fn new(sink: impl Write + Send + 'static) -> Result<Self, LogError> {
        let mut sink = Box::new(sink);
        Sink::write(&mut *sink, &MAGIC).map_err(LogError::Write)?;
        let mut chunk = Vec::with_capacity(HEAD + CHUNK);
        chunk.resize(HEAD, 0);
        Ok(Self {
            sink,
            chunk,
            number: 0,
            offset: MAGIC.len() as u64,
        })
    }

    /// The place of the next byte.
    pub(super) fn place(&self) -> Place {
        Place {
            offset: self.offset,
            number: self.number,
            at: self.chunk.len() - HEAD,
        }
    }

    /// Appends bytes.
    pub(super) fn bytes(&mut self, mut bytes: &[u8]) -> Result<(), LogError> {
        while !bytes.is_empty() {
            let room = HEAD + CHUNK - self.chunk.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.chunk.extend_from_slice(now);
            bytes = later;
            if self.chunk.len() == HEAD + CHUNK {
                self.end_chunk()?;
            }
        }
        Ok(())
    }

    /// Appends a number.
    pub(super) fn number(&mut self, mut number: u64) -> Result<(), LogError> {
        let mut bytes = [0; 10];
        let mut len = 0;
        loop {
            // The low seven bits.
            bytes[len] = (number & 0x7f) as u8;
            number >>= 7;
            if number == 0 {
                return self.bytes(&bytes[..=len]);
            }
            bytes[len] |= 0x80;
            len += 1;
        }
    }

    /// Writes what is in memory.
    pub(super) fn finish(&mut self) -> Result<(), LogError> {
        if self.chunk.len() > HEAD {
            self.end_chunk()?;
        }
        self.sink.flush().map_err(LogError::Write)
    }

    fn end_chunk(&mut self) -> Result<(), LogError> {
        let (head, content) = self.chunk.split_at_mut(HEAD);
        // At most 65,536.
        head[..4].copy_from_slice(&(content.len() as u32).to_le_bytes());
        head[4..].copy_from_slice(&checksum(self.number, content).to_le_bytes());
        self.sink.write(&self.chunk).map_err(LogError::Write)?;
        self.offset += self.chunk.len() as u64;
        self.chunk.truncate(HEAD);
        self.number += 1;
        Ok(())
    }
}

/// Reads a log.
pub(super) struct Reader {
    source: Box<dyn Source>,
    /// The content of the present chunk.
    chunk: Vec<u8>,
    /// The place of the next byte in it.
    at: usize,
    /// The number of the next chunk.
    number: u64,
    /// The offset of the present chunk in the log, and of the next one.
    offsets: (u64, u64),
}

impl Reader {
    /// Opens a log.
    pub(super) fn new(source: impl Read + Send + 'static) -> Result<Self, LogError> {
        let mut source = Box::new(source);
        let mut magic = [0; MAGIC.len()];
        let filled = Source::fill(&mut *source, &mut magic).map_err(LogError::Read)?;
        if magic[..filled] != MAGIC[..filled] || filled == 0 {
            return Err(LogError::NoLog);
        }
        let offset = MAGIC.len() as u64;
        if filled < MAGIC.len() {
            return Err(LogError::Cut(filled as u64));
        }
        Ok(Self {
            source,
            chunk: Vec::new(),
            at: 0,
            number: 0,
            offsets: (offset, offset),
        })
    }

    /// Goes on at a place of a log. The source begins with the chunk there.
    pub(super) fn resume(
        source: impl Read + Send + 'static,
        place: Place,
    ) -> Result<Self, LogError> {
        let mut reader = Self {
            source: Box::new(source),
            chunk: Vec::new(),
            at: 0,
            number: place.number,
            offsets: (place.offset, place.offset),
        };
        if place.at > 0 {
            if !reader.has_more()? || reader.chunk.len() < place.at {
                return Err(LogError::Cut(reader.offsets.1));
            }
            reader.at = place.at;
        }
        Ok(reader)
    }

    /// The place of the next byte.
    pub(super) fn place(&self) -> Place {
        match self.chunk.is_empty() {
            true => Place {
                offset: self.offsets.1,
                number: self.number,
                at: 0,
            },
            false => Place {
                offset: self.offsets.0,
                number: self.number - 1,
                at: self.at,
            },
        }
    }

    /// Returns whether there is another byte.
    pub(super) fn has_more(&mut self) -> Result<bool, LogError> {
        if self.at < self.chunk.len() {
            return Ok(true);
        }
        let offset = self.offsets.1;
        let mut head = [0; HEAD];
        let filled = self.source.fill(&mut head).map_err(LogError::Read)?;
        if filled == 0 {
            return Ok(false);
        }
        let [a, b, c, d, sum @ ..] = head;
        let len = u32::from_le_bytes([a, b, c, d]) as usize;
        if filled < HEAD {
            return Err(LogError::Cut(offset + filled as u64));
        }
        if len == 0 || len > CHUNK {
            return Err(LogError::Damaged(offset, "a chunk's length is wrong"));
        }
        self.chunk.resize(len, 0);
        let filled = self.source.fill(&mut self.chunk).map_err(LogError::Read)?;
        if filled < len {
            self.chunk.clear();
            self.at = 0;
            return Err(LogError::Cut(offset + (HEAD + filled) as u64));
        }
        if checksum(self.number, &self.chunk) != u32::from_le_bytes(sum) {
            self.chunk.clear();
            self.at = 0;
            return Err(LogError::Damaged(offset, "a chunk's checksum is wrong"));
        }
        self.at = 0;
        self.number += 1;
        self.offsets = (offset, offset + (HEAD + len) as u64);
        Ok(true)
    }

    /// Fills a buffer.
    pub(super) fn fill(&mut self, mut buf: &mut [u8]) -> Result<(), LogError> {
        while !buf.is_empty() {
            if !self.has_more()? {
                return Err(LogError::Cut(self.offsets.1));
            }
            let there = &self.chunk[self.at..];
            let (now, later) = buf.split_at_mut(there.len().min(buf.len()));
            now.copy_from_slice(&there[..now.len()]);
            self.at += now.len();
            buf = later;
        }
        Ok(())
    }

    /// Passes over bytes.
    pub(super) fn skip(&mut self, len: u32) -> Result<(), LogError> {
        let mut left = len as usize;
        while left > 0 {
            if !self.has_more()? {
                return Err(LogError::Cut(self.offsets.1));
            }
            let now = left.min(self.chunk.len() - self.at);
            self.at += now;
            left -= now;
        }
        Ok(())
    }

    /// Reads an array.
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], LogError> {
        let mut array = [0; N];
        self.fill(&mut array)?;
        Ok(array)
    }

    /// Reads a number.
    pub(super) fn number(&mut self) -> Result<u64, LogError> {
        let mut number = 0;
        for shift in (0..70).step_by(7) {
            let [byte] = self.array()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(self.damaged("a number is too large"))
    }

    /// Reads a number of at most 32 bits.
    pub(super) fn small(&mut self) -> Result<u32, LogError> {
        u32::try_from(self.number()?).map_err(|_| self.damaged("a number is too large"))
    }

    /// Reads bytes with their length in front.
    pub(super) fn block(&mut self) -> Result<Vec<u8>, LogError> {
        let len = self.small()? as usize;
        if len > MOST {
            return Err(self.damaged("a header or an end is too long"));
        }
        let mut block = alloc::vec![0; len];
        self.fill(&mut block)?;
        Ok(block)
    }

    /// The error for something in the present chunk.
    pub(super) fn damaged(&self, what: &'static str) -> LogError {
        LogError::Damaged(self.offsets.0, what)
    }
}
