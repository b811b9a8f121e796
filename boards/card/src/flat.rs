//! Converts a kernel to the form for firmware: the bytes from its load address on, without headers.

use object::{Object as _, ObjectSegment as _};

/// Returns the flat image of a kernel with the load address `load_address`. A file that is not ELF is returned unchanged.
///
/// # Errors
/// Fails if the ELF file is damaged, or if its kernel has another address.
pub fn flat(kernel: Vec<u8>, load_address: u64) -> Result<Vec<u8>, String> {
    if !kernel.starts_with(b"\x7fELF") {
        return Ok(kernel);
    }
    let object = object::File::parse(&*kernel).map_err(|error| error.to_string())?;
    if object.entry() != load_address {
        return Err(format!(
            "this kernel starts at {:#x}, and the board's at {load_address:#x}: it was built for another board",
            object.entry()
        ));
    }
    let mut flat = Vec::new();
    for segment in object.segments() {
        // The linker may place the ELF header in the page below the kernel.
        let below = load_address.saturating_sub(segment.address());
        let data = segment.data().map_err(|error| error.to_string())?;
        let data = usize::try_from(below)
            .ok()
            .and_then(|below| data.get(below..));
        let data = data.unwrap_or_default();
        let start = segment.address().saturating_sub(load_address);
        let start = usize::try_from(start).map_err(|error| error.to_string())?;
        let end = start.saturating_add(data.len());
        if end > LARGEST {
            return Err(format!("a kernel of {end} bytes is no kernel"));
        }
        if !data.is_empty() {
            flat.resize(flat.len().max(end), 0);
            flat[start..end].copy_from_slice(data);
        }
    }
    Ok(flat)
}

/// Kernels are smaller than a megabyte. A damaged file must not take all memory.
const LARGEST: usize = 64 << 20;

#[cfg(test)]
mod tests {
    use super::flat;

    /// An ELF file for 64-bit ARM with one segment of four bytes, 0x1000 below which it begins.
    fn elf(entry: u64) -> Vec<u8> {
        let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\xb7\0\x01\0\0\0".to_vec();
        file.extend(entry.to_le_bytes());
        file.extend(64_u64.to_le_bytes());
        file.extend(0_u64.to_le_bytes());
        file.extend(b"\0\0\0\0\x40\0\x38\0\x01\0\x40\0\0\0\0\0");
        file.extend(b"\x01\0\0\0\x05\0\0\0");
        for word in [120, 0x8_0000, 0x8_0000, 4, 4, 4] {
            file.extend(u64::to_le_bytes(word));
        }
        file.extend(b"code");
        file
    }

    #[test]
    fn headers_are_left_out() {
        assert_eq!(flat(elf(0x8_0000), 0x8_0000).as_deref(), Ok(&b"code"[..]));
        assert_eq!(
            flat(b"flat".to_vec(), 0x8_0000).as_deref(),
            Ok(&b"flat"[..])
        );
    }

    #[test]
    fn kernels_of_other_boards_are_refused() {
        let error = flat(elf(0x8_0000), 0x4020_0000).expect_err("another address");
        assert!(error.contains("another board"), "{error}");
        assert!(flat(b"\x7fELF".to_vec(), 0x8_0000).is_err());
    }
}
