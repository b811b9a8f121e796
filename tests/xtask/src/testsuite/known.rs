//! Programs of the suite that a host cannot pass, with reasons. On `std` and `ram` all 72 programs pass.

use super::Host;

const TIMES: &str =
    "sets a time to the nanosecond; FAT stores the time of the last change in steps of two seconds";
const LINKS: &str = "FAT has no symbolic links, and path_symlink answers ENOTSUP";

/// Host, program, reason.
const KNOWN: &[(Host, &str, &str)] = &[
    (Host::Fat, "fd_filestat_set", TIMES),
    (Host::Fat, "nofollow_errors", LINKS),
    (Host::Fat, "path_exists", LINKS),
    (Host::Fat, "path_filestat", TIMES),
    (
        Host::Fat,
        "path_link",
        "FAT has no hard links, and path_link answers ENOTSUP",
    ),
    (Host::Fat, "readlink", LINKS),
    (Host::Fat, "symlink_create", LINKS),
    (Host::Fat, "symlink_filestat", LINKS),
];

/// The reason why a program cannot pass on a host; `None` if it must pass.
pub(super) fn reason(host: Host, program: &str) -> Option<&'static str> {
    let row = KNOWN.iter().find(|row| row.0 == host && row.1 == program)?;
    Some(row.2)
}
