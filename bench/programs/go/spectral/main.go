// Spectral finds the spectral norm of the infinite matrix 1 / ((i+j)(i+j+1)/2 + i + 1): divisions in nested loops.
package main

import (
	"fmt"
	"math"
	"programs/work"
)

func entry(i, j int) float64 { return 1 / float64((i+j)*(i+j+1)/2+i+1) }

func times(to, from []float64, entry func(i, j int) float64) {
	for i := range to {
		total := 0.0
		for j, value := range from {
			total += entry(i, j) * value
		}
		to[i] = total
	}
}

func main() {
	const size = 120
	u, v, between := make([]float64, size), make([]float64, size), make([]float64, size)
	for i := range u {
		u[i] = 1
	}
	transposed := func(i, j int) float64 { return entry(j, i) }
	for range work.Rounds(700) {
		times(between, u, entry)
		times(v, between, transposed)
		times(between, v, entry)
		times(u, between, transposed)
		// Only the direction matters: the length is kept in range.
		for i, first := 0, u[0]; i < size; i++ {
			u[i] /= first
			v[i] /= first
		}
	}
	var uv, vv float64
	for i := range u {
		uv += u[i] * v[i]
		vv += v[i] * v[i]
	}
	fmt.Printf("spectral %.9f\n", math.Sqrt(uv/vv))
}
