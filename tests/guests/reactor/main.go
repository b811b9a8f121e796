//go:build wasip1 && go1.24

// Reactor is a library: built with -buildmode=c-shared it exports functions instead of running main.
package main

import "fmt"

var calls int

//go:wasmexport add
func add(a, b int32) int32 {
	calls++
	return a + b
}

//go:wasmexport sum_to
func sumTo(n int64) int64 {
	results := make(chan int64)
	for i := int64(1); i <= n; i++ {
		go func() { results <- i }()
	}
	total := int64(0)
	for range n {
		total += <-results
	}
	return total
}

//go:wasmexport greet
func greet() {
	calls++
	fmt.Println("greetings, call", calls)
}

func main() {}
