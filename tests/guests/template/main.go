// Template renders text and HTML templates.
package main

import (
	"fmt"
	html "html/template"
	"os"
	"strings"
	"text/template"
)

type item struct {
	Name  string
	Price float64
	Tags  []string
}

func (i item) Expensive() bool { return i.Price > 100 }

func main() {
	items := []item{{"pen", 1.5, nil}, {"desk", 250, []string{"wood", "big"}}, {"<lamp>", 99.99, []string{"light"}}}
	functions := template.FuncMap{"upper": strings.ToUpper, "repeat": strings.Repeat}
	page := template.Must(template.New("page").Funcs(functions).Parse(`
{{- define "tags"}}{{range $i, $tag := .}}{{if $i}}, {{end}}{{$tag | upper}}{{else}}none{{end}}{{end -}}
{{range $index, $item := .items}}
{{$index}}. {{printf "%-8s|%8.2f" .Name .Price}}{{if .Expensive}} (!){{else if eq .Name "pen"}} (cheap){{end}} tags: {{template "tags" .Tags}}
{{- end}}
{{with $x := index .map "key"}}{{$x}} {{len $x}}{{end}} {{repeat "-" 10}} {{and true (not false)}} {{lt 1 2}} {{slice "abcdef" 1 3}} {{html "<b>"}}
`))
	err := page.Execute(os.Stdout, map[string]any{"items": items, "map": map[string]string{"key": "value"}})
	fmt.Println(err)
	safe := html.Must(html.New("html").Parse(`<a href="/find?q={{.Query}}" onclick="f({{.Data}})" title='{{.Title}}'>{{.Title}}</a><script>var x = {{.Data}};</script>` + "\n"))
	err = safe.Execute(os.Stdout, map[string]any{"Query": "a b&c", "Title": "<script>alert('x')</script>", "Data": map[string]any{"k": []int{1, 2}, "s": "</script>"}})
	fmt.Println(err)
	_, err = template.New("broken").Parse("{{range}}{{end")
	fmt.Println(err)
	err = template.Must(template.New("missing").Parse("{{.Nope.Deeper}}")).Execute(os.Stdout, items[0])
	fmt.Println(err)
}
