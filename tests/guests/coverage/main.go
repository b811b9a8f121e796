// Runs one side of its branches: which one, the test knows.
package main

import (
	"fmt"
	"os"
	"strings"
)

func main() {
	if len(os.Args) > 1 {
		fmt.Println("with arguments")
		trap(len(os.Args))
	} else {
		fmt.Println("without")
	}
	fmt.Println(inlined(len(os.Args)))
	for number := 0; number < 3; number++ {
		if number > 5 {
			fmt.Println("never", number)
		}
		closure := func() { fmt.Println("closure", number) }
		closure()
	}
}

func inlined(number int) string {
	if number > 1 {
		return strings.Repeat("many ", number)
	}
	return strings.Repeat("one ", number)
}

//go:noinline
func trap(number int) {
	var none []int
	fmt.Println(none[number])
	fmt.Println("behind")
}

//go:noinline
func never(number int) {
	fmt.Println("never called", number)
}

// Keeps never in the program.
var Kept = map[string]func(int){"never": never}
