//! Imports inside the folders of this crate go in no circles, so that each file can be read after those that it uses.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Files of a folder, each with those that it imports.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// The modules of one folder, without the folder's own `mod.rs`, which all of them may use.
fn graph(folder: &Path) -> Graph {
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        if let Some(name) = name.filter(|name| is_rust && *name != "mod") {
            let text = fs::read_to_string(&path).expect("a text file");
            texts.insert(name.to_owned(), text);
        }
    }
    let uses = |text: &str| {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let names = texts.keys().filter(|name| {
            let path = format!("super::{name}");
            code.match_indices(&path).any(|(at, _)| {
                let next = code[at + path.len()..].chars().next();
                next.is_some_and(|next| next == ':' || next == ';')
            })
        });
        names.cloned().collect()
    };
    texts
        .iter()
        .map(|(name, text)| (name.clone(), uses(text)))
        .collect()
}

/// A circle, if there is one: what is left when files that use nothing are taken away again and again.
fn circle(mut graph: Graph) -> Vec<String> {
    loop {
        let left: BTreeSet<String> = graph.keys().cloned().collect();
        let before = graph.len();
        graph.retain(|_, uses| uses.iter().any(|name| left.contains(name)));
        if graph.len() == before {
            return graph.into_keys().collect();
        }
    }
}

#[test]
fn there_are_no_circles() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders: Vec<PathBuf> = vec![source];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            }
        }
        let graph = graph(&folder);
        files += graph.len();
        let circle = circle(graph);
        assert!(circle.is_empty(), "{}: {circle:?}", folder.display());
    }
    assert!(files > 90, "only {files} files were read");
}

#[test]
fn a_circle_is_found() {
    let graph = |edges: &[(&str, &[&str])]| -> Graph {
        let edges = edges.iter().map(|(name, uses)| {
            let uses = uses.iter().map(|name| (*name).to_owned()).collect();
            ((*name).to_owned(), uses)
        });
        edges.collect()
    };
    assert!(circle(graph(&[("a", &["b"]), ("b", &["c"]), ("c", &[])])).is_empty());
    let found = circle(graph(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])]));
    assert_eq!(found, ["a", "b", "c"]);
}
