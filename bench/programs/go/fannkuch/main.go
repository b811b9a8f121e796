// Fannkuch turns over the front of every permutation until a 1 leads: small integers in small slices.
package main

import (
	"fmt"
	"programs/work"
)

// flips is how many turns a permutation needs.
func flips(permutation, scratch []int) int {
	copy(scratch, permutation)
	count := 0
	for first := scratch[0]; first != 0; first = scratch[0] {
		for i, j := 0, first; i < j; i, j = i+1, j-1 {
			scratch[i], scratch[j] = scratch[j], scratch[i]
		}
		count++
	}
	return count
}

// run goes through all permutations; each adds its count to the checksum or takes it away, in turns.
func run(size int) (most, checksum int) {
	permutation, scratch, counts := make([]int, size), make([]int, size), make([]int, size)
	for i := range permutation {
		permutation[i] = i
	}
	for sign := 1; ; sign = -sign {
		turned := flips(permutation, scratch)
		most = max(most, turned)
		checksum += sign * turned
		// The next permutation by Heap's method: each differs from the last by one exchange.
		at := 1
		for at < size && counts[at] == at {
			counts[at] = 0
			at++
		}
		if at == size {
			return most, checksum
		}
		from := 0
		if at%2 == 1 {
			from = counts[at]
		}
		permutation[from], permutation[at] = permutation[at], permutation[from]
		counts[at]++
	}
}

func main() {
	for range work.Rounds(4) {
		fmt.Println(run(9))
	}
}
