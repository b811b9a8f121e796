// Embedfs reads files that were embedded into the program, alone and beside real ones, through io/fs.
package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing/fstest"
)

//go:embed files
var files embed.FS

//go:embed files/one.txt
var one string

func main() {
	fmt.Printf("%q\n", one)
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		fmt.Println(path, d.IsDir(), err)
		return nil
	})
	fmt.Println(err)
	_, err = files.ReadFile("files/missing")
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	sub, err := fs.Sub(files, "files/sub")
	fmt.Println(err, fstest.TestFS(sub, "two.txt"))
	if err := os.MkdirAll("disk/sub", 0o755); err != nil {
		fmt.Println(err)
	}
	for _, name := range []string{"disk/a", "disk/sub/b"} {
		if err := os.WriteFile(name, []byte(name), 0o644); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(fstest.TestFS(os.DirFS("disk"), "a", "sub/b"))
}
