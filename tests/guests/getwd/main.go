// Getwd prints where the program is and its whole environment.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Println(os.Getwd())
	fmt.Println(os.Environ())
}
