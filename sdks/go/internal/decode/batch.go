package decode

import (
	"bytes"
	"fmt"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// Layout says how the records of a batch stand in a body.
type Layout struct {
	// Kind is "object", with the records in Member, "array", or "lines" with one record in each.
	Kind   string
	Member string
	// RecordMember is the member of each record that its event is in; of a record nothing else is read. Empty: a record is
	// the event.
	RecordMember string
	// Single: the body may also be one record alone.
	Single bool
}

// Batch reads the records of a body.
func Batch[E any](body []byte, layout Layout, read Reader[E]) (*webhook.Batch[E], error) {
	d := new(Decoder)
	if layout.RecordMember != "" {
		read = inMember(layout.RecordMember, read)
	}
	batch := &webhook.Batch[E]{Raw: body}
	if layout.Kind == "lines" {
		batch.Records = readLines(d, body, read)
		return batch, d.err
	}
	v := d.Begin(body)
	if d.err != nil {
		return nil, d.err
	}
	list, isAlone := listOf(v, layout)
	switch {
	case isAlone:
		batch.Records = []E{read(d, v)}
	case list.isArray():
		if layout.Kind == "object" {
			d.push(step{name: layout.Member})
		}
		batch.Records = List(read)(d, list)
	default:
		d.refuse(notABatch(v, layout))
	}
	return batch, d.err
}

// inMember reads what is in a member of an object.
func inMember[E any](name string, read Reader[E]) Reader[E] {
	return func(d *Decoder, v Value) E {
		record := d.Event(v)
		d.push(step{name: name})
		defer d.pop()
		return read(d, record.get(name))
	}
}

func listOf(v Value, layout Layout) (list Value, isAlone bool) {
	if layout.Kind == "array" {
		return v, layout.Single && v.isObject()
	}
	if !v.isObject() {
		return nil, false
	}
	list = v.members().get(layout.Member)
	return list, layout.Single && list == nil
}

func readLines[E any](d *Decoder, body []byte, read Reader[E]) []E {
	var records []E
	for _, line := range bytes.Split(body, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		d.push(step{index: len(records)})
		if v := d.Begin(line); d.err == nil {
			records = append(records, read(d, v))
		}
		d.pop()
		if d.err != nil {
			return nil
		}
	}
	return records
}

func notABatch(v Value, layout Layout) *webhook.PayloadError {
	expected := "an array"
	if layout.Kind == "object" {
		expected = fmt.Sprintf("an object with an array in %q", layout.Member)
	}
	return &webhook.PayloadError{
		Code:     webhook.ErrNotABatch,
		Expected: expected,
		Got:      describe(v),
		Message:  fmt.Sprintf("The body is not a batch: expected %s, got %s.", expected, describe(v)),
	}
}
