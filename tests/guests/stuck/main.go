// Stuck stops in the way that its argument names: at a trap, in a loop, or with goroutines that wait for each other.
package main

import (
	"os"
	"runtime"
	"sync"
	"time"
	"unsafe"
)

var sum int

// beyond is no address of a program's memory.
var beyond = uintptr(0xfffffff0)

func main() {
	switch os.Args[1] {
	case "trap":
		outer()
	case "goroutine":
		go outer()
		select {}
	case "loop":
		go receive(make(chan int))
		// The other one runs until it waits.
		for range make([]int, 10) {
			runtime.Gosched()
		}
		loop()
	case "wait":
		wait()
	case "many":
		for range make([]int, 150) {
			go receive(make(chan int))
		}
		time.Sleep(time.Hour)
	}
}

//go:noinline
func outer() {
	middle(3)
	sum++
}

func middle(n int) {
	sum += n
	inner()
}

//go:noinline
func inner() {
	*(*int)(unsafe.Pointer(beyond)) = 1
}

func loop() {
	for n := 0; ; n++ {
		step(n)
	}
}

func step(n int) {
	add(n)
}

// Nearly all of the time is spent here.
//
//go:noinline
func add(n int) {
	for i := 0; i < 10000; i++ {
		sum += n
	}
}

func wait() {
	var mutex sync.Mutex
	mutex.Lock()
	go lock(&mutex)
	go receive(make(chan int))
	go receive(nil)
	go send(make(chan int))
	go choose(make(chan int), make(chan bool))
	go sleep()
	go generic[int](1)
	time.Sleep(time.Hour)
}

//go:noinline
func lock(mutex *sync.Mutex) { mutex.Lock() }

//go:noinline
func receive(channel chan int) { <-channel }

//go:noinline
func send(channel chan int) { channel <- 1 }

//go:noinline
func choose(a chan int, b chan bool) {
	select {
	case <-a:
	case b <- true:
	}
}

//go:noinline
func sleep() { time.Sleep(time.Hour) }

//go:noinline
func generic[T any](T) { select {} }
