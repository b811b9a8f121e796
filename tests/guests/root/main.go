//go:build go1.24

// Root exercises os.Root, which keeps a program's files below a folder.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

func must(err error) {
	if err != nil {
		fmt.Println("unexpected error:", err)
		os.Exit(1)
	}
}

func main() {
	must(os.MkdirAll("base/in", 0o755))
	must(os.WriteFile("secret", []byte("outside"), 0o644))
	escape, inside := os.Symlink("../secret", "base/escape"), os.Symlink("in/file", "base/inside")
	fmt.Println("links:", escape == nil && inside == nil)
	root, err := os.OpenRoot("base")
	must(err)
	defer root.Close()

	f, err := root.Create("in/file")
	must(err)
	fmt.Fprint(f, "kept inside")
	must(f.Close())
	for _, name := range []string{"in/file", "in/../in/file", "inside", "escape", "../secret", "/secret", "missing"} {
		f, err := root.Open(name)
		if err != nil {
			fmt.Println(name, "refused, not found:", errors.Is(err, fs.ErrNotExist))
			continue
		}
		data, err := io.ReadAll(f)
		must(err)
		must(f.Close())
		fmt.Println(name, string(data))
	}
	must(root.Mkdir("new", 0o755))
	info, err := root.Stat("new")
	must(err)
	fmt.Println(info.IsDir())
	fmt.Println("mkdir outside refused:", root.Mkdir("../other", 0o755) != nil)
	must(root.Remove("new"))
	sub, err := root.OpenRoot("in")
	must(err)
	_, err = sub.Stat("../inside")
	fmt.Println("stat outside refused:", err != nil)
	must(sub.Close())
	names, err := fs.Glob(root.FS(), "*")
	fmt.Println(names, err)
}
