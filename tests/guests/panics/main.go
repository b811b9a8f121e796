// Panics dies in the way that its argument names; without one it recovers from every way that can be recovered from.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
)

var ways = map[string]func(){
	"string": func() { panic("out of ideas") },
	"error":  func() { panic(errors.New("an error value")) },
	"nil": func() {
		var p *struct {
			big [1 << 20]byte
			x   int
		}
		p.x = 1
	},
	"index":  func() { s := []int{1, 2, 3}; i := len(s) + 2; s[i]++ },
	"slice":  func() { s := []int{1, 2, 3}; i, j := 3, 2; fmt.Println(s[i:j]) },
	"divide": func() { a, b := 1, 0; fmt.Println(a / b) },
	"type":   func() { var v any = "text"; fmt.Println(v.(int)) },
	"map":    func() { var m map[string]int; m["x"] = 1 },
	"close":  func() { c := make(chan int); close(c); close(c) },
	"shift":  func() { n := -1; fmt.Println(1 << n) },
	"make":   func() { n := -1; fmt.Println(make([]int, n)) },
	"nested": func() { defer func() { panic("second") }(); panic("first") },
}

func main() {
	if len(os.Args) == 1 {
		recoverAll()
		return
	}
	switch way := os.Args[1]; way {
	case "goroutine":
		go panic("in a goroutine")
		select {}
	case "deadlock":
		var mu sync.Mutex
		mu.Lock()
		mu.Lock()
	case "concurrent-exit":
		go os.Exit(7)
		select {}
	case "overflow":
		debug.SetMaxStack(32 << 20)
		fmt.Println(overflow(1))
	default:
		ways[way]()
	}
}

//go:noinline
func overflow(n int) int { return overflow(n+1) + 1 }

func recoverAll() {
	for _, way := range []string{
		"string", "error", "nil", "index", "slice", "divide", "type", "map", "close", "shift", "make", "nested",
	} {
		func() {
			defer func() { fmt.Printf("%s: %v\n", way, recover()) }()
			ways[way]()
		}()
	}
}
