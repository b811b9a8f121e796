// Tree exercises directories: make, list, walk, rename, remove, temporary files, SameFile, working directory.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

func main() {
	making()
	listing()
	walking()
	renaming()
	removing()
	temporary()
	sameFile()
	workingDirectory()
	manyEntries()
	copyTree()
}

func must(err error) {
	if err != nil {
		fmt.Println("unexpected error:", err)
		os.Exit(1)
	}
}

func kind(err error) string {
	switch {
	case err == nil:
		return "none"
	case errors.Is(err, fs.ErrExist):
		return "exists"
	case errors.Is(err, fs.ErrNotExist):
		return "not exist"
	}
	return "other"
}

func making() {
	fmt.Println(kind(os.Mkdir("d", 0o755)), kind(os.Mkdir("d", 0o755)))
	fmt.Println(kind(os.Mkdir("no/parent", 0o755)))
	must(os.MkdirAll("d/e/f/g", 0o755))
	must(os.MkdirAll("d/e/f/g", 0o755))
	must(os.WriteFile("d/one.txt", []byte("1"), 0o644))
	must(os.WriteFile("d/e/two.txt", []byte("22"), 0o644))
	must(os.WriteFile("d/e/f/g/three.txt", []byte("333"), 0o644))
	fmt.Println("below a file:", os.MkdirAll("d/one.txt/x", 0o755) != nil)
	_, err := os.ReadFile("d")
	fmt.Println("reading a directory:", err != nil)
	_, err = os.OpenFile("d", os.O_WRONLY, 0)
	fmt.Println("writing a directory:", err != nil)
}

func listing() {
	entries, err := os.ReadDir("d")
	must(err)
	for _, entry := range entries {
		info, err := entry.Info()
		must(err)
		fmt.Println(entry.Name(), entry.IsDir(), entry.Type().IsRegular(), info.Mode().IsDir())
	}
	_, err = os.ReadDir("d/one.txt")
	fmt.Println("listing a file:", err != nil)
	dir, err := os.Open("d")
	must(err)
	defer dir.Close()
	var names []string
	for {
		some, err := dir.Readdirnames(1)
		names = append(names, some...)
		if err == io.EOF {
			break
		}
		must(err)
	}
	sort.Strings(names)
	fmt.Println(names)
	_, err = dir.Seek(0, io.SeekStart)
	must(err)
	again, err := dir.Readdirnames(-1)
	must(err)
	sort.Strings(again)
	fmt.Println(again)
}

func walking() {
	must(filepath.WalkDir("d", func(path string, d fs.DirEntry, err error) error {
		must(err)
		fmt.Println(path, d.IsDir())
		if d.Name() == "f" {
			return filepath.SkipDir
		}
		return nil
	}))
	matches, err := filepath.Glob("d/*/*.txt")
	fmt.Println(matches, err)
	found, err := fs.Glob(os.DirFS("d"), "*.txt")
	fmt.Println(found, err)
	data, err := fs.ReadFile(os.DirFS("d"), "e/two.txt")
	fmt.Println(string(data), err)
}

func renaming() {
	must(os.Rename("d/one.txt", "d/uno.txt"))
	must(os.WriteFile("d/old.txt", []byte("new content"), 0o644))
	must(os.WriteFile("d/target.txt", []byte("old content"), 0o644))
	must(os.Rename("d/old.txt", "d/target.txt"))
	data, err := os.ReadFile("d/target.txt")
	fmt.Println(string(data), err)
	fmt.Println("missing:", kind(os.Rename("d/nothing", "d/else")))
	must(os.Rename("d/e/f", "moved"))
	_, err = os.Stat("moved/g/three.txt")
	fmt.Println("moved folder:", kind(err))
	must(os.Mkdir("empty", 0o755))
	fmt.Println("over a full folder:", os.Rename("empty", "d") != nil)
	fmt.Println("file over folder:", os.Rename("d/uno.txt", "empty") != nil)
	fmt.Println("into itself:", os.Rename("d", "d/inside") != nil)
}

