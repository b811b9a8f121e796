//go:build goexperiment.simd

// Vectors computes with package simd. Vectors are longer on some processors than on others, so no result depends on
// how many elements one has: sums are exact, and all else is computed for each element by itself.
package main

import (
	"fmt"
	"hash/crc32"
	"simd"
)

// random returns the next of a sequence of numbers that is the same everywhere.
func random(state *uint32) uint32 {
	*state ^= *state << 13
	*state ^= *state >> 17
	*state ^= *state << 5
	return *state
}

func main() {
	fmt.Println("bits:", simd.VectorBitSize() >= 128)
	text := make([]byte, 70_001)
	state := uint32(2463534242)
	for i := range text {
		text[i] = byte(random(&state) >> 24)
	}
	dotProducts()
	search(text)
	histogram(text)
	changeCase(text)
	mandelbrot()
	blend(text)
	integers()
	wideIntegers()
	conversions()
}

// dotProducts multiplies integers that float32 and float64 hold exactly, also in sums.
func dotProducts() {
	for _, n := range []int{0, 1, 3, 16, 50, 777} {
		a, b := make([]float32, n), make([]float32, n)
		c, d := make([]float64, n), make([]float64, n)
		for i := range a {
			a[i], b[i] = float32(i%19-9), float32(i%23-11)
			c[i], d[i] = float64(a[i])*4096, float64(b[i])*512
		}
		fmt.Println("dot", n, dot32(a, b), dot64(c, d))
	}
}

func dot32(a, b []float32) float32 {
	var sum simd.Float32s
	for len(a) > 0 {
		x, n := simd.LoadFloat32sPart(a)
		y, _ := simd.LoadFloat32sPart(b)
		sum = sum.Add(x.Mul(y))
		a, b = a[n:], b[n:]
	}
	parts := make([]float32, sum.Len())
	sum.Store(parts)
	total := float32(0)
	for _, part := range parts {
		total += part
	}
	return total
}

func dot64(a, b []float64) float64 {
	var sum simd.Float64s
	for len(a) > 0 {
		x, n := simd.LoadFloat64sPart(a)
		y, _ := simd.LoadFloat64sPart(b)
		sum = x.MulAdd(y, sum)
		a, b = a[n:], b[n:]
	}
	parts := make([]float64, sum.Len())
	sum.Store(parts)
	total := float64(0)
	for _, part := range parts {
		total += part
	}
	return total
}

// index returns the first place of a byte, as bytes.IndexByte does.
func index(text []byte, wanted byte) int {
	all := simd.BroadcastUint8s(wanted)
	found := make([]int8, all.Len())
	at := 0
	for ; at+all.Len() <= len(text); at += all.Len() {
		simd.LoadUint8s(text[at:]).Equal(all).ToInt8s().Store(found)
		for i, hit := range found {
			if hit != 0 {
				return at + i
			}
		}
	}
	for ; at < len(text); at++ {
		if text[at] == wanted {
			return at
		}
	}
	return -1
}

func search(text []byte) {
	for _, wanted := range []byte{0, 1, 77, 128, 255} {
		fmt.Println("index", wanted, index(text, wanted), index(text[60_000:], wanted), index(text[:9], wanted))
	}
}

// count counts the bytes of a class: each vector of counters takes 255 vectors of text before it is added up.
func count(text []byte, low, high byte) int {
	least, span := simd.BroadcastUint8s(low), simd.BroadcastUint8s(high-low)
	one, zero := simd.BroadcastUint8s(1), simd.BroadcastUint8s(0)
	width := one.Len()
	counters := make([]uint8, width)
	total := 0
	for len(text) >= width {
		sum := zero
		for i := 0; i < 255 && len(text) >= width; i++ {
			offset := simd.LoadUint8s(text).Sub(least)
			sum = sum.Add(one.Masked(offset.Max(span).Equal(span)))
			text = text[width:]
		}
		sum.Store(counters)
		for _, counter := range counters {
			total += int(counter)
		}
	}
	for _, letter := range text {
		if letter-low <= high-low {
			total++
		}
	}
	return total
}

func histogram(text []byte) {
	for low := 0; low < 256; low += 32 {
		fmt.Print(count(text, byte(low), byte(low+31)), " ")
	}
	fmt.Println(count(text, 200, 200), count(text, 0, 255))
}

