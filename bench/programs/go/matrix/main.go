// Matrix multiplies matrices of floats, and solves a system of equations by elimination with row exchange.
package main

import (
	"fmt"
	"math"
	"programs/work"
)

const size = 90

func random(seed work.Random) [][]float64 {
	made := make([][]float64, size)
	for i := range made {
		made[i] = make([]float64, size)
		for j := range made[i] {
			made[i][j] = float64(seed.Below(2000)-1000) / 256
		}
	}
	return made
}

func multiply(a, b [][]float64) [][]float64 {
	product := make([][]float64, size)
	for i := range product {
		row := make([]float64, size)
		for k, left := range a[i] {
			for j, right := range b[k] {
				row[j] += left * right
			}
		}
		product[i] = row
	}
	return product
}

func solve(a [][]float64, b []float64) []float64 {
	for column := range b {
		best := column
		for row := column + 1; row < size; row++ {
			if math.Abs(a[row][column]) > math.Abs(a[best][column]) {
				best = row
			}
		}
		a[column], a[best] = a[best], a[column]
		b[column], b[best] = b[best], b[column]
		for row := column + 1; row < size; row++ {
			factor := a[row][column] / a[column][column]
			for k := column; k < size; k++ {
				a[row][k] -= factor * a[column][k]
			}
			b[row] -= factor * b[column]
		}
	}
	for row := size - 1; row >= 0; row-- {
		for k := row + 1; k < size; k++ {
			b[row] -= a[row][k] * b[k]
		}
		b[row] /= a[row][row]
	}
	return b
}

func main() {
	for range work.Rounds(30) {
		multiply(random(1), random(2))
	}
	a := random(3)
	product := multiply(a, random(4))
	solution := solve(a, append([]float64(nil), product[7]...))
	total := 0.0
	for _, value := range solution {
		total += math.Abs(value)
	}
	fmt.Printf("matrix %.6f %.6f\n", product[5][6], total)
}
