// Prints what differs from run to run: times, random numbers, the order of maps and goroutines, files, input.
package main

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"io"
	mathrand "math/rand"
	"os"
	"sort"
	"sync"
	"time"
)

func main() {
	fmt.Println("args", os.Args[1:], "HOME", os.Getenv("HOME"))
	start := time.Now()
	fmt.Println("now", start.UnixNano())

	var random [16]byte
	rand.Read(random[:])
	fmt.Printf("random %x %d\n", random, mathrand.Uint64())

	words := map[string]int{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7}
	for word, number := range words {
		fmt.Print(word, number, " ")
	}
	fmt.Println()

	var group sync.WaitGroup
	results := make(chan string, 64)
	for worker := 0; worker < 8; worker++ {
		worker := worker
		group.Add(1)
		go func() {
			defer group.Done()
			for round := 0; round < 3; round++ {
				time.Sleep(time.Duration(mathrand.Intn(2000)) * time.Microsecond)
				results <- fmt.Sprint(worker, "@", time.Since(start).Nanoseconds())
			}
		}()
	}
	timer := time.AfterFunc(time.Hour, func() {})
	group.Wait()
	timer.Stop()
	close(results)
	for result := range results {
		fmt.Print(result, " ")
	}
	fmt.Println()

	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		fmt.Printf("input %q\n", input.Text())
	}

	if file, err := os.Create("written"); err != nil {
		fmt.Fprintln(os.Stderr, "no file:", err)
	} else {
		fmt.Fprintln(file, "written at", time.Now().UnixNano())
		file.Seek(0, io.SeekStart)
		text, err := io.ReadAll(file)
		fmt.Printf("file %q %v\n", text, err)
		info, err := file.Stat()
		fmt.Println(info.ModTime().UnixNano(), info.Size(), err)
		entries, err := os.ReadDir(".")
		names := []string{}
		for _, entry := range entries {
			names = append(names, entry.Name())
		}
		sort.Strings(names)
		fmt.Println(names, err)
	}

	fmt.Fprintln(os.Stderr, "to standard error at", time.Since(start))
	switch os.Args[len(os.Args)-1] {
	case "panic":
		var none *[]int
		fmt.Println((*none)[0])
	case "exit":
		os.Exit(int(random[0]))
	}
}
