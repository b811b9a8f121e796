// Channels passes messages: a sieve of goroutines, a pool of workers under a mutex, and a select over two clocks of work.
package main

import (
	"programs/work"
	"sync"
)

// sieve sends the first count prime numbers through a chain of goroutines, one for each prime.
func sieve(count int) int {
	numbers := make(chan int)
	stop := make(chan struct{})
	defer close(stop)
	send := func(to chan<- int, n int) bool {
		select {
		case to <- n:
			return true
		case <-stop:
			return false
		}
	}
	go func() {
		for n := 2; send(numbers, n); n++ {
		}
	}()
	total := 0
	from := numbers
	for i := 0; i < count; i++ {
		prime := <-from
		total += prime
		next := make(chan int)
		go func(from <-chan int) {
			for {
				select {
				case n := <-from:
					if n%prime != 0 && !send(next, n) {
						return
					}
				case <-stop:
					return
				}
			}
		}(from)
		from = next
	}
	return total
}

// pool lets eight workers square numbers and add them up.
func pool(jobs int) int {
	queue := make(chan int, 16)
	var lock sync.Mutex
	var group sync.WaitGroup
	total := 0
	for i := 0; i < 8; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for job := range queue {
				lock.Lock()
				total += job * job
				lock.Unlock()
			}
		}()
	}
	for job := 0; job < jobs; job++ {
		queue <- job
	}
	close(queue)
	group.Wait()
	return total
}

func main() {
	sum := work.NewSum()
	for range work.Rounds(6) {
		sum.Int(sieve(60))
		sum.Int(pool(12000))
	}
	sum.Print("channels")
}