// changeCase turns small letters into capital ones, and halves what is between others.
func changeCase(text []byte) {
	upper := append([]byte(nil), text...)
	a, span := simd.BroadcastUint8s('a'), simd.BroadcastUint8s('z'-'a')
	bit, half := simd.BroadcastUint8s(0x20), simd.BroadcastUint8s(0x80)
	rest := upper
	for len(rest) > 0 {
		letters, n := simd.LoadUint8sPart(rest)
		small := letters.Sub(a).Min(span).Equal(letters.Sub(a))
		capital := letters.AndNot(bit)
		capital.IfElse(small, letters.Average(half).SubSaturated(bit).AddSaturated(letters)).StorePart(rest)
		rest = rest[n:]
	}
	fmt.Printf("case %08x\n", crc32.ChecksumIEEE(upper))
}

func mandelbrot() {
	const width, height = 64, 24
	shades := " .:-=+*#%@"
	four, one := simd.BroadcastFloat32s(4), simd.BroadcastInt32s(1)
	row := make([]float32, width)
	for i := range row {
		row[i] = float32(i)*3/width - 2.25
	}
	for y := 0; y < height; y++ {
		imaginary := simd.BroadcastFloat32s(float32(y)*2.5/height - 1.25)
		counts := make([]int32, width)
		for x := 0; x < width; x += four.Len() {
			c := simd.LoadFloat32s(row[x:])
			re, im := c, imaginary
			var n simd.Int32s
			for i := 0; i < 90; i++ {
				squares, other := re.Mul(re), im.Mul(im)
				inside := squares.Add(other).LessEqual(four)
				n = n.Add(one.Masked(inside))
				product := re.Mul(im)
				re = squares.Sub(other).Add(c).Masked(inside)
				im = product.Add(product).Add(imaginary).Masked(inside)
			}
			n.Store(counts[x:])
		}
		line := make([]byte, width)
		for i, n := range counts {
			line[i] = shades[int(n)%len(shades)]
		}
		fmt.Printf("%s| %08x\n", line, crc32.ChecksumIEEE(fmt.Append(nil, counts)))
	}
}

// blend mixes two halves of a text as pictures are mixed, with numbers of 16 bits.
func blend(text []byte) {
	const n = 4096
	a, b, mixed := make([]uint16, n), make([]uint16, n), make([]uint16, n)
	for i := range a {
		a[i], b[i] = uint16(text[i]), uint16(text[i+n])
	}
	weight, rest, round := simd.BroadcastUint16s(171), simd.BroadcastUint16s(85), simd.BroadcastUint16s(128)
	for i := 0; i < n; i += weight.Len() {
		x, y := simd.LoadUint16s(a[i:]), simd.LoadUint16s(b[i:])
		x.Mul(weight).Add(y.Mul(rest)).Add(round).ShiftAllRight(8).Store(mixed[i:])
	}
	sum := crc32.NewIEEE()
	for _, value := range mixed {
		sum.Write([]byte{byte(value), byte(value >> 8)})
	}
	fmt.Printf("blend %08x\n", sum.Sum32())
}

// integers applies most operations on lanes of 8, 16 and 32 bits to edges.
func integers() {
	edges8 := []int8{-128, -127, -1, 0, 1, 2, 63, 64, 126, 127}
	edges16 := []int16{-32768, -32767, -256, -1, 0, 1, 255, 256, 32766, 32767}
	edges32 := []int32{-2147483648, -2147483647, -65536, -1, 0, 1, 65535, 65536, 2147483646, 2147483647}
	for i := range edges8 {
		x, y := simd.BroadcastInt8s(edges8[i]), simd.BroadcastInt8s(edges8[9-i/2])
		show(x.Add(y), x.Sub(y), x.AddSaturated(y), x.SubSaturated(y), x.Max(y), x.Min(y), x.Abs(), x.Neg())
		show(x.And(y), x.Or(y), x.Xor(y), x.AndNot(y), x.Not(), x.Less(y).ToInt8s(), x.GreaterEqual(y).ToInt8s())
		v, w := simd.BroadcastInt16s(edges16[i]), simd.BroadcastInt16s(edges16[9-i/2])
		show(v.Add(w), v.Sub(w), v.Mul(w), v.AddSaturated(w), v.SubSaturated(w), v.Max(w), v.Min(w), v.Abs(), v.Neg())
		show(v.ShiftAllLeft(3), v.ShiftAllRight(5), v.RotateAllLeft(7), v.RotateAllRight(2), v.NotEqual(w).ToInt16s())
		p, q := simd.BroadcastInt32s(edges32[i]), simd.BroadcastInt32s(edges32[9-i/2])
		show(p.Add(q), p.Sub(q), p.Mul(q), p.Max(q), p.Min(q), p.Abs(), p.Neg(), p.IfElse(p.Greater(q), q))
		show(p.ShiftAllLeft(31), p.ShiftAllRight(31), p.ShiftAllRight(40), p.RotateAllLeft(13), p.Equal(q).ToInt32s())
	}
}

