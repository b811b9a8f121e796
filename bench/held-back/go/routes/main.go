// Routes finds shortest paths in a graph (Dijkstra with a generic heap) and its components (depth-first).
package main

import "programs/work"

type edge struct{ to, cost int }

type queue[T any] struct {
	items []T
	less  func(a, b T) bool
}

func (q *queue[T]) push(item T) {
	q.items = append(q.items, item)
	for i := len(q.items) - 1; i > 0; {
		parent := (i - 1) / 2
		if !q.less(q.items[i], q.items[parent]) {
			break
		}
		q.items[i], q.items[parent] = q.items[parent], q.items[i]
		i = parent
	}
}

func (q *queue[T]) pop() T {
	top, last := q.items[0], len(q.items)-1
	q.items[0] = q.items[last]
	q.items = q.items[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return top
		}
		if child+1 < last && q.less(q.items[child+1], q.items[child]) {
			child++
		}
		if !q.less(q.items[child], q.items[i]) {
			return top
		}
		q.items[i], q.items[child] = q.items[child], q.items[i]
		i = child
	}
}

func shortest(graph [][]edge, from int) []int {
	distance := make([]int, len(graph))
	for i := range distance {
		distance[i] = 1 << 30
	}
	distance[from] = 0
	q := queue[edge]{less: func(a, b edge) bool { return a.cost < b.cost }}
	q.push(edge{from, 0})
	for len(q.items) > 0 {
		at := q.pop()
		if at.cost > distance[at.to] {
			continue
		}
		for _, e := range graph[at.to] {
			if cost := at.cost + e.cost; cost < distance[e.to] {
				distance[e.to] = cost
				q.push(edge{e.to, cost})
			}
		}
	}
	return distance
}

func visit(graph [][]edge, at int, seen []bool) int {
	seen[at] = true
	size := 1
	for _, e := range graph[at] {
		if !seen[e.to] {
			size += visit(graph, e.to, seen)
		}
	}
	return size
}

func main() {
	random, sum := work.Random(41), work.NewSum()
	for range work.Rounds(200) {
		graph := make([][]edge, 800)
		for range 2400 {
			from, to := random.Below(len(graph)), random.Below(len(graph))
			graph[from] = append(graph[from], edge{to, 1 + random.Below(100)})
		}
		for _, distance := range shortest(graph, 0) {
			sum.Int(distance)
		}
		sum.Int(visit(graph, 1, make([]bool, len(graph))))
	}
	sum.Print("routes")
}
