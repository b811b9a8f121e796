// Maps counts words, joins tables by number and by struct, deletes, and walks.
package main

import (
	"programs/work"
	"sort"
)

type point struct{ x, y int32 }

func main() {
	sum := work.NewSum()
	random := work.Random(5)
	words := make([]string, 4000)
	for i := range words {
		words[i] = random.Word()
	}
	for range work.Rounds(7) {
		counts := map[string]int{}
		for i := 0; i < 30000; i++ {
			counts[words[random.Below(len(words))]]++
		}
		names := make([]string, 0, len(counts))
		for name := range counts {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			sum.Int(counts[name])
		}

		squares := map[int]int{}
		for i := 0; i < 20000; i++ {
			squares[i*i%30011] = i
		}
		for i := 0; i < 30011; i += 2 {
			delete(squares, i)
		}
		total := 0
		for key, value := range squares {
			total += key ^ value
		}
		sum.Int(total)

		grid := make(map[point]bool, 8000)
		for i := 0; i < 8000; i++ {
			grid[point{int32(random.Below(150)), int32(random.Below(150))}] = true
		}
		neighbours := 0
		for at := range grid {
			if grid[point{at.x + 1, at.y}] {
				neighbours++
			}
			if grid[point{at.x, at.y + 1}] {
				neighbours++
			}
		}
		sum.Int(neighbours)
	}
	sum.Print("maps")
}
