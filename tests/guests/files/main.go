// Files exercises reading and writing: create, append, truncate, seek, pread, pwrite, sync, stat, times.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
)

func main() {
	createAndRead()
	appending()
	truncating()
	seeking()
	at()
	exclusive()
	accessModes()
	missing()
	times()
	large()
	hidden()
	wholeFiles()
	unlinkedWhileOpen()
	smallWrites()
}

// must ends the program with a word on what went wrong.
func must(err error) {
	if err != nil {
		fmt.Println("unexpected error:", err)
		os.Exit(1)
	}
}

// kind names an error by what programs ask of it, since its text differs between systems.
func kind(err error) string {
	for name, target := range map[string]error{
		"exists": fs.ErrExist, "not exist": fs.ErrNotExist, "permission": fs.ErrPermission,
		"closed": fs.ErrClosed, "EOF": io.EOF,
	} {
		if errors.Is(err, target) {
			return name
		}
	}
	if err == nil {
		return "none"
	}
	return "other"
}

func content(name string) string {
	data, err := os.ReadFile(name)
	must(err)
	return string(data)
}

func createAndRead() {
	f, err := os.Create("a.txt")
	must(err)
	n, err := f.WriteString("hello, file\n")
	fmt.Println("wrote", n, err)
	must(f.Sync())
	must(f.Close())
	_, err = f.Write([]byte("x"))
	fmt.Println("write after close:", kind(err))
	fmt.Printf("%q\n", content("a.txt"))
	info, err := os.Stat("a.txt")
	must(err)
	fmt.Println(info.Name(), info.Size(), info.IsDir(), info.Mode().IsRegular())
}

