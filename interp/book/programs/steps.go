package main

import "fmt"

// steps counts the steps of the Collatz sequence from n to 1.
func steps(n int) int {
	if n == 1 {
		return 0
	}
	if n%2 == 0 {
		return 1 + steps(n/2)
	}
	return 1 + steps(3*n+1)
}

func main() {
	fmt.Println(steps(27))
}
