// Gzip packs a text at two levels, and unpacks it.
package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"programs/work"
)

func main() {
	sum := work.NewSum()
	random := work.Random(7)
	words := make([]string, 900)
	for i := range words {
		words[i] = random.Word()
	}
	var text bytes.Buffer
	for text.Len() < 96<<10 {
		text.WriteString(words[min(random.Below(900), random.Below(900))])
		text.WriteByte(" \n,."[random.Below(4)])
	}
	for range work.Rounds(8) {
		for _, level := range []int{gzip.BestSpeed, gzip.DefaultCompression} {
			var packed bytes.Buffer
			writer, err := gzip.NewWriterLevel(&packed, level)
			check(err)
			_, err = writer.Write(text.Bytes())
			check(err)
			check(writer.Close())
			sum.Int(packed.Len())

			reader, err := gzip.NewReader(&packed)
			check(err)
			back, err := io.ReadAll(reader)
			check(err)
			if !bytes.Equal(back, text.Bytes()) {
				panic("unpacked text differs")
			}
		}
		text.WriteString(random.Word())
	}
	sum.Print("gzip")
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
