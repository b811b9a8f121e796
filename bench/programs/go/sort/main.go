// Sort sorts numbers, words and records: by operator, by function, by interface, and stably.
package main

import (
	"programs/work"
	"slices"
	"sort"
	"strings"
)

type record struct {
	key   int
	name  string
	place int
}

type byKey []record

func (r byKey) Len() int           { return len(r) }
func (r byKey) Less(i, j int) bool { return r[i].key < r[j].key }
func (r byKey) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }

func main() {
	sum := work.NewSum()
	random := work.Random(4)
	for range work.Rounds(7) {
		numbers := make([]int, 20000)
		records := make([]record, 5000)
		words := make([]string, 6000)
		for i := range numbers {
			numbers[i] = int(random.Next())
		}
		for i := range words {
			words[i] = random.Word()
		}
		for i := range records {
			records[i] = record{random.Below(700), words[i], i}
		}

		slices.Sort(numbers)
		slices.SortFunc(words, strings.Compare)
		sort.Stable(byKey(records))
		for i := 0; i < len(records); i += 50 {
			sum.Int(numbers[i])
			sum.String(words[i])
			sum.Int(records[i].place)
		}
		sort.Slice(records, func(i, j int) bool {
			return records[i].name < records[j].name || records[i].name == records[j].name && records[i].place < records[j].place
		})
		sum.Int(records[99].place)
		at, _ := slices.BinarySearch(numbers, 1<<31)
		sum.Int(at)
	}
	sum.Print("sort")
}
