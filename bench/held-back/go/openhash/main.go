// Openhash is a generic hash table with open addressing and Robin Hood displacement, filled, searched and emptied.
package main

import "programs/work"

type key interface{ hash() uint64 }

type slot[K key, V any] struct {
	key      K
	value    V
	distance int // from its place, plus one; 0 is empty
}

type table[K interface {
	comparable
	key
}, V any] struct {
	slots []slot[K, V]
	used  int
}

func (t *table[K, V]) place(k K) int { return int(k.hash() & uint64(len(t.slots)-1)) }

func (t *table[K, V]) put(k K, v V) {
	if 4*t.used >= 3*len(t.slots) {
		old := t.slots
		t.slots, t.used = make([]slot[K, V], max(8, 2*len(old))), 0
		for _, s := range old {
			if s.distance > 0 {
				t.put(s.key, s.value)
			}
		}
	}
	at, carried := t.place(k), slot[K, V]{k, v, 1}
	for {
		s := &t.slots[at]
		if s.distance == 0 {
			*s = carried
			t.used++
			return
		}
		if s.key == carried.key {
			s.value = carried.value
			return
		}
		if s.distance < carried.distance {
			*s, carried = carried, *s
		}
		carried.distance++
		at = (at + 1) & (len(t.slots) - 1)
	}
}

func (t *table[K, V]) get(k K) (v V, found bool) {
	at := t.place(k)
	for distance := 1; t.slots[at].distance >= distance; distance++ {
		if t.slots[at].key == k {
			return t.slots[at].value, true
		}
		at = (at + 1) & (len(t.slots) - 1)
	}
	return v, false
}

type point struct{ x, y int32 }

func (p point) hash() uint64 {
	h := (uint64(uint32(p.x))<<32 | uint64(uint32(p.y))) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

type name string

func (n name) hash() (h uint64) {
	for i := range len(n) {
		h = (h ^ uint64(n[i])) * 1099511628211
	}
	return h ^ h>>31
}

func main() {
	random, sum := work.Random(7), work.NewSum()
	for range work.Rounds(40) {
		var points table[point, int]
		var names table[name, point]
		for i := range 3000 {
			p := point{int32(random.Below(100)), int32(random.Below(100))}
			points.put(p, i)
			names.put(name(random.Word()), p)
		}
		hits := 0
		for range 6000 {
			p := point{int32(random.Below(120)), int32(random.Below(120))}
			if value, found := points.get(p); found {
				hits += value & 15
			}
			if p, found := names.get(name(random.Word())); found {
				hits += int(p.x)
			}
		}
		sum.Int(hits)
		sum.Int(points.used + names.used)
	}
	sum.Print("openhash")
}
