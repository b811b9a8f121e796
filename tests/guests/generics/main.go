//go:build go1.23

// Generics exercises type parameters, iterators, slices, maps, cmp and closures.
package main

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

type number interface {
	~int | ~int64 | ~float64
}

func sum[T number](values ...T) (total T) {
	for _, v := range values {
		total += v
	}
	return total
}

func apply[T, U any](seq iter.Seq[T], f func(T) U) iter.Seq[U] {
	return func(yield func(U) bool) {
		for v := range seq {
			if !yield(f(v)) {
				return
			}
		}
	}
}

type tree[K cmp.Ordered, V any] struct {
	left, right *tree[K, V]
	key         K
	value       V
}

func (t *tree[K, V]) insert(key K, value V) *tree[K, V] {
	switch {
	case t == nil:
		return &tree[K, V]{key: key, value: value}
	case key < t.key:
		t.left = t.left.insert(key, value)
	case key > t.key:
		t.right = t.right.insert(key, value)
	default:
		t.value = value
	}
	return t
}

func (t *tree[K, V]) all() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) { t.push(yield) }
}

func (t *tree[K, V]) push(yield func(K, V) bool) bool {
	return t == nil || t.left.push(yield) && yield(t.key, t.value) && t.right.push(yield)
}

type celsius float64

func main() {
	fmt.Println(sum(1, 2, 3), sum(1.5, 2.5), sum[celsius](20, 0.5))
	var root *tree[string, int]
	for i, word := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		root = root.insert(word, i)
	}
	for key, value := range root.all() {
		if key > "o" {
			break
		}
		fmt.Print(key, "=", value, " ")
	}
	fmt.Println()
	fmt.Println(slices.Collect(apply(maps.Keys(map[int]bool{7: true}), func(n int) string { return fmt.Sprint(n * 6) })))
	next, stop := iter.Pull2(root.all())
	for i := 0; i < 3; i++ {
		fmt.Println(next())
	}
	stop()
	fmt.Println(next())
	words := slices.Sorted(maps.Keys(map[string]int{"b": 1, "a": 2, "c": 3}))
	index, found := slices.BinarySearch(words, "b")
	fmt.Println(words, index, found, slices.Max(words), slices.Index(words, "c") == 2)
	type pair struct {
		name string
		age  int
	}
	people := []pair{{"x", 3}, {"y", 1}, {"z", 3}}
	slices.SortStableFunc(people, func(a, b pair) int { return -cmp.Compare(a.age, b.age) })
	fmt.Println(people, slices.ContainsFunc(people, func(p pair) bool { return p.age == 1 }))
	for chunk := range slices.Chunk([]int{1, 2, 3, 4, 5}, 2) {
		fmt.Print(chunk)
	}
	for i := range 3 {
		defer func() { fmt.Println("deferred", i) }()
	}
	fmt.Println(slices.Compact([]int{1, 1, 2, 3, 3}), min(3, 1, 2), max("a", "b"))
}
