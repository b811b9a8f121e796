// Ownfile tries to change the file that it was started from, under each of its names. The arguments are the file's name, and that of
// a second folder, on the same file system.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// kind names an error by its number, since its text differs between systems.
func kind(err error) string {
	for name, errno := range map[string]syscall.Errno{"ETXTBSY": syscall.ETXTBSY, "EINVAL": syscall.EINVAL, "EBADF": syscall.EBADF, "ENOENT": syscall.ENOENT} {
		if errors.Is(err, errno) {
			return name
		}
	}
	if err != nil {
		return "another error: " + err.Error()
	}
	return "none"
}

func open(name string, flags int) error {
	file, err := os.OpenFile(name, flags, 0)
	if err == nil {
		err = file.Close()
	}
	return err
}

// attempts are all ways to a file's content.
func attempts(name string) {
	fmt.Println("WriteFile:", kind(os.WriteFile(name, []byte("gone"), 0o666)))
	fmt.Println("Create:", kind(open(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC)))
	fmt.Println("read and write:", kind(open(name, os.O_RDWR)))
	fmt.Println("append:", kind(open(name, os.O_WRONLY|os.O_APPEND)))
	fmt.Println("truncate only:", kind(open(name, os.O_RDONLY|os.O_TRUNC)))
	fmt.Println("Truncate:", kind(os.Truncate(name, 0)))
	fmt.Println("exclusive:", errors.Is(open(name, os.O_RDWR|os.O_CREATE|os.O_EXCL), os.ErrExist))
}

func must(err error) {
	if err != nil {
		fmt.Println("unexpected:", err)
		os.Exit(1)
	}
}

func main() {
	own, folder := os.Args[1], os.Args[2]
	must(os.Mkdir("sub", 0o777))
	must(os.Link(own, "sub/hard"))
	must(os.Symlink("sub/hard", "soft"))
	must(os.Link(own, filepath.Join(folder, "hard")))
	absolute, err := filepath.Abs(own)
	must(err)
	for _, name := range []string{own, "sub/hard", "soft", "sub/../" + own, filepath.Join(folder, "hard"), absolute} {
		fmt.Println(strings.Count(name, "/") > 2, filepath.Base(name))
		attempts(name)
	}

	// Reading is allowed, and so is all that leaves the content alone.
	file, err := os.Open(own)
	must(err)
	fmt.Println("Truncate of a reader:", kind(file.Truncate(0)))
	size, err := io.Copy(io.Discard, file)
	fmt.Println(size > 1000, err)
	must(file.Close())
	fmt.Println("Chtimes:", kind(os.Chtimes(own, time.Unix(1, 0), time.Unix(2, 0))))

	// Another file may take its name, and it may lose it: it lives on under the others.
	must(os.WriteFile("new", []byte("new"), 0o666))
	fmt.Println("rename over:", kind(os.Rename("new", own)))
	fmt.Println("write the new one:", kind(os.WriteFile(own, []byte("newer"), 0o666)))
	fmt.Println("rename:", kind(os.Rename("sub/hard", "moved")))
	attempts("moved")
	fmt.Println("remove:", kind(os.Remove("moved")), kind(os.Remove("soft")), kind(os.Remove(filepath.Join(folder, "hard"))))
	fmt.Println("write a fresh one:", kind(os.WriteFile("moved", []byte("fresh"), 0o666)))
	// Code that did not run before.
	fmt.Println(strings.Map(func(r rune) rune { return r + 1 }, "HAL"), strings.ToTitle("end"))
}
