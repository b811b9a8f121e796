// Shapes calls methods through interfaces and closures: areas, type switches, embedded structs, deferred calls.
package main

import (
	"errors"
	"fmt"
	"math"

	"programs/work"
)

type shape interface {
	area() float64
	scale(by float64) shape
}

type named struct{ name string }

func (n named) title() string { return n.name }

type circle struct {
	named
	radius float64
}
type rectangle struct {
	named
	width, height float64
}
type group struct{ parts []shape }

func (c circle) area() float64          { return math.Pi * c.radius * c.radius }
func (c circle) scale(by float64) shape { return circle{c.named, c.radius * by} }
func (r *rectangle) area() float64      { return r.width * r.height }
func (r *rectangle) scale(by float64) shape {
	return &rectangle{r.named, r.width * by, r.height * by}
}
func (g group) area() (total float64) {
	for _, part := range g.parts {
		total += part.area()
	}
	return total
}
func (g group) scale(by float64) shape {
	scaled := make([]shape, len(g.parts))
	for i, part := range g.parts {
		scaled[i] = part.scale(by)
	}
	return group{scaled}
}

var errEmpty = errors.New("empty")

func describe(s shape) (text string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %w", errEmpty)
		}
	}()
	switch s := s.(type) {
	case circle:
		return "circle " + s.title(), nil
	case *rectangle:
		return "rectangle " + s.title(), nil
	case group:
		return describe(s.parts[0])
	}
	return "", errEmpty
}

func random(r *work.Random, depth int) shape {
	switch kind := r.Below(3); {
	case kind == 0:
		return circle{named{"c"}, float64(1 + r.Below(9))}
	case kind == 1 || depth == 0:
		return &rectangle{named{"r"}, float64(1 + r.Below(9)), float64(1 + r.Below(9))}
	}
	var parts []shape
	for range r.Below(5) {
		parts = append(parts, random(r, depth-1))
	}
	return group{parts}
}

func main() {
	r, sum := work.Random(23), work.NewSum()
	filters := []func(shape) bool{
		func(s shape) bool { return s.area() > 30 },
		func(s shape) bool { _, isGroup := s.(group); return isGroup },
		func(s shape) bool { t, ok := s.(interface{ title() string }); return ok && t.title() == "c" },
	}
	for range work.Rounds(72000) {
		s := random(&r, 4)
		for i, filter := range filters {
			if filter(s) {
				s = s.scale(1.5 + float64(i))
			}
		}
		text, err := describe(s)
		if errors.Is(err, errEmpty) {
			text = err.Error()
		}
		sum.String(text)
		sum.Int(int(s.area() * 16))
	}
	sum.Print("shapes")
}