// wideIntegers does the same with lanes of 64 bits.
func wideIntegers() {
	edges := []int64{-1 << 63, -1<<63 + 1, -1 << 32, -1, 0, 1, 1<<32 - 1, 1 << 32, 1<<63 - 1}
	for i := range edges {
		x, y := simd.BroadcastInt64s(edges[i]), simd.BroadcastInt64s(edges[8-i/2])
		show(x.Add(y), x.Sub(y), x.Neg(), x.ShiftAllLeft(9), x.RotateAllLeft(9), x.Xor(y))
		show(x.Equal(y).ToInt64s(), x.Less(y).ToInt64s(), x.LessEqual(y).ToInt64s(), x.Greater(y).ToInt64s())
		u, v := x.ToBits(), y.ToBits()
		show(u.Add(v), u.ShiftAllRight(17), u.Less(v).ToInt64s(), u.GreaterEqual(v).ToInt64s())
	}
}

func conversions() {
	for _, f := range []float32{0, -0.5, 1.5, -2.75, 1e6, 16777216, -2147483648} {
		x := simd.BroadcastFloat32s(f)
		show(x.ConvertToInt32(), x.ToBits(), x.Neg(), x.Abs(), x.Add(x), x.Div(simd.BroadcastFloat32s(8)))
		show(x.Abs().Sqrt(), x.Max(simd.BroadcastFloat32s(1)), x.Min(simd.BroadcastFloat32s(1)))
		show(x.ConvertToInt32().ConvertToFloat32(), x.ToBits().ReshapeToUint16s(), x.ToBits().ReshapeToUint8s())
	}
	for _, f := range []float64{0, -0.5, 2, 1e300, -1e-300, 144} {
		x := simd.BroadcastFloat64s(f)
		show(x.Neg(), x.Abs().Sqrt(), x.Mul(simd.BroadcastFloat64s(0.5)), x.Sub(simd.BroadcastFloat64s(1)))
	}
}

// show prints the first four elements of vectors, of which all processors have as many (or two of 64 bits).
func show(vectors ...any) {
	for _, vector := range vectors {
		switch v := vector.(type) {
		case simd.Int8s:
			fmt.Print(stored(make([]int8, v.Len()), v.Store))
		case simd.Uint8s:
			fmt.Print(stored(make([]uint8, v.Len()), v.Store))
		case simd.Int16s:
			fmt.Print(stored(make([]int16, v.Len()), v.Store))
		case simd.Uint16s:
			fmt.Print(stored(make([]uint16, v.Len()), v.Store))
		case simd.Int32s:
			fmt.Print(stored(make([]int32, v.Len()), v.Store))
		case simd.Uint32s:
			fmt.Print(stored(make([]uint32, v.Len()), v.Store))
		case simd.Int64s:
			fmt.Print(stored(make([]int64, v.Len()), v.Store))
		case simd.Uint64s:
			fmt.Print(stored(make([]uint64, v.Len()), v.Store))
		case simd.Float32s:
			fmt.Print(stored(make([]float32, v.Len()), v.Store))
		case simd.Float64s:
			fmt.Print(stored(make([]float64, v.Len()), v.Store))
		default:
			panic(fmt.Sprintf("%T", v))
		}
	}
	fmt.Println()
}

func stored[T any](elements []T, store func([]T)) []T {
	store(elements)
	return elements[:min(len(elements), 4, 16/size(elements))]
}

// size returns the bytes of an element, of which a vector of 128 bits has 16 divided by this.
func size[T any](elements []T) int {
	switch any(elements).(type) {
	case []int64, []uint64, []float64:
		return 8
	default:
		return 4
	}
}
