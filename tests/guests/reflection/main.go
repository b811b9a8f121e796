// Reflection looks at types and values, calls methods by name and builds types at run time.
package main

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"
)

type inner struct {
	Flag bool `key:"flag"`
}

type outer struct {
	inner
	Name  string `key:"name" other:"x"`
	Count int32
	List  []float64
	Next  *outer
	Call  func(int, ...string) error
}

func (o outer) Describe(prefix string) string { return prefix + o.Name }
func (o *outer) Rename(name string)           { o.Name = name }
func (o outer) Sum(numbers ...int) (sum int) {
	for _, n := range numbers {
		sum += n
	}
	return sum
}

func main() {
	value := outer{Name: "first", Count: 3, List: []float64{1, 2}}
	t := reflect.TypeOf(value)
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		fmt.Println(field.Name, field.Type, field.Tag.Get("key"), field.Anonymous, field.Type.Kind())
	}
	pointer := reflect.ValueOf(&value)
	for i := 0; i < pointer.NumMethod(); i++ {
		fmt.Println(pointer.Type().Method(i).Name, pointer.Method(i).Type())
	}
	pointer.MethodByName("Rename").Call([]reflect.Value{reflect.ValueOf("second")})
	fmt.Println(pointer.MethodByName("Describe").Call([]reflect.Value{reflect.ValueOf("the ")})[0])
	fmt.Println(pointer.MethodByName("Sum").CallSlice([]reflect.Value{reflect.ValueOf([]int{1, 2, 3})})[0].Int())
	pointer.Elem().FieldByName("Count").SetInt(77)
	fmt.Println(value.Count, pointer.Elem().FieldByName("Flag").CanSet())

	swap := func(in []reflect.Value) []reflect.Value { return []reflect.Value{in[1], in[0]} }
	var swapped func(string, float64) (float64, string)
	reflect.ValueOf(&swapped).Elem().Set(reflect.MakeFunc(reflect.TypeOf(swapped), swap))
	fmt.Println(swapped("text", 2.5))

	built := reflect.StructOf([]reflect.StructField{
		{Name: "A", Type: reflect.TypeOf(0), Tag: `json:"a"`},
		{Name: "B", Type: reflect.MapOf(reflect.TypeOf(""), reflect.SliceOf(reflect.TypeOf(byte(0))))},
	})
	instance := reflect.New(built).Elem()
	instance.Field(0).SetInt(5)
	instance.Field(1).Set(reflect.MakeMap(built.Field(1).Type))
	instance.Field(1).SetMapIndex(reflect.ValueOf("k"), reflect.ValueOf([]byte("v")))
	fmt.Printf("%+v %v\n", instance.Interface(), built)

	channel := reflect.MakeChan(reflect.TypeOf(make(chan int)), 1)
	channel.Send(reflect.ValueOf(9))
	chosen, received, ok := reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: channel}})
	fmt.Println(chosen, received, ok)
	fmt.Println(reflect.DeepEqual(map[string][]int{"a": {1}}, map[string][]int{"a": {1}}), reflect.DeepEqual(value, outer{}))
	fmt.Println(reflect.TypeOf((*fmt.Stringer)(nil)).Elem().Kind(), reflect.TypeOf(&strings.Builder{}).Implements(reflect.TypeOf((*fmt.Stringer)(nil)).Elem()))
	fmt.Println(unsafe.Sizeof(inner{}), unsafe.Offsetof(value.Count) > 0, t.Size() > 0)
	func() {
		defer func() { fmt.Println(recover()) }()
		reflect.ValueOf(value).Field(1).SetString("x")
	}()
}
