//! The contents of a card that its user chooses, as arguments of a command, and the settings that follow from them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::error::CardError;

/// What its user puts on a card.
#[derive(Args, Clone, Debug, Default)]
pub struct Contents {
    /// The program, a WASI module
    pub program: PathBuf,
    /// Files that go into the root of the volume
    pub files: Vec<PathBuf>,
    /// Put a folder's contents into the root of the volume, or into the folder GUEST of it
    #[arg(long, value_name = "HOST[::GUEST]")]
    pub dir: Vec<String>,
    /// The settings (wasi.toml), instead of the ones that follow from the arguments
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// An environment variable of the program
    #[arg(long, value_name = "NAME=VALUE")]
    pub env: Vec<String>,
    /// Put the kernel onto the card so that U-Boot starts it by itself (extlinux/extlinux.conf)
    #[arg(long)]
    pub u_boot: bool,
    /// Size of the image, a power of two [default: 128M, or more if the files want it]
    #[arg(long)]
    pub size: Option<String>,
    /// Arguments of the program
    #[arg(last = true)]
    pub args: Vec<String>,
}

impl Contents {
    /// The text of a `wasi.toml` with the settings of the arguments.
    pub(crate) fn settings_text(&self, program: &str) -> Result<String, CardError> {
        #[derive(Serialize)]
        struct Settings<'a> {
            program: &'a str,
            #[serde(skip_serializing_if = "<[String]>::is_empty")]
            args: &'a [String],
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            env: BTreeMap<&'a str, &'a str>,
        }
        let mut env = BTreeMap::new();
        for variable in &self.env {
            let (name, value) = variable.split_once('=').ok_or_else(|| {
                CardError::Argument(format!("--env {variable}: write NAME=VALUE"))
            })?;
            if name.is_empty() || variable.contains('\0') {
                return Err(CardError::Argument(format!(
                    "--env {variable}: write NAME=VALUE, with a name and without the character NUL"
                )));
            }
            env.insert(name, value);
        }
        let settings = Settings {
            program,
            args: &self.args,
            env,
        };
        toml::to_string(&settings).map_err(|error| CardError::Argument(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use board_settings as settings;

    use super::{CardError, Contents};

    #[test]
    fn arguments_become_settings_that_a_kernel_reads() {
        let contents = Contents {
            args: vec!["-v".into(), "a \"b\"\n".into()],
            env: vec!["A=b=c".into()],
            ..Contents::default()
        };
        let text = contents.settings_text("main.wasm").expect("they are right");
        let settings = settings::parse(&text).expect("the kernel reads them");
        assert_eq!(settings.program.as_deref(), Some("main.wasm"));
        assert_eq!(settings.args, contents.args);
        assert_eq!(settings.env["A"], "b=c");
    }

    #[test]
    fn wrong_arguments_are_told() {
        let contents = Contents {
            env: vec!["A".into()],
            ..Contents::default()
        };
        assert!(matches!(
            contents.settings_text("main.wasm"),
            Err(CardError::Argument(_))
        ));
    }
}
