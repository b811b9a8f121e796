//! `--profile`: where a profile is written, and what it counts.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

/// The profile of a run.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Looking inside")]
pub(crate) struct ProfileArgs {
    /// Write to FILE where the program spends its work, in the format that the file's name ends with
    ///
    /// `.pb.gz`: for `go tool pprof`. `.folded`: a line for each stack. `.svg`: a flame graph. `.json`: for profiler.firefox.com. Calls of WASI
    /// are the innermost functions of their stacks.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath,
          value_parser = OsStringValueParser::new().try_map(|name| Profile::parse(&name)))]
    pub(crate) profile: Option<Profile>,

    /// What the profile counts
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "fuel",
        requires = "profile"
    )]
    pub(crate) profile_by: ProfileBy,
}

/// What a profile counts.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ProfileBy {
    /// Units of fuel: calls and backward branches. The same run gives the same profile
    Fuel,
    /// Time on the host's clock, that of WASI calls included
    Time,
}

/// A file for a profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Profile {
    pub(crate) path: PathBuf,
    pub(crate) format: ProfileFormat,
}

/// The formats of profiles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ProfileFormat {
    /// Compressed protocol buffers of pprof.
    Pprof,
    /// Stacks, one in a line.
    Folded,
    /// A flame graph.
    Flame,
    /// The processed format of Firefox's profiler.
    Firefox,
}

impl Profile {
    fn parse(name: &OsStr) -> Result<Self, String> {
        let path = Path::new(name);
        let text = name.to_string_lossy();
        let ends = [
            (".pb.gz", ProfileFormat::Pprof),
            (".folded", ProfileFormat::Folded),
            (".svg", ProfileFormat::Flame),
            (".json", ProfileFormat::Firefox),
        ];
        let found = ends.into_iter().find(|(end, _)| text.ends_with(end));
        match found {
            Some((_, format)) => Ok(Self {
                path: path.to_owned(),
                format,
            }),
            None => Err("the name of the file must end with .pb.gz, .folded, .svg or .json".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_format() {
        let format = |name: &str| Profile::parse(OsStr::new(name)).map(|file| file.format);
        assert_eq!(format("cpu.pb.gz"), Ok(ProfileFormat::Pprof));
        assert_eq!(format("a/b.folded"), Ok(ProfileFormat::Folded));
        assert_eq!(format("b.svg"), Ok(ProfileFormat::Flame));
        assert_eq!(format("b.json"), Ok(ProfileFormat::Firefox));
        assert!(format("b.txt").is_err_and(|error| error.contains(".folded")));
    }
}
