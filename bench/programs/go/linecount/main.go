// Linecount reads text as tools do: by lines, by words, by fields with numbers, by runes.
package main

import (
	"bufio"
	"bytes"
	"programs/work"
	"strconv"
	"strings"
	"unicode"
)

func makeText(random *work.Random) []byte {
	var text bytes.Buffer
	for i := 0; i < 2500; i++ {
		text.WriteString(strconv.Itoa(random.Below(100000)))
		for j := random.Below(9); j >= 0; j-- {
			text.WriteByte(' ')
			text.WriteString(random.Word())
		}
		text.WriteString([]string{"\n", " straße\n", ", 世界\n", "\r\n"}[random.Below(4)])
	}
	return text.Bytes()
}

func main() {
	sum := work.NewSum()
	random := work.Random(8)
	text := makeText(&random)
	for range work.Rounds(10) {
		lines, numbers, capitals := 0, 0, 0
		scanner := bufio.NewScanner(bytes.NewReader(text))
		for scanner.Scan() {
			lines++
			fields := strings.Fields(scanner.Text())
			n, err := strconv.Atoi(fields[0])
			if err != nil {
				panic(err)
			}
			numbers += n * len(fields)
		}
		words := bufio.NewScanner(bytes.NewReader(text))
		words.Split(bufio.ScanWords)
		lengths := 0
		for words.Scan() {
			lengths += len(words.Bytes())
		}
		for _, r := range strings.ToTitle(string(text)) {
			if unicode.IsUpper(r) {
				capitals++
			}
		}
		sum.Int(lines)
		sum.Int(numbers)
		sum.Int(lengths)
		sum.Int(capitals)
		sum.Int(bytes.Count(text, []byte("\n")) + bytes.Count(text, []byte("the")))
		text[0] = '0' + byte(random.Below(10))
	}
	sum.Print("linecount")
}
