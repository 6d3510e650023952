package decode

import (
	"encoding/json"
	"strconv"
)

// step leads from a value into it: by the name of a field, the key of a record, or, with neither, the place in a list.
type step struct {
	name  string
	key   *string
	index int
}

func (d *Decoder) push(s step) {
	d.orNull = false
	d.path = append(d.path, s)
}

func (d *Decoder) pop() { d.path = d.path[:len(d.path)-1] }

// place is where the decoder stands, "data.lines[1].quantity".
func (d *Decoder) place() string {
	path := ""
	for _, s := range d.path {
		switch {
		case s.key != nil:
			path += keyStep(*s.key)
		case s.name == "":
			path += "[" + strconv.Itoa(s.index) + "]"
		case path == "":
			path = s.name
		default:
			path += "." + s.name
		}
	}
	return path
}

func keyStep(key string) string {
	if isIdentifier(key) {
		return "." + key
	}
	text, _ := json.Marshal(key)
	return "[" + string(text) + "]"
}

func isIdentifier(key string) bool {
	for index, r := range key {
		isLetter := r == '_' || r == '$' || (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z')
		if !isLetter && (index == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return key != ""
}

// Enough to recognise a value in a log line, and never a whole document.
const shownCharacters = 40

// describe shows a value as errors do: `string "12"`, `number 1.5`, `null`, `an array`. Long text is cut.
func describe(v Value) string {
	switch {
	case v == nil:
		return "nothing"
	case v.isNull():
		return "null"
	case v.isArray():
		return "an array"
	case v.isObject():
		return "an object"
	case v.isBool():
		return "boolean " + string(v)
	case v.isNumber():
		return "number " + shorten(string(v))
	}
	text, _ := json.Marshal(shorten(v.text()))
	return "string " + string(text)
}

func shorten(text string) string {
	if characters := []rune(text); len(characters) > shownCharacters {
		return string(characters[:shownCharacters-1]) + "…"
	}
	return text
}
