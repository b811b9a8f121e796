//! Releases code that only the start has run from this process's memory.
//!
//! Linux maps sixteen pages of a file around each page that is touched, and counts them all. Reading the command line
//! touches most of this program. Released pages stay in the system's cache, and come back at their next use.

/// Releases the code of this program and of its libraries from this process's memory.
///
/// A debugger writes breakpoints into code, so a build with debug assertions keeps the code.
pub(crate) fn let_go_of_code() {
    #[cfg(all(target_os = "linux", target_pointer_width = "64"))]
    if !cfg!(debug_assertions) {
        linux::let_go_of_code();
    }
}

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
#[expect(unsafe_code, reason = "advice that would clear memory of one's own")]
mod linux {
    use core::ffi::{c_int, c_void};
    use core::{ptr, slice};

    pub(super) fn let_go_of_code() {
        // SAFETY: the callback takes no data and returns normally.
        unsafe { libc::dl_iterate_phdr(Some(object), ptr::null_mut()) };
    }

    /// Releases the code of one object: this program or a library.
    unsafe extern "C" fn object(info: *mut libc::dl_phdr_info, _: usize, _: *mut c_void) -> c_int {
        // SAFETY: the loader passes an object and its headers, which exist as long as the object.
        let (info, headers) = unsafe {
            let info = &*info;
            let count = usize::from(info.dlpi_phnum);
            (info, slice::from_raw_parts(info.dlpi_phdr, count))
        };
        // SAFETY: the call only returns a number.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        let Ok(page) = u64::try_from(page) else {
            return 0;
        };
        for header in headers {
            let access = header.p_flags & (libc::PF_X | libc::PF_W);
            if header.p_type == libc::PT_LOAD && access == libc::PF_X {
                let first = info.dlpi_addr + header.p_vaddr;
                let start = first / page * page;
                let len = first + header.p_memsz - start;
                // SAFETY: code of 64-bit systems does not depend on its address, so the loader has not written to it, and
                // the same bytes come back from its file. If the system ignores the advice, nothing changes.
                unsafe { libc::madvise(start as *mut c_void, len as usize, libc::MADV_DONTNEED) };
            }
        }
        0
    }
}

#[cfg(all(test, target_os = "linux", target_pointer_width = "64"))]
#[expect(unsafe_code, reason = "every page of the code is read")]
mod tests {
    use std::ops::Range;
    use std::{env, fs, ptr};

    use super::*;

    /// The code of this program: its place, and the number of KiB of it that are in memory.
    fn own_code() -> (Vec<Range<usize>>, usize) {
        let program = env::current_exe().expect("it lies somewhere");
        let program = program.to_str().expect("its path is UTF-8");
        let mappings = fs::read_to_string("/proc/self/smaps").expect("Linux has it");
        let (mut places, mut resident, mut is_code) = (Vec::new(), 0, false);
        for line in mappings.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let Some((start, end)) = words[0].split_once('-') {
                is_code = words[1].contains('x') && line.ends_with(program);
                if is_code {
                    let address = |text| usize::from_str_radix(text, 16).expect("an address");
                    places.push(address(start)..address(end));
                }
            } else if is_code && words[0] == "Rss:" {
                resident += words[1].parse::<usize>().expect("a number of KiB");
            }
        }
        (places, resident)
    }

    #[test]
    #[cfg_attr(
        debug_assertions,
        ignore = "a build with debug assertions keeps its code in memory"
    )]
    fn code_is_let_go_of_and_comes_back() {
        let (places, _) = own_code();
        for page in places.into_iter().flat_map(|place| place.step_by(4096)) {
            // SAFETY: the code of this program can be read.
            unsafe { ptr::with_exposed_provenance::<u8>(page).read_volatile() };
        }
        let (_, before) = own_code();
        let_go_of_code();
        // Other tests run meanwhile, and bring back what they need.
        let (_, after) = own_code();
        assert!(
            before > 1024 && after < before / 2,
            "{before} KiB became {after}"
        );
        assert_eq!(format!("{:.3}", 2.0_f64.sqrt()), "1.414");
    }
}
