//! Sets of packages of Go's standard library, by the duration of their tests.

use anyhow::{Context, Result};

use crate::go::Toolchain;
use crate::gostd::ON_HOST;
use crate::process::stdout_of;

/// Frequently used packages. They take a minute or two.
const QUICK: [&str; 14] = [
    "bytes",
    "compress/gzip",
    "encoding/json",
    ON_HOST,
    "io/fs",
    "os",
    "path/filepath",
    "regexp",
    "runtime",
    "sort",
    "strconv",
    "strings",
    "sync",
    "time",
];

/// Packages whose tests ran for more than three seconds. The longest took three minutes. The others took 72 seconds in
/// total.
const HEAVY: [&str; 40] = [
    "archive/tar",
    "compress/flate",
    "compress/gzip",
    "crypto/cipher",
    "crypto/ecdh",
    "crypto/hmac",
    "crypto/hpke",
    "crypto/internal/fips140/mldsa",
    "crypto/internal/fips140test",
    "crypto/mldsa",
    "crypto/rsa",
    "crypto/sha3",
    "crypto/tls",
    "crypto/x509",
    "encoding/asn1",
    "encoding/gob",
    "encoding/json",
    "encoding/json/jsontext",
    "encoding/json/v2",
    "go/build",
    "go/doc/comment",
    "go/internal/srcimporter",
    "image/jpeg",
    "index/suffixarray",
    "internal/sync",
    "internal/synctest",
    "internal/trace",
    "math/big",
    "mime/multipart",
    "net",
    "net/http",
    "net/http/internal/http2",
    "net/http/pprof",
    "os",
    "regexp/syntax",
    "runtime",
    "runtime/pprof",
    "runtime/trace",
    "testing",
    "time",
];

/// Returns the packages for a user's words: the quick set without words, `light` for all that are not heavy, `gate` for
/// the quick ones and the light ones that programs can import, and otherwise patterns of `go test`: `os`, `encoding/...`, `std`.
pub(crate) fn resolve(toolchain: &Toolchain, words: &[String]) -> Result<Vec<String>> {
    let quick = || QUICK.map(str::to_owned).to_vec();
    match words {
        [] => Ok(quick()),
        [word] if word == "light" => light(toolchain),
        [word] if word == GATE => {
            let mut packages = light(toolchain)?;
            packages.retain(|name| !name.split('/').any(|part| part == "internal"));
            packages.extend(quick());
            packages.push(SIMD.to_owned());
            packages.sort();
            packages.dedup();
            Ok(packages)
        }
        words => Ok(words.to_vec()),
    }
}

/// The package for vectors, which exists with `GOEXPERIMENT=simd` only. `go list std` does not name it.
const SIMD: &str = "simd";

/// The tests of each instruction that the package uses.
pub(crate) const SIMD_BY_HAND: &str = "simd/archsimd/internal/simd_test";

/// Whether these packages need `GOEXPERIMENT=simd`.
pub(crate) fn is_simd(name: &str) -> bool {
    name.split('/').next() == Some(SIMD)
}

/// The word for the packages of the gate.
pub(crate) const GATE: &str = "gate";

/// All packages but the heavy ones.
fn light(toolchain: &Toolchain) -> Result<Vec<String>> {
    let mut list = toolchain.command(&toolchain.goroot.join("src"));
    list.env("GOOS", "wasip1").env("GOARCH", "wasm");
    let all = stdout_of(list.args(["list", "std"])).context("go list std failed")?;
    let light = |name: &&str| !HEAVY.contains(name) && !name.starts_with("vendor/");
    Ok(all.lines().filter(light).map(str::to_owned).collect())
}
