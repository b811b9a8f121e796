// Template fills a page of text/template with structs, maps, loops, conditions and functions.
package main

import (
	"strings"
	"text/template"

	"programs/work"
)

const page = `{{define "row"}}<tr>{{range .}}<td>{{. | printf "%5v"}}</td>{{end}}</tr>{{end -}}
<h1>{{.Title | upper}}</h1>
{{range $index, $person := .People -}}
  {{if and (gt $person.Age 17) (ne $person.Name "")}}
  <p id="{{$index}}">{{$person.Name}}, {{$person.Age}}{{with $person.Tags}}: {{join . ", "}}{{end}}</p>
  {{template "row" $person.Marks}}
  {{- else}}<p class="child">{{$person.Name | html}}</p>{{end}}
{{end}}{{len .People}} people, {{index .Notes "author"}}`

type person struct {
	Name  string
	Age   int
	Tags  []string
	Marks []int
}

func main() {
	random, sum := work.Random(19), work.NewSum()
	functions := template.FuncMap{"upper": strings.ToUpper, "join": strings.Join}
	for range work.Rounds(175) {
		parsed := template.Must(template.New("page").Funcs(functions).Parse(page))
		var people []person
		for range 40 {
			p := person{Name: random.Word() + " <" + random.Word() + ">", Age: random.Below(60)}
			for range random.Below(4) {
				p.Tags = append(p.Tags, random.Word())
				p.Marks = append(p.Marks, random.Below(1000))
			}
			people = append(people, p)
		}
		var out strings.Builder
		err := parsed.Execute(&out, map[string]any{
			"Title":  random.Word(),
			"People": people,
			"Notes":  map[string]string{"author": random.Word()},
		})
		if err != nil {
			panic(err)
		}
		sum.String(out.String())
	}
	sum.Print("template")
}
