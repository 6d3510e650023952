package decode

import (
	"encoding/json"
	"slices"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// Reader makes a Go value of a JSON value, or tells the decoder what it expected.
type Reader[T any] func(*Decoder, Value) T

// Required reads a field that is always there.
func Required[T any](d *Decoder, o Object, name string, read Reader[T]) T {
	d.push(step{name: name})
	value := read(d, o.get(name))
	d.pop()
	return value
}

// Optional reads a field that may be absent; then it gives nil.
func Optional[T any](d *Decoder, o Object, name string, read Reader[T]) *T {
	if o.get(name) == nil {
		return nil
	}
	value := Required(d, o, name, read)
	return &value
}

// OptionalOrZero reads a field that may be absent and whose zero value says so: a slice, a map or an interface.
func OptionalOrZero[T any](d *Decoder, o Object, name string, read Reader[T]) T {
	if o.get(name) == nil {
		var zero T
		return zero
	}
	return Required(d, o, name, read)
}

// ThreeStates reads a field that may be absent or null.
func ThreeStates[T any](d *Decoder, o Object, name string, read Reader[T]) webhook.Opt[T] {
	v := o.get(name)
	if v == nil || v.isNull() {
		return webhook.Opt[T]{Set: v != nil, Null: v != nil}
	}
	return webhook.Opt[T]{Set: true, Value: Required(d, o, name, orNull(read))}
}

// Rest gives the members that are not named, as they were sent. Of duplicate names the last one counts.
func Rest(o Object, named ...string) map[string]json.RawMessage {
	rest := make(map[string]json.RawMessage)
	for _, m := range o {
		if name := string(m.name); !slices.Contains(named, name) {
			rest[name] = m.value.Raw()
		}
	}
	return rest
}

// OrNull reads a value that may be null; then it gives nil.
func OrNull[T any](read Reader[T]) Reader[*T] {
	return func(d *Decoder, v Value) *T {
		if v.isNull() {
			return nil
		}
		value := orNull(read)(d, v)
		return &value
	}
}

// OrZero reads a value that may be null and whose zero value says so: a slice, a map or an interface.
func OrZero[T any](read Reader[T]) Reader[T] {
	return func(d *Decoder, v Value) T {
		if v.isNull() {
			var zero T
			return zero
		}
		return orNull(read)(d, v)
	}
}

// Pointer reads a value and points to it.
func Pointer[T any](read Reader[T]) Reader[*T] {
	return func(d *Decoder, v Value) *T {
		value := read(d, v)
		return &value
	}
}

func orNull[T any](read Reader[T]) Reader[T] {
	return func(d *Decoder, v Value) T {
		d.orNull = true
		value := read(d, v)
		d.orNull = false
		return value
	}
}
