// Links exercises symbolic and hard links.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

func must(err error) {
	if err != nil {
		fmt.Println("unexpected error:", err)
		os.Exit(1)
	}
}

func main() {
	must(os.MkdirAll("dir/sub", 0o755))
	must(os.WriteFile("dir/file", []byte("content"), 0o644))
	must(os.Symlink("dir/file", "link"))
	must(os.Symlink("dir", "dirlink"))
	must(os.Symlink("../file", "dir/sub/up"))
	must(os.Symlink("nowhere", "dangling"))
	must(os.Symlink("loop2", "loop1"))
	must(os.Symlink("loop1", "loop2"))

	for _, name := range []string{"link", "dirlink/file", "dir/sub/up", "dirlink/sub/up"} {
		data, err := os.ReadFile(name)
		fmt.Printf("%s: %q %v\n", name, data, err)
	}
	for _, name := range []string{"link", "dangling", "dir/sub/up"} {
		target, err := os.Readlink(name)
		fmt.Println(name, "->", target, err)
	}
	_, err := os.Readlink("dir/file")
	fmt.Println("readlink of a file:", err != nil)
	_, err = os.Stat("dangling")
	fmt.Println("dangling:", errors.Is(err, fs.ErrNotExist))
	_, err = os.Stat("loop1")
	fmt.Println("loop:", err != nil && !errors.Is(err, fs.ErrNotExist))
	info, err := os.Lstat("dangling")
	must(err)
	fmt.Println(info.Mode()&fs.ModeSymlink != 0, info.Mode().IsRegular())
	info, err = os.Stat("dirlink")
	must(err)
	fmt.Println(info.IsDir())
	entries, err := os.ReadDir(".")
	must(err)
	for _, entry := range entries {
		fmt.Println(entry.Name(), entry.Type()&fs.ModeSymlink != 0)
	}
	resolved, err := filepath.EvalSymlinks("dirlink/sub/up")
	fmt.Println(resolved, err)
	fmt.Println("symlink over a file:", errors.Is(os.Symlink("a", "dir/file"), fs.ErrExist))

	must(os.WriteFile("link", []byte("through the link"), 0o644))
	data, err := os.ReadFile("dir/file")
	fmt.Println(string(data), err)
	_, err = os.OpenFile("link", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	fmt.Println("exclusive create on a link:", errors.Is(err, fs.ErrExist))

	must(os.Link("dir/file", "hard"))
	a, err := os.Stat("dir/file")
	must(err)
	b, err := os.Stat("hard")
	must(err)
	fmt.Println("same file:", os.SameFile(a, b))
	must(os.Remove("dir/file"))
	data, err = os.ReadFile("hard")
	fmt.Println(string(data), err)
	fmt.Println("link over a file:", errors.Is(os.Link("hard", "link"), fs.ErrExist))

	must(os.Rename("link", "renamed"))
	target, err := os.Readlink("renamed")
	fmt.Println(target, err)
	must(os.Remove("dirlink"))
	_, err = os.Stat("dir/sub")
	fmt.Println("folder behind a removed link:", err)
	must(os.RemoveAll("dir"))
}
