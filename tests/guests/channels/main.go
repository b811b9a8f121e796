// Channels exercises goroutines, channels, select, timers, contexts and package sync.
package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	pipeline()
	workers()
	selecting()
	timers()
	contexts()
	locks()
	ring()
	sleepers()
}

// pipeline is the prime sieve: a chain of goroutines, each filtering one prime.
func pipeline() {
	numbers := make(chan int)
	go func(out chan<- int) {
		for i := 2; ; i++ {
			out <- i
		}
	}(numbers)
	for i := 0; i < 60; i++ {
		prime := <-numbers
		fmt.Print(prime, " ")
		next := make(chan int)
		go func(in <-chan int, out chan<- int, prime int) {
			for n := range in {
				if n%prime != 0 {
					out <- n
				}
			}
		}(numbers, next, prime)
		numbers = next
	}
	fmt.Println()
}

func workers() {
	jobs, results := make(chan int, 10), make(chan int)
	var wait sync.WaitGroup
	for w := 0; w < 8; w++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for job := range jobs {
				results <- job * job
				runtime.Gosched()
			}
		}()
	}
	go func() {
		for i := 1; i <= 1000; i++ {
			jobs <- i
		}
		close(jobs)
		wait.Wait()
		close(results)
	}()
	sum := 0
	for square := range results {
		sum += square
	}
	fmt.Println("sum of squares", sum)
}

func selecting() {
	a, b, quit := make(chan string), make(chan string), make(chan struct{})
	go func() {
		for i := 0; i < 3; i++ {
			a <- "a"
		}
		for i := 0; i < 2; i++ {
			b <- "b"
		}
		close(quit)
	}()
	counts := map[string]int{}
	for done := false; !done; {
		select {
		case s := <-a:
			counts[s]++
		case s := <-b:
			counts[s]++
		case <-quit:
			done = true
		}
	}
	select {
	case <-a:
		fmt.Println("never")
	default:
		fmt.Println("default", counts)
	}
	var none chan int
	select {
	case <-none:
	case <-time.After(time.Millisecond):
		fmt.Println("a nil channel blocks")
	}
}

func timers() {
	start := time.Now()
	order := make(chan int, 3)
	for _, ms := range []int{250, 50, 150} {
		ms := ms
		time.AfterFunc(time.Duration(ms)*time.Millisecond, func() { order <- ms })
	}
	fmt.Println(<-order, <-order, <-order)
	elapsed := time.Since(start)
	fmt.Println("waited:", elapsed >= 250*time.Millisecond, elapsed < 20*time.Second)
	timer := time.NewTimer(time.Hour)
	fmt.Println("stopped:", timer.Stop())
	ticker := time.NewTicker(5 * time.Millisecond)
	for i := 0; i < 4; i++ {
		<-ticker.C
	}
	ticker.Stop()
	fmt.Println("four ticks")
}

func contexts() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	<-ctx.Done()
	fmt.Println(ctx.Err(), errors.Is(ctx.Err(), context.DeadlineExceeded))
	ctx, cancel = context.WithCancel(context.WithValue(context.Background(), "key", 42))
	go cancel()
	<-ctx.Done()
	fmt.Println(ctx.Err(), ctx.Value("key"))
}

func locks() {
	var mu sync.RWMutex
	var once sync.Once
	var total atomic.Int64
	shared := map[int]int{}
	var wait sync.WaitGroup
	for g := 0; g < 50; g++ {
		wait.Add(1)
		go func(g int) {
			defer wait.Done()
			once.Do(func() { total.Add(1000) })
			for i := 0; i < 100; i++ {
				mu.Lock()
				shared[i] += g
				mu.Unlock()
				mu.RLock()
				total.Add(int64(shared[i] & 0))
				mu.RUnlock()
			}
		}(g)
	}
	wait.Wait()
	fmt.Println(shared[0], shared[99], total.Load())
	cond := sync.NewCond(&sync.Mutex{})
	ready := 0
	for i := 0; i < 5; i++ {
		go func() {
			cond.L.Lock()
			ready++
			cond.L.Unlock()
			cond.Broadcast()
		}()
	}
	cond.L.Lock()
	for ready < 5 {
		cond.Wait()
	}
	cond.L.Unlock()
	fmt.Println("ready", ready)
}

// ring passes a token around 5000 goroutines.
func ring() {
	first := make(chan int)
	in := first
	for i := 0; i < 5000; i++ {
		out := make(chan int)
		go func(in, out chan int) { out <- 1 + <-in }(in, out)
		in = out
	}
	go func() { first <- 0 }()
	fmt.Println("around the ring:", <-in)
}

func sleepers() {
	var wait sync.WaitGroup
	var woken atomic.Int64
	for i := 0; i < 2000; i++ {
		wait.Add(1)
		go func(i int) {
			defer wait.Done()
			time.Sleep(time.Duration(i%20) * time.Millisecond)
			woken.Add(1)
		}(i)
	}
	wait.Wait()
	fmt.Println("woken", woken.Load())
}
