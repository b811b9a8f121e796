// Ticker reads lines while another goroutine ticks: the first prompt is printed, then the program waits; ticks must go on.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

func main() {
	var ticks atomic.Int64
	go func() {
		for range time.Tick(10 * time.Millisecond) {
			ticks.Add(1)
		}
	}()
	in := bufio.NewScanner(os.Stdin)
	fmt.Println("waiting")
	for {
		before := ticks.Load()
		if !in.Scan() {
			break
		}
		fmt.Printf("got %q, ticked meanwhile: %v\n", in.Text(), ticks.Load()-before >= 5)
	}
	fmt.Println("end of input:", in.Err())
}
