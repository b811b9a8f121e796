// Rng draws seeded random numbers, shuffles, and simulates.
package main

import (
	"fmt"
	"math/rand"
)

func main() {
	source := rand.New(rand.NewSource(2026))
	fmt.Println(source.Intn(1000), source.Int63(), source.Float64(), source.Perm(10), source.NormFloat64(), source.ExpFloat64(), source.Uint32())
	deck := make([]int, 52)
	for i := range deck {
		deck[i] = i
	}
	source.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
	fmt.Println(deck)
	inside := 0
	for i := 0; i < 1_000_000; i++ {
		x, y := source.Float64(), source.Float64()
		if x*x+y*y < 1 {
			inside++
		}
	}
	fmt.Println(inside)
	fmt.Println("unseeded draws differ:", rand.Int63() != rand.Int63())
	life()
}

// life runs Conway's game on a torus.
func life() {
	const width, height = 96, 64
	var cells, next [height][width]bool
	source := rand.New(rand.NewSource(7))
	for y := range cells {
		for x := range cells[y] {
			cells[y][x] = source.Intn(3) == 0
		}
	}
	for step := 0; step < 100; step++ {
		for y := 0; y < height; y++ {
			for x := 0; x < width; x++ {
				around := 0
				for dy := -1; dy <= 1; dy++ {
					for dx := -1; dx <= 1; dx++ {
						if (dx != 0 || dy != 0) && cells[(y+dy+height)%height][(x+dx+width)%width] {
							around++
						}
					}
				}
				next[y][x] = around == 3 || around == 2 && cells[y][x]
			}
		}
		cells, next = next, cells
	}
	alive := 0
	for y := range cells {
		for x := range cells[y] {
			if cells[y][x] {
				alive++
			}
		}
	}
	fmt.Println("alive", alive)
}
