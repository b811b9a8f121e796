// Closed uses its standard streams and writes what came of it into the file that its argument names.
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	out, outErr := fmt.Println("standard output")
	wrong, wrongErr := fmt.Fprintln(os.Stderr, "standard error")
	in, inErr := io.ReadAll(os.Stdin)
	_, statErr := os.Stdout.Stat()
	file, err := os.Create(os.Args[1])
	if err != nil {
		os.Exit(3)
	}
	fmt.Fprintln(file, file.Fd() > 2, out, outErr, wrong, wrongErr, len(in), inErr, statErr)
	if err := file.Close(); err != nil {
		os.Exit(4)
	}
}
