package main

import "fmt"

type opcode uint8

const (
	opConst opcode = iota
	opLoad
	opStore
	opBinary
	opJump
	opJumpIfZero
	opCall
	opReturn
	opPrint
	opDrop
)

// instruction is an operation with its operand: a value, a place, a target, an operator, or a function's number.
type instruction struct {
	op      opcode
	operand int64
}

type compiled struct {
	name       string
	parameters int
	places     int
	code       []instruction
}

type compiler struct {
	numbers map[string]int
	places  map[string]int
	code    []instruction
	err     error
}

// compile makes code of all functions.
func compile(functions []function) ([]compiled, error) {
	c := compiler{numbers: map[string]int{}}
	for i, f := range functions {
		c.numbers[f.name] = i
	}
	var made []compiled
	for _, f := range functions {
		c.places = map[string]int{}
		c.code = nil
		for _, parameter := range f.parameters {
			c.places[parameter] = len(c.places)
		}
		c.block(f.body)
		c.add(opConst, 0)
		c.add(opReturn, 0)
		made = append(made, compiled{f.name, len(f.parameters), len(c.places), c.code})
	}
	return made, c.err
}

// add appends an instruction and tells its place, for jumps that are completed later.
func (c *compiler) add(op opcode, operand int64) int {
	c.code = append(c.code, instruction{op, operand})
	return len(c.code) - 1
}

func (c *compiler) patch(at int) { c.code[at].operand = int64(len(c.code)) }

func (c *compiler) block(body []stmt) {
	for _, s := range body {
		s.emit(c)
	}
}

func (c *compiler) place(name string) int64 {
	at, ok := c.places[name]
	if !ok && c.err == nil {
		c.err = fmt.Errorf("unknown variable %s", name)
	}
	return int64(at)
}

func (e literal) emit(c *compiler)  { c.add(opConst, e.value) }
func (e variable) emit(c *compiler) { c.add(opLoad, c.place(e.name)) }

func (e binary) emit(c *compiler) {
	e.left.emit(c)
	e.right.emit(c)
	c.add(opBinary, int64(e.op))
}

func (e call) emit(c *compiler) {
	for _, argument := range e.arguments {
		argument.emit(c)
	}
	to, ok := c.numbers[e.name]
	if !ok && c.err == nil {
		c.err = fmt.Errorf("unknown function %s", e.name)
	}
	c.add(opCall, int64(to))
}

func (s assign) emit(c *compiler) {
	s.value.emit(c)
	if _, known := c.places[s.name]; s.isNew && !known {
		c.places[s.name] = len(c.places)
	}
	c.add(opStore, c.place(s.name))
}

func (s branch) emit(c *compiler) {
	s.condition.emit(c)
	skip := c.add(opJumpIfZero, 0)
	c.block(s.then)
	over := c.add(opJump, 0)
	c.patch(skip)
	c.block(s.others)
	c.patch(over)
}

func (s loop) emit(c *compiler) {
	top := len(c.code)
	s.condition.emit(c)
	out := c.add(opJumpIfZero, 0)
	c.block(s.body)
	c.add(opJump, int64(top))
	c.patch(out)
}

func (s giveBack) emit(c *compiler) {
	s.value.emit(c)
	c.add(opReturn, 0)
}

func (s show) emit(c *compiler) {
	s.value.emit(c)
	c.add(opPrint, 0)
}

func (s evaluate) emit(c *compiler) {
	s.value.emit(c)
	c.add(opDrop, 0)
}
