// Json encodes, decodes and streams structures, maps and broken input.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

type address struct {
	Street string   `json:"street"`
	Number int      `json:"number,omitempty"`
	Tags   []string `json:"tags"`
}

type person struct {
	Name    string             `json:"name"`
	Age     uint8              `json:"age"`
	Height  float64            `json:"height"`
	Born    time.Time          `json:"born"`
	Home    *address           `json:"home,omitempty"`
	Scores  map[string]float64 `json:"scores"`
	Friends []person           `json:"friends,omitempty"`
	Raw     json.RawMessage    `json:"raw"`
	hidden  int
}

type level int

func (l level) MarshalText() ([]byte, error) { return []byte(strings.Repeat("*", int(l))), nil }

func main() {
	who := person{
		Name: "Ada <Lovelace> & \u2028 \"quoted\" \U0001F600", Age: 36, Height: 1.65,
		Born:   time.Date(1815, 12, 10, 0, 0, 0, 0, time.UTC),
		Home:   &address{"St James's Square", 12, []string{"london", "blue plaque"}},
		Scores: map[string]float64{"z": 1e21, "a": 0.1, "m": -3, "tiny": 1e-9},
		Raw:    json.RawMessage(`{"any":[1,2,null]}`),
	}
	who.Friends = []person{{Name: "Charles", Raw: json.RawMessage("null")}}
	data, err := json.MarshalIndent(who, "", "  ")
	fmt.Println(string(data), err)
	var back person
	fmt.Println(json.Unmarshal(data, &back), back.Name == who.Name, back.Home.Tags, back.Scores, back.Born.Equal(who.Born))

	var any any
	fmt.Println(json.Unmarshal([]byte(`{"b":[true,null,1.5,"x\u00e9"],"a":{"n":12345678901234567890}}`), &any), any)
	levels, err := json.Marshal(map[level]level{3: 1, 2: 4})
	fmt.Println(string(levels), err)

	for _, broken := range []string{`{`, `{"a":}`, `[1,]`, `"\x"`, `{"age":300}`, `{"age":"x"}`, `nul`, `1 2`, "\"\x01\"", `{"home":5}`} {
		var p person
		fmt.Println(broken, "→", json.Unmarshal([]byte(broken), &p))
	}

	decoder := json.NewDecoder(strings.NewReader(`{"n":1} {"n":2} [3] {"unknown":4}`))
	decoder.DisallowUnknownFields()
	for {
		var n struct{ N int }
		err := decoder.Decode(&n)
		fmt.Println(n, err, decoder.InputOffset())
		if err == io.EOF || err != nil && decoder.InputOffset() > 20 {
			break
		}
	}
	decoder = json.NewDecoder(strings.NewReader(`{"a":[1,{"b":null}],"c":"d"}`))
	for {
		token, err := decoder.Token()
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Printf("%T %v; ", token, token)
	}

	var big []person
	for i := 0; i < 2000; i++ {
		p := who
		p.Age, p.Height = uint8(i), float64(i)/7
		big = append(big, p)
	}
	data, err = json.Marshal(big)
	fmt.Println(len(data), err)
	big = nil
	fmt.Println(json.Unmarshal(data, &big), len(big), big[1999].Height)
	var compact bytes.Buffer
	fmt.Println(json.Compact(&compact, []byte("[ 1 , 2 ]")), compact.String(), json.Valid([]byte("[1")))
	deep := strings.Repeat("[", 9000) + strings.Repeat("]", 9000)
	fmt.Println(json.Unmarshal([]byte(deep), &any), json.Valid([]byte(strings.Repeat("[", 20000))))
}
