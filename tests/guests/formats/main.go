// Formats encodes and decodes: base64, hex, csv, xml, gob, binary, pem, utf16, mime, quoted-printable.
package main

import (
	"bytes"
	"encoding/ascii85"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/csv"
	"encoding/gob"
	"encoding/hex"
	"encoding/pem"
	"encoding/xml"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/url"
	"os"
	"strings"
	"unicode/utf16"
)

type header struct {
	Magic   [4]byte
	Version uint16
	Flags   uint16
	Length  int64
	Ratio   float32
}

type book struct {
	XMLName xml.Name `xml:"book" json:"-"`
	ID      int      `xml:"id,attr"`
	Title   string   `xml:"title"`
	Authors []string `xml:"authors>author"`
	Note    string   `xml:",comment"`
}

type shape interface{ Area() float64 }
type square struct{ Side float64 }

func (s square) Area() float64 { return s.Side * s.Side }

func main() {
	data := []byte("any \x00 bytes \xff\xfe and more")
	fmt.Println(base64.StdEncoding.EncodeToString(data), base64.RawURLEncoding.EncodeToString(data), base32.HexEncoding.EncodeToString(data))
	_, err := base64.StdEncoding.DecodeString("not base64!")
	fmt.Println(err)
	fmt.Print(hex.Dump(data))
	a85 := make([]byte, ascii85.MaxEncodedLen(len(data)))
	fmt.Println(string(a85[:ascii85.Encode(a85, data)]))

	var buffer bytes.Buffer
	in := header{[4]byte{'w', 'a', 's', 'm'}, 1, 0x8000, -5, 0.25}
	fmt.Println(binary.Write(&buffer, binary.BigEndian, in), buffer.Len(), hex.EncodeToString(buffer.Bytes()))
	var out header
	fmt.Println(binary.Read(&buffer, binary.BigEndian, &out), out == in)
	varint := binary.AppendUvarint(binary.AppendVarint(nil, -1<<40), 1<<63)
	fmt.Println(varint)

	records, err := csv.NewReader(strings.NewReader("a,\"b \"\"q\"\"\",c\n1,\"two\nlines\",3\n")).ReadAll()
	fmt.Printf("%q %v\n", records, err)
	_, err = csv.NewReader(strings.NewReader("a,b\nc\n")).ReadAll()
	fmt.Println(err)
	w := csv.NewWriter(os.Stdout)
	w.Write([]string{"plain", "with,comma", "with \"quote\""})
	w.Flush()

	text, err := xml.MarshalIndent(book{ID: 7, Title: "R & D <1>", Authors: []string{"A", "B"}, Note: " n "}, "", " ")
	fmt.Println(string(text), err)
	var back book
	fmt.Println(xml.Unmarshal(text, &back), back.ID, back.Title, back.Authors)
	fmt.Println(xml.Unmarshal([]byte("<book><title>x</book>"), &back))

	gob.Register(square{})
	buffer.Reset()
	shapes := map[string]shape{"a": square{2}, "b": square{3}}
	fmt.Println(gob.NewEncoder(&buffer).Encode(shapes))
	shapes = nil
	fmt.Println(gob.NewDecoder(&buffer).Decode(&shapes), shapes["b"].Area())

	block := pem.EncodeToMemory(&pem.Block{Type: "TEST", Headers: map[string]string{"K": "V"}, Bytes: data})
	fmt.Print(string(block))
	decoded, rest := pem.Decode(block)
	fmt.Println(bytes.Equal(decoded.Bytes, data), len(rest))
	fmt.Println(utf16.Encode([]rune("a😀")), mime.TypeByExtension(".html"), mime.QEncoding.Encode("utf-8", "Grüße"))
	quoted := quotedprintable.NewWriter(os.Stdout)
	io.WriteString(quoted, "naïve = "+strings.Repeat("long ", 20)+"\n")
	quoted.Close()
	u, err := url.Parse("https://user:p%40ss@example.test:8080/a%20b/?q=1&q=2#frag")
	fmt.Println(u.Host, u.Path, u.Query()["q"], u.Fragment, u.User, err)
}
