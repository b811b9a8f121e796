// Wordcount counts the words of a text in a map, sorts them by count, and prints a table of the commonest.
package main

import (
	"fmt"
	"sort"
	"strings"

	"programs/work"
)

func main() {
	random, sum := work.Random(11), work.NewSum()
	for range work.Rounds(10) {
		var text strings.Builder
		for line := range 300 {
			for range 8 {
				word := random.Word()
				if random.Below(4) == 0 {
					word = strings.ToUpper(word[:1]) + word[1:]
				}
				text.WriteString(word)
				text.WriteByte(" ,;."[random.Below(4)])
				text.WriteByte(' ')
			}
			if line%7 == 0 {
				text.WriteString("the end\n")
			}
		}
		counts := map[string]int{}
		separator := func(r rune) bool { return strings.ContainsRune(" ,;.\n", r) }
		for _, word := range strings.FieldsFunc(text.String(), separator) {
			counts[strings.ToLower(word)]++
		}
		words := make([]string, 0, len(counts))
		for word := range counts {
			words = append(words, word)
		}
		sort.Slice(words, func(i, j int) bool {
			a, b := words[i], words[j]
			return counts[a] > counts[b] || counts[a] == counts[b] && a < b
		})
		for rank, word := range words[:40] {
			sum.String(fmt.Sprintf("%3d %-10s %d\n", rank, word, counts[word]))
		}
		sum.String(strings.Join(words, "|"))
	}
	sum.Print("wordcount")
}
