// Pidigits computes π digit by digit with integers of any size (Gibbons' spigot).
package main

import (
	"fmt"
	"math/big"
	"programs/work"
)

func main() {
	sum := work.NewSum()
	digits := work.Rounds(900)
	numerator, accumulator, denominator := big.NewInt(1), big.NewInt(0), big.NewInt(1)
	scratch, other := new(big.Int), new(big.Int)

	// digit is the integer part of (numerator·n + accumulator) / denominator.
	digit := func(n int64) int64 {
		scratch.Mul(numerator, big.NewInt(n))
		scratch.Add(scratch, accumulator)
		return scratch.Quo(scratch, denominator).Int64()
	}
	for found, k := 0, int64(1); found < digits; k++ {
		other.Lsh(numerator, 1)
		accumulator.Add(accumulator, other)
		accumulator.Mul(accumulator, big.NewInt(2*k+1))
		numerator.Mul(numerator, big.NewInt(k))
		denominator.Mul(denominator, big.NewInt(2*k+1))
		if numerator.Cmp(accumulator) > 0 {
			continue
		}
		three := digit(3)
		if three != digit(4) {
			continue
		}
		sum.Int(int(three))
		found++
		accumulator.Sub(accumulator, other.Mul(denominator, big.NewInt(three)))
		accumulator.Mul(accumulator, big.NewInt(10))
		numerator.Mul(numerator, big.NewInt(10))
	}
	fmt.Println(denominator.BitLen())
	sum.Print("pidigits")
}
