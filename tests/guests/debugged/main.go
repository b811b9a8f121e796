// Debugged is what the tests of the debugger walk through.
package main

import (
	"fmt"
	"runtime"
)

var words = []string{"alpha", "beta", "gamma"}

var sum int

// A function without a frame: its arguments are at the stack pointer.
//
//go:noinline
func length(word string) int {
	return len(word)
}

//go:noinline
func total(words []string) int {
	sum := 0
	for _, word := range words {
		sum += length(word)
	}
	return sum
}

func twice(number int) int {
	note(number)
	return 2 * number
}

//go:noinline
func note(number int) {
	sum += number
}

func wait(gate chan int) {
	<-gate
}

func main() {
	gate := make(chan int)
	go wait(gate)
	runtime.Gosched()
	fmt.Println("begin")
	sum = total(words)
	fmt.Println("sum", sum)
	fmt.Println("twice", twice(sum))
	gate <- 1
	fmt.Println("end")
}
