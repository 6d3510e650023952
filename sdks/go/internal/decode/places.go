package decode

import "encoding/json"

// Several reads a list of so many items of one kind. What stands behind them was added later and is left out.
func Several[T any](count int, read Reader[T]) Reader[[]T] {
	return func(d *Decoder, v Value) []T {
		places := placesOf(d, v, count)
		values := make([]T, 0, len(places))
		for index, item := range places {
			d.push(step{index: index})
			values = append(values, read(d, item))
			d.pop()
		}
		return values
	}
}

// Places reads a list whose places have kinds of their own, each as it was sent.
func Places(readers ...Reader[json.RawMessage]) Reader[[]json.RawMessage] {
	return func(d *Decoder, v Value) []json.RawMessage {
		places := placesOf(d, v, len(readers))
		values := make([]json.RawMessage, 0, len(places))
		for index, item := range places {
			d.push(step{index: index})
			values = append(values, readers[index](d, item))
			d.pop()
		}
		return values
	}
}

// Checked reads a value to see that it is what was published, and gives its JSON.
func Checked[T any](read Reader[T]) Reader[json.RawMessage] {
	return func(d *Decoder, v Value) json.RawMessage {
		read(d, v)
		return v.Raw()
	}
}

// placesOf gives the places of a list, of which a missing one is told like a missing field.
func placesOf(d *Decoder, v Value, count int) []Value {
	if !v.isArray() {
		d.Expect("array", v)
		return nil
	}
	items := v.items()
	places := make([]Value, count)
	copy(places, items)
	return places
}
