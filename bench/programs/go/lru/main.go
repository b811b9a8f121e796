// Lru runs containers: a cache that forgets the least recently used (list and map), a heap of events, a ring.
package main

import (
	"container/heap"
	"container/list"
	"container/ring"
	"programs/work"
)

type entry struct{ key, value int }

type cache struct {
	limit int
	order *list.List
	found map[int]*list.Element
}

func (c *cache) get(key int) (int, bool) {
	element, ok := c.found[key]
	if !ok {
		return 0, false
	}
	c.order.MoveToFront(element)
	return element.Value.(*entry).value, true
}

func (c *cache) put(key, value int) {
	if len(c.found) == c.limit {
		last := c.order.Back()
		delete(c.found, c.order.Remove(last).(*entry).key)
	}
	c.found[key] = c.order.PushFront(&entry{key, value})
}

type events []entry

func (e events) Len() int           { return len(e) }
func (e events) Less(i, j int) bool { return e[i].key < e[j].key }
func (e events) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)        { *e = append(*e, x.(entry)) }
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

func main() {
	sum := work.NewSum()
	random := work.Random(10)
	kept := cache{500, list.New(), map[int]*list.Element{}}
	var queue events
	recent := ring.New(64)
	hits := 0
	for i := range work.Rounds(75000) {
		key := random.Below(1000) * random.Below(1000) / 1000
		value, ok := kept.get(key)
		if ok {
			hits++
		} else {
			value = i
			kept.put(key, value)
		}
		heap.Push(&queue, entry{i + random.Below(5000), value})
		if queue.Len() > 300 {
			recent.Value = heap.Pop(&queue).(entry).value
			recent = recent.Next()
		}
	}
	recent.Do(func(value any) {
		if number, ok := value.(int); ok {
			sum.Int(number)
		}
	})
	sum.Int(hits)
	sum.Print("lru")
}
