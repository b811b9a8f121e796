// Goformat writes Go source, parses it, walks the tree, and prints it in standard form.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"programs/work"
)

func makeSource(random *work.Random) []byte {
	var source bytes.Buffer
	source.WriteString("package made\nimport \"fmt\"\n")
	for i := 0; i < 30; i++ {
		name := random.Word()
		fmt.Fprintf(&source, "// %s_%d is made.\nfunc %s_%d(a, b int, c... string) (int,error) {\n", name, i, name, i)
		fmt.Fprintf(&source, "for i:=0;i<%d;i++ { if a>b&&i%%%d==0 { a,b=b,a+%d*(b-i) } else if c!=nil { break } }\n", random.Below(99), random.Below(9)+1, random.Below(50))
		fmt.Fprintf(&source, "switch x:=any(a).(type){ case int: fmt.Println(x,\"%s\")\ndefault: go func(){ c=append(c[:1], \"%s\") }() }\n", random.Word(), random.Word())
		fmt.Fprintf(&source, "return map[string]int{\"%s\":%d,\"k\":a}[\"k\"], nil }\ntype t%d struct{ x,y int; next *t%d `tag:\"%s\"` }\n", random.Word(), i, i, i, name)
	}
	return source.Bytes()
}

func main() {
	sum := work.NewSum()
	random := work.Random(11)
	for range work.Rounds(4) {
		source := makeSource(&random)
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, "made.go", source, parser.ParseComments)
		check(err)
		ast.Inspect(file, func(node ast.Node) bool {
			if name, ok := node.(*ast.Ident); ok {
				sum.String(name.Name)
			}
			return true
		})
		printed, err := format.Source(source)
		check(err)
		sum.Bytes(printed)
	}
	sum.Print("goformat")
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
