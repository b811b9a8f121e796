// Trees allocates and drops binary trees of many depths while a large one lives on: work for the garbage collector.
package main

import "programs/work"

type node struct{ left, right *node }

func grow(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{grow(depth - 1), grow(depth - 1)}
}

func (n *node) count() int {
	if n.left == nil {
		return 1
	}
	return 1 + n.left.count() + n.right.count()
}

func main() {
	sum := work.NewSum()
	const most = 13
	lasting := grow(most)
	for range work.Rounds(3) {
		for depth := 4; depth <= most; depth += 3 {
			total := 0
			for i := 0; i < 1<<(most-depth+2); i++ {
				total += grow(depth).count()
			}
			sum.Int(total)
		}
	}
	sum.Int(lasting.count())
	sum.Print("trees")
}
