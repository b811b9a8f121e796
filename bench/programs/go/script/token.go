package main

import "fmt"

// kind is what a token is: a byte that stands for itself, or one of the following.
type kind int

const (
	end kind = iota + 256
	number
	name
	keyword
	equal
	notEqual
	lessEqual
	greaterEqual
)

type token struct {
	kind  kind
	text  string
	value int64
	line  int
}

var keywords = map[string]bool{"func": true, "let": true, "if": true, "else": true, "while": true, "return": true, "print": true}

var pairs = map[string]kind{"==": equal, "!=": notEqual, "<=": lessEqual, ">=": greaterEqual}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// scan splits a source text into tokens.
func scan(source string) ([]token, error) {
	var tokens []token
	line := 1
	for at := 0; at < len(source); {
		start := at
		switch c := source[at]; {
		case c == '\n':
			line++
			at++
		case c == ' ' || c == '\t':
			at++
		case c == '#':
			for at < len(source) && source[at] != '\n' {
				at++
			}
		case isDigit(c):
			value := int64(0)
			for ; at < len(source) && isDigit(source[at]); at++ {
				value = value*10 + int64(source[at]-'0')
			}
			tokens = append(tokens, token{number, source[start:at], value, line})
		case isLetter(c):
			for at < len(source) && (isLetter(source[at]) || isDigit(source[at])) {
				at++
			}
			found := name
			if keywords[source[start:at]] {
				found = keyword
			}
			tokens = append(tokens, token{found, source[start:at], 0, line})
		case at+1 < len(source) && pairs[source[at:at+2]] != 0:
			at += 2
			tokens = append(tokens, token{pairs[source[start:at]], source[start:at], 0, line})
		case c < 128:
			at++
			tokens = append(tokens, token{kind(c), source[start:at], 0, line})
		default:
			return nil, fmt.Errorf("line %d: unknown byte %#x", line, c)
		}
	}
	return append(tokens, token{kind: end, line: line}), nil
}
