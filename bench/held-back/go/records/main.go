// Records reads tables of comma-separated values, converts columns, groups rows, and writes XML.
package main

import (
	"encoding/csv"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"time"

	"programs/work"
)

type group struct {
	XMLName xml.Name `xml:"group"`
	Name    string   `xml:"name,attr"`
	Total   float64  `xml:"total"`
	Days    []string `xml:"days>day"`
}

func main() {
	random, sum := work.Random(53), work.NewSum()
	start := time.Date(2024, 2, 27, 0, 0, 0, 0, time.UTC)
	for range work.Rounds(180) {
		var table strings.Builder
		writer := csv.NewWriter(&table)
		for i := range 150 {
			day := start.AddDate(0, 0, i%40).Format(time.DateOnly)
			amount := strconv.FormatFloat(float64(random.Below(100000))/100, 'f', 2, 64)
			writer.Write([]string{day, "group " + string(rune('a'+random.Below(8))), amount, `said "` + random.Word() + `", then left`})
		}
		writer.Flush()
		rows, err := csv.NewReader(strings.NewReader(table.String())).ReadAll()
		if err != nil {
			panic(err)
		}
		groups := map[string]*group{}
		for _, row := range rows {
			g := groups[row[1]]
			if g == nil {
				g = &group{Name: row[1]}
				groups[row[1]] = g
			}
			amount, err := strconv.ParseFloat(row[2], 64)
			if err != nil {
				panic(err)
			}
			g.Total += amount
			if day, err := time.Parse(time.DateOnly, row[0]); err == nil && !slices.Contains(g.Days, day.Weekday().String()) {
				g.Days = append(g.Days, day.Weekday().String())
			}
		}
		var sorted []*group
		for _, g := range groups {
			sorted = append(sorted, g)
		}
		slices.SortFunc(sorted, func(a, b *group) int { return strings.Compare(a.Name, b.Name) })
		text, err := xml.MarshalIndent(sorted, "", " ")
		if err != nil {
			panic(err)
		}
		sum.Bytes(text)
	}
	sum.Print("records")
}
