// Tokenizer cuts the text of a program into words, numbers, strings, comments and signs, and counts them.
package main

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"programs/work"
)

type kind int

const (
	end kind = iota
	word
	number
	text
	comment
	sign
	kinds
)

type lexer struct {
	input      string
	start, pos int
}

func (l *lexer) peek() rune {
	r, _ := utf8.DecodeRuneInString(l.input[l.pos:])
	return r
}

func (l *lexer) while(accept func(rune) bool) {
	for l.pos < len(l.input) && accept(l.peek()) {
		_, width := utf8.DecodeRuneInString(l.input[l.pos:])
		l.pos += width
	}
}

func (l *lexer) next() (kind, string) {
	l.while(unicode.IsSpace)
	l.start = l.pos
	found := sign
	switch r := l.peek(); {
	case l.pos == len(l.input):
		return end, ""
	case unicode.IsLetter(r) || r == '_':
		l.while(func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' })
		found = word
	case unicode.IsDigit(r):
		l.while(func(r rune) bool { return unicode.IsDigit(r) || r == '.' })
		found = number
	case r == '"':
		l.pos++
		l.while(func(r rune) bool { return r != '"' })
		l.pos++
		found = text
	case strings.HasPrefix(l.input[l.pos:], "//"):
		l.while(func(r rune) bool { return r != '\n' })
		found = comment
	default:
		l.pos += utf8.RuneLen(r)
	}
	return found, l.input[l.start:l.pos]
}

func main() {
	random, sum := work.Random(3), work.NewSum()
	for range work.Rounds(450) {
		var source strings.Builder
		for range 60 {
			source.WriteString("func " + random.Word() + "(größe int) { // " + random.Word() + "\n")
			source.WriteString("\tx_1 := 3.14 * " + random.Word() + "[\"" + random.Word() + "\"] - 27\n}\n")
		}
		var counts [kinds]int
		l := lexer{input: source.String()}
		for {
			k, found := l.next()
			counts[k]++
			sum.Int(len(found))
			if k == end {
				break
			}
		}
		for _, count := range counts {
			sum.Int(count)
		}
	}
	sum.Print("tokenizer")
}
