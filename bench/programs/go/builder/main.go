// Builder makes and takes apart text: joining, splitting, replacing, changing case, comparing, hexadecimal.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"programs/work"
	"strings"
)

func main() {
	sum := work.NewSum()
	random := work.Random(9)
	replacer := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	for range work.Rounds(300) {
		var text strings.Builder
		for i := 0; i < 250; i++ {
			text.WriteString(random.Word())
			text.WriteByte(" &<>-"[random.Below(5)])
		}
		words := strings.Split(text.String(), " ")
		joined := strings.Join(words, "_")
		sum.String(replacer.Replace(joined))
		sum.String(strings.ReplaceAll(strings.ToUpper(joined), "TH", "th"))
		sum.Int(strings.Index(joined, "zzzz") + strings.LastIndex(joined, "e") + strings.Count(joined, "an"))

		plus := ""
		for _, word := range words {
			plus += strings.TrimRight(word, "<>-")
		}
		sum.Int(len(plus))

		code := hex.EncodeToString([]byte(plus)) + base64.StdEncoding.EncodeToString([]byte(plus))
		reversed := []byte(code)
		for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
			reversed[i], reversed[j] = reversed[j], reversed[i]
		}
		sum.Int(bytes.IndexByte(reversed, 'q') + bytes.Compare(reversed, []byte(code)))
		sum.Bytes(bytes.TrimLeft(reversed, "="))
	}
	sum.Print("builder")
}
