// Bytecode runs programs of a small stack machine: a loop around a switch, with calls, arrays and jumps.
package main

import "programs/work"

type op byte

const (
	push op = iota
	load
	store
	plus
	minus
	times
	rest
	less
	jump
	jumpIfZero
	get
	set
	halt
)

type instruction struct {
	op       op
	argument int
}

type machine struct {
	stack  []int
	locals [8]int
	heap   []int
}

func (m *machine) pop() int {
	top := m.stack[len(m.stack)-1]
	m.stack = m.stack[:len(m.stack)-1]
	return top
}

func (m *machine) run(code []instruction) int {
	for pc := 0; ; {
		i := code[pc]
		pc++
		switch i.op {
		case push:
			m.stack = append(m.stack, i.argument)
		case load:
			m.stack = append(m.stack, m.locals[i.argument])
		case store:
			m.locals[i.argument] = m.pop()
		case plus, minus, times, rest, less:
			b, a := m.pop(), m.pop()
			m.stack = append(m.stack, arithmetic(i.op, a, b))
		case jump:
			pc = i.argument
		case jumpIfZero:
			if m.pop() == 0 {
				pc = i.argument
			}
		case get:
			m.stack = append(m.stack, m.heap[m.pop()])
		case set:
			at := m.pop()
			m.heap[at] = m.pop()
		case halt:
			return m.pop()
		}
	}
}

func arithmetic(o op, a, b int) int {
	switch o {
	case plus:
		return a + b
	case minus:
		return a - b
	case times:
		return a * b
	case rest:
		return a % b
	}
	if a < b {
		return 1
	}
	return 0
}

func main() {
	// locals: 0 is i, 1 the limit, 2 a sum; heap[i] = (heap[i] * 31 + i) % 1009.
	code := []instruction{
		{push, 0}, {store, 0}, {push, 0}, {store, 2},
		{load, 0}, {load, 1}, {less, 0}, {jumpIfZero, 27},
		{load, 0}, {get, 0}, {push, 31}, {times, 0}, {load, 0}, {plus, 0}, {push, 1009}, {rest, 0},
		{load, 0}, {set, 0},
		{load, 2}, {load, 0}, {get, 0}, {plus, 0}, {store, 2},
		{load, 0}, {push, 1}, {plus, 0}, {jump, 29},
		{load, 2}, {halt, 0},
		{store, 0}, {jump, 4},
	}
	sum := work.NewSum()
	m := machine{heap: make([]int, 512)}
	for range work.Rounds(720) {
		m.locals[1] = len(m.heap)
		sum.Int(m.run(code))
	}
	sum.Print("bytecode")
}
