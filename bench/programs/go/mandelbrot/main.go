// Mandelbrot draws the set, one bit for a point: floating point in registers.
package main

import "programs/work"

func inside(re, im float64) bool {
	var x, y float64
	for i := 0; i < 50; i++ {
		xx, yy := x*x, y*y
		if xx+yy > 4 {
			return false
		}
		x, y = xx-yy+re, 2*x*y+im
	}
	return true
}

func main() {
	sum := work.NewSum()
	size := work.Rounds(1300)
	for row := 0; row < size; row++ {
		bits := byte(0)
		for column := 0; column < size; column++ {
			bits <<= 1
			if inside(3*float64(column)/float64(size)-2, 2*float64(row)/float64(size)-1) {
				bits |= 1
			}
			if column%8 == 7 {
				sum.Int(int(bits))
			}
		}
	}
	sum.Print("mandelbrot")
}
