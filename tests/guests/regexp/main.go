// Regexp matches, replaces and splits, with the one-pass, backtracking and NFA engines.
package main

import (
	"fmt"
	"regexp"
	"strings"
)

func main() {
	line := regexp.MustCompile(`^(?P<ip>\d{1,3}(?:\.\d{1,3}){3}) - (\w+) \[([^\]]+)\] "(GET|POST) ([^"]*)" (\d+)$`)
	hits, bytes := map[string]int{}, 0
	for i := 0; i < 3000; i++ {
		entry := fmt.Sprintf(`10.0.%d.%d - user%d [22/Nov/2026:16:%02d] "GET /page/%d?x=%d" %d`, i%256, i%7, i%13, i%60, i%5, i, 200+i%3)
		if i%11 == 0 {
			entry = "garbage " + entry
		}
		match := line.FindStringSubmatch(entry)
		if match == nil {
			hits["none"]++
			continue
		}
		hits[match[line.SubexpIndex("ip")][:5]]++
		bytes += len(match[5])
	}
	fmt.Println(len(hits), hits["none"], bytes)

	text := strings.Repeat("the rain in Spain stays mainly in the plain; é日本語 ", 50)
	for _, pattern := range []string{
		`\b\w*ain\b`, `(?i)THE`, `[aeiou]{2,}`, `\p{Han}+`, `(a|ai|ain)(n|in)?`, `(?s).{40}$`, `x*`, `(\w+)\s+(\w+)`, `[^\x00-\x7F]`,
	} {
		re := regexp.MustCompile(pattern)
		all := re.FindAllString(text, -1)
		fmt.Printf("%s: %d matches, first %q, at %v\n", pattern, len(all), all[0], re.FindStringIndex(text))
	}
	swap := regexp.MustCompile(`(\w+) (\w+)`)
	fmt.Println(swap.ReplaceAllString("hello world, good day", "$2 ${1}s"))
	fmt.Println(regexp.MustCompile(`a+`).ReplaceAllStringFunc("baaac a", func(s string) string { return fmt.Sprint(len(s)) }))
	fmt.Printf("%q\n", regexp.MustCompile(`\s*[,;]\s*`).Split("a , b;c ;; d", -1))
	fmt.Println(regexp.MustCompile(`(a*)*b`).MatchString(strings.Repeat("a", 5000)))
	fmt.Println(regexp.MustCompilePOSIX(`a+|a+b`).FindString("aab"), regexp.MustCompile(`a+|a+b`).FindString("aab"))
	for _, broken := range []string{`(`, `[z-a]`, `*`, `a{1001}`, `(?P<n>a)(?P<n>b)`, `\8`} {
		_, err := regexp.Compile(broken)
		fmt.Println(err)
	}
	fmt.Println(regexp.QuoteMeta("1+1=2?"))
}
