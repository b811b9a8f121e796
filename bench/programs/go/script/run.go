package main

import "errors"

type frame struct {
	function int
	at       int
	base     int
}

var (
	errDivide = errors.New("division by zero")
	errDeep   = errors.New("too many calls")
)

// machine runs compiled functions: values and the places of variables lie on one stack.
type machine struct {
	functions []compiled
	stack     []int64
	frames    []frame
	print     func(value int64)
}

func (m *machine) pop() int64 {
	value := m.stack[len(m.stack)-1]
	m.stack = m.stack[:len(m.stack)-1]
	return value
}

func (m *machine) enter(function int) {
	f := &m.functions[function]
	base := len(m.stack) - f.parameters
	for i := f.parameters; i < f.places; i++ {
		m.stack = append(m.stack, 0)
	}
	m.frames = append(m.frames, frame{function, 0, base})
}

// run calls a function without parameters and runs until it returns.
func (m *machine) run(function int) (int64, error) {
	m.enter(function)
	for {
		if len(m.frames) > 1000 {
			return 0, errDeep
		}
		top := &m.frames[len(m.frames)-1]
		in := m.functions[top.function].code[top.at]
		top.at++
		switch in.op {
		case opConst:
			m.stack = append(m.stack, in.operand)
		case opLoad:
			m.stack = append(m.stack, m.stack[top.base+int(in.operand)])
		case opStore:
			m.stack[top.base+int(in.operand)] = m.pop()
		case opBinary:
			right := m.pop()
			left := m.pop()
			value, err := operate(kind(in.operand), left, right)
			if err != nil {
				return 0, err
			}
			m.stack = append(m.stack, value)
		case opJump:
			top.at = int(in.operand)
		case opJumpIfZero:
			if m.pop() == 0 {
				top.at = int(in.operand)
			}
		case opCall:
			m.enter(int(in.operand))
		case opReturn:
			value := m.pop()
			m.stack = append(m.stack[:top.base], value)
			m.frames = m.frames[:len(m.frames)-1]
			if len(m.frames) == 0 {
				return value, nil
			}
		case opPrint:
			m.print(m.pop())
		case opDrop:
			m.pop()
		}
	}
}

func operate(op kind, left, right int64) (int64, error) {
	switch op {
	case '+':
		return left + right, nil
	case '-':
		return left - right, nil
	case '*':
		return left * right, nil
	case '^':
		return left ^ right, nil
	case '/', '%':
		if right == 0 {
			return 0, errDivide
		}
		if op == '/' {
			return left / right, nil
		}
		return left % right, nil
	}
	truth := false
	switch op {
	case '<':
		truth = left < right
	case '>':
		truth = left > right
	case lessEqual:
		truth = left <= right
	case greaterEqual:
		truth = left >= right
	case equal:
		truth = left == right
	case notEqual:
		truth = left != right
	}
	if truth {
		return 1, nil
	}
	return 0, nil
}
