// Args prints its arguments and the part of its environment that starts with GUEST_.
package main

import (
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
)

func main() {
	for i, arg := range os.Args[1:] {
		fmt.Printf("%d %q\n", i+1, arg)
	}
	var names []string
	for _, entry := range os.Environ() {
		if strings.HasPrefix(entry, "GUEST_") {
			names = append(names, entry)
		}
	}
	sort.Strings(names)
	fmt.Printf("%q\n", names)
	value, found := os.LookupEnv("GUEST_EMPTY")
	fmt.Printf("%q %v\n", value, found)
	os.Setenv("GUEST_NEW", "set here")
	fmt.Println(os.ExpandEnv("$GUEST_NEW and ${GUEST_ONE}"))
	flags := flag.NewFlagSet("args", flag.ContinueOnError)
	number := flags.Int("n", 1, "a number")
	verbose := flags.Bool("v", false, "a switch")
	err := flags.Parse(os.Args[1:])
	fmt.Println(*number, *verbose, flags.Args(), err)
}
