// Package work is what the programs share: how much to do, numbers that only look random, and the sum of the results.
package work

import (
	"fmt"
	"os"
	"strconv"
)

// Rounds is how often a program does its work: usual, or as many percent of it as its first argument says, but at least 1.
func Rounds(usual int) int {
	if len(os.Args) < 2 {
		return usual
	}
	percent, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fmt.Fprintf(os.Stderr, "percent of the usual work: %v\n", err)
		os.Exit(2)
	}
	return max(1, usual*percent/100)
}

// Random is a sequence of numbers, the same in every run: Knuth's linear congruential generator.
type Random uint64

// Next is the next number, of 32 bits.
func (r *Random) Next() uint32 {
	*r = *r*6364136223846793005 + 1442695040888963407
	return uint32(*r >> 32)
}

// Below is the next number from 0 to limit - 1.
func (r *Random) Below(limit int) int {
	return int(uint64(r.Next()) * uint64(limit) >> 32)
}

// Sum is a checksum of what a program computed (FNV-1a, 64 bits).
type Sum uint64

// NewSum is the checksum of nothing.
func NewSum() Sum { return 14695981039346656037 }

// Bytes adds bytes.
func (s *Sum) Bytes(bytes []byte) {
	for _, b := range bytes {
		*s = (*s ^ Sum(b)) * 1099511628211
	}
}

// String adds text.
func (s *Sum) String(text string) {
	for i := 0; i < len(text); i++ {
		*s = (*s ^ Sum(text[i])) * 1099511628211
	}
}

// Int adds a number.
func (s *Sum) Int(n int) {
	*s = (*s ^ Sum(n)) * 1099511628211
}

// Print prints the sum under the program's name.
func (s Sum) Print(name string) {
	fmt.Printf("%s %016x\n", name, uint64(s))
}

// Word makes a word of 2 to 9 letters.
func (r *Random) Word() string {
	const letters = "etaoinshrdlucmfwypvbgkqjxz"
	word := make([]byte, 2+r.Below(8))
	for i := range word {
		// The smaller of two: letters at the front are the common ones.
		word[i] = letters[min(r.Below(len(letters)), r.Below(len(letters)))]
	}
	return string(word)
}
