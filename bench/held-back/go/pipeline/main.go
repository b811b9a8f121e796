// Pipeline sends jobs through stages of goroutines: channels with and without buffer, select, mutexes, contexts.
package main

import (
	"context"
	"sync"

	"programs/work"
)

type job struct{ id, value int }

func stage(in <-chan job, apply func(job) job) <-chan job {
	out := make(chan job, 4)
	go func() {
		defer close(out)
		for j := range in {
			out <- apply(j)
		}
	}()
	return out
}

func merge(ins ...<-chan job) <-chan job {
	out := make(chan job)
	var group sync.WaitGroup
	for _, in := range ins {
		group.Add(1)
		go func() {
			defer group.Done()
			for j := range in {
				out <- j
			}
		}()
	}
	go func() {
		group.Wait()
		close(out)
	}()
	return out
}

func main() {
	sum := work.NewSum()
	var mutex sync.Mutex
	for round := range work.Rounds(150) {
		ctx, cancel := context.WithCancel(context.Background())
		source := make(chan job)
		go func() {
			defer close(source)
			for id := 0; ; id++ {
				select {
				case source <- job{id, id * id}:
				case <-ctx.Done():
					return
				}
			}
		}()
		seen := map[int]int{}
		var lanes []<-chan job
		for lane := range 4 {
			lanes = append(lanes, stage(source, func(j job) job {
				mutex.Lock()
				defer mutex.Unlock()
				seen[lane]++
				return job{j.id, j.value*31 + round}
			}))
		}
		total, count := 0, 0
		for j := range merge(lanes...) {
			if j.id < 400 {
				total += j.value % 1009
				if count++; count == 400 {
					cancel()
				}
			}
		}
		sum.Int(total)
	}
	sum.Print("pipeline")
}
