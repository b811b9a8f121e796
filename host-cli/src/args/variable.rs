//! `--env`: one environment variable.

use std::ffi::OsString;

use clap_lex::OsStrExt;

/// A variable that the guest gets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Variable {
    /// `NAME=VALUE`.
    Set(OsString, OsString),
    /// `NAME`: with its value on the host.
    Inherit(OsString),
}

impl Variable {
    /// Reads `NAME=VALUE` or `NAME`.
    pub(crate) fn parse(text: OsString) -> Result<Self, String> {
        let parsed = match text.split_once("=") {
            Some((name, value)) => Self::Set(name.to_owned(), value.to_owned()),
            None => Self::Inherit(text),
        };
        let (Self::Set(name, _) | Self::Inherit(name)) = &parsed;
        if name.is_empty() {
            return Err("a variable needs a name: NAME=VALUE or NAME".to_owned());
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let set = |name: &str, value: &str| Ok(Variable::Set(name.into(), value.into()));
        assert_eq!(Variable::parse("A=b".into()), set("A", "b"));
        assert_eq!(Variable::parse("A=".into()), set("A", ""));
        assert_eq!(Variable::parse("A=b=c".into()), set("A", "b=c"));
        assert_eq!(
            Variable::parse("A".into()),
            Ok(Variable::Inherit("A".into()))
        );
        assert!(Variable::parse("".into()).is_err());
        assert!(Variable::parse("=b".into()).is_err());
    }
}