func removing() {
	fmt.Println("full folder:", os.Remove("d") != nil)
	must(os.Remove("empty"))
	must(os.Remove("d/uno.txt"))
	must(os.RemoveAll("moved"))
	must(os.RemoveAll("moved"))
	_, err := os.Stat("moved")
	fmt.Println(kind(err))
	must(os.RemoveAll("d"))
	_, err = os.Stat("d")
	fmt.Println(kind(err))
}

func temporary() {
	must(os.Mkdir("tmp", 0o755))
	dir, err := os.MkdirTemp("tmp", "x-*-y")
	must(err)
	base := filepath.Base(dir)
	fmt.Println(strings.HasPrefix(base, "x-"), strings.HasSuffix(base, "-y"))
	seen := map[string]bool{}
	for i := 0; i < 20; i++ {
		f, err := os.CreateTemp(dir, "f")
		must(err)
		seen[f.Name()] = true
		must(f.Close())
	}
	fmt.Println(len(seen))
	must(os.RemoveAll("tmp"))
}

func sameFile() {
	must(os.WriteFile("p", []byte("p"), 0o644))
	must(os.WriteFile("q", []byte("p"), 0o644))
	p, err := os.Stat("p")
	must(err)
	again, err := os.Stat("./p")
	must(err)
	q, err := os.Stat("q")
	must(err)
	f, err := os.Open("p")
	must(err)
	open, err := f.Stat()
	must(err)
	must(f.Close())
	fmt.Println(os.SameFile(p, again), os.SameFile(p, q), os.SameFile(p, open))
	dot, err := os.Stat(".")
	must(err)
	cwd, err := os.Getwd()
	must(err)
	byName, err := os.Stat(cwd)
	must(err)
	fmt.Println(os.SameFile(dot, byName), dot.IsDir())
	must(os.Remove("p"))
	must(os.Remove("q"))
}

func workingDirectory() {
	must(os.MkdirAll("w/x", 0o755))
	must(os.WriteFile("w/x/file", []byte("here"), 0o644))
	before, err := os.Getwd()
	must(err)
	must(os.Chdir("w/x"))
	data, err := os.ReadFile("file")
	fmt.Println(string(data), err)
	data, err = os.ReadFile("../x/./file")
	fmt.Println(string(data), err)
	after, err := os.Getwd()
	must(err)
	rel, err := filepath.Rel(before, after)
	fmt.Println(rel, err)
	fmt.Println("missing:", kind(os.Chdir("nowhere")))
	must(os.Chdir(before))
	must(os.RemoveAll("w"))
}

func manyEntries() {
	must(os.Mkdir("many", 0o755))
	for i := 0; i < 700; i++ {
		name := fmt.Sprintf("many/%s-%04d", strings.Repeat("n", i%60), i)
		must(os.WriteFile(name, nil, 0o644))
	}
	entries, err := os.ReadDir("many")
	must(err)
	dir, err := os.Open("many")
	must(err)
	total := 0
	for {
		some, err := dir.ReadDir(13)
		total += len(some)
		if err == io.EOF {
			break
		}
		must(err)
	}
	must(dir.Close())
	fmt.Println(len(entries), total, entries[0].Name(), entries[699].Name())
	must(os.RemoveAll("many"))
}

func copyTree() {
	must(os.MkdirAll("from/a/b", 0o755))
	must(os.WriteFile("from/a/b/c.txt", []byte("deep"), 0o644))
	must(os.WriteFile("from/top.txt", []byte("top"), 0o644))
	must(filepath.WalkDir("from", func(path string, d fs.DirEntry, err error) error {
		must(err)
		target := "to" + strings.TrimPrefix(path, "from")
		if d.IsDir() {
			return os.Mkdir(target, 0o755)
		}
		data, err := os.ReadFile(path)
		must(err)
		return os.WriteFile(target, data, 0o644)
	}))
	data, err := os.ReadFile("to/a/b/c.txt")
	fmt.Println(string(data), err)
}
