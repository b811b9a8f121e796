package main

import "fmt"

// expr is an expression; eval order and types are the compiler's business.
type expr interface{ emit(c *compiler) }

type (
	literal  struct{ value int64 }
	variable struct{ name string }
	binary   struct {
		op          kind
		left, right expr
	}
	call struct {
		name      string
		arguments []expr
	}
)

// stmt is a statement.
type stmt interface{ emit(c *compiler) }

type (
	assign struct {
		name  string
		isNew bool
		value expr
	}
	branch struct {
		condition    expr
		then, others []stmt
	}
	loop struct {
		condition expr
		body      []stmt
	}
	giveBack struct{ value expr }
	show     struct{ value expr }
	evaluate struct{ value expr }
)

type function struct {
	name       string
	parameters []string
	body       []stmt
}

type parser struct {
	tokens []token
	at     int
}

// syntaxError ends parsing by panic; parse turns it into an error.
type syntaxError struct{ error }

func parse(tokens []token) (functions []function, err error) {
	defer func() {
		if caught := recover(); caught != nil {
			syntax, ok := caught.(syntaxError)
			if !ok {
				panic(caught)
			}
			err = syntax.error
		}
	}()
	p := parser{tokens: tokens}
	for p.peek().kind != end {
		functions = append(functions, p.function())
	}
	return functions, nil
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	p.at++
	return p.tokens[p.at-1]
}

// accept takes the next token if it has this text.
func (p *parser) accept(text string) bool {
	if p.peek().text != text {
		return false
	}
	p.at++
	return true
}

func (p *parser) expect(text string) {
	if !p.accept(text) {
		panic(syntaxError{fmt.Errorf("line %d: expected %q, found %q", p.peek().line, text, p.peek().text)})
	}
}

func (p *parser) name() string {
	if p.peek().kind != name {
		panic(syntaxError{fmt.Errorf("line %d: expected a name, found %q", p.peek().line, p.peek().text)})
	}
	return p.next().text
}

func (p *parser) function() function {
	p.expect("func")
	made := function{name: p.name()}
	p.expect("(")
	for !p.accept(")") {
		made.parameters = append(made.parameters, p.name())
		p.accept(",")
	}
	made.body = p.block()
	return made
}

func (p *parser) block() []stmt {
	p.expect("{")
	var body []stmt
	for !p.accept("}") {
		body = append(body, p.statement())
	}
	return body
}

func (p *parser) statement() stmt {
	switch {
	case p.accept("let"):
		to := p.name()
		p.expect("=")
		return assign{to, true, p.expression(0)}
	case p.accept("if"):
		made := branch{condition: p.expression(0), then: p.block()}
		if p.accept("else") {
			made.others = p.block()
		}
		return made
	case p.accept("while"):
		return loop{p.expression(0), p.block()}
	case p.accept("return"):
		return giveBack{p.expression(0)}
	case p.accept("print"):
		return show{p.expression(0)}
	}
	if p.peek().kind == name && p.tokens[p.at+1].text == "=" {
		to := p.name()
		p.expect("=")
		return assign{to, false, p.expression(0)}
	}
	return evaluate{p.expression(0)}
}

var strength = map[kind]int{
	equal: 1, notEqual: 1, '<': 1, '>': 1, lessEqual: 1, greaterEqual: 1,
	'+': 2, '-': 2, '^': 2, '*': 3, '/': 3, '%': 3,
}

// expression parses operators that bind more tightly than least.
func (p *parser) expression(least int) expr {
	left := p.operand()
	for strength[p.peek().kind] > least {
		op := p.next().kind
		left = binary{op, left, p.expression(strength[op])}
	}
	return left
}

func (p *parser) operand() expr {
	if p.peek().kind == number {
		return literal{p.next().value}
	}
	if p.accept("(") {
		inner := p.expression(0)
		p.expect(")")
		return inner
	}
	found := p.name()
	if !p.accept("(") {
		return variable{found}
	}
	made := call{name: found}
	for !p.accept(")") {
		made.arguments = append(made.arguments, p.expression(0))
		p.accept(",")
	}
	return made
}
