// Huffman compresses text by a Huffman code that it builds from the text, and decompresses it again.
package main

import (
	"bytes"
	"container/heap"

	"programs/work"
)

type tree struct {
	weight      int
	symbol      byte
	left, right *tree
}

type forest []*tree

func (f forest) Len() int      { return len(f) }
func (f forest) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f forest) Less(i, j int) bool {
	return f[i].weight < f[j].weight || f[i].weight == f[j].weight && f[i].symbol < f[j].symbol
}
func (f *forest) Push(x any) { *f = append(*f, x.(*tree)) }
func (f *forest) Pop() any {
	last := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return last
}

func build(text []byte) *tree {
	var weights [256]int
	for _, b := range text {
		weights[b]++
	}
	var f forest
	for symbol, weight := range weights {
		if weight > 0 {
			heap.Push(&f, &tree{weight: weight, symbol: byte(symbol)})
		}
	}
	for f.Len() > 1 {
		a, b := heap.Pop(&f).(*tree), heap.Pop(&f).(*tree)
		heap.Push(&f, &tree{a.weight + b.weight, min(a.symbol, b.symbol), a, b})
	}
	return f[0]
}

func (t *tree) codes(prefix []bool, visit func(symbol byte, code []bool)) {
	if t.left == nil {
		visit(t.symbol, prefix)
		return
	}
	t.left.codes(append(prefix, false), visit)
	t.right.codes(append(prefix, true), visit)
}

func main() {
	random, sum := work.Random(17), work.NewSum()
	for range work.Rounds(200) {
		var text []byte
		for range 700 {
			text = append(append(text, random.Word()...), ' ')
		}
		root := build(text)
		var table [256][]bool
		root.codes(nil, func(symbol byte, code []bool) { table[symbol] = copied(code) })
		var packed []byte
		bits := 0
		for _, b := range text {
			for _, bit := range table[b] {
				if bits%8 == 0 {
					packed = append(packed, 0)
				}
				if bit {
					packed[bits/8] |= 1 << (bits % 8)
				}
				bits++
			}
		}
		var unpacked []byte
		for at, bit := root, 0; bit < bits; bit++ {
			if packed[bit/8]>>(bit%8)&1 == 0 {
				at = at.left
			} else {
				at = at.right
			}
			if at.left == nil {
				unpacked, at = append(unpacked, at.symbol), root
			}
		}
		if !bytes.Equal(text, unpacked) {
			panic("unpacked is not what was packed")
		}
		sum.Bytes(packed)
	}
	sum.Print("huffman")
}

func copied(code []bool) []bool { return append([]bool(nil), code...) }
