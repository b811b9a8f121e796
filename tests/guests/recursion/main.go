// Recursion nests a million calls, on the main goroutine and on others.
package main

import "fmt"

//go:noinline
func depth(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + depth(n-1)
}

//go:noinline
func even(n int) bool {
	if n == 0 {
		return true
	}
	return odd(n - 1)
}

//go:noinline
func odd(n int) bool {
	if n == 0 {
		return false
	}
	return even(n - 1)
}

type node struct{ next *node }

func (n *node) length() int {
	if n == nil {
		return 0
	}
	return 1 + n.next.length()
}

func deferred(n int, count *int) {
	if n == 0 {
		panic("at the bottom")
	}
	defer func() { *count++ }()
	deferred(n-1, count)
}

func main() {
	fmt.Println(depth(1_000_000))
	fmt.Println(even(1_000_000), odd(1_000_000))
	done := make(chan int)
	for i := 0; i < 3; i++ {
		go func() { done <- depth(300_000) }()
	}
	fmt.Println(<-done + <-done + <-done)
	var list *node
	for i := 0; i < 500_000; i++ {
		list = &node{list}
	}
	fmt.Println(list.length())
	count := 0
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		deferred(10_000, &count)
	}()
	fmt.Println("deferred calls:", count)
}
