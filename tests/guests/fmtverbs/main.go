// Fmtverbs prints with every verb and scans back.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math"
	"os"
	"strings"
)

type point struct {
	X, Y int
	name string
}

type stringer int

func (s stringer) String() string { return fmt.Sprintf("stringer(%d)", int(s)) }

type formatter struct{}

func (formatter) Format(s fmt.State, verb rune) {
	width, hasWidth := s.Width()
	fmt.Fprintf(s, "[%c %d %v %v]", verb, width, hasWidth, s.Flag('#'))
}

func main() {
	p := point{1, -2, "p"}
	fmt.Printf("%v %+v %#v %T\n", p, p, p, &p)
	fmt.Printf("%d %5d|%-5d|%05d|%+d|%x|%X|%o|%#x|%b|%c|%q|%U\n", 42, 42, 42, 42, 42, 255, 255, 8, 255, 5, 'é', 'x', 0x1F600)
	fmt.Printf("%f %.2f %8.3f|%-8.1f|%e %g %G %x\n", math.Pi, math.Pi, math.Pi, math.Pi, 123456.789, 1e-10, 1e100, 1.5)
	fmt.Printf("%s|%10s|%-10s|%.2s|%q|%x|% X|%#q\n", "text", "right", "left", "cut", "quo\"te\n", "hex", "hex", "raw")
	fmt.Printf("%v %v %v %v\n", []string{"a", "b"}, map[string]int{"z": 1, "a": 2}, [2]bool{true}, struct{}{})
	fmt.Printf("%t %v %p %v\n", true, nil, nil, error(nil))
	fmt.Printf("%v %s %d %+v\n", stringer(3), stringer(4), stringer(5), []stringer{6})
	fmt.Printf("%v %#10x %d\n", formatter{}, formatter{}, formatter{})
	fmt.Printf("%!|%z %d\n", 1)
	fmt.Printf("%d %s\n", "wrong", 5)
	fmt.Printf("%[2]d %[1]d\n", 1, 2)
	fmt.Printf("%*d %.*f\n", 6, 7, 3, math.E)
	fmt.Println(math.NaN(), math.Inf(-1), math.Copysign(0, -1), 1e20, 1e21, float32(0.1), complex(1, -2), uint8(200), int8(-128))
	err := fmt.Errorf("outer: %w", errors.Join(io.EOF, os.ErrNotExist))
	fmt.Printf("%v %v %v\n", errors.Is(err, io.EOF), errors.Is(err, os.ErrNotExist), err)

	var a, b int
	var s string
	var f float64
	n, err := fmt.Sscanf("12 abc 0x1f 2.5", "%d %s %v %g", &a, &s, &b, &f)
	fmt.Println(n, err, a, s, b, f)
	n, err = fmt.Sscan("7 eight", &a, &b)
	fmt.Println(n, err)
	reader := strings.NewReader("one 2\nthree 4\n")
	for {
		n, err := fmt.Fscanln(reader, &s, &a)
		if err != nil {
			fmt.Println(n, err)
			break
		}
		fmt.Println(s, a)
	}
	logger := log.New(os.Stdout, "log: ", log.Lmsgprefix)
	logger.Println("a line")
	structured := slog.New(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	structured.Info("message", "n", 1, "err", io.EOF, slog.Group("g", "x", []int{1}))
	fmt.Fprintln(os.Stderr, "this goes to standard error")
	println("as does this")
}
