// Board is what the boards' tests run: work on the disk and its speed, an exit status, too much memory, a conversation, loops without an end,
// bytes as they are, writes to be cut off.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	switch os.Args[1] {
	case "work":
		work()
	case "exit":
		status, err := strconv.Atoi(os.Args[2])
		must(err)
		os.Exit(status)
	case "speed":
		speed()
	case "hog":
		hog()
	case "talk":
		talk()
	case "spin":
		fmt.Println("spinning")
		for {
			spins++
		}
	case "chatter":
		for i := 0; ; i++ {
			fmt.Println("chatter", i)
		}
	case "scribble":
		scribble()
	case "naps":
		time.Sleep(6 * time.Second)
		fmt.Println("slept")
	case "raw":
		raw()
	case "write":
		write()
	case "verify":
		verify()
	}
}

func must(err error) {
	if err != nil {
		fmt.Println("unexpected error:", err)
		os.Exit(1)
	}
}

// pattern is n bytes that differ from file to file.
func pattern(seed, n int) []byte {
	data := make([]byte, n)
	x := uint32(seed)*2654435761 + 1
	for i := range data {
		x = x*1664525 + 1013904223
		data[i] = byte(x >> 24)
	}
	return data
}

// work makes directories, writes a few megabytes, renames, lists, and uses goroutines, timers and JSON.
func work() {
	must(os.MkdirAll("/data/deep/er", 0o755))
	var wait sync.WaitGroup
	for i := 0; i < 4; i++ {
		wait.Add(1)
		go func(i int) {
			defer wait.Done()
			name := fmt.Sprintf("/data/Großer Name %d.bin", i)
			must(os.WriteFile(name, pattern(i, 700_000), 0o644))
			time.Sleep(time.Duration(i) * 5 * time.Millisecond)
		}(i)
	}
	wait.Wait()
	must(os.Rename("/data/Großer Name 3.bin", "/data/deep/er/moved.bin"))
	must(os.WriteFile("/data/old", []byte("old"), 0o644))
	must(os.WriteFile("/data/new", []byte("new"), 0o644))
	must(os.Rename("/data/new", "/data/old"))
	must(os.WriteFile("/data/gone", nil, 0o644))
	must(os.Remove("/data/gone"))

	sums := map[string]string{}
	must(filepath.WalkDir("/data", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			fmt.Println("folder", path, err)
			return err
		}
		data, err := os.ReadFile(path)
		sums[path] = fmt.Sprintf("%d %x", len(data), sha256.Sum256(data))
		return err
	}))
	text, err := json.MarshalIndent(sums, "", "  ")
	must(err)
	must(os.WriteFile("/data/sums.json", text, 0o644))
	fmt.Println(string(text))

	start := time.Now()
	select {
	case <-time.After(50 * time.Millisecond):
		fmt.Println("slept long enough:", time.Since(start) >= 50*time.Millisecond)
	case <-time.After(time.Minute):
		fmt.Println("timers out of order")
	}
	fmt.Println("this century:", time.Now().Year() >= 2020)
}

// speed writes and reads a file of 4 MiB, 64 KiB at a time, and says how many microseconds each took.
func speed() {
	const size, step = 4 << 20, 64 << 10
	block := pattern(1, step)
	start := time.Now()
	file, err := os.Create("/speed.bin")
	must(err)
	for i := 0; i < size/step; i++ {
		_, err := file.Write(block)
		must(err)
	}
	must(file.Sync())
	wrote := time.Since(start)
	start = time.Now()
	_, err = file.Seek(0, 0)
	must(err)
	for i := 0; i < size/step; i++ {
		_, err := io.ReadFull(file, block)
		must(err)
	}
	must(file.Close())
	fmt.Println("written in", wrote.Microseconds(), "read in", time.Since(start).Microseconds())
}

// hog takes memory until there is none; Go then ends the program with status 2.
func hog() {
	var all [][]byte
	for {
		all = append(all, bytes.Repeat([]byte{1}, 1<<20))
		fmt.Println(len(all), "MiB")
	}
}

// talk answers lines while a ticker ticks; the ticks must go on while it waits.
func talk() {
	var ticks atomic.Int32
	go func() {
		for range time.Tick(10 * time.Millisecond) {
			ticks.Add(1)
		}
	}()
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		before := ticks.Swap(0)
		fmt.Printf("heard %q, ticked: %t\n", lines.Text(), before > 0)
	}
	fmt.Println("end", lines.Err())
}

// spins is counted by a loop that the compiler must keep.
var spins int

// scribble writes one file over and over.
func scribble() {
	file, err := os.Create("/scribble.bin")
	must(err)
	block := pattern(1, 64<<10)
	fmt.Println("scribbling")
	for {
		_, err := file.WriteAt(block, 0)
		must(err)
	}
}

// raw writes all values of a byte, and then the inverse of 512 bytes that it reads.
func raw() {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	_, err := os.Stdout.Write(all)
	must(err)
	for n := 0; n < 512; {
		count, err := os.Stdin.Read(all)
		must(err)
		for i := range all[:count] {
			all[i] ^= 0xff
		}
		_, err = os.Stdout.Write(all[:count])
		must(err)
		n += count
	}
}

// write makes one file after another, each replaced by a rename once, and says when they are synced.
func write() {
	for i := 0; ; i++ {
		name := fmt.Sprintf("/cut/%03d", i)
		must(os.MkdirAll("/cut", 0o755))
		store(name, pattern(i, 3000+i*517))
		store(name+".new", pattern(i+1000, 2000+i*313))
		must(os.Rename(name+".new", name))
		fmt.Println("synced", i)
	}
}

func store(name string, data []byte) {
	file, err := os.Create(name)
	must(err)
	_, err = file.Write(data)
	must(err)
	must(file.Sync())
	must(file.Close())
}

// verify looks at what write has left: every file that was said to be synced is whole.
func verify() {
	synced, err := strconv.Atoi(os.Args[2])
	must(err)
	for i := 0; i < synced; i++ {
		data, err := os.ReadFile(fmt.Sprintf("/cut/%03d", i))
		must(err)
		if !bytes.Equal(data, pattern(i+1000, 2000+i*313)) {
			fmt.Println("file", i, "is damaged")
			os.Exit(1)
		}
	}
	entries, err := os.ReadDir("/cut")
	must(err)
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	fmt.Println("whole:", synced, "of", strings.Join(names, " "))
}
