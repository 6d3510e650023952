package decode

import (
	"encoding/json"
	"math"
	"strconv"
)

// Text reads a string; an enum is open, so any.
func Text[T ~string](d *Decoder, v Value) T {
	if v.isText() {
		return T(v.text())
	}
	d.Expect("string", v)
	return ""
}

// wholeMax is the greatest whole number that a double has and its neighbours too. Other languages read no greater one
// exactly, so none is taken.
const wholeMax = 1<<53 - 1

// Integer reads a whole number of up to 2^53 - 1, also one that is written with a fraction of zero or an exponent.
func Integer(d *Decoder, v Value) int64 {
	whole, ok := v.integer()
	if !ok {
		d.Expect("integer", v)
	}
	return whole
}

// Number reads any number that a double holds.
func Number[T ~float64](d *Decoder, v Value) T {
	number, ok := v.number()
	if !ok {
		d.Expect("number", v)
	}
	return T(number)
}

// Bool reads a boolean.
func Bool(d *Decoder, v Value) bool {
	if !v.isBool() {
		d.Expect("boolean", v)
	}
	return len(v) > 0 && v[0] == 't'
}

// Any reads whatever there is, null among it.
func Any(d *Decoder, v Value) json.RawMessage {
	if v == nil {
		d.Expect("any value", v)
	}
	return v.Raw()
}

// List reads an array.
func List[T any](read Reader[T]) Reader[[]T] {
	return func(d *Decoder, v Value) []T {
		if !v.isArray() {
			d.Expect("array", v)
			return nil
		}
		items := v.items()
		values := make([]T, len(items))
		for index, item := range items {
			d.push(step{index: index})
			values[index] = read(d, item)
			d.pop()
		}
		return values
	}
}

// Record reads an object with keys of the sender's own.
func Record[T any](read Reader[T]) Reader[map[string]T] {
	return func(d *Decoder, v Value) map[string]T {
		if !v.isObject() {
			d.Expect("object", v)
			return nil
		}
		members := v.members()
		values := make(map[string]T, len(members))
		for _, each := range members {
			key := string(each.name)
			if _, seen := values[key]; seen {
				continue
			}
			d.push(step{key: &key})
			values[key] = read(d, members.get(key))
			d.pop()
		}
		return values
	}
}

func (v Value) integer() (int64, bool) {
	if !v.isNumber() {
		return 0, false
	}
	if whole, err := strconv.ParseInt(string(v), 10, 64); err == nil {
		return whole, -wholeMax <= whole && whole <= wholeMax
	}
	number, ok := v.number()
	if !ok || number != math.Trunc(number) || math.Abs(number) > wholeMax {
		return 0, false
	}
	return int64(number), true
}

func (v Value) number() (float64, bool) {
	if !v.isNumber() {
		return 0, false
	}
	number, err := strconv.ParseFloat(string(v), 64)
	return number, err == nil
}
