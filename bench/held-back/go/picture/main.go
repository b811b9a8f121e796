// Picture draws into an image: gradients, lines, a blur; then writes it as PNG and reads it again.
package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"

	"programs/work"
)

func line(m *image.RGBA, x0, y0, x1, y1 int, c color.Color) {
	dx, dy := x1-x0, y1-y0
	steps := max(dx, -dx, dy, -dy, 1)
	for i := range steps + 1 {
		m.Set(x0+dx*i/steps, y0+dy*i/steps, c)
	}
}

func blur(m *image.RGBA) *image.RGBA {
	out := image.NewRGBA(m.Bounds())
	size := m.Bounds().Max
	for y := 1; y < size.Y-1; y++ {
		for x := 1; x < size.X-1; x++ {
			for channel := range 4 {
				total := 0
				for i := -1; i <= 1; i++ {
					at := m.PixOffset(x-1, y+i) + channel
					total += int(m.Pix[at]) + 2*int(m.Pix[at+4]) + int(m.Pix[at+8])
				}
				out.Pix[out.PixOffset(x, y)+channel] = uint8(total / 12)
			}
		}
	}
	return out
}

func main() {
	random, sum := work.Random(37), work.NewSum()
	for range work.Rounds(21) {
		m := image.NewRGBA(image.Rect(0, 0, 96, 64))
		for y := range 64 {
			for x := range 96 {
				m.SetRGBA(x, y, color.RGBA{uint8(2 * x), uint8(4 * y), uint8(x * y), 255})
			}
		}
		for range 30 {
			c := color.YCbCr{uint8(random.Below(256)), uint8(random.Below(256)), uint8(random.Below(256))}
			line(m, random.Below(96), random.Below(64), random.Below(96), random.Below(64), c)
		}
		var file bytes.Buffer
		if err := png.Encode(&file, blur(m)); err != nil {
			panic(err)
		}
		sum.Int(file.Len())
		read, err := png.Decode(&file)
		if err != nil {
			panic(err)
		}
		for y := range 64 {
			r, g, b, _ := read.At(y, y).RGBA()
			sum.Int(int(r ^ g<<1 ^ b<<2))
		}
	}
	sum.Print("picture")
}
