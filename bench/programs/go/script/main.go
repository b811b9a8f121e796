// Script is a small language: it scans, parses and compiles a program again and again, and runs it on a stack machine.
package main

import (
	"fmt"
	"os"
	"programs/work"
	"strings"
)

const source = `
# Greatest common divisors, a recursive function, and a walk.
func gcd(a, b) {
	while b != 0 {
		let rest = a % b
		a = b
		b = rest
	}
	return a
}

func fib(n) {
	if n < 2 { return n }
	return fib(n - 1) + fib(n - 2)
}

func collatz(n) {
	let steps = 0
	while n > 1 {
		if n % 2 == 0 { n = n / 2 } else { n = 3 * n + 1 }
		steps = steps + 1
	}
	return steps
}

func main() {
	let i = 1
	let total = 0
	while i <= 60 {
		total = total * 31 % 1000003 + gcd(i * 84, 3600) ^ collatz(i)
		i = i + 1
	}
	print total
	print fib(13)
	return total - fib(10)
}
`

func main() {
	sum := work.NewSum()
	// Many functions that are never called: what a compiler mostly sees.
	program := source
	for i := 0; i < 25; i++ {
		program += strings.NewReplacer("(", fmt.Sprint(i, "("), "main", "unused").Replace(source[strings.Index(source, "func collatz"):strings.Index(source, "func main")])
	}
	for range work.Rounds(50) {
		tokens, err := scan(program)
		check(err)
		functions, err := parse(tokens)
		check(err)
		code, err := compile(functions)
		check(err)
		m := machine{functions: code, print: func(value int64) { sum.Int(int(value)) }}
		result, err := m.run(3)
		check(err)
		sum.Int(int(result))
		sum.Int(len(tokens))
	}
	sum.Print("script")
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
