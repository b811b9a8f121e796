// Text exercises sort, strings, strconv, bytes, bufio and containers.
package main

import (
	"bytes"
	"container/heap"
	"container/list"
	"fmt"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"
)

type queue []int

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i] < q[j] }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(int)) }
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

func main() {
	sorting()
	searching()
	numbers()
	containers()
	table()
}

func sorting() {
	seed := uint32(42)
	next := func() int { seed = seed*1103515245 + 12345; return int(seed >> 8 & 0xffff) }
	ints := make([]int, 100_000)
	for i := range ints {
		ints[i] = next()
	}
	sort.Ints(ints)
	fmt.Println(sort.IntsAreSorted(ints), ints[0], ints[50_000], sort.SearchInts(ints, 1000))
	type pair struct {
		key   int
		order int
	}
	pairs := make([]pair, 20_000)
	for i := range pairs {
		pairs[i] = pair{next() % 50, i}
	}
	sort.SliceStable(pairs, func(i, j int) bool { return pairs[i].key < pairs[j].key })
	stable := sort.SliceIsSorted(pairs, func(i, j int) bool {
		return pairs[i].key < pairs[j].key || pairs[i].key == pairs[j].key && pairs[i].order < pairs[j].order
	})
	fmt.Println("stable", stable)
	words := strings.Fields("pear Apple fig banana cherry apple Fig")
	sort.Sort(sort.Reverse(sort.StringSlice(words)))
	fmt.Println(words)
	floats := []float64{math.Inf(1), 3, math.NaN(), -1, math.Copysign(0, -1), math.Inf(-1)}
	sort.Float64s(floats)
	fmt.Println(floats)
}

func searching() {
	text := strings.Repeat("abracadabra ", 1000) + "needle" + strings.Repeat(" abracadabra", 1000)
	fmt.Println(strings.Index(text, "needle"), strings.LastIndex(text, "cad"), strings.Count(text, "abra"), strings.Contains(text, "needles"))
	fmt.Printf("%q\n", strings.Split("a,b,,c", ","))
	fmt.Printf("%q\n", strings.FieldsFunc("  one--two,three ", func(r rune) bool { return !unicode.IsLetter(r) }))
	fmt.Println(strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;").Replace("<a & b>"))
	fmt.Println(strings.ToUpper("straße ǆ éà"), strings.ToTitle("ǆ"), strings.EqualFold("Straße", "STRAßE"), strings.TrimFunc("12ab34", unicode.IsDigit))
	fmt.Println(strings.Map(func(r rune) rune {
		if r == 'a' {
			return -1
		}
		return r + 1
	}, "banana"))
	var b strings.Builder
	for i := 0; i < 10_000; i++ {
		b.WriteByte(byte('a' + i%26))
	}
	fmt.Println(b.Len(), b.String()[9990:], bytes.Equal([]byte(b.String()), bytes.Repeat([]byte("abcdefghijklmnopqrstuvwxyz"), 385)[:10_000]))
	before, after, found := strings.Cut("key=value=x", "=")
	fmt.Println(strings.Compare("a", "b"), before, after, found)
}

func numbers() {
	for _, s := range []string{"42", "-9223372036854775808", "9223372036854775808", "0x_ff", "1e3", "", "٣"} {
		n, err := strconv.ParseInt(s, 0, 64)
		fmt.Println(n, err)
	}
	for _, s := range []string{"1.5", "1e400", "-0", "0x1p-1074", "4.9e-324", "1.7976931348623159e308", "nan", "infinity", "1_0", "2.2250738585072011e-308"} {
		f, err := strconv.ParseFloat(s, 64)
		fmt.Println(f, err)
	}
	for _, f := range []float64{0.1, 1.0 / 3, 1e21, 1e20, 123456789, 5e-324, math.MaxFloat64, 100, 0.000001234} {
		fmt.Println(strconv.FormatFloat(f, 'g', -1, 64), strconv.FormatFloat(f, 'e', 3, 64), strconv.FormatFloat(f, 'f', 2, 32), strconv.FormatFloat(f, 'b', -1, 64), strconv.FormatFloat(f, 'x', -1, 64))
	}
	sum := 0.0
	for i := 0; i < 20_000; i++ {
		f := math.Float64frombits(uint64(i)*0x9E3779B97F4A7C15 | 1<<62&^(1<<63))
		back, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', -1, 64), 64)
		if (back != f && f == f) || err != nil && !math.IsInf(f, 0) {
			fmt.Println("not the same", f, back, err)
		}
		sum += float64(i) / 3
	}
	fmt.Println(sum, strconv.Itoa(-45), strconv.FormatUint(math.MaxUint64, 36), strconv.Quote("tab\t\u00e9\x00\u2028"), strconv.QuoteToASCII("日"))
	unquoted, err := strconv.Unquote(`"\u65e5\n"`)
	fmt.Printf("%q %v\n", unquoted, err)
}

func containers() {
	q := &queue{}
	for i := 0; i < 1000; i++ {
		heap.Push(q, i*7919%1009)
	}
	sum, last := 0, -1
	for i := 0; q.Len() > 0; i++ {
		x := heap.Pop(q).(int)
		if x < last {
			fmt.Println("the heap is out of order")
		}
		last = x
		sum += i * x
	}
	fmt.Println(sum)
	l := list.New()
	for i := 0; i < 5; i++ {
		l.PushFront(i)
		l.PushBack(i * 10)
	}
	l.MoveToFront(l.Back())
	for e := l.Front(); e != nil; e = e.Next() {
		fmt.Print(e.Value, " ")
	}
	fmt.Println(l.Len())
}

func table() {
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', tabwriter.AlignRight|tabwriter.Debug)
	fmt.Fprintln(w, "name\tsize\tnote\t")
	fmt.Fprintln(w, "alpha\t1\ta longer note\t")
	fmt.Fprintln(w, "b\t123456\t\t")
	w.Flush()
}
