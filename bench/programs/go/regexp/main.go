// Regexp searches a text for several patterns: literal beginnings, classes, alternatives, submatches.
package main

import (
	"programs/work"
	"regexp"
	"strings"
)

var patterns = []*regexp.Regexp{
	regexp.MustCompile(`[a-z]+@[a-z]+\.(com|org|net)`),
	regexp.MustCompile(`(\d{4})-(\d{2})-(\d{2})`),
	regexp.MustCompile(`(?i)\bERROR:? (\w+)`),
	regexp.MustCompile(`([aeiou][^aeiou ]){3,}`),
	regexp.MustCompile(`^\s*#.*$`),
}

func makeText(random *work.Random) string {
	var text strings.Builder
	for line := 0; line < 120; line++ {
		switch random.Below(8) {
		case 0:
			text.WriteString(random.Word() + "@" + random.Word() + ".org")
		case 1:
			text.WriteString("2024-07-" + string(rune('0'+random.Below(3))) + string(rune('0'+random.Below(10))))
		case 2:
			text.WriteString("Error: " + random.Word())
		case 3:
			text.WriteString("# " + random.Word())
		}
		for i := 0; i < 9; i++ {
			text.WriteString(" " + random.Word())
		}
		text.WriteByte('\n')
	}
	return text.String()
}

func main() {
	sum := work.NewSum()
	random := work.Random(3)
	text := makeText(&random)
	for range work.Rounds(15) {
		for _, pattern := range patterns {
			for _, match := range pattern.FindAllStringSubmatchIndex(text, -1) {
				for _, at := range match {
					sum.Int(at)
				}
			}
		}
		text = patterns[1].ReplaceAllString(text, "$3.$2.$1") + " 1999-12-31"
		sum.String(text)
	}
	sum.Print("regexp")
}
