// Runtimeinfo asks the runtime about callers, stacks, goroutines and itself.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
)

//go:noinline
func where() string {
	_, file, line, ok := runtime.Caller(1)
	return fmt.Sprint(filepath.Base(file), ":", line, " ", ok)
}

func main() {
	fmt.Println(where())
	fmt.Println(runtime.NumGoroutine())
	stop := make(chan bool)
	for i := 0; i < 10; i++ {
		go func() { <-stop }()
	}
	runtime.Gosched()
	fmt.Println(runtime.NumGoroutine())
	close(stop)
	stack := string(debug.Stack())
	fmt.Println(strings.Contains(stack, "main.main()"), strings.Contains(stack, "main.go:"))
	pcs := make([]uintptr, 10)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for {
		frame, more := frames.Next()
		fmt.Println(frame.Function)
		if !more || frame.Function == "main.main" {
			break
		}
	}
	fmt.Println(strings.HasPrefix(runtime.Version(), "go1."))
	fmt.Println(os.Getpid() != 0, os.PathSeparator == '/', os.Getpagesize() > 0)
	err := func() (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("recovered: %v", r)
			}
		}()
		defer runtime.GC()
		var m map[string]int
		m["x"]++
		return nil
	}()
	fmt.Println(err)
	done := make(chan string)
	go func() {
		defer func() { done <- "deferred call ran" }()
		runtime.Goexit()
	}()
	fmt.Println(<-done)
}
