// Sudoku solves puzzles by backtracking with sets of candidates in bits, and places queens on boards.
package main

import (
	"math/bits"

	"programs/work"
)

const puzzle = "4.....8.5.3..........7......2.....6.....8.4......1.......6.3.7.5..2.....1.4......"

type sudoku struct {
	cells              [81]uint8
	rows, columns, box [9]uint16
	steps              int
}

func (s *sudoku) toggle(at, digit int) {
	bit := uint16(1) << digit
	s.rows[at/9] ^= bit
	s.columns[at%9] ^= bit
	s.box[at/27*3+at%9/3] ^= bit
}

func (s *sudoku) solve(limit int) bool {
	best, least, choice := -1, 10, uint16(0)
	for at, digit := range s.cells {
		if digit != 0 {
			continue
		}
		free := 0x3fe &^ (s.rows[at/9] | s.columns[at%9] | s.box[at/27*3+at%9/3])
		if count := bits.OnesCount16(free); count < least {
			best, least, choice = at, count, free
		}
	}
	if best < 0 {
		return true
	}
	for ; choice != 0 && s.steps < limit; choice &= choice - 1 {
		digit := bits.TrailingZeros16(choice)
		s.steps++
		s.cells[best] = uint8(digit)
		s.toggle(best, digit)
		if s.solve(limit) {
			return true
		}
		s.toggle(best, digit)
		s.cells[best] = 0
	}
	return false
}

func queens(size, row int, columns, up, down uint32) (count int) {
	if row == size {
		return 1
	}
	for free := (1<<size - 1) &^ (columns | up | down); free != 0; free &= free - 1 {
		bit := free & -free
		count += queens(size, row+1, columns|bit, (up|bit)<<1, (down|bit)>>1)
	}
	return count
}

func main() {
	sum := work.NewSum()
	for round := range work.Rounds(84) {
		var s sudoku
		for at := range s.cells {
			if c := puzzle[(at+round*9)%81]; c != '.' {
				s.cells[at] = c - '0'
				s.toggle(at, int(c-'0'))
			}
		}
		if s.solve(800) {
			sum.Bytes(s.cells[:])
		}
		sum.Int(s.steps)
		sum.Int(queens(6+round%3, 0, 0, 0, 0))
	}
	sum.Print("sudoku")
}
