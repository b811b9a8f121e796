// Goparse is a compiler-like program: it generates Go source, parses, type-checks and formats it, and runs a small
// stack machine compiled from expressions.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/constant"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
)

func main() {
	source := generate(60)
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "generated.go", source, parser.ParseComments)
	if err != nil {
		fmt.Println(err)
		return
	}
	counts := map[string]int{}
	ast.Inspect(file, func(n ast.Node) bool {
		if n != nil {
			counts[strings.TrimPrefix(fmt.Sprintf("%T", n), "*ast.")]++
		}
		return true
	})
	fmt.Println(counts)
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}}
	pkg, err := (&types.Config{}).Check("generated", files, []*ast.File{file}, info)
	fmt.Println(pkg, err, len(info.Types), len(info.Defs), pkg.Scope().Lookup("f59").Type())
	var out bytes.Buffer
	fmt.Println(format.Node(&out, files, file), out.Len())
	again, err := format.Source(out.Bytes())
	fmt.Println(bytes.Equal(again, out.Bytes()), err)

	_, err = parser.ParseFile(files, "broken.go", "package p\nfunc f( {\n x := \n}", 0)
	fmt.Println(err)
	_, err = (&types.Config{}).Check("p", files, []*ast.File{must(parser.ParseFile(files, "wrong.go", "package p\nvar x int = \"s\"", 0))}, nil)
	fmt.Println(err)

	for _, text := range []string{"1+2*3", "(1<<70)>>68", "7/2.0", `"a"+"b"`, "3 > 2 && !false", "10 % 0"} {
		value, err := types.Eval(files, nil, token.NoPos, text)
		fmt.Println(text, value.Type, value.Value, err)
	}
	fmt.Println(constant.BinaryOp(constant.MakeInt64(1), token.QUO, constant.MakeInt64(3)))
	total := 0
	for i := 0; i < 3000; i++ {
		expression := must(parser.ParseExpr(fmt.Sprintf("(%d+x)*%d-x%%%d", i, i%17, i%5+1)))
		total += run(compile(expression, nil), i)
	}
	fmt.Println(total)
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func generate(functions int) string {
	var b strings.Builder
	b.WriteString("// Package generated is generated.\npackage generated\n\ntype node struct { left,right *node; value int }\n")
	for i := 0; i < functions; i++ {
		fmt.Fprintf(&b, `
// f%[1]d does something.
func f%[1]d(a, b int, n *node) (sum int) {
	for i := range a { if i%%%[2]d == 0 && b > %[1]d { sum += i*b } else if n != nil { sum -= n.value; n = n.left } }
	switch { case sum > 1<<%[3]d: return f%[4]d(a-1, sum, n)
	default: defer func() { sum++ }() }
	return sum
}
`, i, i%7+1, i%30, i/2)
	}
	return b.String()
}

type instruction struct {
	op  token.Token
	arg int
}

func compile(e ast.Expr, code []instruction) []instruction {
	switch e := e.(type) {
	case *ast.BasicLit:
		value, _ := constant.Int64Val(constant.MakeFromLiteral(e.Value, e.Kind, 0))
		return append(code, instruction{token.INT, int(value)})
	case *ast.Ident:
		return append(code, instruction{token.IDENT, 0})
	case *ast.ParenExpr:
		return compile(e.X, code)
	case *ast.BinaryExpr:
		return append(compile(e.Y, compile(e.X, code)), instruction{e.Op, 0})
	}
	panic(fmt.Sprintf("cannot compile %T", e))
}

func run(code []instruction, x int) int {
	var stack []int
	for _, in := range code {
		switch in.op {
		case token.INT:
			stack = append(stack, in.arg)
			continue
		case token.IDENT:
			stack = append(stack, x)
			continue
		}
		a, b := stack[len(stack)-2], stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch in.op {
		case token.ADD:
			a += b
		case token.SUB:
			a -= b
		case token.MUL:
			a *= b
		case token.REM:
			a %= b
		}
		stack[len(stack)-1] = a
	}
	return stack[0]
}
