// Lines prints what it reads: a goroutine reads, and another one prints. The debugger's tests stop at its lines.
package main

import (
	"bufio"
	"fmt"
	"os"
)

var shown int

//go:noinline
func length(line string) int {
	return len(line)
}

//go:noinline
func show(line string) {
	shown += length(line)
	fmt.Println("line", line)
}

func main() {
	lines := make(chan string)
	go func() {
		input := bufio.NewScanner(os.Stdin)
		for input.Scan() {
			lines <- input.Text()
		}
		close(lines)
	}()
	for line := range lines {
		show(line)
	}
	fmt.Println("bytes", shown)
}
