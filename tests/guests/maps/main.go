// Maps fills big maps of several key types, deletes, iterates and checks.
package main

import (
	"fmt"
	"sort"
)

type point struct{ x, y int32 }

func main() {
	const n = 400_000
	ints := map[int]int{}
	for i := 0; i < n; i++ {
		ints[i*7919] = i
	}
	for i := 0; i < n; i += 2 {
		delete(ints, i*7919)
	}
	sum := 0
	for key, value := range ints {
		if key != value*7919 {
			fmt.Println("wrong entry", key, value)
		}
		sum += value
	}
	fmt.Println(len(ints), sum)

	points := map[point]string{}
	for i := int32(0); i < 50_000; i++ {
		points[point{i % 300, i / 300}] = fmt.Sprint(i)
	}
	fmt.Println(len(points), points[point{17, 99}], points[point{-1, 0}] == "")

	names := make(map[string][]int, 10)
	for i := 0; i < 100_000; i++ {
		key := fmt.Sprintf("key-%d", i%12_345)
		names[key] = append(names[key], i)
	}
	keys := make([]string, 0, len(names))
	for key := range names {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	fmt.Println(len(keys), keys[0], keys[len(keys)-1], len(names["key-7"]), names["key-12344"])

	mixed := map[any]int{1: 1, "one": 2, 1.5: 3, point{1, 2}: 4, [2]bool{true}: 5}
	fmt.Println(mixed[1], mixed["one"], mixed[1.5], mixed[point{1, 2}], mixed[[2]bool{true, false}], mixed[int64(1)])
	clear := map[int]bool{}
	for round := 0; round < 5; round++ {
		for i := 0; i < 10_000; i++ {
			clear[i] = true
		}
		for key := range clear {
			delete(clear, key)
		}
	}
	fmt.Println(len(clear))
}
