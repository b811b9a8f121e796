// Exit ends with the status that its argument names.
package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	status, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	fmt.Println("exiting with", status)
	defer fmt.Println("deferred calls do not run on os.Exit")
	if status != 0 {
		os.Exit(status)
	}
}
