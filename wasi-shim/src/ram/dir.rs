//! The entries of a directory, found by name and listed in the order of their creation.
//!
//! Each entry gets a cookie when it is created. Cookies count up and are never reused. A listing proceeds by cookies, so it
//! can stop and continue anywhere, whatever is created and removed meanwhile.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::ops::Bound;

use crate::fs::Node;

/// The entries of one directory.
pub(super) struct Directory {
    /// The parent directory. The root is its own parent.
    pub(super) parent: Node,
    /// The cookie of each name.
    names: BTreeMap<Arc<str>, u64>,
    /// The entries by cookie.
    order: BTreeMap<u64, (Arc<str>, Node)>,
    /// The cookie of the newest entry so far.
    newest: u64,
}

impl Directory {
    pub(super) fn new(parent: Node) -> Directory {
        Directory {
            parent,
            names: BTreeMap::new(),
            order: BTreeMap::new(),
            newest: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub(super) fn get(&self, name: &str) -> Option<Node> {
        let (_, node) = self.order.get(self.names.get(name)?)?;
        Some(*node)
    }

    /// Adds a name that does not exist yet.
    pub(super) fn insert(&mut self, name: &str, node: Node) {
        let name: Arc<str> = Arc::from(name);
        self.newest += 1;
        self.names.insert(name.clone(), self.newest);
        self.order.insert(self.newest, (name, node));
    }

    /// Changes the target of a name. Its cookie stays, so that a running listing emits it once.
    pub(super) fn replace(&mut self, name: &str, node: Node) {
        if let Some(cookie) = self.names.get(name)
            && let Some(entry) = self.order.get_mut(cookie)
        {
            entry.1 = node;
        }
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Node> {
        let cookie = self.names.remove(name)?;
        self.order.remove(&cookie).map(|(_, node)| node)
    }

    /// The entries after this cookie: cookie, name, node.
    pub(super) fn behind(&self, cookie: u64) -> impl Iterator<Item = (u64, &str, Node)> {
        self.order
            .range((Bound::Excluded(cookie), Bound::Unbounded))
            .map(|(cookie, (name, node))| (*cookie, &**name, *node))
    }
}
