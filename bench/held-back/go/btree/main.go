// Btree keeps sorted keys in a B-tree of a generic type: insertion with splits, search, walks over ranges.
package main

import (
	"cmp"
	"slices"

	"programs/work"
)

const most = 7

type node[K cmp.Ordered, V any] struct {
	keys     []K
	values   []V
	children []*node[K, V]
}

func (n *node[K, V]) get(key K) (value V, found bool) {
	for n != nil {
		at, hit := slices.BinarySearch(n.keys, key)
		if hit {
			return n.values[at], true
		}
		if n.children == nil {
			break
		}
		n = n.children[at]
	}
	return value, false
}

func (n *node[K, V]) split(at int) {
	child, middle := n.children[at], most/2
	right := &node[K, V]{keys: slices.Clone(child.keys[middle+1:]), values: slices.Clone(child.values[middle+1:])}
	if child.children != nil {
		right.children = slices.Clone(child.children[middle+1:])
		child.children = child.children[:middle+1]
	}
	n.keys = slices.Insert(n.keys, at, child.keys[middle])
	n.values = slices.Insert(n.values, at, child.values[middle])
	n.children = slices.Insert(n.children, at+1, right)
	child.keys, child.values = child.keys[:middle], child.values[:middle]
}

func (n *node[K, V]) put(key K, value V) {
	at, hit := slices.BinarySearch(n.keys, key)
	switch {
	case hit:
		n.values[at] = value
	case n.children == nil:
		n.keys = slices.Insert(n.keys, at, key)
		n.values = slices.Insert(n.values, at, value)
	case len(n.children[at].keys) == most:
		n.split(at)
		n.put(key, value)
	default:
		n.children[at].put(key, value)
	}
}

func (n *node[K, V]) walk(yield func(K, V) bool) bool {
	for at, key := range n.keys {
		if n.children != nil && !n.children[at].walk(yield) || !yield(key, n.values[at]) {
			return false
		}
	}
	return n.children == nil || n.children[len(n.keys)].walk(yield)
}

func main() {
	random, sum := work.Random(61), work.NewSum()
	for range work.Rounds(60) {
		root := &node[string, int]{}
		for i := range 1500 {
			if len(root.keys) == most {
				root = &node[string, int]{children: []*node[string, int]{root}}
				root.split(0)
			}
			root.put(random.Word(), i)
		}
		hits := 0
		for range 1500 {
			if value, found := root.get(random.Word()); found {
				hits += value
			}
		}
		sum.Int(hits)
		root.walk(func(key string, value int) bool {
			sum.String(key)
			sum.Int(value)
			return key < "t"
		})
	}
	sum.Print("btree")
}
