// Package decode reads events from JSON. Unlike encoding/json it matches names exactly and says where in the body
// something is not as it was published.
package decode

import "encoding/json"

// Value is the text of one JSON value without white space around it. Nil: it is absent. The text is valid, so walking
// over it needs no checks.
type Value []byte

// Object has the members of an object in the order in which their names came first.
type Object []member

type member struct {
	// As it was sent, without quotes; a name with escapes is unescaped.
	name  []byte
	value Value
}

// get gives the member's value. Of duplicate names the last one counts, so the search starts at the end.
func (o Object) get(name string) Value {
	for index := len(o) - 1; index >= 0; index-- {
		if string(o[index].name) == name {
			return o[index].value
		}
	}
	return nil
}

func (v Value) isNull() bool   { return len(v) > 0 && v[0] == 'n' }
func (v Value) isText() bool   { return len(v) > 0 && v[0] == '"' }
func (v Value) isObject() bool { return len(v) > 0 && v[0] == '{' }
func (v Value) isArray() bool  { return len(v) > 0 && v[0] == '[' }
func (v Value) isBool() bool   { return len(v) > 0 && (v[0] == 't' || v[0] == 'f') }
func (v Value) isNumber() bool { return len(v) > 0 && (v[0] == '-' || (v[0] >= '0' && v[0] <= '9')) }

// Raw is a copy, so that an event does not hold on to the whole body, nor to a buffer that is used again.
func (v Value) Raw() json.RawMessage {
	if v == nil {
		return nil
	}
	return append(json.RawMessage(nil), v...)
}

func (v Value) text() string {
	for _, b := range v {
		if b == '\\' {
			var text string
			// The text is valid: half a surrogate pair becomes U+FFFD, and nothing else can go wrong.
			_ = json.Unmarshal(v, &text)
			return text
		}
	}
	return string(v[1 : len(v)-1])
}

func (v Value) members() Object {
	// Most objects have up to eight members; a longer list grows.
	object := make(Object, 0, 8)
	for i := skipSpace(v, 1); v[i] != '}'; {
		end := skipString(v, i)
		name := v[i:end]
		i = skipSpace(v, skipSpace(v, end)+1)
		end = skipValue(v, i)
		object = append(object, member{unescaped(name), v[i:end:end]})
		i = skipComma(v, end)
	}
	return object
}

func (v Value) items() []Value {
	var items []Value
	for i := skipSpace(v, 1); v[i] != ']'; {
		end := skipValue(v, i)
		items = append(items, v[i:end:end])
		i = skipComma(v, end)
	}
	return items
}

func unescaped(name Value) []byte {
	for _, b := range name {
		if b == '\\' {
			return []byte(name.text())
		}
	}
	return name[1 : len(name)-1]
}

func skipSpace(v Value, i int) int {
	for i < len(v) && (v[i] == ' ' || v[i] == '\t' || v[i] == '\n' || v[i] == '\r') {
		i++
	}
	return i
}

func skipComma(v Value, i int) int {
	if i = skipSpace(v, i); v[i] == ',' {
		i = skipSpace(v, i+1)
	}
	return i
}

func skipString(v Value, i int) int {
	for i++; v[i] != '"'; i++ {
		if v[i] == '\\' {
			i++
		}
	}
	return i + 1
}

func skipValue(v Value, i int) int {
	switch v[i] {
	case '"':
		return skipString(v, i)
	case '{', '[':
		return skipNested(v, i)
	}
	for i < len(v) {
		switch v[i] {
		case ',', '}', ']', ' ', '\t', '\n', '\r':
			return i
		}
		i++
	}
	return i
}

func skipNested(v Value, i int) int {
	for depth := 0; ; {
		switch v[i] {
		case '"':
			i = skipString(v, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		i++
		if depth == 0 {
			return i
		}
	}
}
