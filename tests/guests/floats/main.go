// Floats checks floating-point arithmetic bit by bit where IEEE 754 leaves no choice, and to ten digits elsewhere.
package main

import (
	"fmt"
	"math"
	"math/cmplx"
)

type body struct{ x, y, z, vx, vy, vz, mass float64 }

func main() {
	exact()
	conversions()
	functions()
	orbit()
	matrix()
	mandelbrot()
}

func exact() {
	values := []float64{0, math.Copysign(0, -1), 1, -1.5, 0.1, 1e308, -1e308, 5e-324, math.Inf(1), math.Inf(-1), math.NaN(), 1 << 53, 2.5, -2.5, 3.5, 0.5, -0.5}
	hash := uint64(14695981039346656037)
	add := func(f float64) {
		if f != f {
			f = 1234
		}
		hash = (hash ^ math.Float64bits(f)) * 1099511628211
	}
	for _, a := range values {
		add(math.Sqrt(a))
		add(math.Floor(a))
		add(math.Ceil(a))
		add(math.Trunc(a))
		add(math.RoundToEven(a))
		add(math.Abs(a))
		add(float64(float32(a)))
		for _, b := range values {
			add(a + b)
			add(a - b)
			add(a * b)
			add(a / b)
			add(math.Min(a, b))
			add(math.Max(a, b))
			add(math.Copysign(a, b))
			add(math.FMA(a, b, 0.1))
			add(float64(float32(a) * float32(b)))
			for i, holds := range []bool{a < b, a <= b, a == b, a != b, a >= b, a > b} {
				if holds {
					add(float64(i))
				}
			}
		}
	}
	fmt.Printf("%x\n", hash)
}

func conversions() {
	for _, f := range []float64{0, 1.9, -1.9, 2147483647.5, -2147483648.5, 9.007199254740993e15, 4294967295} {
		fmt.Println(int64(f), int32(int64(f)), uint32(int64(f)), float32(f))
	}
	for _, n := range []int64{math.MaxInt64, math.MinInt64, 1<<53 + 1, -7} {
		fmt.Println(float64(n), float32(n), float64(uint64(n)))
	}
	fmt.Println(math.Float32bits(1.1), math.Float32frombits(0x7f7fffff), math.Nextafter(1, 2))
}

func functions() {
	for _, x := range []float64{0.1, 0.5, 1, 2, 10, 100.25} {
		fmt.Printf("%.10g %.10g %.10g %.10g %.10g %.10g %.10g\n", math.Sin(x), math.Tan(x), math.Exp(x/10), math.Log(x), math.Pow(x, 1.5), math.Gamma(x/10), math.Erf(x/5))
	}
	fmt.Printf("%.10g %.10g\n", cmplx.Sqrt(-1+2i), cmplx.Exp(1i*math.Pi/3))
	frac, exp := math.Frexp(1234.5)
	whole, part := math.Modf(-3.25)
	fmt.Println(frac, exp, math.Ldexp(0.75, 10), whole, part, math.Mod(-7.5, 2), math.Remainder(7.5, 2), math.Hypot(3, 4), math.Cbrt(27))
}

func orbit() {
	bodies := []body{{mass: 1000}, {x: 10, vy: 10, mass: 1}, {x: -20, vy: -7, vz: 0.5, mass: 2}}
	for step := 0; step < 20_000; step++ {
		for i := range bodies {
			for j := range bodies {
				if i == j {
					continue
				}
				dx, dy, dz := bodies[j].x-bodies[i].x, bodies[j].y-bodies[i].y, bodies[j].z-bodies[i].z
				d := dx*dx + dy*dy + dz*dz
				m := bodies[j].mass / (d * math.Sqrt(d)) * 0.001
				bodies[i].vx += dx * m
				bodies[i].vy += dy * m
				bodies[i].vz += dz * m
			}
		}
		for i := range bodies {
			b := &bodies[i]
			b.x += b.vx * 0.001
			b.y += b.vy * 0.001
			b.z += b.vz * 0.001
		}
	}
	fmt.Printf("%.9f %.9f %.9f\n", bodies[0].x, bodies[1].y, bodies[2].z)
}

func matrix() {
	const n = 90
	var a, b, c [n][n]float64
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			a[i][j], b[i][j] = float64(i*j%7)+0.5, float64(i+j)/3
		}
	}
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			for k := 0; k < n; k++ {
				c[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	fmt.Println(c[0][0], c[45][13], c[89][89])
}

func mandelbrot() {
	inside := 0
	for row := 0; row < 120; row++ {
		for column := 0; column < 160; column++ {
			c := complex(float64(column)/60-2, float64(row)/50-1.2)
			z, i := 0i, 0
			for ; i < 60 && real(z)*real(z)+imag(z)*imag(z) < 4; i++ {
				z = z*z + c
			}
			if i == 60 {
				inside++
			}
		}
	}
	fmt.Println(inside)
}
