// Unicode exercises runes, UTF-8, case tables and strings with broken encoding.
package main

import (
	"fmt"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

func main() {
	text := "naïve 日本語 😀 e\u0301 \xff\xfe end"
	for i, r := range text {
		fmt.Print(i, ":", string(r), " ")
	}
	fmt.Println(len(text), utf8.RuneCountInString(text), utf8.ValidString(text), strings.ToValidUTF8(text, "?"))
	counts := map[string]int{}
	for r := rune(0); r < 0x30000; r++ {
		for name, table := range map[string]*unicode.RangeTable{"Han": unicode.Han, "Latin": unicode.Latin, "Greek": unicode.Greek} {
			if unicode.Is(table, r) {
				counts[name]++
			}
		}
		if unicode.IsUpper(r) {
			counts["upper"]++
		}
		if unicode.ToLower(r) != r {
			counts["lowered"]++
		}
		if unicode.IsSpace(r) {
			counts["space"]++
		}
	}
	fmt.Println(counts["Han"] > 50_000, counts["Latin"] > 1000, counts["Greek"], counts["upper"] > 1500, counts["lowered"] > 1000, counts["space"])
	buf := make([]byte, 4)
	for _, r := range []rune{'a', 'é', '日', '😀', 0xD800, unicode.MaxRune + 1, -1} {
		n := utf8.EncodeRune(buf, r)
		back, size := utf8.DecodeRune(buf[:n])
		fmt.Printf("%x %d %x %d\n", buf[:n], n, back, size)
	}
	for _, name := range []string{"grüße.txt", "日本語", "emoji 😀", "with space", "quote'\"", "-dash", "back\\slash"} {
		if err := os.WriteFile(name, []byte(name), 0o644); err != nil {
			fmt.Println(err)
		}
	}
	entries, err := os.ReadDir(".")
	for _, entry := range entries {
		data, err := os.ReadFile(entry.Name())
		fmt.Printf("%q %q %v\n", entry.Name(), data, err)
	}
	fmt.Println(len(entries), err)
}
