// Bigmath computes with integers, fractions and floats of any size: pi, factorials, Fibonacci numbers, primes.
package main

import (
	"fmt"
	"math/big"
	"math/bits"
)

func main() {
	pi := digits(600)
	fmt.Println(pi)
	factorial := new(big.Int).MulRange(1, 1000)
	text := factorial.String()
	fmt.Println(len(text), text[:30], factorial.BitLen(), factorial.TrailingZeroBits())
	a, b := big.NewInt(0), big.NewInt(1)
	for i := 0; i < 10_000; i++ {
		a.Add(a, b)
		a, b = b, a
	}
	fmt.Println(len(a.String()), new(big.Int).Mod(a, big.NewInt(1_000_000_007)))
	p, _ := new(big.Int).SetString("170141183460469231731687303715884105727", 10)
	fmt.Println(p.ProbablyPrime(20), new(big.Int).Add(p, big.NewInt(2)).ProbablyPrime(20))
	fmt.Println(new(big.Int).Exp(big.NewInt(3), big.NewInt(1_000_003), p))
	fmt.Println(new(big.Int).ModInverse(big.NewInt(65537), p))
	quotient, remainder := new(big.Int).DivMod(factorial, p, new(big.Int))
	fmt.Println(quotient.BitLen(), remainder)
	fmt.Println(new(big.Int).Sqrt(new(big.Int).Lsh(big.NewInt(2), 400)))
	sum := new(big.Rat)
	for i := int64(1); i <= 60; i++ {
		sum.Add(sum, big.NewRat(1, i))
	}
	fmt.Println(sum, sum.FloatString(50))
	root := new(big.Float).SetPrec(500).Sqrt(big.NewFloat(2).SetPrec(500))
	fmt.Println(root.Text('f', 140))
	high, low := bits.Mul64(0xdeadbeefcafebabe, 0x123456789abcdef1)
	q, r := bits.Div64(high%1000, low, 1<<63+5)
	fmt.Println(high, low, q, r, bits.LeadingZeros64(1<<20), bits.Reverse32(0x12345678), bits.OnesCount(0xff0f), bits.RotateLeft64(1<<63|1, 3))
}

// digits is the spigot algorithm of Gibbons for the digits of pi.
func digits(count int) string {
	q, r, t := big.NewInt(1), big.NewInt(0), big.NewInt(1)
	k, n, l := int64(1), big.NewInt(3), int64(3)
	out := make([]byte, 0, count)
	x, y := new(big.Int), new(big.Int)
	for len(out) < count {
		x.Mul(q, big.NewInt(4))
		x.Add(x, r)
		x.Sub(x, t)
		y.Mul(n, t)
		if x.Cmp(y) < 0 {
			out = append(out, byte('0'+n.Int64()))
			next := new(big.Int).Mul(big.NewInt(10), new(big.Int).Sub(r, y))
			n = x.Mul(q, big.NewInt(3))
			n = new(big.Int).Sub(new(big.Int).Quo(new(big.Int).Mul(big.NewInt(10), new(big.Int).Add(n, r)), t), new(big.Int).Mul(big.NewInt(10), new(big.Int).Quo(y, t)))
			q.Mul(q, big.NewInt(10))
			r = next
		} else {
			next := new(big.Int).Mul(new(big.Int).Add(new(big.Int).Mul(big.NewInt(2), q), r), big.NewInt(l))
			n = new(big.Int).Quo(new(big.Int).Add(new(big.Int).Mul(q, big.NewInt(7*k+2)), new(big.Int).Mul(r, big.NewInt(l))), new(big.Int).Mul(t, big.NewInt(l)))
			q.Mul(q, big.NewInt(k))
			t.Mul(t, big.NewInt(l))
			l += 2
			k++
			r = next
		}
	}
	return string(out)
}
