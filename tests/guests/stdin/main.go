// Stdin reads its standard input by lines, or whole when its argument is "binary".
package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "binary" {
		data, err := io.ReadAll(os.Stdin)
		fmt.Printf("%d bytes, sha256 %x, error %v\n", len(data), sha256.Sum256(data), err)
		os.Stdout.Write(data)
		return
	}
	lines, words := 0, 0
	scanner := bufio.NewScanner(os.Stdin)
	for scanner.Scan() {
		lines++
		words += len(strings.Fields(scanner.Text()))
		fmt.Printf("%d: %s\n", lines, strings.ToUpper(scanner.Text()))
	}
	fmt.Println(lines, "lines,", words, "words, error", scanner.Err())
	n, err := os.Stdin.Read(make([]byte, 10))
	fmt.Println("after the end:", n, err)
}
