// Bigprime computes with large integers: Fermat's test by modular powers, inverses, square roots, decimal text.
package main

import (
	"math/big"

	"programs/work"
)

func number(random *work.Random, words int) *big.Int {
	n := new(big.Int)
	for range words {
		n.Lsh(n, 32).Or(n, big.NewInt(int64(random.Next())))
	}
	return n
}

func main() {
	random, sum := work.Random(13), work.NewSum()
	one, two := big.NewInt(1), big.NewInt(2)
	for range work.Rounds(60) {
		p := number(&random, 6)
		p.SetBit(p, 0, 1)
		for tries := 0; ; tries++ {
			less := new(big.Int).Sub(p, one)
			if new(big.Int).Exp(two, less, p).Cmp(one) == 0 || tries == 12 {
				sum.Int(tries)
				break
			}
			p.Add(p, two)
		}
		a := number(&random, 5)
		if inverse := new(big.Int).ModInverse(a, p); inverse != nil {
			sum.String(inverse.Text(16))
		}
		product := new(big.Int).Mul(a, p)
		root := new(big.Int).Sqrt(product)
		quotient, rest := new(big.Int).QuoRem(product, root, new(big.Int))
		sum.String(quotient.String())
		sum.String(rest.String())
	}
	sum.Print("bigprime")
}
