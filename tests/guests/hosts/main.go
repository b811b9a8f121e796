// Hosts shows what file systems differ in: names, case, links, times, sizes. Each line is one question and its answer.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
)

func main() {
	letterCase()
	forbiddenNames()
	longNames()
	links()
	times()
	sizes()
	openFiles()
	sameFile()
	copyTree()
	listing()
}

// must ends the program with a word on what went wrong.
func must(err error) {
	if err != nil {
		fmt.Println("unexpected error:", err)
		os.Exit(1)
	}
}

// write makes a small file and says whether that was possible.
func write(name string) bool {
	return os.WriteFile(name, []byte(name), 0o644) == nil
}

// list names what is in a folder.
func list(dir string) []string {
	entries, err := os.ReadDir(dir)
	must(err)
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func letterCase() {
	must(os.Mkdir("case", 0o755))
	must(os.WriteFile("case/Name", nil, 0o644))
	_, err := os.Stat("case/name")
	fmt.Println("case: another spelling is not found:", errors.Is(err, fs.ErrNotExist))
	write("case/NAME")
	fmt.Println("case: spellings side by side:", len(list("case")))
	must(os.RemoveAll("case"))
	must(os.Mkdir("case", 0o755))
	must(os.WriteFile("case/Name", nil, 0o644))
	must(os.Rename("case/Name", "case/nAME"))
	fmt.Println("case: renamed:", list("case"))
	must(os.RemoveAll("case"))
}

func forbiddenNames() {
	must(os.Mkdir("names", 0o755))
	for _, name := range []string{
		"plain", "two words", ".hidden", "many.dots.in.it", "[brackets]", "plus+comma,", "ünï", "日本", "😀", "~1", "CON",
		"colon:", "star*", "question?", `quote"`, "less<", "more>", "pipe|", `back\slash`, "tab\t", "dot.", "space ",
	} {
		fmt.Printf("name %q: %v\n", name, write("names/"+name))
	}
	must(os.RemoveAll("names"))
}

func longNames() {
	for _, length := range []int{255, 256} {
		name := strings.Repeat("n", length)
		fmt.Printf("a name of %d bytes: %v\n", length, write(name))
		os.Remove(name)
	}
	name := strings.Repeat("ü", 127)
	fmt.Println("a name of 127 letters:", write(name))
	must(os.Remove(name))
	deep := strings.Repeat("deep/", 40)
	must(os.MkdirAll(deep, 0o755))
	fmt.Println("forty levels:", write(deep+"file"))
	must(os.RemoveAll("deep"))
}

func links() {
	must(os.WriteFile("original", []byte("original"), 0o644))
	fmt.Println("symbolic link:", os.Symlink("original", "symbolic") == nil)
	fmt.Println("hard link:", os.Link("original", "hard") == nil)
	for _, name := range []string{"original", "symbolic", "hard"} {
		os.Remove(name)
	}
}

func times() {
	must(os.WriteFile("times", nil, 0o644))
	for _, when := range []time.Time{
		time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC),
		time.Date(2001, 2, 3, 4, 5, 7, 0, time.UTC),
		time.Date(2001, 2, 3, 4, 5, 6, 123_456_789, time.UTC),
		time.Date(1979, 12, 31, 0, 0, 0, 0, time.UTC),
	} {
		err := os.Chtimes("times", when, when)
		info, statErr := os.Stat("times")
		must(statErr)
		fmt.Println("time", when.Format(time.RFC3339Nano)+":", err == nil, info.ModTime().UTC().Format(time.RFC3339Nano))
	}
	must(os.Remove("times"))
}

func sizes() {
	file, err := os.Create("sparse")
	must(err)
	_, err = file.WriteAt([]byte("x"), 5<<30)
	fmt.Println("a byte at 5 GiB:", err == nil)
	must(file.Truncate(0))
	_, err = file.WriteAt([]byte("x"), 3<<20)
	must(err)
	buf := make([]byte, 100)
	_, err = file.ReadAt(buf, 1<<20)
	must(err)
	fmt.Println("a hole reads as zeros:", strings.Trim(string(buf), "\x00") == "")
	must(file.Close())
	must(os.Remove("sparse"))
}

func openFiles() {
	must(os.WriteFile("one", []byte("content of one"), 0o644))
	must(os.WriteFile("two", []byte("content of two"), 0o644))
	replaced, err := os.Open("two")
	must(err)
	moved, err := os.OpenFile("one", os.O_RDWR|os.O_APPEND, 0)
	must(err)
	must(os.Rename("one", "two"))
	data, err := io.ReadAll(replaced)
	fmt.Printf("open while replaced: %q %v\n", data, err)
	_, err = moved.WriteString(", and more")
	must(err)
	must(moved.Close())
	must(replaced.Close())
	data, err = os.ReadFile("two")
	fmt.Printf("open while renamed: %q %v\n", data, err)
	again, err := os.OpenFile("two", os.O_RDWR, 0)
	must(err)
	must(os.Remove("two"))
	must(os.WriteFile("two", []byte("another"), 0o644))
	_, err = again.WriteAt([]byte("CONTENT"), 0)
	must(err)
	data, err = io.ReadAll(again)
	fmt.Printf("open while removed: %q %v\n", data, err)
	must(again.Close())
	data, err = os.ReadFile("two")
	fmt.Printf("made anew: %q %v\n", data, err)
	must(os.Remove("two"))
}

func sameFile() {
	must(os.Mkdir("folder", 0o755))
	must(os.WriteFile("folder/file", []byte("x"), 0o644))
	for _, names := range [][2]string{{"folder/file", "elsewhere"}, {"folder", "other"}} {
		before, err := os.Stat(names[0])
		must(err)
		must(os.Rename(names[0], names[1]))
		after, err := os.Stat(names[1])
		must(err)
		fmt.Println("the same after its rename:", os.SameFile(before, after))
	}
	must(os.Remove("elsewhere"))
	must(os.Remove("other"))
}

func copyTree() {
	must(os.MkdirAll("from/a/b", 0o755))
	must(os.WriteFile("from/a/b/c", []byte("deep"), 0o644))
	must(os.WriteFile("from/d", []byte("flat"), 0o644))
	must(os.CopyFS("to", os.DirFS("from")))
	data, err := os.ReadFile("to/a/b/c")
	fmt.Println("copied:", string(data), err, list("to"))
	fmt.Println("copied again:", errors.Is(os.CopyFS("to", os.DirFS("from")), fs.ErrExist))
}

func listing() {
	for _, name := range list(".") {
		info, err := os.Lstat(name)
		must(err)
		fmt.Println("left:", name, info.IsDir())
	}
}
