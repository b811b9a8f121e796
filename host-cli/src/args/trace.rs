//! `--trace-wasi`: the calls to trace, and the format.

use wasi_shim::trace::{Family, Format};

/// The calls to trace, and the format.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Trace {
    /// The format of the lines.
    pub(crate) format: Format,
    /// The traced families. If it is empty, all calls are traced.
    pub(crate) families: Vec<Family>,
}

impl Trace {
    /// Reads words that are separated by commas: names of families, and `json`. Without words, all calls are traced as
    /// text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut trace = Self {
            format: Format::Text,
            families: Vec::new(),
        };
        for word in text.split(',').filter(|word| !word.is_empty()) {
            match Family::ALL.into_iter().find(|family| family.name() == word) {
                Some(family) => trace.families.push(family),
                None if word == "json" => trace.format = Format::Json,
                None => {
                    let known = Family::ALL.map(Family::name).join(", ");
                    return Err(format!(
                        "there is no {word:?}; there are {known}, and json for the form"
                    ));
                }
            }
        }
        Ok(trace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let is = |format, families: &[Family]| {
            Ok(Trace {
                format,
                families: families.to_vec(),
            })
        };
        assert_eq!(Trace::parse(""), is(Format::Text, &[]));
        assert_eq!(
            Trace::parse("fs,poll"),
            is(Format::Text, &[Family::Fs, Family::Poll])
        );
        assert_eq!(Trace::parse("json"), is(Format::Json, &[]));
        assert_eq!(Trace::parse("sock,json"), is(Format::Json, &[Family::Sock]));
        let error = Trace::parse("files").expect_err("there is no such family");
        assert!(error.contains("fs, poll, proc"), "{error}");
    }
}
