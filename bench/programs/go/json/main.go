// Json writes and reads documents: as Go structures, and as maps of anything.
package main

import (
	"encoding/json"
	"programs/work"
)

type item struct {
	Name   string   `json:"name"`
	Amount int      `json:"amount"`
	Price  float64  `json:"price,omitempty"`
	Tags   []string `json:"tags"`
}

type order struct {
	Number   uint64            `json:"number"`
	Customer string            `json:"customer"`
	Paid     bool              `json:"paid"`
	Notes    map[string]string `json:"notes"`
	Items    []item            `json:"items"`
}

func makeOrder(random *work.Random) order {
	made := order{Number: uint64(random.Next()), Customer: random.Word() + " \"" + random.Word() + "\"", Paid: random.Below(2) == 0}
	made.Notes = map[string]string{random.Word(): "naïve <b>" + random.Word(), random.Word(): "line\nbreak"}
	for i := 0; i < 4; i++ {
		made.Items = append(made.Items, item{
			random.Word(), random.Below(1000), float64(random.Below(100000)) / 100, []string{random.Word(), random.Word()},
		})
	}
	return made
}

func main() {
	sum := work.NewSum()
	random := work.Random(2)
	var orders []order
	for i := 0; i < 60; i++ {
		orders = append(orders, makeOrder(&random))
	}
	for range work.Rounds(6) {
		text, err := json.Marshal(orders)
		check(err)
		sum.Bytes(text)

		var back []order
		check(json.Unmarshal(text, &back))
		orders = back

		var anything any
		check(json.Unmarshal(text, &anything))
		text, err = json.MarshalIndent(anything, "", "  ")
		check(err)
		sum.Bytes(text)
	}
	sum.Print("json")
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
