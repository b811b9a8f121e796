// Gob writes structs with slices, maps and pointers by encoding/gob, and reads them again.
package main

import (
	"bytes"
	"encoding/gob"

	"programs/work"
)

type item struct {
	Name   string
	Price  float64
	Amount uint16
}

type order struct {
	ID       int64
	Customer *customer
	Items    []item
	Notes    map[string]string
	Paid     bool
}

type customer struct {
	Name string
	Mail []byte
}

func main() {
	random, sum := work.Random(29), work.NewSum()
	for range work.Rounds(144) {
		var buffer bytes.Buffer
		encoder := gob.NewEncoder(&buffer)
		for id := range 60 {
			o := order{ID: int64(id) << 20, Paid: id%3 == 0, Notes: map[string]string{"remark": random.Word()}}
			o.Customer = &customer{random.Word(), []byte(random.Word() + "@example.org")}
			for range 1 + random.Below(6) {
				o.Items = append(o.Items, item{random.Word(), float64(random.Below(10000)) / 100, uint16(random.Below(50))})
			}
			if err := encoder.Encode(o); err != nil {
				panic(err)
			}
		}
		sum.Int(buffer.Len())
		decoder := gob.NewDecoder(&buffer)
		for range 60 {
			var o order
			if err := decoder.Decode(&o); err != nil {
				panic(err)
			}
			sum.String(o.Customer.Name + o.Notes["remark"])
			sum.Bytes(o.Customer.Mail)
			for _, i := range o.Items {
				sum.Int(int(i.Price*100) * int(i.Amount))
			}
		}
	}
	sum.Print("gob")
}
