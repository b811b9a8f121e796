//! Finds the free part of RAM. Memory that the device tree reserves is not used.
//!
//! Nothing here allocates, because the heap is created from the result.

use core::ops::Range;

use dtoolkit::{Node as _, fdt::Fdt};

/// The memory that a device tree reserves: the header's list (Devicetree Specification 0.4, section 5.3) and the nodes in
/// `/reserved-memory` with an address (section 3.5).
pub fn reserved(tree: Fdt<'_>) -> impl Iterator<Item = Range<usize>> {
    let listed = tree
        .memory_reservations()
        .map(|entry| (entry.address(), entry.size()));
    let nodes = tree.find_node("/reserved-memory");
    let nodes = nodes.into_iter().flat_map(|node| node.children());
    let named = nodes
        .filter_map(|node| node.reg().ok().flatten())
        .flatten()
        .filter_map(|reg| Some((reg.address::<u64>().ok()?, reg.size::<u64>().ok()?)));
    listed.chain(named).filter_map(|(start, size)| {
        let start = usize::try_from(start).ok()?;
        let end = start.saturating_add(usize::try_from(size).unwrap_or(usize::MAX));
        Some(start..end)
    })
}

/// The largest part of `ram` that does not overlap `taken`; empty if there is none.
pub fn largest_gap<T: Iterator<Item = Range<usize>>>(
    ram: &Range<usize>,
    taken: impl Fn() -> T,
) -> Range<usize> {
    let taken = || taken().filter(|range| !range.is_empty());
    let mut largest = ram.start..ram.start;
    // A gap begins at the start of RAM, or at the end of a taken range.
    for start in taken()
        .map(|range| range.end)
        .chain([ram.start])
        .filter(|start| ram.contains(start))
    {
        if taken().any(|range| range.contains(&start)) {
            continue;
        }
        let next = taken().map(|range| range.start).filter(|at| *at > start);
        let end = next.min().unwrap_or(ram.end).min(ram.end);
        if end - start > largest.len() {
            largest = start..end;
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use core::ops::Range;

    use dtoolkit::fdt::Fdt;

    use super::{largest_gap, reserved};

    fn gap(ram: Range<usize>, taken: &[(usize, usize)]) -> Range<usize> {
        largest_gap(&ram, || taken.iter().map(|&(start, end)| start..end))
    }

    #[test]
    fn the_largest_part_between_what_is_taken() {
        assert_eq!(gap(10..100, &[]), 10..100);
        assert_eq!(gap(10..100, &[(20, 30)]), 30..100);
        assert_eq!(gap(10..100, &[(80, 90)]), 10..80);
        assert_eq!(gap(10..100, &[(0, 20), (90, 200)]), 20..90);
        assert_eq!(gap(10..100, &[(40, 50), (45, 60), (60, 61)]), 61..100);
        assert_eq!(gap(10..100, &[(50, 50), (200, 300)]), 10..100);
        assert!(gap(10..100, &[(0, 100)]).is_empty());
        assert!(gap(10..100, &[(0, 50), (50, usize::MAX)]).is_empty());
    }

    /// A device tree: the header, its list of reservations, and a node with two children.
    fn tree() -> Vec<u8> {
        fn word(to: &mut Vec<u8>, words: &[u32]) {
            words.iter().for_each(|word| to.extend(word.to_be_bytes()));
        }
        fn begin(to: &mut Vec<u8>, name: &str) {
            word(to, &[1]);
            to.extend(name.as_bytes());
            to.resize((to.len() + 1).next_multiple_of(4), 0);
        }
        let strings = b"#address-cells\0#size-cells\0reg\0ranges\0size\0";
        let (address_cells, size_cells, reg, ranges, size) = (0, 15, 27, 31, 38);
        let mut nodes = Vec::new();
        begin(&mut nodes, "");
        word(&mut nodes, &[3, 4, address_cells, 2, 3, 4, size_cells, 2]);
        begin(&mut nodes, "reserved-memory");
        word(&mut nodes, &[3, 4, address_cells, 2, 3, 4, size_cells, 2]);
        word(&mut nodes, &[3, 0, ranges]);
        begin(&mut nodes, "firmware@80000000");
        word(&mut nodes, &[3, 16, reg, 0, 0x8000_0000, 0, 0x4_0000, 2]);
        // Memory whose place the system may choose has a size and no address.
        begin(&mut nodes, "pool");
        word(&mut nodes, &[3, 8, size, 0, 0x10_0000, 2]);
        word(&mut nodes, &[2, 2, 9]);
        let list = [0u64, 0x8100_0000, 0x2000, 0, 0];
        let (list_at, nodes_at) = (40, 40 + 32);
        let strings_at = nodes_at + nodes.len() as u32;
        let total = strings_at + strings.len() as u32;
        let mut tree = Vec::new();
        word(
            &mut tree,
            &[0xd00d_feed, total, nodes_at, strings_at, list_at, 17, 16, 0],
        );
        word(&mut tree, &[strings.len() as u32, nodes.len() as u32]);
        for number in &list[1..] {
            tree.extend(number.to_be_bytes());
        }
        tree.extend(&nodes);
        tree.extend(strings);
        tree
    }

    #[test]
    fn both_lists_of_a_device_tree_are_read() {
        let bytes = tree();
        let tree = Fdt::new(&bytes).expect("a device tree");
        let found: Vec<_> = reserved(tree).collect();
        assert_eq!(found, [0x8100_0000..0x8100_2000, 0x8000_0000..0x8004_0000]);
    }
}
