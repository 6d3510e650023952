package decode

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// Decoder knows where in the body it stands, and the first thing there that was not as published. After that it goes on
// with zero values; what it made is then not used.
type Decoder struct {
	path []step
	// What is read may also be null; for the error's words.
	orNull bool
	// The members of an event that headers carry. Nil: there are none.
	carry func() (Object, error)
	err   error
}

// Err is the first fault.
func (d *Decoder) Err() error { return d.err }

// Begin checks that the body is JSON in UTF-8 and gives its value.
func (d *Decoder) Begin(body []byte) Value {
	// A byte order mark is no part of the text.
	text := bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(text) || !json.Valid(text) {
		d.refuse(&webhook.PayloadError{
			Code:     webhook.ErrInvalidJSON,
			Expected: "JSON in UTF-8",
			Message:  "The body is not JSON in UTF-8.",
		})
		return nil
	}
	return Value(bytes.Trim(text, " \t\r\n"))
}

// Event gives the members of an event.
func (d *Decoder) Event(v Value) Object {
	if v.isObject() {
		return d.withCarried(v.members())
	}
	d.refuse(&webhook.PayloadError{
		Code:     webhook.ErrNotAnObject,
		Path:     d.place(),
		Expected: "object",
		Got:      describe(v),
		Message:  fmt.Sprintf("This is not an event: expected an object, got %s.", describe(v)),
	})
	return nil
}

// withCarried puts what headers carry behind what the body has, so that it counts.
func (d *Decoder) withCarried(members Object) Object {
	if d.carry == nil {
		return members
	}
	carried, err := d.carry()
	if d.err == nil {
		d.err = err
	}
	return append(members, carried...)
}

// Type gives the event's type. Whether it has one is checked before anything else of it.
func (d *Decoder) Type(o Object, name string) string {
	v := o.get(name)
	if v.isText() {
		return v.text()
	}
	d.push(step{name: name})
	path := d.place()
	d.pop()
	d.refuse(&webhook.PayloadError{
		Code:     webhook.ErrMissingType,
		Path:     path,
		Expected: "string",
		Got:      describe(v),
		Message:  fmt.Sprintf("The event does not name its type: expected a string at %s, got %s.", path, describe(v)),
	})
	return ""
}

// Object gives the members of an object.
func (d *Decoder) Object(v Value) Object {
	if v.isObject() {
		return v.members()
	}
	d.Expect("object", v)
	return nil
}

// Tag gives the field that tells the variants of a union apart.
func (d *Decoder) Tag(o Object, name string) string { return Required(d, o, name, Text[string]) }

// WrongTag is the fault of a tag that a closed union does not have.
func (d *Decoder) WrongTag(o Object, name, expected string) {
	d.push(step{name: name})
	d.Expect(expected, o.get(name))
	d.pop()
}

// Expect is the fault of a value that is something else.
func (d *Decoder) Expect(expected string, v Value) {
	if d.err != nil {
		return
	}
	if d.orNull {
		expected += " or null"
	}
	path, got := d.place(), describe(v)
	d.refuse(&webhook.PayloadError{
		Code:     webhook.ErrInvalidField,
		Path:     path,
		Expected: expected,
		Got:      got,
		Message:  fmt.Sprintf("%s: expected %s, got %s.", path, expected, got),
	})
}

func (d *Decoder) refuse(err *webhook.PayloadError) {
	if d.err == nil {
		d.err = err
	}
}

// Single reads the event of a body.
func Single[E any](body []byte, read Reader[E]) (E, error) { return single(new(Decoder), body, read) }

func single[E any](d *Decoder, body []byte, read Reader[E]) (E, error) {
	var none E
	v := d.Begin(body)
	if d.err != nil {
		return none, d.err
	}
	event := read(d, v)
	if d.err != nil {
		return none, d.err
	}
	return event, nil
}
