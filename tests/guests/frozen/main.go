// frozen has much that a frozen program must keep: goroutines that wait for timers, a map, open files with offsets, a half-read input.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"time"
)

const (
	workers = 4
	rounds  = 30
)

func main() {
	begun := time.Now()
	input := bufio.NewReaderSize(os.Stdin, 16)
	source, err := os.Open("source.txt")
	check(err)
	log, err := os.OpenFile("log.txt", os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	check(err)
	fmt.Println("begun with", os.Args[1:], os.Getenv("NAME"))

	results := make(chan int)
	for worker := 0; worker < workers; worker++ {
		go func(worker int) {
			for round := 0; round < rounds; round++ {
				time.Sleep(time.Duration(worker+1) * time.Millisecond)
				results <- worker*1000 + round
			}
			results <- -1
		}(worker)
	}
	seen := map[int]string{}
	for done := 0; done < workers; {
		result := <-results
		if result < 0 {
			done++
			continue
		}
		seen[result] = fmt.Sprint("result ", result)
		if len(seen)%10 == 0 {
			line, err := input.ReadString('\n')
			check(err)
			piece := make([]byte, 5)
			read, err := source.Read(piece)
			check(err)
			fmt.Fprintf(log, "%d: %q %q\n", len(seen), line, piece[:read])
			fmt.Println("after", len(seen))
		}
	}
	check(log.Close())
	keys := []int{}
	for key := range seen {
		keys = append(keys, key)
	}
	sort.Ints(keys)
	fmt.Println(len(keys), keys[0], seen[keys[len(keys)-1]])
	// The monotonic clock goes on where it was frozen.
	if took := time.Since(begun); took < 0 || took > time.Hour {
		fmt.Println("the clock has jumped by", took)
	}
	os.Exit(7)
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
