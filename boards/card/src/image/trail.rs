//! The folder in which files are stored, with the folders above it, so that the next file's folder is reached from where it differs.
//!
//! Files come in the order of their paths. Without a trail, each would be looked for from the root, and a chain of `n` folders would take
//! `n²/2` searches.

use wasi_shim::{Errno, FileSystem, Node};

/// The way from the root to a folder.
pub(super) struct Trail {
    root: Node,
    /// Names, and their nodes with a reference each.
    way: Vec<(String, Node)>,
}

impl Trail {
    /// A trail that is at the root.
    pub(super) fn new(root: Node) -> Self {
        let way = Vec::new();
        Self { root, way }
    }

    /// Goes to the folder `path`, and returns its node, which stays valid until the next step.
    ///
    /// # Errors
    /// Those of `lookup`. The trail then ends at the last folder that was found.
    pub(super) fn enter(&mut self, fs: &mut dyn FileSystem, path: &str) -> Result<Node, Errno> {
        let mut names = path.split('/').filter(|name| !name.is_empty()).peekable();
        let mut common = 0;
        while let (Some(name), Some((known, _))) = (names.peek(), self.way.get(common))
            && *name == known
        {
            common += 1;
            names.next();
        }
        self.leave(fs, common);
        for name in names {
            let found = fs.lookup(self.end(), name)?;
            self.way.push((name.to_owned(), found.node));
        }
        Ok(self.end())
    }

    fn end(&self) -> Node {
        self.way.last().map_or(self.root, |(_, node)| *node)
    }

    /// Goes back until the trail has `len` folders.
    pub(super) fn leave(&mut self, fs: &mut dyn FileSystem, len: usize) {
        for (_, node) in self.way.drain(len..).rev() {
            fs.forget(node);
        }
    }
}

#[cfg(test)]
mod tests {
    use wasi_shim::types::{FileType, Stat};
    use wasi_shim::{DirEntry, Entry, Errno, FileSystem, Node};

    use super::Trail;

    /// A chain of folders without end. Counts searches, and references that are held.
    #[derive(Default)]
    struct Chain {
        searches: usize,
        held: usize,
    }

    impl FileSystem for Chain {
        fn lookup(&mut self, dir: Node, _name: &str) -> Result<Entry, Errno> {
            self.searches += 1;
            self.held += 1;
            Ok(Entry {
                node: Node(dir.0 + 1),
                kind: FileType::Directory,
            })
        }

        fn forget(&mut self, _node: Node) {
            self.held -= 1;
        }

        fn read_dir(
            &mut self,
            _dir: Node,
            _cookie: u64,
            _emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
        ) -> Result<(), Errno> {
            Err(Errno::NotSup)
        }

        fn stat(&mut self, _node: Node) -> Result<Stat, Errno> {
            Err(Errno::NotSup)
        }

        fn read_at(&mut self, _file: Node, _pos: u64, _buf: &mut [u8]) -> Result<usize, Errno> {
            Err(Errno::NotSup)
        }
    }

    #[test]
    fn a_chain_of_folders_takes_a_search_for_each() {
        let (mut fs, mut trail) = (Chain::default(), Trail::new(Node(0)));
        let mut path = String::new();
        for depth in 0..500 {
            assert_eq!(trail.enter(&mut fs, &path), Ok(Node(depth)));
            // Files beside the folder.
            assert_eq!(trail.enter(&mut fs, &path), Ok(Node(depth)));
            path.push_str("/d");
        }
        assert_eq!((fs.searches, fs.held), (499, 499));
        trail.leave(&mut fs, 0);
        assert_eq!(fs.held, 0);
    }

    #[test]
    fn only_what_differs_is_looked_for() {
        let (mut fs, mut trail) = (Chain::default(), Trail::new(Node(7)));
        for (path, node, searches) in [
            ("a/b/c", 10, 3),
            ("a/b", 9, 3),
            ("a/bb/c", 10, 5),
            ("", 7, 5),
            ("a", 8, 6),
        ] {
            assert_eq!(trail.enter(&mut fs, path), Ok(Node(node)), "{path}");
            assert_eq!(fs.searches, searches, "{path}");
        }
        assert_eq!(fs.held, 1);
    }
}
