// Board is what the boards' tests run: work on the disk and its speed, an exit status, the world of a program, too much memory, a conversation,
// loops with and without an end, bytes as they are, writes to be cut off.
package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
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
	case "world":
		world()
	case "own":
		own()
	case "hog":
		hog()
	case "talk":
		talk()
	case "spin":
		fmt.Println("spinning")
		for {
			spins++
		}
	case "count":
		count()
	case "chatter":
		for i := 0; ; i++ {
			fmt.Println("chatter", i)
		}
	case "scribble":
		scribble()
	case "naps":
		time.Sleep(17 * time.Second)
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

// world looks at what every program gets: devices, /tmp, boot files that are safe. It prints what is not as it should be.
func world() {
	want := func(what string, seen, wanted any) {
		if seen != wanted {
			fmt.Printf("%s is %v, not %v\n", what, seen, wanted)
		}
	}
	fails := func(what string, err, wanted error) {
		if !errors.Is(err, wanted) {
			fmt.Printf("%s: %v, not %v\n", what, err, wanted)
		}
	}
	want("PWD", os.Getenv("PWD"), "/")
	for _, name := range []string{"/", "/dev", "/tmp"} {
		info, err := os.Stat(name)
		must(err)
		want(name+" is a folder: this", info.IsDir(), true)
	}
	read := func(name string) string {
		file, err := os.OpenFile(name, os.O_RDWR, 0)
		must(err)
		defer file.Close()
		data := bytes.Repeat([]byte{1}, 32)
		n, err := file.Read(data)
		if err != nil && err != io.EOF {
			must(err)
		}
		_, err = file.Write(data)
		if name == "/dev/full" {
			fails("writing "+name, err, syscall.ENOSPC)
		} else {
			must(err)
		}
		return string(data[:n])
	}
	want("/dev/null", read("/dev/null"), "")
	for _, name := range []string{"/dev/zero", "/dev/full"} {
		want(name, read(name), strings.Repeat("\x00", 32))
	}
	// No two of these are alike, and none is what it was before.
	numbers := map[string]bool{strings.Repeat("\x01", 32): true, strings.Repeat("\x00", 32): true}
	numbers[read("/dev/random")] = true
	numbers[read("/dev/random")] = true
	numbers[read("/dev/urandom")] = true
	own := make([]byte, 32)
	rand.Read(own)
	numbers[string(own)] = true
	want("the number of different random numbers", len(numbers), 6)
	_, err := os.Create("/dev/new")
	fails("/dev/new", err, fs.ErrPermission)

	file, err := os.CreateTemp("", "x")
	must(err)
	must(file.Close())
	must(os.MkdirAll("/tmp/a/b", 0o755))
	fails("mkdir /tmp", os.Mkdir("/tmp", 0o755), fs.ErrExist)
	fails("rmdir /tmp", os.Remove("/tmp"), syscall.EBUSY)
	fails("5 MiB in /tmp", os.WriteFile("/tmp/large", make([]byte, 5<<20), 0o644), syscall.ENOSPC)

	fails("wasi.toml", os.WriteFile("/wasi.toml", nil, 0o644), fs.ErrPermission)
	fails("kernel8.img", os.WriteFile("/kernel8.img", nil, 0o644), fs.ErrPermission)
	entries, err := os.ReadDir("/")
	must(err)
	for _, entry := range entries {
		want(entry.Name()+" is of the volume: this", entry.Name() != "tmp" && entry.Name() != "dev", true)
	}
	fmt.Println("looked at the world")
}

// own uses a volume that has a /tmp and a /dev of its own, and whose wasi.toml lets it change boot files.
func own() {
	must(os.WriteFile("/tmp/new.txt", []byte("on the volume"), 0o644))
	_, err := os.Stat("/dev/null")
	fmt.Println("no /dev/null:", errors.Is(err, fs.ErrNotExist))
	must(os.WriteFile("/wasi.toml", []byte("args = [\"exit\", \"9\"]\n"), 0o644))
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

// count prints numbers, with some milliseconds of work in an emulator between them.
func count() {
	sum := 0
	for i := 1; i <= 200; i++ {
		for j := 0; j < 100_000; j++ {
			sum += i ^ j
		}
		fmt.Println("counted", i)
	}
	fmt.Println("sum", sum)
}

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
