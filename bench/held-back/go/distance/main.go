// Distance compares texts rune by rune: edit distance, longest common subsequence, a list of changes.
package main

import (
	"strings"

	"programs/work"
)

func levenshtein(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := diagonal
			if x != y {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

func changes(a, b []string) string {
	lengths := make([][]int, len(a)+1)
	for i := range lengths {
		lengths[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				lengths[i][j] = lengths[i+1][j+1] + 1
			} else {
				lengths[i][j] = max(lengths[i+1][j], lengths[i][j+1])
			}
		}
	}
	var out strings.Builder
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out.WriteString(" " + a[i] + "\n")
			i++
			j++
		case j == len(b) || i < len(a) && lengths[i+1][j] >= lengths[i][j+1]:
			out.WriteString("-" + a[i] + "\n")
			i++
		default:
			out.WriteString("+" + b[j] + "\n")
			j++
		}
	}
	return out.String()
}

func main() {
	random, sum := work.Random(59), work.NewSum()
	for range work.Rounds(300) {
		var a, b []string
		for range 80 {
			word := random.Word() + "é"
			if random.Below(8) > 0 {
				a = append(a, word)
			}
			if random.Below(8) > 0 {
				b = append(b, word)
			}
		}
		sum.String(changes(a, b))
		sum.Int(levenshtein([]rune(strings.Join(a, " "))[:150], []rune(strings.Join(b, " "))[:150]))
	}
	sum.Print("distance")
}
