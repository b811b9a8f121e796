// Calc parses formulas by recursive descent into a tree of interfaces, and evaluates and prints the tree.
package main

import (
	"fmt"
	"math"
	"strconv"

	"programs/work"
)

type node interface {
	eval(x float64) float64
	String() string
}

type constant float64
type variable struct{}
type binary struct {
	op          byte
	left, right node
}
type call struct {
	name     string
	function func(float64) float64
	argument node
}

func (c constant) eval(float64) float64 { return float64(c) }
func (c constant) String() string       { return strconv.FormatFloat(float64(c), 'g', -1, 64) }
func (variable) eval(x float64) float64 { return x }
func (variable) String() string         { return "x" }
func (c call) eval(x float64) float64   { return c.function(c.argument.eval(x)) }
func (c call) String() string           { return c.name + "(" + c.argument.String() + ")" }
func (b binary) String() string         { return fmt.Sprintf("(%v %c %v)", b.left, b.op, b.right) }
func (b binary) eval(x float64) float64 {
	left, right := b.left.eval(x), b.right.eval(x)
	switch b.op {
	case '+':
		return left + right
	case '-':
		return left - right
	case '*':
		return left * right
	}
	return left / right
}

type parser struct {
	text string
	pos  int
}

func (p *parser) at(signs string) bool {
	for p.pos < len(p.text) && p.text[p.pos] == ' ' {
		p.pos++
	}
	for i := range len(signs) {
		if p.pos < len(p.text) && p.text[p.pos] == signs[i] {
			return true
		}
	}
	return false
}

func (p *parser) chain(signs string, part func() node) node {
	left := part()
	for p.at(signs) {
		op := p.text[p.pos]
		p.pos++
		left = binary{op, left, part()}
	}
	return left
}

func (p *parser) sum() node     { return p.chain("+-", p.product) }
func (p *parser) product() node { return p.chain("*/", p.atom) }

func (p *parser) atom() node {
	switch {
	case p.at("("):
		p.pos++
		inner := p.sum()
		p.pos++
		return inner
	case p.at("x"):
		p.pos++
		return variable{}
	case p.at("sq"):
		name, function := "sqrt", func(x float64) float64 { return math.Sqrt(math.Abs(x)) }
		p.pos += len(name)
		return call{name, function, p.atom()}
	}
	start := p.pos
	for p.at("0123456789.") {
		p.pos++
	}
	value, _ := strconv.ParseFloat(p.text[start:p.pos], 64)
	return constant(value)
}

func formula(random *work.Random, depth int) string {
	if depth == 0 {
		return []string{"x", "3", "0.5", "17.25"}[random.Below(4)]
	}
	if random.Below(5) == 0 {
		return "sqrt(" + formula(random, depth-1) + ")"
	}
	return "(" + formula(random, depth-1) + " " + "+-*/"[random.Below(4):][:1] + " " + formula(random, depth-1) + ")"
}

func main() {
	random, sum := work.Random(5), work.NewSum()
	for range work.Rounds(1000) {
		tree := (&parser{text: formula(&random, 6)}).sum()
		sum.String(tree.String())
		for x := range 50 {
			if value := tree.eval(float64(x)); !math.IsNaN(value) {
				sum.Int(int(math.Float64bits(value) >> 20))
			}
		}
	}
	sum.Print("calc")
}
