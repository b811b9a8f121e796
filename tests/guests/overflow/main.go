// Endless recursion through a closure, on the first goroutine or another; or a loop that never ends. A second argument limits Go's stack.
package main

import (
	"os"
	"runtime/debug"
	"strconv"
)

var count int

func main() {
	if len(os.Args) > 2 {
		limit, _ := strconv.Atoi(os.Args[2])
		debug.SetMaxStack(limit)
	}
	var down func(int) int
	down = func(n int) int {
		return down(n+1) + 1
	}
	switch os.Args[1] {
	case "main":
		println(down(0))
	case "other":
		go func() {
			println(down(0))
		}()
		select {}
	case "spin":
		spin()
	}
}

//go:noinline
func spin() {
	for {
		step()
	}
}

//go:noinline
func step() { count++ }
