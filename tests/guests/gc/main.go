// Gc allocates much more than stays alive, in many shapes, and checks that the living stays intact.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

type tree struct {
	left, right *tree
	value       int
}

func build(depth int) *tree {
	if depth == 0 {
		return &tree{value: 1}
	}
	return &tree{build(depth - 1), build(depth - 1), 1}
}

func (t *tree) sum() int {
	if t == nil {
		return 0
	}
	return t.value + t.left.sum() + t.right.sum()
}

func main() {
	debug.SetGCPercent(50)
	long := build(15)
	for i := 0; i < 40; i++ {
		if got := build(11).sum(); got != 4095 {
			fmt.Println("a tree was damaged:", got)
		}
	}
	fmt.Println("long-lived tree:", long.sum())

	keep := make([][]byte, 64)
	total := 0
	for i := 0; i < 20_000; i++ {
		buf := make([]byte, 100+i%5000)
		buf[0], buf[len(buf)-1] = byte(i), byte(i)
		keep[i%len(keep)] = buf
		total += len(buf)
	}
	intact := true
	for _, buf := range keep {
		intact = intact && buf[0] == buf[len(buf)-1]
	}
	fmt.Println("allocated", total, "intact", intact)

	words := map[string]int{}
	for i := 0; i < 30_000; i++ {
		words[strings.Repeat("x", i%7)+fmt.Sprint(i%1000)]++
	}
	fmt.Println("words", len(words))

	finalized := make(chan int, 10)
	for i := 0; i < 10; i++ {
		object := &[100]int{i}
		runtime.SetFinalizer(object, func(o *[100]int) { finalized <- o[0] })
	}
	sum := 0
	for i := 0; i < 10; i++ {
		runtime.GC()
		sum += <-finalized
	}
	fmt.Println("finalized", sum)

	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Println("collections:", stats.NumGC > 3, "heap under 200 MB:", stats.HeapSys < 200<<20)
	runtime.KeepAlive(long)
}
