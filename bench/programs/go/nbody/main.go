// Nbody moves the sun and four planets by their attraction: floating point in structures.
package main

import (
	"fmt"
	"math"
	"programs/work"
)

type body struct{ x, y, z, vx, vy, vz, mass float64 }

const sunMass = 4 * math.Pi * math.Pi

// Distances in astronomical units, speeds per year, masses so that the gravitational constant is 1.
func system() []body {
	bodies := []body{{mass: sunMass}}
	for i, distance := range []float64{5.2, 9.58, 19.2, 30.05} {
		angle := float64(i) * 1.3
		speed := math.Sqrt(sunMass / distance)
		bodies = append(bodies, body{
			x: distance * math.Cos(angle), y: distance * math.Sin(angle), z: distance * 0.02 * float64(i),
			vx: -speed * math.Sin(angle), vy: speed * math.Cos(angle),
			mass: sunMass * []float64{9.54e-4, 2.86e-4, 4.37e-5, 5.15e-5}[i],
		})
	}
	return bodies
}

func step(bodies []body, dt float64) {
	for i := range bodies {
		a := &bodies[i]
		for j := i + 1; j < len(bodies); j++ {
			b := &bodies[j]
			dx, dy, dz := a.x-b.x, a.y-b.y, a.z-b.z
			square := dx*dx + dy*dy + dz*dz
			pull := dt / (square * math.Sqrt(square))
			a.vx -= dx * b.mass * pull
			a.vy -= dy * b.mass * pull
			a.vz -= dz * b.mass * pull
			b.vx += dx * a.mass * pull
			b.vy += dy * a.mass * pull
			b.vz += dz * a.mass * pull
		}
	}
	for i := range bodies {
		b := &bodies[i]
		b.x += dt * b.vx
		b.y += dt * b.vy
		b.z += dt * b.vz
	}
}

func energy(bodies []body) float64 {
	total := 0.0
	for i, a := range bodies {
		total += a.mass * (a.vx*a.vx + a.vy*a.vy + a.vz*a.vz) / 2
		for _, b := range bodies[i+1:] {
			total -= a.mass * b.mass / math.Sqrt((a.x-b.x)*(a.x-b.x)+(a.y-b.y)*(a.y-b.y)+(a.z-b.z)*(a.z-b.z))
		}
	}
	return total
}

func main() {
	bodies := system()
	fmt.Printf("nbody %.9f", energy(bodies))
	for range work.Rounds(350000) {
		step(bodies, 0.01)
	}
	fmt.Printf(" %.9f\n", energy(bodies))
}
