// Sprintf formats and scans numbers, text and structures.
package main

import (
	"fmt"
	"programs/work"
	"strconv"
)

type place struct {
	Name string
	At   [2]float64
	Tags []string
}

func main() {
	sum := work.NewSum()
	random := work.Random(6)
	for range work.Rounds(2500) {
		n := random.Below(1 << 30)
		sum.String(fmt.Sprintf("%d %08x %-12s|%+6d %q", n, n, "left", -n%1000, "quoted"))
		sum.String(fmt.Sprintf("%8.3f %e %g", float64(n)/1000, float64(n), 1/float64(n+1)))
		sum.String(fmt.Sprintf("%v %+v", place{"here", [2]float64{1.5, float64(n % 90)}, []string{"a", "b"}}, map[string]int{"n": n}))
		sum.String(strconv.FormatInt(int64(n), 36) + fmt.Sprint(n, true, nil))
		var back int
		var word string
		if _, err := fmt.Sscanf(fmt.Sprintf("%d:word", n), "%d:%s", &back, &word); err != nil || back != n {
			panic(err)
		}
	}
	sum.Print("sprintf")
}
