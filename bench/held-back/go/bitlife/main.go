// Bitlife plays Conway's Game of Life on words of 64 cells, and counts and reverses bits.
package main

import (
	"math/bits"

	"programs/work"
)

const height = 64

type board [height]uint64

func add(a, b, c uint64) (low, high uint64) {
	half := a ^ b
	return half ^ c, a&b | half&c
}

func (b *board) step() (next board) {
	for y := range height {
		above, here, below := b[(y+height-1)%height], b[y], b[(y+1)%height]
		left := func(row uint64) uint64 { return bits.RotateLeft64(row, 1) }
		right := func(row uint64) uint64 { return bits.RotateLeft64(row, -1) }
		one, two := add(left(above), above, right(above))
		oneHere, twoHere := left(here)^right(here), left(here)&right(here)
		oneBelow, twoBelow := add(left(below), below, right(below))
		ones, carry := add(one, oneHere, oneBelow)
		twos, fours := add(two, twoHere, twoBelow)
		more := twos & carry
		twos ^= carry
		next[y] = twos &^ fours &^ more & (ones | here)
	}
	return next
}

func main() {
	random, sum := work.Random(43), work.NewSum()
	var b board
	for y := range b {
		b[y] = uint64(random.Next())<<32 | uint64(random.Next())
	}
	for generation := range work.Rounds(55000) {
		b = b.step()
		alive, edges := 0, 0
		for y, row := range b {
			alive += bits.OnesCount64(row)
			edges += bits.LeadingZeros64(row) - bits.TrailingZeros64(row)
			if generation%50 == 0 {
				b[y] ^= bits.Reverse64(row) >> (y & 7)
			}
		}
		sum.Int(alive<<16 ^ edges)
	}
	sum.Print("bitlife")
}