func appending() {
	for i := 0; i < 3; i++ {
		f, err := os.OpenFile("log.txt", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		must(err)
		fmt.Fprintf(f, "line %d\n", i)
		must(f.Close())
	}
	fmt.Printf("%q\n", content("log.txt"))
	one, err := os.OpenFile("log.txt", os.O_APPEND|os.O_WRONLY, 0)
	must(err)
	two, err := os.OpenFile("log.txt", os.O_APPEND|os.O_WRONLY, 0)
	must(err)
	for i := 0; i < 2; i++ {
		fmt.Fprint(one, "one ")
		fmt.Fprint(two, "two ")
	}
	_, err = one.WriteAt([]byte("x"), 0)
	fmt.Println("WriteAt in append mode:", kind(err))
	must(one.Close())
	must(two.Close())
	fmt.Printf("%q\n", content("log.txt"))
}

func truncating() {
	must(os.WriteFile("t.txt", []byte("0123456789"), 0o644))
	must(os.Truncate("t.txt", 4))
	fmt.Printf("%q\n", content("t.txt"))
	must(os.Truncate("t.txt", 6))
	fmt.Printf("%q\n", content("t.txt"))
	f, err := os.OpenFile("t.txt", os.O_RDWR|os.O_TRUNC, 0)
	must(err)
	must(f.Truncate(2))
	must(f.Close())
	fmt.Printf("%q\n", content("t.txt"))
}

func seeking() {
	f, err := os.OpenFile("s.txt", os.O_RDWR|os.O_CREATE, 0o644)
	must(err)
	defer f.Close()
	fmt.Fprint(f, "abcdefghij")
	for _, step := range []struct {
		offset int64
		whence int
	}{{2, io.SeekStart}, {1, io.SeekCurrent}, {-3, io.SeekEnd}, {0, io.SeekEnd}} {
		pos, err := f.Seek(step.offset, step.whence)
		must(err)
		buf := make([]byte, 2)
		n, err := f.Read(buf)
		fmt.Println(pos, n, string(buf[:n]), kind(err))
	}
	_, err = f.Seek(-1, io.SeekStart)
	fmt.Println("seek before the start:", err != nil)
	pos, err := f.Seek(5, io.SeekEnd)
	fmt.Println(pos, kind(err))
	fmt.Fprint(f, "end")
	fmt.Printf("%q\n", content("s.txt"))
}

func at() {
	f, err := os.OpenFile("at.txt", os.O_RDWR|os.O_CREATE, 0o644)
	must(err)
	defer f.Close()
	_, err = f.WriteAt([]byte("world"), 6)
	must(err)
	_, err = f.WriteAt([]byte("hello "), 0)
	must(err)
	buf := make([]byte, 20)
	n, err := f.ReadAt(buf, 4)
	fmt.Printf("%d %q %s\n", n, buf[:n], kind(err))
	n, err = f.ReadAt(buf[:3], 0)
	fmt.Printf("%d %q %s\n", n, buf[:n], kind(err))
	section, err := io.ReadAll(io.NewSectionReader(f, 2, 5))
	fmt.Printf("%q %s\n", section, kind(err))
}

func exclusive() {
	f, err := os.OpenFile("x.txt", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	must(err)
	must(f.Close())
	_, err = os.OpenFile("x.txt", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	fmt.Println("create again:", kind(err))
}

func accessModes() {
	must(os.WriteFile("m.txt", []byte("mode"), 0o644))
	r, err := os.Open("m.txt")
	must(err)
	_, err = r.Write([]byte("x"))
	fmt.Println("write to a file opened for reading:", err != nil)
	must(r.Close())
	w, err := os.OpenFile("m.txt", os.O_WRONLY, 0)
	must(err)
	_, err = w.Read(make([]byte, 1))
	fmt.Println("read from a file opened for writing:", err != nil && !errors.Is(err, io.EOF))
	must(w.Close())
}

func missing() {
	_, err := os.Open("missing.txt")
	fmt.Println("open:", kind(err))
	_, err = os.Stat("missing/also.txt")
	fmt.Println("stat:", kind(err))
	_, err = os.Open("a.txt/below")
	fmt.Println("below a file:", err != nil)
	_, err = os.Open("")
	fmt.Println("empty name:", err != nil)
	fmt.Println("remove:", kind(os.Remove("missing.txt")))
	_, err = os.Open("nul\x00byte")
	fmt.Println("NUL in the name:", err != nil)
}

func times() {
	when := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	must(os.Chtimes("a.txt", when, when))
	info, err := os.Stat("a.txt")
	must(err)
	fmt.Println(info.ModTime().UTC())
	must(os.Chtimes("a.txt", time.Time{}, when.Add(time.Hour)))
	info, err = os.Stat("a.txt")
	must(err)
	fmt.Println(info.ModTime().UTC())
	before := time.Now().Add(-5 * time.Second)
	must(os.WriteFile("now.txt", nil, 0o644))
	info, err = os.Stat("now.txt")
	must(err)
	fmt.Println("fresh:", info.ModTime().After(before), info.Size())
}

func large() {
	f, err := os.Create("large.bin")
	must(err)
	w := bufio.NewWriterSize(f, 1<<16)
	for i := 0; i < 1<<18; i++ {
		_, err := w.Write([]byte{byte(i), byte(i >> 8), byte(i >> 16), 7})
		must(err)
	}
	must(w.Flush())
	must(f.Close())
	f, err = os.Open("large.bin")
	must(err)
	defer f.Close()
	sum, total := uint32(0), 0
	buf := make([]byte, 100_003)
	for {
		n, err := f.Read(buf)
		for _, b := range buf[:n] {
			sum = sum*31 + uint32(b)
		}
		total += n
		if err == io.EOF {
			break
		}
		must(err)
	}
	fmt.Println(total, sum)
}

func hidden() {
	must(os.WriteFile(".hidden", []byte("dot"), 0o644))
	must(os.WriteFile("hidden", []byte("no dot"), 0o644))
	fmt.Println(content(".hidden"), content("hidden"), content("./.hidden"))
}

func wholeFiles() {
	must(os.WriteFile("w.txt", []byte("first, longer"), 0o644))
	must(os.WriteFile("w.txt", []byte("second"), 0o644))
	fmt.Println(content("w.txt"))
	f, err := os.Open("w.txt")
	must(err)
	defer f.Close()
	var out strings.Builder
	n, err := io.Copy(&out, f)
	fmt.Println(n, kind(err), out.String())
}

func unlinkedWhileOpen() {
	f, err := os.Create("gone.txt")
	must(err)
	fmt.Fprint(f, "still here")
	must(os.Remove("gone.txt"))
	_, err = os.Stat("gone.txt")
	fmt.Println(kind(err))
	_, err = f.Seek(0, io.SeekStart)
	must(err)
	data, err := io.ReadAll(f)
	fmt.Println(string(data), kind(err))
	must(f.Close())
}

func smallWrites() {
	f, err := os.Create("small.txt")
	must(err)
	for i := 0; i < 2000; i++ {
		_, err := fmt.Fprintf(f, "%d,", i%10)
		must(err)
	}
	must(f.Close())
	text := content("small.txt")
	fmt.Println(len(text), text[:20], strings.Count(text, "9,"))
}
