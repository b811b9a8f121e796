// Hello does nothing but start, print and end.
package main

import "fmt"

func main() {
	fmt.Println("hello")
}
