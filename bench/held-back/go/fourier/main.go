// Fourier transforms signals of complex numbers there and back (FFT), and filters between.
package main

import (
	"math"
	"math/cmplx"

	"programs/work"
)

func transform(a []complex128, sign float64) {
	n := len(a)
	for i, j := 1, 0; i < n; i++ {
		bit := n >> 1
		for ; j&bit != 0; bit >>= 1 {
			j ^= bit
		}
		j ^= bit
		if i < j {
			a[i], a[j] = a[j], a[i]
		}
	}
	for size := 2; size <= n; size <<= 1 {
		step := cmplx.Rect(1, sign*2*math.Pi/float64(size))
		for start := 0; start < n; start += size {
			turn := complex(1, 0)
			for k := start; k < start+size/2; k++ {
				even, odd := a[k], a[k+size/2]*turn
				a[k], a[k+size/2] = even+odd, even-odd
				turn *= step
			}
		}
	}
}

func main() {
	random, sum := work.Random(47), work.NewSum()
	signal := make([]complex128, 512)
	for range work.Rounds(880) {
		for i := range signal {
			wave := math.Sin(float64(i)/7) + math.Cos(float64(i)/3)
			signal[i] = complex(wave+float64(random.Below(100))/1000, 0)
		}
		transform(signal, 1)
		loud := 0
		for i, value := range signal {
			if cmplx.Abs(value) < 8 {
				signal[i] = 0
			} else {
				loud++
			}
		}
		transform(signal, -1)
		sum.Int(loud)
		for i := 0; i < len(signal); i += 16 {
			sum.Int(int(math.Round(real(signal[i]) / 512 * 1000)))
		}
	}
	sum.Print("fourier")
}
