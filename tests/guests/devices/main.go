// Devices uses /dev/null, /dev/zero, /dev/full and the random ones.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// kind names an error by its number, since its text differs between systems.
func kind(err error) string {
	for name, target := range map[string]error{
		"ENOSPC": syscall.ENOSPC, "EINVAL": syscall.EINVAL, "EBADF": syscall.EBADF, "EISDIR": syscall.EISDIR, "ENOTDIR": syscall.ENOTDIR,
		"EEXIST": syscall.EEXIST, "ENOENT": syscall.ENOENT, "EOF": io.EOF,
	} {
		if errors.Is(err, target) {
			return name
		}
	}
	if err != nil {
		return err.Error()
	}
	return "none"
}

func try(name string) {
	fmt.Println(name)
	info, err := os.Stat(name)
	fmt.Println(" stat:", kind(err))
	if err == nil {
		fmt.Println(" ", info.Mode().Type(), info.Size(), info.Name())
	}
	for _, flags := range []int{os.O_RDONLY, os.O_WRONLY, os.O_RDWR, os.O_RDWR | os.O_CREATE | os.O_TRUNC, os.O_WRONLY | os.O_APPEND, os.O_WRONLY | os.O_CREATE | os.O_EXCL} {
		file, err := os.OpenFile(name, flags, 0o666)
		fmt.Println(" open:", kind(err))
		if err != nil {
			continue
		}
		// Not `[]byte("before")`: Go 1.27 takes that for a constant here, as it does not see that the host writes to it.
		buf := make([]byte, 6)
		copy(buf, "before")
		n, err := file.Read(buf)
		fmt.Println(" read:", n, kind(err), bytes.Equal(buf, []byte("before")), bytes.Equal(buf, make([]byte, 6)))
		n, err = file.ReadAt(buf[:3], 1000)
		fmt.Println(" read at:", n, kind(err))
		if flags&os.O_APPEND == 0 {
			n, err = file.WriteAt([]byte("text"), 5)
			fmt.Println(" write at:", n, kind(err))
		}
		n, err = file.Write([]byte("text"))
		fmt.Println(" write:", n, kind(err))
		// On Linux /dev/full refuses even nothing, under WASI nothing is written.
		if name != "/dev/full" {
			n, err = file.Write(nil)
			fmt.Println(" write nothing:", n, kind(err))
		}
		for whence := 0; whence < 3; whence++ {
			at, err := file.Seek(7, whence)
			fmt.Println(" seek:", at, kind(err))
		}
		at, err := file.Seek(-7, io.SeekStart)
		fmt.Println(" seek before the start:", at, kind(err))
		fmt.Println(" truncate:", kind(file.Truncate(0)), kind(file.Truncate(10)))
		info, err := file.Stat()
		fmt.Println(" stat:", kind(err), info.Mode().Type())
		fmt.Println(" close:", kind(file.Close()))
	}
	_, err = os.ReadDir(name)
	fmt.Println(" ReadDir:", err != nil)
	_, err = os.Readlink(name)
	fmt.Println(" Readlink:", kind(err))
	fmt.Println(" Mkdir:", kind(os.Mkdir(name, 0o777)))
	_, err = os.Open(name + "/")
	fmt.Println(" with a slash:", kind(err))
	_, err = os.Open(name + "/below")
	fmt.Println(" below:", kind(err))
}

func main() {
	for _, name := range []string{os.DevNull, "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"} {
		try(name)
	}
	entries, err := os.ReadDir("/dev")
	fmt.Println("ReadDir:", kind(err))
	for _, entry := range entries {
		switch entry.Name() {
		case "null", "zero", "full", "random", "urandom":
			info, err := entry.Info()
			fmt.Println("", entry.Name(), entry.Type(), entry.Type() == fs.ModeDevice|fs.ModeCharDevice, kind(err), info.Size())
		}
	}
	_, err = os.Stat("/dev/missing")
	fmt.Println("missing:", kind(err))
	info, err := os.Stat("/dev")
	fmt.Println("/dev:", info.IsDir(), kind(err))
	one, err := os.Stat("/dev/zero")
	two, other := os.Stat("/dev/../dev/zero")
	null, third := os.Stat(os.DevNull)
	fmt.Println(os.SameFile(one, two), os.SameFile(one, null), kind(err), kind(other), kind(third))
	// Randomness is not the same twice.
	texts := make([][64]byte, 2)
	for i, name := range []string{"/dev/random", "/dev/urandom"} {
		file, err := os.Open(name)
		if err == nil {
			_, err = io.ReadFull(file, texts[i][:])
		}
		fmt.Println(name, kind(err))
	}
	fmt.Println(texts[0] == texts[1], texts[0] == [64]byte{})
	fmt.Println(kind(os.WriteFile(os.DevNull, []byte("x"), 0)), kind(os.WriteFile("/dev/full", []byte("x"), 0)))
	text, err := os.ReadFile(os.DevNull)
	fmt.Println(len(text), kind(err))
}
