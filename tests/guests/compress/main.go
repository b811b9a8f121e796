// Compress packs and unpacks generated text with gzip, flate, zlib and lzw.
package main

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/lzw"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func text(size int) []byte {
	words := strings.Fields("the quick brown fox jumps over a lazy dog while compression looks for repeated words")
	var out bytes.Buffer
	seed := uint32(1)
	for out.Len() < size {
		seed = seed*1664525 + 1013904223
		out.WriteString(words[seed>>16%uint32(len(words))%uint32(len(words))])
		out.WriteByte(' ')
	}
	return out.Bytes()[:size]
}

func roundTrip(name string, data []byte, pack func(io.Writer) io.WriteCloser, unpack func(io.Reader) io.Reader) {
	var packed bytes.Buffer
	w := pack(&packed)
	must(w.Write(data))
	if err := w.Close(); err != nil {
		panic(err)
	}
	size, sum := packed.Len(), sha256.Sum256(packed.Bytes())
	back := must(io.ReadAll(unpack(&packed)))
	fmt.Printf("%s: %d bytes to %d, sha256 %x, same %v\n", name, len(data), size, sum[:8], bytes.Equal(back, data))
}

func main() {
	data := text(600_000)
	for level := 1; level <= 9; level += 4 {
		level := level
		roundTrip(fmt.Sprint("gzip ", level), data,
			func(w io.Writer) io.WriteCloser { return must(gzip.NewWriterLevel(w, level)) },
			func(r io.Reader) io.Reader { return must(gzip.NewReader(r)) })
	}
	roundTrip("flate huffman", data,
		func(w io.Writer) io.WriteCloser { return must(flate.NewWriter(w, flate.HuffmanOnly)) },
		func(r io.Reader) io.Reader { return flate.NewReader(r) })
	roundTrip("zlib", data,
		func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
		func(r io.Reader) io.Reader { return must(zlib.NewReader(r)) })
	roundTrip("lzw", data,
		func(w io.Writer) io.WriteCloser { return lzw.NewWriter(w, lzw.LSB, 8) },
		func(r io.Reader) io.Reader { return lzw.NewReader(r, lzw.LSB, 8) })
	_, err := gzip.NewReader(strings.NewReader("this is not gzip"))
	fmt.Println(err)
	_, err = io.ReadAll(flate.NewReader(strings.NewReader("\xff\xff\xff")))
	fmt.Println(err)
}
