//! Names of files on both sides: the program's are those that the compiler was given, the client's are those of the machine.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// What is known about files.
#[derive(Default)]
pub(super) struct Files {
    /// The client's paths, by the names in the program.
    known: HashMap<String, String>,
    /// Starts of the program's paths, and what the client has instead.
    substituted: Vec<(String, String)>,
    /// The folder of relative names.
    folder: PathBuf,
}

impl Files {
    /// Reads `substitutePath` of a launch: `[{"from": CLIENT, "to": PROGRAM}, …]`, as Go's debugger has it.
    ///
    /// # Errors
    /// Fails if it has another form.
    pub(super) fn new(substitute: &Value, folder: PathBuf) -> Result<Self, String> {
        let mut substituted = Vec::new();
        for rule in substitute.as_array().into_iter().flatten() {
            let (Some(from), Some(to)) = (rule["from"].as_str(), rule["to"].as_str()) else {
                return Err("substitutePath is a list of {\"from\": …, \"to\": …}".to_owned());
            };
            substituted.push((to.to_owned(), from.to_owned()));
        }
        Ok(Self {
            known: HashMap::new(),
            substituted,
            folder,
        })
    }

    /// Notes that the client calls a file of the program so.
    pub(super) fn note(&mut self, program: &str, client: &str) {
        self.known.insert(program.to_owned(), client.to_owned());
    }

    /// The client's path as the program may have it.
    pub(super) fn to_program(&self, client: &str) -> String {
        for (program, own) in &self.substituted {
            if let Some(rest) = behind(client, own) {
                return format!("{program}{rest}");
            }
        }
        client.to_owned()
    }

    /// A file of the program, as the protocol names one.
    pub(super) fn source(&self, program: &str) -> Value {
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
        match self.on_disk(program) {
            Some(path) => json!({ "name": name, "path": path }),
            None => json!({
                "name": name,
                "path": program,
                "origin": "not on this machine",
                "presentationHint": "deemphasize",
            }),
        }
    }

    /// The path of a file of the program, if the file is there.
    pub(super) fn on_disk(&self, program: &str) -> Option<String> {
        if let Some(path) = self.known.get(program) {
            return Some(path.clone());
        }
        for (start, own) in &self.substituted {
            if let Some(rest) = behind(program, start) {
                return Some(format!("{own}{rest}"));
            }
        }
        let path = self.folder.join(Path::new(program));
        path.is_file().then(|| path.display().to_string())
    }
}

/// What follows a folder in a path.
fn behind<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(folder)?;
    (rest.starts_with(['/', '\\']) || folder.ends_with(['/', '\\']) || folder.is_empty())
        .then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_substituted() {
        let rules = json!([{ "from": "/home/me/app", "to": "example.com/app" }]);
        let mut files = Files::new(&rules, PathBuf::from("/nowhere")).expect("the form is right");
        assert_eq!(
            files.to_program("/home/me/app/sub/a.go"),
            "example.com/app/sub/a.go"
        );
        assert_eq!(
            files.to_program("/home/me/apple/a.go"),
            "/home/me/apple/a.go"
        );
        let on_disk = files.on_disk("example.com/app/b.go");
        assert_eq!(on_disk.as_deref(), Some("/home/me/app/b.go"));
        assert_eq!(files.on_disk("other/b.go"), None);
        assert_eq!(files.source("other/b.go")["name"], "b.go");
        files.note("other/b.go", "/x/b.go");
        assert_eq!(files.source("other/b.go")["path"], "/x/b.go");
        assert!(Files::new(&json!([{ "from": 3 }]), PathBuf::new()).is_err());
    }
}
